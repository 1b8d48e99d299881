//! A report as proposals for the OpenSSF Best Practices Badge: a person reviews each on its site.

use plimsoll_model::{Outcome, Report, ReportAnswer, ReportEntry, one_line};
use plimsoll_practices::Catalog;
use serde_json::{Map, Value, json};

/// Characters of a justification.
const LONGEST: usize = 1500;

/// Gives a report of `catalog` as the text of `.bestpractices.json`; nothing where the badge does not know the framework. What is
/// open, or answered in part, is not proposed; what is known not to be met is proposed as that.
///
/// Source: OpenSSF Best Practices Badge, "bestpractices.json" and "Automation Proposals": `CRITERION_status` is `Met`, `Unmet` or
/// `N/A`, `CRITERION_justification` a text; the criterion in lower case with `_` for `.` and `-`.
pub fn badge_proposals(report: &Report, catalog: &Catalog) -> Option<Value> {
    if !catalog.badge {
        return None;
    }
    let mut answers = Map::new();
    for entry in &report.entries {
        let Some(status) = status(entry) else { continue };
        let name = format!("{}{}", catalog.published_prefix, entry.id).to_lowercase().replace(['.', '-'], "_");
        answers.insert(format!("{name}_status"), json!(status));
        answers.insert(format!("{name}_justification"), json!(justification(entry)));
    }
    Some(Value::Object(answers))
}

fn status(entry: &ReportEntry) -> Option<&'static str> {
    let is_open = entry.answer == ReportAnswer::Open;
    match entry.outcome {
        _ if entry.contradicted => Some("Unmet"),
        Outcome::Unmet if is_open => Some("Unmet"),
        Outcome::Met if !is_open => Some("Met"),
        Outcome::NotApplicable if !is_open => Some("N/A"),
        _ => None,
    }
}

/// Why, and where: addresses where they are known, since some criteria ask for one.
fn justification(entry: &ReportEntry) -> String {
    let mut text = format!("{}.", one_line(entry.reason.trim()).trim_end_matches('.'));
    let mut shown: Vec<String> = Vec::new();
    for place in &entry.places {
        let place = place.url.clone().unwrap_or_else(|| one_line(&place.shown));
        let length =
            text.chars().count() + shown.iter().chain([&place]).map(|one| one.chars().count() + 2).sum::<usize>();
        if length < LONGEST && !shown.contains(&place) && !text.contains(&place) {
            shown.push(place);
        }
    }
    if !shown.is_empty() {
        text = format!("{text} See {}", shown.join(", "));
    }
    text.chars().take(LONGEST).collect()
}
