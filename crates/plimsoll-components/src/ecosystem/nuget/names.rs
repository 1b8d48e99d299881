//! Names, versions and ranges of packages.
//!
//! Source: `NuGet` documentation, "Package versioning"; `NuGet.Client`, `PackageIdValidator`, `VersionRange`.

use plimsoll_versions::Scheme;

use crate::ecosystem::purl::Named;

/// Can a package have this id?
pub(super) fn is_id(id: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let ends = id.bytes().next().is_some_and(letter) && id.bytes().last().is_some_and(letter);
    ends && id.len() <= 100 && id.bytes().all(|byte| letter(byte) || matches!(byte, b'.' | b'-'))
}

/// Is it one version?
pub(super) fn is_version(version: &str) -> bool {
    version.len() <= 128 && !version.contains(char::is_whitespace) && Scheme::Nuget.parse(version).is_ok()
}

/// Are two texts the same version?
pub(super) fn same_version(one: &str, other: &str) -> bool {
    Scheme::Nuget.compare(one, other).is_ok_and(std::cmp::Ordering::is_eq)
}

/// Gives an id as it is compared: without regard to case.
pub(super) fn key(id: &str) -> String {
    id.to_ascii_lowercase()
}

/// The package URL of a package is made of this.
///
/// Source: Package URL specification, type `nuget`.
pub(super) const fn url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named { kind: "nuget", namespace: None, name, version }
}

/// What versions are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Range {
    /// The least, and whether it is one of them.
    least: Option<(String, bool)>,
    /// The greatest, and whether it is one of them.
    greatest: Option<(String, bool)>,
    /// Is the newest taken that there is, so that what is taken changes with time?
    floats: bool,
}

impl Range {
    /// Reads one; nothing where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let floats = text.contains('*');
        let bound = |text: &str| -> Option<String> {
            let text = text.trim();
            let is_one = if text.contains('*') { is_floating(text) } else { is_version(text) };
            is_one.then(|| text.to_owned())
        };
        let inner = match (text.bytes().next()?, text.bytes().last()?) {
            (open @ (b'[' | b'('), close @ (b']' | b')')) => {
                Some((open == b'[', text.get(1..text.len().checked_sub(1)?)?, close == b']'))
            }
            _ => None,
        };
        let Some((with_least, inner, with_greatest)) = inner else {
            return Some(Self { least: Some((bound(text)?, true)), greatest: None, floats });
        };
        let (least, greatest) = match inner.split_once(',') {
            Some(both) => both,
            None if with_least && with_greatest => (inner, inner),
            None => return None,
        };
        let of_one = |text: &str, with: bool| match text.trim() {
            "" => Some(None),
            text => bound(text).map(|version| Some((version, with))),
        };
        Some(Self { least: of_one(least, with_least)?, greatest: of_one(greatest, with_greatest)?, floats })
    }

    /// The version that is taken for it: the least that there is. Nothing where that is not said.
    ///
    /// Source: `NuGet` documentation, "How `NuGet` resolves package dependencies": lowest applicable version.
    pub fn taken(&self) -> Option<&str> {
        let (version, with) = self.least.as_ref().filter(|_| !self.floats)?;
        with.then_some(version.as_str())
    }

    /// Do both ask for the same?
    pub fn same(&self, other: &Self) -> bool {
        let same = |one: &Option<(String, bool)>, other: &Option<(String, bool)>| match (one, other) {
            (None, None) => true,
            (Some((one, with)), Some((other, and))) => {
                with == and && (same_version(one, other) || one.eq_ignore_ascii_case(other))
            }
            _ => false,
        };
        self.floats == other.floats && same(&self.least, &other.least) && same(&self.greatest, &other.greatest)
    }
}

/// Is it a version with a `*` at its end, or at the end of its label?
fn is_floating(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'*' | b'+');
    text.len() <= 128 && text.bytes().all(known)
}

/// Gives a framework as family and version, whichever of the two ways it is written in; without platform.
///
/// Source: `NuGet.Client`, `FrameworkNameHelpers`, `NuGetFramework.DotNetFrameworkName`.
pub(super) fn framework(text: &str) -> Option<(String, String)> {
    let text = text.trim().to_ascii_lowercase();
    if let Some((family, rest)) = text.split_once(",version=v") {
        let version = rest.split(',').next().unwrap_or(rest);
        let family = family.strip_prefix('.').unwrap_or(family);
        return Some((family.to_owned(), trimmed(version)));
    }
    let text = text.split('-').next().unwrap_or_default();
    for (start, family) in [("netstandard", "netstandard"), ("netcoreapp", "netcoreapp"), ("net", "")] {
        let Some(version) = text.strip_prefix(start) else { continue };
        let is_number = version.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && !version.is_empty();
        if !is_number {
            return None;
        }
        return Some(match (family, version.contains('.')) {
            ("", true) => {
                let major: u32 = version.split('.').next()?.parse().ok()?;
                let family = if major >= 5 { "netcoreapp" } else { "netframework" };
                (family.to_owned(), trimmed(version))
            }
            ("", false) if version.len() == 1 && version >= "5" => ("netcoreapp".to_owned(), version.to_owned()),
            ("", false) => {
                let parts: Vec<String> = version.chars().map(String::from).collect();
                ("netframework".to_owned(), trimmed(&parts.join(".")))
            }
            (family, _) => (family.to_owned(), trimmed(version)),
        });
    }
    None
}

/// Without zeros at its end.
fn trimmed(version: &str) -> String {
    let mut version = version;
    while let Some(shorter) = version.strip_suffix(".0") {
        version = shorter;
    }
    version.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_those_of_nuget() {
        for (text, taken) in [
            ("1.0", Some("1.0")),
            ("1.0.0-rc.1", Some("1.0.0-rc.1")),
            ("[1.0, )", Some("1.0")),
            ("[1.0]", Some("1.0")),
            ("[1.0,2.0)", Some("1.0")),
            ("(1.0,2.0)", None),
            ("(,1.0]", None),
            ("(,)", None),
            ("1.*", None),
            ("[1.2.*, 2.0)", None),
            ("1.0.0-*", None),
            ("*", None),
        ] {
            assert_eq!(Range::parse(text).unwrap().taken(), taken, "{text}");
        }
        for text in ["", "[", "[1.0", "(1.0)", "[1.0)", "$(X)", "latest", "[a,b]", "1 0", "1.0,2.0", "[1.0, x y)", "é"]
        {
            assert_eq!(Range::parse(text), None, "{text}");
        }
        let same = |one: &str, other: &str| Range::parse(one).unwrap().same(&Range::parse(other).unwrap());
        for (one, other, expected) in [
            ("1.0", "[1.0.0, )", true),
            ("[1.0]", "[1.0.0, 1.0.0]", true),
            ("1.0", "[1.0.0]", false),
            ("1.0", "(1.0, )", false),
            ("1.0.0-RC", "[1.0.0-rc, )", true),
            ("1.*", "[1.*, )", true),
            ("1.*", "[1.0, )", false),
            ("1.0", "1.1", false),
        ] {
            assert_eq!(same(one, other), expected, "{one} {other}");
        }
    }

    #[test]
    fn ids_and_frameworks_are_those_of_nuget() {
        for id in ["Newtonsoft.Json", "a", "_x", "A-b.c_d"] {
            assert!(is_id(id), "{id}");
        }
        for id in ["", "a b", ".a", "a.", "$(X)", "a/b", "ä", "a\n", &"a".repeat(101)] {
            assert!(!is_id(id), "{id}");
        }
        for (one, other) in [
            ("net6.0", ".NETCoreApp,Version=v6.0"),
            ("netcoreapp3.1", ".NETCoreApp,Version=v3.1"),
            ("net472", ".NETFramework,Version=v4.7.2"),
            ("net45", ".NETFramework,Version=v4.5"),
            ("netstandard2.0", ".NETStandard,Version=v2.0"),
            ("net6.0-windows", "net6.0-windows7.0"),
            ("net8", "net8.0"),
        ] {
            assert_eq!(framework(one), framework(other), "{one} {other}");
        }
        assert_ne!(framework("net10"), framework("net10.0"));
        for text in ["", "uap10.0", "$(X)", "netstandard", "netx"] {
            assert_eq!(framework(text), None, "{text}");
        }
    }
}
