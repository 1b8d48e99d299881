//! Whom a policy trusts, for people to read.

use std::collections::BTreeMap;

use plimsoll_model::SignatureScheme;

use super::{Role, TrustPolicy};
use crate::ssh::DescribedSigner;

/// One key or authority of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    /// What it signs.
    pub scheme: SignatureScheme,
    /// The fingerprint of the key, of the primary key where it has subkeys; of authorities the digest of their file.
    pub fingerprint: String,
    /// Fingerprints of all keys that sign for it.
    pub keys: Vec<String>,
    /// User id, principals or identities.
    pub name: String,
    /// Is it a forge's?
    pub forge: bool,
    /// The name of the party.
    pub party: Option<String>,
    /// The windows in which the policy trusts it, seconds since 1970.
    pub windows: Vec<(Option<i64>, Option<i64>)>,
    /// When the key itself ends.
    pub expires: Option<i64>,
    /// Since when it is revoked, and whether it never counted.
    pub revoked: Option<(i64, bool)>,
    /// Copies of the certificate that were merged.
    pub copies: usize,
}

impl TrustedKey {
    /// The last moment at which it counts, by itself and by the policy; none where it does not end.
    pub fn end(&self) -> Option<i64> {
        let open = self.windows.iter().any(|(_, before)| before.is_none());
        let window = if open { None } else { self.windows.iter().filter_map(|(_, before)| *before).max() };
        [self.expires, window].into_iter().flatten().min()
    }
}

impl TrustPolicy {
    /// Everyone whom the policy trusts for commits and tags.
    pub fn described(&self) -> Vec<TrustedKey> {
        let mut found: Vec<TrustedKey> = self.described_openpgp();
        let mut ssh: BTreeMap<String, TrustedKey> = BTreeMap::new();
        for DescribedSigner { fingerprint, principals, revoked, window, policy } in
            self.allowed.described(&self.revoked)
        {
            let entry = self.entry_of(&[policy]);
            let one = ssh.entry(fingerprint.clone()).or_insert_with(|| TrustedKey {
                name: principals.to_owned(),
                keys: vec![fingerprint.clone()],
                // It never counted, whenever it was revoked.
                revoked: revoked.then_some((0, true)),
                ..entry.clone().into_key(SignatureScheme::Ssh, fingerprint)
            });
            let narrower = |own: (Option<i64>, Option<i64>)| {
                let after = own.0.max(window.0);
                (after, [own.1, window.1].into_iter().flatten().min())
            };
            if one.name == principals {
                one.windows = entry.windows.iter().copied().map(narrower).collect();
            } else {
                one.name = format!("{},{principals}", one.name);
                one.windows.extend(entry.windows.iter().copied().map(narrower));
            }
        }
        found.extend(ssh.into_values());
        for group in &self.groups {
            for at in &group.entries {
                let Some(entry) = self.entries.get(*at) else { continue };
                let scheme = if entry.issuer.is_some() { SignatureScheme::Gitsign } else { SignatureScheme::X509 };
                let mut key = self.entry_of(&[*at]).into_key(scheme, group.digest.clone());
                key.name = if entry.identities.is_empty() { "anyone".to_owned() } else { entry.identities.join(", ") };
                found.push(key);
            }
        }
        found
    }

    fn described_openpgp(&self) -> Vec<TrustedKey> {
        self.keyring
            .described()
            .map(|(primary, copies, keys)| {
                let entries: Vec<usize> = keys.iter().flat_map(|key| key.entries.iter().copied()).collect();
                let of_primary = keys.iter().find(|key| key.fingerprint == primary).or(keys.first());
                TrustedKey {
                    keys: keys.iter().map(|key| key.fingerprint.clone()).collect(),
                    name: of_primary.map(|key| key.user.clone()).unwrap_or_default(),
                    expires: of_primary.and_then(|key| key.expires),
                    revoked: of_primary.and_then(|key| key.revoked).map(|one| (one.made, one.total)),
                    copies,
                    ..self.entry_of(&entries).into_key(SignatureScheme::OpenPgp, primary)
                }
            })
            .collect()
    }

    /// What entries say together.
    fn entry_of(&self, entries: &[usize]) -> Said {
        let entries: Vec<_> = entries.iter().filter_map(|at| self.entries.get(*at)).collect();
        let party = entries.iter().find_map(|entry| self.parties.get(entry.party.as_ref()?));
        Said {
            forge: entries.iter().any(|entry| entry.role == Role::Forge),
            party: party.map(|party| party.name.clone()),
            windows: entries.iter().map(|entry| (entry.after, entry.before)).collect(),
        }
    }
}

/// What entries say of a key.
#[derive(Clone)]
struct Said {
    forge: bool,
    party: Option<String>,
    windows: Vec<(Option<i64>, Option<i64>)>,
}

impl Said {
    fn into_key(self, scheme: SignatureScheme, fingerprint: String) -> TrustedKey {
        let Self { forge, party, windows } = self;
        let (keys, name) = (Vec::new(), String::new());
        TrustedKey { scheme, fingerprint, keys, name, forge, party, windows, expires: None, revoked: None, copies: 1 }
    }
}
