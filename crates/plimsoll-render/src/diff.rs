//! What changed between two labels: for a terminal, for a pull request, and as marks on its files.

use std::fmt::Write as _;

use plimsoll_model::{Comparison, Direction, LabelChange, plural};

use crate::{
    TextOptions,
    commands::{MOST, Mark, mark as annotation},
    markdown::{code, text as marked},
    words,
};

/// Items of a list that are shown.
const SHOWN: usize = 20;

// Writing to a String cannot fail.
macro_rules! put {
    ($out:expr) => {{ $out.push('\n'); }};
    ($out:expr, $($what:tt)*) => {{ let _ = writeln!($out, $($what)*); }};
}

/// The lists with their headings, in the order in which they are shown.
fn lists(found: &Comparison) -> [(&'static str, &[LabelChange]); 4] {
    [
        ("Worse", &found.worse),
        ("Better", &found.better),
        ("Different, and neither better nor worse", &found.other),
        ("May come from other inputs, and not from the change", &found.by_inputs),
    ]
}

/// What to do where the inputs differ; nothing where they do not.
fn advice(found: &Comparison) -> Option<String> {
    let differing = (!found.inputs.is_empty()).then(|| found.inputs.join(", "))?;
    Some(format!(
        "Inputs differ: {differing}. Label both with the same --as-of, --advisories and other inputs to compare the change alone."
    ))
}

/// What an item was and is, in one sentence.
fn states(item: &LabelChange) -> String {
    let word = |state: &Option<String>| state.as_deref().map_or("not there".to_owned(), words::clean);
    format!("{} -> {}", word(&item.before), word(&item.after))
}

/// The reason that explains an item: the one now, and where it is gone the one before.
fn reason(item: &LabelChange) -> String {
    let reason = if item.reason_after.is_empty() { &item.reason_before } else { &item.reason_after };
    words::clean(reason)
}

/// Gives a comparison as lines of at most `options.width` columns; the first is the comparison in one sentence.
pub fn diff_text(found: &Comparison, options: &TextOptions) -> String {
    let mut out = String::new();
    let wrapped = |first: &str, text: &str| hanging(first, text, options.width);
    out.push_str(&wrapped("", &found.summary));
    for obstacle in &found.obstacles {
        out.push_str(&wrapped("  ", &format!("{}: {}", words::clean(&obstacle.reason), obstacle.cure)));
    }
    if let Some(advice) = advice(found) {
        out.push_str(&wrapped("", &advice));
    }
    for (heading, items) in lists(found) {
        if items.is_empty() {
            continue;
        }
        put!(out);
        put!(out, "{heading}");
        for item in items.iter().take(SHOWN) {
            let id = if item.id.is_empty() { String::new() } else { format!(" ({})", words::clean(&item.id)) };
            out.push_str(&wrapped(mark(item), &format!("{}{id}", words::clean(&item.title))));
            out.push_str(&wrapped("      ", &states(item)));
            let reason = reason(item);
            if !reason.is_empty() {
                out.push_str(&wrapped("      ", &reason));
            }
            let places: Vec<String> = item.places.iter().map(|place| words::clean(&place.display())).collect();
            if !places.is_empty() {
                out.push_str(&wrapped("      at ", &places.join(", ")));
            }
        }
        if items.len() > SHOWN {
            put!(out, "  and {} more", items.len() - SHOWN);
        }
    }
    if !found.differences.is_empty() {
        put!(out);
        put!(out, "Evidence");
        for one in &found.differences {
            out.push_str(&wrapped("  ", &words::clean(&one.place)));
            let side = |value: &Option<String>| words::clean(value.as_deref().unwrap_or("absent"));
            out.push_str(&wrapped("      was: ", &side(&one.audited)));
            out.push_str(&wrapped("      is:  ", &side(&one.again)));
        }
        if found.more > 0 {
            put!(out, "  and {} more", found.more);
        }
    }
    out
}

/// Text behind `first`, with later lines indented as far.
fn hanging(first: &str, text: &str, columns: usize) -> String {
    let indent = " ".repeat(first.chars().count());
    let options = textwrap::Options::new(columns).initial_indent(first).subsequent_indent(&indent);
    // A date or a name with hyphens stays in one piece.
    let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(&words::clean(text), options) + "\n"
}

fn mark(item: &LabelChange) -> &'static str {
    match item.direction {
        Direction::Worse => "  - ",
        Direction::Better => "  + ",
        Direction::Other => "    ",
    }
}

/// Gives a comparison as a comment under a pull request. Text of the labels is escaped, as in a label's own form.
pub fn diff_markdown(found: &Comparison) -> String {
    let mut out = String::new();
    put!(out, "### What this changes in the software security label");
    put!(out);
    put!(out, "**{}**", marked(&found.summary));
    put!(out);
    for obstacle in &found.obstacles {
        put!(out, "- {}: {}", marked(&obstacle.reason), marked(&obstacle.cure));
    }
    if let Some(advice) = advice(found) {
        put!(out, "{}", marked(&advice));
        put!(out);
    }
    for (heading, items) in lists(found) {
        if items.is_empty() {
            continue;
        }
        let open = std::ptr::eq(items, found.worse.as_slice()) || std::ptr::eq(items, found.better.as_slice());
        let title = format!("{heading}: {}", plural(items.len(), "thing", "things"));
        if open {
            put!(out, "#### {title}");
        } else {
            put!(out, "<details><summary>{title}</summary>");
        }
        put!(out);
        for item in items.iter().take(SHOWN) {
            let id = if item.id.is_empty() { String::new() } else { format!(" ({})", code(&item.id)) };
            let places: Vec<String> = item.places.iter().map(|place| code(&place.display())).collect();
            let places = if places.is_empty() { String::new() } else { format!(" At {}.", places.join(", ")) };
            let reason = reason(item);
            let reason = if reason.is_empty() { reason } else { format!(" {}", marked(&words::sentence(&reason))) };
            put!(out, "- **{}**{id}: {}.{reason}{places}", marked(&item.title), marked(&states(item)));
        }
        if items.len() > SHOWN {
            put!(out, "- and {} more", items.len() - SHOWN);
        }
        put!(out);
        if !open {
            put!(out, "</details>");
            put!(out);
        }
    }
    out
}

/// Gives what got worse as marks of GitHub on the files: an error for each.
pub fn diff_annotations(found: &Comparison) -> String {
    const TITLE: &str = "Software security label";
    let mut out = String::new();
    for item in found.worse.iter().take(MOST) {
        let place = item.places.iter().find(|place| place.path.is_some());
        let words = format!("{} {}. {}", words::clean(&item.title), states(item), reason(item));
        out.push_str(&annotation(Mark::Error, place, TITLE, &words));
    }
    for obstacle in &found.obstacles {
        let words = format!("Not comparable: {}; {}", obstacle.reason, obstacle.cure);
        out.push_str(&annotation(Mark::Warning, None, TITLE, &words));
    }
    out
}

/// Gives a comparison as lines `NAME=VALUE`: the verdict in one word, and how much got worse and better.
pub fn diff_env(found: &Comparison) -> String {
    let (verdict, worse, better) = (found.verdict.as_str(), found.worse.len(), found.better.len());
    format!("PLIMSOLL_CHANGED={verdict}\nPLIMSOLL_WORSE={worse}\nPLIMSOLL_BETTER={better}\n")
}
