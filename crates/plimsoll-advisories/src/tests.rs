//! The same findings as cargo-audit, from both sources; and what a changed snapshot gives.

use std::{borrow::Cow, collections::BTreeSet};

use plimsoll_model::body::{AdvisoryKind, Severity};
use plimsoll_testkit::{corpus, unpack};

use super::*;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 1);

/// The packages of a lockfile, by the parser that cargo-audit uses.
fn parse_lockfile(text: &str) -> Vec<LockedPackage> {
    let lockfile: cargo_lock::Lockfile = text.parse().unwrap();
    let of = |package: cargo_lock::Package| LockedPackage {
        name: package.name.as_str().to_owned(),
        version: package.version,
        default_registry: package.source.is_some_and(|source| source.is_default_registry()),
    };
    lockfile.packages.into_iter().map(of).collect()
}

type Found = BTreeSet<(String, String, String)>;

fn found(database: &Database, lockfile: &str, kind: AdvisoryKind) -> Found {
    let packages = parse_lockfile(lockfile);
    match_packages(database, &packages, TODAY)
        .unwrap()
        .into_iter()
        .filter(|one| one.kind() == kind)
        .map(|one| (one.record.id, one.package.name, one.package.version.to_string()))
        .collect()
}

fn expected(case: &serde_json::Value, kind: &str) -> Found {
    let list = match kind {
        "vulnerability" => &case["vulnerabilities"],
        other => &case["warnings"][other],
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    list.as_array().into_iter().flatten().map(|one| (text(&one[0]), text(&one[1]), text(&one[2]))).collect()
}

#[test]
fn findings_are_those_of_cargo_audit_from_either_source() {
    let Some(folder) = corpus() else { return };
    let checkout = unpack("advisories/rustsec-advisory-db.tar.zst").unwrap().join("advisory-db");
    let checkout = Database::open(&checkout).unwrap();
    assert_eq!(checkout.gaps(), <&[String]>::default());
    let embedded = Database::embedded().unwrap();
    let text = std::fs::read_to_string(folder.join("lockfiles/expected.json")).unwrap();
    let cases: serde_json::Value = serde_json::from_str(&text).unwrap();
    let cases = cases["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 8);
    for case in cases {
        let name = case["case"].as_str().unwrap();
        let lockfile = std::fs::read_to_string(folder.join("lockfiles").join(name).join("Cargo.lock")).unwrap();
        for (word, kind) in [
            ("vulnerability", AdvisoryKind::Vulnerability),
            ("unmaintained", AdvisoryKind::Unmaintained),
            ("unsound", AdvisoryKind::Unsound),
        ] {
            let expected = expected(case, word);
            assert_eq!(found(&checkout, &lockfile, kind), expected, "{name}: {word}, checkout");
            assert_eq!(found(&embedded, &lockfile, kind), expected, "{name}: {word}, embedded");
        }
    }
}

#[test]
fn the_snapshot_says_what_the_checkout_says() {
    if corpus().is_none() {
        return;
    }
    let checkout = unpack("advisories/rustsec-advisory-db.tar.zst").unwrap().join("advisory-db");
    let all = Database::open(&checkout).unwrap().all().unwrap();
    let embedded = Database::embedded().unwrap();
    assert_eq!(all, embedded.all().unwrap());
    // The ranges judge as the rustsec crate's own database does, at and beside every bound.
    let theirs = rustsec::Database::open(&checkout).unwrap();
    let registry = Ecosystem::of(REGISTRY).unwrap();
    let mut asked = 0;
    for advisory in theirs.iter().filter(|advisory| advisory.metadata.collection == Some(rustsec::Collection::Crates)) {
        let package = advisory.metadata.package.as_str();
        let records = embedded.records(package).unwrap();
        let record = records.iter().find(|record| record.id == advisory.id().to_string()).unwrap();
        for version in versions_around(record) {
            assert_eq!(record.affects(&version), advisory.versions.is_vulnerable(&version), "{} {version}", record.id);
            // And so does the record of OSV that is made of it.
            let of_osv = record.to_record(package).verdict(registry, package, &version.to_string());
            let right = if record.affects(&version) { Verdict::Affected } else { Verdict::NotAffected };
            assert_eq!(of_osv, right, "{} {version}", record.id);
            asked += 1;
        }
    }
    assert!(asked > 5000, "{asked}");
}

fn versions_around(record: &RustsecRecord) -> Vec<semver::Version> {
    let mut versions = vec!["0.0.0".parse().unwrap(), "99.0.0".parse().unwrap()];
    for text in record.patched.iter().chain(&record.unaffected) {
        for comparator in semver::VersionReq::parse(text).unwrap().comparators {
            let (major, minor, patch) =
                (comparator.major, comparator.minor.unwrap_or_default(), comparator.patch.unwrap_or_default());
            for patch in [patch, patch + 1, patch.saturating_sub(1)] {
                versions.push(semver::Version::new(major, minor, patch));
                versions.push(format!("{major}.{minor}.{patch}-alpha.1").parse().unwrap());
            }
        }
    }
    versions
}

fn small() -> String {
    let record = |id: &str| RustsecRecord {
        id: id.to_owned(),
        aliases: vec!["CVE-2020-1".to_owned()],
        kind: AdvisoryKind::Vulnerability,
        patched: vec![">=1.2.3".to_owned()],
        unaffected: vec![],
        functions: std::collections::BTreeMap::new(),
        arch: vec![],
        os: vec![],
        cvss: Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".to_owned()),
        date: "2020-01-01".to_owned(),
        withdrawn: None,
        source: None,
    };
    let packages = std::collections::BTreeMap::from([
        ("alpha".to_owned(), vec![record("RUSTSEC-2020-0001")]),
        ("beta".to_owned(), vec![record("RUSTSEC-2020-0002")]),
    ]);
    let bytes = snapshot::write(&packages, Some("abc".to_owned()), jiff::civil::date(2026, 1, 1)).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_snapshot_that_was_touched_is_refused() {
    let good = small();
    assert!(snapshot::read(Cow::Owned(good.clone())).is_ok());
    let swapped = {
        let mut lines: Vec<_> = good.lines().collect();
        lines.swap(1, 2);
        lines.join("\n") + "\n"
    };
    for (bad, says) in [
        (String::new(), "no header line"),
        ("{}\n".to_owned(), "header"),
        (good.replace("\"format\":1", "\"format\":2"), "has format 2"),
        (good[..good.len() - 10].to_owned(), "changed or cut off"),
        (good.replace("1.2.3", "1.2.2"), "changed or cut off"),
        (swapped, "changed or cut off"),
        (good.replace("\"packages\":2", "\"packages\":3"), "its header says 3"),
        (good.replace("advisory snapshot", "something else"), "format"),
        (good.replacen("\"count\"", "\"number\"", 1), "header"),
    ] {
        let error = snapshot::read(Cow::Owned(bad)).unwrap_err().to_string();
        assert!(error.contains(says), "{error} does not say {says}");
    }
}

#[test]
fn a_doubled_package_is_refused_even_with_a_right_digest() {
    let good = small();
    let (first, body) = good.split_once('\n').unwrap();
    let line = body.lines().next().unwrap();
    let doubled = format!("{line}\n{line}\n");
    let header =
        first.replace(&plimsoll_model::sha256_hex(body.as_bytes()), &plimsoll_model::sha256_hex(doubled.as_bytes()));
    let error = snapshot::read(Cow::Owned(format!("{header}\n{doubled}"))).unwrap_err().to_string();
    assert!(error.contains("out of order"), "{error}");
}

#[test]
fn severity_comes_from_the_vector_and_is_never_guessed() {
    let mut record = snapshot::read(Cow::Owned(small())).unwrap().records("alpha").unwrap().remove(0);
    let mut check = |vector: Option<&str>, severity| {
        record.cvss = vector.map(ToOwned::to_owned);
        assert_eq!(record.severity(), severity, "{vector:?}");
    };
    check(Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), Severity::Critical);
    check(Some("CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H"), Severity::Medium);
    check(Some("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"), Severity::Critical);
    check(Some("CVSS:3.1/AV:N"), Severity::Unknown);
    check(Some("nonsense"), Severity::Unknown);
    check(None, Severity::Unknown);
}

#[test]
fn a_record_of_rustsec_is_one_of_osv() {
    let mut own = snapshot::read(Cow::Owned(small())).unwrap().records("alpha").unwrap().remove(0);
    own.arch = vec!["x86".to_owned()];
    own.functions.insert("alpha::f".to_owned(), vec![">1".to_owned()]);
    own.withdrawn = Some("2026-10-01".to_owned());
    let record = own.to_record("alpha");
    assert_eq!((record.id.as_str(), &record.aliases), ("RUSTSEC-2020-0001", &own.aliases));
    assert_eq!(record.severity(&record.affected[0]), own.severity());
    assert_eq!(record.is_withdrawn(TODAY), own.is_withdrawn(TODAY));
    assert_eq!(record.severity[0].kind, "CVSS_V3");
    let affects = &record.affected[0].ecosystem_specific["affects"];
    assert_eq!(affects, &serde_json::json!({ "arch": ["x86"], "os": [], "functions": ["alpha::f"] }));
    let registry = Ecosystem::of(REGISTRY).unwrap();
    let verdict = |version: &str| record.verdict(registry, "alpha", version);
    assert_eq!(verdict("1.2.2"), Verdict::Affected);
    assert_eq!(verdict("1.2.3"), Verdict::NotAffected);
    assert!(matches!(verdict("1.2"), Verdict::Uncomparable(_)));
    assert_eq!(record.verdict(registry, "beta", "1.2.2"), Verdict::NotAffected);
    // Nothing is affected where every version is free of it, and everything where that cannot be read.
    own.unaffected = vec!["*".to_owned()];
    own.patched = vec![];
    assert!(!own.affects(&"1.0.0".parse().unwrap()) && !own.affects(&"0.0.0-a".parse().unwrap()));
    own.kind = AdvisoryKind::Unmaintained;
    assert_eq!(own.to_record("alpha").affected[0].database_specific["informational"], "unmaintained");
}

#[test]
fn a_range_that_cannot_be_read_affects_everything() {
    let mut record = snapshot::read(Cow::Owned(small())).unwrap().records("alpha").unwrap().remove(0);
    let version = "5.0.0".parse().unwrap();
    assert!(!record.affects(&version));
    record.patched = vec!["newer than ever".to_owned()];
    assert!(record.affects(&version));
    record.patched = vec![];
    assert!(record.affects(&version));
}

#[test]
fn a_broken_advisory_is_a_gap_and_an_empty_checkout_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = Database::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("no advisory in it"), "{error}");
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let good = "```toml\n[advisory]\nid = \"RUSTSEC-2020-0001\"\npackage = \"alpha\"\ndate = \"2020-01-02\"\n\n[versions]\npatched = [\">= 1.0.0\"]\n```\n\n# Title\n\nText\n";
    write("crates/alpha/RUSTSEC-2020-0001.md", good);
    write("crates/beta/RUSTSEC-2020-0002.md", "```toml\n[advisory\n```\n");
    write("crates/gamma/RUSTSEC-2020-0001.md", good);
    let database = Database::open(folder.path()).unwrap();
    assert_eq!(database.gaps().len(), 2, "{:?}", database.gaps());
    assert_eq!(database.records("alpha").unwrap().len(), 1);
    assert!(pack(&database, None, jiff::civil::date(2026, 1, 1)).is_err());
    assert_eq!(database.input().date, Some(jiff::civil::date(2020, 1, 2)));
}

/// The built-in data as it would be given, changed by `change` for each package.
fn given(change: impl Fn(&str, &mut Vec<RustsecRecord>)) -> Database {
    let mut packages = Database::embedded().unwrap().all().unwrap();
    for (name, records) in &mut packages {
        change(name, records);
    }
    packages.retain(|_, records| !records.is_empty());
    let bytes = snapshot::write(&packages, None, jiff::civil::date(2026, 11, 1)).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    Database::open(file.path()).unwrap()
}

/// A later day in the header makes old data no newer: its newest advisory says how far it goes.
#[test]
fn the_newest_advisory_dates_what_is_given() {
    let newest = Database::embedded().unwrap().all().unwrap();
    let newest = newest.values().flatten().map(|record| record.date.clone()).max().unwrap();
    let same = given(|_, _| ()).input().date.unwrap();
    assert_eq!(same.to_string(), newest);
    let later = |day: &'static str| {
        let database = given(|name, records| {
            records.iter_mut().filter(|_| name == "time").for_each(|record| record.date = day.to_owned());
        });
        database.input().date.unwrap().to_string()
    };
    assert_eq!(later("2026-10-30"), "2026-10-30");
    assert_eq!(later("2026-11-30"), "2026-11-01", "not later than its header says");
    assert_eq!(later("soon"), newest);
}

#[test]
fn what_is_given_is_held_to_what_is_built_in() {
    use AdvisoryKind::{Notice, Unclassified, Unmaintained, Unsound, Vulnerability};
    const ID: &str = "RUSTSEC-2020-0071";
    const LOW: &str = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
    const CRITICAL: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    let time = LockedPackage { name: "time".to_owned(), version: "0.1.43".parse().unwrap(), default_registry: true };
    let of_time = |change: fn(&mut RustsecRecord)| {
        given(move |_, records| records.iter_mut().filter(|record| record.id == ID).for_each(change))
    };
    let says = |database: &Database| {
        let understated = understated(database, std::slice::from_ref(&time), TODAY).unwrap();
        (database.lacks().len(), database.withdrawn().len(), understated.len())
    };
    assert_eq!(says(&Database::embedded().unwrap()), (0, 0, 0));
    assert!(!Database::embedded().unwrap().is_given());
    for (what, database, expected) in [
        ("the same", given(|_, _| ()), (0, 0, 0)),
        (
            "newer",
            given(|name, records| {
                records.extend(
                    records
                        .first()
                        .filter(|_| name == "time")
                        .map(|one| RustsecRecord { id: "RUSTSEC-2026-9999".to_owned(), ..one.clone() }),
                );
            }),
            (0, 0, 0),
        ),
        ("one is missing", given(|_, records| records.retain(|one| one.id != ID)), (1, 0, 0)),
        ("withdrawn", of_time(|one| one.withdrawn = Some("2026-10-01".to_owned())), (0, 1, 1)),
        ("withdrawn today", of_time(|one| one.withdrawn = Some("2026-11-01".to_owned())), (0, 1, 1)),
        // Those withdraw nothing: it still counts, and nothing is said less of it.
        ("withdrawn tomorrow", of_time(|one| one.withdrawn = Some("2026-11-02".to_owned())), (0, 1, 0)),
        ("withdrawn on no day", of_time(|one| one.withdrawn = Some(String::new())), (0, 1, 0)),
        ("withdrawn some day", of_time(|one| one.withdrawn = Some("yes".to_owned())), (0, 1, 0)),
        ("not rated", of_time(|one| one.cvss = None), (0, 0, 0)),
        ("rated low", of_time(|one| one.cvss = Some(LOW.to_owned())), (0, 0, 1)),
        ("rated higher", of_time(|one| one.cvss = Some(CRITICAL.to_owned())), (0, 0, 0)),
        ("said to be unsound", of_time(|one| one.kind = AdvisoryKind::Unsound), (0, 0, 1)),
        (
            "fixed everywhere",
            of_time(|one| (one.patched, one.unaffected) = (vec![">=0.0.0".to_owned()], vec![])),
            (0, 0, 1),
        ),
        ("said to be a notice", of_time(|one| one.kind = AdvisoryKind::Notice), (0, 0, 1)),
        ("of another registry", of_time(|one| one.source = Some("https://elsewhere.example".to_owned())), (0, 0, 1)),
        (
            "another range",
            of_time(|one| (one.patched, one.unaffected) = (vec![">=0.1.44".to_owned()], vec![])),
            (0, 0, 0),
        ),
    ] {
        assert_eq!(says(&database), expected, "{what}");
        assert_eq!(database.input().lacks, Some(expected.0 as u64), "{what}");
        assert!(database.is_given() && database.input().source.starts_with("given "), "{what}");
    }
    // It counts until it was withdrawn.
    for (day, counts) in [("2026-10-01", false), ("2026-11-01", false), ("2026-11-02", true), ("", true), ("yes", true)]
    {
        let database = given(|_, records| {
            records.iter_mut().filter(|one| one.id == ID).for_each(|one| one.withdrawn = Some(day.to_owned()));
        });
        let matches = match_packages(&database, std::slice::from_ref(&time), TODAY).unwrap();
        assert_eq!(matches.iter().any(|one| one.record.id == ID), counts, "{day}");
    }
    // What is built in of each kind, and without a rating, against what could be made of it.
    let record = |kind: AdvisoryKind, cvss: Option<&str>| {
        let all = Database::embedded().unwrap();
        let one = all.records("time").unwrap().iter().find(|one| one.id == ID).unwrap().clone();
        RustsecRecord { kind, cvss: cvss.map(str::to_owned), ..one }
    };
    for (own, own_cvss, theirs, their_cvss, less) in [
        (Vulnerability, None, Vulnerability, None, false),
        (Vulnerability, None, Vulnerability, Some(LOW), true),
        (Vulnerability, None, Vulnerability, Some(CRITICAL), true),
        (Vulnerability, Some(CRITICAL), Vulnerability, None, true),
        (Vulnerability, Some(LOW), Vulnerability, Some(CRITICAL), false),
        (Vulnerability, None, Unclassified, None, true),
        (Unsound, None, Notice, None, true),
        (Unsound, None, Unsound, None, false),
        (Unsound, None, Vulnerability, None, false),
        (Unmaintained, None, Notice, None, true),
        (Unmaintained, None, Unsound, None, true),
        (Notice, None, Unmaintained, None, false),
    ] {
        let built_in = Match { package: time.clone(), record: record(own, own_cvss) };
        let found = matching::says_less(&record(theirs, their_cvss), &built_in, TODAY);
        assert_eq!(found, less, "{own:?} {own_cvss:?} {theirs:?} {their_cvss:?}");
    }
    // Under the name of another package it is not there.
    let moved = given(|name, records| {
        if name == "time" {
            records.clear();
        }
    });
    assert!(moved.lacks().iter().any(|id| id == ID));
}

#[test]
fn a_kind_that_is_not_known_is_not_a_notice() {
    let kind = |word: &str| {
        let text = format!(
            "```toml\n[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"foo\"\ndate = \"2026-01-01\"\n{word}\n[versions]\npatched = []\n```\n\n# T\n\nx\n"
        );
        RustsecRecord::of(&text.parse().unwrap()).kind
    };
    assert_eq!(kind(""), AdvisoryKind::Vulnerability);
    assert_eq!(kind("informational = \"notice\""), AdvisoryKind::Notice);
    assert_eq!(kind("informational = \"unsound\""), AdvisoryKind::Unsound);
    assert_eq!(kind("informational = \"malicious\""), AdvisoryKind::Unclassified);
}

#[test]
fn paths_are_the_shortest() {
    let edges = |list: &[(&str, &[&str])]| {
        list.iter().map(|(from, to)| ((*from).to_owned(), to.iter().map(|one| (*one).to_owned()).collect())).collect()
    };
    let graph = edges(&[("root", &["b", "a"]), ("a", &["c"]), ("b", &["c"]), ("c", &["root"])]);
    assert_eq!(path_to(&graph, &["root".to_owned()], "c"), ["root", "a", "c"]);
    assert_eq!(path_to(&graph, &["root".to_owned()], "zzz"), Vec::<String>::new());
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(text: String, at in 0_usize..600, byte: u8) {
        let _ = snapshot::read(Cow::Owned(text));
        let mut bytes = small().into_bytes();
        let at = at % bytes.len();
        let changed = bytes[at] != byte;
        bytes[at] = byte;
        if let Ok(text) = String::from_utf8(bytes) {
            // Every byte of the body is under the digest; of the header, only its own free words may change.
            let header_end = text.find('\n').unwrap_or_default();
            if changed && at > header_end {
                assert!(snapshot::read(Cow::Owned(text)).is_err());
            }
        }
    }
}
