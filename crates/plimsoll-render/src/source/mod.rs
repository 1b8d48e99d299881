//! What is shown of software whose maker has not spoken: no tier, no ladder, another title and another mark than a label.

mod markdown;
mod svg;
mod text;

use plimsoll_model::{Sign, SourceRow, SourceView};

use crate::{row, view::View};

pub(crate) use self::{markdown::markdown, svg::svg, text::text};

/// Its title, in the place of "Software security label".
pub(crate) const TITLE: &str = "Security facts from the source";
/// The line in the place of a tier.
pub(crate) const NOT_RATED: &str = "Not rated: no maker\u{2019}s label yet";
/// The invitation.
pub(crate) const INVITATION: &str = "Do you maintain it? \u{201c}plimsoll init\u{201d} starts the label.";
/// In the place of "A label is not a promise".
pub(crate) const NO_PROMISE: &str = "Facts about one commit, not a promise that nothing can go wrong.";
/// What was looked for.
const SEEN: &str = "Seen in the source";
/// What was not looked at, or not seen well enough to decide it.
const NOT_KNOWN: &str = "Not looked at, or not decided";
/// What nobody else can know.
const ONLY_MAKER: &str = "Only the maker can say";

/// What the rows come to, counted.
pub(crate) fn counts(view: &SourceView) -> String {
    row::counts(view.rows.iter().map(|row| row.sign))
}

/// The rows that were looked for, and those that were not.
fn blocks(view: &SourceView) -> (Vec<&SourceRow>, Vec<&SourceRow>) {
    view.rows.iter().partition(|row| row.sign != Sign::Unknown)
}

/// What evidence lacks for the tier after the one that it carries: each demand, its title and why it is not met.
pub(crate) fn lacking<'a>(view: View<'a>) -> Vec<(&'a str, &'a str, &'a str)> {
    let line = view.body().source_line.as_ref();
    let next = line.and_then(|line| line.rungs.iter().find(|rung| rung.level > line.level));
    let missing = view.body().ladder.iter().flat_map(|rung| &rung.missing).collect::<Vec<_>>();
    let about = |id: &'a String| {
        if let Some(one) = missing.iter().find(|one| one.id == *id) {
            return (one.id.as_str(), one.title.as_str(), one.reason.as_str());
        }
        // With the maker's word it is met.
        let criterion = view.criterion(id).map(|criterion| criterion.asks.as_str());
        let entry = || view.entries(id).first().map(|(_, entry)| entry.title.as_str());
        (id.as_str(), criterion.or_else(entry).unwrap_or_default(), "it is met by an exception of the maker alone")
    };
    next.map_or(&[] as &[String], |rung| rung.missing.as_slice()).iter().map(about).collect()
}
