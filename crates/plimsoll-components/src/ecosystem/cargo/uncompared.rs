//! What of cargo's packages advisories do not speak of.

use std::collections::BTreeSet;

use super::CRATES_IO;
use crate::component::{Component, Source};

/// Gives why not all of cargo's packages are checked, where one ships that advisories do not speak of.
///
/// RustSec knows the releases on crates.io by their versions. A commit of a git repository, a package of another registry
/// and a changed copy may have what their version has, or not: nobody can tell by the version.
pub(super) fn uncompared(components: &[Component]) -> Option<String> {
    const SHOWN: usize = 3;
    let uncompared: BTreeSet<(&str, &str, &str)> = components
        .iter()
        .filter(|component| component.ships() && !component.own && !component.is_from(CRATES_IO))
        .map(|component| {
            let from = match component.source {
                Source::Git => "git",
                Source::Registry => "another registry",
                Source::Path | Source::Workspace => "a folder that is not the repository's own",
            };
            (component.name.as_str(), component.version.as_str(), from)
        })
        .collect();
    if uncompared.is_empty() {
        return None;
    }
    let shown: Vec<String> =
        uncompared.iter().take(SHOWN).map(|(name, version, from)| format!("{name} {version} (from {from})")).collect();
    let more = uncompared.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(format!("advisories speak of {CRATES_IO} alone, and not of {}{more}", shown.join(", ")))
}
