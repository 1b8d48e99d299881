//! What a paper asks of an SBOM, checked in a document field by field.
//!
//! A field that is there counts as given, whatever it says: whether that is true, a document cannot show.

mod rows;

use std::collections::BTreeSet;

use serde::Serialize;

use super::document::{Document, Listed};

pub use rows::PROFILES;

/// Components that are named where a field lacks.
const NAMED: usize = 3;

/// What one paper asks for.
#[derive(Debug)]
pub struct Profile {
    /// Its name on the command line.
    pub id: &'static str,
    /// The paper.
    pub source: &'static str,
    /// Its fields, in its order.
    pub rows: &'static [Row],
    /// What it asks for besides, and what of that can be seen.
    pub practices: &'static [Practice],
}

/// One field.
#[derive(Debug)]
pub struct Row {
    /// Its name in the paper.
    pub name: &'static str,
    /// Where in the paper.
    pub section: &'static str,
    /// How binding it is.
    pub need: Need,
    /// Where it is in CycloneDX.
    pub cyclonedx: &'static str,
    /// Where it is in SPDX 2.
    pub spdx2: &'static str,
    /// Where it is in SPDX 3.
    pub spdx3: &'static str,
    /// The name by which a document says that it does not know it.
    pub unknown: &'static str,
    find: Find,
}

/// Of what a field is, and how it is found.
#[derive(Debug)]
enum Find {
    Document(fn(&Document) -> bool),
    Component(fn(&Listed, &Document) -> bool),
}

/// How binding a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// In every document.
    Required,
    /// Where the data exists, which a document does not show.
    IfExists,
    /// As its maker likes.
    Optional,
}

/// A practice, and what of it a document shows.
#[derive(Debug)]
pub struct Practice {
    /// Its name in the paper.
    pub name: &'static str,
    seen: fn(&Document) -> Option<String>,
}

/// What became of one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is given everywhere.
    Met,
    /// It is given or said not to be known everywhere.
    Unknown,
    /// It is given, said not to be known or said to be kept back everywhere.
    Withheld,
    /// It is missing somewhere.
    NotMet,
    /// It is missing, and need not be there.
    NotSeen,
    /// There is nothing that could have it.
    NotApplicable,
}

impl Verdict {
    /// In words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unknown => "said unknown",
            Self::Withheld => "withheld",
            Self::NotMet => "not met",
            Self::NotSeen => "not seen",
            Self::NotApplicable => "not applicable",
        }
    }
}

/// One field of one document.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// Its name in the paper.
    pub name: &'static str,
    /// `sbom` or `component`.
    pub part: &'static str,
    /// How binding it is.
    pub need: Need,
    /// What became of it.
    pub verdict: Verdict,
    /// How many have it: components, or the document.
    pub given: usize,
    /// How many are said not to have it known.
    pub unknown: usize,
    /// How many are said to keep it back.
    pub withheld: usize,
    /// How many lack it.
    pub missing: usize,
    /// The first that lack it.
    pub missing_from: Vec<String>,
    /// Where it would be in a document of this format.
    pub place: &'static str,
    /// Where in the paper.
    pub section: &'static str,
}

/// A practice in one document.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenPractice {
    /// Its name in the paper.
    pub name: &'static str,
    /// What the document shows of it; `null` where no document can.
    pub seen: Option<String>,
}

/// A document by one profile.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileReport {
    /// The profile.
    pub profile: &'static str,
    /// The paper.
    pub source: &'static str,
    /// Is every required field met? `unknown` where some are said not to be known and none is missing, `withheld` where some are
    /// said to be kept back.
    pub verdict: Verdict,
    /// Required fields.
    pub required: usize,
    /// Of them, those that are not met.
    pub not_met: usize,
    /// Of them, those that are said not to be known.
    pub said_unknown: usize,
    /// Of them, those that are said to be kept back.
    pub said_withheld: usize,
    /// All fields.
    pub fields: Vec<Field>,
    /// What is asked for besides.
    pub practices: Vec<SeenPractice>,
}

impl Profile {
    /// The profile of this name.
    pub fn named(id: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.id == id)
    }

    /// Checks a document. What is said not to be inside it (`excluded`) is not asked for fields.
    pub fn check(&self, document: &Document) -> ProfileReport {
        let components: Vec<&Listed> = document.components.iter().filter(|one| !one.excluded).collect();
        let fields: Vec<Field> = self.rows.iter().map(|row| row.check(document, &components)).collect();
        let required = || fields.iter().filter(|field| field.need == Need::Required);
        let count = |verdict: Verdict| required().filter(|field| field.verdict == verdict).count();
        let [not_met, said_unknown, said_withheld] = [Verdict::NotMet, Verdict::Unknown, Verdict::Withheld].map(count);
        let verdict = match (not_met + count(Verdict::NotApplicable), said_withheld, said_unknown) {
            (0, 0, 0) => Verdict::Met,
            (0, 0, _) => Verdict::Unknown,
            (0, ..) => Verdict::Withheld,
            _ => Verdict::NotMet,
        };
        let practices = self.practices.iter();
        ProfileReport {
            profile: self.id,
            source: self.source,
            verdict,
            required: required().count(),
            not_met,
            said_unknown,
            said_withheld,
            practices: practices.map(|one| SeenPractice { name: one.name, seen: (one.seen)(document) }).collect(),
            fields,
        }
    }
}

impl Row {
    /// `sbom` or `component`.
    pub const fn part(&self) -> &'static str {
        match self.find {
            Find::Document(_) => "sbom",
            Find::Component(_) => "component",
        }
    }

    fn check(&self, document: &Document, components: &[&Listed]) -> Field {
        let mut field = Field {
            name: self.name,
            part: self.part(),
            need: self.need,
            verdict: Verdict::NotApplicable,
            given: 0,
            unknown: 0,
            withheld: 0,
            missing: 0,
            missing_from: Vec::new(),
            place: match (document.format, document.version.starts_with("3.")) {
                (super::document::Format::CycloneDx, _) => self.cyclonedx,
                (super::document::Format::Spdx, false) => self.spdx2,
                (super::document::Format::Spdx, true) => self.spdx3,
            },
            section: self.section,
        };
        let said = |names: &BTreeSet<String>| names.contains(self.unknown) || names.contains(self.name);
        let mut count = |given: bool, unknown: bool, withheld: bool, name: &dyn Fn() -> String| {
            if given {
                field.given += 1;
            } else if unknown {
                field.unknown += 1;
            } else if withheld {
                field.withheld += 1;
            } else {
                field.missing += 1;
                if field.missing_from.len() < NAMED {
                    field.missing_from.push(name());
                }
            }
        };
        match self.find {
            Find::Document(find) => {
                let withheld = document.withheld.as_ref().is_some_and(said);
                count(find(document), said(&document.unknown), withheld, &|| "the document".to_owned());
            }
            Find::Component(find) => {
                for one in components {
                    count(find(one, document), said(&one.unknown), said(&one.withheld), &|| one.shown());
                }
            }
        }
        field.verdict = match (field.given, field.unknown, field.withheld, field.missing) {
            (0, 0, 0, 0) => Verdict::NotApplicable,
            (_, 0, 0, 0) => Verdict::Met,
            (_, _, 0, 0) => Verdict::Unknown,
            (_, _, _, 0) => Verdict::Withheld,
            _ if self.need == Need::Required => Verdict::NotMet,
            _ => Verdict::NotSeen,
        };
        field
    }
}

impl Listed {
    /// What a reader finds it by: name and version, else package URL, else id.
    pub fn shown(&self) -> String {
        let name = self.name.as_deref().or(self.purl.as_deref()).unwrap_or(&self.id);
        let version = self.version.as_deref().filter(|_| self.name.is_some());
        let both = version.map_or_else(|| name.to_owned(), |version| format!("{name} {version}"));
        plimsoll_model::excerpt(&both, 80)
    }
}

#[cfg(test)]
mod tests;
