//! Arguments of `plimsoll plan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::At;

/// How a plan is shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// The text of an issue, with checkboxes
    Markdown,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll plan
  plimsoll plan label.json
  plimsoll plan . --to 2 --format json
  plimsoll plan --format markdown          the text of an issue, with checkboxes
  plimsoll plan --write                    write the safe steps, then look at `git diff`")]
pub struct PlanArgs {
    /// A repository or a label file
    #[arg(default_value = ".", value_name = "REPO|LABEL")]
    pub target: PathBuf,
    #[command(flatten)]
    pub at: At,
    /// The tier to plan for [default: the next one]
    #[arg(long, value_name = "1..4", value_parser = clap::value_parser!(u8).range(1..=4))]
    pub to: Option<u8>,
    /// Write what is safe to write into the working copy: a SECURITY.md with your contact, Dependabot's settings, digests of actions
    /// that the repository has; nothing is committed or overwritten
    #[arg(long, conflicts_with_all = ["format", "rev"])]
    pub write: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub format: PlanFormat,
}
