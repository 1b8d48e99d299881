//! Reads the text of an expression.

use super::{Expression, Known, number_of};

/// Characters of one expression; GitHub refuses longer ones.
const LONGEST: usize = 21_000;

/// Parentheses, calls and indexes inside one another.
const DEEPEST: usize = 40;

/// Comparisons in a row: `a == b == c`.
const MOST_COMPARISONS: usize = 16;

/// Reads one expression without its `${{ }}`; absent where it is not one.
pub(in super::super) fn parse(text: &str) -> Option<Expression> {
    if text.len() > LONGEST {
        return None;
    }
    let mut parser = Parser { rest: text.trim_start(), depth: 0 };
    let expression = parser.or()?;
    parser.rest.is_empty().then_some(expression)
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl Parser<'_> {
    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn or(&mut self) -> Option<Expression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut all = vec![self.and()?];
        while self.eat("||") {
            all.push(self.and()?);
        }
        self.depth -= 1;
        if all.len() == 1 { all.pop() } else { Some(Expression::Or(all)) }
    }

    fn and(&mut self) -> Option<Expression> {
        let mut all = vec![self.comparison()?];
        while self.eat("&&") {
            all.push(self.comparison()?);
        }
        if all.len() == 1 { all.pop() } else { Some(Expression::And(all)) }
    }

    fn comparison(&mut self) -> Option<Expression> {
        let mut left = self.negation()?;
        for _ in 0..MOST_COMPARISONS {
            let Some(operator) = ["==", "!=", "<=", ">=", "<", ">"].into_iter().find(|token| self.eat(token)) else {
                return Some(left);
            };
            left = Expression::Compare(operator, Box::new(left), Box::new(self.negation()?));
        }
        None
    }

    fn negation(&mut self) -> Option<Expression> {
        let mut odd = None;
        while !self.rest.starts_with("!=") && self.eat("!") {
            odd = Some(!odd.unwrap_or(false));
        }
        let operand = self.operand()?;
        let once = |operand| Expression::Not(Box::new(operand));
        Some(match odd {
            None => operand,
            Some(true) => once(operand),
            Some(false) => once(once(operand)),
        })
    }

    fn operand(&mut self) -> Option<Expression> {
        if self.eat("(") {
            let inner = self.or()?;
            return self.eat(")").then_some(inner).and_then(|inner| self.members(inner));
        }
        if self.rest.starts_with('\'') {
            return self.quoted().map(|text| Expression::Literal(Known::Text(text)));
        }
        if self.rest.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
            let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')));
            let (number, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            let value = number_of(number);
            if number.is_empty() || value.is_nan() {
                return None;
            }
            self.rest = rest.trim_start();
            return Some(Expression::Literal(Known::Number(value)));
        }
        let name = self.name()?;
        let literal = match name.as_str() {
            "true" => Some(Known::Bool(true)),
            "false" => Some(Known::Bool(false)),
            "null" => Some(Known::Null),
            _ => None,
        };
        if let Some(literal) = literal {
            return Some(Expression::Literal(literal));
        }
        if self.eat("(") {
            let mut arguments = Vec::new();
            while !self.eat(")") {
                if !arguments.is_empty() && !self.eat(",") {
                    return None;
                }
                arguments.push(self.or()?);
            }
            return self.members(Expression::Call(name, arguments));
        }
        // Forgejo and Gitea give GitHub's context a second name; GitHub itself has neither.
        let name = if matches!(name.as_str(), "forgejo" | "gitea") { "github".to_owned() } else { name };
        self.members(Expression::Path(vec![name]))
    }

    /// What stands behind a value: `.name`, `.*`, `[index]`. Members of what is no path are as unknown as it is.
    fn members(&mut self, mut of: Expression) -> Option<Expression> {
        loop {
            let member = if self.eat(".") {
                if self.eat("*") { "*".to_owned() } else { self.name()? }
            } else if self.eat("[") {
                let index = self.or()?;
                if !self.eat("]") {
                    return None;
                }
                match index {
                    Expression::Literal(Known::Text(name)) => name.to_ascii_lowercase(),
                    _ => "*".to_owned(),
                }
            } else {
                return Some(of);
            };
            of = match of {
                Expression::Path(mut path) => {
                    path.push(member);
                    Expression::Path(path)
                }
                // Whatever the value was made of may be in its member.
                Expression::Call(_, parts) => Expression::Call("member".to_owned(), parts),
                other => Expression::Call("member".to_owned(), vec![other]),
            };
        }
    }

    fn name(&mut self) -> Option<String> {
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        if name.is_empty() {
            return None;
        }
        self.rest = rest.trim_start();
        Some(name.to_ascii_lowercase())
    }

    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut rest = self.rest.strip_prefix('\'')?;
        loop {
            let (part, behind) = rest.split_once('\'')?;
            text.push_str(part);
            let Some(more) = behind.strip_prefix('\'') else {
                self.rest = behind.trim_start();
                return Some(text);
            };
            text.push('\'');
            rest = more;
        }
    }
}
