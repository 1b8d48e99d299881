//! The Plimsoll mark: a circle, a scale, and a line through both at the tier that was reached.

use super::{
    FAINT, INK, MARGIN,
    canvas::{Anchor, Canvas},
};
use crate::{
    measure::{Weight, fit},
    view::View,
    words,
};

const RADIUS: f64 = 56.0;
// Half of the way from level 0 to the highest: the line never leaves the circle.
const REACH: f64 = RADIUS;
const CIRCLE: f64 = 98.0;
const SCALE: f64 = 196.0;
const NAMES: f64 = 250.0;

/// Draws the mark below `top` and gives the y below it.
pub(super) fn draw(canvas: &mut Canvas, view: View<'_>, top: f64) -> f64 {
    let middle = top + 20.0 + RADIUS;
    let tier = &view.body().tier;
    let highest =
        view.body().ladder.iter().map(|rung| rung.level).chain([tier.highest, tier.level, 1]).max().unwrap_or(1);
    let step = 2.0 * REACH / f64::from(highest);
    let height = |level: u8| middle + REACH - f64::from(level) * step;

    canvas.circle(CIRCLE, middle, RADIUS, "none", 7.0);
    canvas.line((SCALE, height(highest) - 6.0), (SCALE, height(0) + 6.0), 5.0, INK);
    for rung in view.body().ladder.iter().filter(|rung| rung.level != tier.level) {
        let y = height(rung.level);
        let reached = rung.level < tier.level;
        canvas.line((SCALE, y), (SCALE + 26.0, y), 3.0, INK);
        // Where the scale is fine, only its ends are named beside the tier itself.
        let near = f64::from(rung.level.abs_diff(tier.level)) * step < 15.0;
        let end = rung.level == highest || rung.level == 1;
        if step >= 15.0 || (end && !near) {
            let name = format!("{} {}", rung.level, words::clean(&rung.name));
            let fill = if reached { INK } else { FAINT };
            for line in &fit(&name, super::RIGHT - NAMES, &[14.0, 12.0], Weight::Regular, 1) {
                canvas.text(NAMES, y + 5.0, line, Weight::Regular, fill, Anchor::Start);
            }
        }
    }
    let y = height(tier.level);
    canvas.line((MARGIN, y), (SCALE + 44.0, y), 7.0, INK);
    let name = format!("{} {}", tier.level, view.tier_name());
    for line in &fit(&name, super::RIGHT - NAMES, &[20.0, 18.0, 16.0, 14.0], Weight::Bold, 1) {
        canvas.text(NAMES, y + 7.0, line, Weight::Bold, INK, Anchor::Start);
    }
    middle + RADIUS + 20.0
}
