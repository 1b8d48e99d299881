//! Forges that are known, from a table of data: who commits and signs what a forge's buttons make.

use std::sync::OnceLock;

use serde::Deserialize;

/// A forge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forge {
    /// Its name.
    pub name: String,
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

/// Is this the fingerprint of a certificate of one of them?
pub(crate) fn is_key(fingerprint: &str) -> bool {
    known().iter().any(|forge| forge.openpgp.iter().any(|known| known == fingerprint))
}

/// Whose certificate has this fingerprint, or a fingerprint that ends in this key id: a help for people, and no proof.
pub(crate) fn named_by(key: &str) -> Option<&'static Forge> {
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
        for forge in known() {
            assert!(forge.addresses.iter().all(|one| *one == one.to_lowercase() && one.contains('@')), "{forge:?}");
            assert!(forge.openpgp.iter().all(|one| one.len() == 40 && *one == one.to_uppercase()), "{forge:?}");
        }
    }
}
