//! The real shell as an oracle: where it ends well though the check fails, nothing may be called a gate.
#![cfg(unix)]

use std::{fs, os::unix::fs::PermissionsExt, path::Path, process::Command};

use super::*;

const PRELUDES: &[&str] = &[
    "",
    "set -e",
    "set -euxo pipefail",
    "set +e",
    "set +o errexit",
    "set -x +e",
    "set -- +e",
    "builtin set +e",
    "command set +e",
    "\\set +e",
    "'set' +e",
    "s=set; $s +e",
    "eval 'set +e'",
    "shopt -uo errexit",
    "exit 0",
    "command exit 0",
    "'exit' 0",
    "X=1 exit 0",
    "exit $((0))",
    "exec true",
    "exec > log",
    "exec > log true",
    "trap 'exit 0' EXIT",
    "trap 'ex''it 0' EXIT",
    "trap '. ./exit.sh' EXIT",
    "cargo() { :; }",
    "eval 'cargo() { :; }'",
    "function cargo { :; }",
    ". ./fake.sh",
    "source fake.sh",
    "hash -p /bin/true cargo",
    "shopt -s expand_aliases\nalias cargo=true",
    "export PATH=$PWD/fake:$PATH",
    "PATH=fake:$PATH",
    "declare PATH=$PWD/fake:$PATH",
    "cd fake",
    "mkdir -p build",
    "echo hello",
    "export RUST_BACKTRACE=1",
    "A=b",
    "if true; then set +e; fi",
    "if true; then exit 0; fi",
    "[ -n x ] && exit 0",
    "true && exit 0",
    "false || exit 0",
    "{ exit 0; }",
    "(exit 0)",
    "f() { exit 0; }; f",
    "f() { set +e; }; f",
    "f() { return 0; }; f",
    "for x in 1; do set +e; done",
    "for x in 1; do exit 0; done",
    "for x in 1; do break; done",
    "while true; do exit 0; done",
    "case x in x) set +e;; esac",
    "cat <<EOF\nx\nEOF",
    "cat <<EOF\n  EOF",
    "cat <<E\\ OF\nE",
    "cat <<'E'\n$(\nE",
    "cat <<-EOF\n\tx\n\tEOF",
    "echo ${x:-\\}",
    "echo $'a\\'",
    "echo \"$(echo x)\"",
    "echo \"${x:-\"}\"",
    "rm -f Cargo.toml",
    "cp fake/cargo bin/cargo",
    "ln -sf /bin/true bin/cargo",
    "echo x > bin/x.log",
    "set -n",
    "set -o noexec",
    "set -t",
    "BASH_ENV=x",
    "X=1 Y=2",
    "true & wait",
    "time true",
    "! true",
    "# set +e",
    "echo a; echo b",
    "echo 'set +e\nexit 0'",
    "echo a \\\n; echo b",
    "readonly X=1",
    "enable -n set",
    "unset PATH",
    "IFS=x",
    "command -v cargo",
];

const CHECKS: &[&str] = &[
    "cargo test",
    "cargo test || true",
    "cargo test || exit 1",
    "cargo test || exit 0",
    "cargo test || { echo no; exit 1; }",
    "cargo test || (echo no; exit 1)",
    "cargo test || echo no && false",
    "cargo test || false",
    "cargo test | cat",
    "cargo test && echo ok",
    "! cargo test",
    "(cargo test)",
    "{ cargo test; }",
    "{ cargo test; echo x; }",
    "{ cargo test; echo x; } || exit 1",
    "(cargo test; echo x) && echo y",
    "{ cargo test && echo ok; }",
    "{ { cargo test && echo ok; }; }",
    "{ cargo test && echo ok; } > out.log",
    "{ (cargo test && echo ok); }",
    "({ cargo test && echo ok; })",
    "(cargo test && echo ok)",
    "(cargo test && echo ok; true)",
    "{ cargo test && echo ok; } || exit 1",
    "{ cargo test && echo ok; } && echo y",
    "{ cargo test && echo ok; } | cat",
    "true && { cargo test && echo ok; }",
    "if true; then { cargo test && echo ok; }; fi",
    "for x in 1; do cargo test && echo ok; done",
    "t() { cargo test && echo ok; }; t",
    "t() { { cargo test && echo ok; }; echo x; }; t",
    "t() { cargo test && echo ok; }; { t; }",
    "t() { cargo test && echo ok; }; { t && echo y; }",
    "if cargo test; then echo ok; fi",
    "if true; then cargo test; fi",
    "if ! cargo test; then exit 1; fi",
    "for x in 1 2; do cargo test; done",
    "for x in 1 2; do cargo test || true; done",
    "for x in; do cargo test; done",
    "while cargo test; do break; done",
    "until cargo test; do break; done",
    "cargo test &",
    "cargo test & wait $!",
    "t() { cargo test; }; t",
    "t() { cargo test; }; t || true",
    "t() { cargo test; echo x; }; t",
    "t() { cargo test; return 0; }; t || exit 1",
    "cargo build && cargo test",
    "true && cargo test",
    "true || cargo test",
    "false && cargo test",
    "[ -f none ] && cargo test",
    "env A=b cargo test",
    "time cargo test",
    "nice cargo test",
    "sh -c 'cargo test; true'",
    "bash -c 'cargo test'",
    "bash -ec 'cargo test; true'",
    "sh ci.sh",
    "./ci.sh",
    "bash -e ci.sh",
    "./strict.sh",
    "cargo test > out.log",
    "x=$(cargo test)",
    "echo $(cargo test)",
    "case x in x) cargo test;; esac",
    "cargo test; true",
];

const SUFFIXES: &[&str] = &["", "true", "echo done", "exit 0", "&& true", "; exit 0", "|| :"];

const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\nname = \"a\"\n"),
    ("src/lib.rs", "#[test]\nfn a() {\n    assert!(x());\n}\n"),
    ("fake.sh", "cargo() { :; }\n"),
    ("exit.sh", "exit 0\n"),
    ("ci.sh", "#!/bin/sh\ncargo test\ntrue\n"),
    ("strict.sh", "#!/bin/sh\nset -e\ncargo test\ntrue\n"),
    ("fake/cargo", "#!/bin/sh\nexit 0\n"),
];

fn made(folder: &Path) {
    let stub = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    for (name, text) in FILES {
        stub(name, text);
    }
    stub("bin/cargo", "#!/bin/sh\n[ \"$1\" != test ]\n");
}

/// The status with which bash ends.
fn ends_well(folder: &Path, script: &str) -> bool {
    made(folder);
    fs::write(folder.join("step.sh"), script).unwrap();
    let path = format!("{}/bin:/usr/bin:/bin", folder.display());
    let output = Command::new("bash")
        .args(["-e", "step.sh"])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path)
        .env("HOME", folder)
        .output()
        .unwrap();
    output.status.success()
}

#[test]
fn where_bash_ends_well_nothing_gates() {
    if Command::new("bash").arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no bash, and nothing was compared with it");
        return;
    }
    let tree = tree::Made(FILES.to_vec());
    let gates = |script: &str| {
        let mut to = Evaluator::new(&tree);
        run(&mut to, script, Shell::Strict, How { sure: true, fails: Fails::Yes });
        to.found.iter().any(|found| found.purpose == "test" && found.answer == Answer::Gates)
    };
    let folder = tempfile::tempdir().unwrap();
    let mut scripts = Vec::new();
    for (at, prelude) in PRELUDES.iter().enumerate() {
        for (other, check) in CHECKS.iter().enumerate() {
            // Every prelude with the plain check, every check without a prelude, and of the rest every forty-first.
            for (last, suffix) in SUFFIXES.iter().enumerate() {
                if other == 0 && last < 2 || at == 0 || (at + other * 3 + last) % 41 == 0 {
                    let joined = if suffix.starts_with(['&', ';', '|']) {
                        format!("{check} {suffix}")
                    } else {
                        format!("{check}\n{suffix}")
                    };
                    scripts.push(format!("{prelude}\n{joined}\n"));
                }
            }
        }
    }
    let (mut well, mut gated) = (0, 0);
    let mut wrong = Vec::new();
    for script in &scripts {
        let gate = gates(script);
        gated += usize::from(gate);
        // What is called no gate needs no shell, but for the count of those that it lets through.
        if gate && ends_well(folder.path(), script) {
            wrong.push(script.clone());
        } else if !gate && well < 40 {
            well += usize::from(ends_well(folder.path(), script));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} are called gates and end well:\n{}",
        wrong.len(),
        scripts.len(),
        wrong.join("\n---\n")
    );
    assert!(
        scripts.len() > 600 && gated > 60 && well >= 40,
        "{} scripts, {gated} gates, {well} end well",
        scripts.len()
    );
}
