//! Patterns of workspace members, matched in linear space and without recursion.

use plimsoll_model::matches_wildcard;

/// Does `path` match `pattern` as cargo's `members` and `exclude` mean it?
///
/// `?` is one character, `*` any number, `[...]` one of a set (`[!...]` none of it), all within one part of the
/// path; a part `**` is any number of parts. Both are relative to the root manifest's folder.
///
/// Source: the Cargo Book, "The members and exclude fields"; the syntax is that of the `glob` crate.
pub(crate) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    let path: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    matches_wildcard(&pattern, &path, |part| **part == *"**", |part, name| part_matches(part, name))
}

fn part_matches(pattern: &str, name: &str) -> bool {
    let tokens = tokens(pattern);
    let characters: Vec<char> = name.chars().collect();
    matches_wildcard(
        &tokens,
        &characters,
        |token| matches!(token, Token::Any),
        |token, character| token.takes(*character),
    )
}

enum Token {
    Any,
    One,
    Is(char),
    Set { not: bool, ranges: Vec<(char, char)> },
}

impl Token {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Any | Self::One => true,
            Self::Is(own) => *own == character,
            Self::Set { not, ranges } => ranges.iter().any(|(low, high)| (*low..=*high).contains(&character)) != *not,
        }
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut tokens = Vec::with_capacity(characters.len());
    let mut at = 0;
    while let Some(character) = characters.get(at) {
        at += 1;
        match character {
            '*' => tokens.push(Token::Any),
            '?' => tokens.push(Token::One),
            '[' => match set(characters.get(at..).unwrap_or_default()) {
                Some((token, length)) => {
                    tokens.push(token);
                    at += length;
                }
                None => tokens.push(Token::Is('[')),
            },
            other => tokens.push(Token::Is(*other)),
        }
    }
    tokens
}

fn set(rest: &[char]) -> Option<(Token, usize)> {
    let not = rest.first() == Some(&'!');
    let start = usize::from(not);
    // A bracket right after the start belongs to the set.
    let end = start + 1 + rest.get(start + 1..)?.iter().position(|character| *character == ']')?;
    let body = rest.get(start..end)?;
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(low) = body.get(at) {
        if let (Some('-'), Some(high)) = (body.get(at + 1), body.get(at + 2)) {
            ranges.push((*low, *high));
            at += 3;
        } else {
            ranges.push((*low, *low));
            at += 1;
        }
    }
    Some((Token::Set { not, ranges }, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_those_of_cargo() {
        for (pattern, path, expected) in [
            ("crates/*", "crates/a", true),
            ("crates/*", "crates/a/b", false),
            ("crates/*", "crates", false),
            ("crates/**", "crates/a/b", true),
            ("**/x", "a/b/x", true),
            ("**/x", "a/b/y", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("c[ab]d", "cad", true),
            ("c[!ab]d", "cad", false),
            ("c[a-c]d", "cbd", true),
            ("c[", "c[", true),
            ("./a/", "a", true),
            ("", "", true),
            ("*", "", false),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "aXbY", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        assert!(!matches(&"a*".repeat(2000), &"a".repeat(200)));
        assert!(!matches(&format!("{}b", "a*".repeat(100)), &"a".repeat(250)));
        assert!(!matches(&format!("{}b", "**/".repeat(100)), &"a/".repeat(250)));
    }
}
