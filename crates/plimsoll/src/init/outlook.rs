//! Which tier a label comes to, and how much work each further one is.

use plimsoll_model::{LabelBody, plural};
use plimsoll_practices::Practices;

/// Things that are named where a tier is not reached.
const MOST: usize = 4;
/// Units of work, the smallest first.
const EFFORTS: [&str; 4] = ["minutes", "hours", "days", "weeks"];

/// Gives one line for the tier that is reached, and one for each further tier: its steps, and how many of them take how long.
pub fn outlook(label: &LabelBody, practices: &Practices) -> Vec<String> {
    let top = label.ladder.iter().map(|rung| rung.level).max().unwrap_or_default();
    let mut lines = vec![format!("tier {} of {top}, {}", label.tier.level, label.tier.name)];
    if let Some(cap) = &label.tier.cap {
        lines.push(format!("held down: {}", cap.reason));
    }
    for rung in label.ladder.iter().filter(|rung| rung.level > label.tier.level) {
        let Some(plan) = crate::plan(label, Some(rung.level), practices) else { continue };
        let count = |effort: &str| plan.steps.iter().filter(|step| step.effort == effort).count();
        let shares: Vec<String> = EFFORTS
            .iter()
            .filter(|effort| count(effort) > 0)
            .map(|effort| format!("{} of {effort}", count(effort)))
            .collect();
        let steps = plural(plan.steps.len(), "step", "steps");
        let shares = if shares.is_empty() { String::new() } else { format!(": {}", shares.join(", ")) };
        let held = label.tier.cap.as_ref().is_some_and(|cap| cap.level < rung.level);
        let held = if held { ", once nothing holds it down" } else { "" };
        lines.push(format!("to tier {}, {}: {steps}{shares}{held}", rung.level, rung.name));
        if rung.level == label.tier.level + 1 {
            let missing = rung.missing.iter().map(|one| format!("  {}: {}", one.id, one.reason));
            lines.extend(missing.take(if rung.level == 1 { MOST } else { 0 }));
        }
    }
    lines
}
