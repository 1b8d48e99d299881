//! Records of the shared data are read, and versions at, below and above each of their events are judged right.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use plimsoll_advisories::{Affected, Aliases, Ecosystem, Event, RangeKind, Record, Verdict, read_json, read_yaml};
use plimsoll_testkit::{corpus, unpack};
use proptest::prelude::*;
use serde_json::json;

/// Every file below a folder that has this ending.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut ahead) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = ahead.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                ahead.push(path);
            } else if path.extension().is_some_and(|own| own == ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The records of the shared data by the name of their set; none where there is no shared data.
fn records() -> BTreeMap<&'static str, Vec<Record>> {
    let Some(folder) = corpus() else { return BTreeMap::new() };
    let set = |name: &str| unpack(&format!("advisories/{name}.tar.zst")).unwrap();
    let json =
        |path: PathBuf| read_json(&fs::read(&path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let yaml = |path: PathBuf| {
        read_yaml(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    let of_service = fs::read_to_string(folder.join("advisories/mixed-ecosystem-osv.index.json")).unwrap();
    assert!(of_service.contains("OSV-2023-72"));
    BTreeMap::from([
        ("go-osv", files(&set("go-osv"), "json").into_iter().map(json).collect()),
        ("pypi-osv-yaml", files(&set("pypi-osv-yaml"), "yaml").into_iter().map(yaml).collect()),
        ("mixed-ecosystem-osv", files(&set("mixed-ecosystem-osv"), "json").into_iter().map(json).collect()),
        ("ghsa", files(&folder.join("advisories/ghsa"), "json").into_iter().map(json).collect::<Vec<_>>()),
    ])
}

#[test]
fn every_record_of_the_shared_data_is_read() {
    let sets = records();
    if sets.is_empty() {
        return;
    }
    let counts: Vec<_> = sets.iter().map(|(name, records)| (*name, records.len())).collect();
    assert_eq!(counts, [("ghsa", 7), ("go-osv", 2146), ("mixed-ecosystem-osv", 14), ("pypi-osv-yaml", 1394)]);
    for record in sets.values().flatten() {
        assert!(!record.affected.is_empty() || record.withdrawn.is_some(), "{} names no package", record.id);
        for affected in &record.affected {
            assert!(Ecosystem::of(&affected.ecosystem).is_some(), "{}: {}", record.id, affected.ecosystem);
        }
    }
    // Go records name the ids of others, and each flaw of them has one name.
    let all: Vec<&Record> = sets.values().flatten().collect();
    let aliases = Aliases::of(all.iter().copied());
    let mut joined = 0;
    for record in &all {
        for alias in &record.aliases {
            assert_eq!(aliases.flaw(alias), aliases.flaw(&record.id));
            joined += 1;
        }
    }
    assert!(joined > 4000, "{joined}");
}

/// A version as far as the test knows versions: its numbers without zeros at the end, and whether something is in front of it.
type Plain = (Vec<u64>, bool);

fn plain(text: &str) -> Option<Plain> {
    let (text, is_release) = match text.strip_suffix(".dev0") {
        Some(text) => (text, false),
        None => (text, true),
    };
    let mut numbers = text.split('.').map(|number| number.parse().ok()).collect::<Option<Vec<u64>>>()?;
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    Some((numbers, is_release))
}

/// Which of two versions is lower, by other code than what is tested: the crate `semver`, and plain numbers for Python.
fn order(python: bool, one: &str, other: &str) -> Option<Ordering> {
    if python {
        return Some(plain(one)?.cmp(&plain(other)?));
    }
    let parse = |text: &str| semver::Version::parse(text.strip_prefix('v').unwrap_or(text)).ok();
    Some(parse(one)?.cmp_precedence(&parse(other)?))
}

/// Is a version in the range? Said without sorting: it is behind a beginning, and between the two nothing ends. (No record ends a
/// range at its own beginning.)
fn expected(python: bool, events: &[Event], version: &str) -> Option<bool> {
    let compare = |one: &str, other: &str| match (one, other) {
        ("0", "0") => Some(Ordering::Equal),
        ("0", _) => Some(Ordering::Less),
        (_, "0") => Some(Ordering::Greater),
        (one, other) => order(python, one, other),
    };
    let mut within = false;
    for from in events.iter().filter(|event| matches!(event, Event::Introduced(_))) {
        let mut holds = compare(from.version(), version)?.is_le();
        for end in events {
            let (behind, reached) = (compare(from.version(), end.version())?, compare(end.version(), version)?);
            holds &= match end {
                Event::Introduced(_) => true,
                Event::Fixed(_) => !(behind.is_lt() && reached.is_le()),
                Event::LastAffected(_) => !(behind.is_le() && reached.is_lt()),
                Event::Limit(_) => return None,
            };
        }
        within |= holds;
    }
    Some(within)
}

/// Versions at an event, and some near it.
fn neighbours(python: bool, version: &str) -> Vec<String> {
    let numbers: Vec<&str> = version.split(['-', '+']).next().unwrap().split('.').collect();
    let with_last = |change: fn(u64) -> Option<u64>| {
        let (last, before) = numbers.split_last().unwrap();
        let last = last.parse().ok().and_then(change)?.to_string();
        Some([before, &[&last]].concat().join("."))
    };
    let mut found = vec![version.to_owned(), "0.0.1".to_owned(), "99999.0.0".to_owned()];
    found.extend(with_last(|last| last.checked_add(1)));
    found.extend(with_last(|last| last.checked_sub(1)));
    if python {
        found.extend([format!("{version}.dev0"), format!("{version}.1")]);
    } else {
        found.extend([format!("{version}-0"), format!("{version}.0"), format!("{version}+build")]);
        // Of one that has labels the release is above and the first label below.
        found.extend(version.split_once('-').map(|(release, _)| release.to_owned()));
        found.extend(version.split_once('-').map(|(release, _)| format!("{release}-0")));
    }
    found
}

#[test]
fn versions_around_each_event_are_judged_right() {
    let sets = records();
    let (mut asked, mut unasked) = (BTreeMap::<&str, usize>::new(), 0);
    let mut events_seen = 0;
    for record in sets.values().flatten() {
        for affected in &record.affected {
            let python = affected.ecosystem == "PyPI";
            let ranges: Vec<_> = affected.ranges.iter().filter(|range| range.kind != RangeKind::Git).collect();
            for range in &ranges {
                // One range by itself: the lists of versions are asked below.
                let alone = Affected { ranges: vec![(*range).clone()], versions: Vec::new(), ..affected.clone() };
                for event in range.events.iter().filter(|event| event.version() != "0") {
                    events_seen += 1;
                    for version in neighbours(python, event.version()) {
                        let Some(expected) = expected(python, &range.events, &version) else {
                            unasked += 1;
                            continue;
                        };
                        let right = if expected { Verdict::Affected } else { Verdict::NotAffected };
                        assert_eq!(alone.verdict(&version), right, "{} {} {version}", record.id, affected.name);
                        *asked.entry(&affected.ecosystem).or_default() += 1;
                    }
                }
            }
            // What is listed is affected, whether it can be compared or not.
            for version in &affected.versions {
                assert_eq!(affected.verdict(version), Verdict::Affected, "{} {version}", record.id);
            }
            // A range that cannot be judged is a gap, and never an answer.
            if !ranges.is_empty() && ranges.iter().all(|range| range.events.iter().any(|event| event.version() != "0"))
            {
                assert!(matches!(affected.verdict("no version"), Verdict::Uncomparable(_)), "{}", record.id);
            }
        }
    }
    if !sets.is_empty() {
        assert!(asked["Go"] > 15_000 && asked["PyPI"] > 8_000 && asked["npm"] > 50, "{asked:?}");
        assert!(unasked * 4 < asked.values().sum::<usize>(), "{unasked} {asked:?}");
        assert!(events_seen > 5000, "{events_seen}");
    }
}

fn record(affected: &serde_json::Value) -> Result<Record, String> {
    read_json(&serde_json::to_vec(&json!({ "id": "X-1", "affected": affected })).unwrap())
}

/// Judges versions of one package: `+` is affected, `-` is not, `?` cannot be told.
fn check(ecosystem: &str, ranges: &serde_json::Value, listed: &[&str], expected: &[(&str, char)]) {
    let affected =
        json!([{ "package": { "ecosystem": ecosystem, "name": "a" }, "ranges": ranges, "versions": listed }]);
    let record = record(&affected).unwrap();
    for (version, sign) in expected {
        let verdict = record.affected[0].verdict(version);
        let right = match sign {
            '+' => verdict == Verdict::Affected,
            '-' => verdict == Verdict::NotAffected,
            _ => matches!(verdict, Verdict::Uncomparable(_)),
        };
        assert!(right, "{ecosystem} {ranges} {version}: {verdict:?}, not {sign}");
    }
}

#[test]
fn events_are_evaluated_by_the_rules_of_the_schema() {
    let range = |kind: &str, events: serde_json::Value| json!([{ "type": kind, "events": events }]);
    let of = |events| range("ECOSYSTEM", events);
    check("PyPI", &of(json!([{ "introduced": "0" }])), &[], &[("1.0", '+'), ("no version", '+')]);
    check(
        "PyPI",
        &of(json!([{ "introduced": "0" }, { "fixed": "1.1" }])),
        &[],
        &[
            ("0.9", '+'),
            ("1.1.dev1", '+'),
            ("1.1rc1", '+'),
            ("1.1", '-'),
            ("1.1.0", '-'),
            ("1.1.post1", '-'),
            ("a3", '?'),
        ],
    );
    // In any order, and more than one.
    check(
        "npm",
        &of(json!([{ "fixed": "2.0.0" }, { "fixed": "1.0.0" }, { "introduced": "1.5.0" }, { "introduced": "0" }])),
        &[],
        &[
            ("0.9.9", '+'),
            ("1.0.0", '-'),
            ("1.4.9", '-'),
            ("1.5.0-rc.1", '-'),
            ("v1.5.0", '+'),
            ("2.0.0", '-'),
            ("x", '?'),
        ],
    );
    check(
        "Maven",
        &of(json!([{ "introduced": "1.0" }, { "last_affected": "1.5" }])),
        &[],
        &[
            ("1.0-alpha-1", '-'),
            ("1.0", '+'),
            ("1.5.0", '+'),
            ("1.5-SNAPSHOT", '+'),
            ("1.5.0.1", '-'),
            ("1.5-sp-1", '-'),
        ],
    );
    // One version as a range; and what ends and begins at one version.
    check(
        "Go",
        &range("SEMVER", json!([{ "last_affected": "1.0.0" }, { "introduced": "1.0.0" }])),
        &[],
        &[("0.9.0", '-'), ("v1.0.0", '+'), ("1.0.0", '+'), ("1.0.1", '-'), ("1.0.0-rc.1", '-')],
    );
    check(
        "Go",
        &range(
            "SEMVER",
            json!([{ "introduced": "0" }, { "fixed": "1.0.0" }, { "introduced": "1.0.0" }, { "fixed": "2.0.0" }]),
        ),
        &[],
        &[("0.1.0", '+'), ("1.0.0", '+'), ("1.5.0", '+'), ("2.0.0", '-')],
    );
    // What ends where it begins is nothing, unless something was before.
    for (events, expected) in [
        (json!([{ "introduced": "1.0.0" }, { "fixed": "1.0.0" }]), ['-', '-', '-', '-']),
        (json!([{ "fixed": "1.0.0" }, { "introduced": "1.0.0" }]), ['-', '-', '-', '-']),
        (json!([{ "introduced": "0" }, { "introduced": "1.0.0" }, { "fixed": "1.0.0" }]), ['+', '+', '+', '+']),
        (
            json!([{ "introduced": "0" }, { "last_affected": "1.0.0" }, { "introduced": "1.0.0" }, { "fixed": "2.0.0" }]),
            ['+', '+', '+', '-'],
        ),
        (json!([{ "introduced": "0" }, { "introduced": "1.0.0" }, { "fixed": "2.0.0" }]), ['+', '+', '+', '-']),
        (json!([{ "introduced": "0" }, { "fixed": "1.0.0" }, { "fixed": "2.0.0" }]), ['+', '-', '-', '-']),
        (json!([{ "introduced": "0" }, { "fixed": "0" }]), ['-', '-', '-', '-']),
    ] {
        let versions = ["0.5.0", "1.0.0", "1.5.0", "2.0.0"];
        let expected: Vec<_> = versions.into_iter().zip(expected).collect();
        check("Hex", &of(events), &[], &expected);
    }
    // Beyond a limit nothing is said; `*` is no limit.
    check(
        "NuGet",
        &of(json!([{ "introduced": "1.0.0" }, { "limit": "2.0.0" }])),
        &[],
        &[("1.0.0", '+'), ("1.9.9.9", '+'), ("2.0.0-RC1", '+'), ("2.0.0", '-'), ("0.9", '-')],
    );
    check(
        "NuGet",
        &of(json!([{ "introduced": "1" }, { "limit": "*" }])),
        &[],
        &[("1.0.0", '+'), ("9", '+'), ("0.9", '-')],
    );
    check(
        "NuGet",
        &of(json!([{ "introduced": "1" }, { "limit": "2" }, { "limit": "4" }])),
        &[],
        &[("3.0", '+'), ("4.0", '-')],
    );
    // Several ranges: any affects, and one that cannot be judged spoils a no alone.
    let two = json!([
        { "type": "ECOSYSTEM", "events": [{ "introduced": "1.0.0" }, { "fixed": "1.1.0" }] },
        { "type": "ECOSYSTEM", "events": [{ "introduced": "oops" }, { "fixed": "2.1.0" }] },
    ]);
    check("Hex", &two, &[], &[("1.0.5", '+'), ("0.9.0", '?'), ("2.0.0", '?')]);
    // The list is asked first; it compares as text where there is no order.
    check("Alpine:v3.20", &json!([]), &["1.0-r1"], &[("1.0-r1", '+'), ("1.0-r2", '-')]);
    check("PyPI", &json!([]), &["1.0", "a3"], &[("1.0.0", '+'), ("a3", '+'), ("a4", '-'), ("1.1", '-')]);
    check(
        "Alpine:v3.20",
        &of(json!([{ "introduced": "0" }, { "fixed": "1.0-r2" }])),
        &["1.0-r1"],
        &[("1.0-r1", '+'), ("1.0-r9", '?')],
    );
    check("Unknown", &of(json!([{ "introduced": "0" }, { "fixed": "1.0" }])), &[], &[("0.1", '?')]);
    // Nothing to judge by.
    check("npm", &json!([]), &[], &[("1.0.0", '?')]);
    check("npm", &of(json!([])), &[], &[("1.0.0", '?')]);
    check("npm", &of(json!([{ "fixed": "1.0.0" }])), &[], &[("0.5.0", '?'), ("2.0.0", '?')]);
    let git = json!([{ "type": "GIT", "repo": "https://x", "events": [{ "introduced": "0" }, { "fixed": "abc" }] }]);
    check("npm", &git, &[], &[("1.0.0", '?')]);
    check("npm", &git, &["1.0.0"], &[("1.0.0", '+'), ("1.0.1", '-')]);
}

#[test]
fn a_record_is_about_a_package_however_it_is_spelled() {
    let named = |ecosystem: &str, name: &str| json!([{ "package": { "ecosystem": ecosystem, "name": name }, "versions": ["1"] }]);
    let about = |of: (&str, &str), ecosystem: &str, name: &str| {
        let record = record(&named(of.0, of.1)).unwrap();
        record.verdict(Ecosystem::of(ecosystem).unwrap(), name, "1") == Verdict::Affected
    };
    assert!(about(("PyPI", "Zope.Interface"), "PyPI", "zope_interface"));
    assert!(about(("Debian:12", "curl"), "Debian", "curl"));
    assert!(about(("npm", "@a/b"), "npm", "@a/b"));
    assert!(!about(("npm", "@a/b"), "npm", "@A/b") && !about(("npm", "b"), "npm", "@a/b"));
    assert!(!about(("npm", "time"), "PyPI", "time") && !about(("Nowhere", "time"), "PyPI", "time"));
}

#[test]
fn a_record_is_withdrawn_from_its_day_on() {
    for (withdrawn, is) in [
        (json!("2026-10-01T00:00:00Z"), true),
        (json!("2026-11-01T23:59:59.5Z"), true),
        (json!("2026-11-01"), true),
        (json!("2026-11-02T00:00:00Z"), false),
        (json!("2026-11-02T01:00:00+02:00"), true),
        (json!("soon"), false),
        (json!(null), false),
    ] {
        let text = json!({ "id": "X-1", "withdrawn": withdrawn });
        let record = read_json(text.to_string().as_bytes()).unwrap();
        assert_eq!(record.is_withdrawn(jiff::civil::date(2026, 11, 1)), is, "{withdrawn}");
    }
    let malware = |id: &str, aliases: &[&str]| {
        read_json(json!({ "id": id, "aliases": aliases }).to_string().as_bytes()).unwrap().is_malware()
    };
    assert!(malware("MAL-2026-1", &[]) && malware("GHSA-x", &["MAL-2026-1"]) && !malware("GHSA-MAL-1", &["CVE-1"]));
}

#[test]
fn what_is_no_record_is_refused() {
    let package = json!({ "ecosystem": "npm", "name": "a" });
    let event =
        |event: serde_json::Value| json!([{ "package": package, "ranges": [{ "type": "SEMVER", "events": [event] }] }]);
    for (affected, says) in [
        (event(json!({ "introduced": "1", "fixed": "2" })), "not one name"),
        (event(json!({})), "not one name"),
        (event(json!({ "introduced": 1 })), "not one name"),
        (event(json!({ "introduced": "" })), "not one name"),
        (event(json!({ "reintroduced": "1" })), "unknown kind"),
        (event(json!("1")), "not an OSV record"),
        (json!([{ "package": package, "ranges": [{ "type": "DATE", "events": [] }] }]), "unknown type"),
        (json!([{ "package": { "ecosystem": "npm" } }]), "missing field `name`"),
        (json!([{ "package": { "ecosystem": "npm", "name": "" } }]), "no name"),
        (json!([{ "package": package, "versions": [1.0] }]), "not an OSV record"),
        (json!([{ "package": package, "versions": ["1".repeat(5000)] }]), "longer than"),
        (json!(vec![json!({}); 20_001]), "more than 20000 packages"),
        (json!([{ "package": package, "versions": vec!["1"; 500_001] }]), "more than 500000"),
        (json!({}), "not an OSV record"),
        // Lists in the place of objects.
        (json!([["npm", "a"]]), "not an OSV record"),
        (json!([{ "package": ["npm", "a"] }]), "not an OSV record"),
        (json!([{ "package": package, "ranges": [["SEMVER"]] }]), "not an OSV record"),
        (json!([{ "package": package, "severity": [["CVSS_V3", "x"]] }]), "not an OSV record"),
    ] {
        let error = record(&affected).map(drop).unwrap_err();
        assert!(error.contains(says), "{error} does not say {says}");
    }
    let deep = format!("{{\"id\":\"X\",\"database_specific\":{{\"a\":{}{}}}}}", "[".repeat(500), "]".repeat(500));
    for (text, says) in [
        ("", "not an OSV record"),
        ("[]", "not an OSV record"),
        ("[\"X-1\"]", "not an OSV record"),
        ("{}", "missing field `id`"),
        ("{\"id\":\" \"}", "no id"),
        ("{\"id\":\"X\",\"id\":\"Y\"}", "duplicate field"),
        ("{\"id\":\"X\"}{", "trailing"),
        (&deep, "recursion"),
    ] {
        let error = read_json(text.as_bytes()).map(drop).unwrap_err();
        assert!(error.contains(says), "{error} does not say {says}");
    }
    for (text, says) in [
        ("id: [", "not YAML"),
        ("- X-1\n", "not an OSV record"),
        ("id: X\nid: Y\n", "not YAML"),
        ("id: X\naffected:\n- package: {ecosystem: PyPI, name: a}\n  versions: [1.0]\n", "not an OSV record"),
        (&("id: X\ndatabase_specific: {a: ".to_owned() + &"[".repeat(600)), "nested too deeply"),
    ] {
        let error = read_yaml(text).map(drop).unwrap_err();
        assert!(error.contains(says), "{error} does not say {says}");
    }
    // One in which everything is left out that may be, and members that are not known.
    let least = read_json(b"{\"id\":\"X\",\"new\":{\"a\":[1]},\"affected\":[{\"ranges\":null}]}").unwrap();
    assert_eq!(least.affected.len(), 1);
}

/// Ids of one flaw in any number of databases are one, in whatever order they come.
fn groups(records: &[Record]) -> BTreeSet<BTreeSet<String>> {
    let aliases = Aliases::of(records);
    records.iter().map(|record| aliases.all(&record.id).iter().cloned().collect()).collect()
}

proptest! {
    #[test]
    fn aliases_do_not_depend_on_the_order(pairs in prop::collection::vec((0_u8..20, 0_u8..20), 0..30), seed in any::<u64>()) {
        let mut records: Vec<Record> = pairs
            .iter()
            .map(|(one, other)| Record { id: format!("A-{one}"), aliases: vec![format!("A-{other}")], ..Record::default() })
            .collect();
        let before = groups(&records);
        let turn = usize::try_from(seed % 31).unwrap() % records.len().max(1);
        records.rotate_left(turn);
        records.reverse();
        prop_assert_eq!(groups(&records), before);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}", version in "[0-9a-z.*-]{0,12}") {
        let _ = (read_json(text.as_bytes()), read_yaml(&text));
        let events = json!([{ "introduced": version }, { "fixed": text }, { "limit": "*" }, { "last_affected": "1" }]);
        if let Ok(record) = record(&json!([{ "package": { "ecosystem": "npm", "name": "a" }, "ranges": [{ "type": "ECOSYSTEM", "events": events }] }])) {
            let _ = (record.affected[0].verdict(&version), record.affected[0].verdict(&text));
        }
    }
}
