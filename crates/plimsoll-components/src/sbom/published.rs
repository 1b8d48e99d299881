//! An SBOM that somebody else wrote: what it lists, and whether that is what the commit has.

use std::collections::{BTreeMap, BTreeSet};

use cyclonedx_bom::{
    models::{
        component::{Component as Listed, Scope},
        hash::HashAlgorithm,
    },
    prelude::Bom,
};
use packageurl::PackageUrl;
use serde_json::Value;

use crate::{Cause, Inventory, ecosystem::Holds};
use plimsoll_model::body::Reach;

/// Components of one document.
const MOST: usize = 200_000;
/// Components that lie one in another.
const DEEPEST: usize = 50;

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

/// One component as a format has it.
#[derive(Default)]
struct Entry<'a> {
    name: Option<&'a str>,
    version: Option<&'a str>,
    purl: Option<&'a str>,
    sha256: Option<&'a str>,
    /// Is it what the document is about?
    root: bool,
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
fn canonical(purl: &str) -> Option<(String, PackageUrl<'_>, BTreeMap<String, String>)> {
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
    /// Reads CycloneDX 1.0 to 1.7 as JSON, 1.3 to 1.5 as XML as well, SPDX 2.2 and 2.3 as JSON and tag-value, SPDX 3 as
    /// JSON-LD.
    ///
    /// Refused: what is neither, a version that is none of its format, and what lists more than is read. An XML document of
    /// another version is read as far as it is like 1.5; else it lists nothing here, and compares as unknown.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let read = if text.trim_start().starts_with('<') {
            xml(text)
        } else if text.trim_start().starts_with('{') {
            json(&plimsoll_model::parse_strict(text.as_bytes())?)
        } else {
            tag_value(text)
        }?;
        if read.components > MOST { Err(format!("more than {MOST} components")) } else { Ok(read) }
    }

    fn take(&mut self, entry: &Entry<'_>) {
        let Some(name) = entry.name.map(str::trim).filter(|name| !name.is_empty()) else {
            // What has neither name nor package URL is no component; what has one of them must not go unseen.
            self.untold.extend(entry.purl.map(ToOwned::to_owned));
            return;
        };
        self.components += 1;
        let Some((purl, read, source)) = entry.purl.and_then(canonical) else {
            // What the document is about need not have a package URL.
            if !entry.root {
                self.untold.push(name.to_owned());
            }
            return;
        };
        let full = read.namespace().map(|namespace| format!("{namespace}/{}", read.name()));
        let named = name == read.name() || full.is_some_and(|full| full == name);
        let versioned = entry.version.is_none_or(|version| read.version() == Some(version));
        if !named || !versioned {
            self.untold.push(name.to_owned());
            return;
        }
        let sha256 = entry.sha256.map(str::to_ascii_lowercase);
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
            return unknown(format!("{count} of its components cannot be told by a package URL, {first} among them"));
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
            let needed = !component.member && matches!(component.reach, Reach::Shipped | Reach::Unknown);
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
        let foreign = inventory.ecosystems.iter().any(|one| !one.checked && one.holds != Holds::Packages);
        let compared = |purl: &str| match purl.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) {
            None => true,
            Some(_) if crate::ecosystem::of_purl(purl).is_some() => true,
            Some((other, _)) => !foreign && !types.contains(other) && !TOOLS.contains(&other),
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

fn json(value: &Value) -> Result<PublishedSbom, String> {
    // GitHub's export has it one level down.
    let value = value.get("sbom").unwrap_or(value);
    let word = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
    let list = |name: &str| value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut sbom = PublishedSbom::default();
    if word("bomFormat") == "CycloneDX" {
        (sbom.format, sbom.version) = ("CycloneDX", version(word("specVersion"))?);
        cyclonedx(list("components"), 0, &mut sbom)?;
        let product = value.get("metadata").and_then(|metadata| metadata.get("component"));
        let inner = product.and_then(|product| product.get("components")).and_then(Value::as_array);
        cyclonedx(inner.map(Vec::as_slice).unwrap_or_default(), 1, &mut sbom)?;
    } else if let Some(found) = word("spdxVersion").strip_prefix("SPDX-") {
        (sbom.format, sbom.version) = ("SPDX", version(found)?);
        let described = described(list("documentDescribes"), list("relationships"));
        for package in list("packages") {
            let references = package.get("externalRefs").and_then(Value::as_array);
            let purl = references.into_iter().flatten().find(|one| text(one, "referenceType") == Some("purl"));
            let sums = package.get("checksums").and_then(Value::as_array).into_iter().flatten();
            let mut sums = sums.filter(|one| text(one, "algorithm") == Some("SHA256"));
            sbom.take(&Entry {
                name: text(package, "name"),
                version: text(package, "versionInfo").filter(|version| *version != "NOASSERTION"),
                purl: purl.and_then(|one| text(one, "referenceLocator")),
                sha256: sums.find_map(|one| text(one, "checksumValue")),
                root: text(package, "SPDXID").is_some_and(|id| described.contains(id)),
            });
        }
    } else if value.get("@graph").is_some_and(Value::is_array) {
        (sbom.format, sbom.version) = ("SPDX", "3.0".to_owned());
        let of_document = |node: &&Value| matches!(text(node, "type"), Some("SpdxDocument" | "software_Sbom"));
        let roots = list("@graph").iter().filter(of_document).filter_map(|node| node.get("rootElement")?.as_array());
        let roots: BTreeSet<&str> = roots.flatten().filter_map(Value::as_str).collect();
        for node in list("@graph").iter().filter(|node| text(node, "type") == Some("software_Package")) {
            let identifiers = node.get("externalIdentifier").and_then(Value::as_array).into_iter().flatten();
            let mut named = identifiers.filter(|one| text(one, "externalIdentifierType") == Some("packageURL"));
            let purl = text(node, "software_packageUrl").or_else(|| named.find_map(|one| text(one, "identifier")));
            let root = text(node, "spdxId").is_some_and(|id| roots.contains(id));
            sbom.take(&Entry {
                name: text(node, "name"),
                version: text(node, "software_packageVersion"),
                purl,
                sha256: None,
                root,
            });
        }
    } else {
        return Err("neither CycloneDX nor SPDX".to_owned());
    }
    Ok(sbom)
}

/// The ids of what an SPDX 2 document is about.
fn described<'a>(listed: &'a [Value], relationships: &'a [Value]) -> BTreeSet<&'a str> {
    let related = relationships.iter().filter(|one| {
        text(one, "spdxElementId") == Some("SPDXRef-DOCUMENT") && text(one, "relationshipType") == Some("DESCRIBES")
    });
    let related = related.filter_map(|one| text(one, "relatedSpdxElement"));
    listed.iter().filter_map(Value::as_str).chain(related).collect()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn cyclonedx(components: &[Value], depth: usize, sbom: &mut PublishedSbom) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("components deeper than {DEEPEST} levels"));
    }
    for component in components {
        // What is excluded is said not to be inside.
        if text(component, "scope") != Some("excluded") {
            let hashes = component.get("hashes").and_then(Value::as_array).into_iter().flatten();
            let mut hashes = hashes.filter(|one| text(one, "alg") == Some("SHA-256"));
            sbom.take(&Entry {
                name: text(component, "name"),
                version: text(component, "version"),
                purl: text(component, "purl"),
                sha256: hashes.find_map(|one| text(one, "content")),
                root: false,
            });
        }
        if let Some(inner) = component.get("components").and_then(Value::as_array) {
            cyclonedx(inner, depth + 1, sbom)?;
        }
    }
    Ok(())
}

fn xml(text: &str) -> Result<PublishedSbom, String> {
    let (_, rest) = text.split_once("http://cyclonedx.org/schema/bom/").ok_or("neither CycloneDX nor SPDX")?;
    let found: String = rest.chars().take_while(|character| character.is_ascii_digit() || *character == '.').collect();
    let mut sbom = PublishedSbom { format: "CycloneDX", version: version(&found)?, ..PublishedSbom::default() };
    let read = match sbom.version.as_str() {
        "1.3" => Bom::parse_from_xml_v1_3(text.as_bytes()),
        "1.4" => Bom::parse_from_xml_v1_4(text.as_bytes()),
        "1.5" => Bom::parse_from_xml_v1_5(text.as_bytes()),
        _ => {
            // What a later version adds beside name, version and package URL is nothing to compare. Where it adds something
            // that the reader does not take, the document lists nothing here.
            let retold = text.replacen(&format!("bom/{}", sbom.version), "bom/1.5", 1);
            match Bom::parse_from_xml_v1_5(retold.as_bytes()) {
                Ok(bom) => Ok(bom),
                Err(_) => return Ok(sbom),
            }
        }
    };
    let bom = read.map_err(|_| "not CycloneDX that can be read".to_owned())?;
    let product = bom.metadata.as_ref().and_then(|metadata| metadata.component.as_ref());
    for (listed, depth) in [(bom.components.as_ref(), 0), (product.and_then(|one| one.components.as_ref()), 1)] {
        xml_components(listed.map(|all| all.0.as_slice()).unwrap_or_default(), depth, &mut sbom)?;
    }
    Ok(sbom)
}

fn xml_components(components: &[Listed], depth: usize, sbom: &mut PublishedSbom) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("components deeper than {DEEPEST} levels"));
    }
    for one in components {
        // What is excluded is said not to be inside.
        if one.scope != Some(Scope::Excluded) {
            let purl = one.purl.as_ref().map(ToString::to_string);
            let mut hashes = one.hashes.iter().flat_map(|all| &all.0).filter(|one| one.alg == HashAlgorithm::SHA_256);
            sbom.take(&Entry {
                name: Some(one.name.as_ref()),
                version: one.version.as_ref().map(AsRef::as_ref),
                purl: purl.as_deref(),
                sha256: hashes.next().map(|hash| hash.content.0.as_str()),
                root: false,
            });
        }
        xml_components(one.components.as_ref().map(|inner| inner.0.as_slice()).unwrap_or_default(), depth + 1, sbom)?;
    }
    Ok(())
}

/// Source: SPDX 2.3, section 7 (package information), tag-value.
fn tag_value(text: &str) -> Result<PublishedSbom, String> {
    let found = text.lines().find_map(|line| line.strip_prefix("SPDXVersion: SPDX-"));
    let found = found.ok_or("neither CycloneDX nor SPDX")?;
    let mut sbom = PublishedSbom { format: "SPDX", version: version(found.trim())?, ..PublishedSbom::default() };
    let relation = "Relationship: SPDXRef-DOCUMENT DESCRIBES ";
    let roots: BTreeSet<&str> = text.lines().filter_map(|line| line.strip_prefix(relation)).map(str::trim).collect();
    let mut package = Entry::default();
    let mut inside_text = false;
    for line in text.lines() {
        // A text may hold lines that look like tags.
        let was_inside = inside_text;
        if line.contains("<text>") {
            inside_text = true;
        }
        if line.contains("</text>") {
            inside_text = false;
        }
        let Some((tag, value)) = line.split_once(':').filter(|_| !was_inside) else { continue };
        let value = value.trim();
        match tag {
            "PackageName" => {
                sbom.take(&std::mem::replace(&mut package, Entry { name: Some(value), ..Entry::default() }));
            }
            "SPDXID" if package.name.is_some() => package.root = roots.contains(value),
            "PackageVersion" => package.version = Some(value).filter(|value| *value != "NOASSERTION"),
            "PackageChecksum" => package.sha256 = value.strip_prefix("SHA256:").map(str::trim).or(package.sha256),
            "ExternalRef" if package.purl.is_none() => {
                let mut words = value.split_whitespace().skip(1);
                package.purl = words.next().filter(|kind| *kind == "purl").and_then(|_| words.next());
            }
            _ => {}
        }
    }
    if inside_text {
        return Err("a text in it does not end".to_owned());
    }
    sbom.take(&package);
    Ok(sbom)
}

/// `1.6`, `2.3`: numbers with a dot between them.
fn version(text: &str) -> Result<String, String> {
    let is_number = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((one, other)) if is_number(one) && is_number(other) => Ok(text.to_owned()),
        _ => Err(format!("\"{}\" is no version of its format", text.chars().take(20).collect::<String>())),
    }
}

#[cfg(test)]
mod tests;
