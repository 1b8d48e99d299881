//! The label as a comment under a pull request.

use std::fmt::Write as _;

use plimsoll_model::Outcome;

use crate::{
    frameworks, gaps,
    row::{mark, word},
    svg::escape,
    view::{self, View},
    words,
};

// A comment on GitHub holds 65 536 characters; these keep the longest label well below.
const STEPS: usize = 10;
const FINDINGS: usize = 20;
const LIMITATIONS: usize = 20;
const ENTRIES: usize = 60;
const REASON: usize = 240;

// Writing to a String cannot fail.
macro_rules! put {
    ($out:expr) => {{ $out.push('\n'); }};
    ($out:expr, $($what:tt)*) => {{ let _ = writeln!($out, $($what)*); }};
}

/// Writes a label.
pub(crate) fn label(view: View<'_>) -> String {
    let mut out = String::new();
    let name = format!("{} {}", view.name(), words::clean(&view.body().product.version));
    put!(out, "### Software security label: {}", text(name.trim_end()));
    put!(out);
    ended(&mut out, view);
    let tier = format!("**{} · {}**", view.tier(), text(&view.tier_name()));
    put!(out, "{tier} · {}. {}", view.lasts(), text(&view.tier_sentence()));
    for sentence in view.word_sentence().into_iter().chain(view.source_sentence()) {
        put!(out);
        put!(out, "{}", text(&sentence));
    }
    if let Some(cap) = &view.body().tier.cap {
        put!(out);
        put!(out, "**Held at tier {}:** {}", cap.level, text(&words::sentence(&cap.reason)));
    }
    put!(out);
    contradictions(&mut out, view);
    face(&mut out, view);
    next(&mut out, view);
    findings(&mut out, view);
    limitations(&mut out, view);
    catalogs(&mut out, view);
    frameworks(&mut out, view);
    foot(&mut out, view, "A label is not a promise that nothing can go wrong.");
    out
}

pub(crate) fn ended(out: &mut String, view: View<'_>) {
    if view.ended() {
        put!(out, "> [!CAUTION]");
        put!(out, "> **Expired {}: do not rely on it.**", view.good_until());
        put!(out);
    }
}

fn contradictions(out: &mut String, view: View<'_>) {
    let all = &view.body().contradictions;
    if all.is_empty() {
        return;
    }
    put!(out, "> [!CAUTION]");
    put!(out, "> **The source disproves {}.**", plimsoll_model::plural(all.len(), "claim", "claims"));
    for item in all.iter().take(STEPS) {
        let places: Vec<String> = item.pointers.iter().take(3).map(|pointer| code(&pointer.display())).collect();
        let places = if places.is_empty() { String::new() } else { format!(" Seen at {}.", places.join(", ")) };
        put!(out, "> - {} {}: {}{places}", code(&item.entry), text(&item.title), text(&words::sentence(&item.reason)));
    }
    if all.len() > STEPS {
        put!(out, "> - and {} more", all.len() - STEPS);
    }
    put!(out);
}

fn face(out: &mut String, view: View<'_>) {
    put!(out, "| | Answer | | How sure |");
    put!(out, "|---|---|---|---|");
    for row in view.rows() {
        let otherwise = if row.contradicted { " **The source says otherwise.**" } else { "" };
        let known =
            row.known.map_or_else(|| row.how().to_owned(), |known| format!("{} {}", words::bar(known), row.how()));
        let sign = format!("{} {}", mark(row.sign), word(row.sign));
        put!(out, "| {sign} | **{}** | {}{otherwise} | {known} |", text(row.title), text(row.text));
    }
    put!(out);
}

fn next(out: &mut String, view: View<'_>) {
    let Some(rung) = view.next() else { return };
    let steps = view.steps();
    let tier = format!("tier {} {}", rung.level, text(&view::names(rung.plain.as_deref(), &rung.name)));
    if steps.is_empty() {
        put!(out, "**Everything that {tier} asks is met;** what holds the label down stands above.");
        put!(out);
        return;
    }
    put!(out, "**For {tier}, {} missing:**", plimsoll_model::plural(steps.len(), "thing is", "things are"));
    put!(out);
    for step in steps.iter().take(STEPS) {
        let (title, reason) = (text(&words::sentence(&step.title)), text(&words::sentence(&step.reason)));
        put!(out, "- {} {} {title} {reason}", words::missing_mark(step.outcome), code(&step.id));
        if step.out_of_reach {
            put!(out, "  → No rule at hand can show this yet.");
        } else if let Some(fix) = view.remedy(step) {
            put!(out, "  → {}", remedy(fix));
        }
    }
    more(out, steps.len(), STEPS);
}

fn more(out: &mut String, count: usize, shown: usize) {
    if count > shown {
        put!(out, "- and {} more", count - shown);
    }
    put!(out);
}

pub(crate) fn findings(out: &mut String, view: View<'_>) {
    let all = &view.body().findings;
    if all.is_empty() {
        return;
    }
    put!(out, "**{} in the advisory data:**", plimsoll_model::plural(all.len(), "finding", "findings"));
    put!(out);
    put!(out, "| Advisory | Severity | Package | Does it reach the product? | Fixed in | The maker's response |");
    put!(out, "|---|---|---|---|---|---|");
    for item in all.iter().take(FINDINGS) {
        let exceptions: Vec<String> =
            item.exceptions.iter().take(3).map(words::exception).map(|word| text(&word)).collect();
        let responses = if exceptions.is_empty() { "none yet".to_owned() } else { exceptions.join("; ") };
        let mut severity = words::severity(item);
        severity
            .extend(words::exploitation(item).map(|known| format!("; {known}")).iter().flat_map(|text| text.chars()));
        let names: Vec<String> = std::iter::once(&item.advisory).chain(words::cves(item)).map(|id| code(id)).collect();
        let package = format!("{} {}", item.package, item.version);
        let cells = [text(&severity), text(&package), text(&words::reaches(item)), text(&words::fixed(item))];
        put!(out, "| {} | {} | {responses} |", names.join(" "), cells.join(" | "));
    }
    put!(out);
    if all.len() > FINDINGS {
        put!(out, "and {} more", all.len() - FINDINGS);
        put!(out);
    }
}

pub(crate) fn limitations(out: &mut String, view: View<'_>) {
    let all = &view.body().limitations;
    if all.is_empty() {
        return;
    }
    let count = gaps::count(all);
    put!(out, "<details><summary>What was not seen ({count})</summary>");
    put!(out);
    let mut left = LIMITATIONS;
    for (group, items) in gaps::grouped(all) {
        if left == 0 {
            break;
        }
        put!(out, "**{}**", group.title());
        put!(out);
        for item in items.iter().take(left) {
            let kinds: Vec<String> = item.kinds.iter().map(|kind| code(kind)).collect();
            put!(out, "- {} {}", text(&words::sentence(item.text)), kinds.join(" "));
        }
        put!(out);
        left = left.saturating_sub(items.len());
    }
    more(out, count, LIMITATIONS);
    put!(out, "</details>");
    put!(out);
}

pub(crate) fn catalogs(out: &mut String, view: View<'_>) {
    for catalog in &view.body().catalogs {
        let settled = |outcome| matches!(outcome, Outcome::Met | Outcome::NotApplicable);
        let open: Vec<_> = catalog.entries.iter().filter(|entry| !settled(entry.outcome)).collect();
        let done = catalog.entries.len() - open.len();
        put!(
            out,
            "<details><summary>{}: {done} of {} met or not applicable</summary>",
            html(&catalog.title),
            catalog.entries.len()
        );
        put!(out);
        if !open.is_empty() {
            put!(out, "| Entry | What it asks | Came to | Why |");
            put!(out, "|---|---|---|---|");
        }
        for entry in open.iter().take(ENTRIES) {
            let came = format!("{} {}", words::mark(entry.outcome), words::outcome(entry.outcome));
            let (title, reason) = (text(&entry.title), text(&words::sentence(&entry.reason)));
            put!(out, "| {} | {title} | {came} | {reason} |", code(&entry.id));
        }
        put!(out);
        put!(out, "</details>");
        put!(out);
    }
}

/// The catalogs that were asked for.
pub(crate) fn frameworks(out: &mut String, view: View<'_>) {
    for framework in &view.body().frameworks {
        put!(out, "<details><summary>{}: {}</summary>", html(&framework.id), html(&frameworks::tally(framework)));
        put!(out);
        for (outcome, ids) in frameworks::by_outcome(framework) {
            put!(out, "- **{}**: {}", text(&words::capital(words::outcome(outcome))), text(&ids));
        }
        put!(out);
        put!(out, "{}", text(&frameworks::explained(framework)));
        put!(out);
        put!(out, "</details>");
        put!(out);
    }
}

pub(crate) fn foot(out: &mut String, view: View<'_>, promise: &str) {
    let mut parts = vec![format!("Checked {}", view.checked())];
    let commit = view.commit_short();
    if !commit.is_empty() {
        parts.push(format!("commit {}", code(&commit)));
    }
    parts.extend(view.other_practices().map(|line| format!("**{}**", text(&line))));
    parts.extend(view.advisory_data().map(|data| format!("advisory data: {}", text(&data))));
    parts.push(format!("{} {}", text(&view.body().tool.name), text(&view.body().tool.version)));
    put!(out, "<sub>{}. {promise}</sub>", parts.join(" · "));
}

/// An id in a code span, or as escaped text where it has characters that no id of ours has.
pub fn code(id: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "._/:+- ".contains(character);
    let id = words::shorten(&words::clean(id), REASON);
    if !id.is_empty() && id.chars().all(plain) { format!("`{id}`") } else { text(&id) }
}

/// A remedy with its commands in code spans. Nothing acts inside of one, and it holds no backtick.
pub fn remedy(fix: &str) -> String {
    whole_remedy(&words::shorten(fix, REASON))
}

/// The same in full, however long it is.
pub fn whole_remedy(fix: &str) -> String {
    words::parts(fix).iter().map(|(code, part)| if *code { format!("`{part}`") } else { spaced(part) }).collect()
}

// Cleaning trims, and a part may end in the space before the next one.
fn spaced(part: &str) -> String {
    let before = if part.starts_with(' ') { " " } else { "" };
    let after = if part.len() > 1 && part.ends_with(' ') { " " } else { "" };
    format!("{before}{}{after}", whole(part))
}

/// Text that Markdown shows as it is.
///
/// A zero-width space, written as a reference, stands between a sigil and what follows, since forges look for
/// mentions and references in the text after Markdown is done with it.
pub fn text(raw: &str) -> String {
    escaped(&words::shorten(&words::clean(raw), REASON))
}

/// As [`text`], however long it is.
pub(crate) fn whole(raw: &str) -> String {
    escaped(&words::clean(raw))
}

fn escaped(clean: &str) -> String {
    let mut out = String::with_capacity(clean.len() + 16);
    let mut before = ['\0'; 3];
    let mut characters = clean.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        // "www." and "scheme:" become links of themselves when they follow upon a boundary.
        let autolink = match character {
            '.' => before.iter().all(|letter| letter.eq_ignore_ascii_case(&'w')),
            ':' => next != ' ',
            _ => false,
        };
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '(' | ')' | '#' | '!' | '|' | '~' | '$' | '^' | '@' => {
                out.extend(['\\', character]);
            }
            _ if autolink => out.extend(['\\', character]),
            _ => out.push(character),
        }
        if refers(character, &before, next) {
            out.push_str(BREAK);
        }
        before = [before[1], before[2], character];
    }
    out
}

// A zero-width space as a reference, so that no such character stands in our own bytes.
const BREAK: &str = "&#8203;";

/// Would a forge take `character` and what follows for a mention or a reference (`@who`, `#1`, `!1`, `GH-1`)?
fn refers(character: char, before: &[char; 3], next: char) -> bool {
    let follows = next.is_alphanumeric() || matches!(next, '_' | '"' | '-' | '[' | '*');
    let ticket = character == '-' && before[1].eq_ignore_ascii_case(&'g') && before[2].eq_ignore_ascii_case(&'h');
    follows && (ticket || matches!(character, '@' | '#' | '!' | '$' | '~' | '%' | '^' | '&'))
}

/// Text inside an HTML block, where Markdown has no say; brackets and backticks are references all the same.
fn html(raw: &str) -> String {
    let clean = words::shorten(&words::clean(raw), REASON);
    let mut out = String::new();
    let mut before = ['\0'; 3];
    let mut characters = clean.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '[' => out.push_str("&#91;"),
            ']' => out.push_str("&#93;"),
            '`' => out.push_str("&#96;"),
            _ => out.push_str(&escape(character.encode_utf8(&mut [0; 4]))),
        }
        if refers(character, &before, characters.peek().copied().unwrap_or(' ')) {
            out.push_str(BREAK);
        }
        before = [before[1], before[2], character];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: &str) {
        assert_eq!(text(raw), expected);
    }

    #[test]
    fn text_makes_no_markup() {
        check("plain words, 測試", "plain words, 測試");
        check("half-done (2.4.1): yes", r"half-done \(2.4.1\): yes");
        check("a|b `c` *d* [e](f)", r"a\|b \`c\` \*d\* \[e\]\(f\)");
        check("<img src=x>", "&lt;img src=x&gt;");
        check("&amp;", "&amp;&#8203;amp;");
        check("![x](https://e.org)", r"\!&#8203;\[x\]\(https\://e.org\)");
        check("www.e.org", r"www\.e.org");
        check("a\n# b", r"a \# b");
        check("\\", r"\\");
    }

    #[test]
    fn text_mentions_and_refers_to_nobody() {
        check("@all", r"\@&#8203;all");
        check("owner/repo#12", r"owner/repo\#&#8203;12");
        check("!3 $4 ~bug %v1", r"\!&#8203;3 \$&#8203;4 \~&#8203;bug %&#8203;v1");
        check("GH-7 a-7", r"GH-&#8203;7 a-7");
        check("me@example.org", r"me\@&#8203;example.org");
        check("50 % of", "50 % of");
    }

    #[test]
    fn summaries_are_html() {
        assert_eq!(html("<b> @x 2.4 \"q\""), "&lt;b&gt; @&#8203;x 2.4 &quot;q&quot;");
    }

    #[test]
    fn ids_are_code_only_where_they_are_ids() {
        assert_eq!(code("ssdf-1.1/PO.1.1"), "`ssdf-1.1/PO.1.1`");
        assert_eq!(code("a`b"), r"a\`b");
        assert_eq!(code("@x"), r"\@&#8203;x");
        assert_eq!(code(""), "");
    }
}
