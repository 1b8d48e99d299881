//! Evidence as it is written, hashed and scored: once.

use std::borrow::Cow;

use crate::{CanonicalError, DigestSet, Evidence, Fact, sha256_hex, to_canonical};

/// Evidence whose facts are in their order, with its RFC 8785 bytes and their digest. It is the largest thing of a run, so that
/// what is in order already is neither copied nor written twice.
#[derive(Debug)]
pub struct CanonicalEvidence<'a> {
    evidence: Cow<'a, Evidence>,
    bytes: Vec<u8>,
}

impl<'a> CanonicalEvidence<'a> {
    /// Orders the facts where they are not, and writes the evidence. Fails where it cannot be written canonically.
    pub fn of(evidence: &'a Evidence) -> Result<Self, CanonicalError> {
        let mut evidence = Cow::Borrowed(evidence);
        if !evidence.facts.is_sorted_by(|one, other| Fact::order(one, other).is_le()) {
            evidence.to_mut().sort();
        }
        let bytes = to_canonical(evidence.as_ref())?;
        Ok(Self { evidence, bytes })
    }

    /// The evidence, in order.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// The SHA-256 of its bytes.
    pub fn digest(&self) -> DigestSet {
        DigestSet::from([("sha256".to_owned(), sha256_hex(&self.bytes))])
    }

    /// Its bytes, without a newline at the end.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
