//! A script's structure, as far as failures depend on it.

use super::tokens::Token;

/// Compound commands inside one another.
const DEEPEST: usize = 24;

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
    /// Conditions and bodies by turns; what comes last may be a body without a condition.
    If(Vec<List>),
    /// A condition and a body, or a body for which nothing more is known.
    While(Vec<List>),
    /// A name, its values and the body.
    For(String, Vec<String>, List),
    /// The commands in a `case`.
    Case(Vec<Vec<String>>),
    Group(List),
    Subshell(List),
    Function(String, Box<Command>),
    /// With words that say where its input and output go.
    Redirected(Box<Command>, Vec<String>),
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
                            return self.redirected(Command::If(lists));
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
                self.redirected(Command::While(vec![condition, body]))
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
                self.redirected(match words.as_slice() {
                    ["for", name, "in", values @ ..] => {
                        Command::For((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect(), body)
                    }
                    _ => Command::While(vec![body]),
                })
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
                words.push("]]".to_owned());
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
        let mut words = Vec::new();
        while let Some(word) = self.word() {
            if !word.contains(['<', '>']) {
                return None;
            }
            words.push(word.to_owned());
            let open = word.ends_with(['<', '>', '&', '|']);
            self.next();
            if open {
                words.push(self.word()?.to_owned());
                self.next();
            }
        }
        Some(if words.is_empty() { command } else { Command::Redirected(Box::new(command), words) })
    }
}
