//! Keys and certificates that the policy revokes: a list of keys, or OpenSSH's revocation list.

use std::collections::BTreeSet;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    LARGEST_FILE, crypto,
    krl::{Krl, MAGIC},
};

/// Revoked keys of all files.
#[derive(Debug, Default)]
pub struct RevokedKeys {
    keys: BTreeSet<Vec<u8>>,
    lists: Vec<Krl>,
}

impl RevokedKeys {
    /// Reads one file: a binary revocation list, or one public key in a line.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > LARGEST_FILE {
            return Err(format!("larger than {LARGEST_FILE} bytes"));
        }
        if bytes.starts_with(MAGIC) {
            return Ok(Self { keys: BTreeSet::new(), lists: vec![Krl::read(bytes)?] });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| "neither a revocation list nor text".to_owned())?;
        let mut keys = BTreeSet::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            keys.insert(blob(line).ok_or_else(|| format!("line {}: no public key that can be read", number + 1))?);
        }
        Ok(Self { keys, lists: Vec::new() })
    }

    /// Adds what another file revokes.
    pub fn extend(&mut self, other: Self) {
        self.keys.extend(other.keys);
        self.lists.extend(other.lists);
    }

    /// Is this key revoked, or this certificate, its key or its authority?
    pub fn holds(&self, blob: &[u8]) -> bool {
        let holds_key = |key: &[u8]| self.keys.contains(key) || self.lists.iter().any(|list| list.holds_key(key));
        if holds_key(blob) {
            return true;
        }
        let Some(Ok(certificate)) = crypto::certificate(blob) else { return false };
        let authority = &certificate.authority;
        holds_key(&certificate.key)
            || holds_key(authority)
            || self.lists.iter().any(|list| list.holds_certificate(authority, certificate.serial, &certificate.id))
    }
}

/// The key of a line: of the kind that stands before it, and whole. One that is cut off would revoke nothing.
fn blob(line: &str) -> Option<Vec<u8>> {
    let mut words = line.split_whitespace();
    let (kind, encoded) = (words.next()?, words.next()?);
    let blob = STANDARD.decode(encoded).ok()?;
    let named = <String as ssh_encoding::Decode>::decode(&mut blob.as_slice()).ok()?;
    let is_whole = match crypto::certificate(&blob) {
        Some(certificate) => certificate.is_ok(),
        None => ssh_key::PublicKey::from_bytes(&blob).is_ok(),
    };
    (named == kind && is_whole).then_some(blob)
}
