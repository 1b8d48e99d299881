//! What an expression may cost over given evidence, told before it is evaluated.
//!
//! Nothing in CEL ends an evaluation: `list.map(x, x + x)` forty times over fills any memory, and three lists inside each other
//! take a day. What each part can take follows from the sizes of the lists and texts that it goes over, so it is added up from
//! the expression alone, with every branch counted and every loop run to its end. The answer does not depend on the machine.

use std::{collections::BTreeMap, sync::Arc};

use cel::common::ast::{CallExpr, ComprehensionExpr, EntryExpr, Expr, IdedExpr, LiteralValue, operators};

use crate::syntax::DEEPEST;

/// Steps of one evaluation: some seconds.
pub(crate) const MOST_STEPS: u64 = 200_000_000;
/// Bytes of one value that an evaluation makes.
const LARGEST: u64 = 256 * 1024 * 1024;
/// Bytes of a value beside those of its text.
const CELL: u64 = 64;

/// At the most what a value is: how many items, how long a text.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// A number, a truth, nothing, or a text of a few letters.
    Small,
    /// A text of at most so many bytes.
    Text(u64),
    /// A list of at most so many items, each at most like this.
    List(u64, Arc<Shape>),
    /// A map with at most so many members; those whose names are known.
    Map(u64, Arc<BTreeMap<String, Shape>>),
    /// A part of the evidence, which is held once however often it is named.
    Held(Arc<Shape>),
}

impl Shape {
    /// The shape of a JSON value.
    pub(crate) fn of(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::String(text) => Self::Text(text.len() as u64),
            serde_json::Value::Array(values) => {
                let item = values.iter().map(Self::of).reduce(Self::or).unwrap_or(Self::Small);
                Self::List(values.len() as u64, Arc::new(item))
            }
            serde_json::Value::Object(members) => {
                let members: BTreeMap<_, _> =
                    members.iter().map(|(name, value)| (name.clone(), Self::of(value))).collect();
                Self::Map(members.len() as u64, Arc::new(members))
            }
            _ => Self::Small,
        }
    }

    /// What is at most one or the other.
    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Small, other) | (other, Self::Small) => other,
            (Self::Held(one), Self::Held(other)) => {
                if Arc::ptr_eq(&one, &other) {
                    return Self::Held(one);
                }
                Self::Held(Arc::new(Arc::unwrap_or_clone(one).or(Arc::unwrap_or_clone(other))))
            }
            // Counted as if it were made.
            (Self::Held(one), other) | (other, Self::Held(one)) => Arc::unwrap_or_clone(one).or(other),
            (Self::Text(one), Self::Text(other)) => Self::Text(one.max(other)),
            (Self::List(one, item), Self::List(other, other_item)) => {
                let item = Arc::unwrap_or_clone(item).or(Arc::unwrap_or_clone(other_item));
                Self::List(one.max(other), Arc::new(item))
            }
            (Self::Map(one, members), Self::Map(other, other_members)) => {
                let mut joined = Arc::unwrap_or_clone(members);
                for (name, shape) in Arc::unwrap_or_clone(other_members) {
                    let known = joined.entry(name).or_insert(Self::Small);
                    *known = std::mem::replace(known, Self::Small).or(shape);
                }
                Self::Map(one.max(other), Arc::new(joined))
            }
            // Values of two kinds: the larger one, as what has the most parts.
            (one, other) => {
                if one.size() >= other.size() {
                    one
                } else {
                    other
                }
            }
        }
    }

    /// Bytes that it takes.
    fn size(&self) -> u64 {
        match self {
            Self::Small | Self::Held(_) => CELL,
            Self::Text(bytes) => CELL.saturating_add(*bytes),
            Self::List(count, item) => CELL.saturating_add(count.saturating_mul(item.size())),
            Self::Map(count, members) => members
                .values()
                .fold(CELL.saturating_mul(count.saturating_add(1)), |size, shape| size.saturating_add(shape.size())),
        }
    }

    /// Steps to go over all of it once.
    fn whole(&self) -> u64 {
        match self {
            Self::Small => 1,
            Self::Text(bytes) => 1 + bytes / CELL,
            Self::Held(shape) => shape.whole(),
            Self::List(count, item) => count.saturating_mul(item.whole()).saturating_add(1),
            Self::Map(_, members) => members.values().fold(1, |steps: u64, shape| steps.saturating_add(shape.whole())),
        }
    }

    /// The items that a loop goes over, and how many.
    pub(crate) fn items(&self) -> (u64, Self) {
        match self {
            Self::List(count, item) => (*count, (**item).clone()),
            // A loop over a map is one over its keys.
            Self::Map(count, _) => (*count, Self::Text(CELL)),
            Self::Held(shape) => {
                let (count, item) = shape.items();
                (count, Self::Held(Arc::new(item)))
            }
            Self::Small | Self::Text(_) => (0, Self::Small),
        }
    }

    /// A member by its name, or any of them.
    fn member(&self, name: Option<&str>) -> Self {
        match self {
            Self::Held(shape) => Self::Held(Arc::new(shape.member(name))),
            Self::Map(_, members) => match name {
                Some(name) => members.get(name).cloned().unwrap_or(Self::Small),
                None => members.values().cloned().reduce(Self::or).unwrap_or(Self::Small),
            },
            Self::List(_, item) => (**item).clone(),
            Self::Small | Self::Text(_) => Self::Small,
        }
    }

    fn text(&self) -> u64 {
        match self {
            Self::Text(bytes) => *bytes,
            Self::Held(shape) => shape.text(),
            _ => CELL,
        }
    }

    fn list(&self) -> Option<(u64, Self)> {
        match self {
            Self::List(count, item) => Some((*count, (**item).clone())),
            Self::Held(shape) => shape.list().map(|(count, item)| (count, Self::Held(Arc::new(item)))),
            _ => None,
        }
    }

    /// Both, one after the other.
    fn and(&self, other: &Self) -> Self {
        match (self.list(), other.list()) {
            (Some((one, item)), Some((two, other_item))) => {
                Self::List(one.saturating_add(two), Arc::new(item.or(other_item)))
            }
            (Some((count, item)), None) | (None, Some((count, item))) => Self::List(count, Arc::new(item)),
            (None, None) => match (self, other) {
                (Self::Small, Self::Small) => Self::Small,
                _ => Self::Text(self.text().saturating_add(other.text())),
            },
        }
    }
}

/// Says why an expression is not evaluated: it could take more than `most` steps, or make something too large. `variables` are
/// the shapes of what it may name, `fact` that of `f`.
pub(crate) fn check(
    expression: &IdedExpr,
    variables: &BTreeMap<String, Shape>,
    fact: Option<&Shape>,
    most: u64,
) -> Result<(), String> {
    let bound = fact.map(|shape| ("f".to_owned(), shape.clone())).into_iter().collect();
    let mut count = Count { variables, bound };
    let (_, steps) = count.of(expression, 0)?;
    if steps > most {
        return Err(format!("it could take more than {most} steps over this evidence"));
    }
    Ok(())
}

struct Count<'a> {
    variables: &'a BTreeMap<String, Shape>,
    bound: Vec<(String, Shape)>,
}

impl Count<'_> {
    /// What an expression gives at the most, and the steps to it.
    fn of(&mut self, expression: &IdedExpr, depth: usize) -> Result<(Shape, u64), String> {
        if depth > DEEPEST {
            return Err(format!("more than {DEEPEST} expressions inside each other"));
        }
        let (shape, steps) = match &expression.expr {
            Expr::Literal(LiteralValue::String(text)) => (Shape::Text(text.inner().len() as u64), 0),
            Expr::Unspecified | Expr::Literal(_) => (Shape::Small, 0),
            Expr::Ident(name) => (self.named(name), 0),
            Expr::Select(select) => {
                let (operand, steps) = self.of(&select.operand, depth + 1)?;
                (operand.member(Some(&select.field)), steps)
            }
            Expr::List(list) => {
                let (shapes, steps) = self.all(&list.elements, depth)?;
                let item = shapes.into_iter().reduce(Shape::or).unwrap_or(Shape::Small);
                (Shape::List(list.elements.len() as u64, Arc::new(item)), steps)
            }
            Expr::Map(map) => self.entries(map.entries.iter().map(|entry| &entry.expr), depth)?,
            Expr::Struct(one) => self.entries(one.entries.iter().map(|entry| &entry.expr), depth)?,
            Expr::Call(call) => self.call(call, depth)?,
            Expr::Comprehension(comprehension) => self.comprehension(comprehension, depth)?,
        };
        if shape.size() > LARGEST {
            return Err(format!("it could make a value of more than {LARGEST} bytes over this evidence"));
        }
        Ok((shape, steps.saturating_add(1)))
    }

    fn named(&self, name: &str) -> Shape {
        let bound = self.bound.iter().rev().find(|(own, _)| own == name).map(|(_, shape)| shape.clone());
        bound.or_else(|| self.variables.get(name).cloned()).unwrap_or(Shape::Small)
    }

    fn all(&mut self, expressions: &[IdedExpr], depth: usize) -> Result<(Vec<Shape>, u64), String> {
        let mut shapes = Vec::with_capacity(expressions.len());
        let mut steps = 0_u64;
        for one in expressions {
            let (shape, own) = self.of(one, depth + 1)?;
            shapes.push(shape);
            steps = steps.saturating_add(own);
        }
        Ok((shapes, steps))
    }

    fn entries<'e>(
        &mut self,
        entries: impl Iterator<Item = &'e EntryExpr>,
        depth: usize,
    ) -> Result<(Shape, u64), String> {
        let (mut members, mut count, mut steps) = (BTreeMap::new(), 0_u64, 0_u64);
        for entry in entries {
            let (name, value) = match entry {
                EntryExpr::StructField(field) => (field.field.clone(), &field.value),
                EntryExpr::MapEntry(entry) => {
                    steps = steps.saturating_add(self.of(&entry.key, depth + 1)?.1);
                    let name = literal(&entry.key).map_or_else(|| format!("#{count}"), ToOwned::to_owned);
                    (name, &entry.value)
                }
            };
            let (shape, own) = self.of(value, depth + 1)?;
            members.insert(name, shape);
            count += 1;
            steps = steps.saturating_add(own);
        }
        Ok((Shape::Map(count, Arc::new(members)), steps))
    }

    fn call(&mut self, call: &CallExpr, depth: usize) -> Result<(Shape, u64), String> {
        let (mut shapes, mut steps) = self.all(&call.args, depth)?;
        if let Some(target) = &call.target {
            let (shape, own) = self.of(target, depth + 1)?;
            shapes.insert(0, shape);
            steps = steps.saturating_add(own);
        }
        let whole = shapes.iter().fold(0_u64, |sum, shape| sum.saturating_add(shape.whole()));
        let shape = match (call.func_name.as_str(), shapes.as_slice()) {
            (operators::ADD, [one, other]) => one.and(other),
            (operators::CONDITIONAL, [_, one, other]) => return Ok((one.clone().or(other.clone()), steps)),
            (operators::INDEX | operators::OPT_INDEX, [from, _]) => {
                let name = call.args.last().and_then(literal);
                return Ok((from.member(name), steps));
            }
            (
                operators::LOGICAL_AND
                | operators::LOGICAL_OR
                | operators::LOGICAL_NOT
                | operators::NOT_STRICTLY_FALSE
                | "size",
                _,
            ) => return Ok((Shape::Small, steps)),
            (
                operators::EQUALS
                | operators::NOT_EQUALS
                | operators::IN
                | operators::LESS
                | operators::LESS_EQUALS
                | operators::GREATER
                | operators::GREATER_EQUALS
                | operators::SUBSTRACT
                | operators::MULTIPLY
                | operators::DIVIDE
                | operators::MODULO
                | operators::NEGATE
                | "startsWith"
                | "endsWith"
                | "contains"
                | "days"
                | "distinct"
                | "int"
                | "double"
                | "uint"
                | "bool",
                _,
            ) => Shape::Small,
            ("string" | "day" | "later" | "listed" | "number" | "plural", _) => {
                Shape::Text(shapes.iter().fold(CELL, |sum, shape| sum.saturating_add(shape.text())))
            }
            // What is not known to be cheap costs as if it put everything beside everything.
            _ => {
                let size = shapes.iter().fold(CELL, |size, shape| size.saturating_mul(shape.whole().max(1)));
                return Ok((Shape::Text(size), steps.saturating_add(size)));
            }
        };
        Ok((shape, steps.saturating_add(whole)))
    }

    fn comprehension(&mut self, one: &ComprehensionExpr, depth: usize) -> Result<(Shape, u64), String> {
        let (range, steps) = self.of(&one.iter_range, depth + 1)?;
        let (count, item) = range.items();
        let (start, first) = self.of(&one.accu_init, depth + 1)?;
        let before = self.bound.len();
        if let Some(name) = &one.iter_var2 {
            self.bound.push((name.clone(), range.member(None)));
        }
        self.bound.push((one.iter_var.clone(), item));
        self.bound.push((one.accu_var.clone(), start.clone()));
        let turn = self.of(&one.loop_cond, depth + 1).and_then(|(_, condition)| {
            let (shape, step) = self.of(&one.loop_step, depth + 1)?;
            Ok((shape, condition.saturating_add(step)))
        });
        self.bound.truncate(before);
        let (after, turn) = turn?;
        // Macros make truths, numbers, and lists that grow by the same in each turn.
        let result = match (start.list(), after.list()) {
            (Some((none, _)), Some((grown, item))) => {
                let grown = grown.saturating_sub(none).saturating_mul(count).saturating_add(none);
                Shape::List(grown, Arc::new(item))
            }
            (None, None) if matches!(after, Shape::Small) => Shape::Small,
            _ => return Err("it has a loop of a form that no macro makes".to_owned()),
        };
        self.bound.push((one.accu_var.clone(), result));
        let last = self.of(&one.result, depth + 1);
        self.bound.truncate(before);
        let (result, last) = last?;
        let turns = turn.saturating_mul(count);
        Ok((result, steps.saturating_add(first).saturating_add(turns).saturating_add(last)))
    }
}

fn literal(expression: &IdedExpr) -> Option<&str> {
    match &expression.expr {
        Expr::Literal(LiteralValue::String(text)) => Some(text.inner()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use cel::Program;
    use serde_json::json;

    use super::*;

    /// A hundred facts with a text of a hundred bytes and ten parts each, under the name `fact`.
    fn variables(count: usize) -> BTreeMap<String, Shape> {
        let fact =
            json!({ "name": "x".repeat(100), "parts": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"], "n": 1 });
        let list = Shape::List(count as u64, Arc::new(Shape::of(&fact)));
        BTreeMap::from([("fact".to_owned(), Shape::Held(Arc::new(list)))])
    }

    fn check(source: &str, count: usize) -> Result<(), String> {
        super::check(Program::compile(source).unwrap().expression(), &variables(count), None, MOST_STEPS)
    }

    #[test]
    fn what_cannot_end_or_be_held_is_not_begun() {
        let doubled = |times: usize| format!("['x']{}.size() >= 0", ".map(x, x + x)".repeat(times));
        let added = |times: usize| format!("'{}'{}.size() >= 0", "x".repeat(100), " + 'xxxxxxxxxx'".repeat(times));
        let inside =
            |depth: usize| (0..depth).fold("true".to_owned(), |inner, level| format!("fact.all(x{level}, {inner})"));
        for (source, count, expected) in [
            ("fact.all(f, f.name != '')".to_owned(), 100_000, true),
            ("fact.filter(f, f.parts.exists(p, p == 'a')).size() > 0".to_owned(), 100_000, true),
            ("fact.all(f, fact.exists(g, g.name == f.name))".to_owned(), 1_000, true),
            ("fact.map(f, f).map(f, f).map(f, f.name + '!').size() > 0".to_owned(), 100_000, true),
            (doubled(10), 0, true),
            (added(100), 0, true),
            (inside(2), 1_000, true),
            (doubled(40), 0, false),
            (inside(3), 3_000, false),
            (inside(8), 100, false),
            ("fact.all(f, fact.exists(g, g.name == f.name))".to_owned(), 100_000, false),
            ("fact.map(f, fact.map(g, g.name + f.name)).size() > 0".to_owned(), 5_000, false),
            (format!("[fact, fact]{}.size() > 0", ".map(x, [x, x])".repeat(30)), 10, false),
            ("fact.map(f, f.parts.map(p, f.parts.map(q, f.parts.map(r, fact)))).size() > 0".to_owned(), 10_000, false),
            (
                "(fact + fact + fact).map(f, (fact + fact)).map(f, f.map(g, g.name + g.name)).size() > 0".to_owned(),
                3_000,
                false,
            ),
        ] {
            let found = check(&source, count);
            assert_eq!(found.is_ok(), expected, "{source} over {count}: {found:?}");
        }
    }

    #[test]
    fn a_value_is_at_most_its_own_shape() {
        for value in [json!(1), json!("abc"), json!([1, "x", [2]]), json!({"a": [1, 2], "b": {"c": "d"}})] {
            let shape = Shape::of(&value);
            let other = Shape::of(&json!({"a": "longer than the other", "z": [1]}));
            let joined = shape.clone().or(other.clone());
            assert!(joined.size() >= shape.size().max(other.size()) || joined.size() == shape.size(), "{value}");
        }
    }

    #[test]
    fn more_facts_never_cost_less_and_none_is_left_out() {
        for source in ["fact.all(f, f.parts.all(p, p != 'z'))", "fact.map(f, f.name + f.name).size() > 0"] {
            let steps = |count: usize| {
                let variables = variables(count);
                let mut counting = Count { variables: &variables, bound: Vec::new() };
                counting.of(Program::compile(source).unwrap().expression(), 0).unwrap().1
            };
            for count in 1..60 {
                assert!(steps(count) > steps(count - 1) && steps(count) > count as u64, "{source} over {count}");
            }
        }
    }
}
