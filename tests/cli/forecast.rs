//! `plimsoll forecast`: what is shown is what labels of later days are.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use jiff::{ToSpan as _, civil::Date};
use plimsoll_testkit::Repo;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    common::{AS_OF, Ran, run},
    label::demo,
};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(name)
}

fn forecast(file: &Path, more: &[&str]) -> Ran {
    run(&[&["forecast", &file.display().to_string()], more].concat())
}

fn json_of(file: &Path, more: &[&str]) -> Value {
    let ran = forecast(file, &[&["--format", "json"], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// Tier-2 evidence with a number of findings that are answered until one day, in a folder of its own.
fn waivers(count: usize, until: &str, name: &str) -> (TempDir, PathBuf) {
    let mut evidence: Value = serde_json::from_slice(&fs::read(fixture("evidence/tier-2.json")).unwrap()).unwrap();
    let facts = evidence["facts"].as_array_mut().unwrap();
    for number in 0..count {
        let purl = format!("pkg:cargo/notes{number}@1.0.0");
        facts.push(json!({
            "kind": "advisory-finding", "subject": {"type": "component", "id": purl}, "assurance": "verified", "pointers": [],
            "body": {
                "advisory": format!("{name}-{number:04}"), "aliases": [], "vulnerability": format!("V-{number}"),
                "package": "notes", "version": "1.0.0", "purl": purl, "kind": "vulnerability", "severity": "critical",
                "cvss": null, "patched": [], "fixedIn": null, "through": null, "affectedFunctions": [], "arch": [], "os": [],
                "published": "2026-01-01", "reach": "shipped", "class": "shipped", "lockfile": "Cargo.lock", "path": [],
                "handled": true, "exceptions": [{"file": "plimsoll.toml", "reason": "not reachable", "status": null,
                    "said": null, "until": until, "valid": true}],
            },
        }));
    }
    let report = &mut evidence["kinds"]["advisory-finding"]["count"];
    *report = json!(report.as_u64().unwrap() + count as u64);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.json");
    fs::write(&file, evidence.to_string()).unwrap();
    (folder, file)
}

#[test]
fn the_first_line_is_the_answer_and_one_day_names_what_ends_on_it() {
    let (_folder, file) = waivers(45, "2026-12-24", "RUSTSEC-2026");
    let ran = forecast(&file, &["--until", "2027-01-15"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ran.stdout);
    insta::assert_snapshot!("forecast_of_waivers", ran.stdout);
}

#[test]
fn a_label_is_forecast_by_the_evidence_next_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let (label, evidence) = (folder.path().join("label.json"), folder.path().join("evidence.json"));
    fs::copy(fixture("evidence/tier-3.json"), &evidence).unwrap();
    fs::write(&label, run(&["score", &evidence.display().to_string()]).stdout).unwrap();
    let ran = forecast(&label, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout, forecast(&evidence, &[]).stdout);
    insta::assert_snapshot!("forecast_of_tier_3", ran.stdout);
    // The same under another name has to be named; other evidence is refused, and so is a label by other practices.
    let other = folder.path().join("other.json");
    fs::rename(&evidence, &other).unwrap();
    let ran = forecast(&label, &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("with --evidence"), "{}", ran.stderr);
    assert_eq!(forecast(&label, &["--evidence", &other.display().to_string()]).code, 0);
    fs::copy(fixture("evidence/tier-2.json"), &evidence).unwrap();
    let ran = forecast(&label, &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("names another digest"), "{}", ran.stderr);
    fs::rename(&other, &evidence).unwrap();
    let mut changed: Value = serde_json::from_slice(&fs::read(&label).unwrap()).unwrap();
    changed["predicate"]["practices"]["tiers/plimsoll.toml"]["sha256"] = json!("0".repeat(64));
    fs::write(&label, changed.to_string()).unwrap();
    let ran = forecast(&label, &[]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("other practices than these (tiers/plimsoll.toml differs)"), "{}", ran.stderr);
}

#[test]
fn what_is_no_evidence_is_refused_with_what_to_give() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    for (text, says) in [
        ("", "no signed label"),
        ("{}", "no signed label"),
        ("[1]", "no signed label"),
        ("{\"facts\": 1}", "not an evidence file"),
        ("{\"facts\": [], \"facts\": []}", "a.json"),
    ] {
        fs::write(&file, text).unwrap();
        let ran = forecast(&file, &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{text}");
        assert!(ran.stderr.contains(says), "{text}: {}", ran.stderr);
    }
    let tier = fixture("evidence/tier-2.json");
    for (more, says) in [
        (["--until", "2026-11-01"], "give a later --until"),
        (["--as-of", "2026-10-01"], "give a later --as-of"),
        (["--evidence", "x"], "it is evidence already"),
        (["--until", "soon"], "invalid value"),
        (["--fail-within", "-1"], "invalid value"),
    ] {
        let ran = forecast(&tier, &more);
        assert_eq!(ran.code, 2, "{more:?}");
        assert!(ran.stderr.contains(says) || says == "invalid value", "{more:?}: {}", ran.stderr);
    }
}

#[test]
fn the_exit_code_says_whether_the_tier_falls_within_so_many_days() {
    let tier = fixture("evidence/tier-3.json");
    // Tier 3 holds until 24 November, and the label with it.
    for (as_of, days, code) in [
        ("2026-11-01", "24", 1),
        ("2026-11-01", "23", 0),
        ("2026-11-01", "0", 0),
        ("2026-11-20", "5", 1),
        ("2026-11-20", "4", 0),
        ("2026-11-25", "0", 1),
        ("2026-12-25", "0", 1),
    ] {
        let ran = forecast(&tier, &["--as-of", as_of, "--fail-within", days]);
        assert_eq!(ran.code, code, "{as_of} {days}: {}", ran.stderr);
        assert_eq!(ran.stderr.contains("--fail-within asks for more than"), code == 1, "{}", ran.stderr);
    }
    // A day that is nearer than what is asked about answers nothing.
    let nearer = forecast(&tier, &["--fail-within", "24", "--until", "2026-11-10"]);
    assert!(nearer.code == 2 && nearer.stderr.contains("--until 2026-11-10 is before 2026-11-25"), "{}", nearer.stderr);
    assert_eq!(forecast(&tier, &["--fail-within", "24", "--until", "2026-11-25"]).code, 1);
    assert_eq!(forecast(&tier, &["--fail-within", "0", "--until", "2026-11-10"]).code, 0);
    assert_eq!(forecast(&tier, &["--fail-within", "4000"]).code, 1);
}

/// A project whose claims, exceptions and policies end on different days.
fn project() -> Repo {
    let claims: String = (0..3)
        .map(|number| {
            let (id, day) = [
                ("RUSTSEC-2019-0009", "2027-02-10"),
                ("RUSTSEC-2019-0012", "2027-03-20"),
                ("RUSTSEC-2021-0003", "2027-12-30"),
            ][number];
            format!("[[exception]]\nadvisory = \"{id}\"\nreason = \"not reachable\"\nuntil = {day}\n")
        })
        .collect();
    let head = "schema = 1\ndate = 2026-10-01\nreview-by = 2027-06-15\n[product]\nname = \"demo\"\nversion = \"1.2.3\"\n\
                claimant = \"We\"\ncontact = \"security@acme.dev\"\n[support]\nstatus = \"supported\"\nuntil = 2027-03-03\n\
                [claims.\"cswp-23\"]\n\"C.1\" = \"done\"\n";
    let security_txt = "Contact: mailto:security@acme.dev\nExpires: 2027-04-01T10:00:00Z\n";
    demo()
        .file("plimsoll.toml", format!("{head}{claims}"))
        .file(".well-known/security.txt", security_txt)
        .commit("first")
}

fn label_on(repo: &Repo, day: &str) -> Value {
    let ran = run(&["label", &repo.path().display().to_string(), "--as-of", day, "--format", "json", "--quiet"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str::<Value>(&ran.stdout).unwrap()["predicate"].clone()
}

/// Tier, source line, and what each criterion came to.
fn came(label: &Value) -> (Value, Value, BTreeMap<String, Value>) {
    let criteria = label["criteria"].as_array().unwrap().iter();
    let criteria = criteria.map(|one| {
        let came = json!({"outcome": one["outcome"], "assurance": one["assurance"]});
        (one["id"].as_str().unwrap().to_owned(), came)
    });
    (label["tier"]["level"].clone(), label["sourceLine"]["level"].clone(), criteria.collect())
}

/// Collected again from the source on that day, by the same data: what was decided when the evidence was collected would show.
#[test]
fn a_forecast_for_a_day_is_the_label_that_is_made_on_it() {
    let repo = project();
    let folder = tempfile::tempdir().unwrap();
    let path = repo.path().display().to_string();
    let out = folder.path().display().to_string();
    assert_eq!(run(&["label", &path, "--as-of", AS_OF, "--out", &out, "--quiet"]).code, 0);
    let found = json_of(&folder.path().join("label.json"), &[]);
    let changes = found["changes"].as_array().unwrap();
    let (mut tier, mut source, mut criteria) = came(&label_on(&repo, AS_OF));
    let days: Vec<&Value> = changes.iter().map(|change| &change["date"]).collect();
    // The third exception counts from the day on which its end is at most a year ahead; the first ends.
    for day in ["2026-12-30", "2027-02-11", "2027-03-04", "2027-06-16"] {
        assert!(days.iter().any(|one| *one == day), "{day}: {days:?}");
    }
    for change in changes {
        let day: Date = change["date"].as_str().unwrap().parse().unwrap();
        let before = day.yesterday().unwrap().to_string();
        assert_eq!(came(&label_on(&repo, &before)), (tier.clone(), source.clone(), criteria.clone()), "{before}");
        (tier, source) = (change["to"]["level"].clone(), change["sourceTo"].clone());
        for one in change["criteria"].as_array().unwrap() {
            criteria.insert(one["id"].as_str().unwrap().to_owned(), one["after"].clone());
        }
        assert_eq!(came(&label_on(&repo, &day.to_string())), (tier.clone(), source.clone(), criteria.clone()), "{day}");
    }
    let last: Date = "2026-11-01".parse::<Date>().unwrap().checked_add(1.year()).unwrap();
    assert_eq!(came(&label_on(&repo, &last.to_string())), (tier, source, criteria));
}

const HOSTILE: &str = "A\u{1b}[31m\r\nBEGIN:VEVENT\r\nSUMMARY:x;y,z\\n<script>alert(1)</script>\u{202e}";

#[test]
fn text_of_the_evidence_breaks_out_of_no_form() {
    let (folder, file) = waivers(4, "2026-12-24", HOSTILE);
    for (format, absent) in [
        ("text", &["\u{1b}", "\u{202e}", "\nSUMMARY"][..]),
        ("ics", &["\u{1b}", "\u{202e}", "\r\nSUMMARY:x", "SUMMARY:x;", "y,z"]),
        ("html", &["<script", "\u{1b}", "\u{202e}", "style=", "onload"]),
    ] {
        let ran = forecast(&file, &["--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        for text in absent {
            assert!(!ran.stdout.contains(text), "{format}: {text:?}");
        }
        assert!(ran.stdout.contains("BEGIN:VEVENT"), "{format}");
        let out = folder.path().join(format);
        let written = forecast(&file, &["--format", format, "--out", &out.display().to_string()]);
        assert_eq!((written.code, written.stdout.as_str()), (0, ""));
        assert_eq!(fs::read_to_string(&out).unwrap(), ran.stdout);
    }
    // One event for each day, whatever the names are.
    let ran = forecast(&file, &["--format", "ics"]);
    let unfolded = ran.stdout.replace("\r\n ", "");
    let begins = unfolded.split("\r\n").filter(|line| *line == "BEGIN:VEVENT").count();
    assert_eq!(begins, json_of(&file, &[])["changes"].as_array().unwrap().len());
}

#[test]
fn a_calendar_is_the_same_for_the_same_forecast() {
    let tier = fixture("evidence/tier-2.json");
    let calendar = |more: &[&str]| forecast(&tier, &[&["--format", "ics"], more].concat()).stdout;
    assert_eq!(calendar(&[]), calendar(&[]));
    insta::assert_snapshot!("forecast_calendar", calendar(&["--until", "2027-02-01"]).replace('\r', ""));
    // Events that are still to come keep their ids when days are counted from a later one.
    let ids =
        |text: &str| text.lines().filter(|line| line.starts_with("UID:")).map(ToOwned::to_owned).collect::<Vec<_>>();
    let (first, later) = (ids(&calendar(&[])), ids(&calendar(&["--as-of", "2026-12-01"])));
    assert!(later.len() > 1 && later.iter().all(|id| first.contains(id)), "{first:?} {later:?}");
}

/// What a calendar program reads. Needs Python with `icalendar`, which `PLIMSOLL_PYTHON` names.
#[test]
fn a_calendar_library_reads_what_was_written() {
    let Some(python) = std::env::var_os("PLIMSOLL_PYTHON") else {
        eprintln!("skipped: PLIMSOLL_PYTHON names no Python with icalendar");
        return;
    };
    let (folder, file) = waivers(45, "2026-12-24", HOSTILE);
    let calendar = folder.path().join("forecast.ics");
    assert_eq!(forecast(&file, &["--format", "ics", "--out", &calendar.display().to_string()]).code, 0);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/forecast/read_calendar.py");
    let output = Command::new(python).arg(script).arg(&calendar).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let read: Value = serde_json::from_slice(&output.stdout).unwrap();
    let changes = json_of(&file, &[]);
    let changes = changes["changes"].as_array().unwrap();
    assert_eq!(read.as_array().unwrap().len(), changes.len());
    for (event, change) in read.as_array().unwrap().iter().zip(changes) {
        assert_eq!(event["start"], change["date"]);
        let moves = format!("tier {} -> tier {}", change["from"]["level"], change["to"]["level"]);
        let stays = format!("tier {} stays", change["to"]["level"]);
        let summary = event["summary"].as_str().unwrap();
        assert!(summary.contains(&moves) || summary.contains(&stays), "{summary}");
        assert!(!summary.contains('\n') && !event["description"].as_str().unwrap().contains('\u{1b}'));
    }
    assert!(read.to_string().contains("45 exceptions for known vulnerabilities end"));
}

#[test]
fn the_page_opens_nothing_and_shows_every_day() {
    let ran = forecast(&fixture("evidence/tier-3.json"), &["--format", "html"]);
    let page = &ran.stdout;
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    for absent in ["<script", "src=", "@import", "url(", " style=\""] {
        assert!(!page.contains(absent), "{absent}");
    }
    for change in json_of(&fixture("evidence/tier-3.json"), &[])["changes"].as_array().unwrap() {
        assert!(page.contains(&format!("id=\"day-{}\"", change["date"].as_str().unwrap())));
    }
    assert_eq!(page.matches("<svg").count(), 1);
}
