//! Addresses on a code host: where a path of a commit is shown.

use plimsoll_model::{Pointer, is_hex};

/// Ways in which code hosts address a file of a commit: host, what is before the commit, and how a line is named.
const HOSTS: [(&str, &str); 3] = [("github.com", "blob"), ("gitlab.com", "-/blob"), ("codeberg.org", "src/commit")];

/// A repository on a code host whose addresses are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeHost {
    /// `https://HOST/OWNER/NAME`.
    base: String,
    blob: &'static str,
    commit: &'static str,
}

impl CodeHost {
    /// The repository at `address`: `https://HOST/OWNER/NAME` of a host whose addresses are known, with or without `.git`; nothing
    /// for any other address.
    pub fn of(address: &str) -> Option<Self> {
        let rest = address.trim().strip_prefix("https://")?;
        let (host, path) = rest.split_once('/')?;
        let (_, blob) = HOSTS.iter().find(|(name, _)| *name == host)?;
        let path = path.trim_end_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let parts: Vec<&str> = path.split('/').collect();
        let plain = |part: &&str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        let most = if host == "gitlab.com" { 10 } else { 2 };
        if parts.len() < 2 || parts.len() > most || !parts.iter().all(plain) {
            return None;
        }
        let commit = if host == "gitlab.com" { "-/commit" } else { "commit" };
        Some(Self { base: format!("https://{host}/{path}"), blob, commit })
    }

    /// The repository's own page.
    pub fn address(&self) -> &str {
        &self.base
    }

    /// The page of a place at `commit`: of a path, with its line, else of a commit. A tag, an advisory and a file that was provided
    /// have none, and neither has a path with bytes that are not text.
    pub fn page(&self, pointer: &Pointer, commit: &str) -> Option<String> {
        let named = |commit: &str| is_hex(commit, 40) || is_hex(commit, 64);
        // A path with a blob is in the commit; one without was looked for, or is of something else.
        if let (Some(path), Some(_)) = (&pointer.path, &pointer.blob) {
            if !named(commit) || path.contains('%') {
                return None;
            }
            let path: Vec<String> = path.split('/').map(encoded).collect();
            let line = pointer.line.map(|line| format!("#L{line}")).unwrap_or_default();
            return Some(format!("{}/{}/{commit}/{}{line}", self.base, self.blob, path.join("/")));
        }
        if pointer.path.is_some() {
            return None;
        }
        pointer.commit.as_deref().filter(|commit| named(commit)).map(|commit| self.commit(commit))
    }

    /// The page of a commit.
    pub fn commit(&self, commit: &str) -> String {
        format!("{}/{}/{commit}", self.base, self.commit)
    }
}

/// One part of a path as it is in an address. Source: RFC 3986 section 2.3.
fn encoded(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "1b50d514f6c0b28d4e3cf0c5ae8d31ed2c7e4b3a";

    #[test]
    fn a_path_of_a_commit_has_its_page_on_a_known_host_alone() {
        for (address, expected) in [
            ("https://github.com/a/b", "https://github.com/a/b/blob/COMMIT/docs/a%20b.md#L3"),
            ("https://github.com/a/b.git", "https://github.com/a/b/blob/COMMIT/docs/a%20b.md#L3"),
            ("https://gitlab.com/a/g/b/", "https://gitlab.com/a/g/b/-/blob/COMMIT/docs/a%20b.md#L3"),
            ("https://codeberg.org/a/b", "https://codeberg.org/a/b/src/commit/COMMIT/docs/a%20b.md#L3"),
        ] {
            let pointer = Pointer::blob("docs/a b.md", "0".repeat(40)).at_line(3);
            let page = CodeHost::of(address).and_then(|host| host.page(&pointer, COMMIT));
            assert_eq!(page, Some(expected.replace("COMMIT", COMMIT)), "{address}");
        }
        for address in [
            "http://github.com/a/b",
            "https://github.com",
            "https://github.com/a",
            "https://github.com/a/b/c",
            "https://github.com/a/..",
            "https://github.com/a/b?x",
            "https://github.com/a/b#\"><script>",
            "https://github.com@evil.example/a/b",
            "https://evil.example/a/b",
            "https://github.com.evil.example/a/b",
            "git@github.com:a/b",
            "",
        ] {
            assert_eq!(CodeHost::of(address), None, "{address}");
        }
    }

    #[test]
    fn what_is_no_text_of_the_commit_has_no_page() {
        let host = CodeHost::of("https://github.com/a/b").unwrap();
        for pointer in [
            Pointer::blob("a%FFb", "0".repeat(40)),
            Pointer::path("SECURITY.md"),
            Pointer::tag("v1"),
            Pointer::advisory("RUSTSEC-2026-0001"),
            Pointer::commit("main"),
        ] {
            assert_eq!(host.page(&pointer, COMMIT), None, "{pointer:?}");
        }
        assert_eq!(host.page(&Pointer::blob("a", "0"), "HEAD"), None);
        let page = host.page(&Pointer::commit(COMMIT), COMMIT);
        assert_eq!(page, Some(format!("https://github.com/a/b/commit/{COMMIT}")));
    }
}
