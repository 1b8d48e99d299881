//! The file that an attestation is asked about.

use std::collections::BTreeMap;

use sigstore_verify::crypto::{sha256, sha384, sha512};

/// A file by its digests, and its bytes where they are at hand.
#[derive(Clone, Debug, Default)]
pub struct ArtifactFile<'a> {
    /// Its name without folders, where it has one.
    pub name: Option<&'a str>,
    /// Digests by in-toto's names, in lower-case hexadecimal.
    pub digests: BTreeMap<String, String>,
    /// Its bytes.
    pub bytes: Option<&'a [u8]>,
}

impl<'a> ArtifactFile<'a> {
    /// A file whose bytes are at hand: SHA-256, SHA-384 and SHA-512.
    pub fn of_bytes(name: Option<&'a str>, bytes: &'a [u8]) -> Self {
        let digests = [
            ("sha256", sha256(bytes).to_hex()),
            ("sha384", hex(sha384(bytes).as_bytes())),
            ("sha512", sha512(bytes).to_hex()),
        ];
        let digests = digests.into_iter().map(|(name, digest)| (name.to_owned(), digest)).collect();
        Self { name, digests, bytes: Some(bytes) }
    }

    /// A file of which one digest is known.
    pub fn of_digest(algorithm: &str, digest: &str) -> Self {
        Self { digests: BTreeMap::from([(algorithm.to_owned(), digest.to_owned())]), ..Self::default() }
    }

    /// The same with the SHA-384, where its bytes are at hand: few ask for it, and it takes as long as the others.
    pub(super) fn with_sha384(&self) -> Self {
        let mut all = self.clone();
        if let Some(bytes) = self.bytes {
            all.digests.insert("sha384".to_owned(), hex(sha384(bytes).as_bytes()));
        }
        all
    }

    /// Its SHA-256.
    pub fn sha256(&self) -> Option<&str> {
        self.digests.get("sha256").map(String::as_str)
    }
}

fn hex(bytes: &[u8]) -> String {
    plimsoll_model::hex(bytes)
}
