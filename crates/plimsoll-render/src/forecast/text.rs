//! For a terminal.

use plimsoll_model::{CriterionChange, Forecast};

use super::{about, after_label, answer, ended, in_days, is_lower, moved, remedies};
use crate::{
    TextOptions,
    paint::{Page, Style},
    words,
};

/// Criteria that are shown of one day.
const CRITERIA: usize = 4;

/// Gives the forecast as text: the answer first, then each day on which something changes, with what ends and what to do.
pub fn forecast_text(forecast: &Forecast, options: &TextOptions) -> String {
    let mut page = Page::new(options.width);
    page.text(0, &answer(forecast), Style::Bold);
    if let Some(after) = after_label(forecast) {
        page.text(0, &after, Style::Plain);
    }
    page.text(0, &about(forecast), Style::Dim);
    for change in &forecast.changes {
        page.blank();
        let style = if is_lower(forecast, change) || change.label_ends { Style::Alarm } else { Style::Bold };
        let head = format!("{}, {}: {}", words::day(change.date), in_days(change), moved(forecast, change));
        page.text(0, &head, style);
        for lapse in &change.lapses {
            page.paragraph(2, 4, ("because", Style::Dim), &ended(lapse), Style::Plain);
        }
        for criterion in change.criteria.iter().take(CRITERIA) {
            page.paragraph(2, 4, (&format!("{}:", criterion.id), Style::Dim), &turned(criterion), Style::Plain);
        }
        let more = change.criteria.len().saturating_sub(CRITERIA);
        if more > 0 {
            page.text(2, &format!("and {more} more criteria; --format json has them"), Style::Dim);
        }
        for fix in remedies(forecast, change) {
            page.paragraph(2, 4, ("do:", Style::Good), &fix, Style::Plain);
        }
    }
    page.blank();
    page.text(0, "Not in the forecast", Style::Bold);
    for one in &forecast.not_forecast {
        page.paragraph(2, 2, ("-", Style::Dim), one, Style::Plain);
    }
    page.finish(options.color)
}

/// `met, checked -> not known`.
pub(super) fn turned(change: &CriterionChange) -> String {
    let came = |one: &plimsoll_model::Came| match one.assurance {
        Some(assurance) => format!("{}, {}", words::outcome(one.outcome), words::step(assurance)),
        None => words::outcome(one.outcome).to_owned(),
    };
    format!("{} -> {}", came(&change.before), came(&change.after))
}
