//! An SBOM that somebody else wrote: what it lists, and whether that is what the commit has.

use std::collections::{BTreeMap, BTreeSet};

use packageurl::PackageUrl;

use super::document::{Document, Listed};
use crate::{Cause, Ecosystem, Inventory, ecosystem::Holds};
use plimsoll_model::body::Reach;

/// What an SBOM says of itself and what it lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishedSbom {
    /// `CycloneDX` or `SPDX`.
    pub format: &'static str,
    /// Version of the format.
    pub version: String,
    /// How many components it lists by a name.
    pub components: usize,
    /// What it lists, by package URL in canonical form without qualifiers and subpath.
    listed: BTreeMap<String, Listing>,
    /// Names of components that cannot be told from others: without a package URL, or with one that names something else.
    untold: Vec<String>,
}

/// What an SBOM says of a component beside its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Listing {
    /// Qualifiers of the package URL that say where it comes from.
    source: BTreeMap<String, String>,
    /// SHA-256 of its archive.
    sha256: Option<String>,
}

/// How an SBOM stands to the components of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SbomComparison {
    /// `equal`: it lists everything that ships and nothing that the commit does not have; `differs`; `unknown`.
    pub verdict: &'static str,
    /// What ships and is not listed.
    pub missing: Vec<String>,
    /// What is listed and the commit does not have.
    pub extra: Vec<String>,
    /// Why it is unknown, or what of it was not compared.
    pub reason: Option<String>,
}

/// Types of what a workflow runs, which is a tool for building: it may be listed or not.
const TOOLS: [&str; 2] = ["github", "githubactions"];

/// Qualifiers that say from where a package comes.
const SOURCES: [&str; 3] = ["repository_url", "vcs_url", "checksum"];

/// The package URL in canonical form without qualifiers and subpath, its parts, and where it comes from.
pub(super) fn canonical(purl: &str) -> Option<(String, PackageUrl<'_>, BTreeMap<String, String>)> {
    let read: PackageUrl<'_> = purl.parse().ok()?;
    let mut plain = PackageUrl::new(read.ty().to_owned(), read.name().to_owned()).ok()?;
    if let Some(namespace) = read.namespace() {
        plain.with_namespace(namespace.to_owned()).ok()?;
    }
    if let Some(version) = read.version() {
        plain.with_version(version.to_owned()).ok()?;
    }
    let qualifiers =
        SOURCES.iter().filter_map(|name| Some(((*name).to_owned(), read.qualifiers().get(*name)?.to_string())));
    let source = qualifiers.collect();
    Some((plain.to_string(), read, source))
}

impl PublishedSbom {
    /// Reads what [`Document::read_with_faults`] reads: what a document lists counts here, even where it breaks a rule of its
    /// format.
    ///
    /// Refused: what cannot be read at all. XML that says something else than the format has lists what is understood of it.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let (document, _) = Document::read_with_faults(bytes).map_err(|fault| fault.to_string())?;
        let mut sbom = Self { format: document.format.as_str(), version: document.version, ..Self::default() };
        // What is excluded is said not to be inside.
        for listed in document.components.iter().filter(|one| !one.product && !one.excluded) {
            sbom.take(listed);
        }
        Ok(sbom)
    }

    fn take(&mut self, entry: &Listed) {
        let Some(name) = entry.name.as_deref().map(str::trim) else {
            // What has neither name nor package URL is no component; what has one of them must not go unseen.
            self.untold.extend(entry.purl.clone());
            return;
        };
        self.components += 1;
        let Some((purl, read, source)) = entry.purl.as_deref().and_then(canonical) else {
            // What the document is about need not have a package URL.
            if !entry.root {
                self.untold.push(name.to_owned());
            }
            return;
        };
        let full = read.namespace().map(|namespace| format!("{namespace}/{}", read.name()));
        let named = name == read.name() || full.is_some_and(|full| full == name);
        let versioned = entry.version.as_deref().is_none_or(|version| read.version() == Some(version));
        if !named || !versioned {
            self.untold.push(name.to_owned());
            return;
        }
        let sha256 = entry.hashes.iter().find(|hash| hash.algorithm == "SHA256");
        let sha256 = sha256.map(|hash| hash.value.to_ascii_lowercase());
        let listing = Listing { source, sha256 };
        // One that is listed twice has to say the same both times: which of them holds, nobody can tell.
        if *self.listed.entry(purl).or_insert_with(|| listing.clone()) != listing {
            self.untold.push(name.to_owned());
        }
    }

    /// Compares it with what the commit has.
    ///
    /// Everything that is built into what ships has to be listed, with its version; nothing may be listed that no lockfile of
    /// the commit has, or from another source or with another digest than there. Tools for building and testing, and the
    /// product itself, may be listed or not. It is unknown where a component has no package URL, or one that says something
    /// else than the name and version beside it.
    ///
    /// What the commit has of ecosystems that are not read cannot be compared, whether it is listed or not: then it differs
    /// where the part that is read does, and is unknown otherwise, never equal.
    pub fn compare(&self, inventory: &Inventory) -> SbomComparison {
        let unknown = |reason: String| SbomComparison {
            verdict: "unknown",
            missing: Vec::new(),
            extra: Vec::new(),
            reason: Some(reason),
        };
        if let Some(first) = self.untold.first() {
            let first = plimsoll_model::excerpt(first, 80);
            let count = self.untold.len();
            return unknown(format!(
                "{count} of its components cannot be identified by a package URL, {first} among them"
            ));
        }
        if self.listed.is_empty() {
            return unknown("it lists nothing by a package URL that could be compared".to_owned());
        }
        let not_listed = |cause: Cause| matches!(cause, Cause::NotListed | Cause::NotCompared);
        if let Some(gap) = inventory.gaps.iter().find(|gap| !not_listed(gap.cause)) {
            return unknown(format!("the components of the commit are not all known: {}", gap.reason));
        }
        let unread = inventory.gaps.iter().find(|gap| gap.cause == Cause::NotListed);
        let mut ships = BTreeSet::new();
        let mut all: BTreeMap<String, Vec<Listing>> = BTreeMap::new();
        for component in &inventory.components {
            let Some((purl, _, source)) = canonical(&component.purl) else {
                return unknown(format!("{} cannot be compared", component.purl));
            };
            // Of what is no package nobody can tell whether it has to be listed.
            let may_ship = matches!(component.reach, Reach::Shipped | Reach::Unknown);
            let needed = !component.member && !component.opaque && may_ship;
            if needed && component.class == "shipped" {
                ships.insert(purl.clone());
            }
            let sha256 = component.sha256().map(ToOwned::to_owned);
            all.entry(purl).or_default().push(Listing { source, sha256 });
        }
        let is_own = |(purl, listing): &(&String, &Listing)| {
            all.get(*purl).is_some_and(|own| own.iter().any(|own| listing.fits(own)))
        };
        let missing: Vec<String> = ships.into_iter().filter(|purl| !self.listed.contains_key(purl)).collect();
        let types = crate::ecosystem::purl_types(&inventory.ecosystems);
        // What is in files of which nothing is listed may be of a type of which else all is.
        let unread_types = crate::ecosystem::unlisted_types(&inventory.ecosystems);
        let foreign = inventory.ecosystems.iter().any(|one| !one.checked && one.holds != Holds::Packages);
        let compared = |purl: &str| match purl.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) {
            None => true,
            Some((kind, _)) if TOOLS.contains(&kind) => false,
            Some((kind, _)) if crate::ecosystem::of_purl(purl).is_some_and(Ecosystem::lists_all) => {
                !unread_types.contains(kind)
            }
            Some((other, _)) => !foreign && !types.contains(other),
        };
        let extra = self.listed.iter().filter(|one| compared(one.0) && !is_own(one)).map(|(purl, _)| purl.clone());
        let extra: Vec<String> = extra.collect();
        let verdict = match (missing.is_empty() && extra.is_empty(), unread) {
            (false, _) => "differs",
            (true, Some(_)) => "unknown",
            (true, None) => "equal",
        };
        let reason = unread.map(|gap| format!("not everything could be compared: {}", gap.reason));
        SbomComparison { verdict, missing, extra, reason }
    }
}

impl Listing {
    /// Does it say nothing else of where the component comes from than the commit?
    fn fits(&self, own: &Self) -> bool {
        let same_digest = match (&self.sha256, &own.sha256) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        };
        same_digest && self.source.iter().all(|(name, value)| own.source.get(name) == Some(value))
    }
}

#[cfg(test)]
mod tests;
