//! Builds of images, in which anything may be run.

use super::{Does, Evaluator, How};
use crate::tree;

/// Files that are looked into for one build.
const MOST_FILES: usize = 20;
/// Words of commands that may test.
const MAY_TEST: &[&str] = &[
    "test", "tests", "check", "spec", "verify", "pytest", "ctest", "tox", "nox", "make", "just", "mvn", "gradle", "sh",
];

impl Evaluator<'_> {
    /// A command that builds or runs an image of the tree: whether that tests is not known where a step of it may.
    pub(in super::super) fn look_at_image(&mut self, words: &[&str], how: How) {
        let composed = words.iter().any(|word| word.starts_with("--exit-code-from"));
        if !composed && !words.contains(&"build") {
            return;
        }
        let mut folders = self.tree.folders_of("Dockerfile");
        folders.push(self.folder.clone().unwrap_or_default());
        let usual = folders.iter().take(MOST_FILES).filter_map(|folder| tree::join(folder, "Dockerfile"));
        let mut others = words.iter().zip(words.iter().skip(1)).filter_map(|(word, next)| match word.split_once('=') {
            Some(("-f" | "--file", value)) => Some(value),
            None if matches!(*word, "-f" | "--file") => Some(*next),
            _ => None,
        });
        let may_test =
            usual.filter_map(|path| self.tree.text(&path)).any(|text| text.is_ok_and(|text| runs_what_may_test(&text)))
                || others.any(|name| {
                    let path = self.folder.as_deref().and_then(|folder| tree::join(folder, name));
                    let text = path.and_then(|path| self.tree.text(&path)).and_then(Result::ok);
                    text.is_none_or(|text| runs_what_may_test(&text))
                });
        if composed || may_test {
            let reason = "whether the image that is built runs tests is not known".to_owned();
            self.record("test", &Does::NotKnown(reason), how);
        }
    }
}

fn runs_what_may_test(dockerfile: &str) -> bool {
    let joined = dockerfile.replace("\\\n", " ");
    let mut runs = joined.lines().map(str::trim_start).filter(|line| {
        line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("run ") || start.eq_ignore_ascii_case("run\t"))
    });
    runs.any(|line| {
        let lower = line.to_ascii_lowercase();
        lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| MAY_TEST.contains(&word))
    })
}
