//! What a change made of a label: the four answers, what may not be compared, and what is no fault of the change.

use std::{fs, path::PathBuf};

use plimsoll_testkit::Repo;
use serde_json::{Value, json};

use crate::{
    common::{AS_OF, Ran, run},
    label::demo,
    labels::{LATER, done},
    tiers::Project,
};

const CLAIMS: &str =
    "schema = 1\ndate = 2026-10-01\nreview-by = 2026-11-10\n[product]\nname = \"demo\"\nversion = \"1.2.3\"\n";
const GOOD: &str =
    "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: true\n";
const WRITES: &str =
    "on: push\npermissions: write-all\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: true\n";

/// The label of a base, and labels of what came of it.
struct Labels {
    folder: tempfile::TempDir,
}

impl Labels {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn path(&self, name: &str) -> String {
        self.file(name).display().to_string()
    }

    /// Labels a repository into a folder, and gives the path of the label.
    fn of(&self, name: &str, repo: &Repo, as_of: &str) -> String {
        let (path, out) = (repo.path().display().to_string(), self.path(name));
        done(&["label", &path, "--as-of", as_of, "--resolver", "lockfile", "--out", &out]);
        self.path(&format!("{name}/label.json"))
    }

    fn changed(&self, from: &str, name: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut value: Value = serde_json::from_slice(&fs::read(from).unwrap()).unwrap();
        change(&mut value);
        fs::write(self.file(name), value.to_string()).unwrap();
        self.path(name)
    }
}

fn base() -> Repo {
    demo().file("plimsoll.toml", CLAIMS).file(".github/workflows/ci.yml", GOOD)
}

fn diff(base: &str, head: &str, more: &[&str]) -> Ran {
    run(&[&["diff", base, head], more].concat())
}

fn compared(base: &str, head: &str) -> Value {
    let ran = diff(base, head, &["--format", "json"]);
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}{}", ran.stdout, ran.stderr))
}

fn ids(found: &Value, list: &str) -> Vec<String> {
    found[list].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_change_is_better_worse_both_or_nothing() {
    let labels = Labels::new();
    let old = labels.of("base", &base().commit("base"), AS_OF);
    let without =
        |repo: Repo| repo.without("Cargo.lock").file("Cargo.toml", "[package]\nname = \"demo\"\nversion = \"1.2.3\"\n");
    let bot = ".github/dependabot.yml";
    let watched = vec!["advisories.watched", "deps.updated-by-bot"];
    let updates =
        "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n    schedule:\n      interval: weekly\n";
    for (name, repo, verdict, worse, better) in [
        ("nothing", base().file("notes.txt", "a note\n"), "nothing", vec![], vec![]),
        ("worse", base().file(".github/workflows/x.yml", WRITES), "worse", vec!["workflows.least-privilege"], vec![]),
        ("better", base().file(bot, updates), "better", vec![], watched.clone()),
        (
            "both",
            base().file(bot, updates).file(".github/workflows/x.yml", WRITES),
            "both",
            vec!["workflows.least-privilege"],
            watched.clone(),
        ),
    ] {
        let new = labels.of(name, &repo.commit("change"), AS_OF);
        let found = compared(&old, &new);
        assert_eq!(found["verdict"], verdict, "{found}");
        assert_eq!(ids(&found, "worse"), worse, "{found}");
        assert_eq!(ids(&found, "byInputs"), Vec::<String>::new(), "{found}");
        assert_eq!(ids(&found, "better"), better, "{found}");
        assert_eq!(diff(&old, &new, &["--fail-worse"]).code, i32::from(!worse.is_empty()), "{name}");
        assert_eq!(diff(&old, &new, &[]).code, 1, "{name}: they differ");
        // The same the other way round.
        let back = compared(&new, &old);
        assert_eq!(ids(&back, "worse"), better, "{back}");
    }
    let text = diff(&old, &labels.path("worse/label.json"), &[]).stdout;
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("Worse: 1 thing. Tier 0, as before: "), "{text}");
    assert!(text.contains("at .github/workflows/x.yml"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    // A finding that is gone, with its lockfile and in it, and one that is new.
    let clean = labels.of("clean", &without(base()).commit("change"), AS_OF);
    let found = compared(&old, &clean);
    assert!(ids(&found, "other").contains(&"RUSTSEC-2019-0009".to_owned()), "{found}");
    assert!(!ids(&found, "better").contains(&"RUSTSEC-2019-0009".to_owned()), "{found}");
    let lock = "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"1.2.3\"\n";
    let cured = labels.of("cured", &without(base()).file("Cargo.lock", lock).commit("change"), AS_OF);
    assert!(ids(&compared(&old, &cured), "better").contains(&"RUSTSEC-2019-0009".to_owned()));
    let found = compared(&clean, &old);
    let finding = found["worse"].as_array().unwrap().iter().find(|one| one["id"] == "RUSTSEC-2019-0009").unwrap();
    assert_eq!((&finding["before"], &finding["places"][0]["path"]), (&Value::Null, &json!("Cargo.lock")));
}

#[test]
fn a_second_fault_is_worse_although_the_criterion_failed_before() {
    let labels = Labels::new();
    let first = || base().file(".github/workflows/x.yml", WRITES);
    let old = labels.of("base", &first().commit("base"), AS_OF);
    let new = labels.of("head", &first().file(".github/workflows/y.yml", WRITES).commit("change"), AS_OF);
    let found = compared(&old, &new);
    assert_eq!(ids(&found, "worse"), ["workflows.least-privilege"], "{found}");
    assert_eq!(found["worse"][0]["places"][0]["path"], ".github/workflows/y.yml");
    assert_eq!(ids(&compared(&new, &old), "better"), ["workflows.least-privilege"]);
}

/// A private key of its own for each number: the head of one for Ed25519, and what looks drawn.
fn key(number: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = u64::try_from(number).unwrap() + 1;
    let drawn = (0..42).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(LETTERS[usize::try_from(state >> 58).unwrap()])
    });
    let body = format!("MC4CAQAwBQYDK2VwBCIEIA{}", drawn.collect::<String>());
    format!("-----BEGIN {0} KEY-----\n{body}\n-----END {0} KEY-----\n", "PRIVATE")
}

#[test]
fn another_fault_is_worse_wherever_it_is() {
    let labels = Labels::new();
    let keys = |names: &[&str]| {
        names.iter().enumerate().fold(base(), |repo, (number, name)| {
            repo.file(&format!("src/{name}.pem"), key(number + usize::from(name.as_bytes()[0])))
        })
    };
    let ten = ["b", "c", "d", "e", "f", "g", "h", "i", "j", "k"];
    let injection = "on: pull_request_target\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ github.event.pull_request.title }}\n";
    let second = format!("{injection}      - run: echo ${{{{ github.event.pull_request.body }}}} | sh\n");
    let flow = ".github/workflows/d.yml";
    for (name, before, after, id, worse) in [
        (
            "same-file",
            base().file("src/a.pem", key(1)),
            base().file("src/a.pem", key(1) + &key(2)),
            "secrets.none-found",
            true,
        ),
        ("swap", keys(&["a", "b"]), keys(&["b", "c"]), "secrets.none-found", true),
        ("cut", keys(&ten), keys(&ten).file("src/y.pem", key(1)).file("src/z.pem", key(2)), "secrets.none-found", true),
        ("injection", base().file(flow, injection), base().file(flow, &second), "workflows.none-dangerous", true),
        ("same", keys(&["a", "b"]), keys(&["a", "b"]).file("README.md", "# demo\n"), "secrets.none-found", false),
        ("renamed", base().file("src/a.pem", key(1)), base().file("src/b.pem", key(1)), "secrets.none-found", false),
    ] {
        let old = labels.of(&format!("{name}-old"), &before.commit("base"), AS_OF);
        let new = labels.of(&format!("{name}-new"), &after.commit("change"), AS_OF);
        let found = compared(&old, &new);
        assert_eq!(ids(&found, "worse"), if worse { vec![id] } else { vec![] }, "{name}: {found}");
        assert_eq!(diff(&old, &new, &["--fail-worse"]).code, i32::from(worse), "{name}");
    }
    // Moved to where it is not counted: it is still there.
    let old = labels.of("moved-old", &base().file("src/a.pem", key(1)).commit("base"), AS_OF);
    let new = labels.of("moved-new", &base().file("tests/fixtures/a.pem", key(1)).commit("change"), AS_OF);
    let found = compared(&old, &new);
    assert_eq!((&found["verdict"], &found["worse"]), (&json!("nothing"), &json!([])), "{found}");
    assert!(ids(&found, "other").contains(&"secrets.none-found".to_owned()), "{found}");
    // And what disproved the claim is no more cured than it.
    let claims = format!("{CLAIMS}[claims.\"cswp-23\"]\n\"C.4\" = \"done\"\n");
    let claimed = |path: &str| base().file("plimsoll.toml", &claims).file(path, key(1));
    let old = labels.of("claimed-old", &claimed("src/a.pem").commit("base"), AS_OF);
    let new = labels.of("claimed-new", &claimed("tests/fixtures/a.pem").commit("change"), AS_OF);
    let found = compared(&old, &new);
    let abouts: Vec<_> = found["better"].as_array().unwrap().iter().map(|one| &one["about"]).collect();
    assert!(!abouts.contains(&&json!("contradiction")) && !abouts.contains(&&json!("entry")), "{found}");
    assert!(ids(&found, "other").contains(&"cswp-23/C.4".to_owned()), "{found}");
}

#[test]
fn what_the_maker_says_less_or_otherwise_is_worse() {
    let none = ["personal", "location", "sensitive", "derived-or-shared"]
        .map(|name| format!("[data.{name}]\ncollects = false\nstores = false\nshares = false\nderives = false\n"))
        .concat();
    let labels = Labels::new();
    let claims = format!(
        "{CLAIMS}claimant = \"Demo\"\ncontact = \"a@acme.dev\"\n[support]\nstatus = \"supported\"\nuntil = 2028-02-29\n{none}"
    );
    let of = |name: &str, claims: &str| labels.of(name, &base().file("plimsoll.toml", claims).commit("change"), AS_OF);
    let old = of("base", &claims);
    for (name, was, is, id) in [
        ("contact", "a@acme.dev", "b@acme.dev", "product/contact"),
        ("claimant", "\"Demo\"", "\"Omed\"", "product/claimant"),
        ("until", "2028-02-29", "2026-12-15", "face/updates"),
        (
            "data",
            "[data.personal]\ncollects = false\nstores = false\nshares = false",
            "[data.personal]\nwhy = \"ads\"\ncollects = true\nstores = true\nshares = true",
            "face/data",
        ),
        ("scope", "[support]", "[scope]\noutside = [\"all that ships\"]\n[support]", "product/scope-outside"),
    ] {
        assert!(claims.contains(was), "{name}");
        let new = of(name, &claims.replace(was, is));
        let found = compared(&old, &new);
        assert!(ids(&found, "worse").contains(&id.to_owned()), "{name}: {found}");
        assert_eq!(diff(&old, &new, &["--fail-worse"]).code, 1, "{name}");
    }
}

#[test]
fn a_label_with_a_part_taken_out_is_not_compared() {
    let labels = Labels::new();
    let old = labels.of("base", &base().commit("base"), AS_OF);
    let body = |name: &str, change: fn(&mut Value)| labels.changed(&old, name, |label| change(&mut label["predicate"]));
    for (name, other) in [
        ("criterion", body("criterion.json", |body| drop(body["criteria"].as_array_mut().unwrap().remove(0)))),
        ("entry", body("entry.json", |body| drop(body["catalogs"][0]["entries"].as_array_mut().unwrap().remove(0)))),
        ("entry", body("catalog.json", |body| drop(body["catalogs"].as_array_mut().unwrap().remove(0)))),
        ("row", body("row.json", |body| drop(body["face"].as_array_mut().unwrap().remove(0)))),
    ] {
        for (one, two) in [(&old, &other), (&other, &old)] {
            let ran = diff(one, two, &["--fail-worse"]);
            assert!(
                ran.code == 2 && ran.stderr.contains("not comparable: by the same practices, and "),
                "{}",
                ran.stderr
            );
            assert!(
                ran.stderr.contains(&format!("{name} ")) && ran.stderr.contains("one was edited"),
                "{}",
                ran.stderr
            );
        }
    }
}

#[test]
fn the_first_line_says_what_became_of_the_tier_and_why() {
    let Some(project) = Project::new() else { return };
    project.label(&[]);
    let (out, repo) = (project.forge.path("out"), project.forge.path("repo"));
    let old = project.forge.path("base.json");
    fs::copy(out.join("label.json"), &old).unwrap();
    fs::write(repo.join(".github/workflows/x.yml"), WRITES).unwrap();
    project.forge.git(&["-C", "repo", "add", "-A", "-f"], "");
    project.commit("release from anywhere");
    project.label(&[]);
    let (old, new) = (old.display().to_string(), out.join("label.json").display().to_string());
    let ran = diff(&old, &new, &["--fail-worse"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    let found = compared(&old, &new);
    let summary = found["summary"].as_str().unwrap();
    assert!(summary.contains("Tier 2 -> 1: .github/workflows/x.yml"), "{summary}");
    assert!(!found["worse"].to_string().contains("\"about\":\"tier\""), "the tier is the sum of the items: {found}");
}

#[test]
fn what_cannot_be_compared_is_said_and_not_compared() {
    let labels = Labels::new();
    let old = labels.of("base", &base().commit("base"), AS_OF);
    let new = labels.of("head", &base().file(".github/workflows/x.yml", WRITES).commit("change"), AS_OF);
    let body = |name: &str, change: fn(&mut Value)| labels.changed(&old, name, |label| change(&mut label["predicate"]));
    for (other, cause, words) in [
        (
            body("tool.json", |body| body["tool"]["version"] = json!("0.0.9")),
            "tool",
            "made by different programs: plimsoll 0.0.9 and plimsoll ",
        ),
        (
            body("practices.json", |body| body["practices"]["criteria/code.toml"]["sha256"] = json!("0".repeat(64))),
            "practices",
            "different practices: criteria/code.toml differ",
        ),
        (
            body("schema.json", |body| body["schemaVersion"] = json!("1.0")),
            "schema",
            "different schema versions: 1.0 and 1.4",
        ),
        (
            body("name.json", |body| body["product"]["name"] = json!("ripgrep")),
            "software",
            "different software: ripgrep and demo",
        ),
        (
            body("nameless.json", |body| body["product"]["name"] = json!("")),
            "software",
            "different software: software without a name and demo",
        ),
    ] {
        let ran = diff(&other, &new, &["--fail-worse"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{cause}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("plimsoll: not comparable: ") && ran.stderr.contains(words), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
        let ran = diff(&other, &new, &["--format", "json"]);
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.code, &found["verdict"]), (2, &json!("not-comparable")), "{found}");
        assert_eq!(found["obstacles"][0]["cause"], cause);
        for list in ["worse", "better", "other", "byInputs", "criteria"] {
            assert_eq!(found[list], json!([]), "{cause} {list}");
        }
        let text = diff(&other, &new, &["--format", "markdown"]).stdout;
        assert!(text.contains("**Not comparable"), "{text}");
    }
    let ran = diff(&labels.path("name.json"), &new, &["--fail-worse", "--renamed"]);
    assert!(ran.code == 1 && ran.stdout.starts_with("Worse: 1 thing."), "{}{}", ran.stdout, ran.stderr);
    for (one, other, words) in [
        (labels.path("nothing.json"), new.clone(), "cannot read: the base has no label: `plimsoll label --rev BASE"),
        (old.clone(), labels.path("nothing.json"), "nothing.json: cannot read"),
        (labels.path("base/evidence.json"), new.clone(), "give two labels or two evidences"),
        (labels.path("base/label.svg"), new.clone(), "label.svg: "),
    ] {
        let ran = diff(&one, &other, &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{}", ran.stderr);
        assert!(ran.stderr.contains(words), "{}", ran.stderr);
    }
    let evidence = labels.path("base/evidence.json");
    let other = labels.changed(&evidence, "evidence-tool.json", |value| value["tool"]["version"] = json!("0.0.9"));
    let ran = diff(&other, &labels.path("head/evidence.json"), &[]);
    assert!(ran.code == 2 && ran.stderr.contains("not comparable: made by different programs"), "{}", ran.stderr);
    let ran = diff(&evidence, &labels.path("head/evidence.json"), &["--fail-worse"]);
    assert!(ran.code == 1 && ran.stdout.starts_with("Worse: 1 thing."), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn what_time_did_is_no_fault_of_the_change() {
    let labels = Labels::new();
    let repo = base().commit("base");
    let old = labels.of("base", &repo, AS_OF);
    let later = labels.of("later", &repo, LATER);
    let found = compared(&old, &later);
    assert_eq!((&found["verdict"], &found["inputs"]), (&json!("nothing"), &json!(["as-of"])), "{found}");
    assert!(!found["byInputs"].as_array().unwrap().is_empty(), "the day of review has passed: {found}");
    let summary = found["summary"].as_str().unwrap();
    assert!(summary.contains("more may come from other inputs (as-of)"), "{summary}");
    // A gate that cannot tell is closed, and says what to do.
    let ran = diff(&old, &later, &["--fail-worse"]);
    assert!(ran.code == 2 && ran.stderr.contains("label both with the same --as-of"), "{} {}", ran.code, ran.stderr);
    // What the change did is still laid on it.
    let worse = base().file(".github/workflows/x.yml", WRITES).commit("change");
    let found = compared(&old, &labels.of("worse", &worse, LATER));
    assert_eq!(ids(&found, "worse"), ["workflows.least-privilege"], "{found}");
    // Other advisory data: findings are not the change's.
    let other = labels.changed(&old, "data.json", |label| {
        let input = &mut label["predicate"]["inputs"]["advisories"];
        input["source"] = json!("given");
        label["predicate"]["findings"] = json!([]);
    });
    let found = compared(&other, &old);
    assert_eq!(found["inputs"], json!(["advisories"]), "{found}");
    assert!(ids(&found, "byInputs").contains(&"RUSTSEC-2019-0009".to_owned()), "{found}");
    assert_eq!(found["verdict"], "nothing");
}

#[test]
fn names_of_files_stay_names() {
    let labels = Labels::new();
    let old = labels.of("base", &base().commit("base"), AS_OF);
    let hostile = [
        "::error::x,line=1%0A.yml",
        "<img src=x>|@everyone `a`.yml",
        "a\n::set-output name=tier::4.yml",
        "##[add-mask]a.yml",
        "[x](javascript:alert(1)).yml",
    ];
    for (number, name) in hostile.into_iter().enumerate() {
        let repo = base().file(&format!(".github/workflows/{name}"), WRITES).commit("change");
        let new = labels.of(&number.to_string(), &repo, AS_OF);
        let annotations = diff(&old, &new, &["--format", "annotations"]).stdout;
        // A name that is not what it looks like is a second fault, of no file.
        let odd = annotations.lines().filter(|line| line.starts_with("::error title=")).count();
        assert_eq!(
            (annotations.lines().count(), odd),
            (1 + usize::from(name.contains('\n')), usize::from(name.contains('\n')))
        );
        let annotations =
            annotations.lines().find(|line| line.starts_with("::error file=")).unwrap_or_default().to_owned();
        assert!(annotations.starts_with("::error file=.github/workflows/"), "{annotations}");
        let [properties, _] = annotations.splitn(3, "::").skip(1).collect::<Vec<_>>()[..] else {
            panic!("{annotations}")
        };
        assert_eq!(properties.matches(',').count(), 2, "file, line and title alone: {annotations}");
        let markdown = diff(&old, &new, &["--format", "markdown"]).stdout;
        for bad in ["<img", " @everyone", "](javascript", "\n::"] {
            assert!(!markdown.contains(bad), "{markdown}");
        }
        let text = diff(&old, &new, &[]).stdout;
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
    }
}
