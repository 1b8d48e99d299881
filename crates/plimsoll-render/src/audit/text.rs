//! For a terminal.

use plimsoll_model::{AuditReport, AuditVerdict, CheckVerdict, Repetition, RepetitionVerdict};

use super::{PARTS, headline, standing, word};
use crate::{
    TextOptions,
    paint::{Page, Style},
};

/// Differences that are shown of one part.
const DIFFERENCES: usize = 20;
/// Criteria that are shown.
const CHANGES: usize = 20;

/// Gives the report as text: the verdict first, then each part with what differs and what was missing.
pub fn audit_text(report: &AuditReport, options: &TextOptions) -> String {
    let mut page = Page::new(options.width);
    let style = match report.verdict {
        AuditVerdict::Identical => Style::Good,
        AuditVerdict::Incomplete => Style::Bold,
        AuditVerdict::Differs => Style::Alarm,
    };
    page.text(0, &headline(report), style);
    let label = &report.label;
    let of = if label.product.is_empty() { String::new() } else { format!(" of {}", label.product) };
    page.text(
        0,
        &format!("Label{of}: {}, as of {}, good until {}", label.stated(), label.as_of, label.expires),
        Style::Plain,
    );
    page.text(0, &format!("label.json SHA-256 {}", label.digest), Style::Dim);
    page.text(0, &format!("evidence.json SHA-256 {}", label.evidence), Style::Dim);
    page.blank();
    page.text(0, "The label as it was signed", Style::Bold);
    for check in &report.checks {
        let (mark, style) = match check.verdict {
            CheckVerdict::Passed => ("+", Style::Good),
            CheckVerdict::Failed => ("x", Style::Alarm),
            CheckVerdict::NotChecked => ("-", Style::Dim),
        };
        page.paragraph(2, 2, (mark, style), &format!("{}: {}", check.name, check.reason), Style::Plain);
    }
    for (title, part) in PARTS.iter().zip([&report.score, &report.collect]) {
        page.blank();
        repetition(&mut page, title, part);
    }
    page.blank();
    let judged = &report.judged;
    page.text(0, PARTS.last().copied().unwrap_or_default(), Style::Bold);
    match (judged.tier, &judged.tier_name) {
        (Some(_), Some(_)) if label.is_view => {
            page.paragraph(2, 2, ("no tier:", Style::Bold), "an outside view has none", Style::Plain);
            page.text(2, &judged.reason, Style::Plain);
        }
        (Some(tier), Some(name)) => {
            let than = match tier.cmp(&label.tier) {
                std::cmp::Ordering::Equal => "as the label states".to_owned(),
                _ => format!("the label states tier {}", label.tier),
            };
            page.paragraph(2, 2, (&format!("tier {tier} {name}:"), Style::Bold), &than, Style::Plain);
            page.text(2, &judged.reason, Style::Plain);
        }
        _ => page.paragraph(2, 2, ("not determined:", Style::Bold), &judged.reason, Style::Plain),
    }
    for change in judged.changes.iter().take(CHANGES) {
        let both = format!("{} (the label: {})", standing(change.after.as_ref()), standing(change.before.as_ref()));
        page.paragraph(2, 2, (&change.id, Style::Bold), &both, Style::Plain);
        if let Some(after) = &change.after {
            page.text(4, &after.reason, Style::Plain);
        }
    }
    more(&mut page, judged.changes.len().saturating_sub(CHANGES) as u64);
    page.finish(options.color)
}

fn repetition(page: &mut Page, title: &str, part: &Repetition) {
    page.text(0, title, Style::Bold);
    let style = match part.verdict {
        RepetitionVerdict::Identical => Style::Good,
        RepetitionVerdict::Differs => Style::Alarm,
        RepetitionVerdict::Incomplete | RepetitionVerdict::NotDone => Style::Bold,
    };
    page.paragraph(2, 2, (&format!("{}:", word(part.verdict)), style), &part.reason, Style::Plain);
    for missing in &part.missing {
        page.paragraph(2, 2, ("not available:", Style::Bold), missing, Style::Plain);
    }
    for difference in part.differences.iter().take(DIFFERENCES) {
        page.text(2, &difference.place, Style::Plain);
        page.paragraph(
            4,
            2,
            ("label:", Style::Dim),
            difference.audited.as_deref().unwrap_or("not there"),
            Style::Plain,
        );
        page.paragraph(4, 2, ("again:", Style::Dim), difference.again.as_deref().unwrap_or("not there"), Style::Plain);
    }
    more(page, part.differences.len().saturating_sub(DIFFERENCES) as u64 + part.more);
}

fn more(page: &mut Page, count: u64) {
    if count > 0 {
        page.text(2, &format!("and {count} more; --format json has them"), Style::Dim);
    }
}
