//! Snapshots of repositories good and bad, and the same questions to git.

use std::{path::Path, process::Command};

use plimsoll_model::SignatureScheme;
use plimsoll_testkit::{Commit as Written, Repo, unpack};

use super::*;

mod kept;

fn open(repo: &Repo) -> Snapshot {
    Snapshot::open(repo.path(), &OpenOptions::default()).unwrap()
}

fn refused(path: &Path, rev: Option<&str>) -> String {
    let options = OpenOptions { rev: rev.map(ToOwned::to_owned), worktree: false };
    let Err(error) = Snapshot::open(path, &options) else { panic!("{} was opened", path.display()) };
    error.to_string()
}

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_tree_is_listed_and_read() {
    let repo = Repo::new().file("b/x.rs", "two").file("a.txt", "one").symlink("link", "/etc/passwd").commit("first");
    let snapshot = open(&repo);
    let paths: Vec<_> = snapshot.entries().iter().map(|entry| (entry.path.as_str(), entry.kind)).collect();
    assert_eq!(paths, [("a.txt", EntryKind::File), ("b/x.rs", EntryKind::File), ("link", EntryKind::Symlink)]);
    assert_eq!(snapshot.read_text(snapshot.entry("b/x.rs").unwrap(), 3).unwrap(), "two");
    assert_eq!(snapshot.read(snapshot.entry("b/x.rs").unwrap(), 2), Err(ReadError::TooLarge { limit: 2 }));
    assert_eq!(snapshot.read(snapshot.entry("link").unwrap(), 99), Err(ReadError::Symlink));
    assert!(snapshot.entry("b").is_none());
    assert_eq!(snapshot.tree_gap(), None);
}

#[test]
fn what_cannot_be_examined_is_refused_with_cause_and_cure() {
    let nowhere = tempfile::tempdir().unwrap();
    assert!(refused(nowhere.path(), None).contains("not a git repository"));
    assert!(refused(&nowhere.path().join("gone"), None).contains("no such file or folder"));
    let unborn = Repo::new();
    assert!(refused(unborn.path(), None).contains("no commit yet"));
    let repo = Repo::new().file("a", "1").commit("first");
    assert!(refused(repo.path(), Some("v9")).contains("no commit is called \"v9\""));
    assert!(refused(repo.path(), Some("HEAD:a")).contains("no commit is called"));
    let head = repo.head().unwrap();
    repo.lose(&head);
    assert!(refused(repo.path(), None).contains(&head));
}

#[test]
fn a_missing_object_is_a_gap_or_a_reason() {
    let repo = Repo::new().file("a/b", "1").file("c", "2").commit("first");
    let (folder, blob) = (git(repo.path(), &["rev-parse", "HEAD:a"]), repo.blob("c"));
    repo.lose(&blob);
    let snapshot = open(&repo);
    assert_eq!(snapshot.read(snapshot.entry("c").unwrap(), 9), Err(ReadError::Missing));
    repo.lose(folder.trim());
    let snapshot = open(&repo);
    assert!(snapshot.tree_gap().unwrap().starts_with("a: the tree object"));
    assert!(snapshot.entry("a/b").is_none());
}

#[test]
fn odd_paths_are_kept_apart() {
    let repo = Repo::new()
        .entry(b"caf\xe9", 0o100_644, b"1")
        .entry(b"100%", 0o100_755, b"2")
        .object("sub", 0o160_000, "1111111111111111111111111111111111111111")
        .commit("odd");
    let snapshot = open(&repo);
    let paths: Vec<_> = snapshot.entries().iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(paths, ["100%25", "caf%E9", "sub"]);
    assert_eq!(snapshot.read(snapshot.entry("caf%E9").unwrap(), 9).unwrap(), b"1");
    assert_eq!(snapshot.read(snapshot.entry("sub").unwrap(), 9), Err(ReadError::Submodule));
}

#[test]
fn a_deep_tree_is_a_gap() {
    let path = format!("{}x", "d/".repeat(200));
    let snapshot = open(&Repo::new().file(&path, "deep").file("a", "1").commit("deep"));
    assert!(snapshot.tree_gap().unwrap().contains("folders deep"));
    assert!(snapshot.entry("a").is_some());
}

/// A tree whose entries are folders with the ids given.
fn tree_of(repo: &Repo, folders: &[(&str, &str)]) -> String {
    let odb = git2::Repository::open(repo.path()).unwrap();
    let mut raw = Vec::new();
    for (name, id) in folders {
        raw.extend_from_slice(format!("40000 {name}\0").as_bytes());
        raw.extend_from_slice(git2::Oid::from_str_ext(id, git2::ObjectFormat::Sha1).unwrap().as_bytes());
    }
    odb.odb().unwrap().write(git2::ObjectType::Tree, &raw).unwrap().to_string()
}

#[test]
fn a_tree_that_names_itself_twice_at_each_level_ends() {
    let repo = Repo::new().commit("empty");
    let mut id = tree_of(&repo, &[]);
    for _ in 0..60 {
        id = tree_of(&repo, &[("a", &id), ("b", &id)]);
    }
    let snapshot = open(&repo.object("bomb", 0o040_000, &id).file("z", "1").commit("bomb"));
    assert!(snapshot.tree_gap().unwrap().contains("have the content of another"), "{:?}", snapshot.tree_gap());
    assert!(snapshot.entry("z").is_some());
}

#[test]
fn folders_with_the_same_content_are_all_listed() {
    let mut repo = Repo::new();
    for number in 0..300 {
        repo = repo.file(&format!("package-{number}/LICENSE"), "the same");
    }
    let snapshot = open(&repo.commit("copies"));
    assert_eq!((snapshot.entries().len(), snapshot.tree_gap()), (300, None));
}

#[test]
fn a_wide_tree_of_folders_ends() {
    let repo = Repo::new().commit("empty");
    let empty = tree_of(&repo, &[]);
    let names: Vec<String> = (0..2000).map(|number| format!("{number:04}")).collect();
    let wide = tree_of(&repo, &names.iter().map(|name| (name.as_str(), empty.as_str())).collect::<Vec<_>>());
    let wider = tree_of(&repo, &names.iter().map(|name| (name.as_str(), wide.as_str())).collect::<Vec<_>>());
    let snapshot = open(&repo.object("bomb", 0o040_000, &wider).commit("bomb"));
    assert!(snapshot.tree_gap().unwrap().contains("folders were not read"), "{:?}", snapshot.tree_gap());
}

/// A commit and its parents, as `git rev-list --parents` writes them.
fn line_of(commits: &Commits, commit: Commit<'_>) -> String {
    let parents = commits.parents(commit.place()).flatten().filter_map(|place| Some(commits.get(place)?.id()));
    std::iter::once(commit.id()).chain(parents).collect::<Vec<_>>().join(" ")
}

#[test]
fn history_is_what_git_says() {
    let mut repo = Repo::new().file("a", "1").commit("one").tag("v1");
    let first = repo.head().unwrap();
    let left =
        repo.commit_with(&Written { message: "left", author: "L <l@x>", committer: "C <c@x>", ..Written::default() });
    let right = repo.commit_with(&Written {
        message: "right",
        parents: Some(vec![first.clone()]),
        signature: "-----BEGIN SSH SIGNATURE-----\nx",
        ..Written::default()
    });
    let merge = repo.commit_with(&Written { message: "merge", parents: Some(vec![left, right]), ..Written::default() });
    let repo = repo.annotated_tag("v2", "two\n-----BEGIN PGP SIGNATURE-----\n");
    let history = open(&repo).history().unwrap();
    let mut ours: Vec<_> = history.commits.iter().map(|commit| line_of(&history.commits, commit)).collect();
    let mut theirs: Vec<_> =
        git(repo.path(), &["rev-list", "--parents", "HEAD"]).lines().map(ToOwned::to_owned).collect();
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs);
    assert_eq!(history.commits.get(0).unwrap().id(), merge);
    let tags: Vec<_> = history.tags.iter().map(|tag| (tag.name.as_str(), tag.annotated, tag.signature)).collect();
    assert_eq!(tags, [("v1", false, SignatureScheme::None), ("v2", true, SignatureScheme::OpenPgp)]);
    assert!(!history.shallow && history.missing.is_empty() && history.malformed == 0);
}

#[test]
fn tags_elsewhere_do_not_count() {
    let repo = Repo::new().file("a", "1").commit("one");
    let first = repo.head().unwrap();
    let repo = repo.file("a", "2").commit("two").tag("v2");
    repo.move_to(&first);
    assert!(open(&repo).history().unwrap().tags.is_empty());
}

#[test]
fn a_lost_parent_is_named_and_a_shallow_clone_is_told_apart() {
    let repo = Repo::new().file("a", "1").commit("one");
    let first = repo.head().unwrap();
    let repo = repo.file("a", "2").commit("two").file("a", "3").commit("three");
    let shallow = tempfile::tempdir().unwrap();
    git(
        shallow.path(),
        &[
            "clone",
            "-q",
            "--depth=1",
            &format!("file://{}", repo.git_dir().display()),
            &shallow.path().join("c").display().to_string(),
        ],
    );
    let history = Snapshot::open(&shallow.path().join("c"), &OpenOptions::default()).unwrap().history().unwrap();
    assert!(history.shallow && history.missing.is_empty());
    assert_eq!(history.commits.len(), 1);

    repo.lose(&first);
    let history = open(&repo).history().unwrap();
    assert_eq!((history.missing, history.shallow, history.commits.len()), (vec![first], false, 2));
}

#[test]
fn a_sha256_repository_is_read() {
    let folder = tempfile::tempdir().unwrap();
    git(folder.path(), &["init", "-q", "--object-format=sha256"]);
    std::fs::write(folder.path().join("a"), "1").unwrap();
    git(folder.path(), &["add", "a"]);
    git(
        folder.path(),
        &["-c", "user.name=A", "-c", "user.email=a@x", "-c", "commit.gpgsign=false", "commit", "-qm", "one"],
    );
    let snapshot = Snapshot::open(folder.path(), &OpenOptions::default()).unwrap();
    assert_eq!((snapshot.object_format(), snapshot.commit().len()), ("sha256", 64));
    assert_eq!(snapshot.read(snapshot.entry("a").unwrap(), 9).unwrap(), b"1");
    assert_eq!(snapshot.history().unwrap().commits.len(), 1);
}

#[test]
fn the_working_copy_counts_only_when_asked_for() {
    let repo = Repo::new().file("a", "1").file("b", "2").file(".gitignore", "ignored\n").commit("one").checkout();
    std::fs::write(repo.path().join("a"), "changed").unwrap();
    std::fs::remove_file(repo.path().join("b")).unwrap();
    std::fs::write(repo.path().join("new"), "new").unwrap();
    std::fs::write(repo.path().join("ignored"), "x").unwrap();
    assert_eq!(open(&repo).entries().len(), 3);
    let snapshot = Snapshot::open(repo.path(), &OpenOptions { rev: None, worktree: true }).unwrap();
    let found: Vec<_> = snapshot.entries().iter().map(|entry| (entry.path.as_str(), entry.blob.is_empty())).collect();
    assert_eq!(found, [(".gitignore", false), ("a", true), ("new", true)]);
    assert_eq!(snapshot.read(snapshot.entry("a").unwrap(), 99).unwrap(), b"changed");
}

#[test]
fn no_folder_of_the_working_copy_hides_behind_a_name() {
    let repo = Repo::new().file("src/a", "1").file("b", "2").file(".gitignore", "ignored\n").commit("one").checkout();
    // A `.git` among committed files, and a folder where a committed file was.
    std::fs::create_dir(repo.path().join("src/.git")).unwrap();
    std::fs::remove_file(repo.path().join("b")).unwrap();
    for folder in ["b", "other/.git", "ignored/.git"] {
        std::fs::create_dir_all(repo.path().join(folder)).unwrap();
    }
    for file in ["src/new", "b/new", "other/file", "ignored/file"] {
        std::fs::write(repo.path().join(file), "new").unwrap();
    }
    let snapshot = Snapshot::open(repo.path(), &OpenOptions { rev: None, worktree: true }).unwrap();
    let found: Vec<_> = snapshot.entries().iter().map(|entry| entry.path.as_str()).collect();
    assert_eq!(found, [".gitignore", "b/new", "src/a", "src/new"]);
    assert_eq!(snapshot.tree_gap(), Some("other: another repository, which is not entered"));
}

#[test]
fn real_histories_have_the_signatures_that_git_sees() {
    for (name, commits) in [("ripgrep", 2287), ("pypi-attestations", 137), ("sigstore-conformance", 274)] {
        let Some(folder) = unpack(&format!("git-history/{name}.git.tar.zst")) else { return };
        let git_dir = folder.join(format!("{name}.git"));
        let walk = walk_all(&git_dir).unwrap();
        assert_eq!((walk.commits.len(), walk.missing.len()), (commits, 0), "{name}");
        let expected = plimsoll_testkit::corpus().unwrap().join(format!("git-history/{name}.expected.tsv"));
        let expected = std::fs::read_to_string(expected).unwrap();
        let mut theirs: Vec<_> =
            expected.lines().skip(1).map(|line| line.split('\t').take(2).collect::<Vec<_>>().join(" ")).collect();
        let mut ours: Vec<_> =
            walk.commits.iter().map(|commit| format!("{} {}", commit.id(), commit.signature().as_str())).collect();
        theirs.sort();
        ours.sort();
        assert_eq!(ours, theirs, "{name}");
        let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let again = single.install(|| walk_all(&git_dir)).unwrap();
        assert!(again.commits == walk.commits, "{name}: the order depends on the threads");
    }
}

#[test]
fn notes_on_the_commit_are_read_as_git_writes_them() {
    let repo = Repo::new().file("a.txt", "one").commit("first").file("a.txt", "two").commit("second").checkout();
    let note = |arguments: &[&str]| {
        git(repo.path(), &[&["-c", "user.name=A", "-c", "user.email=a@example.org", "notes"], arguments].concat())
    };
    assert_eq!(open(&repo).notes().unwrap(), (Vec::new(), Vec::new()));
    note(&["add", "-m", "seen", "HEAD~1"]);
    assert_eq!(open(&repo).notes().unwrap(), (Vec::new(), Vec::new()), "of another commit");
    note(&["add", "-m", "here", "HEAD"]);
    note(&["--ref", "other", "add", "-m", "there", "HEAD"]);
    let (notes, unreadable) = open(&repo).notes().unwrap();
    let found: Vec<_> = notes.iter().map(|note| (note.reference.as_str(), note.bytes.as_slice())).collect();
    assert_eq!(found, [("refs/notes/commits", &b"here\n"[..]), ("refs/notes/other", b"there\n")]);
    assert!(unreadable.is_empty());
    // Cut after each two digits, where there are many.
    let id = open(&repo).commit();
    let listed = git(repo.path(), &["ls-tree", "refs/notes/commits"]);
    let blob = listed.lines().find(|line| line.ends_with(&id)).and_then(|line| line.split([' ', '\t']).nth(2)).unwrap();
    let inner = listed_tree(repo.path(), &format!("100644 blob {blob}\t{}\n", &id[4..]));
    let middle = listed_tree(repo.path(), &format!("040000 tree {inner}\t{}\n", &id[2..4]));
    let outer = listed_tree(repo.path(), &format!("040000 tree {middle}\t{}\n", &id[..2]));
    git(repo.path(), &["update-ref", "refs/notes/commits", &outer]);
    assert_eq!(open(&repo).notes().unwrap().0[0].bytes, b"here\n");
    // A reference that leads to nothing like it.
    git(repo.path(), &["update-ref", "refs/notes/commits", blob]);
    assert_eq!(open(&repo).notes().unwrap().1, ["refs/notes/commits"]);
}

fn listed_tree(folder: &Path, listing: &str) -> String {
    use std::io::Write as _;
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .arg("mktree")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(listing.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}

/// Opening a pipe waits for somebody to write into it.
#[cfg(unix)]
#[test]
fn a_pipe_in_the_folder_of_git_is_refused_and_not_waited_for() {
    for place in [
        "config",
        "config.worktree",
        "commondir",
        "gitdir",
        "index",
        "packed-refs",
        "shallow",
        "HEAD",
        "info/grafts",
        "objects/info/alternates",
        "objects/pack/multi-pack-index",
        "objects/pack/pack-1.idx",
        "objects/ab/cdef",
        "refs/tags/v1",
        "refs/heads/a/b/c",
    ] {
        let repo = Repo::new().file("a", "1").commit("first");
        let path = repo.git_dir().join(place);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = std::fs::remove_file(&path);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        if place == "HEAD" {
            // Without it there is no repository.
            refused(repo.path(), None);
            continue;
        }
        let error = refused(repo.path(), None);
        assert!(error.contains(place) && error.contains("not a regular file"), "{place}: {error}");
    }
    // Objects that are borrowed, also by those from whom they are borrowed, and a link to a pipe.
    let repo = Repo::new().file("a", "1").commit("first");
    let (other, third) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::create_dir_all(other.path().join("info")).unwrap();
    std::fs::create_dir_all(third.path().join("pack")).unwrap();
    assert!(Command::new("mkfifo").arg(third.path().join("pack/pack-1.idx")).status().unwrap().success());
    let list = |folder: &Path, of: &Path| {
        std::fs::write(folder.join("info/alternates"), format!("{}\n", of.display())).unwrap();
    };
    list(&repo.git_dir().join("objects"), other.path());
    assert!(Snapshot::open(repo.path(), &OpenOptions::default()).is_ok());
    list(other.path(), third.path());
    assert!(refused(repo.path(), None).contains("pack-1.idx"));
    std::fs::remove_file(other.path().join("info/alternates")).unwrap();
    std::os::unix::fs::symlink(third.path().join("pack/pack-1.idx"), repo.git_dir().join("packed-refs")).unwrap();
    assert!(refused(repo.path(), None).contains("packed-refs"));
}

/// What a configuration names is not read, and does not keep the repository from being opened.
#[cfg(unix)]
#[test]
fn what_a_configuration_includes_is_not_read() {
    let outside = tempfile::tempdir().unwrap();
    let pipe = outside.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let broken = outside.path().join("broken");
    std::fs::write(&broken, "[extensions]\n\tsomething = new\n").unwrap();
    let many = "[a \"b\"]\n\tc = d\n".repeat(100_000);
    for added in [
        format!("[include]\n\tpath = {}\n", pipe.display()),
        format!("[include]\n\tpath = {}\n", broken.display()),
        format!("[includeIf \"gitdir:**\"]\n\tpath = {}\n", pipe.display()),
        format!("[INCLUDEIF \"gitdir:**\"]\n\tpath = {}\n", broken.display()),
        format!("[core]\n\texcludesFile = {}\n", pipe.display()),
        many,
    ] {
        let repo = Repo::new().file("a", "1").commit("first").tag("v1").file("b", "1").commit("second").checkout();
        let config = repo.git_dir().join("config");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, format!("{text}{added}")).unwrap();
        for (rev, worktree) in
            [(None, false), (None, true), (Some("v1".to_owned()), false), (Some("HEAD~1".to_owned()), false)]
        {
            let snapshot = Snapshot::open(repo.path(), &OpenOptions { rev: rev.clone(), worktree }).unwrap();
            let files = if rev.is_some() { 1 } else { 2 };
            assert_eq!(snapshot.entries().len(), files, "{added:.60}");
            let history = snapshot.history().unwrap();
            assert_eq!((history.commits.len(), history.tags.len()), (files, 1), "{added:.60}");
        }
    }
}

/// A working copy is the folder around the repository, wherever its configuration says that it is.
#[test]
fn a_working_copy_elsewhere_is_not_read() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret"), "secret").unwrap();
    for name in ["worktree", "WorkTree", "\tworktree"] {
        let repo = Repo::new().file("a", "1").commit("first").checkout();
        let config = repo.git_dir().join("config");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, format!("{text}[core]\n\t{name} = {}\n", outside.path().display())).unwrap();
        let snapshot = Snapshot::open(repo.path(), &OpenOptions { rev: None, worktree: true }).unwrap();
        let found: Vec<_> = snapshot.entries().iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(found, ["a"], "{name}");
    }
}

/// Objects that are small one by one may be too much together.
#[test]
fn what_all_objects_hold_together_is_bounded() {
    let budget = objects::Budget::of(10);
    for (size, spent) in [(4096, false), (4096 + 6, false), (4096 + 4, false), (4096 + 1, true), (1, true)] {
        assert_eq!(budget.spend(size).is_err(), spent, "{size}");
        assert_eq!(budget.is_spent(), spent, "{size}");
    }
}

/// A commit whose object says that it is larger than what is read is not inflated, wherever it stands.
#[test]
fn a_commit_that_inflates_is_refused_by_the_size_that_it_states() {
    let repo = Repo::new().file("a", "1").commit("first");
    let head = repo.head().unwrap();
    let tree = git(repo.path(), &["rev-parse", "HEAD^{tree}"]);
    let write = |parent: &str, size: usize| {
        let mut text = format!("tree {}\n{parent}author A <a@x> 1 +0000\ncommitter A <a@x> 2 +0000\n\n", tree.trim());
        text.push_str(&"a".repeat(size));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        git(repo.path(), &["hash-object", "-t", "commit", "-w", &file.path().display().to_string()]).trim().to_owned()
    };
    let large = write("", 17 * 1024 * 1024);
    let over_it = write(&format!("parent {large}\nparent {head}\n"), 1);
    let error = refused(repo.path(), Some(&large));
    assert!(error.contains("larger than"), "{error}");
    let options = |rev: &str| OpenOptions { rev: Some(rev.to_owned()), worktree: false };
    let history = Snapshot::open(repo.path(), &options(&over_it)).unwrap().history().unwrap();
    assert_eq!((history.commits.len(), history.missing), (2, vec![large.clone()]));
    git(repo.path(), &["update-ref", "refs/heads/large", &large]);
    assert!(refused(repo.path(), Some("large")).contains("larger than"));
    assert!(refused(repo.path(), Some("large~0")).contains("larger than"));
    assert_eq!(walk_all(&repo.git_dir()).unwrap().commits.len(), 1);
    // The same out of a pack.
    git(repo.path(), &["update-ref", "refs/heads/over", &over_it]);
    git(repo.path(), &["repack", "-adq"]);
    assert!(refused(repo.path(), Some("large")).contains("larger than"));
    let history = Snapshot::open(repo.path(), &options("over")).unwrap().history().unwrap();
    assert_eq!((history.commits.len(), history.missing), (2, vec![large]));
}

#[test]
fn folders_are_those_of_a_repository_that_no_commit_holds() {
    let repo = Repo::new().file("src/a", "1").commit("one").checkout();
    let expected = repo.path().canonicalize().unwrap();
    for place in ["", "src"] {
        let found = Folders::of(&repo.path().join(place)).unwrap();
        assert_eq!(found.top.canonicalize().unwrap(), expected, "{place}");
        assert_eq!(found.git.canonicalize().unwrap(), expected.join(".git"), "{place}");
    }
    // Folders as a commit may hold them: they look like a repository, and name a working copy.
    for worktree in [".", ".."] {
        let evil = repo.path().join("evil");
        for folder in ["objects", "refs"] {
            std::fs::create_dir_all(evil.join(folder)).unwrap();
        }
        std::fs::write(evil.join("HEAD"), "ref: refs/heads/main\n").unwrap();
        let config = format!("[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = {worktree}\n");
        std::fs::write(evil.join("config"), config).unwrap();
        let found = Folders::of(&evil);
        assert!(matches!(found, Err(SnapshotError::NoWorktree { .. })), "{worktree}: {found:?}");
    }
    let bare = Folders::of(&repo.path().join(".git/refs"));
    assert!(bare.is_err() || bare.is_ok_and(|found| found.top.canonicalize().unwrap() == expected));
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Folders::of(folder.path()), Err(SnapshotError::NotARepository { .. })));
}
