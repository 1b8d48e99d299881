//! Expressions of GitHub Actions: which text they put out, and how they come out as conditions.
//!
//! Source: GitHub, "Evaluate expressions in workflows and actions": literals, operators, loose equality, functions.

/// Characters of one expression; GitHub refuses longer ones.
const LONGEST: usize = 21_000;
/// Parentheses, calls and indexes inside one another.
const DEEPEST: usize = 40;
/// Comparisons in a row: `a == b == c`.
const MOST_COMPARISONS: usize = 16;

/// An expression as written, names in lower case (GitHub compares them so).
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Literal(Known),
    /// A context and the names that lead into it; `*` stands for any name, also for one that is computed.
    Path(Vec<String>),
    Call(String, Vec<Expression>),
    Not(Box<Expression>),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Compare(&'static str, Box<Expression>, Box<Expression>),
}

/// What is known of a value before the workflow runs.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// A text of which the beginning is known.
    Begins(&'static str),
    Unknown,
}

impl Known {
    /// Does it count as true, where that is known?
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Bool(value) => Some(*value),
            Self::Number(number) => Some(*number != 0.0 && !number.is_nan()),
            Self::Text(text) => Some(!text.is_empty()),
            Self::Begins(_) => Some(true),
            Self::Unknown => None,
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Null => Some(0.0),
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Number(number) => Some(*number),
            Self::Text(text) if text.trim().is_empty() => Some(0.0),
            Self::Text(text) => Some(text.trim().parse().unwrap_or(f64::NAN)),
            Self::Begins(_) | Self::Unknown => None,
        }
    }

    fn text(&self) -> Option<String> {
        match self {
            Self::Null => Some(String::new()),
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.to_ascii_lowercase()),
            Self::Begins(_) | Self::Unknown => None,
        }
    }
}

/// Reads one expression without its `${{ }}`; absent where it is not one.
pub(super) fn parse(text: &str) -> Option<Expression> {
    if text.len() > LONGEST {
        return None;
    }
    let mut parser = Parser { rest: text.trim_start(), depth: 0 };
    let expression = parser.or()?;
    parser.rest.is_empty().then_some(expression)
}

/// The insides of `${{ }}` in a text.
pub(super) fn inside(text: &str) -> Vec<&str> {
    text.split("${{").skip(1).map(|rest| rest.split_once("}}").map_or(rest, |(inside, _)| inside)).collect()
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
            let value = match number.strip_prefix("0x") {
                Some(digits) => f64::from(u32::from_str_radix(digits, 16).ok()?),
                None => number.parse().ok()?,
            };
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

impl Expression {
    /// The paths whose own text the value can hold. A comparison or a question gives true or false and holds none;
    /// of `a && b` only the last part's text comes out, for the others come out where they are empty.
    pub(super) fn carried<'a>(&'a self, into: &mut Vec<&'a [String]>) {
        match self {
            Self::Literal(_) | Self::Not(_) | Self::Compare(..) => {}
            Self::Path(path) => into.push(path),
            Self::Call(name, arguments) => {
                if !matches!(
                    name.as_str(),
                    "contains"
                        | "startswith"
                        | "endswith"
                        | "hashfiles"
                        | "always"
                        | "success"
                        | "failure"
                        | "cancelled"
                ) {
                    for argument in arguments {
                        argument.carried(into);
                    }
                }
            }
            Self::And(parts) => {
                if let Some(last) = parts.last() {
                    last.carried(into);
                }
            }
            Self::Or(parts) => {
                for part in parts {
                    part.carried(into);
                }
            }
        }
    }

    /// Does it ask for the state of what ran before, so that the silent `success()` is not put before it?
    pub(super) fn asks_for_status(&self) -> bool {
        match self {
            Self::Literal(_) | Self::Path(_) => false,
            Self::Call(name, arguments) => {
                matches!(name.as_str(), "always" | "success" | "failure" | "cancelled")
                    || arguments.iter().any(Self::asks_for_status)
            }
            Self::Not(inner) => inner.asks_for_status(),
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::asks_for_status),
            Self::Compare(_, left, right) => left.asks_for_status() || right.asks_for_status(),
        }
    }

    /// The value, as far as `given` knows paths and `status` knows `success()`.
    pub(super) fn value(&self, given: &dyn Fn(&[String]) -> Known, status: Option<bool>) -> Known {
        match self {
            Self::Literal(known) => known.clone(),
            Self::Path(path) => given(path),
            Self::Call(name, arguments) => call(name, arguments, given, status),
            Self::Not(inner) => inner.value(given, status).truth().map_or(Known::Unknown, |truth| Known::Bool(!truth)),
            Self::And(parts) => joined(parts, false, given, status),
            Self::Or(parts) => joined(parts, true, given, status),
            Self::Compare(operator, left, right) => {
                compared(operator, &left.value(given, status), &right.value(given, status))
                    .map_or(Known::Unknown, Known::Bool)
            }
        }
    }
}

// `&&` ends at the first part that is false, `||` at the first that is true; a part that is not known leaves
// the value open unless a later one decides it either way.
fn joined(parts: &[Expression], end: bool, given: &dyn Fn(&[String]) -> Known, status: Option<bool>) -> Known {
    let (mut open, mut last) = (false, Known::Null);
    for part in parts {
        last = part.value(given, status);
        match last.truth() {
            Some(truth) if truth == end => return if open { Known::Bool(end) } else { last },
            Some(_) => {}
            None => open = true,
        }
    }
    if open { Known::Unknown } else { last }
}

fn call(name: &str, arguments: &[Expression], given: &dyn Fn(&[String]) -> Known, status: Option<bool>) -> Known {
    let decided = match (name, arguments) {
        ("always", []) => Some(true),
        ("success", []) => status,
        // What is asked is whether the check runs where nothing has gone wrong so far.
        ("failure" | "cancelled", []) => Some(false),
        ("contains", [Expression::Call(from, list), item]) if from == "fromjson" => {
            listed(list).and_then(|list| Some(list.contains(&item.value(given, status).text()?)))
        }
        ("contains" | "startswith" | "endswith", [whole, part]) => {
            found(name, &whole.value(given, status), &part.value(given, status))
        }
        _ => None,
    };
    decided.map_or(Known::Unknown, Known::Bool)
}

fn listed(arguments: &[Expression]) -> Option<Vec<String>> {
    let [Expression::Literal(Known::Text(text))] = arguments else { return None };
    serde_json::from_str::<Vec<String>>(&text.to_ascii_lowercase()).ok()
}

fn found(name: &str, whole: &Known, part: &Known) -> Option<bool> {
    let part = part.text()?;
    if let Known::Begins(begin) = whole {
        return match name {
            "startswith" if begin.starts_with(&part) => Some(true),
            "startswith" if !part.starts_with(begin) => Some(false),
            "contains" if begin.contains(&part) => Some(true),
            _ => None,
        };
    }
    let whole = whole.text()?;
    Some(match name {
        "contains" => whole.contains(&part),
        "startswith" => whole.starts_with(&part),
        _ => whole.ends_with(&part),
    })
}

fn compared(operator: &str, left: &Known, right: &Known) -> Option<bool> {
    let equal = match (left, right) {
        (Known::Text(left), Known::Text(right)) => Some(left.eq_ignore_ascii_case(right)),
        (Known::Begins(begin), Known::Text(text)) | (Known::Text(text), Known::Begins(begin)) => {
            if text.to_ascii_lowercase().starts_with(begin) { None } else { Some(false) }
        }
        _ => left.number().zip(right.number()).map(|(left, right)| left.total_cmp(&right).is_eq() && !left.is_nan()),
    };
    match operator {
        "==" => equal,
        "!=" => equal.map(|equal| !equal),
        _ => {
            let (left, right) = left.number().zip(right.number())?;
            Some(match operator {
                "<" => left < right,
                ">" => left > right,
                "<=" => left <= right,
                _ => left >= right,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(text: &str) -> Vec<String> {
        let expression = parse(text).unwrap_or_else(|| panic!("{text}"));
        let mut paths = Vec::new();
        expression.carried(&mut paths);
        paths.iter().map(|path| path.join(".")).collect()
    }

    #[test]
    fn what_comes_out_is_told_from_what_is_asked() {
        for (text, expected) in [
            ("github.head_ref", vec!["github.head_ref"]),
            (
                "github.event_name == 'pull_request' && github.head_ref || github.ref_name",
                vec!["github.head_ref", "github.ref_name"],
            ),
            ("github.event.issue['Title']", vec!["github.event.issue.title"]),
            ("github['event']['issue'].title", vec!["github.event.issue.title"]),
            ("toJSON(github.event.issue)", vec!["github.event.issue"]),
            ("format('{0}', github.head_ref)", vec!["github.head_ref"]),
            ("fromJSON(toJSON(github.event)).issue", vec!["github.event"]),
            ("github.event.commits[0].message", vec!["github.event.commits.*.message"]),
            ("github.event.commits.*.message", vec!["github.event.commits.*.message"]),
            ("(github.event).issue.title", vec!["github.event.issue.title"]),
            ("github.head_ref == 'x'", vec![]),
            ("contains(github.head_ref, 'x')", vec![]),
            ("!github.head_ref", vec![]),
            ("github.head_ref && 'yes' || 'no'", vec![]),
            ("'github.head_ref'", vec![]),
        ] {
            assert_eq!(carried(text), expected, "{text}");
        }
    }

    #[test]
    fn conditions_come_out_as_github_has_them() {
        let given = |path: &[String]| match path.join(".").as_str() {
            "github.event_name" => Known::Text("push".to_owned()),
            "github.ref" => Known::Begins("refs/heads/"),
            "github.event.pull_request.draft" => Known::Null,
            _ => Known::Unknown,
        };
        for (text, expected) in [
            ("true", Some(true)),
            ("false && true", Some(false)),
            ("'false'", Some(true)),
            ("0", Some(false)),
            ("github.event_name == 'PUSH'", Some(true)),
            ("github.event_name != 'push'", Some(false)),
            ("github.event_name == 'push' && github.actor == 'x'", None),
            ("github.actor == 'x' && false", Some(false)),
            ("github.actor == 'x' || true", Some(true)),
            ("github.event.pull_request.draft == false", Some(true)),
            ("!startsWith(github.ref, 'refs/tags/')", Some(true)),
            ("startsWith(github.ref, 'refs/heads/release-')", None),
            ("github.ref == 'refs/heads/main'", None),
            ("github.ref == 'refs/tags/v1'", Some(false)),
            ("contains(fromJSON('[\"push\", \"pull_request\"]'), github.event_name)", Some(true)),
            ("contains(github.event.pull_request.labels.*.name, 'x')", None),
            ("always()", Some(true)),
            ("success()", None),
            ("!cancelled()", Some(true)),
            ("failure()", Some(false)),
            ("success() || failure()", None),
        ] {
            assert_eq!(parse(text).unwrap().value(&given, None).truth(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused_and_depth_is_bounded() {
        let deep = format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000));
        let (calls, indexes) = ("f(".repeat(5_000), "a[".repeat(5_000));
        let row = "a == ".repeat(1000) + "a";
        for text in ["", "a b", "a ||", "(a", "'a", "a.", "a[1", "f(a b)", "${{ a }}", &deep, &calls, &indexes, &row] {
            assert!(parse(text).is_none(), "{}", text.chars().take(20).collect::<String>());
        }
        assert!(parse(&("!".repeat(10_000) + "a")).is_some());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, likely in "[a-z.'()!=&|<>\\[\\], 0-9*]{0,60}") {
            for text in [text, likely] {
                if let Some(expression) = parse(&text) {
                    let mut paths = Vec::new();
                    expression.carried(&mut paths);
                    let _ = expression.value(&|_| Known::Unknown, None);
                }
            }
        }
    }
}
