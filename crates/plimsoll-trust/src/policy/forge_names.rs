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
    /// Is it the host of one of them?
    pub fn has_host(&self, host: &str) -> bool {
        let hosts = self.addresses.iter().flat_map(|list| list.split(',')).filter_map(|one| one.rsplit_once('@'));
        hosts.map(|(_, host)| host).any(|own| own.eq_ignore_ascii_case(host) && own.contains('.'))
    }

    /// Is it a forge's?
    pub fn has(&self, name: &str, address: &str) -> bool {
        let address = address.trim();
        self.addresses.iter().any(|list| ssh::names(address, list))
            || self.names.iter().any(|known| known.eq_ignore_ascii_case(name.trim()))
    }
}

/// The addresses of people whom a policy names.
#[derive(Clone, Debug)]
pub struct PersonNames {
    /// Patterns of addresses.
    addresses: Vec<String>,
}

impl PersonNames {
    /// Is it the address of one of them?
    pub fn has(&self, address: &str) -> bool {
        self.addresses.iter().any(|list| ssh::names(address.trim(), list))
    }
}

impl TrustPolicy {
    /// The addresses of people: of user ids, principals and entries of keys with the role of a person.
    pub fn person_names(&self) -> PersonNames {
        let is_person = |at: usize| self.entries.get(at).is_some_and(|entry| entry.role == Role::Person);
        let keys = self.keyring.keys().filter(|key| key.entries.iter().all(|at| is_person(*at)));
        let mut addresses: Vec<String> = keys.flat_map(|key| &key.addresses).cloned().collect();
        addresses.extend(self.allowed.principals().filter(|(_, at)| is_person(*at)).map(|(names, _)| names.to_owned()));
        let entries = self.entries.iter().filter(|entry| entry.role == Role::Person);
        addresses.extend(entries.flat_map(|entry| entry.addresses.iter().chain(&entry.identities)).cloned());
        PersonNames { addresses }
    }

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
