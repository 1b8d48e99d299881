//! What both documents are made of: one entry per component, whatever number of lockfiles names it.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr as _,
};

use cyclonedx_bom::{
    external_models::uri::Purl,
    models::component::{Cpe, validate_cpe},
};
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
    /// Is what it is about the commit with changes that are not committed?
    pub changed: bool,
    /// Who makes the product, as the producer says.
    pub claimant: Option<String>,
    /// How to reach them: an e-mail address or a URL.
    pub contact: Option<String>,
    /// Package URLs and other identifiers of the product, as the producer says.
    pub identifiers: Vec<String>,
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

    /// Who makes the product, and so this document of it.
    pub(crate) fn maker(&self) -> Option<Maker> {
        let name = self.claimant.as_deref().map(plimsoll_model::one_line).filter(|claimant| !claimant.is_empty())?;
        let contact = self.contact.as_deref().map(plimsoll_model::one_line).unwrap_or_default();
        let contact = contact.strip_prefix("mailto:").unwrap_or(&contact);
        let is_url = ["https://", "http://"].iter().any(|scheme| contact.starts_with(scheme));
        let url = Some(contact.to_owned()).filter(|_| is_url && url::Url::parse(contact).is_ok());
        let email = Some(contact.to_owned()).filter(|_| !is_url && contact.contains('@'));
        Some(Maker { name, email, url })
    }

    /// The product's version in one line.
    pub(crate) fn version(&self) -> Option<String> {
        self.version.as_deref().map(plimsoll_model::one_line).filter(|version| !version.is_empty())
    }

    /// The commit as an identifier that anybody can compute; nothing where the document is about something else besides.
    ///
    /// Source: ISO/IEC 18670, SWHID, core identifiers of revisions, which are git's own.
    pub(crate) fn swhid(&self) -> Option<String> {
        let is_commit = !self.changed && plimsoll_model::is_hex(&self.commit, 40);
        is_commit.then(|| format!("swh:1:rev:{}", self.commit))
    }

    /// The first package URL that the producer states.
    pub(crate) fn purl(&self) -> Option<String> {
        let is_one = |text: &&String| Purl::from_str(text).is_ok() && packageurl::PackageUrl::from_str(text).is_ok();
        self.identifiers.iter().find(is_one).cloned()
    }

    /// The first CPE that the producer states, in the form that every format takes.
    pub(crate) fn cpe(&self) -> Option<String> {
        let is_one = |text: &&String| text.starts_with("cpe:2.3:") && validate_cpe(&Cpe::new(text)).is_ok();
        self.identifiers.iter().find(is_one).cloned()
    }
}

/// Who makes the product.
#[derive(Clone, Debug)]
pub(crate) struct Maker {
    pub name: String,
    pub email: Option<String>,
    pub url: Option<String>,
}

impl Maker {
    /// How to reach them, the e-mail address first.
    pub fn contact(&self) -> Option<&str> {
        self.email.as_deref().or(self.url.as_deref())
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
    /// Is that all? Of one that several lockfiles name each has to say so.
    pub edges_known: bool,
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
            edges_known: true,
        });
        entry.edges_known &= component.edges_known;
        if order(component.reach) < order(entry.reach) {
            entry.reach = component.reach;
        }
        entry.hashes.extend(&component.hashes);
        // A manifest that says this says nothing.
        let licence = component.licence.as_deref().filter(|licence| *licence != "NOASSERTION");
        entry.licence = entry.licence.or(licence);
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
    let maker = info.maker();
    let mut text = format!(
        "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
        info.product(),
        info.version.as_deref().unwrap_or_default(),
        info.commit,
        info.changed,
        info.time(),
        maker.as_ref().map(|maker| maker.name.as_str()).unwrap_or_default(),
        maker.as_ref().and_then(Maker::contact).unwrap_or_default(),
        info.identifiers.join(" "),
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
            "{reference} {word} {hashes} {lockfiles} {classes} {next} {} {}",
            entry.edges_known,
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
