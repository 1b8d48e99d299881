//! What the producer says: `plimsoll.toml` at the root of the commit's tree. It is an input: which paths ship, what is claimed,
//! and which advisories are answered rest on it.

mod days;
mod file;
mod issuer;
mod mistakes;
mod shape;
mod values;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use plimsoll_model::{Input, Pointer};
use plimsoll_snapshot::Snapshot;

pub use file::{Claim, ClaimsDocument, ClaimsError, DataCategory, Exception, parse};
pub(crate) use issuer::IssuerTable;

use crate::PathClasses;

/// The name of the file.
pub const CLAIMS_FILE: &str = "plimsoll.toml";
/// Bytes of the file.
const LARGEST: u64 = 1024 * 1024;

/// The producer's claims as they were found.
#[derive(Debug)]
pub enum ClaimsFile {
    /// There is no such file.
    Absent,
    /// It is there and says nothing that counts.
    Invalid {
        /// Why, in one line with the place.
        reason: String,
        /// Where it is.
        pointer: Pointer,
        /// Name and version of the product, as far as it can be read all the same. They are shown, and claim nothing.
        named: Option<(String, Option<String>)>,
    },
    /// It was understood.
    Present {
        /// What it says.
        claims: Box<ClaimsDocument>,
        /// The stated path rules, with what it says beside them.
        classes: PathClasses,
        /// Where it is.
        pointer: Pointer,
        /// SHA-256 of its bytes.
        sha256: String,
    },
}

impl ClaimsFile {
    /// Reads the file of the commit, if there is one.
    pub fn read(snapshot: &Snapshot) -> Self {
        let Some(entry) = snapshot.entry(CLAIMS_FILE) else { return Self::Absent };
        let invalid = |reason: String, named| Self::Invalid {
            reason: format!("{CLAIMS_FILE}: {reason}"),
            pointer: entry.pointer(),
            named,
        };
        let text = match snapshot.read_text(entry, LARGEST) {
            Ok(text) => text,
            Err(error) => return invalid(error.to_string(), None),
        };
        let parsed = parse(&text).and_then(|claims| Ok((claims.path_classes()?, claims)));
        match parsed {
            Ok((classes, claims)) => Self::Present {
                claims: Box::new(claims),
                classes,
                pointer: entry.pointer(),
                sha256: plimsoll_model::sha256_hex(text.as_bytes()),
            },
            Err(error) => invalid(error.to_string(), file::named(&text)),
        }
    }

    /// The path rules: the stated ones alone where the file does not count.
    pub fn classes(&self) -> PathClasses {
        match self {
            Self::Present { classes, .. } => classes.clone(),
            Self::Absent | Self::Invalid { .. } => PathClasses::stated(),
        }
    }

    /// The name of the product, where the file gives one.
    pub fn product_name(&self) -> Option<&str> {
        let Self::Present { claims, .. } = self else { return None };
        Some(claims.product.name.as_str()).filter(|name| !name.is_empty())
    }

    /// Does the file name this as who stands behind the product?
    pub fn is_claimant(&self, name: &str) -> bool {
        matches!(self, Self::Present { claims, .. } if claims.product.claimant.as_deref() == Some(name))
    }

    /// The file as a pinned input.
    pub fn input(&self) -> Option<Input> {
        let Self::Present { claims, pointer, sha256, .. } = self else { return None };
        Some(Input {
            source: CLAIMS_FILE.to_owned(),
            revision: pointer.blob.clone(),
            date: Some(claims.date),
            digest: BTreeMap::from([("sha256".to_owned(), sha256.clone())]),
            ..Input::default()
        })
    }
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    let _ = file::parse(text).map(|claims| claims.path_classes().is_ok());
}
