//! What the arguments say, as the library takes it.

use anyhow::Result;
use plimsoll_collect::Options;
use plimsoll_components::Resolver;

use crate::{
    args::{At, ResolverChoice},
    input, trust,
};

/// Gives the library's options.
pub fn collect_options(at: &At, only: Option<Vec<String>>) -> Result<Options> {
    Ok(Options {
        rev: at.rev.clone(),
        worktree: at.worktree,
        as_of: input::as_of(at.as_of),
        advisories: at.advisories.clone(),
        index: at.index.clone(),
        resolver: resolver(at.resolver),
        artifacts: at.artifacts.iter().map(|path| input::artifact(path)).collect::<Result<_>>()?,
        attestations: at.attestations.iter().map(|path| input::attestation(path)).collect::<Result<_>>()?,
        only,
        trust: trust::of(at)?,
        previous: at.previous.as_deref().map(trust::previous).transpose()?,
        tool: plimsoll::tool(),
    })
}

/// Gives the library's word for how dependencies are resolved.
pub fn resolver(choice: ResolverChoice) -> Resolver {
    match choice {
        ResolverChoice::Auto => Resolver::Auto,
        ResolverChoice::Cargo => Resolver::PackageManager,
        ResolverChoice::Lockfile => Resolver::Lockfile,
    }
}
