//! What other tools found, and how the code host is set up: files that were given (`--results`).
//!
//! The file is the statement of the one who gave it, and nothing more: `declared`. Where a signer of the trust policy has signed its exact
//! bytes it is that signer's word, and `verified`. A file that is about another commit, or does not say about which, or whose run
//! did not come to its end, is reported with the reason, and counts for nothing.

mod about;
mod vouching;

use jiff::civil::Date;
use plimsoll_model::{Assurance, InputId, Kind, Pointer, Rests, ResultFile, ResultFiles, Subject};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use self::{
    about::{About, Place},
    vouching::{Vouched, is_signature_name, vouched},
};
use crate::{
    Collector, Context, Gathered, Need,
    collector::day_in,
    results::{self, Read, Report, Run, Settings, Severity},
};

/// Rules of a report that are named, the most serious first.
const MOST_RULES: usize = 20;
const SEARCHED: &str = "files of results";

/// Where a file is from, what it is about, and whether it counts.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Source {
    /// The name of the file.
    file: String,
    /// SHA-256 of its bytes.
    sha256: String,
    /// `sarif`, `zizmor`, `scorecard`, `cargo-deny`, `cargo-vet`, `osv-scanner`, `oscal`, `forge-settings`.
    format: &'static str,
    /// The tool, as it calls itself.
    tool: String,
    /// Its version.
    tool_version: Option<String>,
    /// The repository that the file names.
    repository: Option<String>,
    /// The commit that the file, or the record of its run, names.
    commit: Option<String>,
    /// `this` commit or repository, `another`, or `unknown` where that cannot be said.
    about: &'static str,
    /// Why it is not about this one, or why that is not known.
    about_reason: Option<String>,
    /// The day of the run.
    date: Option<Date>,
    /// Days from then to as-of; absent where the day is not known, or is to come.
    #[schemars(range(min = 0))]
    days_old: Option<i64>,
    /// Did the run come to its end, without an error?
    finished: bool,
    /// Why it did not, or why that is not known.
    unfinished: Option<String>,
    /// Who signed the file, where the trust policy names them.
    signed_by: Option<String>,
    /// The party of the policy.
    party: Option<String>,
    /// The last day on which that signature counts, where it ends within a year.
    until: Option<String>,
}

/// One report.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ToolResultFact {
    #[serde(flatten)]
    source: Source,
    /// What the tool is for: `security-analysis`, `lint`, `workflow-analysis`, `vulnerabilities`, `dependency-policy`,
    /// `dependency-review`, `secrets`, `practices`, `controls`, `settings`.
    purposes: Vec<&'static str>,
    /// Open findings of high severity, critical ones among them.
    high: usize,
    /// Open findings of medium severity.
    medium: usize,
    /// Open findings of low severity.
    low: usize,
    /// Open findings that the tool does not rate.
    unrated: usize,
    /// Findings that are suppressed or ignored in the report.
    suppressed: usize,
    /// Which rules have open findings, the most serious first; at most twenty.
    rules: Vec<RuleCount>,
}

/// A rule, and how many open findings it has.
#[derive(Serialize, JsonSchema)]
struct RuleCount {
    /// Its id.
    rule: String,
    /// `high`, `unrated`, `medium`, `low`.
    severity: &'static str,
    /// How many findings.
    count: usize,
}

/// One check or control of a report.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ToolCheckFact {
    #[serde(flatten)]
    source: Source,
    /// Its name or id.
    check: String,
    /// `met`, `partly`, `unmet`, `unknown`.
    state: &'static str,
    /// Points of ten, where the tool gives points.
    score: Option<u8>,
}

/// Settings of the repository at its code host.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ForgeSettingsFact {
    #[serde(flatten)]
    source: Source,
    /// The default branch.
    default_branch: Option<String>,
    /// Is a change accepted by a pull request alone?
    pull_request_required: Option<bool>,
    /// How many people other than the author have to approve.
    approvals_required: Option<u8>,
    /// Does an approval end with the next commit?
    stale_approvals_dismissed: Option<bool>,
    /// Has an owner of the code to approve?
    code_owner_review_required: Option<bool>,
    /// Checks that have to pass.
    status_checks_required: Option<Vec<String>>,
    /// Has every commit to be signed?
    signed_commits_required: Option<bool>,
    /// May the branch be overwritten?
    force_push_allowed: Option<bool>,
    /// May the branch be deleted?
    deletion_allowed: Option<bool>,
    /// May administrators pass by the rules?
    admins_bypass: Option<bool>,
    /// Has every member of the organisation to have a second factor?
    two_factor_required: Option<bool>,
    /// Does the host search for secrets?
    secret_scanning: Option<bool>,
    /// Does it refuse a push with a secret?
    secret_push_protection: Option<bool>,
    /// Can vulnerabilities be reported in private at the host?
    private_vulnerability_reporting: Option<bool>,
    /// Does the host warn of vulnerable dependencies?
    vulnerability_alerts: Option<bool>,
}

const RESTS: &[Rests] =
    &[Rests::all(InputId::Results), Rests::words(InputId::Trust), Rests::words(InputId::AttestationTrust)];
const TOOL_RESULT: Kind = Kind::of::<ToolResultFact>("tool-result", "A report of another tool that was given.")
    .resting_on(RESTS)
    .on_day(on_day)
    .of_first_day();
const TOOL_CHECK: Kind =
    Kind::of::<ToolCheckFact>("tool-check", "A check or control in a report of another tool that was given.")
        .resting_on(RESTS)
        .on_day(on_day)
        .of_first_day();
const FORGE_SETTINGS: Kind = Kind::of::<ForgeSettingsFact>(
    "forge-settings",
    "Settings of the repository at its code host, as a file that was given has them.",
)
.resting_on(RESTS)
.on_day(on_day)
.of_first_day();

/// What was signed counts until its key or the policy ends it, and gets older.
fn on_day(body: &mut Map<String, Value>, today: Date) {
    let days = day_in(body, "date").map(|date| i64::from((today - date).get_days())).filter(|days| *days >= 0);
    body.insert("daysOld".to_owned(), json!(days));
    if let Some(end) = day_in(body, "until").filter(|end| *end < today) {
        body.insert("about".to_owned(), json!("unknown"));
        let reason = format!("it counted by its signature, whose key or policy ended on {end}");
        body.insert("aboutReason".to_owned(), json!(reason));
    }
}

/// Results of other tools.
pub struct Results;

impl Collector for Results {
    fn name(&self) -> &'static str {
        "results"
    }

    fn about(&self) -> &'static str {
        "Reports of other tools and settings of the code host, from files that are given."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[TOOL_RESULT, TOOL_CHECK, FORGE_SETTINGS] }
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::History]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let Ok(bytes) = cx.file(InputId::Results) else {
            return self.states().iter().map(|kind| Gathered::searched(kind, SEARCHED, 0)).collect();
        };
        match ResultFiles::read(bytes) {
            Ok(files) => gather(cx, &files),
            Err(reason) => {
                self.states().iter().map(|kind| Gathered::unavailable(kind, SEARCHED, reason.clone())).collect()
            }
        }
    }
}

fn gather(cx: &Context<'_>, files: &ResultFiles) -> Vec<Gathered> {
    let (signatures, reports): (Vec<&ResultFile>, Vec<&ResultFile>) =
        files.files().iter().partition(|file| is_signature_name(&file.name));
    let mut all =
        [TOOL_RESULT, TOOL_CHECK, FORGE_SETTINGS].map(|kind| Gathered::searched(&kind, SEARCHED, reports.len() as u64));
    let place = Place::of(cx);
    let read: Vec<(&ResultFile, Result<Read, String>)> =
        reports.iter().map(|file| (*file, results::read(&file.bytes))).collect();
    let runs: Vec<(&ResultFile, &Run)> = read
        .iter()
        .filter_map(|(file, read)| match read {
            Ok(Read::Run(run)) => Some((*file, run)),
            _ => None,
        })
        .collect();
    for (file, read) in &read {
        match read {
            Err(reason) => all.iter_mut().for_each(|gathered| gathered.gap(format!("{}: {reason}", file.name))),
            Ok(Read::Run(_)) => {}
            Ok(Read::Report(format, report)) => {
                let vouched = vouched(cx, file, &signatures);
                let run = run_of(file, &runs);
                // A report that is signed is its signer's word; a record next to it that is not adds another's.
                let run_vouched = match &run {
                    Ok(Some((of, _))) => vouched_as_well(cx, of, &signatures, vouched.as_ref()),
                    _ => vouched,
                };
                let mut report = (**report).clone();
                match run {
                    Ok(Some((_, run))) => complete(&mut report, run, &file.sha256(), format),
                    Ok(None) => {}
                    Err(reason) => report.problems.push(reason),
                }
                push(&mut all, cx, file, format.name, &report, &place, run_vouched);
            }
        }
    }
    let [mut result, mut check, mut settings] = all;
    for gathered in [&mut result, &mut check, &mut settings] {
        gathered.limitation(
            "What a file says is the word of who gave it, or of its signer: whether the tool was run so is not seen here.",
        );
    }
    vec![result, check, settings]
}

/// The record that names a file by its digest; refused are two.
fn run_of<'a>(
    file: &ResultFile,
    runs: &[(&'a ResultFile, &'a Run)],
) -> Result<Option<(&'a ResultFile, &'a Run)>, String> {
    let digest = file.sha256();
    let mut naming = runs.iter().filter(|(_, run)| run.ended_with.contains_key(&digest));
    match (naming.next(), naming.next()) {
        (first, None) => Ok(first.copied()),
        _ => Err("two records of runs name it".to_owned()),
    }
}

/// Who vouches for a report together with the record of its run: who signed both.
fn vouched_as_well(
    cx: &Context<'_>,
    record: &ResultFile,
    signatures: &[&ResultFile],
    report: Option<&Vouched>,
) -> Option<Vouched> {
    let report = report?;
    let record = vouched(cx, record, signatures)?;
    let until = [&report.until, &record.until].into_iter().flatten().min().cloned();
    (report.party == record.party && report.who == record.who).then_some(Vouched { until, ..record })
}

/// Adds what a record of the run says and the report does not. What both say has to be the same.
fn complete(report: &mut Report, run: &Run, digest: &str, format: &results::Format) {
    let Some(code) = run.ended_with.get(digest) else { return };
    if report.commit.get_or_insert_with(|| run.commit.clone()) != &run.commit {
        report.problems.push("the record of its run names another commit".to_owned());
    }
    report.repository.get_or_insert_with(|| run.repository.clone());
    report.date.get_or_insert(run.date);
    if (format.ended)(*code) {
        report.ended = true;
    } else {
        report.problems.push(format!("the tool ended with status {code}, which is an error"));
    }
}

fn push(
    all: &mut [Gathered; 3],
    cx: &Context<'_>,
    file: &ResultFile,
    format: &'static str,
    report: &Report,
    place: &Place<'_>,
    vouched: Option<Vouched>,
) {
    let About { about, reason } = place.about(report);
    let today = cx.today();
    let assurance = if vouched.is_some() { Assurance::Verified } else { Assurance::Declared };
    let (signed_by, party, until) = vouched.map_or((None, None, None), |one| (Some(one.who), one.party, one.until));
    let source = Source {
        file: file.name.clone(),
        sha256: file.sha256(),
        format,
        tool: report.tool.clone(),
        tool_version: report.version.clone(),
        repository: report.repository.clone(),
        commit: report.commit.clone(),
        about,
        about_reason: reason,
        date: report.date,
        days_old: report.date.map(|date| i64::from((today - date).get_days())).filter(|days| *days >= 0),
        finished: report.is_finished(),
        unfinished: report.unfinished(),
        signed_by,
        party,
        until,
    };
    let pointers = || vec![Pointer::artifact(file.sha256())];
    let [results, checks, settings] = all;
    for check in &report.checks {
        let fact = ToolCheckFact {
            source: source.clone(),
            check: check.id.clone(),
            state: check.state.as_str(),
            score: check.score,
        };
        checks.push(Subject::path(format!("{}#{}", file.name, check.id)), assurance, &fact, pointers());
    }
    if let Some(own) = &report.settings {
        settings.push(Subject::repository(), assurance, &settings_fact(source, own), pointers());
        return;
    }
    let open = |severity| report.open.get(&severity).copied().unwrap_or_default();
    let rules = report.rules.iter().take(MOST_RULES).map(|((severity, rule), count)| RuleCount {
        rule: rule.clone(),
        severity: severity.as_str(),
        count: *count,
    });
    let fact = ToolResultFact {
        source,
        purposes: report.purposes.iter().map(|purpose| purpose.as_str()).collect(),
        high: open(Severity::High),
        medium: open(Severity::Medium),
        low: open(Severity::Low),
        unrated: open(Severity::Unrated),
        suppressed: report.suppressed,
        rules: rules.collect(),
    };
    results.push(Subject::path(&file.name), assurance, &fact, pointers());
}

fn settings_fact(source: Source, own: &Settings) -> ForgeSettingsFact {
    ForgeSettingsFact {
        source,
        default_branch: own.default_branch.clone(),
        pull_request_required: own.pull_request_required,
        approvals_required: own.approvals_required,
        stale_approvals_dismissed: own.stale_approvals_dismissed,
        code_owner_review_required: own.code_owner_review_required,
        status_checks_required: own.status_checks_required.clone(),
        signed_commits_required: own.signed_commits_required,
        force_push_allowed: own.force_push_allowed,
        deletion_allowed: own.deletion_allowed,
        admins_bypass: own.admins_bypass,
        two_factor_required: own.two_factor_required,
        secret_scanning: own.secret_scanning,
        secret_push_protection: own.secret_push_protection,
        private_vulnerability_reporting: own.private_vulnerability_reporting,
        vulnerability_alerts: own.vulnerability_alerts,
    }
}
