//! The packed snapshot: a header line, then one line for each package, sorted by name.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::civil::Date;
use plimsoll_model::sha256_hex;
use serde::{Deserialize, Serialize};

use crate::{AdvisoryError, RustsecRecord};

/// The version of the format that is written and read.
const FORMAT: u32 = 1;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Header {
    /// Always `plimsoll advisory snapshot`.
    pub(crate) what: String,
    pub(crate) format: u32,
    /// Where the advisories are from.
    pub(crate) source: String,
    pub(crate) revision: Option<String>,
    pub(crate) date: Date,
    /// Advisories.
    pub(crate) count: u64,
    /// Packages: lines after the first.
    pub(crate) packages: u64,
    /// SHA-256 of everything after the first line.
    pub(crate) sha256: String,
}

const WHAT: &str = "plimsoll advisory snapshot";

/// Lines by package, not parsed yet.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub(crate) header: Header,
    pub(crate) digest: String,
    text: Cow<'static, str>,
    // Package name and records of each line, as ranges of the text, sorted by name.
    lines: Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>,
}

/// Writes the facts of `packages` as a snapshot.
pub(crate) fn write(
    packages: &BTreeMap<String, Vec<RustsecRecord>>,
    revision: Option<String>,
    date: Date,
) -> Result<Vec<u8>, AdvisoryError> {
    let failed = |error: serde_json::Error| AdvisoryError::snapshot(error.to_string());
    let mut body = String::new();
    for (package, records) in packages {
        body.push_str(package);
        body.push('\t');
        body.push_str(&serde_json::to_string(records).map_err(failed)?);
        body.push('\n');
    }
    let header = Header {
        what: WHAT.to_owned(),
        format: FORMAT,
        source: "RustSec advisory-db".to_owned(),
        revision,
        date,
        count: packages.values().map(|records| records.len() as u64).sum(),
        packages: packages.len() as u64,
        sha256: sha256_hex(body.as_bytes()),
    };
    Ok(format!("{}\n{body}", serde_json::to_string(&header).map_err(failed)?).into_bytes())
}

/// Reads a snapshot and refuses one that is not exactly as it was written.
pub(crate) fn read(text: Cow<'static, str>) -> Result<Packed, AdvisoryError> {
    let (first, body) = text.split_once('\n').ok_or_else(|| AdvisoryError::snapshot("it has no header line"))?;
    let header: Header =
        serde_json::from_str(first).map_err(|error| AdvisoryError::snapshot(format!("its header: {error}")))?;
    if header.what != WHAT || header.format != FORMAT {
        return Err(AdvisoryError::snapshot(format!("it has format {}, this version reads {FORMAT}", header.format)));
    }
    if sha256_hex(body.as_bytes()) != header.sha256 {
        return Err(AdvisoryError::snapshot("its digest is not the one in its header: it was changed or cut off"));
    }
    let mut lines = Vec::new();
    let mut at = first.len() + 1;
    let mut last = "";
    for line in body.split_terminator('\n') {
        let (name, records) =
            line.split_once('\t').ok_or_else(|| AdvisoryError::snapshot("a line has no package name"))?;
        if name <= last {
            return Err(AdvisoryError::snapshot(format!("\"{name}\" is out of order")));
        }
        last = name;
        let start = at + name.len() + 1;
        lines.push((at..at + name.len(), start..start + records.len()));
        at += line.len() + 1;
    }
    if lines.len() as u64 != header.packages {
        return Err(AdvisoryError::snapshot(format!(
            "it has {} packages, its header says {}",
            lines.len(),
            header.packages
        )));
    }
    let digest = sha256_hex(text.as_bytes());
    Ok(Packed { header, digest, text, lines })
}

impl Packed {
    /// The records of `package`; empty when it has none.
    pub(crate) fn records(&self, package: &str) -> Result<Vec<RustsecRecord>, AdvisoryError> {
        let at = self.lines.binary_search_by(|(name, _)| self.slice(name).cmp(package));
        let Some((_, records)) = at.ok().and_then(|at| self.lines.get(at)) else { return Ok(Vec::new()) };
        serde_json::from_str(self.slice(records))
            .map_err(|error| AdvisoryError::snapshot(format!("the line of \"{package}\": {error}")))
    }

    /// Every package with its records.
    pub(crate) fn all(&self) -> Result<BTreeMap<String, Vec<RustsecRecord>>, AdvisoryError> {
        self.lines
            .iter()
            .map(|(name, _)| {
                let name = self.slice(name);
                Ok((name.to_owned(), self.records(name)?))
            })
            .collect()
    }

    fn slice(&self, range: &std::ops::Range<usize>) -> &str {
        // The ranges were cut from this very text.
        self.text.get(range.clone()).unwrap_or_default()
    }
}
