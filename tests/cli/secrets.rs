//! Keys and tokens of the tree and of the history: what is said of them, and that no output holds a value.

use std::{fs, path::Path};

use plimsoll_testkit::Repo;
use serde_json::Value;

use crate::{
    common::{AS_OF, facts, label_json, run},
    label::demo,
};

/// Put together here: it is no secret of anybody.
fn token(number: u32) -> String {
    ["glpat", &format!("-aB3dE5gH7jK9mN1pQ{number:03}")].concat()
}

/// A token in what ships, one in tests, one that a list of exceptions names with itself as the reason, and one that was removed. Others
/// are names of files, folders and tags, in base64, and parted by a blank and a line's end in reasons.
fn repository() -> (Repo, Vec<String>) {
    let tokens: Vec<String> = (1..=10).map(token).collect();
    let named = |number: usize, path: &str| path.replace('@', &tokens[number]);
    let (head, tail) = tokens[8].split_at(12);
    let repository = demo()
        .file(&named(4, "keys/@.txt"), format!("{}\n", tokens[4]))
        .file(&named(5, "lib/@/a.py"), format!("key = '{}'\n", tokens[5]))
        .file(&named(5, "lib/@/package.json"), "{\"name\": \"a\", \"dependencies\": {\"b\": \"1.0.0\"}}\n")
        .file(&named(5, "lib/@/requirements.txt"), "b==1.0.0\n")
        .file(&named(6, ".github/workflows/@.yml"), "on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: a/b@main\n      - run: echo ${{ github.event.pull_request.title }}\n")
        .file(&named(7, "bin/@.exe"), "MZ\0\0\u{1}")
        .file("secret.yaml", format!("kind: Secret\ndata:\n  key: {}\n", base64(&tokens[9])))
        .file("src/old.rs", format!("let old = \"{}\";\n", tokens[3]))
        .commit("first")
        .file("src/old.rs", "let old = 1;\n")
        .file("src/a.rs", format!("let a = \"{}\";\n", tokens[0]))
        .file("tests/b.rs", format!("let b = \"{}\";\n", tokens[1]))
        .file("src/c.rs", format!("let c = \"{}\";\n", tokens[2]))
        .file(
            ".gitleaks.toml",
            format!(
                "[[allowlists]]\ndescription = \"made: {}\"\npaths = ['c\\.rs$']\n\
                 [[allowlists]]\ndescription = \"made: {head} {tail}\"\npaths = ['^keys/']\n\
                 [[allowlists]]\ndescription = \"\"\"made: {head}\n{tail}\"\"\"\npaths = ['^tests/b.rs$']\n",
                tokens[2]
            ),
        )
        .file(".gitleaksignore", "src/a.rs:generic:1\n")
        .commit("second")
        .tag(&named(7, "v1-@"));
    (repository, tokens)
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

fn inspected(path: &str, more: &[&str]) -> Value {
    let ran = run(&[&["inspect", "secrets", path, "--format", "json", "--quiet", "--as-of", AS_OF], more].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn the_history_is_scanned_where_it_is_asked_for_and_a_gap_where_not() {
    let (repository, _) = repository();
    let path = repository.path().display().to_string();
    assert!(inspected(&path, &[])["kinds"].get("past-secret").is_none());
    let with = inspected(&path, &["--history"]);
    let found: Vec<_> = facts(&with, "past-secret").iter().map(|fact| fact["body"]["path"].clone()).collect();
    assert_eq!(found, ["src/old.rs"]);

    let outcome = |label: &Value| {
        let criteria = label["predicate"]["criteria"].as_array().unwrap().clone();
        let one = criteria.into_iter().find(|one| one["id"] == "secrets.none-in-history").unwrap();
        (one["outcome"].as_str().unwrap().to_owned(), one["reason"].as_str().unwrap().to_owned())
    };
    let (unknown, reason) = outcome(&label_json(repository.path()));
    assert_eq!(unknown, "unknown");
    assert!(reason.contains("the history was not scanned (--history)"), "{reason}");
    let ran = run(&["label", &path, "--history", "--as-of", AS_OF, "--format", "json", "--quiet"]);
    let label: Value = serde_json::from_str(&ran.stdout).unwrap();
    let (unmet, reason) = outcome(&label);
    assert_eq!(unmet, "unmet");
    assert!(reason.starts_with("1 key or token was removed from the tree"), "{reason}");
    assert_eq!(label["predicate"]["inputs"]["references"]["count"], 1);
}

#[test]
fn what_a_list_excepts_is_shown_with_it_and_still_counts() {
    let (repository, _) = repository();
    let path = repository.path().display().to_string();
    let found = inspected(&path, &[]);
    let of = |path: &str| {
        let fact = facts(&found, "secret").into_iter().find(|fact| fact["body"]["path"] == path).unwrap().clone();
        fact["body"]["excepted"].clone()
    };
    assert_eq!(of("src/a.rs"), serde_json::json!({"file": ".gitleaksignore", "assurance": "declared"}));
    // Its reason holds a token, and is not shown.
    assert_eq!(of("src/c.rs"), serde_json::json!({"file": ".gitleaks.toml", "assurance": "declared"}));
    // Nor is one that a line's end parts.
    assert_eq!(of("tests/b.rs"), serde_json::json!({"file": ".gitleaks.toml", "assurance": "declared"}));
    assert_eq!(of("secret.yaml"), Value::Null);
    let label = label_json(repository.path());
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    let one = criteria.iter().find(|one| one["id"] == "secrets.none-found").unwrap();
    assert_eq!(one["outcome"], "unmet");
    assert!(one["reason"].as_str().unwrap().contains("the maker lists 3 as exceptions"), "{}", one["reason"]);
}

/// Everything that the program writes about a repository, by the command that writes it.
fn outputs(path: &str, folder: &Path) -> Vec<(String, String)> {
    let formats = [
        "text",
        "json",
        "svg",
        "html",
        "markdown",
        "sarif",
        "annotations",
        "badge",
        "env",
        "oscal",
        "summary",
        "comment",
    ];
    let common = ["--history", "--as-of", AS_OF];
    let mut all = Vec::new();
    let mut add = |arguments: &[&str]| {
        let ran = run(&[arguments, &common].concat());
        all.push((format!("{arguments:?} {}", ran.code), format!("{}\n{}", ran.stdout, ran.stderr)));
    };
    for format in formats {
        add(&["label", path, "--format", format]);
    }
    for format in ["text", "json", "markdown"] {
        add(&["plan", path, "--format", format]);
    }
    for format in ["text", "json"] {
        for id in ["secrets.none-found", "secrets.none-in-history", "C.1", "2"] {
            add(&["explain", id, path, "--format", format]);
        }
        for collector in ["secrets", "past-secrets", "files", "policies", "history"] {
            add(&["inspect", collector, path, "--format", format]);
        }
    }
    add(&["collect", path]);
    add(&["forecast", path]);
    let out = folder.join("out");
    add(&["label", path, "--out", &out.display().to_string()]);
    for entry in fs::read_dir(&out).unwrap() {
        let entry = entry.unwrap().path();
        all.push((entry.display().to_string(), String::from_utf8_lossy(&fs::read(&entry).unwrap()).into_owned()));
    }
    all
}

#[test]
fn no_output_holds_a_value() {
    let (repository, tokens) = repository();
    let folder = tempfile::tempdir().unwrap();
    let all = outputs(&repository.path().display().to_string(), folder.path());
    assert!(all.len() > 35);
    assert!(all.iter().filter(|(_, text)| text.contains("src/a.rs")).count() > 8);
    for (what, text) in &all {
        for token in &tokens {
            // Not half of it either.
            let half = &token[6..16];
            assert!(!text.contains(half), "{what} holds a value");
            assert!(!text.contains(&base64(token)[9..21]), "{what} holds an encoded value");
        }
    }
    // A file with such a name is still to be found: by what is before and behind the value.
    let found = inspected(&repository.path().display().to_string(), &[]);
    let paths: Vec<_> =
        facts(&found, "secret").iter().map(|fact| fact["subject"]["id"].as_str().unwrap().to_owned()).collect();
    assert!(
        paths.iter().any(|path| path.starts_with("keys/glpa***") && path.strip_suffix(".txt").is_some()),
        "{paths:?}"
    );
    assert!(paths.iter().any(|path| path.starts_with("lib/glpa***") && path.ends_with("/a.py")), "{paths:?}");
}
