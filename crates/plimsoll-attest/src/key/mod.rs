//! Keys that sign: read from the files that other tools write, or held by a program.

mod armor;
mod cosign;
mod encrypted;
mod error;
mod external;
#[cfg(fuzzing)]
pub(crate) mod fuzzing;
mod limits;
mod openssh;
mod pkcs8;
mod process;
mod public;
mod signing;
#[cfg(test)]
mod tests;

pub use error::KeyError;
pub use external::ExternalSigner;
pub use public::PublicPart;
pub use signing::SigningKey;
use zeroize::Zeroizing;

/// Kinds of keys that sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// Ed25519 (RFC 8032); signatures are 64 raw bytes.
    Ed25519,
    /// ECDSA on P-256 with SHA-256 (FIPS 186-5); signatures are DER.
    EcdsaP256,
    /// ECDSA on P-384 with SHA-384 (FIPS 186-5); signatures are DER.
    EcdsaP384,
}

impl KeyKind {
    /// Gives the name that is shown and written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256 => "ecdsa-p256",
            Self::EcdsaP384 => "ecdsa-p384",
        }
    }

    /// Gives the length of the secret number in bytes.
    fn secret_length(self) -> usize {
        match self {
            Self::Ed25519 | Self::EcdsaP256 => 32,
            Self::EcdsaP384 => 48,
        }
    }
}

/// Whatever signs: a key at hand or a program that holds one.
pub trait Signer {
    /// Gives the public key that its signatures verify with.
    fn public_key(&self) -> &PublicPart;

    /// Gives a signature over `message`, in the form that [`KeyKind`] names, which verifies with the public key.
    ///
    /// An implementation checks what it hands out: a faulty signer gives an error and never a wrong signature.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError>;
}

/// Asks for a passphrase; its argument is the form of the file, to tell the person.
type Ask<'a> = &'a mut dyn FnMut(&str) -> Result<Zeroizing<String>, String>;

/// What a file comes down to: the secret number, and the public keys that the file states beside it.
struct Secret {
    kind: KeyKind,
    bytes: Zeroizing<Vec<u8>>,
    /// Points as they stand in the file; nothing says yet that they are the number's own.
    stated: Vec<Vec<u8>>,
}
