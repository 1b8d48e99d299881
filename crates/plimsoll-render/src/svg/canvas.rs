//! A drawing that grows downwards, and the only place that writes SVG.

use std::fmt::Write as _;

use crate::measure::{Line, Weight};

/// Near-black of lines and text.
pub(crate) const INK: &str = "#111";
/// Text of second rank; 9.7 to 1 on white.
pub(crate) const SOFT: &str = "#444";
/// Text of what is not reached; 5.7 to 1 on white.
pub(crate) const FAINT: &str = "#666";
/// What contradicts; 9 to 1 with white. Its shape and words say the same.
pub(crate) const ALARM: &str = "#98001f";

/// Which end of a text is at its place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    End,
}

#[derive(Default)]
pub(crate) struct Canvas {
    out: String,
}

// Writing to a String cannot fail.
macro_rules! draw {
    ($canvas:expr, $($what:tt)*) => {{ let _ = writeln!($canvas.out, $($what)*); }};
}

impl Canvas {
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Text with its baseline at `y`.
    ///
    /// A line of known width gets `textLength`, so that a font that steps in for Arial is pressed into the same
    /// room; any other is clipped to the room it was given.
    pub(crate) fn text(&mut self, x: f64, y: f64, line: &Line, weight: Weight, fill: &str, anchor: Anchor) {
        let left = match anchor {
            Anchor::Start => x,
            Anchor::End => x - line.width,
        };
        let bold = if weight == Weight::Bold { r#" font-weight="700""# } else { "" };
        let (size, width, text) = (number(line.size), number(line.width), escape(&line.text));
        if line.exact {
            let (x, y) = (number(left), number(y));
            draw!(
                self,
                r#"<text x="{x}" y="{y}" font-size="{size}"{bold} fill="{fill}" textLength="{width}" lengthAdjust="spacingAndGlyphs">{text}</text>"#
            );
        } else {
            let (x, top, height) = (number(left), number(y - line.size * 1.05), number(line.size * 1.35));
            let baseline = number(line.size * 1.05);
            draw!(
                self,
                r#"<svg x="{x}" y="{top}" width="{width}" height="{height}" overflow="hidden"><text y="{baseline}" font-size="{size}"{bold} fill="{fill}">{text}</text></svg>"#
            );
        }
    }

    pub(crate) fn line(&mut self, from: (f64, f64), to: (f64, f64), width: f64, stroke: &str) {
        let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
        let width = number(width);
        draw!(self, r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{stroke}" stroke-width="{width}"/>"#);
    }

    pub(crate) fn bar(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str) {
        let (x, y, width, height) = (number(x), number(y), number(width), number(height));
        draw!(self, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}"/>"#);
    }

    /// A small box with a border.
    pub(crate) fn outlined(&mut self, x: f64, y: f64, (width, height): (f64, f64), fill: &str) {
        let (x, y, width, height) = (number(x), number(y), number(width), number(height));
        draw!(
            self,
            r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="1.5" fill="{fill}" stroke="{INK}" stroke-width="1.2"/>"#
        );
    }

    /// A dashed line.
    pub(crate) fn dashed(&mut self, from: (f64, f64), to: (f64, f64), width: f64) {
        let (x1, y1, x2, y2) = (number(from.0), number(from.1), number(to.0), number(to.1));
        let width = number(width);
        draw!(
            self,
            r#"<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{INK}" stroke-width="{width}" stroke-dasharray="6 4.5"/>"#
        );
    }

    pub(crate) fn circle(&mut self, x: f64, y: f64, radius: f64, fill: &str, stroke_width: f64) {
        let (x, y, radius, stroke) = (number(x), number(y), number(radius), number(stroke_width));
        draw!(self, r#"<circle cx="{x}" cy="{y}" r="{radius}" fill="{fill}" stroke="{INK}" stroke-width="{stroke}"/>"#);
    }

    /// A path of commands that hold no text of anyone else.
    pub(crate) fn path(&mut self, commands: &str, fill: &str, more: &str) {
        draw!(self, r#"<path d="{commands}" fill="{fill}"{more}/>"#);
    }

    /// Elements as they are.
    pub(crate) fn raw(&mut self, elements: &str) {
        draw!(self, "{elements}");
    }
}

/// A number with at most two digits after the point.
pub(crate) fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Text as XML character data that is safe in attributes as well.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        for (value, expected) in [(1.0, "1"), (1.5, "1.5"), (100.0, "100"), (2.345, "2.35"), (0.001, "0")] {
            assert_eq!(number(value), expected);
        }
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape(r#"<a b="c">&'"#), "&lt;a b=&quot;c&quot;&gt;&amp;&#39;");
    }
}
