//! Signs statements: the keys that sign, DSSE envelopes, Sigstore bundles.
//!
//! One decision shaped this crate: every key file is read down to the same two things, a kind and a secret number, and
//! the public key is computed from that number. The cost is that the forms' own shortcuts are not used; what is won is
//! that a public key which a file merely states is never believed.

mod bundle;
mod key;

pub use bundle::{BUNDLE_MEDIA_TYPE, PAYLOAD_TYPE, SignError, pae, sign};
pub use key::{ExternalSigner, KeyError, KeyKind, PublicPart, Signer, SigningKey};
/// Text or bytes that are wiped from memory when they are dropped.
pub use zeroize::Zeroizing;

/// The readers of untrusted bytes, for the targets in `fuzz/`; not in any other build.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    /// Key files, private and public, as they are and with each armor around them.
    pub fn key(bytes: &[u8]) {
        crate::key::fuzzing::key(bytes);
    }
}
