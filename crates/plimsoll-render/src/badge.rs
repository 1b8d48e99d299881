//! A badge of one line for a README.

use plimsoll_model::{Sign, Statement};

use crate::{
    measure::{Line, Weight, fit},
    source,
    svg::{escape, number},
    view::View,
    words,
};

const SIZE: f64 = 11.5;
const PADDING: f64 = 7.0;
const HEIGHT: f64 = 22.0;
// Where the words begin, right of the mark.
const MARK: f64 = 26.0;

/// Gives a small SVG: the mark, then the tier in figures and words, and the last day on which it may be relied on. A contradicted
/// label says so. Where the maker has not spoken it names no tier and says what the source shows.
///
/// The colour goes with the tier; the words say the same. Who reads it knows nothing of the day on which it was drawn, hence the
/// date on it.
pub fn badge(statement: &Statement) -> String {
    strip(View::new(statement))
}

/// As [`badge`], of a view: one that has ended says nothing but that.
pub(crate) fn strip(view: View<'_>) -> String {
    let left = if view.source().is_some() { "security facts" } else { "security label" };
    if view.ended() {
        return drawn(left, &format!("expired {}", view.good_until()), "#98001f", false);
    }
    if let Some(source) = view.source() {
        let seen = source.rows.iter().any(|row| row.sign == Sign::Bad);
        let fill = if seen { "#7a2f3d" } else { "#5f5f5f" };
        let copy = if view.body().worktree { " · working copy" } else { "" };
        let counts = source::counts(source);
        let right = format!("no maker\u{2019}s label · {counts} · {}{copy}{}", view.checked(), others(view));
        return drawn(left, &right, fill, true);
    }
    let tier = &view.body().tier;
    let contradicted = !view.body().contradictions.is_empty();
    let state = if contradicted { " · contradicted" } else { "" };
    let copy = if view.body().worktree { " · working copy" } else { "" };
    let mut name = words::shorten(&view.tier_plain(), 30);
    let is_word = |text: &str| text.chars().nth(1).is_some_and(char::is_lowercase);
    if is_word(&name) {
        name = name.chars().take(1).flat_map(char::to_lowercase).chain(name.chars().skip(1)).collect();
    }
    let right =
        format!("{} of {} · {name}{state} · to {}{copy}{}", tier.level, tier.highest, view.good_until(), others(view));
    // Each colour has at least 4.5 to 1 with white.
    let fill = match (contradicted, tier.level) {
        (true, _) => "#98001f",
        (_, 0) => "#5f5f5f",
        (_, 1) => "#4a5a68",
        (_, 2) => "#0b63a5",
        _ => "#17632f",
    };
    drawn(left, &right, fill, false)
}

fn others(view: View<'_>) -> &'static str {
    if view.body().practices_of.is_some() { " · other practices" } else { "" }
}

/// A badge of the mark and two parts. The mark of what has no tier is dashed: no line has been drawn.
fn drawn(left: &str, right: &str, fill: &str, dashed: bool) -> String {
    let title = escape(&format!("{left}: {right}"));
    let (left, right) = (one_line(left), one_line(right));
    let split = MARK + left.width + PADDING;
    let width = split + right.width + 2.0 * PADDING;
    let (whole, at, rest) = (number(width), number(split), number(width - split));
    let dashes = if dashed { " stroke-dasharray=\"2.6 1.8\"" } else { "" };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"{HEIGHT}\" viewBox=\"0 0 {whole} {HEIGHT}\" \
         role=\"img\" aria-label=\"{title}\" font-family=\"'Liberation Sans', Arial, Helvetica, sans-serif\">\n\
         <title>{title}</title>\n\
         <clipPath id=\"plimsoll-badge\"><rect width=\"{whole}\" height=\"{HEIGHT}\" rx=\"4\"/></clipPath>\n\
         <g clip-path=\"url(#plimsoll-badge)\"><rect width=\"{at}\" height=\"{HEIGHT}\" fill=\"#1b1b1b\"/>\
         <rect x=\"{at}\" width=\"{rest}\" height=\"{HEIGHT}\" fill=\"{fill}\"/>\n\
         <path d=\"M7.8 11a5.2 5.2 0 1 1 10.4 0a5.2 5.2 0 1 1-10.4 0M5 11h16\" fill=\"none\" stroke=\"#fff\" \
         stroke-width=\"1.6\"{dashes}/>\n{}\n{}</g>\n</svg>\n",
        text(MARK, &left),
        text(split + PADDING, &right)
    )
}

fn one_line(text: &str) -> Line {
    fit(text, 520.0, &[SIZE], Weight::Bold, 1).into_iter().next().unwrap_or(Line {
        text: String::new(),
        size: SIZE,
        width: 0.0,
        exact: false,
    })
}

fn text(x: f64, line: &Line) -> String {
    let length = if line.exact {
        format!(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", number(line.width))
    } else {
        String::new()
    };
    let (x, text) = (number(x), escape(&line.text));
    format!("<text x=\"{x}\" y=\"15\" font-size=\"{SIZE}\" font-weight=\"700\" fill=\"#fff\"{length}>{text}</text>")
}
