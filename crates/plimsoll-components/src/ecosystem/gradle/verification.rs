//! verification-metadata.xml: the digests of what Gradle takes.
//!
//! Source: Gradle User Manual, "Verifying dependencies"; the schema dependency-verification-1.3.xsd.

use std::collections::BTreeMap;

use plimsoll_model::excerpt;
use roxmltree::Node;

use crate::ecosystem::maven::coordinates;
use crate::{
    hash::{Algorithm, Hash},
    xml::{self, Refused},
};

/// Endings of archives that are built in.
const ARCHIVES: &[&str] = &["jar", "aar", "war", "klib", "zip"];

#[derive(Clone, Debug, Default)]
pub(super) struct Verification {
    /// Digests of the archives, by `GROUP:NAME` and version.
    pub components: BTreeMap<(String, String), Vec<Hash>>,
    /// Does it let pass anything that it does not list?
    pub trusts: bool,
    /// Entries that were not understood, in one clause each.
    pub faults: Vec<String>,
}

fn elements<'a, 'b>(node: Node<'a, 'b>, name: &'static str) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<Verification, String> {
    let text =
        std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|_| "it is not UTF-8")?;
    let document = xml::parse(text, 20).map_err(|refused| match refused {
        Refused::TooDeep => "elements deeper than 20".to_owned(),
        Refused::Other(reason) => reason,
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "verification-metadata" {
        return Err("it is no list of digests of Gradle".to_owned());
    }
    let mut read = Verification::default();
    let configuration = elements(root, "configuration");
    let mut trusted = configuration.flat_map(|one| elements(one, "trusted-artifacts"));
    read.trusts = trusted.any(|one| elements(one, "trust").next().is_some());
    for component in elements(root, "components").flat_map(|all| elements(all, "component")) {
        let of = |name: &str| component.attribute(name).unwrap_or_default();
        let (group, name, version) = (of("group"), of("name"), of("version"));
        let shown = excerpt(&format!("{group}:{name}:{version}"), 80);
        if !(coordinates::is_part(group) && coordinates::is_part(name) && coordinates::is_version(version)) {
            read.faults.push(format!("{shown} is no package"));
            continue;
        }
        let hashes = read.components.entry((format!("{group}:{name}"), version.to_owned())).or_default();
        let is_archive = |artifact: &Node<'_, '_>| {
            let file = artifact.attribute("name").unwrap_or_default();
            let stem = file.rsplit_once('.').filter(|(_, end)| ARCHIVES.contains(end)).map(|(stem, _)| stem);
            stem.is_some_and(|stem| stem.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')) == Some(version))
        };
        for artifact in elements(component, "artifact").filter(is_archive) {
            for digest in artifact.children().filter(Node::is_element) {
                let algorithm = match digest.tag_name().name() {
                    "md5" => Algorithm::Md5,
                    "sha1" => Algorithm::Sha1,
                    "sha256" => Algorithm::Sha256,
                    "sha512" => Algorithm::Sha512,
                    _ => continue,
                };
                // Another that is taken as well.
                let also = elements(digest, "also-trust").filter_map(|one| one.attribute("value"));
                for value in digest.attribute("value").into_iter().chain(also) {
                    match Hash::of_hex(algorithm, value.trim()) {
                        Some(hash) => hashes.push(hash),
                        None => read.faults.push(format!("{shown} has a digest that is none")),
                    }
                }
            }
        }
        hashes.sort_unstable();
        hashes.dedup();
    }
    Ok(read)
}
