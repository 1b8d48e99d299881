//! The list itself: JSON under zlib.
//!
//! The crate `auditable-serde` reads the same, but cannot say a cycle from a typing error, takes edges to packages that are
//! not there, and refuses a source that is written with an escape.

use std::collections::VecDeque;

use flate2::{Decompress, FlushDecompress, Status};
use serde::Deserialize;

use crate::{ArtifactError, BinaryFault, BinaryFormat, Bound, Limits, ListedKind, ListedPackage, ListedSource};

/// Gives the JSON of a section. Zeros behind the stream fill a section up; anything else is refused.
pub(super) fn decompressed(format: BinaryFormat, section: &[u8], limits: &Limits) -> Result<Vec<u8>, ArtifactError> {
    let refused = |fault| ArtifactError::Binary { format, fault };
    let mut inflate = Decompress::new(true);
    let mut json = Vec::new();
    loop {
        // One more than is allowed tells a list that just fits from one that does not.
        let room = limits.list.saturating_add(1).saturating_sub(json.len()).min(64 << 10);
        if room == 0 {
            return Err(ArtifactError::TooMuch { bound: Bound::List, limit: limits.list });
        }
        let length = json.len();
        json.resize(length + room, 0);
        let (read, written) = (inflate.total_in(), inflate.total_out());
        // What was read of the section is within it.
        let input = section.get(read as usize..).unwrap_or_default();
        let output = json.get_mut(length..).unwrap_or_default();
        let status =
            inflate.decompress(input, output, FlushDecompress::None).map_err(|_| refused(BinaryFault::Data))?;
        json.truncate(length + (inflate.total_out() - written) as usize);
        if status == Status::StreamEnd {
            break;
        }
        if inflate.total_in() == read && inflate.total_out() == written {
            return Err(refused(BinaryFault::Data));
        }
    }
    if json.len() > limits.list {
        return Err(ArtifactError::TooMuch { bound: Bound::List, limit: limits.list });
    }
    let rest = section.get(inflate.total_in() as usize..).unwrap_or_default();
    if rest.iter().any(|byte| *byte != 0) {
        return Err(refused(BinaryFault::Trailing));
    }
    Ok(json)
}

#[derive(Deserialize)]
struct Written {
    packages: Vec<WrittenPackage>,
    #[serde(default)]
    format: u32,
}

#[derive(Deserialize)]
struct WrittenPackage {
    name: String,
    version: String,
    source: String,
    #[serde(default)]
    kind: WrittenKind,
    #[serde(default)]
    dependencies: Vec<usize>,
    #[serde(default)]
    root: bool,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum WrittenKind {
    Build,
    #[default]
    Runtime,
}

/// Gives the revision and the packages of a list.
pub(super) fn read(json: &[u8]) -> Result<(u32, Vec<ListedPackage>), BinaryFault> {
    let written: Written =
        serde_json::from_slice(json).map_err(|error| BinaryFault::Json { reason: error.to_string() })?;
    let count = written.packages.len();
    let mut packages = Vec::with_capacity(count);
    let mut has_root = false;
    for WrittenPackage { name, version, source, kind, mut dependencies, root } in written.packages {
        let is_name = !name.is_empty()
            && name.len() <= 256
            && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'));
        if !is_name || semver::Version::parse(&version).is_err() {
            let shown = |text: String| text.escape_debug().take(100).collect();
            return Err(BinaryFault::Package { name: shown(name), version: shown(version) });
        }
        if root && has_root {
            return Err(BinaryFault::SeveralRoots);
        }
        has_root |= root;
        dependencies.sort_unstable();
        dependencies.dedup();
        if let Some(index) = dependencies.last().filter(|index| **index >= count) {
            return Err(BinaryFault::Edge { index: *index });
        }
        let source = match source.as_str() {
            "crates.io" => ListedSource::CratesIo,
            "git" => ListedSource::Git,
            "local" => ListedSource::Local,
            "registry" => ListedSource::Registry,
            _ => ListedSource::Other(source),
        };
        let kind = match kind {
            WrittenKind::Build => ListedKind::Build,
            WrittenKind::Runtime => ListedKind::Runtime,
        };
        packages.push(ListedPackage { name, version, source, kind, root, dependencies });
    }
    if has_cycle(&packages) { Err(BinaryFault::Cycle) } else { Ok((written.format, packages)) }
}

/// Takes away what nothing depends on, until nothing is left or only circles are.
fn has_cycle(packages: &[ListedPackage]) -> bool {
    let mut dependents = vec![0_usize; packages.len()];
    for index in packages.iter().flat_map(|package| &package.dependencies) {
        if let Some(count) = dependents.get_mut(*index) {
            *count += 1;
        }
    }
    let mut free: VecDeque<usize> =
        dependents.iter().enumerate().filter(|(_, count)| **count == 0).map(|(index, _)| index).collect();
    let mut taken = 0;
    while let Some(index) = free.pop_front() {
        taken += 1;
        for other in packages.get(index).into_iter().flat_map(|package| &package.dependencies) {
            // Counted above, and each edge is taken away once.
            if let Some(count) = dependents.get_mut(*other) {
                *count -= 1;
                if *count == 0 {
                    free.push_back(*other);
                }
            }
        }
    }
    taken != packages.len()
}
