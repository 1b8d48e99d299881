//! What a report of another tool says, whatever its format.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_model::excerpt;
use serde_json::Value;

use super::settings::Settings;

/// Characters of a name that is kept: of a tool, a rule, a control.
const LONGEST: usize = 120;
/// Findings of one report that are counted.
pub(super) const MOST_FINDINGS: usize = 200_000;
/// Checks of one report that become facts.
pub(super) const MOST_CHECKS: usize = 500;

/// One report.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Report {
    /// Who wrote it, as it calls itself.
    pub(crate) tool: String,
    /// The version of that.
    pub(crate) version: Option<String>,
    /// What the tool is for.
    pub(crate) purposes: Vec<Purpose>,
    /// The repository that it is about.
    pub(crate) repository: Option<String>,
    /// The commit that it is about, as it is written there.
    pub(crate) commit: Option<String>,
    /// The day of the run in UTC.
    pub(crate) date: Option<Date>,
    /// Does it say that the run came to its end?
    pub(crate) ended: bool,
    /// What went wrong, or what it does not say; with any, the run counts as unfinished.
    pub(crate) problems: Vec<String>,
    /// What it found that is open, by how serious it is.
    pub(crate) open: BTreeMap<Severity, usize>,
    /// How many findings somebody has answered or ignored.
    pub(crate) suppressed: usize,
    /// Open findings by rule.
    pub(crate) rules: BTreeMap<(Severity, String), usize>,
    /// Named checks or controls, each with what came out.
    pub(crate) checks: Vec<Check>,
    /// Settings of the code host.
    pub(crate) settings: Option<Settings>,
}

/// What a tool is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// It searches code for classes of vulnerabilities.
    SecurityAnalysis,
    /// It searches code for mistakes.
    Lint,
    /// It searches workflows for dangers.
    WorkflowAnalysis,
    /// It looks dependencies up in advisory data.
    Vulnerabilities,
    /// It holds dependencies to rules: licences, sources, bans.
    DependencyPolicy,
    /// It asks whether dependencies were reviewed.
    DependencyReview,
    /// It searches for secrets.
    Secrets,
    /// It rates practices of the project at the code host.
    Practices,
    /// It assesses controls.
    Controls,
    /// It shows settings of the code host.
    Settings,
}

impl Purpose {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::SecurityAnalysis => "security-analysis",
            Self::Lint => "lint",
            Self::WorkflowAnalysis => "workflow-analysis",
            Self::Vulnerabilities => "vulnerabilities",
            Self::DependencyPolicy => "dependency-policy",
            Self::DependencyReview => "dependency-review",
            Self::Secrets => "secrets",
            Self::Practices => "practices",
            Self::Controls => "controls",
            Self::Settings => "settings",
        }
    }

    /// Is it about the code host, and not about the files of a commit alone? Of two repositories with the same commit the one
    /// may be protected and the other not.
    pub(crate) const fn is_of_host(self) -> bool {
        matches!(self, Self::Practices | Self::Settings)
    }
}

/// How serious a finding is, the most serious first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Also what is critical.
    High,
    /// The tool does not say.
    Unrated,
    Medium,
    Low,
}

impl Severity {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Unrated => "unrated",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// By a score of CVSS. Source: CVSS v3.1, section 5; what is no number from 0 to 10 is not rated.
    pub(super) fn of_score(score: &str) -> Self {
        match score.trim().parse::<f64>() {
            Ok(score) if (7.0..=10.0).contains(&score) => Self::High,
            Ok(score) if (4.0..7.0).contains(&score) => Self::Medium,
            Ok(score) if (0.0..4.0).contains(&score) => Self::Low,
            _ => Self::Unrated,
        }
    }
}

/// One check or control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    /// Its name or id.
    pub(crate) id: String,
    /// What came out.
    pub(crate) state: State,
    /// Points of ten.
    pub(crate) score: Option<u8>,
}

/// What came out of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Met,
    Partly,
    Unmet,
    /// The check did not come to an end, or is not decided.
    Unknown,
}

impl State {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partly => "partly",
            Self::Unmet => "unmet",
            Self::Unknown => "unknown",
        }
    }
}

impl Report {
    /// Of a tool of this name, for this purpose.
    pub(super) fn of(tool: &str, purposes: &[Purpose]) -> Self {
        Self { tool: name(tool), purposes: purposes.to_vec(), ..Self::default() }
    }

    /// Counts an open finding. Of too many none is left out in silence: the report is not whole then.
    pub(super) fn found(&mut self, rule: &str, severity: Severity) {
        if self.open.values().sum::<usize>() >= MOST_FINDINGS {
            self.problem(format!("more than {MOST_FINDINGS} findings"));
            return;
        }
        *self.open.entry(severity).or_default() += 1;
        *self.rules.entry((severity, name(rule))).or_default() += 1;
    }

    /// Says what is wrong, once.
    pub(super) fn problem(&mut self, reason: impl Into<String>) {
        let reason = reason.into();
        if !self.problems.contains(&reason) && self.problems.len() < 20 {
            self.problems.push(reason);
        }
    }

    /// Adds a check.
    pub(super) fn checked(&mut self, check: Check) {
        if self.checks.len() >= MOST_CHECKS {
            self.problem(format!("more than {MOST_CHECKS} checks"));
            return;
        }
        self.checks.push(check);
    }

    /// Did the run come to its end, without anything wrong?
    pub(crate) fn is_finished(&self) -> bool {
        self.ended && self.problems.is_empty()
    }

    /// Why it did not.
    pub(crate) fn unfinished(&self) -> Option<String> {
        match (self.problems.as_slice(), self.ended) {
            ([], true) => None,
            ([], false) => Some("it does not say that the run came to its end".to_owned()),
            ([only], _) => Some(only.clone()),
            ([first, rest @ ..], _) => Some(format!("{first}; and {} more", rest.len())),
        }
    }
}

/// A name as it is kept: one line, bounded.
pub(super) fn name(text: &str) -> String {
    excerpt(text.trim(), LONGEST)
}

/// The text of a member, where there is one that is not empty.
pub(super) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The list of a member; nothing where it is missing or another thing.
pub(super) fn list<'a>(value: &'a Value, member: &str) -> Option<&'a Vec<Value>> {
    value.get(member)?.as_array()
}

/// The day of a time or of a day as text, in UTC.
pub(super) fn day(text: &str) -> Option<Date> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Some(time.to_zoned(TimeZone::UTC).date());
    }
    text.parse().ok().filter(|_| text.len() == 10)
}
