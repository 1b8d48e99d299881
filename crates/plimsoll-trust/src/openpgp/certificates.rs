//! What files of keys hold: certificates, put together from all their copies, and revocations that stand alone.
//!
//! Source: RFC 9580, section 10.1; what gpg makes of an import: a copy adds to what is known and takes nothing away.

use std::collections::BTreeSet;

use pgp::{
    armor::{Dearmor, DearmorOptions},
    composed::{Deserializable as _, SignedPublicKey, SignedPublicSubKey},
    packet::{Packet, PacketParser, Signature, SignatureType},
    ser::Serialize as _,
    types::{KeyDetails as _, Tag},
};
use plimsoll_model::hex;

use super::LARGEST_KEY_FILE;

/// Certificates that one file may hold.
const MOST_CERTIFICATES: usize = 20_000;
/// Packets of one block; a certificate with many certifications has thousands.
const MOST_PACKETS: usize = 1_000_000;
const BEGIN: &[u8] = b"-----BEGIN PGP PUBLIC KEY BLOCK-----";
const END: &[u8] = b"-----END PGP PUBLIC KEY BLOCK-----";

/// What one file holds.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) certificates: Vec<SignedPublicKey>,
    /// Revocations of keys that stand elsewhere than behind the key, and whether each is without any key, as
    /// `gpg --gen-revoke` writes them.
    pub(super) revocations: Vec<(Signature, bool)>,
}

impl Held {
    /// Reads a file, armored or binary. Refused: a file that holds neither a certificate nor a revocation, an armor that
    /// cannot be read, and a revocation that gpg has switched off.
    pub(super) fn read(file: &[u8]) -> Result<Self, String> {
        if file.len() > LARGEST_KEY_FILE {
            return Err(format!("larger than {LARGEST_KEY_FILE} bytes"));
        }
        let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let mut held = Self::default();
        for block in blocks(file)? {
            let packets = packets(&block);
            if !packets.is_empty() && !is_whole(&block) {
                return Err("it is cut off: its last packet does not end".to_owned());
            }
            held.take(packets)?;
        }
        if held.certificates.is_empty() && held.revocations.is_empty() {
            let what = crate::unfit::described(file).map(|what| format!(": {what}")).unwrap_or_default();
            return Err(format!("no OpenPGP certificate in it{what}"));
        }
        Ok(held)
    }

    fn take(&mut self, packets: Vec<Packet>) -> Result<(), String> {
        let start = packets.iter().position(|packet| matches!(packet, Packet::PublicKey(_)));
        let start = start.unwrap_or(packets.len());
        let mut in_place = false;
        for (at, packet) in packets.iter().enumerate() {
            match packet {
                Packet::PublicKey(_) => in_place = true,
                Packet::Signature(one) if !in_place && one.typ() == Some(SignatureType::KeyRevocation) => {
                    self.revocations.push((one.clone(), at < start));
                }
                Packet::Signature(_) => {}
                _ => in_place = false,
            }
        }
        let own = packets.into_iter().skip(start);
        // A certificate that cannot be read is one that nobody is trusted by; the others still count.
        for certificate in SignedPublicKey::from_packets(own.map(Ok).peekable()).flatten() {
            if self.certificates.len() >= MOST_CERTIFICATES {
                return Err(format!("more than {MOST_CERTIFICATES} certificates"));
            }
            self.certificates.push(certificate);
        }
        Ok(())
    }
}

/// Does the revocation name this key as the one that made it? One that names none may be any key's.
pub(super) fn may_be_of(revocation: &Signature, key: &SignedPublicKey) -> bool {
    let id = key.primary_key.legacy_key_id();
    let ids = revocation.issuer_key_id();
    ids.is_empty() || ids.contains(&&id)
}

/// Names the key that a revocation says it is of.
pub(super) fn named(revocation: &Signature) -> String {
    let fingerprint = revocation.issuer_fingerprint().first().map(|one| hex(one.as_bytes()));
    let id = || revocation.issuer_key_id().first().map(|one| hex(one.as_ref()));
    fingerprint.or_else(id).map_or_else(|| "a key that it does not name".to_owned(), |key| key.to_ascii_uppercase())
}

/// Adds to `known` what `copy`, of the same primary key, has beside it: statements, user ids, subkeys, revocations. What comes
/// out does not depend on which copy was first.
pub(super) fn merge(known: &mut SignedPublicKey, copy: SignedPublicKey) {
    union(&mut known.details.revocation_signatures, copy.details.revocation_signatures);
    union(&mut known.details.direct_signatures, copy.details.direct_signatures);
    for user in copy.details.users {
        match known.details.users.iter_mut().find(|one| one.id.id() == user.id.id()) {
            Some(one) => union(&mut one.signatures, user.signatures),
            None => known.details.users.push(user),
        }
    }
    for subkey in copy.public_subkeys {
        match known.public_subkeys.iter_mut().find(|one| one.key.fingerprint() == subkey.key.fingerprint()) {
            Some(one) => union(&mut one.signatures, subkey.signatures),
            None => known.public_subkeys.push(subkey),
        }
    }
}

/// Leaves out what others said of the key, which is never asked for, and brings all of it into one order.
pub(super) fn own_part(mut certificate: SignedPublicKey) -> SignedPublicKey {
    let id = certificate.primary_key.legacy_key_id();
    for user in &mut certificate.details.users {
        user.signatures.retain(|one| {
            let ids = one.issuer_key_id();
            ids.is_empty() || ids.contains(&&id)
        });
    }
    certificate.details.user_attributes.clear();
    // One file may state a user id or a subkey twice.
    let users = std::mem::take(&mut certificate.details.users);
    let subkeys: Vec<SignedPublicSubKey> = std::mem::take(&mut certificate.public_subkeys);
    let mut copy = certificate.clone();
    copy.details.users = users;
    copy.public_subkeys = subkeys;
    merge(&mut certificate, copy);
    certificate
}

/// Brings user ids, subkeys and statements into the order of their bytes.
pub(super) fn sort(certificate: &mut SignedPublicKey) {
    certificate.details.users.sort_by(|one, other| one.id.id().cmp(other.id.id()));
    let fingerprint = |key: &SignedPublicSubKey| key.key.fingerprint().as_bytes().to_vec();
    certificate.public_subkeys.sort_by_key(fingerprint);
    let details = &mut certificate.details;
    let of_users = details.users.iter_mut().map(|user| &mut user.signatures);
    let of_subkeys = certificate.public_subkeys.iter_mut().map(|subkey| &mut subkey.signatures);
    let of_key = [&mut details.revocation_signatures, &mut details.direct_signatures];
    for signatures in of_users.chain(of_subkeys).chain(of_key) {
        signatures.sort_by_cached_key(bytes);
    }
}

/// A statement as it is written.
fn bytes(signature: &Signature) -> Vec<u8> {
    signature.to_bytes().unwrap_or_default()
}

fn union(known: &mut Vec<Signature>, more: Vec<Signature>) {
    let mut seen: BTreeSet<Vec<u8>> = known.iter().map(bytes).collect();
    known.extend(more.into_iter().filter(|one| seen.insert(bytes(one))));
}

/// The binary blocks of a file: one, or what its armored blocks hold. What stands between armored blocks is text for people.
fn blocks(file: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let at_line = |at: &usize| at.checked_sub(1).is_none_or(|before| file.get(before) == Some(&b'\n'));
    let starts: Vec<usize> = memchr::memmem::find_iter(file, BEGIN).filter(at_line).collect();
    // gpg writes each new key's revocation with a colon before its first line, so that nobody revokes it by mistake.
    let switched_off =
        |at: usize| at.checked_sub(1).is_some_and(|before| file.get(before) == Some(&b':') && at_line(&before));
    if memchr::memmem::find_iter(file, BEGIN).any(switched_off) {
        return Err(
            "a revocation that gpg keeps switched off: remove the colon before \"-----BEGIN\" to revoke the key, \
                    or do not give this file"
                .to_owned(),
        );
    }
    if starts.is_empty() {
        return Ok(vec![file.to_vec()]);
    }
    let mut found = Vec::new();
    for (number, start) in starts.iter().enumerate() {
        let rest = file.get(*start..).unwrap_or_default();
        let of = |what: &str| format!("key block {} of {} {what}", number + 1, starts.len());
        let end = memchr::memmem::find(rest, END).ok_or_else(|| of("does not end"))?;
        let block = rest.get(..end + END.len()).unwrap_or_default();
        if memchr::memmem::find_iter(block, BEGIN).count() != 1 {
            return Err(of("does not end"));
        }
        found.push(dearmored(block).ok_or_else(|| of("has an armor that cannot be read"))?);
    }
    Ok(found)
}

fn dearmored(block: &[u8]) -> Option<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let options = DearmorOptions::new().set_limit(LARGEST_KEY_FILE);
    Dearmor::with_options(block, options).read_to_end(&mut bytes).ok().map(|_| bytes)
}

/// The packets that can be understood. A subkey of a curve that is not known takes nothing from the others: what was signed
/// for it verifies for nothing else.
fn packets(bytes: &[u8]) -> Vec<Packet> {
    PacketParser::new(bytes).take(MOST_PACKETS).filter_map(Result::ok).collect()
}

/// Does the last packet end where the bytes do, or before?
///
/// Source: RFC 9580, section 4.2.
fn is_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some((tag, after)) = rest.split_first().filter(|(tag, _)| **tag >= 0x80) {
        let Some(next) = behind(*tag, after) else { return false };
        rest = next;
    }
    true
}

/// What follows the packet whose lengths and content are in `bytes`; nothing where it goes beyond them.
fn behind(tag: u8, bytes: &[u8]) -> Option<&[u8]> {
    let number = |bytes: &[u8]| bytes.iter().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte));
    let long = |bytes: &'_ [u8], octets: usize| Some((number(bytes.get(..octets)?), octets));
    if tag & 0x40 == 0 {
        let octets = match tag & 3 {
            3 => return Some(&[]),
            kind => 1 << kind,
        };
        let (length, octets) = long(bytes, octets)?;
        return bytes.get(octets.checked_add(length)?..);
    }
    let mut rest = bytes;
    loop {
        let (first, after) = rest.split_first()?;
        let first = usize::from(*first);
        let (start, length, partial) = match first {
            0..192 => (after, first, false),
            192..224 => (after.get(1..)?, ((first - 192) << 8) + usize::from(*after.first()?) + 192, false),
            224..255 => (after, 1 << (first & 31), true),
            _ => (after.get(4..)?, number(after.get(..4)?), false),
        };
        rest = start.get(length..)?;
        if !partial {
            return Some(rest);
        }
    }
}

/// Does a binary file begin with the revocation of a key?
pub(crate) fn begins_with_revocation(bytes: &[u8]) -> bool {
    let first = PacketParser::new(bytes).next();
    first.is_some_and(
        |packet| matches!(packet, Ok(Packet::Signature(one)) if one.typ() == Some(SignatureType::KeyRevocation)),
    )
}

/// Does a binary file begin with a secret key?
pub(crate) fn begins_with_secret_key(bytes: &[u8]) -> bool {
    let first = PacketParser::new(bytes.get(..bytes.len().min(64 * 1024)).unwrap_or_default()).next();
    first.is_some_and(|packet| {
        packet.is_ok_and(|packet| matches!(pgp::packet::PacketTrait::tag(&packet), Tag::SecretKey))
    })
}
