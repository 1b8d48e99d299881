//! `plimsoll plan`: the next step first, then all of them by the file to edit.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    common::{AS_OF, run, run_in},
    label::demo,
};

/// The label of a fixture, as a file.
fn label(tier: u8) -> (tempfile::TempDir, String) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fixtures/evidence/tier-{tier}.json"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("label.json");
    let scored = run(&["score", &fixture.display().to_string()]);
    assert_eq!(scored.code, 0, "{}", scored.stderr);
    fs::write(&file, scored.stdout).unwrap();
    let file = file.display().to_string();
    (folder, file)
}

#[test]
fn no_claims_file_is_one_step() {
    let repo = demo().commit("first");
    let plan = run_in(repo.path(), &["plan", "--as-of", AS_OF]);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    let first = plan.stdout.lines().take(2).collect::<Vec<_>>().join(" ");
    assert!(first.starts_with("Next: there is no plimsoll.toml: run `plimsoll init`: "), "{first}");
    assert!(plan.stdout.lines().all(|line| line.chars().count() <= 80), "{}", plan.stdout);
    let plan = run_in(repo.path(), &["plan", "--as-of", AS_OF, "--format", "json"]);
    let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
    let groups = plan["groups"].as_array().unwrap();
    let of_claims: Vec<&Value> = groups.iter().filter(|group| group["file"] == "plimsoll.toml").collect();
    assert_eq!(of_claims.len(), 1);
    assert_eq!(groups[0], *of_claims[0]);
    assert!(groups[0]["steps"].as_array().unwrap().len() > 5);
    // No step is lost, and none is twice.
    let mut grouped: Vec<&str> =
        groups.iter().flat_map(|group| group["steps"].as_array().unwrap()).map(|id| id.as_str().unwrap()).collect();
    let mut steps: Vec<&str> =
        plan["steps"].as_array().unwrap().iter().map(|step| step["id"].as_str().unwrap()).collect();
    grouped.sort_unstable();
    steps.sort_unstable();
    assert_eq!(grouped, steps);
}

#[test]
fn a_claims_file_that_is_not_committed_is_noticed() {
    let repo = demo().commit("first").checkout();
    fs::write(repo.path().join("plimsoll.toml"), "schema = 1\n").unwrap();
    let plan = run_in(repo.path(), &["plan", "--as-of", AS_OF]);
    assert!(plan.stdout.starts_with("Next: plimsoll.toml is there and not committed: commit it"), "{}", plan.stdout);
    let plan = run_in(repo.path(), &["plan", "--as-of", AS_OF, "--worktree"]);
    assert!(!plan.stdout.contains("not committed"), "{}", plan.stdout);
}

#[test]
fn the_way_up_from_tiers_1_and_2() {
    for tier in [1, 2] {
        let (_folder, file) = label(tier);
        let plan = run(&["plan", &file]);
        assert_eq!((plan.code, plan.stderr.as_str()), (0, ""));
        assert!(plan.stdout.starts_with("Next: "), "{}", plan.stdout);
        assert!(plan.stdout.lines().all(|line| line.chars().count() <= 80), "{}", plan.stdout);
        insta::assert_snapshot!(format!("plan_from_tier_{tier}"), plan.stdout);
    }
    let (_folder, file) = label(4);
    assert_eq!(run(&["plan", &file]).stdout, "Tier 4 is the highest there is.\n");
}

#[test]
fn an_issue_has_a_box_for_each_step_and_no_markup_of_others() {
    let (folder, file) = label(1);
    let mut hostile: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    for one in hostile["predicate"]["criteria"].as_array_mut().unwrap() {
        one["reason"] = json!("a\n\n- [x] done\n<img src=x> @someone #1 [a](https://x) | `b`\u{202e}");
    }
    let path = folder.path().join("hostile.json");
    fs::write(&path, hostile.to_string()).unwrap();
    let plan = run(&["plan", &path.display().to_string(), "--format", "json"]);
    let steps = serde_json::from_str::<Value>(&plan.stdout).unwrap()["steps"].as_array().unwrap().len();
    let plan = run(&["plan", &path.display().to_string(), "--format", "markdown"]);
    assert_eq!(plan.code, 0, "{}", plan.stderr);
    assert_eq!(plan.stdout.lines().filter(|line| line.starts_with("- [ ] ")).count(), steps);
    for absent in ["[x]", "<img", "@someone", "](https", "\u{202e}"] {
        assert!(!plan.stdout.contains(absent), "{absent}: {}", plan.stdout);
    }
    let text = run(&["plan", &path.display().to_string()]).stdout;
    assert!(!text.contains('\u{202e}') && !text.contains("\n- [x]"), "{text}");
}

/// A repository on GitHub whose maker has said where to report.
fn on_github() -> plimsoll_testkit::Repo {
    let pinned = "0123456789abcdef0123456789abcdef01234567";
    let workflow = format!(
        "on: [push, pull_request]\npermissions: {{}}\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: \
         actions/checkout@{pinned} # v4\n      - run: cargo test\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: \
         actions/checkout@v4\n      - run: cargo clippy -- -D warnings\n"
    );
    demo()
        .without("SECURITY.md")
        .without(".github/dependabot.yml")
        .file(".github/workflows/ci.yml", workflow)
        .file(
            "plimsoll.toml",
            "schema = 1\ndate = 2026-01-01\nreview-by = 2027-01-01\n[product]\nname = \"demo\"\nclaimant = \"Acme\"\ncontact = \"security@acme.dev\"\n",
        )
}

#[test]
fn what_is_written_makes_true_what_it_promises() {
    let repo = on_github().commit("first").checkout();
    let arguments = ["plan", "--as-of", AS_OF];
    let outcome = |id: &str| {
        let label = run_in(repo.path(), &["label", "--as-of", AS_OF, "--worktree", "--format", "json"]);
        let label: Value = serde_json::from_str(&label.stdout).unwrap();
        let criteria = label["predicate"]["criteria"].as_array().unwrap();
        criteria.iter().find(|one| one["id"] == id).unwrap()["outcome"].as_str().unwrap().to_owned()
    };
    let plan = run_in(repo.path(), &[&arguments[..], &["--format", "json", "--to", "4"]].concat());
    let plan: Value = serde_json::from_str(&plan.stdout).unwrap();
    let can: Vec<&str> = (plan["steps"].as_array().unwrap().iter())
        .filter(|step| step.get("writes").is_some())
        .map(|step| step["id"].as_str().unwrap())
        .collect();
    assert!(can.contains(&"reporting.policy-published"), "{can:?}");
    for id in &can {
        assert_ne!(outcome(id), "met", "{id}");
    }
    let written = run_in(repo.path(), &[&arguments[..], &["--write"]].concat());
    assert_eq!(written.code, 0, "{}", written.stderr);
    insta::assert_snapshot!("plan_write", written.stdout);
    for id in &can {
        assert_eq!(outcome(id), "met", "{id}");
    }
    // What it wrote is in the working copy and not in the commit: nothing is overwritten.
    let again = run_in(repo.path(), &[&arguments[..], &["--write"]].concat());
    assert_eq!(again.code, 2, "{}", again.stdout);
    assert!(again.stderr.contains("nothing is overwritten"), "{}", again.stderr);
    let again = run_in(repo.path(), &[&arguments[..], &["--write", "--worktree"]].concat());
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(!again.stdout.contains("wrote"), "{}", again.stdout);
}

#[test]
fn nothing_is_written_through_links_or_over_what_is_there() {
    let elsewhere = tempfile::tempdir().unwrap();
    let write = ["plan", "--as-of", AS_OF, "--write"];
    // A folder of the commit that leads out of it.
    let target = elsewhere.path().display().to_string();
    let repo = demo()
        .without("SECURITY.md")
        .without(".github/dependabot.yml")
        .file("plimsoll.toml", "schema = 1\ndate = 2026-01-01\nreview-by = 2027-01-01\n[product]\nname = \"demo\"\ncontact = \"security@acme.dev\"\n")
        .commit("first")
        .checkout();
    let _ = fs::remove_dir_all(repo.path().join(".github"));
    #[cfg(unix)]
    std::os::unix::fs::symlink(&target, repo.path().join("SECURITY.md")).unwrap();
    let ran = run_in(repo.path(), &write);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    // A file that was changed since the commit.
    let repo = on_github().commit("first").checkout();
    let workflow = repo.path().join(".github/workflows/ci.yml");
    let changed = fs::read_to_string(&workflow).unwrap() + "# mine\n";
    fs::write(&workflow, &changed).unwrap();
    let ran = run_in(repo.path(), &write);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("not as it was committed"), "{}", ran.stderr);
    assert_eq!(fs::read_to_string(&workflow).unwrap(), changed);
    // A label is no place to write to, and another commit is not the working copy.
    let (_folder, file) = label(1);
    assert_eq!(run(&["plan", &file, "--write"]).code, 2);
    assert_eq!(run_in(repo.path(), &[&write[..], &["--rev", "HEAD"]].concat()).code, 2);
}
