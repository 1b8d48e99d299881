//! What conditions of jobs and steps give away.

use crate::{
    expressions::{Expression, Known},
    model::Step,
    runs,
};

pub(super) fn merges(step: &Step) -> bool {
    let action = step.action.as_deref().unwrap_or_default().to_ascii_lowercase();
    let acts = ["merge", "approve"].iter().any(|part| action.contains(part));
    let script = step.run.iter().chain(step.with.iter().map(|(_, text)| text)).any(|text| {
        let plain = text.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        ["pr merge", "--approve", "pulls.merge", "approve", "automerge", "auto-merge", "git push"]
            .iter()
            .any(|part| plain.contains(part))
    });
    acts || script
}

pub(super) fn asks_for_bot(condition: &str) -> bool {
    let mut found = false;
    if let Some(expression) = runs::condition(condition) {
        expression.visit(&mut |part| {
            let (left, right) = match part {
                Expression::Compare("==", left, right) => (left.as_ref(), right.as_ref()),
                Expression::Call(name, arguments) if matches!(name.as_str(), "contains" | "endswith" | "startswith") => {
                    match arguments.as_slice() {
                        [left, right] => (left, right),
                        _ => return,
                    }
                }
                _ => return,
            };
            let actor = |one: &Expression| {
                matches!(one, Expression::Path(path) if matches!(
                    path.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
                    ["github", "actor" | "triggering_actor"] | ["github", "event", "sender", "login"]
                ))
            };
            let bot = |one: &Expression| {
                matches!(one, Expression::Literal(Known::Text(text)) if text.to_ascii_lowercase().contains("[bot"))
            };
            found |= actor(left) && bot(right) || bot(left) && actor(right);
        });
    }
    found
}

/// The context that `contains('a b', context)` asks for, where its text can be chosen.
pub(super) fn asks_part_of_text(condition: &str) -> Option<String> {
    let mut found = None;
    runs::condition(condition)?.visit(&mut |part| {
        if let Expression::Call(name, arguments) = part
            && name == "contains"
            && let [Expression::Literal(Known::Text(_)), Expression::Path(path)] = arguments.as_slice()
            && let ["github", "head_ref" | "ref" | "ref_name" | "base_ref" | "actor" | "triggering_actor"] =
                path.iter().map(String::as_str).collect::<Vec<_>>().as_slice()
        {
            found = Some(path.join("."));
        }
    });
    found
}

pub(super) fn always_true(condition: &str) -> bool {
    let text = condition.trim();
    text.contains("${{")
        && (!text.starts_with("${{") || !text.ends_with("}}") || text.matches("${{").count() != 1)
        && !text.contains("&&")
        && !text.contains("||")
        && !["==", "!="].iter().any(|comparison| text.rsplit("}}").next().is_some_and(|rest| rest.contains(comparison)))
}
