//! What a package is called: its group and its name.
//!
//! Source: Maven, "POM Reference", "Maven Coordinates".

use crate::ecosystem::purl::Named;

/// Can a group or a name be this?
pub(in crate::ecosystem) fn is_part(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 256
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
}

/// Can it be a version that is one archive for ever?
pub(in crate::ecosystem) fn is_version(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'~' | b'!');
    text.len() <= 256 && text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric()) && text.bytes().all(known)
}

/// Is it a version under which what is fetched changes?
pub(in crate::ecosystem) fn changes(version: &str) -> bool {
    version.ends_with("-SNAPSHOT") || matches!(version, "LATEST" | "RELEASE") || version.starts_with("latest.")
}

/// The package URL of `GROUP:NAME` is made of this.
///
/// Source: Package URL specification, type `maven`: the group is the namespace.
pub(in crate::ecosystem) fn url<'a>(full: &'a str, version: &'a str) -> Named<'a> {
    let (namespace, name) = match full.split_once(':') {
        Some((group, name)) => (Some(group), name),
        None => (None, full),
    };
    Named { kind: "maven", namespace, name, version }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_versions_have_their_letters() {
        for text in ["org.slf4j", "slf4j-api", "a", "kotlin_x"] {
            assert!(is_part(text), "{text}");
        }
        for text in ["", "a b", "a:b", "a/b", "${x}", "ä", "a\n", "@x@", &"a".repeat(257)] {
            assert!(!is_part(text), "{text}");
        }
        for text in ["1.0", "2.0.0.Final", "1-beta+1", "r09", "31.1-jre"] {
            assert!(is_version(text), "{text}");
        }
        for text in ["", "[1,2)", "1 0", "${x}", "$x", "+", ".1", "1:2", "1=2", "1\u{7}"] {
            assert!(!is_version(text), "{text}");
        }
        assert!(changes("1.0-SNAPSHOT") && changes("latest.release") && changes("LATEST") && !changes("1.0"));
        assert_eq!(url("org.a:b", "1").from(&crate::Origin::Public("Maven")), "pkg:maven/org.a/b@1");
    }
}
