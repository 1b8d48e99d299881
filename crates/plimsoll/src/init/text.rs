//! The text of a claims file: what is confirmed is active, what was found is a comment with its place, the rest is a question.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date};
use plimsoll_collect::profile::Field;
use plimsoll_model::{one_line, plural};
use plimsoll_practices::{Catalog, Entry, Practices};

use super::{
    Confirmed, Known, SeenAnswer,
    known::is_about_data,
    questions::{category, is_attested, practice},
};

/// Columns up to which a value is filled, so that the comments behind are one below the other.
const COLUMN: usize = 34;

/// A key: what it is about, how its line looks where nothing was found, and the question.
type Row = (Field, &'static str, &'static str);

/// Where values go: the tables and their keys.
const TABLES: &[(&str, &[Row])] = &[
    (
        "product",
        &[
            (Field::Name, "name = \"\"", "what is it called? the file counts for nothing without a name"),
            (Field::Version, "version = \"\"", "which version are these claims about?"),
            (Field::Claimant, "claimant = \"\"", "who makes these claims: a person or an organisation?"),
            (Field::Contact, "contact = \"security@...\"", "where can a problem be reported?"),
            (Field::Url, "url = \"https://...\"", "where can people read more about it and its label?"),
            (Field::Platforms, "platforms = [\"Linux\"]", "on which platforms does it run?"),
            (Field::Delivery, "delivery = \"download\"", "how does it reach its users?"),
        ],
    ),
    (
        "scope",
        &[
            (Field::Inside, "inside = [\"...\"]", "which parts do these claims speak of?"),
            (Field::Outside, "outside = [\"...\"]", "which parts do they not speak of?"),
            (Field::Identifiers, "identifiers = [\"pkg:...\"]", "package URLs"),
        ],
    ),
    (
        "support",
        &[
            (Field::Status, "status = \"supported\"", "supported, unsupported or ended?"),
            (Field::Until, "until = 2000-01-01", "the last day of security updates that you promise"),
            (
                Field::UpdateMethod,
                "update-method = \"manual\"",
                "do updates come automatic, by notice, or are they manual?",
            ),
        ],
    ),
];

/// Gives the text for what is `known`, of which `confirmed` is claimed.
pub fn claims_file(known: &Known, confirmed: &Confirmed, practices: &Practices) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line("# What the maker of this software claims about it. `plimsoll label` shows each line as the maker's word.");
    line("# A line that begins with # claims nothing: remove the # where the line is true, or change it first.");
    line("# An honest \"no\" is an answer. What was found in the source says from where.");
    line("");
    head(known.day, &mut line);
    for (table, rows) in TABLES {
        line("");
        line(&format!("[{table}]"));
        for (field, question, ask) in *rows {
            value(*field, question, ask, known, confirmed, &mut line);
        }
        if *table == "product" {
            line(&comment_at("# accounts = false", "does it have user accounts?"));
        }
    }
    for catalog in practices.catalogs() {
        answers(catalog, known, confirmed, &mut line);
    }
    data(confirmed, &mut line);
    issuer(&mut line);
    let until = known.day.checked_add(90.days()).unwrap_or(Date::MAX);
    for text in [
        "",
        "# An advisory that does not matter here is shown with your reason until a day; it is never hidden.",
        "# [[exception]]",
        "# advisory = \"RUSTSEC-...\"",
        "# package = \"\"              # where it is about one package alone; so do version and lockfile",
        "# reason = \"\"",
    ] {
        line(text);
    }
    line(&format!("# until = {until}"));
    out
}

/// Who files reports: no repository shows it, and so nothing is suggested.
fn issuer(line: &mut impl FnMut(&str)) {
    line("");
    line("# Who files reports and forms (`plimsoll report`); no label shows it.");
    line("# [issuer]");
    for (member, about) in [
        ("name", "the legal name"),
        ("address", "the registered one"),
        ("website", "https://..."),
        ("contact", "a person"),
        ("role", "of that person in the organisation"),
    ] {
        line(&comment_at(&format!("# {member} = \"\""), about));
    }
}

/// A file with what is confirmed and nothing else: it is read back to see whether each value may be one.
pub(super) fn probe(day: Date, confirmed: &Confirmed) -> String {
    let known = Known { day, suggestions: BTreeMap::new(), answers: Vec::new(), unmet: Vec::new() };
    let mut out = String::new();
    let mut line = |text: &str| out.push_str(&format!("{text}\n"));
    head(day, &mut line);
    for (table, rows) in TABLES {
        line(&format!("[{table}]"));
        for (field, question, _) in rows.iter().filter(|(field, ..)| confirmed.values.contains_key(field)) {
            value(*field, question, "", &known, confirmed, &mut line);
        }
    }
    for ((catalog, entry), (answer, note)) in &confirmed.answers {
        line(&format!("[claims.{}]", quoted(catalog)));
        line(&format!("{} = {}", quoted(entry), answer_text(answer.as_str(), note)));
    }
    out
}

fn head(day: Date, line: &mut impl FnMut(&str)) {
    let review = day.checked_add(1.year()).unwrap_or(Date::MAX);
    line("schema = 1");
    line(&comment_at(&format!("date = {day}"), "when these claims were made"));
    line(&comment_at(&format!("review-by = {review}"), "the claims expire on this day"));
}

fn value(field: Field, question: &str, ask: &str, known: &Known, confirmed: &Confirmed, line: &mut impl FnMut(&str)) {
    let key = question.split(" =").next().unwrap_or_default();
    let found = known.suggestions.get(&field);
    if let Some(values) = confirmed.values.get(&field) {
        let same = found.filter(|found| found.values == *values);
        let place = same.map(|found| format!("from {}", found.from)).unwrap_or_default();
        line(&comment_at(&format!("{key} = {}", written(field, values)), &place));
    } else if let Some(found) = found {
        let doubt = if found.sure { "" } else { "; a guess" };
        let text = format!("# {key} = {}", written(field, &found.values));
        line(&comment_at(&text, &format!("from {}{doubt}", found.from)));
    } else if field == Field::Until {
        let day = known.day.checked_add(2.years()).unwrap_or(Date::MAX);
        line(&comment_at(&format!("# until = {day}"), ask));
    } else {
        line(&comment_at(&format!("# {question}"), ask));
    }
}

pub(super) fn written(field: Field, values: &[String]) -> String {
    let first = values.first().map(String::as_str).unwrap_or_default();
    match field {
        Field::Platforms | Field::Inside | Field::Outside | Field::Identifiers => {
            format!("[{}]", values.iter().map(|one| quoted(one)).collect::<Vec<_>>().join(", "))
        }
        // A day is written as one; what is none is a text, and refused as that.
        Field::Until => first.parse::<Date>().map_or_else(|_| quoted(first), |day| day.to_string()),
        _ => quoted(first),
    }
}

fn answers(catalog: &Catalog, known: &Known, confirmed: &Confirmed, line: &mut impl FnMut(&str)) {
    let asked = || catalog.entries.iter().filter(|entry| entry.claimable);
    if asked().next().is_none() {
        return;
    }
    let is_grouped = asked().any(|entry| practice(&entry.id).is_some());
    line("");
    line(&format!("# {} ({})", catalog.title, catalog.source));
    line("# Each answer is done, partly, planned or no; where the question names it also");
    line("# { answer = \"not-applicable\", note = \"why\" }.");
    if is_grouped {
        line(
            "# The line of a group answers all of its tasks; the line of a task counts for it in place of the group's.",
        );
    }
    let is_open = is_grouped || is_attested(catalog) || confirmed.answers.keys().any(|(id, _)| *id == catalog.id);
    line(&format!("{}[claims.{}]", if is_open { "" } else { "# " }, quoted(&catalog.id)));
    for group in &catalog.groups {
        let entries: Vec<&Entry> =
            asked().filter(|entry| entry.group == group.id && !is_about_data(&entry.ask)).collect();
        if !entries.is_empty() {
            line(&format!("# {}", group.title));
        }
        let mut last = None;
        for entry in entries {
            let above = practice(&entry.id).filter(|above| last != Some(*above));
            if let Some(above) = above {
                last = Some(above);
                let tasks = asked().filter(|one| practice(&one.id) == Some(above)).count();
                let what = format!("one answer for {}", plural(tasks, "task", "tasks"));
                answer(&catalog.id, above, &what, known, confirmed, line);
            }
            answer(&catalog.id, &entry.id, &entry.ask, known, confirmed, line);
        }
    }
    // The answers on data are next to what is said of it.
    for entry in asked().filter(|entry| is_about_data(&entry.ask)) {
        if let Some((answer, note)) = confirmed.answers.get(&(catalog.id.clone(), entry.id.clone())) {
            let text = format!("{} = {}", quoted(&entry.id), answer_text(answer.as_str(), note));
            line(&comment_at(&text, &entry.title));
        }
    }
}

fn answer(catalog: &str, id: &str, ask: &str, known: &Known, confirmed: &Confirmed, line: &mut impl FnMut(&str)) {
    let seen = known.answer(catalog, id);
    let place = seen.map(SeenAnswer::place);
    if let Some((answer, note)) = confirmed.answers.get(&(catalog.to_owned(), id.to_owned())) {
        let text = format!("{} = {}", quoted(id), answer_text(answer.as_str(), note));
        let same = seen.is_some_and(|seen| seen.answer == *answer);
        line(&comment_at(&text, &place.filter(|_| same).unwrap_or_else(|| ask.to_owned())));
    } else if let (Some(seen), Some(place)) = (seen, place) {
        line(&comment_at(&format!("# {} = {}", quoted(id), quoted(seen.answer.as_str())), &place));
    } else if practice(id).is_some() {
        // A task has a line of its own where it differs from its group.
        line(&format!("#     {}  {}", one_line(id), one_line(ask)));
    } else {
        line(&comment_at(&format!("# {} = \"\"", quoted(id)), ask));
    }
}

fn answer_text(answer: &str, note: &str) -> String {
    if note.is_empty() {
        return quoted(answer);
    }
    format!("{{ answer = {}, note = {} }}", quoted(answer), quoted(note))
}

/// Nothing is suggested here, whatever was found.
fn data(confirmed: &Confirmed, line: &mut impl FnMut(&str)) {
    line("");
    line("# What does the product do with data about people? This is for you alone to say: nothing here is guessed.");
    for name in category::ALL {
        if let Some(said) = confirmed.data.get(*name) {
            line(&format!("[data.{name}]"));
            let rows = [
                ("collects", said.collects),
                ("stores", said.stores),
                ("shares", said.shares),
                ("derives", said.derives),
            ];
            for (key, value) in rows {
                line(&format!("{key} = {value}"));
            }
            if !said.why.is_empty() {
                line(&format!("why = {}", quoted(&said.why)));
            }
        } else {
            line(&format!("# [data.{name}]"));
            for key in ["collects", "stores", "shares", "derives"] {
                line(&format!("# {key} = false"));
            }
            line("# why = \"\"");
        }
    }
    if let Some(protection) = &confirmed.protection {
        line(&format!("[data.{}]", category::PROTECTION));
        line(&format!("protection = {}", quoted(protection)));
    } else {
        line(&format!("# [data.{}]", category::PROTECTION));
        line(&comment_at("# protection = \"\"", "how is data protected, in storage and in transit?"));
    }
}

/// A line with a comment behind it. The comment may hold what a file of the repository says, and stays in its line.
fn comment_at(text: &str, comment: &str) -> String {
    let comment = one_line(comment);
    if comment.is_empty() { text.to_owned() } else { format!("{text:<COLUMN$}  # {comment}") }
}

/// A basic string of TOML, whatever is in it.
///
/// Not that of the crate `toml`, which writes a text with a newline over several lines: in a line that is a comment the second
/// of them would be none, and the repository that names the product could so make a claim of the maker's. What acts on a
/// terminal, or turns the order of letters around, is written by its number.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        let is_seen = character == ' ' || one_line(&character.to_string()) == character.to_string();
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            _ if is_seen && !character.is_control() => out.push(character),
            _ => out.push_str(&format!("\\U{:08X}", u32::from(character))),
        }
    }
    out.push('"');
    out
}
