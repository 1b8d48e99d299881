//! What a reply means: it is refused with a reason, or becomes what the maker has confirmed.

use std::collections::BTreeMap;

use jiff::civil::Date;
use plimsoll_collect::{claims::parse, profile::Field};
use plimsoll_model::body::Answer;
use plimsoll_practices::Practices;

use super::{
    Confirmed, Known,
    confirmed::DataUse,
    known::is_about_data,
    questions::{ANSWERS, Decides, FACTS, NO_DATA, Question, category, groups, sequence, shown},
    text::probe,
};

/// Bytes of one reply.
const LONGEST: usize = 2000;

/// The one of `words` that `text` is, or begins like.
fn word<'a>(text: &str, words: &[&'a str]) -> Result<&'a str, String> {
    let lower = text.to_lowercase();
    let exact = words.iter().find(|word| **word == lower);
    let mut short = words.iter().filter(|word| !lower.is_empty() && word.starts_with(&lower));
    let found = exact.or_else(|| short.next().filter(|_| short.next().is_none()));
    found.copied().ok_or_else(|| format!("answer with one of: {}", words.join(", ")))
}

/// Does this reply on the facts that were found take the one of this key?
pub(super) fn takes(reply: &str, key: &str) -> bool {
    reply == "yes" || reply != "no" && !left_out(reply).any(|one| one == key)
}

fn left_out(reply: &str) -> impl Iterator<Item = &str> {
    reply.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty())
}

/// `yes`, `no`, or keys to leave out.
fn facts(text: &str) -> Result<String, String> {
    if let Ok(one) = word(text, &["yes", "no"]) {
        return Ok(one.to_owned());
    }
    let keys: Vec<&str> = FACTS.iter().map(|(_, key)| *key).collect();
    match left_out(text).find(|one| !keys.contains(one)) {
        Some(unknown) => Err(format!("{unknown} is none of: yes, no, {}", keys.join(", "))),
        None => Ok(text.to_owned()),
    }
}

/// `done`, or `na: why`: the answer with its note.
fn answer(text: &str, may_not_apply: bool, note: Option<&str>) -> Result<(Answer, String), String> {
    let (first, why) = text.split_once(':').map_or((text, ""), |(first, why)| (first.trim(), why.trim()));
    if matches!(first.to_lowercase().as_str(), "na" | "n/a" | "not-applicable") {
        return match (may_not_apply, if why.is_empty() { note.unwrap_or_default() } else { why }) {
            (false, _) => Err("this applies to every product; an honest no is an answer".to_owned()),
            (true, "") => Err("say why it does not apply: na: ...".to_owned()),
            (true, why) => Ok((Answer::NotApplicable, why.to_owned())),
        };
    }
    let words: Vec<&str> = ANSWERS.iter().map(|answer| answer.as_str()).collect();
    let found = word(first, &words)?;
    let found = ANSWERS.iter().find(|answer| answer.as_str() == found).copied().unwrap_or(Answer::No);
    Ok((found, why.to_owned()))
}

/// `none`, or `collects, stores: why`.
fn data_use(text: &str) -> Result<DataUse, String> {
    const WORDS: [&str; 4] = ["collects", "stores", "shares", "derives"];
    if text.eq_ignore_ascii_case("none") || text.eq_ignore_ascii_case("no") {
        return Ok(DataUse::default());
    }
    let (what, why) = text.split_once(':').unwrap_or((text, ""));
    let mut found = DataUse { why: why.trim().to_owned(), ..DataUse::default() };
    for one in left_out(what) {
        match word(one, &WORDS)? {
            "collects" => found.collects = true,
            "stores" => found.stores = true,
            "shares" => found.shares = true,
            _ => found.derives = true,
        }
    }
    if found.why.is_empty() || found == (DataUse { why: found.why.clone(), ..DataUse::default() }) {
        return Err("say what it does and what for, such as `collects, stores: to log in`; or none".to_owned());
    }
    Ok(found)
}

/// Name and version: the last word is a version where it begins like one.
fn product(text: &str) -> (&str, &str) {
    let is_version = |word: &str| word.trim_start_matches(['v', 'V']).starts_with(|one: char| one.is_ascii_digit());
    match text.rsplit_once(' ') {
        Some((name, version)) if is_version(version) => (name.trim(), version),
        _ => (text, ""),
    }
}

/// Gives a reply in the form in which it is kept, or why it is none.
pub(super) fn check(question: &Question, text: &str, known: &Known) -> Result<String, String> {
    let text = text.trim();
    if text.len() > LONGEST {
        return Err(format!("that is longer than {LONGEST} bytes"));
    }
    let text = if text.is_empty() { question.default.as_deref().ok_or("an answer is needed here")? } else { text };
    let kept = match &question.decides {
        Decides::Shown => word(text, &["yes", "ask"])?.to_owned(),
        Decides::Practices { has_seen } => {
            let words: &[&str] = if *has_seen { &["seen", "no", "planned", "ask"] } else { &["no", "planned", "ask"] };
            word(text, words)?.to_owned()
        }
        Decides::Data => {
            word(if text.eq_ignore_ascii_case("no") { "none" } else { text }, &["none", "yes", "later"])?.to_owned()
        }
        Decides::Facts => facts(text)?,
        Decides::Value(Field::UpdateMethod) if !text.is_empty() => {
            word(text, &["automatic", "notice", "manual"])?.to_owned()
        }
        Decides::Until if text.is_empty() || text.eq_ignore_ascii_case("no") => text.to_lowercase(),
        Decides::Until => {
            let day: Date = text.parse().map_err(|_| format!("{text} is no day of the form YYYY-MM-DD"))?;
            if day < known.day {
                return Err(format!("{day} has passed; answer `no` where it is not supported any more"));
            }
            day.to_string()
        }
        Decides::Entry { may_not_apply, note, .. } => kept(&answer(text, *may_not_apply, note.as_deref())?),
        Decides::Practice { may_not_apply, has_seen, .. } => {
            let is_seen = *has_seen && text.eq_ignore_ascii_case("seen");
            if is_seen { "seen".to_owned() } else { kept(&answer(text, *may_not_apply, None)?) }
        }
        Decides::Category(_) => data_use(text).map(|_| text.to_owned())?,
        Decides::Product | Decides::Value(_) | Decides::Protection => text.to_owned(),
    };
    is_valid(question, &kept, known)?;
    Ok(kept)
}

fn kept((answer, note): &(Answer, String)) -> String {
    let answer = if *answer == Answer::NotApplicable { "na" } else { answer.as_str() };
    if note.is_empty() { answer.to_owned() } else { format!("{answer}: {note}") }
}

/// A claims file with this reply alone is one that counts.
fn is_valid(question: &Question, text: &str, known: &Known) -> Result<(), String> {
    let mut confirmed = Confirmed::default();
    apply(question, text, known, None, &mut confirmed);
    confirmed.values.entry(Field::Name).or_insert_with(|| vec!["x".to_owned()]);
    let file = probe(known.day, &confirmed);
    parse(&file).map(|_| ()).map_err(|error| {
        let text = error.to_string();
        text.rsplit_once("]: ").or_else(|| text.split_once(": ")).map_or(text.clone(), |(_, why)| why.to_owned())
    })
}

/// Gives all that the replies confirm.
pub(super) fn confirm(known: &Known, practices: &Practices, replies: &BTreeMap<String, String>) -> Confirmed {
    let mut confirmed = Confirmed::default();
    for question in sequence(known, practices, replies) {
        if let Some(text) = replies.get(&question.id) {
            apply(&question, text, known, Some(practices), &mut confirmed);
        }
    }
    confirmed
}

fn apply(question: &Question, text: &str, known: &Known, practices: Option<&Practices>, out: &mut Confirmed) {
    match &question.decides {
        Decides::Product => {
            let (name, version) = product(text);
            out.set(Field::Name, name);
            out.set(Field::Version, version);
        }
        Decides::Value(field) => out.set(*field, text),
        Decides::Facts => {
            for (field, _) in FACTS.iter().filter(|(_, key)| takes(text, key)) {
                if let Some(found) = known.suggestions.get(field) {
                    out.values.insert(*field, found.values.clone());
                }
            }
        }
        Decides::Until if text == "no" => out.set(Field::Status, "unsupported"),
        Decides::Until => {
            out.set(Field::Until, text);
            if !text.is_empty() {
                out.set(Field::Status, "supported");
            }
        }
        Decides::Entry { catalog, entry, may_not_apply, note } => {
            if let Ok((answer, note)) = answer(text, *may_not_apply, note.as_deref()) {
                out.answer(catalog, entry, answer, &note);
            }
        }
        Decides::Practice { catalog, id, may_not_apply, .. } => {
            if text == "seen" {
                rest_of(catalog, id, Answer::No, known, practices, out);
            } else if let Ok((answer, note)) = answer(text, *may_not_apply, None) {
                out.answer(catalog, id, answer, &note);
            }
        }
        Decides::Shown if text == "yes" => {
            for (catalog, entry) in practices.into_iter().flat_map(shown) {
                let seen = known.observed(&catalog.id, &entry.id).map_or(Answer::No, |seen| seen.answer);
                out.answer(&catalog.id, &entry.id, seen, "");
            }
        }
        Decides::Practices { has_seen } if text != "ask" => {
            let rest = if text == "planned" { Answer::Planned } else { Answer::No };
            for (catalog, id, _) in practices.into_iter().flat_map(groups) {
                if *has_seen && text != "no" {
                    rest_of(catalog, id, rest, known, practices, out);
                } else {
                    out.answer(catalog, id, rest, "");
                }
            }
        }
        Decides::Shown | Decides::Practices { .. } => {}
        Decides::Data => {
            for (catalog, entry) in practices.into_iter().flat_map(super::questions::asked) {
                let Some(name) = category::of(&entry.ask).filter(|_| is_about_data(&entry.ask)) else { continue };
                match text {
                    "none" if name == category::PROTECTION => {
                        out.answer(&catalog.id, &entry.id, Answer::NotApplicable, NO_DATA);
                    }
                    "none" => _ = out.data.insert(name.to_owned(), DataUse::default()),
                    "later" => out.answer(&catalog.id, &entry.id, Answer::Planned, ""),
                    _ => {}
                }
            }
        }
        Decides::Category(name) => {
            if let Ok(said) = data_use(text) {
                out.data.insert((*name).to_owned(), said);
            }
        }
        Decides::Protection if text.is_empty() => {
            for (catalog, entry) in practices.into_iter().flat_map(super::questions::asked) {
                if category::of(&entry.ask) == Some(category::PROTECTION) {
                    out.answer(&catalog.id, &entry.id, Answer::Planned, "");
                }
            }
        }
        Decides::Protection => out.protection = Some(text.to_owned()),
    }
}

/// What was seen of the tasks of a practice, and `rest` for the practice as a whole where a task is left.
fn rest_of(catalog: &str, id: &str, rest: Answer, known: &Known, practices: Option<&Practices>, out: &mut Confirmed) {
    let all = practices.into_iter().flat_map(groups);
    for (_, _, tasks) in all.filter(|(of, group, _)| *of == catalog && *group == id) {
        let mut is_whole = true;
        for task in tasks {
            match known.observed(catalog, &task.id) {
                Some(seen) => out.answer(catalog, &task.id, seen.answer, ""),
                None => is_whole = false,
            }
        }
        if !is_whole {
            out.answer(catalog, id, rest, "");
        }
    }
}
