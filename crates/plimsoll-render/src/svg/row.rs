//! One row of the face: whether it is good, the answer, and how well that is known.

use plimsoll_model::{Assurance, Sign};

use super::{
    ALARM, INK, MARGIN, RIGHT, ROOM, SOFT,
    canvas::{Anchor, Canvas},
    sign::{self, UNSEEN},
};
use crate::{
    measure::{Weight, fit},
    row::Shown,
};

/// Where titles begin, right of their signs.
pub(crate) const TEXT: f64 = MARGIN + 32.0;
// One box of the bar, and from one to the next.
const BOX: (f64, f64) = (13.0, 9.0);
const STEP: f64 = 16.0;
const BAR: f64 = RIGHT - 3.0 * STEP - BOX.0;

/// Draws a row below `top` and gives the y below it.
pub(super) fn draw(canvas: &mut Canvas, row: &Shown<'_>, top: f64) -> f64 {
    let is_known = row.sign != Sign::Unknown;
    let mut y = top + 4.0;
    for line in &fit(row.title, BAR - 10.0 - TEXT, &[14.5, 13.5], Weight::Bold, 3) {
        y += 17.0;
        canvas.text(TEXT, y, line, Weight::Bold, if is_known { INK } else { SOFT }, Anchor::Start);
    }
    let titled = y;
    for line in &fit(row.text, BAR - 10.0 - TEXT, &[13.0, 12.0], Weight::Regular, 2) {
        y += 16.5;
        canvas.text(TEXT, y, line, Weight::Regular, if is_known { SOFT } else { UNSEEN }, Anchor::Start);
    }
    y = y.max(top + 37.0);
    if let Some(known) = row.known {
        bar(canvas, known, top + 11.0);
    }
    // Level with the first line below the title, where the title is one line high.
    let word = if row.known.is_some() { top + 37.5 } else { top + 21.0 };
    for line in &fit(row.how(), RIGHT - BAR, &[12.0, 11.5], Weight::Regular, 1) {
        canvas.text(RIGHT, word, line, Weight::Regular, if is_known { SOFT } else { UNSEEN }, Anchor::End);
    }
    sign::draw(canvas, row.sign, MARGIN + 11.0, f64::midpoint(top, titled.max(top + 21.0)) + 9.0);
    if row.contradicted {
        canvas.bar(TEXT, y + 8.0, ROOM - 32.0, 24.0, ALARM);
        for line in &fit("The source says otherwise", ROOM - 52.0, &[14.0], Weight::Bold, 1) {
            canvas.text(TEXT + 10.0, y + 25.0, line, Weight::Bold, "#fff", Anchor::Start);
        }
        y += 27.0;
    }
    canvas.line((MARGIN, y + 9.0), (RIGHT, y + 9.0), 1.0, "#bbb");
    y + 9.5
}

/// Four boxes, as many filled as the assurance has steps.
fn bar(canvas: &mut Canvas, known: Assurance, y: f64) {
    let mut x = BAR;
    for step in 0..4 {
        canvas.outlined(x, y, BOX, if step < known.dots() { INK } else { "#fff" });
        x += STEP;
    }
}
