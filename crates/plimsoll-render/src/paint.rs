//! Lines for a terminal: wrapped by display width first, coloured last.
//!
//! Colour is added when the finished lines are written, so that the plain form is the coloured one without its
//! escape sequences, byte for byte. All text comes in through [`words::clean`].

use textwrap::{Options, WordSplitter};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::words;

/// What a piece of text is, told by colour where there is colour and by its words anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Bold,
    Dim,
    Good,
    Alarm,
}

impl Style {
    /// Select Graphic Rendition parameters. Source: ECMA-48 section 8.3.117.
    fn parameters(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Good => "32",
            Self::Alarm => "1;31",
        }
    }
}

/// A piece of one line.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    text: String,
    style: Style,
}

/// Text of a style, made safe to show.
pub(crate) fn span(text: &str, style: Style) -> Span {
    Span { text: terminal(text), style }
}

/// Spaces between spans.
pub(crate) fn gap(spaces: &str) -> Span {
    Span { text: spaces.to_owned(), style: Style::Plain }
}

// A variation selector may widen the character before it, and terminals disagree whether it does.
fn terminal(text: &str) -> String {
    words::clean(text).chars().filter(|character| !matches!(character, '\u{fe00}'..='\u{fe0f}')).collect()
}

/// A text that is being laid out.
pub(crate) struct Page {
    width: usize,
    lines: Vec<Vec<Span>>,
}

impl Page {
    /// `width` is in columns and is taken as one from 40 to 200.
    pub(crate) fn new(width: usize) -> Self {
        Self { width: width.clamp(40, 200), lines: Vec::new() }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// An empty line, unless there is one already.
    pub(crate) fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| !line.is_empty()) {
            self.lines.push(Vec::new());
        }
    }

    /// A line of one character over the whole width.
    pub(crate) fn rule(&mut self, character: &str) {
        self.lines.push(vec![Span { text: character.repeat(self.width), style: Style::Dim }]);
    }

    /// A paragraph: `lead`, then `text`, wrapped; the lines after the first stand `hang` columns further in.
    pub(crate) fn paragraph(&mut self, indent: usize, hang: usize, lead: (&str, Style), text: &str, style: Style) {
        let head = terminal(lead.0);
        let body = terminal(text);
        let gap = if head.is_empty() || body.is_empty() { "" } else { " " };
        let mut lead_left = head.len();
        let whole = format!("{head}{gap}{body}");
        for (number, line) in wrap(&whole, self.width.saturating_sub(indent + hang)).into_iter().enumerate() {
            let margin = if number == 0 { indent } else { indent + hang };
            // What of the lead stands in this line. Wrapping drops only spaces, and those at the ends of lines.
            let cut = lead_left.min(line.len());
            lead_left = if cut < line.len() { 0 } else { lead_left.saturating_sub(cut + 1) };
            let (first, rest) = line.split_at_checked(cut).unwrap_or((line.as_str(), ""));
            self.lines.push(vec![
                Span { text: " ".repeat(margin), style: Style::Plain },
                Span { text: first.to_owned(), style: lead.1 },
                Span { text: rest.to_owned(), style },
            ]);
        }
    }

    /// A wrapped text of one style.
    pub(crate) fn text(&mut self, indent: usize, text: &str, style: Style) {
        self.paragraph(indent, 0, ("", style), text, style);
    }

    /// `left` and `right` at the two margins of one line, or below each other where they do not fit.
    pub(crate) fn ends(&mut self, left: &str, left_style: Style, right: &str, right_style: Style) {
        let (left, right) = (span(left, left_style), span(right, right_style));
        let taken = left.text.width() + right.text.width();
        if taken + 2 <= self.width {
            let gap = Span { text: " ".repeat(self.width - taken), style: Style::Plain };
            self.lines.push(vec![left, gap, right]);
        } else {
            self.text(0, &left.text, left_style);
            self.text(0, &right.text, right_style);
        }
    }

    /// Columns beside each other: width, text and style of each; two spaces stand between them.
    pub(crate) fn columns(&mut self, columns: &[(usize, &str, Style)]) {
        let wrapped: Vec<Vec<String>> = columns.iter().map(|(width, text, _)| wrap(&terminal(text), *width)).collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or_default();
        for row in 0..height {
            let mut line = Vec::new();
            for ((width, _, style), cell) in columns.iter().zip(&wrapped) {
                let text = cell.get(row).cloned().unwrap_or_default();
                let padding = width.saturating_sub(text.width()) + 2;
                line.push(Span { text, style: *style });
                line.push(Span { text: " ".repeat(padding), style: Style::Plain });
            }
            self.lines.push(line);
        }
    }

    /// One line as it is given; the caller knows that it fits.
    pub(crate) fn line(&mut self, spans: Vec<Span>) {
        self.lines.push(spans);
    }

    /// The finished text, with a newline after each line and no spaces before it.
    pub(crate) fn finish(self, color: bool) -> String {
        let mut out = String::new();
        for mut line in self.lines {
            while let Some(last) = line.last_mut() {
                last.text.truncate(last.text.trim_end().len());
                if !last.text.is_empty() {
                    break;
                }
                line.pop();
            }
            for Span { text, style } in line {
                if color && style != Style::Plain && !text.is_empty() {
                    out.push_str("\u{1b}[");
                    out.push_str(style.parameters());
                    out.push('m');
                    out.push_str(&text);
                    out.push_str("\u{1b}[0m");
                } else {
                    out.push_str(&text);
                }
            }
            out.push('\n');
        }
        out
    }
}

/// The start of `text` that takes at most `columns`, with an ellipsis when something was cut.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    let text = terminal(text);
    if text.width() <= columns {
        return text;
    }
    let mut out = String::new();
    for character in text.chars() {
        if out.width() + character.width().unwrap_or(0) + 1 > columns {
            break;
        }
        out.push(character);
    }
    out + "…"
}

/// Breaks `text` into lines of at most `width` columns, at spaces where possible and inside words where not.
fn wrap(text: &str, width: usize) -> Vec<String> {
    // Two columns hold any character.
    let options = Options::new(width.max(2)).word_splitter(WordSplitter::NoHyphenation).break_words(true);
    textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(build: impl Fn(&mut Page), expected: &str) {
        let mut page = Page::new(40);
        build(&mut page);
        assert_eq!(page.finish(false), expected);
    }

    #[test]
    fn lines_keep_their_width() {
        check(|page| page.text(2, "one two", Style::Bold), "  one two\n");
        check(
            |page| page.paragraph(1, 2, ("lead word", Style::Bold), &"測試".repeat(12), Style::Plain),
            &format!(" lead word {}\n   {}\n", "測試".repeat(6) + "測", "試".to_owned() + &"測試".repeat(5)),
        );
        check(|page| page.ends("left", Style::Plain, "right", Style::Plain), &format!("left{}right\n", " ".repeat(31)));
        check(
            |page| page.ends(&"l".repeat(30), Style::Plain, "right side", Style::Plain),
            &format!("{}\nright side\n", "l".repeat(30)),
        );
        check(|page| page.columns(&[(3, "a b c", Style::Plain), (2, "xy z", Style::Plain)]), "a b  xy\nc    z\n");
        check(|page| page.text(0, "a\u{1b}[31m\nb\u{fe0f}", Style::Plain), "a\\u{1b}[31m b\n");
    }

    #[test]
    fn colour_wraps_what_is_there() {
        let mut page = Page::new(40);
        page.paragraph(2, 0, ("lead", Style::Alarm), "rest", Style::Plain);
        page.blank();
        page.blank();
        page.text(0, "end", Style::Dim);
        assert_eq!(page.finish(true), "  \u{1b}[1;31mlead\u{1b}[0m rest\n\n\u{1b}[2mend\u{1b}[0m\n");
    }
}
