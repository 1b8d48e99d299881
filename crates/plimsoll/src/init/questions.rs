//! The questions of the interview, in their order. They follow from the catalogs and from what is known.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date};
use plimsoll_collect::profile::Field;
use plimsoll_model::{body::Answer, plural, sha256_hex};
use plimsoll_practices::{Catalog, Entry, Practices};

use super::{Known, SeenAnswer, known::is_about_data, text::written};

/// Categories of data, as the claims file calls them.
pub(super) mod category {
    pub(in crate::init) const ALL: &[&str] = &["personal", "location", "sensitive", "derived-or-shared"];
    pub(in crate::init) const PROTECTION: &str = "protection";

    /// The category that a question is about: it names the table that answers it.
    pub(in crate::init) fn of(ask: &str) -> Option<&'static str> {
        let known = ALL.iter().chain([&PROTECTION]);
        known.copied().find(|name| ask.contains(&format!("[data.{name}]")))
    }
}

/// The practice that a task belongs to (`X.1` for `X.1.2`).
pub(super) fn practice(task: &str) -> Option<&str> {
    task.rsplit_once('.').map(|(above, _)| above).filter(|above| above.contains('.'))
}

/// What a question decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Decides {
    /// Name and version.
    Product,
    /// One value.
    Value(Field),
    /// Which of the other values that were found are right.
    Facts,
    /// Until when there are updates.
    Until,
    /// One answer, and the note where it does not apply.
    Entry { catalog: String, entry: String, may_not_apply: bool, note: Option<String> },
    /// All answers that the source shows, or does not.
    Shown,
    /// All practices.
    Practices { has_seen: bool },
    /// One practice.
    Practice { catalog: String, id: String, may_not_apply: bool, has_seen: bool },
    /// Whether there is data.
    Data,
    /// What is done with one category.
    Category(&'static str),
    /// How data is protected.
    Protection,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Its name in a draft.
    pub id: String,
    /// The question.
    pub ask: String,
    /// What was found, and what an answer may be, a line each.
    pub about: Vec<String>,
    /// What no answer means; without it an answer is needed.
    pub default: Option<String>,
    pub(super) decides: Decides,
}

impl Question {
    /// Which question it is, with all that is shown of it.
    pub(super) fn digest(&self) -> String {
        let shown = (&self.id, &self.ask, &self.about, &self.default);
        sha256_hex(format!("{shown:?}").as_bytes())
    }
}

/// Values that are confirmed together, with their keys.
pub(super) const FACTS: &[(Field, &str)] = &[
    (Field::Url, "url"),
    (Field::Platforms, "platforms"),
    (Field::Delivery, "delivery"),
    (Field::Inside, "inside"),
    (Field::Outside, "outside"),
    (Field::Identifiers, "identifiers"),
];
pub(super) const ANSWERS: &[Answer] = &[Answer::Done, Answer::Partly, Answer::Planned, Answer::No];
const CHOICE: &str = "done, partly, planned or no";
/// Why there is nothing to protect, where the maker says that there is no data.
pub(super) const NO_DATA: &str = "no such data is collected, stored or shared";

/// Entries of all catalogs that the maker is asked about.
pub(super) fn asked(practices: &Practices) -> impl Iterator<Item = (&Catalog, &Entry)> {
    let all = practices.catalogs().iter();
    all.flat_map(|catalog| catalog.entries.iter().filter(|entry| entry.claimable).map(move |entry| (catalog, entry)))
}

/// Practices, each with its tasks.
pub(super) fn groups(practices: &Practices) -> Vec<(&str, &str, Vec<&Entry>)> {
    let mut found: Vec<(&str, &str, Vec<&Entry>)> = Vec::new();
    for (catalog, entry) in asked(practices) {
        let Some(above) = practice(&entry.id) else { continue };
        match found.last_mut().filter(|(id, last, _)| *id == catalog.id && *last == above) {
            Some((.., tasks)) => tasks.push(entry),
            None => found.push((&catalog.id, above, vec![entry])),
        }
    }
    found
}

/// Is it the catalog of what the label attests? It is the one that asks about data; another one's levels are nobody's to fill in.
pub(super) fn is_attested(catalog: &Catalog) -> bool {
    catalog.entries.iter().any(|entry| is_about_data(&entry.ask))
}

/// Entries of the label that are neither tasks nor about data.
fn attested(practices: &Practices) -> impl Iterator<Item = (&Catalog, &Entry)> {
    let is_plain = |entry: &Entry| practice(&entry.id).is_none() && !is_about_data(&entry.ask);
    asked(practices).filter(move |(catalog, entry)| is_attested(catalog) && is_plain(entry))
}

/// Those that apply to every product: the source shows them, or does not.
pub(super) fn shown(practices: &Practices) -> impl Iterator<Item = (&Catalog, &Entry)> {
    attested(practices).filter(|(_, entry)| !entry.may_not_apply)
}

/// Gives all questions, as far as the replies so far decide which there are.
pub(super) fn sequence(known: &Known, practices: &Practices, replies: &BTreeMap<String, String>) -> Vec<Question> {
    let reply = |id: &str| replies.get(id).map(String::as_str);
    let mut all = vec![product(known), value(Field::Claimant, known), value(Field::Contact, known)];
    let facts: Vec<_> = FACTS.iter().filter(|(field, _)| known.suggestions.contains_key(field)).collect();
    if !facts.is_empty() {
        all.push(others(known));
    }
    let has_inside = facts.iter().any(|(field, _)| *field == Field::Inside);
    let takes_inside = reply("facts").is_none_or(|text| super::replies::takes(text, "inside"));
    if !(has_inside && takes_inside) {
        all.push(value(Field::Inside, known));
    }
    all.push(until(known));
    all.push(value(Field::UpdateMethod, known));
    let unseen = attested(practices).filter(|(_, entry)| entry.may_not_apply);
    all.extend(unseen.map(|(catalog, entry)| one(catalog, entry, known)));
    if shown(practices).next().is_some() {
        all.push(all_shown(known, practices));
        if reply("shown") == Some("ask") {
            all.extend(shown(practices).map(|(catalog, entry)| one(catalog, entry, known)));
        }
    }
    all.push(all_practices(known, practices));
    if reply("practices") == Some("ask") {
        all.extend(groups(practices).into_iter().map(|(catalog, id, tasks)| group(catalog, id, &tasks, known)));
    }
    all.push(data());
    if reply("data") == Some("yes") {
        all.extend(category::ALL.iter().map(|name| of_category(name)));
        all.push(question(
            "protection",
            Decides::Protection,
            "How is this data protected, in storage and in transit?",
            vec!["Enter leaves it for later, and writes `planned`.".to_owned()],
            Some(String::new()),
        ));
    }
    all
}

fn question(id: &str, decides: Decides, ask: &str, about: Vec<String>, default: Option<String>) -> Question {
    Question { id: id.to_owned(), ask: ask.to_owned(), about, default, decides }
}

fn from(known: &Known, field: Field) -> Vec<String> {
    let found = known.suggestions.get(&field).into_iter();
    found.map(|found| format!("from {}{}", found.from, if found.sure { "" } else { "; a guess" })).collect()
}

fn product(known: &Known) -> Question {
    let mut about = Vec::new();
    for (field, what) in [(Field::Name, "name"), (Field::Version, "version")] {
        about.extend(from(known, field).into_iter().map(|text| format!("{what} {text}")));
    }
    let (name, version) = (known.value(Field::Name), known.value(Field::Version));
    let default = name.map(|name| version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}")));
    question("product", Decides::Product, "Which software is it? (NAME VERSION)", about, default)
}

fn value(field: Field, known: &Known) -> Question {
    let (id, ask) = match field {
        Field::Claimant => ("claimant", "Who makes these claims: a person or an organisation?"),
        Field::Contact => ("contact", "Where can a problem be reported? (an e-mail address or a page)"),
        Field::UpdateMethod => ("update-method", "How do updates reach users: automatic, notice or manual?"),
        _ => ("inside", "Which parts do these claims speak of?"),
    };
    let mut about = from(known, field);
    let default = known.value(field).map(ToOwned::to_owned);
    if default.is_none() {
        about.push("Enter leaves it out.".to_owned());
    }
    question(id, Decides::Value(field), ask, about, Some(default.unwrap_or_default()))
}

fn others(known: &Known) -> Question {
    let mut about = Vec::new();
    for (field, key) in FACTS {
        if let Some(found) = known.suggestions.get(field) {
            about.push(format!("{key}: {}  ({})", written(*field, &found.values), found.from));
        }
    }
    about.push("yes, no, or the ones to leave out (url, platforms)".to_owned());
    question("facts", Decides::Facts, "This was found. Is it right?", about, Some("yes".to_owned()))
}

fn until(known: &Known) -> Question {
    let default = known.value(Field::Until).unwrap_or_default().to_owned();
    let mut about = from(known, Field::Until);
    let day = known.day.checked_add(2.years()).unwrap_or(Date::MAX);
    about.push(format!("A day such as {day}: it is supported until then; `no`: it is not supported."));
    if default.is_empty() {
        about.push("Enter leaves it out.".to_owned());
    }
    question("until", Decides::Until, "Until which day do you promise security updates?", about, Some(default))
}

fn answer_and_place(seen: &SeenAnswer) -> String {
    format!("{}, {}", seen.answer.as_str(), seen.place())
}

fn one(catalog: &Catalog, entry: &Entry, known: &Known) -> Question {
    let seen = known.answer(&catalog.id, &entry.id);
    let mut about: Vec<String> = seen.map(answer_and_place).into_iter().collect();
    about.extend(known.not_seen(&catalog.id, &entry.id).map(|reason| format!("not seen: {reason}")));
    // The question names the case in which it does not apply: it is the reason, where the maker gives no other.
    let note = entry.ask.split_once("(not-applicable if ").and_then(|(_, rest)| rest.split_once(')'));
    let note = note.map(|(note, _)| note.to_owned()).filter(|_| entry.may_not_apply);
    about.push(match &note {
        Some(note) => format!("{CHOICE}; na where it does not apply, as {note}; `na: ...` for another reason"),
        None if entry.may_not_apply => format!("{CHOICE}; `na: ...`, with the reason, where it does not apply"),
        None => CHOICE.to_owned(),
    });
    let decides = Decides::Entry {
        catalog: catalog.id.clone(),
        entry: entry.id.clone(),
        may_not_apply: entry.may_not_apply,
        note,
    };
    let default = seen.filter(|seen| seen.observed).map(|seen| seen.answer.as_str().to_owned());
    let ask = entry.ask.split(" (not-applicable").next().unwrap_or_default();
    question(&format!("{}/{}", catalog.id, entry.id), decides, ask, about, default)
}

fn all_shown(known: &Known, practices: &Practices) -> Question {
    let mut about = Vec::new();
    for (catalog, entry) in shown(practices) {
        let missing = known.not_seen(&catalog.id, &entry.id).unwrap_or("nothing is known");
        let (answer, reason) = match known.answer(&catalog.id, &entry.id) {
            Some(seen) if seen.observed => (seen.answer, seen.place()),
            Some(said) => (Answer::No, format!("not seen: {missing}; {}", answer_and_place(said))),
            None => (Answer::No, format!("not seen: {missing}")),
        };
        about.push(format!("{} {}: {}  ({reason})", entry.id, answer.as_str(), entry.title));
    }
    about.push("yes takes these answers; ask goes through them one by one".to_owned());
    question("shown", Decides::Shown, "The source shows this. Is it your answer?", about, Some("yes".to_owned()))
}

/// Every answer that may be written is a line of the question, but `no` and `planned`, which are what the maker says.
fn all_practices(known: &Known, practices: &Practices) -> Question {
    let groups = groups(practices);
    let tasks: Vec<_> =
        groups.iter().flat_map(|(catalog, _, tasks)| tasks.iter().map(move |task| (*catalog, task))).collect();
    let seen = tasks.iter().filter_map(|(catalog, task)| Some((task, known.observed(catalog, &task.id)?)));
    let mut about: Vec<String> = seen
        .map(|(task, seen)| format!("{} {}: {}  ({})", task.id, seen.answer.as_str(), task.title, seen.place()))
        .collect();
    let count = about.len();
    about.push(format!("Of {} the source shows {count}.", plural(tasks.len(), "task", "tasks")));
    let default = if count > 0 {
        about.push(
            "seen writes the answers above, and `no` for the rest; planned writes them, and `planned` for the rest;"
                .to_owned(),
        );
        about.push("no writes `no` for all;".to_owned());
        "seen"
    } else {
        about.push("no writes `no` for all; planned writes `planned` for all;".to_owned());
        "no"
    };
    about.push(format!("ask goes through the {} groups, and takes your own word on each.", groups.len()));
    question(
        "practices",
        Decides::Practices { has_seen: count > 0 },
        "How do you answer the practices of development?",
        about,
        Some(default.to_owned()),
    )
}

fn group(catalog: &str, id: &str, tasks: &[&Entry], known: &Known) -> Question {
    let mut about: Vec<String> = Vec::new();
    for task in tasks {
        let found = known.answer(catalog, &task.id).map(answer_and_place);
        let missing = known.not_seen(catalog, &task.id).map(|reason| format!("not seen: {reason}"));
        let found = found.or(missing).map(|text| format!("  ({text})"));
        about.push(format!("{} {}{}", task.id, task.ask, found.unwrap_or_default()));
    }
    let may_not_apply = tasks.iter().all(|task| task.may_not_apply);
    let has_seen = tasks.iter().any(|task| known.observed(catalog, &task.id).is_some());
    let seen = if has_seen { "seen (what the source shows, and no for the rest), " } else { "" };
    about.push(format!("{seen}{CHOICE}{}", if may_not_apply { "; `na: why` where it does not apply" } else { "" }));
    let decides = Decides::Practice { catalog: catalog.to_owned(), id: id.to_owned(), may_not_apply, has_seen };
    let default = if has_seen { "seen" } else { "no" };
    question(
        &format!("{catalog}/{id}"),
        decides,
        &format!("{id}: your answer for this group?"),
        about,
        Some(default.to_owned()),
    )
}

fn data() -> Question {
    let about = vec![
        "About people: personal, location, financial, health or biometric data, or what is derived from it.".to_owned(),
        format!("none: it does not, and the protection of it does not apply: {NO_DATA};"),
        "yes: five more questions; later writes `planned`: you promise to say it, and say nothing now".to_owned(),
    ];
    question("data", Decides::Data, "Does it collect, store or share data about people?", about, None)
}

fn of_category(name: &'static str) -> Question {
    let what = match name {
        "personal" => "personal data (names, addresses, accounts)",
        "location" => "the location of people",
        "sensitive" => "financial, health, biometric or other sensitive data",
        _ => "data that is derived from these, or shared with third parties",
    };
    let about = vec![
        "none, or what it does and what for: `collects, stores: to log in` (collects, stores, shares, derives)"
            .to_owned(),
    ];
    question(&format!("data.{name}"), Decides::Category(name), &format!("What does it do with {what}?"), about, None)
}
