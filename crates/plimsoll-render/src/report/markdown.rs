//! As Markdown, to be filed or put into a ticket.

use std::fmt::Write as _;

use plimsoll_model::{Report, ReportEntry};

use super::{answer, as_before, came, crossed_mark, grouped, head, mark, said, searched, summary};
use crate::{
    link::public_page,
    markdown::{code, whole, whole_remedy},
    words,
};

// Writing to a String cannot fail.
macro_rules! put {
    ($out:expr) => {{ $out.push('\n'); }};
    ($out:expr, $($what:tt)*) => {{ let _ = writeln!($out, $($what)*); }};
}

/// Gives a report as Markdown. All text of it is escaped.
pub fn report_markdown(report: &Report) -> String {
    let mut out = String::new();
    put!(out, "# {}", whole(&report.catalog.title));
    put!(out);
    put!(out, "**{}**", whole(&summary(report)));
    put!(out);
    for (name, value) in head(report) {
        put!(out, "- {name}: {}", whole(&value));
    }
    put!(out);
    for line in &report.reading {
        put!(out, "{}", whole(line));
        put!(out);
    }
    let mut section = "";
    for field in &report.fields {
        if field.section != section {
            put!(out);
            put!(out, "## {}", whole(&field.section));
            put!(out);
            put!(out, "| | | |");
            put!(out, "|---|---|---|");
            section = &field.section;
        }
        let value = field.value.as_deref().map_or("**to be filled in**".to_owned(), whole);
        put!(out, "| {} | {value} | {} |", whole(&field.title), whole(&field.note));
    }
    for (group, entries) in grouped(report) {
        put!(out);
        put!(out, "## {}", whole(if group.is_empty() { "Questions" } else { group }));
        for (number, one) in entries.iter().enumerate() {
            entry(&mut out, one, entries.get(number.wrapping_sub(1)).copied());
        }
    }
    put!(out);
    put!(out, "Evidence: SHA-256 {}", code(report.evidence.get("sha256").map(String::as_str).unwrap_or_default()));
    put!(out);
    put!(out, "Practices:");
    put!(out);
    for (path, digest) in &report.practices {
        put!(out, "- {} {}", code(path), code(digest.get("sha256").map(String::as_str).unwrap_or_default()));
    }
    out
}

fn entry(out: &mut String, entry: &ReportEntry, before: Option<&ReportEntry>) {
    put!(out);
    put!(out, "### {} {}: {}", mark(entry), whole(&entry.id), whole(&entry.asks));
    put!(out);
    put!(out, "**{}.** {}", whole(&words::capital(&answer(entry))), whole(&words::sentence(&entry.reason)));
    put!(out);
    for place in &entry.places {
        match place.url.as_deref().and_then(public_page) {
            Some(url) => put!(out, "- at [{}](<{url}>)", whole(&place.shown)),
            None => put!(out, "- at {}", code(&place.shown)),
        }
    }
    for line in searched(entry).into_iter().chain(said(entry)) {
        put!(out, "- {}", whole(&line));
    }
    let same = as_before(entry, before);
    if let Some(line) = &same {
        put!(out, "- {}", whole(line));
    }
    for one in entry.crosswalk.iter().filter(|_| same.is_none()) {
        put!(out, "- {} {}: {} ({})", crossed_mark(one), code(&one.id), came(one), whole(&one.title));
    }
    for step in &entry.to_close {
        put!(out, "- To close: {} ({})", whole_remedy(&step.action), whole(&step.effort));
    }
}
