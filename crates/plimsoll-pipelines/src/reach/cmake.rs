//! What `ctest` runs: the tests that `CMake` is given.
//!
//! Source: `CMake`, `enable_testing`, `add_test`.

use std::collections::BTreeSet;

use plimsoll_sources::languages;

use super::tree;
use crate::tree::Tree;

/// Folders whose `CMakeLists.txt` is looked for.
const MOST_FOLDERS: usize = 500;

/// Folders of the sources of a build, and those above.
fn folders(tree: &dyn Tree) -> BTreeSet<String> {
    let mut folders = BTreeSet::from([String::new(), "test".to_owned(), "tests".to_owned()]);
    for path in tree.sources().iter() {
        let language = languages::name_of(path.rsplit('/').next().unwrap_or_default());
        if !language.is_some_and(|language| matches!(language, "C" | "C++" | "CUDA" | "Fortran" | "Objective-C")) {
            continue;
        }
        let mut folder = path.as_str();
        while let Some((above, _)) = folder.rsplit_once('/').filter(|_| folders.len() < MOST_FOLDERS) {
            folder = above;
            folders.insert(folder.to_owned());
        }
    }
    folders
}

/// Why no test is known that `meson test` runs; without one it does not fail.
pub(super) fn meson(tree: &dyn Tree) -> Option<String> {
    let tests = folders(tree).iter().any(|folder| {
        let text = tree::join(folder, "meson.build").and_then(|path| tree.text(&path)).and_then(Result::ok);
        text.is_some_and(|text| {
            let mut lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
            lines.any(|line| {
                let called = line.split('(').next().unwrap_or_default().trim();
                line.contains('(') && (called.rsplit('.').next() == Some("test") || called == "gtest")
            })
        })
    });
    (!tests).then(|| "no meson.build was found that names a test for \"meson test\"".to_owned())
}

pub(super) fn reason(tree: &dyn Tree) -> Option<String> {
    let (mut enabled, mut added) = (false, false);
    for folder in folders(tree) {
        let Some(Ok(text)) = tree::join(&folder, "CMakeLists.txt").and_then(|path| tree.text(&path)) else { continue };
        for line in text.lines().filter_map(|line| line.split('#').next()).map(str::to_ascii_lowercase) {
            let squashed: String = line.chars().filter(|c| !c.is_whitespace()).collect();
            enabled |= squashed.contains("enable_testing(") || squashed.contains("include(ctest)");
            let called = squashed.split('(').next().unwrap_or_default();
            added |= squashed.contains('(')
                && called.contains("test")
                && ["add", "discover", "register", "create", "new"].iter().any(|verb| called.contains(verb));
        }
    }
    match (enabled, added) {
        (true, true) => None,
        (false, _) => Some("no CMakeLists.txt was found that enables testing for \"ctest\"".to_owned()),
        (true, false) => Some("no CMakeLists.txt was found that adds a test for \"ctest\"".to_owned()),
    }
}
