//! Default documents of the organisation: they count where the repository has none of the type.
//!
//! Source: GitHub, "Creating a default community health file".

use jiff::civil::Date;
use plimsoll_model::{OrgDefaults, tree_path};

use super::{PolicyFact, places, start};

/// The types of which there are defaults, by the names of their files.
const NAMES: &[(&str, &str)] = &[
    ("security", "security-policy"),
    ("contributing", "contributing"),
    ("support", "support"),
    ("governance", "governance"),
    ("code-of-conduct", "code-of-conduct"),
];
/// Where the code host looks for them, in its order.
const FOLDERS: &[&str] = &[".github", "", "docs"];
/// What the facts of defaults have before their paths.
const WHOSE: &str = "the organisation's ";

/// The type of the default document that a file of this path is, in the repository of the organisation or in one of its own, and the
/// place of its folder in the order.
fn default_type(path: &str) -> Option<(&'static str, usize)> {
    let stem = tree_path::name(path).split('.').next().unwrap_or_default().to_ascii_lowercase().replace('_', "-");
    let order = FOLDERS.iter().position(|folder| *folder == tree_path::folder(path))?;
    let (_, kind) = NAMES.iter().find(|(name, _)| *name == stem)?;
    let place = places::recognise(path).filter(|place| place.kind == *kind)?;
    Some((place.kind, order))
}

/// Is a file of this path a default document?
pub(crate) fn is_default_document(path: &str) -> bool {
    default_type(path).is_some()
}

/// The facts about the documents that count, and one that says that defaults were looked at. `own` are the paths of the
/// repository, `prepare` fills in what is known of it.
pub(super) fn facts<'a>(
    given: &OrgDefaults,
    own: impl Iterator<Item = &'a str>,
    prepare: impl Fn(&mut PolicyFact),
    today: Date,
) -> Vec<PolicyFact> {
    let own: Vec<&str> = own.filter_map(|path| Some(default_type(path)?.0)).collect();
    let mut found = Vec::new();
    for (_, kind) in NAMES.iter().filter(|(_, kind)| !own.contains(kind)) {
        let of_kind = given.documents.iter().filter_map(|one| {
            let (is, order) = default_type(&one.path)?;
            (is == *kind).then_some((order, one))
        });
        let Some((_, document)) = of_kind.min_by_key(|(order, one)| (*order, &one.path)) else { continue };
        let Some(place) = places::recognise(&document.path) else { continue };
        let mut fact = start(kind, &format!("{WHOSE}{}", document.path), &super::hidden::visible(&document.text));
        prepare(&mut fact);
        (place.reader)(&document.text, &mut fact, today);
        fact.valid = fact.problems.is_empty();
        found.push(fact);
    }
    let covers = found.iter().map(|fact| fact.kind.to_owned()).collect();
    let looked = PolicyFact { covers, valid: true, ..start("organisation-defaults", &format!("{WHOSE}defaults"), "") };
    found.push(looked);
    found
}

#[cfg(test)]
mod tests {
    use plimsoll_model::DefaultDocument;

    use super::*;

    const POLICY: &str = "# Security\n\nReport in private to security@acme.dev. We answer within 3 days.\n";

    fn given(documents: &[(&str, &str)]) -> OrgDefaults {
        let one = |(path, text): &(&str, &str)| DefaultDocument { path: (*path).to_owned(), text: (*text).to_owned() };
        OrgDefaults::new("0123456789abcdef0123456789abcdef01234567".to_owned(), documents.iter().map(one).collect())
    }

    fn of(documents: &[(&str, &str)], own: &[&str]) -> Vec<(String, bool)> {
        let facts = facts(&given(documents), own.iter().copied(), |_| {}, Date::constant(2026, 11, 1));
        facts.into_iter().map(|fact| (fact.path, fact.valid)).collect()
    }

    #[test]
    fn a_default_counts_where_the_repository_has_none_of_the_type() {
        let security = [(".github/SECURITY.md", "nothing"), ("SECURITY.md", POLICY)];
        let looked = ("the organisation's defaults".to_owned(), true);
        let first = ("the organisation's .github/SECURITY.md".to_owned(), false);
        assert_eq!(of(&security, &[]), [first.clone(), looked.clone()]);
        assert_eq!(of(&security[1..], &[]), [("the organisation's SECURITY.md".to_owned(), true), looked.clone()]);
        // Its own file counts whatever it says, where the code host shows it.
        for own in ["SECURITY.md", ".github/security.md", "docs/SECURITY.rst"] {
            assert_eq!(of(&security, &[own]), std::slice::from_ref(&looked), "{own}");
        }
        for other in
            ["src/SECURITY.md", "docs/deep/SECURITY.md", "SECURITY.rs", "CONTRIBUTING.md", "docs/disclosure-policy.md"]
        {
            assert_eq!(of(&security, &[other]), [first.clone(), looked.clone()], "{other}");
        }
    }

    #[test]
    fn what_is_no_default_document_is_left_out() {
        for path in [
            "LICENSE",
            ".github/CODEOWNERS",
            ".github/dependabot.yml",
            "profile/SECURITY.md",
            "responsible-disclosure.md",
            ".gitlab/SECURITY.md",
            "README.md",
        ] {
            assert!(!is_default_document(path), "{path}");
            assert_eq!(of(&[(path, POLICY)], &[]).len(), 1, "{path}");
        }
        for path in ["SECURITY.md", ".github/Contributing.md", "docs/GOVERNANCE.md", "CODE_OF_CONDUCT.md", "SUPPORT.md"]
        {
            assert!(is_default_document(path), "{path}");
        }
    }
}
