//! The rows of the face: always all of them, each with an answer.

use plimsoll_model::{Assurance, CatalogResult, Contradiction, Evidence, FaceRow, KindStatus, Outcome, Sign};
use plimsoll_practices::{Environment, FaceRowRule, Practices};

use crate::{Judged, ladder::held, sign};

/// Gives the rows in the order of the tier file.
pub(crate) fn rows(
    practices: &Practices,
    catalogs: &[CatalogResult],
    criteria: &Judged,
    evidence: &Evidence,
    environment: &Environment<'_, '_>,
    contradictions: &[Contradiction],
) -> Vec<FaceRow> {
    practices
        .tiers()
        .rows
        .iter()
        .map(|rule| {
            let decided = decide(rule, practices, catalogs, criteria, contradictions);
            let looked = rule
                .needs
                .iter()
                .all(|need| evidence.kinds.get(need).is_some_and(|report| report.status != KindStatus::Unavailable));
            let text = if looked { rule.text.text(environment).ok() } else { None };
            let in_part = rule
                .needs
                .iter()
                .any(|need| evidence.kinds.get(need).is_some_and(|report| report.status == KindStatus::Partial));
            let sign = match &rule.signs {
                Some(signs) if !decided.contradicted => sign::by_facts(signs, decided.sign, environment),
                _ => decided.sign,
            };
            // What was seen of a part is no answer where the rest could change it.
            let text = text.map(|text| {
                let answers = sign == Sign::Unknown && in_part && !text.starts_with(&rule.unknown);
                if answers { format!("{}: a part was not read", rule.unknown) } else { text }
            });
            FaceRow {
                id: rule.id.clone(),
                title: rule.title.clone(),
                text: found(rule, sign, criteria).or(text).unwrap_or_else(|| rule.unknown.clone()),
                sign: Some(sign),
                answer: answer(rule, &decided, sign, environment),
                outcome: decided.outcome,
                assurance: decided.assurance.filter(|_| sign != Sign::Unknown),
                contradicted: decided.contradicted,
            }
        })
        .collect()
}

/// The reasons of what is not met, where they are the text of a bad row.
fn found(rule: &FaceRowRule, sign: Sign, criteria: &Judged) -> Option<String> {
    let signs = rule.signs.as_ref().filter(|signs| signs.bad_by_reasons && sign == Sign::Bad)?;
    let (_, failing) = sign::by_criteria(signs, criteria);
    let reasons: Vec<&str> =
        failing.iter().filter_map(|id| criteria.get(*id)).map(|one| one.result.reason.as_str()).collect();
    Some(reasons.join("; ")).filter(|reasons| !reasons.is_empty())
}

/// The title of a row: what its expression comes to where it is good or weak, else that of its sign.
///
/// A claim that is disproved by something else than what makes the row bad has no title of its own.
fn answer(rule: &FaceRowRule, decided: &Decided, sign: Sign, environment: &Environment<'_, '_>) -> Option<String> {
    let signs = rule.signs.as_ref().filter(|_| !decided.is_disproved_alone())?;
    let computed = || signs.answer.as_ref()?.text(environment).ok().filter(|answer| !answer.is_empty());
    let fits = matches!(sign, Sign::Good | Sign::Weak);
    let title = fits.then(computed).flatten().unwrap_or_else(|| signs.title(sign).to_owned());
    Some(title)
}

/// Why a row cannot be what it says by its rule: of its sign and its title only the facts know more.
pub(crate) fn can_be(rule: &FaceRowRule, decided: &Decided, row: &FaceRow) -> bool {
    let Some(signs) = &rule.signs else { return row.sign == Some(decided.sign) && row.answer.is_none() };
    let Some(sign) = row.sign else { return false };
    let fits = if decided.contradicted { sign == Sign::Bad } else { sign::can_be(signs, decided.sign, sign) };
    let own = Some(signs.title(sign)).filter(|_| !decided.is_disproved_alone());
    let is_computed = signs.answer.is_some() && matches!(sign, Sign::Good | Sign::Weak) && row.answer.is_some();
    fits && (is_computed || row.answer.as_deref() == own)
}

/// What a row says beside its words.
pub(crate) struct Decided {
    pub(crate) outcome: Outcome,
    /// By its criteria; the facts may make it worse.
    pub(crate) sign: Sign,
    /// Is it bad by its own criteria?
    found_bad: bool,
    pub(crate) assurance: Option<Assurance>,
    pub(crate) contradicted: bool,
}

impl Decided {
    /// Is its claim disproved, and nothing that the row itself looks for bad?
    fn is_disproved_alone(&self) -> bool {
        self.contradicted && !self.found_bad
    }
}

/// Gives what the entry or criterion behind a row came to.
pub(crate) fn decide(
    rule: &FaceRowRule,
    practices: &Practices,
    catalogs: &[CatalogResult],
    criteria: &Judged,
    contradictions: &[Contradiction],
) -> Decided {
    let first = held(&rule.decided_by, catalogs, criteria);
    let other = || held(rule.otherwise.as_deref()?, catalogs, criteria);
    let held = first.filter(|held| held.outcome != Outcome::Unknown || rule.otherwise.is_none()).or_else(other);
    let outcome = held.as_ref().map_or(Outcome::Unknown, |held| held.outcome);
    let contradicted = held.as_ref().is_some_and(|held| held.contradicted)
        || contradictions.iter().any(|contradiction| contradiction.entry == rule.decided_by);
    let sign = sign::of_row(rule.signs.as_ref(), criteria, outcome, contradicted);
    let holds = matches!(outcome, Outcome::Met | Outcome::NotApplicable | Outcome::Partial);
    let assurance = match sign {
        Sign::Good => held.and_then(|held| held.assurance).filter(|_| holds),
        Sign::Weak | Sign::Bad => sign::known(rule.signs.as_ref(), criteria, practices)
            .or_else(|| held.and_then(|held| held.assurance).filter(|_| holds)),
        Sign::Unknown => None,
    };
    let found_bad = rule.signs.as_ref().is_some_and(|signs| sign::by_criteria(signs, criteria).0 == Sign::Bad);
    Decided { outcome, sign, found_bad, assurance, contradicted }
}
