//! An SBOM that somebody else wrote: what it lists, and whether that is what the commit has.

use std::collections::BTreeSet;

use cyclonedx_bom::{models::component::Component as Listed, prelude::Bom};
use packageurl::PackageUrl;
use serde_json::Value;

use crate::{Inventory, Reach};

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
    /// Package URLs of them in canonical form, without qualifiers and subpath.
    pub purls: BTreeSet<String>,
    /// Components that have none.
    pub unnamed: usize,
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
    /// Why it is unknown.
    pub reason: Option<String>,
}

/// The package URL in canonical form without qualifiers and subpath.
fn canonical(purl: &str) -> Option<String> {
    let read: PackageUrl<'_> = purl.parse().ok()?;
    let mut plain = PackageUrl::new(read.ty().to_owned(), read.name().to_owned()).ok()?;
    if let Some(namespace) = read.namespace() {
        plain.with_namespace(namespace.to_owned()).ok()?;
    }
    if let Some(version) = read.version() {
        plain.with_version(version.to_owned()).ok()?;
    }
    Some(plain.to_string())
}

impl PublishedSbom {
    /// Reads CycloneDX 1.0 to 1.7 as JSON, 1.3 to 1.5 as XML as well, SPDX 2.2 and 2.3 as JSON and tag-value, SPDX 3 as
    /// JSON-LD.
    ///
    /// Refused: what is neither, a version that is none of its format, and what lists more than is read. An XML document of
    /// a version that the library does not read lists nothing here, and compares as unknown.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8")?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let read = if text.trim_start().starts_with('<') {
            xml(text)
        } else if let Ok(value) = serde_json::from_str::<Value>(text) {
            json(&value)
        } else {
            tag_value(text)
        }?;
        if read.components > MOST { Err(format!("more than {MOST} components")) } else { Ok(read) }
    }

    fn take(&mut self, name: Option<&str>, purl: Option<&str>) {
        // What has no name is no component.
        if name.is_none_or(|name| name.trim().is_empty()) {
            return;
        }
        self.components += 1;
        match purl.and_then(canonical) {
            Some(purl) => {
                self.purls.insert(purl);
            }
            None => self.unnamed += 1,
        }
    }

    /// Compares it with what the commit has.
    ///
    /// Everything that is built into what ships has to be listed, with its version; nothing may be listed that no lockfile of
    /// the commit has. Tools for building and testing, and the product itself, may be listed or not. One entry without a
    /// package URL is taken for the product.
    pub fn compare(&self, inventory: &Inventory) -> SbomComparison {
        let unknown = |reason: String| SbomComparison {
            verdict: "unknown",
            missing: Vec::new(),
            extra: Vec::new(),
            reason: Some(reason),
        };
        if self.purls.is_empty() {
            return unknown("it lists nothing by a package URL that could be compared".to_owned());
        }
        if self.unnamed > 1 {
            return unknown(format!("{} of its components have no package URL", self.unnamed));
        }
        if let Some(gap) = inventory.gaps.first() {
            return unknown(format!("the components of the commit are not all known: {}", gap.reason));
        }
        let mut ships = BTreeSet::new();
        let mut all = BTreeSet::new();
        for component in &inventory.components {
            let Some(purl) = canonical(&component.purl) else {
                return unknown(format!("{} cannot be compared", component.purl));
            };
            let needed = !component.member && matches!(component.reach, Reach::Shipped | Reach::Unknown);
            if needed && component.class == "shipped" {
                ships.insert(purl.clone());
            }
            all.insert(purl);
        }
        let missing: Vec<String> = ships.difference(&self.purls).cloned().collect();
        let extra: Vec<String> = self.purls.difference(&all).cloned().collect();
        let verdict = if missing.is_empty() && extra.is_empty() { "equal" } else { "differs" };
        SbomComparison { verdict, missing, extra, reason: None }
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
    } else if let Some(found) = word("spdxVersion").strip_prefix("SPDX-") {
        (sbom.format, sbom.version) = ("SPDX", version(found)?);
        for package in list("packages") {
            let references = package.get("externalRefs").and_then(Value::as_array);
            let purl = references.into_iter().flatten().find(|one| text(one, "referenceType") == Some("purl"));
            sbom.take(text(package, "name"), purl.and_then(|one| text(one, "referenceLocator")));
        }
    } else if value.get("@graph").is_some_and(Value::is_array) {
        (sbom.format, sbom.version) = ("SPDX", "3.0".to_owned());
        for node in list("@graph").iter().filter(|node| text(node, "type") == Some("software_Package")) {
            let identifiers = node.get("externalIdentifier").and_then(Value::as_array).into_iter().flatten();
            let mut named = identifiers.filter(|one| text(one, "externalIdentifierType") == Some("packageURL"));
            let purl = text(node, "software_packageUrl").or_else(|| named.find_map(|one| text(one, "identifier")));
            sbom.take(text(node, "name"), purl);
        }
    } else {
        return Err("neither CycloneDX nor SPDX".to_owned());
    }
    Ok(sbom)
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn cyclonedx(components: &[Value], depth: usize, sbom: &mut PublishedSbom) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("components deeper than {DEEPEST} levels"));
    }
    for component in components {
        // Files and the like are no packages.
        if text(component, "type") != Some("file") {
            sbom.take(text(component, "name"), text(component, "purl"));
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
        _ => return Ok(sbom),
    };
    let bom = read.map_err(|_| "not CycloneDX that can be read".to_owned())?;
    xml_components(bom.components.as_ref().map(|all| all.0.as_slice()).unwrap_or_default(), 0, &mut sbom)?;
    Ok(sbom)
}

fn xml_components(components: &[Listed], depth: usize, sbom: &mut PublishedSbom) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("components deeper than {DEEPEST} levels"));
    }
    for one in components {
        let purl = one.purl.as_ref().map(ToString::to_string);
        sbom.take(Some(one.name.as_ref()), purl.as_deref());
        xml_components(one.components.as_ref().map(|inner| inner.0.as_slice()).unwrap_or_default(), depth + 1, sbom)?;
    }
    Ok(())
}

/// Source: SPDX 2.3, section 7 (package information), tag-value.
fn tag_value(text: &str) -> Result<PublishedSbom, String> {
    let found = text.lines().find_map(|line| line.strip_prefix("SPDXVersion: SPDX-"));
    let found = found.ok_or("neither CycloneDX nor SPDX")?;
    let mut sbom = PublishedSbom { format: "SPDX", version: version(found.trim())?, ..PublishedSbom::default() };
    let mut package: Option<(String, Option<String>)> = None;
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
        if was_inside {
            continue;
        }
        if let Some(name) = line.strip_prefix("PackageName:") {
            if let Some((name, purl)) = package.replace((name.trim().to_owned(), None)) {
                sbom.take(Some(&name), purl.as_deref());
            }
        } else if let (Some(reference), Some((_, purl @ None))) = (line.strip_prefix("ExternalRef:"), package.as_mut())
        {
            let mut words = reference.split_whitespace().skip(1);
            if words.next() == Some("purl") {
                *purl = words.next().map(ToOwned::to_owned);
            }
        }
    }
    if let Some((name, purl)) = package {
        sbom.take(Some(&name), purl.as_deref());
    }
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
mod tests {
    use super::*;

    fn read(text: &str) -> PublishedSbom {
        PublishedSbom::read(text.as_bytes()).unwrap()
    }

    #[test]
    fn every_form_lists_its_packages() {
        let purl = "pkg:cargo/a@1.0.0";
        for (text, format, version) in [
            (
                format!(
                    r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"name":"a","purl":"{purl}?download_url=x"}},{{}},1]}}"#
                ),
                "CycloneDX",
                "1.6",
            ),
            (
                format!(
                    r#"{{"bomFormat":"CycloneDX","specVersion":"1.4","components":[{{"name":"x","type":"file","components":[{{"name":"a","purl":"{purl}"}}]}}]}}"#
                ),
                "CycloneDX",
                "1.4",
            ),
            (
                format!(
                    r#"<?xml version="1.0"?><bom xmlns="http://cyclonedx.org/schema/bom/1.4" version="1"><components><component type="library"><name>a</name><version>1.0.0</version><purl>{purl}</purl></component></components></bom>"#
                ),
                "CycloneDX",
                "1.4",
            ),
            (
                format!(
                    r#"{{"sbom":{{"spdxVersion":"SPDX-2.3","packages":[{{"name":"a","externalRefs":[{{"referenceType":"purl","referenceLocator":"{purl}"}}]}}]}}}}"#
                ),
                "SPDX",
                "2.3",
            ),
            (
                format!(
                    "SPDXVersion: SPDX-2.2\nPackageName: a\nPackageComment: <text>\nPackageName: b\n</text>\nExternalRef: PACKAGE-MANAGER purl {purl}\n"
                ),
                "SPDX",
                "2.2",
            ),
            (
                format!(r#"{{"@graph":[{{"type":"software_Package","name":"a","software_packageUrl":"{purl}"}}]}}"#),
                "SPDX",
                "3.0",
            ),
        ] {
            let sbom = read(&text);
            assert_eq!((sbom.format, sbom.version.as_str()), (format, version), "{text}");
            assert_eq!(sbom.purls.iter().map(String::as_str).collect::<Vec<_>>(), [purl], "{text}");
            assert_eq!((sbom.components, sbom.unnamed), (1, 0), "{text}");
        }
    }

    #[test]
    fn what_is_no_sbom_is_refused() {
        for bad in [
            "",
            "{}",
            r#"{"bomFormat":"CycloneDX","specVersion":"x","components":[{"name":"a"}]}"#,
            r#"{"bomFormat":"CycloneDX","components":[{"name":"a"}]}"#,
            r#"{"spdxVersion":"SPDX-","packages":[{"name":"a"}]}"#,
            "SPDXVersion: SPDX-next\nPackageName: a\n",
            "http://cyclonedx.org/schema/bom/ <component <name>",
            "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"><components>",
            "<html></html>",
        ] {
            assert!(PublishedSbom::read(bad.as_bytes()).is_err(), "{bad}");
        }
        // Of a version whose XML nobody here reads: it lists nothing.
        assert_eq!(read("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"/>").components, 0);
    }
}
