//! What is signed here is verified by others, and what others sign is verified here.
//!
//! Needs openssl and the packages of `requirements-provenance.txt` in the Python that `PLIMSOLL_PYTHON` names: without them
//! the test says that it was skipped; with `CI` set that is a failure.

#![allow(clippy::print_stderr, reason = "what could not be compared is said")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use plimsoll_testkit::Repo;
use serde_json::{Value, json};

use crate::common::{AS_OF, run};

const KINDS: [&str; 3] = ["ed25519", "p256", "p384"];

/// What the others say, a line each; `None` where they are missing.
fn peers(what: &str, folder: &Path) -> Option<Vec<Value>> {
    let skipped = |cure: &str| {
        assert!(std::env::var_os("CI").is_none(), "other tools are missing: {cure}");
        eprintln!("skipped: other tools for signed statements are missing: {cure}");
    };
    if Command::new("openssl").arg("version").stdout(Stdio::null()).status().is_err() {
        skipped("install openssl");
        return None;
    }
    let python = std::env::var_os("PLIMSOLL_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus/signing_peers.py");
    let output = match Command::new(python).arg(script).arg(what).arg(folder).output() {
        Ok(output) if output.status.code() != Some(3) => output,
        _ => {
            skipped("pip install -r tests/corpus/requirements-provenance.txt, or set PLIMSOLL_PYTHON");
            return None;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Runs what has to succeed.
fn done(arguments: &[&str]) {
    let ran = run(&[arguments, &["--quiet"]].concat());
    assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.stdout, ran.stderr);
}

/// A folder with a repository's label, and keys of every kind.
struct Made {
    repo: Repo,
    folder: tempfile::TempDir,
}

impl Made {
    fn new() -> Self {
        let repo = Repo::new().file("README.md", "# A\n").file("src/lib.rs", "pub fn a() {}\n");
        let claims = "schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = \"A\"\n";
        let repo = repo.file("plimsoll.toml", claims).commit("first");
        let made = Self { repo, folder: tempfile::tempdir().unwrap() };
        let out = made.path("");
        done(&[
            "label",
            &made.repo.path().display().to_string(),
            "--as-of",
            AS_OF,
            "--out",
            &out.display().to_string(),
        ]);
        for kind in KINDS {
            done(&["key", "generate", "--type", kind, "--no-passphrase", "--out", &made.text(kind)]);
        }
        made
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }
}

#[test]
fn others_verify_what_is_signed_here() {
    let made = Made::new();
    let signed = made.path("signed");
    fs::create_dir(&signed).unwrap();
    let repo = made.repo.path().display().to_string();
    for kind in KINDS {
        let (key, public) = (made.text(&format!("{kind}.key")), made.text(&format!("{kind}.pub")));
        let file = |name: &str| made.text(&format!("signed/{kind}.{name}.json"));
        fs::copy(&public, signed.join(format!("{kind}.pub"))).unwrap();
        let (label, evidence) = (file("label"), made.text("evidence.json"));
        done(&["sign", &made.text("label.json"), "--key", &key, "--out", &label]);
        done(&["revoke", &label, "--key", &key, "--reason", "a test", "--as-of", AS_OF, "--out", &file("revocation")]);
        let asked = ["countersign", &label, "--key", &public, "--repo", &repo, "--evidence", &evidence];
        let said = ["--sign-key", &key, "--name", "A", "--role", "auditor", "--as-of", AS_OF];
        done(&[&asked[..], &said[..], &["--out", &file("countersignature")]].concat());
    }
    let Some(answers) = peers("read", &signed) else { return };
    assert_eq!(answers.len(), 9);
    let label = fs::read(made.path("label.json")).unwrap();
    let (head, digest) = (made.repo.head().unwrap(), plimsoll_model::sha256_hex(&label));
    for answer in answers {
        let (kind, name) = (answer["kind"].as_str().unwrap(), answer["name"].as_str().unwrap());
        let alone: Value = KINDS.iter().map(|one| ((*one).to_owned(), json!(*one == kind))).collect();
        for tool in ["securesystemslib", "openssl"] {
            assert_eq!(answer[tool], alone, "{tool}: {answer}");
        }
        assert_eq!(
            answer["damaged"],
            json!({ "payload": false, "type": false, "signature": false, "openssl": false }),
            "{answer}"
        );
        assert_eq!(answer["predicateType"], format!("https://plimsoll.dev/{name}/v1"));
        let subject = if name == "label" { json!({ "gitCommit": head }) } else { json!({ "sha256": digest }) };
        assert_eq!(answer["subjects"], json!([subject]), "{answer}");
        assert_eq!(answer["hintIsKeyid"], true);
        // sigstore-python takes no bundle by a key; once it does, this tells.
        assert!(answer["sigstore"].as_str().unwrap().contains("tlogEntries Field required"), "{answer}");
        assert!(answer["sigstoreWithLog"].as_str().unwrap().contains("expected certificate in bundle"), "{answer}");
    }
}

#[test]
fn what_others_sign_is_verified_here() {
    let made = Made::new();
    let Some(files) = peers("sign", made.folder.path()) else { return };
    assert_eq!(files.len(), 21);
    for file in files {
        let (name, key) = (made.text(file["file"].as_str().unwrap()), made.text(file["key"].as_str().unwrap()));
        let ran = run(&[
            "verify",
            &name,
            "--key",
            &key,
            "--as-of",
            AS_OF,
            "--evidence",
            &made.text("evidence.json"),
            "--quiet",
        ]);
        let good = file["good"] == true;
        assert_eq!(ran.code, i32::from(!good), "{name} by {key}: {}{}", ran.stdout, ran.stderr);
        assert!(good || ran.stdout.contains("signature: no key that is trusted made it"), "{name}: {}", ran.stdout);
    }
    // Their keys sign here as well, and both find the same.
    for kind in KINDS {
        let (key, out) = (made.text(&format!("theirs-{kind}.key")), made.text(&format!("{kind}.sigstore.json")));
        done(&["sign", &made.text("label.json"), "--key", &key, "--out", &out]);
        done(&["verify", &out, "--key", &made.text(&format!("theirs-{kind}.pub")), "--as-of", AS_OF]);
    }
}
