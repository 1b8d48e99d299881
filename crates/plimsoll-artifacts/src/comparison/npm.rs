//! An npm package: what is published is what lies in its folder.

use crate::Package;
use serde::Deserialize;

use super::{
    tree::{SourceFiles, within},
    types::Claim,
};

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

/// Gives the package's folder in the tree: the one that it names, else where `package.json` has its name.
pub(super) fn folder(package: &Package, tree: SourceFiles<'_>, claim: &Result<Claim, String>) -> Option<String> {
    let stated = claim.as_ref().ok().and_then(|claim| claim.path.clone());
    stated.or_else(|| {
        tree.folder_of("package.json", package.get("package.json").map(|file| file.bytes), |text| {
            serde_json::from_str::<Named>(text).is_ok_and(|named| named.name.as_deref() == Some(package.name()))
        })
    })
}

/// Gives where a file may be in the tree. A licence that the folder lacks is the repository's: pnpm and lerna copy it in.
///
/// Source: pnpm's documentation of `pnpm publish`.
pub(super) fn sources(folder: &str, path: &str) -> Vec<String> {
    let mut sources = vec![within(folder, path)];
    let upper = path.to_ascii_uppercase();
    if !folder.is_empty() && !path.contains('/') && (upper.starts_with("LICENSE") || upper.starts_with("LICENCE")) {
        sources.push(path.to_owned());
    }
    sources
}
