mod attacks;
mod lock;
mod properties;
mod real;
mod rules;
mod workspaces;

use std::collections::BTreeSet;

use super::{PackedManifest, Unexplained, unexplained};

/// A package that uses every part of a manifest that is stable, and its workspace. What cargo 1.95 makes of it is [`PACKED`].
const MEMBER: &str = r#"
[package]
name = "mem-ber"
version.workspace = true
edition.workspace = true
license-file.workspace = true
readme.workspace = true
repository = { workspace = true }
rust-version.workspace = true
keywords.workspace = true
publish.workspace = true
exclude.workspace = true
description = "d"
[package.metadata.x]
workspace = true
[lib]
crate_type = ["rlib"]
[[bin]]
name = "tool"
required-features = ["std"]
[[test]]
name = "gone"
path = "tests/gone.tmp"
[features]
default = ["std"]
std = ["serde/std", "helper?/std"]
x = ["dep:helper"]
[dependencies]
serde = { workspace = true, default-features = true, features = ["std"], optional = true }
log.workspace = true
helper = { workspace = true, optional = true }
[dev-dependencies]
only-dev = { path = "../helper", package = "helper" }
[target."cfg(unix)".dependencies]
libc = "0.2"
[target.'cfg(windows)'.dev-dependencies]
z = { path = "../helper", package = "helper" }
[lints]
workspace = true
[profile.release]
debug = "full"
opt-level = "s"
"#;

const WORKSPACE: &str = r#"
[workspace]
members = ["member", "helper"]
[workspace.package]
version = "1.2.3"
edition = "2021"
license-file = "LICENSE"
readme = "docs/README.md"
repository = "https://example.org/r"
rust-version = "1.70"
keywords = ["a"]
publish = false
exclude = ["*.tmp"]
[workspace.dependencies]
serde = { version = "1.0.100", default-features = false, features = ["alloc"] }
log = "0.4"
helper = { path = "helper", version = "1.2" }
[workspace.lints.rust]
unsafe_code = "forbid"
unused = { level = "warn" }
[profile.release]
debug = true
[patch.crates-io]
log = { path = "helper" }
"#;

const FILES: &str = "Cargo.toml Cargo.toml.orig LICENSE README.md examples/e.rs src/bin/other.rs src/bin/tool.rs src/lib.rs \
                     src/main.rs tests/a.rs tests/deep/main.rs";

const PACKED: &str = r#"
[package]
edition = "2021"
rust-version = "1.70"
name = "mem-ber"
version = "1.2.3"
build = false
exclude = ["*.tmp"]
publish = false
autolib = false
autobins = false
autoexamples = false
autotests = false
autobenches = false
description = "d"
readme = "README.md"
keywords = ["a"]
license-file = "LICENSE"
repository = "https://example.org/r"
resolver = "1"

[package.metadata.x]
workspace = true

[features]
default = ["std"]
std = [
    "serde/std",
    "helper?/std",
]
x = ["dep:helper"]

[lib]
name = "mem_ber"
crate_type = ["rlib"]
path = "src/lib.rs"

[[bin]]
name = "mem-ber"
path = "src/main.rs"

[[bin]]
name = "other"
path = "src/bin/other.rs"

[[bin]]
name = "tool"
path = "src/bin/tool.rs"
required-features = ["std"]

[[example]]
name = "e"
path = "examples/e.rs"

[[test]]
name = "a"
path = "tests/a.rs"

[[test]]
name = "deep"
path = "tests/deep/main.rs"

[dependencies.helper]
version = "1.2"
optional = true

[dependencies.log]
version = "0.4"

[dependencies.serde]
version = "1.0.100"
features = [
    "alloc",
    "std",
]
optional = true
default-features = true

[dev-dependencies]

[target."cfg(unix)".dependencies.libc]
version = "0.2"

[target."cfg(windows)".dev-dependencies]

[lints.rust]
unsafe_code = "forbid"

[lints.rust.unused]
level = "warn"
priority = 0

[profile.release]
opt-level = "s"
debug = 2
"#;

/// Compares manifests; the files are given with spaces between them.
fn compare(packed: &str, original: &str, workspace: Option<&str>, files: &str) -> Vec<Unexplained> {
    let files: BTreeSet<String> = files.split_whitespace().map(str::to_owned).collect();
    unexplained(&PackedManifest { packed, original, workspace, files: &files }).unwrap()
}

/// The keys that are not explained, with spaces between them.
fn keys(result: &[Unexplained]) -> String {
    result.iter().map(|one| one.key.as_str()).collect::<Vec<_>>().join(" ")
}
