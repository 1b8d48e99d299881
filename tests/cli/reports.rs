//! `plimsoll report` and `answer`: nothing is claimed without a place or the maker's word.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::common::{Ran, run};

const URL: &str = "https://github.com/example/notes";

pub fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

pub fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

pub fn tier_3() -> Value {
    read(&root("fixtures/evidence/tier-3.json"))
}

/// The facts of a kind, to be changed.
pub fn fact<'a>(evidence: &'a mut Value, kind: &str) -> &'a mut Value {
    evidence["facts"].as_array_mut().unwrap().iter_mut().find(|fact| fact["kind"] == kind).unwrap()
}

fn claim(evidence: &mut Value, catalog: &str, entry: &str, answer: &str, note: &str) {
    let mut claim = fact(evidence, "claim").clone();
    claim["body"]["catalog"] = catalog.into();
    claim["body"]["entry"] = entry.into();
    claim["body"]["answer"] = answer.into();
    claim["body"]["note"] = note.into();
    evidence["facts"].as_array_mut().unwrap().push(claim);
    let count = &mut evidence["kinds"]["claim"]["count"];
    *count = json!(count.as_u64().unwrap() + 1);
}

fn with_issuer(mut evidence: Value) -> Value {
    fact(&mut evidence, "product")["body"]["issuer"] = json!({
        "name": "Example Foundation", "address": "Street 1, 1000 Town", "website": "https://foundation.example.org",
        "contact": "A. Person", "role": "Executive director",
    });
    evidence
}

pub fn kept(evidence: &Value) -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.json");
    fs::write(&file, evidence.to_string()).unwrap();
    let name = file.display().to_string();
    (folder, name)
}

fn report(catalog: &str, evidence: &Value, more: &[&str]) -> Ran {
    let (_folder, file) = kept(evidence);
    run(&[&["report", catalog, &file], more].concat())
}

fn report_json(catalog: &str, evidence: &Value) -> Value {
    let ran = report(catalog, evidence, &["--format", "json", "--source-url", URL]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn entry<'a>(report: &'a Value, id: &str) -> &'a Value {
    report["entries"].as_array().unwrap().iter().find(|entry| entry["id"] == id).unwrap()
}

#[test]
fn nothing_is_claimed_without_a_place_or_the_makers_word() {
    for tier in 0..5 {
        let evidence = read(&root(&format!("fixtures/evidence/tier-{tier}.json")));
        for (catalog, count) in [("article-25", 22), ("cisa-form", 11), ("ssdf-1.1", 42), ("cswp-23", 19)] {
            let report = report_json(catalog, &evidence);
            let entries = report["entries"].as_array().unwrap();
            assert_eq!(entries.len(), count, "{catalog}");
            let with = |answer: &str| entries.iter().filter(|entry| entry["answer"] == answer).count();
            let counts = &report["counts"];
            assert_eq!(counts["evidence"], with("evidence"), "{catalog}");
            assert_eq!(counts["word"], with("word"), "{catalog}");
            assert_eq!(counts["open"], with("open"), "{catalog}");
            for entry in entries {
                let list = |name: &str| !entry[name].as_array().unwrap().is_empty();
                match entry["answer"].as_str().unwrap() {
                    "evidence" => {
                        assert_ne!(entry["assurance"], "declared", "{entry}");
                        assert!(list("places") || list("searched"), "{entry}");
                    }
                    "word" => assert!(entry["claimed"]["current"] == true || list("places"), "{entry}"),
                    _ => assert!(list("toClose") || entry["outcome"] != "unmet", "{entry}"),
                }
            }
        }
    }
}

#[test]
fn evidence_of_a_part_and_a_claim_that_no_longer_counts_prove_nothing() {
    let mut evidence = tier_3();
    let guide = |evidence: &Value| {
        let report = report_json("article-25", evidence);
        let entry = entry(&report, "GV.02");
        (entry["answer"].clone(), entry["outcome"].clone())
    };
    assert_eq!(guide(&evidence), ("open".into(), "partial".into()));
    claim(&mut evidence, "cra-article-25", "GV.02", "done", "it asks for tests");
    assert_eq!(guide(&evidence), ("word".into(), "met".into()));
    let last = evidence["facts"].as_array_mut().unwrap().last_mut().unwrap();
    last["body"]["current"] = false.into();
    last["body"]["reviewBy"] = "2026-10-15".into();
    assert_eq!(guide(&evidence), ("open".into(), "partial".into()));
}

#[test]
fn the_text_is_for_a_person_who_has_to_file_it() {
    let ran = report("article-25", &with_issuer(tier_3()), &["--source-url", URL]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80 || line.contains("https://")), "{}", ran.stdout);
    insta::assert_snapshot!("report_of_article_25", ran.stdout);
    let ran = report("cisa-form", &tier_3(), &[]);
    insta::assert_snapshot!("report_of_the_cisa_form", ran.stdout);
}

#[test]
fn the_machine_form_is_refused_without_an_issuer_and_fits_the_schema_with_one() {
    let refused = report("article-25", &tier_3(), &["--format", "machine", "--source-url", URL]);
    assert_eq!((refused.code, refused.stdout.as_str()), (2, ""));
    assert!(refused.stderr.contains("[issuer]") && refused.stderr.contains("registered"), "{}", refused.stderr);
    let other = report("ssdf-1.1", &with_issuer(tier_3()), &["--format", "machine"]);
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("no form for machines"), "{}", other.stderr);

    let mut evidence = with_issuer(tier_3());
    claim(&mut evidence, "cra-article-25", "BR.01", "done", "see https://notes.example.org/build.");
    claim(&mut evidence, "cra-article-25", "GV.03", "done", "it is in the readme");
    claim(&mut evidence, "cra-article-25", "QA.07", "not-applicable", "one person contributes");
    // The form has no word for what is open, and nothing says no in the issuer's place.
    let ran = report("article-25", &evidence, &["--format", "machine", "--source-url", URL]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("--open-as-not-met") && ran.stderr.contains("QA.06"), "{}", ran.stderr);
    let machine = ["--format", "machine", "--source-url", URL, "--open-as-not-met"];
    let mut unreleased = evidence.clone();
    fact(&mut unreleased, "tag")["body"]["version"] = "2.4.0".into();
    let ran = report("article-25", &unreleased, &machine);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("no release tag of version 2.4.1 is on this commit"), "{}", ran.stderr);
    let ran = report("article-25", &evidence, &machine);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let form: Value = serde_json::from_str(&ran.stdout).unwrap();
    let schema = jsonschema::validator_for(&read(&root("fixtures/forms/template-lite.schema.json"))).unwrap();
    let errors: Vec<String> = schema.iter_errors(&form).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{form:#}");
    let controls = form["controls"].as_object().unwrap();
    assert_eq!(controls.len(), 19);
    assert_eq!(controls["BR.01"]["evidence_url"], "https://notes.example.org/build");
    // The maker's word without an address is no met where the form asks for one.
    assert_eq!(controls["GV.03"]["status"], "not_met");
    assert!(ran.stderr.contains("GV.03 not_met"), "{}", ran.stderr);
    assert_eq!(
        (&controls["QA.07"]["applies"], &controls["QA.07"]["status"]),
        (&json!(false), &json!("not_applicable"))
    );
    assert!(controls["QA.03"]["evidence_url"].as_str().unwrap().starts_with(&format!("{URL}/blob/1111")));
    // The schema is no rubber stamp.
    for (place, value) in [
        ("/controls/QA.03/evidence_url", Value::Null),
        ("/controls/QA.03/status", json!("yes")),
        ("/controls/QA.07/applies", json!(true)),
        ("/issuer/registered_address", json!(" ")),
        ("/controls/QA.06/extra", json!(1)),
    ] {
        let mut broken = form.clone();
        let (parent, member) = place.rsplit_once('/').unwrap();
        let parent = broken.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            parent.remove(member)
        } else {
            parent.insert(member.to_owned(), value)
        };
        assert!(!schema.is_valid(&broken), "{place}");
    }
}

#[test]
fn the_cisa_form_names_the_tasks_of_each_row_and_attests_none() {
    let report = report_json("cisa-form", &tier_3());
    let rows = report["entries"].as_array().unwrap();
    let tasks: Vec<&str> = rows
        .iter()
        .filter(|row| !["4b", "4c"].contains(&row["id"].as_str().unwrap()))
        .flat_map(|row| row["crosswalk"].as_array().unwrap())
        .map(|task| task["id"].as_str().unwrap())
        .collect();
    assert_eq!(tasks.len(), 52);
    assert_eq!(tasks.iter().collect::<BTreeSet<_>>().len(), 31);
    assert!(report["fields"].as_array().unwrap().iter().any(|field| field["section"] == "Section III"));
}

#[test]
fn an_unknown_catalog_and_a_wrong_address_are_refused_with_a_cure() {
    for (arguments, says) in [
        (vec!["report", "article-52", "."], "did you mean \"article-25\""),
        (vec!["report", "article-25", ".", "--source-url", "https://evil.example/a/b"], "--source-url"),
        (vec!["report", "article-25", "/nowhere.json"], "/nowhere.json: cannot read"),
    ] {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains(says) && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    }
}

#[test]
fn the_worked_questionnaire_is_answered() {
    let (_folder, evidence) = kept(&tier_3());
    let form = root("docs/example/questions.toml").display().to_string();
    let ran = run(&["answer", &form, &evidence]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("answers_of_the_example", ran.stdout);
}

#[test]
fn a_question_is_hostile_text_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let form = folder.path().join("form.toml");
    let nasty = "<script>alert(1)</script> [x](javascript:y) \\u001b[31m \\u202e | **b**";
    fs::write(&form, format!("[form]\nid = \"x\"\ntitle = \"{nasty}\"\n[[question]]\nid = \"<b>1</b> [x](javascript:y)\"\nsection = \"{nasty}\"\ntext = \"{nasty}\"\n")).unwrap();
    let (_kept, evidence) = kept(&tier_3());
    for format in ["text", "html", "markdown"] {
        let ran = run(&["answer", &form.display().to_string(), &evidence, "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stdout.contains('\u{202e}'), "{format}");
        if format != "text" {
            assert!(!ran.stdout.contains("<script") && !ran.stdout.contains("href=\"javascript"), "{format}");
            // In a page brackets are text; in Markdown they would be a link.
            assert!(format == "html" || !ran.stdout.contains("](javascript"), "{format}");
        }
    }
}

#[test]
fn a_wrong_questionnaire_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let form = folder.path().join("form.toml");
    let head = "[form]\nid = \"x\"\ntitle = \"t\"\n";
    let question = "[[question]]\nid = \"1\"\ntext = \"a?\"\n";
    for (text, says) in [
        (String::new(), "form.toml:1: "),
        (head.to_owned(), "form.toml:1: it has no [[question]]"),
        (format!("{head}{question}answered-by = [\"ci.test-gate\"]\n"), "form.toml:7: \"ci.test-gate\" is no entry"),
        (format!("{head}{question}{question}"), "form.toml:7: question \"1\" is in line 4 already"),
        (format!("{head}{question}answer = 1\n"), "form.toml:7: unknown field"),
        (format!("{head}[[question]]\nid = \"1\"\ntext = \" \"\n"), "form.toml:4: a question needs an id and a text"),
        (format!("{head}[[question]]\nid = \"1 \"\ntext = \"a?\"\n"), "form.toml:4: the id \"1\" has blanks around it"),
        (format!("{head}[[question]]\nid = \"a\\u202eb\"\ntext = \"a?\"\n"), "characters that are not shown"),
        (
            format!("{head}{question}answered-by = [\"tests.present\", \"tests.present\"]\n"),
            "names \"tests.present\" twice",
        ),
        (format!("[form]\nid = \"x\"\ntitle = \"\"\n{question}"), "the form has no title"),
    ] {
        fs::write(&form, &text).unwrap();
        let ran = run(&["answer", &form.display().to_string(), "/nowhere.json"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{text}");
        assert!(ran.stderr.contains(says), "{text}: {}", ran.stderr);
    }
}

/// The folder of a label that `score` gives of the evidence.
pub fn folder_of(evidence: &Value) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("evidence.json");
    fs::write(&file, evidence.to_string()).unwrap();
    let scored = run(&["score", &file.display().to_string()]);
    assert_eq!(scored.code, 0, "{}", scored.stderr);
    fs::write(folder.path().join("label.json"), scored.stdout).unwrap();
    folder
}

#[test]
fn what_a_repository_says_of_itself_is_no_report() {
    let evidence = tier_3().to_string();
    let repo = crate::label::demo().file("evidence.json", &evidence).file("label.json", "{}").commit("one").checkout();
    let ran = run(&[
        "report",
        "article-25",
        &repo.path().display().to_string(),
        "--as-of",
        crate::common::AS_OF,
        "--format",
        "json",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_ne!(report["subject"]["commit"], tier_3()["subject"]["commit"]);
}

#[test]
fn a_label_next_to_other_evidence_is_refused() {
    let folder = folder_of(&tier_3());
    let path = folder.path().display().to_string();
    let ran = run(&["report", "article-25", &path]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut other = tier_3();
    other["asOf"] = "2026-11-02T00:00:00Z".into();
    fs::write(folder.path().join("evidence.json"), other.to_string()).unwrap();
    let ran = run(&["report", "article-25", &path]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("not computed from the evidence next to it"), "{}", ran.stderr);
    // What it was collected with was said when it was collected.
    let ran =
        run(&["report", "article-25", &folder.path().join("evidence.json").display().to_string(), "--artifact", &path]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
}
