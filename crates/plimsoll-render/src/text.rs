//! The label on a terminal.

use jiff::civil::Date;
use plimsoll_model::{Assurance, Sign};

use crate::{
    frameworks, gaps,
    paint::{Page, Style, cut, gap, span},
    row::{Shown, mark, word},
    view::{self, View},
    words,
};

/// How much a label on a terminal says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The face, what was not seen, and the next steps, each cut to its first few.
    #[default]
    Short,
    /// All of the face and the layer behind it: every entry, finding and limitation.
    Full,
}

/// How a label is written for a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextOptions {
    /// Columns, taken as one from 40 to 200. 80 by default.
    pub width: usize,
    /// Adds ANSI colours. The text says the same without them.
    pub color: bool,
    /// How much is said.
    pub detail: Detail,
    /// The day on which it is read: a label that has ended by then says so. Nothing is said of that where it is not given.
    pub on: Option<Date>,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self { width: 80, color: false, detail: Detail::Short, on: None }
    }
}

// What a short label lists before it says "and N more".
const STEPS: usize = 5;
const LIMITATIONS: usize = 4;
const CONTRADICTIONS: usize = 4;
// Characters of one reason on a short label.
const REASON: usize = 300;
// Columns of the bar and its longest word.
const KNOWN: usize = 14;

/// Lays a label out.
pub(crate) fn label(view: View<'_>, options: &TextOptions) -> String {
    let mut page = Page::new(options.width);
    head(&mut page, view);
    contradictions(&mut page, view, options.detail);
    ladder(&mut page, view);
    page.rule("─");
    for row in view.rows() {
        face_row(&mut page, &row);
    }
    page.rule("─");
    legend(&mut page);
    page.blank();
    dates(&mut page, view);
    not_seen(&mut page, view, options.detail);
    next(&mut page, view, options.detail);
    if options.detail == Detail::Full {
        findings(&mut page, view);
        entries(&mut page, view);
    }
    frameworks(&mut page, view);
    page.blank();
    page.paragraph(
        0,
        0,
        ("plimsoll explain ID", Style::Bold),
        "says what one item asks and what was found.",
        Style::Plain,
    );
    page.paragraph(0, 0, ("plimsoll plan", Style::Bold), "lists the shortest way to the next tier.", Style::Plain);
    page.text(0, "A label is not a promise that nothing can go wrong.", Style::Dim);
    page.finish(options.color)
}

fn head(page: &mut Page, view: View<'_>) {
    let product = &view.body().product;
    page.text(0, "SOFTWARE SECURITY LABEL", Style::Dim);
    let version = words::clean(&product.version);
    page.paragraph(0, 0, (&words::shorten(&view.name(), 200), Style::Bold), &words::shorten(&version, 80), Style::Bold);
    let mut parts = vec![words::clean(&product.platforms)];
    if !product.claimant.trim().is_empty() {
        parts.push(format!("by {}", words::clean(&product.claimant)));
    }
    parts.retain(|part| !part.is_empty());
    if !parts.is_empty() {
        page.text(0, &words::shorten(&parts.join(" · "), REASON), Style::Plain);
    }
    page.rule("━");
    ended(page, view);
    let tier = format!("{} · {}", view.tier().to_uppercase().replacen(" OF ", " of ", 1), view.tier_name());
    page.ends(&tier, Style::Bold, &view.lasts(), Style::Plain);
    for sentence in [Some(view.tier_sentence()), view.word_sentence(), view.source_sentence()].into_iter().flatten() {
        page.text(0, &sentence, Style::Plain);
    }
    if let Some(cap) = &view.body().tier.cap {
        let held = format!("Held at tier {}:", cap.level);
        page.paragraph(0, 2, (&held, Style::Alarm), &words::sentence(&cap.reason), Style::Plain);
    }
    page.blank();
}

pub(crate) fn ended(page: &mut Page, view: View<'_>) {
    if view.ended() {
        page.text(0, &format!("!! EXPIRED {}: do not rely on it.", view.good_until()), Style::Alarm);
    }
}

fn contradictions(page: &mut Page, view: View<'_>, detail: Detail) {
    let all = &view.body().contradictions;
    if all.is_empty() {
        return;
    }
    let shown = if detail == Detail::Full { all.len() } else { CONTRADICTIONS };
    let claims = plimsoll_model::plural(all.len(), "claim", "claims");
    page.text(0, &format!("!! CONTRADICTED: the source disproves {claims}"), Style::Alarm);
    for item in all.iter().take(shown) {
        let lead = format!("{} {}:", words::clean(&item.entry), words::clean(&item.title));
        page.paragraph(
            3,
            2,
            (&lead, Style::Bold),
            &words::shorten(&words::sentence(&item.reason), REASON),
            Style::Plain,
        );
        for pointer in item.pointers.iter().take(shown) {
            page.paragraph(5, 2, ("seen at", Style::Dim), &pointer.display(), Style::Dim);
        }
    }
    more(page, 3, all.len().saturating_sub(shown));
    page.blank();
}

fn ladder(page: &mut Page, view: View<'_>) {
    let level = view.body().tier.level;
    let mut rungs: Vec<(u8, String, bool)> = view
        .body()
        .ladder
        .iter()
        .map(|rung| (rung.level, view::names(rung.plain.as_deref(), &rung.name), rung.reached))
        .collect();
    rungs.sort_by_key(|rung| std::cmp::Reverse(rung.0));
    if !rungs.iter().any(|rung| rung.0 == level) {
        rungs.push((level, view.tier_name(), true));
        rungs.sort_by_key(|rung| std::cmp::Reverse(rung.0));
    }
    for (rung, name, reached) in rungs {
        // "━━⊖━━ 4 " before it, "  ← this label" after it.
        let name = cut(&name, page.width().saturating_sub(26).max(12));
        if rung == level {
            page.line(vec![
                gap("  "),
                span("━━⊖━━", Style::Bold),
                gap(" "),
                span(&format!("{rung} {name}"), Style::Bold),
                gap("  "),
                span("← this label", Style::Plain),
            ]);
            continue;
        }
        // A reached rung above the tier is one that a cap keeps out of reach.
        let (mark, note) = match (rung < level, reached) {
            (true, _) => ("✓", ""),
            (false, true) => (" ", "held down"),
            (false, false) => (" ", ""),
        };
        let style = if rung < level { Style::Plain } else { Style::Dim };
        page.line(vec![
            gap("      "),
            span(mark, style),
            gap(if mark == " " { "  " } else { " " }),
            span(&format!("{rung} {name}"), style),
            gap("  "),
            span(note, Style::Alarm),
        ]);
    }
}

/// What a row is about comes first and is always the same, so that a row is found by it; then the sign, what was found, and how
/// well that is known.
fn face_row(page: &mut Page, row: &Shown<'_>) {
    let known = row.known.map_or_else(|| row.how().to_owned(), |known| format!("{} {}", words::bar(known), row.how()));
    let style = match row.sign {
        Sign::Good => Style::Good,
        Sign::Weak => Style::Bold,
        Sign::Bad => Style::Alarm,
        Sign::Unknown => Style::Dim,
    };
    let said = words::shorten(&words::clean(row.text), REASON);
    let said_style = if row.sign == Sign::Bad { Style::Alarm } else { Style::Plain };
    let topic = words::shorten(&words::clean(row.topic), 120);
    let columns = page.width();
    if columns >= 72 {
        let width = 30.min(columns * 2 / 5);
        page.columns(&[
            (width, &topic, Style::Bold),
            (1, mark(row.sign), style),
            (columns - width - KNOWN - 7, &said, said_style),
            (KNOWN, &known, Style::Plain),
        ]);
    } else {
        page.columns(&[
            (columns - KNOWN - 5, &topic, Style::Bold),
            (1, mark(row.sign), style),
            (KNOWN, &known, Style::Plain),
        ]);
        page.text(2, &said, said_style);
    }
    if row.contradicted {
        page.text(2, "!! THE SOURCE SAYS OTHERWISE", Style::Alarm);
    }
}

fn legend(page: &mut Page) {
    let signs = Sign::ALL.map(|sign| format!("{} {}", mark(sign), word(sign)));
    page.paragraph(0, 2, ("Signs:", Style::Dim), &signs.join("  "), Style::Dim);
    let steps = Assurance::ALL.map(|step| format!("{} {}", words::bar(step), words::step(step)));
    page.paragraph(0, 2, ("How sure:", Style::Dim), &steps.join("  "), Style::Dim);
}

pub(crate) fn dates(page: &mut Page, view: View<'_>) {
    let mut line = format!("Checked {} · {}", view.checked(), view.lasts());
    let examined = view.examined();
    if !examined.is_empty() {
        line = format!("{line} · {examined}");
    }
    page.text(0, &line, Style::Plain);
    if let Some(others) = view.other_practices() {
        page.text(0, &format!("{others}."), Style::Alarm);
    }
    if let Some(disagreement) = &view.body().product.disagreement {
        page.paragraph(0, 2, ("Version:", Style::Plain), &words::clean(disagreement), Style::Plain);
    }
    let data = view.advisory_data().unwrap_or_else(|| "none".to_owned());
    page.paragraph(0, 2, ("Advisory data:", Style::Plain), &data, Style::Plain);
    for (lead, value) in [("Report a problem:", view.contact()), ("More:", words::clean(&view.body().product.url))] {
        if !value.is_empty() {
            page.paragraph(0, 2, (lead, Style::Plain), &words::shorten(&value, REASON), Style::Plain);
        }
    }
}

fn heading(page: &mut Page, title: &str, note: &str) {
    page.blank();
    page.paragraph(0, 2, (title, Style::Bold), note, Style::Plain);
}

pub(crate) fn more(page: &mut Page, indent: usize, count: usize) {
    if count > 0 {
        page.text(indent, &format!("and {count} more"), Style::Dim);
    }
}

pub(crate) fn not_seen(page: &mut Page, view: View<'_>, detail: Detail) {
    let all = &view.body().limitations;
    if all.is_empty() {
        return;
    }
    heading(page, "NOT SEEN", "");
    let count = gaps::count(all);
    let shown = if detail == Detail::Full { count } else { LIMITATIONS };
    let mut left = shown;
    for (group, items) in gaps::grouped(all) {
        if left == 0 {
            break;
        }
        page.text(0, &format!("{}:", group.title()), Style::Dim);
        for item in items.iter().take(left) {
            let reason = words::shorten(&words::sentence(item.text), REASON);
            page.paragraph(0, 2, ("·", Style::Plain), &reason, Style::Plain);
        }
        left = left.saturating_sub(items.len());
    }
    more(page, 2, count.saturating_sub(shown));
}

fn next(page: &mut Page, view: View<'_>, detail: Detail) {
    let Some(rung) = view.next() else { return };
    let steps = view.steps();
    let note = match steps.len() {
        0 => "everything it asks is met; what holds the label down stands above".to_owned(),
        count => format!("{} missing", plimsoll_model::plural(count, "thing is", "things are")),
    };
    let tier = format!("NEXT, TIER {} {}:", rung.level, view::names(rung.plain.as_deref(), &rung.name));
    heading(page, &tier, &note);
    let shown = if detail == Detail::Full { steps.len() } else { STEPS };
    for step in steps.iter().take(shown) {
        let lead = format!("{} {}", words::missing_mark(step.outcome), words::clean(&step.id));
        let title = words::shorten(&words::clean(&step.title), REASON);
        page.paragraph(0, 2, (&lead, Style::Bold), &title, Style::Plain);
        page.text(4, &words::shorten(&words::sentence(&step.reason), REASON), Style::Dim);
        if step.out_of_reach {
            page.text(4, "No rule at hand can show this yet.", Style::Dim);
        } else if let Some(fix) = view.remedy(step) {
            page.paragraph(4, 2, ("→", Style::Good), &words::shorten(&words::clean(fix), REASON), Style::Plain);
        }
    }
    more(page, 2, steps.len().saturating_sub(shown));
}

pub(crate) fn findings(page: &mut Page, view: View<'_>) {
    let all = &view.body().findings;
    heading(page, "KNOWN SECURITY HOLES AND NOTICES:", &plimsoll_model::plural(all.len(), "finding", "findings"));
    for item in all {
        let lead = format!("· {}", words::clean(&item.advisory));
        let names: Vec<&str> = words::cves(item).take(3).map(String::as_str).collect();
        let names = if names.is_empty() { String::new() } else { format!(" ({})", names.join(", ")) };
        let said = format!("{}: {} {}{names}", words::severity(item), item.package, item.version);
        page.paragraph(0, 2, (&lead, Style::Bold), &said, Style::Plain);
        page.paragraph(4, 2, ("reaches the product:", Style::Dim), &words::reaches(item), Style::Plain);
        if let Some(told) = words::exploitation(item) {
            page.text(
                4,
                &words::capital(&told),
                if item.known_exploited.is_some() { Style::Alarm } else { Style::Plain },
            );
        }
        page.paragraph(4, 2, ("fixed in:", Style::Dim), &words::fixed(item), Style::Plain);
        for exception in &item.exceptions {
            page.text(4, &words::exception(exception), Style::Plain);
        }
    }
}

pub(crate) fn entries(page: &mut Page, view: View<'_>) {
    for catalog in &view.body().catalogs {
        heading(page, &words::clean(&catalog.title).to_uppercase(), "");
        for entry in &catalog.entries {
            let how = match entry.assurance {
                Some(assurance) => format!("{}, {}", words::outcome(entry.outcome), assurance),
                None => words::outcome(entry.outcome).to_owned(),
            };
            let style = if entry.contradicted { Style::Alarm } else { Style::Bold };
            let lead = format!("{} {}", words::mark(entry.outcome), words::clean(&entry.id));
            page.paragraph(0, 2, (&lead, style), &format!("{} [{how}]", words::clean(&entry.title)), Style::Plain);
            page.text(4, &words::sentence(&entry.reason), Style::Dim);
        }
    }
}

/// The catalogs that were asked for: how many entries came to what, and which.
pub(crate) fn frameworks(page: &mut Page, view: View<'_>) {
    for framework in &view.body().frameworks {
        let title = format!("{}: {}", words::clean(&framework.id), frameworks::tally(framework));
        heading(page, &title, "");
        for (outcome, ids) in frameworks::by_outcome(framework) {
            page.paragraph(0, 2, (&words::capital(words::outcome(outcome)), Style::Bold), &ids, Style::Plain);
        }
        page.text(0, &frameworks::explained(framework), Style::Dim);
    }
}
