//! Results of other tools that are given as files: whose word they are, what they are about, whether they count.

use std::fs;

use plimsoll_model::sha256_hex;
use plimsoll_testkit::Repo;
use serde_json::{Value, json};

use crate::{
    common::{AS_OF, facts, run},
    forge::Forge,
    label::demo,
};

const REPOSITORY: &str = "https://github.com/acme/demo";

fn project() -> Repo {
    let manifest =
        "[package]\nname = \"demo\"\nversion = \"1.0.0\"\nrepository = \"https://github.com/acme/demo\"\n".to_owned();
    demo().file("Cargo.toml", manifest).commit("first")
}

fn sarif(tool: &str, commit: &str, results: &Value) -> Value {
    json!({"version": "2.1.0", "runs": [{
        "tool": {"driver": {"name": tool}},
        "invocations": [{"executionSuccessful": true, "endTimeUtc": "2026-10-30T00:00:00Z"}],
        "versionControlProvenance": [{"repositoryUri": REPOSITORY, "revisionId": commit}],
        "results": results,
    }]})
}

fn settings(repository: &str, date: &str, commit: Option<&str>) -> Value {
    let mut value = json!({
        "plimsollForgeSettings": 1, "repository": repository, "date": date, "gatheredBy": "gh api",
        "settings": {
            "pullRequestRequired": true, "approvalsRequired": 1, "staleApprovalsDismissed": true, "forcePushAllowed": false,
            "deletionAllowed": false, "adminsBypass": false, "statusChecksRequired": ["test"], "twoFactorRequired": true,
            "privateVulnerabilityReporting": true, "secretScanning": true, "secretPushProtection": false,
        },
    });
    if let Some(commit) = commit {
        value["commit"] = json!(commit);
    }
    value
}

/// A folder with these files.
fn folder(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// Outcome, assurance and reason of each of `ids`.
fn outcomes(repo: &Repo, results: &std::path::Path, more: &[&str], ids: &[&str]) -> Vec<(String, String, String)> {
    let (repo, results) = (repo.path().display().to_string(), results.display().to_string());
    let ran = run(
        &[&["label", &repo, "--as-of", AS_OF, "--format", "json", "--quiet", "--results", &results], more].concat()
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let label: Value = serde_json::from_str(&ran.stdout).unwrap();
    let criteria = label["predicate"]["criteria"].as_array().unwrap().clone();
    ids.iter()
        .map(|id| {
            let one = criteria.iter().find(|one| one["id"] == *id).unwrap_or_else(|| panic!("{id}"));
            let text = |name: &str| one[name].as_str().unwrap_or_default().to_owned();
            (text("outcome"), text("assurance"), text("reason"))
        })
        .collect()
}

fn one(repo: &Repo, file: &str, content: &Value, id: &str) -> (String, String, String) {
    let folder = folder(&[(file, content.to_string())]);
    outcomes(repo, folder.path(), &[], &[id]).remove(0)
}

#[test]
fn a_report_counts_only_where_it_is_whole_and_about_this_commit() {
    let repo = project();
    let head = repo.head().unwrap();
    let id = "results.none-serious";
    let good = sarif("CodeQL", &head, &json!([]));
    let met = one(&repo, "a.sarif", &good, id);
    assert_eq!((met.0.as_str(), met.1.as_str()), ("met", "declared"), "{}", met.2);
    let found = sarif("CodeQL", &head, &json!([{"ruleId": "x", "level": "error"}]));
    assert_eq!(one(&repo, "a.sarif", &found, id).0, "unmet");
    let change = |place: &str, value: Value| {
        let mut log = good.clone();
        *log.pointer_mut(place).unwrap() = value;
        log
    };
    for (log, reason) in [
        (change("/runs/0/versionControlProvenance/0/revisionId", json!("f".repeat(40))), "it is about commit ffff"),
        (change("/runs/0/versionControlProvenance/0/revisionId", json!(head[..12])), "no full id"),
        (change("/runs/0/versionControlProvenance", json!([])), "about which commit"),
        (
            change("/runs/0/versionControlProvenance/0/repositoryUri", json!("https://github.com/other/demo")),
            "it is about github.com/other/demo",
        ),
        (change("/runs/0/versionControlProvenance/0/repositoryUri", json!("demo")), "no address"),
        (change("/runs/0/invocations/0/executionSuccessful", json!(false)), "it failed"),
        (change("/runs/0/invocations", json!([])), "came to its end"),
        (change("/runs/0/results", json!(null)), "no list of results"),
        (change("/runs/0/tool/driver/name", json!("Some tool")), "no report of such a tool"),
        (sarif("ESLint", &head, &json!([])), "no report of such a tool"),
    ] {
        let (outcome, _, told) = one(&repo, "a.sarif", &log, id);
        assert_eq!(outcome, "unknown", "{log}");
        assert!(told.contains(reason), "{told} / {reason}");
    }
    // A run that failed next to a good one, and a file that cannot be read next to it, leave it open.
    for (name, other) in [
        ("b.sarif", change("/runs/0/invocations/0/executionSuccessful", json!(false)).to_string()),
        ("b.sarif", "{".to_owned()),
        ("b.txt", "CodeQL found nothing".to_owned()),
    ] {
        let folder = folder(&[("a.sarif", good.to_string()), (name, other)]);
        assert_eq!(outcomes(&repo, folder.path(), &[], &[id])[0].0, "unknown", "{name}");
    }
    // With nothing given nothing is known, and nothing else changes.
    let none = folder(&[("a.json", json!({"results": []}).to_string())]);
    assert_eq!(outcomes(&repo, none.path(), &[], &[id])[0].0, "unknown");
}

#[test]
fn a_record_of_the_run_says_what_a_report_leaves_open() {
    let repo = project();
    let head = repo.head().unwrap();
    let id = "results.none-vulnerable";
    let report = json!({"results": []}).to_string();
    let record = |commit: &str, date: &str, code: i64, digest: &str| {
        json!({"plimsollRun": 1, "repository": REPOSITORY, "commit": commit, "date": date,
            "reports": [{"sha256": digest, "exitCode": code}]})
        .to_string()
    };
    let digest = sha256_hex(report.as_bytes());
    let check = |record: String| {
        let folder = folder(&[("osv.json", report.clone()), ("run.json", record)]);
        outcomes(&repo, folder.path(), &[], &[id]).remove(0)
    };
    let met = check(record(&head, "2026-10-30T00:00:00Z", 0, &digest));
    assert_eq!((met.0.as_str(), met.1.as_str()), ("met", "declared"), "{}", met.2);
    for (record, reason) in [
        (record(&head, "2026-10-30T00:00:00Z", 127, &digest), "ended with status 127"),
        (record(&"f".repeat(40), "2026-10-30T00:00:00Z", 0, &digest), "it is about commit"),
        (record(&head, "2026-08-30T00:00:00Z", 0, &digest), "days old"),
        (record(&head, "2026-11-30T00:00:00Z", 0, &digest), "dated after"),
        (record(&head, "2026-10-30T00:00:00Z", 0, &"0".repeat(64)), "about which commit"),
        (record("main", "2026-10-30T00:00:00Z", 0, &digest), "about which commit"),
    ] {
        let (outcome, _, told) = check(record);
        assert_eq!(outcome, "unknown", "{told}");
        assert!(told.contains(reason), "{told} / {reason}");
    }
}

#[test]
fn settings_count_for_their_repository_while_they_are_recent() {
    let repo = project();
    let head = repo.head().unwrap();
    let ids =
        ["forge.branch-protected", "forge.reviews-required", "forge.secrets-refused", "forge.signed-commits-required"];
    let check = |snapshot: &Value| {
        let folder = folder(&[("settings.json", snapshot.to_string())]);
        outcomes(&repo, folder.path(), &[], &ids)
    };
    let date = "2026-10-01T00:00:00Z";
    for commit in [None, Some(head.as_str())] {
        let seen = check(&settings("git@github.com:Acme/demo.git", date, commit));
        let told: Vec<&str> = seen.iter().map(|(outcome, _, _)| outcome.as_str()).collect();
        assert_eq!(told, ["met", "met", "partial", "unknown"], "{seen:?}");
        assert_eq!(seen[0].1, "declared");
    }
    for (snapshot, reason) in [
        (settings("https://github.com/acme/other", date, None), "it is about github.com/acme/other"),
        (settings("demo", date, None), "no address"),
        (settings(REPOSITORY, date, Some(&"f".repeat(40))), "not in this history"),
        (settings(REPOSITORY, "2026-06-01T00:00:00Z", None), "days old"),
        (settings(REPOSITORY, "2026-12-01T00:00:00Z", None), "dated after"),
    ] {
        let seen = check(&snapshot);
        assert!(seen.iter().all(|(outcome, _, _)| outcome == "unknown"), "{seen:?}");
        assert!(seen[0].2.contains(reason), "{} / {reason}", seen[0].2);
    }
    // Which repository it is nobody says.
    let nameless = demo().commit("first");
    let folder = folder(&[("settings.json", settings(REPOSITORY, date, None).to_string())]);
    let seen = outcomes(&nameless, folder.path(), &[], &["forge.branch-protected"]);
    assert_eq!(seen[0].0, "unknown");
    assert!(seen[0].2.contains("which repository this is"), "{}", seen[0].2);
}

#[test]
fn a_file_that_a_signer_of_the_policy_signed_is_their_word_and_no_other_is() {
    let Some(forge) = Forge::new() else { return };
    let repo = project();
    let report = sarif("CodeQL", &repo.head().unwrap(), &json!([])).to_string();
    let given = folder(&[("a.sarif", report.clone())]);
    let keygen = |arguments: &[&str]| Forge::run(forge.command("ssh-keygen").args(arguments));
    let path = |name: &str| given.path().join(name).display().to_string();
    let keys = tempfile::tempdir().unwrap();
    let key = |name: &str| keys.path().join(name).display().to_string();
    for name in ["ours", "theirs"] {
        keygen(&["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", &key(name)]);
    }
    let public = fs::read_to_string(key("ours.pub")).unwrap();
    fs::write(keys.path().join("allowed"), format!("ci@acme.dev {public}")).unwrap();
    fs::write(keys.path().join("trust.toml"), "schema = 1\n[[ssh]]\nallowed-signers = [\"allowed\"]\n").unwrap();
    let trust = key("trust.toml");
    let sign = |with: &str, namespace: &str| {
        let _ = fs::remove_file(path("a.sarif.sig"));
        keygen(&["-q", "-Y", "sign", "-n", namespace, "-f", &key(with), &path("a.sarif")]);
    };
    let check = |more: &[&str]| {
        let seen = outcomes(&repo, given.path(), more, &["results.none-serious"]).remove(0);
        (seen.0, seen.1)
    };
    let said = |outcome: &str, assurance: &str| (outcome.to_owned(), assurance.to_owned());
    sign("ours", "file");
    assert_eq!(check(&["--trust", &trust]), said("met", "verified"));
    assert_eq!(check(&[]), said("met", "declared"));
    sign("theirs", "file");
    assert_eq!(check(&["--trust", &trust]), said("met", "declared"));
    sign("ours", "git");
    assert_eq!(check(&["--trust", &trust]), said("met", "declared"));
    sign("ours", "file");
    // Of other bytes it is no signature, though they say the same.
    fs::write(path("a.sarif"), format!("{report}\n")).unwrap();
    assert_eq!(check(&["--trust", &trust]), said("met", "declared"));
}

#[test]
fn evidence_names_the_files_and_comes_out_the_same_from_each_folder_that_has_them() {
    let repo = project();
    let report = sarif("CodeQL", &repo.head().unwrap(), &json!([])).to_string();
    let path = repo.path().display().to_string();
    let collect = |given: &std::path::Path| {
        let ran = run(&["collect", &path, "--as-of", AS_OF, "--results", &given.display().to_string(), "--quiet"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    let (one, other) = (folder(&[("a.sarif", report.clone())]), folder(&[("a.sarif", report.clone())]));
    // Folders in it and hidden files are none of it.
    fs::create_dir(other.path().join("more")).unwrap();
    fs::write(other.path().join(".hidden"), "x").unwrap();
    let first = collect(one.path());
    assert_eq!(collect(other.path()), first);
    assert_eq!(collect(&one.path().join("a.sarif")), first);
    let evidence: Value = serde_json::from_str(&first).unwrap();
    assert_eq!(evidence["inputs"]["results"]["count"], 1);
    assert_eq!(facts(&evidence, "tool-result")[0]["body"]["sha256"], sha256_hex(report.as_bytes()));
    let more = folder(&[("a.sarif", report), ("b.json", "{}".to_owned())]);
    let more: Value = serde_json::from_str(&collect(more.path())).unwrap();
    assert_ne!(more["inputs"]["results"]["digest"], evidence["inputs"]["results"]["digest"]);
}

#[test]
fn what_is_no_folder_of_results_is_refused() {
    let project = project();
    let repo = project.path().display().to_string();
    let empty = tempfile::tempdir().unwrap();
    let missing = empty.path().join("missing").display().to_string();
    let packed = folder(&[("x.json", "{\"plimsollResults\":1,\"files\":[]}".to_owned())]);
    for (given, reason) in
        [(empty.path().display().to_string(), "there is no file of results"), (missing, "cannot read")]
    {
        let ran = run(&["label", &repo, "--as-of", AS_OF, "--results", &given]);
        assert_eq!(ran.code, 2, "{given}: {}", ran.stdout);
        assert!(ran.stderr.contains(reason), "{given}: {}", ran.stderr);
    }
    // A packed file in a folder is a file as any other, and of no format.
    let ran = run(&["inspect", "results", &repo, "--as-of", AS_OF, "--results", &packed.path().display().to_string()]);
    assert!(ran.stdout.contains("of no format that is read"), "{}{}", ran.stdout, ran.stderr);
}
