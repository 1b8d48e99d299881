//! A file of tools as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// Names with a text each.
pub(super) type Named = BTreeMap<String, Spanned<String>>;

/// One file. Every part may be absent.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ToolFile {
    /// Words that rows of any file name as `@NAME`.
    pub(super) words: Named,
    /// Steps of builds with the purpose of each, by a name that rows of any file use.
    pub(super) goals: BTreeMap<String, Named>,
    pub(super) tool: Vec<Spanned<ToolRow>>,
    pub(super) action: Vec<Spanned<ActionRow>>,
    pub(super) settings: Vec<Spanned<SettingsRow>>,
    pub(super) runner: Vec<Spanned<RunnerRow>>,
    pub(super) plain_actions: Vec<Spanned<String>>,
    pub(super) common_inputs: Option<Spanned<String>>,
    pub(super) harmless: Vec<Spanned<String>>,
    pub(super) asked_alone: Vec<Spanned<String>>,
    pub(super) unless: Vec<Spanned<String>>,
    pub(super) tampers: Vec<Spanned<String>>,
    pub(super) fails_without_source: Vec<Spanned<String>>,
    pub(super) before_subcommand: Named,
    pub(super) aliases: Named,
    pub(super) packages: Named,
}

/// One way to call a tool; see `Tool` for what the columns mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ToolRow {
    pub(super) run: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) is: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) of: Vec<Spanned<String>>,
    pub(super) options: Option<Spanned<String>>,
    pub(super) operands: Option<Spanned<String>>,
    /// The name of a set of goals, in place of operands.
    pub(super) goals: Option<Spanned<String>>,
    pub(super) void: Option<Spanned<String>>,
    pub(super) passes: Option<Spanned<String>>,
    pub(super) needs: Option<Spanned<String>>,
    pub(super) behind: Option<Spanned<String>>,
    pub(super) folder: Option<Spanned<String>>,
    pub(super) manifests: Option<Spanned<String>>,
    pub(super) scans: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) also: Named,
}

/// One action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct ActionRow {
    pub(super) names: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) is: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) of: Vec<Spanned<String>>,
    pub(super) command: Option<Spanned<String>>,
    pub(super) inputs: Option<Spanned<String>>,
    pub(super) passes: Option<Spanned<String>>,
    pub(super) needs: Option<Spanned<String>>,
    pub(super) void: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) also: Named,
}

/// Files in which tools are set up: a name each, and behind a blank the part that is about the tool.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SettingsRow {
    pub(super) tools: Vec<Spanned<String>>,
    pub(super) files: Vec<Spanned<String>>,
    pub(super) words: Option<Spanned<String>>,
    /// What switches everything off, unless `unless` is there with it.
    pub(super) empty: Option<Spanned<String>>,
    pub(super) unless: Option<Spanned<String>>,
}

/// A program that runs another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RunnerRow {
    pub(super) run: Spanned<String>,
    pub(super) options: Option<Spanned<String>>,
}
