//! A private key at hand.

use std::fmt;

use aws_lc_rs::{
    agreement,
    encoding::{AsBigEndian, EcPrivateKeyBin},
    rand,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
        Ed25519KeyPair, KeyPair as _,
    },
};
use zeroize::Zeroizing;

use super::{Ask, KeyError, KeyKind, PublicPart, Signer, armor, cosign, encrypted, limits::Limits, openssh, pkcs8};

/// A private key that signs. Its secret bytes are wiped when it is dropped; `Debug` shows kind and fingerprint.
pub struct SigningKey {
    pair: Pair,
    secret: Zeroizing<Vec<u8>>,
    public: PublicPart,
}

enum Pair {
    Ed25519(Ed25519KeyPair),
    Ecdsa(EcdsaKeyPair),
}

/// Names of keys that are read nowhere here, with what to say.
fn unfit(label: &str) -> KeyError {
    if label.contains("PUBLIC KEY") || label.contains("CERTIFICATE") {
        return KeyError::unfit(
            format!("this is a {label}, and a private key is wanted"),
            "give the file of the private key",
        );
    }
    let what = match label {
        "RSA PRIVATE KEY" => "this is an RSA key".to_owned(),
        "DSA PRIVATE KEY" => "this is a DSA key".to_owned(),
        "EC PARAMETERS" => "this names a curve and holds no key".to_owned(),
        _ => format!("a {label} is not read"),
    };
    KeyError::unfit(what, pkcs8::OTHER_KIND)
}

impl SigningKey {
    /// Gives the private key in `file`: PKCS#8 plain or encrypted, cosign's, OpenSSH's, or SEC1, told apart by armor.
    ///
    /// `passphrase` is called once and only when the file is encrypted; its argument is what to tell the person, the
    /// form of the file. The public key is computed, and must be the one that the file states, where it states one:
    /// an Ed25519 key in PKCS#8 of version 1 does not. Refused: other kinds of keys, public keys, more than one key,
    /// anything outside of the armor, more than 64 KiB, and more work than a few seconds.
    pub fn read(
        file: &[u8],
        passphrase: &mut dyn FnMut(&str) -> Result<Zeroizing<String>, String>,
    ) -> Result<Self, KeyError> {
        Self::read_within(file, passphrase, &Limits::ORDINARY)
    }

    pub(super) fn read_within(file: &[u8], ask: Ask<'_>, limits: &Limits) -> Result<Self, KeyError> {
        let armored = armor::read(file)?;
        let bytes = &armored.key.bytes;
        let (form, secret) = match armored.key.label.as_str() {
            "PRIVATE KEY" => (pkcs8::FORM, pkcs8::read(bytes, pkcs8::FORM)?),
            "EC PRIVATE KEY" => (pkcs8::SEC1_FORM, pkcs8::read_sec1(bytes, armored.parameters.as_ref())?),
            "ENCRYPTED PRIVATE KEY" => (encrypted::FORM, encrypted::read(bytes, ask, limits)?),
            "ENCRYPTED SIGSTORE PRIVATE KEY" | "ENCRYPTED COSIGN PRIVATE KEY" => {
                (cosign::FORM, cosign::read(bytes, ask, limits)?)
            }
            "OPENSSH PRIVATE KEY" => (openssh::FORM, openssh::read(bytes, ask, limits)?),
            other => return Err(unfit(other)),
        };
        let key = Self::new(secret.kind, secret.bytes, form)?;
        if secret.stated.iter().any(|stated| !key.public.is_stated_as(stated)) {
            return Err(KeyError::OtherPublicKey { form });
        }
        Ok(key)
    }

    /// Gives a new key from the random numbers of the operating system.
    pub fn generate(kind: KeyKind) -> Result<Self, KeyError> {
        const MADE: &str = "new key";
        let failed = || KeyError::Arithmetic { what: "making a key" };
        let mut bytes = Zeroizing::new(vec![0; kind.secret_length()]);
        let Some(algorithm) = signing_algorithm(kind) else {
            rand::fill(&mut bytes).map_err(|_| failed())?;
            return Self::new(kind, bytes, MADE);
        };
        let pair = EcdsaKeyPair::generate(algorithm).map_err(|_| failed())?;
        let number: EcPrivateKeyBin<'_> = pair.private_key().as_be_bytes().map_err(|_| failed())?;
        if number.as_ref().len() != bytes.len() {
            return Err(failed());
        }
        bytes.copy_from_slice(number.as_ref());
        Self::new(kind, bytes, MADE)
    }

    /// Gives the key with the secret number `secret`, its public key computed.
    fn new(kind: KeyKind, secret: Zeroizing<Vec<u8>>, form: &'static str) -> Result<Self, KeyError> {
        let out_of_range = || KeyError::OutOfRange { form };
        let failed = || KeyError::Arithmetic { what: "computing the public key" };
        let (pair, point) = if let Some(algorithm) = signing_algorithm(kind) {
            let curve = if kind == KeyKind::EcdsaP256 { &agreement::ECDH_P256 } else { &agreement::ECDH_P384 };
            // What ECDH and ECDSA share: the number, its range and its point.
            let number = agreement::PrivateKey::from_private_key(curve, &secret).map_err(|_| out_of_range())?;
            let point = number.compute_public_key().map_err(|_| failed())?;
            let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, &secret, point.as_ref())
                .map_err(|_| out_of_range())?;
            (Pair::Ecdsa(pair), point.as_ref().to_vec())
        } else {
            let pair = Ed25519KeyPair::from_seed_unchecked(&secret).map_err(|_| out_of_range())?;
            let point = pair.public_key().as_ref().to_vec();
            (Pair::Ed25519(pair), point)
        };
        let public = PublicPart::from_point(kind, &point).ok_or_else(failed)?;
        Ok(Self { pair, secret, public })
    }

    /// Gives the key as a PEM file: `PRIVATE KEY`, or with a passphrase `ENCRYPTED PRIVATE KEY` (scrypt, AES-256-CBC).
    ///
    /// Both are read by openssl(1). Refused: an empty passphrase, which would look like protection and be none.
    pub fn to_pkcs8_pem(&self, passphrase: Option<&str>) -> Result<Zeroizing<String>, KeyError> {
        let failed = || KeyError::Arithmetic { what: "writing the key" };
        let der = pkcs8::write(self.kind(), &self.secret, self.public.point()).ok_or_else(failed)?;
        match passphrase {
            None => Ok(armor::write("PRIVATE KEY", &der)),
            Some("") => Err(KeyError::unfit(
                "the passphrase is empty",
                "give one, or none at all for a key that is not encrypted",
            )),
            Some(passphrase) => Ok(armor::write("ENCRYPTED PRIVATE KEY", &encrypted::write(&der, passphrase)?)),
        }
    }

    #[cfg(test)]
    pub(super) fn secret_for_tests(&self) -> &[u8] {
        &self.secret
    }

    /// Gives the kind of the key.
    pub fn kind(&self) -> KeyKind {
        self.public.kind()
    }
}

impl Signer for SigningKey {
    fn public_key(&self) -> &PublicPart {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let made = match &self.pair {
            Pair::Ed25519(pair) => pair.try_sign(message),
            Pair::Ecdsa(pair) => pair.sign(&rand::SystemRandom::new(), message),
        };
        let signature = made.map_err(|_| KeyError::Arithmetic { what: "signing" })?.as_ref().to_vec();
        // A fault while signing can give the key away, and a wrong signature is worse than none.
        if !self.public.verifies(message, &signature) {
            return Err(KeyError::FaultySignature);
        }
        Ok(signature)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningKey")
            .field("kind", &self.kind())
            .field("fingerprint", &self.public.fingerprint())
            .finish_non_exhaustive()
    }
}

/// `None` for Ed25519, which is not ECDSA.
fn signing_algorithm(kind: KeyKind) -> Option<&'static EcdsaSigningAlgorithm> {
    match kind {
        KeyKind::Ed25519 => None,
        KeyKind::EcdsaP256 => Some(&ECDSA_P256_SHA256_ASN1_SIGNING),
        KeyKind::EcdsaP384 => Some(&ECDSA_P384_SHA384_ASN1_SIGNING),
    }
}
