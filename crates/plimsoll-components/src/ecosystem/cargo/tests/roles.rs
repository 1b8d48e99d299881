//! What a path is to cargo.

use crate::{Role, role};

#[test]
fn a_path_has_one_role() {
    for (path, expected) in [
        ("Cargo.toml", Some(Role::Manifest)),
        ("a/Cargo.lock", Some(Role::Lockfile)),
        ("a/elm.json", None),
        ("src/lib.rs", Some(Role::Named)),
        ("a/src/main.rs", Some(Role::Named)),
        ("a/src/bin/x.rs", Some(Role::Named)),
        ("a/src/bin/x/main.rs", Some(Role::Named)),
        ("a/src/x.rs", None),
        ("cargo.toml", None),
        ("a/.cargo/config.toml", Some(Role::Configuration)),
        ("a/config.toml", None),
        ("", None),
    ] {
        assert_eq!(role(path), expected, "{path}");
    }
}
