//! Addresses of repositories, as git takes them.

use url::Url;

use super::super::outside::is_word;

/// Forges with a type of package URL of their own, by host.
///
/// Source: Package URL specification, types `bitbucket` and `github`.
const FORGES: [(&str, &str); 2] = [("github.com", "github"), ("bitbucket.org", "bitbucket")];

/// Where a repository is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// At a place that is the same for everybody, without names and words of persons.
    Of(String),
    /// Next to the repository that names it, wherever that was taken from.
    Relative,
    /// On a machine, or by a program that git is to start.
    Other,
}

impl Address {
    /// Reads one.
    ///
    /// Source: git-fetch(1), GIT URLS; gitmodules(5), `submodule.<name>.url`.
    pub fn of(text: &str) -> Self {
        if text.starts_with("./") || text.starts_with("../") {
            return Self::Relative;
        }
        if !is_word(text) {
            return Self::Other;
        }
        let url = match text.split_once("://") {
            // `ext::` and the like start a program.
            Some((scheme, _)) if scheme.contains(':') => return Self::Other,
            Some(_) => Url::parse(text).ok(),
            None => short(text),
        };
        match url.and_then(plain) {
            Some(url) => Self::Of(url),
            None => Self::Other,
        }
    }
}

/// `git@HOST:PATH`.
fn short(text: &str) -> Option<Url> {
    let (host, path) = text.split_once(':')?;
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    // One letter is a drive; what has a folder before the colon is a path.
    let is_host = host.len() > 1 && host.chars().all(|one| one.is_ascii_alphanumeric() || "-._".contains(one));
    if !is_host || path.is_empty() || path.starts_with(':') {
        return None;
    }
    Url::parse(&format!("ssh://{host}/{}", path.trim_start_matches('/'))).ok()
}

/// A person's name and word in an address are nobody's business, and neither is what is asked for behind it.
fn plain(mut url: Url) -> Option<String> {
    if !matches!(url.scheme(), "https" | "http" | "ssh" | "git") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url.to_string())
}

/// The type of package URL that a forge has, and owner and name there, which are in small letters.
pub(super) fn on_a_forge(url: &str) -> Option<(&'static str, String)> {
    let url = Url::parse(url).ok()?;
    let (host, port) = (url.host_str()?.to_ascii_lowercase(), url.port());
    let (_, kind) = FORGES.iter().find(|(forge, _)| *forge == host && port.is_none())?;
    let path = url.path().trim_matches('/').to_ascii_lowercase();
    let path = path.strip_suffix(".git").unwrap_or(&path);
    let (owner, name) = path.split_once('/')?;
    let is_name = |text: &str| {
        !text.is_empty()
            && !matches!(text, "." | "..")
            && text.chars().all(|one| one.is_ascii_alphanumeric() || "-._".contains(one))
    };
    (is_name(owner) && is_name(name)).then(|| (*kind, format!("{owner}/{name}")))
}

/// What a repository is called by its address.
pub(super) fn last_part(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let name = url.path().trim_end_matches('/').rsplit('/').next()?;
    let name = name.strip_suffix(".git").unwrap_or(name);
    is_word(name).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_where_a_repository_is_and_nothing_of_a_person() {
        for (text, expected) in [
            ("https://g.example/a/b.git", Some("https://g.example/a/b.git")),
            ("https://me:word@g.example/a/b.git", Some("https://g.example/a/b.git")),
            ("https://token@g.example/a/b?private_token=x#y", Some("https://g.example/a/b")),
            ("ssh://git@g.example:2222/a/b", Some("ssh://g.example:2222/a/b")),
            ("git@g.example:a/b.git", Some("ssh://g.example/a/b.git")),
            ("g.example:a/b.git", Some("ssh://g.example/a/b.git")),
            ("git@g.example:/a/b.git", Some("ssh://g.example/a/b.git")),
            ("git://g.example/a", Some("git://g.example/a")),
            ("http://g.example/a", Some("http://g.example/a")),
            ("file:///srv/a", None),
            ("/srv/a", None),
            ("C:\\a", None),
            ("C:/a", None),
            ("a/b:c", None),
            ("ext::sh -c x", None),
            ("ext::x://y", None),
            ("fd::17", None),
            ("https://", None),
            ("https:///a", Some("https://a/")),
            ("-oProxyCommand=x", None),
            ("a b:c", None),
            ("", None),
        ] {
            let expected = expected.map_or(Address::Other, |url| Address::Of(url.to_owned()));
            assert_eq!(Address::of(text), expected, "{text}");
        }
        assert_eq!((Address::of("../a.git"), Address::of("./a")), (Address::Relative, Address::Relative));
    }

    #[test]
    fn a_forge_has_owners_and_names() {
        for (url, expected) in [
            ("https://github.com/Owner/Name.git", Some(("github", "owner/name"))),
            ("ssh://github.com/owner/name/", Some(("github", "owner/name"))),
            ("https://bitbucket.org/a/b", Some(("bitbucket", "a/b"))),
            ("https://github.com:444/a/b", None),
            ("https://github.com/a", None),
            ("https://github.com/a/b/c", None),
            ("https://github.com/a/%2e", None),
            ("https://github.com/a/b%2Fc", None),
            ("https://github.com.evil.example/a/b", None),
            ("https://gitlab.com/a/b", None),
        ] {
            let expected = expected.map(|(kind, name)| (kind, name.to_owned()));
            assert_eq!(on_a_forge(url), expected, "{url}");
        }
        assert_eq!(last_part("https://g.example/a/b.git").as_deref(), Some("b"));
        assert_eq!(last_part("https://g.example/"), None);
    }
}
