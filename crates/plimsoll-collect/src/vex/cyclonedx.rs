//! The analysis of vulnerabilities in CycloneDX 1.4 to 1.7 (JSON): an SBOM that has one, or a document of its own.
//!
//! Source: CycloneDX specification 1.6, `vulnerabilities[].analysis` and `affects`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    About, NO_STATUS, Named, NoVex, Status, VAGUE, VexDocument, VexStatement, joined,
    json::{list, name, text, time},
    newer, with_version, without_reason,
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
        let known = text(analysis, "state").and_then(state);
        if known.is_none() {
            document.skip(format!("the analysis of {first} has no state that its format knows"));
        }
        let (status, justifies) = known.unwrap_or((Status::UnderInvestigation, false));
        let justification = text(analysis, "justification").filter(|word| justifies && JUSTIFICATIONS.contains(word));
        let detail = known.map_or(Some(NO_STATUS), |_| text(analysis, "detail"));
        let affects = list(vulnerability, "affects");
        if affects.is_empty() {
            document.skip(format!("the analysis of {first} names no component"));
        }
        for affected in affects {
            if document.is_full() {
                break;
            }
            let abouts = match name(affected, "ref").and_then(|reference| places.about(reference, status)) {
                Some(about) => of_versions(&about, affected.get("versions").unwrap_or(&Value::Null), status),
                None => vec![(About { product: places.product.clone(), component: None }, false)],
            };
            for (about, is_exact) in abouts {
                let mut vague = None;
                if !is_exact {
                    document
                        .skip(format!("the analysis of {first} names a component without one package URL and version"));
                    if status.answers() || (about.product.is_none() && about.component.is_none()) {
                        continue;
                    }
                    vague = Some(VAGUE.to_owned());
                }
                document.push(VexStatement {
                    ids: ids.clone(),
                    about,
                    status: if vague.is_some() { Status::UnderInvestigation } else { status },
                    reason: joined(&[justification, detail]),
                    fault: without_reason(status, justification.is_some(), detail).or(vague),
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
    /// The serial number of the document.
    serial: Option<String>,
    /// Each with the product that it is in, where that is another one than that of the document.
    components: BTreeMap<String, Option<(Named, Option<Named>)>>,
}

/// Types of components that are products of their own; what is inside of one is said of it there.
const PRODUCTS: [&str; 6] = ["application", "container", "device", "firmware", "operating-system", "platform"];

impl Places {
    fn of(value: &Value) -> Self {
        let metadata = value.get("metadata").unwrap_or(&Value::Null);
        let product = metadata.get("component");
        let mut components = BTreeMap::new();
        let mut ahead: Vec<(&Value, Option<&Value>)> =
            list(value, "components").iter().rev().map(|one| (one, None)).collect();
        let inside = product.map_or(&[][..], |product| list(product, "components"));
        ahead.extend(inside.iter().rev().map(|one| (one, None)));
        let mut seen = 0;
        while let Some((component, within)) = ahead.pop() {
            seen += 1;
            if seen > MOST_COMPONENTS {
                break;
            }
            let is_product = text(component, "type").is_some_and(|word| PRODUCTS.contains(&word));
            let below = if is_product { Some(component) } else { within };
            ahead.extend(list(component, "components").iter().rev().map(|one| (one, below)));
            let Some(reference) = name(component, "bom-ref") else { continue };
            // One reference for two components leads to none of them.
            components
                .entry(reference.to_owned())
                .and_modify(|one| *one = None)
                .or_insert_with(|| Some((named(component), within.map(named))));
        }
        let product_named = product.map(|product| {
            let mut named = named(product);
            named.maker = named.maker.or_else(|| maker(metadata));
            // A version next to the package URL narrows it as well as one in it.
            if let Some(purl) = &named.purl
                && let Some(versioned) = with_version(purl, named.version.as_deref())
            {
                named.purl = Some(versioned);
            }
            named
        });
        Self {
            product: product_named,
            own: product.and_then(|product| name(product, "bom-ref")).map(ToOwned::to_owned),
            serial: name(value, "serialNumber").map(|serial| serial.trim_start_matches("urn:uuid:").to_owned()),
            components,
        }
    }

    /// What a reference is to; `None` where that is no component that has a package URL.
    fn about(&self, reference: &str, status: Status) -> Option<About> {
        let of = |component| Some(About { product: self.product.clone(), component });
        if self.own.as_deref() == Some(reference) && !self.components.contains_key(reference) {
            return of(None);
        }
        if let Some(component) = self.components.get(reference) {
            let (component, within) = component.as_ref()?;
            let purl = with_version(component.purl.as_deref()?, component.version.as_deref())?;
            // What does not matter in a part says nothing of the rest; what is open there is open in all of it.
            let product = within.clone().filter(|_| status.answers()).or_else(|| self.product.clone());
            return Some(About { product, component: Some(purl) });
        }
        // A BOM-Link to a component of another document, or a reference that is a package URL itself.
        let local = match reference.strip_prefix("urn:cdx:") {
            Some(link) => {
                let (document, local) = link.split_once('#')?;
                let is_own = self.serial.as_deref().is_some_and(|own| document.split('/').next() == Some(own));
                // Of which product the other document is cannot be known without one that is named here.
                if self.product.is_none() && !is_own && status.answers() {
                    return None;
                }
                percent_decoded(local)?
            }
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
        maker: maker(component),
    }
}

/// Who makes a component, or what the document is about.
fn maker(value: &Value) -> Option<String> {
    let whole = ["manufacturer", "manufacture", "supplier"].into_iter().filter_map(|member| value.get(member));
    let mut names = whole.filter_map(|entity| name(entity, "name"));
    names.next().or_else(|| name(value, "publisher")).map(ToOwned::to_owned)
}

/// What is named of the versions that an entry lists: each of them alone; for a range it is what has the range, and not exactly that.
///
/// A version that is listed as not affected is that in which something is resolved.
fn of_versions(about: &About, versions: &Value, status: Status) -> Vec<(About, bool)> {
    let versions = match versions {
        Value::Null => return vec![(about.clone(), true)],
        Value::Array(versions) if versions.is_empty() => return vec![(about.clone(), true)],
        Value::Array(versions) => versions,
        _ => return vec![(about.clone(), false)],
    };
    let said = versions.iter().filter(|version| match text(version, "status").unwrap_or("affected") {
        "affected" => status != Status::Fixed,
        "unaffected" => status.answers(),
        // It is not said whether the analysis is about it.
        _ => !status.answers(),
    });
    let of_one = |version| of_version(about, version).map_or_else(|| (about.clone(), false), |about| (about, true));
    said.map(of_one).collect()
}

/// What has one version that is listed.
fn of_version(about: &About, version: &Value) -> Option<About> {
    let version = name(version, "version").filter(|_| version.get("range").is_none())?;
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
