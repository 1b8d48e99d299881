//! Whether the history still has the commit of an earlier evidence.

use jiff::Timestamp;
use plimsoll_model::{Assurance, InputId, Kind, Pointer, Rests, Subject};
use plimsoll_snapshot::History;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::history;
use crate::{Context, Gathered};

/// Is the commit of an earlier evidence still part of the history?
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ContinuityFact {
    /// The commit of the earlier evidence.
    previous: String,
    /// The moment for which it spoke.
    previous_as_of: String,
    /// Is it an ancestor of this commit, or this commit?
    ancestor: bool,
}

pub(super) const CONTINUITY: Kind =
    Kind::of::<ContinuityFact>("continuity", "Is the commit of an earlier evidence still in the history?")
        .resting_on(&[Rests::all(InputId::Previous)])
        .once();

/// What is asked of an earlier evidence.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Previous {
    subject: PreviousSubject,
    as_of: Timestamp,
}

#[derive(Deserialize)]
struct PreviousSubject {
    commit: String,
}

pub(super) fn continuity(history: &History, cx: &Context<'_>) -> Gathered {
    let Ok(bytes) = cx.file(InputId::Previous) else {
        return Gathered::searched(&CONTINUITY, "files of earlier evidence", 0);
    };
    // It was read as evidence when it was given.
    let Ok(previous) = serde_json::from_slice::<Previous>(bytes) else {
        return Gathered::unavailable(&CONTINUITY, "files of earlier evidence", "the earlier evidence cannot be read");
    };
    let previous_as_of = previous.as_of.to_string();
    let previous = previous.subject.commit;
    let mut gathered = Gathered::searched(&CONTINUITY, "files of earlier evidence", 1);
    let ancestor = history.commits.place(&previous).is_some();
    if !ancestor {
        for gap in history::gaps(history) {
            gathered.gap(gap);
        }
    }
    let pointers = vec![Pointer::commit(&previous)];
    let fact = ContinuityFact { previous, previous_as_of, ancestor };
    let head = cx.snapshot.commit();
    gathered.push(Subject::commit(&head), Assurance::Verified, &fact, pointers);
    gathered
}
