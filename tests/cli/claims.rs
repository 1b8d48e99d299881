//! Mistakes in plimsoll.toml are said on top, each with its line, and lose no more than they have to.

use plimsoll_testkit::Repo;

use crate::common::{AS_OF, run};

const GOOD: &str = "schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = \"Notes\"\nversion = \"1.2\"\nclaimant = \"We\"\n[claims.\"ssdf-1.1\"]\n\"PO.1\" = \"done\"\n\"PO.2.2\" = \"planned\"\n";

/// Labels a repository with this claims file: the exit code with `--strict`, what is said, and the label.
fn labelled(text: &str) -> (i32, String, String) {
    let repo: Repo = Repo::new().file("src/a.txt", "x").file("plimsoll.toml", text).commit("first");
    let path = repo.path().display().to_string();
    let ran = run(&["label", &path, "--as-of", AS_OF, "--strict"]);
    (ran.code, ran.stderr, ran.stdout)
}

#[test]
fn an_answer_that_no_catalog_asks_for_is_a_mistake() {
    let (code, said, _) = labelled(GOOD);
    assert_eq!((code, said.contains("plimsoll.toml: ")), (0, false), "{said}");
    for (from, to, says) in [
        ("\"PO.1\"", "\"PO.11\"", "plimsoll.toml: line 9: ssdf-1.1 has no entry \"PO.11\" (did you mean \"PO."),
        ("\"PO.2.2\"", "\"nothing\"", "plimsoll.toml: line 10: ssdf-1.1 has no entry \"nothing\"; this answer counts"),
        ("\"PO.1\"", "\"PO\"", "plimsoll.toml: line 9: ssdf-1.1 has no entry \"PO\""),
        ("ssdf-1.1", "ssdf-1.2", "line 9: there is no catalog \"ssdf-1.2\" (did you mean \"ssdf-1.2-draft\"?)"),
        ("\"We\"", "\"Your Name\"", "[product] claimant: \"Your Name\" is a placeholder"),
    ] {
        let (code, said, _) = labelled(&GOOD.replace(from, to));
        assert_eq!(code, 1, "{from}: {said}");
        assert!(said.contains(says), "{from}: {said}");
        assert_eq!(said.matches("plimsoll.toml: ").count(), 1, "{from}: {said}");
    }
}

#[test]
fn a_wrong_day_loses_neither_name_nor_version() {
    for (from, to) in [("2026-10-01", "2026-13-01"), ("2027-10-01", "soon"), ("\"PO.1\"", "PO.1.x.\"")] {
        let (code, said, label) = labelled(&GOOD.replace(from, to));
        assert_eq!(code, 1, "{from}: {said}");
        assert!(
            said.contains("plimsoll.toml: line ") && label.contains("Notes") && label.contains("1.2"),
            "{said}\n{label}"
        );
    }
}
