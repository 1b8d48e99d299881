//! The names under which forges commit: whoever bears one is no person.

use super::{Role, TrustPolicy};
use crate::{forges, ssh};

/// Names and addresses of forges: those that are known, and those whose keys a policy gives the role of a forge.
#[derive(Clone, Debug)]
pub struct ForgeNames {
    /// Patterns of addresses, lower case.
    addresses: Vec<String>,
    /// Names as they stand in user ids.
    names: Vec<String>,
}

impl Default for ForgeNames {
    fn default() -> Self {
        let addresses = forges::known().iter().flat_map(|forge| &forge.addresses);
        Self { addresses: addresses.cloned().collect(), names: Vec::new() }
    }
}

impl ForgeNames {
    /// Is it a forge's?
    pub fn has(&self, name: &str, address: &str) -> bool {
        let address = address.trim();
        self.addresses.iter().any(|list| ssh::names(address, list))
            || self.names.iter().any(|known| known.eq_ignore_ascii_case(name.trim()))
    }
}

impl TrustPolicy {
    /// The names of forges: those that are known, and user ids, principals and addresses of keys with the role of a forge.
    pub fn forge_names(&self) -> ForgeNames {
        let is_forge = |at: usize| self.entries.get(at).is_some_and(|entry| entry.role == Role::Forge);
        let mut forges = ForgeNames::default();
        for key in self.keyring.keys().filter(|key| key.entries.iter().any(|at| is_forge(*at))) {
            forges.addresses.extend(key.addresses.iter().cloned());
            let name = key.user.split('<').next().unwrap_or_default().trim();
            forges.names.extend(Some(name.to_owned()).filter(|name| !name.is_empty() && !name.contains('@')));
        }
        let of_forges = self.allowed.principals().filter(|(_, at)| is_forge(*at));
        forges.addresses.extend(of_forges.map(|(principals, _)| principals.to_owned()));
        for entry in self.entries.iter().filter(|entry| entry.role == Role::Forge) {
            forges.addresses.extend(entry.addresses.iter().chain(&entry.identities).cloned());
        }
        for list in [&mut forges.addresses, &mut forges.names] {
            list.sort();
            list.dedup();
        }
        forges
    }
}
