//! Statements of a Jenkinsfile: a name, what it is given, and a block.

use super::tokens::Token;

/// Blocks inside one another.
const DEEPEST: usize = 64;

/// A name with what is behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Statement {
    pub(super) name: String,
    /// What stands between the name and the block, without the brackets around it.
    pub(super) given: Vec<Token>,
    pub(super) block: Option<Vec<Statement>>,
}

impl Statement {
    /// The first text that it is given, or that behind `key:`.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        if let Some(text) = self.named(key) {
            return match text {
                Token::Text(text) => Some(text),
                _ => None,
            };
        }
        match self.given.first() {
            Some(Token::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// What stands behind `key:`.
    pub(super) fn named(&self, key: &str) -> Option<&Token> {
        let at = self
            .given
            .windows(2)
            .position(|two| matches!(two, [Token::Word(word), Token::Mark(':')] if word == key))?;
        self.given.get(at + 2)
    }

    /// Those in the block that have this name.
    pub(super) fn inner<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Self> {
        self.block.iter().flatten().filter(move |one| one.name == name)
    }
}

/// The statements of a file; absent where its brackets do not fit, or are nested too deeply.
pub(super) fn statements(tokens: &[Token]) -> Option<Vec<Statement>> {
    let mut reader = Reader { tokens, at: 0 };
    let found = reader.block(0)?;
    (reader.at == tokens.len()).then_some(found)
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
}

impl Reader<'_> {
    fn next(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn is(&self, mark: char) -> bool {
        self.next() == Some(&Token::Mark(mark))
    }

    /// Statements up to the end, or to the `}` that ends the block.
    fn block(&mut self, depth: usize) -> Option<Vec<Statement>> {
        if depth > DEEPEST {
            return None;
        }
        let mut found = Vec::new();
        loop {
            match self.next() {
                None if depth == 0 => return Some(found),
                None => return None,
                Some(Token::Mark('}')) if depth == 0 => return None,
                Some(Token::Mark('}')) => {
                    self.at += 1;
                    return Some(found);
                }
                Some(Token::End | Token::Mark(';')) => self.at += 1,
                Some(_) => found.push(self.statement(depth)?),
            }
        }
    }

    fn statement(&mut self, depth: usize) -> Option<Statement> {
        let mut statement = Statement::default();
        if let Some(Token::Word(name)) = self.next() {
            statement.name.clone_from(name);
            self.at += 1;
        }
        if self.is('(') {
            self.at += 1;
            self.given(&mut statement.given, ')')?;
        }
        // Without brackets, and what stands behind them: a chain of calls, an operator.
        let mut open = 0_usize;
        loop {
            match self.next() {
                None | Some(Token::Mark('}' | ';')) if open == 0 => break,
                None => return None,
                Some(Token::End) => {
                    let goes_on = matches!(statement.given.last(), Some(Token::Mark(',' | ':' | '=')));
                    if open == 0 && !goes_on {
                        break;
                    }
                    self.at += 1;
                }
                Some(Token::Mark('{')) => {
                    self.at += 1;
                    let inner = self.block(depth + 1)?;
                    statement.block.get_or_insert_with(Vec::new).extend(inner);
                    if open == 0 {
                        break;
                    }
                }
                Some(token) => {
                    match token {
                        Token::Mark('(' | '[') => open += 1,
                        Token::Mark(')' | ']') => open = open.checked_sub(1)?,
                        _ => {}
                    }
                    statement.given.push(token.clone());
                    self.at += 1;
                }
            }
        }
        Some(statement)
    }

    /// What stands between brackets. A block in it is passed over with its statements.
    fn given(&mut self, into: &mut Vec<Token>, close: char) -> Option<()> {
        let mut open = Vec::new();
        loop {
            let token = self.next()?.clone();
            self.at += 1;
            match token {
                Token::Mark(mark @ ('(' | '[' | '{')) => {
                    if open.len() == DEEPEST {
                        return None;
                    }
                    open.push(match mark {
                        '(' => ')',
                        '[' => ']',
                        _ => '}',
                    });
                    into.push(token);
                }
                Token::Mark(mark @ (')' | ']' | '}')) => match open.pop() {
                    Some(expected) if expected == mark => into.push(token),
                    None if mark == close => return Some(()),
                    _ => return None,
                },
                Token::End => {}
                other => into.push(other),
            }
        }
    }
}
