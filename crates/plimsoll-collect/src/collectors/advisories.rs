//! Which known holes, unmaintained and unsound packages are locked in, how far they reach, and what the maker says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use plimsoll_advisories::{
    Database, Ecosystem, LockedPackage, Match, Package, REGISTRY, Verdict, YankedReport, match_packages, path_to,
};
use plimsoll_components::{Component, Holds, public_registry, published_in};
use plimsoll_model::{
    Assurance, Extra, Kind, Pointer, Subject,
    body::{ANSWERED_BY_THE_MAKER, AdvisoryFinding, AdvisoryKind, Reach, Severity},
    plural,
};

use super::{
    advisory_data::{DATABASE, database, in_use, yanked_of},
    advisory_finding::FINDING,
    exception_use::{EXCEPTION, exception_kind},
    exceptions::{self, Exceptions},
    exploitation, fix_ranges,
};
use crate::{Collector, Context, Gathered, Need, locked_package::published_packages};

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
        let exceptions = exceptions::read(cx);
        let (components, today) = (&cx.inventory.components, cx.today());
        let found = match cx.advisories {
            Ok(database) => findings(database, cx.index, components, &exceptions, today).and_then(|found| {
                let alike = of_the_same_name(database, components, &exceptions, today)?;
                Ok((found, alike))
            }),
            Err(reason) => Err(reason.to_owned()),
        };
        let (found, alike) = match found {
            Ok((mut found, alike)) => {
                let told = exploitation::mark(cx.files, &mut found.findings);
                found.limitations.extend(told);
                (Ok(found), alike)
            }
            Err(reason) => (Err(reason), Found::default()),
        };
        let known: Vec<&AdvisoryFinding> =
            found.iter().flat_map(|found| &found.findings).chain(&alike.findings).collect();
        let packages: Vec<Package> = cx.inventory.components.iter().flat_map(published_packages).collect();
        let in_use = in_use(&cx.inventory.ecosystems, &cx.inventory.components);
        let database = database(cx.advisories, &packages, &in_use, yanked_of(cx.index), cx.today());
        vec![database, finding_kind(cx, &found, &alike), exception_kind(&exceptions, &known, today)]
    }
}

fn finding_kind(cx: &Context<'_>, found: &Result<Found, String>, alike: &Found) -> Gathered {
    let what = "lockfiles";
    let inventory = cx.inventory;
    let found = match found {
        Ok(found) => found,
        Err(reason) => return Gathered::unavailable(&FINDING, what, reason.clone()),
    };
    let unlocked = inventory.lockfiles.is_empty();
    // A package that depends on nothing needs no lockfile, and nothing can be known of what it depends on.
    let needs_none = unlocked && !inventory.workspaces.is_empty() && inventory.gaps.is_empty();
    // What runs while it is built has no lockfile and needs none.
    let of_the_product = inventory.ecosystems.iter().filter(|ecosystem| ecosystem.holds != Holds::Steps);
    let names = of_the_product.map(|ecosystem| ecosystem.name.as_str()).collect::<Vec<_>>();
    let no_lockfile = (unlocked && !needs_none && !names.is_empty())
        .then(|| format!("no lockfile that can be matched (seen: {})", names.join(", ")));
    // What is known of a package that a manifest pins is known, whatever else there may be.
    if let Some(reason) = no_lockfile.clone().filter(|_| found.findings.is_empty()) {
        return Gathered::unavailable(&FINDING, what, reason);
    }
    let mut gathered = if needs_none {
        Gathered::searched(&FINDING, "manifests without dependencies", inventory.manifests)
    } else {
        Gathered::searched(&FINDING, what, inventory.lockfiles.len() as u64)
    };
    if let Some(gap) = no_lockfile {
        gathered.gap(gap);
    }
    inventory.gaps.iter().for_each(|gap| gathered.gap(gap.reason.clone()));
    if let Some(gap) = cx.snapshot.tree_gap() {
        gathered.gap(gap);
    }
    for gap in undecided(&found.findings).into_iter().chain(found.gaps.iter().cloned()) {
        gathered.gap(gap);
    }
    found.limitations.iter().for_each(|told| gathered.limitation(told.clone()));
    let mut elsewhere: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for component in inventory.components.iter().filter(|component| !component.own) {
        if let Some(registry) = public_registry(component).filter(|_| published_in(component).is_none()) {
            elsewhere.entry(registry).or_default().insert(&component.name);
        }
    }
    for (registry, names) in elsewhere {
        let shown = names.iter().take(5).copied().collect::<Vec<_>>().join(", ");
        gathered.limitation(format!(
            "{} not from {registry}, so no advisory can match ({shown}{}).",
            plural(names.len(), "package is", "packages are"),
            if names.len() > 5 { ", ..." } else { "" }
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
    let of_rust = inventory.ecosystems.iter().any(|one| one.registry.as_deref() == Some(REGISTRY));
    match cx.index {
        None if !of_rust && !inventory.ecosystems.is_empty() => {}
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
    for finding in &found.findings {
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

/// Findings about what ships under the name and version of a package of its public registry without being that package: a copy,
/// a fork, or the very source of it. Whether it has the vulnerability is not known by its version, and to say that none is
/// known would be wrong; the maker may answer for it as for any finding.
pub fn of_the_same_name(
    database: &Database,
    components: &[Component],
    exceptions: &Exceptions,
    today: Date,
) -> Result<Found, String> {
    let elsewhere = components.iter().filter(|component| component.is_carried()).filter_map(|component| {
        let registry = public_registry(component).filter(|_| published_in(component).is_none())?;
        Some(component.as_published_in(registry))
    });
    let alike: Vec<Component> = elsewhere.filter(|component| !component.version.is_empty()).collect();
    let Found { mut findings, .. } = findings(database, None, &alike, exceptions, today)?;
    findings.retain(|finding| finding.kind == AdvisoryKind::Vulnerability);
    // Of another copy it is said that nobody knows whether it is affected; that its version cannot be compared adds nothing.
    Ok(Found { findings, ..Found::default() })
}

/// What is not known of findings that are about a name alone, and what the maker answers: gaps and limitations, in words.
pub fn told_of_the_same_name(alike: &Found) -> (Vec<String>, Vec<String>) {
    let mut told: BTreeMap<(&str, &str, &str), (&str, bool)> = BTreeMap::new();
    for AdvisoryFinding { advisory, package, version, handled, purl, .. } in &alike.findings {
        let registry = plimsoll_components::registry_of_purl(purl).unwrap_or("its registry");
        told.entry((advisory, package, version)).or_insert((registry, true)).1 &= *handled;
    }
    let (mut gaps, mut answers) = (Vec::new(), Vec::new());
    for ((advisory, package, version), (registry, answered)) in told {
        let what = format!(
            "{advisory} speaks of {package} {version}, and what is here under that name is not from {registry}"
        );
        if answered {
            answers.push(format!("{what}{ANSWERED_BY_THE_MAKER}"));
        } else {
            gaps.push(format!("{what}; where it does not apply, say so in an [[exception]] of plimsoll.toml"));
        }
    }
    (gaps, answers)
}

/// What each component of one lockfile depends on, and the members, by package URL.
type Graph = (BTreeMap<String, Vec<String>>, Vec<String>);

/// What is known of components.
#[derive(Debug, Default)]
pub struct Found {
    /// The findings, sorted by advisory, package, version and lockfile.
    pub findings: Vec<AdvisoryFinding>,
    /// Of which packages that may ship nobody can say whether an advisory holds for them, each with the reason.
    pub gaps: Vec<String>,
    /// The same of those that do not ship, each in one sentence.
    pub limitations: Vec<String>,
}

/// Gives every finding.
pub fn findings(
    database: &Database,
    index: Option<&YankedReport>,
    components: &[Component],
    exceptions: &Exceptions,
    today: Date,
) -> Result<Found, String> {
    let mut packages: BTreeMap<Package, Vec<&Component>> = BTreeMap::new();
    for component in components.iter().filter(|component| !component.member) {
        for package in published_packages(component) {
            packages.entry(package).or_default().push(component);
        }
    }
    let list: Vec<Package> = packages.keys().cloned().collect();
    let matches = match_packages(database, &list, today).map_err(|error| error.to_string())?;
    let (matches, open): (Vec<Match>, Vec<Match>) =
        matches.into_iter().partition(|one| one.verdict == Verdict::Affected);
    let (gaps, limitations) = not_compared(&open, &packages);
    let told = matches.iter().map(|one| (one.package.clone(), About::of(one)));
    let yanked = index.iter().flat_map(|report| &report.yanked);
    let told = told.chain(yanked.filter_map(|package| Some((of_the_index(package)?, About::yanked(package)))));
    // The graph of a lockfile is built only where there is something to find the way to.
    let mut graphs: BTreeMap<Option<&str>, Graph> = BTreeMap::new();
    let mut found = Vec::new();
    for (package, about) in told {
        for component in packages.get(&package).into_iter().flatten() {
            let lockfile = component.lockfile.as_deref();
            let (edges, roots) = graphs.entry(lockfile).or_insert_with(|| {
                let own = components.iter().filter(|other| other.lockfile.as_deref() == lockfile);
                let edges = own.clone().map(|other| (other.purl.clone(), other.depends_on.clone())).collect();
                (edges, own.filter(|other| other.member).map(|member| member.purl.clone()).collect())
            });
            let mut finding = AdvisoryFinding {
                advisory: about.advisory.clone(),
                aliases: about.aliases.clone(),
                vulnerability: about.flaw.clone(),
                package: component.name.clone(),
                version: component.version.clone(),
                purl: component.purl.clone(),
                kind: about.kind,
                severity: about.severity,
                cvss: about.cvss.clone(),
                patched: about.patched.clone(),
                fixed_in: about.fixed_in.clone(),
                through: None,
                fix_allowed: None,
                held_by: Vec::new(),
                known_exploited: None,
                epss: None,
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
            // The first is a member; what it names is the next.
            finding.through = finding.path.get(1).cloned();
            (finding.fix_allowed, finding.held_by) = fix_ranges::of(&finding, components);
            finding.exceptions = exceptions.on(&finding, today);
            finding.handled = finding.exceptions.iter().any(|exception| exception.valid);
            found.push(finding);
        }
    }
    found.sort_by(|one, other| {
        (&one.advisory, &one.purl, &one.lockfile).cmp(&(&other.advisory, &other.purl, &other.lockfile))
    });
    // What is known by two names is one all the same.
    found.dedup_by(|later, first| {
        (&later.advisory, &later.purl, &later.lockfile) == (&first.advisory, &first.purl, &first.lockfile)
    });
    Ok(Found { findings: found, gaps, limitations })
}

/// Of which packages nobody can say whether an advisory holds for them, in words: those that may ship, and the others.
fn not_compared(open: &[Match], packages: &BTreeMap<Package, Vec<&Component>>) -> (Vec<String>, Vec<String>) {
    let may_ship =
        |one: &&Match| packages.get(&one.package).into_iter().flatten().any(|component| component.is_carried());
    let of_flaws = open.iter().filter(|one| one.advisory.kind == AdvisoryKind::Vulnerability);
    let (ships, aside): (Vec<&Match>, Vec<&Match>) = of_flaws.partition(may_ship);
    let told = |one: &&Match| {
        let Package { name, version, .. } = &one.package;
        let why = if let Verdict::Uncomparable(why) = &one.verdict { why.as_str() } else { "" };
        let id = &one.advisory.id;
        plimsoll_model::one_line(&format!("hether {id} holds for {name} {version} is not known: {why}"))
    };
    let gaps = few_of(ships.iter().map(|one| format!("w{}", told(one))).collect(), "and");
    let limitations = few_of(aside.iter().map(|one| format!("W{} (it does not ship).", told(one))).collect(), "And");
    (gaps, limitations)
}

/// As many as are named, and how many more there are.
fn few_of(mut told: Vec<String>, and: &str) -> Vec<String> {
    /// Packages that are named.
    const NAMED: usize = 5;
    if told.len() > NAMED {
        let more = told.len() - NAMED;
        told.truncate(NAMED);
        let end = if and == "And" { "." } else { "" };
        told.push(format!("{and} whether {more} more advisories hold is not known{end}"));
    }
    told
}

fn of_the_index(package: &LockedPackage) -> Option<Package> {
    let ecosystem = Ecosystem::of(REGISTRY)?;
    Some(Package { ecosystem, name: package.name.clone(), version: package.version.to_string() })
}

/// What is said of a package, whatever leads to it.
struct About {
    advisory: String,
    flaw: String,
    aliases: Vec<String>,
    kind: AdvisoryKind,
    severity: Severity,
    cvss: Option<String>,
    patched: Vec<String>,
    fixed_in: Option<String>,
    affected_functions: Vec<String>,
    arch: Vec<String>,
    os: Vec<String>,
    published: Option<String>,
}

impl About {
    fn of(one: &Match) -> Self {
        let advisory = &one.advisory;
        Self {
            advisory: advisory.id.clone(),
            flaw: one.flaw.clone(),
            aliases: one.aliases.clone(),
            kind: advisory.kind,
            severity: advisory.severity,
            cvss: advisory.cvss.clone(),
            patched: advisory.patched.clone(),
            fixed_in: advisory.fix_of(one.package.ecosystem, &one.package.version).map(ToOwned::to_owned),
            affected_functions: advisory.functions_of(&one.package.version),
            arch: advisory.arch.clone(),
            os: advisory.os.clone(),
            published: advisory.published.clone(),
        }
    }

    fn yanked(package: &LockedPackage) -> Self {
        let advisory = format!("yanked:{}@{}", package.name, package.version);
        Self {
            flaw: advisory.clone(),
            advisory,
            aliases: Vec::new(),
            kind: AdvisoryKind::Yanked,
            severity: Severity::None,
            cvss: None,
            patched: Vec::new(),
            fixed_in: None,
            affected_functions: Vec::new(),
            arch: Vec::new(),
            os: Vec::new(),
            published: None,
        }
    }
}
