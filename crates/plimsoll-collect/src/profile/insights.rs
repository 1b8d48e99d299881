//! OpenSSF Security Insights, versions 1 and 2: who answers for the project, how to reach them, whether it is kept up.
//!
//! Source: ossf/security-insights-spec, schemas 1.0.0 and 2.0.0.

use jiff::civil::Date;
use yaml_serde::Value;

use super::{Field, Profile, place};

pub(super) const PATHS: &[&str] = &[
    "security-insights.yml",
    "SECURITY-INSIGHTS.yml",
    ".github/security-insights.yml",
    ".github/SECURITY-INSIGHTS.yml",
    "security-insights.yaml",
    "SECURITY-INSIGHTS.yaml",
];
/// Years after which what was reviewed says what was so once.
const LONGEST_YEARS: i16 = 3;
/// People that are named.
const MOST_PEOPLE: usize = 3;

pub(super) fn read(path: &str, text: &str, today: Date, found: &mut Profile) {
    let Ok(value) = plimsoll_formats::yaml::read(text) else { return };
    let get = |keys: &[&str]| at(&value, keys).map(scalar).unwrap_or_default();
    let day = |key: &str| get(&["header", key]).get(..10).and_then(|day| day.parse::<Date>().ok());
    let reviewed = day("last-reviewed").or_else(|| day("last-updated"));
    let ended = day("expiration-date").is_some_and(|day| day < today);
    let old = reviewed.is_none_or(|day| day > today || day.year() + LONGEST_YEARS < today.year());
    let of = reviewed.map(|day| format!(" of {day}")).unwrap_or_default();
    let is_current = !ended && !old;
    let mut say = |field: Field, value: String, what: &str, sure: bool| {
        let what = format!("{what}{of}{}", if is_current { "" } else { ", out of date" });
        let from = place(path, text, &value, &what);
        found.say(field, &value, from, sure && is_current);
    };
    let people = |keys: &[&str]| {
        let list = at(&value, keys).and_then(Value::as_sequence).map(Vec::as_slice).unwrap_or_default();
        let names = list.iter().map(|one| one.get("name").map_or_else(|| scalar(one), scalar));
        names.filter(|name| !name.is_empty()).take(MOST_PEOPLE).collect::<Vec<_>>()
    };
    match get(&["header", "schema-version"]).split('.').next() {
        Some("1") => {
            let names = people(&["project-lifecycle", "core-maintainers"]);
            for name in names {
                let name = name.trim_start_matches("github:").to_owned();
                say(Field::Claimant, name, "core-maintainers", false);
            }
            let contacts = at(&value, &["security-contacts"]).and_then(Value::as_sequence);
            for one in contacts.map(Vec::as_slice).unwrap_or_default().iter().take(MOST_PEOPLE) {
                say(Field::Contact, one.get("value").map(scalar).unwrap_or_default(), "security-contacts", true);
            }
            say(Field::Url, get(&["header", "project-url"]), "project-url", true);
            say(Field::Status, status(&get(&["project-lifecycle", "status"])), "status", false);
        }
        Some("2") => {
            for name in people(&["project", "administrators"]) {
                say(Field::Claimant, name, "administrators", false);
            }
            let reporting = |key: &str| get(&["project", "vulnerability-reporting", "contact", key]);
            say(Field::Contact, reporting("email"), "vulnerability-reporting", true);
            say(Field::Contact, get(&["project", "vulnerability-reporting", "policy"]), "policy", false);
            say(Field::Url, get(&["project", "homepage"]), "homepage", true);
            say(Field::Url, get(&["repository", "url"]), "repository url", false);
            say(Field::Status, status(&get(&["repository", "status"])), "status", false);
        }
        _ => {}
    }
}

/// What a status of the repository is in words of the claims file; a word that may mean both is none.
fn status(word: &str) -> String {
    match word {
        "active" => "supported",
        "abandoned" | "unsupported" => "unsupported",
        _ => "",
    }
    .to_owned()
}

fn at<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a Value> {
    keys.iter().try_fold(value, |value, key| value.get(*key))
}

fn scalar(value: &Value) -> String {
    value.as_str().map(ToOwned::to_owned).unwrap_or_default()
}
