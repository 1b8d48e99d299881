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
