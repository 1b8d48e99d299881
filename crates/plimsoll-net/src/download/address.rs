//! Where a file is downloaded from: an address of HTTP, or a place on this machine that is a mirror of one.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use url::{Host, Url};

use crate::{NetError, transport::has_credentials};

/// An address: `https:`, `http:`, `file:`, or a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(pub(super) Place);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Http(Url),
    Local(PathBuf),
}

impl Address {
    /// Reads an address. A text without `://` that does not begin with one of the schemes is a path.
    ///
    /// Refused: other schemes; a name or a password in the address, which would show in lists of processes and logs; a `file:` of
    /// another machine.
    pub fn read(text: &str) -> Result<Self, NetError> {
        let wrong = |reason: &str| NetError::Address { text: shown(text), reason: reason.to_owned() };
        let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
        let is_address = ["https", "http", "file"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
        if !text.contains("://") && !is_address {
            if text.is_empty() || text.contains('\0') {
                return Err(wrong("it is no path"));
            }
            return Ok(Self(Place::Local(PathBuf::from(text))));
        }
        let url = Url::parse(text).map_err(|error| wrong(&format!("it is no address: {error}")))?;
        if has_credentials(&url) {
            return Err(wrong("it has a name or a password in it; download the file yourself, and give its path"));
        }
        match url.scheme() {
            "https" | "http" if url.fragment().is_some() => Err(wrong("leave out the part from # on")),
            "https" | "http" => Ok(Self(Place::Http(url))),
            "file" if !matches!(url.host(), None | Some(Host::Domain("localhost"))) => {
                Err(wrong("it is a file of another machine; write file:///PATH"))
            }
            "file" => match url.to_file_path() {
                Ok(path) => Ok(Self(Place::Local(path))),
                Err(()) => Err(wrong("it is no path on this machine; write file:///PATH")),
            },
            _ => Err(wrong("write https://..., http://..., file:///... or a path")),
        }
    }

    /// The address below this one; a query stays. What a URL cannot hold as it is, such as a space, is percent-encoded.
    #[must_use]
    pub fn below(&self, names: &[&str]) -> Self {
        match &self.0 {
            Place::Local(path) => Self(Place::Local(names.iter().fold(path.clone(), |path, name| path.join(name)))),
            Place::Http(url) => {
                let mut url = url.clone();
                // What cannot have segments is neither http nor https.
                if let Ok(mut segments) = url.path_segments_mut() {
                    segments.pop_if_empty().extend(names);
                }
                Self(Place::Http(url))
            }
        }
    }

    /// Is it asked over plain HTTP, where anyone on the way can change what comes?
    pub fn is_plain(&self) -> bool {
        matches!(&self.0, Place::Http(url) if url.scheme() == "http")
    }

    /// The place on this machine, where it is one.
    pub fn local(&self) -> Option<&Path> {
        match &self.0 {
            Place::Local(path) => Some(path),
            Place::Http(_) => None,
        }
    }
}

/// Without the query, which may be a signature.
impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Place::Local(path) => write!(out, "{}", plimsoll_model::one_line(&path.to_string_lossy())),
            Place::Http(url) => {
                let mut shown = url.clone();
                shown.set_query(None);
                write!(out, "{shown}")
            }
        }
    }
}

/// A text that may be an address with a password in it.
fn shown(text: &str) -> String {
    let hidden = match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, rest))) => format!("{scheme}://...@{rest}"),
        _ => text.to_owned(),
    };
    plimsoll_model::excerpt(&hidden, 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_none() {
        for (text, word) in [
            ("", "no path"),
            ("a\0b", "no path"),
            ("ftp://a.example/x", "write https://"),
            ("gopher://a.example/x", "write https://"),
            ("javascript://a.example/x", "write https://"),
            ("https://", "no address"),
            ("HTTPS:", "no address"),
            ("https://[::1/x", "no address"),
            ("https://me:secret@a.example/x", "a name or a password"),
            ("https://me@a.example/x", "a name or a password"),
            ("https://a.example/x#y", "from # on"),
            ("file://a.example/x", "another machine"),
            ("FILE://a.example/x", "another machine"),
        ] {
            let error = Address::read(text).unwrap_err().to_string();
            assert!(error.contains(word), "{text}: {error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn names_are_put_below() {
        for (base, expected) in [
            ("https://a.example", "https://a.example/GitHub%20Actions/all.zip"),
            ("https://a.example/", "https://a.example/GitHub%20Actions/all.zip"),
            ("https://a.example/m/", "https://a.example/m/GitHub%20Actions/all.zip"),
            ("http://a.example:8080/m", "http://a.example:8080/m/GitHub%20Actions/all.zip"),
            ("file:///m%20n", "/m n/GitHub Actions/all.zip"),
            ("https:/a.example", "https://a.example/GitHub%20Actions/all.zip"),
            ("a:b", "a:b/GitHub Actions/all.zip"),
            ("file:/m", "/m/GitHub Actions/all.zip"),
            ("file://localhost/m", "/m/GitHub Actions/all.zip"),
            ("/m", "/m/GitHub Actions/all.zip"),
            ("m/n", "m/n/GitHub Actions/all.zip"),
        ] {
            let below = Address::read(base).unwrap().below(&["GitHub Actions", "all.zip"]);
            assert_eq!(below.to_string(), expected, "{base}");
        }
        // Neither can a name leave the place, nor is a query lost, which is not shown.
        let below = Address::read("https://a.example/m?sig=x").unwrap().below(&["../a/b", "c?d#e"]);
        assert_eq!(below.to_string(), "https://a.example/m/..%2Fa%2Fb/c%3Fd%23e");
        assert_eq!(below.0, Place::Http("https://a.example/m/..%2Fa%2Fb/c%3Fd%23e?sig=x".parse().unwrap()));
    }
}
