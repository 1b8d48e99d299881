//! Expressions of GitHub Actions: which text they put out, and how they come out as conditions.
//!
//! Source: GitHub, "Evaluate expressions in workflows and actions": literals, operators, loose equality, functions.

mod parser;

pub(super) use parser::parse;

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
    /// A text that is none of these.
    Not(&'static [&'static str]),
    /// A name that a stranger has: neither this repository's, nor one that a workflow would write down.
    Stranger,
    /// The name of this repository or of its owner, where it is not known.
    Own,
    Unknown,
}

/// What is known of the steps or jobs before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Before {
    /// What `success()` gives.
    pub(super) succeeded: Option<bool>,
    /// What `failure()` and `cancelled()` give.
    pub(super) failed: Option<bool>,
}

impl Before {
    /// Nothing has gone wrong so far; asked by those who want to know whether a check runs.
    pub(super) fn fine(succeeded: Option<bool>) -> Self {
        Self { succeeded, failed: Some(false) }
    }

    /// Anything may have happened; asked by those who want to know whether something can run at all.
    pub(super) const ANYTHING: Self = Self { succeeded: None, failed: None };
}

impl Known {
    /// Does it count as true, where that is known?
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Bool(value) => Some(*value),
            Self::Number(number) => Some(*number != 0.0 && !number.is_nan()),
            Self::Text(text) => Some(!text.is_empty()),
            Self::Begins(_) | Self::Stranger | Self::Own => Some(true),
            Self::Not(_) | Self::Unknown => None,
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Null => Some(0.0),
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Number(number) => Some(*number),
            Self::Text(text) => Some(number_of(text)),
            Self::Begins(_) | Self::Not(_) | Self::Stranger | Self::Own | Self::Unknown => None,
        }
    }

    /// The text that stands for it where it is put in.
    fn shown(&self) -> Option<String> {
        if let Self::Text(text) = self { Some(text.clone()) } else { self.text() }
    }

    fn text(&self) -> Option<String> {
        match self {
            Self::Null => Some(String::new()),
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.to_ascii_lowercase()),
            Self::Begins(_) | Self::Not(_) | Self::Stranger | Self::Own | Self::Unknown => None,
        }
    }
}

/// The number that GitHub reads from a text in a comparison; anything but a number is not one.
fn number_of(text: &str) -> f64 {
    let text = text.trim();
    let whole =
        |digits: &str, radix| u32::from_str_radix(digits, radix).map_or(f64::NAN, |n| f64::from(n.cast_signed()));
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    match text {
        "" => 0.0,
        "Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ if text.starts_with("0x") => whole(text.get(2..).unwrap_or_default(), 16),
        _ if text.starts_with("0o") => whole(text.get(2..).unwrap_or_default(), 8),
        _ if plain => text.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}

/// The insides of `${{ }}` in a text.
pub(super) fn inside(text: &str) -> Vec<&str> {
    text.split("${{").skip(1).map(|rest| rest.split_once("}}").map_or(rest, |(inside, _)| inside)).collect()
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

    /// Shows each part of it, and itself.
    pub(super) fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Self)) {
        see(self);
        match self {
            Self::Literal(_) | Self::Path(_) => {}
            Self::Call(_, parts) | Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.visit(see)),
            Self::Not(inner) => inner.visit(see),
            Self::Compare(_, left, right) => {
                left.visit(see);
                right.visit(see);
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

    /// The texts that it may come out as, where it is made of nothing but constants and choices between them.
    pub(super) fn choices(&self, given: &dyn Fn(&[String]) -> Known) -> Option<Vec<String>> {
        let truth = |part: &Self| part.value(given, Before::ANYTHING).truth();
        match self {
            Self::And(parts) => {
                let (last, before) = parts.split_last()?;
                // A part that is not known comes out where it is false, and then it is no text of its own.
                before.iter().find(|part| truth(part) == Some(false)).unwrap_or(last).choices(given)
            }
            Self::Or(parts) => {
                let (last, before) = parts.split_last()?;
                let mut all = Vec::new();
                for part in before {
                    match truth(part) {
                        Some(true) => {
                            all.extend(part.choices(given)?);
                            return Some(all);
                        }
                        Some(false) => {}
                        None => all.extend(part.choices(given)?),
                    }
                }
                all.extend(last.choices(given)?);
                Some(all)
            }
            other => match other.value(given, Before::ANYTHING) {
                Known::Text(text) => Some(vec![text]),
                Known::Number(number) => Some(vec![number.to_string()]),
                Known::Bool(value) => Some(vec![value.to_string()]),
                Known::Null => Some(vec![String::new()]),
                _ => None,
            },
        }
    }

    /// The one text that it surely comes out as; absent where a part that is not known may decide or come out.
    pub(super) fn text(&self, given: &dyn Fn(&[String]) -> Known) -> Option<String> {
        self.sure(given)?.shown()
    }

    fn sure(&self, given: &dyn Fn(&[String]) -> Known) -> Option<Known> {
        let (parts, end) = match self {
            Self::And(parts) => (parts, false),
            Self::Or(parts) => (parts, true),
            other => return Some(other.value(given, Before::ANYTHING)).filter(|known| *known != Known::Unknown),
        };
        let mut last = None;
        for part in parts {
            let value = part.sure(given)?;
            if value.truth()? == end {
                return Some(value);
            }
            last = Some(value);
        }
        last
    }

    /// The value, as far as `given` knows paths and `status` knows what was before.
    pub(super) fn value(&self, given: &dyn Fn(&[String]) -> Known, status: Before) -> Known {
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
fn joined(parts: &[Expression], end: bool, given: &dyn Fn(&[String]) -> Known, status: Before) -> Known {
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

fn call(name: &str, arguments: &[Expression], given: &dyn Fn(&[String]) -> Known, status: Before) -> Known {
    if name == "format" {
        let texts = arguments.iter().map(|argument| argument.value(given, status).shown()).collect::<Option<Vec<_>>>();
        return texts.and_then(|texts| formatted(&texts)).map_or(Known::Unknown, Known::Text);
    }
    let decided = match (name, arguments) {
        ("always", []) => Some(true),
        ("success", []) => status.succeeded,
        ("failure" | "cancelled", []) => status.failed,
        ("contains", [Expression::Call(from, list), item]) if from == "fromjson" => {
            listed(list).and_then(|list| match item.value(given, status) {
                Known::Stranger => Some(false),
                item => Some(list.contains(&item.text()?)),
            })
        }
        ("contains" | "startswith" | "endswith", [whole, part]) => {
            found(name, &whole.value(given, status), &part.value(given, status))
        }
        _ => None,
    };
    decided.map_or(Known::Unknown, Known::Bool)
}

/// `format('a{0}', 'b')`; doubled braces are not read.
fn formatted(texts: &[String]) -> Option<String> {
    let (pattern, values) = texts.split_first()?;
    let mut all = String::new();
    let mut rest = pattern.as_str();
    while let Some((before, behind)) = rest.split_once('{') {
        let (number, after) = behind.split_once('}')?;
        all.push_str(before);
        all.push_str(values.get(number.parse::<usize>().ok()?)?);
        rest = after;
    }
    all.push_str(rest);
    (!all.contains(['{', '}']) && all.len() <= 1000).then_some(all)
}

fn listed(arguments: &[Expression]) -> Option<Vec<String>> {
    let [Expression::Literal(Known::Text(text))] = arguments else { return None };
    if !text.is_ascii() {
        return None;
    }
    serde_json::from_str::<Vec<String>>(&text.to_ascii_lowercase()).ok()
}

// Letters beyond ASCII are compared by tables that are not here.
fn found(name: &str, whole: &Known, part: &Known) -> Option<bool> {
    let part = part.text()?;
    if let Known::Begins(begin) = whole {
        return match name {
            "startswith" if begin.starts_with(&part) => Some(true),
            "startswith" if !part.starts_with(begin) && part.is_ascii() => Some(false),
            "contains" if begin.contains(&part) => Some(true),
            _ => None,
        };
    }
    let whole = whole.text()?;
    let found = match name {
        "contains" => whole.contains(&part),
        "startswith" => whole.starts_with(&part),
        _ => whole.ends_with(&part),
    };
    (found || (whole.is_ascii() && part.is_ascii())).then_some(found)
}

/// Texts are compared as texts without regard to case, all else as numbers.
fn compared(operator: &str, left: &Known, right: &Known) -> Option<bool> {
    let order = match (left, right) {
        (Known::Text(left), Known::Text(right)) => {
            if !(left.is_ascii() && right.is_ascii()) && left != right {
                return None;
            }
            Some(left.to_ascii_uppercase().cmp(&right.to_ascii_uppercase()))
        }
        (Known::Begins(begin), Known::Text(text)) | (Known::Text(text), Known::Begins(begin)) => {
            let differ = text.is_ascii() && !text.to_ascii_lowercase().starts_with(begin);
            return differ.then(|| differs(operator)).flatten();
        }
        (Known::Not(others), Known::Text(text)) | (Known::Text(text), Known::Not(others)) => {
            let differ = others.iter().any(|other| text.eq_ignore_ascii_case(other));
            return differ.then(|| differs(operator)).flatten();
        }
        (Known::Stranger, Known::Text(_) | Known::Own) | (Known::Text(_) | Known::Own, Known::Stranger) => {
            return differs(operator);
        }
        (Known::Own, Known::Own) => Some(std::cmp::Ordering::Equal),
        _ => {
            // What is not a number is neither equal to anything nor less nor more.
            let (left, right) = left.number().zip(right.number())?;
            let Some(order) = left.partial_cmp(&right) else { return Some(operator == "!=") };
            Some(order)
        }
    }?;
    Some(match operator {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        ">" => order.is_gt(),
        "<=" => order.is_le(),
        _ => order.is_ge(),
    })
}

/// How a comparison of two texts comes out that are surely not the same.
fn differs(operator: &str) -> Option<bool> {
    match operator {
        "==" => Some(false),
        "!=" => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
