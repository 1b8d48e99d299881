//! How long known vulnerabilities stayed in the project's own lockfiles after they were made known.
//!
//! The main line of the history (first parents) is walked from its oldest commit on. What each version of a lockfile locks is held
//! against the advisory data of today, as far as the last three years go. When a version came and went is what commits say, which anybody may write.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use plimsoll_advisories::{Database, Match, Package, Verdict, match_packages};
use plimsoll_components::{Options, PathClass, Resolver, Role, SourceFile, Survey, role};
use plimsoll_model::{
    Assurance, InputId, Kind, Pointer, Rests, Subject,
    body::{AdvisoryKind, Severity},
    plural,
};
use plimsoll_snapshot::{FileVersion, History};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::history;
use crate::{Collector, Context, Gathered, Need, collector::day_in, locked_package::published_packages};

/// Commits of the main line that are looked at.
const MOST_COMMITS: usize = 20_000;
/// Versions of one lockfile that are read, the newest ones.
const MOST_VERSIONS: usize = 1000;
/// Days before as-of that are looked at: what took how long before says little of today.
const DAYS: i32 = 3 * 365;
/// Lockfiles that are followed.
const MOST_LOCKFILES: usize = 20;
/// Vulnerabilities that become facts.
const MOST_FACTS: usize = 200;
const SEARCHED: &str = "versions of lockfiles";

/// A vulnerability that a lockfile had after it was made known.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ResponseFact {
    /// The id that stands for the flaw.
    vulnerability: String,
    /// The package, as its ecosystem names it.
    package: String,
    /// The ecosystem.
    ecosystem: String,
    /// The worst rating: `none`, `low`, `medium`, `high`, `critical`, `unknown`.
    severity: Severity,
    /// The lockfile.
    lockfile: String,
    /// The day on which it was made known.
    published: Date,
    /// The first day on which it was known and locked.
    since: Date,
    /// Was it locked already when the part of the history begins that was read?
    at_least: bool,
    /// The day of the commit with which it was no longer locked; absent where it still is.
    until: Option<Date>,
    /// Days from `since` to `until`, or to as-of.
    #[schemars(range(min = 0))]
    days_open: i64,
}

/// What was followed.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct TotalsFact {
    /// Lockfiles.
    lockfiles: usize,
    /// Commits of the main line.
    commits: usize,
    /// Versions that were read.
    versions: usize,
    /// The first day that is looked at.
    from: Date,
    /// Vulnerabilities that were known and locked at the same time, once for each lockfile and package.
    exposures: usize,
    /// Of these, how many still are.
    open: usize,
}

const RESTS: &[Rests] = &[Rests::all(InputId::Advisories), Rests::all(InputId::References)];
const RESPONSE: Kind = Kind::of::<ResponseFact>(
    "advisory-response",
    "A vulnerability that a lockfile of the project had after it was made known, and for how long.",
)
.resting_on(RESTS)
.on_day(on_day)
.once_for(&["vulnerability", "ecosystem", "package", "lockfile"])
.settled(later_advisories);
const TOTALS: Kind =
    Kind::of::<TotalsFact>("advisory-response-totals", "How much of the history of lockfiles was followed.")
        .resting_on(RESTS)
        .once()
        .with_parts(&[("exposures", &["open"])]);

/// What is still locked has been so for longer.
fn on_day(body: &mut Map<String, Value>, today: Date) {
    if body.get("until").is_some_and(Value::is_null)
        && let Some(since) = day_in(body, "since")
    {
        body.insert("daysOpen".to_owned(), json!(i64::from((today - since).get_days()).max(0)));
    }
}

fn later_advisories(evidence: &plimsoll_model::Evidence) -> Option<&'static str> {
    evidence
        .facts_of(TOTALS.name)
        .next()
        .map(|_| "How fast vulnerabilities were fixed: by the advisory data of the day of the evidence alone.")
}

/// Lockfiles over time against advisories.
pub struct Responses;

impl Collector for Responses {
    fn name(&self) -> &'static str {
        "responses"
    }

    fn about(&self) -> &'static str {
        "How long known vulnerabilities stayed in the project's lockfiles; followed with --history alone."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[RESPONSE, TOTALS] }
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::History, Need::Inventory, Need::Advisories]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        // Each version of a lockfile is read as the lockfile itself is: of a long history that takes as long as the rest of a label.
        let followed = match (cx.history, cx.advisories) {
            _ if !cx.every_version => Err("the history of lockfiles was not followed (--history)".to_owned()),
            (Ok(history), Ok(database)) => follow(cx, history, database),
            (Err(reason), _) => Err(reason.clone()),
            (_, Err(reason)) => Err(reason.to_owned()),
        };
        let followed = match followed {
            Ok(followed) => followed,
            Err(reason) => {
                let kinds = self.states().iter();
                return kinds.map(|kind| Gathered::unavailable(kind, SEARCHED, reason.clone())).collect();
            }
        };
        let versions = followed.totals.versions as u64;
        let mut responses = Gathered::searched(&RESPONSE, SEARCHED, versions);
        let mut totals = Gathered::searched(&TOTALS, SEARCHED, versions);
        for gap in followed.gaps {
            responses.gap(gap.clone());
            totals.gap(gap);
        }
        responses.limitation(
            "Days are those of commits, which anyone can write; a lockfile is looked at as a whole, also what is for tests; \
             lockfiles that are no longer there are not followed.",
        );
        let head = cx.snapshot.commit();
        for (fact, commit) in followed.facts.into_iter().take(MOST_FACTS) {
            let pointers =
                vec![Pointer::advisory(&fact.vulnerability), Pointer::commit(commit.as_ref().unwrap_or(&head))];
            responses.push(Subject::path(&fact.lockfile), Assurance::Observed, &fact, pointers);
        }
        if followed.totals.exposures > MOST_FACTS {
            responses.gap(format!("only {MOST_FACTS} of {} vulnerabilities are named", followed.totals.exposures));
        }
        totals.push(Subject::commit(&head), Assurance::Observed, &followed.totals, vec![Pointer::commit(&head)]);
        vec![responses, totals]
    }
}

struct Followed {
    /// With the commit that took the vulnerability away.
    facts: Vec<(ResponseFact, Option<String>)>,
    totals: TotalsFact,
    gaps: Vec<String>,
}

/// A commit of the main line: its place, and its day.
type Moment = (usize, Date);

/// What a lockfile was over time, the oldest first: the commit with which each version came; nothing where it was not there.
struct Timeline {
    path: String,
    class: String,
    states: Vec<(Moment, Option<String>)>,
    /// Was it there before the first of these?
    goes_further: bool,
}

fn follow(cx: &Context<'_>, history: &History, database: &Database) -> Result<Followed, String> {
    let mut gaps = history::gaps(history);
    let (line, whole) = main_line(history, &cx.snapshot.commit(), cx.today());
    let all: Vec<(&str, &str)> =
        cx.inventory.lockfiles.iter().map(|one| (one.path.as_str(), one.class.as_str())).collect();
    let shipped = PathClass::Shipped.as_str();
    let mut lockfiles: Vec<(&str, &str)> =
        all.into_iter().filter(|(path, class)| *class == shipped && role(path) == Some(Role::Lockfile)).collect();
    lockfiles.sort_unstable();
    lockfiles.dedup();
    if lockfiles.len() > MOST_LOCKFILES {
        gaps.push(format!("only {MOST_LOCKFILES} of {} lockfiles are followed", lockfiles.len()));
        lockfiles.truncate(MOST_LOCKFILES);
    }
    let from = cx.today().checked_sub(DAYS.days()).unwrap_or_else(|_| cx.today());
    let mut timelines = Vec::new();
    for (path, class) in lockfiles {
        let (timeline, gap) = timeline(cx, history, (&line, whole, from), (path, class))?;
        gaps.extend(gap);
        timelines.push(timeline);
    }
    // Each content is read once, whatever the number of commits that have it.
    let wanted: BTreeSet<(&str, &str, &str)> = timelines
        .iter()
        .flat_map(|one| one.states.iter().map(move |(_, id)| (one.path.as_str(), one.class.as_str(), id.as_deref())))
        .filter_map(|(path, class, id)| Some((path, class, id?)))
        .collect();
    let read: Vec<_> =
        wanted.into_par_iter().map(|(path, class, id)| ((path, id), packages(cx, path, class, id))).collect();
    let versions = read.len();
    let mut locked: HashMap<(&str, &str), BTreeSet<Package>> = HashMap::new();
    for ((path, id), packages) in read {
        match packages {
            Ok(packages) => {
                locked.insert((path, id), packages.into_iter().collect());
            }
            Err(reason) => gaps.push(format!("a version of {path} cannot be read: {reason}")),
        }
    }
    let every: BTreeSet<&Package> = locked.values().flatten().collect();
    let every: Vec<Package> = every.into_iter().cloned().collect();
    let matches = match_packages(database, &every, cx.today()).map_err(|error| error.to_string())?;
    let flaws = flaws(&matches, &mut gaps);
    let mut facts: Vec<(ResponseFact, Option<String>)> = timelines
        .iter()
        .flat_map(|timeline| exposures(timeline, &locked, &flaws, cx.today()))
        .map(|(fact, place)| (fact, place.and_then(|place| Some(history.commits.get(place)?.id()))))
        .collect();
    // The longest first: they are named where not all are.
    facts.sort_by(|(one, _), (other, _)| {
        let key = |fact: &ResponseFact| (fact.lockfile.clone(), fact.vulnerability.clone(), fact.package.clone());
        other.days_open.cmp(&one.days_open).then_with(|| key(one).cmp(&key(other)))
    });
    let open = facts.iter().filter(|(fact, _)| fact.until.is_none()).count();
    let totals =
        TotalsFact { lockfiles: timelines.len(), commits: line.len(), versions, from, exposures: facts.len(), open };
    Ok(Followed { facts, totals, gaps })
}

/// The commits that first parents lead to, the oldest first, each with its day, and whether their line is whole.
///
/// A commit that is dated before its parent, or after as-of, is given the day of its neighbour: time does not run back.
fn main_line(history: &History, head: &str, today: Date) -> (Vec<Moment>, bool) {
    let commits = &history.commits;
    let mut places = Vec::new();
    let mut next = commits.place(head);
    let mut whole = true;
    while let Some(place) = next {
        if places.len() >= MOST_COMMITS {
            whole = false;
            break;
        }
        places.push(place);
        next = commits.parents(place).next().flatten();
    }
    places.reverse();
    let mut latest = None;
    let line = places.into_iter().filter_map(|place| {
        let own = commits.get(place)?.committed().and_then(|seconds| Timestamp::from_second(seconds).ok());
        let own = own.map(|time| time.to_zoned(TimeZone::UTC).date());
        let day = own.into_iter().chain(latest).max().unwrap_or(today).min(today);
        latest = Some(day);
        Some((place, day))
    });
    (line.collect(), whole)
}

fn timeline(
    cx: &Context<'_>,
    history: &History,
    (line, whole, from): (&[Moment], bool, Date),
    (path, class): (&str, &str),
) -> Result<(Timeline, Option<String>), String> {
    let ids = line.iter().map(|(place, _)| history.commits.id_of(*place));
    let versions = cx.snapshot.versions_of(path, ids).map_err(|error| error.to_string())?;
    let mut states: Vec<(Moment, Option<String>)> = Vec::new();
    let mut unreadable = 0_usize;
    for (moment, version) in line.iter().zip(versions) {
        let id = match version {
            FileVersion::Content(id) => Some(id),
            FileVersion::Absent => None,
            FileVersion::Unreadable => {
                unreadable += 1;
                continue;
            }
        };
        if states.last().is_none_or(|(_, last)| *last != id) {
            states.push((*moment, id));
        }
    }
    // The version with which those days begin came before them.
    let before = states.iter().rposition(|((_, day), _)| *day < from).unwrap_or(0);
    let more = before.max(states.len().saturating_sub(MOST_VERSIONS));
    states.drain(..more);
    let gap = (unreadable > 0)
        .then(|| format!("what {path} was in {} cannot be read", plural(unreadable, "commit", "commits")));
    let goes_further = (more > 0 || !whole) && states.first().is_some_and(|(_, id)| id.is_some());
    Ok((Timeline { path: path.to_owned(), class: class.to_owned(), states, goes_further }, gap))
}

/// The packages that a version of a lockfile locks, as advisories know them.
fn packages(cx: &Context<'_>, path: &str, class: &str, id: &str) -> Result<Vec<Package>, String> {
    let options = Options { resolver: Resolver::Lockfile, ..Options::default() };
    let limit = options.limits.lockfile_bytes as u64;
    let bytes = cx.snapshot.read_content(id, limit).map_err(|error| error.to_string())?;
    // Without its manifest, which says nothing of what is locked. Where it lies says what it is.
    let file = SourceFile { path: path.to_owned(), blob: id.to_owned(), bytes, class: class.to_owned() };
    let inventory = plimsoll_components::inventory(&[file], &Survey::default(), &options);
    if inventory.lockfiles.is_empty() {
        return Err("it is no lockfile that can be read alone".to_owned());
    }
    Ok(inventory.components.iter().filter(|one| !one.own).flat_map(published_packages).collect())
}

/// A flaw of a package in one version.
#[derive(Clone)]
struct Flaw {
    id: String,
    published: Date,
    severity: Severity,
}

/// The vulnerabilities of each package. Of several advisories about one flaw the first that was published counts, and the worst
/// rating.
fn flaws<'m>(matches: &'m [Match], gaps: &mut Vec<String>) -> BTreeMap<&'m Package, Vec<Flaw>> {
    let (mut flaws, mut dateless, mut uncomparable): (BTreeMap<&Package, Vec<Flaw>>, _, _) =
        (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
    for one in matches.iter().filter(|one| one.advisory.kind == AdvisoryKind::Vulnerability) {
        if one.verdict != Verdict::Affected {
            uncomparable.insert(one.package.name.as_str());
            continue;
        }
        let day = one.advisory.published.as_deref().and_then(|text| text.get(..10)?.parse::<Date>().ok());
        let Some(published) = day else {
            dateless.insert(one.advisory.id.as_str());
            continue;
        };
        let known = flaws.entry(&one.package).or_default();
        match known.iter_mut().find(|known| known.id == one.flaw) {
            Some(known) => {
                known.published = known.published.min(published);
                known.severity = known.severity.max(one.advisory.severity);
            }
            None => known.push(Flaw { id: one.flaw.clone(), published, severity: one.advisory.severity }),
        }
    }
    if let Some(first) = uncomparable.first() {
        gaps.push(format!("versions of {first} that were locked cannot be compared"));
    }
    if let Some(first) = dateless.first() {
        gaps.push(format!("{first} does not say when it was published"));
    }
    flaws
}

/// What a lockfile had that was known, by flaw and package, each once: where it came again the longest time counts.
fn exposures(
    timeline: &Timeline,
    locked: &HashMap<(&str, &str), BTreeSet<Package>>,
    flaws: &BTreeMap<&Package, Vec<Flaw>>,
    today: Date,
) -> Vec<(ResponseFact, Option<usize>)> {
    type Key<'a> = (&'a str, &'a str, &'a str);
    let mut running: BTreeMap<Key<'_>, (Flaw, Date, bool)> = BTreeMap::new();
    let mut done: BTreeMap<Key<'_>, (ResponseFact, Option<usize>)> = BTreeMap::new();
    let end = |key: Key<'_>, (flaw, entered, at_least): (Flaw, Date, bool), until: Option<Moment>| {
        let last = until.map_or(today, |(_, day)| day);
        let since = flaw.published.max(entered);
        // What was gone before it was known was never known and locked.
        if last < flaw.published || flaw.published > today {
            return None;
        }
        let fact = ResponseFact {
            vulnerability: flaw.id,
            package: key.2.to_owned(),
            ecosystem: key.1.to_owned(),
            severity: flaw.severity,
            lockfile: timeline.path.clone(),
            published: flaw.published,
            since,
            at_least: at_least && flaw.published < entered,
            until: until.map(|(_, day)| day),
            days_open: i64::from((last - since).get_days()).max(0),
        };
        Some((fact, until.map(|(place, _)| place)))
    };
    let mut keep = |key, one: Option<(ResponseFact, Option<usize>)>| {
        let Some(one) = one else { return };
        // What is still there counts before what is gone, and then what took longer.
        let weight = |fact: &ResponseFact| (fact.until.is_none(), fact.days_open);
        match done.entry(key) {
            std::collections::btree_map::Entry::Occupied(mut known) => {
                if weight(&one.0) > weight(&known.get().0) {
                    known.insert(one);
                }
            }
            std::collections::btree_map::Entry::Vacant(place) => {
                place.insert(one);
            }
        }
    };
    for (at, (moment, id)) in timeline.states.iter().enumerate() {
        let packages = match id {
            None => None,
            Some(id) => match locked.get(&(timeline.path.as_str(), id.as_str())) {
                Some(packages) => Some(packages),
                // A version that cannot be read is a gap, and changes nothing here.
                None => continue,
            },
        };
        let mut now: BTreeMap<Key<'_>, &Flaw> = BTreeMap::new();
        for package in packages.into_iter().flatten() {
            let Some((package, own)) = flaws.get_key_value(package) else { continue };
            for flaw in own {
                let key: Key<'_> = (&flaw.id, package.ecosystem.name, &package.name);
                let known = now.entry(key).or_insert(flaw);
                if flaw.published < known.published {
                    *known = flaw;
                }
            }
        }
        let gone: Vec<Key<'_>> = running.keys().filter(|key| !now.contains_key(*key)).copied().collect();
        for key in gone {
            if let Some(own) = running.remove(&key) {
                keep(key, end(key, own, Some(*moment)));
            }
        }
        for (key, flaw) in now {
            running.entry(key).or_insert_with(|| (flaw.clone(), moment.1, at == 0 && timeline.goes_further));
        }
    }
    for (key, own) in running {
        keep(key, end(key, own, None));
    }
    done.into_values().collect()
}
