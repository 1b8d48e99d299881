//! Where two issuers differ, for a terminal.

use plimsoll_model::{Dispute, DisputeSide, Outcome, Standing, plural};

use crate::{
    TextOptions,
    paint::{Page, Style},
    words,
};

/// Differences that are shown.
const SHOWN: usize = 40;

/// Gives a dispute as text: whether they agree first, then each difference, then what follows from it.
pub fn dispute_text(dispute: &Dispute, options: &TextOptions) -> String {
    let mut page = Page::new(options.width);
    page.text(0, &summary(dispute), Style::Bold);
    page.text(0, &format!("Commit {}", dispute.commit), Style::Dim);
    for (name, side) in [("A", &dispute.a), ("B", &dispute.b)] {
        page.paragraph(0, 2, (&format!("{name}:"), Style::Dim), &about(side), Style::Plain);
    }
    if dispute.same {
        return page.finish(options.color);
    }
    page.blank();
    page.text(0, "What differs", Style::Bold);
    for one in dispute.differences.iter().take(SHOWN) {
        page.blank();
        page.text(2, &one.place, Style::Bold);
        // Of one issuer's own label the two are what it states, and what its evidence gives.
        let names = if one.place.starts_with("label of ") { ["stated:", "evidence:"] } else { ["A:", "B:"] };
        let is_known = one.a.is_some() || one.b.is_some();
        for (name, value) in names.into_iter().zip([&one.a, &one.b]).filter(|_| is_known) {
            page.paragraph(4, 2, (name, Style::Dim), value.as_deref().unwrap_or("not there"), Style::Plain);
        }
        for seen in &one.seen {
            page.paragraph(4, 2, ("at", Style::Dim), seen, Style::Plain);
        }
        page.text(4, &words::sentence(&one.explanation), Style::Plain);
        if !one.follows.is_empty() {
            page.paragraph(4, 2, ("decides:", Style::Dim), &one.follows.join(", "), Style::Plain);
        }
    }
    let hidden = u64::try_from(dispute.differences.len().saturating_sub(SHOWN)).unwrap_or(u64::MAX);
    let hidden = hidden.saturating_add(dispute.more);
    if hidden > 0 {
        page.blank();
        page.text(
            2,
            &format!("and {}; --format json lists more", plural(hidden, "more difference", "more differences")),
            Style::Dim,
        );
    }
    page.blank();
    page.text(0, "What follows from it", Style::Bold);
    if dispute.outcomes.is_empty() && dispute.entries.is_empty() {
        page.text(2, "No criterion and no entry results in anything else.", Style::Plain);
    }
    for one in &dispute.outcomes {
        let came = |side: &Option<Standing>| side.as_ref().map_or("not asked".to_owned(), standing);
        let turned = format!("{} for A, {} for B", came(&one.change.before), came(&one.change.after));
        page.paragraph(2, 2, (&format!("{}:", one.change.id), Style::Bold), &turned, Style::Plain);
        let because = match one.because.as_slice() {
            [] if dispute.more > 0 => "what it comes from is among the differences that are not listed".to_owned(),
            [] => "no fact that it reads differs: the rules do, or a label was changed".to_owned(),
            places => format!("because of {}", places.join("; ")),
        };
        page.text(4, &because, Style::Dim);
    }
    for one in dispute.entries.iter().take(SHOWN) {
        let came = |side: &Option<Standing>| side.as_ref().map_or("not asked".to_owned(), standing);
        let turned = format!("{} for A, {} for B", came(&one.change.before), came(&one.change.after));
        page.paragraph(2, 2, (&format!("{}:", one.change.id), Style::Bold), &turned, Style::Plain);
        let because = match one.because.as_slice() {
            [] => "nothing that it reads differs: the rules do, or a label was changed".to_owned(),
            places => format!("because of {}", places.join("; ")),
        };
        page.text(4, &because, Style::Dim);
    }
    if dispute.entries.len() > SHOWN {
        let hidden = u64::try_from(dispute.entries.len() - SHOWN).unwrap_or(u64::MAX);
        page.text(
            2,
            &format!("and {}; --format json lists them", plural(hidden, "more entry", "more entries")),
            Style::Dim,
        );
    }
    page.finish(options.color)
}

fn summary(dispute: &Dispute) -> String {
    if dispute.same {
        return "A and B agree: nothing differs.".to_owned();
    }
    let count = u64::try_from(dispute.differences.len()).unwrap_or(u64::MAX).saturating_add(dispute.more);
    let tiers = if dispute.a.tier == dispute.b.tier {
        format!("both are at tier {}", dispute.a.tier)
    } else {
        format!("A is at tier {}, B at tier {}", dispute.a.tier, dispute.b.tier)
    };
    let outcomes = match (dispute.outcomes.len(), dispute.entries.len()) {
        (0, 0) => "nothing results in anything else".to_owned(),
        (criteria, 0) => format!("{} differently", plural(criteria, "criterion comes out", "criteria come out")),
        (0, entries) => format!("{} differently", plural(entries, "entry comes out", "entries come out")),
        (criteria, entries) => format!(
            "{} and {} come out differently",
            plural(criteria, "criterion", "criteria"),
            plural(entries, "entry", "entries")
        ),
    };
    format!("A and B differ in {}; {outcomes}; {tiers}.", plural(count, "place", "places"))
}

fn about(side: &DisputeSide) -> String {
    let digest = side.evidence.get("sha256").map(String::as_str).unwrap_or_default();
    let label = if side.labelled { "a label with its evidence" } else { "evidence" };
    format!(
        "{label}, as of {}, collected by {} {}, SHA-256 {}",
        words::day(words::utc_day(side.as_of)),
        side.tool.name,
        side.tool.version,
        words::shorten(digest, 16)
    )
}

fn standing(standing: &Standing) -> String {
    let outcome: Outcome = standing.outcome;
    match standing.assurance {
        Some(assurance) => format!("{}, {}", words::outcome(outcome), words::step(assurance)),
        None => words::outcome(outcome).to_owned(),
    }
}
