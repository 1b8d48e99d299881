//! What the maker says about advisories: ignore files of other tools, VEX documents, and the exceptions of `plimsoll.toml`.
//! They are shown next to a finding and never remove it.

mod ignore_files;
mod own;
mod package;
#[cfg(test)]
pub(super) mod tests;
mod vex_files;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use plimsoll_components::Component;
use plimsoll_model::{
    Extra, InputId, Pointer,
    body::{AdvisoryFinding, ExceptionOnFinding},
};

use self::{
    ignore_files::{Ignored, reader, table},
    own::{Own, Place, covered},
    package::Package,
    vex_files::Candidate,
};
use crate::{
    Context, PathClass,
    claims::{CLAIMS_FILE, ClaimsFile},
    manifest::Manifests,
    vex::Status,
};

/// Bytes of an ignore file.
const LARGEST: u64 = 1024 * 1024;
/// Exceptions of one file.
const MOST: usize = 10_000;
/// Files with exceptions of other tools that are named.
const MOST_UNREAD: usize = 10;
/// An exception that ends later than this, counted from the day of the label, has no end: nobody looks at it again.
const LONGEST_YEARS: i32 = 1;
/// Sets of members that statements are limited to.
const MOST_PRODUCTS: usize = 100;
/// The document that was given next to the repository, in the place of a path.
const GIVEN: &str = "--vex";

/// The maker's word on one advisory.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stated {
    pub(crate) file: String,
    pub(crate) tool: String,
    pub(crate) advisory: String,
    /// Other names of the vulnerability, where it gives them.
    pub(crate) aliases: Vec<String>,
    /// The one package, version and lockfile that it is about, where it names them.
    pub(crate) package: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) lockfile: Option<String>,
    /// The members of the workspaces that it is limited to, by package URL; empty for all.
    pub(crate) products: Vec<String>,
    /// The component by package URL; all versions where that has none.
    pub(crate) purl: Option<String>,
    /// What a VEX statement says; `None` for what is no VEX.
    pub(crate) status: Option<Status>,
    pub(crate) reason: String,
    /// The person who answers for it.
    pub(crate) who: Option<String>,
    /// When it was said, where that is known.
    pub(crate) said: Option<Timestamp>,
    pub(crate) until: Option<Date>,
    /// What keeps it from counting on any day.
    pub(crate) fault: Option<String>,
    /// Why it is about nothing here.
    pub(crate) elsewhere: Option<String>,
    /// The days from and until which everything in its file counts, where the file says so.
    pub(crate) file_counts: Option<(Date, Date)>,
}

impl Stated {
    /// What keeps it from counting on `today`; nothing when it counts.
    pub(super) fn problem(&self, today: Date) -> Option<String> {
        let latest = today.checked_add(LONGEST_YEARS.years()).unwrap_or(Date::MAX);
        if let Some(told) = self.elsewhere.as_ref().or(self.fault.as_ref()) {
            return Some(told.clone());
        }
        if let Some(status) = self.status {
            if !status.answers() {
                return Some(format!("it says {}, which answers nothing", status.as_str().replace('-', " ")));
            }
            match self.said_on() {
                None => return Some("it has no time from which its year could be counted".to_owned()),
                Some(said) if said > today => return Some(format!("it is of {said}, which is to come")),
                Some(_) => {}
            }
        }
        match (self.until, self.file_counts) {
            _ if self.reason.trim().is_empty() => Some("it gives no reason".to_owned()),
            (None, _) => Some("it has no end date".to_owned()),
            (Some(until), _) if until < today => Some(format!("it ended on {until}")),
            (Some(until), _) if until > latest => {
                Some(format!("it ends on {until}; one that counts on {today} ends by {latest}"))
            }
            (_, Some((date, _))) if today < date => Some(format!("its file is of {date}, which is to come")),
            (_, Some((_, review_by))) if review_by < today => {
                Some(format!("its file was to be looked at again by {review_by}"))
            }
            _ => None,
        }
    }

    /// Was it refused for want of a reason or an end, whatever the day?
    pub(super) fn is_refused(&self) -> bool {
        let answers = self.status.is_none_or(Status::answers) && self.elsewhere.is_none();
        answers && (self.reason.trim().is_empty() || self.until.is_none() || self.fault.is_some())
    }

    /// The day on which it was said.
    pub(super) fn said_on(&self) -> Option<Date> {
        self.said.map(|said| said.to_zoned(TimeZone::UTC).date())
    }

    /// What another VEX statement about the same finding makes of this one: a later one is in its place, and one that leaves
    /// the finding open and is not known to be earlier contradicts it.
    fn replaced_by(&self, other: &Self, today: Date) -> Option<String> {
        self.status?;
        let (status, at) = (other.status?, other.said);
        let is_said = other.said_on().is_some_and(|said| said <= today);
        let file = plimsoll_model::one_line(&other.file);
        if is_said && at > self.said {
            return Some(format!("a later statement is in its place ({file})"));
        }
        let is_earlier = at.is_some() && at < self.said;
        // One that is not exact is about something else than what its own document says exactly at the same time.
        let is_vague = other.fault.is_some() && other.file == self.file && at == self.said;
        (!status.answers() && !is_earlier && !is_vague)
            .then(|| format!("another statement says {} ({file})", status.as_str().replace('-', " ")))
    }
}

/// One exception with its place, and the package that it names.
#[derive(Debug)]
struct Held {
    stated: Stated,
    pointer: Pointer,
    component: Option<Package>,
}

/// Every exception, sorted, with the place of each file; and the files that could not be understood.
#[derive(Debug, Default)]
pub struct Exceptions {
    held: Vec<Held>,
    /// Places in `held` by the names of vulnerabilities, in upper case.
    by_id: BTreeMap<String, Vec<usize>>,
    /// What is covered by statements that are limited to some members.
    covered: BTreeMap<Vec<String>, BTreeSet<Place>>,
    /// The components, by what all versions of one have in common.
    components: BTreeMap<(String, String, String), Vec<Package>>,
    names: BTreeSet<String>,
    pub(crate) gaps: Vec<String>,
    /// Files and tables that hold exceptions and are not read, each in one sentence.
    pub(crate) unread: Vec<String>,
    pub(crate) files: u64,
}

impl Exceptions {
    /// Those of a list, which are about a product of `components`.
    pub(super) fn new(read: Read, components: &[Component]) -> Self {
        let Read { mut stated, gaps, mut unread, files } = read;
        stated.sort_by(|(one, _), (other, _)| one.cmp(other));
        if unread.len() > MOST_UNREAD {
            let more = unread.len() - MOST_UNREAD;
            unread.truncate(MOST_UNREAD);
            unread.push(format!("And {more} more files or parts with exceptions that are not read."));
        }
        let mut exceptions = Self { gaps, unread, files, ..Self::default() };
        for (number, (one, pointer)) in stated.into_iter().enumerate() {
            for id in std::iter::once(&one.advisory).chain(&one.aliases) {
                let places = exceptions.by_id.entry(id.to_ascii_uppercase()).or_default();
                if places.last() != Some(&number) {
                    places.push(number);
                }
            }
            if !one.products.is_empty()
                && !exceptions.covered.contains_key(&one.products)
                && exceptions.covered.len() < MOST_PRODUCTS
            {
                let named: BTreeSet<String> = one.products.iter().cloned().collect();
                exceptions.covered.insert(one.products.clone(), covered(components, &named));
            }
            let component = one.purl.as_deref().and_then(Package::read);
            exceptions.held.push(Held { stated: one, pointer, component });
        }
        if exceptions.held.is_empty() {
            return exceptions;
        }
        for component in components {
            exceptions.names.insert(component.name.clone());
            if let Some(package) = Package::read(&component.purl) {
                exceptions.components.entry(family(&package)).or_default().push(package);
            }
        }
        exceptions
    }

    /// Each with its place.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Stated, &Pointer)> {
        self.held.iter().map(|held| (&held.stated, &held.pointer))
    }

    /// Those that are about this finding.
    fn about(&self, finding: &AdvisoryFinding) -> Vec<(usize, &Held)> {
        let ids = std::iter::once(&finding.advisory).chain(&finding.aliases);
        let places: BTreeSet<usize> =
            ids.filter_map(|id| self.by_id.get(&id.to_ascii_uppercase())).flatten().copied().collect();
        if places.is_empty() {
            return Vec::new();
        }
        let package = Package::read(&finding.purl);
        let held = places.into_iter().filter_map(|place| Some((place, self.held.get(place)?)));
        held.filter(|(_, held)| self.covers(held, finding, package.as_ref())).collect()
    }

    /// Is it about the component and the place of the finding?
    fn covers(&self, held: &Held, finding: &AdvisoryFinding, package: Option<&Package>) -> bool {
        let stated = &held.stated;
        let within = |named: Option<&String>, own: &str| named.is_none_or(|named| named == own);
        stated.elsewhere.is_none()
            && within(stated.package.as_ref(), &finding.package)
            && within(stated.version.as_ref(), &finding.version)
            && within(stated.lockfile.as_ref(), finding.lockfile.as_deref().unwrap_or_default())
            && match (&stated.purl, &held.component, package) {
                (None, ..) => true,
                (Some(_), Some(pattern), Some(package)) => pattern.names(package),
                (Some(_), ..) => false,
            }
            && (stated.products.is_empty()
                || self
                    .covered
                    .get(&stated.products)
                    .is_some_and(|covered| covered.contains(&(finding.lockfile.clone(), finding.purl.clone()))))
    }

    /// What is said about a finding, in the order of the files.
    pub fn on(&self, finding: &AdvisoryFinding, today: Date) -> Vec<ExceptionOnFinding> {
        let about = self.about(finding);
        let on = about.iter().map(|(place, held)| ExceptionOnFinding {
            file: held.stated.file.clone(),
            reason: held.stated.reason.clone(),
            who: held.stated.who.clone(),
            status: held.stated.status.map(|status| status.as_str().to_owned()),
            said: held.stated.said,
            until: held.stated.until,
            valid: problem(*place, &about, today).is_none(),
            extra: Extra::new(),
        });
        on.collect()
    }

    /// The findings that each is about, in the order of [`Exceptions::iter`], with what keeps it from counting there.
    pub(super) fn used<'a>(&self, found: &[&'a AdvisoryFinding], today: Date) -> Vec<Vec<Use<'a>>> {
        let mut used: Vec<Vec<_>> = self.held.iter().map(|_| Vec::new()).collect();
        for finding in found {
            let about = self.about(finding);
            for (place, _) in &about {
                if let Some(uses) = used.get_mut(*place) {
                    uses.push((*finding, problem(*place, &about, today)));
                }
            }
        }
        used
    }

    /// Is there a component that it may be about?
    pub(super) fn has_component(&self, stated: &Stated) -> bool {
        let by_name = stated.package.as_ref().is_none_or(|name| self.names.contains(name));
        let by_purl = stated.purl.as_ref().is_none_or(|purl| {
            let Some(pattern) = Package::read(purl) else { return false };
            self.components.get(&family(&pattern)).into_iter().flatten().any(|one| pattern.names(one))
        });
        by_name && by_purl
    }
}

/// A finding that an exception is about, and what keeps the exception from counting there.
pub(super) type Use<'a> = (&'a AdvisoryFinding, Option<String>);

/// What keeps one of those about the same finding from counting.
fn problem(place: usize, about: &[(usize, &Held)], today: Date) -> Option<String> {
    let (_, one) = about.iter().find(|(other, _)| *other == place)?;
    one.stated.problem(today).or_else(|| {
        let mut others = about.iter().filter(|(other, _)| *other != place);
        others.find_map(|(_, other)| one.stated.replaced_by(&other.stated, today))
    })
}

fn family(package: &Package) -> (String, String, String) {
    (package.kind.clone(), package.namespace.clone(), package.name.clone())
}

/// What was read, in no order.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub(super) stated: Vec<(Stated, Pointer)>,
    pub(super) gaps: Vec<String>,
    pub(super) unread: Vec<String>,
    pub(super) files: u64,
}

/// The tool whose exceptions a file holds that is not read here, by its name and folder.
fn unread(path: &str) -> Option<&'static str> {
    let lower = path.to_ascii_lowercase();
    let (folder, name) = lower.rsplit_once('/').unwrap_or(("", &lower));
    let folder = folder.rsplit('/').next().unwrap_or_default();
    Some(match name {
        ".trivyignore" | ".trivyignore.yaml" | ".trivyignore.yml" => "trivy",
        ".grype.yaml" | ".grype.yml" | "grype.yaml" | "grype.yml" => "grype",
        "config.yaml" | "config.yml" if folder == ".grype" => "grype",
        ".snyk" => "snyk",
        "osv-scanner.toml" => "osv-scanner",
        "deny.toml" | ".deny.toml" => "cargo-deny",
        "audit.toml" => "cargo-audit",
        "auditjs.json" | ".nsprc" | "audit-ci.json" | "audit-ci.jsonc" => "an npm audit",
        _ => return None,
    })
}

/// Reads all of them.
pub(super) fn read(cx: &Context<'_>) -> Exceptions {
    let mut found = Read::default();
    let mut documents = Vec::new();
    for entry in cx.snapshot.entries() {
        if let Some(candidate) = Some(entry).filter(|one| one.is_file()).and_then(|one| vex_files::candidate(&one.path))
        {
            documents.push((entry, candidate));
            continue;
        }
        let Some((tool, read)) = reader(entry) else {
            found.unread.extend(unread(&entry.path).filter(|_| entry.is_file()).map(|tool| {
                let path = plimsoll_model::one_line(&entry.path);
                format!("Exceptions in {path} ({tool}) are not read; state them as [[exception]] in plimsoll.toml.")
            }));
            continue;
        };
        found.files += 1;
        let outcome = cx.snapshot.read_text(entry, LARGEST).map_err(|error| error.to_string()).and_then(|text| {
            if tool == "osv-scanner" && table(&text)?.contains_key("PackageOverrides") {
                let path = plimsoll_model::one_line(&entry.path);
                found.unread.push(format!(
                    "PackageOverrides in {path} are not read; state exceptions as [[exception]] in plimsoll.toml."
                ));
            }
            read(&text)
        });
        match outcome {
            Ok(list) => {
                if list.len() > MOST {
                    found.gaps.push(format!("{}: only the first {MOST} of its exceptions are shown", entry.path));
                }
                found.stated.extend(list.into_iter().take(MOST).map(|one| {
                    let Ignored { advisory, reason, until, package, version, purl, fault } = one;
                    let (file, tool) = (entry.path.clone(), tool.to_owned());
                    let stated = Stated {
                        file,
                        tool,
                        advisory,
                        package,
                        version,
                        purl,
                        reason,
                        until,
                        fault,
                        ..Stated::default()
                    };
                    (stated, entry.pointer())
                }));
            }
            Err(reason) => found.gaps.push(format!("{}: {reason}", entry.path)),
        }
    }
    read_documents(cx, &documents, &mut found);
    match cx.claims {
        ClaimsFile::Absent => {}
        ClaimsFile::Invalid { reason, .. } => {
            found.files += 1;
            found.gaps.push(reason.clone());
        }
        ClaimsFile::Present { pointer, claims, .. } => {
            found.files += 1;
            let said = claims.date.to_zoned(TimeZone::UTC).ok().map(|said| said.timestamp());
            found.stated.extend(claims.exceptions.iter().map(|exception| {
                let stated = Stated {
                    file: CLAIMS_FILE.to_owned(),
                    tool: "plimsoll".to_owned(),
                    advisory: exception.advisory.clone(),
                    package: exception.package.clone(),
                    version: exception.version.clone(),
                    lockfile: exception.lockfile.clone(),
                    reason: exception.reason.clone(),
                    who: exception.who.as_ref().map(|who| who.trim().to_owned()),
                    said,
                    until: Some(exception.until),
                    file_counts: Some((claims.date, claims.review_by)),
                    ..Stated::default()
                };
                (stated, pointer.clone())
            }));
        }
    }
    Exceptions::new(found, &cx.inventory.components)
}

/// Reads the VEX documents of the tree, and the one that was given.
fn read_documents(cx: &Context<'_>, documents: &[(&plimsoll_snapshot::Entry, Candidate)], found: &mut Read) {
    let given = cx.file(InputId::Vex).ok();
    if documents.is_empty() && given.is_none() {
        return;
    }
    let manifests = Manifests::read(cx.snapshot, cx.classes);
    let own = Own::new(&cx.inventory.components, cx.claims, &manifests);
    let (mut files, mut bytes, mut samples) = (0, 0, 0_usize);
    for (entry, candidate) in documents {
        // A copy has the word of other people, and what tests are made of is no word at all.
        let class = cx.classes.of(&entry.path);
        if matches!(class, PathClass::Vendored | PathClass::Fixture | PathClass::Test | PathClass::Example) {
            samples += usize::from(*candidate == Candidate::Named);
            continue;
        }
        if files >= vex_files::MOST_FILES || bytes >= vex_files::MOST_BYTES {
            found.gaps.push(format!("{}: not read, after so many VEX documents and SBOMs", entry.path));
            break;
        }
        files += 1;
        match cx.snapshot.read_text(entry, vex_files::LARGEST) {
            Ok(text) => {
                bytes += text.len() as u64;
                vex_files::take(found, &own, &entry.path, &entry.pointer(), &text, *candidate);
            }
            Err(_) if *candidate == Candidate::Sbom => {}
            Err(error) => {
                found.files += 1;
                found.gaps.push(format!("{}: {error}", entry.path));
            }
        }
    }
    if samples > 0 {
        let documents = plimsoll_model::plural(samples, "VEX document", "VEX documents");
        found.unread.push(format!("{documents} of copies, tests and examples are not read."));
    }
    if let Some(bytes) = given {
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let before = found.files;
        vex_files::take(found, &own, GIVEN, &Pointer::path(GIVEN), text, Candidate::Named);
        // What was given to be read and is no such document is a gap, whatever it is.
        if found.files == before {
            found.unread.pop();
            found.files += 1;
            found.gaps.push("what was given with --vex is no VEX document that is read".to_owned());
        }
    }
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    ignore_files::read_anything(text);
    let _ = crate::vex::read_anything(text);
}
