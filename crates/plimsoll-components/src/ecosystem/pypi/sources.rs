//! Where a package comes from, by the address that a lockfile has for it.

use url::Url;

use super::REGISTRY;
use crate::component::Origin;

/// The index of the public registry, and the host that it gives archives from.
///
/// Source: docs of the registry, "Index API".
const INDEXES: [&str; 2] = ["pypi.org", "pypi.python.org"];
const ARCHIVES: &str = "files.pythonhosted.org";

/// The origin of what an index gives.
pub(super) fn index(address: &str) -> Option<Origin> {
    let mut url = Url::parse(address.trim()).ok()?;
    match url.scheme() {
        "https" | "http" => {}
        "file" => return Some(Origin::Folder),
        _ => return None,
    }
    let is_simple = url.path().trim_end_matches('/') == "/simple";
    // Over a connection that anybody can change it is not known whose package it is.
    let is_public = url.host_str().is_some_and(|host| INDEXES.contains(&host)) && url.scheme() == "https";
    if is_public && is_simple && url.port().is_none() {
        return Some(Origin::Public(REGISTRY));
    }
    without_person(&mut url);
    url.set_query(None);
    url.set_fragment(None);
    Some(Origin::Registry(url.as_str().trim_end_matches('/').to_owned()))
}

/// The origin of an archive.
pub(super) fn archive(address: &str) -> Option<Origin> {
    let url = Url::parse(address.trim()).ok()?;
    match url.scheme() {
        "https" | "http" => {
            let host = url.host_str()?;
            if host == ARCHIVES && url.scheme() == "https" && url.port().is_none() {
                return Some(Origin::Public(REGISTRY));
            }
            let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
            Some(Origin::Registry(format!("{}://{host}{port}", url.scheme())))
        }
        "file" => Some(Origin::Folder),
        _ => None,
    }
}

/// A git repository at a revision; nothing where the address is none.
pub(super) fn git(address: &str, revision: Option<&str>) -> Option<Origin> {
    let address = address.strip_prefix("git+").unwrap_or(address).trim();
    let mut url = match Url::parse(address) {
        Ok(url) if matches!(url.scheme(), "https" | "http" | "ssh" | "git" | "file") => url,
        // `git@HOST:PATH`, as git itself takes it.
        _ => {
            let (host, path) = address.split_once(':')?;
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            Url::parse(&format!("ssh://{host}/{path}")).ok().filter(|url| url.host_str().is_some())?
        }
    };
    without_person(&mut url);
    url.set_query(None);
    url.set_fragment(None);
    let revision = revision.filter(|revision| is_revision(revision)).map(ToOwned::to_owned);
    Some(Origin::Git { url: url.to_string(), revision })
}

/// What `VCS+ADDRESS@REVISION` leads to, as pip has it; nothing where it is no address of a version control system.
pub(super) fn of_pip(address: &str) -> Option<Origin> {
    let plain = address.split('#').next().unwrap_or(address);
    let rest = plain.strip_prefix("git+")?;
    // The `@` of a person comes before the path.
    let host = rest.find("://")? + 3;
    let path = host + rest.get(host..)?.find('/')?;
    let (before, revision) = match rest.get(path..).and_then(|path| path.rsplit_once('@')) {
        Some((_, revision)) => (rest.get(..rest.len() - revision.len() - 1)?, Some(revision)),
        None => (rest, None),
    };
    git(before, revision)
}

/// A person's name and word in an address are nobody's business.
fn without_person(url: &mut Url) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

/// The full id of a commit: a shorter one may come to mean another.
pub(super) fn is_revision(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_the_public_one_or_another() {
        let other = |url: &str| Some(Origin::Registry(url.to_owned()));
        for (address, expected) in [
            ("https://pypi.org/simple", Some(Origin::Public("PyPI"))),
            ("https://pypi.org/simple/", Some(Origin::Public("PyPI"))),
            ("https://pypi.python.org/simple", Some(Origin::Public("PyPI"))),
            ("http://pypi.org/simple", other("http://pypi.org/simple")),
            ("https://pypi.org/other", other("https://pypi.org/other")),
            ("https://pypi.org:444/simple", other("https://pypi.org:444/simple")),
            ("https://pypi.org.evil.example/simple", other("https://pypi.org.evil.example/simple")),
            ("https://pypi.org@evil.example/simple", other("https://evil.example/simple")),
            ("https://me:word@i.example/simple/?token=x", other("https://i.example/simple")),
            ("file:///x", Some(Origin::Folder)),
            ("${INDEX}", None),
            ("", None),
        ] {
            assert_eq!(index(address), expected, "{address}");
        }
        assert_eq!(archive("https://files.pythonhosted.org/packages/a/a-1.whl"), Some(Origin::Public("PyPI")));
        assert_eq!(archive("http://files.pythonhosted.org/a-1.whl"), other("http://files.pythonhosted.org"));
        assert_eq!(archive("https://e.example/a-1.whl"), other("https://e.example"));
        assert_eq!(archive("ftp://e.example/a-1.whl"), None);
    }

    #[test]
    fn git_is_pinned_by_a_whole_revision() {
        let id = "0a".repeat(20);
        let at = |url: &str, revision: Option<&str>| {
            Some(Origin::Git { url: url.to_owned(), revision: revision.map(ToOwned::to_owned) })
        };
        for (address, expected) in [
            (format!("git+https://g.example/a.git@{id}#egg=a"), at("https://g.example/a.git", Some(&id))),
            (format!("git+ssh://git@g.example/a.git@{id}"), at("ssh://g.example/a.git", Some(&id))),
            ("git+ssh://git@g.example/a.git".to_owned(), at("ssh://g.example/a.git", None)),
            ("git+https://me:word@g.example/a@main".to_owned(), at("https://g.example/a", None)),
            ("git+git@g.example:b/a.git".to_owned(), None),
            ("hg+https://g.example/a".to_owned(), None),
            ("git+".to_owned(), None),
        ] {
            assert_eq!(of_pip(&address), expected, "{address}");
        }
        assert_eq!(git("git@g.example:b/a.git", Some(&id)), at("ssh://g.example/b/a.git", Some(&id)));
        assert_eq!(git("https://g.example/a?rev=v1", Some("v1")), at("https://g.example/a", None));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, more in "(git\\+)?[a-zä@:/#.]{0,20}") {
            for text in [&text, &more] {
                let _ = (index(text), archive(text), git(text, Some(text)), of_pip(text));
            }
        }
    }
}
