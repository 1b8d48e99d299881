//! What the repository already says, as suggestions: each with its place, and whether anything speaks for another value.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{civil::Date, tz::TimeZone};
use plimsoll_collect::{
    Collected,
    claims::parse,
    collectors::{history, policies},
    profile::{Field, Profile, Said},
};
use plimsoll_model::{
    Assurance, EntryResult, Evidence, LabelBody, Outcome,
    body::{Answer, Product},
    excerpt,
};
use plimsoll_practices::{Entry, Practices};
use serde_json::Value;

use super::{badge, confirmed::Confirmed, text};

/// Characters of what was seen, next to an answer.
const LONGEST_REASON: usize = 110;
/// Values of a list.
const MOST_VALUES: usize = 6;
/// Packages that bring the product's own updates, or news of them.
const UPDATERS: &[&str] = &[
    "self_update",
    "axoupdater",
    "tauri-plugin-updater",
    "update-informer",
    "electron-updater",
    "update-notifier",
    "update-electron-app",
];
/// Starts of package URLs of a registry, where the user asks for the new version.
const REGISTRIES: &[&str] = &["pkg:cargo/", "pkg:pypi/", "pkg:npm/"];

/// A value that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The value; several where the key takes a list.
    pub values: Vec<String>,
    /// The place.
    pub from: String,
    /// Does nothing speak for another value?
    pub sure: bool,
}

/// An answer that evidence, or a claims file of another format, speaks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenAnswer {
    /// The catalog.
    pub catalog: String,
    /// The entry.
    pub entry: String,
    /// The answer.
    pub answer: Answer,
    /// What was seen, in one line.
    pub seen: String,
    /// Was it seen in the source, and not only said elsewhere?
    pub observed: bool,
}

impl SeenAnswer {
    /// Where it is from, as it is shown next to the answer.
    pub(super) fn place(&self) -> String {
        let seen = &self.seen;
        match (self.observed, self.answer) {
            // What an answer in part leaves open is what is known of it.
            (true, Answer::Partly) => format!("seen in part; open: {seen}"),
            (true, _) => format!("seen: {seen}"),
            (false, _) => format!("said in: {seen}"),
        }
    }
}

/// Everything that was found.
#[derive(Clone, Debug)]
pub struct Known {
    /// The day on which claims are made.
    pub day: Date,
    /// Values by key.
    pub suggestions: BTreeMap<Field, Suggestion>,
    /// Answers, in the order of the catalogs.
    pub answers: Vec<SeenAnswer>,
    /// Why no answer was seen, for entries that were looked for and not found.
    pub unmet: Vec<(String, String, String)>,
}

impl Known {
    /// The value of a key that takes one.
    pub fn value(&self, field: Field) -> Option<&str> {
        self.suggestions.get(&field)?.values.first().map(String::as_str)
    }

    /// The answer that the source itself shows: no other is taken without the maker's own word.
    pub(super) fn observed(&self, catalog: &str, entry: &str) -> Option<&SeenAnswer> {
        self.answer(catalog, entry).filter(|one| one.observed)
    }

    /// Why no answer was seen.
    pub(super) fn not_seen(&self, catalog: &str, entry: &str) -> Option<&str> {
        let found = self.unmet.iter().find(|(of, id, _)| of == catalog && id == entry);
        found.map(|(.., reason)| reason.as_str())
    }

    /// What was seen of an entry, or is said of it.
    pub fn answer(&self, catalog: &str, entry: &str) -> Option<&SeenAnswer> {
        self.answers.iter().find(|one| one.catalog == catalog && one.entry == entry)
    }
}

/// Gives what a collection and its label, and the files of the profile, say.
pub fn known(collected: &Collected, label: &LabelBody, profile: &Profile, practices: &Practices) -> Known {
    let evidence = &collected.evidence;
    let day = evidence.as_of.to_zoned(TimeZone::UTC).date();
    let mut known = Known { day, suggestions: BTreeMap::new(), answers: Vec::new(), unmet: Vec::new() };
    known.name(label);
    known.version(evidence);
    known.claimant(profile);
    known.contact(evidence, profile);
    for field in [Field::Url, Field::Inside, Field::Status] {
        known.one(field, of(profile, field));
    }
    let deliveries: Vec<&Said> = of(profile, Field::Delivery).collect();
    let all: BTreeSet<&str> = deliveries.iter().map(|one| one.value.as_str()).collect();
    if let Some(first) = deliveries.first() {
        let value = all.into_iter().collect::<Vec<_>>().join(", ");
        known.put(Field::Delivery, vec![value], first.from.clone(), false);
    }
    known.list(Field::Outside, of(profile, Field::Outside), None);
    known.platforms(profile);
    known.identifiers(profile);
    if let Some((until, path)) = policies::promised_until(evidence).filter(|(until, _)| *until >= day) {
        known.put(Field::Until, vec![until.to_string()], format!("{path}, the day that it promises"), true);
    }
    let packages = || collected.inventory.components.iter().map(|one| one.name.as_str());
    known.update_method(packages().find(|name| UPDATERS.contains(name)));
    known.answers(label, practices);
    known.unmet(label, practices);
    for answer in badge::answers(&profile.badge, practices) {
        let is_against = answer.answer != Answer::No && is_against(&answer, label, practices);
        if known.answer(&answer.catalog, &answer.entry).is_none() && !is_against {
            known.answers.push(answer);
        }
    }
    known
}

fn of(profile: &Profile, field: Field) -> impl Iterator<Item = &Said> {
    profile.said.iter().filter(move |one| one.field == field)
}

impl Known {
    /// Keeps a value that a claims file may hold.
    fn put(&mut self, field: Field, values: Vec<String>, from: String, sure: bool) {
        let mut probe = Confirmed::default();
        let name = if field == Field::Name { values.clone() } else { vec!["x".to_owned()] };
        probe.values.insert(Field::Name, name);
        probe.values.insert(field, values.clone());
        let is_valid = !values.is_empty() && parse(&text::probe(self.day, &probe)).is_ok();
        if is_valid {
            self.suggestions.insert(field, Suggestion { values, from, sure });
        }
    }

    fn one<'a>(&mut self, field: Field, all: impl Iterator<Item = &'a Said>) {
        let all: Vec<&Said> = all.collect();
        // What a place says outright goes before what is concluded from one.
        for said in all.iter().filter(|one| one.sure).chain(all.iter().filter(|one| !one.sure)) {
            if !self.suggestions.contains_key(&field) {
                self.put(field, vec![said.value.clone()], said.from.clone(), said.sure);
            }
        }
    }

    fn list<'a>(&mut self, field: Field, all: impl Iterator<Item = &'a Said>, end: Option<&str>) {
        let mut values: Vec<String> = Vec::new();
        let mut from: Option<&str> = None;
        for said in all {
            let value = format!("{}{}", said.value, end.unwrap_or_default());
            if values.len() < MOST_VALUES && !values.contains(&value) {
                values.push(value);
                from = from.or(Some(&said.from));
            }
        }
        if let Some(from) = from {
            self.put(field, values, from.to_owned(), false);
        }
    }

    fn name(&mut self, label: &LabelBody) {
        let from = label.product.name_from.clone().unwrap_or_else(|| "plimsoll.toml".to_owned());
        let is_title = from.to_lowercase().contains("readme");
        self.put(Field::Name, vec![label.product.name.clone()], from, !is_title);
    }

    /// A manifest may hold a placeholder, and a tag may be of something else: only what both say is sure.
    fn version(&mut self, evidence: &Evidence) {
        let product: Product = evidence.bodies().next().and_then(Result::ok).unwrap_or_default();
        let is_claimed = product.date.is_some();
        let manifest = if is_claimed { product.manifest_version } else { product.version };
        let newest =
            evidence.facts_of(history::TAG.name).find(|tag| tag.body.get("newest") == Some(&Value::Bool(true)));
        let tag = newest.and_then(|tag| {
            let get = |key: &str| tag.body.get(key).and_then(Value::as_str);
            Some((get("name")?, get("version")?))
        });
        match (manifest, tag) {
            (Some(version), Some((name, released))) if version == released => {
                self.put(Field::Version, vec![version], format!("the manifest and the tag {name}"), true);
            }
            // One that is under development.
            (Some(version), Some((name, released))) if numbers(&version) > numbers(released) => {
                self.put(
                    Field::Version,
                    vec![version],
                    format!("the manifest; the newest release tag is {name}"),
                    false,
                );
            }
            // A placeholder, which a claim of the real version disagrees with.
            (Some(version), Some((name, released))) => {
                let from =
                    format!("the newest release tag, {name}; the manifest says {version}: make them agree first");
                self.put(Field::Version, vec![released.to_owned()], from, false);
            }
            (Some(version), None) => {
                self.put(Field::Version, vec![version], "the manifest; no release tag was found".to_owned(), false);
            }
            (None, Some((name, released))) => {
                self.put(Field::Version, vec![released.to_owned()], format!("the newest release tag, {name}"), false);
            }
            (None, None) => {}
        }
    }

    /// Who made the first version may be gone, whatever number of files still names them: it stays a guess.
    fn claimant(&mut self, profile: &Profile) {
        // A package that names itself as its author names nobody.
        let name = self.value(Field::Name).unwrap_or_default().to_lowercase();
        let all: Vec<&Said> = of(profile, Field::Claimant).filter(|one| one.value.to_lowercase() != name).collect();
        let twice = all.iter().find_map(|one| {
            let other = all.iter().find(|other| other.value == one.value && other.from != one.from)?;
            Some((one.value.clone(), format!("{}, and {}", one.from, other.from)))
        });
        if let Some((value, from)) = twice {
            self.put(Field::Claimant, vec![value], from, false);
        }
        if !self.suggestions.contains_key(&Field::Claimant) {
            let unsure = all.into_iter().map(|one| Said { sure: false, ..one.clone() }).collect::<Vec<_>>();
            self.one(Field::Claimant, unsure.iter());
        }
    }

    fn contact(&mut self, evidence: &Evidence, profile: &Profile) {
        self.one(Field::Contact, of(profile, Field::Contact));
        let contacts = policies::reporting_contacts(evidence);
        for (contact, path) in &contacts {
            if !self.suggestions.contains_key(&Field::Contact) {
                let from = format!("{path}, how to report");
                self.put(Field::Contact, vec![(*contact).to_owned()], from, contacts.len() == 1);
            }
        }
    }

    /// What programs are built for; where nothing is, what a library needs.
    fn platforms(&mut self, profile: &Profile) {
        let built = |one: &&Said| one.from.ends_with("a target");
        self.list(Field::Platforms, of(profile, Field::Platforms).filter(built), None);
        if !self.suggestions.contains_key(&Field::Platforms) {
            self.list(Field::Platforms, of(profile, Field::Platforms), None);
        }
    }

    /// Package URLs of registries; where there is none, that of the forge.
    fn identifiers(&mut self, profile: &Profile) {
        let version = self.value(Field::Version).map(|version| format!("@{version}"));
        let of_registry = |one: &&Said| REGISTRIES.iter().any(|start| one.value.starts_with(start));
        self.list(Field::Identifiers, of(profile, Field::Identifiers).filter(of_registry), version.as_deref());
        if !self.suggestions.contains_key(&Field::Identifiers) {
            self.list(Field::Identifiers, of(profile, Field::Identifiers), version.as_deref());
        }
    }

    fn update_method(&mut self, updater: Option<&str>) {
        if let Some(name) = updater {
            self.put(Field::UpdateMethod, vec!["notice".to_owned()], format!("the dependency {name}"), false);
        } else if let Some(delivery) =
            self.suggestions.get(&Field::Delivery).or(self.suggestions.get(&Field::Identifiers))
        {
            self.put(Field::UpdateMethod, vec!["manual".to_owned()], delivery.from.clone(), false);
        }
    }

    fn answers(&mut self, label: &LabelBody, practices: &Practices) {
        for catalog in practices.catalogs() {
            let Some(result) = label.catalogs.iter().find(|one| one.id == catalog.id) else { continue };
            for entry in catalog.entries.iter().filter(|entry| entry.claimable && !is_about_data(&entry.ask)) {
                let Some(judged) = result.entries.iter().find(|one| one.id == entry.id) else { continue };
                let Some(answer) = seen(judged).filter(|answer| !is_disproved(*answer, entry, label)) else { continue };
                self.answers.push(SeenAnswer {
                    catalog: catalog.id.clone(),
                    entry: entry.id.clone(),
                    answer,
                    seen: excerpt(&judged.reason, LONGEST_REASON),
                    observed: true,
                });
            }
        }
    }

    fn unmet(&mut self, label: &LabelBody, practices: &Practices) {
        for catalog in practices.catalogs() {
            let Some(result) = label.catalogs.iter().find(|one| one.id == catalog.id) else { continue };
            for entry in catalog.entries.iter().filter(|entry| entry.claimable) {
                let Some(judged) = result.entries.iter().find(|one| one.id == entry.id) else { continue };
                if self.answer(&catalog.id, &entry.id).is_some() {
                    continue;
                }
                // Of an entry that an earlier file claims, the reason is about the claim.
                let is_looked_for = !judged.supported_by.is_empty() && judged.claimed.is_none();
                let reason = lacking(&entry.contradicted_by, label)
                    .or(is_looked_for.then_some(judged.reason.as_str()))
                    .or_else(|| lacking(&entry.supported_by, label));
                if let Some(reason) = reason {
                    self.unmet.push((catalog.id.clone(), entry.id.clone(), excerpt(reason, LONGEST_REASON)));
                }
            }
        }
    }
}

/// Why one of `criteria` does not hold.
fn lacking<'a>(criteria: &[String], label: &'a LabelBody) -> Option<&'a str> {
    let found = label.criteria.iter().filter(|one| criteria.contains(&one.id));
    found.filter(|one| matches!(one.outcome, Outcome::Unmet | Outcome::Partial)).map(|one| one.reason.as_str()).next()
}

/// What the source shows against an entry.
fn against<'a>(entry: &Entry, label: &'a LabelBody) -> Option<&'a str> {
    lacking(&entry.contradicted_by, label).or_else(|| lacking(&entry.supported_by, label))
}

/// Would the label contradict it?
fn is_disproved(answer: Answer, entry: &Entry, label: &LabelBody) -> bool {
    answer == Answer::Done && lacking(&entry.contradicted_by, label).is_some()
}

/// Does the source speak against what a file says?
fn is_against(answer: &SeenAnswer, label: &LabelBody, practices: &Practices) -> bool {
    let catalog = practices.catalogs().iter().find(|one| one.id == answer.catalog);
    let entry = catalog.and_then(|catalog| catalog.entries.iter().find(|one| one.id == answer.entry));
    entry.is_none_or(|entry| against(entry, label).is_some())
}

/// The numbers at the beginning of a version, to see which of two is later.
fn numbers(version: &str) -> Vec<u64> {
    let parts = version.split('.').map(|part| part.split(|one: char| !one.is_ascii_digit()).next());
    parts.map_while(|part| part?.parse().ok()).collect()
}

/// What the maker does with data is for the maker alone to say.
pub(super) fn is_about_data(ask: &str) -> bool {
    ask.contains("[data.")
}

/// The answer that the evidence speaks for. What rests on the maker's word is none.
fn seen(entry: &EntryResult) -> Option<Answer> {
    let is_seen = entry.assurance.is_some_and(|assurance| assurance >= Assurance::Observed);
    match entry.outcome {
        Outcome::Met if is_seen => Some(Answer::Done),
        Outcome::Partial if is_seen => Some(Answer::Partly),
        _ => None,
    }
}
