//! The life of a label by the command: signed, verified, revoked, audited, countersigned, judged again.

use std::{fs, path::PathBuf};

use plimsoll_testkit::Repo;
use serde_json::{Value, json};

use crate::{
    common::{AS_OF, Ran, run},
    label::demo,
    tiers::Project,
};

/// Some days after the label.
pub const LATER: &str = "2026-11-20T00:00:00Z";

/// A maker who has begun to speak: a label, and not an outside view.
const CLAIMS: &str =
    "schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = \"demo\"\nversion = \"1.2.3\"\n";

/// Runs what has to succeed, and gives what it prints.
pub fn done(arguments: &[&str]) -> String {
    let ran = run(&[arguments, &["--quiet"]].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
    ran.stdout
}

/// A repository with its label in a folder, and the keys of its maker, an auditor and a stranger.
pub struct Made {
    pub repo: Repo,
    folder: tempfile::TempDir,
}

impl Made {
    pub fn new() -> Self {
        let made = Self::of(demo().file("plimsoll.toml", CLAIMS).commit("first"));
        done(&["sign", &made.path("label.json"), "--key", &made.path("maker.key")]);
        made
    }

    /// The same of another repository, and not signed.
    pub fn of(repo: Repo) -> Self {
        let made = Self { repo, folder: tempfile::tempdir().unwrap() };
        done(&["label", &made.repository(), "--as-of", AS_OF, "--out", &made.path("")]);
        for (name, kind) in [("maker", "ed25519"), ("auditor", "p256"), ("stranger", "p384")] {
            done(&["key", "generate", "--type", kind, "--no-passphrase", "--out", &made.path(name)]);
        }
        made
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn path(&self, name: &str) -> String {
        self.file(name).display().to_string()
    }

    pub fn repository(&self) -> String {
        self.repo.path().display().to_string()
    }

    pub fn verify(&self, more: &[&str]) -> Ran {
        let (bundle, key) = (self.path("label.sigstore.json"), self.path("maker.pub"));
        run(&[&["verify", &bundle, "--key", &key, "--as-of", LATER, "--quiet"], more].concat())
    }

    pub fn audit(&self, bundle: &str, more: &[&str]) -> Ran {
        let (repo, key) = (self.repository(), self.path("maker.pub"));
        run(&[&["audit", bundle, "--repo", &repo, "--key", &key, "--as-of", LATER, "--quiet"], more].concat())
    }

    /// A file of JSON with something changed in it, under another name.
    pub fn changed(&self, from: &str, to: &str, change: impl FnOnce(&mut Value)) -> String {
        let mut value: Value = serde_json::from_slice(&fs::read(self.file(from)).unwrap()).unwrap();
        change(&mut value);
        fs::write(self.file(to), value.to_string()).unwrap();
        self.path(to)
    }

    /// What is always the same in an answer.
    pub fn plain(&self, text: &str) -> String {
        let text = text.replace(&self.path(""), "[FOLDER]/");
        let text = text.replace(&self.repo.head().unwrap(), "[COMMIT]");
        let mut out = String::new();
        let mut rest = text.as_str();
        // Digests and what is left of them on a line.
        while let Some(at) = rest.find(|letter: char| letter.is_ascii_hexdigit()) {
            let length = rest[at..].bytes().take_while(u8::is_ascii_hexdigit).count();
            out.push_str(&rest[..at]);
            out.push_str(if length >= 16 { "[HEX]" } else { &rest[at..at + length] });
            rest = &rest[at + length..];
        }
        out + rest
    }
}

#[test]
fn what_is_asked_of_a_signed_label_is_answered_by_name() {
    let made = Made::new();
    let yes =
        made.verify(&["--repo", &made.repository(), "--evidence", &made.path("evidence.json"), "--max-age", "30"]);
    assert_eq!((yes.code, yes.stderr.as_str()), (0, ""));
    insta::assert_snapshot!("verified", made.plain(&yes.stdout));
    let no = made.verify(&["--min-tier", "2", "--max-age", "10", "--format", "json"]);
    assert_eq!(no.code, 1);
    insta::assert_snapshot!("not_verified_json", made.plain(&no.stdout));
    let stranger =
        run(&["verify", &made.path("label.sigstore.json"), "--key", &made.path("stranger.pub"), "--as-of", LATER]);
    assert_eq!(stranger.code, 1);
    insta::assert_snapshot!("by_a_stranger", made.plain(&stranger.stdout));
}

#[test]
fn several_labels_are_each_answered_in_their_order() {
    let made = Made::new();
    let (good, other) = (made.path("label.sigstore.json"), made.path("other.sigstore.json"));
    done(&["sign", &made.path("label.json"), "--key", &made.path("stranger.key"), "--out", &other]);
    let ran = made.verify(&[&other, &good, "--format", "json"]);
    let all: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &all["verified"]), (1, &json!(false)));
    let answers: Vec<_> =
        all["labels"].as_array().unwrap().iter().map(|one| (&one["bundle"], &one["verified"])).collect();
    let expected = [(json!(good), json!(true)), (json!(other), json!(false)), (json!(good), json!(true))];
    assert_eq!(answers, expected.iter().map(|(one, two)| (one, two)).collect::<Vec<_>>());
    let text = made.verify(&[&other]);
    assert!(
        text.stdout.contains("VERIFIED: a label of demo 1.2.3, tier 0 Unrated")
            && text.stdout.contains("NOT VERIFIED: signature")
    );
    assert_eq!(made.verify(&[&good]).code, 0);
    // One file that is not there keeps the question from being asked.
    let ran = made.verify(&[&made.path("nothing")]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
}

#[test]
fn a_revocation_by_the_signer_ends_a_label() {
    let made = Made::new();
    let bundle = made.path("label.sigstore.json");
    for (name, code) in [("stranger", 0), ("maker", 1)] {
        let (key, out) = (made.path(&format!("{name}.key")), made.path(&format!("{name}.revocation.json")));
        done(&["revoke", &bundle, "--key", &key, "--reason", "a hole was hidden", "--as-of", LATER, "--out", &out]);
        let ran = made.verify(&["--with", &out]);
        assert_eq!(ran.code, code, "{name}: {}", ran.stdout);
        assert_eq!(ran.stdout.contains("it was taken back on 2026-11-20T00:00:00Z: a hole was"), code == 1);
        let audited = made.audit(&bundle, &["--with", &out]);
        assert_eq!(audited.code, code, "{name}: {}{}", audited.stdout, audited.stderr);
    }
    let ran = run(&["revoke", &bundle, "--key", &made.path("maker.key"), "--reason", " "]);
    assert!(ran.code == 2 && ran.stderr.contains("--reason is what is signed"), "{}", ran.stderr);
}

#[test]
fn newer_data_gives_a_label_that_follows_the_first() {
    let made = Made::new();
    let (bundle, out) = (made.path("label.sigstore.json"), made.path("next"));
    done(&["refresh", &bundle, "--advisories", "embedded", "--as-of", LATER, "--out", &out]);
    let next: Value = serde_json::from_slice(&fs::read(made.file("next/label.json")).unwrap()).unwrap();
    let digest = |name: &str| plimsoll_model::sha256_hex(&fs::read(made.file(name)).unwrap());
    let follows = &next["predicate"]["follows"];
    assert_eq!(follows["label"]["sha256"], digest("label.json"));
    assert_eq!(follows["evidence"]["sha256"], digest("evidence.json"));
    assert_eq!((&follows["examined"], &next["predicate"]["asOf"]), (&json!(AS_OF), &json!(LATER)));
    assert_eq!(next["predicate"]["evidence"]["sha256"], digest("next/evidence.json"));
    done(&["sign", &made.path("next/label.json"), "--key", &made.path("maker.key")]);
    let signed = made.path("next/label.sigstore.json");
    let ended = made.verify(&["--with", &signed]);
    assert!(ended.code == 1 && ended.stdout.contains("a later label follows it"), "{}", ended.stdout);
    assert_eq!(made.audit(&signed, &[]).code, 0, "{}", made.audit(&signed, &[]).stdout);
    let differs = run(&["diff", &made.path("label.json"), &signed]);
    assert!(differs.code == 1 && differs.stdout.contains("Tier 0, as before"), "{}", differs.stdout);
}

#[test]
fn two_labels_or_two_evidences_are_compared() {
    let made = Made::new();
    let (label, bundle, evidence) =
        (made.path("label.json"), made.path("label.sigstore.json"), made.path("evidence.json"));
    for (one, other) in [(&label, &bundle), (&evidence, &evidence)] {
        let ran = run(&["diff", one, other]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "Nothing changed: both are the same.\n"));
    }
    let other = made.changed("evidence.json", "other.json", |evidence| {
        let facts = evidence["facts"].as_array_mut().unwrap();
        let fact = facts.iter_mut().find(|fact| fact["kind"] == "policy").unwrap();
        fact["body"]["file"] = json!("OTHER.md");
    });
    let ran = run(&["diff", &evidence, &other, "--format", "json"]);
    let value: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &value["same"]), (1, &json!(false)));
    assert!(value["differences"].to_string().contains("fact policy: SECURITY.md /body/file"), "{value}");
    let raised = made.changed("label.json", "raised.json", |label| {
        label["predicate"]["criteria"][0]["outcome"] = json!("met");
        label["predicate"]["tier"]["level"] = json!(2);
    });
    let ran = run(&["diff", &label, &raised]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.starts_with("Better: ") && ran.stdout.contains("Tier 0 -> 2"), "{}", ran.stdout);
}

#[test]
fn an_audit_tells_the_same_from_what_was_changed_in_every_format() {
    let made = Made::new();
    let bundle = made.path("label.sigstore.json");
    let good = made.audit(&bundle, &[]);
    assert_eq!(good.code, 0, "{}{}", good.stdout, good.stderr);
    assert!(good.stdout.starts_with("IDENTICAL"), "{}", good.stdout);
    assert!(good.stdout.lines().all(|line| line.chars().count() <= 80), "{}", good.stdout);
    let raised = made.changed("label.json", "raised.json", |label| label["predicate"]["tier"]["level"] = json!(3));
    let softened = made.changed("label.json", "softened.json", |label| {
        label["predicate"]["practices"]["criteria/code.toml"]["sha256"] = json!("0".repeat(64));
    });
    let clean = made.changed("evidence.json", "clean.json", |evidence| {
        let facts = evidence["facts"].as_array_mut().unwrap();
        let before = facts.len();
        facts.retain(|fact| fact["kind"] != "advisory-finding");
        assert!(before > facts.len());
        evidence["kinds"]["advisory-finding"]["count"] = json!(0);
    });
    fs::write(made.file("clean-label.json"), done(&["score", &clean])).unwrap();
    let evidence = made.path("evidence.json");
    for (label, evidence, place) in [
        (raised, &evidence, "/predicate/tier/level"),
        (softened, &evidence, "/predicate/practices/criteria~1code.toml/sha256"),
        (made.path("clean-label.json"), &clean, "fact advisory-finding: pkg:cargo/smallvec@0.6.9"),
    ] {
        let signed = made.path("tampered.sigstore.json");
        done(&["sign", &label, "--key", &made.path("maker.key"), "--out", &signed]);
        for format in ["text", "json", "html", "oscal"] {
            let ran = made.audit(&signed, &["--evidence", evidence, "--format", format]);
            assert_eq!(ran.code, 1, "{label} {format}: {}", ran.stderr);
            if format == "json" {
                let report: Value = serde_json::from_str(&ran.stdout).unwrap();
                assert_eq!(report["verdict"], "differs");
                assert!(ran.stdout.contains(place), "{label}: {place} is not named: {}", ran.stdout);
            }
        }
    }
    for format in ["json", "html", "oscal"] {
        let ran = made.audit(&bundle, &["--format", format]);
        assert_eq!(ran.code, 0, "{format}: {}", ran.stderr);
        if format != "html" {
            assert!(serde_json::from_str::<Value>(&ran.stdout).is_ok());
        }
    }
    // Without the repository, and without the evidence: not wholly done is not yes.
    let ran = run(&["audit", &bundle, "--key", &made.path("maker.pub"), "--as-of", LATER]);
    assert!(ran.code == 1 && ran.stdout.starts_with("INCOMPLETE") && ran.stdout.contains("--repo"), "{}", ran.stdout);
    fs::rename(made.file("evidence.json"), made.file("moved.json")).unwrap();
    let ran = made.audit(&bundle, &[]);
    assert!(ran.code == 1 && ran.stdout.contains("--evidence"), "{}", ran.stdout);
}

#[test]
fn nothing_is_countersigned_that_did_not_come_out_the_same() {
    let made = Made::new();
    let (repo, key, own) = (made.repository(), made.path("maker.pub"), made.path("auditor.key"));
    let countersign = |bundle: &str, more: &[&str]| {
        let asked = ["countersign", bundle, "--repo", &repo, "--key", &key, "--sign-key", &own, "--as-of", LATER];
        run(&[&asked[..], &["--name", "Audit", "--role", "auditor", "--independent", "--quiet"], more].concat())
    };
    let raised = made.changed("label.json", "raised.json", |label| label["predicate"]["tier"]["level"] = json!(3));
    let signed = made.path("raised.sigstore.json");
    done(&["sign", &raised, "--key", &made.path("maker.key"), "--out", &signed]);
    let ran = countersign(&signed, &[]);
    assert!(ran.code == 1 && ran.stdout.starts_with("DIFFERS"), "{}{}", ran.stdout, ran.stderr);
    assert!(!made.file("raised.countersignature.json").exists());
    let good = made.path("label.sigstore.json");
    let ran = countersign(&good, &["--rebuilt", &made.path("label.svg")]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(!made.file("label.countersignature.json").exists());
    let ran = countersign(&good, &[]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
    // It is a statement about the label, and not a label.
    let word = made.path("label.countersignature.json");
    let ran = run(&["verify", &word, "--key", &made.path("auditor.pub")]);
    assert!(ran.code == 1 && ran.stdout.contains("it holds no label"), "{}", ran.stdout);
    assert_eq!(made.verify(&["--with", &word]).code, 0);
}

/// A criterion passes over a member that is not there, so that a broken fact could be judged better than a whole one.
#[test]
fn evidence_with_a_broken_fact_is_refused_by_all_that_read_it() {
    let made = Made::new();
    let mut evidence: Value = serde_json::from_slice(&fs::read(made.file("evidence.json")).unwrap()).unwrap();
    let facts = evidence["facts"].as_array_mut().unwrap();
    let at = facts.iter().position(|fact| fact["kind"] == "history").unwrap();
    facts[at]["body"].as_object_mut().unwrap().remove("datedAfter");
    let says = format!("/facts/{at}/body/datedAfter is missing; expected a whole number from 0): collect again");
    fs::write(made.file("broken.json"), evidence.to_string()).unwrap();
    let [label, bundle, whole, broken, nothing, key, public] =
        ["label.json", "label.sigstore.json", "evidence.json", "broken.json", "nothing", "maker.key", "maker.pub"]
            .map(|one| made.path(one));
    let repo = made.repository();
    let countersigned =
        ["countersign", &bundle, "--repo", &repo, "--key", &public, "--as-of", LATER, "--evidence", &broken];
    let cases: Vec<Vec<&str>> = vec![
        [&countersigned[..], &["--sign-key", &key, "--name", "Audit"]].concat(),
        vec!["score", &broken],
        vec!["diff", &whole, &broken],
        vec!["diff", &broken, &whole],
        vec!["audit", &bundle, "--key", &public, "--evidence", &broken, "--as-of", LATER],
        vec!["refresh", &label, "--advisories", "embedded", "--evidence", &broken, "--as-of", LATER, "--out", &nothing],
    ];
    for arguments in cases {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("broken.json: a fact of kind \"history\" cannot be read (commit "),
            "{}",
            ran.stderr
        );
        assert!(ran.stderr.contains(&says), "{arguments:?}: {}", ran.stderr);
        assert!(!made.file("nothing").exists(), "{arguments:?} wrote something");
    }
    // It is no evidence of the label.
    let ran = made.verify(&["--evidence", &broken]);
    assert!(ran.code == 1 && ran.stdout.starts_with("NOT VERIFIED"), "{}", ran.stdout);
}

#[test]
fn what_cannot_be_asked_is_one_line_with_the_cure() {
    let made = Made::new();
    let [label, bundle, evidence, nothing] =
        ["label.json", "label.sigstore.json", "evidence.json", "nothing"].map(|one| made.path(one));
    let [key, public] = ["maker.key", "maker.pub"].map(|one| made.path(one));
    let early = "2026-10-01T00:00:00Z";
    let repo = made.repository();
    let cases: Vec<(Vec<&str>, &str)> = vec![
        (vec!["verify", &nothing, "--key", &public], "nothing: cannot read"),
        (vec!["verify", &bundle, "--key", &nothing], "nothing: "),
        (vec!["verify", &bundle, "--key", &key], "a PRIVATE KEY where a PUBLIC KEY is wanted"),
        (vec!["verify", &bundle, "--key", &evidence], "evidence.json: "),
        (vec!["verify", &bundle], "say whose signature counts"),
        (vec!["verify", &bundle, "--key", &public, "--evidence", &nothing], "nothing: cannot read"),
        (vec!["verify", &bundle, "--key", &public, "--artifact", &nothing], "nothing"),
        (vec!["verify", &bundle, "--key", &public, "--repo", &nothing], "nothing"),
        (vec!["verify", &bundle, "--key", &public, "--with", &nothing], "nothing: cannot read"),
        (vec!["verify", &bundle, "--trust", &key], "maker.key: not a trust policy: it is a private key"),
        (
            vec!["verify", &bundle, "--trust", &public],
            "maker.pub: not a trust policy: it is a public key in PEM (--key",
        ),
        (vec!["audit", &bundle, "--key", &public, "--with", &label], "a label that nobody has signed"),
        (vec!["audit", &bundle, "--key", &public, "--with", &evidence], "no form of an attestation"),
        (vec!["sign", &nothing, "--key", &key], "nothing: cannot read"),
        (vec!["sign", &evidence, "--key", &key], "not a Plimsoll label"),
        (vec!["sign", &bundle, "--key", &key], "not a Plimsoll label"),
        (vec!["sign", &label, "--key", &nothing], "nothing: cannot read"),
        (vec!["sign", &label, "--key", &public], "a private key is wanted"),
        (vec!["revoke", &label, "--key", &key, "--reason", "x"], "nobody has signed it"),
        (vec!["revoke", &nothing, "--key", &key, "--reason", "x"], "nothing: cannot read"),
        (vec!["audit", &label, "--key", &public], "label.json: no signed label: nobody has signed it"),
        (vec!["audit", &bundle], "say whose signature counts"),
        (vec!["audit", &bundle, "--key", &public, "--evidence", &nothing], "nothing: cannot read"),
        (vec!["audit", &bundle, "--key", &public, "--evidence", &key], "maker.key: not an evidence file"),
        (vec!["audit", &bundle, "--key", &public, "--repo", &nothing], "nothing"),
        (
            vec!["inspect", "advisories", &key],
            "maker.key: no lockfile or manifest that this version reads has the name maker.key, and it is no Cargo.lock",
        ),
        (vec!["label", &repo, "--advisories", &nothing], "nothing: cannot be read"),
        (vec!["refresh", &label, "--out", &nothing], "nothing to judge it anew with: give --advisories or --with"),
        (vec!["refresh", &label, "--advisories", &nothing, "--out", &nothing], "nothing: cannot be read"),
        (
            vec!["refresh", &label, "--advisories", "embedded", "--as-of", early, "--out", &nothing],
            "give a later --as-of",
        ),
        (vec!["refresh", &label, "--advisories", "embedded", "--evidence", &label], "not an evidence file"),
        (vec!["refresh", &label, "--with", &bundle, "--out", &nothing], "not a countersignature"),
        (vec!["diff", &label, &evidence], "give two labels or two evidences"),
        (vec!["diff", &label, &nothing], "nothing: cannot read"),
        (vec!["key", "show", &nothing], "nothing: cannot read"),
        (vec!["key", "show", &bundle], "label.sigstore.json: "),
    ];
    for (arguments, reason) in cases {
        let ran = run(&arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(reason), "{arguments:?}: {}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{arguments:?}: {}", ran.stderr);
        assert!(!made.file("nothing").exists(), "{arguments:?} wrote something");
        // No path is told twice.
        let paths = [&label, &bundle, &evidence, &nothing, &key, &public];
        let twice = paths.iter().find(|path| ran.stderr.matches(&format!("{path}:")).count() > 1);
        assert_eq!(twice, None, "{}", ran.stderr);
    }
}

/// What is given beside a label and cannot be read is named, and keeps nobody from the answer about the label.
#[test]
fn a_statement_that_cannot_be_read_keeps_nobody_from_the_answer() {
    let made = Made::new();
    fs::write(made.file("cut.json"), &fs::read(made.file("label.sigstore.json")).unwrap()[..200]).unwrap();
    for (file, code, told) in [
        ("evidence.json", 1, "evidence.json cannot be read, and may be what ends it: no form of an attestation"),
        ("cut.json", 1, "cut.json cannot be read, and may be what ends it"),
        // Nobody's word ends nothing.
        ("label.json", 0, "label.json: it counts for nothing: a label that nobody has signed"),
    ] {
        let ran = made.verify(&["--with", &made.path(file)]);
        let text = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(ran.code == code && text.contains(told), "{file}: {}{}", ran.stdout, ran.stderr);
        assert!(text.contains("+ signature") && text.contains("+ practices"), "{file}: {}", ran.stdout);
    }
}

/// The whole way: a release of tier 3, an auditor who does it again, and what counts for a reader who trusts them.
#[test]
fn a_release_that_an_auditor_repeated_is_worth_more_to_who_trusts_the_auditor() {
    let Some(project) = Project::new() else { return };
    let path = |name: &str| project.forge.path(name).display().to_string();
    let bundle = project.proof();
    let label = project.label(&["--artifact", &path("acme"), "--attestation", &bundle]);
    assert_eq!(label["tier"]["level"], 3);
    for name in ["owner", "auditor"] {
        done(&["key", "generate", "--no-passphrase", "--out", &path(name)]);
    }
    let signed = path("out/label.sigstore.json");
    done(&["sign", &path("out/label.json"), "--key", &path("owner.key")]);
    let reader = r#"
schema = 1
[[party]]
id = "owner"
name = "Acme Ltd"
[[party]]
id = "audit"
name = "Example Audit Ltd"
independent = true
[[key]]
files = ["owner.pub"]
party = "owner"
[[key]]
files = ["auditor.pub"]
party = "audit"
"#;
    fs::write(project.forge.path("reader.toml"), reader).unwrap();
    let (repo, trust, as_of) = (path("repo"), path("trust.toml"), "2026-09-12T00:00:00Z");
    let theirs = ["--their-trust", &trust, "--artifact", &path("acme"), "--attestation", &bundle];
    let asked = ["countersign", &signed, "--repo", &repo, "--key", &path("owner.pub"), "--as-of", as_of];
    let said =
        ["--sign-key", &path("auditor.key"), "--name", "Example Audit Ltd", "--role", "auditor", "--independent"];
    done(&[&asked[..], &theirs, &said].concat());
    let (word, reader) = (path("out/label.countersignature.json"), path("reader.toml"));
    done(&["refresh", &signed, "--with", &word, "--trust", &reader, "--as-of", as_of, "--out", &path("next")]);
    let next = path("next/label.sigstore.json");
    done(&["sign", &path("next/label.json"), "--key", &path("owner.key")]);
    let verify = |more: &[&str]| {
        let ran = run(&[&["verify", &next, "--as-of", as_of, "--format", "json", "--quiet"], more].concat());
        let value: Value = serde_json::from_str(&ran.stdout).unwrap();
        let answer = &value["labels"][0];
        (ran.code, answer["statedTier"].as_u64().unwrap(), answer["countedTier"].as_u64().unwrap())
    };
    let evidence = path("next/evidence.json");
    let whole = verify(&["--trust", &reader, "--evidence", &evidence, "--with", &word]);
    assert_eq!((whole.0, whole.1), (0, whole.2), "{whole:?}");
    let stated = whole.1;
    assert_eq!(verify(&["--trust", &reader, "--evidence", &evidence]), (0, stated, 3));
    assert_eq!(verify(&["--trust", &reader, "--with", &word]), (0, stated, 3));
    assert_eq!(verify(&["--key", &path("owner.pub"), "--evidence", &evidence, "--with", &word]), (0, stated, 3));
    let back = path("back.json");
    done(&["revoke", &word, "--key", &path("auditor.key"), "--reason", "a mistake", "--as-of", as_of, "--out", &back]);
    assert_eq!(
        verify(&["--trust", &reader, "--evidence", &evidence, "--with", &word, "--with", &back]),
        (0, stated, 3)
    );
    let ran = run(&["verify", &next, "--trust", &reader, "--as-of", as_of, "--artifact", &path("acme")]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let ran = run(&["verify", &next, "--trust", &reader, "--as-of", as_of, "--artifact", &path("builder.pem")]);
    assert!(ran.code == 1 && ran.stdout.contains("it is not about builder.pem"), "{}", ran.stdout);
}
