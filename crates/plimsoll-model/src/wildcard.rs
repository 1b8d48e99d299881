//! Patterns with stars, matched without recursion.

/// Does `subject` match `pattern`, item by item? What `is_star` says of is a star, which takes any number of items; anything
/// else takes one item where `takes` says so. What an item is, a character or a part of a path, is the caller's.
///
/// On a mismatch the last star takes one item more, so that there are at most `pattern x subject` steps, whatever the pattern.
pub fn matches_wildcard<P, S>(
    pattern: &[P],
    subject: &[S],
    is_star: impl Fn(&P) -> bool,
    takes: impl Fn(&P, &S) -> bool,
) -> bool {
    let (mut at_pattern, mut at_subject) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(item) = subject.get(at_subject) {
        match pattern.get(at_pattern) {
            Some(token) if is_star(token) => {
                star = Some((at_pattern, at_subject));
                at_pattern += 1;
            }
            Some(token) if takes(token, item) => {
                at_pattern += 1;
                at_subject += 1;
            }
            _ => match star {
                Some((place, eaten)) => {
                    star = Some((place, eaten + 1));
                    at_pattern = place + 1;
                    at_subject = eaten + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at_pattern).all(is_star)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
        matches_wildcard(&pattern, &text, |one| *one == '*', |one, character| one == character)
    }

    /// The same by its definition.
    fn by_definition(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|taken| by_definition(rest, &text[taken..])),
            Some((one, rest)) => {
                text.split_first().is_some_and(|(first, text)| first == one && by_definition(rest, text))
            }
        }
    }

    #[test]
    fn a_star_takes_any_number() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("**", "ab", true),
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "abcd", false),
            ("*ab", "abab", true),
            ("a*b*c", "aXbXc", true),
            ("a*b*c", "aXcXb", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
        assert!(!matches(&format!("{}b", "a*".repeat(500)), &"a".repeat(2000)));
    }

    proptest! {
        #[test]
        fn it_is_what_the_definition_says(pattern in "[ab*]{0,7}", text in "[ab]{0,7}") {
            let (one, other): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
            prop_assert_eq!(matches(&pattern, &text), by_definition(&one, &other));
        }
    }
}
