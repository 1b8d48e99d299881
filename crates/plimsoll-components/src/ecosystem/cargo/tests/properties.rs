//! Bytes of strangers never make it panic.

use proptest::prelude::*;

use crate::{Cause, test_support};

/// Text that is near enough to a manifest or lockfile to get past the first lines.
fn near() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[package]\n",
        "name = \"a\"\n",
        "version = \"1.0.0\"\n",
        "[workspace]\n",
        "members = [\"*\", \"../x\", \"[\", \"**\"]\n",
        "[dependencies]\n",
        "b = { path = \"../b\", optional = true }\n",
        "b.workspace = true\n",
        "[[package]]\n",
        "dependencies = [\"a\", \"a 1.0.0\", \"a 1.0.0 (x)\", \" \", \"\"]\n",
        "source = \"git+x\"\n",
        "source = \"registry+\"\n",
        "checksum = \"00\"\n",
        "version = 4\n",
        "version = 99\n",
        "[metadata]\n",
        "\"checksum a 1.0.0 (x)\" = \"y\"\n",
        "[[bin]]\n",
        "[lib]\n",
        "[target.x]\n",
        "[patch.y]\n",
        "replace = \"a 1.0.0\"\n",
        "exclude = [1]\n",
        "name = 3\n",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_taken(manifest in near(), other in near(), lock in near()) {
        let files = [("Cargo.toml", manifest.as_str()), ("x/Cargo.toml", other.as_str()), ("Cargo.lock", lock.as_str())];
        let inventory = test_support::of(&files, &test_support::lockfile_only());
        for component in &inventory.components {
            prop_assert!(!component.name.is_empty() && !component.purl.is_empty());
        }
    }

    #[test]
    fn any_bytes_are_taken(manifest: Vec<u8>, lock: Vec<u8>) {
        let files = [test_support::file("Cargo.toml", manifest), test_support::file("Cargo.lock", lock)];
        let inventory = crate::inventory(&files, &crate::Survey::default(), &test_support::lockfile_only());
        prop_assert!(inventory.components.is_empty());
    }

    #[test]
    fn any_path_stays_in_the_tree(folder in "[a-z./]{0,12}", relative in ".{0,20}") {
        if let Some(joined) = plimsoll_model::tree_path::join(&folder, &relative) {
            prop_assert!(joined.is_empty() || plimsoll_model::tree_path::is_clean(&joined) || joined.len() > 255 || folder.contains('.'));
        }
    }

    #[test]
    fn any_condition_is_taken(text in "(cfg\\()?[a-z_=\"(), ]{0,30}\\)?") {
        let _ = crate::ecosystem::cargo::target_triples::Conditions::new().of(Some(&text));
    }
}

#[test]
fn bombs_are_gaps() {
    let deep = format!("a = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    let tables = format!("[{}a]\nb = 1", "a.".repeat(100_000));
    let inline = format!("a = {}", "{ a = ".repeat(50_000));
    let large = format!("# {}", "x".repeat(33 << 20));
    for bomb in [&deep, &tables, &inline, &large] {
        for path in ["Cargo.toml", "Cargo.lock"] {
            let inventory = test_support::of(&[(path, bomb)], &test_support::lockfile_only());
            assert_eq!(inventory.gaps.len(), 1, "{path} {}", &bomb[..20]);
            assert!(matches!(inventory.gaps[0].cause, Cause::Manifest | Cause::Lockfile | Cause::Limit));
            assert!(inventory.gaps[0].reason.len() < 400);
        }
    }
}
