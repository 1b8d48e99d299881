//! The answers that a project keeps for the OpenSSF Best Practices badge.
//!
//! Source: coreinfrastructure/best-practices-badge, docs on `.bestpractices.json`: `NAME_status` is `Met`, `Unmet`, `N/A` or `?`,
//! with `NAME_justification` next to it.

use serde_json::Value;

use super::{BadgeAnswer, Field, Profile, place};

pub(super) const PATH: &str = ".bestpractices.json";
/// Answers that are read; the badge asks for less than two hundred.
const MOST: usize = 300;

pub(super) fn read(path: &str, text: &str, found: &mut Profile) {
    let Ok(Value::Object(all)) = serde_json::from_str(text) else { return };
    let words = |key: &str| all.get(key).and_then(Value::as_str).unwrap_or_default();
    for key in ["homepage_url", "repo_url"] {
        found.say(Field::Url, words(key), place(path, text, key, key), key == "homepage_url");
    }
    for (key, value) in &all {
        let (Some(criterion), Some(status)) = (key.strip_suffix("_status"), value.as_str()) else { continue };
        let met = match status {
            "Met" => true,
            "Unmet" => false,
            _ => continue,
        };
        if found.badge.len() < MOST {
            found.badge.push(BadgeAnswer {
                criterion: criterion.to_owned(),
                met,
                justification: words(&format!("{criterion}_justification")).to_owned(),
                from: place(path, text, &format!("\"{key}\""), criterion),
            });
        }
    }
}
