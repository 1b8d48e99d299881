//! For a terminal: the next step first, then all of them by the file to edit.

use plimsoll::{Group, Plan, Step};
use plimsoll_model::{one_line, plural};

use super::{makes_true, source, summary};
use crate::commands::table::wrapped;

/// Lays a plan out in `columns`.
pub fn of(plan: &Plan, first: &str, columns: usize) -> String {
    let mut text = wrapped("", first, columns);
    text.push_str(&wrapped("", &format!("{}.", summary(plan)), columns));
    if let Some(bottleneck) = &plan.bottleneck {
        text.push_str(&wrapped("", &format!("{bottleneck}."), columns));
    }
    if let Some(source) = source(plan) {
        text.push_str(&wrapped("", &source, columns));
    }
    if let Some(cap) = &plan.cap {
        text.push('\n');
        text.push_str(&wrapped("!  ", &format!("Held down: {cap}"), columns));
    }
    for (number, group) in plan.groups.iter().enumerate() {
        let steps: Vec<&Step> =
            group.steps.iter().filter_map(|id| plan.steps.iter().find(|step| step.id == *id)).collect();
        text.push('\n');
        text.push_str(&heading(number + 1, group, columns));
        if let Some(first) = &group.first {
            text.push_str(&wrapped("    ", first, columns));
        }
        for step in steps {
            one(&mut text, step, group, columns);
        }
    }
    if !plan.out_of_reach.is_empty() {
        text.push_str("\nNot to be had with this version:\n");
        for (id, reason) in &plan.out_of_reach {
            text.push_str(&wrapped("    ", &format!("{id}: {reason}"), columns));
        }
    }
    text
}

fn heading(number: usize, group: &Group, columns: usize) -> String {
    let what = match (&group.file, group.steps.len()) {
        (Some(file), 1) => one_line(file),
        (Some(file), count) => format!("{}, {}", one_line(file), plural(count, "value", "values")),
        (None, _) => group.steps.first().map(|id| one_line(id)).unwrap_or_default(),
    };
    wrapped(&format!("{number:>2}. "), &format!("{what}: {}", group.effort), columns)
}

fn one(text: &mut String, step: &Step, group: &Group, columns: usize) {
    text.push_str(&wrapped("    - ", &format!("{} ({})", step.action.trim_end_matches('.'), step.id), columns));
    for how in &step.how {
        text.push_str(&wrapped("      ", &format!("on {}:", how.on), columns));
        for line in how.lines.trim_end().lines() {
            text.push_str(&format!("        {}\n", line.trim_end()));
        }
    }
    // Where there is no claims file, each line of it says nothing now.
    if group.first.is_none() {
        text.push_str(&wrapped("      now:        ", &step.now, columns));
        if !step.places.is_empty() {
            text.push_str(&wrapped("      where:      ", &step.places.join(", "), columns));
        }
    }
    text.push_str(&wrapped("      makes true: ", &makes_true(step), columns));
    if !step.writes.is_empty() {
        text.push_str(&wrapped("      can be written: ", "plimsoll plan --write", columns));
    }
}
