//! One thing is changed in a packed manifest that is explained, and that thing is named.

use super::{FILES, MEMBER, PACKED, WORKSPACE, compare, keys};
use crate::cargo::Reason;

fn check(from: &str, to: &str, expected: &str) {
    assert!(PACKED.contains(from), "{from:?} is in the packed manifest");
    let packed = PACKED.replacen(from, to, 1);
    let found = compare(&packed, MEMBER, Some(WORKSPACE), FILES);
    assert_eq!(keys(&found), expected, "{from:?} made {to:?}: {found:?}");
}

#[test]
fn the_manifest_without_a_change_is_explained() {
    assert_eq!(compare(PACKED, MEMBER, Some(WORKSPACE), FILES), []);
}

#[test]
fn dependencies() {
    for (from, to, expected) in [
        ("[dependencies.log]", "[dependencies.evil]\nversion = \"1\"\n[dependencies.log]", "dependencies.evil"),
        ("version = \"0.4\"", "version = \"0.3\"", "dependencies.log.version"),
        ("version = \"0.4\"", "version = \"=0.4\"", "dependencies.log.version"),
        ("version = \"0.4\"", "", "dependencies.log.version"),
        ("version = \"0.4\"", "version = \"0.4\"\npackage = \"l0g\"", "dependencies.log.package"),
        (
            "version = \"0.4\"",
            "version = \"0.4\"\nregistry-index = \"https://evil.example\"",
            "dependencies.log.registry-index",
        ),
        ("version = \"0.4\"", "version = \"0.4\"\nregistry = \"evil\"", "dependencies.log.registry"),
        ("version = \"0.4\"", "version = \"0.4\"\ngit = \"https://evil.example\"", "dependencies.log.git"),
        ("version = \"0.4\"", "version = \"0.4\"\npath = \"evil\"", "dependencies.log.path"),
        ("version = \"0.4\"", "version = \"0.4\"\nfeatures = [\"kv\"]", "dependencies.log.features"),
        ("version = \"0.4\"", "version = \"0.4\"\ndefault-features = false", "dependencies.log.default-features"),
        ("version = \"0.4\"", "version = \"0.4\"\noptional = true", "dependencies.log.optional"),
        ("version = \"0.4\"", "version = \"0.4\"\npublic = true", "dependencies.log.public"),
        ("version = \"0.4\"", "version = \"0.4\"\nartifact = \"bin\"", "dependencies.log.artifact"),
        ("version = \"0.4\"", "workspace = true", "dependencies.log.version dependencies.log.workspace"),
        ("[dependencies.log]\nversion = \"0.4\"", "[dependencies]\nlog = \"0.4\"", "dependencies.log"),
        ("[dependencies.log]\nversion = \"0.4\"", "", "dependencies.log"),
        ("default-features = true", "default-features = false", "dependencies.serde.default-features"),
        ("\"alloc\",\n    \"std\"", "\"alloc\"", "dependencies.serde.features"),
        ("\"alloc\",\n    \"std\"", "\"std\",\n    \"alloc\"", "dependencies.serde.features"),
        ("[dev-dependencies]", "[dev-dependencies.evil]\nversion = \"1\"", "dev-dependencies.evil"),
        ("[dev-dependencies]", "[dev_dependencies.evil]\nversion = \"1\"", "dev-dependencies dev_dependencies"),
        ("[dev-dependencies]", "[build-dependencies.evil]\nversion = \"1\"", "build-dependencies dev-dependencies"),
        ("[dev-dependencies]", "[build_dependencies.evil]\nversion = \"1\"", "build_dependencies dev-dependencies"),
        ("cfg(unix)", "cfg(not(unix))", "target.\"cfg(not(unix))\" target.\"cfg(unix)\""),
        (
            "[target.\"cfg(unix)\".dependencies.libc]",
            "[target.\"cfg(unix)\".dependencies.evil]\nversion = \"1\"\n[target.\"cfg(unix)\".dependencies.libc]",
            "target.\"cfg(unix)\".dependencies.evil",
        ),
        (
            "[target.\"cfg(windows)\".dev-dependencies]",
            "[target.\"cfg(windows)\".build-dependencies.evil]\nversion = \"1\"",
            "target.\"cfg(windows)\".build-dependencies target.\"cfg(windows)\".dev-dependencies",
        ),
    ] {
        check(from, to, expected);
    }
}

#[test]
fn the_package() {
    for (from, to, expected) in [
        ("build = false", "build = \"evil.rs\"", "package.build"),
        ("build = false", "build = \"build.rs\"", "package.build"),
        ("build = false", "build = true", "package.build"),
        ("build = false", "", "package.build"),
        ("build = false", "build = [\"a.rs\", \"b.rs\"]", "package.build"),
        ("build = false", "build = false\nlinks = \"ssl\"", "package.links"),
        ("build = false", "build = false\nmetabuild = \"evil\"", "package.metabuild"),
        ("build = false", "build = false\nworkspace = \"..\"", "package.workspace"),
        ("build = false", "build = false\ndefault-run = \"other\"", "package.default-run"),
        ("build = false", "build = false\nforced-target = \"wasm32\"", "package.forced-target"),
        ("build = false", "build = false\nunknown = 1", "package.unknown"),
        ("name = \"mem-ber\"", "name = \"member\"", "package.name"),
        ("version = \"1.2.3\"", "version = \"1.2.4\"", "package.version"),
        ("edition = \"2021\"", "edition = \"2018\"", "package.edition"),
        ("edition = \"2021\"", "edition = { workspace = true }", "package.edition"),
        ("publish = false", "publish = true", "package.publish"),
        ("publish = false", "", "package.publish"),
        ("exclude = [\"*.tmp\"]", "include = [\"*\"]", "package.exclude package.include"),
        ("autobins = false", "autobins = true", "package.autobins"),
        ("autotests = false", "", "package.autotests"),
        ("autolib = false", "autolib = true", "package.autolib"),
        ("readme = \"README.md\"", "readme = \"LICENSE\"", "package.readme"),
        ("license-file = \"LICENSE\"", "license-file = \"README.md\"", "package.license-file"),
        ("license-file = \"LICENSE\"", "license = \"MIT\"", "package.license package.license-file"),
        ("example.org/r", "example.org/s", "package.repository"),
        ("resolver = \"1\"", "resolver = \"2\"", "package.resolver"),
        ("resolver = \"1\"", "", "package.resolver"),
        ("rust-version = \"1.70\"", "rust-version = \"1.60\"", "package.rust-version"),
        ("rust-version = \"1.70\"", "", "package.rust-version"),
        (
            "[package.metadata.x]\nworkspace = true",
            "[package.metadata.x]\nworkspace = false",
            "package.metadata.x.workspace",
        ),
        (
            "[package.metadata.x]",
            "[package.metadata.docs.rs]\nall = true\n[package.metadata.x]",
            "package.metadata.docs",
        ),
    ] {
        check(from, to, expected);
    }
    let project = PACKED.replace("[package", "[project");
    let found = compare(&project, MEMBER, Some(WORKSPACE), FILES);
    assert_eq!(keys(&found), "package project");
}

#[test]
fn targets() {
    for (from, to, expected) in [
        ("path = \"src/lib.rs\"", "path = \"src/evil.rs\"", "lib.path"),
        ("path = \"src/lib.rs\"", "path = \"src/main.rs\"", "lib.path"),
        ("path = \"src/lib.rs\"", "path = \"src/lib.rs\"\nproc-macro = true", "lib.proc-macro"),
        ("path = \"src/lib.rs\"", "path = \"src/lib.rs\"\nproc_macro = true", "lib.proc_macro"),
        ("path = \"src/lib.rs\"", "path = \"src/lib.rs\"\nplugin = true", "lib.plugin"),
        ("path = \"src/lib.rs\"", "path = \"src/lib.rs\"\nedition = \"2015\"", "lib.edition"),
        ("path = \"src/lib.rs\"", "path = \"src/lib.rs\"\ncrate-type = [\"cdylib\"]", "lib.crate-type"),
        ("crate_type = [\"rlib\"]", "crate_type = [\"cdylib\"]", "lib.crate_type"),
        ("name = \"mem_ber\"", "name = \"serde\"", "lib.name"),
        ("[[bin]]", "[[bin]]\nname = \"evil\"\npath = \"src/evil.rs\"\n[[bin]]", "bin.evil"),
        ("path = \"src/bin/other.rs\"", "path = \"src/bin/tool.rs\"", "bin.other.path"),
        ("required-features = [\"std\"]", "", "bin.tool.required-features"),
        ("[[bin]]\nname = \"other\"\npath = \"src/bin/other.rs\"", "", "bin.other"),
        ("[[bin]]\nname = \"other\"", "[[bin]]\nname = \"tool\"", "bin"),
        ("[[bin]]\nname = \"other\"", "[[bin]]", "bin"),
        ("[[test]]\nname = \"a\"", "[[test]]\nname = \"a\"\nharness = false", "test.a.harness"),
        ("[[test]]", "[[test]]\nname = \"gone\"\npath = \"tests/gone.tmp\"\n[[test]]", "test.gone"),
        ("[[test]]", "[[bench]]\nname = \"evil\"\npath = \"src/evil.rs\"\n[[test]]", "bench"),
        ("path = \"examples/e.rs\"", "path = \"tests/a.rs\"", "example.e.path"),
    ] {
        check(from, to, expected);
    }
}

#[test]
fn other_tables() {
    for (from, to, expected) in [
        ("x = [\"dep:helper\"]", "x = []", "features.x"),
        ("default = [\"std\"]", "default = [\"std\", \"x\"]", "features.default"),
        ("default = [\"std\"]", "default = [\"std\"]\ny = []", "features.y"),
        ("\"helper?/std\"", "\"helper/std\"", "features.std"),
        ("[lib]", "[patch.crates-io]\nlog = { git = \"https://evil.example\" }\n[lib]", "patch"),
        ("[lib]", "[replace]\n\"log:0.4.0\" = { git = \"https://evil.example\" }\n[lib]", "replace"),
        ("[lib]", "[workspace]\n[lib]", "workspace"),
        ("[lib]", "[badges.x]\na = \"b\"\n[lib]", "badges"),
        ("[lib]", "[unknown]\n[lib]", "unknown"),
        ("[lib]", "[hints]\nmostly-unused = true\n[lib]", "hints"),
        ("\n[package]", "cargo-features = [\"metabuild\"]\n[package]", "cargo-features"),
        ("debug = 2", "debug = 1", "profile.release.debug"),
        ("debug = 2", "debug = 2\npanic = \"abort\"", "profile.release.panic"),
        ("debug = 2", "debug = 2\nrustflags = [\"-Clinker=evil\"]", "profile.release.rustflags"),
        ("[profile.release]", "[profile.dev]\nopt-level = 3\n[profile.release]", "profile.dev"),
        ("unsafe_code = \"forbid\"", "unsafe_code = \"allow\"", "lints.rust.unsafe_code"),
        ("priority = 0", "priority = 1", "lints.rust.unused.priority"),
    ] {
        check(from, to, expected);
    }
}

/// In the form of the older versions the same changes are found: targets that were not listed are not, and what was
/// switched off in the source stays off.
#[test]
fn the_older_form() {
    const ORIGINAL: &str = "[package]\nname = \"p\"\nversion = \"1.0.0\"\nbuild = false\nautobins = false\n\
                            [lib]\nproc_macro = true\n[dependencies]\na = \"1\"\n[dev-dependencies]\nb = \"2\"\n";
    const PACKED: &str = "[package]\nname = \"p\"\nversion = \"1.0.0\"\nbuild = false\nautobins = false\n\
                          [lib]\nproc_macro = true\n[dependencies.a]\nversion = \"1\"\n[dev-dependencies.b]\nversion = \"2\"\n";
    const FILES: &str = "Cargo.toml.orig build.rs src/lib.rs src/bin/tool.rs src/main.rs";
    assert_eq!(compare(PACKED, ORIGINAL, None, FILES), []);
    for (from, to, expected) in [
        ("build = false\n", "", "package.build"),
        ("build = false", "build = true", "package.build"),
        ("autobins = false\n", "", "package.autobins"),
        ("proc_macro = true", "proc_macro = false", "lib.proc_macro"),
        ("proc_macro = true", "", "lib.proc_macro"),
        ("[lib]\nproc_macro = true\n", "", "lib"),
        ("[lib]", "[[bin]]\nname = \"tool\"\npath = \"src/bin/tool.rs\"\n[lib]", "bin"),
        ("[lib]", "[lib]\npath = \"src/main.rs\"", "lib.path"),
        ("version = \"2\"", "version = \"3\"", "dev-dependencies.b.version"),
        ("[dev-dependencies.b]\nversion = \"2\"\n", "", "dev-dependencies"),
        ("[dependencies.a]", "[dependencies.a]\npackage = \"c\"", "dependencies.a.package"),
        ("version = \"1.0.0\"", "version = \"1.0.0\"\nresolver = \"2\"", "package.resolver"),
        ("version = \"1.0.0\"", "version = \"1.0.0\"\nedition = \"2018\"", "package.edition"),
        ("version = \"1.0.0\"", "version = \"1.0.0\"\nautotests = false", "package.autotests"),
    ] {
        assert!(PACKED.contains(from), "{from:?}");
        let found = compare(&PACKED.replacen(from, to, 1), ORIGINAL, None, FILES);
        assert_eq!(keys(&found), expected, "{from:?} made {to:?}: {found:?}");
    }
}

/// A manifest that says what no single version of cargo says is not explained by a part of each.
#[test]
fn the_forms_of_two_versions_are_not_mixed() {
    let packed =
        PACKED.replace("build = false\n", "").replace("[[bin]]\nname = \"other\"\npath = \"src/bin/other.rs\"\n", "");
    let found = compare(&packed, MEMBER, Some(WORKSPACE), FILES);
    assert_eq!(keys(&found), "bin.other package.build");
}

#[test]
fn what_is_inherited_from_nowhere_is_named_with_its_reason() {
    let found = compare(PACKED, MEMBER, None, FILES);
    let inherited: Vec<_> = found.iter().filter(|one| one.reason == Reason::NotInherited).map(|one| &one.key).collect();
    assert_eq!(inherited.len(), 13, "{found:?}");
    // Leaving out what was to be inherited explains nothing.
    let original = "[package]\nname = \"p\"\nversion = \"1.0.0\"\nedition.workspace = true\n";
    let packed = "[package]\nname = \"p\"\nversion = \"1.0.0\"\n";
    assert_eq!(keys(&compare(packed, original, None, "Cargo.toml.orig")), "package.edition");
    let copied = format!("{original}autolib = false\n");
    assert_eq!(keys(&compare(&copied, original, None, "Cargo.toml.orig")), "package.autolib package.edition");
}
