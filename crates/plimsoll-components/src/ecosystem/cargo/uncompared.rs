//! What of cargo's packages advisories do not speak of.

use std::collections::BTreeSet;

use crate::types::{CARGO, Component, Ecosystem, Source};

/// Says of cargo's packages that they are not all checked where one ships that advisories do not speak of.
///
/// RustSec knows the releases on crates.io by their versions. A commit of a git repository, a package of another registry
/// and a changed copy may have what their version has, or not: nobody can tell by the version.
pub(crate) fn mark_uncheckable(ecosystems: &mut [Ecosystem], components: &[Component]) {
    const SHOWN: usize = 3;
    let uncompared: BTreeSet<(&str, &str, &str)> = components
        .iter()
        .filter(|component| component.ships_uncompared())
        .map(|component| {
            let from = match component.source {
                Source::Git => "git",
                Source::Registry => "another registry",
                Source::Path | Source::Workspace => "a folder that is not the repository's own",
            };
            (component.name.as_str(), component.version.as_str(), from)
        })
        .collect();
    let Some(cargo) = ecosystems.iter_mut().find(|ecosystem| ecosystem.name == CARGO) else { return };
    if uncompared.is_empty() {
        return;
    }
    let shown: Vec<String> =
        uncompared.iter().take(SHOWN).map(|(name, version, from)| format!("{name} {version} (from {from})")).collect();
    let more = uncompared.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    cargo.checked = false;
    cargo.reason = Some(format!("advisories speak of crates.io alone, and not of {}{more}", shown.join(", ")));
}
