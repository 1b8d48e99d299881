//! The first plimsoll.toml: what is written where nobody is asked, and an interview in a pseudo-terminal.

use std::{fs, path::Path};

use plimsoll_testkit::Repo;

use crate::common::{AS_OF, run_in};

const NAME: &str = "plimsoll.toml";
const DRAFT: &str = ".git/plimsoll-init.draft";

fn acme() -> Repo {
    let manifest = "[package]\nname = \"acme\"\nversion = \"1.2.3\"\nedition = \"2021\"\nauthors = [\"Ada Example <ada@acme.dev>\"]\nhomepage = \"https://acme.dev\"\n";
    let lock = "version = 4\n\n[[package]]\nname = \"acme\"\nversion = \"1.2.3\"\n";
    Repo::new()
        .file("Cargo.toml", manifest)
        .file("Cargo.lock", lock)
        .file("LICENSE-MIT", "MIT License\n\nCopyright (c) 2026 Ada Example\n")
        .file("src/main.rs", "#![forbid(unsafe_code)]\nfn main() {}\n#[test]\nfn a() {}\n")
        .file("SECURITY.md", "# Security\n\nWrite privately to security@acme.dev. You get an answer within 7 days.\n")
        .commit("first")
        .checkout()
}

fn written(folder: &Path) -> String {
    fs::read_to_string(folder.join(NAME)).unwrap()
}

/// Lines that are no comment.
fn active(text: &str) -> Vec<&str> {
    text.lines()
        .map(|line| line.split("  #").next().unwrap().trim())
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect()
}

#[test]
fn without_a_terminal_what_was_found_is_a_comment() {
    let repo = acme();
    let ran = run_in(repo.path(), &["init", "--as-of", AS_OF]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let text = written(repo.path());
    assert_eq!(
        active(&text),
        [
            "schema = 1",
            "date = 2026-11-01",
            "review-by = 2027-11-01",
            "[product]",
            "name = \"acme\"",
            "[scope]",
            "[support]",
            "[claims.\"cswp-23\"]",
            "[claims.\"ssdf-1.1\"]",
        ]
    );
    let plain = text.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    for line in [
        "# version = \"1.2.3\" # from the manifest; no release tag was found; a guess",
        "# claimant = \"Ada Example\" # from Cargo.toml:5, authors, and LICENSE-MIT:3, copyright; a guess\n",
        "# contact = \"security@acme.dev\" # from SECURITY.md, how to report\n",
        "# url = \"https://acme.dev\" # from Cargo.toml:6, homepage\n",
        "# inside = [\"the program acme\"] # from Cargo.toml:2, name; a guess",
        "# identifiers = [\"pkg:cargo/acme@1.2.3\"] # from Cargo.toml:2, name; a guess",
        "# \"S.2\" = \"done\" # seen: ",
    ] {
        assert!(plain.contains(line), "{line}\n{text}");
    }
    // It counts as a file, and nothing is claimed but a name.
    let label = run_in(repo.path(), &["label", "--worktree", "--as-of", AS_OF, "--format", "json", "--strict"]);
    assert_eq!(label.code, 0, "{}", label.stderr);
    let label: serde_json::Value = serde_json::from_str(&label.stdout).unwrap();
    assert_eq!(
        (&label["predicate"]["product"]["claimant"], &label["predicate"]["tier"]["level"]),
        (&"".into(), &0.into())
    );
    let printed = run_in(repo.path(), &["init", "--print", "--as-of", AS_OF]);
    assert!(printed.code == 0 && printed.stdout.contains("claimant"), "{}", printed.stderr);
    let again = run_in(repo.path(), &["init", "--as-of", AS_OF]);
    assert!(again.code == 2 && again.stderr.contains("--force"), "{}", again.stderr);
}

#[test]
fn a_version_counts_where_manifest_and_release_agree() {
    let tagged = acme().tag("v1.2.3").commit("second");
    let text = run_in(tagged.path(), &["init", "--print", "--as-of", AS_OF]).stdout;
    assert!(active(&text).contains(&"version = \"1.2.3\""), "{text}");
    let other = acme().tag("v1.3.0").commit("second");
    let text = run_in(other.path(), &["init", "--print", "--as-of", AS_OF]).stdout;
    assert!(text.contains("# version = \"1.3.0\"") && text.contains("the manifest says 1.2.3"), "{text}");
    assert!(!active(&text).iter().any(|line| line.starts_with("version")), "{text}");
}

#[test]
fn statements_of_others_are_suggestions_and_break_out_of_nothing() {
    let insights = "header:\n  schema-version: 2.0.0\n  last-reviewed: '2026-01-02'\nproject:\n  administrators:\n    - name: Bo Admin\n  vulnerability-reporting:\n    reports-accepted: true\n    contact:\n      email: psirt@acme.dev\nrepository:\n  status: active\n";
    let badge = "{\"test_status\": \"Met\", \"test_justification\": \"x\\n[claims.evil]\\u001b[31m\", \"know_secure_design_status\": \"Met\", \"assurance_case_status\": \"Unmet\"}";
    let evil = "[package]\nname = \"acme\"\nversion = \"1.2.3\"\nauthors = [\"Evil\\u001b[31m\\n[claims]\"]\nhomepage = \"https://a.example/\\n\\\"x\"\n";
    let repo = acme()
        .file("security-insights.yml", insights)
        .file(".bestpractices.json", badge)
        .file("Cargo.toml", evil)
        .file("SUPPORT.md", "# Support\n\nSecurity updates are provided until 2028-12-31.\n")
        .commit("second");
    let ran = run_in(repo.path(), &["init", "--print", "--as-of", AS_OF]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plain = ran.stdout.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    for line in [
        "# claimant = \"Bo Admin\" # from security-insights.yml:6, administrators of 2026-01-02; a guess",
        "# contact = \"psirt@acme.dev\" # from security-insights.yml:10, vulnerability-reporting of 2026-01-02\n",
        "# status = \"supported\" # from security-insights.yml:12, status of 2026-01-02; a guess",
        "# until = 2028-12-31 # from SUPPORT.md, the day that it promises\n",
        "# \"PO.2.2\" = \"partly\" # said in: .bestpractices.json:1, know_secure_design",
        "# \"PW.1.1\" = \"no\" # said in: .bestpractices.json:1, assurance_case",
    ] {
        assert!(plain.contains(line), "{line}\n{}", ran.stdout);
    }
    assert!(!ran.stdout.contains('\u{1b}'));
    let table: toml::Table = ran.stdout.parse().unwrap();
    assert!(table["claims"].as_table().unwrap().values().all(|all| all.as_table().unwrap().is_empty()), "{table}");
    assert_eq!(table["product"].as_table().unwrap().len(), 1, "{table}");
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    for name in [NAME, DRAFT] {
        let repo = acme();
        let target = repo.path().join("elsewhere");
        std::os::unix::fs::symlink(&target, repo.path().join(name)).unwrap();
        let ran = run_in(repo.path(), &["init", "--force", "--as-of", AS_OF]);
        assert!(ran.code == 2 && ran.stderr.contains("no link is followed"), "{name}: {}", ran.stderr);
        assert!(!target.exists());
    }
}

/// A pseudo-terminal by `script` of util-linux, which every Linux has that CI runs on: no crate, and no unsafe code.
#[cfg(target_os = "linux")]
mod terminal {
    use std::{
        io::{Read as _, Write as _},
        process::{Child, ChildStdin, ChildStdout, Stdio},
    };

    use super::*;
    use crate::common::command;

    /// A program in a terminal of its own, and what it has shown that nobody has asked for yet.
    struct Session {
        script: Child,
        stdin: ChildStdin,
        stdout: ChildStdout,
        shown: String,
    }

    impl Session {
        fn start(folder: &Path) -> Self {
            let plimsoll = command();
            let mut script = std::process::Command::new("script");
            script.env_clear().envs(plimsoll.get_envs().filter_map(|(name, value)| Some((name, value?))));
            script.env("NO_COLOR", "1").env("TERM", "xterm").env("SHELL", "/bin/sh").current_dir(folder);
            let line = format!("exec '{}' init --as-of {AS_OF}", plimsoll.get_program().display());
            script.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
            let mut script = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
            let (stdin, stdout) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
            Self { script, stdin, stdout, shown: String::new() }
        }

        fn read(&mut self) -> bool {
            let mut bytes = [0; 4096];
            let count = self.stdout.read(&mut bytes).unwrap();
            self.shown.push_str(&String::from_utf8_lossy(&bytes[..count]));
            count > 0
        }

        /// Waits until a text is shown, and forgets what was before it.
        fn expect(&mut self, text: &str) {
            loop {
                if let Some(at) = self.shown.find(text) {
                    self.shown.drain(..at + text.len());
                    return;
                }
                assert!(self.read(), "it ended without {text}: {}", self.shown);
            }
        }

        fn send(&mut self, bytes: &[u8]) {
            self.stdin.write_all(bytes).unwrap();
            self.stdin.flush().unwrap();
        }

        /// Waits for the end, and gives the exit code.
        fn end(mut self) -> Option<i32> {
            while self.read() {}
            self.script.wait().unwrap().code()
        }
    }

    fn reply(session: &mut Session, prompt: &str, text: &str) {
        session.expect(prompt);
        session.send(format!("{text}\r").as_bytes());
    }

    /// All questions behind the third.
    fn rest(mut session: Session) {
        for (prompt, text) in [
            ("facts [yes]", ""),
            ("until", "2028-12-31"),
            ("update-method [manual]", ""),
            ("cswp-23/C.3", "maybe"),
            ("cswp-23/C.3", "na"),
            ("cswp-23/C.5", "na: it uses none"),
            ("shown [yes]", ""),
            ("practices [seen]", ""),
            ("data", "none"),
        ] {
            reply(&mut session, prompt, text);
        }
        session.expect("With it the label comes to tier 1 of 4, Declared");
        session.expect("to tier 2, Observed");
        assert_eq!(session.end(), Some(0));
    }

    #[test]
    fn an_interview_that_is_interrupted_goes_on_and_comes_to_tier_1() {
        let repo = acme();
        let mut session = Session::start(repo.path());
        reply(&mut session, "product [acme 1.2.3]", "");
        reply(&mut session, "claimant [Ada Example]", "Example Works Ltd.");
        session.expect("contact [security@acme.dev]");
        session.send(b"\x03");
        assert_ne!(session.end(), Some(0));
        assert!(!repo.path().join(NAME).exists());
        let draft = fs::read_to_string(repo.path().join(DRAFT)).unwrap();
        assert!(draft.contains("reply = \"Example Works Ltd.\""), "{draft}");
        assert!(!repo.path().join("plimsoll.toml.draft").exists());

        let mut session = Session::start(repo.path());
        session.expect("There are 2 answers of an earlier interview");
        reply(&mut session, "Go on from there? (yes or no)", "");
        session.expect("answer with yes or no");
        reply(&mut session, "Go on from there? (yes or no)", "yes");
        reply(&mut session, "contact [security@acme.dev]", "");
        rest(session);
        let text = written(repo.path());
        assert!(!repo.path().join(DRAFT).exists());
        let lines = active(&text);
        for line in [
            "claimant = \"Example Works Ltd.\"",
            "contact = \"security@acme.dev\"",
            "until = 2028-12-31",
            "\"PW.1\" = \"no\"",
        ] {
            assert!(lines.contains(&line), "{line}\n{text}");
        }
    }

    #[test]
    fn an_interview_can_begin_again_and_a_closed_terminal_loses_nothing() {
        let repo = acme();
        let mut session = Session::start(repo.path());
        reply(&mut session, "product [acme 1.2.3]", "");
        reply(&mut session, "claimant [Ada Example]", "Evil \x1b[D");
        reply(&mut session, "such as an arrow", "Evil");
        session.expect("contact [security@acme.dev]");
        // Ctrl-D on an empty line.
        session.send(b"\x04");
        session.expect("your answers are kept");
        assert_eq!(session.end(), Some(2));
        let mut session = Session::start(repo.path());
        session.expect("claimant: Evil");
        reply(&mut session, "Go on from there? (yes or no)", "no");
        reply(&mut session, "product [acme 1.2.3]", "");
        session.expect("claimant [Ada Example]");
        // The terminal goes away, as when its window is closed.
        session.script.kill().unwrap();
        session.script.wait().unwrap();
        let draft = fs::read_to_string(repo.path().join(DRAFT)).unwrap();
        assert!(draft.contains("reply = \"acme 1.2.3\"") && !draft.contains("Evil"), "{draft}");
        assert!(!repo.path().join(NAME).exists());
    }

    #[test]
    fn a_commit_brings_no_answers_and_takes_back_none() {
        // Where drafts were before, and where they are, as far as a commit comes.
        let evil = "schema = 1\n[replies]\n\"claimant\" = \"Evil\"\n";
        let repo =
            acme().file("plimsoll.toml.draft", evil).file("plimsoll-init.draft", evil).commit("second").checkout();
        let mut session = Session::start(repo.path());
        reply(&mut session, "product [acme 1.2.3]", "");
        session.expect("claimant [Ada Example]");
        session.send(b"\r");
        reply(&mut session, "contact [security@acme.dev]", "");
        reply(&mut session, "facts [yes]", "");
        session.expect("until");
        session.send(b"\x03");
        assert_ne!(session.end(), Some(0));
        // What was confirmed was another page.
        let manifest = fs::read_to_string(repo.path().join("Cargo.toml")).unwrap();
        let repo =
            repo.file("Cargo.toml", manifest.replace("https://acme.dev", "https://evil.example")).commit("third");
        let mut session = Session::start(repo.path());
        session.expect("There are 3 answers of an earlier interview");
        reply(&mut session, "Go on from there? (yes or no)", "yes");
        session.expect("https://evil.example");
        rest(session);
    }
}

#[test]
fn the_file_is_at_the_top_of_the_repository() {
    let repo = acme();
    let ran = run_in(repo.path(), &["init", "src", "--as-of", AS_OF]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(repo.path().join(NAME).exists() && !repo.path().join("src").join(NAME).exists());
    let again = run_in(&repo.path().join("src"), &["init", "--as-of", AS_OF]);
    assert!(again.code == 2 && again.stderr.contains("--force"), "{}", again.stderr);
}

/// What another file says is suggested where the source does not speak against it.
#[test]
fn nothing_is_suggested_against_the_source() {
    let badge = "{\"no_leaked_credentials_status\": \"Met\", \"static_analysis_status\": \"Met\", \"roles_responsibilities_status\": \"Met\"}";
    let check = |repo: Repo, expected: bool| {
        let text = run_in(repo.path(), &["init", "--print", "--as-of", AS_OF]).stdout;
        let has = |start: &str| text.lines().any(|line| line.starts_with(start));
        assert_eq!(has("# \"C.4\" = \"done\""), expected, "{text}");
        assert!(!has("# \"PW.7.2\" = ") && has("# \"PO.2.1\" = "), "{text}");
    };
    check(acme().file(".bestpractices.json", badge).commit("second"), true);
    let der = "MD0CAQAAJUpvlLneAyhNcpe84QYrUHWav+QJLlN4ncLnDDFWe6DF6g80WX6jyO0S\nN1yBpsvwFTpfhKnO8xg9";
    let label = "PRIVATE KEY";
    let key = format!("-----BEGIN {label}-----\n{der}\n-----END {label}-----\n");
    check(acme().file(".bestpractices.json", badge).file("src/key.pem", &key).commit("second"), false);
}
