//! A script's words and operators.

/// Quotes and substitutions inside one another.
const DEEPEST: usize = 24;

/// A word or an operator.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// As written, quotes included.
    Word(String),
    Operator(&'static str),
}

impl Token {
    /// Does it make more than one plain command of a script?
    pub(super) fn joins(&self) -> bool {
        matches!(self, Self::Operator(operator) if *operator != "\n")
    }
}

/// The tokens, and whether every part was closed and is of a spelling that is read as the shell does.
pub(super) fn tokens(script: &str) -> (Vec<Token>, bool) {
    let mut reader = Reader { rest: script, whole: true };
    let mut tokens = Vec::new();
    reader.whole = !script.contains('\r');
    let mut here_documents: Vec<End> = Vec::new();
    loop {
        reader.rest = reader.rest.trim_start_matches([' ', '\t', '\r']);
        if let Some(rest) = reader.rest.strip_prefix("\\\n").or_else(|| reader.rest.strip_prefix("\\\r\n")) {
            reader.rest = rest;
            continue;
        }
        let Some(first) = reader.rest.chars().next() else { break };
        if first == '#' {
            reader.rest = reader.rest.find('\n').and_then(|end| reader.rest.get(end..)).unwrap_or_default();
            continue;
        }
        if let Some(rest) = here_document(reader.rest) {
            let (end, rest) = rest;
            reader.whole &= end.plain;
            here_documents.push(end);
            reader.rest = rest;
            continue;
        }
        let operator = ["&&", "||", ";;&", ";;", ";&", "|&", ";", "|", "(", ")", "\n", "&"]
            .into_iter()
            .find(|operator| reader.rest.starts_with(operator) && !reader.rest.starts_with("&>"));
        let Some(operator) = operator else {
            tokens.push(Token::Word(reader.word()));
            continue;
        };
        reader.rest = reader.rest.get(operator.len()..).unwrap_or_default();
        tokens.push(Token::Operator(operator));
        if operator == "\n" {
            for end in here_documents.drain(..) {
                reader.skip_to_line(&end);
            }
        }
    }
    (tokens, reader.whole)
}

/// How a here document ends.
struct End {
    word: String,
    /// Tabs may stand before it.
    tabs: bool,
    /// Nothing in it is put in by the shell.
    quoted: bool,
    /// Is its spelling plain?
    plain: bool,
}

// `<<EOF`, `<<-'EOF'`; not `<<<`.
fn here_document(text: &str) -> Option<(End, &str)> {
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit()).strip_prefix("<<")?;
    if rest.starts_with('<') {
        return None;
    }
    let (tabs, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let rest = rest.trim_start_matches([' ', '\t']);
    let end =
        rest.find(|character: char| character.is_whitespace() || matches!(character, ';' | '|' | '&' | ')' | '>'));
    let (word, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let inner = ['"', '\''].iter().find_map(|quote| word.strip_prefix(*quote)?.strip_suffix(*quote));
    let name = inner.unwrap_or(word);
    let plain = !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    let end = End { word: name.to_owned(), tabs, quoted: inner.is_some(), plain };
    (!word.is_empty()).then_some((end, rest))
}

struct Reader<'a> {
    rest: &'a str,
    whole: bool,
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Up to and with `end`; what is never closed goes to the end.
    fn take_through(&mut self, end: &str, from: usize) -> &'a str {
        let Some(at) = self.rest.get(from..).and_then(|rest| rest.find(end)) else {
            self.whole = false;
            return self.take(self.rest.len());
        };
        self.take(from + at + end.len())
    }

    fn skip_to_line(&mut self, end: &End) {
        while !self.rest.is_empty() {
            let line = self.take(self.rest.find('\n').map_or(self.rest.len(), |at| at + 1));
            let line = line.strip_suffix('\n').unwrap_or(line);
            if (if end.tabs { line.trim_start_matches('\t') } else { line }) == end.word {
                return;
            }
            // What the shell puts in may run commands and may join lines.
            self.whole &= end.quoted || !(line.contains("$(") || line.contains('`') || line.ends_with('\\'));
        }
        self.whole = false;
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(first) = self.rest.chars().next() {
            match first {
                '&' if self.rest.starts_with("&>") => word.push_str(self.take(2)),
                // `x=(a b)` is a list; any other bracket ends the word.
                '(' if word.ends_with('=') => word.push_str(self.nested()),
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | '(' | ')' | '&' => break,
                // `2>&1` and `>|` are redirections.
                '<' | '>' => {
                    word.push(first);
                    self.take(1);
                    if self.rest.starts_with(['&', '|', '>', '<']) {
                        word.push_str(self.take(1));
                    }
                    if self.rest.starts_with('(') {
                        word.push_str(self.nested());
                    }
                }
                '\\' if self.rest.starts_with("\\\n") => {
                    self.take(2);
                }
                '\\' => {
                    let length = self.rest.chars().nth(1).map_or(1, |next| 1 + next.len_utf8());
                    word.push_str(self.take(length));
                }
                '\'' => word.push_str(self.take_through("'", 1)),
                '"' => {
                    let text = self.double_quoted();
                    self.whole &= plain_expansions(text);
                    word.push_str(text);
                }
                '`' => {
                    let text = self.take_through("`", 1);
                    self.whole &= !text.contains('\\');
                    word.push_str(text);
                }
                '$' if self.rest.starts_with("$'") || self.rest.starts_with("$\"") => {
                    self.whole = false;
                    word.push_str(self.take(1));
                }
                '$' if self.rest.starts_with("${") => {
                    let text = self.take_through("}", 2);
                    self.whole &= plain_expansions(text);
                    word.push_str(text);
                }
                '$' if self.rest.starts_with("$(") => {
                    self.take(1);
                    word.push('$');
                    word.push_str(self.nested());
                }
                other => {
                    word.push(other);
                    self.take(other.len_utf8());
                }
            }
        }
        word
    }

    /// From an opening bracket through its closing one; quotes inside are passed over.
    fn nested(&mut self) -> &'a str {
        let text = self.balanced(false);
        // Where such a text ends the shell knows by reading the commands in it.
        self.whole &= plain_expansions(text)
            && !text.contains(['\\', '#', '`'])
            && !text.contains("case ")
            && !text.contains("<<");
        text
    }

    fn double_quoted(&mut self) -> &'a str {
        self.balanced(true)
    }

    // One pass with a stack of what is open: '(' or '"'.
    fn balanced(&mut self, quoted: bool) -> &'a str {
        let mut open = vec![if quoted { '"' } else { '(' }];
        let mut characters = self.rest.char_indices().skip(1).peekable();
        while let Some((at, character)) = characters.next() {
            let in_quotes = open.last() == Some(&'"');
            match character {
                '\\' => {
                    characters.next();
                }
                '"' if in_quotes => {
                    open.pop();
                }
                '"' => open.push('"'),
                '\'' if !in_quotes => {
                    let closed = characters.any(|(_, other)| other == '\'');
                    if !closed {
                        break;
                    }
                }
                '$' if in_quotes && characters.peek().is_some_and(|(_, next)| *next == '(') => {
                    characters.next();
                    open.push('(');
                }
                '(' if !in_quotes => open.push('('),
                ')' if !in_quotes => {
                    open.pop();
                }
                _ => {}
            }
            if open.is_empty() {
                return self.take(at + character.len_utf8());
            }
            if open.len() > DEEPEST {
                break;
            }
        }
        self.whole = false;
        self.take(self.rest.len())
    }
}

/// Are all `${}` in a text plain: a name, and what may stand behind it without quotes and brackets?
fn plain_expansions(text: &str) -> bool {
    text.split("${").skip(1).all(|part| {
        part.split_once('}').is_some_and(|(inside, _)| !inside.contains(['"', '\'', '\\', '{', '$', '`', '(', '\n']))
    })
}
