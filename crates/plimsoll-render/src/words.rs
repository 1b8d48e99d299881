//! The words and marks that every form of the label shares.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_model::{Assurance, Finding, FindingException, Outcome, one_line};
use unicode_width::UnicodeWidthChar;

/// How many marks without a width may follow each other. Real scripts need two or three on one letter; a pile of
/// hundreds climbs out of its line.
const STACKED_MARKS: usize = 3;

/// Gives `text` as one line in which nothing acts on a terminal, disorders the line or leaves it upwards.
///
/// As [`one_line`]; besides, piles of combining marks are cut and characters that no XML document may hold
/// (U+FFFE, U+FFFF) come out as `\u{XX}`.
///
/// Source: XML 1.0 (fifth edition) section 2.2, production `Char`; Unicode Technical Report 36 section 3.
pub(crate) fn clean(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    let mut stacked = 0;
    for character in text.chars() {
        stacked = if character.width() == Some(0) { stacked + 1 } else { 0 };
        match character {
            '\u{fffe}' | '\u{ffff}' => out.extend(character.escape_unicode()),
            _ if stacked <= STACKED_MARKS => out.push(character),
            _ => {}
        }
    }
    out
}

/// The bar of four boxes: as many filled as the assurance has steps.
pub(crate) fn bar(assurance: Assurance) -> String {
    (0..4).map(|step| if step < assurance.dots() { '■' } else { '□' }).collect()
}

/// The word of one step of assurance.
pub(crate) fn step(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Declared => "said",
        Assurance::Observed => "seen",
        Assurance::Verified => "checked",
        Assurance::Corroborated => "confirmed",
    }
}

/// What each length of the bar says, for legends.
pub(crate) fn meaning(assurance: Assurance) -> &'static str {
    match assurance {
        Assurance::Declared => "said by the maker",
        Assurance::Observed => "seen in its source",
        Assurance::Verified => "checked by computation",
        Assurance::Corroborated => "confirmed by someone independent",
    }
}

/// An outcome in a reader's words.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::Partial => "met in part",
        Outcome::Unmet => "not met",
        Outcome::Unknown => "not known",
        Outcome::NotApplicable => "does not apply",
    }
}

/// A mark that stands before an outcome; its word always stands beside it.
pub(crate) fn mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "✓",
        Outcome::Partial => "◐",
        Outcome::Unmet => "✗",
        Outcome::Unknown => "?",
        Outcome::NotApplicable => "–",
    }
}

/// The mark of something that a tier misses: what is met, but not known well enough, is met in part.
pub(crate) fn missing_mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met | Outcome::NotApplicable => mark(Outcome::Partial),
        _ => mark(outcome),
    }
}

/// `23 Nov 2026`.
pub(crate) fn day(date: Date) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = usize::try_from(date.month()).ok().and_then(|month| MONTHS.get(month.saturating_sub(1)));
    format!("{} {} {}", date.day(), month.copied().unwrap_or_default(), date.year())
}

/// The civil day of a moment, in UTC.
pub(crate) fn utc_day(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

/// The maker's word on a finding, and whether it counts.
pub(crate) fn exception(exception: &FindingException) -> String {
    let until =
        exception.until.map_or_else(|| "without an end date".to_owned(), |until| format!("until {}", day(until)));
    let reason = clean(&exception.reason);
    let reason = if reason.is_empty() { "no reason given".to_owned() } else { format!("\u{201c}{reason}\u{201d}") };
    let counts = if exception.valid { "" } else { "; it does not count" };
    let who = exception.who.as_ref().map(|who| format!(", {}", clean(who))).unwrap_or_default();
    format!("the maker says in {}: {reason}, {until}{who}{counts}", clean(&exception.file))
}

/// The ids of CVE among the names of a finding, where its own is another.
pub(crate) fn cves(finding: &Finding) -> impl Iterator<Item = &String> {
    finding.aliases.iter().filter(|alias| alias.starts_with("CVE-") && **alias != finding.advisory)
}

/// How severe a finding is, in a reader's words. `unknown` there means that nobody rated it.
pub(crate) fn severity(finding: &Finding) -> String {
    let kind = clean(&finding.kind);
    let rating = clean(&finding.severity);
    match (kind.as_str(), rating.as_str()) {
        ("vulnerability", "unknown") => "not rated yet".to_owned(),
        ("vulnerability", _) => rating,
        (_, "none" | "unknown" | "") => format!("no hole: {kind}"),
        _ => format!("{rating}, {kind}"),
    }
}

/// Whether the package of a finding reaches the product, and where it was found.
pub(crate) fn reaches(finding: &Finding) -> String {
    let reaches = match finding.reach.as_str() {
        "shipped" => "yes, it ships",
        "build" => "only while it is built",
        "dev" => "no, tests and the like only",
        "not-in-graph" => "nothing is seen to use it",
        _ => "not known",
    };
    let class = if matches!(finding.class.as_str(), "shipped" | "") { "" } else { finding.class.as_str() };
    let place: Vec<String> =
        [class, &finding.lockfile].into_iter().map(clean).filter(|part| !part.is_empty()).collect();
    if place.is_empty() { reaches.to_owned() } else { format!("{reaches} ({})", place.join(", ")) }
}

/// Which versions are free of a finding.
pub(crate) fn fixed(finding: &Finding) -> String {
    if finding.patched.is_empty() { "no version yet".to_owned() } else { clean(&finding.patched.join(", ")) }
}

/// What is known of the exploitation of a finding; nothing where nothing is.
pub(crate) fn exploitation(finding: &Finding) -> Option<String> {
    let known = finding.known_exploited.map(|added| format!("known to be exploited ({})", day(added)));
    let score = finding.epss.as_ref().map(|score| {
        let of = score.date.map(|date| format!(" of {}", day(date))).unwrap_or_default();
        format!("EPSS {}{of}", clean(&score.probability))
    });
    let all: Vec<String> = known.into_iter().chain(score).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

/// The first letter in upper case.
pub(crate) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Begins a sentence with a capital, unless its first word is a name of its own (`plimsoll.toml`, `npm:`), and ends
/// it where it has no end.
pub(crate) fn sentence(text: &str) -> String {
    let text = clean(text);
    let word = text.split(' ').next().unwrap_or_default();
    let plain = word.chars().all(char::is_alphabetic);
    let text = if plain { capital(text.trim_end()) } else { text.trim_end().to_owned() };
    match text.chars().last() {
        None | Some('.' | '!' | '?' | '…' | ':') => text,
        Some(_) => text + ".",
    }
}

/// Splits a text at its backticks: true for what stands between a pair of them.
pub(crate) fn parts(text: &str) -> Vec<(bool, String)> {
    let text = clean(text);
    let mut parts: Vec<(bool, String)> = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, opened)) = rest.split_once('`') {
        let Some((code, after)) = opened.split_once('`') else { break };
        parts.push((false, before.to_owned()));
        parts.push((true, code.to_owned()));
        rest = after;
    }
    parts.push((false, rest.to_owned()));
    parts.retain(|(_, text)| !text.is_empty());
    parts
}

/// The first `limit` characters, with an ellipsis when something was cut.
pub(crate) fn shorten(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn hostile_text_stays_in_its_line() {
        for (text, expected) in [
            ("a\u{1b}[31m\nb", "a\\u{1b}[31m b"),
            ("x\u{ffff}\u{fffe}", "x\\u{ffff}\\u{fffe}"),
            ("e\u{301}\u{302}\u{303}\u{304}\u{305}f\u{301}", "e\u{301}\u{302}\u{303}f\u{301}"),
            ("測試 ß", "測試 ß"),
        ] {
            assert_eq!(clean(text), expected);
        }
    }

    #[test]
    fn bars_and_words_go_together() {
        let shown = Assurance::ALL.map(|assurance| format!("{} {}", bar(assurance), step(assurance)));
        assert_eq!(shown, ["■□□□ said", "■■□□ seen", "■■■□ checked", "■■■■ confirmed"]);
    }

    #[test]
    fn what_is_unknown_of_a_finding_is_said_in_words_of_its_own() {
        let finding = |kind: &str, severity: &str, reach: &str, class: &str| Finding {
            advisory: "RUSTSEC-2026-0001".to_owned(),
            aliases: vec!["GHSA-x".to_owned(), "CVE-2026-1".to_owned()],
            kind: kind.to_owned(),
            severity: severity.to_owned(),
            package: "p".to_owned(),
            version: "1".to_owned(),
            reach: reach.to_owned(),
            class: class.to_owned(),
            lockfile: "Cargo.lock".to_owned(),
            patched: Vec::new(),
            known_exploited: None,
            epss: None,
            exceptions: Vec::new(),
        };
        let one = finding("vulnerability", "unknown", "unknown", "shipped");
        let all = [severity(&one), reaches(&one), fixed(&one)];
        assert_eq!(all, ["not rated yet", "not known (Cargo.lock)", "no version yet"]);
        assert_eq!(cves(&one).collect::<Vec<_>>(), ["CVE-2026-1"]);
        let one = finding("unmaintained", "none", "dev", "test");
        assert_eq!(
            [severity(&one), reaches(&one)],
            ["no hole: unmaintained", "no, tests and the like only (test, Cargo.lock)"]
        );
        assert_eq!(severity(&finding("vulnerability", "high", "shipped", "shipped")), "high");
    }

    #[test]
    fn only_pairs_of_backticks_make_code() {
        let shown = |text| parts(text).into_iter().map(|(code, text)| format!("{code}:{text}")).collect::<Vec<_>>();
        assert_eq!(shown("run `a b` now"), ["false:run ", "true:a b", "false: now"]);
        assert_eq!(shown("a ` b"), ["false:a ` b"]);
        assert_eq!(shown("`a```"), ["true:a"]);
        assert!(shown("").is_empty());
    }

    #[test]
    fn dates_are_civil() {
        assert_eq!(day(date(2026, 11, 23)), "23 Nov 2026");
        assert_eq!(day(date(2027, 2, 1)), "1 Feb 2027");
        assert_eq!(day(utc_day(Timestamp::MAX)), "30 Dec 9999");
        assert_eq!(day(utc_day(Timestamp::MIN)), "2 Jan -9999");
    }

    #[test]
    fn sentences_end_once() {
        for (text, expected) in [
            ("", ""),
            ("it is so", "It is so."),
            ("Is it?", "Is it?"),
            (" a.\n", "a."),
            ("a b.c", "A b.c."),
            ("npm: x", "npm: x."),
        ] {
            assert_eq!(sentence(text), expected);
        }
        assert_eq!(shorten("ab cd", 3), "ab…");
        assert_eq!(shorten("ab", 2), "ab");
    }
}
