//! For a terminal.

use plimsoll_model::{Report, ReportAnswer, ReportEntry};

use super::{answer, as_before, came, crossed_mark, grouped, head, mark, said, searched, summary};
use crate::{
    TextOptions,
    paint::{Page, Style},
    words,
};

/// Places of one entry that are shown.
const PLACES: usize = 4;

/// Gives a report as text: how much is answered first, then what it is about, then each entry.
pub fn report_text(report: &Report, options: &TextOptions) -> String {
    let mut page = Page::new(options.width);
    page.text(0, &report.catalog.title, Style::Bold);
    page.text(0, &summary(report), Style::Bold);
    page.blank();
    for (name, value) in head(report) {
        page.paragraph(0, 2, (&format!("{name}:"), Style::Dim), &value, Style::Plain);
    }
    page.blank();
    for line in &report.reading {
        page.text(0, line, Style::Dim);
    }
    let mut section = "";
    for field in &report.fields {
        if field.section != section {
            page.blank();
            page.text(0, &field.section, Style::Bold);
            section = &field.section;
        }
        let note = if field.note.is_empty() { String::new() } else { format!(" ({})", field.note) };
        let (value, style) = match &field.value {
            Some(value) => (format!("{value}{note}"), Style::Plain),
            None => (format!("to be filled in{note}"), Style::Alarm),
        };
        page.paragraph(2, 2, (&format!("{}:", field.title), Style::Dim), &value, style);
    }
    for (group, entries) in grouped(report) {
        page.blank();
        page.text(0, if group.is_empty() { "Questions" } else { group }, Style::Bold);
        for (number, one) in entries.iter().enumerate() {
            entry(&mut page, one, entries.get(number.wrapping_sub(1)).copied());
        }
    }
    page.blank();
    let digest = report.evidence.get("sha256").map(String::as_str).unwrap_or_default();
    page.text(0, &format!("Evidence: SHA-256 {digest}"), Style::Dim);
    page.text(
        0,
        &format!("Practices: {} files, named with their digests by --format json", report.practices.len()),
        Style::Dim,
    );
    page.finish(options.color)
}

fn entry(page: &mut Page, entry: &ReportEntry, before: Option<&ReportEntry>) {
    let style = match entry.answer {
        ReportAnswer::Evidence => Style::Good,
        ReportAnswer::Word => Style::Plain,
        ReportAnswer::Open => Style::Alarm,
    };
    let lead = format!("{} {} {}", mark(entry), entry.id, words::capital(&answer(entry)));
    page.blank();
    page.paragraph(2, 2, ("", style), &lead, style);
    page.text(4, &entry.asks, Style::Bold);
    page.text(4, &words::sentence(&entry.reason), Style::Plain);
    for place in entry.places.iter().take(PLACES) {
        // An address that is wrapped is no address: the other forms have links.
        let shown = &place.shown;
        let blob =
            place.pointer.blob.as_ref().map(|blob| format!(" (blob {})", words::shorten(blob, 12))).unwrap_or_default();
        page.paragraph(4, 2, ("at", Style::Dim), &format!("{shown}{blob}"), Style::Plain);
    }
    if entry.places.len() > PLACES {
        page.text(4, &format!("and {} more places; --format json has them", entry.places.len() - PLACES), Style::Dim);
    }
    for line in searched(entry).into_iter().chain(said(entry)) {
        page.text(4, &line, Style::Dim);
    }
    let same = as_before(entry, before);
    if let Some(line) = &same {
        page.text(4, line, Style::Plain);
    }
    for one in entry.crosswalk.iter().filter(|_| same.is_none()) {
        let line = format!("{} {}: {}", crossed_mark(one), one.id, came(one));
        page.text(4, &line, Style::Plain);
    }
    for step in &entry.to_close {
        page.paragraph(4, 2, ("to close:", Style::Good), &format!("{} ({})", step.action, step.effort), Style::Plain);
    }
}
