//! The same evidence judged for every later day that may matter.
//!
//! One decision shaped it: the days are gathered, and what happens on them is not. Every day that the facts name, and each of
//! them with every limit of the tier file added, is judged as a label would be on it; what is the same as before is left out.
//! The cost is that most of the days that are judged change nothing; what is won is that no rule is known twice.

mod candidates;
mod changes;
mod lapses;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use plimsoll_model::{DayOfChange, DigestSet, Evidence, FORECAST_SCHEMA_VERSION, Fall, Forecast, TierResult};
use plimsoll_practices::Practices;
use plimsoll_score::{Days, Standing};

use self::{changes::level, lapses::Ends};
use crate::{
    RefreshError,
    error::ForecastError,
    on_day::{OtherDays, changing, day_of},
    tool,
};

/// Days for which the windows of keys and certificates are known, from the day of the evidence.
const KEYS_KNOWN: i32 = 366;

/// What no forecast has.
const NEVER: &str = "Advisories that will be published, commits that will be made, and keys, signatures and labels that will be \
                     revoked.";

/// For which days evidence is judged.
#[derive(Clone, Debug, Default)]
pub struct Horizon {
    /// The moment from which days are counted; that of the evidence where there is none.
    pub as_of: Option<Timestamp>,
    /// The last day that is judged; a year from as-of where there is none.
    pub until: Option<Date>,
}

/// Gives what `evidence`, which has the digest `digest`, comes to on every day until the last one of `horizon`.
///
/// Refused: a moment before that of the evidence, a last day that is not after it, and evidence that gives no label.
pub fn forecast(
    evidence: &Evidence,
    digest: DigestSet,
    practices: &Practices,
    horizon: &Horizon,
) -> Result<Forecast, ForecastError> {
    let as_of = horizon.as_of.unwrap_or(evidence.as_of);
    if as_of < evidence.as_of {
        return Err(RefreshError::Earlier { have: evidence.as_of, asked: as_of }.into());
    }
    let today = day_of(as_of);
    let until = horizon.until.unwrap_or_else(|| today.checked_add(1.year()).unwrap_or(Date::MAX));
    if until <= today {
        return Err(ForecastError::Until { until, today });
    }
    let days = Days::new(evidence, practices, &changing())?;
    let other_days = OtherDays::of(evidence)?;
    let kept = days.kept(evidence);
    let on = |day: Date| -> Option<Evidence> {
        let moment = day.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(other_days.on(&kept, moment.max(kept.as_of)))
    };
    let made = days.on(&kept)?;
    let label_ended = first_day_after(made.expires);
    let mut candidates = candidates::of(&days, &on, (today, until));
    candidates.extend(label_ended.filter(|day| *day > today && *day <= until));

    let mut before: Standing = days.on(&other_days.on(&kept, as_of))?;
    let (start, source_tier) = (before.tier.clone(), before.source_line.level);
    let spoken = before.source_view.is_none();
    let mut changes: Vec<DayOfChange> = Vec::new();
    for day in candidates {
        let Some(evidence_then) = on(day) else { continue };
        let after = days.on(&evidence_then)?;
        let label_ends = label_ended == Some(day);
        if label_ends || changes::differ(&before, &after) {
            let criteria = changes::criteria(&before, &after);
            let day_before = day.yesterday().ok().filter(|last| *last >= day_of(kept.as_of));
            let lapses = match day_before.and_then(|last| Some((last, on(last)?))) {
                Some((last_day, evidence_before)) => {
                    let ends =
                        Ends { days: &days, practices, last_day, before: &evidence_before, after: &evidence_then };
                    ends.lapses(&criteria)
                }
                None => Vec::new(),
            };
            changes.push(DayOfChange {
                date: day,
                days: i64::from((day - today).get_days()),
                from: level(&before.tier),
                to: level(&after.tier),
                source_from: before.source_line.level,
                source_to: after.source_line.level,
                label_ends,
                lapses,
                criteria,
                rows: changes::rows(&before, &after),
            });
        }
        before = after;
    }
    let product = days.product(&kept)?;
    let label_last_day = label_ended.and_then(|day| day.yesterday().ok()).unwrap_or(Date::MAX);
    Ok(Forecast {
        schema_version: FORECAST_SCHEMA_VERSION.to_owned(),
        tool: tool(),
        product: format!("{} {}", product.name, product.version).trim().to_owned(),
        commit: evidence.subject.commit.clone(),
        evidence: digest,
        evidence_as_of: evidence.as_of,
        as_of,
        until,
        spoken,
        tier: level(&start),
        highest: start.highest,
        source_tier,
        expires: made.expires,
        label_last_day,
        falls: falls(&changes, &start, source_tier, spoken, (today, label_ended)),
        changes,
        not_forecast: not_forecast(evidence, &other_days, until),
    })
}

/// The first day on the whole of which a label that expires at `moment` has ended.
fn first_day_after(moment: Timestamp) -> Option<Date> {
    let next = day_of(moment.checked_add(1.second()).ok()?);
    Some(next)
}

/// The first day on which less is left than on the day of as-of.
fn falls(
    changes: &[DayOfChange],
    start: &TierResult,
    source_tier: u8,
    spoken: bool,
    (today, label_ended): (Date, Option<Date>),
) -> Option<Fall> {
    // A label that is over before the first day that is looked at fell then.
    if let Some(date) = label_ended.filter(|date| *date <= today) {
        return Some(Fall { date, days: i64::from((date - today).get_days()), to: level(start), label_ends: true });
    }
    let is_lower = |change: &DayOfChange| {
        let falls = if spoken { change.to.level < start.level } else { change.source_to < source_tier };
        falls || change.label_ends
    };
    changes.iter().find(|change| is_lower(change)).map(|change| Fall {
        date: change.date,
        days: change.days,
        to: change.to.clone(),
        label_ends: change.label_ends,
    })
}

/// What is not in the forecast of this evidence.
fn not_forecast(evidence: &Evidence, other_days: &OtherDays, until: Date) -> Vec<String> {
    let mut all = vec![NEVER.to_owned()];
    let kinds = plimsoll_collect::kinds();
    all.extend(kinds.iter().filter_map(|(_, kind)| kind.settled?(evidence)).map(ToOwned::to_owned));
    if other_days.has_loose() {
        all.push(
            "Exceptions of which the evidence does not hold the statement: each ends on its day, and none begins to count."
                .to_owned(),
        );
    }
    let known = day_of(evidence.as_of).checked_add(KEYS_KNOWN.days()).unwrap_or(Date::MAX);
    if until > known {
        all.push(format!("Keys and certificates that end after {known}: the evidence has their last days for a year."));
    }
    all
}
