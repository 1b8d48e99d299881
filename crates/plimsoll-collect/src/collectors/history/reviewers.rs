//! The reviewers that the trailers of a commit name.

use plimsoll_snapshot::{Commit, Person};

use super::people::{People, same_person, squashed};

/// What stands in a trailer in place of somebody.
const PLACEHOLDERS: &[&str] = &[
    "all",
    "anybody",
    "anyone",
    "everybody",
    "everyone",
    "lgtm",
    "me",
    "myself",
    "na",
    "no",
    "nobody",
    "none",
    "noone",
    "not",
    "ok",
    "pending",
    "self",
    "somebody",
    "someone",
    "tba",
    "tbd",
    "team",
    "todo",
    "unknown",
    "unreviewed",
    "yes",
];
/// Hosts that are reserved for samples, at which nobody is.
///
/// Source: RFC 2606, section 3.
const SAMPLES: &[&str] = &["example.com", "example.net", "example.org"];
/// Trailers that name somebody who looked at the change. A sign-off is none: the author's own says where the change comes
/// from, and anybody else's only that it passed through, which the committer shows as well.
const REVIEW_TRAILERS: &[&str] = &["reviewed-by", "acked-by", "approved-by", "tested-by", "reviewed-and-tested-by"];

/// Different people in review trailers, each with an address, who are not the author, under no name of theirs that the commit
/// shows.
pub(super) fn reviewers(commit: Commit<'_>, nobodies: &People) -> Vec<Person> {
    let is_review = |key: &str| REVIEW_TRAILERS.iter().any(|trailer| key.eq_ignore_ascii_case(trailer));
    let mut named =
        commit.trailers().filter(|(key, _)| is_review(key)).filter_map(|(_, value)| named(value)).peekable();
    // Most commits name nobody.
    if named.peek().is_none() {
        return Vec::new();
    }
    let mut own = vec![commit.author()];
    if same_person(commit.author(), commit.committer()) {
        own.push(commit.committer());
    }
    let mut people: Vec<Person> = Vec::new();
    for person in named {
        if !nobodies.is_nobody(&person)
            && !own.iter().chain(&people.iter().collect::<Vec<_>>()).any(|one| same_person(one, &person))
        {
            people.push(person);
        }
    }
    people
}

/// The person that a trailer names: a page, a number, a word that names nobody, and a name that nobody can write to are no person.
fn named(value: &str) -> Option<Person> {
    let (name, email) = match value.rsplit_once('<').and_then(|(name, rest)| Some((name, rest.split_once('>')?.0))) {
        Some((name, email)) => (name.trim(), email.trim()),
        None => ("", value.trim()),
    };
    let called = if name.is_empty() { email.split('@').next().unwrap_or_default() } else { name };
    let is_somebody = !value.contains("://") && is_address(email) && !is_placeholder(called);
    is_somebody.then(|| Person { name: name.to_owned(), email: email.to_owned() })
}

/// Is it a word in place of somebody: `nobody`, `not reviewed`, `n/a`, or no word at all?
fn is_placeholder(name: &str) -> bool {
    let first = name.split(|one: char| !one.is_alphanumeric()).find(|word| !word.is_empty()).unwrap_or_default();
    let is_one = |word: &str| PLACEHOLDERS.contains(&squashed(word).as_str());
    // `No` and `All` also begin names of people.
    !name.chars().any(char::is_alphabetic)
        || is_one(name)
        || first.chars().count() > 3 && is_one(first)
        || matches!(first.to_lowercase().as_str(), "automated" | "automatic" | "llm" | "not" | "tba" | "tbd")
        // `Ai` is also a name of people, and written so.
        || name.split(|one: char| !one.is_alphanumeric()).any(|word| word == "AI")
}

/// Could somebody be written to there? One `@`, no blanks, and a host with a name of its own.
fn is_address(email: &str) -> bool {
    let Some((local, host)) = email.split_once('@') else { return false };
    let is_plain = |one: char| !one.is_whitespace() && !one.is_control() && !"<>()[],;:\\\"@".contains(one);
    let last = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    !local.is_empty()
        && local.chars().all(is_plain)
        && host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
        && host.chars().all(|one| one.is_alphanumeric() || matches!(one, '.' | '-'))
        && last.chars().any(char::is_alphabetic)
        && !matches!(last.as_str(), "invalid" | "internal" | "lan" | "local" | "localdomain" | "localhost" | "test")
        && !SAMPLES.iter().any(|sample| {
            host.eq_ignore_ascii_case(sample) || host.to_ascii_lowercase().ends_with(&format!(".{sample}"))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailer_names_a_reviewer_only_with_an_address() {
        let people = People::default();
        for (value, expected) in [
            ("John Roe <john@x.org>", true),
            ("john@x.org", true),
            ("John Roe (work) <john@x.org>", true),
            ("No Min-woo <no@x.org>", true),
            ("John Roe", false),
            ("@john", false),
            ("no", false),
            ("LGTM", false),
            ("Bot", false),
            ("John Roe <john>", false),
            ("John Roe <john@laptop>", false),
            ("John Roe <john@laptop.local>", false),
            ("John Roe <john@example.com>", false),
            ("John Roe <john@mail.Example.org>", false),
            ("John Roe <john@x.test>", false),
            ("John Roe <john@examples.com>", true),
            ("AI Reviewer <ai@x.org>", false),
            ("Copilot <c@x.org>", false),
            ("ChatGPT <c@openai.com>", false),
            ("CodeRabbit <c@x.org>", false),
            ("Review Bot <r@x.org>", false),
            ("review-bot <r@x.org>", false),
            ("Automated Review <r@x.org>", false),
            ("GPT-5 <r@x.org>", false),
            ("Claude Opus 4.1 <noreply@anthropic.com>", false),
            ("Greptile <r@greptile.com>", false),
            ("John Roe <@x.org>", false),
            ("John Roe <john@x..org>", false),
            ("John Roe <john@@x.org>", false),
            ("John Roe <john at x.org>", false),
            ("John Roe <https://x.org/@john.org>", false),
            ("Everyone <all@x.org>", false),
            ("everyone@x.org", false),
            ("Nobody <n@x.org>", false),
            ("Nobody at all <n@x.org>", false),
            ("Not reviewed <n@x.org>", false),
            ("TBD <tbd@x.org>", false),
            ("n/a <n@x.org>", false),
            ("LGTM <l@x.org>", false),
            ("Claude <c@x.org>", false),
            ("Jane Doe (work) <jd@x.org>", false),
            ("Merges <merge@github.com>", false),
        ] {
            let author = Person { name: "Jane Doe".to_owned(), email: "jane@work.com".to_owned() };
            let counts = named(value).is_some_and(|one| !people.is_nobody(&one) && !same_person(&author, &one));
            assert_eq!(counts, expected, "{value}");
        }
    }
}
