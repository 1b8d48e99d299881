//! What the arguments say, as the library takes it.

use std::path::Path;

use anyhow::Result;
use plimsoll_collect::{Inputs, Target};
use plimsoll_components::Resolver;

use crate::{
    args::{At, ResolverChoice},
    input, trust,
};

/// Gives the repository at `path` with what was given for it, and what it is collected with: by the collectors of the names in
/// `only`, or by all, and with the tools in the folder `practices`.
pub fn collection(path: &Path, at: &At, only: Option<&[&str]>, practices: Option<&Path>) -> Result<(Target, Inputs)> {
    let target = Target {
        path: path.to_owned(),
        rev: at.rev.clone(),
        worktree: at.worktree,
        every_version: at.history,
        artifacts: at.artifacts.iter().map(|path| input::artifact(path)).collect::<Result<_>>()?,
        attestations: at.attestations.iter().map(|path| input::attestation(path)).collect::<Result<_>>()?,
        files: input::files(&at.files.0)?,
    };
    let mut inputs = Inputs::new(plimsoll::tool(), input::as_of(at.as_of));
    if let Some(names) = only {
        inputs = inputs.only(names)?;
    }
    inputs.resolver = resolver(at.resolver);
    inputs.tools = plimsoll::tools(practices)?;
    inputs.policy = trust::policy(at)?;
    inputs.cache = trust::cache(at);
    inputs.open_advisories(&at.advisories)?;
    at.index.as_deref().map_or(Ok(()), |path| inputs.open_index(path))?;
    Ok((target, inputs))
}

/// Gives the library's word for how dependencies are resolved.
pub fn resolver(choice: ResolverChoice) -> Resolver {
    match choice {
        ResolverChoice::Auto => Resolver::Auto,
        ResolverChoice::Cargo => Resolver::PackageManager,
        ResolverChoice::Lockfile => Resolver::Lockfile,
    }
}
