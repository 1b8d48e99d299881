//! What newer documents say of a component beside its name: the archive that it is delivered in, and what is not known.

use super::entries::Entry;
use crate::{
    component::{Component, Source},
    ecosystem::{self, Ecosystem, Holds},
};

/// What a component is, beside software.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// It is built in.
    Library,
    /// It runs.
    Application,
    /// It is an image of a system.
    Container,
}

/// What a component is.
pub(super) fn form(component: &Component) -> Form {
    match ecosystem::of_purl(&component.purl).map(Ecosystem::holds).filter(|_| component.opaque) {
        Some(Holds::Steps) => Form::Application,
        Some(Holds::BuildFiles) => Form::Container,
        _ => Form::Library,
    }
}

/// The file in which a registry delivers a component.
pub(super) struct Archive {
    /// Where it is to be had.
    pub url: String,
    /// The last part of the address.
    pub file: String,
}

/// The archive of a component, where its ecosystem has one by a fixed address.
pub(super) fn archive(entry: &Entry<'_>) -> Option<Archive> {
    let component = entry.component;
    if component.source != Source::Registry {
        return None;
    }
    let url = ecosystem::of_purl(&component.purl).and_then(|ecosystem| ecosystem.archive(component))?;
    let file = url.rsplit_once('/').map(|(_, file)| file.to_owned()).filter(|file| !file.is_empty())?;
    Some(Archive { url, file })
}

/// Names of what is not known of a component and a reader may ask for, in the words of CISA's minimum elements.
///
/// Nothing is withheld: everything that is known is in the document.
///
/// Source: CISA, "2026 Minimum Elements for a Software Bill of Materials", Explicitly Identifying Unknown Information.
pub(super) fn unknown(entry: &Entry<'_>, is_own: bool, has_claimant: bool) -> Vec<&'static str> {
    let component = entry.component;
    let parts = [
        ("Component Producer", !(is_own && has_claimant)),
        ("Component Version", component.version.is_empty()),
        ("Component Hash Value", !entry.hashes.iter().any(|hash| hash.algorithm().in_documents().is_some())),
        ("Component License", entry.licence.is_none()),
    ];
    parts.into_iter().filter(|(_, unknown)| *unknown).map(|(name, _)| name).collect()
}
