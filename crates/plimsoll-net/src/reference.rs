//! Image references: `registry/name[:tag][@sha256:digest]`.

use std::{fmt, net::Ipv6Addr};

use plimsoll_model::is_hex;

use crate::NetError;

/// Longest name of a repository, with the registry, as the reference implementation has it.
const LONGEST_NAME: usize = 255;

/// An image in a registry, by tag, by digest, or by both; then the digest counts.
///
/// The registry is always named: `ubuntu` alone is refused, because what it means depends on the tool. `docker.io/ubuntu`
/// means `docker.io/library/ubuntu`, as everywhere.
///
/// Source: OCI Distribution Specification 1.1, "Pulling manifests" (name and tag); distribution/reference (registry).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageReference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

impl ImageReference {
    /// Reads `registry/name[:tag][@sha256:digest]`; the tag is `latest` where neither is given.
    ///
    /// Refused: a name without registry, names and tags outside the grammar, digests of another kind than SHA-256.
    pub fn read(text: &str) -> Result<Self, NetError> {
        parse(text).map_err(|reason| NetError::target(text, reason))
    }

    /// Host and port of the registry, as in the reference.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository's name in the registry.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, where one is given or none but the default remains.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, `sha256:` and 64 hexadecimal digits, where one is given.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// `registry/name@digest`, the form that does not move.
    pub(crate) fn at(&self, digest: &str) -> String {
        format!("{}/{}@{digest}", self.registry, self.repository)
    }

    /// Host and port that answer for the registry.
    ///
    /// Docker Hub answers under another name than the one that its images carry.
    pub(crate) fn host(&self) -> &str {
        if self.registry == "docker.io" { "registry-1.docker.io" } else { &self.registry }
    }

    /// What stands in the path of a manifest's address.
    pub(crate) fn manifest(&self) -> &str {
        self.digest.as_deref().or(self.tag.as_deref()).unwrap_or("latest")
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(out, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(out, "@{digest}")?;
        }
        Ok(())
    }
}

/// Is `text` a digest that everything here can check?
pub(crate) fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| is_hex(hex, 64))
}

fn parse(text: &str) -> Result<ImageReference, String> {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) if is_digest(digest) => (rest, Some(digest.to_owned())),
        Some((_, digest)) if digest.starts_with("sha512:") => {
            return Err("digests in image references are checked with SHA-256 alone; name the image by its tag".into());
        }
        Some(_) => return Err("after @ comes sha256: and 64 lower-case hexadecimal digits".into()),
        None => (text, None),
    };
    let Some((registry, rest)) = rest.split_once('/') else {
        return Err(format!("an image is named with its registry, as in {}", with_registry(rest)));
    };
    if !is_registry(registry) {
        let hint = with_registry(&format!("{registry}/{rest}"));
        return Err(format!("an image is named with its registry, a host name before the first /, as in {hint}"));
    }
    let (repository, tag) = match rest.split_once(':') {
        Some((repository, tag)) if is_tag(tag) => (repository, Some(tag.to_owned())),
        Some(_) => {
            return Err("a tag has 1 to 128 letters, digits, _ . - and starts with a letter, a digit or _".into());
        }
        None => (rest, None),
    };
    if !repository.split('/').all(is_component) {
        return Err("the name of an image has lower-case letters and digits, with . _ - and / between them".into());
    }
    let registry = if registry == "index.docker.io" { "docker.io" } else { registry };
    let repository = if registry == "docker.io" && !repository.contains('/') {
        format!("library/{repository}")
    } else {
        repository.to_owned()
    };
    if registry.len() + repository.len() >= LONGEST_NAME {
        return Err(format!("longer than {LONGEST_NAME} characters"));
    }
    let tag = tag.or_else(|| digest.is_none().then(|| "latest".to_owned()));
    Ok(ImageReference { registry: registry.to_owned(), repository, tag, digest })
}

fn with_registry(name: &str) -> String {
    let shown: String = name.chars().filter(char::is_ascii_graphic).take(60).collect();
    let library = if shown.contains('/') { "" } else { "library/" };
    format!("docker.io/{library}{}", if shown.is_empty() { "name" } else { &shown })
}

/// A host that cannot be a folder of a repository's name: it has a dot or a port, or is localhost.
fn is_registry(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let Some((address, port)) = rest.split_once(']') else { return false };
            if address.parse::<Ipv6Addr>().is_err() {
                return false;
            }
            match port.strip_prefix(':') {
                Some(port) => return is_port(port),
                None => return port.is_empty(),
            }
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, None),
        },
    };
    let named = host == "localhost" || port.is_some() || host.contains('.');
    named && host.len() <= 253 && host.split('.').all(is_label) && port.is_none_or(is_port)
}

fn is_port(text: &str) -> bool {
    text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn is_tag(tag: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=128).contains(&tag.len())
        && tag.bytes().next().is_some_and(word)
        && tag.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_component(component: &str) -> bool {
    let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut separator = String::new();
    let mut last_was_word = false;
    for byte in component.bytes() {
        if alphanumeric(byte) {
            if !separator.is_empty() {
                let known = matches!(separator.as_str(), "." | "_" | "__") || separator.bytes().all(|b| b == b'-');
                if !known || !last_was_word {
                    return false;
                }
                separator.clear();
            }
            last_was_word = true;
        } else if matches!(byte, b'.' | b'_' | b'-') && last_was_word {
            separator.push(char::from(byte));
        } else {
            return false;
        }
    }
    last_was_word && separator.is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_a_reference_and_what_is_not() {
        let digest = format!("sha256:{}", "a".repeat(64));
        for (text, shown) in [
            ("ghcr.io/a/b", "ghcr.io/a/b:latest"),
            ("localhost/b:1", "localhost/b:1"),
            ("127.0.0.1:5000/a__b/c--d/e.f:V1.0-x_y", "127.0.0.1:5000/a__b/c--d/e.f:V1.0-x_y"),
            ("[::1]:5000/a", "[::1]:5000/a:latest"),
            ("docker.io/ubuntu:24.04", "docker.io/library/ubuntu:24.04"),
            ("index.docker.io/a/b", "docker.io/a/b:latest"),
            (&format!("r.example/a@{digest}"), &format!("r.example/a@{digest}")),
            (&format!("r.example/a:t@{digest}"), &format!("r.example/a:t@{digest}")),
        ] {
            let read = ImageReference::read(text).unwrap();
            assert_eq!(read.to_string(), shown);
            assert_eq!(ImageReference::read(shown).unwrap(), read);
        }
        let long = format!("r.example/{}", "a".repeat(250));
        for text in [
            "",
            "/",
            "ubuntu",
            "ubuntu:24.04",
            "library/ubuntu",
            "r.example",
            "r.example/",
            "r.example/A",
            "r.example/a:",
            "r.example/a:.x",
            "r.example/a..b",
            "r.example/a___b",
            "r.example/-a",
            "r.example/a-",
            "r.example/a//b",
            "r.example/a/",
            "r.example/../a",
            "r.example/a@",
            "r.example/a@sha256:ab",
            "r.example/a@md5:aa",
            "r.example:0/a",
            "r.example:70000/a",
            "r.example:1x/a",
            "user@r.example/a",
            "r .example/a",
            "-r.example/a",
            "https://r.example/a",
            "[::1/a",
            "[x]/a",
            "r.example/a:b:c",
            "r.example/a?x=1",
            "r.example/a#b",
            "r.example/%2e",
            "r.example/a\n",
            &long,
            &format!("r.example/a@sha256:{}", "A".repeat(64)),
            &format!("r.example/a@sha512:{}", "a".repeat(128)),
        ] {
            assert!(ImageReference::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_hint_can_be_typed() {
        let refused = ImageReference::read("ubuntu:24.04").unwrap_err().to_string();
        assert!(refused.contains("docker.io/library/ubuntu:24.04"), "{refused}");
    }

    proptest! {
        #[test]
        fn reading_what_was_shown_gives_the_same(text in "\\PC{0,40}|[a-z.:/@0-9_-]{0,60}") {
            if let Ok(read) = ImageReference::read(&text) {
                prop_assert_eq!(ImageReference::read(&read.to_string()).unwrap(), read);
            }
        }

        #[test]
        fn nothing_in_a_reference_changes_the_address(text in "(r\\.example/)?[ -~]{0,30}") {
            if let Ok(read) = ImageReference::read(&text) {
                let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/:[]".contains(&b));
                prop_assert!(plain(read.registry()) && plain(read.repository()) && plain(read.manifest()));
                prop_assert!(!read.repository().contains("..") && !read.repository().contains("//"));
            }
        }
    }
}
