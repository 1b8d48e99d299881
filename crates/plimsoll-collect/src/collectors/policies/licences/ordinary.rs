//! Lines that stand in any licence file and change nothing of the licence: titles, copyright notices, names of licences.

use std::sync::LazyLock;

use regex::Regex;

use super::super::patterns::{fits, pattern};

/// Words of a line of the longest copyright notice.
const LONGEST_NOTICE: usize = 40;
/// Lines of a file that only names its licences.
const MOST_LINES: usize = 25;

pattern!(
    NOTICE,
    r"^[^\w(©]*(?:portions |this (?:software|program) is )?(?:copyright(?:\W|$)|copr\.|(?:©|\(c\)) *(?:copyright|\d\d\d\d|<year>|\[yyyy\]))"
);
// Wrapped lines of licences that begin with this word.
pattern!(
    NO_NOTICE,
    r"^\W*copyright(?:ed)?[ \w]{0,12}(?:notices?|holders?|owners?|laws?|licen[sc]es?|interests?|lines?|treat\w+|disclaim\w*|to|in|or|and|statements?)\b"
);
pattern!(YEAR, r"\d\d\d\d|\(c\)|©|<year>|\[yyyy\]|\[year\]|\{yyyy\}");
pattern!(PERSON, r"^[\W\d]*(?:[\w.'’-]+,? ){1,5}[<(][^\s<>()]+(?:@| at )[^<>()]+[>)][\W\d]*$");
/// Addresses of those who publish licences.
static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)<?https?://(?:www\.|git\.io/)?(?:opensource\.org|apache\.org|gnu\.org|fsf\.org|mozilla\.org|spdx\.org|unlicense\.org|creativecommons\.org|choosealicense\.com|boost\.org|eclipse\.org)(?:[/\w.#-]*)>?").ok()
});

/// Words by which something is allowed, forbidden or asked for. No name has them.
const TERMS: &[&str] = &[
    "not",
    "no",
    "non",
    "nor",
    "only",
    "except",
    "exception",
    "exceptions",
    "unless",
    "until",
    "if",
    "when",
    "commercial",
    "noncommercial",
    "commercially",
    "use",
    "used",
    "uses",
    "using",
    "user",
    "users",
    "proprietary",
    "confidential",
    "subscription",
    "subscribers",
    "fee",
    "fees",
    "pay",
    "paid",
    "payment",
    "royalty",
    "royalties",
    "sell",
    "sale",
    "resale",
    "sold",
    "purchase",
    "permission",
    "permissions",
    "permitted",
    "prohibited",
    "forbidden",
    "restricted",
    "restriction",
    "restrictions",
    "condition",
    "conditions",
    "require",
    "required",
    "requires",
    "must",
    "may",
    "shall",
    "should",
    "cannot",
    "without",
    "agreement",
    "evaluation",
    "trial",
    "personal",
    "academic",
    "internal",
    "military",
    "ethical",
    "evil",
    "harm",
    "however",
    "addition",
    "additional",
    "additionally",
    "provided",
    "term",
    "terms",
    "clause",
    "commons",
    "future",
    "later",
    "versions",
    "revoked",
    "revocable",
    "expires",
    "limited",
    "grant",
    "granted",
    "grants",
    "allowed",
    "redistribute",
    "redistribution",
    "modify",
    "modification",
    "modifications",
    "license",
    "licence",
    "licensed",
    "licenced",
    "licenses",
    "unlicensed",
    "contact",
    "written",
    "consent",
    "approval",
];

/// Words of which titles, and sentences that only name licences, are made. None of them forbids, limits or asks for anything.
const PLAIN: &[&str] = &[
    "license",
    "licenses",
    "licence",
    "licences",
    "licensed",
    "licenced",
    "the",
    "this",
    "these",
    "is",
    "are",
    "it",
    "its",
    "a",
    "an",
    "of",
    "under",
    "terms",
    "in",
    "with",
    "by",
    "as",
    "at",
    "your",
    "option",
    "you",
    "may",
    "use",
    "code",
    "choose",
    "see",
    "file",
    "files",
    "for",
    "full",
    "text",
    "copy",
    "details",
    "software",
    "project",
    "package",
    "crate",
    "library",
    "program",
    "module",
    "repository",
    "source",
    "sources",
    "content",
    "work",
    "or",
    "and",
    "either",
    "both",
    "dual",
    "dually",
    "multi",
    "double",
    "triple",
    "released",
    "distributed",
    "available",
    "made",
    "provided",
    "found",
    "below",
    "following",
    "follows",
    "reproduced",
    "above",
    "all",
    "rights",
    "reserved",
    "spdx",
    "identifier",
    "version",
    "new",
    "revised",
    "modified",
    "simplified",
    "original",
    "style",
    "clause",
    "public",
    "which",
    "that",
    "to",
    "can",
    "be",
    "also",
    "well",
    "them",
    "md",
    "txt",
    "org",
    "january",
    "june",
    "february",
    "november",
    "march",
    "note",
    "information",
    "more",
    "contributions",
    "contributors",
    "copyright",
    "authors",
    "root",
    "directory",
    "open",
    "initiative",
    "osi",
    "approved",
];

/// Names of licences as words without signs, longer ones before those that they begin with.
const NAMED: &[(&str, &str)] = &[
    ("apache license version 2 0", "Apache-2.0"),
    ("apache licence version 2 0", "Apache-2.0"),
    ("apache software license version 2 0", "Apache-2.0"),
    ("apache license 2 0", "Apache-2.0"),
    ("apache licence 2 0", "Apache-2.0"),
    ("apache version 2 0", "Apache-2.0"),
    ("apache 2 0", "Apache-2.0"),
    ("apache2", "Apache-2.0"),
    ("license apache", "Apache-2.0"),
    ("apache license", "Apache-2.0"),
    ("mozilla public license version 2 0", "MPL-2.0"),
    ("mozilla public license 2 0", "MPL-2.0"),
    ("mpl 2 0", "MPL-2.0"),
    ("bsd 3 clause", "BSD-3-Clause"),
    ("3 clause bsd", "BSD-3-Clause"),
    ("bsd 2 clause", "BSD-2-Clause"),
    ("2 clause bsd", "BSD-2-Clause"),
    ("bsd zero clause", "0BSD"),
    ("zero clause bsd", "0BSD"),
    ("0bsd", "0BSD"),
    ("boost software license version 1 0", "BSL-1.0"),
    ("boost software license", "BSL-1.0"),
    ("cc0 1 0", "CC0-1.0"),
    ("zlib", "Zlib"),
    ("isc", "ISC"),
    ("unlicense", "Unlicense"),
    ("mit", "MIT"),
];
/// Names that a title has and that name no version.
const TITLES: &[&str] = &[
    "bsd",
    "mpl",
    "gpl",
    "lgpl",
    "agpl",
    "gnu general",
    "gnu lesser general",
    "gnu library general",
    "gnu affero general",
    "mozilla",
    "eclipse",
    "boost",
    "expat",
    "x11",
    "artistic",
    "european union",
    "eupl",
    "postgresql",
    "blue oak model",
    "sil open font",
    "ofl",
    "universal permissive",
    "ncsa",
    "university of illinois",
    "mulan psl v2",
    "unicode",
    "epl",
    "upl",
    "ubuntu font",
    "creative commons",
    "cc0",
    "gpl3",
    "gpl2",
    "gplv3",
    "gplv2",
    "following two licenses",
    "following three licenses",
    "two licenses",
    "three licenses",
];

/// Is it a word of a condition or a grant?
pub(super) fn is_a_term(word: &str) -> bool {
    TERMS.contains(&word)
}

/// Is the line a copyright notice of its own?
pub(super) fn is_copyright(line: &str) -> bool {
    fits(&NOTICE, line) && (fits(&YEAR, line) || !fits(&NO_NOTICE, line))
}

/// Is it a copyright notice with its year, or the place for one? Terms of a licence may begin a line with the word as well.
pub(super) fn is_dated_copyright(line: &str) -> bool {
    fits(&NOTICE, line) && fits(&YEAR, line)
}

/// Is the line one of those that stand in any licence file?
pub(super) fn is_ordinary(line: &str) -> bool {
    if is_copyright(line) {
        let lower = line.to_lowercase().replace("all rights reserved", " ");
        let words: Vec<&str> =
            lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        return words.len() <= LONGEST_NOTICE && !words.iter().any(|word| is_a_term(word));
    }
    if fits(&PERSON, line) {
        return !line.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).any(is_a_term);
    }
    plain(line).is_some()
}

/// The licences that a line of plain words names; nothing where it has another word.
fn plain(line: &str) -> Option<Vec<&'static str>> {
    let line = ADDRESS.as_ref().map_or_else(|| line.into(), |address| address.replace_all(line, " "));
    let words: Vec<String> = line
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let mut rest = format!(" {} ", words.join(" "));
    let mut named = Vec::new();
    for (name, id) in NAMED {
        let padded = format!(" {name} ");
        if rest.contains(&padded) {
            named.push(*id);
            // Two names may have one blank between them.
            while rest.contains(&padded) {
                rest = rest.replace(&padded, " ");
            }
        }
    }
    for title in TITLES {
        rest = rest.replace(&format!(" {title} "), " ");
    }
    // How often something may be used is no number of a list.
    let counts = !words.iter().any(|word| word == "use" || word == "copy");
    let is_number = |word: &str| counts && word.chars().all(|letter| letter.is_ascii_digit());
    let is_plain = |word: &str| {
        PLAIN.contains(&word)
            || is_number(word)
            || word.chars().all(char::is_alphabetic) && word.len() == 1
            || word.strip_prefix('v').is_some_and(|number| number.chars().all(|letter| letter.is_ascii_digit()))
    };
    rest.split_whitespace().all(is_plain).then_some(named)
}

/// The notice that the appendix of the Apache License 2.0 gives to put into files, in small letters and without signs.
const APACHE_NOTICE: &str = "licensed under the apache license version 2 0 the license you may not use this file except in compliance with \
    the license you may obtain a copy of the license at http www apache org licenses license 2 0 unless required by applicable law or \
    agreed to in writing software distributed under the license is distributed on an as is basis without warranties or conditions of \
    any kind either express or implied see the license for the specific language governing permissions and limitations under the license";

/// Is it that notice, and nothing else?
fn is_apache_notice(text: &str) -> bool {
    let lower = text.to_lowercase().replace("https://", "http://");
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ") == APACHE_NOTICE
}

/// The licences that a file names which says nothing but under which it is.
pub(super) fn named(lines: &[&str]) -> Option<Vec<&'static str>> {
    let mut found = Vec::new();
    let written: Vec<&&str> = lines.iter().filter(|line| line.chars().any(char::is_alphabetic)).collect();
    if written.len() > MOST_LINES {
        return None;
    }
    // A name may go over the end of a line.
    let whole = written.iter().filter(|line| !is_copyright(line)).map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    if !written.iter().filter(|line| is_copyright(line)).all(|line| is_ordinary(line)) {
        return None;
    }
    if is_apache_notice(&whole) {
        return Some(vec!["Apache-2.0"]);
    }
    for id in plain(&whole)? {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    // A name without its version is of no one licence.
    let lower = whole.to_lowercase();
    let is_open = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .any(|word| matches!(word, "gpl" | "lgpl" | "agpl" | "gnu" | "creative" | "eclipse" | "european"));
    (!found.is_empty() && !is_open).then_some(found)
}
