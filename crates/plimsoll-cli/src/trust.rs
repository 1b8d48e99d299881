//! From arguments to the trust policy, and the place where results of signature checks are kept.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use plimsoll_trust::{Cache, IdentityRule, PublicKey, SourceName, TrustPolicy};

use crate::{
    args::{At, SignerArgs},
    folders, input,
    output::Output,
};

/// Gives the policy that the arguments name.
pub fn policy(at: &At) -> Result<TrustPolicy> {
    let mut policy = match &at.trust {
        Some(path) => TrustPolicy::load(path)?,
        None => TrustPolicy::new(),
    };
    at.keyring.iter().try_for_each(|path| policy.trust_keyring(path))?;
    at.allowed_signers.iter().try_for_each(|path| policy.trust_allowed_signers(path))?;
    policy.finish()?;
    at.key.iter().try_for_each(|path| policy.add_public_keys(path, None))?;
    at.trusted_root.iter().try_for_each(|path| policy.replace_trusted_root(path))?;
    if !at.no_forges {
        policy.report_forges();
    }
    Ok(policy)
}

/// Gives the policy of a file, public keys and a trusted root.
pub fn policy_of(file: Option<&Path>, keys: &[PathBuf], trusted_root: Option<&Path>) -> Result<TrustPolicy> {
    let mut policy = match file {
        Some(path) => TrustPolicy::load(path)?,
        None => TrustPolicy::new(),
    };
    keys.iter().try_for_each(|path| policy.add_public_keys(path, None))?;
    trusted_root.iter().try_for_each(|path| policy.replace_trusted_root(path))?;
    Ok(policy)
}

/// Whose signature counts, as the arguments say it.
pub struct Signers {
    /// The policy with the keys that were given.
    pub policy: TrustPolicy,
    /// Fingerprints of the keys of which one has to have signed.
    pub keys: Vec<String>,
    /// Who has to have signed.
    pub identity: Option<IdentityRule>,
    /// Who has to vouch for them.
    pub issuer: Option<String>,
    /// The repository whose run has to have signed.
    pub run_of: Option<SourceName>,
}

/// Gives whose signature counts. Refused where nobody is named: that anybody signed proves nothing.
pub fn signers(whose: &SignerArgs) -> Result<Signers> {
    let policy = policy_of(whose.trust.as_deref(), &whose.key, whose.trusted_root.as_deref())?;
    let mut keys = Vec::new();
    for path in &whose.key {
        let read = PublicKey::read_all(&input::read(path).with_context(|| format!("{}: cannot read", path.display()))?);
        let read = read.map_err(|reason| anyhow!("{}: no key that signs labels: {reason}", path.display()))?;
        keys.extend(read.into_iter().map(|key| key.fingerprint));
    }
    let exact = whose.identity.clone().map(IdentityRule::Exact);
    let identity = exact.or_else(|| whose.identity_regex.clone().map(IdentityRule::Pattern));
    if identity.is_none() && !policy.attestations().names_signers() {
        bail!(
            "say whose signature counts: --key FILE, --identity ID with --issuer URL, or --trust FILE that names someone"
        );
    }
    Ok(Signers { policy, keys, identity, issuer: whose.issuer.clone(), run_of: whose.source.clone() })
}

/// Reports what could not be kept for the next run: it is computed again then, and no failure.
pub fn report_not_kept(not_kept: Option<&String>, output: &Output) {
    if let Some(reason) = not_kept {
        output.say(&format!("the history and the results of signature checks could not be kept: {reason}"));
    }
}

/// Gives the place where results are kept between runs.
///
/// They lie in the folder for caches, the key that seals them in the one for state: whoever hands on a cache does not hand on
/// the key. Without such folders nothing is kept.
pub fn cache(at: &At) -> Option<Cache> {
    if at.no_cache {
        return None;
    }
    let folder = folders::cache()?;
    let key = folders::state()?.join("cache.key");
    Cache::open(&folder, &key, &program()?).ok()
}

/// This build of the program: its version, and size and time of its file.
fn program() -> Option<String> {
    let metadata = std::fs::metadata(std::env::current_exe().ok()?).ok()?;
    let modified = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", env!("CARGO_PKG_VERSION"), metadata.len(), modified.as_nanos()))
}
