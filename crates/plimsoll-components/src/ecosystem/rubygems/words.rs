//! Ruby as far as a Gemfile is a list: statements of words, texts and symbols. What computes anything is told apart, not run.

/// One word of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A name, or a keyword.
    Name(String),
    /// A text without anything computed in it.
    Text(String),
    /// `:symbol`.
    Symbol(String),
    /// `label:`.
    Label(String),
    /// `%w[a b]` or `%i[a b]`.
    List(Vec<String>),
    /// A sign: a bracket, `,`, `=>`, `=` or `.`.
    Sign(char),
    /// Anything that is computed.
    Other,
}

/// A statement, with the line on which it begins.
#[derive(Debug)]
pub(super) struct Statement {
    pub line: usize,
    pub words: Vec<Word>,
}

/// How many words a file may have.
const MOST: usize = 200_000;

/// Gives the statements of a file, or what is wrong, as a clause.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Statement>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let mut all = Vec::new();
    let mut now = Statement { line: 1, words: Vec::new() };
    let (mut line, mut depth, mut count) = (1_usize, 0_usize, 0_usize);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let begun = text.len() - rest.len();
        if begun == 0 || text.as_bytes().get(begun - 1) == Some(&b'\n') {
            // A block of comments, and what is behind the end of the program.
            if rest.starts_with("=begin") {
                let end = rest.find("\n=end").map_or(rest.len(), |at| at + 5);
                line += rest.get(..end).unwrap_or_default().matches('\n').count();
                rest = rest.get(end..).unwrap_or_default();
                continue;
            }
            if rest.starts_with("__END__") {
                break;
            }
        }
        let length = first.len_utf8();
        let after = rest.get(length..).unwrap_or_default();
        let (word, used) = match first {
            '\n' | ';' => {
                line += usize::from(first == '\n');
                let goes_on = depth > 0 || matches!(now.words.last(), Some(Word::Sign(',' | '>' | '=' | '.')));
                // A statement that the next line begins with `.` goes on there.
                let dotted = after.trim_start_matches([' ', '\t']).starts_with('.');
                let ends = first == ';' || !(goes_on || dotted);
                if ends && !now.words.is_empty() {
                    all.push(std::mem::replace(&mut now, Statement { line, words: Vec::new() }));
                }
                rest = after;
                continue;
            }
            '#' => {
                rest = rest.find('\n').and_then(|at| rest.get(at..)).unwrap_or_default();
                continue;
            }
            '\\' if after.starts_with('\n') => {
                line += 1;
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            _ if first.is_whitespace() => {
                rest = after;
                continue;
            }
            '"' | '\'' => quoted(after, first).map(|(text, used)| (text.map_or(Word::Other, Word::Text), used + 1))?,
            ':' if after.starts_with(':') => (Word::Other, 2),
            ':' if after.starts_with(['"', '\'']) => {
                let quote = after.chars().next().unwrap_or('"');
                let (text, used) = quoted(after.get(1..).unwrap_or_default(), quote)?;
                (text.map_or(Word::Other, Word::Symbol), used + 2)
            }
            ':' => {
                let end = name_end(after);
                let name = after.get(..end).unwrap_or_default();
                (if name.is_empty() { Word::Other } else { Word::Symbol(name.to_owned()) }, end + 1)
            }
            '%' if after.starts_with(['w', 'i', 'W', 'I']) => percent(after)?,
            '=' if after.starts_with('>') => (Word::Sign('>'), 2),
            '=' if after.starts_with(['=', '~']) => (Word::Other, 2),
            '<' if after.starts_with("<~") || after.starts_with("<-") || after.starts_with("<\"") => {
                return Err(format!("line {line}: a text of several lines is not read"));
            }
            '(' | '[' | '{' => {
                depth += 1;
                (Word::Sign(first), 1)
            }
            ')' | ']' | '}' => {
                depth = depth.saturating_sub(1);
                (Word::Sign(first), 1)
            }
            ',' | '=' | '.' => (Word::Sign(first), 1),
            _ if first.is_ascii_alphabetic() || first == '_' => {
                let end = name_end(rest);
                let name = rest.get(..end).unwrap_or_default();
                let behind = rest.get(end..).unwrap_or_default();
                if behind.starts_with(':') && !behind.starts_with("::") {
                    (Word::Label(name.to_owned()), end + 1)
                } else {
                    (Word::Name(name.to_owned()), end)
                }
            }
            _ => (Word::Other, length),
        };
        count += 1;
        if count > MOST {
            return Err("it is longer than what is read".to_owned());
        }
        line += rest.get(..used).unwrap_or_default().matches('\n').count();
        if now.words.is_empty() {
            now.line = line;
        }
        // `"label": value`
        let behind = rest.get(used..).unwrap_or_default();
        let is_label = behind.starts_with(':') && !behind.starts_with("::");
        match word {
            Word::Text(text) if is_label => {
                now.words.push(Word::Label(text));
                rest = behind.get(1..).unwrap_or_default();
            }
            word => {
                now.words.push(word);
                rest = behind;
            }
        }
    }
    if !now.words.is_empty() {
        all.push(now);
    }
    Ok(all)
}

/// Where a name at the start of a text ends.
fn name_end(text: &str) -> usize {
    let end = text.find(|one: char| !one.is_ascii_alphanumeric() && one != '_').unwrap_or(text.len());
    // `name?`, but not `name ? a : b`.
    if text.get(end..).is_some_and(|rest| rest.starts_with(['?', '!']) && !rest.starts_with("!=")) {
        end + 1
    } else {
        end
    }
}

/// The text up to a quote, with how many bytes that takes; `None` where anything is computed in it.
fn quoted(text: &str, quote: char) -> Result<(Option<String>, usize), String> {
    let mut plain = Some(String::new());
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            _ if character == quote => return Ok((plain, at + 1)),
            '\\' => {
                let next = characters.next().map(|(_, next)| next);
                let same = matches!(next, Some('\\' | '"' | '\''));
                plain = plain.filter(|_| same).map(|mut plain| {
                    plain.extend(next);
                    plain
                });
            }
            '#' if quote == '"' && characters.peek().is_some_and(|(_, next)| matches!(next, '{' | '@' | '$')) => {
                plain = None;
            }
            _ => {
                if let Some(plain) = &mut plain {
                    plain.push(character);
                }
            }
        }
    }
    Err("a text has no end".to_owned())
}

/// `w[a b]` behind a `%`, with how many bytes that takes, the `%` included.
fn percent(text: &str) -> Result<(Word, usize), String> {
    let mut characters = text.chars();
    let kind = characters.next().unwrap_or('w');
    let end = match characters.next() {
        Some('[') => ']',
        Some('(') => ')',
        Some('{') => '}',
        Some('<') => '>',
        Some(same @ ('|' | '!' | '/')) => same,
        _ => return Ok((Word::Other, 1)),
    };
    let inner = text.get(2..).unwrap_or_default();
    let at = inner.find(end).ok_or("a list has no end")?;
    let inner = inner.get(..at).unwrap_or_default();
    let plain = !inner.contains('\\') && (kind.is_ascii_lowercase() || !inner.contains("#{"));
    let words = inner.split_whitespace().map(ToOwned::to_owned).collect();
    Ok((if plain { Word::List(words) } else { Word::Other }, at + 4))
}
