//! Names and versions of packages of Python, and how one asks for another.
//!
//! Source: Python Packaging User Guide, "Names and normalization" (PEP 503), "Dependency specifiers" (PEP 508).

use plimsoll_versions::Scheme;

use crate::ecosystem::{
    locked::graph::{Usage, Want},
    purl::Named,
};

/// Gives a name as the registry compares it: small letters, each run of `-`, `_` and `.` one hyphen.
pub(super) fn normal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars() {
        if matches!(letter, '-' | '_' | '.') {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else {
            out.push(letter.to_ascii_lowercase());
        }
    }
    out
}

/// Can a package have this name?
pub(super) fn is_name(name: &str) -> bool {
    let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    name.len() <= 200
        && ends(name.bytes().next())
        && ends(name.bytes().last())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// Can it be a version? Those that were published before the rules for versions are taken as well.
pub(super) fn is_version(version: &str) -> bool {
    let starts = version.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'!');
    starts && version.len() <= 256 && version.bytes().all(known)
}

/// The package URL of a package is made of this; `name` is as [`normal`] gives it.
///
/// Source: Package URL specification, type `pypi`.
pub(super) fn url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named { kind: "pypi", namespace: None, name, version }
}

/// What one package asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Requirement {
    /// As [`normal`] gives it.
    pub name: String,
    /// Sorted, and as [`normal`] gives them.
    pub extras: Vec<String>,
    /// Clauses about the version, without spaces and sorted.
    pub clauses: Vec<String>,
    /// The address that it is to come from.
    pub address: Option<String>,
    /// When it is asked for.
    pub marker: Option<String>,
}

impl Requirement {
    /// Reads one; nothing where it is none.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let end = text
            .find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_' | '.'))
            .unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        if !is_name(name) {
            return None;
        }
        let mut rest = rest.trim_start();
        let mut extras = Vec::new();
        if let Some(inner) = rest.strip_prefix('[') {
            let (list, behind) = inner.split_once(']')?;
            for extra in list.split(',').map(str::trim).filter(|extra| !extra.is_empty()) {
                if !is_name(extra) {
                    return None;
                }
                extras.push(normal(extra));
            }
            rest = behind.trim_start();
        }
        extras.sort_unstable();
        extras.dedup();
        let of = |address, clauses, marker: Option<&str>| {
            let marker = marker.map(str::trim).filter(|marker| !marker.is_empty()).map(ToOwned::to_owned);
            Some(Self { name: normal(name), extras, clauses, address, marker })
        };
        if let Some(address) = rest.strip_prefix('@') {
            let address = address.trim_start();
            // A marker stands behind a space: an address may hold a semicolon.
            let end = address.find(char::is_whitespace).unwrap_or(address.len());
            let (address, marker) = address.split_at(end);
            let marker = marker.trim_start();
            if address.is_empty() || !(marker.is_empty() || marker.starts_with(';')) {
                return None;
            }
            return of(Some(address.to_owned()), Vec::new(), marker.strip_prefix(';'));
        }
        let (clauses, marker) = match rest.split_once(';') {
            Some((clauses, marker)) => (clauses, Some(marker)),
            None => (rest, None),
        };
        of(None, self::clauses(clauses)?, marker)
    }

    /// The version where it asks for exactly one.
    pub fn pinned(&self) -> Option<&str> {
        let [clause] = self.clauses.as_slice() else { return None };
        let version = clause.strip_prefix("===").or_else(|| clause.strip_prefix("=="))?;
        is_version(version).then_some(version)
    }

    /// What it asks for beside the name, in one spelling.
    pub fn what(&self) -> String {
        let extras = if self.extras.is_empty() { String::new() } else { format!("[{}]", self.extras.join(",")) };
        match &self.address {
            Some(_) => format!("{extras}@"),
            None => extras + &in_one_spelling(&self.clauses),
        }
    }

    /// That a manifest asks for it. What is asked for in some circumstances alone may be missing.
    pub fn wanted(&self, usage: Usage, optional: bool) -> Want {
        let optional = optional || self.marker.is_some();
        Want { name: self.name.clone(), requirement: self.what(), usage, optional }
    }
}

/// Clauses as tools write them back: without zeros that say nothing at the beginning of a number.
pub(super) fn in_one_spelling(clauses: &[String]) -> String {
    let of_one = |clause: &String| {
        let at = clause.find(|letter: char| !"=<>!~".contains(letter)).unwrap_or_default();
        let (operator, version) = clause.split_at(at);
        let version = version.strip_prefix('v').unwrap_or(version);
        let number = |part: &str| match part.trim_start_matches('0') {
            _ if !part.bytes().all(|byte| byte.is_ascii_digit()) => part.to_owned(),
            "" => "0".to_owned(),
            number => number.to_owned(),
        };
        let parts: Vec<String> = version.split('.').map(number).collect();
        format!("{operator}{}", parts.join("."))
    };
    let mut all: Vec<String> = clauses.iter().map(of_one).collect();
    all.sort_unstable();
    all.join(",")
}

/// Is a version one that all clauses allow? Nothing where that is more than a comparison of numbers.
///
/// Source: Python Packaging User Guide, "Version specifiers" (PEP 440).
pub(super) fn allow(clauses: &[String], version: &str) -> Option<bool> {
    let is_plain =
        |text: &str| text.split('.').all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let mut all = true;
    for clause in clauses {
        let at = clause.find(|letter: char| !"=<>!~".contains(letter))?;
        let (operator, bound) = clause.split_at(at);
        let starts = |start: &str| {
            let number =
                |text: &str| text.split('.').map(|part| part.trim_start_matches('0').to_owned()).collect::<Vec<_>>();
            let (start, mut version) = (number(start), number(version));
            // What is not written is zero.
            version.resize(version.len().max(start.len()), String::new());
            version.starts_with(&start)
        };
        let plain = bound.strip_suffix(".*");
        if !is_plain(version) || !is_plain(plain.unwrap_or(bound)) {
            return None;
        }
        let order = Scheme::Pep440.compare(version, plain.unwrap_or(bound)).ok()?;
        all &= match (operator, plain) {
            ("==", Some(start)) => starts(start),
            ("!=", Some(start)) => !starts(start),
            ("==", None) => order.is_eq(),
            ("===", None) => version == bound,
            ("!=", None) => order.is_ne(),
            ("<", None) => order.is_lt(),
            ("<=", None) => order.is_le(),
            (">", None) => order.is_gt(),
            (">=", None) => order.is_ge(),
            ("~=", None) => order.is_ge() && starts(bound.rsplit_once('.')?.0),
            _ => return None,
        };
    }
    Some(all)
}

/// Clauses about a version, without spaces and sorted; nothing where one is none.
pub(super) fn clauses(text: &str) -> Option<Vec<String>> {
    const OPERATORS: [&str; 8] = ["===", "==", "~=", "!=", "<=", ">=", "<", ">"];
    let text = text.trim();
    // The brackets of older metadata.
    let text = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).unwrap_or(text);
    let mut all = Vec::new();
    for clause in text.split(',').map(str::trim).filter(|clause| !clause.is_empty()) {
        let operator = OPERATORS.into_iter().find(|operator| clause.starts_with(operator))?;
        let version = clause.strip_prefix(operator)?.trim();
        let plain = version.strip_suffix(".*").unwrap_or(version);
        if !is_version(plain) {
            return None;
        }
        all.push(format!("{operator}{}", version.to_ascii_lowercase()));
    }
    all.sort_unstable();
    all.dedup();
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        for (name, expected) in [("Flask", "flask"), ("zope.interface", "zope-interface"), ("a__b.-c", "a-b-c")] {
            assert_eq!(normal(name), expected);
        }
        for (name, expected) in
            [("a", true), ("A1.b_c-d", true), ("", false), ("-a", false), ("a.", false), ("a b", false), ("ä", false)]
        {
            assert_eq!(is_name(name), expected, "{name}");
        }
        for (version, expected) in [
            ("1.0", true),
            ("1!2.0a1.post2.dev3+local.1", true),
            ("2004d", true),
            ("", false),
            ("1.0 ", false),
            ("1\u{7}", false),
            ("*", false),
        ] {
            assert_eq!(is_version(version), expected, "{version:?}");
        }
    }

    #[test]
    fn requirements_are_read_as_their_specification_has_them() {
        let of = |text: &str| {
            let one = Requirement::of(text)?;
            Some((one.name.clone(), one.what(), one.marker.clone(), one.pinned().map(ToOwned::to_owned)))
        };
        let some = |name: &str, what: &str, marker: Option<&str>, pinned: Option<&str>| {
            Some((name.to_owned(), what.to_owned(), marker.map(ToOwned::to_owned), pinned.map(ToOwned::to_owned)))
        };
        assert_eq!(of("A"), some("a", "", None, None));
        assert_eq!(
            of("A.b [X_y, a] >= 1 , <2 ; os_name == 'nt'"),
            some("a-b", "[a,x-y]<2,>=1", Some("os_name == 'nt'"), None)
        );
        assert_eq!(of("a==1.0"), some("a", "==1.0", None, Some("1.0")));
        assert_eq!(of("a===1.0"), some("a", "===1.0", None, Some("1.0")));
        assert_eq!(of("a (>=1.0,!=1.1.*)"), some("a", "!=1.1.*,>=1.0", None, None));
        assert_eq!(of("a==1.*"), some("a", "==1.*", None, None));
        assert_eq!(of("a==1,==1.0"), some("a", "==1,==1.0", None, None));
        assert_eq!(of("a[x]@https://e.example/a;b ;x"), some("a", "[x]@", Some("x"), None));
        for wrong in
            ["", "==1", "a b", "a=1", "a==", "a==1 2", "a[b", "a[-]", "a @", "a @ b c", "a>=1 and <2", "a<~1", "./a"]
        {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn clauses_allow_versions() {
        for (text, version, expected) in [
            ("", "1.0", Some(true)),
            (">=1,<2", "1.9.1", Some(true)),
            (">=1,<2", "2", Some(false)),
            (">=1,<2", "2.0.0", Some(false)),
            ("==1.0", "1", Some(true)),
            ("===1.0", "1", Some(false)),
            ("==1.*", "1.5", Some(true)),
            ("==1.0.*", "1", Some(true)),
            ("==1.*", "10.5", Some(false)),
            ("!=1.2.*", "1.2.3", Some(false)),
            ("~=1.4", "1.9", Some(true)),
            ("~=1.4.2", "1.5", Some(false)),
            ("~=1.4", "1.3", Some(false)),
            ("~=1", "1", None),
            (">1,<=2", "1.0.1", Some(true)),
            (">=1", "1.0rc1", None),
            ("<2", "1.0+local", None),
            ("<2rc1", "1", None),
        ] {
            assert_eq!(allow(&clauses(text).unwrap(), version), expected, "{text} {version}");
        }
        let spelled = |text: &str| in_one_spelling(&clauses(text).unwrap());
        assert_eq!(spelled(">= 3.08, <v4.0.00, ==1.0.*"), "<4.0.0,==1.0.*,>=3.8");
        // As written is what is pinned.
        assert_eq!(Requirement::of("a==2024.01.02").unwrap().pinned(), Some("2024.01.02"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, more in "[a-z\\[\\]@;,=<>~!. ()*]{0,30}") {
            for text in [&text, &more] {
                let _ = Requirement::of(text).map(|one| one.what());
                proptest::prop_assert_eq!(normal(&normal(text)), normal(text));
            }
        }
    }
}
