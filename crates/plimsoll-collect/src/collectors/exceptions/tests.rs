use super::*;

mod formats;

fn stated(reason: &str, until: Option<Date>) -> Stated {
    Stated { advisory: "RUSTSEC-2020-0001".to_owned(), reason: reason.to_owned(), until, ..Stated::default() }
}

#[test]
fn an_exception_lapses_with_its_file() {
    let (today, day) = (jiff::civil::date(2026, 11, 1), jiff::civil::date);
    let of = |from: Date, until: Date| {
        let own = Some(day(2027, 5, 1));
        Stated { file_counts: Some((from, until)), ..stated("not reachable", own) }.problem(today)
    };
    assert_eq!(of(today, today), None);
    assert!(of(day(2020, 1, 1), day(2026, 10, 31)).unwrap().contains("looked at again by 2026-10-31"));
    assert!(of(day(2026, 11, 2), day(2027, 11, 1)).unwrap().contains("is to come"));
}

#[test]
fn only_reason_and_end_date_together_count() {
    let today = jiff::civil::date(2026, 11, 1);
    let later = Some(jiff::civil::date(2026, 11, 1));
    assert_eq!(stated("not reachable", later).problem(today), None);
    assert_eq!(stated("x", Some(jiff::civil::date(2027, 11, 1))).problem(today), None);
    for (one, says) in [
        (stated("", later), "no reason"),
        (stated("  ", later), "no reason"),
        (stated("x", None), "no end date"),
        (stated("x", Some(jiff::civil::date(2026, 10, 31))), "ended on 2026-10-31"),
        (stated("x", Some(jiff::civil::date(2027, 11, 2))), "ends by 2027-11-01"),
        (stated("x", Some(jiff::civil::date(9999, 12, 31))), "ends by 2027-11-01"),
    ] {
        assert!(one.problem(today).unwrap().contains(says));
    }
}

#[test]
fn files_with_exceptions_of_other_tools_are_known_by_name() {
    for (path, expected) in [
        (".trivyignore", Some("trivy")),
        ("deploy/.trivyignore.yaml", Some("trivy")),
        (".grype.yaml", Some("grype")),
        (".grype/config.yaml", Some("grype")),
        ("config.yaml", None),
        ("sub/osv-scanner.toml", Some("osv-scanner")),
        ("crates/a/deny.toml", Some("cargo-deny")),
        (".vex/app.json", None),
        ("vex.toml", None),
        ("src/main.rs", None),
    ] {
        assert_eq!(unread(path), expected, "{path}");
    }
}

/// A component of one lockfile.
fn component(lockfile: &str, purl: &str, member: bool, depends_on: &[&str]) -> Component {
    let (name, version) = purl.rsplit_once('/').unwrap().1.split_once('@').unwrap();
    plimsoll_components::component_of_fact(
        serde_json::json!({
            "name": name, "version": version.split('?').next(), "purl": purl,
            "source": if member { "workspace" } else { "registry" }, "sourceUrl": null, "hashes": [], "licence": null,
            "member": member, "direct": true, "scopes": [], "inDefault": null, "inAllFeatures": null, "targets": [],
            "reach": "shipped", "class": "shipped", "lockfile": lockfile, "dependsOn": depends_on,
        })
        .as_object()
        .unwrap(),
    )
    .unwrap()
}

const APP: &str = "pkg:cargo/app@1.0.0?download_url=file:%2F%2F.";
const TIME: &str = "pkg:cargo/time@0.1.43";

/// A workspace of one member, and another with two that have nothing in common but what they are built from.
pub(in crate::collectors) fn components() -> Vec<Component> {
    vec![
        component("Cargo.lock", APP, true, &[TIME]),
        component("Cargo.lock", TIME, false, &[]),
        component(
            "two/Cargo.lock",
            "pkg:cargo/left@2.0.0?download_url=file:%2F%2F.%2Fleft",
            true,
            &[TIME, "pkg:cargo/core@1.0.0"],
        ),
        component("two/Cargo.lock", "pkg:cargo/right@2.0.0?download_url=file:%2F%2F.%2Fright", true, &[TIME]),
        component("two/Cargo.lock", TIME, false, &[]),
        component("two/Cargo.lock", "pkg:cargo/core@1.0.0", false, &[]),
    ]
}

pub(in crate::collectors) fn finding(lockfile: &str, purl: &str, advisory: &str, patched: &[&str]) -> AdvisoryFinding {
    let (package, version) = purl.rsplit_once('/').unwrap().1.split_once('@').unwrap();
    serde_json::from_value(serde_json::json!({
        "advisory": advisory, "aliases": ["CVE-2020-1", "GHSA-x"], "vulnerability": advisory, "package": package,
        "version": version, "purl": purl, "kind": "vulnerability", "severity": "high", "cvss": null, "patched": patched,
        "affectedFunctions": [], "arch": [], "os": [], "published": null, "reach": "shipped", "class": "shipped",
        "lockfile": lockfile, "path": [], "exceptions": [], "handled": false,
    }))
    .unwrap()
}

/// A statement of OpenVEX, which says nothing but what is needed; `more` is added.
fn statement(product: &str, component: &str, status: &str, more: &serde_json::Value) -> serde_json::Value {
    let mut product = serde_json::json!({"@id": product});
    if !component.is_empty() {
        product["subcomponents"] = serde_json::json!([{"@id": component}]);
    }
    let mut statement =
        serde_json::json!({"vulnerability": {"name": "CVE-2020-1"}, "products": [product], "status": status});
    if status == "not_affected" {
        statement["justification"] = "vulnerable_code_not_present".into();
    }
    for (name, value) in more.as_object().into_iter().flatten() {
        statement[name] = value.clone();
    }
    statement
}

fn document(statements: &[serde_json::Value]) -> String {
    serde_json::json!({"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-06-01T12:00:00Z", "statements": statements})
        .to_string()
}

/// What documents, by the names of their files, say about products of the components.
pub(in crate::collectors) fn read_all(documents: &[(&str, String)]) -> Exceptions {
    let components = components();
    let own = own();
    let mut found = Read::default();
    for (file, text) in documents {
        vex_files::take(&mut found, &own, file, &Pointer::path(*file), text, Candidate::Named);
    }
    Exceptions::new(found, &components)
}

fn own() -> Own {
    let text = "schema = 1\ndate = 2026-01-01\nreview-by = 2027-01-01\n[product]\nname = \"The App\"\nversion = \"3.0.0\"\nclaimant = \"Acme\"\n\
                url = \"https://github.com/Acme/App\"\n[scope]\nidentifiers = [\"pkg:docker/acme/app\"]\n";
    let claims = crate::claims::parse(text).unwrap();
    let classes = claims.path_classes().unwrap();
    let claims =
        ClaimsFile::Present { claims: Box::new(claims), classes, pointer: Pointer::default(), sha256: String::new() };
    Own::new(&components(), &claims, &Manifests::default())
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Is the finding of the first lockfile shown with the statements, and does one of them count?
fn check(statements: &[serde_json::Value], on: &str, shown: usize, counts: bool) {
    let exceptions = read_all(&[(".vex/a.json", document(statements))]);
    let found = exceptions.on(&finding("Cargo.lock", TIME, "RUSTSEC-2020-0001", &[]), day(on));
    let counting = found.iter().any(|one| one.valid);
    assert_eq!((found.len(), counting), (shown, counts), "{on} {statements:?} {found:?}");
}

#[test]
fn a_statement_answers_what_it_names_and_nothing_else() {
    let none = serde_json::json!({});
    let of = |product: &str, component: &str| [statement(product, component, "not_affected", &none)];
    for (product, component, answers) in [
        // The component by itself, in its version or in all.
        (TIME, "", true),
        ("pkg:cargo/time", "", true),
        ("pkg:cargo/time@0.1.44", "", false),
        ("pkg:cargo/tim", "", false),
        ("pkg:npm/time@0.1.43", "", false),
        // The member, with the component or with all of its components.
        ("pkg:cargo/app", "", true),
        ("pkg:cargo/app@1.0.0", TIME, true),
        ("pkg:cargo/app", "pkg:cargo/time", true),
        ("pkg:cargo/app", "pkg:cargo/time@0.2.0", false),
        ("pkg:cargo/app@1.0.1", TIME, false),
        ("pkg:cargo/app@1.0.1", "", false),
        // The repository, or what the maker calls the product.
        ("pkg:github/acme/app", "", true),
        ("pkg:github/acme/app@v3.0.0", TIME, true),
        ("pkg:github/acme/app@v2.9.0", TIME, false),
        ("https://github.com/acme/app", TIME, true),
        ("https://github.com/acme/app.git@refs/tags/v3.0.0", "", true),
        ("https://github.com/acme/app@v2.0.0", "", false),
        ("pkg:docker/acme/app@3.0.0", TIME, true),
        // A part of the product, or what is only called so, says nothing of it.
        ("pkg:github/acme/app@v3.0.0#sub/other", "pkg:cargo/time", false),
        ("pkg:github/acme/app@v3.0.0#sub/other", "", false),
        ("pkg:github/acme/app?repository_url=https://git.example", TIME, false),
        ("https://github.com/acme/app#sub", TIME, false),
        ("https://github.com/acme/app?ref=v2.0.0", TIME, false),
        ("pkg:cargo/app?repository_url=https://other.example", "pkg:cargo/time", false),
        ("pkg:cargo/app?download_url=https:%2F%2Fother.example%2Fapp.crate", TIME, false),
        ("pkg:cargo/app?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fevil%2Fapp", TIME, false),
        ("pkg:cargo/app?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Facme%2Fapp%40v2.0.0", TIME, false),
        ("pkg:cargo/app?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Facme%2Fapp", TIME, true),
        ("pkg:cargo/app?arch=arm64", TIME, false),
        ("pkg:cargo/app#src", "", false),
        ("pkg:docker/acme/app?repository_url=ghcr.io", TIME, false),
        ("pkg:docker/acme/app?tag=2.0.0", TIME, false),
        // Another product says nothing of this one, whichever component it has.
        ("pkg:cargo/other@1.0.0", TIME, false),
        ("pkg:github/acme/app2", TIME, false),
        ("https://github.com/acme/other", TIME, false),
        ("https://a.example/The App", TIME, false),
        ("app", TIME, false),
        ("", TIME, false),
    ] {
        check(&of(product, component), "2026-11-01", usize::from(answers), answers);
    }
}

#[test]
fn statements_need_a_reason_and_count_for_a_year() {
    let one = |more: &serde_json::Value| [statement("pkg:cargo/app", TIME, "not_affected", more)];
    let none = serde_json::json!({});
    for (today, counts) in
        [("2026-05-31", false), ("2026-06-01", true), ("2026-11-01", true), ("2027-06-01", true), ("2027-06-02", false)]
    {
        check(&one(&none), today, 1, counts);
    }
    let with = |name: &str, value: serde_json::Value| serde_json::json!({name: value});
    for (more, counts) in [
        (with("justification", "because".into()), false),
        (with("justification", serde_json::Value::Null), false),
        (with("impact_statement", "It is not called.".into()), true),
        (with("timestamp", "2025-10-31T00:00:00Z".into()), false),
        (with("timestamp", "2025-11-01T00:00:00Z".into()), true),
        (with("timestamp", "2026-11-02T00:00:00Z".into()), false),
        (with("last_updated", "2026-10-01T00:00:00Z".into()), true),
        (with("timestamp", "last week".into()), false),
        (serde_json::json!({"timestamp": "2025-01-01T00:00:00Z", "last_updated": "2026-10-01T00:00:00Z"}), true),
        (serde_json::json!({"timestamp": "2026-10-01T00:00:00Z", "last_updated": "2025-01-01T00:00:00Z"}), false),
    ] {
        check(&one(&more), "2026-11-01", 1, counts);
    }
    let undated = document(&one(&none)).replace("\"timestamp\":", "\"time\":");
    let exceptions = read_all(&[("a.vex.json", undated)]);
    let found = exceptions.on(&finding("Cargo.lock", TIME, "RUSTSEC-2020-0001", &[]), day("2026-11-01"));
    assert!(found.len() == 1 && !found[0].valid && found[0].until.is_none());
}

#[test]
fn fixed_counts_for_the_version_at_hand_and_the_rest_answers_nothing() {
    let none = serde_json::json!({});
    for (product, component, shown, counts) in [
        ("pkg:cargo/app@1.0.0", TIME, 1, true),
        ("pkg:cargo/app@1.0.0", "", 1, true),
        ("pkg:cargo/app", TIME, 1, false),
        ("pkg:cargo/app@1.0.1", TIME, 0, false),
        ("pkg:github/acme/app@v3.0.0", TIME, 1, true),
        ("pkg:github/acme/app", TIME, 1, false),
        (TIME, "", 1, true),
        ("pkg:cargo/time", "", 1, false),
    ] {
        check(&[statement(product, component, "fixed", &none)], "2026-11-01", shown, counts);
    }
    for status in ["affected", "under_investigation"] {
        check(&[statement("pkg:cargo/app@1.0.0", TIME, status, &none)], "2026-11-01", 1, false);
    }
}

#[test]
fn a_later_statement_is_in_the_place_of_an_earlier_one() {
    let at = |product: &str, status: &str, time: &str| {
        statement(product, "", status, &serde_json::json!({"timestamp": time}))
    };
    let (early, late) = ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z");
    for (one, other, counts) in [
        (at(TIME, "not_affected", early), at(TIME, "affected", late), false),
        (at(TIME, "affected", early), at(TIME, "not_affected", late), true),
        (at(TIME, "not_affected", early), at(TIME, "under_investigation", late), false),
        (at(TIME, "not_affected", early), at(TIME, "not_affected", late), true),
        // At the same time, or at no known time, they contradict each other.
        (at(TIME, "not_affected", early), at(TIME, "affected", early), false),
        (at(TIME, "not_affected", early), at(TIME, "affected", "once"), false),
        // What is to come is not said yet; what it leaves open is believed.
        (at(TIME, "not_affected", early), at(TIME, "affected", "2027-01-01T00:00:00Z"), false),
        (at(TIME, "not_affected", early), at(TIME, "not_affected", "2027-01-01T00:00:00Z"), true),
        // Of the same pair: also where one of them names it in other words, and not where it is about another.
        (at("pkg:cargo/app", "not_affected", early), at("pkg:cargo/time", "affected", late), false),
        (at("pkg:cargo/time", "not_affected", early), at("pkg:cargo/time@0.1.44", "affected", late), true),
        (at(TIME, "not_affected", early), at("pkg:cargo/other", "affected", late), true),
        // What cannot be read is not what was said before.
        (at(TIME, "not_affected", early), at(TIME, "affected_maybe", late), false),
        (at(TIME, "not_affected", early), at(TIME, "", late), false),
        (at(TIME, "not_affected", early), at(TIME, "NOT_AFFECTED", early), false),
        (at(TIME, "not_affected", late), at(TIME, "affected_maybe", early), true),
        (at(TIME, "not_affected", early), at("pkg:cargo/other", "affected_maybe", late), true),
        // What is open in a part is open in the whole.
        (at(TIME, "not_affected", early), at("pkg:github/acme/app#sub", "affected", late), false),
        (at(TIME, "not_affected", early), at("pkg:cargo/app?repository_url=https://a.example", "affected", late), true),
    ] {
        let shown = |statements: &[serde_json::Value]| {
            let exceptions = read_all(&[(".vex/a.json", document(statements))]);
            exceptions.on(&finding("Cargo.lock", TIME, "RUSTSEC-2020-0001", &[]), day("2026-11-01"))
        };
        for list in [[one.clone(), other.clone()], [other.clone(), one.clone()]] {
            assert_eq!(shown(&list).iter().any(|one| one.valid), counts, "{one} {other}");
        }
        // In two files it is the same.
        let exceptions = read_all(&[("a.vex.json", document(&[one])), ("b.vex.json", document(&[other]))]);
        let found = exceptions.on(&finding("Cargo.lock", TIME, "RUSTSEC-2020-0001", &[]), day("2026-11-01"));
        assert_eq!(found.iter().any(|one| one.valid), counts);
    }
    // One without a reason is no better than none, and the earlier one is gone all the same.
    let bare = statement(TIME, "", "not_affected", &serde_json::json!({"timestamp": late, "justification": null}));
    check(&[at(TIME, "not_affected", early), bare], "2026-11-01", 2, false);
}

/// Two products of one repository: what is said of one is not said of what the other has as well.
#[test]
fn a_statement_about_one_member_is_about_what_it_is_built_from_alone() {
    let answered = |product: &str, lockfile: &str, purl: &str| {
        let one = statement(product, "", "not_affected", &serde_json::json!({}));
        let exceptions = read_all(&[("a.vex.json", document(&[one]))]);
        !exceptions.on(&finding(lockfile, purl, "RUSTSEC-2020-0001", &[]), day("2026-11-01")).is_empty()
    };
    let core = "pkg:cargo/core@1.0.0";
    for (product, lockfile, purl, expected) in [
        ("pkg:cargo/left", "two/Cargo.lock", core, true),
        ("pkg:cargo/left", "two/Cargo.lock", TIME, false),
        ("pkg:cargo/right", "two/Cargo.lock", TIME, false),
        ("pkg:cargo/right", "two/Cargo.lock", core, false),
        ("pkg:cargo/left", "Cargo.lock", TIME, false),
        ("pkg:cargo/app", "two/Cargo.lock", TIME, false),
        ("pkg:cargo/app", "Cargo.lock", TIME, true),
        ("pkg:github/acme/app", "two/Cargo.lock", TIME, true),
        (TIME, "two/Cargo.lock", TIME, true),
    ] {
        assert_eq!(answered(product, lockfile, purl), expected, "{product} {lockfile} {purl}");
    }
    // A member that is built into the named one belongs to it.
    let nested = [
        component("Cargo.lock", APP, true, &["pkg:cargo/lib@1.0.0"]),
        component("Cargo.lock", "pkg:cargo/lib@1.0.0", true, &[TIME]),
        component("Cargo.lock", TIME, false, &[]),
    ];
    let named = |purl: &str| BTreeSet::from([purl.to_owned()]);
    let place = (Some("Cargo.lock".to_owned()), TIME.to_owned());
    assert!(covered(&nested, &named(APP)).contains(&place));
    assert!(!covered(&nested, &named("pkg:cargo/lib@1.0.0")).contains(&place));
}

#[test]
fn an_alias_is_as_good_as_the_id() {
    for (id, aliases, expected) in [
        ("RUSTSEC-2020-0001", serde_json::json!([]), 1),
        ("rustsec-2020-0001", serde_json::json!([]), 1),
        ("CVE-1", serde_json::json!(["GHSA-X"]), 1),
        ("CVE-2020-1", serde_json::json!(["RUSTSEC-2020-0001"]), 1),
        ("CVE-2020-11", serde_json::json!(["GHSA"]), 0),
    ] {
        let vulnerability = serde_json::json!({"vulnerability": {"name": id, "aliases": aliases}});
        let one = statement(TIME, "", "not_affected", &vulnerability);
        check(&[one], "2026-11-01", expected, expected == 1);
    }
}

#[test]
fn names_without_a_package_url_are_of_the_product_or_of_none() {
    use super::own::Product;
    let by = |maker: Option<&str>, name: &str, version: Option<&str>| {
        let (version, maker) = (version.map(ToOwned::to_owned), maker.map(ToOwned::to_owned));
        own().product(&crate::vex::Named { name: Some(name.to_owned()), version, maker, ..Default::default() })
    };
    let named = |name: &str, version: Option<&str>| by(Some("ACME "), name, version);
    for maker in [None, Some(""), Some("EvilCorp"), Some("Acme Inc.")] {
        for (name, version) in [("the app", None), ("The App", Some("3.0.0")), ("app", Some("1.0.0"))] {
            assert!(matches!(by(maker, name, version), Product::Unsure { .. }), "{maker:?} {name}");
        }
        assert_eq!(by(maker, "The App", Some("2")), Product::OtherVersion { named: "2".to_owned() });
        assert_eq!(by(maker, "other", None), Product::Other);
    }
    let at_hand = |at_hand| Product::Whole { at_hand };
    assert_eq!(named("the app", None), at_hand(false));
    assert_eq!(named("The App", Some("v3.0.0")), at_hand(true));
    assert_eq!(named("The App", Some("2")), Product::OtherVersion { named: "2".to_owned() });
    assert_eq!(
        named("app", Some("1.0.0")),
        Product::Members { purls: BTreeSet::from([APP.to_owned()]), at_hand: true }
    );
    assert_eq!(named("other", None), Product::Other);
    assert_eq!(own().product(&crate::vex::Named::default()), Product::Other);
    // A version next to a package URL, or in the address of the repository, narrows it.
    for (address, version, expected) in [
        (None, None, true),
        (None, Some("1.0.0"), true),
        (None, Some("2"), false),
        (Some("https://github.com/acme/app"), None, true),
        (Some("https://github.com/acme/app@v2"), None, false),
        (Some("https://a.example/app@v2"), None, true),
    ] {
        let purl = Some("pkg:cargo/app".to_owned());
        let (version, address) = (version.map(ToOwned::to_owned), address.map(ToOwned::to_owned));
        let product =
            own().product(&crate::vex::Named { purl, version, address: address.clone(), ..Default::default() });
        assert_eq!(matches!(product, Product::Members { .. }), expected, "{address:?} {product:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String) {
        read_anything(&text);
        let _ = read_all(&[("a.vex.json", text)]);
    }
}
