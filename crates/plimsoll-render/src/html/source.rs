//! What the page shows where the maker has not spoken.

use plimsoll_model::SourceView;
use serde::Serialize;

use super::{
    anchor::{Anchors, Reference},
    model::{class, cleaned},
};
use crate::{row, source, words};

/// One row of what the source shows.
#[derive(Serialize)]
pub(super) struct Seen {
    class: &'static str,
    mark: &'static str,
    word: &'static str,
    title: String,
    text: String,
    criteria: Vec<Reference>,
}

/// What the source shows.
#[derive(Serialize)]
pub(super) struct Source {
    assessor: String,
    counts: String,
    rows: Vec<Seen>,
    only_maker: Vec<String>,
}

pub(super) fn source_of(view: &SourceView, anchors: &Anchors) -> Source {
    let rows = view.rows.iter().map(|shown| Seen {
        class: class(shown.sign),
        mark: row::mark(shown.sign),
        word: row::word(shown.sign),
        title: words::clean(&shown.title),
        text: words::sentence(&shown.text),
        criteria: shown.criteria.iter().map(|id| anchors.reference(id)).collect(),
    });
    Source {
        assessor: words::clean(view.assessor.as_deref().unwrap_or_default()),
        counts: source::counts(view),
        rows: rows.collect(),
        only_maker: cleaned(&view.only_maker),
    }
}
