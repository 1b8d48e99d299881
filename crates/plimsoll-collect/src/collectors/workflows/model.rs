//! What the two CI systems have in common, as far as it is judged.

use schemars::JsonSchema;
use serde::Serialize;

/// One CI file.
#[derive(Debug, Default)]
pub(super) struct Pipeline {
    pub(super) name: Option<String>,
    /// Sorted names of events.
    pub(super) triggers: Vec<String>,
    pub(super) on_change: bool,
    pub(super) scheduled: bool,
    pub(super) is_action: bool,
    pub(super) jobs: Vec<Job>,
    pub(super) permissions: Vec<Permission>,
    /// Parts that could not be looked at.
    pub(super) gaps: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Job {
    pub(super) id: String,
    pub(super) line: Option<u64>,
    pub(super) on_change: bool,
    pub(super) scheduled: bool,
    /// Its failure does not fail the change.
    pub(super) tolerant: bool,
    pub(super) runner: &'static str,
    pub(super) environment: bool,
    pub(super) steps: Vec<Step>,
    pub(super) uses: Vec<Used>,
    /// All secrets are handed to a workflow of somebody else.
    pub(super) inherits_secrets: bool,
    pub(super) condition: Option<String>,
}

#[derive(Debug, Default)]
pub(super) struct Step {
    /// Shell text.
    pub(super) run: Option<String>,
    /// `owner/name` of an action with its path, without the reference.
    pub(super) action: Option<String>,
    /// Inputs of the action as text.
    pub(super) with: Vec<(String, String)>,
    pub(super) tolerant: bool,
    pub(super) condition: Option<String>,
    pub(super) line: Option<u64>,
}

#[derive(Debug)]
pub(super) struct Used {
    pub(super) text: String,
    pub(super) pinned: Pinned,
    pub(super) first_party: bool,
    pub(super) line: Option<u64>,
}

/// How a thing that is pulled in is pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Pinned {
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
    pub(super) fn by_digest(self) -> bool {
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
pub(super) enum Access {
    Read,
    Write,
    None,
    /// What the forge gives where the file says nothing.
    Default,
}

#[derive(Debug)]
pub(super) struct Permission {
    pub(super) job: Option<String>,
    pub(super) scope: String,
    pub(super) access: Access,
    pub(super) least_privilege: bool,
}

/// Brackets and indentation that a parser has to descend into.
const DEEPEST: usize = 64;

/// Refuses YAML that is nested more deeply than any CI file, before a recursive parser sees it.
pub(super) fn check_depth(text: &str) -> Result<(), String> {
    let (mut flow, mut deepest) = (0_usize, 0_usize);
    for line in text.lines() {
        let trimmed = line.trim_start();
        // A block can only be deeper than the one before by being indented more, or by several dashes.
        let dashes =
            trimmed.chars().take_while(|character| matches!(character, '-' | ' ' | '?')).filter(|c| *c != ' ').count();
        if line.len() - trimmed.len() > DEEPEST * 16 || dashes > DEEPEST {
            return Err("nested too deeply".to_owned());
        }
        for character in trimmed.chars() {
            match character {
                '[' | '{' => flow += 1,
                ']' | '}' => flow = flow.saturating_sub(1),
                _ => {}
            }
            deepest = deepest.max(flow);
        }
        // Brackets in scripts and expressions are closed in their line, or are no brackets of YAML.
        if !trimmed.is_empty() && line.len() == trimmed.len() && !trimmed.starts_with(['[', '{', ']', '}']) {
            flow = 0;
        }
    }
    if deepest > DEEPEST * 4 { Err("nested too deeply".to_owned()) } else { Ok(()) }
}

/// The line on which `needle` first stands at or after `from` (counted from 1).
pub(super) fn line_of(text: &str, needle: &str) -> Option<u64> {
    let first = needle.lines().find(|line| !line.trim().is_empty())?.trim();
    text.lines().position(|line| line.contains(first)).map(|at| at as u64 + 1)
}
