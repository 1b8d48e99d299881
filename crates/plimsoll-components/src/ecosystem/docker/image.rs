//! Names of container images.

use packageurl::PackageUrl;

use super::super::outside::Outside;
use crate::component::Origin;

/// The registry that is meant where none is named.
const HUB: &str = "docker.io";
/// Another name of it.
const HUB_BEFORE: &str = "index.docker.io";
/// The folder of images there that are named without one.
const OFFICIAL: &str = "library/";
/// Characters of the name of an image, and of a tag.
const LONGEST: (usize, usize) = (255, 128);

/// Reads the name of an image: `[REGISTRY/]PATH[:TAG][@DIGEST]`. Where it has a digest, that is its version, and a tag next to
/// it is a word that nobody holds it to. Fails with what is wrong, as a clause.
///
/// Source: the reference grammar of `github.com/distribution/reference`; Package URL specification, type `docker`.
pub(crate) fn image(text: &str) -> Result<Outside, String> {
    let shown = || format!("\"{}\"", plimsoll_model::excerpt(text, 80));
    if text.contains('$') {
        return Err(format!("which image {} is, is only known to the build", shown()));
    }
    let wrong = || format!("{} is no name of an image", shown());
    let (text, digest) = match text.split_once('@') {
        Some((text, digest)) => (text, Some(digest)),
        None => (text, None),
    };
    // What is behind the last colon is a tag, where no folder follows it.
    let (path, tag) = match text.rsplit_once(':') {
        Some((path, tag)) if !tag.contains('/') => (path, Some(tag)),
        _ => (text, None),
    };
    let (host, path) = match path.split_once('/') {
        Some((host, rest)) if is_host(host) => (host.to_ascii_lowercase(), rest),
        _ => (HUB.to_owned(), path),
    };
    let host = if host == HUB_BEFORE { HUB.to_owned() } else { host };
    let path = if host == HUB { path.strip_prefix(OFFICIAL).unwrap_or(path) } else { path };
    if path.len() > LONGEST.0 || !path.split('/').all(is_part) {
        return Err(wrong());
    }
    if !tag.is_none_or(is_tag) || !digest.is_none_or(is_digest) {
        return Err(wrong());
    }
    let version = digest.or(tag).unwrap_or("latest");
    let (name, version) = (path.to_owned(), version.to_owned());
    let purl = purl(&host, path, &version).ok_or_else(wrong)?;
    Ok(Outside { name, version, purl, origin: Origin::Registry(host) })
}

/// Is it pinned to what it is, and not to a tag that can be moved?
pub(crate) fn is_pinned(image: &Outside) -> bool {
    is_digest(&image.version)
}

fn purl(host: &str, path: &str, version: &str) -> Option<String> {
    let (namespace, name) = match path.rsplit_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, path),
    };
    let mut purl = PackageUrl::new("docker", name).ok()?;
    if let Some(namespace) = namespace {
        purl.with_namespace(namespace).ok()?;
    }
    purl.with_version(version).ok()?;
    if host != HUB {
        purl.add_qualifier("repository_url", host.to_owned()).ok()?;
    }
    Some(purl.to_string())
}

/// The first part of a name is a registry where it has a dot or a port, or is this machine.
fn is_host(text: &str) -> bool {
    let is_one =
        |text: &str| !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric() || "-.".contains(one));
    let (name, port) = text.split_once(':').unwrap_or((text, "0"));
    (text.contains(['.', ':']) || text == "localhost")
        && is_one(name)
        && !port.is_empty()
        && port.bytes().all(|one| one.is_ascii_digit())
}

fn is_part(text: &str) -> bool {
    let is_end = |end: Option<char>| end.is_some_and(|one| one.is_ascii_lowercase() || one.is_ascii_digit());
    is_end(text.chars().next())
        && is_end(text.chars().next_back())
        && text.chars().all(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || "-._".contains(one))
        && !["..", "._", "_.", "-.", ".-", "-_", "_-", "___"].iter().any(|pair| text.contains(pair))
}

fn is_tag(text: &str) -> bool {
    text.len() <= LONGEST.1
        && text.chars().next().is_some_and(|one| one.is_ascii_alphanumeric() || one == '_')
        && text.chars().all(|one| one.is_ascii_alphanumeric() || "-._".contains(one))
}

fn is_digest(text: &str) -> bool {
    let is_hex = |hex: &str, length: usize| plimsoll_model::is_hex(hex, length);
    match text.split_once(':') {
        Some(("sha256", hex)) => is_hex(hex, 64),
        Some(("sha512", hex)) => is_hex(hex, 128),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_has_a_registry_a_name_and_a_version() {
        let digest = format!("sha256:{}", "0a".repeat(32));
        let escaped = digest.replace(':', "%3A");
        for (text, name, purl) in [
            ("alpine", "alpine", "pkg:docker/alpine@latest".to_owned()),
            ("alpine:3.20", "alpine", "pkg:docker/alpine@3.20".to_owned()),
            ("docker.io/library/alpine:3", "alpine", "pkg:docker/alpine@3".to_owned()),
            ("index.docker.io/a/b", "a/b", "pkg:docker/a/b@latest".to_owned()),
            ("a/b:1", "a/b", "pkg:docker/a/b@1".to_owned()),
            ("library/a", "a", "pkg:docker/a@latest".to_owned()),
            ("ghcr.io/a/b/c:v1.0_x", "a/b/c", "pkg:docker/a/b/c@v1.0_x?repository_url=ghcr.io".to_owned()),
            ("localhost/a", "a", "pkg:docker/a@latest?repository_url=localhost".to_owned()),
            ("Reg.example:5000/a", "a", "pkg:docker/a@latest?repository_url=reg.example:5000".to_owned()),
            (&format!("alpine@{digest}"), "alpine", format!("pkg:docker/alpine@{escaped}")),
            (&format!("alpine:3@{digest}"), "alpine", format!("pkg:docker/alpine@{escaped}")),
            (&format!("g.io/a@{digest}"), "a", format!("pkg:docker/a@{escaped}?repository_url=g.io")),
        ] {
            let found = image(text).unwrap();
            assert_eq!((found.name.as_str(), found.purl.replace("sha256:", "sha256%3A")), (name, purl), "{text}");
            assert_eq!(is_pinned(&found), text.contains('@'), "{text}");
        }
    }

    #[test]
    fn what_is_no_name_of_an_image_is_refused() {
        for text in [
            "",
            ":1",
            "a:",
            "a b",
            "A",
            "a/B",
            "a//b",
            "/a",
            "a/",
            "a@sha256:00",
            "a@",
            "a@latest",
            "a:1:2",
            "-a",
            "a-",
            "a..b",
            "a:-1",
            "http://a",
            "g.io:x/a",
            "g.io:/a",
            "\"a\"",
            "a\n",
            &"a".repeat(256),
            &format!("a:{}", "1".repeat(129)),
        ] {
            assert!(image(text).is_err(), "{text}");
        }
        for text in ["$A", "a:$B", "a:${B:-1}", "${{ matrix.a }}"] {
            assert!(image(text).unwrap_err().contains("only known to the build"), "{text}");
        }
    }
}
