//! The trust policy, and signatures verified against it: OpenPGP, SSH, X.509 and gitsign.
//!
//! One decision shaped this crate: checking and judging are two steps. [`Checked`] is what the arithmetic says of one
//! signature and depends on no clock, so it can be kept; a verdict is read off it for a moment by rules that are cheap.
//! The cost is that everything a rule may ask for has to be in it.

mod cache;
mod checked;
mod error;
mod openpgp;
mod policy;
mod ssh;
mod verdict;
mod x509;

pub use cache::{CheckCache, Kept};
pub use checked::{Checked, Proof, Scheme};
pub use error::TrustError;
pub use policy::{Party, PolicyFile, TrustPolicy};
pub use verdict::{Judgement, SignedBy, Stated, Verdict};

/// The parsers of untrusted bytes, for the targets in `fuzz/`; not in any other build.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    pub use crate::{openpgp::read_anything as openpgp, ssh::read_anything as ssh, x509::read_anything as x509};
}
