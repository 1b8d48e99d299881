//! Where a package comes from, by the address that a lockfile has for it.

use url::Url;

use super::REGISTRY;
use crate::component::Origin;

/// Hosts of the public registry, and those that give the same packages under another name.
///
/// Source: npm docs, "registry"; Yarn docs, `npmRegistryServer`.
const PUBLIC: [&str; 2] = ["registry.npmjs.org", "registry.yarnpkg.com"];

/// Short names of forges, and their hosts.
///
/// Source: npm docs, "package.json", Git URLs as dependencies.
const FORGES: [(&str, &str); 3] =
    [("github:", "github.com"), ("gitlab:", "gitlab.com"), ("bitbucket:", "bitbucket.org")];

/// The version in the address of an archive of the public registry: `https://HOST/NAME/-/LAST-VERSION.tgz`.
pub(super) fn version_in(address: &str, name: &str) -> Option<String> {
    let address = address.split(['#', '?']).next()?;
    let (_, file) = address.rsplit_once("/-/")?;
    let last = name.rsplit_once('/').map_or(name, |(_, last)| last);
    let version = file.strip_suffix(".tgz")?.strip_prefix(last)?.strip_prefix('-')?;
    (origin(address) == Some(Origin::Public(REGISTRY)) && !version.is_empty()).then(|| version.to_owned())
}

/// Does an address of the public registry lead to the archive of this package in this version? Of other addresses nobody can
/// tell, and they stand in the package URL.
pub(super) fn is_of(address: &str, name: &str, version: &str) -> bool {
    if origin(address) != Some(Origin::Public(REGISTRY)) || version.is_empty() {
        return true;
    }
    let Ok(url) = Url::parse(address) else { return false };
    let path = url.path().to_ascii_lowercase().replace("%2f", "/");
    let file = path.rsplit('/').next().unwrap_or_default();
    // Build metadata is left out of some names, as it says nothing of the order.
    let plain = version.split('+').next().unwrap_or(version).to_ascii_lowercase();
    path.starts_with(&format!("/{}/-/", name.to_ascii_lowercase())) && file.contains(&format!("-{plain}"))
}

/// The origin of what an address leads to; nothing where it is none of those that package managers write.
pub(super) fn origin(resolved: &str) -> Option<Origin> {
    let (address, fragment) = resolved.split_once('#').unwrap_or((resolved, ""));
    // `github:OWNER/NAME#REVISION` and the like.
    for (short, host) in FORGES {
        if let Some(path) = address.strip_prefix(short) {
            return git(&format!("git+https://{host}/{path}"), fragment);
        }
    }
    if let Some(git) = git(address, fragment) {
        return Some(git);
    }
    let url = Url::parse(address).ok()?;
    match url.scheme() {
        "http" | "https" => {
            let host = url.host_str()?;
            // Over a connection that anybody can change it is not known whose package it is.
            if PUBLIC.contains(&host) && url.scheme() == "https" && url.port().is_none() {
                return Some(Origin::Public(REGISTRY));
            }
            // An archive of a forge is that of a revision.
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            Some(Origin::Registry(format!("{}://{host}{port}", url.scheme())))
        }
        "file" => Some(Origin::Folder),
        _ => None,
    }
}

/// `git+https://HOST/PATH#REVISION`, `git+ssh://git@HOST/PATH#REVISION`, `git://...`.
fn git(address: &str, fragment: &str) -> Option<Origin> {
    let plain = address.strip_prefix("git+").or_else(|| address.starts_with("git:").then_some(address));
    let plain = match plain {
        Some(plain) => plain,
        // pnpm and Yarn write the address of the repository itself.
        None if std::path::Path::new(address).extension().is_some_and(|ending| ending == "git") => address,
        None => return None,
    };
    let mut url = Url::parse(plain).ok()?;
    // A person's name and word in an address are nobody's business.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    // Yarn writes `commit=REVISION`, and other members after it.
    let revision = fragment
        .split('&')
        .find_map(|part| part.strip_prefix("commit=").or_else(|| (!part.contains('=')).then_some(part)));
    let revision = revision.filter(|revision| is_revision(revision));
    Some(Origin::Git { url: url.to_string(), revision: revision.map(ToOwned::to_owned) })
}

/// The full id of a commit: a shorter one may come to mean another.
pub(super) fn is_revision(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Could a package have this name? Scope and name, neither of them with what would make it another place or address.
pub(super) fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|character| !character.is_whitespace() && !character.is_control())
            && !part.contains(['/', '\\', '@', '#', '?', '%', ':'])
    };
    let plain = match name.strip_prefix('@') {
        Some(scoped) => scoped.split_once('/').is_some_and(|(scope, name)| part(scope) && part(name)),
        None => part(name),
    };
    plain && name.len() <= 214
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_of_the_registry_says_its_version() {
        for (address, name, expected) in [
            ("https://registry.npmjs.org/a/-/a-1.2.0.tgz", "a", Some("1.2.0")),
            ("https://registry.npmjs.org/@s/a/-/a-1.2.0-rc.1.tgz#0123", "@s/a", Some("1.2.0-rc.1")),
            ("https://registry.npmjs.org/b/-/b-1.2.0.tgz", "a", None),
            ("https://evil.example/a/-/a-1.2.0.tgz", "a", None),
            ("https://registry.npmjs.org/a/-/a-.tgz", "a", None),
            ("file:a-1.2.0.tgz", "a", None),
        ] {
            assert_eq!(version_in(address, name).as_deref(), expected, "{address}");
        }
    }

    #[test]
    fn an_address_says_where_a_package_comes_from() {
        let id = "0a".repeat(20);
        let git = |url: &str| Some(Origin::Git { url: url.to_owned(), revision: Some(id.clone()) });
        let registry = |url: &str| Some(Origin::Registry(url.to_owned()));
        for (address, expected) in [
            ("https://registry.npmjs.org/a/-/a-1.0.0.tgz", Some(Origin::Public("npm"))),
            ("https://registry.yarnpkg.com/a/-/a-1.0.0.tgz#0123", Some(Origin::Public("npm"))),
            ("http://registry.npmjs.org/a/-/a-1.0.0.tgz", registry("http://registry.npmjs.org")),
            ("https://registry.npmjs.org:444/a/-/a-1.0.0.tgz", registry("https://registry.npmjs.org:444")),
            ("https://registry.npmjs.org.evil.example/a.tgz", registry("https://registry.npmjs.org.evil.example")),
            ("https://x@evil.example/registry.npmjs.org/a.tgz", registry("https://evil.example")),
            ("https://registry.npmjs.org@evil.example/a.tgz", registry("https://evil.example")),
            (&format!("git+https://g.example/a/b.git#{id}"), git("https://g.example/a/b.git")),
            (&format!("git+ssh://git@g.example/a/b.git#{id}"), git("ssh://g.example/a/b.git")),
            (&format!("https://g.example/a/b.git#commit={id}"), git("https://g.example/a/b.git")),
            (&format!("https://g.example/a/b.git#workspace=x&commit={id}"), git("https://g.example/a/b.git")),
            (
                "git+https://g.example/a/b.git#main",
                Some(Origin::Git { url: "https://g.example/a/b.git".to_owned(), revision: None }),
            ),
            (&format!("github:a/b#{id}"), git("https://github.com/a/b")),
            ("github:a/b", Some(Origin::Git { url: "https://github.com/a/b".to_owned(), revision: None })),
            ("file:../x", Some(Origin::Folder)),
            ("file:///x/y.tgz", Some(Origin::Folder)),
            ("x", None),
            ("", None),
            ("ftp://x.example/a", None),
        ] {
            assert_eq!(origin(address), expected, "{address}");
        }
    }
}
