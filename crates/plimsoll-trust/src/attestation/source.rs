//! Names of source repositories, in the many ways in which they are written.

use std::fmt;

/// A repository: a host and a path on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceName {
    host: String,
    path: String,
}

impl SourceName {
    /// Reads `github.com/o/r`, `https://github.com/o/r.git`, `git+https://github.com/o/r@refs/tags/v1`,
    /// `ssh://git@github.com/o/r`, `git@github.com:o/r` as the same; `None` for what names no host and path.
    ///
    /// A reference behind `@` and a fragment are left out, and so are `.git` and a slash at the end. The host is compared
    /// without regard to case, the path as it is written: most forges tell no difference, and some do.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let rest = text.strip_prefix("git+").unwrap_or(text);
        let (scheme, rest) = match rest.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, rest),
        };
        if scheme.is_some_and(|scheme| !matches!(scheme, "https" | "http" | "ssh" | "git")) {
            return None;
        }
        let (authority, path) = match (rest.split_once('/'), rest.split_once(':')) {
            // As ssh has it: `git@host:path`.
            (slash, Some((host, path)))
                if scheme.is_none()
                    && slash.is_none_or(|(before, _)| before.contains(':'))
                    && !path.starts_with('/') =>
            {
                (host, path)
            }
            (Some((host, path)), _) => (host, path),
            (None, _) => return None,
        };
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).to_ascii_lowercase();
        let path = path.split(['#', '?']).next().unwrap_or_default();
        let path = path.split_once('@').map_or(path, |(path, _)| path).trim_end_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path).trim_end_matches('/');
        let clean = |part: &str| !part.is_empty() && part != "." && part != "..";
        let fits = !host.is_empty()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'))
            && path.len() <= 1000
            && path.split('/').all(clean)
            && path.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'%'));
        fits.then(|| Self { host, path: path.to_owned() })
    }

    /// Is this identity that of a workflow which lies in another repository of the same host? Everyone who calls such a workflow
    /// gets a certificate with its address, and the repository whose run it was stands in an extension alone.
    ///
    /// Source: Fulcio, `docs/oidc.md` and `docs/oid-info.md` (1.3.6.1.4.1.57264.1.9 and .12).
    pub(crate) fn calls(&self, identity: &str) -> bool {
        let Some((_, rest)) = identity.split_once("://") else { return false };
        let Some((host, path)) = rest.split_once('/') else { return false };
        let lies_here = path.strip_prefix(self.path.as_str()).is_some_and(|rest| rest.starts_with('/'));
        host.eq_ignore_ascii_case(&self.host) && !lies_here
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.host, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_repository_is_told_in_all_its_spellings_and_from_its_neighbours() {
        let own = SourceName::read("github.com/o/r").unwrap();
        for same in [
            "https://github.com/o/r",
            "git+https://github.com/o/r.git",
            "git+https://github.com/o/r@refs/tags/v1",
            "https://GitHub.com/o/r/",
            "ssh://git@github.com/o/r",
            "git@github.com:o/r.git",
            "git://github.com/o/r#main",
        ] {
            assert_eq!(SourceName::read(same), Some(own.clone()), "{same}");
        }
        for other in [
            "github.com/o/r-evil",
            "github.com/o/rS",
            "github.com/o/R",
            "github.com.evil.org/o/r",
            "evil.org/github.com/o/r",
            "https://github.com@evil.org/o/r",
            "github.com/o/r/x",
            "github.com/o",
        ] {
            let read = SourceName::read(other);
            assert!(read.is_some() && read != Some(own.clone()), "{other}");
        }
        for none in [
            "",
            "r",
            "file:///o/r",
            "https://github.com/",
            "https://github.com/o/../r",
            "github.com/o/r x",
            "https:///o/r",
        ] {
            assert_eq!(SourceName::read(none), None, "{none}");
        }
        assert_eq!(own.to_string(), "github.com/o/r");
    }

    #[test]
    fn a_workflow_of_another_repository_is_known_as_such() {
        let own = SourceName::read("github.com/o/r").unwrap();
        for shared in [
            "https://github.com/o/r-evil/.github/workflows/ci.yml@refs/tags/v1",
            "https://GitHub.com/o/shared/.github/workflows/ci.yml@refs/tags/v1",
            "https://github.com/o/R/.github/workflows/ci.yml@refs/tags/v1",
            "https://github.com/o/r",
        ] {
            assert!(own.calls(shared), "{shared}");
        }
        // A platform of another host names its own pipelines, which nobody else calls.
        for not_shared in [
            "https://github.com/o/r/.github/workflows/ci.yml@refs/tags/v1",
            "https://GitHub.com/o/r/x",
            "https://github.com/o/r//.gitlab-ci.yml@refs/heads/main",
            "https://builds.example.org/acme/pipeline",
            "me@github.com",
            "",
        ] {
            assert!(!own.calls(not_shared), "{not_shared}");
        }
    }
}
