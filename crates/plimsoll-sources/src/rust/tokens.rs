//! What tokens of Rust say by themselves.

/// Where each bracket closes; the end of all tokens where it does not.
pub(super) fn closing(tokens: &[&str]) -> Vec<usize> {
    let mut closes = vec![tokens.len(); tokens.len()];
    let mut open = Vec::new();
    for (number, token) in tokens.iter().enumerate() {
        match *token {
            "[" | "(" | "{" => open.push(number),
            "]" | ")" | "}" => {
                if let Some(close) = open.pop().and_then(|start: usize| closes.get_mut(start)) {
                    *close = number;
                }
            }
            _ => {}
        }
    }
    closes
}

pub(super) fn is_open(token: &str) -> bool {
    matches!(token, "{" | "(" | "[")
}

pub(super) fn is_word(token: &str) -> bool {
    token.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
}

/// Is there `#[test]`, or an attribute that ends so, among the tokens of a macro?
pub(super) fn holds_test(body: &[&str]) -> bool {
    body.windows(2).enumerate().filter(|(_, pair)| *pair == ["#", "["]).any(|(at, _)| {
        let words = body.get(at + 2..).unwrap_or_default().iter().take(20);
        words
            .take_while(|word| !matches!(**word, "]" | "(" | "="))
            .last()
            .is_some_and(|word| matches!(*word, "test" | "rstest"))
    })
}

/// The text of a literal that is a plain or a raw string.
pub(super) fn literal(token: &str) -> Option<String> {
    if let Some(raw) = token.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inner = raw.get(hashes..raw.len().checked_sub(hashes)?)?;
        return Some(inner.strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    Some(token.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

/// A literal, or `concat!` of literals.
pub(super) fn joined(tokens: &[&str]) -> Option<String> {
    let parts = match tokens {
        ["concat", "!", _, inner @ ..] => inner.split_last().map_or(inner, |(_, inner)| inner),
        tokens => tokens,
    };
    let texts: Option<Vec<String>> = parts.iter().filter(|part| **part != ",").map(|part| literal(part)).collect();
    texts.map(|texts| texts.concat()).filter(|text| !text.is_empty())
}

/// Fenced examples that are run: Rust, and not marked to be ignored or only shown.
///
/// Source: the rustdoc book, "Documentation tests", attributes.
pub(super) fn fences(doc: &str) -> u64 {
    let (mut open, mut count) = (false, 0);
    // Is the open one run, and is anything in it?
    let (mut runs, mut says) = (false, false);
    for line in doc.lines() {
        let Some(language) = line.trim().strip_prefix("```") else {
            says |= !line.trim().is_empty();
            continue;
        };
        if open {
            open = false;
            count += u64::from(runs && says);
        } else {
            (open, says) = (true, false);
            let words = language.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
            let known = ["rust", "should_panic", "compile_fail", "edition2018", "edition2021", "edition2024"];
            runs = words.clone().all(|word| known.contains(&word));
        }
    }
    count
}
