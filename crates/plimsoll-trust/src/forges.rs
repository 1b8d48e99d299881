//! Forges that are known, from a table of data: who commits and signs what a forge's buttons make.

use std::sync::OnceLock;

use plimsoll_model::sha256_hex;
use serde::Deserialize;

/// The certificates that are built in, by the id of the forge. Each is in the table by its fingerprint as well.
const CERTIFICATES: &[(&str, &[u8])] = &[("github", include_bytes!("../data/forges/github.asc"))];

/// A forge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Forge {
    /// Its name.
    pub name: String,
    /// What a policy calls it, where its certificates are built in.
    #[serde(default)]
    pub id: Option<String>,
    /// The day of which the built-in certificates are.
    #[serde(default)]
    pub keys_of: Option<String>,
    /// Where the forge publishes its keys.
    #[serde(default)]
    pub source: Option<String>,
    /// Addresses under which it commits, lower case.
    #[serde(default)]
    pub addresses: Vec<String>,
    /// Fingerprints of the OpenPGP certificates under which it signs, upper-case hexadecimal.
    #[serde(default)]
    openpgp: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    forge: Vec<Forge>,
}

/// The forges of the table that is built in.
pub fn known() -> &'static [Forge] {
    static TABLE: OnceLock<Table> = OnceLock::new();
    // The table is part of the program, and a test reads it.
    &TABLE.get_or_init(|| toml::from_str(include_str!("forges.toml")).unwrap_or_default()).forge
}

impl Forge {
    /// The certificates that are built in, armored.
    pub(crate) fn certificates(&self) -> Option<&'static [u8]> {
        CERTIFICATES.iter().find(|(id, _)| self.id.as_deref() == Some(id)).map(|(_, bytes)| *bytes)
    }
}

/// Those whose certificates are built in.
pub fn with_certificates() -> impl Iterator<Item = (&'static Forge, &'static [u8])> {
    known().iter().filter_map(|forge| Some((forge, forge.certificates()?)))
}

/// The day of the newest of the built-in certificates, and the digest of all of them.
pub fn built_in() -> (Option<&'static str>, String) {
    let day = with_certificates().filter_map(|(forge, _)| forge.keys_of.as_deref()).max();
    let lines: Vec<String> = CERTIFICATES.iter().map(|(id, bytes)| format!("{} {id}", sha256_hex(bytes))).collect();
    (day, sha256_hex(lines.join("\n").as_bytes()))
}

/// Is this the fingerprint of a certificate of one of them?
pub(crate) fn is_key(fingerprint: &str) -> bool {
    known().iter().any(|forge| forge.openpgp.iter().any(|known| known == fingerprint))
}

/// Whose certificate has this fingerprint, or a fingerprint that ends in this key id: a help for people, and no proof.
pub fn named_by(key: &str) -> Option<&'static Forge> {
    known().iter().find(|forge| key.len() >= 16 && forge.openpgp.iter().any(|known| known.ends_with(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        assert!(toml::from_str::<Table>(include_str!("forges.toml")).is_ok_and(|table| table.forge.len() >= 4));
        assert!(is_key("968479A1AFF927E37D1A566BB5690EEEBB952194"));
        assert!(!is_key("968479A1AFF927E37D1A566BB5690EEEBB952195"));
        for (id, _) in CERTIFICATES {
            assert!(known().iter().any(|forge| forge.id.as_deref() == Some(id)), "{id}");
        }
        for forge in known() {
            assert_eq!(forge.id.is_some(), forge.certificates().is_some(), "{forge:?}");
            assert_eq!(forge.id.is_some(), forge.keys_of.is_some() && forge.source.is_some(), "{forge:?}");
            assert!(forge.addresses.iter().all(|one| *one == one.to_lowercase() && one.contains('@')), "{forge:?}");
            assert!(forge.openpgp.iter().all(|one| one.len() == 40 && *one == one.to_uppercase()), "{forge:?}");
        }
    }
}
