//! Whether options of Renovate have the form that it takes: what has another is refused by it or means something else.
//!
//! Source: Renovate, "Configuration options", the type of each option.

use serde_json::{Map, Value as Json};

const TEXTS: &[&str] = &[
    "baseBranchPatterns",
    "baseBranches",
    "enabledManagers",
    "extends",
    "ignoreDeps",
    "ignorePaths",
    "ignorePresets",
    "includePaths",
    "schedule",
];
const SWITCHES: &[&str] = &["enabled", "dependencyDashboardApproval"];
const LIMITS: &[&str] = &["branchConcurrentLimit", "prConcurrentLimit", "prHourlyLimit", "stabilityDays"];

/// The first option of a form that is not known to be right, of the whole or of one rule.
pub(super) fn wrong(settings: &Map<String, Json>) -> Option<String> {
    let texts = |value: &Json| value.is_string() || value.as_array().is_some_and(|all| all.iter().all(Json::is_string));
    let found = settings.iter().find(|(key, value)| {
        let key = key.as_str();
        let right = if SWITCHES.contains(&key) {
            value.is_boolean()
        } else if TEXTS.contains(&key) || key.starts_with("match") || key.starts_with("exclude") {
            texts(value)
        } else if LIMITS.contains(&key) {
            value.is_null() || value.is_u64()
        } else {
            match key {
                "minimumReleaseAge" => value.is_null() || value.is_string(),
                "mode" => matches!(value.as_str(), Some("full" | "silent")),
                "prCreation" => {
                    matches!(value.as_str(), Some("immediate" | "not-pending" | "status-success" | "approval"))
                }
                "force" | "major" | "minor" | "patch" => value.is_object(),
                _ => true,
            }
        };
        let inner = value.get("enabled").is_none_or(Json::is_boolean);
        !(right && inner)
    });
    found.map(|(key, _)| format!("its \"{}\" has a form that is not understood", plimsoll_model::one_line(key)))
}
