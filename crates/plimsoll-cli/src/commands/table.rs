//! Text in columns, wrapped by what it takes on a terminal.

use plimsoll_model::one_line;

/// Gives `text` wrapped to `columns` behind `first`; later lines are indented as far.
pub fn wrapped(first: &str, text: &str, columns: usize) -> String {
    let indent = " ".repeat(first.chars().count());
    let options = textwrap::Options::new(columns).initial_indent(first).subsequent_indent(&indent);
    // A date or a name with hyphens stays in one piece.
    let options = options.word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(&one_line(text), options) + "\n"
}
