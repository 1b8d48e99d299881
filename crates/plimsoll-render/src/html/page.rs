//! What the page shows: the tables that the template reads.

use serde::Serialize;

use super::{
    anchor::Reference,
    findings::{Gaps, Hole},
    source::Source,
};

/// A run of text; code where the maker of the text set it between backticks.
#[derive(Serialize)]
pub(super) struct Part {
    pub(super) code: bool,
    pub(super) text: String,
}

/// A text and the address that it links to, if it may.
#[derive(Serialize)]
pub(super) struct Address {
    pub(super) text: String,
    pub(super) href: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Verdict {
    /// Class for its colour.
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    /// How we know, or empty.
    pub(super) how: &'static str,
}

/// A row of the face in words.
#[derive(Serialize)]
pub(super) struct Row {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) contradicted: bool,
    pub(super) bar: String,
    pub(super) how: &'static str,
}

#[derive(Serialize)]
pub(super) struct Contradiction {
    pub(super) entry: String,
    pub(super) title: String,
    pub(super) reason: String,
    pub(super) criterion: Reference,
    pub(super) cap: u8,
    pub(super) places: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Step {
    pub(super) item: Reference,
    pub(super) title: String,
    pub(super) verdict: Verdict,
    pub(super) asked: &'static str,
    pub(super) reason: String,
    pub(super) out_of_reach: bool,
    pub(super) criteria: Vec<Reference>,
    pub(super) remedy: Vec<Part>,
}

#[derive(Serialize)]
pub(super) struct Tier {
    pub(super) level: u8,
    pub(super) name: String,
    pub(super) sentence: String,
    pub(super) state: &'static str,
    pub(super) here: bool,
    pub(super) missing: Vec<Step>,
}

#[derive(Serialize)]
pub(super) struct Support {
    pub(super) criterion: Reference,
    pub(super) verdict: Verdict,
    pub(super) asks: Vec<Part>,
    pub(super) remedy: Vec<Part>,
}

#[derive(Serialize)]
pub(super) struct Claim {
    pub(super) answer: String,
    pub(super) note: String,
    pub(super) date: String,
    pub(super) review_by: String,
    pub(super) current: bool,
}

#[derive(Serialize)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) anchor: Option<String>,
    pub(super) title: String,
    pub(super) verdict: Verdict,
    pub(super) contradicted: bool,
    pub(super) reason: String,
    pub(super) reach: &'static str,
    pub(super) pending: String,
    pub(super) not_looked_at: String,
    pub(super) ask: String,
    pub(super) claim: Option<Claim>,
    pub(super) support: Vec<Support>,
    pub(super) places: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) entries: Vec<Entry>,
}

#[derive(Serialize)]
pub(super) struct Catalog {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) settled: usize,
    pub(super) total: usize,
    /// Entries that the maker could have answered and did not.
    pub(super) silent: usize,
    pub(super) groups: Vec<Group>,
}

#[derive(Serialize)]
pub(super) struct Criterion {
    pub(super) id: String,
    pub(super) anchor: Option<String>,
    pub(super) asks: Vec<Part>,
    pub(super) verdict: Verdict,
    pub(super) reason: String,
    pub(super) why: Vec<Part>,
    pub(super) fix: Vec<Part>,
    pub(super) effort: String,
    pub(super) refs: Vec<String>,
    pub(super) places: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Pinned {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) digests: Vec<String>,
}

/// Everything on the page.
#[derive(Serialize)]
pub(super) struct Page {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) tier: String,
    pub(super) level: u8,
    pub(super) tier_name: String,
    pub(super) tier_sentence: String,
    pub(super) word_sentence: String,
    pub(super) ended: bool,
    pub(super) cap: Option<(u8, String)>,
    pub(super) checked: String,
    pub(super) good_until: String,
    pub(super) lasts: String,
    pub(super) as_of: String,
    pub(super) expires: String,
    pub(super) facts: Vec<Fact>,
    pub(super) unstated: Vec<&'static str>,
    pub(super) commit: String,
    pub(super) advisory_data: String,
    pub(super) contradictions: Vec<Contradiction>,
    pub(super) rows: Vec<Row>,
    /// The next tier, by its name, and what it still misses.
    pub(super) next: Option<(String, Vec<Step>)>,
    /// Where the maker has not spoken.
    pub(super) source: Option<Source>,
    pub(super) source_sentence: String,
    pub(super) disagreement: String,
    pub(super) worktree: bool,
    pub(super) other_practices: Option<String>,
    pub(super) legend: Vec<(String, &'static str)>,
    pub(super) signs: Vec<Legend>,
    pub(super) ladder: Vec<Tier>,
    pub(super) catalogs: Vec<Catalog>,
    /// The catalogs that were asked for.
    pub(super) frameworks: Vec<Framework>,
    pub(super) criteria: Vec<Criterion>,
    pub(super) findings: Vec<Hole>,
    pub(super) gaps: Vec<Gaps>,
    pub(super) gap_count: usize,
    pub(super) inputs: Vec<Pinned>,
    pub(super) subjects: Vec<Pinned>,
    pub(super) evidence: Vec<String>,
    pub(super) practices: Vec<Pinned>,
    pub(super) tool: String,
}

/// Something that is stated of the product, and what states it where that is not the maker's claims.
#[derive(Serialize)]
pub(super) struct Fact {
    pub(super) lead: &'static str,
    pub(super) value: Address,
    pub(super) from: String,
}

/// A catalog that was asked for: its id, how many entries came to what, the entries by outcome, and where their titles are.
pub(super) type Framework = (String, String, Vec<(String, String)>, String);

/// A sign and what it means.
#[derive(Serialize)]
pub(super) struct Legend {
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) word: &'static str,
    pub(super) meaning: &'static str,
}
