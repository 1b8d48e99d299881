//! The same findings as cargo-audit, from both sources; and what a changed snapshot gives.

use std::collections::BTreeSet;

use plimsoll_model::body::{AdvisoryKind, Severity};
use plimsoll_testkit::{corpus, unpack};

use super::*;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 1);

fn rust() -> &'static Ecosystem {
    Ecosystem::of(REGISTRY).unwrap()
}

fn package(name: &str, version: &str) -> Package {
    Package { ecosystem: rust(), name: name.to_owned(), version: version.to_owned() }
}

fn open(path: &std::path::Path) -> Result<Database, AdvisoryError> {
    Database::open(&[path])
}

/// What is given of crates.io.
fn of_rust(database: &Database) -> DataOf {
    database.data_of(rust()).unwrap().unwrap()
}

/// The packages of a lockfile, by the parser that cargo-audit uses.
fn parse_lockfile(text: &str) -> Vec<Package> {
    let lockfile: cargo_lock::Lockfile = text.parse().unwrap();
    let of_registry =
        |package: &cargo_lock::Package| package.source.as_ref().is_some_and(cargo_lock::SourceId::is_default_registry);
    let published = lockfile.packages.into_iter().filter(of_registry);
    published.map(|one| package(one.name.as_str(), &one.version.to_string())).collect()
}

type Found = BTreeSet<(String, String, String)>;

fn found(database: &Database, lockfile: &str, kind: AdvisoryKind) -> Found {
    let packages = parse_lockfile(lockfile);
    match_packages(database, &packages, TODAY)
        .unwrap()
        .into_iter()
        .filter(|one| one.advisory.kind == kind && one.verdict == Verdict::Affected)
        .map(|one| (one.advisory.id, one.package.name, one.package.version))
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
    let checkout = open(&checkout).unwrap();
    assert_eq!(checkout.gaps().next(), None);
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
    let embedded = Database::embedded().unwrap();
    let given = open(&checkout).unwrap();
    // The ranges judge as the rustsec crate's own database does, at and beside every bound.
    let theirs = rustsec::Database::open(&checkout).unwrap();
    let (mut asked, mut packages) = (0, BTreeSet::new());
    for file in theirs.iter().filter(|file| file.metadata.collection == Some(rustsec::Collection::Crates)) {
        let package = file.metadata.package.as_str();
        let advisories = embedded.advisories(rust(), package).unwrap();
        if packages.insert(package.to_owned()) {
            assert_eq!(given.advisories(rust(), package).unwrap(), advisories);
        }
        let advisory = advisories.iter().find(|advisory| advisory.id == file.id().to_string()).unwrap();
        for version in versions_around(file) {
            let right = file.versions.is_vulnerable(&version);
            let own = advisory.verdict(rust(), &version.to_string());
            assert_eq!(own == Verdict::Affected, right, "{} {version}", advisory.id);
            assert!(!matches!(own, Verdict::Uncomparable(_)));
            asked += 1;
        }
    }
    assert!(asked > 5000, "{asked}");
    assert_eq!(packages.len(), 908);
    assert_eq!((of_rust(&given).advisories, of_rust(&embedded).advisories), (1205, 1205));
}

fn versions_around(file: &rustsec::Advisory) -> Vec<semver::Version> {
    let mut versions = vec!["0.0.0".parse().unwrap(), "99.0.0".parse().unwrap()];
    for requirement in file.versions.patched().iter().chain(file.versions.unaffected()) {
        for comparator in &requirement.comparators {
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

/// An advisory of RustSec's with these lines, about the package `foo`.
fn of_rustsec(metadata: &str, versions: &str) -> Advisory {
    let text = format!(
        "```toml\n[advisory]\nid = \"RUSTSEC-2026-0001\"\npackage = \"foo\"\ndate = \"2026-01-01\"\n{metadata}\n[versions]\n{versions}\n```\n\n# T\n\nx\n"
    );
    rustsec_file::of(&text.parse().unwrap())
}

#[test]
fn severity_comes_from_the_vector_and_is_never_guessed() {
    for (vector, severity) in [
        ("cvss = \"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\"", Severity::Critical),
        ("cvss = \"CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H\"", Severity::Medium),
        ("cvss = \"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N\"", Severity::Critical),
        ("", Severity::Unknown),
        ("informational = \"unmaintained\"", Severity::None),
    ] {
        assert_eq!(of_rustsec(vector, "patched = []").severity, severity, "{vector}");
    }
}

#[test]
fn what_is_free_of_it_everywhere_affects_nothing() {
    let affects = |versions: &str, version: &str| of_rustsec("", versions).verdict(rust(), version);
    assert_eq!(affects("patched = [\">=1.2.3\"]", "1.2.2"), Verdict::Affected);
    assert_eq!(affects("patched = [\">=1.2.3\"]", "1.2.3"), Verdict::NotAffected);
    assert_eq!(affects("patched = []", "99.0.0"), Verdict::Affected);
    assert!(matches!(affects("patched = [\">=1.2.3\"]", "1.2"), Verdict::Uncomparable(_)));
    let everywhere = "patched = []\nunaffected = [\"*\"]";
    assert_eq!(affects(everywhere, "1.0.0"), Verdict::NotAffected);
    assert_eq!(affects(everywhere, "0.0.0-a"), Verdict::NotAffected);
}

#[test]
fn a_broken_advisory_is_a_gap_and_an_empty_checkout_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = open(folder.path()).unwrap_err().to_string();
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
    let database = open(folder.path()).unwrap();
    assert_eq!(database.gaps().count(), 2, "{:?}", database.gaps().collect::<Vec<_>>());
    assert_eq!(database.advisories(rust(), "alpha").unwrap().len(), 1);
    assert!(database.pack(None, None, Some(jiff::civil::date(2026, 1, 1))).is_err());
    assert_eq!(of_rust(&database).date, Some(jiff::civil::date(2020, 1, 2)));
}

/// The built-in data of crates.io as it would be given, changed by `change` for each package.
fn given(change: impl Fn(&str, &mut Vec<Advisory>)) -> Database {
    given_on(jiff::civil::date(2026, 11, 1), change)
}

fn given_on(date: jiff::civil::Date, change: impl Fn(&str, &mut Vec<Advisory>)) -> Database {
    let all = Database::embedded().unwrap().built_in_of(rust()).unwrap();
    let mut packages = store::Packages::new();
    for (name, mut advisories) in all {
        change(&name, &mut advisories);
        if !advisories.is_empty() {
            packages.insert((REGISTRY.to_owned(), name), advisories);
        }
    }
    let newest = packages.values().flatten().filter_map(Advisory::last_day).max();
    let data = EcosystemData { date: Some(date), newest, ..EcosystemData::default() };
    let bytes = store::write(&packages, &std::collections::BTreeMap::from([(REGISTRY.to_owned(), data)])).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    open(file.path()).unwrap()
}

/// A later day in the header makes old data no newer: its newest advisory says how far it goes.
#[test]
fn the_newest_advisory_dates_what_is_given() {
    let same = of_rust(&given(|_, _| ())).date.unwrap();
    assert_eq!(same.to_string(), "2026-08-20");
    let later = |day: &'static str| {
        let database = given(|name, advisories| {
            let of_time = advisories.iter_mut().filter(|_| name == "time");
            of_time.for_each(|advisory| advisory.published = Some(day.to_owned()));
        });
        of_rust(&database).date.unwrap().to_string()
    };
    assert_eq!(later("2026-10-30"), "2026-10-30");
    assert_eq!(later("2026-11-30"), "2026-11-01", "not later than its header says");
    assert_eq!(later("soon"), same.to_string());
}

fn rated(one: &mut Advisory, cvss: Option<&str>) {
    one.cvss = cvss.map(str::to_owned);
    one.severity = cvss.and_then(rating::of_vector).unwrap_or(Severity::Unknown);
}

fn fixed(one: &mut Advisory, version: &str) {
    let events = vec![Event::Introduced("0".to_owned()), Event::Fixed(version.to_owned())];
    let range = Range { kind: RangeKind::Semver, repo: None, events };
    one.affected = vec![Part { ranges: vec![range], versions: Vec::new() }];
}

#[test]
fn what_is_given_is_held_to_what_is_built_in() {
    use AdvisoryKind::{Notice, Unclassified, Unmaintained, Unsound, Vulnerability};
    const ID: &str = "RUSTSEC-2020-0071";
    const LOW: &str = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
    const CRITICAL: &str = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    let time = package("time", "0.1.43");
    let of_time = |change: fn(&mut Advisory)| {
        given(move |_, records| records.iter_mut().filter(|record| record.id == ID).for_each(change))
    };
    let says = |database: &Database| {
        let understated = understated(database, std::slice::from_ref(&time), TODAY).unwrap();
        let data = of_rust(database);
        (data.lacks.len(), data.withdrawn.len(), understated.values().map(BTreeSet::len).sum::<usize>())
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
                        .map(|one| Advisory { id: "RUSTSEC-2026-9999".to_owned(), ..one.clone() }),
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
        ("not rated", of_time(|one| rated(one, None)), (0, 0, 0)),
        ("rated low", of_time(|one| rated(one, Some(LOW))), (0, 0, 1)),
        ("rated higher", of_time(|one| rated(one, Some(CRITICAL))), (0, 0, 0)),
        ("said to be unsound", of_time(|one| one.kind = AdvisoryKind::Unsound), (0, 0, 1)),
        ("fixed everywhere", of_time(|one| fixed(one, "0")), (0, 0, 1)),
        ("said to be a notice", of_time(|one| one.kind = AdvisoryKind::Notice), (0, 0, 1)),
        ("of another registry", of_time(|one| one.source = Some("https://elsewhere.example".to_owned())), (0, 0, 1)),
        ("another range", of_time(|one| fixed(one, "0.1.44")), (0, 0, 0)),
    ] {
        assert_eq!(says(&database), expected, "{what}");
        let input = database.input(&[rust()]).unwrap();
        assert_eq!(input.lacks, Some(expected.0 as u64), "{what}");
        assert!(database.is_given() && input.source.starts_with("given "), "{what}");
    }
    // It counts until it was withdrawn.
    for (day, counts) in [("2026-10-01", false), ("2026-11-01", false), ("2026-11-02", true), ("", true), ("yes", true)]
    {
        let database = given(|_, records| {
            records.iter_mut().filter(|one| one.id == ID).for_each(|one| one.withdrawn = Some(day.to_owned()));
        });
        let matches = match_packages(&database, std::slice::from_ref(&time), TODAY).unwrap();
        assert_eq!(matches.iter().any(|one| one.advisory.id == ID), counts, "{day}");
    }
    // What is built in of each kind, and without a rating, against what could be made of it.
    let record = |kind: AdvisoryKind, cvss: Option<&str>| {
        let all = Database::embedded().unwrap().advisories(rust(), "time").unwrap();
        let mut one = all.into_iter().find(|one| one.id == ID).unwrap();
        rated(&mut one, cvss);
        one.severity = if kind == Vulnerability { one.severity } else { Severity::None };
        Advisory { kind, ..one }
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
        let built_in = Match {
            package: time.clone(),
            advisory: record(own, own_cvss),
            verdict: Verdict::Affected,
            aliases: Vec::new(),
            flaw: ID.to_owned(),
        };
        let found = matching::says_less(&record(theirs, their_cvss), &built_in, TODAY);
        assert_eq!(found, less, "{own:?} {own_cvss:?} {theirs:?} {their_cvss:?}");
    }
    // Under the name of another package it is not there.
    let moved = given(|name, records| {
        if name == "time" {
            records.clear();
        }
    });
    assert!(of_rust(&moved).lacks.iter().any(|id| id == ID));
}

#[test]
fn a_kind_that_is_not_known_is_not_a_notice() {
    let kind = |word: &str| of_rustsec(word, "patched = []").kind;
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
