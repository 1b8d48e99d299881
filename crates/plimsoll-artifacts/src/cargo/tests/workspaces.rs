//! What a member inherits, and what it may not make of it.

use super::{compare, keys};
use crate::cargo::Reason;

const HEAD: &str = "[package]\nname = \"p\"\nversion = \"1.0.0\"\nedition = \"2021\"\n";

fn check(workspace: &str, original: &str, packed: &str, files: &str, expected: &str) {
    let files = format!("Cargo.toml.orig {files}");
    let workspace = format!("[workspace]\nresolver = \"2\"\n{workspace}");
    let found = compare(&format!("{HEAD}{packed}"), &format!("{HEAD}{original}"), Some(&workspace), &files);
    assert_eq!(keys(&found), expected, "{workspace}{original}{packed}: {found:?}");
}

#[test]
fn fields_of_the_package() {
    let workspace = "[workspace.package]\nauthors = [\"a\"]\nlicense = \"MIT\"\n";
    check(workspace, "authors.workspace = true\n", "authors = [\"a\"]\n", "", "");
    check(workspace, "authors.workspace = true\n", "authors = [\"b\"]\n", "", "package.authors");
    check(workspace, "authors.workspace = true\n", "", "", "package.authors");
    // What is not asked for is not inherited.
    check(workspace, "authors.workspace = true\n", "authors = [\"a\"]\nlicense = \"MIT\"\n", "", "package.license");
    check(workspace, "homepage.workspace = true\n", "homepage = \"h\"\n", "", "package.homepage");
    check(workspace, "authors.workspace = false\n", "authors = [\"a\"]\n", "", "package.authors");
}

#[test]
fn files_of_the_workspace_are_copied_to_the_top() {
    let workspace = "[workspace.package]\nreadme = \"docs/R.md\"\nlicense-file = \"legal/L\"\n";
    let original = "readme.workspace = true\nlicense-file.workspace = true\n";
    check(workspace, original, "readme = \"R.md\"\nlicense-file = \"L\"\n", "R.md L", "");
    check(workspace, original, "readme = \"docs/R.md\"\nlicense-file = \"L\"\n", "R.md L", "package.readme");
    check(
        "[workspace.package]\nreadme = true\n",
        "readme.workspace = true\n",
        "readme = \"README.md\"\n",
        "README.md",
        "",
    );
    check("", "readme.workspace = true\n", "readme = \"README.md\"\n", "README.md", "");
    check(
        "[workspace.package]\nreadme = false\n",
        "readme.workspace = true\n",
        "readme = \"R\"\n",
        "R",
        "package.readme",
    );
}

#[test]
fn dependencies_add_their_features() {
    let workspace = "[workspace.dependencies]\na = { version = \"1\", path = \"a\", features = [\"x\"], package = \"b\" }\nc = \"2\"\n";
    let packed = "[dependencies.a]\nversion = \"1\"\nfeatures = [\"x\", \"y\"]\npackage = \"b\"\noptional = true\n";
    let original = "[dependencies]\na = { workspace = true, features = [\"y\"], optional = true }\n";
    check(workspace, original, packed, "", "");
    check(workspace, original, &packed.replace("\"x\", ", ""), "", "dependencies.a.features");
    check(
        workspace,
        original,
        &packed.replace("[\"x\", \"y\"]", "[\"x\", \"y\", \"z\"]"),
        "",
        "dependencies.a.features",
    );
    check(workspace, original, &packed.replace("optional = true\n", ""), "", "dependencies.a.optional");
    check(workspace, original, &packed.replace("package = \"b\"", "package = \"e\""), "", "dependencies.a.package");
    check(workspace, "[dependencies]\nc.workspace = true\n", "[dependencies.c]\nversion = \"2\"\n", "", "");
    check(
        workspace,
        "[dependencies]\nc.workspace = true\n",
        "[dependencies.c]\nversion = \"3\"\n",
        "",
        "dependencies.c.version",
    );
    check(
        workspace,
        "[dependencies]\nd.workspace = true\n",
        "[dependencies.d]\nversion = \"1\"\n",
        "",
        "dependencies.d",
    );
    check(workspace, "[dependencies]\nd.workspace = true\n", "[dependencies]\n", "", "dependencies.d");
    check(
        workspace,
        "[target.x.build-dependencies]\nc.workspace = true\n",
        "[target.x.build-dependencies.c]\nversion = \"2\"\n",
        "",
        "",
    );
    check(workspace, "[dev-dependencies]\nc.workspace = true\n", "[dev-dependencies.c]\nversion = \"2\"\n", "", "");
}

#[test]
fn default_features_can_be_switched_on_and_not_off() {
    for (shared, own, packed) in [
        ("default-features = false", "default-features = true", "default-features = true"),
        ("default-features = false", "features = []", "default-features = false\nfeatures = []"),
        ("default-features = true", "default-features = false", "default-features = true"),
        ("optional = true", "default-features = false", ""),
    ] {
        let workspace = format!("[workspace.dependencies]\na = {{ version = \"1\", {shared} }}\n");
        let original = format!("[dependencies]\na = {{ workspace = true, {own} }}\n");
        check(&workspace, &original, &format!("[dependencies.a]\nversion = \"1\"\n{packed}\n"), "", "");
    }
}

#[test]
fn lints_and_badges() {
    let workspace = "[workspace.lints.clippy]\nall = \"deny\"\n[workspace.package.badges.x]\na = \"b\"\n";
    check(workspace, "[lints]\nworkspace = true\n", "[lints.clippy]\nall = \"deny\"\n", "", "");
    check(workspace, "[lints]\nworkspace = true\n", "[lints.clippy]\nall = \"warn\"\n", "", "lints.clippy.all");
    check(workspace, "[lints]\nworkspace = true\n", "", "", "lints");
    check(workspace, "[badges]\nworkspace = true\n", "[badges.x]\na = \"b\"\n", "", "");
    check("", "[lints]\nworkspace = true\n", "[lints.clippy]\nall = \"deny\"\n", "", "lints");
    check("", "[badges]\nworkspace = true\n", "", "", "badges");
}

#[test]
fn the_resolver_is_the_workspaces() {
    let resolver = |workspace: &str, edition: &str, packed: &str| {
        let head = format!("[package]\nname = \"p\"\nversion = \"1.0.0\"\nedition = \"{edition}\"\n");
        keys(&compare(&format!("{head}{packed}"), &head, Some(workspace), "Cargo.toml.orig"))
    };
    assert_eq!(resolver("[workspace]\n", "2021", "resolver = \"1\""), "");
    assert_eq!(resolver("[workspace]\n", "2021", ""), "");
    assert_eq!(resolver("[workspace]\n", "2018", ""), "");
    assert_eq!(resolver("[workspace]\n", "2018", "resolver = \"2\""), "package.resolver");
    assert_eq!(resolver("[workspace]\nresolver = \"2\"\n", "2018", "resolver = \"2\""), "");
    assert_eq!(resolver("[workspace]\nresolver = \"2\"\n", "2018", ""), "package.resolver");
    assert_eq!(resolver("[workspace]\nresolver = \"3\"\n", "2021", "resolver = \"3\""), "");
    assert_eq!(resolver("[workspace]\n[package]\nedition = \"2024\"\n", "2021", "resolver = \"3\""), "");
    let inherited = "[workspace]\n[workspace.package]\nedition = \"2021\"\n[package]\nedition.workspace = true\n";
    assert_eq!(resolver(inherited, "2018", "resolver = \"2\""), "");
}

/// A package with a workspace of its own takes nothing from another one.
#[test]
fn the_own_workspace_comes_first() {
    let original = format!("{HEAD}license.workspace = true\n[workspace.package]\nlicense = \"MIT\"\n");
    let other = "[workspace.package]\nlicense = \"evil\"\n";
    assert_eq!(compare(&format!("{HEAD}license = \"MIT\"\n"), &original, Some(other), "Cargo.toml.orig"), []);
    let found = compare(&format!("{HEAD}license = \"evil\"\n"), &original, Some(other), "Cargo.toml.orig");
    assert_eq!(keys(&found), "package.license");
}

#[test]
fn the_reason_says_that_the_workspace_is_missing() {
    let original = format!("{HEAD}[dependencies]\na.workspace = true\n");
    let found = compare(&format!("{HEAD}[dependencies.a]\nversion = \"1\"\n"), &original, None, "Cargo.toml.orig");
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((one.key.as_str(), one.reason), ("dependencies.a", Reason::NotInherited));
    assert_eq!(one.packed.as_deref(), Some("{ version = \"1\" }"));
    assert_eq!(one.expected.as_deref(), Some("{ workspace = true }"));
}
