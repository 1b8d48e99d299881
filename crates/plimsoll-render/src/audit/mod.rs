//! The report of an audit as text, HTML and OSCAL.

mod html;
mod oscal;
mod text;

pub use html::audit_html;
pub use oscal::oscal;
use plimsoll_model::{AuditVerdict, RepetitionVerdict, Standing};
pub use text::{AuditTextOptions, audit_text};

use crate::words;

fn headline(verdict: AuditVerdict) -> &'static str {
    match verdict {
        AuditVerdict::Identical => "IDENTICAL: all of it was done again, and came out the same",
        AuditVerdict::Incomplete => "INCOMPLETE: not all of it could be done again",
        AuditVerdict::Differs => "DIFFERS: it does not come out as it was signed",
    }
}

fn word(verdict: RepetitionVerdict) -> &'static str {
    match verdict {
        RepetitionVerdict::Identical => "identical",
        RepetitionVerdict::Differs => "differs",
        RepetitionVerdict::Incomplete => "incomplete",
        RepetitionVerdict::NotDone => "not done",
    }
}

/// What a criterion came to, in a few words.
fn standing(standing: Option<&Standing>) -> String {
    match standing {
        None => "not there".to_owned(),
        Some(one) => match one.assurance {
            Some(assurance) => format!("{}, {}", words::outcome(one.outcome), words::step(assurance)),
            None => words::outcome(one.outcome).to_owned(),
        },
    }
}

/// The three parts by name.
const PARTS: [&str; 3] = [
    "(a) The label, computed from the evidence again",
    "(b) The evidence, collected from the repository again",
    "(c) The label by your own policy, practices and advisories",
];
