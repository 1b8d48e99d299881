//! What files of the repository say of the product and its maker, for a maker who starts a claims file.
//!
//! Nothing of it is evidence and nothing of it is a claim: each value comes with the place that it is from, and counts when the
//! maker confirms it.

mod badge;
mod documents;
mod insights;
mod manifests;
mod workflows;

use jiff::{civil::Date, tz::TimeZone};
use plimsoll_snapshot::{OpenOptions, Snapshot};

use crate::{CollectError, Inputs, Target};

/// Bytes of a file that is read.
const LARGEST: u64 = 512 * 1024;
/// Characters of one value; a longer one is no name and no address.
const LONGEST: usize = 200;
/// Values about one field that are kept.
const MOST: usize = 20;

/// What a value is about: a key of the claims file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// `[product] name`
    Name,
    /// `[product] version`
    Version,
    /// `[product] claimant`
    Claimant,
    /// `[product] contact`
    Contact,
    /// `[product] url`
    Url,
    /// `[product] platforms`
    Platforms,
    /// `[product] delivery`
    Delivery,
    /// `[scope] inside`
    Inside,
    /// `[scope] outside`
    Outside,
    /// `[scope] identifiers`
    Identifiers,
    /// `[support] status`
    Status,
    /// `[support] until`
    Until,
    /// `[support] update-method`
    UpdateMethod,
}

/// A value and where it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What it is about.
    pub field: Field,
    /// The value. A package URL has no version: the product's is known later.
    pub value: String,
    /// The place: path, line and what is there, as `Cargo.toml:5, authors`.
    pub from: String,
    /// Does the place say just this, or is it concluded from it?
    pub sure: bool,
}

/// An answer in the project's `.bestpractices.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadgeAnswer {
    /// The badge's name of what is asked.
    pub criterion: String,
    /// `Met` or `Unmet`; another answer is left out.
    pub met: bool,
    /// The project's words on it.
    pub justification: String,
    /// The place.
    pub from: String,
}

/// Everything that was found, the best first for each field.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Values.
    pub said: Vec<Said>,
    /// Answers to the questions of the OpenSSF Best Practices badge.
    pub badge: Vec<BadgeAnswer>,
}

impl Profile {
    fn say(&mut self, field: Field, value: &str, from: String, sure: bool) {
        let value = value.trim();
        let known = || self.said.iter().filter(|one| one.field == field);
        let is_value = value.chars().any(char::is_alphanumeric) && value.chars().count() <= LONGEST;
        // Two files that give the same are kept both: neither is alone with it.
        let file = |from: &str| from.split([':', ',']).next().map(ToOwned::to_owned);
        let is_known = known().any(|one| one.value == value && file(&one.from) == file(&from));
        if is_value && known().count() < MOST && !is_known {
            self.said.push(Said { field, value: value.to_owned(), from, sure });
        }
    }

    /// Adds what the text of one file says, by the name of the file.
    fn read(&mut self, path: &str, text: &str, today: Date) {
        match path {
            badge::PATH => badge::read(path, text, self),
            _ if insights::PATHS.contains(&path) => insights::read(path, text, today, self),
            _ if workflows::is_workflow(path) => workflows::read(path, text, self),
            _ if manifests::is_manifest(path) => manifests::read(path, text, self),
            _ => documents::read(path, text, self),
        }
    }
}

/// Reads the files of the commit that `target` names, the most exact ones first. A file that cannot be read says nothing.
pub fn profile(target: &Target, inputs: &Inputs) -> Result<Profile, CollectError> {
    let options = OpenOptions { rev: target.rev.clone(), worktree: target.worktree };
    let snapshot = Snapshot::open(&target.path, &options)?;
    let today = inputs.as_of.to_zoned(TimeZone::UTC).date();
    let mut found = Profile::default();
    let all = || snapshot.entries().iter().filter(|entry| entry.is_file()).map(|entry| entry.path.as_str());
    let workflows = all().filter(|path| workflows::is_workflow(path)).take(workflows::MOST);
    let documents = all().filter(|path| documents::is_document(path)).take(documents::MOST);
    let first = insights::PATHS.iter().copied().chain(manifests::PATHS.iter().copied());
    for path in first.chain([badge::PATH]).chain(documents).chain(workflows) {
        let text = snapshot.entry(path).filter(|entry| entry.is_file());
        let Some(text) = text.and_then(|entry| snapshot.read_text(entry, LARGEST).ok()) else { continue };
        found.read(path, &text, today);
    }
    manifests::programs(all(), &mut found);
    documents::vendored(all(), &mut found);
    Ok(found)
}

/// The place of a value in a file: the first line that holds it next to the key that it belongs to, else the first that holds it.
fn place(path: &str, text: &str, value: &str, what: &str) -> String {
    let keyed = text.lines().position(|line| line.contains(value) && line.contains(what));
    // A value that is put into other words has the line of its key.
    let key = format!("{}:", what.split(' ').next().unwrap_or_default());
    let find = |sought: &str| text.lines().position(|line| line.contains(sought));
    let line = keyed.or_else(|| find(value)).or_else(|| find(&key));
    line.map_or_else(|| format!("{path}, {what}"), |at| format!("{path}:{}, {what}", at + 1))
}

/// An author's name without the address behind it.
fn person(text: &str) -> &str {
    text.split(['<', '(']).next().unwrap_or_default().trim()
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    let today = Date::constant(2026, 11, 1);
    let others = [badge::PATH, "LICENSE", ".github/FUNDING.yml", "MAINTAINERS", ".github/workflows/a.yml"];
    for path in insights::PATHS.iter().chain(manifests::PATHS).copied().chain(others) {
        Profile::default().read(path, text, today);
    }
}

#[cfg(test)]
mod tests;
