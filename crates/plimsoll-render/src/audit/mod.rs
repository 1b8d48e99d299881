//! The report of an audit as text, HTML and OSCAL.

mod html;
mod oscal;
mod text;

pub use html::audit_html;
pub use oscal::oscal;
use plimsoll_model::{AuditReport, AuditVerdict, CheckVerdict, RepetitionVerdict, Standing};
pub use text::audit_text;

use crate::words;

fn headline(report: &AuditReport) -> String {
    let parts = [report.score.verdict, report.collect.verdict];
    match report.verdict {
        AuditVerdict::Identical => "IDENTICAL: all of it was done again, and came out the same".to_owned(),
        AuditVerdict::Incomplete => "INCOMPLETE: not all of it could be done again".to_owned(),
        AuditVerdict::Differs if parts.contains(&RepetitionVerdict::Differs) => {
            "DIFFERS: it does not come out as it was signed".to_owned()
        }
        // Nothing that was done again differs: the label as it was signed is what fails.
        AuditVerdict::Differs => {
            let failed = report
                .checks
                .iter()
                .filter(|check| check.verdict == CheckVerdict::Failed)
                .map(|check| check.name.as_str());
            let failed: Vec<&str> = failed.collect();
            format!("NOT ACCEPTED: the label as it was signed fails ({})", failed.join(", "))
        }
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
