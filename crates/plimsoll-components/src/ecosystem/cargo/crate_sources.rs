//! Which sources of locked crates were on this machine.

use super::{crate_url, features::Model, metadata::MetadataAnswers};
use crate::{component::Origin, package_sources::PackageSources};

/// Gives which sources were at hand; nothing where nothing comes from elsewhere.
pub(super) fn crate_sources(model: &Model<'_>, told: &MetadataAnswers) -> Option<PackageSources> {
    let mut sources = PackageSources::default();
    for (package, known) in model.lock.packages.iter().zip(&model.known) {
        if package.origin != Origin::Folder {
            sources.locked += 1;
            sources
                .at_hand
                .extend(known.is_some().then(|| crate_url(&package.name, &package.version).from(&package.origin)));
        }
    }
    if (sources.at_hand.len() as u64) < sources.locked {
        sources.reasons.push(told.refusal.map_or("cargo-not-asked", |refusal| refusal.id()));
    }
    (sources.locked > 0).then_some(sources)
}
