//! How severe a flaw is.

use cvss::Cvss;
use plimsoll_model::body::{AdvisoryKind, Severity};
use serde_json::Value;

use crate::record::{Affected, Rating, Record};

/// What a CVSS vector of version 2, 3 or 4 scores; none where it cannot be read.
pub(crate) fn of_vector(vector: &str) -> Option<Severity> {
    Some(match vector.parse::<Cvss>().ok()?.severity() {
        // Also what a vector with missing metrics scores; a hole that harms nothing is not in the database.
        cvss::Severity::None => Severity::Unknown,
        cvss::Severity::Low => Severity::Low,
        cvss::Severity::Medium => Severity::Medium,
        cvss::Severity::High => Severity::High,
        cvss::Severity::Critical => Severity::Critical,
    })
}

/// The word of a database that rates without a vector.
///
/// Source: the severities of GitHub's advisories; its `MODERATE` is what CVSS calls medium.
fn of_word(word: &str) -> Option<Severity> {
    match word.to_ascii_lowercase().as_str() {
        "low" => Some(Severity::Low),
        "moderate" | "medium" => Some(Severity::Medium),
        "high" => Some(Severity::High),
        "critical" => Some(Severity::Critical),
        _ => None,
    }
}

/// How severe a record is for a package that it speaks of in `parts`, and the vector that says so: the worst of the parts. What is
/// no vulnerability has no severity; malware that nobody rated is critical, as all of it harms.
pub(crate) fn of_record(record: &Record, parts: &[&Affected], kind: AdvisoryKind) -> (Severity, Option<String>) {
    if kind != AdvisoryKind::Vulnerability {
        return (Severity::None, None);
    }
    let severity = worst(parts.iter().map(|part| record.severity(part))).unwrap_or(Severity::Unknown);
    let all = parts.iter().flat_map(|part| &part.severity).chain(&record.severity).map(|rating| &rating.score);
    let vector = all.clone().find(|vector| of_vector(vector) == Some(severity)).or_else(|| all.clone().next());
    let severity = if severity == Severity::Unknown && record.is_malware() { Severity::Critical } else { severity };
    (severity, vector.cloned())
}

impl Record {
    /// How severe it is for one of its packages: the worst of the package's ratings, else of the record's, else what the database
    /// says in a word. What nobody rated is `unknown`, and never guessed.
    pub fn severity(&self, affected: &Affected) -> Severity {
        let vectors = |ratings: &[Rating]| worst(ratings.iter().filter_map(|rating| of_vector(&rating.score)));
        let word = |specific: &serde_json::Map<String, Value>| {
            specific.get("severity").and_then(Value::as_str).and_then(of_word)
        };
        vectors(&affected.severity)
            .or_else(|| vectors(&self.severity))
            .or_else(|| word(&affected.database_specific))
            .or_else(|| word(&self.database_specific))
            .unwrap_or(Severity::Unknown)
    }
}

/// The worst of several. What cannot be scored says nothing where another can.
fn worst(ratings: impl Iterator<Item = Severity>) -> Option<Severity> {
    let rank = |severity: &Severity| match severity {
        Severity::Critical => 4,
        Severity::High => 3,
        Severity::Medium => 2,
        Severity::Low => 1,
        _ => 0,
    };
    ratings.max_by_key(rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_rating_counts_and_none_is_guessed() {
        const V2: &str = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
        const V3_LOW: &str = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N";
        const V3: &str = "CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H";
        const V4: &str = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
        let rated = |scores: &[&str]| {
            scores.iter().map(|score| Rating { kind: String::new(), score: (*score).to_owned() }).collect::<Vec<_>>()
        };
        let worded = |word: &str| serde_json::json!({ "severity": word }).as_object().cloned().unwrap();
        for (of_record, of_package, word, expected) in [
            (&[V2][..], &[][..], "", Severity::High),
            (&[V3], &[], "", Severity::Medium),
            (&[V4], &[], "", Severity::Critical),
            (&[V3_LOW, V4, V3], &[], "LOW", Severity::Critical),
            (&[V4], &[V3_LOW], "", Severity::Low),
            (&["nonsense"], &[], "MODERATE", Severity::Medium),
            (&["nonsense", V3_LOW], &[], "CRITICAL", Severity::Low),
            (&[], &[], "critical", Severity::Critical),
            (&[], &[], "negligible", Severity::Unknown),
            (&["CVSS:3.1/AV:N"], &[], "", Severity::Unknown),
            (&[], &[], "", Severity::Unknown),
        ] {
            let record = Record { severity: rated(of_record), database_specific: worded(word), ..Record::default() };
            let affected = Affected { severity: rated(of_package), ..Affected::default() };
            assert_eq!(record.severity(&affected), expected, "{of_record:?} {of_package:?} {word}");
        }
    }
}
