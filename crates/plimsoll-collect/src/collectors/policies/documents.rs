//! Documents in plain language. The rules look for what can be recognised without understanding it.

use std::{borrow::Cow, collections::BTreeSet, sync::LazyLock};

use globset::{GlobBuilder, GlobSetBuilder};
use jiff::civil::Date;
use regex::Regex;

use super::PolicyFact;

/// Rules of a file of code owners that are looked at.
const MOST_RULES: usize = 1000;
/// Contacts that are kept of one document.
const MOST_CONTACTS: usize = 10;

static MAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+").ok());
static PAGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"https?://[^\s<>()\[\]"'`]+"#).ok());
static WITHIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(\d{1,3})|(one|two|three|five|seven|ten|fourteen))\s*(?:\(\d+\)\s*)?(business |working )?(hour|day|week)s?\b").ok()
});
static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b(20\d\d-\d\d-\d\d)\b").ok());

/// Different words of a document that says something.
const FEWEST_WORDS: usize = 15;

/// Any document of which it matters only that it says something.
pub(super) fn some_text(_: &str, fact: &mut PolicyFact, _: Date) {
    if fact.lines < 3 {
        fact.problems.push("it says next to nothing".to_owned());
    }
}

/// A document that explains something: what takes fewer words than a paragraph explains nothing. Whether it explains what
/// its name promises is not seen.
pub(super) fn explanation(text: &str, fact: &mut PolicyFact, today: Date) {
    some_text(text, fact, today);
    let words: BTreeSet<String> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .map(str::to_lowercase)
        .take(FEWEST_WORDS * 100)
        .collect();
    if fact.problems.is_empty() && words.len() < FEWEST_WORDS {
        fact.problems.push("it says next to nothing".to_owned());
    }
}

/// `text` without the comments of HTML, which no reader of a page sees. One that does not end goes on to the end.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains("<!--") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        shown.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// A security policy: where to report, how it is handled, how soon, for which versions.
///
/// Source: ISO/IEC 29147 section 6 (what a disclosure policy contains), in the parts that text shows.
pub(super) fn security(text: &str, fact: &mut PolicyFact, _: Date) {
    let lower = text.to_lowercase();
    fact.contacts = contacts(text);
    fact.has_process = [
        "private",
        "privately",
        "confidential",
        "do not open",
        "don't open",
        "not open a public",
        "not report security",
    ]
    .iter()
    .any(|words| lower.contains(words))
        || fact.contacts.iter().any(|contact| contact.contains("/security/advisories"));
    fact.has_scope =
        ["supported version", "versions are supported", "version |", "security updates", "in scope", "out of scope"]
            .iter()
            .any(|words| lower.contains(words));
    fact.response_days = response_days(&lower);
    if fact.contacts.is_empty() {
        // GitHub's own form needs no address: it is named by its button.
        let names_form = lower.contains("report a vulnerability") && lower.contains("security");
        if names_form {
            fact.contacts.push("the forge's form \"Report a vulnerability\"".to_owned());
            fact.has_process = true;
        } else {
            fact.problems.push("it names no address to report to".to_owned());
        }
    }
    if fact.lines < 3 {
        fact.problems.push("it says next to nothing".to_owned());
    }
}

/// Addresses in `text`: e-mail, and pages that are meant for reports.
fn contacts(text: &str) -> Vec<String> {
    let mails = MAIL.iter().flat_map(|mail| mail.find_iter(text)).map(|found| found.as_str().to_owned());
    let pages = PAGE
        .iter()
        .flat_map(|page| page.find_iter(text))
        .map(|found| found.as_str().trim_end_matches(['.', ',', ';', ':']).to_owned())
        .filter(|page| {
            let page = page.to_ascii_lowercase();
            ["/security/advisories", "hackerone.com", "bugcrowd.com", "intigriti", "/security", "vulnerab", "report"]
                .iter()
                .any(|part| page.contains(part))
        });
    let mut found: Vec<String> = Vec::new();
    for contact in mails.chain(pages) {
        // Samples, addresses that nobody reads, and the user of a clone over SSH.
        let sample = contact.ends_with("example.com")
            || contact.ends_with(".invalid")
            || contact.contains("noreply")
            || contact.starts_with("git@");
        if !sample && !found.contains(&contact) && found.len() < MOST_CONTACTS {
            found.push(contact);
        }
    }
    found
}

/// The shortest time named in a line that speaks of an answer, in days rounded up.
fn response_days(lower: &str) -> Option<u64> {
    let within = WITHIN.as_ref()?;
    let about_answers = |line: &&str| {
        ["respond", "response", "acknowledg", "reply", "hear back", "get back", "answer", "confirm", "receive"]
            .iter()
            .any(|word| line.contains(word))
    };
    lower
        .lines()
        .filter(about_answers)
        .flat_map(|line| within.captures_iter(line))
        .filter_map(|found| {
            let number: u64 = match found.get(1) {
                Some(digits) => digits.as_str().parse().ok()?,
                None => match found.get(2)?.as_str() {
                    "one" => 1,
                    "two" => 2,
                    "three" => 3,
                    "five" => 5,
                    "seven" => 7,
                    "ten" => 10,
                    _ => 14,
                },
            };
            Some(match found.get(4)?.as_str() {
                "hour" => number.div_ceil(24),
                "week" => number * 7,
                _ => number,
            })
        })
        .min()
}

/// Code owners: at least one rule with an owner.
///
/// Source: GitHub, "About code owners", and GitLab, "Code Owners syntax": a pattern and its owners in each line, an owner being
/// a name with `@` before it or an address; `#` begins a comment; a heading in brackets may name the owners of what follows.
pub(super) fn code_owners(text: &str, fact: &mut PolicyFact, _: Date) {
    let rules = owned(text).count();
    if rules == 0 {
        fact.problems.push("it has no rule with an owner".to_owned());
    }
    fact.covers = vec![format!("{rules} rules")];
}

/// The patterns of a file of code owners that have an owner.
fn owned(text: &str) -> impl Iterator<Item = &str> {
    let is_owner = |word: &str| {
        let (name, host) = word.split_once('@').unwrap_or((word, ""));
        host.chars().next().is_some_and(char::is_alphanumeric) && (name.is_empty() || host.contains('.'))
    };
    let mut by_heading = false;
    text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).filter_map(move |line| {
        if line.trim_start_matches('^').starts_with('[') {
            by_heading = line.rsplit(']').next().unwrap_or_default().split_whitespace().any(is_owner);
            return None;
        }
        let mut words = line.split_whitespace();
        let pattern = words.next()?;
        let mut owners = words.peekable();
        (if owners.peek().is_some() { owners.any(is_owner) } else { by_heading }).then_some(pattern)
    })
}

/// Does one of the rules with an owner cover one of `paths`? What is no pattern covers nothing.
///
/// Source: gitignore(5), pattern format: one with a slash before its end is meant from the root, any other at any depth.
pub(super) fn own_something<'a>(text: &str, paths: impl Iterator<Item = &'a str>) -> bool {
    let mut rules = GlobSetBuilder::new();
    for pattern in owned(text).take(MOST_RULES) {
        let inner = pattern.trim_end_matches('/');
        let start = if inner.contains('/') { "" } else { "**/" };
        let inner = inner.trim_start_matches('/');
        let files = if inner.is_empty() {
            vec!["**".to_owned()]
        } else {
            vec![format!("{start}{inner}"), format!("{start}{inner}/**")]
        };
        for glob in files.iter().filter_map(|file| GlobBuilder::new(file).literal_separator(true).build().ok()) {
            rules.add(glob);
        }
    }
    let Ok(rules) = rules.build() else { return false };
    let mut paths = paths;
    paths.any(|path| rules.is_match(path))
}

/// A changelog: at least one version or date as a heading or at the start of a line.
pub(super) fn changelog(text: &str, fact: &mut PolicyFact, _: Date) {
    let entries = text
        .lines()
        .filter(|line| {
            let line = line.trim_start_matches(['#', '=', '*', '-', '[', ' ', 'v']);
            let mut numbers = line.split(['.', '-', ']', ' ', ')']);
            let first =
                numbers.next().is_some_and(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
            first && numbers.next().is_some_and(|part| part.bytes().next().is_some_and(|byte| byte.is_ascii_digit()))
                || line.to_ascii_lowercase().starts_with("unreleased")
                || line.to_ascii_lowercase().starts_with("version ")
        })
        .count();
    if entries == 0 {
        fact.problems.push("it lists no version".to_owned());
    }
}

/// A support statement: days that it names, the latest of which is the end that can be told.
pub(super) fn support(text: &str, fact: &mut PolicyFact, today: Date) {
    explanation(text, fact, today);
    fact.contacts = contacts(text);
    fact.has_scope = text.to_lowercase().contains("version");
    fact.until = latest_day(text);
    fact.expired = fact.until.map(|until| until < today);
}

fn latest_day(text: &str) -> Option<Date> {
    DAY.iter().flat_map(|day| day.find_iter(text)).filter_map(|day| day.as_str().parse().ok()).max()
}

/// A machine-readable end-of-life statement (`OpenEoX` and its like): JSON that names days.
pub(super) fn end_of_life(text: &str, fact: &mut PolicyFact, today: Date) {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => fact.until = latest_day(text),
        Err(error) => fact.problems.push(format!("not JSON: {error}")),
    }
    if fact.until.is_none() && fact.problems.is_empty() {
        fact.problems.push("it names no day".to_owned());
    }
    fact.expired = fact.until.map(|until| until < today);
}
