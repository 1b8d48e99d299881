//! Addresses of registries and repositories as lockfiles have them, without anybody's name and word.

use url::Url;

/// Bytes of a name, version or address. Nothing real is nearly as long.
const LONGEST: usize = 2048;

/// Could this be a name, a version or a path: is it bounded, and free of what is not seen or would part it?
pub(crate) fn is_plain(text: &str) -> bool {
    let odd = |character: char| character.is_whitespace() || character.is_control();
    !text.is_empty() && text.len() <= LONGEST && !text.contains(odd)
}

/// The full id of a commit: a shorter one may come to mean another.
pub(crate) fn is_revision(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The address of a git repository: a URL, or `USER@HOST:PATH` as git itself takes it. Nothing where it is a path, since that
/// leads to another place on each machine.
pub(crate) fn repository(written: &str) -> Option<String> {
    if !is_plain(written) {
        return None;
    }
    let mut url = match Url::parse(written) {
        Ok(url) if matches!(url.scheme(), "https" | "http" | "ssh" | "git") => url,
        Ok(url) if url.has_host() => return None,
        _ => {
            let (host, path) = written.split_once(':')?;
            let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
            // A letter alone is a drive.
            if host.len() < 2 || host.contains('/') || path.starts_with("//") {
                return None;
            }
            Url::parse(&format!("ssh://{host}/{}", path.trim_start_matches('/'))).ok()?
        }
    };
    url.host_str()?;
    bare(&mut url);
    Some(url.to_string())
}

/// An address that was given here before.
pub(crate) fn parsed(address: &str) -> Option<Url> {
    Url::parse(address).ok()
}

/// The address of a registry.
pub(crate) fn registry(written: &str) -> Option<Url> {
    let mut url = Url::parse(written).ok().filter(|_| is_plain(written))?;
    url.host_str().filter(|_| matches!(url.scheme(), "https" | "http"))?;
    bare(&mut url);
    Some(url)
}

fn bare(url: &mut Url) {
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_repository_is_one_wherever_it_is_read() {
        for (written, expected) in [
            ("https://me:word@g.example/a/b.git?token=1#x", Some("https://g.example/a/b.git")),
            ("git@g.example:a/b.git", Some("ssh://g.example/a/b.git")),
            ("g.example:/a/b", Some("ssh://g.example/a/b")),
            ("ssh://git@g.example:22/a", Some("ssh://g.example:22/a")),
            ("git://g.example/a", Some("git://g.example/a")),
            ("../b.git", None),
            ("/srv/b.git", None),
            ("C:\\b", None),
            ("C:/b", None),
            ("file:///srv/b.git", None),
            ("ftp://g.example/a", None),
            ("https://", None),
            ("https://g.example/a b", None),
            ("", None),
            (":", None),
        ] {
            assert_eq!(repository(written).as_deref(), expected, "{written}");
        }
    }

    #[test]
    fn names_and_revisions_have_bounds() {
        assert!(
            is_plain("1.0.0+x") && !is_plain("") && !is_plain("a b") && !is_plain("a\u{0}") && !is_plain("a\u{85}")
        );
        assert!(!is_plain(&"a".repeat(LONGEST + 1)));
        assert!(is_revision(&"0a".repeat(20)) && is_revision(&"0A".repeat(32)));
        assert!(!is_revision("0a0a0a0") && !is_revision(&"0g".repeat(20)) && !is_revision(&"0a".repeat(21)));
        assert_eq!(registry("https://u:w@r.example/x?k=v").unwrap().as_str(), "https://r.example/x");
        assert!(
            ["", "r.example", "file:///x", "https:///", "ftp://r.example"].iter().all(|one| registry(one).is_none())
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, more in "(https?://|git@|C:)?[a-zä@:/#.]{0,20}") {
            for text in [&text, &more] {
                let _ = (repository(text), registry(text), is_plain(text), is_revision(text));
            }
        }
    }
}
