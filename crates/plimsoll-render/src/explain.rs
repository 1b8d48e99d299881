//! One item of a label, told in full.

use plimsoll_model::{Assurance, CriterionResult, EntryResult, Outcome, Pointer, SourceRung, Statement};

use crate::{
    TextOptions,
    paint::{Page, Style},
    view::View,
    words,
};

/// Gives what the label holds about `id`: a criterion, or an entry of a catalog as `ENTRY` or `CATALOG/ENTRY`.
///
/// For each: what is asked, what it came to and how we know, why, where it was seen, what the maker claims, and
/// what to do. An id that several catalogs use gives all of them. `None` when the label has no such item.
pub fn explain(statement: &Statement, id: &str, options: &TextOptions) -> Option<String> {
    let view = View::new(statement);
    let mut page = Page::new(options.width);
    let entries = view.entries(id);
    let criterion = view.criterion(id);
    if entries.is_empty() && criterion.is_none() {
        let under = group(statement, id);
        if under.is_empty() {
            return None;
        }
        page.text(0, &words::clean(id), Style::Bold);
        for entry in under {
            let lead = format!("{} {}", words::mark(entry.outcome), words::clean(&entry.id));
            let told = format!("{}: {}", words::clean(&entry.title), words::outcome(entry.outcome));
            page.paragraph(2, 2, (&lead, Style::Bold), &told, Style::Plain);
        }
        return Some(page.finish(options.color));
    }
    if let Some(criterion) = criterion {
        show_criterion(&mut page, view, criterion);
    }
    for (catalog, entry) in entries {
        page.blank();
        show_entry(&mut page, view, catalog, entry);
    }
    Some(page.finish(options.color))
}

/// Gives the entries of a label under an id that is the beginning of theirs (`PW.8` of `PW.8.1`), or that is their group's or
/// their catalog's; with or without the catalog before it.
pub fn group<'a>(statement: &'a Statement, id: &str) -> Vec<&'a EntryResult> {
    let catalogs = statement.predicate.catalogs.iter();
    let under = catalogs.flat_map(|catalog| {
        let own = id.strip_prefix(&catalog.id).and_then(|rest| rest.strip_prefix('/')).unwrap_or(id);
        let whole = catalog.id.eq_ignore_ascii_case(id);
        catalog.entries.iter().filter(move |entry| {
            let start = entry.id.get(..own.len()).is_some_and(|start| start.eq_ignore_ascii_case(own));
            let is_part = start && entry.id.get(own.len()..).is_some_and(|rest| rest.starts_with('.'));
            whole || is_part || (!own.is_empty() && entry.group.eq_ignore_ascii_case(own))
        })
    });
    under.collect()
}

fn outcome(page: &mut Page, outcome: Outcome, assurance: Option<Assurance>, reason: &str) {
    let how = assurance.map(|assurance| format!(", {}", words::meaning(assurance))).unwrap_or_default();
    let style = match outcome {
        Outcome::Met => Style::Good,
        Outcome::Unmet => Style::Alarm,
        _ => Style::Bold,
    };
    let lead = format!("{} {}{how}.", words::mark(outcome), words::capital(words::outcome(outcome)));
    page.paragraph(0, 2, (&lead, style), &words::sentence(reason), Style::Plain);
}

fn field(page: &mut Page, lead: &str, text: &str) {
    if !text.trim().is_empty() {
        page.paragraph(0, 2, (lead, Style::Bold), text, Style::Plain);
    }
}

fn places(page: &mut Page, pointers: &[Pointer]) {
    if pointers.is_empty() {
        return;
    }
    page.text(0, "Seen at:", Style::Bold);
    for pointer in pointers {
        page.text(2, &pointer.display(), Style::Plain);
    }
}

fn show_criterion(page: &mut Page, view: View<'_>, criterion: &CriterionResult) {
    page.text(0, &criterion.id, Style::Bold);
    page.text(0, &criterion.asks, Style::Plain);
    page.blank();
    outcome(page, criterion.outcome, criterion.assurance, &criterion.reason);
    places(page, &criterion.pointers);
    page.blank();
    field(page, "Why it matters:", &criterion.why);
    field(page, "What to do:", &criterion.fix);
    field(page, "Work:", &criterion.effort);
    field(page, "Source:", &criterion.refs.join("; "));
    let mut supports = Vec::new();
    for catalog in &view.body().catalogs {
        let entries =
            catalog.entries.iter().filter(|entry| entry.supported_by.iter().any(|by| by.criterion == criterion.id));
        supports.extend(entries.map(|entry| format!("{}/{}", catalog.id, entry.id)));
    }
    field(page, "Supports:", &supports.join(", "));
    lacking(page, view, &criterion.id);
}

/// The tiers for which the source alone lacks `id`.
fn lacking(page: &mut Page, view: View<'_>, id: &str) {
    let line = view.body().source_line.as_ref();
    let rungs = line.map_or(&[] as &[SourceRung], |line| line.rungs.as_slice());
    let lacks = rungs.iter().filter(|rung| rung.missing.iter().any(|one| one == id));
    let tiers: Vec<String> = lacks.map(|rung| rung.level.to_string()).collect();
    if !tiers.is_empty() {
        field(page, "By the source alone:", &format!("it is missing for tier {}", tiers.join(" and ")));
    }
}

fn show_entry(page: &mut Page, view: View<'_>, catalog: &str, entry: &EntryResult) {
    let group = if entry.group.is_empty() { String::new() } else { format!(" · {}", entry.group) };
    page.paragraph(0, 0, (&format!("{catalog}/{}", entry.id), Style::Bold), &group, Style::Dim);
    page.text(0, &entry.title, Style::Plain);
    page.blank();
    if entry.contradicted {
        page.text(0, "!! THE SOURCE SAYS OTHERWISE", Style::Alarm);
    }
    outcome(page, entry.outcome, entry.assurance, &entry.reason);
    if let Some(claim) = &entry.claimed {
        let note = words::clean(&claim.note);
        let note = if note.is_empty() { String::new() } else { format!(": \u{201c}{note}\u{201d}") };
        let current = if claim.current { "" } else { "; it counts no more" };
        let dates = format!("claimed {}, to be reviewed by {}", words::day(claim.date), words::day(claim.review_by));
        field(page, "The maker says:", &format!("{}{note} ({dates}{current})", claim.answer));
    } else {
        let silent = if view.source().is_some() { "nothing at all" } else { "nothing about it" };
        field(page, "The maker says:", silent);
    }
    if entry.claimable {
        field(page, "The maker is asked:", &entry.ask);
    }
    field(page, "Highest it can come to:", words::meaning(entry.reach));
    field(page, "Not yet:", entry.pending.as_deref().unwrap_or_default());
    lacking(page, view, &format!("{catalog}/{}", entry.id));
    field(page, "Not looked at:", entry.not_looked_at.as_deref().unwrap_or_default());
    places(page, &view.body().places_of(entry));
    if entry.supported_by.is_empty() {
        field(page, "Decided by:", "the maker's claim alone");
        return;
    }
    page.blank();
    page.text(0, "Decided by:", Style::Bold);
    for support in &entry.supported_by {
        let how = support.assurance.map(|assurance| format!(", {assurance}")).unwrap_or_default();
        let lead = format!("{} {}", words::mark(support.outcome), words::clean(&support.criterion));
        page.paragraph(2, 2, (&lead, Style::Bold), &format!("{}{how}", words::outcome(support.outcome)), Style::Plain);
        let Some(criterion) = view.criterion(&support.criterion) else { continue };
        page.text(4, &criterion.asks, Style::Plain);
        if support.outcome != Outcome::Met {
            page.text(4, &words::sentence(&criterion.reason), Style::Dim);
            if !criterion.fix.trim().is_empty() {
                page.paragraph(4, 2, ("→", Style::Good), &criterion.fix, Style::Plain);
            }
        }
    }
}
