//! The public half of a key.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ED25519, ParsedPublicKey, UnparsedPublicKey, VerificationAlgorithm,
};
use plimsoll_model::sha256_hex;

use super::{KeyError, KeyKind, armor, openssh, pkcs8};

/// Everything of a `SubjectPublicKeyInfo` before the point itself: RFC 8410 section 4, RFC 5480 section 2. Points have
/// one length and are written uncompressed, so that a key has one encoding and one fingerprint.
const ED25519_HEAD: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
const P256_HEAD: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\
    \x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
const P384_HEAD: &[u8] =
    b"\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00";

const FORM: &str = "public key (PUBLIC KEY)";

/// A public key: a `SubjectPublicKeyInfo` in DER (RFC 5280 section 4.1.2.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPart {
    kind: KeyKind,
    point: Vec<u8>,
    der: Vec<u8>,
}

impl PublicPart {
    /// Gives the public key in a PEM file `PUBLIC KEY`, or in one of OpenSSH with a single key (`ssh-ed25519 ...`).
    ///
    /// Refused: everything that [`super::SigningKey::read`] refuses of armor, private keys and certificates, other kinds
    /// of keys, points that are compressed or not on their curve.
    pub fn read(file: &[u8]) -> Result<Self, KeyError> {
        if let Some(key) = openssh::public_line(file) {
            let (kind, point) = key?;
            return Self::from_point(kind, &point)
                .ok_or_else(|| KeyError::damaged(openssh::PUBLIC_FORM, "what it holds is no point of its curve"));
        }
        let armored = armor::read(file)?;
        if armored.key.label != "PUBLIC KEY" {
            return Err(KeyError::unfit(
                format!("this is a {}, and a public key is wanted", armored.key.label),
                "give a file with a line `-----BEGIN PUBLIC KEY-----`, or the `.pub` of ssh-keygen",
            ));
        }
        Self::from_der(&armored.key.bytes)
    }

    /// Gives the public key that `der` is, byte for byte.
    fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        for kind in [KeyKind::Ed25519, KeyKind::EcdsaP256, KeyKind::EcdsaP384] {
            if let Some(point) = der.strip_prefix(head(kind)) {
                return Self::from_point(kind, point).ok_or_else(|| {
                    KeyError::damaged(FORM, format!("what it holds is not an uncompressed point of {}", kind.as_str()))
                });
            }
        }
        Err(pkcs8::unfit_public(der, FORM))
    }

    /// Gives the public key that `point` is; `None` when it is none of its curve, or compressed.
    pub(super) fn from_point(kind: KeyKind, point: &[u8]) -> Option<Self> {
        let length = match kind {
            KeyKind::Ed25519 => 32,
            KeyKind::EcdsaP256 => 65,
            KeyKind::EcdsaP384 => 97,
        };
        if point.len() != length || (kind != KeyKind::Ed25519 && point.first() != Some(&4)) {
            return None;
        }
        ParsedPublicKey::new(algorithm(kind), point).ok()?;
        Some(Self { kind, point: point.to_vec(), der: [head(kind), point].concat() })
    }

    /// Gives the `SubjectPublicKeyInfo` in DER.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Gives the key as a PEM file `PUBLIC KEY`.
    pub fn pem(&self) -> String {
        (*armor::write("PUBLIC KEY", &self.der)).clone()
    }

    /// Gives `SHA256:` and the hexadecimal SHA-256 of the `SubjectPublicKeyInfo`.
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", sha256_hex(&self.der))
    }

    /// Gives the kind of the key.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Gives the point as X9.62 or RFC 8032 writes it.
    pub(super) fn point(&self) -> &[u8] {
        &self.point
    }

    /// Says whether `signature`, in the form that [`KeyKind`] names, is this key's over `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(algorithm(self.kind), &self.point).verify(message, signature).is_ok()
    }

    /// Says whether `stated` is this key's point; a point of a curve may be compressed (SEC 1 section 2.3.3).
    pub(super) fn is_stated_as(&self, stated: &[u8]) -> bool {
        if self.kind == KeyKind::Ed25519 || stated.len() == self.point.len() {
            return stated == self.point;
        }
        let coordinates = self.point.get(1..).unwrap_or_default();
        let x = coordinates.get(..self.kind.secret_length()).unwrap_or_default();
        let odd = coordinates.last().is_some_and(|byte| byte & 1 == 1);
        !x.is_empty() && stated.split_first() == Some((if odd { &3 } else { &2 }, x))
    }
}

fn head(kind: KeyKind) -> &'static [u8] {
    match kind {
        KeyKind::Ed25519 => ED25519_HEAD,
        KeyKind::EcdsaP256 => P256_HEAD,
        KeyKind::EcdsaP384 => P384_HEAD,
    }
}

fn algorithm(kind: KeyKind) -> &'static dyn VerificationAlgorithm {
    match kind {
        KeyKind::Ed25519 => &ED25519,
        KeyKind::EcdsaP256 => &ECDSA_P256_SHA256_ASN1,
        KeyKind::EcdsaP384 => &ECDSA_P384_SHA384_ASN1,
    }
}
