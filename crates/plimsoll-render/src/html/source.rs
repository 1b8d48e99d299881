//! What the page shows where the maker has not spoken.

use plimsoll_model::{Sign, SourceView};
use serde::Serialize;

use super::model::{Anchors, Reference, cleaned};
use crate::{source, words};

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

pub(super) fn source_of(view: &SourceView, anchors: &Anchors<'_>) -> Source {
    let class = |sign| match sign {
        Sign::Good => "good",
        Sign::Weak => "part",
        Sign::Bad => "bad",
        Sign::Unknown => "none",
    };
    let rows = view.rows.iter().map(|row| Seen {
        class: class(row.sign),
        mark: source::mark(row.sign),
        word: source::word(row.sign),
        title: words::clean(&row.title),
        text: words::sentence(&row.text),
        criteria: row.criteria.iter().map(|id| anchors.reference(id)).collect(),
    });
    Source {
        assessor: words::clean(view.assessor.as_deref().unwrap_or_default()),
        counts: source::counts(view),
        rows: rows.collect(),
        only_maker: cleaned(&view.only_maker),
    }
}
