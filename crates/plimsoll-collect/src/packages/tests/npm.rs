//! Packages of npm.

use super::*;

const MANIFEST: &str = r#"{"name":"@a/demo","version":"1.0.0","repository":{"directory":"packages/demo"}}"#;

fn check(change: impl FnOnce(&mut Files)) -> Comparison {
    let repo = repo(&[
        ("LICENSE", "do\n"),
        ("README.md", "root\n"),
        ("packages/demo/package.json", MANIFEST),
        ("packages/demo/index.js", "1;\n"),
        ("packages/demo/test.js", "2;\n"),
        ("packages/other/package.json", r#"{"name":"@a/other","version":"1.0.0"}"#),
    ]);
    let mut files = files(&[("package.json", MANIFEST), ("index.js", "1;\n")]);
    change(&mut files);
    compare(&read("demo.tgz", "package", &files), &snapshot(&repo))
}

#[test]
fn files_are_those_of_the_folder() {
    let comparison = check(|_| {});
    assert_eq!(told(&comparison), (Verdict::Equal, vec![]));
    assert_eq!(comparison.folder.as_deref(), Some("packages/demo"));
    // pnpm copies the repository's licence in, and nothing else.
    assert_eq!(check(|files| drop(files.insert("LICENSE".into(), b"do\n".into()))).verdict, Verdict::Equal);
    for (path, content, class) in [
        ("LICENSE", "dont\n", "differs"),
        ("README.md", "root\n", "only-in-package"),
        ("index.js", "1;\nevil();\n", "differs"),
        ("dist/index.js", "1;\n", "only-in-package"),
        ("index.js", "1;\r\n", "line-endings"),
    ] {
        let comparison = check(|files| drop(files.insert(path.into(), content.into())));
        assert_eq!(told(&comparison), (Verdict::Differs, vec![format!("{class} {path}")]));
    }
}

#[test]
fn its_manifest_has_to_be_the_trees() {
    let scripted = MANIFEST.replace("\"version\"", "\"scripts\":{\"postinstall\":\"x\"},\"version\"");
    let comparison = check(|files| drop(files.insert("package.json".into(), scripted.into())));
    assert_eq!(told(&comparison), (Verdict::Differs, vec!["differs package.json".to_owned()]));
    // The folder is found by its name where it is not stated.
    let bare = MANIFEST.replace(",\"repository\":{\"directory\":\"packages/demo\"}", "");
    let comparison = check(|files| drop(files.insert("package.json".into(), bare.clone().into())));
    assert_eq!((comparison.verdict, comparison.folder.as_deref()), (Verdict::Differs, Some("packages/demo")));
    let stranger = bare.replace("@a/demo", "@b/demo");
    let comparison = check(|files| drop(files.insert("package.json".into(), stranger.into())));
    assert_eq!((comparison.verdict, comparison.folder), (Verdict::Differs, None));
}

#[test]
fn a_commit_that_it_names_has_to_be_this_one() {
    let id = "0123456789abcdef0123456789abcdef01234567";
    for (head, expected) in [(id, Verdict::OtherCommit), ("main", Verdict::Differs)] {
        let named = MANIFEST.replace("\"version\"", &format!("\"gitHead\":\"{head}\",\"version\""));
        let comparison = check(|files| drop(files.insert("package.json".into(), named.into())));
        assert_eq!(comparison.verdict, expected, "{head}");
    }
}
