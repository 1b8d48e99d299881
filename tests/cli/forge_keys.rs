//! Keys of forges: one that calls itself a forge, one that has ended, what a forge signs of others; with the real git and gpg.

use std::fs;

use serde_json::Value;

use crate::{
    common::{AS_OF, run},
    forge::Forge,
};

/// Commits as the button of a forge does: the forge commits and signs, and the author is someone else.
fn by_button(forge: &Forge, message: &str, author: &str, key: &str, now: &str) {
    let wrapper = forge.path("gpg-at");
    let script = format!(
        "#!/bin/sh\nexec gpg --batch --pinentry-mode loopback --passphrase '' --faked-system-time {now} \"$@\"\n"
    );
    fs::write(&wrapper, script).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = forge.command("git");
    command.env("GIT_AUTHOR_NAME", author).env("GIT_AUTHOR_EMAIL", format!("{author}@example.org"));
    command.env("GIT_COMMITTER_NAME", "Forge").env("GIT_COMMITTER_EMAIL", "forge@example.org");
    let (day, hour) = now.split_once('T').unwrap();
    for name in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        command.env(name, format!("{}-{}-{}T{}:00:00 +0000", &day[..4], &day[4..6], &day[6..], &hour[..2]));
    }
    command.args(["-C", "repo", "-c", &format!("user.signingKey={key}")]);
    command.args(["-c", &format!("gpg.openpgp.program={}", wrapper.display())]);
    Forge::run(command.args(["commit", "-q", "--allow-empty", "-S", "-m", message]));
}

fn verdict(forge: &Forge, message: &str, policy: &str) -> Value {
    let id = forge.git(&["-C", "repo", "log", "--format=%H", "--grep", message], "");
    forge.verdicts(&["--trust", policy]).remove(id.trim()).unwrap()
}

fn answered(repository: &str, policy: &str) -> String {
    let ran = run(&["label", repository, "--as-of", AS_OF, "--format", "json", "--quiet", "--trust", policy]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let label: Value = serde_json::from_str(&ran.stdout).unwrap();
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    let one = criteria.iter().find(|one| one["id"] == "signatures.answered").unwrap();
    format!("{}: {}", one["outcome"].as_str().unwrap(), one["reason"].as_str().unwrap())
}

#[test]
fn a_forge_answers_for_its_button_while_its_key_lasts_and_no_one_else_does() {
    let Some(forge) = Forge::new() else { return };
    fs::write(forge.path("repo/README.md"), "# app\n").unwrap();
    forge.git(&["-C", "repo", "add", "."], "");
    let real = forge.key("forge", "ed25519", "20250101T000000", "20250601T000000");
    fs::write(forge.path("forge.asc"), forge.gpg(&["--armor", "--export", &real])).unwrap();
    by_button(&forge, "own squash", "maker", &real, "20250301T000000");
    by_button(&forge, "of a stranger", "stranger", &real, "20250302T000000");
    // The same key, made to last longer after the reader's copy was exported.
    forge.gpg(&["--faked-system-time", "20250501T000000", "--quick-set-expire", &real, "0"]);
    by_button(&forge, "after its end", "maker", &real, "20250901T000000");
    // Another key under the same name and address, as the forge would have it.
    let user = "Forge <forge@example.org>";
    forge.gpg(&["--faked-system-time", "20250101T000000", "--quick-gen-key", user, "ed25519", "sign", "0"]);
    let listed = forge.gpg(&["--with-colons", "--list-keys", &format!("={user}")]);
    let forged = listed.lines().find_map(|line| line.strip_prefix("fpr:")).unwrap().trim_matches(':').to_owned();
    by_button(&forge, "by a forged key", "maker", &forged, "20250303T000000");

    let policy = forge.path("policy.toml");
    fs::write(&policy, "schema = 1\n[[openpgp]]\nkeys = [\"forge.asc\"]\nrole = \"forge\"\n").unwrap();
    let policy = policy.display().to_string();
    let seen = |message: &str| {
        let verdict = verdict(&forge, message, &policy);
        let text = |member: &str| verdict[member].as_str().unwrap_or_default().to_owned();
        (text("at_commit"), text("by"))
    };
    let pair = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    // The button's key says whose button it was, whoever wrote the change.
    assert_eq!(seen("own squash"), pair("good", "forge"));
    assert_eq!(seen("of a stranger"), pair("good", "forge"));
    assert_eq!(seen("after its end"), pair("expired_key", "forge"));
    assert_eq!(seen("by a forged key"), pair("unknown_key", "unknown"));
    let repository = forge.path("repo").display().to_string();
    let said = answered(&repository, &policy);
    assert_eq!(
        said,
        "unknown: 4 of 4 commits are signed: 0 are answered for by keys of the trust policy, 2 are by a forge, 1 by keys that it \
         does not have, 1 by keys that had ended or were revoked, or in a way that does not hold"
    );
    // GitHub's built-in keys are known by their fingerprints: a name and an address make no forge.
    let built_in = forge.path("github.toml");
    fs::write(&built_in, "schema = 1\nforge = [\"github\"]\n").unwrap();
    let said = answered(&repository, &built_in.display().to_string());
    assert!(said.contains("0 are by a forge"), "{said}");
    let ran = run(&["trust", "signers", &repository, "--format", "json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let signers: Value = serde_json::from_str(&ran.stdout).unwrap();
    let all = signers["signers"].as_array().unwrap();
    assert!(all.len() >= 2 && all.iter().all(|one| one["owner"]["kind"] != "forge"), "{signers}");
}
