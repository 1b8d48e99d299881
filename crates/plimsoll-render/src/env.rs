//! The few facts of a label that the next step of a pipeline asks for.

use plimsoll_model::{Statement, is_hex};

use crate::{view::View, words};

/// Names of tiers are an organisation's own and may be long.
const NAME: usize = 60;

/// Gives lines `NAME=VALUE`: the tier, its name, whether it is a maker's label, how far the source alone carries, whether a claim is disproved, the commit, the moment of the label and its expiry.
///
/// Each value is one line of letters, digits and `.:+-_`, so that no shell, dotenv reader or runner takes any of it
/// for more than a value; other characters come out as `_`. A commit that is no object id is empty.
///
/// `dotenv` reports of GitLab and the output files of GitHub take these lines as they are.
pub fn env(statement: &Statement) -> String {
    let view = View::new(statement);
    let body = view.body();
    let commit = view.commit();
    let commit = if is_hex(&commit, 40) || is_hex(&commit, 64) { commit } else { String::new() };
    let lines = [
        ("TIER", body.tier.level.to_string()),
        ("TIER_NAME", plain(&words::clean(&body.tier.name))),
        ("TIER_HIGHEST", body.tier.highest.to_string()),
        ("KIND", if view.source().is_some() { "source-view" } else { "label" }.to_owned()),
        ("SOURCE_TIER", body.source_line.as_ref().map_or(0, |line| line.level).to_string()),
        ("CONTRADICTED", (!body.contradictions.is_empty()).to_string()),
        ("COMMIT", commit),
        ("AS_OF", body.as_of.to_string()),
        ("EXPIRES", body.expires.to_string()),
    ];
    // The tier is one by the rules of somebody else.
    let others = body.practices_of.as_deref().map(|of| if of.trim().is_empty() { "changed" } else { of });
    let others = others.map(|of| ("PRACTICES_OF", plain(&words::clean(of))));
    let lines = lines.into_iter().chain(others).map(|(name, value)| format!("PLIMSOLL_{name}={value}\n"));
    lines.collect::<Vec<_>>().concat()
}

fn plain(text: &str) -> String {
    let safe = |letter: char| letter.is_alphanumeric() || ".:+-".contains(letter);
    words::shorten(text, NAME).chars().map(|letter| if safe(letter) { letter } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stay_values() {
        for (text, expected) in [
            ("Declared", "Declared"),
            ("geprüft und bestätigt", "geprüft_und_bestätigt"),
            ("a=b\"c'd", "a_b_c_d"),
            ("$(x) `y` ${z}", "__x___y____z_"),
            ("a\\nb; rm -rf", "a_nb__rm_-rf"),
            ("%0A::set-output", "_0A::set-output"),
        ] {
            assert_eq!(plain(text), expected);
        }
        assert!(plain(&"x".repeat(100)).chars().count() <= NAME + 1);
    }
}
