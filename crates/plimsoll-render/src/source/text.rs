//! The outside view on a terminal.

use plimsoll_model::{Sign, SourceRow, SourceView};

use super::{INVITATION, NO_PROMISE, NOT_KNOWN, NOT_RATED, ONLY_MAKER, SEEN, TITLE, blocks, counts, lacking};
use crate::{
    paint::{Page, Style},
    row::mark,
    text::{self, Detail, TextOptions},
    view::View,
    words,
};

// Characters of one reason.
const REASON: usize = 300;
// What a short view lists before it says "and N more".
const LACKING: usize = 5;

/// Lays the view out.
pub(crate) fn text(view: View<'_>, source: &SourceView, options: &TextOptions) -> String {
    let detail = options.detail;
    let page = &mut Page::new(options.width);
    page.text(0, &TITLE.to_uppercase(), Style::Dim);
    let version = words::clean(&view.body().product.version);
    page.paragraph(0, 0, (&words::shorten(&view.name(), 200), Style::Bold), &words::shorten(&version, 80), Style::Bold);
    if let Some(name) = &source.assessor {
        page.text(0, &format!("as seen by {}", words::shorten(&words::clean(name), REASON)), Style::Plain);
    }
    page.rule("╍");
    text::ended(page, view);
    page.ends(&NOT_RATED.replacen("Not rated", "NOT RATED", 1), Style::Bold, &view.lasts(), Style::Plain);
    page.text(0, &format!("What the public source shows by itself: {}.", counts(source)), Style::Plain);
    page.text(0, &view.source_sentence().unwrap_or_default(), Style::Plain);
    let (seen, unseen) = blocks(source);
    block(page, SEEN, &seen);
    block(page, NOT_KNOWN, &unseen);
    if !source.only_maker.is_empty() {
        page.blank();
        page.paragraph(
            0,
            2,
            (&format!("{} (not said yet):", ONLY_MAKER.to_uppercase()), Style::Bold),
            "",
            Style::Plain,
        );
        let only: Vec<String> = source.only_maker.iter().map(|one| words::clean(one)).collect();
        page.text(2, &only.join(" · "), Style::Plain);
    }
    page.rule("─");
    text::dates(page, view);
    text::not_seen(page, view, detail);
    next(page, view, detail);
    if detail == Detail::Full {
        text::findings(page, view);
        text::entries(page, view);
    }
    text::frameworks(page, view);
    page.blank();
    page.text(0, INVITATION, Style::Bold);
    page.paragraph(
        0,
        0,
        ("plimsoll explain ID", Style::Bold),
        "says what one item asks and what was found.",
        Style::Plain,
    );
    page.text(0, NO_PROMISE, Style::Dim);
    std::mem::replace(page, Page::new(options.width)).finish(options.color)
}

fn block(page: &mut Page, title: &str, rows: &[&SourceRow]) {
    if rows.is_empty() {
        return;
    }
    page.blank();
    page.text(0, &title.to_uppercase(), Style::Bold);
    for row in rows {
        self::row(page, row);
    }
}

/// What it is about comes first and is always the same, so that a row is found by it; then the sign and what was found.
fn row(page: &mut Page, row: &SourceRow) {
    let style = match row.sign {
        Sign::Good => Style::Good,
        Sign::Bad => Style::Alarm,
        Sign::Weak => Style::Bold,
        Sign::Unknown => Style::Dim,
    };
    let topic = words::shorten(&words::clean(&row.topic), 120);
    let unknown = if row.sign == Sign::Unknown { "not known: " } else { "" };
    let said = format!("{unknown}{}", words::shorten(&words::clean(&row.text), REASON));
    let columns = page.width();
    if columns >= 72 {
        let width = 30.min(columns * 2 / 5);
        page.columns(&[
            (width, &topic, Style::Bold),
            (1, mark(row.sign), style),
            (columns - width - 5, &said, Style::Plain),
        ]);
    } else {
        page.paragraph(0, 2, (&format!("{topic} {}", mark(row.sign)), Style::Bold), "", Style::Plain);
        page.text(2, &said, Style::Plain);
    }
}

/// What the evidence lacks to carry one tier more.
fn next(page: &mut Page, view: View<'_>, detail: Detail) {
    let all = lacking(view);
    let line = view.body().source_line.as_ref();
    let Some(rung) = line.and_then(|line| line.rungs.iter().find(|rung| rung.level > line.level)) else { return };
    let title = format!("WHAT THE SOURCE LACKS FOR TIER {}:", rung.level);
    page.blank();
    page.paragraph(0, 2, (&title, Style::Bold), &format!("{} of {}", rung.missing.len(), rung.asked), Style::Plain);
    let shown = if detail == Detail::Full { all.len() } else { LACKING };
    for (id, title, reason) in all.iter().take(shown) {
        let title = words::shorten(&words::clean(title), REASON);
        page.paragraph(0, 2, (&format!("· {}", words::clean(id)), Style::Bold), &title, Style::Plain);
        page.text(4, &words::shorten(&words::sentence(reason), REASON), Style::Dim);
    }
    text::more(page, 2, all.len().saturating_sub(shown));
}
