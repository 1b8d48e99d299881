//! What both documents are made of: one entry per component, whatever number of lockfiles names it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::{
    component::{Component, Source},
    gap::Cause,
    hash::{Algorithm, Hash},
    inventory::Inventory,
};
use plimsoll_model::body::Reach;

/// What a document says of the product and of itself.
#[derive(Clone, Debug)]
pub struct DocumentInfo {
    /// Name of the product.
    pub name: String,
    /// Version of the product, where it is known.
    pub version: Option<String>,
    /// Object id of the commit.
    pub commit: String,
    /// The moment for which the document is stated; no other time is in it.
    pub as_of: Timestamp,
    /// Who makes the product, as the producer says.
    pub claimant: Option<String>,
    /// Version of Plimsoll.
    pub tool_version: String,
}

impl DocumentInfo {
    /// The time as both formats want it: UTC, whole seconds.
    pub(crate) fn time(&self) -> String {
        self.as_of.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The product's name in one line, never empty.
    pub(crate) fn product(&self) -> String {
        let name = plimsoll_model::one_line(&self.name);
        if name.is_empty() { "unnamed product".to_owned() } else { name }
    }

    pub(crate) fn claimant(&self) -> Option<String> {
        self.claimant.as_deref().map(plimsoll_model::one_line).filter(|claimant| !claimant.is_empty())
    }
}

/// One component in a document.
#[derive(Clone, Debug)]
pub(crate) struct Entry<'a> {
    pub component: &'a Component,
    pub reach: Reach,
    pub hashes: BTreeSet<&'a Hash>,
    pub licence: Option<&'a str>,
    pub lockfiles: BTreeSet<&'a str>,
    pub classes: BTreeSet<&'a str>,
    /// References of what it depends on.
    pub depends_on: BTreeSet<String>,
}

/// All entries by reference, the references of the repository's own packages, and of those and of what is taken in besides
/// packages the ones that ship.
pub(crate) struct Entries<'a> {
    pub all: BTreeMap<String, Entry<'a>>,
    pub own: BTreeSet<String>,
    pub product: BTreeSet<String>,
    /// References of what runs while the product is built and is no package of it.
    pub tools: BTreeSet<String>,
}

/// Nearest to the user first; what is not known comes right after what ships.
fn order(reach: Reach) -> u8 {
    match reach {
        Reach::Shipped => 0,
        Reach::Unknown => 1,
        Reach::Build => 2,
        Reach::Dev => 3,
        Reach::NotInGraph => 4,
    }
}

fn is_local(component: &Component) -> bool {
    matches!(component.source, Source::Workspace | Source::Path)
}

/// Puts the components of all lockfiles together.
pub(crate) fn entries(inventory: &Inventory) -> Entries<'_> {
    // A member and a published package of one name and version have one package URL, and are two things.
    let mut kinds: BTreeMap<&str, BTreeSet<bool>> = BTreeMap::new();
    for component in &inventory.components {
        kinds.entry(&component.purl).or_default().insert(is_local(component));
    }
    let both = |purl: &str| kinds.get(purl).is_some_and(|kinds| kinds.len() > 1);
    let reference =
        |purl: &str, local: bool| if local && both(purl) { format!("{purl}#workspace") } else { purl.to_owned() };
    let mut all: BTreeMap<String, Entry<'_>> = BTreeMap::new();
    let (mut own, mut product) = (BTreeSet::new(), BTreeSet::new());
    for component in &inventory.components {
        let key = reference(&component.purl, is_local(component));
        if component.member {
            own.insert(key.clone());
            if component.class == crate::path_class::SHIPPED {
                product.insert(key.clone());
            }
        }
        if component.opaque && component.ships() {
            product.insert(key.clone());
        }
        let entry = all.entry(key).or_insert_with(|| Entry {
            component,
            reach: component.reach,
            hashes: BTreeSet::new(),
            licence: None,
            lockfiles: BTreeSet::new(),
            classes: BTreeSet::new(),
            depends_on: BTreeSet::new(),
        });
        if order(component.reach) < order(entry.reach) {
            entry.reach = component.reach;
        }
        entry.hashes.extend(&component.hashes);
        entry.licence = entry.licence.or(component.licence.as_deref());
        entry.lockfiles.extend(component.lockfile.as_deref());
        entry.classes.insert(&component.class);
        for purl in &component.depends_on {
            let locals = kinds.get(purl.as_str()).into_iter().flatten();
            entry.depends_on.extend(locals.map(|local| reference(purl, *local)));
        }
    }
    let opaque = all.iter().filter(|(_, entry)| entry.component.opaque);
    let tools = opaque.filter(|(_, entry)| entry.reach == Reach::Build).map(|(reference, _)| reference.clone());
    let tools = tools.collect();
    Entries { all, own, product, tools }
}

/// The SHA-256 of what a document says, in hexadecimal: the same content has the same name.
pub(crate) fn digest(info: &DocumentInfo, entries: &Entries<'_>, incomplete: Option<&str>) -> String {
    use std::fmt::Write as _;
    let mut text = format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n",
        info.product(),
        info.version.as_deref().unwrap_or_default(),
        info.commit,
        info.time(),
        info.claimant().unwrap_or_default(),
        info.tool_version
    );
    for (reference, entry) in &entries.all {
        let word = order(entry.reach);
        let hashes = entry.hashes.iter().map(|hash| digest_word(hash)).collect::<Vec<_>>().join(",");
        let [lockfiles, classes] =
            [&entry.lockfiles, &entry.classes].map(|set| set.iter().copied().collect::<Vec<_>>().join(","));
        let next = entry.depends_on.iter().map(String::as_str).collect::<Vec<_>>().join(",");
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{reference} {word} {hashes} {lockfiles} {classes} {next} {}",
            entry.licence.unwrap_or_default()
        );
    }
    text.push_str(incomplete.unwrap_or_default());
    plimsoll_model::sha256_hex(text.as_bytes())
}

/// A SHA-256 without its name, as documents had it before there were others.
fn digest_word(hash: &Hash) -> String {
    if hash.algorithm() == Algorithm::Sha256 { hash.value().to_owned() } else { hash.to_string() }
}

/// What the document does not list and may be inside, in one sentence; nothing where all that ships is listed.
pub(crate) fn incomplete(inventory: &Inventory) -> Option<String> {
    /// Reasons that are named.
    const NAMED: usize = 20;
    let mut gaps = inventory.gaps.iter().filter(|gap| gap.cause != Cause::NotCompared).map(|gap| gap.reason.as_str());
    let named: Vec<String> = gaps.by_ref().take(NAMED).map(plimsoll_model::one_line).collect();
    let more = gaps.count();
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    (!named.is_empty()).then(|| format!("Not all components are listed: {}{more}.", named.join("; ")))
}
