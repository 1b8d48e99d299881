//! A script's tokens and its structure, as far as failures depend on it.

/// Compound commands and substitutions inside one another.
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

/// Commands one after the other, each joined by `&&` and `||`.
pub(super) type List = Vec<Joined>;

/// Pipelines that are joined by `&&` and `||`.
pub(super) struct Joined {
    /// Each with the operator before it; the first has none.
    pub(super) parts: Vec<(&'static str, Pipeline)>,
    /// Nobody waits for it.
    pub(super) background: bool,
}

pub(super) struct Pipeline {
    /// `!` stands before it.
    pub(super) negated: bool,
    pub(super) commands: Vec<Command>,
}

pub(super) enum Command {
    Simple(Vec<String>),
    /// Conditions and bodies of `if`, `while`, `until`: nothing in them surely runs and fails.
    Tolerant(Vec<List>),
    /// Does the body of a `for` surely run?
    For(List, bool),
    /// The commands in a `case`.
    Case(Vec<Vec<String>>),
    Group(List),
    Subshell(List),
    Function(String, Box<Command>),
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
        match operator {
            Some(operator) => {
                reader.rest = reader.rest.get(operator.len()..).unwrap_or_default();
                tokens.push(Token::Operator(operator));
                if operator == "\n" {
                    for end in here_documents.drain(..) {
                        reader.skip_to_line(&end);
                    }
                }
            }
            None => {
                let word = reader.word();
                tokens.push(Token::Word(word));
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
        match self.rest.get(from..).and_then(|rest| rest.find(end)) {
            Some(at) => self.take(from + at + end.len()),
            None => {
                self.whole = false;
                self.take(self.rest.len())
            }
        }
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
                ' ' | '\t' | '\r' | '\n' | ';' | '|' | ')' => break,
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
                '&' if self.rest.starts_with("&>") => word.push_str(self.take(2)),
                '&' => break,
                // `x=(a b)` is a list; any other bracket ends the word.
                '(' if word.ends_with('=') => word.push_str(self.nested()),
                '(' => break,
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
                    if !characters.any(|(_, other)| other == '\'') {
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

/// Words that stand for structure where a command begins.
const RESERVED: &[&str] = &[
    "if", "then", "elif", "else", "fi", "while", "until", "for", "select", "do", "done", "case", "esac", "{", "}", "!",
    "time",
];

/// Every command, whatever the structure.
pub(super) fn flat(tokens: &[Token]) -> Vec<Vec<String>> {
    tokens
        .split(|token| matches!(token, Token::Operator(_)))
        .map(|words| {
            let words = words.iter().filter_map(|token| match token {
                Token::Word(word) => Some(word),
                Token::Operator(_) => None,
            });
            words.skip_while(|word| RESERVED.contains(&word.as_str())).cloned().collect::<Vec<_>>()
        })
        .filter(|words| !words.is_empty())
        .collect()
}

/// The structure of a whole script, where it is understood.
pub(super) fn list(tokens: &[Token]) -> Option<List> {
    let mut parser = Parser { tokens, depth: 0 };
    let list = parser.list(&[])?;
    parser.tokens.is_empty().then_some(list)
}

struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
}

impl<'a> Parser<'a> {
    fn word(&self) -> Option<&'a str> {
        match self.tokens.first() {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn operator(&self) -> Option<&'static str> {
        match self.tokens.first() {
            Some(Token::Operator(operator)) => Some(operator),
            _ => None,
        }
    }

    fn next(&mut self) {
        self.tokens = self.tokens.get(1..).unwrap_or_default();
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        (self.word() == Some(word)).then(|| self.next())
    }

    fn skip_lines(&mut self) {
        while self.operator() == Some("\n") {
            self.next();
        }
    }

    /// Commands up to one of the words in `ends` where a command would begin, a closing bracket, or the end.
    fn list(&mut self, ends: &[&str]) -> Option<List> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut list = Vec::new();
        loop {
            while matches!(self.operator(), Some("\n" | ";")) {
                self.next();
            }
            let over = self.tokens.is_empty() || self.operator() == Some(")");
            if over || self.word().is_some_and(|word| ends.contains(&word)) {
                break;
            }
            let mut joined = self.joined()?;
            match self.operator() {
                Some("&") => {
                    joined.background = true;
                    self.next();
                }
                Some(";" | "\n" | ")") | None => {}
                Some(_) => return None,
            }
            list.push(joined);
        }
        self.depth -= 1;
        Some(list)
    }

    fn joined(&mut self) -> Option<Joined> {
        let mut parts = vec![("", self.pipeline()?)];
        while let Some(operator @ ("&&" | "||")) = self.operator() {
            self.next();
            self.skip_lines();
            parts.push((operator, self.pipeline()?));
        }
        Some(Joined { parts, background: false })
    }

    fn pipeline(&mut self) -> Option<Pipeline> {
        let mut negated = false;
        while let Some(word @ ("!" | "time")) = self.word() {
            negated |= word == "!";
            self.next();
        }
        let mut commands = vec![self.command()?];
        while let Some("|" | "|&") = self.operator() {
            self.next();
            self.skip_lines();
            commands.push(self.command()?);
        }
        Some(Pipeline { negated, commands })
    }

    fn command(&mut self) -> Option<Command> {
        if self.operator() == Some("(") {
            self.next();
            let list = self.list(&[])?;
            if self.operator() != Some(")") {
                return None;
            }
            self.next();
            return self.redirected(Command::Subshell(list));
        }
        let word = self.word()?;
        match word {
            "if" => {
                self.next();
                let mut lists = vec![self.list(&["then"])?];
                self.expect("then")?;
                loop {
                    lists.push(self.list(&["elif", "else", "fi"])?);
                    match self.word()? {
                        "elif" => {
                            self.next();
                            lists.push(self.list(&["then"])?);
                            self.expect("then")?;
                        }
                        "else" => self.next(),
                        _ => {
                            self.expect("fi")?;
                            return self.redirected(Command::Tolerant(lists));
                        }
                    }
                }
            }
            "while" | "until" => {
                self.next();
                let condition = self.list(&["do"])?;
                self.expect("do")?;
                let body = self.list(&["done"])?;
                self.expect("done")?;
                self.redirected(Command::Tolerant(vec![condition, body]))
            }
            "for" | "select" => {
                let mut words = Vec::new();
                while self.word() != Some("do") {
                    words.extend(self.word());
                    if self.tokens.is_empty() {
                        return None;
                    }
                    self.next();
                }
                self.next();
                let body = self.list(&["done"])?;
                self.expect("done")?;
                let sure = word == "for"
                    && words.get(2) == Some(&"in")
                    && words.iter().skip(3).any(|word| !word.contains(['$', '`', '*', '?', '[', '(']));
                self.redirected(Command::For(body, sure))
            }
            "case" => self.case(),
            "{" => {
                self.next();
                let list = self.list(&["}"])?;
                self.expect("}")?;
                self.redirected(Command::Group(list))
            }
            "[[" => {
                let mut words = Vec::new();
                while self.word() != Some("]]") {
                    words.push(self.word().unwrap_or_default().to_owned());
                    if self.tokens.is_empty() {
                        return None;
                    }
                    self.next();
                }
                self.next();
                Some(Command::Simple(words))
            }
            "function" => {
                self.next();
                let name = self.word()?.to_owned();
                self.next();
                self.function(name)
            }
            _ if RESERVED.contains(&word) => None,
            _ => {
                let mut words = Vec::new();
                while let Some(word) = self.word() {
                    words.push(word.to_owned());
                    self.next();
                }
                match (self.operator(), words.as_slice()) {
                    (Some("("), [name]) => {
                        let name = name.clone();
                        self.function(name)
                    }
                    (Some("("), _) => None,
                    _ => Some(Command::Simple(words)),
                }
            }
        }
    }

    fn function(&mut self, name: String) -> Option<Command> {
        if self.operator() == Some("(") {
            self.next();
            if self.operator() != Some(")") {
                return None;
            }
            self.next();
        }
        self.skip_lines();
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let body = self.command()?;
        self.depth -= 1;
        Some(Command::Function(name, Box::new(body)))
    }

    fn case(&mut self) -> Option<Command> {
        let (mut open, mut length) = (0_usize, 0_usize);
        let mut begins = true;
        for token in self.tokens {
            length += 1;
            match token {
                Token::Word(word) if word == "case" && begins => open += 1,
                Token::Word(word) if word == "esac" && begins => open -= 1,
                _ => {}
            }
            begins = match token {
                Token::Operator(_) => true,
                Token::Word(word) => RESERVED.contains(&word.as_str()) || word == "in",
            };
            if open == 0 {
                break;
            }
        }
        if open > 0 {
            return None;
        }
        let (inner, rest) = self.tokens.split_at(length);
        self.tokens = rest;
        // The word that is told apart and the patterns are no commands, but they name no program either.
        let commands = flat(inner.get(3..).unwrap_or_default());
        self.redirected(Command::Case(commands))
    }

    /// Behind a compound command only redirections may stand.
    fn redirected(&mut self, command: Command) -> Option<Command> {
        while let Some(word) = self.word() {
            if !word.contains(['<', '>']) {
                return None;
            }
            let open = word.ends_with(['<', '>', '&']);
            self.next();
            if open {
                self.word()?;
                self.next();
            }
        }
        Some(command)
    }
}
