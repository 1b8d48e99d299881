//! Crates.

use super::*;

const SOURCE: &str = "[package]\nname = \"demo\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";
const PACKED: &str = r#"[package]
edition = "2021"
name = "demo"
version = "1.0.0"
build = false
autolib = false
autobins = false
autoexamples = false
autotests = false
autobenches = false
readme = false

[lib]
name = "demo"
path = "src/lib.rs"
"#;
const TREE: [(&str, &str); 4] =
    [("Cargo.toml", SOURCE), ("src/lib.rs", "//! a\n"), ("src/b.rs", "// b\n"), ("tests/t.rs", "")];

fn vcs_info(commit: &str, path: &str, dirty: bool) -> String {
    let dirty = if dirty { r#","dirty":true"# } else { "" };
    format!(r#"{{"git":{{"sha1":"{commit}"{dirty}}},"path_in_vcs":"{path}"}}"#)
}

/// The crate as cargo packs it from [`TREE`] at `commit`.
fn packed(commit: &str) -> Files {
    files(&[
        (".cargo_vcs_info.json", &vcs_info(commit, "", false)),
        ("Cargo.toml", PACKED),
        ("Cargo.toml.orig", SOURCE),
        ("src/b.rs", "// b\n"),
        ("src/lib.rs", "//! a\n"),
    ])
}

fn demo(files: &Files) -> Package {
    read("demo-1.0.0.crate", "demo-1.0.0", files)
}

fn check(repo: &Repo, change: impl FnOnce(&mut Files)) -> Comparison {
    let mut files = packed(&repo.head().unwrap());
    change(&mut files);
    compare(&demo(&files), &snapshot(repo))
}

fn put(files: &mut Files, path: &str, content: impl AsRef<[u8]>) {
    files.insert(path.to_owned(), content.as_ref().to_vec());
}

#[test]
fn an_honest_crate_is_equal() {
    let comparison = check(&repo(&TREE), |_| {});
    assert_eq!(told(&comparison), (Verdict::Equal, vec![]));
    let counts = Counts { same: 3, generated: 2, left_out: 1, ..Counts::default() };
    assert_eq!(comparison.counts, Some(counts));
    assert_eq!((comparison.commit_matches, comparison.folder.as_deref()), (Some(true), Some("")));
    assert_eq!(comparison.reasons, ["it leaves out 1 file of its folder in the commit"]);
}

type Change = Box<dyn Fn(&mut Files)>;

#[test]
fn what_the_commit_does_not_have_is_named() {
    let repo = repo(&TREE);
    let backdoor = "[dependencies.evil]\nversion = \"1\"\n";
    let cases: [(&str, Change); 8] = [
        ("only-in-package build.rs", Box::new(|files| put(files, "build.rs", "fn main() {}"))),
        (
            "only-in-package src/lib.rs/x",
            Box::new(|files| {
                files.remove("src/lib.rs");
                put(files, "src/lib.rs/x", "");
            }),
        ),
        ("differs src/b.rs", Box::new(|files| put(files, "src/b.rs", "// B\n"))),
        ("line-endings src/b.rs", Box::new(|files| put(files, "src/b.rs", "// b\r\n"))),
        ("differs Cargo.toml", Box::new(move |files| put(files, "Cargo.toml", format!("{PACKED}\n{backdoor}")))),
        ("differs Cargo.toml.orig", Box::new(|files| put(files, "Cargo.toml.orig", format!("{SOURCE}# x\n")))),
        (
            "differs Cargo.lock",
            Box::new(|files| {
                put(
                    files,
                    "Cargo.lock",
                    "version = 4\n[[package]]\nname = \"demo\"\nversion = \"1.0.0\"\ndependencies = [\"evil\"]\n[[package]]\nname = \"evil\"\nversion = \"1.0.0\"\nsource = \"git+https://example.org/evil#0123456789abcdef0123456789abcdef01234567\"\n",
                );
            }),
        ),
        ("only-in-package .cargo/config.toml", Box::new(|files| put(files, ".cargo/config.toml", ""))),
    ];
    for (expected, change) in cases {
        let comparison = check(&repo, |files| change(files));
        let (verdict, open) = told(&comparison);
        assert_eq!(verdict, Verdict::Differs, "{expected}");
        assert!(open.contains(&expected.to_owned()), "{expected}: {open:?}");
    }
    // A manifest that names the dependency, and an original that is the tree's.
    let comparison = check(&repo, |files| put(files, "Cargo.toml", format!("{PACKED}\n{backdoor}")));
    let manifest = comparison.files.iter().find(|file| file.path == "Cargo.toml").unwrap();
    assert!(manifest.reason.as_ref().unwrap().contains("evil"), "{manifest:?}");
}

#[test]
fn what_a_crate_says_of_its_commit_counts() {
    let repo = repo(&TREE);
    let head = repo.head().unwrap();
    let other = "0123456789abcdef0123456789abcdef01234567";
    let without = check(&repo, |files| drop(files.remove(".cargo_vcs_info.json")));
    assert_eq!(told(&without), (Verdict::Matches, vec![]));
    assert!(without.reasons[0].contains("does not name the commit"), "{:?}", without.reasons);
    let dirty = check(&repo, |files| put(files, ".cargo_vcs_info.json", vcs_info(&head, "", true)));
    assert_eq!((dirty.verdict, dirty.claimed.dirty), (Verdict::Equal, true));
    assert!(dirty.reasons[0].contains("with changes"), "{:?}", dirty.reasons);
    let elsewhere = check(&repo, |files| put(files, ".cargo_vcs_info.json", vcs_info(other, "", false)));
    assert_eq!(
        (elsewhere.verdict, elsewhere.commit_matches, elsewhere.counts),
        (Verdict::OtherCommit, Some(false), None)
    );
    for info in [
        "",
        "{}",
        &vcs_info("HEAD", "", false),
        &vcs_info(&head, "../x", false),
        &format!("{} ", vcs_info(&head, "", false)).replace("git", "hg"),
    ] {
        let broken = check(&repo, |files| put(files, ".cargo_vcs_info.json", info));
        assert_eq!(told(&broken), (Verdict::Differs, vec!["differs .cargo_vcs_info.json".to_owned()]), "{info}");
    }
    let empty = check(&repo, |files| put(files, ".cargo_vcs_info.json", vcs_info(&head, "tests", false)));
    assert_eq!(empty.verdict, Verdict::Differs);
    // Another package of the same repository is none of this one.
    let unnamed = check(&repo_of_another(), |files| drop(files.remove(".cargo_vcs_info.json")));
    assert_eq!(unnamed.verdict, Verdict::Differs);
    assert!(unnamed.reasons[0].contains("no package that is called demo"), "{:?}", unnamed.reasons);
}

fn repo_of_another() -> Repo {
    repo(&[("Cargo.toml", "[package]\nname = \"other\"\nversion = \"1.0.0\"\n"), ("src/lib.rs", "//! a\n")])
}

#[test]
fn a_member_takes_fields_and_files_from_its_workspace() {
    let root = "[workspace]\nmembers = [\"crates/*\"]\n[workspace.package]\nversion = \"1.0.0\"\nedition = \"2021\"\nlicense-file = \"LICENSE\"\n";
    let member = "[package]\nname = \"demo\"\nversion.workspace = true\nedition.workspace = true\nlicense-file.workspace = true\nreadme = \"../../docs/README.md\"\n";
    let lock = "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"1.0.0\"\n";
    let repo = repo(&[
        ("Cargo.toml", root),
        ("Cargo.lock", lock),
        ("LICENSE", "do\n"),
        ("docs/README.md", "# demo\n"),
        ("crates/demo/Cargo.toml", member),
        ("crates/demo/src/lib.rs", "//! a\n"),
    ]);
    let head = repo.head().unwrap();
    let packed =
        PACKED.replace("readme = false\n", "readme = \"README.md\"\nlicense-file = \"LICENSE\"\nresolver = \"1\"\n");
    let good = files(&[
        (".cargo_vcs_info.json", &vcs_info(&head, "crates/demo", false)),
        ("Cargo.lock", lock),
        ("Cargo.toml", &packed),
        ("Cargo.toml.orig", member),
        ("LICENSE", "do\n"),
        ("README.md", "# demo\n"),
        ("src/lib.rs", "//! a\n"),
    ]);
    let comparison = compare(&demo(&good), &snapshot(&repo));
    assert_eq!(told(&comparison), (Verdict::Equal, vec![]), "{:?}", comparison.files);
    for path in ["LICENSE", "README.md"] {
        let mut bad = good.clone();
        put(&mut bad, path, "dont\n");
        let comparison = compare(&demo(&bad), &snapshot(&repo));
        assert_eq!(told(&comparison), (Verdict::Differs, vec![format!("differs {path}")]));
    }
    // The root has others that no manifest names.
    let mut bad = good.clone();
    put(&mut bad, "Cargo.toml.bak", root);
    assert_eq!(compare(&demo(&bad), &snapshot(&repo)).verdict, Verdict::Differs);
    // Found by its name where the package does not say its folder.
    let mut old = good;
    put(&mut old, ".cargo_vcs_info.json", format!(r#"{{"git":{{"sha1":"{head}"}}}}"#));
    let comparison = compare(&demo(&old), &snapshot(&repo));
    assert_eq!((comparison.verdict, comparison.folder.as_deref()), (Verdict::Equal, Some("crates/demo")));
}

#[test]
fn links_are_followed_inside_of_the_tree_alone() {
    let base = || TREE.iter().fold(Repo::new(), |repo, (path, content)| repo.file(path, content)).without("src/b.rs");
    let link = |path: &str, target: &str| base().file("shared/b.rs", "// b\n").symlink(path, target).commit("first");
    for (repo, expected) in [
        (link("src/b.rs", "../shared/b.rs"), Verdict::Equal),
        (link("src/b.rs", "../shared/../shared/./b.rs"), Verdict::Equal),
        (
            base()
                .symlink("src/b.rs", "../x")
                .symlink("x", "y/b.rs")
                .symlink("y", "z")
                .file("z/b.rs", "// b\n")
                .commit("1"),
            Verdict::Equal,
        ),
        (link("src/b.rs", "../shared/c.rs"), Verdict::Differs),
        (link("src/b.rs", "../shared"), Verdict::Differs),
        (link("src/b.rs", "../../shared/b.rs"), Verdict::Unknown),
        (link("src/b.rs", "/etc/passwd"), Verdict::Unknown),
        (link("src/b.rs", "b.rs"), Verdict::Unknown),
    ] {
        let comparison = check(&repo, |_| {});
        assert_eq!(comparison.verdict, expected, "{:?}", comparison.files);
    }
}

#[test]
fn what_is_not_at_hand_is_not_known() {
    let submodule = TREE
        .iter()
        .fold(Repo::new(), |repo, (path, content)| repo.file(path, content))
        .object("vendored", 0o160_000, "0123456789abcdef0123456789abcdef01234567")
        .commit("first");
    let comparison = check(&submodule, |files| put(files, "vendored/c.rs", ""));
    assert_eq!(told(&comparison), (Verdict::Unknown, vec!["unknown vendored/c.rs".to_owned()]));
    // A difference is one even where other things are not known.
    let comparison = check(&submodule, |files| {
        put(files, "vendored/c.rs", "");
        put(files, "src/b.rs", "");
    });
    assert_eq!(comparison.verdict, Verdict::Differs);

    let broken = TREE.iter().fold(Repo::new(), |repo, (path, content)| repo.file(path, content));
    let broken = broken.entry(b"../b", 0o100_644, b"").commit("first");
    let comparison = check(&broken, |_| {});
    assert_eq!(comparison.verdict, Verdict::Unknown);
    assert!(comparison.reasons[0].contains("the tree is not whole"), "{:?}", comparison.reasons);

    // The working copy is not the commit.
    let repo = repo(&TREE).checkout();
    let worktree = Snapshot::open(repo.path(), &OpenOptions { worktree: true, ..OpenOptions::default() }).unwrap();
    let comparison = compare(&demo(&packed(&repo.head().unwrap())), &worktree);
    assert_eq!((comparison.verdict, comparison.counts), (Verdict::Unknown, None));
    let partial = super::repo(&TREE);
    partial.lose(&partial.blob("src/b.rs"));
    assert_eq!(told(&check(&partial, |_| {})), (Verdict::Unknown, vec!["unknown src/b.rs".to_owned()]));
    let partial = super::repo(&TREE);
    partial.lose(&partial.blob("Cargo.toml"));
    assert_eq!(check(&partial, |_| {}).verdict, Verdict::Unknown);
}

#[test]
fn a_lockfile_without_a_source_is_of_no_effect_for_a_library_alone() {
    let lock = "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"1.0.0\"\ndependencies = [\"log\"]\n\n[[package]]\nname = \"log\"\nversion = \"0.4.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    let library = check(&repo(&TREE), |files| put(files, "Cargo.lock", lock));
    assert_eq!(told(&library), (Verdict::Equal, vec![]));
    let mut tree = TREE.to_vec();
    tree.push(("src/main.rs", "fn main() {}\n"));
    let program = check(&repo(&tree), |files| {
        put(files, "src/main.rs", "fn main() {}\n");
        put(files, "Cargo.toml", format!("{PACKED}\n[[bin]]\nname = \"demo\"\npath = \"src/main.rs\"\n"));
        put(files, "Cargo.lock", lock);
    });
    assert_eq!(told(&program), (Verdict::Unknown, vec!["unknown Cargo.lock".to_owned()]));
    // With the lockfile committed it is compared.
    tree.push(("Cargo.lock", lock));
    let program = |lock: &str| {
        check(&repo(&tree), |files| {
            put(files, "src/main.rs", "fn main() {}\n");
            put(files, "Cargo.toml", format!("{PACKED}\n[[bin]]\nname = \"demo\"\npath = \"src/main.rs\"\n"));
            put(files, "Cargo.lock", lock);
        })
    };
    assert_eq!(program(lock).verdict, Verdict::Equal);
    assert_eq!(program(&lock.replace("0.4.0", "0.4.1")).verdict, Verdict::Differs);
}

#[test]
fn names_that_the_tree_spells_otherwise_are_found() {
    let mut tree = TREE.to_vec();
    tree.push(("src/a%41 ü.txt", "x"));
    assert_eq!(check(&repo(&tree), |files| put(files, "src/a%41 ü.txt", "x")).verdict, Verdict::Equal);
    assert_eq!(check(&repo(&tree), |files| put(files, "src/a%2541 ü.txt", "x")).verdict, Verdict::Differs);
}

#[test]
fn what_differs_is_told_before_what_is_explained_and_within_bounds() {
    let comparison = check(&repo(&TREE), |files| (0..300).for_each(|number| put(files, &format!("z{number:03}"), "")));
    let counts = comparison.counts.unwrap();
    assert_eq!((counts.only_in_package, comparison.files.len(), comparison.more), (300, MOST_NAMED, 102));
    assert!(comparison.files.iter().all(|file| file.class == FileClass::OnlyInPackage));
    assert!(comparison.files.is_sorted_by(|one, other| one.path < other.path));
}

/// Fixtures hold packages with the names of others.
#[test]
fn a_package_that_only_tests_keep_is_told() {
    let repo =
        TREE.iter().fold(Repo::new(), |repo, (path, content)| repo.file(&format!("tests/fixtures/{path}"), content));
    let repo = repo.commit("first");
    let info = vcs_info(&repo.head().unwrap(), "tests/fixtures", false);
    let comparison = check(&repo, |files| put(files, ".cargo_vcs_info.json", info));
    assert_eq!(comparison.verdict, Verdict::Equal);
    assert!(comparison.reasons[0].contains("tests/fixtures, is test by its name"), "{:?}", comparison.reasons);
}
