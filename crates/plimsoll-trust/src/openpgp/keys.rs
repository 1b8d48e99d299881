//! OpenPGP certificates of the policy: which keys may sign data, from when, until when.
//!
//! Source: RFC 9580, sections 5.2.1 and 10.1, and what gpg makes of them where the two differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pgp::{
    composed::{ArmorOptions, SignedPublicKey, SignedPublicSubKey},
    packet::{RevocationCode, Signature, SignatureType},
    types::{Fingerprint, KeyDetails as _, KeyVersion, SignedUser, Tag},
};
use plimsoll_model::hex;

use super::{
    certificates::{self, Held},
    crypto::{FastKey, KeyPacket},
};
use crate::forges;

/// Bytes of a key file.
pub const LARGEST_KEY_FILE: usize = 64 * 1024 * 1024;
/// Revocations without their keys that are kept until a key comes that they are of.
const MOST_REVOCATIONS: usize = 20_000;

/// A key that could have signed.
#[derive(Debug)]
pub struct SigningKey {
    pub(super) key: FastKey,
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// The user id that the key names first: its primary one, else the newest.
    pub user: String,
    /// Every address in the user ids, lower case.
    pub addresses: Vec<String>,
    /// Addresses of user ids that were revoked since, and when.
    pub former: Vec<(String, i64)>,
    /// Seconds since 1970.
    pub created: i64,
    /// The end of the key or of its primary key, whichever comes first.
    pub expires: Option<i64>,
    /// When it or its primary key was revoked.
    pub revoked: Option<Revocation>,
    /// Why it may not sign data, where it may not.
    pub unusable: Option<String>,
    /// The entries of the policy that brought it.
    pub entries: BTreeSet<usize>,
}

impl SigningKey {
    /// Is the address one of the key's at that time?
    pub fn is_of(&self, address: &str, time: i64) -> bool {
        self.addresses.iter().any(|own| own.eq_ignore_ascii_case(address))
            || self.former.iter().any(|(own, until)| own.eq_ignore_ascii_case(address) && time < *until)
    }
}

/// A revocation that verifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// When it was made, seconds since 1970.
    pub made: i64,
    /// True where the key may have been in other hands before: then it never held. A key that was retired or replaced
    /// held until it was.
    ///
    /// Source: RFC 9580, section 5.2.3.31.
    pub total: bool,
}

/// All keys of the policy, by fingerprint and by key id.
#[derive(Debug, Default)]
pub struct Keyring {
    /// The certificates, each put together from its copies, by the fingerprint of the primary key.
    certificates: BTreeMap<Vec<u8>, Merged>,
    /// Revocations that came without their keys, and whether each is of a key that is here.
    revocations: Vec<(Signature, bool)>,
    /// The keys of the certificates, by the fingerprints of primary key and key. The same key may stand in two certificates.
    keys: BTreeMap<(Vec<u8>, Vec<u8>), SigningKey>,
    by_fingerprint: HashMap<Vec<u8>, BTreeSet<Vec<u8>>>,
    by_id: HashMap<[u8; 8], BTreeSet<Vec<u8>>>,
    /// Fingerprints of primary keys or keys that alone count for an entry of the policy, where it pins any.
    pins: BTreeMap<usize, BTreeSet<String>>,
}

#[derive(Debug)]
struct Merged {
    certificate: SignedPublicKey,
    entries: BTreeSet<usize>,
    copies: usize,
}

impl Keyring {
    /// Adds the certificates of one file, armored or binary, for the policy's entry `entry`; gives how many certificates and
    /// revocations there were. A certificate that is known to be a forge's goes to the entry `forge`.
    ///
    /// Copies of a certificate are put together, in whatever files and order they come. Refuses what is not OpenPGP and a file
    /// that holds neither a certificate nor a revocation.
    pub fn add(&mut self, file: &[u8], entry: usize, forge: usize) -> Result<usize, String> {
        let held = Held::read(file)?;
        let count = held.certificates.len() + held.revocations.len();
        let mut touched = BTreeSet::new();
        for certificate in held.certificates {
            let fingerprint = certificate.primary_key.fingerprint();
            let is_forge = forges::is_key(&upper(&fingerprint));
            let primary = fingerprint.as_bytes().to_vec();
            let entry = if is_forge { forge } else { entry };
            if self.pins.get(&entry).is_some_and(|pins| !holds(&certificate, pins)) {
                continue;
            }
            let own = certificates::own_part(certificate);
            if let Some(known) = self.certificates.get_mut(&primary) {
                certificates::merge(&mut known.certificate, own);
                known.entries.insert(entry);
                known.copies += 1;
            } else {
                let merged = Merged { certificate: own, entries: BTreeSet::from([entry]), copies: 1 };
                self.certificates.insert(primary.clone(), merged);
            }
            touched.insert(primary);
        }
        for (revocation, alone) in held.revocations {
            if self.revocations.len() >= MOST_REVOCATIONS {
                return Err(format!("more than {MOST_REVOCATIONS} revocations without their keys"));
            }
            let of = self.certificates.iter().filter(|(_, one)| certificates::may_be_of(&revocation, &one.certificate));
            touched.extend(of.map(|(primary, _)| primary.clone()));
            self.revocations.push((revocation, !alone));
        }
        for primary in touched {
            self.settle(&primary);
        }
        Ok(count)
    }

    /// Of the certificates of an entry these keys alone count, where any are pinned: all keys of a certificate by its primary
    /// key, one by its own fingerprint.
    pub fn pin(&mut self, entry: usize, pins: Option<&BTreeSet<String>>) {
        self.pins.extend(pins.map(|pins| (entry, pins.clone())));
    }

    /// The same for an entry as for another.
    pub fn pin_alike(&mut self, entry: usize, like: usize) {
        let pins = self.pins.get(&like).cloned();
        self.pin(entry, pins.as_ref());
    }

    /// Every certificate that counts: the fingerprint of its primary key, how many copies of it there were, and its keys.
    pub fn described(&self) -> impl Iterator<Item = (String, usize, Vec<&SigningKey>)> {
        self.certificates.iter().filter_map(|(primary, merged)| {
            let end = (primary.clone(), vec![u8::MAX; 65]);
            let keys: Vec<_> = self.keys.range((primary.clone(), Vec::new())..=end).map(|(_, key)| key).collect();
            (!keys.is_empty()).then(|| (hex(primary).to_ascii_uppercase(), merged.copies, keys))
        })
    }

    /// The certificate of a key by the key's fingerprint: the fingerprint of its primary key, and all of it, armored.
    pub fn certificate_of(&self, fingerprint: &str) -> Option<(String, String)> {
        let key = self.get(fingerprint)?;
        let primary = self.keys.iter().find(|(_, one)| std::ptr::eq(*one, key)).map(|((primary, _), _)| primary)?;
        let armored = self.certificates.get(primary)?.certificate.to_armored_string(ArmorOptions::default()).ok()?;
        Some((hex(primary).to_ascii_uppercase(), armored))
    }

    /// The key with this fingerprint, in upper-case hexadecimal.
    pub fn get(&self, fingerprint: &str) -> Option<&SigningKey> {
        let bytes: Option<Vec<u8>> = (0..fingerprint.len() / 2)
            .map(|at| u8::from_str_radix(fingerprint.get(2 * at..2 * at + 2)?, 16).ok())
            .collect();
        self.with(&bytes?).into_iter().next()
    }

    /// Every key, by its fingerprint.
    pub fn keys(&self) -> impl Iterator<Item = &SigningKey> {
        self.keys.values()
    }

    /// Is there no key at all?
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The keys that revocations speak of which are of none of the certificates.
    pub fn revocations_of_nothing(&self) -> Vec<String> {
        self.revocations.iter().filter(|(_, applied)| !applied).map(|(one, _)| certificates::named(one)).collect()
    }

    /// Keys that the signature may be of: by the key id that it names, as gpg does, else by fingerprint.
    pub(super) fn candidates(&self, signature: &Signature) -> Vec<&SigningKey> {
        // The first of each counts: what is signed stands before what is not.
        match (signature.issuer_key_id().first(), signature.issuer_fingerprint().first()) {
            (Some(id), _) => {
                let id = <&[u8; 8]>::try_from(id.as_ref()).ok();
                let keys = id.and_then(|id| self.by_id.get(id)).into_iter().flatten();
                keys.flat_map(|key| self.with(key)).collect()
            }
            (None, Some(one)) => self.with(one.as_bytes()),
            (None, None) => Vec::new(),
        }
    }

    /// The key with this fingerprint in each certificate that has it; those that may sign come first, so that somebody who puts
    /// another's key into a certificate takes nothing from it.
    fn with(&self, fingerprint: &[u8]) -> Vec<&SigningKey> {
        let primaries = self.by_fingerprint.get(fingerprint).into_iter().flatten();
        let mut keys: Vec<&SigningKey> =
            primaries.filter_map(|primary| self.keys.get(&(primary.clone(), fingerprint.to_vec()))).collect();
        keys.sort_by_key(|key| key.unusable.is_some());
        keys
    }

    /// Reads off a certificate what its keys may do, now that something was added to it.
    fn settle(&mut self, primary_fingerprint: &[u8]) {
        let Some(merged) = self.certificates.get_mut(primary_fingerprint) else { return };
        let primary = FastKey::new(KeyPacket::Primary(merged.certificate.primary_key.clone()));
        for (revocation, applied) in &mut self.revocations {
            if certificates::may_be_of(revocation, &merged.certificate) && revocation.verify_key(&primary).is_ok() {
                *applied = true;
                let own = &mut merged.certificate.details.revocation_signatures;
                if !own.contains(revocation) {
                    own.push(revocation.clone());
                }
            }
        }
        certificates::sort(&mut merged.certificate);
        let (certificate, entries) = (&merged.certificate, &merged.entries);
        let life = Life::of(certificate, &primary);
        let people = People::of(certificate, &primary);
        let mut add = |key: FastKey, created: i64, expires, revoked, unusable| {
            let fingerprint = key.fingerprint();
            let bytes = fingerprint.as_bytes().to_vec();
            let is_pinned = |entry: &&usize| {
                let either = [hex(primary_fingerprint).to_ascii_uppercase(), upper(&fingerprint)];
                self.pins.get(*entry).is_none_or(|pins| either.iter().any(|one| pins.contains(one)))
            };
            let entries: BTreeSet<usize> = entries.iter().filter(is_pinned).copied().collect();
            if entries.is_empty() {
                return;
            }
            self.by_fingerprint.entry(bytes.clone()).or_default().insert(primary_fingerprint.to_vec());
            if let Ok(id) = <[u8; 8]>::try_from(key.legacy_key_id().as_ref()) {
                self.by_id.entry(id).or_default().insert(bytes.clone());
            }
            let signing = SigningKey {
                fingerprint: upper(&fingerprint),
                key,
                user: people.user.clone(),
                addresses: people.addresses.clone(),
                former: people.former.clone(),
                created,
                expires,
                revoked,
                unusable,
                entries,
            };
            self.keys.insert((primary_fingerprint.to_vec(), bytes), signing);
        };
        for subkey in &certificate.public_subkeys {
            let created = i64::from(subkey.key.created_at().as_secs());
            let bound = Binding::of(subkey, &primary);
            let key = FastKey::new(KeyPacket::Sub(subkey.key.clone()));
            let expires = [life.expires, bound.expires].into_iter().flatten().min();
            let unusable = life.unusable.clone().or(bound.unusable);
            add(key, created, expires, worse(life.revoked, bound.revoked), unusable);
        }
        let created = i64::from(primary.created_at().as_secs());
        let unusable = life.unusable.or_else(|| (!life.signs).then(|| "its key may not sign data".to_owned()));
        add(primary, created, life.expires, life.revoked, unusable);
    }
}

/// Is one of these the fingerprint of a key of the certificate?
fn holds(certificate: &SignedPublicKey, pins: &BTreeSet<String>) -> bool {
    let subkeys = certificate.public_subkeys.iter().map(|subkey| upper(&subkey.key.fingerprint()));
    subkeys.chain([upper(&certificate.primary_key.fingerprint())]).any(|one| pins.contains(&one))
}

/// What the primary key says of itself.
struct Life {
    expires: Option<i64>,
    revoked: Option<Revocation>,
    unusable: Option<String>,
    signs: bool,
}

impl Life {
    fn of(certificate: &SignedPublicKey, primary: &FastKey) -> Self {
        let key = &certificate.primary_key;
        let details = &certificate.details;
        let own = |signature: &&Signature| is_strong(signature) && signature.verify_key(primary).is_ok();
        let revoked = details
            .revocation_signatures
            .iter()
            .filter(own)
            .map(revocation)
            .fold(None, |worst, one| worse(worst, Some(one)));
        let direct =
            newest(details.direct_signatures.iter().filter(|one| one.typ() == Some(SignatureType::Key)).filter(own));
        // Of each user id the newest statement counts, and of these the newest of all.
        let user = newest(details.users.iter().filter_map(|user| Vouched::of(user, primary).statement()));
        let unusable = match (direct, user, key.version()) {
            // A key of version 6 states itself directly (RFC 9580, section 10.1.1).
            (Some(_), _, KeyVersion::V6) | (_, Some(_), _) => None,
            (_, None, _) => Some("its certificate has no user id that it vouches for".to_owned()),
        };
        let from = |signature: &Signature| signature.key_expiration_time().map(|time| i64::from(time.as_secs()));
        let lasts = direct.and_then(from).or_else(|| user.and_then(from)).filter(|seconds| *seconds > 0);
        let created = i64::from(key.created_at().as_secs());
        // A key of version 3 carries its own end, in days.
        let days = key.legacy_v3_expiration_days().filter(|days| *days > 0).map(|days| i64::from(days) * 86_400);
        Self {
            expires: lasts.or(days).map(|seconds| created + seconds),
            revoked,
            unusable,
            signs: [direct, user].into_iter().flatten().find_map(may_sign).unwrap_or(true),
        }
    }
}

/// How a subkey is bound to its primary key.
struct Binding {
    expires: Option<i64>,
    revoked: Option<Revocation>,
    unusable: Option<String>,
}

impl Binding {
    fn of(subkey: &SignedPublicSubKey, primary: &FastKey) -> Self {
        let own = |signature: &&Signature| {
            is_strong(signature) && signature.verify_subkey_binding(primary, &subkey.key).is_ok()
        };
        let of_type = |kind| subkey.signatures.iter().filter(move |one| one.typ() == Some(kind)).filter(own);
        let revoked =
            of_type(SignatureType::SubkeyRevocation).map(revocation).fold(None, |worst, one| worse(worst, Some(one)));
        let Some(binding) = newest(of_type(SignatureType::SubkeyBinding)) else {
            let unusable = Some("its primary key does not vouch for it".to_owned());
            return Self { expires: None, revoked, unusable };
        };
        let signs = may_sign(binding).unwrap_or(true);
        // Without the subkey's own statement anybody could adopt somebody else's key (RFC 9580, section 5.2.1.9).
        let adopted = binding
            .embedded_signature()
            .is_some_and(|back| is_strong(back) && back.verify_primary_key_binding(&subkey.key, primary).is_ok());
        let unusable = match (signs, adopted) {
            (true, true) => None,
            (false, _) => Some("its key may not sign data".to_owned()),
            (true, false) => Some("its subkey does not vouch for its primary key".to_owned()),
        };
        let created = i64::from(subkey.key.created_at().as_secs());
        let lasts = binding.key_expiration_time().map(|time| i64::from(time.as_secs())).filter(|seconds| *seconds > 0);
        Self { expires: lasts.map(|seconds| created + seconds), revoked, unusable }
    }
}

/// MD5 says nothing; SHA-1 is taken for a key's statements about itself, as gpg does.
fn is_strong(signature: &Signature) -> bool {
    signature.hash_alg().is_some_and(|hash| hash != pgp::crypto::hash::HashAlgorithm::Md5)
}

/// The newest; of several of one second the last in the order of their bytes, in which they stand.
fn newest<'a>(signatures: impl Iterator<Item = &'a Signature>) -> Option<&'a Signature> {
    signatures.max_by_key(|signature| signature.created().map(pgp::types::Timestamp::as_secs))
}

/// What the key flags say about signing; nothing where there are none.
fn may_sign(signature: &Signature) -> Option<bool> {
    let stated = signature
        .config()?
        .hashed_subpackets()
        .any(|subpacket| matches!(subpacket.data, pgp::packet::SubpacketData::KeyFlags(_)));
    stated.then(|| signature.key_flags().sign())
}

fn revocation(signature: &Signature) -> Revocation {
    let retired = matches!(
        signature.revocation_reason_code(),
        Some(RevocationCode::KeySuperseded | RevocationCode::KeyRetired | RevocationCode::CertUserIdInvalid)
    );
    Revocation { made: signature.created().map_or(0, |time| i64::from(time.as_secs())), total: !retired }
}

/// The one that takes more: a total one before any other, then the earlier.
fn worse(one: Option<Revocation>, other: Option<Revocation>) -> Option<Revocation> {
    [one, other].into_iter().flatten().min_by_key(|revocation| (!revocation.total, revocation.made))
}

/// What the primary key says about a user id.
enum Vouched<'a> {
    /// It is its own, by this statement.
    Yes(&'a Signature),
    /// It was, until this time.
    Until(i64),
    /// Nothing: anybody can put another's name beside a key.
    No,
}

impl<'a> Vouched<'a> {
    fn of(user: &'a SignedUser, primary: &FastKey) -> Self {
        let own = || {
            let verifies = |one: &&Signature| one.verify_certification(primary, Tag::UserId, &user.id).is_ok();
            user.signatures.iter().filter(|one| is_strong(one)).filter(verifies)
        };
        let is_revocation = |one: &&Signature| one.typ() == Some(SignatureType::CertRevocation);
        match newest(own()) {
            None => Self::No,
            Some(newest) if !is_revocation(&newest) => Self::Yes(newest),
            Some(_) if !own().any(|one| !is_revocation(&one)) => Self::No,
            Some(_) => Self::Until(own().filter(is_revocation).map(|one| revocation(one).made).min().unwrap_or(0)),
        }
    }

    fn statement(self) -> Option<&'a Signature> {
        if let Self::Yes(statement) = self { Some(statement) } else { None }
    }
}

/// Whom a certificate says that its keys are of.
struct People {
    user: String,
    addresses: Vec<String>,
    former: Vec<(String, i64)>,
}

impl People {
    fn of(certificate: &SignedPublicKey, primary: &FastKey) -> Self {
        let mut ids: Vec<((bool, u32), String)> = Vec::new();
        let mut former = Vec::new();
        for user in &certificate.details.users {
            let text = String::from_utf8_lossy(user.id.id()).into_owned();
            match Vouched::of(user, primary) {
                Vouched::Yes(statement) => {
                    let made = statement.created().map_or(0, pgp::types::Timestamp::as_secs);
                    ids.push(((statement.is_primary(), made), text));
                }
                Vouched::Until(time) => former.extend(address(&text).map(|address| (address, time))),
                Vouched::No => {}
            }
        }
        let first = ids.iter().max_by(|(one, id), (other, other_id)| one.cmp(other).then_with(|| other_id.cmp(id)));
        let user = first.map(|(_, id)| id.clone()).unwrap_or_default();
        let mut addresses: Vec<String> = ids.iter().filter_map(|(_, id)| address(id)).collect();
        addresses.sort();
        addresses.dedup();
        former.sort();
        Self { user, addresses, former }
    }
}

/// The address in a user id, lower case.
fn address(id: &str) -> Option<String> {
    let inside = id.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inside, _)| inside);
    inside.or_else(|| id.contains('@').then_some(id)).map(|text| text.trim().to_ascii_lowercase())
}

fn upper(fingerprint: &Fingerprint) -> String {
    hex(fingerprint.as_bytes()).to_ascii_uppercase()
}

pub(super) fn plain(error: &pgp::errors::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}
