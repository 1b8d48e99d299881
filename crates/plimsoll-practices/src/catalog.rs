//! Catalogs: the tasks, attestations and controls of a standard, and the criteria that support each.

use std::collections::BTreeMap;

use plimsoll_model::Assurance;
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CatalogFile {
    pub(crate) catalog: Head,
    #[serde(default)]
    pub(crate) group: Vec<Group>,
    #[serde(default)]
    pub(crate) entry: Vec<Spanned<EntryFile>>,
    /// What its form asks besides the entries.
    #[serde(default)]
    pub(crate) field: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Head {
    pub(crate) id: Spanned<String>,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) source: String,
    /// What its versions have in common, as `ssdf`.
    pub(crate) framework: Spanned<String>,
    /// Does every label hold it in full?
    #[serde(default)]
    pub(crate) in_label: bool,
    /// The catalog whose entries it has as well, except those that it words itself.
    pub(crate) extends: Option<Spanned<String>>,
    /// How many entries the standard has.
    pub(crate) entries: Spanned<usize>,
    /// Shorter names for it on the command line.
    #[serde(default)]
    pub(crate) aliases: Vec<Spanned<String>>,
    /// What its publisher writes before the ids of its entries, as `OSPS-`.
    #[serde(default)]
    pub(crate) published_prefix: String,
    /// Does the OpenSSF Best Practices Badge take answers about its entries?
    #[serde(default)]
    pub(crate) badge: bool,
    /// The form for machines that its publisher has, and of which revision.
    pub(crate) machine_form: Option<MachineForm>,
}

/// A form for machines.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineForm {
    /// As its publisher names it.
    pub template: String,
    /// Its revision.
    pub revision: String,
}

/// Something that a form asks besides its entries: who, what, when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The section of the form.
    pub section: String,
    /// What is asked.
    pub title: String,
    /// Where the answer comes from; absent where only the person who files it can give it.
    pub from: Option<FieldSource>,
    /// What to know about it, or how to fill it in.
    #[serde(default)]
    pub note: String,
}

/// What a field of a form is filled in from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldSource {
    /// Name of the product.
    ProductName,
    /// Its version.
    ProductVersion,
    /// Its page.
    ProductUrl,
    /// Object id of the commit, and its date.
    Commit,
    /// The moment that the report is about.
    AsOf,
    /// Platforms and delivery.
    Platforms,
    /// Files that were provided as built from the commit, with their digests.
    Artifacts,
    /// Who makes the claims.
    Claimant,
    /// Where to reach them.
    Contact,
    /// Name of the organisation that files.
    IssuerName,
    /// Its registered address.
    IssuerAddress,
    /// Its website.
    IssuerWebsite,
    /// The person who files.
    IssuerContact,
    /// Their role.
    IssuerRole,
}

/// A group of entries.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct EntryFile {
    pub(crate) id: Spanned<String>,
    pub(crate) group: String,
    pub(crate) title: String,
    pub(crate) reach: Spanned<Assurance>,
    /// The standard's own level or weight: `1`, `must`.
    pub(crate) level: Option<String>,
    /// What of it no criterion covers, as a clause; then the criteria alone never meet it.
    pub(crate) uncovered: Option<Spanned<String>>,
    /// What of it the criteria do not look at, as a clause, although they meet it: a report names it, and calls the entry met in part.
    pub(crate) beyond: Option<Spanned<String>>,
    /// Why nothing in this version can come to `reach`.
    pub(crate) pending: Option<String>,
    #[serde(default = "yes")]
    pub(crate) claimable: bool,
    /// Are there products to which it does not apply, so that the producer may say so?
    #[serde(default)]
    pub(crate) may_not_apply: bool,
    /// Criteria that show, where one is met, that it applies.
    #[serde(default)]
    pub(crate) applies_where: Vec<String>,
    #[serde(default)]
    pub(crate) supported_by: Vec<String>,
    #[serde(default)]
    pub(crate) strengthened_by: Vec<String>,
    #[serde(default)]
    pub(crate) corroborated_by: Vec<String>,
    #[serde(default)]
    pub(crate) contradicted_by: Vec<String>,
    #[serde(default)]
    pub(crate) ask: String,
    /// What a form wants with an answer: `E` a link, `C` a word, `CE` both, `X` whether it applies, `R` a reason, `K` a contact,
    /// `O` a link where there is one.
    pub(crate) class: Option<String>,
    /// Entries of other catalogs that the standard itself names for this one.
    #[serde(default)]
    pub(crate) crosswalk: Vec<Spanned<String>>,
    /// Members of the form for machines that say whether a criterion is met.
    #[serde(default)]
    pub(crate) shows: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

/// A catalog that was checked.
#[derive(Debug)]
pub struct Catalog {
    /// `ssdf-1.1`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Version of the standard.
    pub version: String,
    /// Where the standard is published.
    pub source: String,
    /// What its versions have in common: `ssdf`.
    pub framework: String,
    /// Does every label hold it in full? So it is where it says so, or where a tier or a row asks for one of its entries.
    /// Any other is in a label by `--catalog`, as ids, outcomes and assurances.
    pub in_label: bool,
    /// Groups in their order.
    pub groups: Vec<Group>,
    /// Entries in their order.
    pub entries: Vec<Entry>,
    /// Shorter names for it on the command line.
    pub aliases: Vec<String>,
    /// What its publisher writes before the ids of its entries: `OSPS-`, or nothing.
    pub published_prefix: String,
    /// Does the OpenSSF Best Practices Badge take answers about its entries?
    pub badge: bool,
    /// The form for machines that its publisher has.
    pub machine_form: Option<MachineForm>,
    /// What its form asks besides the entries.
    pub fields: Vec<Field>,
}

/// An entry that was checked.
#[derive(Clone, Debug)]
pub struct Entry {
    /// As the standard writes it.
    pub id: String,
    /// Id of its group.
    pub group: String,
    /// In our words.
    pub title: String,
    /// The standard's own level or weight: `1`, `must`.
    pub level: Option<String>,
    /// What of it no criterion covers, as a clause. Where there is such a part the criteria alone come to partly met at the
    /// most, and only the maker's word to met.
    pub uncovered: Option<String>,
    /// What of it the criteria do not look at, as a clause, although they meet it in a label. A report, for which someone answers line
    /// by line, calls such an entry met in part.
    pub beyond: Option<String>,
    /// The highest assurance that it can come to at all.
    pub reach: Assurance,
    /// The highest assurance that this version can come to.
    pub reachable: Assurance,
    /// Why `reachable` is lower than `reach`.
    pub pending: Option<String>,
    /// Does the producer's word count for it?
    pub claimable: bool,
    /// Are there products to which it does not apply? Elsewhere "not applicable" is an answer that counts for nothing.
    pub may_not_apply: bool,
    /// Criteria that show, where one is met, that it applies. Where there are none, those do that speak for or against it and are not met.
    pub applies_where: Vec<String>,
    /// Criteria that have to be met, all of them.
    pub supported_by: Vec<String>,
    /// Criteria that raise its assurance when they are met as well, all of them.
    pub strengthened_by: Vec<String>,
    /// Criteria that raise it once more, when they are met together with all of those: someone else came to the same.
    pub corroborated_by: Vec<String>,
    /// Criteria that disprove a claim when they are unmet.
    pub contradicted_by: Vec<String>,
    /// What to tell the producer who is to claim it.
    pub ask: String,
    /// What a form wants with an answer, as the catalog's file describes it.
    pub class: Option<String>,
    /// `CATALOG/ENTRY` of other catalogs that the standard itself names for this one.
    pub crosswalk: Vec<String>,
    /// Members of the form for machines that say whether a criterion is met: member, criterion.
    pub shows: BTreeMap<String, String>,
}
