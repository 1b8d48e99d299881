//! What two days differ in.

use plimsoll_model::{
    Came, CriterionChange, CriterionResult, FaceRow, Level, RowChange, SourceRow, SourceView, TierResult,
};
use plimsoll_score::Standing;

/// A tier by number and name.
pub(super) fn level(tier: &TierResult) -> Level {
    Level { level: tier.level, name: tier.name.clone() }
}

/// Does anything come out otherwise? Words alone, as the age of data, change on every day and say nothing.
pub(super) fn differ(before: &Standing, after: &Standing) -> bool {
    before.tier.level != after.tier.level
        || before.source_line.level != after.source_line.level
        || !before.criteria.iter().map(came).eq(after.criteria.iter().map(came))
        || !before.face.iter().map(shown).eq(after.face.iter().map(shown))
        || !signs(before.source_view.as_ref()).eq(signs(after.source_view.as_ref()))
}

/// The criteria that come out otherwise, in the order of their ids.
pub(super) fn criteria(before: &Standing, after: &Standing) -> Vec<CriterionChange> {
    let both = before.criteria.iter().zip(&after.criteria).filter(|(one, other)| came(one) != came(other));
    both.map(|(one, other)| CriterionChange {
        id: other.id.clone(),
        asks: other.asks.clone(),
        before: came(one),
        after: came(other),
        reason: other.reason.clone(),
        fix: other.fix.clone(),
    })
    .collect()
}

/// The rows that say something else: of the face, or where the maker has not spoken of what the source shows.
pub(super) fn rows(before: &Standing, after: &Standing) -> Vec<RowChange> {
    if let (Some(one), Some(other)) = (&before.source_view, &after.source_view) {
        let both = one.rows.iter().zip(&other.rows).filter(|(one, other)| one.sign != other.sign);
        let change = |(one, other): (&SourceRow, &SourceRow)| RowChange {
            id: other.id.clone(),
            title: other.topic.clone(),
            before: one.title.clone(),
            after: other.title.clone(),
        };
        return both.map(change).collect();
    }
    let both = before.face.iter().zip(&after.face).filter(|(one, other)| shown(one) != shown(other));
    let change = |(one, other): (&FaceRow, &FaceRow)| RowChange {
        id: other.id.clone(),
        title: other.title.clone(),
        before: one.text.clone(),
        after: other.text.clone(),
    };
    both.map(change).collect()
}

fn came(one: &CriterionResult) -> Came {
    Came { outcome: one.outcome, assurance: one.assurance }
}

fn shown(row: &FaceRow) -> (Came, Option<plimsoll_model::Sign>, bool) {
    (Came { outcome: row.outcome, assurance: row.assurance }, row.sign, row.contradicted)
}

fn signs(view: Option<&SourceView>) -> impl Iterator<Item = plimsoll_model::Sign> {
    view.into_iter().flat_map(|view| view.rows.iter().map(|row| row.sign))
}
