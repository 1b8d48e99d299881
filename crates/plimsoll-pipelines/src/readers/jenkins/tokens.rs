//! The words, texts and marks of a Jenkinsfile.
//!
//! Source: Apache Groovy, "Syntax": comments, identifiers, strings. Texts between slashes are not told from divisions.

use crate::readers::draft::anything;

/// A part of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name, with its dots, or a number.
    Word(String),
    /// A text; what is put into it while it runs may be anything.
    Text(String),
    Mark(char),
    /// The end of a line.
    End,
}

/// All of them; absent where a text or a comment does not end.
pub(super) fn tokens(source: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..).unwrap_or_default();
        if rest.starts_with("//") || (rest.starts_with("#!") && found.is_empty()) {
            rest = rest.find('\n').and_then(|end| rest.get(end..)).unwrap_or_default();
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/")?.1;
        } else if matches!(first, '\'' | '"') {
            let (text, end) = quoted(rest, first)?;
            found.push(Token::Text(text));
            rest = end;
        } else if first == '\n' {
            found.push(Token::End);
            rest = behind;
        } else if first.is_whitespace() {
            rest = behind;
        } else if let Some(continued) = rest.strip_prefix("\\\n") {
            rest = continued;
        } else if is_of_name(first) {
            let end = rest.find(|c: char| !(is_of_name(c) || c == '.')).unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end)?;
            found.push(Token::Word(word.to_owned()));
            rest = after;
        } else {
            found.push(Token::Mark(first));
            rest = behind;
        }
    }
    Some(found)
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

/// A text in one or three quotes, and what is behind it.
fn quoted(rest: &str, quote: char) -> Option<(String, &str)> {
    let three: String = std::iter::repeat_n(quote, 3).collect();
    let (close, inside) = match rest.strip_prefix(three.as_str()) {
        Some(inside) => (three.as_str(), inside),
        None => (three.get(..1)?, rest.get(1..)?),
    };
    let mut text = String::new();
    let mut left = inside;
    loop {
        if let Some(behind) = left.strip_prefix(close) {
            return Some((text, behind));
        }
        let first = left.chars().next()?;
        left = left.get(first.len_utf8()..)?;
        match first {
            '\n' if close.len() == 1 => return None,
            '\\' => {
                let escaped = left.chars().next()?;
                left = left.get(escaped.len_utf8()..)?;
                match escaped {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    'r' => text.push('\r'),
                    // The line goes on.
                    '\n' => {}
                    other => text.push(other),
                }
            }
            '$' if quote == '"' => {
                text.push_str(&anything());
                left = match left.strip_prefix('{') {
                    Some(code) => behind_code(code)?,
                    None => left.trim_start_matches(|c: char| is_of_name(c) || c == '.'),
                };
            }
            other => text.push(other),
        }
    }
}

/// What is behind the `}` that ends a piece of code.
fn behind_code(code: &str) -> Option<&str> {
    let mut open = 1_usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return code.get(at + 1..);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_comments_end_where_groovy_ends_them() {
        let word = |text: &str| Token::Word(text.to_owned());
        let text = |text: &str| Token::Text(text.to_owned());
        for (source, expected) in [
            ("sh 'a'", Some(vec![word("sh"), text("a")])),
            ("sh \"a ${x.y { z }} b\"", Some(vec![word("sh"), text("a \u{1} b")])),
            ("\"$env.X/y\\$Z\"", Some(vec![text("\u{1}/y$Z")])),
            ("'$X ${Y}'", Some(vec![text("$X ${Y}")])),
            ("'''a\n'b' \\\nc'''", Some(vec![text("a\n'b' c")])),
            ("a // 'b\nc /* ' */ d", Some(vec![word("a"), Token::End, word("c"), word("d")])),
            ("#!groovy\na", Some(vec![Token::End, word("a")])),
            ("env.X = 1", Some(vec![word("env.X"), Token::Mark('='), word("1")])),
            ("'a\n'", None),
            ("'''a''", None),
            ("/* a", None),
            ("\"${a\"", None),
            ("'a\\", None),
        ] {
            assert_eq!(tokens(source), expected, "{source}");
        }
    }
}
