//! What is written of any graph of components is read back: the same components, edges, digests and licences, in every form.

use std::collections::BTreeMap;

use plimsoll_model::body::Reach;
use proptest::{
    collection::{btree_set, vec},
    prelude::*,
    sample::select,
};

use super::documents::info;
use crate::{
    Cause, Component, Document, Gap, Inventory, Listed, SBOM_FORMS, Source,
    component::Origin,
    hash::{Algorithm, Hash},
    sbom::entries::{self, Entries, Entry},
};

/// One component as a document holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    purl: String,
    name: String,
    version: Option<String>,
    hashes: Vec<(String, String)>,
    licence: Option<String>,
    excluded: bool,
    /// Package URLs of what it depends on, and whether that is all.
    edges: Vec<String>,
    edges_known: bool,
    no_producer: bool,
}

fn written(entries: &Entries<'_>, reference: &str, entry: &Entry<'_>) -> Row {
    let component = entry.component;
    let in_documents =
        |hash: &&Hash| Some((hash.algorithm().in_documents()?.replace('-', ""), hash.value().to_owned()));
    let mut edges: Vec<String> =
        entry.depends_on.iter().filter_map(|to| entries.all.get(to)).map(|to| to.component.purl.clone()).collect();
    edges.sort();
    Row {
        purl: component.purl.clone(),
        name: component.name.clone(),
        version: Some(component.version.clone()).filter(|version| !version.is_empty()),
        hashes: entry.hashes.iter().filter_map(in_documents).collect(),
        licence: entry.licence.map(ToOwned::to_owned),
        excluded: matches!(entry.reach, Reach::Build | Reach::Dev | Reach::NotInGraph),
        edges,
        edges_known: entry.edges_known,
        no_producer: !entries.own.contains(reference),
    }
}

fn read(one: &Listed, purls: &BTreeMap<&str, &str>) -> Row {
    let mut edges: Vec<String> =
        one.depends_on.iter().map(|to| purls.get(to.as_str()).copied().unwrap_or("?").to_owned()).collect();
    edges.sort();
    let mut hashes: Vec<(String, String)> =
        one.hashes.iter().map(|hash| (hash.algorithm.clone(), hash.value.clone())).collect();
    hashes.sort();
    Row {
        purl: one.purl.clone().unwrap_or_default(),
        name: one.name.clone().unwrap_or_default(),
        version: one.version.clone(),
        hashes,
        licence: one.declared.first().cloned(),
        excluded: one.excluded,
        edges,
        // SPDX 2.3 has no word for completeness: that not all is known is one more end of an edge.
        edges_known: match &one.completeness {
            Some(word) => word == "complete",
            None => !one.unknown.contains("Component Dependency Relationship"),
        },
        no_producer: one.unknown.contains("Component Producer"),
    }
}

fn names() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z][a-z0-9_.-]{0,8}",
        "@[a-z]{1,4}/[a-z]{1,6}",
        "[a-z]{1,4}[ \"\\\\<>&';:,#?%é\u{4e16}][a-z]{1,4}",
        Just("NOASSERTION-x; not known: Component Version".to_owned()),
    ]
}

fn hashes() -> impl Strategy<Value = Vec<Hash>> {
    let algorithms = select(vec![
        Algorithm::GoH1,
        Algorithm::Md5,
        Algorithm::Sha1,
        Algorithm::Sha256,
        Algorithm::Sha384,
        Algorithm::Sha512,
    ]);
    let one = (algorithms, 0_u8..=255).prop_filter_map("of its length", |(algorithm, byte)| {
        [16_usize, 20, 32, 48, 64]
            .into_iter()
            .find_map(|length| Hash::of_hex(algorithm, &format!("{byte:02x}").repeat(length)))
    });
    btree_set(one, 0..3).prop_map(|all| all.into_iter().collect())
}

fn licences() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(select(vec![
        "MIT",
        "MIT OR Apache-2.0",
        "GPL-2.0-or-later WITH Classpath-exception-2.0",
        "(MIT AND ISC) OR LicenseRef-own",
        "LicenseRef-own",
        "DocumentRef-other:LicenseRef-own",
        "SEE LICENSE IN LICENCE.txt",
        "BSD",
        "NONE",
        "NOASSERTION",
        "mine; not known: Component Name",
    ]))
    .prop_map(|text| text.map(ToOwned::to_owned))
}

prop_compose! {
    fn component()(
        number in 0_u8..6,
        name in names(),
        version in select(vec!["1.0.0", "2.0.0-rc.1+build", "v0.0.0-20200101000000-0123456789ab", ""]),
        (source, origin) in select(vec![
            (Source::Registry, Origin::Public("npm")),
            (Source::Registry, Origin::Registry("https://registry.example/?a=b".to_owned())),
            (Source::Git, Origin::Git { url: "https://git.example.org/a".to_owned(), revision: Some("0".repeat(40)) }),
            (Source::Path, Origin::Folder),
            (Source::Workspace, Origin::Folder),
        ]),
        hashes in hashes(),
        licence in licences(),
        reach in select(vec![Reach::Shipped, Reach::Build, Reach::Dev, Reach::NotInGraph, Reach::Unknown]),
        class in select(vec!["shipped", "test", "vendored"]),
        lockfile in proptest::option::of(select(vec!["package-lock.json", "a b;c/package-lock.json"])),
        edges in vec(0_u8..6, 0..4),
        (opaque, edges_known) in (any::<bool>(), any::<bool>()),
    ) -> Component {
        let purl = |number: u8| format!("pkg:npm/%40s/p{number}@{number}.0?vcs_url=git%2Bhttps://a");
        let is_local = matches!(source, Source::Workspace | Source::Path);
        Component {
            name,
            version: version.to_owned(),
            release: None,
            asks: std::collections::BTreeMap::new(),
            purl: purl(number),
            source,
            source_url: None,
            hashes,
            licence,
            open_licence: None,
            member: source == Source::Workspace,
            direct: false,
            scopes: Vec::new(),
            in_default: None,
            in_all_features: None,
            targets: Vec::new(),
            reach,
            class: class.to_owned(),
            lockfile: lockfile.map(ToOwned::to_owned),
            depends_on: edges.into_iter().map(purl).collect(),
            place: "package.json".to_owned(),
            blob: String::new(),
            origin,
            own: is_local,
            opaque: opaque && !is_local,
            edges_known,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_back(
        components in vec(component(), 0..10),
        gap in proptest::option::of(select(vec!["a is not read", "x; not known: SBOM Author; withheld: SBOM Author"])),
    ) {
        let gaps = gap.into_iter().map(|reason| Gap {
            cause: Cause::NotListed,
            path: String::new(),
            reason: reason.to_owned(),
        });
        let inventory = Inventory { components, gaps: gaps.collect(), ..Inventory::default() };
        let entries = entries::entries(&inventory);
        let mut expected: Vec<Row> =
            entries.all.iter().map(|(reference, entry)| written(&entries, reference, entry)).collect();
        expected.sort();
        for form in SBOM_FORMS {
            let bytes = form.write(&inventory, &info()).unwrap();
            let document = Document::read(&bytes);
            prop_assert!(document.is_ok(), "{}: {:?}", form.name, document);
            let document = document.unwrap();
            prop_assert!(document.unknown.is_empty(), "{}: {:?}", form.name, document.unknown);
            prop_assert_eq!(document.withheld.as_ref().map(std::collections::BTreeSet::len), Some(0));
            let purls: BTreeMap<&str, &str> =
                document.components.iter().map(|one| (one.id.as_str(), one.purl.as_deref().unwrap_or_default())).collect();
            let parts = document.components.iter().filter(|one| !one.root);
            let mut found: Vec<Row> = parts.map(|one| read(one, &purls)).collect();
            found.sort();
            prop_assert_eq!(&found, &expected, "{}", form.name);
            let product = document.components.iter().find(|one| one.root).unwrap();
            prop_assert_eq!(product.depends_on.len(), entries.product.len(), "{}", form.name);
            if form.name != "spdx" {
                let word = if gap.is_some() { "incomplete" } else { "complete" };
                prop_assert_eq!(&document.completeness, &[word.to_owned()], "{}", form.name);
            }
        }
    }
}
