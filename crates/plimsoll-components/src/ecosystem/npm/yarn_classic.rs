//! yarn.lock of Yarn 1.
//!
//! Source: the Yarn 1 docs, "yarn.lock", and its grammar: blocks of one or more descriptors, with members that are indented.

use plimsoll_model::excerpt;

use super::{REGISTRY, npm_url, sources};
use crate::{
    component::Origin,
    ecosystem::locked::graph::{Edge, Graph, LockError, Package, Usage},
    hash::{Algorithm, Hash},
    options::Limits,
    tree_file::SourceFile,
};

pub(super) const FORMAT: &str = "yarn.lock";

/// One block.
#[derive(Default)]
struct Block {
    descriptors: Vec<String>,
    version: String,
    resolved: Option<String>,
    integrity: Option<String>,
    /// Descriptors of what it depends on, and whether that may be missing.
    dependencies: Vec<(String, bool)>,
}

/// Reads one.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let text = std::str::from_utf8(&file.bytes).map_err(|_| LockError::Malformed("it is not UTF-8".to_owned()))?;
    let blocks = blocks(text)?;
    if blocks.len() > limits.packages {
        return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
    }
    let mut graph = Graph { format: FORMAT, version: "1".to_owned(), has_edges: true, ..Graph::default() };
    let mut wanted = Vec::with_capacity(blocks.len());
    for block in blocks {
        match package(&block) {
            Ok(package) => {
                for descriptor in &block.descriptors {
                    graph.answers.entry(descriptor.clone()).or_default().push(graph.packages.len());
                }
                graph.packages.push(package);
                wanted.push(block.dependencies);
            }
            Err(reason) => {
                let first = block.descriptors.first().map(|one| excerpt(one, 80)).unwrap_or_default();
                graph.faults.push(format!("the entry \"{first}\" {reason}"));
            }
        }
    }
    for (package, wanted) in graph.packages.iter_mut().zip(wanted) {
        for (descriptor, optional) in wanted {
            match graph.answers.get(&descriptor) {
                Some(found) => package.edges.extend(found.iter().map(|to| Edge { to: *to, usage: Usage::Normal })),
                None if optional => {}
                None => graph.faults.push(format!(
                    "{} {} asks for {}, which it does not hold",
                    package.name,
                    package.version,
                    excerpt(&descriptor, 80)
                )),
            }
        }
    }
    Ok(graph)
}

fn package(block: &Block) -> Result<Package, String> {
    let name = block.descriptors.first().and_then(|one| name_of(one)).ok_or("has no valid name")?;
    if block.descriptors.iter().any(|one| name_of(one) != Some(name)) {
        return Err("is for more than one name".to_owned());
    }
    // `b@npm:a@^1` is package a under the name b.
    let requirement = block.descriptors.first().and_then(|one| one.get(name.len() + 1..)).unwrap_or_default();
    let alias = requirement.strip_prefix("npm:").map(|alias| alias.rsplit_once('@').map_or(alias, |(name, _)| name));
    let name = alias.filter(|alias| !alias.is_empty()).unwrap_or(name);
    let version = block.version.as_str();
    if !sources::is_name(name) || version.is_empty() || version.len() > 256 || version.contains(char::is_whitespace) {
        return Err("has no valid name and version".to_owned());
    }
    let (origin, sha1) = match block.resolved.as_deref() {
        None => (Origin::Public(REGISTRY), None),
        Some(resolved) => {
            let origin = sources::origin(resolved).ok_or("comes from a source of an unknown kind")?;
            if !sources::is_of(resolved, name, version) {
                return Err("comes from the archive of another package or version".to_owned());
            }
            // The digest of an archive is written behind its address.
            let sha1 = resolved.split_once('#').and_then(|(_, end)| Hash::of_hex(Algorithm::Sha1, end));
            (origin, sha1)
        }
    };
    let mut hashes = block.integrity.as_deref().map(Hash::of_integrity).unwrap_or_default();
    if hashes.is_empty() && block.integrity.is_some() {
        return Err("has an integrity that is no digest".to_owned());
    }
    let is_git = matches!(origin, Origin::Git { .. });
    if matches!(origin, Origin::Git { revision: None, .. }) {
        return Err("comes from git and is not pinned to a revision".to_owned());
    }
    hashes.extend(sha1.filter(|_| !is_git));
    hashes.sort_unstable();
    hashes.dedup();
    Ok(Package {
        purl: npm_url(name, version).from(&origin),
        name: name.to_owned(),
        version: version.to_owned(),
        origin,
        hashes,
        ..Package::default()
    })
}

/// The name in `NAME@REQUIREMENT`.
fn name_of(descriptor: &str) -> Option<&str> {
    let at = descriptor.get(1..)?.find('@')? + 1;
    descriptor.get(..at).filter(|name| sources::is_name(name))
}

/// Splits the text into blocks.
fn blocks(text: &str) -> Result<Vec<Block>, LockError> {
    let malformed = |number: usize, what: &str| LockError::Malformed(format!("line {}: {what}", number + 1));
    let mut blocks: Vec<Block> = Vec::new();
    // The list in a block that is being read: may what it names be missing?
    let mut list: Option<bool> = None;
    for (number, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        match indent {
            0 => {
                let descriptors = trimmed.strip_suffix(':').ok_or_else(|| malformed(number, "no end of a name"))?;
                let descriptors: Option<Vec<String>> = split_names(descriptors);
                let descriptors = descriptors.ok_or_else(|| malformed(number, "a name is not as the format has it"))?;
                blocks.push(Block { descriptors, ..Block::default() });
                list = None;
            }
            2 => {
                let block = blocks.last_mut().ok_or_else(|| malformed(number, "a member of nothing"))?;
                list = match trimmed {
                    "dependencies:" => Some(false),
                    "optionalDependencies:" => Some(true),
                    _ => {
                        let (key, value) = pair(trimmed).ok_or_else(|| malformed(number, "no name with a value"))?;
                        match key.as_str() {
                            "version" => block.version = value,
                            "resolved" => block.resolved = Some(value),
                            "integrity" => block.integrity = Some(value),
                            _ => {}
                        }
                        None
                    }
                };
            }
            4 => {
                let optional = list.ok_or_else(|| malformed(number, "an entry of no list"))?;
                let block = blocks.last_mut().ok_or_else(|| malformed(number, "an entry of nothing"))?;
                let (name, requirement) = pair(trimmed).ok_or_else(|| malformed(number, "no name with a value"))?;
                block.dependencies.push((format!("{name}@{requirement}"), optional));
            }
            _ => return Err(malformed(number, "indented in a way that the format does not have")),
        }
    }
    Ok(blocks)
}

/// `a@^1, "b@>= 2"`: names with or without quotes.
fn split_names(text: &str) -> Option<Vec<String>> {
    let (mut names, mut rest) = (Vec::new(), text);
    loop {
        let (name, after) = word(rest, &[','])?;
        names.push(name);
        match after.trim_start().strip_prefix(',') {
            Some(next) => rest = next.trim_start(),
            None if after.trim().is_empty() => return Some(names),
            None => return None,
        }
    }
}

/// `name value`, each with or without quotes.
fn pair(text: &str) -> Option<(String, String)> {
    let (key, rest) = word(text, &[' '])?;
    let (value, rest) = word(rest.trim_start(), &[])?;
    rest.trim().is_empty().then_some((key, value))
}

/// The word that a text begins with, up to one of `ends`, and what follows it.
fn word<'a>(text: &'a str, ends: &[char]) -> Option<(String, &'a str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(ends).unwrap_or(text.len());
        let (word, rest) = text.split_at_checked(end)?;
        return (!word.is_empty()).then(|| (word.trim_end().to_owned(), rest));
    };
    let mut word = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((word, quoted.get(at + 1..).unwrap_or_default())),
            '\\' => word.push(characters.next()?.1),
            other => word.push(other),
        }
    }
    None
}
