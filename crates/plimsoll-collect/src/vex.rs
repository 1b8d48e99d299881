//! VEX documents of others as statements: OpenVEX, CycloneDX and CSAF; and statements as documents.
//!
//! Text comes in, what it says goes out: what a statement is worth for a product is decided by the collector. Who signed or
//! wrote a document is not asked here; it is worth what the file that it is in is worth.

mod csaf;
mod cyclonedx;
mod issue;
mod json;
mod openvex;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use plimsoll_model::excerpt;
use serde_json::Value;

pub use issue::{Issued, IssuedStatement, VEX_FORMS, VexForm};

/// Statements of one document, each about one vulnerability and one component.
const MOST: usize = 10_000;
/// Things of a document that are named because they are not read.
const MOST_UNREAD: usize = 10;
/// Bytes of an id, a name or a package URL.
const LONGEST: usize = 2000;
/// What is said where the status is no word of the format.
///
/// Such a statement is kept as one that leaves the matter open: what was said last counts, and it is not what was said before.
const NO_STATUS: &str = "what it says is no word of its format";
/// Why an open statement is less than exact; in its own document, one that is exact goes before it.
const VAGUE: &str = "which part or versions it is about is not read";

/// What a statement says of a vulnerability in a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It does not matter there.
    NotAffected,
    /// It is fixed there.
    Fixed,
    /// It matters there.
    Affected,
    /// Whether it matters is not known yet.
    UnderInvestigation,
}

impl Status {
    /// The word in evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAffected => "not-affected",
            Self::Fixed => "fixed",
            Self::Affected => "affected",
            Self::UnderInvestigation => "under-investigation",
        }
    }

    /// What is said in front of the reason, which alone would not say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAffected => "",
            Self::Fixed => "fixed in this version",
            Self::Affected => "affected",
            Self::UnderInvestigation => "under investigation",
        }
    }

    /// The status of this word.
    pub fn named(word: &str) -> Option<Self> {
        [Self::NotAffected, Self::Fixed, Self::Affected, Self::UnderInvestigation]
            .into_iter()
            .find(|status| status.as_str() == word)
    }

    /// Does it answer a finding, and not only show it?
    pub fn answers(self) -> bool {
        matches!(self, Self::NotAffected | Self::Fixed)
    }
}

/// A product or component, as far as a document names it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Named {
    /// Its package URL.
    pub(crate) purl: Option<String>,
    /// Another address of it.
    pub(crate) address: Option<String>,
    /// Its name, where it has no package URL.
    pub(crate) name: Option<String>,
    /// Its version, where it is written next to the package URL or the name.
    pub(crate) version: Option<String>,
    /// Who makes it.
    pub(crate) maker: Option<String>,
}

impl Named {
    /// How it is named in a sentence.
    pub(crate) fn word(&self) -> &str {
        [&self.purl, &self.address, &self.name].into_iter().find_map(|name| name.as_deref()).unwrap_or("without a name")
    }
}

/// What a statement is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct About {
    /// The product; `None` where the document names none.
    pub(crate) product: Option<Named>,
    /// The component of it, by package URL; `None` for the product as a whole.
    pub(crate) component: Option<String>,
}

/// One statement about one vulnerability, product and component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct VexStatement {
    /// The name of the vulnerability, then its other names. Never empty.
    pub(crate) ids: Vec<String>,
    pub(crate) about: About,
    pub(crate) status: Status,
    /// Why, in the words of the document: justification, impact, action or notes.
    pub(crate) reason: String,
    /// What its format asks for and it does not have.
    pub(crate) fault: Option<String>,
    /// When it was last changed: its own time, else that of the document.
    pub(crate) time: Option<Timestamp>,
}

/// What a document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VexDocument {
    /// The format, in one word for evidence.
    pub(crate) format: &'static str,
    pub(crate) statements: Vec<VexStatement>,
    /// What of it says nothing that can be used, each in a clause.
    pub(crate) unread: Vec<String>,
}

impl VexDocument {
    fn new(format: &'static str) -> Self {
        Self { format, statements: Vec::new(), unread: Vec::new() }
    }

    /// Adds a statement. One beyond the bound is not taken, and that is said.
    fn push(&mut self, statement: VexStatement) {
        if self.is_full() {
            let told = format!("only the first {MOST} of its statements are read");
            if self.unread.last() != Some(&told) {
                self.unread.push(told);
            }
        } else {
            self.statements.push(statement);
        }
    }

    /// Is there no place for another statement?
    fn is_full(&self) -> bool {
        self.statements.len() >= MOST
    }

    /// Says what says nothing that can be used.
    fn skip(&mut self, told: String) {
        if self.unread.len() < MOST_UNREAD && !self.unread.contains(&told) {
            self.unread.push(told);
        }
    }
}

/// Why a text gives no statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum NoVex {
    /// It is of no format that has any, or has none in it.
    Other,
    /// It is, and cannot be read: in one clause.
    Unreadable(String),
}

/// Reads a document of any of the formats, which its content decides.
pub(crate) fn read(text: &str) -> Result<VexDocument, NoVex> {
    let value = plimsoll_model::parse_strict(text.as_bytes()).map_err(NoVex::Unreadable)?;
    if let Some(version) = openvex::version(&value) {
        return openvex::read(&value, version);
    }
    if value.get("bomFormat").and_then(Value::as_str) == Some("CycloneDX") {
        return cyclonedx::read(&value);
    }
    if value.get("document").is_some_and(|document| document.get("csaf_version").is_some()) {
        return csaf::read(&value);
    }
    Err(NoVex::Other)
}

/// A version that this program does not read.
fn newer(format: &str, version: &str) -> NoVex {
    NoVex::Unreadable(format!("{format} {} is not read", excerpt(version, 40)))
}

/// Words joined to one reason, without those that are empty.
fn joined(words: &[Option<&str>]) -> String {
    let words = words.iter().flatten().map(|word| word.trim()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(": ")
}

/// The package URL with a version that is written next to it; `None` where it has another one.
fn with_version(purl: &str, version: Option<&str>) -> Option<String> {
    let Some(version) = version else { return Some(purl.to_owned()) };
    let mut read: packageurl::PackageUrl<'_> = purl.parse().ok()?;
    if let Some(own) = read.version() {
        let plain = |version: &str| version.strip_prefix('v').unwrap_or(version).to_owned();
        return (plain(own) == plain(version)).then(|| purl.to_owned());
    }
    read.with_version(version.to_owned()).ok()?;
    Some(read.to_string())
}

/// Why a statement that something does not matter says too little; `reasons` are what it gives.
fn without_reason(status: Status, justified: bool, words: Option<&str>) -> Option<String> {
    let reasoned = justified || words.is_some_and(|words| !words.trim().is_empty());
    (status == Status::NotAffected && !reasoned)
        .then(|| "it gives neither a justification of its format nor a statement of the impact".to_owned())
}

/// Reads anything, and gives how many statements it holds; properties and fuzzing ask that it ends, is bounded and does not panic.
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub fn read_anything(text: &str) -> usize {
    let count = read(text).map_or(0, |document| document.statements.len());
    assert!(count <= MOST);
    count
}
