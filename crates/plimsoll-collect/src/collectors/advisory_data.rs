//! The advisory data that was used: what it is, and what keeps it from proving that something is not known.

use jiff::civil::Date;
use plimsoll_advisories::{Database, LockedPackage, YankedReport, understated};
use plimsoll_model::{Assurance, Evidence, Input, InputId, Kind, Pointer, Rests, Subject, plural};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Gathered;

/// The advisory data that was used.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DatabaseFact {
    /// `built-in`: it came with the program; `given`: whoever made the evidence gave it.
    origin: &'static str,
    /// `embedded snapshot`, `given packed snapshot`, `given RustSec checkout`.
    source: String,
    /// The revision that it says it has; the digest of the input says what was read.
    revision: Option<String>,
    /// Its date.
    date: Option<Date>,
    /// Days from that date to as-of; negative when the data is newer.
    age_days: Option<i64>,
    /// How many advisories.
    count: Option<u64>,
    /// How many advisories that the program has built in it lacks, without saying that they were withdrawn.
    lacks: usize,
    /// Ids of those; at most five.
    lacks_first: Vec<String>,
    /// Was a registry's index asked which versions were yanked: `whole`, `part` (some are not in it), `none`?
    yanked: Yanked,
}

/// Was a registry's index asked which versions were yanked?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Yanked {
    /// It told of every package of it.
    Whole,
    /// Some packages are not in it.
    Part,
    /// It was not given.
    None,
}

impl Yanked {
    /// By what the index said; nothing where it was not asked.
    pub fn of(index: Option<&YankedReport>) -> Self {
        match index {
            None => Self::None,
            Some(report) if report.unlisted > 0 || !report.gaps.is_empty() => Self::Part,
            Some(_) => Self::Whole,
        }
    }

    /// Was it asked when this evidence was made?
    pub fn of_evidence(evidence: &Evidence) -> Self {
        let stated = evidence.facts_of(DATABASE.name).find_map(|fact| fact.body.get("yanked"));
        stated.and_then(|word| serde_json::from_value(word.clone()).ok()).unwrap_or(Self::None)
    }
}

/// The kind of the advisory data.
pub const DATABASE: Kind =
    Kind::of::<DatabaseFact>("advisory-database", "The advisory data that was used, and how old it is.").resting_on(&[
        Rests::all(InputId::Advisories),
        Rests::members(InputId::RegistryIndex, &["body/yanked"]),
        Rests::members(InputId::CrateSources, &[]),
        Rests::members(InputId::Resolver, &[]),
    ]);

/// What the data is, and what keeps it from proving that something is not known: this is decided here alone. A kind with a
/// gap decides no "none".
pub fn database(
    advisories: Result<&Database, &str>,
    packages: &[LockedPackage],
    yanked: Yanked,
    today: Date,
) -> Gathered {
    /// Ids that are named.
    const NAMED: usize = 5;
    let database = match advisories {
        Ok(database) => database,
        Err(reason) => return Gathered::unavailable(&DATABASE, "advisory databases", reason),
    };
    let input = database.input();
    let mut gathered = Gathered::searched(&DATABASE, "advisory databases", 1);
    let few = |ids: &[String]| {
        let shown = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        if ids.len() > NAMED { format!("{shown}, ...") } else { shown }
    };
    if !database.lacks().is_empty() {
        gathered.gap(format!(
            "the advisory data that was given lacks {} that this version of Plimsoll has built in ({}): give a whole checkout",
            plural(database.lacks().len(), "advisory", "advisories"),
            few(database.lacks())
        ));
    }
    match understated(database, packages, today) {
        Ok(less) if less.is_empty() => {}
        Ok(less) => gathered.gap(format!(
            "the advisory data that was given says less than what this version of Plimsoll has built in says of {}",
            few(&less)
        )),
        Err(error) => gathered.gap(error.to_string()),
    }
    if let Some(date) = input.date.filter(|date| database.is_given() && *date > today) {
        gathered.gap(format!(
            "the advisory data that was given is dated {date}, which is after {today}: a date that is to come proves nothing"
        ));
    }
    if let Some(first) = database.gaps().first() {
        let count = plural(database.gaps().len(), "advisory", "advisories");
        gathered.gap(format!("{count} could not be read, first {first}"));
    }
    if !database.withdrawn().is_empty() {
        gathered.limitation(format!(
            "The data that was given says that {} withdrawn which count by what is built in ({}).",
            plural(database.withdrawn().len(), "advisory is", "advisories are"),
            few(database.withdrawn())
        ));
    }
    if database.is_given() {
        gathered.limitation(
            "Date and revision are what the data that was given says of itself; an auditor compares it with their own.",
        );
    }
    gathered.limitation(match database.of_the_toolchain() {
        0 => "Advisories about Rust's standard library and its tools are not part of the data.".to_owned(),
        count => format!(
            "{} about Rust's standard library and its tools {} not compared: no lockfile says which toolchain builds the product.",
            plural(usize::try_from(count).unwrap_or(usize::MAX), "advisory", "advisories"),
            if count == 1 { "is" } else { "are" }
        ),
    });
    let fact = DatabaseFact {
        origin: if database.is_given() { "given" } else { "built-in" },
        source: input.source.clone(),
        revision: input.revision.clone(),
        date: input.date,
        age_days: input.date.map(|date| i64::from((today - date).get_days())),
        count: input.count,
        lacks: database.lacks().len(),
        lacks_first: database.lacks().iter().take(NAMED).cloned().collect(),
        yanked,
    };
    let pointers = vec![Pointer::advisory(input.revision.clone().unwrap_or_else(|| input.source.clone()))];
    gathered.push(subject_of(&input), Assurance::Observed, &fact, pointers);
    gathered
}

/// The subject of facts about the advisory data: its revision, else its digest.
fn subject_of(input: &Input) -> Subject {
    let digest = input.digest.get("sha256").cloned();
    Subject::advisory_data(input.revision.clone().or(digest).unwrap_or_default())
}
