//! The trust policy: who may sign, for what, and when. It comes from whoever runs the program, never from the repository.

mod answer;
mod confirm;
mod describe;
mod file;
mod forge_names;
mod judge;
mod load;
mod pins;
#[cfg(test)]
mod tests;
mod window;

use std::{collections::BTreeMap, path::PathBuf, sync::OnceLock};

pub use self::{
    confirm::{Confirmed, confirm},
    describe::TrustedKey,
    file::{PolicyFile, Role},
    forge_names::{ForgeNames, PersonNames},
};
use crate::{
    Checked, Proof,
    attestation::{AttestationTrust, SourceName},
    forges,
    openpgp::{self, Keyring},
    ssh::{self, AllowedSigners, RevokedKeys},
    x509::{self, X509Trust},
};
use plimsoll_model::SignatureScheme;

/// A policy whose files were all read and understood.
#[derive(Debug, Default)]
pub struct TrustPolicy {
    entries: Vec<Entry>,
    keyring: Keyring,
    allowed: AllowedSigners,
    revoked: RevokedKeys,
    /// Roots for certificates, each with the entries that speak of them.
    groups: Vec<Group>,
    parties: BTreeMap<String, Party>,
    /// Digest of each file by the name that the policy gives it, in the order in which they were read.
    files: Vec<(String, String)>,
    /// What a folder of keys holds and could not be understood.
    gaps: Vec<String>,
    /// Files with revocations whose keys were not there when they were read.
    revocations: Vec<PathBuf>,
    /// The commit that the reader pins as the base of the history.
    base: Option<String>,
    /// Who is trusted for attestations.
    attestations: AttestationTrust,
    /// The built-in keys of forges that the policy does not name, where they are used to report whose buttons made a commit.
    /// They are no part of the policy: whose they are is known, and they answer for nothing.
    reported: Option<Keyring>,
}

/// Somebody whom keys belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// The name, for people.
    pub name: String,
    /// Does this party count as independent of the maker?
    pub independent: bool,
}

/// What an entry of the policy says of all its keys.
#[derive(Debug, Default)]
struct Entry {
    role: Role,
    party: Option<String>,
    after: Option<i64>,
    before: Option<i64>,
    /// Patterns of addresses under which its keys are used beside those that they name themselves.
    addresses: Vec<String>,
    /// For certificates: the issuer that has to have said it, and patterns of who counts.
    issuer: Option<String>,
    identities: Vec<String>,
    /// The repositories whose runs count.
    run_of: Vec<SourceName>,
}

#[derive(Debug)]
struct Group {
    digest: String,
    trust: X509Trust,
    entries: Vec<usize>,
}

impl TrustPolicy {
    /// Nobody is trusted.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does the policy name nobody at all?
    pub fn is_empty(&self) -> bool {
        self.keyring.is_empty()
            && self.allowed.is_empty()
            && self.groups.is_empty()
            && !self.attestations.names_somebody()
    }

    /// Does the policy name anybody who signs commits? Keys for files and builders are none.
    pub fn names_signers_of_commits(&self) -> bool {
        !self.keyring.is_empty() || self.allowed.names_signers_of_commits() || !self.groups.is_empty()
    }

    /// Are the built-in keys of forges used to report?
    pub fn reports_forges(&self) -> bool {
        self.reported.is_some()
    }

    /// Takes the built-in keys of forges out again.
    pub fn leave_out_forges(&mut self) {
        self.reported = None;
    }

    /// Does what was computed of a signature rest on a key that is only reported?
    pub fn rests_on_reported(&self, checked: &Checked) -> bool {
        let key = match &checked.proof {
            Proof::OpenPgp { key, .. } => Some(key),
            Proof::Bad { key, .. } | Proof::Weak { key, .. } | Proof::NotComputed { key, .. } => key.as_ref(),
            // The key may have been found and what it signed refused: rather named once too often.
            Proof::Error { .. } => return self.reports_forges() && checked.scheme == SignatureScheme::OpenPgp,
            _ => None,
        };
        self.reports_forges()
            && key.is_some_and(|key| {
                let mut reported = self.reported.iter().flat_map(Keyring::keys);
                key.len() >= 16
                    && reported.any(|one| one.fingerprint.ends_with(key.as_str()))
                    && self.keyring.get(key).is_none()
            })
    }

    /// Does the policy name anybody who signs tags? A forge's buttons sign commits.
    pub fn names_signers_of_tags(&self) -> bool {
        let is_person = |at: usize| self.entries.get(at).is_some_and(|entry| entry.role == Role::Person);
        self.keyring.keys().any(|key| key.entries.iter().all(|at| is_person(*at)))
            || self.allowed.names_signers_of_commits() && self.allowed.principals().any(|(_, at)| is_person(at))
            || self.groups.iter().any(|group| group.entries.iter().any(|at| is_person(*at)))
    }

    /// Files of a folder of keys that could not be understood: nobody is trusted by them.
    pub fn gaps(&self) -> &[String] {
        &self.gaps
    }

    /// Who is trusted for attestations, and what is built in.
    pub fn attestations(&self) -> &AttestationTrust {
        &self.attestations
    }

    /// The same, to add what is given beside the policy.
    pub fn attestations_mut(&mut self) -> &mut AttestationTrust {
        &mut self.attestations
    }

    /// How many files it was read from.
    pub fn file_count(&self) -> usize {
        self.files.len()
    }

    /// SHA-256 over everything that the policy was read from: two policies with the same digest judge alike.
    pub fn digest(&self) -> String {
        let lines: Vec<String> = self.files.iter().map(|(what, digest)| format!("{digest} {what}")).collect();
        plimsoll_model::sha256_hex(lines.join("\n").as_bytes())
    }

    /// SHA-256 over everything that the arithmetic depends on: the policy, and whether the built-in keys of forges are used.
    pub fn digest_of_keys(&self) -> String {
        let forges = if self.reports_forges() { forges::built_in().1 } else { String::new() };
        plimsoll_model::sha256_hex(format!("{}\n{forges}", self.digest()).as_bytes())
    }

    /// The full id of the commit that the policy pins as the base: what it contains is not asked for.
    pub fn base(&self) -> Option<&str> {
        self.base.as_deref()
    }

    /// The OpenPGP certificate of a key that the policy has: the fingerprint of its primary key, and all of it, armored.
    pub fn certificate_of(&self, fingerprint: &str) -> Option<(String, String)> {
        self.keyring.certificate_of(fingerprint)
    }

    /// Everybody whom the policy has as a party.
    pub fn parties(&self) -> impl Iterator<Item = &Party> {
        self.parties.values()
    }

    /// A party by its id.
    pub fn party(&self, id: &str) -> Option<&Party> {
        self.parties.get(id)
    }

    /// Checks a signature as git hands it to its programs. Depends on no moment.
    ///
    /// Source: git's `gpg-interface.c`: the first line of the armor decides which program is asked.
    pub fn check(&self, signature: &[u8], payload: &[u8]) -> Checked {
        match SignatureScheme::of_armor(signature) {
            SignatureScheme::OpenPgp => self.check_openpgp(signature, payload),
            SignatureScheme::Ssh => ssh::check(signature, payload),
            SignatureScheme::X509 => self.check_certificate(signature, payload),
            // git ends where it meets one.
            _ => {
                let reason = "git knows no program for this armor".to_owned();
                Checked { scheme: SignatureScheme::Unknown, proof: Proof::Error { reason } }
            }
        }
    }

    fn check_openpgp(&self, signature: &[u8], payload: &[u8]) -> Checked {
        let checked = openpgp::check(signature, payload, &self.keyring);
        match (&checked.proof, &self.reported) {
            (Proof::UnknownKey { .. }, Some(reported)) => openpgp::check(signature, payload, reported),
            _ => checked,
        }
    }

    fn check_certificate(&self, signature: &[u8], payload: &[u8]) -> Checked {
        let mut last = None;
        for (number, group) in self.groups.iter().enumerate() {
            let mut checked = x509::check(signature, payload, &group.trust);
            match &mut checked.proof {
                Proof::X509 { group, .. } => {
                    *group = number;
                    return checked;
                }
                // Another authority may know it.
                Proof::Unanchored { .. } => last = Some(checked),
                _ => return checked,
            }
        }
        let nobody = last.unwrap_or_else(|| x509::check(signature, payload, &X509Trust::new()));
        // Whose certificate it is stays open; that it is one of the public instance can still be told.
        match (&nobody, public_good()) {
            (Checked { scheme: SignatureScheme::Gitsign, proof: Proof::Unanchored { .. } }, Some(trust)) => {
                let mut checked = x509::check(signature, payload, trust);
                if let Proof::X509 { group, .. } = &mut checked.proof {
                    *group = NO_GROUP;
                }
                checked
            }
            _ => nobody,
        }
    }
}

/// Is there a signature in this armor, of a form that git has a program for, whoever made it and over whatever? Asks nobody's keys.
pub fn is_signature(armor: &[u8]) -> bool {
    match SignatureScheme::of_armor(armor) {
        SignatureScheme::OpenPgp => openpgp::is_one(armor),
        SignatureScheme::Ssh => ssh::is_one(armor),
        SignatureScheme::X509 => x509::is_one(armor),
        _ => false,
    }
}

/// The group of what leads to a root that the policy does not name: no entry speaks of it.
const NO_GROUP: usize = usize::MAX;

/// The embedded root of the public Sigstore instance, parsed once.
fn public_good() -> Option<&'static X509Trust> {
    static ROOT: OnceLock<Option<X509Trust>> = OnceLock::new();
    ROOT.get_or_init(|| {
        let mut trust = X509Trust::new();
        trust.add_sigstore_public_good().is_ok().then_some(trust)
    })
    .as_ref()
}
