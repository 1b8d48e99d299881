//! The Plimsoll mark: a circle, a scale, and a line through both at the tier that was reached.

use super::{
    FAINT, INK, MARGIN, RIGHT, SOFT,
    canvas::{Anchor, Canvas},
};
use crate::{
    measure::{Weight, fit},
    view::{View, plain},
    words,
};

const RADIUS: f64 = 48.0;
// Half of the way from level 0 to the highest: the line never leaves the circle.
const REACH: f64 = RADIUS;
const CIRCLE: f64 = 80.0;
const SCALE: f64 = 150.0;
const NAMES: f64 = 184.0;
// Room for the formal name of a tier, at the right margin.
const FORMAL: f64 = 82.0;

/// Draws the mark below `top` and gives the y below it.
pub(super) fn draw(canvas: &mut Canvas, view: View<'_>, top: f64) -> f64 {
    let middle = top + 18.0 + RADIUS;
    let tier = &view.body().tier;
    let highest =
        view.body().ladder.iter().map(|rung| rung.level).chain([tier.highest, tier.level, 1]).max().unwrap_or(1);
    let step = 2.0 * REACH / f64::from(highest);
    let height = |level: u8| middle + REACH - f64::from(level.min(highest)) * step;

    canvas.circle(CIRCLE, middle, RADIUS, "none", 6.5);
    canvas.line((SCALE, height(highest) - 5.0), (SCALE, height(0) + 5.0), 4.5, INK);
    for rung in view.body().ladder.iter().filter(|rung| rung.level != tier.level) {
        let y = height(rung.level);
        let reached = rung.level < tier.level;
        canvas.line((SCALE, y), (SCALE + 22.0, y), 2.5, INK);
        // Where the scale is fine, only its ends are named next to the tier itself.
        let near = f64::from(rung.level.abs_diff(tier.level)) * step < 15.0;
        let end = rung.level == highest || rung.level == 1;
        if step >= 15.0 || (end && !near) {
            let fill = if reached { INK } else { FAINT };
            let names = (plain(rung.plain.as_deref(), &rung.name), rung.name.as_str());
            names_of(canvas, rung.level, names, y, &[13.5, 12.5, 12.0], Weight::Regular, fill);
        }
    }
    // How far the evidence alone carries, where that is further: a line that nobody has drawn yet.
    if let Some(source) = view.body().source_line.as_ref().filter(|line| line.level > tier.level) {
        let y = height(source.level);
        canvas.dashed((MARGIN, y), (SCALE + 30.0, y), 3.5);
    }
    let y = height(tier.level);
    canvas.line((MARGIN, y), (SCALE + 30.0, y), 6.5, INK);
    let names = (plain(tier.plain.as_deref(), &tier.name), tier.name.as_str());
    names_of(canvas, tier.level, names, y, &[18.0, 16.5, 15.0, 14.0, 13.0], Weight::Bold, INK);
    middle + RADIUS + 16.0
}

/// `3 Checked`, and the formal name at the right margin where that is another one.
fn names_of(
    canvas: &mut Canvas,
    level: u8,
    (plain, formal): (&str, &str),
    y: f64,
    sizes: &[f64],
    weight: Weight,
    fill: &str,
) {
    let mut room = RIGHT - NAMES;
    if plain != formal {
        for line in &fit(formal, FORMAL, &[12.0, 11.5], Weight::Regular, 1) {
            room -= line.width + 8.0;
            let fill = if fill == FAINT { FAINT } else { SOFT };
            canvas.text(RIGHT, y + 5.0, line, Weight::Regular, fill, Anchor::End);
        }
    }
    for line in &fit(&format!("{level} {}", words::clean(plain)), room, sizes, weight, 1) {
        canvas.text(NAMES, y + 0.36 * line.size, line, weight, fill, Anchor::Start);
    }
}
