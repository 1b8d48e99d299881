//! What a word of a script comes to, where its spelling is plain.

use std::collections::BTreeMap;

/// Stands in a script for the text of an expression that is not known: it may hold anything, operators too.
pub(in super::super) const ANYTHING: char = '\u{1}';

/// What is known of variables: their value, or that it is not known.
pub(in super::super) type Names = BTreeMap<String, Option<String>>;

/// The text of a word after quotes and known variables; absent where it is not plain.
///
/// Without quotes a variable's value must be one word, and no pattern, tilde or list in braces may stand in it.
pub(in super::super) fn value(raw: &str, names: &Names) -> Option<String> {
    let mut text = String::new();
    let mut rest = raw;
    let mut quoted = false;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..)?;
        match first {
            '\'' if !quoted => {
                let (inside, behind) = behind.split_once('\'')?;
                text.push_str(inside);
                rest = behind;
                continue;
            }
            '"' => quoted = !quoted,
            '$' => {
                let (name, behind) = if let Some(inside) = behind.strip_prefix('{') {
                    inside.split_once('}')?
                } else {
                    let end = behind.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
                    behind.split_at(end.unwrap_or(behind.len()))
                };
                let known = names.get(name)?.as_deref()?;
                if !quoted && !is_one_word(known) {
                    return None;
                }
                text.push_str(known);
                rest = behind;
                continue;
            }
            '`' | '\\' | ANYTHING => return None,
            '*' | '?' | '[' | '{' | '<' | '>' | '(' if !quoted => return None,
            '~' if !quoted && text.is_empty() => return None,
            other => text.push(other),
        }
        rest = behind;
    }
    (!quoted).then_some(text)
}

/// The path behind the folder that the source is checked out into.
pub(in super::super) fn in_workspace(path: &str) -> Option<&str> {
    let rest = ["$GITHUB_WORKSPACE", "${GITHUB_WORKSPACE}"].iter().find_map(|start| path.strip_prefix(start))?;
    if rest.is_empty() { Some(".") } else { rest.strip_prefix('/').filter(|rest| !rest.contains('$')) }
}

/// Does the shell leave it whole where it stands without quotes?
pub(in super::super) fn is_one_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./:=@%+,-".contains(c))
}

/// A name that may stand before `=`.
pub(in super::super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The commands inside of `$( )` in a word; absent where they cannot be taken out.
pub(in super::super) fn substituted(raw: &str) -> Option<Vec<&str>> {
    if raw.contains(['`', ANYTHING]) || raw.contains("<(") || raw.contains(">(") {
        return None;
    }
    let mut all = Vec::new();
    let mut rest = raw;
    while let Some(at) = rest.find("$(") {
        let inside = rest.get(at + 2..)?;
        if inside.starts_with('(') {
            return None;
        }
        let (command, behind) = inside.split_at_checked(closing(inside)?)?;
        if command.contains("$(") || command.contains('\n') {
            return None;
        }
        all.push(command);
        rest = behind;
    }
    Some(all)
}

/// The place of the bracket that closes, where what stands outside of quotes is plain.
fn closing(inside: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in inside.char_indices() {
        match (quote, character) {
            (None, ')') => return Some(at),
            (None, '(' | '#' | '\\' | '<' | '>') | (Some('"'), '\\') => return None,
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_have_a_value_and_others_none() {
        let names: Names = [("A", Some("x-1")), ("B", Some("a b")), ("C", None)]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned)))
            .collect();
        for (raw, expected) in [
            ("test", Some("test")),
            ("'a b'", Some("a b")),
            ("\"a b\"c", Some("a bc")),
            ("--x='y z'", Some("--x=y z")),
            ("$A", Some("x-1")),
            ("\"${A}/z\"", Some("x-1/z")),
            ("\"$B\"", Some("a b")),
            ("$B", None),
            ("$C", None),
            ("$D", None),
            ("${A:-y}", None),
            ("$(x)", None),
            ("`x`", None),
            ("\\x", None),
            ("*.rs", None),
            ("{a,b}", None),
            ("~/x", None),
            ("\"x", None),
            ("a\u{1}", None),
        ] {
            assert_eq!(value(raw, &names).as_deref(), expected, "{raw}");
        }
        assert_eq!(substituted("a$(nproc)b\"$(date +%s)\"").unwrap(), ["nproc", "date +%s"]);
        for odd in ["`x`", "$((1))", "$(a $(b))", "$(a #)", "<(x)", "$(a"] {
            assert_eq!(substituted(odd), None, "{odd}");
        }
    }
}
