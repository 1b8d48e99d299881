//! `inspect package` and `inspect dependencies`: real crates of the cargo of this machine, and what was done to them.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::Value;

use crate::common::{AS_OF, Ran, run, run_in};

const BUILD: &str = "fn main() { panic!(\"a build script ran\") }\n";

/// A repository with a member of a workspace in it, packed by cargo. All that a repository could do to cargo is tried.
struct Made {
    folder: tempfile::TempDir,
    commit: String,
}

impl Made {
    fn new() -> Self {
        let made = Self { folder: tempfile::tempdir().unwrap(), commit: String::new() };
        for (path, content) in [
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"demo\"]\nresolver = \"3\"\n[workspace.package]\nedition = \"2021\"\n",
            ),
            (".cargo/config.toml", "[build]\nrustc = \"not-there\"\n[alias]\npackage = \"not-there\"\n"),
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"1.0.0\"\n"),
            (".gitattributes", "*.rs filter=not-there\n"),
            ("README.md", "# Demo\n"),
            (
                "demo/Cargo.toml",
                "[package]\nname = \"demo\"\nversion = \"1.0.0\"\nedition.workspace = true\nreadme = \"../README.md\"\nlicense = \"MIT\"\ndescription = \"d\"\n",
            ),
            ("demo/build.rs", BUILD),
            ("demo/src/lib.rs", "//! A demo.\n"),
            ("demo/.hidden", "kept\n"),
            ("demo/src/linked.rs", "// linked\n"),
        ] {
            let place = made.repo().join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, content).unwrap();
        }
        made.git(&["init", "-q", "-b", "main"]);
        made.git(&["add", "."]);
        made.git(&["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-q", "-m", "first"]);
        let commit = made.git(&["rev-parse", "HEAD"]).trim().to_owned();
        Self { commit, ..made }
    }

    fn repo(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.repo()).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{arguments:?} {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Packs the member as its maker would, but from outside of the repository.
    fn pack(&self) -> PathBuf {
        let target = self.folder.path().join("target");
        let output = Command::new(env!("CARGO"))
            .args(["package", "--no-verify", "--offline", "--allow-dirty", "--quiet", "--manifest-path"])
            .arg(self.repo().join("demo/Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        target.join("package/demo-1.0.0.crate")
    }

    /// The crate with its files changed.
    fn changed(&self, change: impl Fn(&str, &mut Vec<u8>), more: &[(&str, &str)]) -> PathBuf {
        let mut from = tar::Archive::new(GzDecoder::new(fs::File::open(self.pack()).unwrap()));
        let mut to = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        let mut add = |path: &str, content: &[u8]| {
            let mut header = tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            to.append_data(&mut header, format!("demo-1.0.0/{path}"), content).unwrap();
        };
        for entry in from.entries().unwrap() {
            let mut entry = entry.unwrap();
            let path = entry.path().unwrap().to_str().unwrap().split_once('/').unwrap().1.to_owned();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut content).unwrap();
            change(&path, &mut content);
            add(&path, &content);
        }
        for (path, content) in more {
            add(path, content.as_bytes());
        }
        let place = self.folder.path().join("changed/demo-1.0.0.crate");
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(&place, to.into_inner().unwrap().finish().unwrap()).unwrap();
        place
    }

    fn inspect(&self, package: &Path, more: &[&str]) -> Ran {
        let (package, repo) = (package.display().to_string(), self.repo().display().to_string());
        run(&[&["inspect", "package", &package, &repo], more].concat())
    }

    fn json(&self, package: &Path, more: &[&str]) -> (i32, Value) {
        let ran = self.inspect(package, &[&["--format", "json"], more].concat());
        (ran.code, serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{} {}", ran.stdout, ran.stderr)))
    }

    /// What is printed, without what is another one in every run or with every cargo.
    fn shown(&self, text: &str) -> String {
        let text = text.replace(&self.commit, "COMMIT").replace(&self.commit[..12], "COMMIT");
        text.lines()
            .map(|line| if line.contains("cargo 1.") { "  ! cargo VERSION" } else { line }.to_owned() + "\n")
            .collect()
    }
}

#[test]
fn a_crate_of_this_cargo_is_equal_and_packed_again_identical() {
    let made = Made::new();
    let package = made.pack();
    let (code, all) = made.json(&package, &["--rebuild"]);
    assert_eq!((code, all["verdict"].as_str()), (0, Some("equal")), "{all:#}");
    assert_eq!(all["claimed"], serde_json::json!({"commit": made.commit, "path": "demo", "dirty": false}));
    assert_eq!((&all["commitChosen"], &all["commitMatches"]), (&"named-by-package".into(), &true.into()));
    // cargo packs in the order of names, without times: the same cargo gives the same bytes.
    assert_eq!(all["rebuild"]["verdict"], "identical", "{all:#}");
    insta::assert_snapshot!(made.shown(&made.inspect(&package, &["--rebuild"]).stdout));
    // A later commit changes nothing: the package names its own.
    fs::write(made.repo().join("demo/src/lib.rs"), "//! Another.\n").unwrap();
    made.git(&["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-q", "-a", "-m", "second"]);
    assert_eq!(made.inspect(&package, &[]).code, 0);
    assert_eq!(run_in(&made.repo(), &["inspect", "package", &package.display().to_string()]).code, 0);
    let (code, all) = made.json(&package, &["--rev", "HEAD"]);
    assert_eq!((code, all["verdict"].as_str(), all["counts"].is_null()), (1, Some("other-commit"), true), "{all:#}");
}

#[test]
fn what_was_done_to_a_crate_is_told() {
    let made = Made::new();
    let changed = made.changed(
        |path, content| match path {
            "Cargo.toml" => content.extend(b"\n[dependencies.evil]\nversion = \"1\"\n"),
            "src/lib.rs" => content.extend(b"pub fn evil() {}\n"),
            "build.rs" => *content = BUILD.replace('\n', "\r\n").into_bytes(),
            _ => {}
        },
        &[("src/extra.rs", "")],
    );
    let ran = made.inspect(&changed, &["--rebuild"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(made.shown(&ran.stdout));
    assert!(ran.stdout.lines().all(|line| line.chars().count() <= 80));
    // Only packed otherwise.
    let (code, all) = made.json(&made.changed(|_, _| {}, &[]), &["--rebuild"]);
    assert_eq!(
        (code, all["verdict"].as_str(), all["rebuild"]["verdict"].as_str()),
        (0, Some("equal"), Some("same-files"))
    );
    // Without its own word, and with a word that is not of this repository.
    let dirty = |path: &str, content: &mut Vec<u8>| {
        if path == ".cargo_vcs_info.json" {
            *content = String::from_utf8_lossy(content).replace("\"sha1\"", "\"dirty\": true, \"sha1\"").into_bytes();
        }
    };
    let (code, all) = made.json(&made.changed(dirty, &[]), &[]);
    assert_eq!((code, all["verdict"].as_str(), &all["claimed"]["dirty"]), (0, Some("equal"), &true.into()));
    let elsewhere = |path: &str, content: &mut Vec<u8>| {
        if path == ".cargo_vcs_info.json" {
            *content = String::from_utf8_lossy(content).replace(&made.commit, &"1".repeat(40)).into_bytes();
        }
    };
    let (code, all) = made.json(&made.changed(elsewhere, &[]), &[]);
    assert_eq!((code, all["verdict"].as_str(), all["commitChosen"].as_str()), (1, Some("other-commit"), Some("head")));
}

#[test]
fn a_dependency_that_is_not_at_hand_leaves_the_rebuilding_unknown_or_without_a_lockfile() {
    let made = Made::new();
    let package = made.pack();
    let manifest = made.repo().join("demo/Cargo.toml");
    let outside =
        fs::read_to_string(&manifest).unwrap() + "[dependencies]\nx = { path = \"../../x\", version = \"1\" }\n";
    fs::write(&manifest, outside).unwrap();
    made.git(&["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-q", "-a", "-m", "out"]);
    let (code, all) = made.json(&package, &["--rev", "HEAD", "--rebuild"]);
    assert_eq!((code, all["rebuild"]["verdict"].as_str()), (1, Some("unknown")), "{all:#}");
}

#[test]
fn what_cannot_be_asked_is_not_answered() {
    let made = Made::new();
    let package = made.pack();
    let at = |path: &Path| path.display().to_string();
    let broken = made.folder.path().join("demo-1.0.1.crate");
    fs::write(&broken, &fs::read(&package).unwrap()[..100]).unwrap();
    for (arguments, says) in [
        (vec!["inspect", "package", &at(&broken), &at(&made.repo())], "cannot be read as a package"),
        (vec!["inspect", "package", "nowhere.crate"], "cannot read"),
        (vec!["inspect", "package", &at(&package), &at(made.folder.path())], "not a git repository"),
        (vec!["inspect", "package", &at(&package), &at(&made.repo()), "--rev", "nowhere"], "no commit is called"),
        (
            vec!["inspect", "package", &at(&package), &at(&made.repo()), "--worktree"],
            "unexpected argument '--worktree'",
        ),
        (vec!["inspect", "package"], "<FILE>"),
        (vec!["inspect", "package", "."], "name the package"),
        (vec!["inspect", "package", &at(&package), "--format", "spdx"], "invalid value 'spdx'"),
        (vec!["inspect", "secrets", ".", "."], "unexpected argument '.'"),
        (vec!["inspect", "secrets", "--rebuild"], "unexpected argument '--rebuild'"),
        (vec!["inspect", "dependencies", &at(&package)], "not a binary that is read"),
        (vec!["inspect", "dependencies", "."], "name the binary"),
    ] {
        let ran = run(&arguments);
        assert_eq!(ran.code, 2, "{arguments:?} {}", ran.stdout);
        assert!(ran.stderr.contains(says), "{arguments:?} {}", ran.stderr);
    }
    let (code, all) = made.json(&broken, &[]);
    assert_eq!((code, all["verdict"].as_str()), (2, Some("unreadable")));
}

/// A module of WebAssembly, with a list as cargo auditable writes it where there is one.
fn binary(list: Option<&str>) -> Vec<u8> {
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    if let Some(list) = list {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(list.as_bytes()).unwrap();
        let content = [b"\x07.dep-v0".as_slice(), &encoder.finish().unwrap()].concat();
        module.extend([0, (content.len() & 0x7f) as u8 | 0x80, (content.len() >> 7) as u8]);
        module.extend(content);
    }
    module
}

#[test]
fn the_list_inside_a_binary_is_shown_and_compared() {
    let made = Made::new();
    let lock = "version = 4\n\n[[package]]\nname = \"demo\"\nversion = \"1.0.0\"\n";
    fs::write(made.repo().join("Cargo.lock"), lock).unwrap();
    made.git(&["add", "."]);
    made.git(&["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-q", "-m", "lock"]);
    let list = r#"{"packages":[{"name":"demo","version":"1.0.0","source":"local","root":true}]}"#;
    let with = list.replace("[{", r#"[{"name":"log","version":"0.4.0","source":"crates.io"},{"#);
    let file = made.folder.path().join("app.wasm");
    let (path, repo) = (file.display().to_string(), made.repo().display().to_string());
    let mut shown = String::new();
    for (content, compared, code) in [
        (binary(Some(list)), true, 0),
        (binary(Some(&with)), true, 1),
        (binary(Some(&with)), false, 0),
        (binary(Some(&list.replace("1.0.0", "1.0.1"))), true, 1),
        (binary(None), true, 1),
        (binary(Some("{")), true, 2),
    ] {
        fs::write(&file, content).unwrap();
        let mut arguments = vec!["inspect", "dependencies", &path];
        arguments.extend(compared.then_some(repo.as_str()));
        let ran = run(&arguments);
        assert_eq!(ran.code, code, "{} {}", ran.stdout, ran.stderr);
        shown.push_str(&format!("{}---\n", ran.stdout));
        arguments.extend(["--format", "json"]);
        let json = run(&arguments);
        assert!(json.code == 2 || serde_json::from_str::<Value>(&json.stdout).is_ok());
    }
    let commit = made.git(&["rev-parse", "HEAD"]);
    insta::assert_snapshot!(shown.replace(&commit[..12], "COMMIT"));
}

#[test]
fn evidence_holds_what_was_compared() {
    let made = Made::new();
    let package = made.pack();
    let bad = made.changed(
        |path, content| {
            if path == "src/lib.rs" {
                content.clear();
            }
        },
        &[],
    );
    let file = made.folder.path().join("app.wasm");
    fs::write(&file, binary(None)).unwrap();
    let repo = made.repo().display().to_string();
    let mut arguments = vec!["collect", &repo, "--as-of", AS_OF, "--quiet"];
    // What only looks like a package, and what cannot be read as one.
    let (broken, other) =
        (made.folder.path().join("broken-1.0.0.crate"), made.folder.path().join("source-1.0.0.tar.gz"));
    fs::write(&broken, &fs::read(&package).unwrap()[..100]).unwrap();
    fs::copy(&package, &other).unwrap();
    let paths = [&package, &bad, &file, &broken, &other].map(|path| path.display().to_string());
    for path in &paths {
        arguments.extend(["--artifact", path]);
    }
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let evidence: Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut told: Vec<String> = crate::common::facts(&evidence, "package-comparison")
        .into_iter()
        .map(|fact| format!("{} {}", fact["body"]["verdict"], fact["assurance"]))
        .collect();
    told.sort();
    assert_eq!(told, [r#""differs" "observed""#, r#""equal" "verified""#, r#""unreadable" "observed""#]);
    let binaries = crate::common::facts(&evidence, "binary-dependencies");
    assert_eq!((binaries.len(), &binaries[0]["body"]["verdict"]), (1, &"none".into()));
    assert_eq!(evidence["kinds"]["package-comparison"]["searchedCount"], 5);
    // Without artifacts nothing was searched, and nothing is said.
    let evidence = crate::common::evidence_json(&made.repo());
    for kind in ["package-comparison", "binary-dependencies"] {
        let report = &evidence["kinds"][kind];
        assert_eq!((&report["searchedCount"], &report["count"]), (&0.into(), &0.into()), "{kind}");
    }
}
