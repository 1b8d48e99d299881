//! Bodies of facts that more than one crate reads: one type each, which names its kind.
//!
//! A collector writes the type and whoever reads the fact reads the same type, so that a member that is renamed does not become
//! an empty text somewhere else. Members that this version does not know are kept. A body that is not what its kind has is an
//! error for whoever reads it, and never a body of empty members. A member that is added later has to have a default, and to be
//! left out where it has no value (`skip_serializing_if`): evidence that was written before does not have it.

mod advisory_database;
mod advisory_finding;
mod claim;
mod claims_file;
mod countersignature;
mod product;
mod reach;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

pub use self::{
    advisory_database::{AdvisoryDatabase, Yanked},
    advisory_finding::{
        ANSWERED_BY_THE_MAKER, AdvisoryFinding, AdvisoryKind, ExceptionOnFinding, FixAllowed, HeldBy, Severity,
    },
    claim::{Answer, Claim},
    claims_file::ClaimsFile,
    countersignature::JudgedCountersignature,
    product::{Issuer, Product},
    reach::Reach,
};
use crate::{Evidence, Fact, Kind, KindName, one_line, unfit};

/// The body of one kind of fact.
pub trait Body: Serialize + DeserializeOwned {
    /// The name of the kind.
    const KIND: KindName;
}

/// A fact whose body is not what its kind has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fact of kind \"{kind}\" cannot be read ({subject}: {reason}): collect again from the source")]
pub struct BodyError {
    /// The kind.
    pub kind: KindName,
    /// What the fact is about.
    pub subject: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Kind {
    /// A kind of bodies that name it, that rests on the commit alone and on no day.
    pub const fn of_body<B: Body + JsonSchema>(about: &'static str) -> Self {
        Self::of::<B>(B::KIND, about)
    }
}

impl Fact {
    /// Reads the body as `B`, whatever kind the fact says that it is of.
    pub fn body_as<B: Body>(&self) -> Result<B, BodyError> {
        B::deserialize(&self.body).map_err(|error| BodyError {
            kind: B::KIND,
            subject: one_line(&format!("{} {}", self.subject.kind, self.subject.id)).trim_end().to_owned(),
            reason: unfit(&error, "such a fact"),
        })
    }
}

impl Evidence {
    /// The bodies of the facts of one kind, in the order of the facts.
    pub fn bodies<B: Body>(&self) -> impl Iterator<Item = Result<B, BodyError>> {
        self.facts_of(B::KIND).map(Fact::body_as)
    }
}
