//! One neutral document for every SBOM format: what a document says of itself, and what it lists.

mod cyclonedx;
mod cyclonedx_rules;
mod cyclonedx_words;
mod cyclonedx_xml;
mod fault;
mod spdx2;
mod spdx2_rules;
mod spdx3;
mod tag_value;

use std::{collections::BTreeSet, fmt};

use serde_json::Value;

pub use fault::Fault;
use fault::Faults;
use plimsoll_formats::yaml::{Bounds, read_within};

/// Bytes of one document.
const LARGEST: usize = 32 * 1024 * 1024;
/// Components of one document.
const MOST: usize = 200_000;
/// Components that lie one in another, and elements of XML.
const DEEPEST: usize = 50;

/// What a document is written by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// ECMA-424.
    #[default]
    CycloneDx,
    /// ISO/IEC 5962.
    Spdx,
}

impl Format {
    /// Its name as it writes itself.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CycloneDx => "CycloneDX",
            Self::Spdx => "SPDX",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A person, an organisation or a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// Its name.
    pub name: Option<String>,
    /// E-mail addresses and URLs.
    pub contacts: Vec<String>,
}

/// A program that made the document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
}

/// A digest as the document has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Digest {
    /// Upper case without hyphens: `SHA256`, `BLAKE2B256`.
    pub algorithm: String,
    /// As written.
    pub value: String,
}

/// One component, package or software element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// `bom-ref`, `SPDXID` or `spdxId`; empty where it has none.
    pub id: String,
    /// Is it what the document is about?
    pub root: bool,
    /// Does it lie in the product itself (`metadata.component` of CycloneDX) instead of the list?
    pub product: bool,
    /// Is it said not to be inside?
    pub excluded: bool,
    /// Its name, never blank.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Its package URL as written.
    pub purl: Option<String>,
    /// CPE, SWID, SWHID, gitoid and other identifiers.
    pub identifiers: Vec<String>,
    /// Digests of it.
    pub hashes: Vec<Digest>,
    /// Digests of the form that is delivered.
    pub delivered_hashes: Vec<Digest>,
    /// Digests of its source.
    pub source_hashes: Vec<Digest>,
    /// Who supplies it.
    pub suppliers: Vec<Party>,
    /// Who makes it.
    pub producers: Vec<Party>,
    /// Licences that its maker declares; those of which the document does not say by whom.
    pub declared: Vec<String>,
    /// Licences as the document's author concludes, or under which it is distributed.
    pub concluded: Vec<String>,
    /// The licence that is in force of several.
    pub effective: Option<String>,
    /// Ids of what it depends on or contains.
    pub depends_on: Vec<String>,
    /// Does the document say on what it depends, if only "on nothing"?
    pub states_dependencies: bool,
    /// Is it in a relation with another?
    pub related: bool,
    /// What the document says of how complete its dependencies are.
    pub completeness: Option<String>,
    /// Where its source is.
    pub source_url: Option<String>,
    /// Where its delivered form is.
    pub download_url: Option<String>,
    /// Where its security.txt is.
    pub security_txt: Option<String>,
    /// Name of the delivered file.
    pub filename: Option<String>,
    /// Is it executable?
    pub executable: Option<String>,
    /// Is it an archive?
    pub archive: Option<String>,
    /// Is it structured?
    pub structured: Option<String>,
    /// Names of fields of which the document says that they are not known.
    pub unknown: BTreeSet<String>,
    /// Names of fields of which the document says that they are kept back.
    pub withheld: BTreeSet<String>,
}

/// What a document says of itself and what it lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// By what it is written.
    pub format: Format,
    /// Version of the format.
    pub version: String,
    /// `JSON`, `XML`, `tag-value`, `YAML` or `JSON-LD`.
    pub form: &'static str,
    /// Its own name: serial number or namespace.
    pub identity: Option<String>,
    /// Its own version.
    pub revision: Option<String>,
    /// When it was made, as written.
    pub timestamp: Option<String>,
    /// Persons and organisations that made it.
    pub authors: Vec<Party>,
    /// Programs that made it.
    pub tools: Vec<Tool>,
    /// When in the life of the product it was made.
    pub contexts: Vec<String>,
    /// Does it hold a signature? Whether that is good is not asked here.
    pub signed: bool,
    /// Vulnerabilities that it lists.
    pub vulnerabilities: usize,
    /// What it says of how complete it is.
    pub completeness: Vec<String>,
    /// Names of fields of the document of which it says that they are not known.
    pub unknown: BTreeSet<String>,
    /// Names of fields of the document of which it says that they are kept back; empty where it says that none is, and nothing where
    /// it does not say.
    pub withheld: Option<BTreeSet<String>>,
    /// What it lists, in its order.
    pub components: Vec<Listed>,
}

impl Document {
    /// Gives what `bytes` hold: CycloneDX 1.2 to 1.7 as JSON and 1.0 to 1.7 as XML, SPDX 2.2 and 2.3 as JSON, tag-value and YAML,
    /// SPDX 3.0 as JSON-LD; told by content.
    ///
    /// Refused: what is none of these, SPDX as RDF or XML, what is larger, deeper or longer than is read, a document type
    /// declaration, and what breaks a rule of its format, with the place and the rule.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let (document, faults) = Self::read_with_faults(bytes)?;
        match faults.into_iter().next() {
            Some(first) => Err(first),
            None => Ok(document),
        }
    }

    /// Gives what `bytes` hold as far as it can be understood, and the rules of its format that it breaks.
    ///
    /// For who asks what a document lacks, or what it lists all the same.
    pub fn read_with_faults(bytes: &[u8]) -> Result<(Self, Vec<Fault>), Fault> {
        if bytes.len() > LARGEST {
            return Err(Fault::whole(format!("larger than {LARGEST} bytes")));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Fault::whole("not UTF-8"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut faults = Faults::default();
        let mut document = if text.trim_start().starts_with('<') {
            cyclonedx_xml::read(text, &mut faults)?
        } else if text.trim_start().starts_with('{') {
            json(&plimsoll_model::parse_strict(text.as_bytes()).map_err(Fault::whole)?, &mut faults)?
        } else if is_tag_value(text) {
            spdx2::read(&tag_value::read(text)?, "tag-value", &mut faults)?
        } else if is_yaml(text) {
            let value = read_within(text, Bounds::GENERATED).map_err(Fault::whole)?;
            let value = serde_json::to_value(value)
                .map_err(|error| Fault::whole(format!("YAML that is not like JSON: {error}")))?;
            spdx2::read(&value, "YAML", &mut faults)?
        } else {
            return Err(neither());
        };
        if document.components.len() > MOST {
            return Err(Fault::whole(format!("more than {MOST} components")));
        }
        for component in &mut document.components {
            component.name = component.name.take().filter(|name| !name.trim().is_empty());
        }
        Ok((document, faults.found))
    }

    /// Is this text an SBOM of a format that is known, whether it can be read or not?
    pub fn is_one(bytes: &[u8]) -> bool {
        Self::read_with_faults(bytes)
            .map_or_else(|fault| fault != neither() && !fault.rule.starts_with("not "), |_| true)
    }

    /// The format with its version.
    pub fn title(&self) -> String {
        format!("{} {} ({})", self.format, self.version, self.form)
    }
}

fn neither() -> Fault {
    Fault::whole("neither CycloneDX nor SPDX")
}

fn json(value: &Value, faults: &mut Faults) -> Result<Document, Fault> {
    // GitHub's export has it one level down.
    let value = value.get("sbom").filter(|inner| inner.is_object()).unwrap_or(value);
    if value.get("bomFormat").is_some() || value.get("specVersion").is_some() {
        cyclonedx::read(value, faults)
    } else if value.get("spdxVersion").is_some() {
        spdx2::read(value, "JSON", faults)
    } else if value.get("@graph").is_some_and(Value::is_array) {
        spdx3::read(value, faults)
    } else {
        Err(neither())
    }
}

fn is_tag_value(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("SPDXVersion:"))
}

fn is_yaml(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("spdxVersion:") || line.starts_with("\"spdxVersion\":"))
}

/// `1.6`, `2.3`: numbers with a dot between them.
fn version(text: &str) -> Result<String, Fault> {
    let is_number = |part: &str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    match text.split_once('.') {
        Some((one, other)) if is_number(one) && is_number(other) => Ok(text.to_owned()),
        _ => {
            Err(Fault::whole(format!("\"{}\" is no version of its format", text.chars().take(20).collect::<String>())))
        }
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

fn owned(value: &Value, name: &str) -> Option<String> {
    text(value, name).filter(|text| !text.trim().is_empty()).map(ToOwned::to_owned)
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// A digest with the algorithm's name as all formats can be compared by it.
fn digest(algorithm: &str, value: &str) -> Option<Digest> {
    let algorithm: String = algorithm.chars().filter(|letter| !matches!(letter, '-' | '_')).collect();
    let value = value.trim();
    (!algorithm.is_empty() && !value.is_empty())
        .then(|| Digest { algorithm: algorithm.to_ascii_uppercase(), value: value.to_owned() })
}

/// What a comment of a document of ours says in words of a name and a colon, up to the first part that is none.
fn said<'a>(comment: &'a str, name: &str) -> Option<&'a str> {
    const NAMES: [&str; 6] = ["reach", "class", "generation context", "not known", "withheld", "hash"];
    let parts = comment.split("; ").map_while(|part| part.split_once(": ").filter(|(name, _)| NAMES.contains(name)));
    parts.filter(|(found, _)| *found == name).map(|(_, text)| text).next()
}

/// Names of fields, with commas between them.
fn names(text: &str) -> BTreeSet<String> {
    let names = text.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "nothing"));
    names.map(ToOwned::to_owned).collect()
}

/// Does a comment of a document of ours say that a component is not inside?
fn is_said_outside(comment: &str) -> bool {
    said(comment, "reach").is_some_and(|reach| ["build", "dev", "not-in-graph"].contains(&reach))
}

/// Does `time` say a moment as RFC 3339 has it?
fn is_moment(time: &str) -> bool {
    time.parse::<jiff::Timestamp>().is_ok()
}

#[cfg(test)]
mod tests;
