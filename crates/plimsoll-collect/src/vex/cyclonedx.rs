//! The analysis of vulnerabilities in CycloneDX 1.4 to 1.7 (JSON): an SBOM that has one, or a document of its own.
//!
//! Source: CycloneDX specification 1.6, `vulnerabilities[].analysis` and `affects`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    About, Named, NoVex, Status, VexDocument, VexStatement, joined,
    json::{list, name, text, time},
    newer, without_reason,
};

/// Versions that have an analysis and are read.
const VERSIONS: [&str; 4] = ["1.4", "1.5", "1.6", "1.7"];
/// Components that a reference is looked for among.
const MOST_COMPONENTS: usize = 200_000;
/// Why a product is not affected.
const JUSTIFICATIONS: [&str; 9] = [
    "code_not_present",
    "code_not_reachable",
    "requires_configuration",
    "requires_dependency",
    "requires_environment",
    "protected_by_compiler",
    "protected_at_runtime",
    "protected_at_perimeter",
    "protected_by_mitigating_control",
];

pub(super) fn read(value: &Value) -> Result<VexDocument, NoVex> {
    let analysed: Vec<(&Value, &Value)> = list(value, "vulnerabilities")
        .iter()
        .filter_map(|vulnerability| Some((vulnerability, vulnerability.get("analysis").filter(|one| one.is_object())?)))
        .collect();
    if analysed.is_empty() {
        return Err(NoVex::Other);
    }
    let version = text(value, "specVersion").unwrap_or_default();
    if !VERSIONS.contains(&version) {
        return Err(newer("CycloneDX", version));
    }
    let mut document = VexDocument::new("cyclonedx");
    let metadata = value.get("metadata").unwrap_or(&Value::Null);
    let dated = time(metadata, &["timestamp"]).flatten();
    let places = Places::of(value);
    for (vulnerability, analysis) in analysed {
        let ids = ids(vulnerability);
        let Some(first) = ids.first() else {
            document.skip("an analysis names no vulnerability".to_owned());
            continue;
        };
        let Some((status, justifies)) = text(analysis, "state").and_then(state) else {
            document.skip(format!("the analysis of {first} has no state that its format knows"));
            continue;
        };
        let justification = text(analysis, "justification").filter(|word| justifies && JUSTIFICATIONS.contains(word));
        let detail = text(analysis, "detail");
        let affects = list(vulnerability, "affects");
        if affects.is_empty() {
            document.skip(format!("the analysis of {first} names no component"));
        }
        for affected in affects {
            if document.is_full() {
                break;
            }
            let abouts = name(affected, "ref").and_then(|reference| places.about(reference));
            let abouts = abouts.map(|about| of_versions(&about, list(affected, "versions"), status));
            for about in abouts.unwrap_or_else(|| vec![None]) {
                let Some(about) = about else {
                    document
                        .skip(format!("the analysis of {first} names a component without one package URL and version"));
                    continue;
                };
                document.push(VexStatement {
                    ids: ids.clone(),
                    about,
                    status,
                    reason: joined(&[justification, detail]),
                    fault: without_reason(status, justification.is_some(), detail),
                    time: time(analysis, &["lastUpdated", "firstIssued"]).unwrap_or(dated),
                });
            }
        }
    }
    Ok(document)
}

/// What a state means, and whether a justification belongs to it.
fn state(word: &str) -> Option<(Status, bool)> {
    Some(match word {
        "not_affected" => (Status::NotAffected, true),
        // Found by mistake: it does not matter, and has to say why.
        "false_positive" => (Status::NotAffected, false),
        "resolved" | "resolved_with_pedigree" => (Status::Fixed, false),
        "exploitable" => (Status::Affected, false),
        "in_triage" => (Status::UnderInvestigation, false),
        _ => return None,
    })
}

/// The names of the vulnerability: its id, then those of its equals.
fn ids(vulnerability: &Value) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let equals = list(vulnerability, "references").iter().filter_map(|one| name(one, "id"));
    for id in name(vulnerability, "id").into_iter().chain(equals) {
        if !ids.iter().any(|known| known == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// What references lead to.
struct Places {
    product: Option<Named>,
    /// The reference of the product.
    own: Option<String>,
    components: BTreeMap<String, Option<Named>>,
}

impl Places {
    fn of(value: &Value) -> Self {
        let product = value.get("metadata").and_then(|metadata| metadata.get("component"));
        let mut components = BTreeMap::new();
        let mut ahead: Vec<&Value> = list(value, "components").iter().rev().collect();
        ahead.extend(product.map_or(&[][..], |product| list(product, "components")).iter().rev());
        let mut seen = 0;
        while let Some(component) = ahead.pop() {
            seen += 1;
            if seen > MOST_COMPONENTS {
                break;
            }
            ahead.extend(list(component, "components").iter().rev());
            let Some(reference) = name(component, "bom-ref") else { continue };
            // One reference for two components leads to none of them.
            components
                .entry(reference.to_owned())
                .and_modify(|one| *one = None)
                .or_insert_with(|| Some(named(component)));
        }
        Self {
            product: product.map(named),
            own: product.and_then(|product| name(product, "bom-ref")).map(ToOwned::to_owned),
            components,
        }
    }

    /// What a reference is to; `None` where that is no component that has a package URL.
    fn about(&self, reference: &str) -> Option<About> {
        let of = |component| Some(About { product: self.product.clone(), component });
        if self.own.as_deref() == Some(reference) && !self.components.contains_key(reference) {
            return of(None);
        }
        if let Some(component) = self.components.get(reference) {
            let component = component.as_ref()?;
            return of(Some(with_version(component.purl.as_deref()?, component.version.as_deref())?));
        }
        // A BOM-Link to a component of another document, or a reference that is a package URL itself.
        let local = match reference.strip_prefix("urn:cdx:") {
            Some(link) => percent_decoded(link.split_once('#')?.1)?,
            None => reference.to_owned(),
        };
        if local.starts_with("pkg:") { of(Some(local)) } else { None }
    }
}

fn named(component: &Value) -> Named {
    let owned = |text: Option<&str>| text.map(ToOwned::to_owned);
    let group = name(component, "group").map(|group| format!("{group}/")).unwrap_or_default();
    Named {
        purl: owned(name(component, "purl")),
        address: None,
        name: name(component, "name").map(|name| format!("{group}{name}")),
        version: owned(name(component, "version")),
    }
}

/// What is named of the versions that an entry lists: each of them alone, and `None` for a range.
///
/// A version that is listed as not affected is that in which something is resolved.
fn of_versions(about: &About, versions: &[Value], status: Status) -> Vec<Option<About>> {
    if versions.is_empty() {
        return vec![Some(about.clone())];
    }
    let said = versions.iter().filter(|version| match text(version, "status").unwrap_or("affected") {
        "affected" => status != Status::Fixed,
        "unaffected" => status.answers(),
        // It is not said whether the analysis is about it.
        _ => !status.answers(),
    });
    said.map(|version| {
        let version = name(version, "version")?;
        let mut about = about.clone();
        if let Some(purl) = &about.component {
            about.component = Some(with_version(purl, Some(version))?);
        } else {
            let product = about.product.as_mut()?;
            if let Some(purl) = &product.purl {
                product.purl = Some(with_version(purl, Some(version))?);
            }
            product.version = Some(version.to_owned());
        }
        Some(about)
    })
    .collect()
}

/// The package URL with a version that is written next to it; `None` where it has another one.
fn with_version(purl: &str, version: Option<&str>) -> Option<String> {
    let Some(version) = version else { return Some(purl.to_owned()) };
    let mut read: packageurl::PackageUrl<'_> = purl.parse().ok()?;
    if let Some(own) = read.version() {
        return (own == version).then(|| purl.to_owned());
    }
    read.with_version(version.to_owned()).ok()?;
    Some(read.to_string())
}

/// A fragment of a BOM-Link.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (high, low) = (digit(rest.next())?, digit(rest.next())?);
        bytes.push(u8::try_from(high * 16 + low).ok()?);
    }
    String::from_utf8(bytes).ok()
}
