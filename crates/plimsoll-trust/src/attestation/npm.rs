//! Names and versions of packages in subjects, and what npm's registry says of what it published.

use super::{json::text, statement::InTotoStatement};

/// The type of statement by which npm's registry says that it published something.
pub(super) fn is_publish(predicate_type: &str) -> bool {
    predicate_type == "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"
}

/// Name and version of the package that a subject names, as far as it names one.
///
/// A package URL, or the file name of a package: `NAME-VERSION.crate`, sdist and wheel.
///
/// Source: package URL specification; Python's binary distribution format and PEP 625; cargo's file names.
pub(super) fn package_of(subject: &str) -> Option<(String, String)> {
    if let Some(rest) = subject.strip_prefix("pkg:") {
        let rest = rest.split(['?', '#']).next()?;
        let (_, path) = rest.split_once('/')?;
        let (name, version) = path.rsplit_once('@').filter(|(name, _)| !name.is_empty())?;
        return Some((decoded(name)?, decoded(version)?));
    }
    if let Some(stem) = subject.strip_suffix(".whl") {
        let mut parts = stem.split('-');
        return Some((parts.next()?.to_owned(), parts.next()?.to_owned()));
    }
    let stem = [".crate", ".tar.gz", ".tgz", ".zip"].iter().find_map(|ending| subject.strip_suffix(ending))?;
    // A version begins with a digit: `a-b-1.0-rc.1`.
    let at = stem.match_indices('-').map(|(at, _)| at);
    let mut at = at.filter(|at| stem.as_bytes().get(at + 1).is_some_and(u8::is_ascii_digit));
    let (name, version) = stem.split_at_checked(at.next()?)?;
    Some((name.to_owned(), version.trim_start_matches('-').to_owned()))
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let pair = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Are these the names of one package? Python's names have several spellings (PEP 503); npm's and cargo's have one.
fn is_name(one: &str, other: &str, python: bool) -> bool {
    let normal = |name: &str| -> String {
        let mut normal = String::new();
        for character in name.chars().map(|character| if matches!(character, '_' | '.') { '-' } else { character }) {
            if !(character == '-' && normal.ends_with('-')) {
                normal.push(character.to_ascii_lowercase());
            }
        }
        normal
    };
    one == other || (python && normal(one) == normal(other))
}

/// Are these the file names of one distribution? Names of projects have several spellings.
///
/// Source: PEP 740, attestation statement: the subject's name; PEP 503 for names of projects.
pub(super) fn is_distribution(one: &str, other: &str) -> bool {
    let parts = |name: &str| {
        let (project, version) = package_of(name)?;
        let rest = name.get(project.len()..)?.to_owned();
        Some((project, version, rest))
    };
    match (parts(one), parts(other)) {
        (Some((name, _, rest)), Some((other, _, other_rest))) => is_name(&name, &other, true) && rest == other_rest,
        _ => one == other,
    }
}

/// Does the statement speak of this package and version? What is not asked is not compared.
pub(super) fn is_about(
    statement: &InTotoStatement,
    subject: &str,
    package: Option<&str>,
    version: Option<&str>,
) -> Result<(), String> {
    if package.is_none() && version.is_none() {
        return Ok(());
    }
    let python = [".whl", ".tar.gz"].iter().any(|ending| subject.ends_with(ending)) || subject.starts_with("pkg:pypi/");
    let (name, number) = package_of(subject).ok_or("its subject names no package")?;
    let mut named = vec![(name, number)];
    if is_publish(&statement.predicate_type) {
        let said = (text(statement.predicate(), "name"), text(statement.predicate(), "version"));
        let (Some(name), Some(number)) = said else { return Err("the registry names no package".to_owned()) };
        named.push((name.to_owned(), number.to_owned()));
    }
    for (name, number) in named {
        if package.is_some_and(|expected| !is_name(expected, &name, python)) {
            return Err(format!("it is about the package {}", plimsoll_model::one_line(&name)));
        }
        if version.is_some_and(|expected| expected != number) {
            return Err(format!("it is about version {}", plimsoll_model::one_line(&number)));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_told_by_their_subjects() {
        for (subject, expected) in [
            ("pkg:npm/%40scope/name@1.0.5", Some(("@scope/name", "1.0.5"))),
            ("pkg:npm/sigstore@2.3.1?a=b", Some(("sigstore", "2.3.1"))),
            ("pkg:npm/sigstore", None),
            ("pkg:npm/@1", None),
            ("pkg:npm/%4", None),
            ("rfc8785-0.1.2-py3-none-any.whl", Some(("rfc8785", "0.1.2"))),
            ("pypi_attestations-0.0.19.tar.gz", Some(("pypi_attestations", "0.0.19"))),
            ("a-b-1.0.0-rc.1.crate", Some(("a-b", "1.0.0-rc.1"))),
            ("a.txt", None),
            ("", None),
        ] {
            let expected = expected.map(|(name, version): (&str, &str)| (name.to_owned(), version.to_owned()));
            assert_eq!(package_of(subject), expected, "{subject}");
        }
    }
}
