//! The text of an issue: one checkbox for each thing to do, by the file to edit.

use plimsoll::Plan;
use plimsoll_render::{markdown_code as code, markdown_remedy as remedy, markdown_text as escaped};

use super::{makes_true, source, summary};

/// Gives the text. What comes from the repository is escaped as in the comment of a label: it makes no markup, and mentions nobody.
pub fn of(plan: &Plan, first: &str) -> String {
    let mut text = format!("## {}\n\n{}\n\n", escaped(&summary(plan)), remedy(first));
    for line in plan.bottleneck.iter().map(|line| format!("{line}.")).chain(source(plan)) {
        text.push_str(&format!("{}\n\n", escaped(&line)));
    }
    if let Some(cap) = &plan.cap {
        text.push_str(&format!("**Held down:** {}\n\n", escaped(cap)));
    }
    for group in &plan.groups {
        let what = group.file.as_deref().or(group.steps.first().map(String::as_str)).unwrap_or_default();
        text.push_str(&format!("### {}: {}\n\n", code(what), escaped(&group.effort)));
        if let Some(first) = &group.first {
            text.push_str(&format!("{}\n\n", remedy(first)));
        }
        for step in group.steps.iter().filter_map(|id| plan.steps.iter().find(|step| step.id == *id)) {
            text.push_str(&format!("- [ ] {} ({})\n", remedy(&step.action), code(&step.id)));
            text.push_str(&format!("  - now: {}\n", escaped(&step.now)));
            if !step.places.is_empty() {
                let places: Vec<String> = step.places.iter().map(|place| code(place)).collect();
                text.push_str(&format!("  - where: {}\n", places.join(", ")));
            }
            text.push_str(&format!("  - makes true: {}\n", escaped(&makes_true(step))));
        }
        text.push('\n');
    }
    if !plan.out_of_reach.is_empty() {
        text.push_str("### Not to be had with this version\n\n");
        for (id, reason) in &plan.out_of_reach {
            text.push_str(&format!("- {}: {}\n", code(id), escaped(reason)));
        }
    }
    text
}
