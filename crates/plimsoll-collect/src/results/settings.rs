//! A snapshot of the settings of a repository at its code host, in a form of our own: what no clone shows.
//!
//! The form is closed: a name that is not known is refused, as a setting that is written wrongly would count as not given. What is
//! absent or `null` is not known, and is not `false`.

use serde::{Deserialize, Serialize};

use super::report::{Purpose, Report, day, name};

/// The version of the form.
const SCHEMA: u32 = 1;
/// Bytes of who gathered it and how.
const LONGEST: usize = 300;
/// Approvals or checks that a rule may ask for.
const MOST: usize = 100;

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File {
    plimsoll_forge_settings: u32,
    repository: String,
    date: String,
    gathered_by: String,
    #[serde(default)]
    commit: Option<String>,
    settings: Settings,
}

/// The settings. Each is what the code host enforces for the default branch, or for the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(crate) struct Settings {
    /// The default branch.
    pub(crate) default_branch: Option<String>,
    /// Is a change accepted by a pull request alone?
    pub(crate) pull_request_required: Option<bool>,
    /// How many people other than the author have to approve.
    pub(crate) approvals_required: Option<u8>,
    /// Does an approval end with the next commit?
    pub(crate) stale_approvals_dismissed: Option<bool>,
    /// Has an owner of the code to approve?
    pub(crate) code_owner_review_required: Option<bool>,
    /// Checks that have to pass, by name.
    pub(crate) status_checks_required: Option<Vec<String>>,
    /// Has every commit to be signed?
    pub(crate) signed_commits_required: Option<bool>,
    /// May the branch be overwritten?
    pub(crate) force_push_allowed: Option<bool>,
    /// May the branch be deleted?
    pub(crate) deletion_allowed: Option<bool>,
    /// May administrators pass by the rules?
    pub(crate) admins_bypass: Option<bool>,
    /// Has every member of the organisation to have a second factor?
    pub(crate) two_factor_required: Option<bool>,
    /// Does the host search for secrets?
    pub(crate) secret_scanning: Option<bool>,
    /// Does it refuse a push with a secret?
    pub(crate) secret_push_protection: Option<bool>,
    /// Can vulnerabilities be reported in private at the host?
    pub(crate) private_vulnerability_reporting: Option<bool>,
    /// Does the host warn of vulnerable dependencies?
    pub(crate) vulnerability_alerts: Option<bool>,
}

/// Is it such a file?
pub(super) fn is(value: &serde_json::Value) -> bool {
    value.get("plimsollForgeSettings").is_some()
}

/// Reads it.
pub(super) fn read(value: &serde_json::Value) -> Result<Report, String> {
    // A list would be read as members in their order.
    if !value.get("settings").is_some_and(serde_json::Value::is_object) {
        return Err("its settings are no object".to_owned());
    }
    let file: File = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    if file.plimsoll_forge_settings != SCHEMA {
        return Err(format!("version {}, and this version reads {SCHEMA}", file.plimsoll_forge_settings));
    }
    if file.gathered_by.trim().is_empty() || file.gathered_by.len() > LONGEST {
        return Err("it does not say in short how it was gathered (gatheredBy)".to_owned());
    }
    let date = day(&file.date).ok_or("its date is no time (RFC 3339)")?;
    let mut settings = file.settings;
    if settings.approvals_required.is_some_and(|count| usize::from(count) > MOST) {
        return Err("more approvals than anyone asks for".to_owned());
    }
    if let Some(checks) = &mut settings.status_checks_required {
        if checks.len() > MOST || checks.iter().any(|check| check.trim().is_empty()) {
            return Err("its status checks cannot be read".to_owned());
        }
        *checks = checks.iter().map(|check| name(check)).collect();
        checks.sort();
        checks.dedup();
    }
    settings.default_branch = settings.default_branch.as_deref().map(name);
    Ok(Report {
        repository: Some(name(&file.repository)),
        commit: file.commit.map(|commit| name(&commit.to_ascii_lowercase())),
        date: Some(date),
        ended: true,
        settings: Some(settings),
        ..Report::of(&file.gathered_by, &[Purpose::Settings])
    })
}
