//! A label in one line, for the top of a job's summary or of a comment; and what is wrong as marks on files.

use plimsoll_model::{Outcome, Pointer, Statement, plural};

use crate::{
    commands::{MOST, Mark, mark},
    markdown::text,
    sarif::is_serious,
    view::View,
    words,
};

/// Title of every mark.
const TITLE: &str = "Software security label";

/// Gives one line of Markdown: the tier, what is missing for the next one, claims that are disproved, and until when it is good.
pub fn summary(statement: &Statement) -> String {
    let view = View::new(statement);
    let mut parts = Vec::new();
    if view.source().is_some() {
        let level = view.body().source_line.as_ref().map_or(0, |line| line.level);
        parts.push("**No maker's label**".to_owned());
        parts.push(format!("tier {level} by the source alone"));
    } else {
        parts.push(format!("**{} {}**", view.tier(), text(&view.tier_name())));
    }
    parts.extend(view.other_practices().map(|line| format!("**{}**", text(&line))));
    if let Some(rung) = view.next() {
        parts.push(format!(
            "{} missing for tier {}",
            plural(view.steps().len(), "requirement", "requirements"),
            rung.level
        ));
    }
    let disproved = view.body().contradictions.len();
    if disproved > 0 {
        parts.push(format!("{} disproved by the source", plural(disproved, "claim", "claims")));
    }
    parts.push(format!("good until {}", view.good_until()));
    parts.join(" · ") + "\n"
}

/// Gives marks of GitHub on files: claims that are disproved and serious vulnerabilities as errors, what is looked for and missing for
/// the next tier as warnings.
pub fn annotations(statement: &Statement) -> String {
    let view = View::new(statement);
    let body = view.body();
    let mut errors = Vec::new();
    errors.extend(view.other_practices().map(|line| mark(Mark::Warning, None, TITLE, &line)));
    for one in &body.contradictions {
        let words =
            format!("The source disproves the claim {} {}: {}", one.entry, one.title, words::sentence(&one.reason));
        errors.push(mark(Mark::Error, one.pointers.first(), TITLE, &words));
    }
    for one in body.findings.iter().filter(|one| is_serious(one)) {
        let words = format!("{} in {} {}, severity {}", one.advisory, one.package, one.version, one.severity);
        errors.push(mark(Mark::Error, Some(&Pointer::path(one.lockfile.clone())), TITLE, &words));
    }
    let missing: Vec<&String> = view.steps().into_iter().flat_map(|step| &step.criteria).collect();
    let warnings = body
        .criteria
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::Unmet | Outcome::Partial) && missing.contains(&&one.id));
    let warnings = warnings.map(|one| {
        let place = one.pointers.iter().find(|place| place.path.is_some());
        let words = format!("{} {}", words::clean(&one.asks), words::sentence(&one.reason));
        mark(Mark::Warning, place, TITLE, &words)
    });
    errors.into_iter().take(MOST).chain(warnings.take(MOST)).collect()
}
