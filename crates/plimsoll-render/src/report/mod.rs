//! A report of one framework or questionnaire: for a terminal, as Markdown, and as one page.

mod html;
mod markdown;
mod text;

use plimsoll_model::{Outcome, Report, ReportAnswer, ReportCrosswalk, ReportEntry, plural};

pub use self::{html::report_html, markdown::report_markdown, text::report_text};
use crate::words;

/// `12 of 22 answered: 8 by evidence (2 of them checked by computation), 4 by the maker's word. 10 are open, 3 of them in part.`
fn summary(report: &Report) -> String {
    let counts = &report.counts;
    let answered = counts.evidence + counts.word;
    let checked = match counts.verified {
        0 => String::new(),
        many if many == counts.evidence => " (checked by computation)".to_owned(),
        many => format!(" ({many} of them checked by computation)"),
    };
    let in_part = match counts.in_part {
        0 => String::new(),
        many if many == counts.open => ", answered in part".to_owned(),
        many => format!(", {many} of them answered in part"),
    };
    let open = match counts.open {
        0 => "None is open".to_owned(),
        1 => format!("1 is open{in_part}"),
        many => format!("{many} are open{in_part}"),
    };
    format!(
        "{answered} of {} answered: {} by evidence{checked}, {} by the maker's word. {open}.",
        counts.entries, counts.evidence, counts.word
    )
}

/// What the report is about, as names and values.
fn head(report: &Report) -> Vec<(&'static str, String)> {
    let subject = &report.subject;
    let named = format!("{} {}", words::clean(&subject.name), words::clean(&subject.version));
    let named = named.trim();
    let day = |moment| words::day(words::utc_day(moment));
    let mut head = vec![
        ("Subject", if named.is_empty() { "not named".to_owned() } else { named.to_owned() }),
        ("Commit", format!("{} of {}", words::clean(&subject.commit), day(subject.committed))),
    ];
    if subject.worktree {
        head.push((
            "Working copy",
            "files that are in no commit were examined: no one else can repeat this".to_owned(),
        ));
    }
    if let Some(repository) = &subject.repository {
        head.push(("Repository", words::clean(repository)));
    }
    for (name, digest) in &subject.artifacts {
        head.push(("Released file", format!("{}, SHA-256 {}", words::clean(name), words::clean(digest))));
    }
    head.push(("As of", day(report.as_of)));
    for input in &report.inputs {
        let date = input.date.map(|date| format!(", of {}", words::day(date))).unwrap_or_default();
        let revision = input.revision.as_ref().map(|one| format!(", {}", words::shorten(&words::clean(one), 20)));
        let value = format!(
            "{}: {}{}{date}",
            words::clean(&input.name),
            words::clean(&input.source),
            revision.unwrap_or_default()
        );
        head.push(("Input", value));
    }
    if let Some(name) = &report.issuer.name {
        head.push(("Issuer", words::clean(name)));
    }
    if report.tool != report.collected_by {
        let shown = |tool: &plimsoll_model::Tool| words::clean(&format!("{} {}", tool.name, tool.version));
        let both =
            format!("{}, and evaluated by {}: another version", shown(&report.collected_by), shown(&report.tool));
        head.push(("Collected by", both));
    }
    // A page or a text carries no signature, whatever bundle there may be of the same report.
    head.push(("Issued by", format!("not signed: {}", words::clean(&report.issuer.known))));
    head
}

/// How an entry is answered, in words: `evidence, seen in its source`, `the maker's word of 1 Nov 2026`, `open`.
fn answer(entry: &ReportEntry) -> String {
    let applies = if entry.outcome == Outcome::NotApplicable { "does not apply: " } else { "" };
    match entry.answer {
        ReportAnswer::Evidence => {
            let how = entry.assurance.map(words::meaning).unwrap_or_default();
            format!("{applies}evidence, {how}")
        }
        ReportAnswer::Word => {
            let date = entry.claimed.as_ref().map(|claimed| format!(" of {}", words::day(claimed.date)));
            format!("{applies}the maker's word{}", date.unwrap_or_default())
        }
        ReportAnswer::Open if entry.contradicted => "open: the evidence disproves what the maker says".to_owned(),
        ReportAnswer::Open => match entry.outcome {
            Outcome::Met | Outcome::NotApplicable => "open: no place shows it".to_owned(),
            other => format!("open: {}", words::outcome(other)),
        },
    }
}

/// The mark of what rests on the maker's word.
const WORD: &str = "\u{275d}";

/// The mark before an entry; its word is always next to it.
fn mark(entry: &ReportEntry) -> &'static str {
    match entry.answer {
        ReportAnswer::Open if entry.contradicted => words::mark(Outcome::Unmet),
        ReportAnswer::Open if matches!(entry.outcome, Outcome::Met | Outcome::NotApplicable) => {
            words::mark(Outcome::Unknown)
        }
        // What someone says is not what was seen.
        ReportAnswer::Word => WORD,
        _ => words::mark(entry.outcome),
    }
}

/// The class that colours an answer.
fn class(entry: &ReportEntry) -> &'static str {
    match (entry.answer, entry.outcome) {
        (ReportAnswer::Evidence, _) => "good",
        (ReportAnswer::Word, _) | (ReportAnswer::Open, Outcome::Partial) => "part",
        (ReportAnswer::Open, Outcome::Unmet) => "bad",
        (ReportAnswer::Open, _) => "none",
    }
}

/// The maker's own answer, where it is not what answers the entry already.
fn said(entry: &ReportEntry) -> Option<String> {
    let claimed = entry.claimed.as_ref()?;
    let note = words::clean(&claimed.note);
    let note = if note.is_empty() { String::new() } else { format!(": {note}") };
    let counts = if claimed.current { "" } else { "; it does not count on this day" };
    let (date, until) = (words::day(claimed.date), words::day(claimed.review_by));
    Some(format!("The maker says \"{}\"{note} ({date}, valid until {until}{counts})", words::clean(&claimed.answer)))
}

/// What was looked through.
fn searched(entry: &ReportEntry) -> Option<String> {
    let all = entry.searched.iter().map(|one| {
        format!(
            "{} {}, {} of kind {}",
            one.count,
            words::clean(&one.searched),
            plural(one.found, "fact", "facts"),
            words::clean(&one.kind)
        )
    });
    let all: Vec<String> = all.collect();
    (!all.is_empty()).then(|| format!("Looked through: {}", all.join("; ")))
}

/// The mark before a criterion or an entry that is named for this one.
fn crossed_mark(one: &ReportCrosswalk) -> &'static str {
    if one.answer == ReportAnswer::Word { WORD } else { words::mark(one.outcome) }
}

/// What a criterion or an entry named for this one results in.
fn came(one: &ReportCrosswalk) -> String {
    let by = match (one.answer, one.assurance) {
        (ReportAnswer::Evidence, Some(assurance)) => format!(", {}", words::meaning(assurance)),
        (ReportAnswer::Word, _) => ", by the maker's word".to_owned(),
        _ => String::new(),
    };
    format!("{}{by}", words::outcome(one.outcome))
}

/// Where the standard names the same entries of others as for the entry before it: that it does.
fn as_before(entry: &ReportEntry, before: Option<&ReportEntry>) -> Option<String> {
    let before = before.filter(|before| entry.crosswalk.len() > 1 && before.crosswalk == entry.crosswalk)?;
    Some(format!("Named with it: the same {} as with {}.", entry.crosswalk.len(), words::clean(&before.id)))
}

/// Entries with the title of their group, where that changes.
fn grouped(report: &Report) -> Vec<(&str, Vec<&ReportEntry>)> {
    let mut groups: Vec<(&str, Vec<&ReportEntry>)> = Vec::new();
    for entry in &report.entries {
        match groups.last_mut() {
            Some((group, entries)) if *group == entry.group => entries.push(entry),
            _ => groups.push((&entry.group, vec![entry])),
        }
    }
    groups
}
