//! Documents in plain language. The rules look for what can be recognised without understanding it.

use std::sync::LazyLock;

use jiff::civil::Date;
use regex::Regex;

use super::PolicyFact;

/// Contacts that are kept of one document.
const MOST_CONTACTS: usize = 10;

static MAIL: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+").ok());
static PAGE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"https?://[^\s<>()\[\]"'`]+"#).ok());
static WITHIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(\d{1,3})|(one|two|three|five|seven|ten|fourteen))\s*(?:\(\d+\)\s*)?(business |working )?(hour|day|week)s?\b").ok()
});
static DAY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b(20\d\d-\d\d-\d\d)\b").ok());

/// Any document of which it matters only that it says something.
pub(super) fn some_text(_: &str, fact: &mut PolicyFact, _: Date) {
    if fact.lines < 3 {
        fact.problems.push("it says next to nothing".to_owned());
    }
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
        let sample = contact.ends_with("example.com") || contact.ends_with("@noreply.github.com");
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
/// Source: GitHub, "About code owners": a pattern and one or more owners in each line; `#` begins a comment.
pub(super) fn code_owners(text: &str, fact: &mut PolicyFact, _: Date) {
    let rules = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or_default().trim())
        .filter(|line| line.split_whitespace().skip(1).any(|owner| owner.contains('@')))
        .count();
    if rules == 0 {
        fact.problems.push("it has no rule with an owner".to_owned());
    }
    fact.covers = vec![format!("{rules} rules")];
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
    some_text(text, fact, today);
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
