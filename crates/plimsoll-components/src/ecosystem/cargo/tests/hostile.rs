//! Manifests that try to make cargo look outside of the copy.

use std::time::Duration;

use crate::{Cause, Options, ResolvedBy, Resolver, test_support};

/// A lockfile that gives cargo a reason to be asked.
const LOCK: &str = "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"b\"]\n\
                    [[package]]\nname = \"b\"\nversion = \"1.0.0\"\n";
const HEAD: &str = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n";

/// A program that cannot be started proves that cargo was not asked: its failure would be the reason.
fn check(manifest: &str, expected: &str) {
    let options = Options { cargo: Some("/nonexistent/cargo".into()), ..Options::default() };
    let inventory = test_support::of(&[("sub/Cargo.toml", manifest), ("sub/Cargo.lock", LOCK)], &options);
    let workspace = &inventory.workspaces[0];
    assert_eq!(workspace.resolver, ResolvedBy::Lockfile, "{manifest}");
    let difference = workspace.difference.as_deref().unwrap();
    assert!(difference.contains(expected), "{manifest}: {difference}");
    assert_eq!(inventory.components.len(), 2);
}

#[test]
fn nothing_that_leads_out_is_shown_to_cargo() {
    for (rest, expected) in [
        ("[dependencies]\nb = { path = \"../../outside\" }", "b.path"),
        ("[dependencies]\nb = { path = \"/etc\" }", "b.path"),
        ("[dependencies.b]\npath = \"x/../../../y\"", "b.path"),
        ("[dev-dependencies]\nb = { path = \"..\\\\..\\\\x\" }", "b.path"),
        ("[build-dependencies]\nb = { path = \"C:/x\" }", "b.path"),
        ("[target.'cfg(unix)'.dependencies]\nb = { path = \"/b\" }", "b.path"),
        ("[dependencies]\nb = { path = \"b\", base = \"home\" }", "b.base"),
        ("[patch.crates-io]\nb = { path = \"../../b\" }", "b.path"),
        ("[replace]\n\"b:1.0.0\" = { path = \"/b\" }", "b:1.0.0.path"),
        ("[workspace]\nmembers = [\"/etc\"]", "workspace.members"),
        ("[workspace]\nmembers = [\"../../*\"]", "workspace.members"),
        ("[workspace]\nexclude = [\"/\"]", "workspace.exclude"),
        ("[workspace]\ndefault-members = [\"/etc\"]", "workspace.default-members"),
        ("[workspace.dependencies]\nb = { path = \"/b\" }", "b.path"),
        ("[workspace]\n[workspace.package]\nlicense-file = \"/etc/passwd\"", "workspace.package.license-file"),
        ("[lib]\npath = \"/abs.rs\"", "lib.path"),
        ("[[bin]]\nname = \"../../../x\"", "bin.path"),
        ("[[bin]]\nname = \"x\"\npath = \"../../x.rs\"", "bin.path"),
        ("[[example]]\nname = \"x\"\npath = \"/x.rs\"", "example.path"),
        ("[dependencies]\nb = { git = \"file:///etc\" }", "address on this machine"),
        ("[dependencies]\nb = { git = \"/etc\" }", "address on this machine"),
        ("[dependencies]\nb = { git = \"../x\" }", "address on this machine"),
        ("[dependencies]\nb = { version = \"1\", registry-index = \"file:///x\" }", "address on this machine"),
        ("[lib]\npath = \".cargo/config.toml\"", "not a Rust file"),
        ("[lib]\npath = \"Cargo.toml\"", "not a Rust file"),
    ] {
        check(&format!("{HEAD}{rest}\n"), expected);
    }
    for (line, expected) in [
        ("build = \"/abs.rs\"", "package.build"),
        ("build = \"../../build.rs\"", "package.build"),
        ("readme = \"/etc/passwd\"", "package.readme"),
        ("license-file = \"../../x\"", "package.license-file"),
        ("workspace = \"../..\"", "package.workspace"),
        ("workspace = \"/\"", "package.workspace"),
    ] {
        check(&format!("{HEAD}{line}\n"), expected);
    }
}

#[test]
fn a_harmless_one_reaches_cargo_and_a_missing_cargo_is_told() {
    check(&format!("{HEAD}workspace = \"..\"\n"), "cargo could not be started");
    check(&format!("{HEAD}[dependencies]\nb = {{ path = \"../b\" }}\n"), "cargo could not be started");
}

#[test]
fn a_demanded_cargo_that_is_missing_is_a_gap() {
    let options =
        Options { resolver: Resolver::PackageManager, cargo: Some("/nonexistent/cargo".into()), ..Options::default() };
    let inventory = test_support::of(&[("Cargo.toml", HEAD), ("Cargo.lock", LOCK)], &options);
    assert_eq!(inventory.gaps[0].cause, Cause::PackageManager);
}

#[cfg(unix)]
fn bounded(script: &str) -> (tempfile::TempDir, Options) {
    let (folder, mut options) = test_support::scripted(script);
    options.limits.output_bytes = 10_000;
    options.timeout = Duration::from_millis(400);
    (folder, options)
}

#[cfg(unix)]
#[test]
fn a_cargo_that_misbehaves_is_given_up() {
    for (script, expected) in [
        ("sleep 60", "took too long"),
        ("exec 1>&-; sleep 60", "took too long"),
        ("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done", "printed too much"),
        ("echo '{'", "was not understood"),
        ("echo '{\"packages\":[]}'", "was not understood"),
        // What it says itself is never shown: it is other words on each machine.
        ("echo 'error: boom' >&2; exit 101", "cargo refused (`cargo metadata --locked` says why);"),
        ("printf 'error: \\033[31mred\\n' >&2; exit 1", "cargo refused (`cargo metadata --locked` says why);"),
        ("echo \"error: in $HOME/x\" >&2; exit 1", "cargo refused (`cargo metadata --locked` says why);"),
        ("exit 1", "cargo refused (`cargo metadata --locked` says why);"),
        ("echo 'error: --offline was specified' >&2; exit 101", "not on this machine"),
        ("echo 'error: cannot update the lock file x because --locked was passed' >&2; exit 101", "does not fit"),
    ] {
        let (_folder, options) = bounded(script);
        let inventory = test_support::of(&[("Cargo.toml", HEAD), ("Cargo.lock", LOCK)], &options);
        let difference = inventory.workspaces[0].difference.as_deref().unwrap();
        assert!(difference.contains(expected), "{script}: {difference}");
    }
}

#[cfg(unix)]
#[test]
fn cargo_gets_a_scrubbed_environment_and_sees_manifests_alone() {
    // A variable that must not reach cargo is set by cargo test itself.
    let script = "test -z \"$CARGO_MANIFEST_DIR\" || { echo error: leaked >&2; exit 1; }\n\
                  test \"$RUSTUP_AUTO_INSTALL\" = 0 || { echo error: rustup >&2; exit 1; }\n\
                  test \"$PWD\" = / || { echo error: run folder >&2; exit 1; }\n\
                  while [ \"$1\" != --manifest-path ]; do shift || exit 2; done\n\
                  cd \"$(dirname \"$2\")\" || exit 1\n\
                  test \"$(find . -type f | sort | tr '\\n' ' ')$(cat src/lib.rs)\" = './Cargo.lock ./Cargo.toml ./src/lib.rs ' \\\n\
                  && echo 'error: --offline was specified' >&2; exit 1";
    let (_folder, options) = bounded(script);
    let files = [
        ("Cargo.toml", HEAD),
        ("Cargo.lock", LOCK),
        ("other/Cargo.toml", "[package]\nname = \"o\"\nversion = \"1.0.0\"\n[workspace]"),
    ];
    let inventory = test_support::of(&files, &options);
    let difference = inventory.workspaces[0].difference.as_deref().unwrap();
    assert!(difference.contains("not on this machine"), "{difference}");
}

#[test]
fn paths_that_no_tree_should_have_are_not_read() {
    let lock = "version = 4\n";
    for path in ["../Cargo.toml", "/Cargo.toml", "a/../../Cargo.toml", "a\\b/Cargo.toml", "a//Cargo.toml"] {
        let inventory = test_support::of(&[(path, HEAD), ("Cargo.lock", lock)], &Options::default());
        assert!(inventory.workspaces.is_empty(), "{path}");
        assert_eq!(inventory.gaps[0].cause, Cause::Manifest);
    }
}
