//! The advisory data that was used: what it is, and what keeps it from proving that something is not known.

use jiff::civil::Date;
use plimsoll_advisories::{Database, LockedPackage, YankedReport, understated};
use plimsoll_model::{
    Assurance, Evidence, Extra, Input, InputId, Kind, Pointer, Rests, Subject,
    body::{AdvisoryDatabase, Yanked},
    plural,
};

use crate::Gathered;

/// Which versions were yanked, by what the registry's index said: nothing where it was not asked.
pub fn yanked_of(index: Option<&YankedReport>) -> Yanked {
    match index {
        None => Yanked::None,
        Some(report) if report.unlisted > 0 || !report.gaps.is_empty() => Yanked::Part,
        Some(_) => Yanked::Whole,
    }
}

/// Was the index asked when this evidence was made? What cannot be read says nothing of it.
pub fn yanked_of_evidence(evidence: &Evidence) -> Yanked {
    evidence.bodies::<AdvisoryDatabase>().find_map(Result::ok).map_or(Yanked::None, |database| database.yanked)
}

/// The kind of the advisory data.
pub const DATABASE: Kind =
    Kind::of_body::<AdvisoryDatabase>("The advisory data that was used, and how old it is.").once().resting_on(&[
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
    let fact = AdvisoryDatabase {
        origin: if database.is_given() { "given" } else { "built-in" }.to_owned(),
        source: input.source.clone(),
        revision: input.revision.clone(),
        date: input.date,
        age_days: input.date.map(|date| i64::from((today - date).get_days())),
        count: input.count,
        lacks: database.lacks().len(),
        lacks_first: database.lacks().iter().take(NAMED).cloned().collect(),
        yanked,
        extra: Extra::new(),
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
