//! The tier over time as a drawing: steps, whole while the label counts, dashed where a new one would be needed.

use std::fmt::Write as _;

use jiff::civil::Date;
use plimsoll_model::Forecast;

use crate::{
    svg::{escape, number},
    words,
};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 16.0;
const BOTTOM: f64 = 40.0;
/// Days of changes that are written below the axis; more would lie on one another.
const MOST_DAYS: usize = 6;
/// Units that the name of a day takes.
const DAY_WIDTH: f64 = 84.0;

/// Gives the drawing. It says nothing that the page does not say in words, and has a title and a description for those who
/// do not see it.
pub(super) fn plot(forecast: &Forecast, answer: &str) -> String {
    let today = words::utc_day(forecast.as_of);
    let whole = f64::from((forecast.until - today).get_days()).max(1.0);
    let across = |day: Date| {
        let part = f64::from((day - today).get_days()) / whole;
        LEFT + part.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    };
    let highest = f64::from(forecast.highest.max(1));
    let up = |level: u8| TOP + (1.0 - f64::from(level) / highest) * (HEIGHT - TOP - BOTTOM);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" class=\"plot\" \
         aria-labelledby=\"plot-title plot-text\"><title id=\"plot-title\">The tier over time</title>\
         <desc id=\"plot-text\">{}</desc>",
        escape(answer)
    );
    for level in 0..=forecast.highest {
        let y = number(up(level));
        let _ = write!(
            out,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/><text x=\"{}\" y=\"{}\" \
             text-anchor=\"end\">tier {level}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            number(up(level) + 4.0)
        );
    }
    let start = if forecast.spoken { forecast.tier.level } else { forecast.source_tier };
    let mut levels = vec![(today, start)];
    let later = forecast.changes.iter();
    levels.extend(later.map(|change| (change.date, if forecast.spoken { change.to.level } else { change.source_to })));
    let ended = forecast.label_last_day.tomorrow().unwrap_or(Date::MAX);
    for (class, from, to) in [("holds", today, ended.min(forecast.until)), ("again", ended.max(today), forecast.until)]
    {
        if let Some(path) = steps(&levels, from, to, &across, &up) {
            let _ = write!(out, "<path class=\"{class}\" d=\"{path}\"/>");
        }
    }
    let mut last = f64::NEG_INFINITY;
    let mut shown = 0;
    for change in &forecast.changes {
        let x = across(change.date);
        let _ = write!(
            out,
            "<line class=\"day\" x1=\"{0}\" x2=\"{0}\" y1=\"{TOP}\" y2=\"{1}\"/>",
            number(x),
            HEIGHT - BOTTOM
        );
        if shown < MOST_DAYS && x - last >= DAY_WIDTH {
            let middle = x.clamp(LEFT + DAY_WIDTH / 2.0, WIDTH - RIGHT - DAY_WIDTH / 2.0);
            let _ = write!(
                out,
                "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                number(middle),
                HEIGHT - BOTTOM + 20.0,
                escape(&words::day(change.date))
            );
            (last, shown) = (x, shown + 1);
        }
    }
    out.push_str("</svg>");
    out
}

/// The steps between two days; nothing where there is no day between them.
fn steps(
    levels: &[(Date, u8)],
    from: Date,
    to: Date,
    across: &dyn Fn(Date) -> f64,
    up: &dyn Fn(u8) -> f64,
) -> Option<String> {
    if from >= to {
        return None;
    }
    let first = levels.iter().rev().find(|(day, _)| *day <= from)?.1;
    let mut path = format!("M{} {}", number(across(from)), number(up(first)));
    for (day, level) in levels.iter().filter(|(day, _)| *day > from && *day <= to) {
        let _ = write!(path, "H{}V{}", number(across(*day)), number(up(*level)));
    }
    let _ = write!(path, "H{}", number(across(to)));
    Some(path)
}
