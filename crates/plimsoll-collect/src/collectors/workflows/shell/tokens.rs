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

/// The tokens, and whether every quote and bracket was closed.
pub(super) fn tokens(script: &str) -> (Vec<Token>, bool) {
    let mut reader = Reader { rest: script, whole: true };
    let mut tokens = Vec::new();
    let mut here_documents: Vec<String> = Vec::new();
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

// `<<EOF`, `<<-'EOF'`; not `<<<`.
fn here_document(text: &str) -> Option<(String, &str)> {
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit()).strip_prefix("<<")?;
    if rest.starts_with('<') {
        return None;
    }
    let rest = rest.strip_prefix('-').unwrap_or(rest).trim_start_matches([' ', '\t']);
    let end =
        rest.find(|character: char| character.is_whitespace() || matches!(character, ';' | '|' | '&' | ')' | '>'));
    let (word, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let word = word.replace(['"', '\'', '\\'], "");
    (!word.is_empty()).then_some((word, rest))
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

    fn skip_to_line(&mut self, end: &str) {
        while !self.rest.is_empty() {
            let line = self.take(self.rest.find('\n').map_or(self.rest.len(), |at| at + 1));
            if line.trim() == end {
                return;
            }
        }
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
                '"' => word.push_str(self.double_quoted()),
                '`' => word.push_str(self.take_through("`", 1)),
                '$' if self.rest.starts_with("${{") => {
                    let expression = self.take_through("}}", 3);
                    // The forge puts the text in before the shell reads it: a text with operators is code.
                    if expression.split('\'').skip(1).step_by(2).any(|text| text.contains(['|', '&', ';', '\n', '#'])) {
                        self.whole = false;
                    }
                    word.push_str(expression);
                }
                '$' if self.rest.starts_with("${") => word.push_str(self.take_through("}", 2)),
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
        self.balanced(false)
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
