//! The advisory data that was used: what it is of each ecosystem, and what keeps it from proving that something is not known.

use std::collections::BTreeMap;

use jiff::civil::Date;
use plimsoll_advisories::{DataOf, Database, Ecosystem, Package, REGISTRY, YankedReport, understated};
use plimsoll_components::{Component, FoundEcosystem, public_registry, published_in};
use plimsoll_model::{
    Assurance, Evidence, Extra, Input, InputId, Kind, Pointer, Rests, Subject,
    body::{AdvisoryDatabase, Yanked},
    plural,
};
use serde_json::{Map, Value};

use crate::{Gathered, collector::day_in};

/// Ids that are named.
const NAMED: usize = 5;

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
    let mut data = evidence.bodies::<AdvisoryDatabase>().filter_map(Result::ok);
    data.find(|data| data.ecosystem == REGISTRY).map_or(Yanked::None, |data| data.yanked)
}

/// The kind of the advisory data.
pub const DATABASE: Kind =
    Kind::of_body::<AdvisoryDatabase>("The advisory data that was used of an ecosystem, and how old it is.")
        .resting_on(&[
            Rests::all(InputId::Advisories),
            Rests::members(InputId::RegistryIndex, &["body/yanked"]),
            Rests::members(InputId::CrateSources, &[]),
            Rests::members(InputId::Resolver, &[]),
        ])
        .on_day(grow_old);

/// Data has its age on the day.
fn grow_old(body: &mut Map<String, Value>, today: Date) {
    if let Some(date) = day_in(body, "date") {
        body.insert("ageDays".to_owned(), (today - date).get_days().into());
    }
}

/// An ecosystem of which packages are in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InUse {
    /// Which.
    pub ecosystem: &'static Ecosystem,
    /// Are packages of it given to users, or can that not be ruled out?
    pub ships: bool,
}

/// The ecosystems of which packages are in the tree that the public registry has, or that have the name and version of one that it
/// may have; by name. Where there is none that ships it is that of crates.io besides, so that there is always something that
/// says how old the data is.
pub fn in_use(found: &[FoundEcosystem], components: &[Component]) -> Vec<InUse> {
    let mut all: BTreeMap<&str, InUse> = BTreeMap::new();
    // What ships and asks for nothing may have a flaw of its own.
    for one in found.iter().filter(|one| one.read && matches!(one.class.as_str(), "shipped" | "vendored")) {
        if let Some(ecosystem) = one.registry.as_deref().and_then(Ecosystem::of) {
            all.insert(ecosystem.name, InUse { ecosystem, ships: true });
        }
    }
    for component in components.iter().filter(|component| !component.version.is_empty()) {
        let ships = component.is_carried();
        let registry = published_in(component).or_else(|| public_registry(component).filter(|_| ships));
        let Some(ecosystem) = registry.and_then(Ecosystem::of) else { continue };
        all.entry(ecosystem.name).or_insert(InUse { ecosystem, ships }).ships |= ships;
    }
    if !all.values().any(|one| one.ships)
        && let Some(ecosystem) = Ecosystem::of(REGISTRY)
    {
        all.insert(ecosystem.name, InUse { ecosystem, ships: true });
    }
    all.into_values().collect()
}

/// What evidence names of the data: each part that was used. Date and what it lacks are those of what ships.
pub fn input_of(database: &Database, in_use: &[InUse]) -> Result<Input, String> {
    let names =
        |ships: bool| in_use.iter().filter(move |one| one.ships || !ships).map(|one| one.ecosystem).collect::<Vec<_>>();
    let all = database.input(&names(false)).map_err(|error| error.to_string())?;
    let shipped = database.input(&names(true)).map_err(|error| error.to_string())?;
    Ok(Input { date: shipped.date, lacks: shipped.lacks, ..all })
}

/// What the data is, and what keeps it from proving that something is not known: this is decided here alone. A kind with a
/// gap decides no "none".
pub fn database(
    advisories: Result<&Database, &str>,
    packages: &[Package],
    in_use: &[InUse],
    yanked: Yanked,
    today: Date,
) -> Gathered {
    let unavailable = |reason: &str| Gathered::unavailable(&DATABASE, "advisory databases", reason);
    let database = match advisories {
        Ok(database) => database,
        Err(reason) => return unavailable(reason),
    };
    let understated = match understated(database, packages, today) {
        Ok(understated) => understated,
        Err(error) => return unavailable(&error.to_string()),
    };
    let mut gathered = Gathered::searched(&DATABASE, "advisory databases", in_use.len() as u64);
    for one in in_use {
        let less = understated.get(one.ecosystem.name).into_iter().flatten().cloned().collect::<Vec<_>>();
        let data = match database.data_of(one.ecosystem) {
            Ok(data) => data,
            Err(error) => return unavailable(&error.to_string()),
        };
        let yanked = if one.ecosystem.name == REGISTRY { yanked } else { Yanked::None };
        say(&mut gathered, *one, data.as_ref(), &less, today);
        if let Some(data) = data {
            push(&mut gathered, *one, &data, yanked, today);
        }
    }
    if let Some(first) = database.gaps().next() {
        let count = plural(database.gaps().count(), "advisory", "advisories");
        gathered.gap(format!("{count} could not be read, first {first}"));
    }
    if database.is_given() {
        gathered.limitation(
            "Date and revision are what the data that was given says of itself; an auditor compares it with their own.",
        );
    }
    for one in in_use {
        let compilers = match one.ecosystem.name {
            REGISTRY => of_the_toolchain(database),
            "Go" => {
                "Advisories about Go's standard library and its tools are not compared: no file says which toolchain \
                     builds the product."
                    .to_owned()
            }
            _ => continue,
        };
        gathered.limitation(compilers);
    }
    gathered
}

/// Says what keeps the data of an ecosystem from proving anything; of one that does not ship that is no gap.
fn say(gathered: &mut Gathered, one: InUse, data: Option<&DataOf>, less: &[String], today: Date) {
    let name = one.ecosystem.name;
    let mut wrong = Vec::new();
    match data {
        None if one.ecosystem.least() == 0 => {
            wrong.push(format!("no database that this version reads has advisories about packages of {name}"));
        }
        None => wrong.push(format!(
            "there is no advisory data about packages of {name}: fetch it (`plimsoll db update`) and give it with --advisories"
        )),
        Some(data) => {
            if !data.lacks.is_empty() {
                wrong.push(format!(
                    "the advisory data that was given lacks {} of {name} that this version of Plimsoll has built in ({}): give all \
                     of it",
                    plural(data.lacks.len(), "advisory", "advisories"),
                    few(&data.lacks)
                ));
            }
            if data.is_part() {
                wrong.push(format!(
                    "the advisory data about packages of {name} is a part of what is published: {}, and there are more than {}; \
                     fetch all of it (`plimsoll db update`) and give it with --advisories",
                    plural(usize::try_from(data.advisories).unwrap_or(usize::MAX), "advisory", "advisories"),
                    one.ecosystem.least()
                ));
            }
            if let Some(date) = data.date.filter(|date| data.given && *date > today) {
                wrong.push(format!(
                    "the advisory data of {name} that was given is dated {date}, which is after {today}: a date that is to come \
                     proves nothing"
                ));
            }
            if !data.withdrawn.is_empty() {
                gathered.limitation(format!(
                    "The data of {name} that was given says that {} withdrawn which count by what is built in ({}).",
                    plural(data.withdrawn.len(), "advisory is", "advisories are"),
                    few(&data.withdrawn)
                ));
            }
        }
    }
    if !less.is_empty() {
        wrong.push(format!(
            "the advisory data that was given says less than what this version of Plimsoll has built in says of {}",
            few(less)
        ));
    }
    for reason in wrong {
        if one.ships {
            gathered.gap(reason);
        } else {
            let mut letters = reason.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            gathered.limitation(format!("{} (nothing of it ships).", first.chain(letters).collect::<String>()));
        }
    }
}

fn of_the_toolchain(database: &Database) -> String {
    match database.of_the_toolchain() {
        0 => "Advisories about Rust's standard library and its tools are not part of the data.".to_owned(),
        count => format!(
            "{} about Rust's standard library and its tools {} not compared: no lockfile says which toolchain builds the product.",
            plural(usize::try_from(count).unwrap_or(usize::MAX), "advisory", "advisories"),
            if count == 1 { "is" } else { "are" }
        ),
    }
}

fn few(ids: &[String]) -> String {
    let shown = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if ids.len() > NAMED { format!("{shown}, ...") } else { shown }
}

fn push(gathered: &mut Gathered, one: InUse, data: &DataOf, yanked: Yanked, today: Date) {
    let fact = AdvisoryDatabase {
        ecosystem: one.ecosystem.name.to_owned(),
        ships: one.ships,
        origin: if data.given { "given" } else { "built-in" }.to_owned(),
        source: data.source.clone(),
        revision: data.revision.clone(),
        date: data.date,
        age_days: data.date.map(|date| i64::from((today - date).get_days())),
        count: Some(data.advisories),
        part: data.is_part(),
        lacks: data.lacks.len(),
        lacks_first: data.lacks.iter().take(NAMED).cloned().collect(),
        yanked,
        extra: Extra::new(),
    };
    let named = data.revision.clone().unwrap_or_else(|| data.sha256.clone());
    let pointers = vec![Pointer::advisory(named.clone())];
    let subject = Subject::advisory_data(format!("{}@{named}", one.ecosystem.name));
    gathered.push(subject, Assurance::Observed, &fact, pointers);
}
