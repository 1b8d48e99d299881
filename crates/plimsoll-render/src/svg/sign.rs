//! The sign of a row: shape and colour say the same, and the shape is read without colour.

use plimsoll_model::Sign;

use super::{
    ALARM, INK,
    canvas::{Canvas, number},
};

/// 7.6 to 1 on white.
pub(crate) const GOOD: &str = "#17632f";
/// Fill and border of a triangle whose sign is in near-black.
const WEAK: (&str, &str) = ("#f2b632", "#7a4d00");
/// 5.3 to 1 on white.
pub(crate) const UNSEEN: &str = "#6b6b6b";

/// Draws the sign around a point: a disc with a tick, a triangle, a square with a cross, or a dashed ring.
pub(crate) fn draw(canvas: &mut Canvas, sign: Sign, x: f64, y: f64) {
    let (left, high, low) = (number(x - 4.5), number(y - 4.5), number(y + 0.3));
    let (middle, depth) = (number(x), number(y));
    canvas.raw(&match sign {
        Sign::Good => format!(
            r##"<circle cx="{middle}" cy="{depth}" r="10" fill="{GOOD}"/><path d="M{left} {low}l3.2 3.4 5.8-7" fill="none" stroke="#fff" stroke-width="2.4"/>"##
        ),
        Sign::Weak => {
            let (fill, border) = WEAK;
            let (top, bar, dot) = (number(y - 11.5), number(y - 5.0), number(y + 3.6));
            format!(
                r#"<path d="M{middle} {top}l11 19.5h-22z" fill="{fill}" stroke="{border}"/><path d="M{middle} {bar}v6.5M{middle} {dot}v2.2" stroke="{INK}" stroke-width="2.3"/>"#
            )
        }
        Sign::Bad => {
            let (corner, top) = (number(x - 9.5), number(y - 9.5));
            format!(
                r##"<rect x="{corner}" y="{top}" width="19" height="19" rx="3" fill="{ALARM}"/><path d="M{left} {high}l9 9m0-9l-9 9" stroke="#fff" stroke-width="2.4"/>"##
            )
        }
        Sign::Unknown => {
            let base = number(y + 4.8);
            format!(
                r##"<circle cx="{middle}" cy="{depth}" r="9.3" fill="#fff" stroke="{UNSEEN}" stroke-width="1.6" stroke-dasharray="3 2.2"/><text x="{middle}" y="{base}" font-size="13" font-weight="700" fill="{UNSEEN}" text-anchor="middle">?</text>"##
            )
        }
    });
}
