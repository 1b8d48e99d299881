//! The files of the tree, as far as scripts are followed into them.

use std::rc::Rc;

use plimsoll_sources::FileTests;
#[cfg(test)]
use plimsoll_sources::{languages, tests_of_file};

use super::{rust_packages::RustPackages, tools::Tools};

/// Reads the tree. Nothing in it is run.
pub(super) trait Tree {
    /// The text of a file; absent where there is none, an error where it cannot be read.
    fn text(&self, path: &str) -> Option<Result<String, String>>;
    /// Is there such a file or folder?
    fn has(&self, path: &str) -> bool;
    /// The folders of what ships that hold a file of this name; the root is empty.
    fn folders_of(&self, name: &str) -> Vec<String>;
    /// Paths of source and of its manifests that are no copies of others' source.
    fn sources(&self) -> Rc<Vec<String>>;
    /// The tests of one file of a language other than Rust.
    fn seen(&self, path: &str) -> FileTests;
    /// What the packages of Rust hold.
    fn rust(&self) -> Rc<RustPackages>;
    /// Why a file of the tree that is no CI file, and not `but`, may read a name of the environment; absent where none does.
    fn mention(&self, name: &str, but: Option<&str>) -> Option<String>;
    /// What `find` says, which is kept where the question was asked before.
    fn kept(&self, question: String, find: &dyn Fn() -> Option<String>) -> Option<String> {
        let _ = question;
        find()
    }
    /// The languages that a good part of what ships is written in; none where there is no source.
    fn languages(&self) -> Rc<Vec<&'static str>>;
    /// What is known of the tools that scripts of the tree call.
    fn tools(&self) -> &Tools {
        Tools::known()
    }
}

/// No file but the manifests at the top, whichever are asked for, and a test of Rust.
#[cfg(test)]
pub(super) struct Empty;

#[cfg(test)]
impl Tree for Empty {
    fn text(&self, path: &str) -> Option<Result<String, String>> {
        let rust = TESTED.iter().take(2);
        rust.into_iter().find(|(name, _)| *name == path).map(|(_, text)| Ok((*text).to_owned()))
    }

    fn has(&self, _: &str) -> bool {
        false
    }

    fn folders_of(&self, _: &str) -> Vec<String> {
        vec![String::new()]
    }

    fn sources(&self) -> Rc<Vec<String>> {
        Rc::new(TESTED.iter().take(2).map(|(path, _)| (*path).to_owned()).collect())
    }

    fn seen(&self, _: &str) -> FileTests {
        FileTests::default()
    }

    fn rust(&self) -> Rc<RustPackages> {
        Rc::new(RustPackages::read(self))
    }

    fn mention(&self, _: &str, _: Option<&str>) -> Option<String> {
        Some("nothing is known of the tree".to_owned())
    }

    fn languages(&self) -> Rc<Vec<&'static str>> {
        Rc::default()
    }
}

/// A test of each of the languages whose tools are asked for tests.
#[cfg(test)]
pub(super) const TESTED: &[(&str, &str)] = &[
    ("Cargo.toml", "[package]\nname = \"a\"\n[workspace]\nmembers = [\"sub\"]\n"),
    (
        "src/lib.rs",
        "#[cfg(test)]\nmod tests {\n    #[test]\n    fn holds() {\n        assert!(super::x());\n    }\n}\n",
    ),
    ("a_test.go", "package a\n\nfunc TestA(t *testing.T) {\n\tt.Log(f())\n}\n"),
    ("test_a.py", "def test_a():\n    assert x()\n"),
    ("a.test.ts", "test('a', () => { expect(x()).toBe(1); });\n"),
    ("web/a.test.ts", "test('a', () => { expect(x()).toBe(1); });\n"),
    ("ATest.java", "@Test\nvoid a() { assertTrue(x()); }\n"),
    ("ATest.cs", "[Fact]\npublic void A() { Assert.True(X()); }\n"),
    ("ATest.php", "public function testA() { $this->assertTrue(x()); }\n"),
    ("a_test.dart", "test('a', () { expect(x(), 1); });\n"),
    ("a_test.exs", "test \"a\" do\n  assert x()\nend\n"),
    ("ATests.swift", "func testA() { XCTAssert(x()) }\n"),
    ("test_a.c", "TEST(a, b) { x(); }\n"),
    ("CMakeLists.txt", "enable_testing()\nadd_test(NAME a COMMAND a)\n"),
    ("a.sh", "x\n"),
    ("a_spec.rb", "it 'a' do\n  x\nend\n"),
];

/// Joins a relative path to a folder; absent where it leads out of the tree or is not relative.
pub(super) fn join(folder: &str, path: &str) -> Option<String> {
    // What a shell replaces may lead anywhere.
    if path.starts_with('~') || path.contains('$') { None } else { plimsoll_model::tree_path::join(folder, path) }
}

/// Does `folder` hold all of what ships that is of these manifests?
///
/// A folder beside others may be made for the purpose of passing.
pub(super) fn is_whole(tree: &dyn Tree, folder: &str, manifests: &[impl AsRef<str>]) -> bool {
    if folder.is_empty() {
        return true;
    }
    let mut any = false;
    for manifest in manifests {
        for found in tree.folders_of(manifest.as_ref()) {
            if found != folder && !found.starts_with(&format!("{folder}/")) {
                return false;
            }
            any = true;
        }
    }
    any
}

#[cfg(test)]
pub(super) struct Made(pub(super) Vec<(&'static str, &'static str)>);

#[cfg(test)]
impl Tree for Made {
    fn text(&self, path: &str) -> Option<Result<String, String>> {
        self.0.iter().find(|(name, _)| *name == path).map(|(_, text)| Ok((*text).to_owned()))
    }

    fn has(&self, path: &str) -> bool {
        path.is_empty() || self.0.iter().any(|(name, _)| *name == path || name.starts_with(&format!("{path}/")))
    }

    fn folders_of(&self, wanted: &str) -> Vec<String> {
        let of = |path: &&str| {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            (name == wanted).then(|| folder.to_owned())
        };
        self.0.iter().filter_map(|(name, _)| of(name)).collect()
    }

    fn sources(&self) -> Rc<Vec<String>> {
        Rc::new(self.0.iter().map(|(name, _)| (*name).to_owned()).collect())
    }

    fn seen(&self, path: &str) -> FileTests {
        self.text(path).map_or_else(FileTests::default, |text| tests_of_file(path, &text.unwrap()))
    }

    fn rust(&self) -> Rc<RustPackages> {
        Rc::new(RustPackages::read(self))
    }

    fn mention(&self, name: &str, but: Option<&str>) -> Option<String> {
        crate::mentions::Mentions::of_texts(&self.0, name).reason(name, but)
    }

    fn languages(&self) -> Rc<Vec<&'static str>> {
        Rc::new(self.0.iter().filter_map(|(name, _)| languages::name_of(name)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_in_the_tree() {
        for (folder, path, expected) in [
            ("", "a/b", Some("a/b")),
            ("a", "./b/", Some("a/b")),
            ("a/b", "..", Some("a")),
            ("", "..", None),
            ("", "/etc", None),
            ("", "$X", None),
            ("", ".", Some("")),
        ] {
            assert_eq!(join(folder, path).as_deref(), expected, "{folder} {path}");
        }
    }

    #[test]
    fn a_folder_beside_others_is_not_the_whole() {
        let tree = Made(vec![
            ("web/package.json", "{}"),
            ("a/Cargo.toml", ""),
            ("a/x/Cargo.toml", ""),
            ("b/go.mod", ""),
            ("c/go.mod", ""),
        ]);
        assert!(is_whole(&tree, "web", &["package.json"]) && is_whole(&tree, "a", &["Cargo.toml"]));
        assert!(
            !is_whole(&tree, "b", &["go.mod"])
                && !is_whole(&tree, "web", &["Cargo.toml"])
                && !is_whole(&tree, "a/x", &["Cargo.toml"])
        );
        assert!(is_whole(&tree, "", &["go.mod"]));
    }
}
