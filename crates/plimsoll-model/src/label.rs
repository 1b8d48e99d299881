//! The label: an in-toto Statement whose predicate is everything that a reader needs.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Assurance, DigestSet, Extra, Finding, Follows, FrameworkResult, Input, KindStatus, Outcome, Pointer, Sign,
    SourceLine, SourceView, Tool,
};

/// `_type` of an in-toto Statement v1.
pub const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/v1";
/// `predicateType` of a Plimsoll label.
pub const LABEL_PREDICATE_TYPE: &str = "https://plimsoll.dev/label/v1";
/// `predicateType` of a view of what the source shows of software whose maker has not spoken. It is another one than that of a
/// label, so that nothing that looks for labels takes one for the other.
pub const SOURCE_VIEW_PREDICATE_TYPE: &str = "https://plimsoll.dev/source-view/v1";
/// The version of the label's predicate that this crate writes.
pub const LABEL_SCHEMA_VERSION: &str = "1.4";

/// Places that are shown for one entry.
const MOST_PLACES: usize = 10;

/// Which of the two documents that share a predicate a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelForm {
    /// A label: the maker has spoken, and there is a tier.
    Label,
    /// What the source shows by itself: there is no tier.
    SourceView,
}

impl LabelForm {
    /// The one of a body with a source view, or without.
    pub fn of(has_view: bool) -> Self {
        if has_view { Self::SourceView } else { Self::Label }
    }

    /// The one that a predicate type names; nothing for a statement of another kind.
    pub fn named(predicate_type: &str) -> Option<Self> {
        [Self::Label, Self::SourceView].into_iter().find(|form| form.predicate_type() == predicate_type)
    }

    /// Its `predicateType`.
    pub fn predicate_type(self) -> &'static str {
        match self {
            Self::Label => LABEL_PREDICATE_TYPE,
            Self::SourceView => SOURCE_VIEW_PREDICATE_TYPE,
        }
    }
}

/// An in-toto Statement v1 that carries a label, or another predicate of ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Statement<P = LabelBody> {
    /// Always [`STATEMENT_TYPE`].
    #[serde(rename = "_type")]
    pub statement_type: String,
    /// What it speaks of. A label: the commit (`gitCommit`), then the artifacts (`sha256`) in the order of their names.
    pub subject: Vec<ResourceDescriptor>,
    /// What the predicate is, as a URI; of a label [`LABEL_PREDICATE_TYPE`].
    pub predicate_type: String,
    /// What it says.
    pub predicate: P,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// in-toto `ResourceDescriptor`: a thing by name and digests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResourceDescriptor {
    /// Its name, for people.
    pub name: String,
    /// Its digests.
    pub digest: DigestSet,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// The predicate: tier, face, every outcome with its reason, and all that it was computed from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LabelBody {
    /// `MAJOR.MINOR` of this predicate.
    pub schema_version: String,
    /// The program that scored.
    pub tool: Tool,
    /// The moment for which the label speaks.
    pub as_of: Timestamp,
    /// The last moment at which the label may be relied on.
    pub expires: Timestamp,
    /// What the label is about, in the maker's words.
    pub product: Product,
    /// The tier that was reached.
    pub tier: TierResult,
    /// Every tier above 0 from low to high, and what each still misses.
    pub ladder: Vec<Rung>,
    /// The rows of the face, always all of them, in the order of the tier file.
    pub face: Vec<FaceRow>,
    /// How far the evidence alone carries, without a word of the maker; absent in labels of schema version 1.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_line: Option<SourceLine>,
    /// What the source shows where the maker has not spoken. A statement that has it is no label and its tier is 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_view: Option<SourceView>,
    /// Claims that the evidence disproves.
    pub contradictions: Vec<Contradiction>,
    /// Every entry of the catalogs that every label holds.
    pub catalogs: Vec<CatalogResult>,
    /// Other catalogs that were asked for, in short; left out where there are none, and before schema version 1.3.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<FrameworkResult>,
    /// Every criterion, in the order of its id.
    pub criteria: Vec<CriterionResult>,
    /// Known vulnerabilities and other advisory findings, with the maker's exceptions beside them.
    pub findings: Vec<Finding>,
    /// What was not seen: each kind of evidence that is not wholly searched, and what the rules cannot see.
    pub limitations: Vec<Limitation>,
    /// The pinned inputs of the evidence.
    pub inputs: BTreeMap<String, Input>,
    /// SHA-256 of the canonical evidence.
    pub evidence: DigestSet,
    /// True when files of a working copy were examined, which are in no commit: nobody else can compute the label.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub worktree: bool,
    /// The label that this one follows, where it judges stored evidence anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follows>,
    /// The countersignatures that were given; a reader who relies on them asks for them and verifies them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub countersigned: Vec<Countersigned>,
    /// SHA-256 of every file of practices by its path under `practices/`.
    pub practices: BTreeMap<String, DigestSet>,
    /// Whose practices it was judged by, where they, or what tools of pipelines are, are not those that are built in; empty where
    /// they do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub practices_of: Option<String>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

impl LabelBody {
    /// Which document it is: one with a source view is no label.
    pub fn form(&self) -> LabelForm {
        LabelForm::of(self.source_view.is_some())
    }

    /// Where the evidence of an entry is: the places of the criteria behind it, each once, in their order; at most ten.
    pub fn places_of(&self, entry: &EntryResult) -> Vec<Pointer> {
        let criterion = |id: &String| self.criteria.iter().find(|one| one.id == *id);
        let behind = entry.supported_by.iter().filter_map(|support| criterion(&support.criterion));
        let mut places: Vec<Pointer> = Vec::new();
        for place in entry.pointers.iter().chain(behind.flat_map(|one| &one.pointers)) {
            if places.len() < MOST_PLACES && !places.contains(place) {
                places.push(place.clone());
            }
        }
        places
    }
}

/// What the label is about.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Its name: claimed, else from the manifest, else empty.
    pub name: String,
    /// The file of the commit that names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_from: Option<String>,
    /// Its version, or empty. Where commits came after a release it says how many.
    pub version: String,
    /// What says so: the maker, a tag or a manifest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_from: Option<String>,
    /// Where tag and manifest disagree on the version: what each says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disagreement: Option<String>,
    /// Platforms and delivery in a few words, or empty.
    pub platforms: String,
    /// Who makes the claims, or empty.
    pub claimant: String,
    /// Where to report a problem, or empty.
    pub contact: String,
    /// The file that says so, where the maker's claims do not; absent in labels before schema version 1.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_from: Option<String>,
    /// Address of the page with more, or empty. The QR code carries it.
    pub url: String,
    /// What is inside the scope, and what is not.
    pub scope_inside: Vec<String>,
    /// What is outside the scope.
    pub scope_outside: Vec<String>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// A tier that was reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TierResult {
    /// 0 to 4.
    pub level: u8,
    /// The highest level there is.
    pub highest: u8,
    /// `Unrated`, `Declared`, `Observed`, `Verified`, `Corroborated`, or an organisation's own.
    pub name: String,
    /// The name in plain words, as `Checked`; absent where the practices have none, and before schema version 1.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// The same in a consumer's words.
    pub sentence: String,
    /// What holds it down although the demands above are met, or would if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<Cap>,
}

/// Why the tier may not be higher.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Cap {
    /// The highest level allowed.
    pub level: u8,
    /// Why, in one sentence.
    pub reason: String,
}

/// One tier and what it still misses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rung {
    /// 1 and up.
    pub level: u8,
    /// Its name.
    pub name: String,
    /// The name in plain words; see [`TierResult::plain`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// Its sentence.
    pub sentence: String,
    /// True when all its demands and all demands below are met. A cap may still hold the tier down.
    pub reached: bool,
    /// The demands of this tier alone that are not met.
    pub missing: Vec<Missing>,
}

/// One demand that is not met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Missing {
    /// `CATALOG/ENTRY`, or the id of a criterion.
    pub id: String,
    /// Its title or question.
    pub title: String,
    /// The assurance asked.
    pub asked: Assurance,
    /// What it came to.
    pub outcome: Outcome,
    /// The assurance that was reached, if it is met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assurance: Option<Assurance>,
    /// Why, in one sentence.
    pub reason: String,
    /// Criteria that would fill it, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<String>,
    /// True when no claim and no criterion of the practices at hand can fill it at the assurance asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub out_of_reach: bool,
}

/// One row of the face.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FaceRow {
    /// Its id in the tier file.
    pub id: String,
    /// What it is about, whatever it comes to.
    pub title: String,
    /// What was found, in plain words; never empty.
    pub text: String,
    /// Good or bad; absent in labels before schema version 1.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign: Option<Sign>,
    /// The title as an answer, or as a question where it is not known; absent where the practices have none, and before 1.2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// What the entry or criterion behind it came to.
    pub outcome: Outcome,
    /// How we know; absent when there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assurance: Option<Assurance>,
    /// True when the evidence disproves what is claimed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contradicted: bool,
}

/// A claim that evidence disproves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contradiction {
    /// `CATALOG/ENTRY`.
    pub entry: String,
    /// Title of the entry.
    pub title: String,
    /// The criterion that failed.
    pub criterion: String,
    /// The claim and the evidence in one sentence.
    pub reason: String,
    /// The highest tier that is left.
    pub cap: u8,
    /// Where it was seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pointers: Vec<Pointer>,
}

/// One catalog with all its entries.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CatalogResult {
    /// `ssdf-1.1`, `cswp-23`, ...
    pub id: String,
    /// Title and source.
    pub title: String,
    /// The entries in the catalog's order.
    pub entries: Vec<EntryResult>,
}

/// One task, attestation or control.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryResult {
    /// Its id as the standard writes it.
    pub id: String,
    /// The group it stands in.
    pub group: String,
    /// Its title in our words.
    pub title: String,
    /// What it came to.
    pub outcome: Outcome,
    /// How we know; `null` unless met, partial or not applicable.
    pub assurance: Option<Assurance>,
    /// The highest assurance that the entry can come to at all.
    pub reach: Assurance,
    /// Does the producer's word count for it?
    pub claimable: bool,
    /// What the producer is asked; left out where nothing is asked, or it is answered.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ask: String,
    /// Why this version cannot come to `reach`, where it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<String>,
    /// What of it the criteria do not look at although they meet it, as a clause; absent where there is nothing, and before 1.4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_looked_at: Option<String>,
    /// Why, in one sentence.
    pub reason: String,
    /// The criteria behind it and what each came to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub supported_by: Vec<Support>,
    /// What the producer claims about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Claimed>,
    /// True when the evidence disproves the claim.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub contradicted: bool,
    /// Where the evidence is, before schema version 1.4. Since then its criteria alone say so: see [`LabelBody::places_of`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pointers: Vec<Pointer>,
}

/// A criterion under an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Support {
    /// Its id.
    pub criterion: String,
    /// What it came to.
    pub outcome: Outcome,
    /// How we know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assurance: Option<Assurance>,
}

/// The producer's own answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Claimed {
    /// `done`, `partly`, `planned`, `no`, `not-applicable`.
    pub answer: String,
    /// The maker's words, or empty.
    pub note: String,
    /// When it was claimed.
    pub date: Date,
    /// The last day on which it counts.
    pub review_by: Date,
    /// False when the review date has passed, or the claim is dated after as-of: it counts for nothing.
    pub current: bool,
}

/// One criterion and what it came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CriterionResult {
    /// Its id.
    pub id: String,
    /// The question.
    pub asks: String,
    /// What it came to.
    pub outcome: Outcome,
    /// How we know; `null` unless met, partial or not applicable.
    pub assurance: Option<Assurance>,
    /// Why, in one sentence.
    pub reason: String,
    /// Why it matters.
    pub why: String,
    /// What to do about it; left out where it is met or does not apply.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fix: String,
    /// Work to meet it: `minutes`, `hours`, `days`, `weeks`; left out with `fix`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub effort: String,
    /// Standards and sections.
    pub refs: Vec<String>,
    /// The facts behind it; at most a fixed number of places, the first ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pointers: Vec<Pointer>,
}

/// A countersignature as the trust policy of whoever scored took it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Countersigned {
    /// Who countersigned: by the trust policy, else in their own words.
    pub by: String,
    /// SHA-256 of the countersignature's statement.
    pub statement: DigestSet,
    /// SHA-256 of the label that it is over: that of the same evidence, before there were countersignatures.
    pub label: DigestSet,
    /// Was it verified, by somebody independent, over this very evidence and in time?
    pub counts: bool,
    /// Why it does not count, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Something that was not seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Limitation {
    /// The kind of evidence.
    pub kind: String,
    /// The collector.
    pub collector: String,
    /// How much of it was looked at.
    pub status: KindStatus,
    /// What was not seen and why.
    pub reason: String,
}
