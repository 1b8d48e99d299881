//! Statements beside files and in release folders.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use plimsoll_net::{Attached, Attachment, NetError, Options, Target, attach, fetch};
use serde_json::Value;

use crate::common::{bundle, bundles, digest_of, options, statement};

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            fs::write(folder.path(name), text).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// All names and bytes.
    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap());
        entries
            .filter(|entry| entry.path().is_file())
            .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
            .collect()
    }

    fn names(&self) -> Vec<String> {
        self.all().into_keys().collect()
    }

    fn attach(&self, attachment: &Attachment) -> Result<Attached, NetError> {
        attach(&Target::Release(self.0.path().into()), attachment, &options(), &|_| ())
    }

    /// The release is refused with these words, and nothing in the folder has changed.
    fn refuses(&self, attachment: &Attachment, word: &str) {
        let before = self.all();
        let error = self.attach(attachment).unwrap_err().to_string();
        assert!(error.contains(word), "{word}: {error}");
        assert_eq!(self.all(), before);
    }
}

fn to_file(file: &Path, attachment: &Attachment) -> Result<Attached, NetError> {
    attach(&Target::File(file.into()), attachment, &options(), &|_| ())
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect()
}

#[test]
fn one_statement_lies_beside_and_several_in_lines() {
    let folder = Folder::new(&[("app", "app")]);
    let (file, digest) = (folder.path("app"), digest_of(b"app"));
    let first = to_file(&file, &statement(1, &[&digest])).unwrap();
    assert_eq!((first.already, first.subjects), (false, vec![digest.clone()]));
    assert_eq!(folder.read("app.sigstore.json"), bundle(1));
    assert!(to_file(&file, &statement(1, &[&digest])).unwrap().already);
    assert_eq!(folder.names(), ["app", "app.sigstore.json"]);

    // The second one as people write it, over several lines.
    let mut pretty = statement(2, &[&digest]);
    let value: Value = serde_json::from_slice(&pretty.bytes).unwrap();
    pretty.bytes = serde_json::to_vec_pretty(&value).unwrap();
    to_file(&file, &pretty).unwrap();
    to_file(&file, &statement(3, &[&digest])).unwrap();
    assert_eq!(folder.read("app.sigstore.json"), bundle(1));
    let text = folder.read("app.sigstore.jsonl");
    assert_eq!(lines(&text), [bundle(1), bundle(2), bundle(3)]);
    for known in [statement(1, &[&digest]), pretty, statement(2, &[&digest]), statement(3, &[&digest])] {
        assert!(to_file(&file, &known).unwrap().already);
    }
    assert_eq!(folder.read("app.sigstore.jsonl"), text);
    let found = fetch(&Target::File(file), &options(), &|_| ()).unwrap();
    assert_eq!(bundles(&found), (1..=3).map(bundle).collect());
    assert_eq!((found.statements.len(), found.subjects), (3, vec![digest]));
}

#[test]
fn what_is_beside_a_file_and_is_no_bundle_stays() {
    for name in ["app.sigstore.json", "app.sigstore.jsonl"] {
        for text in ["words", "{\"a\":1,\"a\":2}", "{} {}"] {
            let folder = Folder::new(&[("app", "app"), (name, text)]);
            let error = to_file(&folder.path("app"), &statement(1, &[&digest_of(b"app")])).unwrap_err().to_string();
            assert!(error.contains("something else than a bundle") && error.contains(name), "{error}");
            assert_eq!(folder.read(name), text.as_bytes());
            let found = fetch(&Target::File(folder.path("app")), &options(), &|_| ()).unwrap();
            assert_eq!((found.statements.len(), found.passed_over.len()), (0, 1));
        }
    }
}

#[test]
fn a_statement_about_another_file_is_refused() {
    let folder = Folder::new(&[("app", "app")]);
    let error = to_file(&folder.path("app"), &statement(1, &[&digest_of(b"other")])).unwrap_err().to_string();
    assert!(error.contains("does not speak of") && error.contains(&digest_of(b"app")), "{error}");
    assert_eq!(folder.names(), ["app"]);
    let any = Options { any_subject: true, ..options() };
    attach(&Target::File(folder.path("app")), &statement(1, &[]), &any, &|_| ()).unwrap();
    assert_eq!(folder.read("app.sigstore.json"), bundle(1));
    assert!(to_file(&folder.path("missing"), &statement(1, &[])).unwrap_err().to_string().contains("no such file"));
}

#[cfg(unix)]
#[test]
fn no_symbolic_link_is_followed() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("app", "app"), ("elsewhere", "{}")]);
    let good = statement(1, &[&digest_of(b"app")]);
    symlink("app", folder.path("link")).unwrap();
    assert!(to_file(&folder.path("link"), &good).unwrap_err().to_string().contains("symbolic link"));
    folder.refuses(&good, "symbolic link");
    fs::remove_file(folder.path("link")).unwrap();
    for name in ["app.sigstore.json", "app.sigstore.jsonl", "SHA256SUMS"] {
        symlink("elsewhere", folder.path(name)).unwrap();
        if name != "SHA256SUMS" {
            assert!(to_file(&folder.path("app"), &good).unwrap_err().to_string().contains("symbolic link"), "{name}");
            assert!(fetch(&Target::File(folder.path("app")), &options(), &|_| ()).is_err());
        }
        folder.refuses(&good, "symbolic link");
        assert_eq!(folder.read("elsewhere"), b"{}");
        fs::remove_file(folder.path(name)).unwrap();
    }
    symlink(folder.path(""), folder.path("to-folder")).unwrap();
    let target = Target::Release(folder.path("to-folder"));
    assert!(attach(&target, &good, &options(), &|_| ()).unwrap_err().to_string().contains("symbolic link"));
}

#[test]
fn a_release_gets_its_statements_and_its_list() {
    let folder =
        Folder::new(&[("b.tar.gz", "b"), ("a.tar.gz", "a"), ("a-copy", "a"), ("notes.md", "n"), (".hidden", "h")]);
    fs::create_dir(folder.path("folder")).unwrap();
    let attachment = statement(1, &[&digest_of(b"a"), &digest_of(b"b"), &digest_of(b"elsewhere")]);
    let attached = folder.attach(&attachment).unwrap();
    assert_eq!(attached.places.len(), 3);
    assert_eq!(attached.subjects.len(), 2);
    let names = [
        ".hidden",
        "SHA256SUMS",
        "a-copy",
        "a-copy.sigstore.json",
        "a.tar.gz",
        "a.tar.gz.sigstore.json",
        "b.tar.gz",
        "b.tar.gz.sigstore.json",
        "notes.md",
    ];
    assert_eq!(folder.names(), names);
    let listed = |text: &str| -> Vec<String> { text.lines().map(|line| line[66..].to_owned()).collect() };
    let text = String::from_utf8(folder.read("SHA256SUMS")).unwrap();
    assert_eq!(listed(&text), names[2..]);
    assert!(text.contains(&format!("{}  b.tar.gz\n", &digest_of(b"b")[7..])));
    let checked =
        Command::new("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(folder.path("")).output();
    let checked = checked.unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));

    let before = folder.all();
    assert!(folder.attach(&attachment).unwrap().already);
    assert_eq!(folder.all(), before);
    assert!(!folder.attach(&statement(2, &[&digest_of(b"b")])).unwrap().already);
    let found = fetch(&Target::Release(folder.path("")), &options(), &|_| ()).unwrap();
    assert_eq!(bundles(&found), [bundle(1), bundle(2)].into());
    assert_eq!(found.subjects, {
        let mut all = vec![digest_of(b"a"), digest_of(b"b")];
        all.sort();
        all
    });
}

#[test]
fn a_list_that_is_not_true_is_not_made_anew() {
    let a = &digest_of(b"a")[7..];
    let wrong = &digest_of(b"x")[7..];
    let good = statement(1, &[&digest_of(b"a")]);
    for (list, word) in [
        (format!("{a}  gone\n"), "it is not there"),
        (format!("{wrong}  a\n"), "the file or its line is wrong"),
        (format!("{a}  a\n{wrong}  a\n"), "another digest than in a line before"),
        (format!("{a}  ../a\n"), "not a file of this folder"),
        (format!("{a}  dist/a\n"), "make the list inside of it"),
        (format!("{a} a\n"), "line 1"),
        (format!("\n{a}\n"), "line 2"),
        (format!("SHA256 (a) = {a}\n"), "line 1"),
        ("words".to_owned(), "line 1"),
    ] {
        Folder::new(&[("a", "a"), ("SHA256SUMS", &list)]).refuses(&good, word);
    }
    let folder = Folder::new(&[("a", "a")]);
    fs::write(folder.path("SHA256SUMS"), b"\xff\xfe").unwrap();
    folder.refuses(&good, "not UTF-8");
    // Other forms that sha256sum reads are read.
    for list in [format!("{a} *a\n"), format!("{a}  ./a\n"), format!("{}  a", a.to_uppercase())] {
        let folder = Folder::new(&[("a", "a"), ("SHA256SUMS", &list)]);
        folder.attach(&good).unwrap();
        assert!(String::from_utf8(folder.read("SHA256SUMS")).unwrap().starts_with(&format!("{a}  a\n")));
    }
}

#[test]
fn a_signed_list_is_not_changed_under_its_signature() {
    let folder = Folder::new(&[("a", "a"), ("SHA256SUMS.asc", "signature")]);
    folder.refuses(&statement(1, &[&digest_of(b"a")]), "SHA256SUMS.asc is about the list as it was");
}

#[test]
fn a_statement_about_no_file_here_needs_the_word_of_the_user() {
    let folder = Folder::new(&[("a", "a")]);
    folder.refuses(&statement(1, &[&digest_of(b"b")]), "speaks of no file");
    let any = Options { any_subject: true, ..options() };
    attach(&Target::Release(folder.path("")), &statement(1, &[]), &any, &|_| ()).unwrap();
    assert_eq!(folder.names(), ["SHA256SUMS", "a", "label.sigstore.json"]);
    assert!(String::from_utf8(folder.read("SHA256SUMS")).unwrap().contains("  label.sigstore.json\n"));
}

#[test]
fn statements_that_were_changed_or_taken_away_are_noticed() {
    let digest = digest_of(b"a");
    let folder = Folder::new(&[("a", "a")]);
    let target = Target::Release(folder.path(""));
    for number in 1..=4 {
        folder.attach(&statement(number, &[&digest])).unwrap();
    }
    let (one, several) = (folder.read("a.sigstore.json"), folder.read("a.sigstore.jsonl"));
    assert_eq!(lines(&several).len(), 4);
    let line = |number: usize| [bundle(number), b"\n".to_vec()].concat();
    for (name, bytes) in [
        ("a.sigstore.json", bundle(2)),
        ("a.sigstore.jsonl", [line(1), line(2), line(3)].concat()),
        ("a.sigstore.jsonl", [line(1), line(2), line(4), line(5)].concat()),
        ("a.sigstore.jsonl", [line(2), line(3), line(4), line(5)].concat()),
        ("a.sigstore.jsonl", Vec::new()),
    ] {
        fs::write(folder.path(name), bytes).unwrap();
        let error = fetch(&target, &options(), &|_| ()).unwrap_err().to_string();
        assert!(error.contains("the file or its line is wrong"), "{error}");
        folder.refuses(&statement(6, &[&digest]), "the file or its line is wrong");
        fs::write(folder.path("a.sigstore.json"), &one).unwrap();
        fs::write(folder.path("a.sigstore.jsonl"), &several).unwrap();
    }
    // A stop before the list is written leaves more than it says.
    fs::write(folder.path("a.sigstore.jsonl"), [several.clone(), line(5)].concat()).unwrap();
    assert_eq!(fetch(&target, &options(), &|_| ()).unwrap().statements.len(), 5);
    assert!(!folder.attach(&statement(5, &[&digest])).unwrap().already);
    assert!(folder.attach(&statement(5, &[&digest])).unwrap().already);
}

#[cfg(unix)]
#[test]
fn what_is_written_can_be_read_as_other_files_can() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new(&[("a", "a"), ("SHA256SUMS", "")]);
    fs::set_permissions(folder.path("SHA256SUMS"), fs::Permissions::from_mode(0o600)).unwrap();
    folder.attach(&statement(1, &[&digest_of(b"a")])).unwrap();
    let mode = |name: &str| fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("SHA256SUMS"), mode("a.sigstore.json") & 0o700), (0o600, 0o600));
    assert_eq!(mode("a.sigstore.json"), mode("a"));
}
