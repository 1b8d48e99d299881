//! What the CI systems have in common, as far as it is judged.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use schemars::JsonSchema;
use serde::Serialize;
use yaml_serde::{Mapping, Value};

use crate::{commands::Fails, environment::Environment, filters::Reach, shell::Shell, weights::Purposes};

/// What one CI file says.
#[derive(Debug, Default)]
pub struct Pipeline {
    /// The name it gives itself.
    pub name: Option<String>,
    /// Sorted names of events.
    pub triggers: Vec<String>,
    /// Does it run for every change?
    pub on_change: bool,
    /// For how many changes its events come about.
    pub reach: Reach,
    /// Does it run on a schedule?
    pub scheduled: bool,
    /// Is it an action of the tree, which is a part of workflows, and not a workflow itself?
    pub is_action: bool,
    /// Its jobs; of an action one, with its steps.
    pub jobs: Vec<Job>,
    /// What its tokens may do.
    pub permissions: Vec<Permission>,
    /// What it gives to its caller: names in lower case, and the text that makes the value.
    pub(super) outputs: BTreeMap<String, String>,
    /// What its inputs hold where a caller gives nothing, by names in lower case.
    pub(super) defaults: BTreeMap<String, String>,
    /// What is wrong with single settings, whatever the rest does.
    pub(super) flaws: Vec<Flaw>,
    /// Parts that could not be looked at.
    pub gaps: Vec<String>,
    /// Every change brings its texts into its jobs, whoever it is from.
    pub(super) brings_texts: bool,
    /// Why it does not show what its tokens may do.
    pub rights_gap: Option<String>,
    /// Why it is not looked through for what is dangerous.
    pub dangers_gap: Option<String>,
    /// Why it is not known for which changes it runs.
    pub(super) unsure: Option<String>,
    /// Its events are those of a release: a tag, a release, a branch of that name.
    pub(super) releases: bool,
    /// Other files of the tree that are a part of it.
    pub(super) reads: BTreeSet<String>,
}

/// One job.
#[derive(Debug, Default)]
pub struct Job {
    /// Its id.
    pub id: String,
    /// The line on which it begins.
    pub line: Option<u64>,
    /// Does it plainly run for every change?
    pub on_change: bool,
    /// Does it plainly run by the clock?
    pub scheduled: bool,
    /// Its failure does not fail the change.
    pub tolerant: bool,
    /// `hosted`, `self-hosted`, `unknown`, or `called` for a job that calls a workflow of this repository.
    pub runner: &'static str,
    /// What it runs on, as written.
    pub(super) runs_on: Option<String>,
    /// The source is there before the first step.
    pub(super) cloned: bool,
    /// The combinations of its matrix; none where they are not known.
    pub(super) combinations: Vec<Mapping>,
    /// Does it name a deployment environment?
    pub environment: bool,
    pub(super) steps: Vec<Step>,
    /// What it pulls in.
    pub uses: Vec<Used>,
    /// What it does; empty until the files of a repository are judged together.
    pub purposes: Purposes,
    /// All secrets are handed to a workflow of somebody else.
    pub(super) inherits_secrets: bool,
    pub(super) condition: Option<String>,
    pub(super) needs: Vec<String>,
    /// What it gives to later jobs: names in lower case, and the text that makes the value.
    pub(super) outputs: BTreeMap<String, String>,
    pub(super) matrix: Option<Value>,
    /// What it runs on, as read.
    pub(super) labels: Value,
    /// Settings of its containers that a machine acts on: name, text.
    pub(super) settings: Vec<(&'static str, String)>,
    /// The environment of all of its steps.
    pub(super) around: Arc<Environment>,
    /// The workflow that it calls.
    pub(super) call: Option<Call>,
    /// The events under which it surely runs, and whether each sees a draft that is made ready.
    pub(super) surely: Vec<(String, bool)>,
    /// No event that starts its workflow can make it run.
    pub(super) dead: bool,
}

/// A workflow that a job calls.
#[derive(Debug, Default)]
pub(super) struct Call {
    pub(super) uses: String,
    pub(super) with: Vec<(String, String)>,
}

/// A setting that is dangerous by itself.
#[derive(Debug)]
pub(super) struct Flaw {
    pub(super) job: Option<String>,
    pub(super) rule: &'static str,
    pub(super) severity: &'static str,
    pub(super) detail: &'static str,
    pub(super) line: Option<u64>,
}

#[derive(Debug, Default)]
pub(super) struct Step {
    pub(super) id: Option<String>,
    /// Shell text.
    pub(super) run: Option<String>,
    pub(super) shell: Shell,
    /// A shell is named, and the system of the runner does not decide.
    pub(super) shell_named: bool,
    /// The shell as it is written, where the step names one.
    pub(super) shell_text: Option<String>,
    /// The folder it runs in, as written.
    pub(super) folder: Option<String>,
    /// What it uses, as written.
    pub(super) uses: Option<String>,
    /// `owner/name` of an action with its path, without the reference.
    pub(super) action: Option<String>,
    /// Inputs of the action as text.
    pub(super) with: Vec<(String, String)>,
    /// What the names in its environment are made of.
    pub(super) environment: Arc<Environment>,
    /// Does it plainly run for every change, and does the job fail with it, and the change with the job?
    pub(super) gates: bool,
    /// The same by the clock.
    pub(super) scheduled: bool,
    /// It is not known that it does not gate: it may run, and its failure may count.
    pub(super) may_gate: bool,
    /// The same by the clock.
    pub(super) may_be_scheduled: bool,
    /// For each combination of the matrix whether it gates there, and by the clock.
    pub(super) legs: Vec<(bool, bool)>,
    /// It runs in no case.
    pub(super) never: bool,
    pub(super) condition: Option<String>,
    /// What its failure comes to in a composite action; absent where it fails as what is around it.
    pub(super) fails: Option<Fails>,
    pub(super) line: Option<u64>,
}

/// One action, reusable workflow or image that a CI file pulls in.
#[derive(Debug)]
pub struct Used {
    /// As written.
    pub text: String,
    /// How it is pinned.
    pub pinned: Pinned,
    /// Is it local, or by the forge itself?
    pub first_party: bool,
    /// The line on which it is used.
    pub line: Option<u64>,
}

/// How a thing that is pulled in is pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pinned {
    /// A full commit id.
    Digest,
    /// A name that reads as a version.
    Tag,
    /// Any other name.
    Branch,
    /// A part of this repository.
    Local,
    /// An image by digest.
    ImageDigest,
    /// An image by name.
    ImageTag,
    /// An expression or nothing.
    Unknown,
}

impl Pinned {
    /// By digest, or local?
    pub fn by_digest(self) -> bool {
        matches!(self, Self::Digest | Self::Local | Self::ImageDigest)
    }

    pub(super) fn of_image(image: &str) -> Self {
        if image.contains("${{") || image.contains('$') {
            Self::Unknown
        } else if image.contains("@sha256:") {
            Self::ImageDigest
        } else {
            Self::ImageTag
        }
    }

    pub(super) fn of_reference(reference: &str) -> Self {
        if plimsoll_model::is_hex(&reference.to_ascii_lowercase(), 40)
            || plimsoll_model::is_hex(&reference.to_ascii_lowercase(), 64)
        {
            Self::Digest
        } else if reference.contains("${{") || reference.is_empty() {
            Self::Unknown
        } else if reference.trim_start_matches('v').starts_with(|character: char| character.is_ascii_digit()) {
            Self::Tag
        } else {
            Self::Branch
        }
    }
}

/// What a token may do to a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Read.
    Read,
    /// Read and write.
    Write,
    /// Nothing.
    None,
    /// What the forge gives where the file says nothing.
    Default,
}

/// What a token may do to one scope.
#[derive(Debug)]
pub struct Permission {
    /// The job; absent for the whole file.
    pub job: Option<String>,
    /// The scope's name, or `all`.
    pub scope: String,
    /// What it may do.
    pub access: Access,
    /// Is it stated, and is writing confined to a job?
    pub least_privilege: bool,
}

/// Bytes that are looked through for lines of one file.
const MOST_SEARCHED: usize = 64 * 1024 * 1024;

/// Finds the lines on which texts stand, asked for in about the order of the file; the file is then read once.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    /// The line of `at`, counted from 1.
    line: u64,
    /// Bytes that may still be looked through.
    left: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1, left: MOST_SEARCHED }
    }

    /// The line on which the first line of `needle` stands, at or behind the one that was last found. What was
    /// written in another way than it was read, or stands before that, is looked for from the top; where that
    /// comes to too much, no line is told.
    pub(super) fn find(&mut self, needle: &str) -> Option<u64> {
        let first = needle.lines().map(str::trim).find(|line| !line.is_empty())?;
        if let Some(ahead) = self.search(self.at, first) {
            self.go(self.at + ahead);
            return Some(self.line);
        }
        let at = self.search(0, first)?;
        Some(self.text.get(..at)?.matches('\n').count() as u64 + 1)
    }

    fn search(&mut self, from: usize, needle: &str) -> Option<usize> {
        let rest = self.text.get(from..)?;
        if self.left < rest.len() {
            return None;
        }
        let found = rest.find(needle);
        self.left -= found.unwrap_or(rest.len());
        found
    }

    /// The line at or behind the place of `from` on which `key: needle` is set; the place that was last found stays.
    pub(super) fn set_after(&mut self, from: usize, keys: &[&str], needle: &str) -> Option<u64> {
        let rest = self.text.get(from..)?;
        if needle.is_empty() || self.left < rest.len() {
            return None;
        }
        self.left -= rest.len();
        let sets = |line: &str| {
            line.find(needle).and_then(|at| line.get(..at)).is_some_and(|before| {
                let before = before.trim_end_matches(['"', '\'', ' ']);
                keys.iter().any(|key| before.strip_suffix(':').is_some_and(|before| before.ends_with(key)))
            })
        };
        let line = rest.lines().position(sets)? as u64;
        Some(self.text.get(..from)?.matches('\n').count() as u64 + 1 + line)
    }

    /// The place that was last found.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// What is looked for next stands behind the line that was last found.
    pub(super) fn pass(&mut self) {
        if let Some(end) = self.text.get(self.at..).and_then(|rest| rest.find('\n')) {
            self.go(self.at + end + 1);
        }
    }

    fn go(&mut self, to: usize) {
        self.line += self.text.get(self.at..to).map_or(0, |passed| passed.matches('\n').count() as u64);
        self.at = to;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_in_order_and_from_the_top() {
        let mut lines = Lines::new("a\nb\na\nc\n");
        assert_eq!(lines.find("a"), Some(1));
        lines.pass();
        assert_eq!(lines.find("\n a \nx"), Some(3));
        assert_eq!((lines.find("c"), lines.find("b"), lines.find("c")), (Some(4), Some(2), Some(4)));
        assert_eq!((lines.find("d"), lines.find("")), (None, None));
    }

    #[test]
    fn a_setting_is_found_before_what_was_last_found() {
        let text = "a:\n  steps:\n    - run: docker pull x\n  container:\n    image: x\nb:\n  image: x\n";
        let mut lines = Lines::new(text);
        let start = lines.place();
        assert_eq!(lines.find("b:"), Some(6));
        let mut check = |needle: &str| lines.set_after(start, &["image", "container"], needle);
        assert_eq!((check("x"), check("y"), check("")), (Some(5), None, None));
    }

    // 13,000 steps took 15 s: each of them went through the whole file.
    #[test]
    fn many_lines_are_found() {
        let text: String =
            (0..30_000).map(|number| format!("- uses: aaaaaaaaaaa/b{number}@v1\n")).collect::<Vec<_>>().concat();
        let mut lines = Lines::new(&text);
        for number in 0..30_000_u64 {
            assert_eq!(lines.find(&format!("aaaaaaaaaaa/b{number}@v1")), Some(number + 1));
        }
        let mut lines = Lines::new(&text);
        assert!((0..30_000).all(|_| lines.find("not there").is_none()));
    }
}
