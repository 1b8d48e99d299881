//! What the practices can decide: for each entry of a catalog what decides it, from which evidence, and how far it reaches;
//! and which entries of two catalogs rest on the same criteria.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::Assurance;
use plimsoll_practices::{Catalog, Criterion, Entry, Practices};
use serde::Serialize;

/// What decides one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CoveredEntry {
    /// Its id.
    pub id: String,
    /// The standard's own level or weight, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// Its title.
    pub title: String,
    /// How far the evidence decides it.
    pub by: DecidedBy,
    /// The highest assurance at which it could ever be met.
    pub reach: Assurance,
    /// The highest at which this version can meet it.
    pub reachable: Assurance,
    /// Does the maker's word count for it?
    pub claimable: bool,
    /// What no criterion covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncovered: Option<String>,
    /// What the criteria do not look at, although they meet it in a label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond: Option<String>,
    /// Why this version does not come to `reach`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<String>,
    /// The criteria behind it.
    pub criteria: Vec<String>,
    /// The kinds of evidence that they need.
    pub kinds: Vec<String>,
    /// The collectors that state those.
    pub collectors: Vec<String>,
    /// Fixtures in which all criteria that have to hold do.
    pub holds_in: Vec<String>,
    /// Fixtures in which one of them does not hold.
    pub fails_in: Vec<String>,
    /// Fixtures in which one of them cannot be decided.
    pub unknown_in: Vec<String>,
}

/// How far evidence decides an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecidedBy {
    /// Evidence can meet it.
    Evidence,
    /// Evidence meets it in a label, and does not look at all of it: in a report it is met in part.
    Most,
    /// Evidence can show a part of it, and only the maker's word can meet it.
    Part,
    /// The maker alone.
    Maker,
}

impl DecidedBy {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evidence => "evidence",
            Self::Most => "evidence but for a part",
            Self::Part => "evidence in part",
            Self::Maker => "the maker alone",
        }
    }
}

/// Gives what decides each entry of `catalog`, in its order.
pub fn coverage(practices: &Practices, catalog: &Catalog) -> Vec<CoveredEntry> {
    let stated_by: BTreeMap<&str, &str> =
        plimsoll_collect::kinds().into_iter().map(|(collector, kind)| (kind.name, collector)).collect();
    catalog.entries.iter().map(|entry| covered(practices, entry, &stated_by)).collect()
}

fn covered(practices: &Practices, entry: &Entry, stated_by: &BTreeMap<&str, &str>) -> CoveredEntry {
    let criteria = criteria_of(entry);
    let rows = |ids: &[String]| ids.iter().filter_map(|id| practices.criteria().get(id)).collect::<Vec<&Criterion>>();
    let base = rows(&entry.supported_by);
    let kinds: BTreeSet<String> = rows(&criteria).iter().flat_map(|row| row.needs.iter().cloned()).collect();
    let collectors: BTreeSet<&str> = kinds.iter().filter_map(|kind| stated_by.get(kind.as_str()).copied()).collect();
    let every = |row: &Criterion| row.examples.met.iter().cloned().collect::<BTreeSet<String>>();
    let holds_in = base.iter().map(|row| every(row)).reduce(|one, other| &one & &other).unwrap_or_default();
    let unmet: BTreeSet<String> = base.iter().flat_map(|row| row.examples.unmet.iter().cloned()).collect();
    let unknown: BTreeSet<String> = base.iter().flat_map(|row| row.examples.unknown.iter().cloned()).collect();
    // What criteria read in the maker's own file is the maker's word.
    let is_said = entry.supported_by.iter().all(|id| practices.is_word_of_maker(id));
    let by = match (is_said, &entry.uncovered, &entry.beyond) {
        (true, _, _) => DecidedBy::Maker,
        (false, Some(_), _) => DecidedBy::Part,
        (false, None, Some(_)) => DecidedBy::Most,
        (false, None, None) => DecidedBy::Evidence,
    };
    CoveredEntry {
        id: entry.id.clone(),
        level: entry.level.clone(),
        title: entry.title.clone(),
        by,
        reach: entry.reach,
        reachable: entry.reachable,
        claimable: entry.claimable,
        uncovered: entry.uncovered.clone(),
        beyond: entry.beyond.clone(),
        pending: entry.pending.clone(),
        criteria,
        collectors: collectors.into_iter().map(str::to_owned).collect(),
        kinds: kinds.into_iter().collect(),
        holds_in: holds_in.into_iter().collect(),
        fails_in: unmet.into_iter().collect(),
        unknown_in: unknown.into_iter().collect(),
    }
}

/// Every criterion that says something for an entry: those that have to hold, then those that raise it.
fn criteria_of(entry: &Entry) -> Vec<String> {
    let raised = entry.strengthened_by.iter().chain(&entry.corroborated_by);
    entry.supported_by.iter().chain(raised).cloned().collect()
}

/// Two entries that rest on the same criteria.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Crossing {
    /// An entry of the one catalog.
    pub from: String,
    /// An entry of the other.
    pub to: String,
    /// The criteria that both rest on.
    pub criteria: Vec<String>,
}

/// Gives every pair of entries of `from` and `to` that share a criterion, in the order of both. It says that they are related, and
/// not that one answers the other.
pub fn crosswalk(from: &Catalog, to: &Catalog) -> Vec<Crossing> {
    let mut found = Vec::new();
    for one in &from.entries {
        let own: BTreeSet<String> = criteria_of(one).into_iter().collect();
        for other in &to.entries {
            let shared: Vec<String> = criteria_of(other).into_iter().filter(|id| own.contains(id)).collect();
            if !shared.is_empty() {
                found.push(Crossing { from: one.id.clone(), to: other.id.clone(), criteria: shared });
            }
        }
    }
    found
}

/// The coverage of one catalog as a table in Markdown, with a sentence that counts it.
pub fn coverage_markdown(practices: &Practices, catalog: &Catalog) -> String {
    let rows = coverage(practices, catalog);
    let mut page = format!("{}\n\n", tally(&rows));
    page.push_str("| Entry | Decided by | Reach | Criteria | Collectors | Fixtures: holds, fails, unknown |\n|---|---|---|---|---|---|\n");
    for row in &rows {
        let reach = if row.reachable == row.reach {
            row.reach.to_string()
        } else {
            format!("{} ({} in this version)", row.reach, row.reachable)
        };
        let code = |ids: &[String]| ids.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
        let left = row.uncovered.as_ref().or(row.beyond.as_ref()).or(row.pending.as_ref());
        let left = left.map(|left| format!("; open: {}", left.replace('|', "\\|"))).unwrap_or_default();
        let names = |names: &[String]| if names.is_empty() { "-".to_owned() } else { names.join(" ") };
        let fixtures = if row.criteria.is_empty() {
            String::new()
        } else {
            format!("{}; {}; {}", names(&row.holds_in), names(&row.fails_in), names(&row.unknown_in))
        };
        let by = row.by.as_str();
        page.push_str(&format!(
            "| `{}` {} | {by}{left} | {reach} | {} | {} | {fixtures} |\n",
            row.id,
            row.title.replace('|', "\\|"),
            code(&row.criteria),
            row.collectors.join(", ")
        ));
    }
    page
}

/// `31 entries: 3 decided by evidence, 4 by evidence but for a part, 11 in part, 13 by the maker alone.`
pub fn tally(rows: &[CoveredEntry]) -> String {
    let count = |by: DecidedBy| rows.iter().filter(|row| row.by == by).count();
    format!(
        "{} entries: {} decided by evidence, {} by evidence but for a part, {} in part, {} by the maker alone.",
        rows.len(),
        count(DecidedBy::Evidence),
        count(DecidedBy::Most),
        count(DecidedBy::Part),
        count(DecidedBy::Maker)
    )
}
