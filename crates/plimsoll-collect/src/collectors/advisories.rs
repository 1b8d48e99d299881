//! Which known holes, unmaintained and unsound packages are locked in, how far they reach, and what the maker says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use plimsoll_advisories::{Database, LockedPackage, Match, REGISTRY, YankedReport, match_packages, path_to};
use plimsoll_components::{Component, is_of_registry};
use plimsoll_model::{
    Assurance, Extra, Kind, Pointer, Subject,
    body::{AdvisoryFinding, AdvisoryKind, ExceptionOnFinding, Reach, Severity},
    plural,
};

use super::{
    advisory_data::{DATABASE, database, yanked_of},
    advisory_finding::FINDING,
    exception_use::{EXCEPTION, exception_kind, is_about},
    exceptions::{self, Exceptions},
};
use crate::{Collector, Context, Gathered, Need, locked_package::locked_package};

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
        let (components, today) = (&cx.inventory.components, cx.today());
        let found = match cx.advisories {
            Ok(database) => findings(database, cx.index, components, &exceptions, today).and_then(|found| {
                let alike = of_the_same_name(database, components, &exceptions, today)?;
                Ok((found, alike))
            }),
            Err(reason) => Err(reason.to_owned()),
        };
        let (found, alike) = match found {
            Ok((found, alike)) => (Ok(found), alike),
            Err(reason) => (Err(reason), Vec::new()),
        };
        let known: Vec<&AdvisoryFinding> = found.iter().flatten().chain(&alike).collect();
        let packages: Vec<LockedPackage> = cx.inventory.components.iter().filter_map(locked_package).collect();
        let database = database(cx.advisories, &packages, yanked_of(cx.index), cx.today());
        vec![database, finding_kind(cx, &found, &alike), exception_kind(&exceptions, &known, today)]
    }
}

fn finding_kind(cx: &Context<'_>, found: &Result<Vec<AdvisoryFinding>, String>, alike: &[AdvisoryFinding]) -> Gathered {
    let what = "lockfiles";
    let inventory = cx.inventory;
    let found = match found {
        Ok(found) => found,
        Err(reason) => return Gathered::unavailable(&FINDING, what, reason.clone()),
    };
    let unlocked = inventory.lockfiles.is_empty();
    // A package that depends on nothing needs no lockfile, and nothing can be known of what it depends on.
    let needs_none = unlocked && !inventory.workspaces.is_empty() && inventory.gaps.is_empty();
    if unlocked && !needs_none && !inventory.ecosystems.is_empty() {
        let names = inventory.ecosystems.iter().map(|ecosystem| ecosystem.name.as_str()).collect::<Vec<_>>().join(", ");
        return Gathered::unavailable(&FINDING, what, format!("no lockfile that can be matched (seen: {names})"));
    }
    let mut gathered = if needs_none {
        Gathered::searched(&FINDING, "manifests without dependencies", inventory.manifests)
    } else {
        Gathered::searched(&FINDING, what, inventory.lockfiles.len() as u64)
    };
    inventory.gaps.iter().for_each(|gap| gathered.gap(gap.reason.clone()));
    if let Some(gap) = cx.snapshot.tree_gap() {
        gathered.gap(gap);
    }
    for gap in undecided(found) {
        gathered.gap(gap);
    }
    let elsewhere: BTreeSet<&str> = inventory
        .components
        .iter()
        .filter(|component| !component.own && is_of_registry(component, REGISTRY) && !component.is_from(REGISTRY))
        .map(|component| component.name.as_str())
        .collect();
    if !elsewhere.is_empty() {
        let names = elsewhere.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        gathered.limitation(format!(
            "{} not from {REGISTRY}, so no advisory can match ({names}{}).",
            plural(elsewhere.len(), "package is", "packages are"),
            if elsewhere.len() > 5 { ", ..." } else { "" }
        ));
    }
    let places = inventory.components.iter().map(|component| component.place.as_str()).collect::<BTreeSet<_>>();
    if let Some(told) = cx.classes.told(places.into_iter()) {
        gathered.limitation(told);
    }
    let (gaps, answers) = told_of_the_same_name(alike);
    for gap in gaps {
        gathered.gap(gap);
    }
    for answer in answers {
        gathered.limitation(answer);
    }
    match cx.index {
        None => gathered
            .limitation("Which versions were yanked is not known: the registry's index was not given (--index)."),
        Some(report) => {
            report.gaps.iter().for_each(|gap| gathered.gap(format!("registry index: {gap}")));
            for package in &report.altered {
                gathered.gap(format!(
                    "{} {} has another checksum in the lockfile than in the registry's index: it is not the package that \
                     advisories speak of",
                    package.name, package.version
                ));
            }
            if report.unlisted > 0 {
                gathered.limitation(format!(
                    "{} of {} not in the registry's index that was given; whether yanked is not known.",
                    report.unlisted,
                    plural(report.asked, "package is", "packages are")
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

/// Findings of which nobody here can tell whether they are vulnerabilities of what ships, in words.
pub fn undecided(found: &[AdvisoryFinding]) -> BTreeSet<String> {
    let reaches = found.iter().filter(|finding| matches!(finding.reach, Reach::Shipped | Reach::Unknown));
    let told = reaches.filter_map(|finding| {
        let AdvisoryFinding { advisory, package, kind, class, .. } = finding;
        match (kind, class.as_str()) {
            (AdvisoryKind::Unclassified, "shipped" | "vendored") => {
                Some(format!("{advisory} of {package} is of a kind that this version does not know"))
            }
            (AdvisoryKind::Vulnerability, "vendored") if !finding.handled => {
                let place = plimsoll_model::one_line(finding.lockfile.as_deref().unwrap_or_default());
                Some(format!("{advisory} of {package} is in a copy, and whether that ships is not known ({place})"))
            }
            _ => None,
        }
    });
    told.collect()
}

/// Adds a finding; `blob` is that of its lockfile.
pub fn push_finding(gathered: &mut Gathered, finding: &AdvisoryFinding, blob: Option<String>) {
    let mut pointers = vec![Pointer::advisory(&finding.advisory)];
    if let Some(lockfile) = &finding.lockfile {
        pointers.push(Pointer { path: Some(lockfile.clone()), blob, ..Pointer::default() });
    }
    gathered.push(Subject::component(&finding.purl), Assurance::Verified, finding, pointers);
}

/// Findings about what ships under the name and version of a crates.io package without being that package: a copy, a fork,
/// or the very source of it. Whether it has the vulnerability is not known by its version, and to say that none is known
/// would be wrong; the maker may answer for it as for any finding.
pub fn of_the_same_name(
    database: &Database,
    components: &[Component],
    exceptions: &Exceptions,
    today: Date,
) -> Result<Vec<AdvisoryFinding>, String> {
    let elsewhere = components.iter().filter(|component| component.ships() && !component.is_from(REGISTRY));
    let comparable = elsewhere.filter(|component| locked_package(component).is_some());
    let alike: Vec<Component> = comparable.map(|component| component.as_published_in(REGISTRY)).collect();
    let found = findings(database, None, &alike, exceptions, today)?;
    Ok(found.into_iter().filter(|finding| finding.kind == AdvisoryKind::Vulnerability).collect())
}

/// What is not known of findings that are about a name alone, and what the maker answers: gaps and limitations, in words.
pub fn told_of_the_same_name(alike: &[AdvisoryFinding]) -> (Vec<String>, Vec<String>) {
    let mut told: BTreeMap<(&str, &str, &str), bool> = BTreeMap::new();
    for AdvisoryFinding { advisory, package, version, handled, .. } in alike {
        *told.entry((advisory, package, version)).or_insert(true) &= *handled;
    }
    let (mut gaps, mut answers) = (Vec::new(), Vec::new());
    for ((advisory, package, version), answered) in told {
        let what = format!(
            "{advisory} speaks of {package} {version}, and what is here under that name is not from {REGISTRY}"
        );
        if answered {
            answers.push(format!("{what}; the maker says that it does not apply."));
        } else {
            gaps.push(format!("{what}; where it does not apply, say so in an [[exception]] of plimsoll.toml"));
        }
    }
    (gaps, answers)
}

/// Where the chain from `at` ends: the first of those that are joined with it.
fn root(joined: &mut [usize], mut at: usize) -> usize {
    while let Some(next) = joined.get(at).copied().filter(|next| *next != at) {
        // Halving the way keeps it short, however the ids are chained.
        let beyond = joined.get(next).copied().unwrap_or(next);
        if let Some(place) = joined.get_mut(at) {
            *place = beyond;
        }
        at = beyond;
    }
    at
}

/// The id of each advisory's vulnerability: of those that are joined by an id or an alias, the first of them.
fn vulnerabilities(matches: &[Match]) -> BTreeMap<String, String> {
    // Each match belongs to the first that has one of its ids; what two of them have in common joins them.
    let mut of_id: BTreeMap<String, usize> = BTreeMap::new();
    let mut joined: Vec<usize> = (0..matches.len()).collect();
    for (number, one) in matches.iter().enumerate() {
        for id in std::iter::once(&one.record.id).chain(&one.record.aliases) {
            let other = *of_id.entry(id.to_ascii_uppercase()).or_insert(number);
            let (left, right) = (root(&mut joined, number), root(&mut joined, other));
            if let Some(place) = joined.get_mut(left.max(right)) {
                *place = left.min(right);
            }
        }
    }
    // Matches are sorted by advisory, so that the root of each is the first of them.
    let mut named = BTreeMap::new();
    for (number, one) in matches.iter().enumerate() {
        let first = root(&mut joined, number);
        named.extend(matches.get(first).map(|first| (one.record.id.clone(), first.record.id.clone())));
    }
    named
}

/// What each component of one lockfile depends on, and the members, by package URL.
type Graph = (BTreeMap<String, Vec<String>>, Vec<String>);

/// Gives every finding, sorted by advisory, package, version and lockfile.
pub fn findings(
    database: &Database,
    index: Option<&YankedReport>,
    components: &[Component],
    exceptions: &Exceptions,
    today: Date,
) -> Result<Vec<AdvisoryFinding>, String> {
    let mut packages: BTreeMap<LockedPackage, Vec<&Component>> = BTreeMap::new();
    for component in components.iter().filter(|component| !component.member && is_of_registry(component, REGISTRY)) {
        let package = locked_package(component)
            .ok_or_else(|| format!("{} {} has a version that cannot be compared", component.name, component.version))?;
        packages.entry(package).or_default().push(component);
    }
    let list: Vec<LockedPackage> = packages.keys().cloned().collect();
    let matches = match_packages(database, &list, today).map_err(|error| error.to_string())?;
    let vulnerabilities = vulnerabilities(&matches);
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
            let mut finding = AdvisoryFinding {
                advisory: about.advisory.clone(),
                aliases: about.aliases.clone(),
                vulnerability: vulnerabilities.get(&about.advisory).unwrap_or(&about.advisory).clone(),
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
                extra: Extra::new(),
            };
            finding.exceptions = exceptions
                .stated
                .iter()
                .filter(|(stated, _)| is_about(stated, &finding))
                .map(|(stated, _)| ExceptionOnFinding {
                    file: stated.file.clone(),
                    reason: stated.reason.clone(),
                    until: stated.until,
                    valid: stated.problem(today).is_none(),
                    extra: Extra::new(),
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

#[cfg(test)]
mod tests {
    use plimsoll_advisories::RustsecRecord;

    use super::*;

    fn one(id: &str, aliases: &[&str]) -> Match {
        let record: RustsecRecord = serde_json::from_value(serde_json::json!({
            "id": id, "aliases": aliases, "kind": "vulnerability", "date": "2026-01-01"
        }))
        .unwrap();
        let package =
            LockedPackage { name: "foo".to_owned(), version: "1.0.0".parse().unwrap(), default_registry: true };
        Match { package, record }
    }

    #[test]
    fn advisories_of_one_vulnerability_have_one_name() {
        let names = |matches: &[Match]| {
            let found = vulnerabilities(matches);
            matches.iter().map(|one| found[&one.record.id].clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&[one("R-1", &[]), one("R-2", &[])]), ["R-1", "R-2"]);
        assert_eq!(names(&[one("R-1", &["CVE-1"]), one("R-2", &["cve-1"])]), ["R-1", "R-1"]);
        assert_eq!(names(&[one("R-1", &[]), one("R-2", &["R-1"])]), ["R-1", "R-1"]);
        // A chain, the middle of which comes last; and one apart.
        let chain = [one("R-1", &["A"]), one("R-2", &["B"]), one("R-3", &["C"]), one("R-4", &["A", "B"])];
        assert_eq!(names(&chain), ["R-1", "R-1", "R-3", "R-1"]);
        let long: Vec<Match> =
            (0..2000).map(|n| one(&format!("R-{n:04}"), &[&format!("C-{n}"), &format!("C-{}", n + 1)])).collect();
        assert!(names(&long).iter().all(|name| name == "R-0000"));
    }
}
