//! Documents that are written here, by the papers that ask for fields.

use std::collections::BTreeSet;

use super::documents::{built, info, mixed};
use crate::{Document, DocumentInfo, Inventory, Listed, Need, PROFILES, Profile, SBOM_FORMS, Verdict};

fn written(form: &str, inventory: &Inventory, info: &DocumentInfo) -> Document {
    let form = SBOM_FORMS.iter().find(|one| one.name == form).unwrap();
    let bytes = form.write(inventory, info).unwrap();
    Document::read(&bytes).unwrap_or_else(|fault| panic!("{}: {fault}", form.name))
}

/// Nobody is stated, no version, no commit: what a folder has.
fn nobody() -> DocumentInfo {
    DocumentInfo {
        name: String::new(),
        version: None,
        commit: String::new(),
        claimant: None,
        contact: None,
        identifiers: Vec::new(),
        ..info()
    }
}

fn named<'d>(document: &'d Document, name: &str) -> &'d Listed {
    document.components.iter().find(|one| one.name.as_deref() == Some(name)).unwrap()
}

#[test]
fn nothing_is_missing_in_silence() {
    for (form, profile, expected) in [
        ("cyclonedx", "ntia-2021", &[][..]),
        ("cyclonedx", "cisa-2026", &["SBOM Author Signature"]),
        ("cyclonedx-1.6", "cisa-2026", &["SBOM Author Signature"]),
        ("cyclonedx-1.6", "bsi-2.1", &[]),
        ("cyclonedx-1.7", "cisa-2026", &["SBOM Author Signature"]),
        ("cyclonedx-1.7", "bsi-2.1", &[]),
        ("spdx", "ntia-2021", &[]),
        ("spdx", "cisa-2026", &["SBOM Author Signature"]),
        ("spdx-3.0.1", "cisa-2026", &["SBOM Author Signature"]),
        ("spdx-3.0.1", "bsi-2.1", &[]),
    ] {
        for inventory in [mixed(), built(true), Inventory::default()] {
            for info in [info(), nobody(), DocumentInfo { contact: None, ..info() }] {
                let report = Profile::named(profile).unwrap().check(&written(form, &inventory, &info));
                let not_met: Vec<&str> = report
                    .fields
                    .iter()
                    .filter(|field| field.need == Need::Required)
                    .filter(|field| !matches!(field.verdict, Verdict::Met | Verdict::Unknown))
                    .map(|field| field.name)
                    .collect();
                assert_eq!(not_met, expected, "{form} by {profile}");
            }
        }
    }
}

#[test]
fn what_is_known_is_not_said_to_be_unknown() {
    for form in SBOM_FORMS {
        let document = written(form.name, &mixed(), &info());
        assert_eq!(document.unknown, BTreeSet::new(), "{}", form.name);
        assert_eq!(document.withheld, Some(BTreeSet::new()), "{}", form.name);
        let author = document.authors.first().unwrap();
        assert!(author.contacts.contains(&"sbom@example.org".to_owned()), "{}: {author:?}", form.name);
        let product = document.components.iter().find(|one| one.root).unwrap();
        assert_eq!(product.purl.as_deref(), Some("pkg:generic/tiny@1.2.3"), "{}", form.name);
        let swhid = format!("swh:1:rev:{}", info().commit);
        let cpe = "cpe:2.3:a:example:tiny:*:*:*:*:*:*:*:*".to_owned();
        assert!([swhid, cpe].iter().all(|id| product.identifiers.contains(id)), "{}: {product:?}", form.name);
        assert!(product.unknown.contains("Component Hash Value") && !product.unknown.contains("Component Producer"));
        for (name, unknown, known) in [
            ("a", "Component Producer", "Component License"),
            ("b", "Component License", "Component Dependency Relationship"),
            ("t", "Component License", "Component Dependency Relationship"),
            ("a", "Distribution licences", "Component Hash Value"),
            ("app", "Component Hash Value", "Component Producer"),
        ] {
            let found = &named(&document, name).unknown;
            assert!(found.contains(unknown), "{}: {name} {unknown}", form.name);
            assert!(!found.contains(known), "{}: {name} {known}", form.name);
        }
    }
}

#[test]
fn what_a_lockfile_leaves_open_is_not_said_to_be_whole() {
    // requirements.txt lists packages, and nothing of what they need.
    let files = [("requirements.txt", "a==1\nb==2\n"), ("go.mod", "module example.org/m\n")];
    let inventory = crate::test_support::of(&files, &crate::test_support::lockfile_only());
    for (form, expected) in
        [("cyclonedx", Some("unknown")), ("cyclonedx-1.7", Some("unknown")), ("spdx-3.0.1", Some("noAssertion"))]
    {
        let document = written(form, &inventory, &info());
        for name in ["a", "b"] {
            let one = named(&document, name);
            assert_eq!((one.completeness.as_deref(), one.states_dependencies), (expected, false), "{form} {name}");
            assert!(one.unknown.contains("Component Dependency Relationship"), "{form}");
        }
    }
    let document = written("spdx", &inventory, &info());
    assert!(!named(&document, "a").states_dependencies);
    for form in SBOM_FORMS.iter().map(|form| form.name) {
        // Of the lockfile of npm all is known.
        let document = written(form, &mixed(), &info());
        let (a, b) = (named(&document, "a"), named(&document, "b"));
        assert!(a.states_dependencies && b.states_dependencies && b.depends_on.is_empty(), "{form}");
        assert_eq!(a.depends_on.as_slice(), std::slice::from_ref(&b.id), "{form}");
        let whole = [a, b].map(|one| one.completeness.as_deref().unwrap_or("complete").to_owned());
        assert_eq!(whole, ["complete", "complete"], "{form}");
    }
}

#[test]
fn a_product_with_changes_is_not_the_commit() {
    for (info, expected) in [
        (info(), true),
        (DocumentInfo { changed: true, ..info() }, false),
        (DocumentInfo { commit: "0".repeat(64), ..info() }, false),
        (DocumentInfo { commit: String::new(), ..info() }, false),
    ] {
        for form in SBOM_FORMS {
            let document = written(form.name, &mixed(), &info);
            let product = document.components.iter().find(|one| one.root).unwrap();
            let has = product.identifiers.iter().any(|id| id.starts_with("swh:1:rev:"));
            assert_eq!(has, expected, "{} {info:?}", form.name);
        }
    }
}

/// A name that no paper has would say nothing to anybody.
#[test]
fn what_is_named_as_unknown_is_a_field_of_a_paper() {
    let fields: BTreeSet<&str> =
        PROFILES.iter().flat_map(|profile| profile.rows).flat_map(|row| [row.name, row.unknown]).collect();
    for inventory in [mixed(), built(true)] {
        for info in [info(), nobody(), DocumentInfo { contact: None, ..info() }] {
            let document = written("cyclonedx-1.6", &inventory, &info);
            let names = document.components.iter().flat_map(|one| &one.unknown).chain(&document.unknown);
            for name in names {
                assert!(fields.contains(name.as_str()), "{name}");
            }
        }
    }
}
