//! What one advisory says of one package: facts without prose, in the form in which they are kept and matched.

use std::collections::BTreeMap;

use jiff::civil::Date;
use plimsoll_model::body::{AdvisoryKind, Severity};
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    ecosystem::Ecosystem,
    rating,
    record::{Affected, Event, Range, RangeKind, Record, day},
    verdict::{Bounds, Verdict},
};

/// What one advisory says of one package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Advisory {
    /// Its id.
    pub id: String,
    /// Ids in other databases of the same flaw.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What it is about.
    pub kind: AdvisoryKind,
    /// How severe it is. A vulnerability that nobody rated is `unknown`.
    pub severity: Severity,
    /// The CVSS vector that the rating is from, as it is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvss: Option<String>,
    /// Which versions have it; each part is judged alone, and any of them affects.
    pub affected: Vec<Part>,
    /// Versions that are free of it, as requirements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patched: Vec<String>,
    /// Functions that have it, each with the versions of it that do; of no version named, all.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub functions: BTreeMap<String, Vec<String>>,
    /// Processor architectures it is limited to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arch: Vec<String>,
    /// Operating systems it is limited to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub os: Vec<String>,
    /// The day on which it was made known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The last day on which it was changed, where the database keeps that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// The day on which it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<String>,
    /// Registry of the package, where it is not the public one of its ecosystem.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

/// Versions that have a flaw: in a range, or in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    /// Ranges of versions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<Range>,
    /// Versions that are in no range.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<String>,
}

impl Part {
    fn bounds(&self) -> Bounds<'_> {
        Bounds { ranges: &self.ranges, versions: &self.versions }
    }
}

impl Advisory {
    /// Is `version` of its package, which is of `ecosystem`, affected?
    pub fn verdict(&self, ecosystem: &Ecosystem, version: &str) -> Verdict {
        let parts = self.affected.iter().map(|part| part.bounds().verdict(ecosystem.name, ecosystem.scheme, version));
        parts.fold(Verdict::NotAffected, Verdict::or)
    }

    /// Is `id` its id, or one of its aliases?
    pub fn names(&self, id: &str) -> bool {
        std::iter::once(&self.id).chain(&self.aliases).any(|own| own.eq_ignore_ascii_case(id))
    }

    /// The lowest version above `version` that is free of it, of those that it names as fixed; none where it names none, or they
    /// cannot be compared.
    pub fn fix_of(&self, ecosystem: &Ecosystem, version: &str) -> Option<&str> {
        let scheme = ecosystem.scheme?;
        let own = scheme.parse(version).ok()?;
        let ranges = self.affected.iter().flat_map(|part| &part.ranges).filter(|range| range.kind != RangeKind::Git);
        let named = ranges.flat_map(|range| &range.events).filter_map(|event| match event {
            Event::Fixed(fixed) => Some((scheme.parse(fixed).ok()?, fixed.as_str())),
            _ => None,
        });
        let above = named.filter(|(fixed, text)| {
            fixed.partial_cmp(&own).is_some_and(std::cmp::Ordering::is_gt)
                && self.verdict(ecosystem, text) == Verdict::NotAffected
        });
        let lowest =
            above.reduce(
                |one, other| {
                    if other.0.partial_cmp(&one.0).is_some_and(std::cmp::Ordering::is_lt) { other } else { one }
                },
            );
        lowest.map(|(_, text)| text)
    }

    /// Does it speak of something that somebody found in a package, and not of one that was made to do harm, and was it never
    /// withdrawn? Only those say how much of what is published data has: packages of malware are counted in hundreds of thousands.
    pub fn is_counted(&self) -> bool {
        self.withdrawn.is_none() && !self.id.starts_with("MAL-")
    }

    /// Was it withdrawn by `today`? What is no date, or one that is to come, withdraws nothing.
    pub fn is_withdrawn(&self, today: Date) -> bool {
        self.withdrawn.as_deref().and_then(day).is_some_and(|day| day <= today)
    }

    /// The last day on which it was published, changed or withdrawn.
    pub fn last_day(&self) -> Option<Date> {
        let days = [&self.published, &self.modified, &self.withdrawn];
        days.into_iter().flatten().filter_map(|text| day(text)).max()
    }

    /// The functions of `version` that have it.
    pub fn functions_of(&self, version: &str) -> Vec<String> {
        let version = version.parse::<Version>().ok();
        let has = |text: &String| match (&version, VersionReq::parse(text)) {
            (Some(version), Ok(range)) => range.matches(version),
            // What cannot be read leaves nothing out.
            _ => true,
        };
        let of_it = self.functions.iter().filter(|(_, versions)| versions.is_empty() || versions.iter().any(has));
        of_it.map(|(path, _)| path.clone()).collect()
    }

    /// What a record says of each package that it names, by ecosystem and normal name; sorted.
    ///
    /// Left out are packages of ecosystems that are not known, and commits without a package.
    pub fn of_record(record: &Record) -> Vec<(&'static Ecosystem, String, Self)> {
        let mut packages: BTreeMap<(&str, String), (&'static Ecosystem, Vec<&Affected>)> = BTreeMap::new();
        for affected in &record.affected {
            let Some(ecosystem) = Ecosystem::of(&affected.ecosystem) else { continue };
            let name = ecosystem.normal_name(&affected.name).into_owned();
            packages.entry((ecosystem.name, name)).or_insert_with(|| (ecosystem, Vec::new())).1.push(affected);
        }
        let of_one = |((_, name), (ecosystem, parts)): ((&str, String), (&'static Ecosystem, Vec<&Affected>))| {
            let advisory = Self::of_parts(record, ecosystem, &parts);
            (ecosystem, name, advisory)
        };
        packages.into_iter().map(of_one).collect()
    }

    fn of_parts(record: &Record, ecosystem: &Ecosystem, parts: &[&Affected]) -> Self {
        let kind = parts.iter().map(|part| kind_of(part)).min().unwrap_or(AdvisoryKind::Vulnerability);
        let (severity, cvss) = rating::of_record(record, parts, kind);
        let mut functions: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut patched: Vec<String> = Vec::new();
        for part in parts {
            functions.extend(named_functions(&part.ecosystem_specific).into_iter().map(|name| (name, Vec::new())));
            let of_versions = part.ranges.iter().filter(|range| range.kind != RangeKind::Git);
            for event in of_versions.flat_map(|range| &range.events) {
                if let Event::Fixed(version) = event
                    && version != "0"
                {
                    let text = format!(">={version}");
                    if !patched.contains(&text) {
                        patched.push(text);
                    }
                }
            }
        }
        let limits = |name: &str| {
            // A limit counts where every part has it.
            let mut of_parts = parts.iter().map(|part| listed(&part.ecosystem_specific, name));
            let first = of_parts.next().unwrap_or_default();
            if of_parts.all(|other| other == first) { first } else { Vec::new() }
        };
        let day_of = |text: &Option<String>| text.as_deref().and_then(day).map(|day| day.to_string());
        Self {
            id: record.id.clone(),
            aliases: record.aliases.clone(),
            kind,
            severity,
            cvss,
            affected: parts.iter().map(|part| kept(part, ecosystem)).collect(),
            patched,
            functions,
            arch: limits("arch"),
            os: limits("os"),
            published: day_of(&record.published),
            modified: day_of(&record.modified),
            withdrawn: record
                .withdrawn
                .as_ref()
                .map(|text| day(text).map_or_else(|| text.clone(), |day| day.to_string())),
            source: None,
        }
    }
}

/// The part without what says nothing more: commits where versions are named too, and versions of the list that one of the
/// ranges has.
fn kept(affected: &Affected, ecosystem: &Ecosystem) -> Part {
    /// Steps that are worth a shorter list.
    const MOST: usize = 100_000;
    let of_versions = |range: &&Range| range.kind != RangeKind::Git;
    let mut ranges: Vec<Range> = affected.ranges.iter().filter(of_versions).cloned().collect();
    if ranges.is_empty() && affected.versions.is_empty() {
        ranges.clone_from(&affected.ranges);
    }
    let events: usize = ranges.iter().map(|range| range.events.len() + 1).sum();
    if events.saturating_mul(affected.versions.len()) > MOST {
        return Part { ranges, versions: affected.versions.clone() };
    }
    let in_range = |version: &String| {
        let bounds = Bounds { ranges: &ranges, versions: &[] };
        // One that cannot be compared is found by its spelling alone.
        ecosystem.scheme.is_some_and(|scheme| scheme.parse(version).is_ok())
            && bounds.verdict(ecosystem.name, ecosystem.scheme, version) == Verdict::Affected
    };
    let versions =
        affected.versions.iter().filter(|version| ranges.is_empty() || !in_range(version)).cloned().collect();
    Part { ranges, versions }
}

/// What a record of OSV is about.
///
/// Source: RustSec's export, `database_specific.informational`.
fn kind_of(affected: &Affected) -> AdvisoryKind {
    match affected.database_specific.get("informational") {
        None | Some(Value::Null) => AdvisoryKind::Vulnerability,
        Some(Value::String(word)) => match word.as_str() {
            "unmaintained" => AdvisoryKind::Unmaintained,
            "unsound" => AdvisoryKind::Unsound,
            "notice" => AdvisoryKind::Notice,
            _ => AdvisoryKind::Unclassified,
        },
        Some(_) => AdvisoryKind::Unclassified,
    }
}

fn listed(specific: &Map<String, Value>, name: &str) -> Vec<String> {
    let list = specific.get("affects").and_then(|affects| affects.get(name)).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}

/// The functions that a record names: as RustSec's export has them, and as Go's database does.
fn named_functions(specific: &Map<String, Value>) -> Vec<String> {
    /// Functions of one record.
    const MOST: usize = 1000;
    let of_rust = listed(specific, "functions");
    let imports = specific.get("imports").and_then(Value::as_array);
    let of_go = imports.into_iter().flatten().flat_map(|import| {
        let path = import.get("path").and_then(Value::as_str).unwrap_or_default();
        let symbols = import.get("symbols").and_then(Value::as_array);
        symbols.into_iter().flatten().filter_map(Value::as_str).map(move |symbol| format!("{path}.{symbol}"))
    });
    of_rust.into_iter().chain(of_go).take(MOST).collect()
}
