//! go.sum.
//!
//! Source: Go Modules Reference, "go.sum files".

use std::collections::HashMap;

use plimsoll_model::excerpt;

use crate::hash::{Algorithm, Hash};

/// The digests of modules, by path and version.
#[derive(Debug, Default)]
pub(super) struct Sums {
    modules: HashMap<(String, String), Sum>,
    /// Lines that were not understood, in one clause each.
    pub faults: Vec<String>,
}

/// The digests of one version of a module.
#[derive(Debug, Default)]
pub(super) struct Sum {
    /// Those of its source.
    pub hashes: Vec<Hash>,
    /// Is there one of its go.mod?
    pub of_mod: bool,
}

impl Sums {
    /// The digests of one version of a module.
    pub fn of(&self, path: &str, version: &str) -> Option<&Sum> {
        self.modules.get(&(path.to_owned(), version.to_owned()))
    }

    /// Modules with a digest of their source, as path and version, sorted.
    pub fn sources(&self) -> Vec<(&str, &str)> {
        let with = self.modules.iter().filter(|(_, sum)| !sum.hashes.is_empty());
        let mut all: Vec<(&str, &str)> = with.map(|((path, version), _)| (path.as_str(), version.as_str())).collect();
        all.sort_unstable();
        all
    }
}

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<Sums, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "go.sum is not UTF-8")?;
    let mut sums = Sums::default();
    for (number, line) in text.lines().enumerate() {
        let mut words = line.split_whitespace();
        let (path, version, digest) = match (words.next(), words.next(), words.next(), words.next()) {
            (None, ..) => continue,
            (Some(path), Some(version), Some(digest), None) => (path, version, digest),
            _ => {
                sums.faults.push(format!("line {} of go.sum has not three words", number + 1));
                continue;
            }
        };
        // Go itself compares digests of this kind alone, and keeps others.
        let Some(digest) = digest.strip_prefix("h1:") else { continue };
        let Some(hash) = Hash::of_base64(Algorithm::GoH1, digest) else {
            sums.faults.push(format!("line {} of go.sum has a digest that is none", number + 1));
            continue;
        };
        let plain = version.strip_suffix("/go.mod");
        let sum = sums.modules.entry((path.to_owned(), plain.unwrap_or(version).to_owned())).or_default();
        if plain.is_some() {
            sum.of_mod = true;
        } else if sum.hashes.is_empty() {
            sum.hashes.push(hash);
        } else if sum.hashes.first() != Some(&hash) {
            sums.faults
                .push(format!("go.sum has two different digests for {}", excerpt(&format!("{path} {version}"), 80)));
        }
    }
    Ok(sums)
}
