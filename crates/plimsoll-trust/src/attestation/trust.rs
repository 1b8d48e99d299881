//! Who is trusted for attestations: instances, identities, keys, builders, repositories.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use plimsoll_model::sha256_hex;

use super::{
    builders::{self, KnownBuilder},
    detached::MinisignKey,
    instance::{self, Instance, InstanceName},
    keys::{self, PublicKey, RegistryKey},
    refusal::{Layer, Refusal},
    source::SourceName,
};
use crate::identity::names;

/// Who is trusted for attestations. Without anything added: the instances, builders and registry keys that are built in,
/// and nobody's identity.
pub struct AttestationTrust {
    embedded: bool,
    given: BTreeMap<String, (Instance, bool)>,
    identities: Vec<KnownIdentity>,
    keys: Vec<KnownKey>,
    minisign: Vec<MinisignKey>,
    own_builders: Vec<KnownBuilder>,
    known_builders: Vec<KnownBuilder>,
    repositories: Vec<SourceName>,
    pub(super) npm: Vec<RegistryKey>,
}

/// Somebody whose signatures count.
#[derive(Clone, Debug)]
pub(crate) struct KnownIdentity {
    /// The trusted root that has to vouch, by its SHA-256; one of those that are built in where there is none.
    pub root: Option<String>,
    pub issuer: String,
    pub identities: Vec<String>,
    /// The repositories whose runs count under these identities; those of the policy, and that of the workflow, where none is named.
    pub run_of: Vec<SourceName>,
    pub party: Option<String>,
}

#[derive(Clone, Debug)]
pub(super) struct KnownKey {
    key: PublicKey,
    pub party: Option<String>,
    /// Does the policy have it as a builder's alone? Then it speaks of builds and of nothing else.
    pub builder: bool,
    /// From when on and until when it counts; in any of these.
    windows: Vec<Window>,
}

/// From when on and until when a key counts, seconds since 1970.
pub(crate) type Window = (Option<i64>, Option<i64>);

/// Does a key with these windows count at this moment?
pub(super) fn counts_in(windows: &[Window], time: Timestamp) -> Result<(), Refusal> {
    let time = time.as_second();
    let within =
        |(after, before): &Window| after.is_none_or(|after| time >= after) && before.is_none_or(|before| time < before);
    if windows.iter().any(within) {
        return Ok(());
    }
    Err(Refusal::new(Layer::Identity, "the trust policy trusts the key only for another time"))
}

impl KnownKey {
    /// Does it count at this moment?
    pub(super) fn counts(&self, time: Timestamp) -> Result<(), Refusal> {
        counts_in(&self.windows, time)
    }

    /// Does it count at every moment?
    pub(super) fn always_counts(&self) -> bool {
        self.windows.contains(&(None, None))
    }
}

impl Default for AttestationTrust {
    fn default() -> Self {
        Self {
            embedded: true,
            given: BTreeMap::new(),
            identities: Vec::new(),
            keys: Vec::new(),
            minisign: Vec::new(),
            own_builders: Vec::new(),
            known_builders: builders::known(),
            repositories: Vec::new(),
            npm: keys::npm_keys(),
        }
    }
}

impl std::fmt::Debug for AttestationTrust {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AttestationTrust")
            .field("given", &self.given.keys())
            .field("identities", &self.identities.len())
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

impl AttestationTrust {
    /// Takes this trusted root in the place of those that are built in; it may vouch for anybody.
    pub fn replace_roots(&mut self, trusted_root: &[u8]) -> Result<(), String> {
        self.embedded = false;
        self.add_root(trusted_root, true).map(drop)
    }

    /// Takes this trusted root beside the others, for the identities that name it, and gives its digest.
    pub(crate) fn add_root(&mut self, trusted_root: &[u8], general: bool) -> Result<String, String> {
        let digest = sha256_hex(trusted_root);
        let instance = Instance::new(InstanceName::Given(digest.clone()), trusted_root)?;
        let known = self.given.entry(digest.clone()).or_insert((instance, general));
        known.1 |= general;
        Ok(digest)
    }

    pub(crate) fn add_identity(&mut self, identity: KnownIdentity) {
        self.identities.push(identity);
    }

    /// Trusts the holders of these public keys: PEM, DER, OpenSSH's, or one of minisign's.
    pub fn add_keys(&mut self, file: &[u8], party: Option<&str>) -> Result<usize, String> {
        self.add_keys_in(file, party, (None, None), None).map(|added| added.len())
    }

    /// The same, from a moment on and until another. A key that is given for several counts in each.
    /// Gives the fingerprints in the file; with `pins` these keys alone count.
    pub(crate) fn add_keys_in(
        &mut self,
        file: &[u8],
        party: Option<&str>,
        window: Window,
        pins: Option<&BTreeSet<String>>,
    ) -> Result<BTreeSet<String>, String> {
        if let Some(mut key) = MinisignKey::read(file, party)? {
            if pins.is_some() {
                return Err("a minisign key has no fingerprint that could be pinned".to_owned());
            }
            let id = key.id.clone();
            if let Some(known) = self.minisign.iter_mut().find(|known| known.is_same(&key)) {
                known.windows.push(window);
                one_party(&key.id, &mut known.party, party)?;
            } else {
                key.windows.push(window);
                self.minisign.push(key);
            }
            return Ok(BTreeSet::from([id]));
        }
        let keys = PublicKey::read_all(file)?;
        let found = keys.iter().map(|key| key.fingerprint.clone()).collect();
        let counts = |key: &PublicKey| pins.is_none_or(|pins| pins.contains(&key.fingerprint));
        keys.into_iter().filter(counts).try_for_each(|key| self.add_key(key, party, false, window))?;
        Ok(found)
    }

    fn add_key(&mut self, key: PublicKey, party: Option<&str>, builder: bool, window: Window) -> Result<(), String> {
        if let Some(known) = self.keys.iter_mut().find(|known| known.key.fingerprint == key.fingerprint) {
            // What is said of it as a builder's key says nothing of files.
            match (known.builder, builder) {
                (true, false) => known.windows = vec![window],
                (false, true) => {}
                _ => known.windows.push(window),
            }
            known.builder &= builder;
            return one_party(&key.fingerprint, &mut known.party, party);
        }
        self.keys.push(KnownKey { key, party: party.map(ToOwned::to_owned), builder, windows: vec![window] });
        Ok(())
    }

    /// Takes these keys of npm's registry in the place of those that are built in.
    pub(crate) fn replace_npm_keys(&mut self, file: &[u8]) -> Result<(), String> {
        self.npm = keys::read_npm_keys(file)?;
        Ok(())
    }

    /// Refused: a key of another builder. Whoever has one key is one, and two that build alike have to be two.
    pub(crate) fn add_builder(&mut self, builder: KnownBuilder, keys: Vec<PublicKey>) -> Result<(), String> {
        for key in &keys {
            if let Some(other) = self.own_builders.iter().find(|other| other.has(&key.fingerprint)) {
                let (one, other) = (plimsoll_model::one_line(other.name()), plimsoll_model::one_line(builder.name()));
                return Err(format!(
                    "the key {} is said to be that of two builders, \"{one}\" and \"{other}\"; other names of one builder \
                     belong into its \"also\"",
                    key.fingerprint
                ));
            }
        }
        keys.into_iter().try_for_each(|key| self.add_key(key, None, true, (None, None)))?;
        self.own_builders.push(builder);
        Ok(())
    }

    /// Leaves the builders out that are built in.
    pub(crate) fn forget_known_builders(&mut self) {
        self.known_builders.clear();
    }

    pub(crate) fn add_repository(&mut self, repository: SourceName) {
        self.repositories.push(repository);
    }

    /// The repositories that the policy is about.
    pub fn repositories(&self) -> &[SourceName] {
        &self.repositories
    }

    /// Does it name anybody who signs attestations or files?
    pub fn names_signers(&self) -> bool {
        !self.identities.is_empty() || !self.keys.is_empty() || !self.minisign.is_empty()
    }

    /// Does it name anybody beyond what is built in?
    pub fn names_somebody(&self) -> bool {
        self.names_signers() || !self.repositories.is_empty()
    }

    pub(super) fn instances(&self) -> Vec<(&Instance, bool)> {
        let embedded = if self.embedded { instance::embedded() } else { &[] };
        let given = self.given.values().map(|(instance, general)| (instance, *general));
        given.chain(embedded.iter().map(|instance| (instance, true))).collect()
    }

    pub(super) fn plain_keys(&self) -> Vec<PublicKey> {
        self.keys.iter().map(|known| known.key.clone()).collect()
    }

    /// Keys of those who may sign a file as such.
    pub(super) fn file_keys(&self) -> Vec<PublicKey> {
        self.keys.iter().filter(|known| !known.builder).map(|known| known.key.clone()).collect()
    }

    /// All keys, those of builders behind the others.
    pub(super) fn keys_with_builders_last(&self) -> Vec<PublicKey> {
        let builders = self.keys.iter().filter(|known| known.builder).map(|known| known.key.clone());
        self.file_keys().into_iter().chain(builders).collect()
    }

    /// The policy's own builders count before those that are built in.
    pub(super) fn builders(&self) -> impl Iterator<Item = &KnownBuilder> {
        self.own_builders.iter().chain(&self.known_builders)
    }

    pub(super) fn known_identities(
        &self,
        vouches: &InstanceName,
        identity: &str,
        issuer: Option<&str>,
    ) -> impl Iterator<Item = &KnownIdentity> {
        self.identities.iter().filter(move |known| {
            let root = match (vouches, &known.root) {
                (InstanceName::Given(digest), Some(root)) => digest == root,
                (InstanceName::PublicGood | InstanceName::GitHub, None) => true,
                _ => false,
            };
            root && Some(known.issuer.as_str()) == issuer
                && known.identities.iter().any(|pattern| names(pattern, identity))
        })
    }

    /// Does a run of this repository count under an identity that the policy names, or that was asked for (`known` is `None`)?
    pub(super) fn counts_run(&self, known: Option<&KnownIdentity>, identity: &str, run: Option<&SourceName>) -> bool {
        let named = known.map_or(&[] as &[SourceName], |known| &known.run_of);
        match run {
            None => named.is_empty(),
            Some(run) if named.is_empty() => !run.calls(identity) || self.repositories.contains(run),
            Some(run) => named.contains(run),
        }
    }

    pub(super) fn minisign_keys(&self) -> &[MinisignKey] {
        &self.minisign
    }

    pub(super) fn known_key(&self, fingerprint: &str) -> Option<&KnownKey> {
        self.keys.iter().find(|known| known.key.fingerprint == fingerprint)
    }
}

/// Whose a key is that is given again: it cannot be two parties'.
fn one_party(key: &str, known: &mut Option<String>, given: Option<&str>) -> Result<(), String> {
    match (known.as_deref(), given) {
        (Some(one), Some(other)) if one != other => {
            let (one, other) = (plimsoll_model::one_line(one), plimsoll_model::one_line(other));
            Err(format!("the key {key} is said to be that of two parties, \"{one}\" and \"{other}\""))
        }
        (None, Some(given)) => {
            *known = Some(given.to_owned());
            Ok(())
        }
        _ => Ok(()),
    }
}
