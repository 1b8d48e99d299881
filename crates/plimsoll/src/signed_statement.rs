//! A signed statement about one label or statement: a countersignature or a revocation, read by the same rules.

use plimsoll_model::{
    COUNTERSIGNATURE_PREDICATE_TYPE, Countersignature, REVOCATION_PREDICATE_TYPE, Revocation, Statement, canonical_of,
    is_version_one, one_line, sha256_hex,
};
use plimsoll_trust::Attestation;
use serde::{Deserialize as _, de::DeserializeOwned};

/// What such a statement says.
pub(crate) trait Predicate: DeserializeOwned {
    /// Its predicate type.
    const TYPE: &'static str;
    /// What it is called in messages.
    const NAME: &'static str;
    /// What its subject has to be.
    const SUBJECT: &'static str;

    /// The schema version that it is of.
    fn schema_version(&self) -> &str;
}

impl Predicate for Countersignature {
    const TYPE: &'static str = COUNTERSIGNATURE_PREDICATE_TYPE;
    const NAME: &'static str = "countersignature";
    const SUBJECT: &'static str = "is over one label, by its SHA-256";

    fn schema_version(&self) -> &str {
        &self.schema_version
    }
}

impl Predicate for Revocation {
    const TYPE: &'static str = REVOCATION_PREDICATE_TYPE;
    const NAME: &'static str = "revocation";
    const SUBJECT: &'static str = "is of one statement, by its SHA-256";

    fn schema_version(&self) -> &str {
        &self.schema_version
    }
}

/// One that was read. That somebody signed it says nothing yet: whose signature it is, and whether it is valid, is asked next.
pub(crate) struct SignedStatement<P> {
    /// What it says.
    pub predicate: P,
    /// SHA-256 of what it is about.
    pub subject: String,
    /// SHA-256 of its canonical bytes, by which a revocation names it, whatever blanks it was signed with.
    pub digest: String,
}

impl<P: Predicate> SignedStatement<P> {
    /// Reads one.
    ///
    /// Refused, in words: what has no signature, a statement of another type, content that has no canonical form or is not
    /// what the type has, another major version, and anything but one subject with a SHA-256.
    pub(crate) fn read(attestation: &Attestation) -> Result<Self, String> {
        let name = P::NAME;
        let (Some(statement), Some(payload)) = (attestation.statement(), attestation.payload()) else {
            return Err(format!("not a {name}: nothing is signed in it"));
        };
        if statement.predicate_type != P::TYPE {
            let found = one_line(&statement.predicate_type);
            return Err(format!("not a {name}: its predicate type is \"{found}\""));
        }
        let digest = sha256_hex(&canonical_of(statement.value(), payload).map_err(|error| error.to_string())?);
        let read = Statement::<P>::deserialize(statement.value())
            .map_err(|error| format!("not a {name}: {}", one_line(&error.to_string())))?;
        let predicate = read.predicate;
        if !is_version_one(predicate.schema_version()) {
            let found = one_line(predicate.schema_version());
            return Err(format!(
                "a {name} of schema version {found}; this version of plimsoll reads 1.0, 1.1 and so on"
            ));
        }
        let subject = match statement.subjects.as_slice() {
            [one] => one.digest.get("sha256").cloned(),
            _ => None,
        };
        let subject = subject.ok_or_else(|| format!("a {name} {}", P::SUBJECT))?;
        Ok(Self { predicate, subject, digest })
    }
}
