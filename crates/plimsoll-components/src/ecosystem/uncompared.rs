//! What of the packages of an ecosystem advisories do not speak of.

use std::collections::BTreeSet;

use super::Ecosystem;
use crate::component::{Component, Source};

/// Gives why not all packages are checked, where one ships that advisories do not speak of.
///
/// Advisories know the releases in the public registry by their versions. A commit of a git repository, a package of another
/// registry and a changed copy may have what their version has, or not: nobody knows by the version. Nor does anybody of a
/// package of which no version is known.
pub(crate) fn uncompared(ecosystem: &dyn Ecosystem, components: &[Component]) -> Option<String> {
    const SHOWN: usize = 3;
    let registry = ecosystem.public_registry();
    let elsewhere = components.iter().filter(|component| component.ships() && !component.own).filter_map(|component| {
        let from = match component.source {
            _ if ecosystem.is_published(component) => {
                return component.version.is_empty().then(|| component.name.clone() + " (of no known version)");
            }
            Source::Git => "git",
            Source::Registry => "another registry",
            Source::Path | Source::Workspace => "a folder that is not the repository's own",
        };
        let space = if component.version.is_empty() { "" } else { " " };
        Some(format!("{}{space}{} (from {from})", component.name, component.version))
    });
    let uncompared: BTreeSet<String> = elsewhere.collect();
    if uncompared.is_empty() {
        return None;
    }
    let shown: Vec<String> = uncompared.iter().take(SHOWN).map(|text| plimsoll_model::excerpt(text, 120)).collect();
    let more = uncompared.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(match registry {
        Some(registry) => format!("advisories speak of {registry} alone, and not of {}{more}", shown.join(", ")),
        None => format!(
            "no database of advisories speaks of {}, and so not of {}{more}",
            ecosystem.name(),
            shown.join(", ")
        ),
    })
}
