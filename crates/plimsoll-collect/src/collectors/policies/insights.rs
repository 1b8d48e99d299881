//! OpenSSF Security Insights, versions 1 and 2.
//!
//! Source: ossf/security-insights-spec, schemas 1.0.0 and 2.0.0.

use jiff::civil::Date;
use yaml_serde::Value;

use super::{PolicyFact, Statement};
use crate::contacts;

/// Brackets that a parser has to descend into.
const DEEPEST: usize = 64;
/// A file that nobody looked at for longer says what was so once.
const LONGEST_YEARS: i16 = 3;

pub(super) fn read(text: &str, fact: &mut PolicyFact, today: Date) {
    if text.matches(['[', '{']).count() > DEEPEST * 32
        || text.lines().any(|line| line.len() - line.trim_start().len() > DEEPEST * 8)
    {
        fact.problems.push("nested too deeply".to_owned());
        return;
    }
    // Within bounds: a few lines of aliases may stand for gigabytes.
    let value: Value = match plimsoll_formats::yaml::read(text) {
        Ok(value) => value,
        Err(error) => {
            fact.problems.push(format!("not YAML: {error}"));
            return;
        }
    };
    let version = at(&value, &["header", "schema-version"]).map(scalar).unwrap_or_default();
    fact.version = Some(version.clone()).filter(|version| !version.is_empty());
    match version.split('.').next() {
        Some("1") => first(&value, fact, today),
        Some("2") => second(&value, fact, today),
        _ => fact.problems.push("its schema-version is neither 1 nor 2".to_owned()),
    }
    settle(fact);
}

/// What it comes to: only what nothing speaks against is a statement.
fn settle(fact: &mut PolicyFact) {
    if fact.statement.is_some() {
        return;
    }
    let worth = |contact: &String| contacts::addresses(contact).iter().map(|one| one.worth).min();
    let best = fact.contacts.iter().filter_map(worth).min();
    fact.statement = Some(match best {
        _ if !fact.problems.is_empty() => Statement::Nothing,
        Some(contacts::Worth::Sample) => {
            fact.problems.push("its contact is on a domain that is reserved for samples".to_owned());
            Statement::Sample
        }
        Some(contacts::Worth::Placeholder | contacts::Worth::Nobody) => {
            fact.problems.push("its contact is not filled in".to_owned());
            Statement::Template
        }
        Some(contacts::Worth::Good) => Statement::Stated,
        None if !fact.contacts.is_empty() => {
            fact.problems.push("it names a contact whose address was not recognised".to_owned());
            Statement::NotUnderstood
        }
        None => {
            fact.problems.push("it names no one to report to".to_owned());
            Statement::Nothing
        }
    });
}

/// Says that reports are not taken.
fn refuse(fact: &mut PolicyFact) {
    fact.statement = Some(Statement::Refused);
    fact.problems.push("it says that reports are not accepted".to_owned());
}

fn first(value: &Value, fact: &mut PolicyFact, today: Date) {
    let expiration = at(value, &["header", "expiration-date"]).map(scalar).unwrap_or_default();
    match day(&expiration) {
        Some(day) => {
            fact.expires = Some(day);
            fact.expired = Some(day < today);
            if day < today {
                fact.problems.push(format!("it expired on {day}"));
            }
        }
        None => fact.problems.push("it has no expiration-date".to_owned()),
    }
    fact.contacts = list(value, &["security-contacts"])
        .iter()
        .filter_map(|contact| at(contact, &["value"]).map(scalar))
        .filter(|contact| !contact.trim().is_empty())
        .collect();
    let reporting = at(value, &["vulnerability-reporting"]);
    let accepts = reporting.and_then(|one| one.get("accepts-vulnerability-reports")).and_then(Value::as_bool);
    fact.has_process = accepts == Some(true);
    if accepts == Some(false) {
        refuse(fact);
    }
    add_page(fact, reporting.and_then(|one| one.get("security-policy")));
    fact.has_scope = says(reporting, "in-scope") || says(reporting, "out-scope");
    fact.covers = section_names(value, &["project-lifecycle", "dependencies", "documentation", "security-testing"]);
    if let Some(status) = at(value, &["project-lifecycle", "status"]).map(scalar) {
        fact.covers.push(format!("status: {status}"));
    }
    for person in list(value, &["project-lifecycle", "core-maintainers"]) {
        fact.covers.push(format!("maintainer: {}", scalar(&person)));
    }
}

fn second(value: &Value, fact: &mut PolicyFact, today: Date) {
    let reviewed = at(value, &["header", "last-reviewed"]).map(scalar).unwrap_or_default();
    match day(&reviewed) {
        Some(day) if day > today => fact.problems.push(format!("last-reviewed {day} is in the future")),
        Some(day) if day.year() + LONGEST_YEARS < today.year() => {
            fact.problems.push(format!("it was last reviewed on {day}, more than {LONGEST_YEARS} years ago"));
        }
        Some(_) => {}
        None => fact.problems.push("it has no last-reviewed".to_owned()),
    }
    let reporting = at(value, &["project", "vulnerability-reporting"]);
    let accepts = reporting.and_then(|one| one.get("reports-accepted")).and_then(Value::as_bool);
    fact.has_process = accepts == Some(true);
    fact.has_scope = says(reporting, "in-scope") || says(reporting, "out-of-scope");
    if let Some(contact) = reporting.and_then(|one| one.get("contact")) {
        fact.contacts = ["email", "name"]
            .iter()
            .filter_map(|key| contact.get(*key).map(scalar))
            .filter(|word| !word.trim().is_empty())
            .take(1)
            .collect();
    }
    add_page(fact, reporting.and_then(|one| one.get("policy")));
    let elsewhere = at(value, &["header", "project-si-source"]).map(scalar).filter(|source| !source.trim().is_empty());
    if accepts == Some(false) {
        refuse(fact);
    } else if let (None, Some(source)) = (reporting, elsewhere) {
        fact.statement = Some(Statement::Elsewhere);
        fact.problems.push(format!("it leaves that to {source}, which is not read here"));
    }
    for (path, role) in [
        (&["project", "administrators"][..], "administrator"),
        (&["repository", "core-team"], "core team"),
        (&["repository", "security", "champions"], "security champion"),
    ] {
        for person in list(value, path) {
            if let Some(name) = at(&person, &["name"]) {
                fact.covers.push(format!("{role}: {}", scalar(name)));
            }
        }
    }
    if let Some(status) = at(value, &["repository", "status"]).map(scalar) {
        fact.covers.push(format!("status: {status}"));
    }
}

/// A page that says how to report is a way to report.
fn add_page(fact: &mut PolicyFact, page: Option<&Value>) {
    let page = page.map(scalar).unwrap_or_default();
    if page.starts_with("https://") || page.starts_with("http://") {
        fact.contacts.push(page);
    }
}

/// Is there something under `key`, and not an empty list or word?
fn says(value: Option<&Value>, key: &str) -> bool {
    match value.and_then(|value| value.get(key)) {
        Some(Value::Sequence(list)) => !list.is_empty(),
        Some(other) => !scalar(other).trim().is_empty(),
        None => false,
    }
}

fn section_names(value: &Value, names: &[&str]) -> Vec<String> {
    names.iter().filter(|name| value.get(**name).is_some()).map(|name| (*name).to_owned()).collect()
}

fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| value.get(*key))
}

fn list(value: &Value, path: &[&str]) -> Vec<Value> {
    at(value, path).and_then(Value::as_sequence).cloned().unwrap_or_default()
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}

fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}
