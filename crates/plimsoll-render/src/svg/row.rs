//! One row of the face: the question, the answer, and how we know.

use plimsoll_model::{Assurance, FaceRow, Outcome};

use super::{
    ALARM, INK, MARGIN, RIGHT, ROOM, SOFT,
    canvas::{Anchor, Canvas, number},
};
use crate::{
    measure::{Weight, fit},
    words,
};

const DOT: f64 = 6.5;
const FIRST_DOT: f64 = 328.0;
const DOT_STEP: f64 = 20.0;
// Width of the longest word under the dots.
const WORD: f64 = 58.0;

/// Draws a row below `top` and gives the y below it.
pub(super) fn draw(canvas: &mut Canvas, row: &FaceRow, top: f64) -> f64 {
    let mut y = top + 20.0;
    dots(canvas, row.assurance, y - 5.0);
    let titles = fit(&row.title, FIRST_DOT - DOT - 10.0 - MARGIN, &[14.0, 13.0], Weight::Bold, 2);
    for (number, line) in titles.iter().enumerate() {
        y += if number == 0 { 0.0 } else { 16.0 };
        canvas.text(MARGIN, y, line, Weight::Bold, INK, Anchor::Start);
    }
    for line in &fit(words::known(row.outcome, row.assurance), WORD, &[11.0], Weight::Regular, 1) {
        canvas.text(RIGHT, top + 37.0, line, Weight::Regular, SOFT, Anchor::End);
    }
    let failed = row.contradicted || row.outcome == Outcome::Unmet;
    let (left, weight, fill) =
        if failed { (MARGIN + 18.0, Weight::Bold, INK) } else { (MARGIN, Weight::Regular, SOFT) };
    if row.contradicted {
        warning(canvas, MARGIN, y + 17.0, INK, "#fff");
    } else if failed {
        cross(canvas, MARGIN + 2.0, y + 7.5);
    }
    for line in &fit(&row.text, RIGHT - WORD - 10.0 - left, &[13.0, 12.0], weight, 2) {
        y += 17.0;
        canvas.text(left, y, line, weight, fill, Anchor::Start);
    }
    y = y.max(top + 37.0);
    if row.contradicted {
        canvas.bar(MARGIN, y + 8.0, ROOM, 24.0, ALARM);
        warning(canvas, MARGIN + 8.0, y + 25.0, "#fff", ALARM);
        for line in &fit("The source says otherwise", ROOM - 40.0, &[14.0], Weight::Bold, 1) {
            canvas.text(MARGIN + 28.0, y + 25.0, line, Weight::Bold, "#fff", Anchor::Start);
        }
        y += 27.0;
    }
    canvas.line((MARGIN, y + 8.5), (RIGHT, y + 8.5), 1.0, "#bbb");
    y + 9.0
}

fn dots(canvas: &mut Canvas, assurance: Option<Assurance>, y: f64) {
    let filled = assurance.map_or(0, Assurance::dots);
    let mut x = FIRST_DOT;
    for dot in 0..4 {
        canvas.circle(x, y, DOT, if dot < filled { INK } else { "#fff" }, 1.6);
        x += DOT_STEP;
    }
}

/// A cross, 9 wide and high, from its upper left corner.
fn cross(canvas: &mut Canvas, x: f64, y: f64) {
    canvas.line((x, y), (x + 9.0, y + 9.0), 2.2, INK);
    canvas.line((x + 9.0, y), (x, y + 9.0), 2.2, INK);
}

/// A triangle with an exclamation mark, 14 wide, standing on `baseline`.
fn warning(canvas: &mut Canvas, x: f64, baseline: f64, fill: &str, sign: &str) {
    let (left, bottom) = (number(x), number(baseline));
    canvas.path(&format!("M{left} {bottom}l7-12 7 12z"), fill, "");
    let (middle, top) = (number(x + 6.2), number(baseline - 8.2));
    canvas.path(&format!("M{middle} {top}h1.6v4.2h-1.6zm0 5.4h1.6v1.6h-1.6z"), sign, "");
}
