//! What a document says of a component next to its name: the archive that it is delivered in, and what is not known.

use cyclonedx_bom::external_models::spdx::SpdxExpression;

use super::entries::{DocumentInfo, Entries, Entry};
use crate::{
    component::{Component, Source},
    ecosystem::{self, Ecosystem, Holds},
    hash::{Algorithm, Hash},
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

/// The digests of a component that no format has a name for, as its lockfile has them.
pub(super) fn other_hashes<'a>(entry: &'a Entry<'_>) -> impl Iterator<Item = String> + 'a {
    let other = |hash: &&&Hash| hash.algorithm().in_documents().is_none();
    entry.hashes.iter().filter(other).map(ToString::to_string)
}

/// The licence of the product: what all of the repository's own packages that ship state alike.
pub(super) fn licence_of_product<'a>(entries: &Entries<'a>) -> Option<&'a str> {
    let mut own = entries.product.intersection(&entries.own).map(|reference| entries.all.get(reference)?.licence);
    let first = own.next()??;
    own.all(|licence| licence == Some(first)).then_some(first)
}

/// A licence as a manifest states it.
pub(super) enum Licence {
    /// An SPDX expression of the list of licences and of names of the maker's own.
    Expression(SpdxExpression),
    /// Words that are none.
    Words,
}

/// What a licence is.
pub(super) fn licence(text: &str) -> Licence {
    // What is defined in another document is a name alone in this one.
    let expression = SpdxExpression::try_from(text.to_owned()).ok().filter(|_| !text.contains("DocumentRef-"));
    expression.map_or(Licence::Words, Licence::Expression)
}

/// Names of licences of the maker's own in an expression.
pub(super) fn own_licences(expression: &str) -> impl Iterator<Item = &str> {
    let words = expression.split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | '+'));
    words.filter(|word| word.starts_with("LicenseRef-"))
}

/// Fields of BSI's that say of a file what it is.
const OF_A_FILE: [&str; 4] = ["Filename", "Executable property", "Archive property", "Structured property"];
/// Under which licence it is passed on is for a lawyer to conclude: a manifest declares one.
const CONCLUDED: &str = "Distribution licences";

/// Names of what is not known of a component and a reader may ask for, as the papers call it.
///
/// Source: CISA, "2026 Minimum Elements for a Software Bill of Materials", Explicitly Identifying Unknown Information; BSI
/// TR-03183-2 2.1.0.
pub(super) fn unknown(entry: &Entry<'_>, is_own: bool, info: &DocumentInfo) -> Vec<&'static str> {
    let component = entry.component;
    let archive = archive(entry);
    let has = |wanted: fn(Algorithm) -> bool| entry.hashes.iter().any(|hash| wanted(hash.algorithm()));
    let has_hash = has(|algorithm| algorithm.in_documents().is_some());
    let has_sha512 = archive.is_some() && has(|algorithm| algorithm == Algorithm::Sha512);
    let mut names = of_maker(info, is_own);
    let parts = [
        ("Component Version", component.version.is_empty()),
        ("Component Identifiers", component.purl.is_empty()),
        ("Component Hash Value", !has_hash),
        ("SHA-512 of the deployable component", has_hash && !has_sha512),
        ("Component License", entry.licence.is_none()),
        (CONCLUDED, entry.licence.is_some()),
        ("Component Dependency Relationship", !entry.edges_known && entry.depends_on.is_empty()),
    ];
    names.extend(parts.into_iter().filter(|(_, unknown)| *unknown).map(|(name, _)| name));
    names.extend(OF_A_FILE.into_iter().filter(|_| archive.is_none()));
    names
}

/// The same of the product: of sources, nothing that is delivered is known.
pub(super) fn unknown_of_product(info: &DocumentInfo, licence: Option<&str>) -> Vec<&'static str> {
    let mut names = of_maker(info, true);
    let parts = [
        ("Component Name", plimsoll_model::one_line(&info.name).is_empty()),
        ("Component Version", info.version().is_none()),
        ("Component Identifiers", info.purl().or(info.cpe()).or(info.swhid()).is_none()),
        ("Component Hash Value", true),
        ("Component License", licence.is_none()),
        (CONCLUDED, licence.is_some()),
    ];
    names.extend(parts.into_iter().filter(|(_, unknown)| *unknown).map(|(name, _)| name));
    names.extend(OF_A_FILE);
    names
}

fn of_maker(info: &DocumentInfo, is_own: bool) -> Vec<&'static str> {
    match info.maker().filter(|_| is_own) {
        None => vec!["Component Producer"],
        Some(maker) if maker.contact().is_none() => vec!["Component creator"],
        Some(_) => Vec::new(),
    }
}

/// Names of what is not known of the document itself.
pub(super) fn unknown_of_document(info: &DocumentInfo) -> Vec<&'static str> {
    match info.maker() {
        None => vec!["SBOM Author"],
        Some(maker) if maker.contact().is_none() => vec!["Creator of the SBOM"],
        Some(_) => Vec::new(),
    }
}

/// What a comment says where a format has no place of its own for it: words of which `document::said` understands the names.
///
/// Texts are this program's own: what strangers write could end a part, and say more.
pub(super) fn comment<'a>(parts: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
    parts.map(|(name, text)| format!("{name}: {text}")).collect::<Vec<_>>().join("; ")
}
