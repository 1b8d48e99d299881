//! Evidence as CEL sees it.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use cel::{
    Context, ExecutionError, Value,
    common::value::{CowVal, Val},
    context::VariableResolver,
    objects::{Key, Map},
};
use jiff::{civil::Date, tz::TimeZone};
use plimsoll_model::{Evidence, Fact, KindStatus};

use crate::cost::{self, MOST_STEPS, Shape};

/// Facts by their kind, as lists that CEL reads; a copy holds the same values.
#[derive(Clone, Default)]
pub struct Lists(BTreeMap<String, (Arc<dyn Val>, Shape)>);

impl Lists {
    /// The lists of the kinds `wanted` (with underscores). A kind without facts is an empty one.
    pub fn of<'f>(facts: impl Iterator<Item = &'f Fact>, wanted: &BTreeSet<String>) -> Self {
        let mut lists: BTreeMap<String, (Vec<Value>, Shape)> =
            wanted.iter().map(|kind| (kind.clone(), (Vec::new(), Shape::Small))).collect();
        for fact in facts {
            if let Some((list, shape)) = lists.get_mut(&fact.kind.replace('-', "_")) {
                list.push(of_fact(fact));
                *shape = std::mem::replace(shape, Shape::Small).or(shape_of(fact));
            }
        }
        let held = lists.into_iter().filter_map(|(kind, (list, shape))| {
            let shape = Shape::Held(Arc::new(Shape::List(list.len() as u64, Arc::new(shape))));
            // Facts hold what JSON holds, and each of that has a form in CEL. A kind that had none would be unknown to expressions, which
            // decide nothing then.
            let list = Box::<dyn Val>::try_from(Value::List(Arc::new(list))).ok()?;
            Some((kind, (Arc::from(list), shape)))
        });
        Self(held.collect())
    }

    /// These lists, with those of `others` in their place where both have a kind.
    #[must_use]
    pub fn with(&self, others: Self) -> Self {
        let mut all = self.clone();
        all.0.extend(others.0);
        all
    }
}

impl VariableResolver for Lists {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        self.0.get(variable).map(|(list, _)| CowVal::Borrowed(list.as_ref()))
    }
}

/// The names of expressions bound to what they mean for one evidence.
///
/// Each kind of fact is a list under its name with underscores: the members of the body, and `assurance` and `subject`.
/// `report` has status, searchedCount, count and reason of each kind, `today` the day of as-of, `limits` the thresholds of the tier
/// file. Functions: `days(day)` since a day, `later(day, n)` the day n days after it, `day(day)` in words, `number(n)` grouped,
/// `plural(n, one, many)`, `listed(texts)` with commas and an "and", `distinct(texts)`: how many different ones there are.
pub struct Environment<'p, 'v> {
    context: Context<'p, 'v>,
    /// What each name is at the most, to tell what an expression may cost.
    shapes: Arc<BTreeMap<String, Shape>>,
    /// What `f` is at the most.
    fact: Option<Shape>,
    most: u64,
}

impl<'v> Environment<'v, 'v> {
    /// Binds `lists`: other kinds stay unknown. Of `evidence` come the reports of its kinds and its day alone.
    pub fn new(lists: &'v Lists, evidence: &Evidence, limits: &BTreeMap<String, i64>) -> Self {
        let mut context = Context::default();
        context.set_variable_resolver(lists);
        let shapes = lists.0.iter().map(|(kind, (_, shape))| (kind.clone(), shape.clone())).collect();
        let report: HashMap<Key, Value> = evidence
            .kinds
            .iter()
            .map(|(kind, report)| {
                let status = match report.status {
                    KindStatus::Searched => "searched",
                    KindStatus::Partial => "partial",
                    KindStatus::Unavailable => "unavailable",
                };
                let fields = HashMap::from([
                    (key("status"), Value::from(status)),
                    (key("searchedCount"), Value::Int(i64::try_from(report.searched_count).unwrap_or(i64::MAX))),
                    (key("count"), Value::Int(i64::try_from(report.count).unwrap_or(i64::MAX))),
                    (key("reason"), Value::from(report.reason.clone().unwrap_or_default())),
                ]);
                (key(&kind.replace('-', "_")), Value::Map(Map { map: Arc::new(fields) }))
            })
            .collect();
        context.add_variable_from_value("report", Value::Map(Map { map: Arc::new(report) }));
        let limits: HashMap<Key, Value> = limits.iter().map(|(name, limit)| (key(name), Value::Int(*limit))).collect();
        context.add_variable_from_value("limits", Value::Map(Map { map: Arc::new(limits) }));
        let today = evidence.as_of.to_zoned(TimeZone::UTC).date();
        context.add_variable_from_value("today", today.to_string());
        add_functions(&mut context, today);
        Self { context, shapes: Arc::new(shapes), fact: None, most: MOST_STEPS }
    }
}

impl<'p, 'v> Environment<'p, 'v> {
    /// The same with one more name: `f`, a fact.
    pub fn with_fact<'c>(&'c self, fact: &Fact) -> Environment<'c, 'v> {
        let mut context = self.context.new_inner_scope();
        context.add_variable_from_value("f", of_fact(fact));
        // As it is asked of one fact after the other, all of them share the steps.
        let (count, shape) = self.shapes.get(&fact.kind.replace('-', "_")).map_or((1, Shape::Small), Shape::items);
        let most = self.most / count.max(1);
        Environment { context, shapes: Arc::clone(&self.shapes), fact: Some(shape), most }
    }

    /// Says why an expression is not evaluated: what it may cost is too much.
    pub(crate) fn afford(&self, expression: &cel::IdedExpr) -> Result<(), String> {
        cost::check(expression, &self.shapes, self.fact.as_ref(), self.most)
    }

    pub(crate) fn context(&self) -> &Context<'p, 'v> {
        &self.context
    }
}

fn key(name: &str) -> Key {
    Key::String(Arc::new(name.to_owned()))
}

/// A fact's members.
fn shape_of(fact: &Fact) -> Shape {
    let members: BTreeMap<String, Shape> =
        fact.body.iter().map(|(name, value)| (name.clone(), Shape::of(value))).collect();
    let count = members.len() as u64;
    let subject = ("subject".to_owned(), Shape::Text(fact.subject.id.len() as u64));
    Shape::Map(count + 2, Arc::new(members.into_iter().chain([subject]).collect()))
}

fn of_fact(fact: &Fact) -> Value {
    let mut members: HashMap<Key, Value> = fact.body.iter().map(|(name, value)| (key(name), of_json(value))).collect();
    members.insert(key("assurance"), Value::from(fact.assurance.as_str()));
    members.insert(key("subject"), Value::from(fact.subject.id.as_str()));
    Value::Map(Map { map: Arc::new(members) })
}

fn of_json(value: &serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Bool(*value),
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        serde_json::Value::String(text) => Value::from(text.as_str()),
        serde_json::Value::Array(values) => Value::List(Arc::new(values.iter().map(of_json).collect())),
        serde_json::Value::Object(members) => {
            let members: HashMap<Key, Value> =
                members.iter().map(|(name, value)| (key(name), of_json(value))).collect();
            Value::Map(Map { map: Arc::new(members) })
        }
    }
}

fn add_functions(context: &mut Context<'_, '_>, today: Date) {
    let date = |function: &'static str, text: &str| {
        text.parse::<Date>().map_err(|_| ExecutionError::function_error(function, format!("\"{text}\" is no day")))
    };
    // None of these names is a function of CEL's own library, so none is refused.
    let _ = context.add_function("days", move |text: Arc<String>| -> Result<Value, ExecutionError> {
        Ok(Value::Int(i64::from((today - date("days", &text)?).get_days())))
    });
    let _ = context.add_function("day", move |text: Arc<String>| -> Result<Value, ExecutionError> {
        Ok(Value::from(date("day", &text)?.strftime("%-d %b %Y").to_string()))
    });
    let _ = context.add_function("later", move |text: Arc<String>, days: i64| -> Result<Value, ExecutionError> {
        let day = date("later", &text)?.checked_add(jiff::Span::new().try_days(days).unwrap_or_default());
        // What lies behind the last year that there is ends nowhere.
        Ok(Value::from(day.unwrap_or(Date::MAX).to_string()))
    });
    let _ = context.add_function("number", |number: i64| -> String { grouped(number) });
    let _ = context.add_function("distinct", |list: Arc<Vec<Value>>| -> Result<Value, ExecutionError> {
        let texts = list.iter().map(|value| match value {
            Value::String(text) => Ok(text.as_str()),
            other => Err(ExecutionError::function_error("distinct", format!("{} is no text", other.type_of()))),
        });
        let distinct = texts.collect::<Result<BTreeSet<&str>, _>>()?.len();
        Ok(Value::Int(i64::try_from(distinct).unwrap_or(i64::MAX)))
    });
    let _ = context.add_function("listed", |list: Arc<Vec<Value>>| -> Result<Value, ExecutionError> {
        let texts = list.iter().map(|value| match value {
            Value::String(text) => Ok(text.as_str()),
            other => Err(ExecutionError::function_error("listed", format!("{} is no text", other.type_of()))),
        });
        let texts = texts.collect::<Result<Vec<&str>, _>>()?;
        Ok(Value::from(match texts.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, before)) => format!("{} and {last}", before.join(", ")),
            None => String::new(),
        }))
    });
    let _ = context.add_function("plural", |number: i64, one: Arc<String>, many: Arc<String>| -> String {
        format!("{} {}", grouped(number), if number == 1 { one } else { many })
    });
}

/// 1204 as "1 204": the space is a narrow no-break one, which every language reads.
fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}
