//! Is a page in English? The rules understand no other language.

use super::{prose::Block, security::last_heading};

/// Are there enough of the small words of English? A page of addresses alone is in no language, and counts as English.
pub(super) fn is_english(blocks: &[Block]) -> bool {
    const SMALL: &[&str] = &[
        "the",
        "to",
        "and",
        "a",
        "an",
        "of",
        "in",
        "we",
        "you",
        "is",
        "please",
        "report",
        "security",
        "for",
        "not",
        "this",
        "our",
        "us",
        "it",
        "on",
        "are",
        "or",
        "by",
        "will",
        "with",
        "be",
        "any",
        "your",
        "at",
        "if",
        "do",
        "from",
        "that",
        "have",
        "has",
        "no",
        "as",
        "vulnerability",
        "vulnerabilities",
        "contact",
        "email",
        "reports",
        "issue",
        "write",
    ];
    let (mut words, mut small) = (0_usize, 0_usize);
    let mut other_script = 0_usize;
    for block in blocks {
        let text = format!("{} {}", last_heading(&block.heading), block.text);
        let words_alone = text.split_whitespace().filter(|word| !word.contains('@') && !word.contains("://"));
        let text = words_alone.collect::<Vec<_>>().join(" ");
        for word in text.split(|letter: char| !letter.is_alphabetic() && letter != '\'').filter(|word| !word.is_empty())
        {
            words += 1;
            small += usize::from(SMALL.contains(&word.to_lowercase().as_str()));
        }
        other_script += text.chars().filter(|letter| letter.is_alphabetic() && (*letter as u32) > 0x36f).count();
    }
    // Scripts without blanks have few words; their letters count.
    words += other_script / 3;
    words < 6 && other_script == 0 || small * 8 >= words
}
