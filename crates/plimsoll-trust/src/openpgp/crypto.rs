//! The arithmetic of OpenPGP keys by aws-lc-rs, and by the OpenPGP crate itself for what that does not know.

use aws_lc_rs::{
    digest::{self, Digest},
    signature::{self, ParsedPublicKey, VerificationAlgorithm},
};
use der::{Encode as _, Sequence, asn1::UintRef};
use pgp::{
    crypto::{hash::HashAlgorithm, public_key::PublicKeyAlgorithm},
    errors::{Error, Result},
    packet::{PublicKey, PublicSubkey},
    ser::Serialize,
    types::{
        EcdsaPublicParams, EddsaLegacyPublicParams, Fingerprint, KeyDetails, KeyId, KeyVersion, Mpi, PublicParams,
        SignatureBytes, Timestamp, VerifyingKey,
    },
};

/// A primary key or a subkey.
#[derive(Debug)]
pub(super) enum KeyPacket {
    Primary(PublicKey),
    Sub(PublicSubkey),
}

impl KeyPacket {
    fn inner(&self) -> &dyn Keys {
        match self {
            Self::Primary(key) => key,
            Self::Sub(key) => key,
        }
    }
}

trait Keys: VerifyingKey {}
impl Keys for PublicKey {}
impl Keys for PublicSubkey {}

/// A key that verifies with aws-lc-rs where it can.
#[derive(Debug)]
pub(super) struct FastKey {
    packet: KeyPacket,
    /// Parsed once for each digest that the algorithm goes with; none where only the OpenPGP crate can.
    parsed: Vec<(HashAlgorithm, ParsedPublicKey)>,
    /// Bits of the modulus of an RSA key.
    rsa_bits: Option<usize>,
}

/// PKCS#1 `RSAPublicKey` (RFC 8017, appendix A.1.1).
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

impl FastKey {
    pub(super) fn new(packet: KeyPacket) -> Self {
        let params = packet.inner().public_params();
        let parsed = parse(params).unwrap_or_default();
        let rsa_bits = match params {
            PublicParams::RSA(key) => key.to_bytes().ok().and_then(|written| modulus_bits(&written)),
            _ => None,
        };
        Self { packet, parsed, rsa_bits }
    }

    fn parsed(&self, hash: HashAlgorithm) -> Option<&ParsedPublicKey> {
        self.parsed.iter().find(|(known, _)| *known == hash).map(|(_, key)| key)
    }
}

impl KeyDetails for FastKey {
    fn version(&self) -> KeyVersion {
        self.packet.inner().version()
    }
    fn legacy_key_id(&self) -> KeyId {
        self.packet.inner().legacy_key_id()
    }
    fn fingerprint(&self) -> Fingerprint {
        self.packet.inner().fingerprint()
    }
    fn algorithm(&self) -> PublicKeyAlgorithm {
        self.packet.inner().algorithm()
    }
    fn created_at(&self) -> Timestamp {
        self.packet.inner().created_at()
    }
    fn legacy_v3_expiration_days(&self) -> Option<u16> {
        self.packet.inner().legacy_v3_expiration_days()
    }
    fn public_params(&self) -> &PublicParams {
        self.packet.inner().public_params()
    }
}

/// Is something a signature by a key?
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fits {
    Yes,
    No,
    /// It is, or may be, and proves nothing: key or digest are too short.
    Weakly(String),
    /// The arithmetic is not here.
    NotComputed(String),
}

/// Fewest bits of an RSA modulus that is not weak (NIST SP 800-131A revision 2, section 3).
const FEWEST_RSA_BITS: usize = 2048;

impl FastKey {
    /// Is `signature` one of this key over data with this digest? *No* is said only of what was computed.
    pub(super) fn fits(&self, hash: HashAlgorithm, digest: &[u8], signature: &SignatureBytes) -> Fits {
        let params = self.public_params();
        if let Some(kind) = kind_without_arithmetic(params) {
            return Fits::NotComputed(format!("a kind of key that this program cannot compute: {kind}"));
        }
        let weak = self.weakness(digest);
        // The crate refuses these; where the fast way can, it says whether they fit.
        if let Some(reason) = weak {
            let fast = self.fast(hash, digest, signature);
            return if fast == Some(false) { Fits::No } else { Fits::Weakly(reason) };
        }
        match self.verify(hash, digest, signature) {
            Ok(()) => Fits::Yes,
            Err(Error::Unsupported { .. } | Error::Unimplemented { .. }) => {
                Fits::NotComputed(format!("a key and a digest that this program cannot compute: {hash:?}"))
            }
            Err(_) => Fits::No,
        }
    }

    /// Why a signature by this key over such a digest proves nothing, though gpg takes it.
    ///
    /// Source: RFC 9580, sections 5.2.3.2 and 5.2.3.4, for the digests; NIST SP 800-131A for RSA.
    fn weakness(&self, digest: &[u8]) -> Option<String> {
        let least = match self.public_params() {
            PublicParams::RSA(_) => {
                let bits = self.rsa_bits?;
                return (bits < FEWEST_RSA_BITS).then(|| format!("an RSA key of {bits} bits"));
            }
            PublicParams::Ed25519(_)
            | PublicParams::EdDSALegacy(_)
            | PublicParams::ECDSA(EcdsaPublicParams::P256 { .. } | EcdsaPublicParams::Secp256k1 { .. }) => 256,
            PublicParams::ECDSA(EcdsaPublicParams::P384 { .. }) => 384,
            PublicParams::Ed448(_) | PublicParams::ECDSA(EcdsaPublicParams::P521 { .. }) => 512,
            _ => return None,
        };
        let bits = digest.len() * 8;
        (bits < least).then(|| format!("a digest of {bits} bits, where the key asks for {least}"))
    }

    /// Of each pair (r, s) on a curve the pair (r, -s) is as good, and the crate for secp256k1 takes the one with the lower s
    /// alone, which gpg does not look for.
    ///
    /// Source: SEC 1, section 4.1.4.
    fn mirrored(&self, signature: &SignatureBytes) -> Option<SignatureBytes> {
        let PublicParams::ECDSA(EcdsaPublicParams::Secp256k1 { .. }) = self.public_params() else { return None };
        let SignatureBytes::Mpis(numbers) = signature else { return None };
        let [r, s] = numbers.as_slice() else { return None };
        let mut wide = [0; 32];
        wide.get_mut(32_usize.checked_sub(s.as_ref().len())?..)?.copy_from_slice(s.as_ref());
        let mut borrow = 0;
        let mut mirror: Vec<u8> = SECP256K1_ORDER
            .iter()
            .zip(wide)
            .rev()
            .map(|(order, own)| {
                let difference = i16::from(*order) - i16::from(own) - borrow;
                borrow = i16::from(difference < 0);
                // Between 0 and 255 after the borrow.
                u8::try_from(difference.rem_euclid(256)).unwrap_or_default()
            })
            .collect();
        mirror.reverse();
        (borrow == 0).then(|| SignatureBytes::Mpis(vec![r.clone(), Mpi::from_slice(&mirror)]))
    }

    /// The answer of aws-lc-rs; nothing where it does not know the key, the digest or the form.
    fn fast(&self, hash: HashAlgorithm, data: &[u8], sig: &SignatureBytes) -> Option<bool> {
        let key = self.parsed(hash)?;
        let bytes = bytes_of(self.public_params(), key, sig)?;
        let verified = match (self.public_params(), algorithm_of(hash)) {
            // The digest itself is the message that is signed (RFC 9580, section 5.2.3.3).
            (PublicParams::Ed25519(_) | PublicParams::EdDSALegacy(_), _) => key.verify_sig(data, &bytes),
            (_, algorithm) => key.verify_digest_sig(&Digest::import_less_safe(data, algorithm?).ok()?, &bytes),
        };
        Some(verified.is_ok())
    }
}

/// The order of the curve's group. Source: SEC 2, section 2.4.1.
const SECP256K1_ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc,
    0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
];

/// The name of a kind of key for which there is no arithmetic here.
fn kind_without_arithmetic(params: &PublicParams) -> Option<String> {
    match params {
        PublicParams::ECDSA(EcdsaPublicParams::Unsupported { curve, .. })
        | PublicParams::EdDSALegacy(EddsaLegacyPublicParams::Unsupported { curve, .. }) => Some(curve.to_string()),
        PublicParams::Elgamal(_) => Some("Elgamal".to_owned()),
        PublicParams::Unknown { .. } => Some("one without a name".to_owned()),
        _ => None,
    }
}

/// Bits of the first number.
fn modulus_bits(written: &[u8]) -> Option<usize> {
    written.get(..2)?.try_into().ok().map(|bytes| usize::from(u16::from_be_bytes(bytes)))
}

// The bytes that a certification is made over.
impl Serialize for FastKey {
    fn to_writer<W: std::io::Write>(&self, writer: &mut W) -> Result<()> {
        match &self.packet {
            KeyPacket::Primary(key) => key.to_writer(writer),
            KeyPacket::Sub(key) => key.to_writer(writer),
        }
    }
    fn write_len(&self) -> usize {
        match &self.packet {
            KeyPacket::Primary(key) => key.write_len(),
            KeyPacket::Sub(key) => key.write_len(),
        }
    }
}

impl VerifyingKey for FastKey {
    fn verify(&self, hash: HashAlgorithm, data: &[u8], sig: &SignatureBytes) -> Result<()> {
        match self.fast(hash, data, sig) {
            Some(true) => Ok(()),
            Some(false) => Err("the signature does not fit the key".to_owned().into()),
            None => {
                let slow = |sig: &SignatureBytes| self.packet.inner().verify(hash, data, sig);
                slow(sig).or_else(|error| self.mirrored(sig).map_or(Err(error), |other| slow(&other)))
            }
        }
    }
}

const HASHES: [HashAlgorithm; 4] =
    [HashAlgorithm::Sha1, HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];

fn algorithm_of(hash: HashAlgorithm) -> Option<&'static digest::Algorithm> {
    match hash {
        HashAlgorithm::Sha1 => Some(&digest::SHA1_FOR_LEGACY_USE_ONLY),
        HashAlgorithm::Sha256 => Some(&digest::SHA256),
        HashAlgorithm::Sha384 => Some(&digest::SHA384),
        HashAlgorithm::Sha512 => Some(&digest::SHA512),
        _ => None,
    }
}

fn parse(params: &PublicParams) -> Option<Vec<(HashAlgorithm, ParsedPublicKey)>> {
    let one = |hash, algorithm: &'static dyn VerificationAlgorithm, bytes: &[u8]| {
        ParsedPublicKey::new(algorithm, bytes).ok().map(|key| (hash, key))
    };
    match params {
        PublicParams::RSA(key) => {
            let written = key.to_bytes().ok()?;
            let (modulus, rest) = mpi(&written)?;
            let (exponent, _) = mpi(rest)?;
            let key = RsaPublicKey { modulus: UintRef::new(modulus).ok()?, exponent: UintRef::new(exponent).ok()? };
            let der = key.to_der().ok()?;
            let of = |hash| -> Option<&'static dyn VerificationAlgorithm> {
                Some(match hash {
                    HashAlgorithm::Sha1 => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
                    HashAlgorithm::Sha256 => &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
                    HashAlgorithm::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    HashAlgorithm::Sha512 => &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
                    _ => return None,
                })
            };
            // With SHA-384 there is none for short keys.
            let is_short = modulus.len() * 8 < FEWEST_RSA_BITS;
            let hashes = HASHES.iter().filter(|hash| !is_short || **hash != HashAlgorithm::Sha384);
            Some(hashes.filter_map(|hash| one(*hash, of(*hash)?, &der)).collect())
        }
        PublicParams::ECDSA(key) => {
            let (hash, algorithm): (_, &'static dyn VerificationAlgorithm) = match key {
                EcdsaPublicParams::P256 { .. } => (HashAlgorithm::Sha256, &signature::ECDSA_P256_SHA256_FIXED),
                EcdsaPublicParams::P384 { .. } => (HashAlgorithm::Sha384, &signature::ECDSA_P384_SHA384_FIXED),
                EcdsaPublicParams::P521 { .. } => (HashAlgorithm::Sha512, &signature::ECDSA_P521_SHA512_FIXED),
                _ => return None,
            };
            // A length, the object identifier of the curve, then the point (RFC 9580, section 5.5.5.4).
            let written = key.to_bytes().ok()?;
            let (length, rest) = written.split_first()?;
            let (point, _) = mpi(rest.get(usize::from(*length)..)?)?;
            Some(one(hash, algorithm, point).into_iter().collect())
        }
        PublicParams::Ed25519(key) => {
            let of = |hash: &HashAlgorithm| one(*hash, &signature::ED25519, key.key.as_bytes());
            Some(HASHES.iter().chain([&HashAlgorithm::Sha224]).filter_map(of).collect())
        }
        PublicParams::EdDSALegacy(EddsaLegacyPublicParams::Ed25519 { key }) => {
            let of = |hash: &HashAlgorithm| one(*hash, &signature::ED25519, key.as_bytes());
            Some(HASHES.iter().chain([&HashAlgorithm::Sha224]).filter_map(of).collect())
        }
        _ => None,
    }
}

/// The number at the start without its length, and what follows (RFC 9580, section 3.2).
fn mpi(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(2)?;
    let bits = usize::from(u16::from_be_bytes(length.try_into().ok()?));
    rest.split_at_checked(bits.div_ceil(8))
}

/// The signature in the form that aws-lc-rs takes; nothing where it cannot be one of this key.
fn bytes_of(params: &PublicParams, key: &ParsedPublicKey, signature: &SignatureBytes) -> Option<Vec<u8>> {
    let numbers = match signature {
        SignatureBytes::Native(bytes) => {
            return matches!(params, PublicParams::Ed25519(_)).then(|| bytes.to_vec());
        }
        SignatureBytes::Mpis(numbers) => numbers,
    };
    let padded = |number: &[u8], length: usize| -> Option<Vec<u8>> {
        let mut out = vec![0; length.checked_sub(number.len())?];
        out.extend_from_slice(number);
        Some(out)
    };
    let pair = |length: usize| -> Option<Vec<u8>> {
        let [one, two] = numbers.as_slice() else { return None };
        Some([padded(one.as_ref(), length)?, padded(two.as_ref(), length)?].concat())
    };
    match params {
        PublicParams::RSA(key) => {
            let [number] = numbers.as_slice() else { return None };
            let written = key.to_bytes().ok()?;
            let (modulus, _) = mpi(&written)?;
            padded(number.as_ref(), modulus.len())
        }
        PublicParams::ECDSA(_) => {
            // An uncompressed point is 4 and two numbers of the field's length.
            pair(key.as_ref().len().checked_sub(1)? / 2)
        }
        PublicParams::EdDSALegacy(_) => pair(32),
        _ => None,
    }
}
