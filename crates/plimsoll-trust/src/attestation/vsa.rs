//! Verification summaries: what somebody else found when they looked.

use jiff::Timestamp;
use serde_json::Value;

use super::{
    json::{at, text},
    statement::InTotoStatement,
};

/// Levels of one summary.
const MOST_LEVELS: usize = 100;

/// A summary of a verification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Who looked.
    pub verifier: String,
    /// When.
    pub time: Option<Timestamp>,
    /// What they looked at, as a URI.
    pub resource: String,
    /// Did it pass? `FAILED` is an answer too.
    pub passed: bool,
    /// Levels that it reached: `SLSA_BUILD_LEVEL_3`, `SLSA_SOURCE_LEVEL_2`, sorted.
    pub levels: Vec<String>,
    /// The policy that it was judged by, as a URI.
    pub policy: Option<String>,
}

impl Summary {
    /// Reads a summary of v0.1, v0.2 or v1; `None` for a statement of another type.
    ///
    /// Refused: one without a verifier, a resource, or a result that is a word of its version.
    ///
    /// Source: SLSA, verification summary attestation v0.1, v0.2 and v1.
    pub fn read(statement: &InTotoStatement) -> Option<Result<Self, String>> {
        let old = match statement.predicate_type.as_str() {
            "https://slsa.dev/verification_summary/v0.1" => true,
            "https://slsa.dev/verification_summary/v0.2" | "https://slsa.dev/verification_summary/v1" => false,
            _ => return None,
        };
        Some(read(statement.predicate(), old))
    }
}

fn read(predicate: &Value, old: bool) -> Result<Summary, String> {
    let needed = |value: Option<&str>, what: &str| {
        let value = value.filter(|text| !text.is_empty() && text.len() <= 4096);
        value.map(ToOwned::to_owned).ok_or_else(|| format!("a summary without {what}"))
    };
    let (result, levels) =
        if old { ("verification_result", "policy_level") } else { ("verificationResult", "verifiedLevels") };
    let passed = match text(predicate, result) {
        Some("PASSED") => true,
        Some("FAILED") => false,
        _ => return Err("a summary that says neither PASSED nor FAILED".to_owned()),
    };
    let mut levels: Vec<String> = match predicate.get(levels) {
        Some(Value::String(level)) if old => vec![level.clone()],
        Some(Value::Array(list)) => {
            list.iter().filter_map(Value::as_str).take(MOST_LEVELS).map(ToOwned::to_owned).collect()
        }
        _ => Vec::new(),
    };
    levels.retain(|level| level.len() <= 200);
    levels.sort();
    let name = |short: &str, long: &str| text(predicate, if old { short } else { long }).map(ToOwned::to_owned);
    let time = name("time_verified", "timeVerified").and_then(|time| time.parse().ok());
    let resource = name("resource_uri", "resourceUri");
    Ok(Summary {
        verifier: needed(at(predicate, &["verifier", "id"]).and_then(Value::as_str), "a verifier")?,
        time,
        resource: needed(resource.as_deref(), "a resource")?,
        passed,
        levels,
        policy: at(predicate, &["policy", "uri"]).and_then(Value::as_str).map(ToOwned::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(version: &str, predicate: Value) -> Option<Result<Summary, String>> {
        let predicate_type = format!("https://slsa.dev/verification_summary/{version}");
        Summary::read(&InTotoStatement::saying(&predicate_type, predicate))
    }

    #[test]
    fn three_versions_are_read_and_nothing_is_made_up() {
        let new = json!({
            "verifier": { "id": "https://verifier.example" }, "timeVerified": "2026-01-02T03:04:05Z",
            "resourceUri": "git+https://forge.example/o/r", "verificationResult": "PASSED",
            "verifiedLevels": ["SLSA_SOURCE_LEVEL_2", "ORG_A"], "policy": { "uri": "https://policy.example" },
        });
        let old = json!({
            "verifier": { "id": "https://verifier.example" }, "time_verified": "2026-01-02T03:04:05Z",
            "resource_uri": "pkg:a/b", "verification_result": "FAILED", "policy_level": "SLSA_LEVEL_3",
        });
        let read = of("v1", new.clone()).unwrap().unwrap();
        assert!(read.passed && read.levels == ["ORG_A", "SLSA_SOURCE_LEVEL_2"] && read.time.is_some());
        assert_eq!(of("v0.2", new.clone()).unwrap().unwrap(), read);
        let mut single = new.clone();
        single["verifiedLevels"] = json!("SLSA_SOURCE_LEVEL_3");
        assert_eq!(of("v1", single).unwrap().unwrap().levels, Vec::<String>::new());
        let read = of("v0.1", old.clone()).unwrap().unwrap();
        assert!(!read.passed && read.levels == ["SLSA_LEVEL_3"]);
        for (version, bad) in [
            ("v1", old),
            ("v0.1", new.clone()),
            ("v1", json!({})),
            ("v1", json!({ "verifier": {}, "resourceUri": "a", "verificationResult": "PASSED" })),
            ("v1", json!({ "verifier": { "id": "a" }, "verificationResult": "PASSED" })),
            ("v1", json!({ "verifier": { "id": "a" }, "resourceUri": "a", "verificationResult": "passed" })),
        ] {
            assert!(of(version, bad).unwrap().is_err());
        }
        assert!(of("v2", new).is_none());
    }
}
