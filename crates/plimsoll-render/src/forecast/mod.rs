//! A forecast as text, calendar and page: what the same evidence comes to on later days.

mod html;
mod ics;
mod plot;
mod text;

pub use html::forecast_html;
pub use ics::forecast_ics;
use jiff::Timestamp;
use plimsoll_model::{DayOfChange, Forecast, Lapse, LapseItem, plural};
pub use text::forecast_text;

use crate::words;

/// Things of one kind that are named.
const NAMED: usize = 3;

/// The answer in one sentence: what holds until when, and what comes then.
fn answer(forecast: &Forecast) -> String {
    let held = held(forecast);
    let Some(fall) = &forecast.falls else {
        return format!("{held} holds until {}, the last day that was judged.", words::day(forecast.until));
    };
    let last = fall.date.yesterday().map(words::day).unwrap_or_default();
    if fall.days <= 0 {
        return format!("The label ended on {last}. The same evidence gives {} today.", lower(&held));
    }
    let change = forecast.changes.iter().find(|change| change.date == fall.date);
    let why = change.map(why).unwrap_or_default();
    let then = match change {
        Some(change) if is_lower(forecast, change) => format!("then {}{why}", then(forecast, change)),
        _ => format!("then {} ends{why}", document(forecast)),
    };
    format!("{held} holds until {last}; {then}.")
}

/// Where the label ends before its tier would fall: what the same evidence gives after that.
fn after_label(forecast: &Forecast) -> Option<String> {
    let fall = forecast.falls.as_ref().filter(|fall| fall.label_ends)?;
    let later = |change: &&DayOfChange| change.date > fall.date && is_lower(forecast, change);
    if forecast.changes.iter().any(|change| change.date == fall.date && is_lower(forecast, change)) {
        return None;
    }
    let held = lower(&held(forecast));
    let Some(change) = forecast.changes.iter().find(later) else {
        return Some(format!(
            "Made again from the same evidence, {held} would hold until {}, the last day that was judged.",
            words::day(forecast.until)
        ));
    };
    let last = change.date.yesterday().map(words::day).unwrap_or_default();
    let (then, why) = (then(forecast, change), why(change));
    Some(format!("Made again from the same evidence, {held} would hold until {last}; then {then}{why}."))
}

/// What the forecast is about, at the beginning of a sentence.
fn held(forecast: &Forecast) -> String {
    if forecast.spoken {
        format!("Tier {}", forecast.tier.level)
    } else {
        format!("The source line at tier {}", forecast.source_tier)
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// What a reader has in hand.
fn document(forecast: &Forecast) -> &'static str {
    if forecast.spoken { "the label" } else { "the view of the source" }
}

/// Is less left from that day on than on the day of as-of?
fn is_lower(forecast: &Forecast, change: &DayOfChange) -> bool {
    if forecast.spoken { change.to.level < forecast.tier.level } else { change.source_to < forecast.source_tier }
}

fn then(forecast: &Forecast, change: &DayOfChange) -> String {
    if forecast.spoken { format!("tier {}", change.to.level) } else { format!("tier {}", change.source_to) }
}

/// What happens, in a few words behind a colon; empty where nothing is named.
fn why(change: &DayOfChange) -> String {
    match change.lapses.as_slice() {
        [] => String::new(),
        [one] => format!(": {}", words::clean(&one.what)),
        [first, others @ ..] => {
            format!(": {}, and {} more", words::clean(&first.what), plural(others.len(), "thing", "things"))
        }
    }
}

/// What happens, with the first names: `45 exceptions for known vulnerabilities end: A, B, C and 42 more`.
fn ended(lapse: &Lapse) -> String {
    let what = words::clean(&lapse.what);
    let shown: Vec<String> = lapse.items.iter().take(NAMED).map(named).collect();
    let names = match lapse.items.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    };
    if names.is_empty() { what } else { format!("{what}: {names}") }
}

fn named(item: &LapseItem) -> String {
    let name = words::shorten(&words::clean(&item.name), 60);
    match &item.place {
        Some(place) => format!("{name} ({})", words::shorten(&words::clean(place), 60)),
        None => name,
    }
}

/// The tier before and after, or that it stays; the source line where it moves.
fn moved(forecast: &Forecast, change: &DayOfChange) -> String {
    let mut parts = Vec::new();
    if forecast.spoken {
        parts.push(if change.from.level == change.to.level {
            format!("tier {} stays", change.to.level)
        } else {
            format!("tier {} -> tier {}", change.from.level, change.to.level)
        });
    }
    if change.source_from != change.source_to {
        parts.push(format!("source line {} -> {}", change.source_from, change.source_to));
    }
    if change.label_ends {
        parts.push(format!("{} ends", document(forecast)));
    }
    if parts.is_empty() { "the source line stays".to_owned() } else { parts.join(", ") }
}

/// What to do about what changes on a day, each once.
fn remedies(forecast: &Forecast, change: &DayOfChange) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for fix in change.lapses.iter().map(|lapse| words::clean(&lapse.fix)) {
        if !fix.is_empty() && !all.contains(&fix) {
            all.push(fix);
        }
    }
    if change.label_ends && all.is_empty() {
        all.push(format!(
            "Make {} again from the source (`plimsoll label`), or judge the evidence by newer advisory data (`plimsoll refresh`).",
            document(forecast)
        ));
    }
    all
}

/// What is forecast, of what, and for which days.
fn about(forecast: &Forecast) -> String {
    let product = words::clean(&forecast.product);
    let product = if product.is_empty() { "source".to_owned() } else { product };
    let commit: String = words::clean(&forecast.commit).chars().take(12).collect();
    format!(
        "{product}, commit {commit}, as of {}; judged for every day until {}",
        day(forecast.as_of),
        words::day(forecast.until)
    )
}

fn day(moment: Timestamp) -> String {
    words::day(words::utc_day(moment))
}

/// `in 90 days`.
fn in_days(change: &DayOfChange) -> String {
    format!("in {}", plural(change.days.unsigned_abs(), "day", "days"))
}
