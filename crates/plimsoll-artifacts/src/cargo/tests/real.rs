//! The cargo of this machine packs packages, and every manifest that it writes is explained.

use std::io::Read;
use std::path::Path;
use std::process::Command;

use super::{FILES, MEMBER, PACKED, WORKSPACE, compare};

/// Packs the package `name` of a tree of files and gives the packed manifest and the paths of the package.
///
/// Nothing of the tree is built or run, and nothing is fetched: without a lockfile cargo resolves no dependency.
fn pack(tree: &[(&str, &str)], name: &str) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in tree {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    let home = folder.path().join("home");
    let output = Command::new(env!("CARGO"))
        .args([
            "package",
            "--no-verify",
            "--offline",
            "--allow-dirty",
            "--exclude-lockfile",
            "--quiet",
            "--package",
            name,
        ])
        .current_dir(folder.path())
        .env("CARGO_HOME", &home)
        .env("CARGO_TARGET_DIR", folder.path().join("target"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let packages = std::fs::read_dir(folder.path().join("target/package")).unwrap();
    let is_package = |path: &Path| path.extension().is_some_and(|extension| extension == "crate");
    let package = packages.map(|entry| entry.unwrap().path()).find(|path| is_package(path)).unwrap();
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(std::fs::File::open(package).unwrap()));
    let (mut manifest, mut files) = (String::new(), Vec::new());
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let path = path.split_once('/').unwrap().1;
        if path == "Cargo.toml" {
            entry.read_to_string(&mut manifest).unwrap();
        }
        files.push(path.to_owned());
    }
    (manifest, files.join(" "))
}

fn check(tree: &[(&str, &str)], name: &str, original: &str, workspace: Option<&str>) {
    let content = |path: &str| tree.iter().find(|(at, _)| *at == path).unwrap().1;
    let (packed, files) = pack(tree, name);
    assert_eq!(compare(&packed, content(original), workspace.map(content), &files), [], "{packed}");
}

#[test]
fn a_member_of_a_workspace() {
    let tree = [
        ("Cargo.toml", WORKSPACE),
        ("LICENSE", ""),
        ("docs/README.md", ""),
        (
            "helper/Cargo.toml",
            "[package]\nname = \"helper\"\nversion = \"1.2.0\"\nedition = \"2021\"\n[features]\nstd = []\n",
        ),
        ("helper/src/lib.rs", ""),
        ("member/Cargo.toml", MEMBER),
        ("member/examples/e.rs", ""),
        ("member/src/bin/other.rs", ""),
        ("member/src/bin/tool.rs", ""),
        ("member/src/lib.rs", ""),
        ("member/src/main.rs", ""),
        ("member/tests/a.rs", ""),
        ("member/tests/deep/main.rs", ""),
        ("member/tests/gone.tmp", ""),
    ];
    check(&tree, "mem-ber", "member/Cargo.toml", Some("Cargo.toml"));
    let (packed, files) = pack(&tree, "mem-ber");
    assert_eq!(packed.parse::<toml::Table>().unwrap(), PACKED.parse::<toml::Table>().unwrap());
    assert_eq!(files, FILES);
}

/// The first edition, old spellings, a build script, and files in odd places.
#[test]
fn a_package_of_the_first_edition() {
    let manifest = r#"
[project]
name = "old-one"
version = " 0.1.0 "
description = "d"
license = "MIT"
readme = "./docs/../READ.txt"
license-file = "docs/./LICENSE"
autoexamples = true
[badges]
travis-ci = { repository = "a/b" }
[lib]
name = "inner"
[[bin]]
name = "elsewhere"
[[bench]]
name = "bench"
[[example]]
name = "listed"
path = "./other/../other/listed.rs"
[dev_dependencies]
log = { version = "0.4", default_features = false, git = "https://example.org/log" }
[build_dependencies]
cc = "1"
[workspace]
[profile.dev]
debug = false
opt-level = 1
unknown = 1
[profile.dev.package."*"]
debug = "limited"
[profile.dev.build-override]
debug = true
[lints.rust]
unexpected_cfgs = { level = "allow", check-cfg = ["cfg(x)"] }
"#;
    let tree = [
        ("Cargo.toml", manifest),
        ("READ.txt", ""),
        ("README.md", ""),
        ("docs/LICENSE", ""),
        ("build.rs", "fn main() {}"),
        ("src/inner.rs", ""),
        ("src/main.rs", ""),
        ("src/bin/not-found.rs", ""),
        ("src/bench.rs", ""),
        ("examples/found.rs", ""),
        ("other/listed.rs", ""),
        ("tests/found.rs", ""),
    ];
    check(&tree, "old-one", "Cargo.toml", None);
}

/// What the package leaves out is left out of its manifest.
#[test]
fn a_package_without_some_of_its_files() {
    let manifest = r#"
[package]
name = "part"
version = "0.1.0"
edition = "2024"
description = "d"
license = "MIT"
readme = false
exclude = ["build.rs", "tests", "src/bin/b.rs", ".hidden"]
autobenches = false
[[test]]
name = "t"
[[bin]]
name = "a"
[features]
x = ["dep:gone", "gone/y", "y"]
y = []
[dev-dependencies]
gone = { path = "gone" }
[target.'cfg(unix)'.dev-dependencies]
also-gone = { path = "gone", package = "gone" }
"#;
    let manifest = manifest.replace("\"dep:gone\", \"gone/y\", ", "");
    let tree = [
        ("Cargo.toml", manifest.as_str()),
        ("README.txt", ""),
        ("gone/Cargo.toml", "[package]\nname = \"gone\"\nversion = \"0.1.0\"\n"),
        ("gone/src/lib.rs", ""),
        ("build.rs", "fn main() {}"),
        ("src/lib.rs", ""),
        ("src/bin/a.rs", ""),
        ("src/bin/b.rs", ""),
        ("src/bin/.c.rs", ""),
        ("tests/t.rs", ""),
        ("benches/b.rs", ""),
    ];
    check(&tree, "part", "Cargo.toml", None);
}

/// The root of a workspace inherits from its own manifest, and its paths are its own.
#[test]
fn the_root_of_a_workspace() {
    let manifest = r#"
[package]
name = "root"
version.workspace = true
edition.workspace = true
license-file.workspace = true
readme.workspace = true
description = "d"
[workspace]
resolver = "3"
[workspace.package]
version = "0.1.0"
edition = "2018"
license-file = "legal/LICENSE"
[workspace.dependencies]
log = { version = "0.4", registry-index = "https://example.org/index" }
[dependencies]
log = { workspace = true, default-features = false }
"#;
    let tree = [("Cargo.toml", manifest), ("README", ""), ("legal/LICENSE", ""), ("src/lib.rs", "")];
    check(&tree, "root", "Cargo.toml", None);
}
