//! The texts of licences, word by word.
//!
//! A text is that of a licence where all of the licence's words are there in their order, but for a few that are known to differ, and
//! what is more than they are lines that stand in any licence file. So a word that is added or taken away shows, be it a `not`.
//!
//! Source: SPDX License List Matching Guidelines, of which blanks, punctuation, case, bullets, copyright notices, titles, names that
//! are filled in, and text behind the end of the terms are taken over.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::LazyLock,
};

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::ordinary;

/// The licences that are recognised: each is one that the OSI has approved, or CC0-1.0, on which it has not decided.
pub(super) const IDS: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "BSD-3-Clause",
    "BSD-2-Clause",
    "0BSD",
    "ISC",
    "MPL-2.0",
    "AGPL-3.0-only",
    "GPL-3.0-only",
    "LGPL-3.0-only",
    "LGPL-2.1-only",
    "GPL-2.0-only",
    "Unlicense",
    "CC0-1.0",
    "Zlib",
    "BSL-1.0",
    "EPL-2.0",
    "EPL-1.0",
    "EUPL-1.2",
    "Artistic-2.0",
    "BlueOak-1.0.0",
    "OFL-1.1",
    "PostgreSQL",
    "UPL-1.0",
    "NCSA",
    "MulanPSL-2.0",
    "Unicode-3.0",
];
/// Of a hundred words of a licence so many have to be in a file that is compared with it.
const LIKELY: usize = 93;
/// Licences that a text is compared with word by word, those first of which it lacks the fewest words.
const MOST_COMPARED: usize = 3;
/// Licences that one file may have the text of.
const MOST: usize = 4;
/// Words that a name may have.
const LONGEST_NAME: usize = 16;
/// Words of a title.
const LONGEST_TITLE: usize = 8;

/// Names stand between these words.
const NAMES: &[(&[&str], &[&str])] = &[
    (&["neither", "the", "name"], &["nor", "the", "names", "of"]),
    (&["neither", "the", "names"], &["nor", "the", "names", "of"]),
    (&["nor", "the", "names", "of"], &["may", "be", "used", "to", "endorse"]),
    (&["software", "is", "provided", "by"], &["as", "is", "and", "any"]),
    (&["in", "no", "event", "shall"], &["be", "liable"]),
    (&["is", "provided", "as", "is", "and"], &["all", "warranties", "with", "regard"]),
];
/// Words that mean the same in a licence.
const SAME: &[(&str, &str)] = &[
    ("licence", "license"),
    ("licences", "licenses"),
    ("licenced", "licensed"),
    ("holders", "holder"),
    ("owner", "holder"),
    ("owners", "holder"),
    ("authors", "author"),
    ("contributors", "contributor"),
    ("https", "http"),
];
/// What a text may have instead of the words of a licence: what is missing, and what is there. Nothing in the place of a title, or of
/// an address where it is kept.
const VARIANTS: &[(&str, &str)] = &[
    ("", "the"),
    ("noninfringement", "non infringement"),
    ("software", "oftware"),
    ("lesser", "library"),
    ("library", "lesser"),
    ("do not", "don"),
    ("", "all rights reserved"),
    ("", "including the next paragraph"),
    ("its", "the"),
    ("its", "any"),
    ("", "above"),
    ("above", ""),
    ("street", "st"),
    ("franklin street fifth floor boston", "temple place suite boston"),
    ("franklin street fifth floor", "temple place suite"),
    ("http www gnu org licenses", "http fsf org"),
];

/// A word of a file, and its line.
pub(super) struct Word {
    text: String,
    line: usize,
}

/// The words of a text without those of one letter, numbers and the like, which count points.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut found = Vec::new();
    for (line, written) in text.lines().enumerate() {
        let lower = written.to_lowercase().replace("’s", "").replace("'s", "");
        for word in lower.split(|letter: char| !letter.is_alphanumeric()) {
            let counts = word.len() < 2
                || word.chars().all(|letter| letter.is_ascii_digit())
                || word.chars().all(|letter| matches!(letter, 'i' | 'v' | 'x'));
            if !counts {
                let same = SAME.iter().find(|(other, _)| *other == word).map_or(word, |(_, same)| same);
                found.push(Word { text: same.to_owned(), line });
            }
        }
    }
    without_names(found)
}

/// The words with one word in place of each name that is filled in.
fn without_names(words: Vec<Word>) -> Vec<Word> {
    let starts = |at: usize, wanted: &[&str]| {
        words
            .get(at..at.saturating_add(wanted.len()))
            .is_some_and(|found| found.iter().zip(wanted).all(|(word, wanted)| word.text == *wanted))
    };
    let mut named = BTreeMap::new();
    for at in 0..words.len() {
        for (before, behind) in NAMES.iter().filter(|(before, _)| starts(at, before)) {
            let first = at + before.len();
            let end = (first..=first + LONGEST_NAME).find(|end| starts(*end, behind));
            let name = end.and_then(|end| words.get(first..end));
            if let Some(name) =
                name.filter(|name| !name.is_empty() && !name.iter().any(|word| ordinary::is_a_term(&word.text)))
            {
                named.insert(first, name.len());
            }
        }
    }
    let mut kept = Vec::with_capacity(words.len());
    let mut left_out = 0;
    for (at, word) in words.into_iter().enumerate() {
        if let Some(length) = named.get(&at) {
            kept.push(Word { text: "name".to_owned(), line: word.line });
            left_out = *length;
        }
        if left_out == 0 {
            kept.push(word);
        }
        left_out = left_out.saturating_sub(1);
    }
    kept
}

/// A licence.
struct Licence {
    id: &'static str,
    words: Vec<String>,
    /// Words of its title, which a file may leave out.
    title: usize,
    /// Where its terms end; what is behind them says how to apply it.
    end: usize,
}

static LICENCES: LazyLock<Vec<Licence>> = LazyLock::new(|| IDS.iter().filter_map(|id| licence(id)).collect());

fn licence(id: &'static str) -> Option<Licence> {
    // Only what differs from file to file is left out: how lines are wrapped differs as well.
    let text = spdx::license_id(id)?.text().lines().filter(|line| !ordinary::is_dated_copyright(line));
    let text: Vec<&str> = text.collect();
    let first = text.iter().find(|line| !line.trim().is_empty())?;
    let title =
        Some(words(first).len()).filter(|length| *length <= LONGEST_TITLE && first.to_lowercase().contains("licen"));
    let words: Vec<String> = words(&text.join("\n")).into_iter().map(|word| word.text).collect();
    let last = ["end", "of", "terms", "and", "conditions"];
    let end = words.windows(last.len()).position(|found| found == last);
    let end = end.unwrap_or(words.len());
    Some(Licence { id, words, title: title.unwrap_or_default(), end })
}

/// What a file has.
#[derive(Default)]
pub(super) struct Found {
    /// The licences whose text is there.
    pub(super) licences: Vec<&'static str>,
    /// Lines that are of none of them, and of no kind that any licence file has.
    pub(super) foreign: BTreeSet<usize>,
    /// The licence whose text is there for the most part.
    pub(super) nearest: Option<&'static str>,
}

/// The licences that the words of a file are the text of; `lines` are those of the file.
pub(super) fn compare(words: &[Word], lines: &[&str]) -> Found {
    let mut found = Found::default();
    let mut left: Vec<&Word> = words.iter().collect();
    for _ in 0..MOST {
        let mut likely: Vec<(usize, &Licence)> = LICENCES
            .iter()
            .filter(|one| !found.licences.contains(&one.id))
            .map(|one| (one.lacking(&left), one))
            .filter(|(lacking, one)| *lacking * 100 <= one.words.len() * (100 - LIKELY))
            .collect();
        // The longest first: one may be a part of another.
        likely.sort_by_key(|(lacking, one)| (*lacking, std::cmp::Reverse(one.words.len())));
        let mut best: Option<(&Licence, Difference)> = None;
        for (_, licence) in likely.into_iter().take(MOST_COMPARED) {
            let by = licence.differs(&left, lines);
            let key = |by: &Difference| (by.lacks, by.foreign.len());
            if best.as_ref().is_none_or(|(_, other)| key(&by) < key(other)) {
                best = Some((licence, by));
            }
            if best.as_ref().is_some_and(|(_, by)| key(by) == (0, 0)) {
                break;
            }
        }
        let Some((licence, by)) = best else { break };
        if by.lacks > 0 {
            found.nearest = Some(licence.id);
            break;
        }
        found.licences.push(licence.id);
        left = left.into_iter().zip(&by.is_of_it).filter(|(_, of_it)| !**of_it).map(|(word, _)| word).collect();
        found.foreign = by.foreign;
        if found.foreign.is_empty() {
            break;
        }
    }
    found
}

/// How a text differs from a licence.
struct Difference {
    /// Places at which words of the licence are missing.
    lacks: usize,
    /// Lines with other words.
    foreign: BTreeSet<usize>,
    /// For each word of the text whether it is one of the licence.
    is_of_it: Vec<bool>,
}

impl Licence {
    /// How many words of its terms are nowhere in the text.
    fn lacking(&self, text: &[&Word]) -> usize {
        let mut there: HashMap<&str, usize> = HashMap::new();
        for word in text {
            *there.entry(&word.text).or_default() += 1;
        }
        let terms = self.words.get(self.title..self.end).unwrap_or_default();
        let lacking = terms.iter().filter(|word| match there.get_mut(word.as_str()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        });
        lacking.count()
    }

    fn differs(&self, text: &[&Word], lines: &[&str]) -> Difference {
        let words: Vec<&str> = text.iter().map(|word| word.text.as_str()).collect();
        let own: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let mut result = Difference { lacks: 0, foreign: BTreeSet::new(), is_of_it: vec![false; words.len()] };
        let operations = capture_diff_slices(Algorithm::Myers, &own, &words);
        // What is missing and what is more next to each other belong together.
        let mut pending = (0..0, 0..0);
        for operation in operations.iter().copied() {
            let (old, new) = (operation.old_range(), operation.new_range());
            if matches!(operation, DiffOp::Equal { .. }) {
                self.judge(&pending, &own, text, lines, &mut result);
                pending = (old.end..old.end, new.end..new.end);
                result.is_of_it.iter_mut().take(new.end).skip(new.start).for_each(|of_it| *of_it = true);
            } else {
                pending = (pending.0.start.min(old.start)..old.end, pending.1.start.min(new.start)..new.end);
                if pending.0.is_empty() && pending.0.start == 0 {
                    pending.0 = old;
                }
            }
        }
        self.judge(&pending, &own, text, lines, &mut result);
        result
    }

    /// Judges one place where the text differs: `at.0` are the words that the licence has there, `at.1` those of the text.
    fn judge(
        &self,
        at: &(std::ops::Range<usize>, std::ops::Range<usize>),
        own: &[&str],
        text: &[&Word],
        lines: &[&str],
        result: &mut Difference,
    ) {
        let missing = own.get(at.0.clone()).unwrap_or_default();
        let more = text.get(at.1.clone()).unwrap_or_default();
        let written: Vec<&str> = more.iter().map(|word| word.text.as_str()).collect();
        let (missing_text, written_text) = (missing.join(" "), written.join(" "));
        if VARIANTS.iter().any(|(theirs, ours)| *theirs == missing_text && *ours == written_text) {
            result.is_of_it.iter_mut().take(at.1.end).skip(at.1.start).for_each(|of_it| *of_it = true);
            return;
        }
        let needed = !missing.is_empty() && at.0.end > self.title && at.0.start < self.end;
        result.lacks += usize::from(needed);
        for line in more.iter().map(|word| word.line) {
            if !lines.get(line).is_some_and(|line| ordinary::is_ordinary(line)) {
                result.foreign.insert(line);
            }
        }
    }
}
