//! Keys by the command: made for their owner, shown, and opened by a passphrase.

use std::fs;

use serde_json::{Value, json};

use crate::{
    common::{command, run},
    forge::Forge,
    labels::{LATER, Made, done},
    tiers::Project,
};

#[test]
fn keys_are_made_for_their_owner_and_never_written_over() {
    let made = Made::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(made.file("maker.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    for (name, kind) in [("maker", "ed25519"), ("auditor", "ecdsa-p256"), ("stranger", "ecdsa-p384")] {
        let private = done(&["key", "show", &made.path(&format!("{name}.key"))]);
        let public = done(&["key", "show", &made.path(&format!("{name}.pub")), "--format", "json"]);
        let public: Value = serde_json::from_str(&public).unwrap();
        let pem = fs::read_to_string(made.file(&format!("{name}.pub"))).unwrap();
        assert_eq!((&public["kind"], &public["publicKey"]), (&json!(kind), &json!(pem)));
        assert_eq!(private, format!("{kind} {}\n{pem}", public["fingerprint"].as_str().unwrap()));
    }
    // Either half is enough to stop it.
    let kept = fs::read(made.file("maker.key")).unwrap();
    for lost in ["maker.pub", "maker.key"] {
        let aside = fs::read(made.file(lost)).unwrap();
        fs::remove_file(made.file(lost)).unwrap();
        let ran = run(&["key", "generate", "--no-passphrase", "--out", &made.path("maker")]);
        assert!(ran.code == 2 && ran.stderr.contains("a key is never written over"), "{}", ran.stderr);
        assert!(!made.file(lost).exists());
        fs::write(made.file(lost), aside).unwrap();
    }
    assert_eq!(fs::read(made.file("maker.key")).unwrap(), kept);
}

#[test]
fn a_passphrase_comes_from_a_file_or_the_environment() {
    let made = Made::new();
    fs::write(made.file("word"), "correct horse\nbattery\n").unwrap();
    fs::write(made.file("other"), "wrong\n").unwrap();
    fs::write(made.file("empty"), "\n").unwrap();
    let (key, word) = (made.path("closed.key"), made.path("word"));
    done(&["key", "generate", "--out", &made.path("closed"), "--passphrase-file", &word]);
    assert!(fs::read_to_string(&key).unwrap().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    let out = made.path("closed.sigstore.json");
    let sign = |more: &[&str], variable: Option<&str>| {
        let mut command = command();
        command.args(["sign", &made.path("label.json"), "--key", &key, "--out", &out, "--quiet"]).args(more);
        command.stdin(std::process::Stdio::null());
        if let Some(variable) = variable {
            command.env("PLIMSOLL_PASSPHRASE", variable);
        }
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    for (more, variable) in [(vec!["--passphrase-file", &word], None), (vec![], Some("correct horse"))] {
        assert_eq!(sign(&more, variable), (0, String::new()));
        done(&["verify", &out, "--key", &made.path("closed.pub"), "--as-of", LATER]);
        fs::remove_file(&out).unwrap();
    }
    let (other, empty, nothing) = (made.path("other"), made.path("empty"), made.path("nothing"));
    for (more, variable, reason) in [
        (vec![], None, "give it with PLIMSOLL_PASSPHRASE or --passphrase-file"),
        (vec![], Some("wrong"), "passphrase"),
        (vec!["--passphrase-file", &other], None, "passphrase"),
        // The file counts before the environment.
        (vec!["--passphrase-file", &other], Some("correct horse"), "passphrase"),
        (vec!["--passphrase-file", &empty], None, "its first line is empty"),
        (vec!["--passphrase-file", &nothing], None, "nothing: cannot read"),
    ] {
        let (code, error) = sign(&more, variable);
        assert!(
            code == 2 && error.contains(reason) && error.lines().count() == 1,
            "{more:?} {variable:?}: {code} {error}"
        );
        assert!(!made.file("closed.sigstore.json").exists());
    }
}

/// Keys that have signed nothing here are no answer: whatever was known without them is known with them.
#[test]
fn keys_that_have_signed_nothing_here_lower_nothing() {
    let Some(project) = Project::new() else { return };
    let path = |name: &str| project.forge.path(name).display().to_string();
    let keygen = ["-q", "-t", "ed25519", "-N", "", "-C", "other", "-f", "other"];
    Forge::run(project.forge.command("ssh-keygen").args(keygen));
    let public = fs::read_to_string(project.forge.path("other.pub")).unwrap();
    fs::write(project.forge.path("others"), format!("other@example.net {public}")).unwrap();
    let party = "[[party]]\nid = \"o\"\nname = \"Others\"\n";
    let policy = format!("schema = 1\n{party}[[ssh]]\nallowed-signers = [\"others\"]\nparty = \"o\"\n");
    fs::write(project.forge.path("others.toml"), policy).unwrap();
    // A repository in which nothing is signed.
    let plain = crate::label::demo().commit("first").tag("v1.2.3");
    let (signed, plain) = (path("repo"), plain.path().display().to_string());
    let label = |arguments: &[&str]| -> Value {
        let ran = run(&[
            &["label", "--as-of", "2026-09-10T00:00:00Z", "--quiet", "--no-cache", "--format", "json"],
            arguments,
        ]
        .concat());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        serde_json::from_str::<Value>(&ran.stdout).unwrap()["predicate"].clone()
    };
    let rank = |one: &Value| {
        let known = ["unmet", "unknown", "partial", "met", "not-applicable"];
        let sure = ["declared", "observed", "verified", "corroborated"];
        let at = |words: &[&str], name: &str| words.iter().position(|word| one[name] == *word);
        // What does not apply is as good as what holds.
        (at(&known, "outcome").unwrap().min(3), at(&sure, "assurance"))
    };
    let (trust, artifact, proof) = (path("trust.toml"), project.artifact(), project.proof());
    let (signers, policy) = (path("others"), path("others.toml"));
    let mut wrong = Vec::new();
    for (base, extra) in [
        (vec![signed.as_str()], vec!["--trust", &policy]),
        (vec![&signed], vec!["--allowed-signers", &signers]),
        (vec![&plain], vec!["--trust", &policy]),
        (vec![&signed, "--artifact", &artifact, "--attestation", &proof], vec!["--trust", &policy]),
        (vec![&signed, "--trust", &trust], vec!["--allowed-signers", &signers]),
        (
            vec![&signed, "--trust", &trust, "--artifact", &artifact, "--attestation", &proof],
            vec!["--allowed-signers", &signers],
        ),
    ] {
        let (before, after) = (label(&base), label(&[base.clone(), extra.clone()].concat()));
        for list in ["criteria", "face"] {
            for (one, other) in before[list].as_array().unwrap().iter().zip(after[list].as_array().unwrap()) {
                // The row of signatures says by which keys they are, and so more with more keys.
                let reworded = one["id"] != "signed" && one["text"] != other["text"];
                if rank(other) < rank(one) || reworded {
                    wrong.push(format!("{base:?} with {extra:?}: {one} became {other}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A signature over a file counts as long as its key does, and a label that rests on it no longer.
#[test]
fn a_label_ends_with_the_keys_that_it_rests_on() {
    let Some(project) = Project::new() else { return };
    let path = |name: &str| project.forge.path(name).display().to_string();
    let (artifact, proof) = (project.artifact(), project.proof());
    let mut keygen = project.forge.command("ssh-keygen");
    Forge::run(keygen.args(["-q", "-Y", "sign", "-n", "file", "-f", "maker", "acme"]));
    let key = project.forge.key("releases", "ed25519", "20260101T000000", "2026-09-18");
    let sign = ["--faked-system-time", "20260801T000000", "--local-user", &key, "--armor", "--output"];
    project.forge.gpg(&[&sign[..], &[&path("acme.asc"), "--detach-sign", &artifact]].concat());
    fs::write(project.forge.path("key.asc"), project.forge.gpg(&["--armor", "--export", &key])).unwrap();
    let plain = fs::read_to_string(project.forge.path("trust.toml")).unwrap();
    let label = |window: &str, file: &str| {
        let with =
            plain.replace("allowed-signers = [\"allowed\"]", &format!("allowed-signers = [\"allowed\"]{window}"));
        fs::write(project.forge.path("trust.toml"), with).unwrap();
        let more = ["--artifact", &artifact, "--attestation", &proof, "--attestation", &path(file)];
        let label = project.label(&[&more[..], &["--keyring", &path("key.asc")]].concat());
        let evidence = fs::read(project.forge.path("out/evidence.json")).unwrap();
        let evidence: Value = serde_json::from_slice(&evidence).unwrap();
        let until = crate::common::facts(&evidence, "signature-file")[0]["body"]["until"].clone();
        (label["tier"]["level"].clone(), label["expires"].as_str().unwrap().to_owned(), until)
    };
    let (level, whole, until) = label("", "acme.sig");
    assert!((&level, &until) == (&json!(3), &Value::Null) && whole.as_str() > "2026-09-20", "{level} {whole} {until}");
    // The window of the policy.
    let ended = label("\nvalid-before = 2026-09-15", "acme.sig");
    assert_eq!(ended, (json!(3), "2026-09-14T23:59:59Z".to_owned(), json!("2026-09-14")));
    // The end of the key, in the middle of a day.
    let ended = label("", "acme.asc");
    assert_eq!(ended, (json!(3), "2026-09-17T23:59:59Z".to_owned(), json!("2026-09-17")));
}
