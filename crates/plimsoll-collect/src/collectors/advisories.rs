//! Which known holes, unmaintained and unsound packages are locked in, how far they reach, and what the maker says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use plimsoll_advisories::{
    AdvisoryKind, Database, LockedPackage, Match, Severity, YankedReport, match_packages, path_to,
};
use plimsoll_components::{Component, Reach};
use plimsoll_model::{Assurance, Kind, Pointer, Subject};
use schemars::JsonSchema;
use serde::Serialize;

use super::exceptions::{self, Exceptions};
use crate::{Collector, Context, Gathered, Need};

/// The advisory data that was used.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DatabaseFact {
    /// `embedded snapshot`, `packed snapshot`, `RustSec checkout`.
    source: String,
    /// Its revision.
    revision: Option<String>,
    /// Its date.
    date: Option<Date>,
    /// Days from that date to as-of; negative when the data is newer.
    age_days: Option<i64>,
    /// How many advisories.
    count: Option<u64>,
}

/// An advisory that holds for a locked package.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingFact {
    /// RustSec id; `yanked:NAME@VERSION` for a version that was taken back.
    pub advisory: String,
    /// Ids in other databases.
    pub aliases: Vec<String>,
    /// The package.
    pub package: String,
    /// Its locked version.
    pub version: String,
    /// Its package URL.
    pub purl: String,
    /// What the advisory is about.
    pub kind: AdvisoryKind,
    /// How severe it is.
    pub severity: Severity,
    /// CVSS vector.
    pub cvss: Option<String>,
    /// Versions that are free of it.
    pub patched: Vec<String>,
    /// Functions of this version that have it.
    pub affected_functions: Vec<String>,
    /// Processor architectures it is limited to.
    pub arch: Vec<String>,
    /// Operating systems it is limited to.
    pub os: Vec<String>,
    /// The day on which it was made known; `null` for a version that was taken back.
    pub published: Option<String>,
    /// How far the package reaches.
    pub reach: Reach,
    /// Class of what leads to it.
    pub class: String,
    /// The lockfile.
    pub lockfile: Option<String>,
    /// Package URLs from a workspace member to it.
    pub path: Vec<String>,
    /// What the maker says about it.
    pub exceptions: Vec<ExceptionOnFinding>,
    /// Is there an exception that counts: with a reason and an end date that lies neither behind nor more than a year ahead?
    pub handled: bool,
}

/// An exception beside a finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionOnFinding {
    /// The file that states it.
    pub file: String,
    /// The reason given.
    pub reason: String,
    /// The last day on which it counts.
    pub until: Option<Date>,
    /// Does it count?
    pub valid: bool,
}

/// An exception that the maker states.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ExceptionFact {
    /// The file.
    file: String,
    /// The tool that the file is for.
    tool: String,
    /// The advisory, as written.
    advisory: String,
    /// The reason given.
    reason: String,
    /// The last day on which it counts.
    until: Option<Date>,
    /// Does it count?
    valid: bool,
    /// What keeps it from counting.
    problem: Option<String>,
    /// Is there a finding that it is about?
    matches: bool,
}

pub(crate) const DATABASE: Kind =
    Kind::of::<DatabaseFact>("advisory-database", "The advisory data that was used, and how old it is.");
pub(crate) const FINDING: Kind =
    Kind::of::<FindingFact>("advisory-finding", "An advisory that holds for a locked package.");
const EXCEPTION: Kind =
    Kind::of::<ExceptionFact>("advisory-exception", "The maker's word that an advisory does not matter here.");

/// Advisories against components.
pub struct Advisories;

impl Collector for Advisories {
    fn name(&self) -> &'static str {
        "advisories"
    }

    fn about(&self) -> &'static str {
        "Known vulnerabilities, unmaintained and unsound packages among the locked components."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[DATABASE, FINDING, EXCEPTION] }
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Inventory, Need::Advisories]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let exceptions = exceptions::read(cx.snapshot, cx.claims);
        let found = match cx.advisories {
            Ok(database) => findings(database, cx.index, &cx.inventory.components, &exceptions, cx.today()),
            Err(reason) => Err(reason.clone()),
        };
        let known = found.as_deref().unwrap_or_default();
        let database = database(cx.advisories.as_ref().map_err(String::as_str), cx.today());
        vec![database, finding_kind(cx, &found), exception_kind(&exceptions, known, cx.today())]
    }
}

pub(crate) fn database(advisories: Result<&Database, &str>, today: Date) -> Gathered {
    let database = match advisories {
        Ok(database) => database,
        Err(reason) => return Gathered::unavailable(&DATABASE, "advisory databases", reason),
    };
    let input = database.input();
    let mut gathered = Gathered::searched(&DATABASE, "advisory databases", 1);
    let fact = DatabaseFact {
        source: input.source.clone(),
        revision: input.revision.clone(),
        date: input.date,
        age_days: input.date.map(|date| i64::from((today - date).get_days())),
        count: input.count,
    };
    let pointers = vec![Pointer::advisory(input.revision.clone().unwrap_or_else(|| input.source.clone()))];
    gathered.push(crate::run::advisory_subject(&input), Assurance::Observed, &fact, pointers);
    gathered
}

fn finding_kind(cx: &Context<'_>, found: &Result<Vec<FindingFact>, String>) -> Gathered {
    let what = "lockfiles";
    let inventory = cx.inventory;
    let found = match found {
        Ok(found) => found,
        Err(reason) => return Gathered::unavailable(&FINDING, what, reason.clone()),
    };
    if inventory.lockfiles.is_empty() && !inventory.ecosystems.is_empty() {
        let names = inventory.ecosystems.iter().map(|ecosystem| ecosystem.name.as_str()).collect::<Vec<_>>().join(", ");
        return Gathered::unavailable(&FINDING, what, format!("no lockfile that can be matched (ecosystems: {names})"));
    }
    let mut gathered = Gathered::searched(&FINDING, what, inventory.lockfiles.len() as u64);
    inventory.gaps.iter().for_each(|gap| gathered.gap(gap.reason.clone()));
    if let Some(gap) = cx.snapshot.tree_gap() {
        gathered.gap(gap);
    }
    if let Ok(database) = cx.advisories
        && let Some(first) = database.gaps().first()
    {
        gathered.gap(format!("{} advisories could not be read, first {first}", database.gaps().len()));
    }
    let elsewhere: BTreeSet<&str> = inventory
        .components
        .iter()
        .filter(|component| !component.own && !component.from_crates_io())
        .map(|component| component.name.as_str())
        .collect();
    if !elsewhere.is_empty() {
        let names = elsewhere.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        gathered.limitation(format!(
            "{} packages are not from crates.io and match no advisory whatever they hold ({names}{}).",
            elsewhere.len(),
            if elsewhere.len() > 5 { ", ..." } else { "" }
        ));
    }
    let places = inventory.components.iter().map(|component| component.place.as_str()).collect::<BTreeSet<_>>();
    if let Some(told) = cx.classes.told(places.into_iter()) {
        gathered.limitation(told);
    }
    match cx.advisories.as_ref().map(|database| spoken_of(database, &inventory.components)) {
        Ok(Ok(spoken)) => spoken.into_iter().for_each(|gap| gathered.gap(gap)),
        Ok(Err(reason)) => gathered.gap(reason),
        Err(_) => {}
    }
    match cx.index {
        None => gathered.limitation("Yanked versions are told by the registry's index, which was not given (--index)."),
        Some(report) => {
            report.gaps.iter().for_each(|gap| gathered.gap(format!("registry index: {gap}")));
            if report.unlisted > 0 {
                gathered.limitation(format!(
                    "{} of {} packages are not in the registry's index that was given; whether they were yanked is not known.",
                    report.unlisted, report.asked
                ));
            }
        }
    }
    for finding in found {
        let lockfile = inventory.lockfiles.iter().find(|one| Some(&one.path) == finding.lockfile.as_ref());
        push_finding(&mut gathered, finding, lockfile.map(|one| one.blob.clone()).filter(|blob| !blob.is_empty()));
    }
    gathered
}

/// Adds a finding; `blob` is that of its lockfile.
pub(crate) fn push_finding(gathered: &mut Gathered, finding: &FindingFact, blob: Option<String>) {
    let mut pointers = vec![Pointer::advisory(&finding.advisory)];
    if let Some(lockfile) = &finding.lockfile {
        pointers.push(Pointer { path: Some(lockfile.clone()), blob, ..Pointer::default() });
    }
    gathered.push(Subject::component(&finding.purl), Assurance::Verified, finding, pointers);
}

/// What ships under the name and version of a crates.io package that has a known vulnerability, without being that package:
/// a copy, a fork, or the very source of it. Whether it has the vulnerability cannot be told by its version, and to say
/// that none is known would be wrong.
pub(crate) fn spoken_of(database: &Database, components: &[Component]) -> Result<BTreeSet<String>, String> {
    let elsewhere = components.iter().filter(|component| component.ships() && !component.from_crates_io());
    let packages: Vec<LockedPackage> =
        elsewhere.filter_map(locked).map(|package| LockedPackage { default_registry: true, ..package }).collect();
    let matches = match_packages(database, &packages).map_err(|error| error.to_string())?;
    let matches = matches.iter().filter(|one| one.kind() == AdvisoryKind::Vulnerability);
    Ok(matches
        .map(|one| {
            let LockedPackage { name, version, .. } = &one.package;
            format!(
                "{} speaks of {name} {version}, and what is here under that name and version is not from crates.io",
                one.record.id
            )
        })
        .collect())
}

pub(crate) fn exception_kind(exceptions: &Exceptions, found: &[FindingFact], today: Date) -> Gathered {
    let mut gathered = Gathered::searched(&EXCEPTION, "ignore files", exceptions.files);
    exceptions.gaps.iter().for_each(|gap| gathered.gap(gap.clone()));
    for (stated, pointer) in &exceptions.stated {
        let problem = stated.problem(today);
        let fact = ExceptionFact {
            file: stated.file.clone(),
            tool: stated.tool.clone(),
            advisory: stated.advisory.clone(),
            reason: stated.reason.clone(),
            until: stated.until,
            valid: problem.is_none(),
            problem,
            matches: found.iter().any(|finding| is_about(&stated.advisory, finding)),
        };
        gathered.push(Subject::path(&stated.file), Assurance::Declared, &fact, vec![pointer.clone()]);
    }
    gathered
}

fn is_about(advisory: &str, finding: &FindingFact) -> bool {
    std::iter::once(&finding.advisory).chain(&finding.aliases).any(|id| id.eq_ignore_ascii_case(advisory))
}

/// A component as advisories and the registry's index know it; nothing where its version cannot be compared.
pub(crate) fn locked(component: &Component) -> Option<LockedPackage> {
    let version = component.version.parse().ok()?;
    Some(LockedPackage { name: component.name.clone(), version, default_registry: component.from_crates_io() })
}

/// What each component of one lockfile depends on, and the members, by package URL.
type Graph = (BTreeMap<String, Vec<String>>, Vec<String>);

/// Gives every finding, sorted by advisory, package, version and lockfile.
pub(crate) fn findings(
    database: &Database,
    index: Option<&YankedReport>,
    components: &[Component],
    exceptions: &Exceptions,
    today: Date,
) -> Result<Vec<FindingFact>, String> {
    let mut packages: BTreeMap<LockedPackage, Vec<&Component>> = BTreeMap::new();
    for component in components.iter().filter(|component| !component.member) {
        let package = locked(component)
            .ok_or_else(|| format!("{} {} has a version that cannot be compared", component.name, component.version))?;
        packages.entry(package).or_default().push(component);
    }
    let list: Vec<LockedPackage> = packages.keys().cloned().collect();
    let matches = match_packages(database, &list).map_err(|error| error.to_string())?;
    let told = matches.iter().map(|one| (&one.package, About::of(one)));
    let told =
        told.chain(index.iter().flat_map(|report| &report.yanked).map(|package| (package, About::yanked(package))));
    // The graph of a lockfile is built only where there is something to find the way to.
    let mut graphs: BTreeMap<Option<&str>, Graph> = BTreeMap::new();
    let mut found = Vec::new();
    for (package, about) in told {
        for component in packages.get(package).into_iter().flatten() {
            let lockfile = component.lockfile.as_deref();
            let (edges, roots) = graphs.entry(lockfile).or_insert_with(|| {
                let own = components.iter().filter(|other| other.lockfile.as_deref() == lockfile);
                let edges = own.clone().map(|other| (other.purl.clone(), other.depends_on.clone())).collect();
                (edges, own.filter(|other| other.member).map(|member| member.purl.clone()).collect())
            });
            let mut finding = FindingFact {
                advisory: about.advisory.clone(),
                aliases: about.aliases.clone(),
                package: component.name.clone(),
                version: component.version.clone(),
                purl: component.purl.clone(),
                kind: about.kind,
                severity: about.severity,
                cvss: about.cvss.clone(),
                patched: about.patched.clone(),
                affected_functions: about.affected_functions.clone(),
                arch: about.arch.clone(),
                os: about.os.clone(),
                published: about.published.clone(),
                reach: component.reach,
                class: component.class.clone(),
                lockfile: component.lockfile.clone(),
                path: path_to(edges, roots, &component.purl),
                exceptions: Vec::new(),
                handled: false,
            };
            finding.exceptions = exceptions
                .stated
                .iter()
                .filter(|(stated, _)| is_about(&stated.advisory, &finding))
                .map(|(stated, _)| ExceptionOnFinding {
                    file: stated.file.clone(),
                    reason: stated.reason.clone(),
                    until: stated.until,
                    valid: stated.problem(today).is_none(),
                })
                .collect();
            finding.handled = finding.exceptions.iter().any(|exception| exception.valid);
            found.push(finding);
        }
    }
    found.sort_by(|one, other| {
        (&one.advisory, &one.purl, &one.lockfile).cmp(&(&other.advisory, &other.purl, &other.lockfile))
    });
    Ok(found)
}

/// What is said of a package, whatever leads to it.
struct About {
    advisory: String,
    aliases: Vec<String>,
    kind: AdvisoryKind,
    severity: Severity,
    cvss: Option<String>,
    patched: Vec<String>,
    affected_functions: Vec<String>,
    arch: Vec<String>,
    os: Vec<String>,
    published: Option<String>,
}

impl About {
    fn of(one: &Match) -> Self {
        let record = &one.record;
        Self {
            advisory: record.id.clone(),
            aliases: record.aliases.clone(),
            kind: one.kind(),
            severity: record.severity(),
            cvss: record.cvss.clone(),
            patched: record.patched.clone(),
            affected_functions: record.functions_of(&one.package.version),
            arch: record.arch.clone(),
            os: record.os.clone(),
            published: Some(record.date.clone()),
        }
    }

    fn yanked(package: &LockedPackage) -> Self {
        Self {
            advisory: format!("yanked:{}@{}", package.name, package.version),
            aliases: Vec::new(),
            kind: AdvisoryKind::Yanked,
            severity: Severity::None,
            cvss: None,
            patched: Vec::new(),
            affected_functions: Vec::new(),
            arch: Vec::new(),
            os: Vec::new(),
            published: None,
        }
    }
}
