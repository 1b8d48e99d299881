//! Values that documentation shows: the form is right, and nobody could use them.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// Words of which placeholders are made. Short ones alone do not make one: a part of all letters has to be covered.
const WORDS: &[&str] = &[
    "access",
    "account",
    "actual",
    "api",
    "change",
    "demo",
    "dummy",
    "enter",
    "example",
    "face",
    "fake",
    "from",
    "goes",
    "here",
    "hugging",
    "insert",
    "invalid",
    "key",
    "like",
    "make",
    "mock",
    "paste",
    "personal",
    "place",
    "placeholder",
    "put",
    "real",
    "redacted",
    "replace",
    "sample",
    "secret",
    "should",
    "some",
    "string",
    "test",
    "that",
    "this",
    "token",
    "value",
    "with",
    "your",
];
/// Equal or rising characters in a row that nobody's random generator gives.
const ROW: usize = 7;

/// Is it a documented sample: with the word EXAMPLE, with hardly any different characters, or put together from words?
///
/// `proven` values carry a checksum, so that words in them are chance.
pub(super) fn reads_as_example(value: &[u8], proven: bool) -> bool {
    let body = value.get(value.len().saturating_sub(64)..).unwrap_or_default();
    let mut seen = [0_u64; 4];
    for byte in body {
        if let Some(part) = seen.get_mut(usize::from(*byte >> 6)) {
            *part |= 1 << (*byte & 63);
        }
    }
    let different: u32 = seen.iter().map(|part| part.count_ones()).sum();
    let says_so = value.len() < 512 && value.windows(7).any(|window| window.eq_ignore_ascii_case(b"example"));
    says_so || different < 8 || (!proven && is_made_of_words(value))
}

fn words() -> Option<&'static AhoCorasick> {
    static MATCHER: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(WORDS).ok());
    MATCHER.as_ref()
}

/// Are most of the letters and digits words and rows?
fn is_made_of_words(value: &[u8]) -> bool {
    let value = value.get(..value.len().min(400)).unwrap_or_default();
    let mut covered = vec![false; value.len()];
    let mut cover = |start: usize, end: usize| covered.iter_mut().take(end).skip(start).for_each(|one| *one = true);
    for found in words().into_iter().flat_map(|words| words.find_overlapping_iter(value)) {
        cover(found.start(), found.end());
    }
    for step in [0, 1] {
        let mut start = 0;
        for at in 1..=value.len() {
            let goes_on = match (value.get(at - 1), value.get(at)) {
                (Some(one), Some(next)) => one.checked_add(step) == Some(*next),
                _ => false,
            };
            if !goes_on {
                if at - start >= ROW {
                    cover(start, at);
                }
                start = at;
            }
        }
    }
    let letters = value.iter().zip(&covered).filter(|(byte, _)| byte.is_ascii_alphanumeric());
    let (all, known) = letters.fold((0, 0), |(all, known), (_, covered)| (all + 1, known + usize::from(*covered)));
    known * 2 >= all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_words_is_no_secret() {
        for text in [
            "your-token-goes-here",
            "yourkeygoeshere12345678",
            "PASTE_YOUR_TOKEN_HERE0000000000000000000000000000000000000000000000",
            "YOUR_API_KEY_GOES_HERE_REPLACE_IT_OK",
            "T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
            "your1secret2token3here4567",
            "YourHuggingFaceTokenGoesInThisPlace",
            "AKIAIOSFODNN7EXAMPLE",
            "0123456789abcdef0123456789abcdef",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ] {
            assert!(reads_as_example(text.as_bytes(), false), "{text}");
        }
        for text in ["aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL", "q8Zp3vKey7Lw2NxT5rB9", "9f1c0b7d3e5a8f2246d0c3b1a79e8d54"] {
            assert!(!reads_as_example(text.as_bytes(), false), "{text}");
        }
        assert!(!reads_as_example(b"yourkeygoeshere1234567q", true));
    }

    proptest::proptest! {
        #[test]
        fn random_values_are_no_examples(value in "[A-Za-z0-9]{24,64}") {
            proptest::prop_assert!(!is_made_of_words(value.as_bytes()), "{}", value);
        }
    }
}
