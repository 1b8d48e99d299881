//! One pair for each rule: what the source says, and what cargo makes of it.

use std::collections::BTreeSet;

use super::{compare, keys};
use crate::cargo::{
    MAX_MANIFEST_BYTES, MAX_UNEXPLAINED, ManifestError, PackedManifest, Reason, SourceText, unexplained,
};

const HEAD: &str = "[package]\nname = \"p\"\nversion = \"1.0.0\"\n";
/// The same as versions from 1.83 on write it for a package without a build script and a README.
const WRITTEN: &str = "[package]\nname = \"p\"\nversion = \"1.0.0\"\nbuild = false\nreadme = false\nautolib = false\nautobins = false\n\
                       autoexamples = false\nautotests = false\nautobenches = false\n";

/// Compares what is added to a package up to 1.79 with what it becomes; `expected` are the keys that are unexplained.
fn older(original: &str, packed: &str, files: &str, expected: &str) {
    let files = format!("Cargo.toml.orig {files}");
    let found = compare(&format!("{HEAD}{packed}"), &format!("{HEAD}{original}"), None, &files);
    assert_eq!(keys(&found), expected, "{original:?} as {packed:?}: {found:?}");
}

/// The same from 1.80 on.
fn newer(original: &str, packed: &str, files: &str, expected: &str) {
    let files = format!("Cargo.toml.orig {files}");
    let found = compare(&format!("{WRITTEN}{packed}"), &format!("{HEAD}{original}"), None, &files);
    assert_eq!(keys(&found), expected, "{original:?} as {packed:?}: {found:?}");
}

#[test]
fn a_dependency_becomes_a_table_and_comes_from_a_registry() {
    for check in [older, newer] {
        check("[dependencies]\na = \"1\"\n", "[dependencies.a]\nversion = \"1\"\n", "", "");
        check("[dependencies]\na = \"1\"\n", "[dependencies]\na = \"1\"\n", "", "dependencies.a");
        check("[dependencies]\na = \"1\"\n", "[dependencies.a]\nversion = \"^1\"\n", "", "dependencies.a.version");
        check("[dependencies]\na = \"1\"\n", "[dependencies.a]\nversion = 1\n", "", "dependencies.a.version");
        let places = "[dependencies]\na = { version = \"1\", path = \"a\", git = \"g\", branch = \"b\", tag = \"t\", rev = \"r\", x = 1 }\n";
        check(places, "[dependencies.a]\nversion = \"1\"\n", "", "");
        let renamed = "[dependencies]\na = { version = \"1\", package = \"b\", optional = false, default_features = false, features = [] }\n";
        let packed = "[dependencies.a]\nversion = \"1\"\npackage = \"b\"\noptional = false\ndefault_features = false\nfeatures = []\n";
        check(renamed, packed, "", "");
        check(renamed, &packed.replace("package = \"b\"\n", ""), "", "dependencies.a.package");
        check(renamed, &packed.replace("optional = false\n", ""), "", "dependencies.a.optional");
        check("[dependencies]\n", "[dependencies]\n", "", "");
        check("[dependencies]\n", "", "", "dependencies");
    }
}

#[test]
fn the_index_of_a_named_registry_is_not_in_the_source() {
    let original = "[dependencies]\na = { version = \"1\", registry = \"mine\" }\n";
    let packed = "[dependencies.a]\nversion = \"1\"\nregistry-index = \"https://example.org\"\n";
    newer(original, packed, "", "dependencies.a.registry-index");
    newer(original, "[dependencies.a]\nversion = \"1\"\n", "", "dependencies.a.registry-index");
    let found = compare(&format!("{WRITTEN}{packed}"), &format!("{HEAD}{original}"), None, "Cargo.toml.orig");
    assert_eq!(found.first().map(|one| one.reason), Some(Reason::RegistryName));
    let stated = "[dependencies]\na = { version = \"1\", registry-index = \"https://example.org\" }\n";
    newer(stated, packed, "", "");
}

#[test]
fn what_only_unstable_cargo_knows_is_not_explained() {
    for key in ["artifact = \"bin\"", "lib = true", "target = \"wasm32\"", "base = \"b\""] {
        let original = format!("[dependencies]\na = {{ version = \"1\", {key} }}\n");
        let packed = format!("[dependencies.a]\nversion = \"1\"\n{key}\n");
        let name = key.split(' ').next().unwrap();
        newer(&original, &packed, "", &format!("dependencies.a.{name}"));
        newer(&original, "[dependencies.a]\nversion = \"1\"\n", "", &format!("dependencies.a.{name}"));
    }
    let public = "[dependencies]\na = { version = \"1\", public = true }\n";
    newer(public, "[dependencies.a]\nversion = \"1\"\n", "", "");
    newer(public, "[dependencies.a]\nversion = \"1\"\npublic = true\n", "", "dependencies.a.public");
}

#[test]
fn dependencies_of_tests_need_a_version() {
    for check in [older, newer] {
        let original = "[dev-dependencies]\na = { path = \"a\" }\nb = { path = \"b\", version = \"2\" }\n";
        check(original, "[dev-dependencies.b]\nversion = \"2\"\n", "", "");
        check(original, "[dev-dependencies.a]\n[dev-dependencies.b]\nversion = \"2\"\n", "", "dev-dependencies.a");
        check(original, "", "", "dev-dependencies");
        check("[dev_dependencies]\na = \"1\"\n", "[dev-dependencies.a]\nversion = \"1\"\n", "", "");
        check(
            "[dev_dependencies]\na = \"1\"\n",
            "[dev_dependencies.a]\nversion = \"1\"\n",
            "",
            "dev-dependencies dev_dependencies",
        );
        check("[build_dependencies]\na = \"1\"\n", "[build-dependencies.a]\nversion = \"1\"\n", "", "");
        let both = "[dev-dependencies]\na = \"1\"\n[dev_dependencies]\na = \"2\"\n";
        check(both, "[dev-dependencies.a]\nversion = \"1\"\n", "", "");
        check(both, "[dev-dependencies.a]\nversion = \"2\"\n", "", "dev-dependencies.a.version");
    }
}

#[test]
fn features_lose_what_they_ask_of_a_dependency_that_is_gone() {
    let original = "[features]\nf = [\"dep:a\", \"a/x\", \"a?/y\", \"g\", \"b/x\"]\ng = []\n[dependencies]\nb = \"1\"\n\
                    [dev-dependencies]\na = { path = \"a\" }\n";
    let stripped = "[features]\nf = [\"g\", \"b/x\"]\ng = []\n[dependencies.b]\nversion = \"1\"\n[dev-dependencies]\n";
    let full = "[features]\nf = [\"dep:a\", \"a/x\", \"a?/y\", \"g\", \"b/x\"]\ng = []\n[dependencies.b]\nversion = \"1\"\n[dev-dependencies]\n";
    newer(original, stripped, "", "");
    newer(original, full, "", "features.f");
    older(original, stripped, "", "");
    older(original, full, "", "");
    newer(original, &stripped.replace("\"g\", ", ""), "", "features.f");
    newer(original, &stripped.replace("g = []\n", ""), "", "features.g");
}

#[test]
fn platforms_keep_their_dependencies() {
    for check in [older, newer] {
        let original = "[target.'cfg(windows)'.dependencies]\na = { version = \"1\", path = \"a\" }\n[target.x.dev_dependencies]\nb = \"2\"\n";
        let packed = "[target.\"cfg(windows)\".dependencies.a]\nversion = \"1\"\n[target.x.dev-dependencies.b]\nversion = \"2\"\n";
        check(original, packed, "", "");
        check(original, &packed.replace("windows", "unix"), "", "target.\"cfg(unix)\" target.\"cfg(windows)\"");
        check("", "[target.x.dev-dependencies]\n", "", "target");
        check("", "[target.x.features]\n", "", "target");
    }
}

#[test]
fn what_belongs_to_the_workspace_is_taken_out() {
    let original = "workspace = \"..\"\n[patch.crates-io]\na = { path = \"a\" }\n[replace]\n[workspace]\n[unknown]\n";
    newer(original, "", "", "");
    older(original, "", "", "");
    newer(original, "[unknown]\n", "", "unknown");
}

#[test]
fn every_target_is_written_out() {
    let files = "src/lib.rs src/main.rs src/bin/a.rs src/bin/b/main.rs src/bin/b/c.rs src/bin/.d.rs tests/t.rs tests/u.txt benches/x/main.rs";
    let packed = "edition = \"2018\"\n[lib]\nname = \"p\"\npath = \"src/lib.rs\"\n[[bin]]\nname = \"b\"\npath = \"src/bin/b/main.rs\"\n\
                  [[bin]]\nname = \"a\"\npath = \"src/bin/a.rs\"\n[[bin]]\nname = \"p\"\npath = \"src/main.rs\"\n\
                  [[test]]\nname = \"t\"\npath = \"tests/t.rs\"\n[[bench]]\nname = \"x\"\npath = \"benches/x/main.rs\"\n";
    newer("edition = \"2018\"\n", packed, files, "");
    newer("edition = \"2018\"\n", &packed.replace("[[bench]]", "[[example]]"), files, "bench example");
    let listed = "edition = \"2018\"\n[[bin]]\nname = \"a\"\ndoc = false\n";
    newer(listed, &packed.replace("name = \"a\"", "name = \"a\"\ndoc = false"), files, "");
    newer(listed, packed, files, "bin.a.doc");
    // By another name the file is not found a second time.
    let renamed = "edition = \"2018\"\n[[bin]]\nname = \"z\"\npath = \"./src/bin/a.rs\"\n";
    newer(renamed, &packed.replace("name = \"a\"", "name = \"z\""), files, "");
    newer("edition = \"2018\"\nautobins = false\nautotests = false\n", packed, files, "bin test");
}

#[test]
fn in_the_first_edition_a_list_is_all_there_is() {
    let files = "src/a.rs src/bin/b.rs";
    newer("[[bin]]\nname = \"a\"\n", "[[bin]]\nname = \"a\"\npath = \"src/a.rs\"\n", files, "");
    let both = "[[bin]]\nname = \"a\"\npath = \"src/a.rs\"\n[[bin]]\nname = \"b\"\npath = \"src/bin/b.rs\"\n";
    newer("[[bin]]\nname = \"a\"\n", both, files, "bin.b");
    newer("autobins = true\n[[bin]]\nname = \"a\"\n", both, files, "");
    newer(
        "[[bench]]\nname = \"bench\"\n",
        "[[bench]]\nname = \"bench\"\npath = \"src/bench.rs\"\n",
        "src/bench.rs",
        "",
    );
    newer("[lib]\nname = \"l\"\n", "[lib]\nname = \"l\"\npath = \"src/l.rs\"\n", "src/l.rs", "");
    let none = format!("bin = []\n{HEAD}");
    let one = format!("{WRITTEN}[[bin]]\nname = \"b\"\npath = \"src/bin/b.rs\"\n");
    assert_eq!(keys(&compare(&one, &none, None, "Cargo.toml.orig src/bin/b.rs")), "bin");
    assert_eq!(compare(WRITTEN, &none, None, "Cargo.toml.orig src/bin/b.rs"), []);
    assert_eq!(keys(&compare(WRITTEN, HEAD, None, "Cargo.toml.orig src/bin/b.rs")), "bin");
    assert_eq!(keys(&compare(&none, HEAD, None, "Cargo.toml.orig src/bin/b.rs")), "bin");
}

#[test]
fn a_name_with_two_files_is_not_explained() {
    let packed = "[[test]]\nname = \"t\"\npath = \"tests/t.rs\"\n";
    newer("", packed, "tests/t.rs tests/t/main.rs", "test");
}

#[test]
fn lists_of_targets_are_lists() {
    let files = "src/bin/a.rs";
    newer("", "[[bin]]\nname = \"a\"\npath = \"src/bin/a.rs\"\n", files, "");
    newer("", "[bin.a]\nname = \"a\"\npath = \"src/bin/a.rs\"\n", files, "bin");
    newer("", "[[bin]]\nname = 1\n", files, "bin");
    older("", "bin = []\n", files, "package.bin");
    older("[[test]]\nname = \"t\"\nplugin = true\n", "[[test]]\nname = \"t\"\n", "", "");
    older("[[test]]\nname = \"t\"\nplugin = true\n", "[[test]]\nname = \"t\"\nplugin = true\n", "", "");
    older("[[test]]\nname = \"t\"\nunknown = 1\n", "[[test]]\nname = \"t\"\n", "", "");
}

#[test]
fn the_build_script_is_written_out() {
    let with = |script: &str| WRITTEN.replace("build = false", &format!("build = {script}"));
    for (original, packed, files, expected) in [
        ("", with("\"build.rs\""), "build.rs", ""),
        ("", with("false"), "build.rs", "package.build"),
        ("build = true\n", with("\"build.rs\""), "build.rs", ""),
        ("build = false\n", with("false"), "build.rs", ""),
        ("build = false\n", with("\"build.rs\""), "build.rs", "package.build"),
        ("build = \"./b/../make.rs\"\n", with("\"make.rs\""), "make.rs", ""),
        ("build = \"make.rs\"\n", with("false"), "", ""),
        ("build = \"make.rs\"\n", with("\"build.rs\""), "make.rs build.rs", "package.build"),
    ] {
        let found = compare(&packed, &format!("{HEAD}{original}"), None, &format!("Cargo.toml.orig {files}"));
        assert_eq!(keys(&found), expected, "{original:?}");
    }
}

#[test]
fn the_readme_is_found_or_moved() {
    let with = |readme: &str| WRITTEN.replace("readme = false", &format!("readme = {readme}"));
    for (original, packed, files, expected) in [
        ("", "\"README.md\"", "README README.txt README.md", ""),
        ("", "\"README\"", "README README.txt README.md", "package.readme"),
        ("", "false", "README.md", "package.readme"),
        ("readme = true\n", "\"README.md\"", "README.md", ""),
        ("readme = false\n", "false", "README.md", ""),
        ("readme = \"../a/R.md\"\n", "\"R.md\"", "R.md", ""),
        ("readme = \"../a/R.md\"\n", "\"../a/R.md\"", "R.md", "package.readme"),
        ("readme = \"./a/R.md\"\n", "\"a/R.md\"", "a/R.md", ""),
        ("readme = \"./a/R.md\"\n", "\"./a/R.md\"", "a/R.md", ""),
        ("readme = \"./a/R.md\"\n", "\"R.md\"", "a/R.md R.md", "package.readme"),
    ] {
        let found = compare(&with(packed), &format!("{HEAD}{original}"), None, &format!("Cargo.toml.orig {files}"));
        assert_eq!(keys(&found), expected, "{original:?}");
    }
    older("", "readme = \"README.md\"\n", "README.md", "");
    older("", "readme = \"EVIL.md\"\n", "README.md EVIL.md", "package.readme");
    older("", "", "README.md", "");
    older("readme = false\n", "", "README.md", "");
    older("license-file = \"../LICENSE\"\n", "license-file = \"LICENSE\"\n", "", "");
    older("license-file = \"../LICENSE\"\n", "license-file = \"../LICENSE\"\n", "", "");
}

#[test]
fn profiles_are_written_in_one_way() {
    for check in [older, newer] {
        check("[profile.dev]\ndebug = true\n", "[profile.dev]\ndebug = 2\n", "", "");
        check("[profile.dev]\ndebug = true\n", "[profile.dev]\ndebug = true\n", "", "");
        check("[profile.dev]\ndebug = \"limited\"\n", "[profile.dev]\ndebug = 1\n", "", "");
        check("[profile.dev]\ndebug = 1\n", "[profile.dev]\ndebug = true\n", "", "profile.dev.debug");
        check("[profile.dev]\nopt-level = \"3\"\n", "[profile.dev]\nopt-level = 3\n", "", "");
        check("[profile.dev]\nopt-level = \"s\"\n", "[profile.dev]\nopt-level = \"z\"\n", "", "profile.dev.opt-level");
        check("[profile.dev]\nunknown = 1\n", "[profile.dev]\n", "", "");
        let packages = "[profile.dev.package.\"*\"]\ndebug = false\n[profile.dev.build-override]\ndebug = false\n";
        check(packages, &packages.replace("false", "0"), "", "");
        check(
            packages,
            &packages.replace("false", "2"),
            "",
            "profile.dev.build-override.debug profile.dev.package.\"*\".debug",
        );
    }
}

#[test]
fn lints_get_their_priority() {
    let original = "[lints.rust]\na = \"warn\"\nb = { level = \"deny\", check-cfg = [\"cfg(x)\"] }\n";
    let packed = "[lints.rust]\na = \"warn\"\n[lints.rust.b]\nlevel = \"deny\"\npriority = 0\n";
    let with_settings = format!("{packed}check-cfg = [\"cfg(x)\"]\n");
    newer(original, &with_settings, "", "");
    newer(original, packed, "", "lints.rust.b.check-cfg");
    older(original, packed, "", "");
    older(original, &with_settings, "", "");
    older(original, &with_settings.replace("(x)", "(y)"), "", "lints.rust.b.check-cfg");
}

#[test]
fn the_resolver_of_1_51_to_1_62() {
    older("edition = \"2021\"\n", "edition = \"2021\"\nresolver = \"2\"\n", "", "");
    older("edition = \"2018\"\nresolver = \"1\"\n", "edition = \"2018\"\n", "", "");
    older("edition = \"2021\"\nresolver = \"1\"\n", "edition = \"2021\"\n", "", "package.resolver");
    newer("edition = \"2018\"\nresolver = \"1\"\n", "edition = \"2018\"\n", "", "package.resolver");
    older("edition = \"2018\"\n", "edition = \"2018\"\nresolver = \"2\"\n", "", "package.resolver");
    newer("edition = \"2021\"\n", "edition = \"2021\"\nresolver = \"2\"\n", "", "package.resolver");
}

#[test]
fn versions_and_ends_of_lines_are_read_as_cargo_reads_them() {
    let original = "[package]\nname = \"p\"\nversion = \" 1.0.0 \"\ndescription = \"\"\"a\r\nb\"\"\"\n";
    let packed = "[package]\nname = \"p\"\nversion = \"1.0.0\"\ndescription = \"a\\nb\"\n";
    assert_eq!(compare(packed, original, None, "Cargo.toml.orig"), []);
}

#[test]
fn metadata_is_lost_in_2017_only() {
    older("[package.metadata.a]\nb = 1\n", "", "", "");
    older("edition = \"2018\"\n[package.metadata.a]\nb = 1\n", "edition = \"2018\"\n", "", "package.metadata");
    older("[package.metadata.a]\nb = 1\n", "", ".cargo_vcs_info.json", "package.metadata");
    newer("[package.metadata.a]\nb = 1\n", "", "", "package.metadata");
}

#[test]
fn before_1_15_the_manifest_was_packed_as_it_stood() {
    let manifest =
        "[package]\nname = \"p\"\nversion = \"1.0.0\"\n[dependencies]\na = { path = \"a\", version = \"1\" }\n";
    let commented = format!("# comment\n{manifest}");
    assert_eq!(compare(&commented, manifest, None, "src/lib.rs"), []);
    assert_ne!(compare(&commented, manifest, None, "src/lib.rs Cargo.toml.orig"), []);
    assert_ne!(compare(&commented, manifest, None, "src/lib.rs .cargo_vcs_info.json"), []);
    assert_ne!(compare(&manifest.replace("\"a\"", "\"b\""), manifest, None, "src/lib.rs"), []);
}

#[test]
fn a_source_without_a_package_explains_nothing() {
    assert_eq!(keys(&compare(HEAD, "[workspace]\n", None, "Cargo.toml.orig")), "package");
    assert_eq!(keys(&compare(HEAD, "package = 1\n", None, "Cargo.toml.orig")), "package");
    assert_eq!(keys(&compare("", HEAD, None, "Cargo.toml.orig")), "package");
}

#[test]
fn texts_that_cannot_be_read_are_refused() {
    let files = BTreeSet::new();
    let read = |packed: &str, original: &str, workspace| {
        unexplained(&PackedManifest { packed, original, workspace, files: &files })
    };
    let is_not_toml = |result, which| matches!(result, Err(ManifestError::NotToml { text, .. }) if text == which);
    assert!(is_not_toml(read("[", HEAD, None), SourceText::PackedManifest));
    assert!(is_not_toml(read(HEAD, "a = 1\na = 2", None), SourceText::OriginalManifest));
    assert!(is_not_toml(read(HEAD, HEAD, Some("a")), SourceText::WorkspaceManifest));
    let deep = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(is_not_toml(read(&deep, HEAD, None), SourceText::PackedManifest));
    let large = "#".repeat(MAX_MANIFEST_BYTES + 1);
    let error = read(&large, HEAD, None).unwrap_err();
    assert_eq!(error.to_string(), "the package's Cargo.toml has 1048577 bytes, and not more than 1048576 are read");
}

#[test]
fn the_result_is_bounded_and_readable() {
    let many = (0..1000).map(|number| format!("f{number} = []")).collect::<Vec<_>>().join("\n");
    let found = compare(&format!("{HEAD}[features]\n{many}"), HEAD, None, "Cargo.toml.orig");
    assert_eq!(keys(&found), "features");
    let found = compare(
        &format!("{HEAD}[features]\na = []\n{many}"),
        &format!("{HEAD}[features]\na = []"),
        None,
        "Cargo.toml.orig",
    );
    assert_eq!(found.len(), MAX_UNEXPLAINED);
    let hostile = format!("{HEAD}\"\\u001b[2J\\u202e{}\" = \"\\u001b{}\"", "k".repeat(5000), "v".repeat(5000));
    for one in compare(&hostile, HEAD, None, "Cargo.toml.orig") {
        assert!(one.key.len() < 300 && one.packed.as_ref().is_some_and(|packed| packed.len() < 300), "{one:?}");
        assert!(!one.key.contains(['\u{1b}', '\u{202e}']) && !one.packed.unwrap().contains('\u{1b}'));
    }
}
