//! A statement as text, drawing or comment: a label, or what the source shows where the maker has not spoken.

use plimsoll_model::Statement;

use crate::{TextOptions, source, view::View};

/// Gives a label, or an outside view, as lines of at most `options.width` columns by Unicode display width.
///
/// Nothing is said by colour alone; without colour the output is the same without its escape sequences. All text of the label
/// comes out with control and bidirectional characters made visible.
pub fn text(statement: &Statement, options: &TextOptions) -> String {
    let view = View::new(statement).on(options.on);
    match view.source() {
        Some(source) => source::text(view, source, options),
        None => crate::text::label(view, options),
    }
}

/// Gives a label, or an outside view, as an SVG document, 420 units wide and as high as its rows need.
///
/// Every text keeps to its box: it becomes smaller, goes on a second line, or is cut with an ellipsis. The title and the
/// description say the same in words, all rows included. The QR code of a label carries the product's address; one without
/// an address that may be shown to strangers (`https`, a public host, no user's name) has none.
///
/// Source: NIST CSWP 23 (layered label: mark, then an address with more); WCAG 2.2 success criteria 1.1.1, 1.4.1.
pub fn svg(statement: &Statement) -> String {
    drawing(View::new(statement))
}

/// As [`svg`], of a view.
pub(crate) fn drawing(view: View<'_>) -> String {
    match view.source() {
        Some(source) => source::svg(view, source),
        None => crate::svg::label(view),
    }
}

/// Gives a label, or an outside view, as GitHub-flavoured Markdown: the face as a table, what is missing, the findings, and
/// folded details.
///
/// Text of the label is escaped: it makes no markup, no link, no image, and it mentions and refers to nobody. Lists end after a
/// fixed number with "and N more", so that a comment can hold the whole.
pub fn markdown(statement: &Statement) -> String {
    comment(View::new(statement))
}

/// As [`markdown`], of a view.
pub(crate) fn comment(view: View<'_>) -> String {
    match view.source() {
        Some(source) => source::markdown(view, source),
        None => crate::markdown::label(view),
    }
}
