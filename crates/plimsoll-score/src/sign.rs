//! Whether a row is good, weak, bad or not known: what fails has been looked for, and what was not looked for is no failure.

use plimsoll_model::{Assurance, Outcome, Sign};
use plimsoll_practices::{Environment, Practices, SignRule};

use crate::Judged;

/// Gives what the criteria of a row come to, and those that decide that.
pub(crate) fn by_criteria<'r>(rule: &'r SignRule, judged: &Judged) -> (Sign, Vec<&'r String>) {
    let came = |id: &String| judged.get(id).map_or(Outcome::Unknown, |one| one.result.outcome);
    let fails = |id: &&String| matches!(came(id), Outcome::Unmet | Outcome::Partial);
    let unknown = |id: &&String| came(id) == Outcome::Unknown;
    let (bad, weak) = (&rule.bad_unless, &rule.weak_unless);
    let all = || bad.iter().chain(weak);
    // What fails is known to fail, whatever else is not known.
    if bad.iter().any(|id| fails(&id)) {
        (Sign::Bad, bad.iter().filter(fails).collect())
    } else if weak.iter().any(|id| fails(&id)) {
        (Sign::Weak, weak.iter().filter(fails).collect())
    } else if all().any(|id| unknown(&id)) {
        (Sign::Unknown, all().filter(unknown).take(1).collect())
    } else {
        (Sign::Good, all().collect())
    }
}

/// Gives `sign` as far as the facts decide it: nothing but what is good is taken as known where the rule says that it is not
/// decided; what is good is weak where the rule has a doubt, or cannot say; and a doubt is known whatever else is not.
pub(crate) fn by_facts(rule: &SignRule, sign: Sign, environment: &Environment<'_, '_>) -> Sign {
    let is_decided = rule.decided.as_ref().is_none_or(|decided| decided.boolean(environment) == Ok(true));
    let doubt = rule.weak_if.as_ref().map(|doubt| doubt.boolean(environment));
    match sign {
        Sign::Good if doubt.as_ref().is_some_and(|doubt| *doubt != Ok(false)) => Sign::Weak,
        Sign::Unknown if doubt == Some(Ok(true)) => Sign::Weak,
        Sign::Weak | Sign::Bad if !is_decided => Sign::Unknown,
        sign => sign,
    }
}

/// Can `sign` be what the facts make of `computed`? The facts themselves are in no label.
pub(crate) fn can_be(rule: &SignRule, computed: Sign, sign: Sign) -> bool {
    match sign {
        own if own == computed => true,
        Sign::Unknown => rule.decided.is_some() && computed != Sign::Good,
        Sign::Weak => rule.weak_if.is_some() && matches!(computed, Sign::Good | Sign::Unknown),
        Sign::Good | Sign::Bad => false,
    }
}

/// Gives what a row of the face comes to: no better than its criteria, and no better than the entry or criterion behind it.
///
/// What is not met there and not found wanting by a criterion of the row is not known: a maker who is silent is not bad.
pub(crate) fn of_row(rule: Option<&SignRule>, judged: &Judged, outcome: Outcome, contradicted: bool) -> Sign {
    if contradicted {
        return Sign::Bad;
    }
    let by_criteria = rule.map_or(Sign::Good, |rule| by_criteria(rule, judged).0);
    match (by_criteria, outcome) {
        (Sign::Good, Outcome::Met | Outcome::NotApplicable) => Sign::Good,
        (Sign::Good, Outcome::Partial) => Sign::Weak,
        (Sign::Good, Outcome::Unmet | Outcome::Unknown) => Sign::Unknown,
        (sign, _) => sign,
    }
}

/// How well it is known that a row is weak or bad: what criteria found is seen, or said where they rest on the maker's word.
pub(crate) fn known(rule: Option<&SignRule>, judged: &Judged, practices: &Practices) -> Option<Assurance> {
    let (sign, failing) = by_criteria(rule?, judged);
    let most = |id: &&String| Some(practices.criteria().get(*id)?.assurance.min(Assurance::Observed));
    if matches!(sign, Sign::Weak | Sign::Bad) { failing.iter().filter_map(most).min() } else { None }
}
