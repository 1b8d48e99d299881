//! OpenPGP certificates of the policy: which keys may sign data, from when, until when.
//!
//! Source: RFC 9580, sections 5.2.1 and 10.1, and what gpg makes of them where the two differ.

use std::{collections::HashMap, io::Read as _};

use pgp::{
    armor::{Dearmor, DearmorOptions},
    composed::{Deserializable as _, SignedPublicKey, SignedPublicSubKey},
    packet::{Packet, PacketParser, RevocationCode, Signature, SignatureType},
    types::{Fingerprint, KeyDetails as _, KeyVersion, SignedUser, Tag},
};
use plimsoll_model::hex;

use super::arithmetic::{FastKey, KeyPacket};

/// Certificates that one file may hold.
const MOST_CERTIFICATES: usize = 20_000;
/// Packets of one block; a certificate with many certifications has thousands.
const MOST_PACKETS: usize = 1_000_000;
/// Bytes of a key file.
pub const LARGEST_KEY_FILE: usize = 64 * 1024 * 1024;

/// Certificates under which a forge signs what its buttons make, by fingerprint: GitHub's of 2017 and of 2024.
const FORGES: &[&str] = &["5DE3E0509C47EA3CF04A42D34AEE18F83AFDEB23", "968479A1AFF927E37D1A566BB5690EEEBB952194"];

/// A key that could have signed.
#[derive(Debug)]
pub struct SigningKey {
    pub(super) key: FastKey,
    /// Upper-case hexadecimal.
    pub fingerprint: String,
    /// The newest user id, as it stands there.
    pub user: String,
    /// Every address in the user ids, lower case.
    pub addresses: Vec<String>,
    /// Seconds since 1970.
    pub created: i64,
    /// The end of the key or of its primary key, whichever comes first.
    pub expires: Option<i64>,
    /// When it or its primary key was revoked.
    pub revoked: Option<Revocation>,
    /// Why it may not sign data, where it may not.
    pub unusable: Option<String>,
    /// The entry of the policy that brought it.
    pub entry: usize,
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
    keys: Vec<SigningKey>,
    by_fingerprint: HashMap<Vec<u8>, usize>,
    by_id: HashMap<[u8; 8], Vec<usize>>,
}

impl Keyring {
    /// Adds the certificates of one file, armored or binary, for the policy's entry `entry`; gives how many there were. A
    /// certificate that is known to be a forge's goes to the entry `forge`.
    ///
    /// Refuses what is not OpenPGP and a file without a certificate. A certificate that comes twice is kept as it came first.
    pub fn add(&mut self, file: &[u8], entry: usize, forge: usize) -> Result<usize, String> {
        if file.len() > LARGEST_KEY_FILE {
            return Err(format!("larger than {LARGEST_KEY_FILE} bytes"));
        }
        let mut count = 0;
        for block in blocks(file) {
            let packets = packets(&block?);
            for certificate in SignedPublicKey::from_packets(packets.into_iter().map(Ok).peekable()) {
                // A certificate that cannot be read is one that nobody is trusted by; the others still count.
                let Ok(certificate) = certificate else { continue };
                count += 1;
                if count > MOST_CERTIFICATES {
                    return Err(format!("more than {MOST_CERTIFICATES} certificates"));
                }
                let is_forge = FORGES.contains(&upper(&certificate.primary_key.fingerprint()).as_str());
                self.add_certificate(certificate, if is_forge { forge } else { entry });
            }
        }
        if count == 0 {
            return Err("no OpenPGP certificate in it".to_owned());
        }
        Ok(count)
    }

    /// The key with this fingerprint, in upper-case hexadecimal.
    pub fn get(&self, fingerprint: &str) -> Option<&SigningKey> {
        let bytes: Option<Vec<u8>> = (0..fingerprint.len() / 2)
            .map(|at| u8::from_str_radix(fingerprint.get(2 * at..2 * at + 2)?, 16).ok())
            .collect();
        self.keys.get(*self.by_fingerprint.get(&bytes?)?)
    }

    /// Is there no key at all?
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Keys that the signature may be of: by the key id that it names, as gpg does, else by fingerprint.
    pub(super) fn candidates(&self, signature: &Signature) -> Vec<&SigningKey> {
        // The first of each counts: what is signed stands before what is not.
        let found = match (signature.issuer_key_id().first(), signature.issuer_fingerprint().first()) {
            (Some(id), _) => {
                let id = <&[u8; 8]>::try_from(id.as_ref()).ok();
                id.and_then(|id| self.by_id.get(id)).cloned().unwrap_or_default()
            }
            (None, Some(one)) => self.by_fingerprint.get(one.as_bytes()).copied().into_iter().collect(),
            (None, None) => Vec::new(),
        };
        found.into_iter().filter_map(|at| self.keys.get(at)).collect()
    }

    fn add_certificate(&mut self, certificate: SignedPublicKey, entry: usize) {
        let primary = FastKey::new(KeyPacket::Primary(certificate.primary_key.clone()));
        let life = Life::of(&certificate, &primary);
        let (user, addresses) = people(&certificate, &primary);
        let mut add = |key: FastKey, created: i64, expires, revoked, unusable| {
            let fingerprint = key.fingerprint();
            if self.by_fingerprint.contains_key(fingerprint.as_bytes()) {
                return;
            }
            let at = self.keys.len();
            self.by_fingerprint.insert(fingerprint.as_bytes().to_vec(), at);
            if let Ok(id) = <[u8; 8]>::try_from(key.legacy_key_id().as_ref()) {
                self.by_id.entry(id).or_default().push(at);
            }
            self.keys.push(SigningKey {
                fingerprint: upper(&fingerprint),
                key,
                user: user.clone(),
                addresses: addresses.clone(),
                created,
                expires,
                revoked,
                unusable,
                entry,
            });
        };
        for subkey in certificate.public_subkeys {
            let created = i64::from(subkey.key.created_at().as_secs());
            let bound = Binding::of(&subkey, &primary);
            let key = FastKey::new(KeyPacket::Sub(subkey.key));
            let expires = [life.expires, bound.expires].into_iter().flatten().min();
            let unusable = life.unusable.clone().or(bound.unusable);
            add(key, created, expires, worse(life.revoked, bound.revoked), unusable);
        }
        let created = i64::from(primary.created_at().as_secs());
        let unusable = life.unusable.or_else(|| (!life.signs).then(|| "its key may not sign data".to_owned()));
        add(primary, created, life.expires, life.revoked, unusable);
    }
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
        let user = newest(details.users.iter().filter_map(|user| vouched(user, primary)));
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

/// The newest statement of the primary key about a user id; nothing where there is none, or where it was taken back.
fn vouched<'a>(user: &'a SignedUser, primary: &FastKey) -> Option<&'a Signature> {
    let own = user.signatures.iter();
    let own = own.filter(|one| is_strong(one) && one.verify_certification(primary, Tag::UserId, &user.id).is_ok());
    newest(own).filter(|one| one.typ() != Some(SignatureType::CertRevocation))
}

/// The first user id and every address that the key vouches for: anybody can put another's name beside a key.
fn people(certificate: &SignedPublicKey, primary: &FastKey) -> (String, Vec<String>) {
    let users = certificate.details.users.iter().filter(|user| vouched(user, primary).is_some());
    let ids: Vec<String> = users.map(|user| String::from_utf8_lossy(user.id.id()).into_owned()).collect();
    let address = |id: &String| {
        let inside = id.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inside, _)| inside);
        inside.or_else(|| id.contains('@').then_some(id.as_str())).map(|text| text.trim().to_ascii_lowercase())
    };
    let mut addresses: Vec<String> = ids.iter().filter_map(address).collect();
    addresses.sort();
    addresses.dedup();
    (ids.into_iter().next().unwrap_or_default(), addresses)
}

fn upper(fingerprint: &Fingerprint) -> String {
    hex(fingerprint.as_bytes()).to_ascii_uppercase()
}

/// The binary blocks of a file: one, or what its armored blocks hold.
fn blocks(file: &[u8]) -> Vec<Result<Vec<u8>, String>> {
    const BEGIN: &[u8] = b"-----BEGIN PGP PUBLIC KEY BLOCK-----";
    let starts: Vec<usize> = memchr::memmem::find_iter(file, BEGIN)
        .filter(|at| *at == 0 || at.checked_sub(1).and_then(|before| file.get(before)) == Some(&b'\n'))
        .collect();
    if starts.is_empty() {
        return vec![Ok(file.to_vec())];
    }
    let ends = starts.iter().skip(1).copied().chain([file.len()]);
    let blocks = starts.iter().zip(ends).filter_map(|(start, end)| file.get(*start..end));
    blocks
        .map(|block| {
            let mut bytes = Vec::new();
            Dearmor::with_options(block, DearmorOptions::new().set_limit(LARGEST_KEY_FILE))
                .read_to_end(&mut bytes)
                .map_err(|error| format!("the armor cannot be read: {error}"))?;
            Ok(bytes)
        })
        .collect()
}

/// The packets that can be understood. A subkey of a curve that is not known takes nothing from the others: what was signed
/// for it verifies for nothing else.
fn packets(bytes: &[u8]) -> Vec<Packet> {
    PacketParser::new(bytes).take(MOST_PACKETS).filter_map(Result::ok).collect()
}

pub(super) fn plain(error: &pgp::errors::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().trim_end_matches('.').to_owned()
}
