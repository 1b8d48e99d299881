//! A badge of one line for a README.

use plimsoll_model::{Sign, Statement};

use crate::{
    measure::{Line, Weight, fit},
    source,
    svg::{escape, number},
    view::View,
    words,
};

const SIZE: f64 = 11.0;
const PADDING: f64 = 6.0;
const HEIGHT: f64 = 20.0;

/// Gives a small SVG: the tool's name, then the tier's number and name. A contradicted label says so. Where the maker has not
/// spoken it names no tier and says what the source shows.
///
/// The colour goes with the tier; the words say the same.
pub fn badge(statement: &Statement) -> String {
    let view = View::new(statement);
    let checked = view.checked();
    if let Some(source) = view.source() {
        let seen = source.rows.iter().any(|row| row.sign == Sign::Bad);
        let fill = if seen { "#7a2f3d" } else { "#5f5f5f" };
        let counts = source::counts(source);
        return drawn(
            "security facts",
            &format!(
                "no maker\u{2019}s label · {counts} · {checked}{}",
                if view.body().worktree { " · working copy" } else { "" }
            ),
            fill,
            source::TITLE,
        );
    }
    let tier = &view.body().tier;
    let contradicted = !view.body().contradictions.is_empty();
    let state = if contradicted { " · contradicted" } else { "" };
    let value = format!("{} {}{state}", tier.level, words::shorten(&view.tier_name(), 30));
    // Each colour has at least 4.5 to 1 with white.
    let fill = match (contradicted, tier.level) {
        (true, _) => "#98001f",
        (_, 0) => "#5f5f5f",
        (_, 1) => "#8a5a00",
        (_, 2) => "#0b63a5",
        _ => "#1a7037",
    };
    drawn("plimsoll", &value, fill, &view.tier().replacen("Tier", "plimsoll: tier", 1))
}

/// A badge of two parts; `title` and the second are its words for whoever does not see it.
fn drawn(left: &str, right: &str, fill: &str, title: &str) -> String {
    let title = escape(&format!("{title}, {right}"));
    let (left, right) = (one_line(left), one_line(right));
    let split = left.width + 2.0 * PADDING;
    let width = split + right.width + 2.0 * PADDING;
    let (whole, at, rest) = (number(width), number(split), number(width - split));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole}\" height=\"20\" viewBox=\"0 0 {whole} {HEIGHT}\" \
         role=\"img\" aria-label=\"{title}\" font-family=\"'Liberation Sans', Arial, Helvetica, sans-serif\">\n\
         <title>{title}</title>\n\
         <clipPath id=\"plimsoll-badge\"><rect width=\"{whole}\" height=\"20\" rx=\"3\"/></clipPath>\n\
         <g clip-path=\"url(#plimsoll-badge)\"><rect width=\"{at}\" height=\"20\" fill=\"#222\"/>\
         <rect x=\"{at}\" width=\"{rest}\" height=\"20\" fill=\"{fill}\"/>\n{}\n{}</g>\n</svg>\n",
        text(PADDING, &left),
        text(split + PADDING, &right)
    )
}

fn one_line(text: &str) -> Line {
    fit(text, 420.0, &[SIZE], Weight::Bold, 1).into_iter().next().unwrap_or(Line {
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
    format!("<text x=\"{x}\" y=\"14\" font-size=\"{SIZE}\" font-weight=\"700\" fill=\"#fff\"{length}>{text}</text>")
}
