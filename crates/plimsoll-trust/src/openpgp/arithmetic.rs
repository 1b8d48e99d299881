//! The arithmetic of OpenPGP keys by aws-lc-rs, and by the OpenPGP crate itself for what that does not know.

use aws_lc_rs::{
    digest::{self, Digest},
    signature::{self, ParsedPublicKey, VerificationAlgorithm},
};
use der::{Encode as _, Sequence, asn1::UintRef};
use pgp::{
    crypto::{hash::HashAlgorithm, public_key::PublicKeyAlgorithm},
    errors::Result,
    packet::{PublicKey, PublicSubkey},
    ser::Serialize,
    types::{
        EcdsaPublicParams, EddsaLegacyPublicParams, Fingerprint, KeyDetails, KeyId, KeyVersion, PublicParams,
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
}

/// PKCS#1 `RSAPublicKey` (RFC 8017, appendix A.1.1).
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

impl FastKey {
    pub(super) fn new(packet: KeyPacket) -> Self {
        let parsed = parse(packet.inner().public_params()).unwrap_or_default();
        Self { packet, parsed }
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
        let slow = || self.packet.inner().verify(hash, data, sig);
        let Some(key) = self.parsed(hash) else { return slow() };
        let Some(bytes) = bytes_of(self.public_params(), key, sig) else { return slow() };
        let verified = match (self.public_params(), algorithm_of(hash)) {
            // The digest itself is the message that is signed (RFC 9580, section 5.2.3.3).
            (PublicParams::Ed25519(_) | PublicParams::EdDSALegacy(_), _) => key.verify_sig(data, &bytes),
            (_, Some(algorithm)) => match Digest::import_less_safe(data, algorithm) {
                Ok(digest) => key.verify_digest_sig(&digest, &bytes),
                Err(_) => return slow(),
            },
            (_, None) => return slow(),
        };
        verified.map_err(|_| "the signature does not fit the key".to_owned().into())
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
                    HashAlgorithm::Sha1 => &signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
                    HashAlgorithm::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                    HashAlgorithm::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    HashAlgorithm::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                    _ => return None,
                })
            };
            Some(HASHES.iter().filter_map(|hash| one(*hash, of(*hash)?, &der)).collect())
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
            // SHA-1 is left to the crate, which refuses it for these keys.
            Some(HASHES.iter().skip(1).filter_map(of).collect())
        }
        PublicParams::EdDSALegacy(EddsaLegacyPublicParams::Ed25519 { key }) => {
            let of = |hash: &HashAlgorithm| one(*hash, &signature::ED25519, key.as_bytes());
            Some(HASHES.iter().skip(1).filter_map(of).collect())
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
