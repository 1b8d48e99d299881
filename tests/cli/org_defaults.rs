//! Documents that an organisation keeps for all its repositories.

use std::fs;

use plimsoll_testkit::Repo;
use serde_json::Value;

use crate::{
    common::{AS_OF, facts, run, run_in},
    label::demo,
};

fn organisation() -> Repo {
    Repo::new()
        .file(
            "SECURITY.md",
            "# Security\n\nReport vulnerabilities in private to security@acme.dev. We answer within 3 days.\n",
        )
        .file(
            ".github/CONTRIBUTING.md",
            "# Contributing\n\nFork the repository and open a pull request. Run `cargo test` first. A maintainer reviews each change.\n",
        )
        .file("LICENSE", "x")
        .file(".github/CODEOWNERS", "* @boss\n")
        .commit("defaults")
}

fn outcomes(repo: &Repo, more: &[&str]) -> [String; 3] {
    let label =
        run(&[&["label", &repo.path().display().to_string(), "--as-of", AS_OF, "--format", "json"], more].concat());
    assert_eq!(label.code, 0, "{}", label.stderr);
    let label: Value = serde_json::from_str(&label.stdout).unwrap();
    ["reporting.policy-published", "policy.contributing", "policy.code-owners"].map(|id| {
        let criteria = label["predicate"]["criteria"].as_array().unwrap();
        criteria.iter().find(|one| one["id"] == id).unwrap()["outcome"].as_str().unwrap().to_owned()
    })
}

#[test]
fn defaults_count_where_the_repository_has_none_and_evidence_names_them() {
    let bare = demo().without("SECURITY.md").without("CONTRIBUTING.md").without(".github/CODEOWNERS").commit("one");
    let organisation = organisation();
    let path = organisation.path().display().to_string();
    assert_eq!(outcomes(&bare, &[]), ["unknown", "unknown", "unmet"]);
    assert_eq!(outcomes(&bare, &["--org-defaults", &path]), ["met", "met", "unmet"]);
    let own = demo().without("CONTRIBUTING.md").file("SECURITY.md", "# Security\n\nTBD\n").commit("one");
    assert_ne!(outcomes(&own, &["--org-defaults", &path])[0], "met");
    // An organisation without such files leaves nothing open.
    let empty = Repo::new().file("README.md", "x").commit("one");
    let none = outcomes(&bare, &["--org-defaults", &empty.path().display().to_string()]);
    assert_eq!(none, ["unknown", "unmet", "unmet"]);
    let collected = run(&["collect", &bare.path().display().to_string(), "--as-of", AS_OF, "--org-defaults", &path]);
    let evidence: Value = serde_json::from_str(&collected.stdout).unwrap();
    let input = &evidence["inputs"]["org-defaults"];
    assert_eq!(input["revision"].as_str().unwrap().len(), 40);
    assert_eq!(input["count"], 2);
    let paths: Vec<&str> = facts(&evidence, "policy")
        .iter()
        .filter_map(|fact| fact["body"]["path"].as_str())
        .filter(|path| path.starts_with("the org"))
        .collect();
    assert_eq!(
        paths,
        ["the organisation's .github/CONTRIBUTING.md", "the organisation's SECURITY.md", "the organisation's defaults"]
    );
}

#[test]
fn what_is_no_default_is_refused() {
    let bare = demo().commit("one");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.json");
    fs::write(&file, "{}").unwrap();
    for (given, why) in [
        (file.display().to_string(), "not the default documents"),
        (folder.path().display().to_string(), "repository"),
        (folder.path().join("missing").display().to_string(), "cannot read"),
    ] {
        let ran = run_in(bare.path(), &["label", ".", "--as-of", AS_OF, "--org-defaults", &given]);
        assert_eq!(ran.code, 2, "{given}: {}", ran.stdout);
        assert!(ran.stderr.contains(why), "{given}: {}", ran.stderr);
    }
    // A link leads out of it: what it would say is not known.
    let linked = Repo::new().symlink("SECURITY.md", "/etc/passwd").commit("one");
    let ran = run(&[
        "label",
        &bare.path().display().to_string(),
        "--as-of",
        AS_OF,
        "--org-defaults",
        &linked.path().display().to_string(),
    ]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("SECURITY.md"), "{}", ran.stderr);
}
