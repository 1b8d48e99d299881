//! in-toto statements: what is said, and of what.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    json::{self, text},
    refusal::Refusal,
};

/// Subjects of one statement.
const MOST_SUBJECTS: usize = 100_000;
/// Algorithms of one subject.
const MOST_DIGESTS: usize = 32;
/// Characters of a name.
const LONGEST: usize = 4096;

/// The type of payload that says that it is a statement.
pub(super) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A statement of in-toto.
#[derive(Clone, Debug, PartialEq)]
pub struct InTotoStatement {
    /// What it speaks of; never empty.
    pub subjects: Vec<StatementSubject>,
    /// What it says, as a URI.
    pub predicate_type: String,
    /// The whole of it.
    value: Value,
}

/// Something that a statement speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementSubject {
    /// Its name; a label and no proof.
    pub name: String,
    /// Its digests by algorithm; never empty, those of known algorithms in lower-case hexadecimal of their length.
    pub digest: BTreeMap<String, String>,
}

/// Length in hexadecimal digits of the digests that are known, and whether two files with the same one are the same.
///
/// Source: in-toto Attestation Framework, `DigestSet` v1.
fn algorithm(name: &str) -> Option<(usize, bool)> {
    Some(match name {
        "sha256" | "sha512_256" | "sha3_256" | "gitCommit256" => (64, name == "sha256"),
        "sha384" | "sha3_384" => (96, name == "sha384"),
        "sha512" | "sha3_512" => (128, name == "sha512"),
        "sha1" => (40, false),
        "md5" => (32, false),
        _ => return None,
    })
}

impl InTotoStatement {
    /// Reads the payload of an envelope.
    ///
    /// Refused: what is no statement of v0.1 or v1, has no subject or no type of predicate, a subject without a digest,
    /// and a digest of a known algorithm that is not in lower-case hexadecimal of its length.
    ///
    /// Source: in-toto Attestation Framework, Statement v0.1 and v1, `DigestSet`.
    pub fn read(payload: &[u8]) -> Result<Self, Refusal> {
        let value = json::parse(payload).map_err(|reason| Refusal::format(format!("the statement is {reason}")))?;
        Self::of(value).map_err(Refusal::format)
    }

    /// What it says; null where it says nothing.
    pub fn predicate(&self) -> &Value {
        self.value.get("predicate").unwrap_or(&Value::Null)
    }

    /// The whole statement as JSON, every name once.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// The same for JSON that was read.
    pub(super) fn of(value: Value) -> Result<Self, String> {
        match text(&value, "_type") {
            Some("https://in-toto.io/Statement/v1" | "https://in-toto.io/Statement/v0.1") => {}
            other => {
                let shown = plimsoll_model::excerpt(other.unwrap_or_default(), 80);
                return Err(format!("not an in-toto statement of v0.1 or v1 (\"{shown}\")"));
            }
        }
        let predicate_type = text(&value, "predicateType").filter(|kind| !kind.is_empty() && kind.len() <= LONGEST);
        let predicate_type = predicate_type.ok_or("a statement without a type of predicate")?.to_owned();
        let subjects = value.get("subject").and_then(Value::as_array).ok_or("a statement without a subject")?;
        if subjects.len() > MOST_SUBJECTS {
            return Err(format!("a statement with more than {MOST_SUBJECTS} subjects"));
        }
        let subjects = subjects.iter().map(subject).collect::<Result<Vec<_>, _>>()?;
        if subjects.is_empty() {
            return Err("a statement without a subject".to_owned());
        }
        Ok(Self { subjects, predicate_type, value })
    }

    /// One that says `predicate` about nothing, for tests of what reads predicates.
    #[cfg(any(test, fuzzing))]
    pub(super) fn saying(predicate_type: &str, predicate: Value) -> Self {
        let value = Value::Object(std::iter::once(("predicate".to_owned(), predicate)).collect());
        Self { subjects: Vec::new(), predicate_type: predicate_type.to_owned(), value }
    }

    /// Gives the subject that is the artifact with these digests (by in-toto's names), if it is one of them.
    ///
    /// One digest of a strong algorithm has to be the same, and none of those that both have may differ.
    pub fn subject_of(&self, digests: &BTreeMap<String, String>) -> Option<&StatementSubject> {
        self.subjects.iter().find(|subject| subject.is(digests))
    }
}

impl StatementSubject {
    fn is(&self, digests: &BTreeMap<String, String>) -> bool {
        let both = || self.digest.iter().filter_map(|(name, own)| Some((name, own, digests.get(name)?)));
        both().all(|(_, own, other)| own == other)
            && both().any(|(name, ..)| name == "gitCommit" || algorithm(name).is_some_and(|(_, strong)| strong))
    }

    /// Is there a digest that proves that a file is this one?
    pub fn is_strong(&self) -> bool {
        self.digest.keys().any(|name| algorithm(name).is_some_and(|(_, strong)| strong))
    }
}

fn subject(value: &Value) -> Result<StatementSubject, String> {
    // A resource may have a URI in the place of its name.
    let name = text(value, "name").or_else(|| text(value, "uri")).unwrap_or_default();
    if name.len() > LONGEST {
        return Err("a subject whose name is too long".to_owned());
    }
    let digests = value.get("digest").and_then(Value::as_object).ok_or("a subject without a digest")?;
    if digests.is_empty() || digests.len() > MOST_DIGESTS {
        return Err("a subject without a digest, or with too many".to_owned());
    }
    let mut digest = BTreeMap::new();
    for (name, value) in digests {
        let value = value.as_str().filter(|value| value.len() <= LONGEST).ok_or("a digest that is no text")?;
        let fits = match (name.as_str(), algorithm(name)) {
            ("gitCommit", _) => [40, 64].iter().any(|length| plimsoll_model::is_hex(value, *length)),
            (_, Some((length, _))) => plimsoll_model::is_hex(value, length),
            _ => true,
        };
        if !fits || name.len() > 80 {
            return Err(format!("a {} digest that is not one", plimsoll_model::one_line(name)));
        }
        digest.insert(name.clone(), value.to_owned());
    }
    Ok(StatementSubject { name: name.to_owned(), digest })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(subject: &str) -> Vec<u8> {
        format!(r#"{{"_type":"https://in-toto.io/Statement/v1","subject":{subject},"predicateType":"https://example.org/p"}}"#)
            .into_bytes()
    }

    fn digests(list: &[(&str, String)]) -> BTreeMap<String, String> {
        list.iter().map(|(name, digest)| ((*name).to_owned(), digest.clone())).collect()
    }

    #[test]
    fn a_subject_is_told_by_a_strong_digest_and_by_no_other() {
        let (own, other) = ("ab".repeat(32), "cd".repeat(32));
        let read = |subject: &str| InTotoStatement::read(&statement(subject)).unwrap();
        let plain = read(&format!(
            r#"[{{"name":"a","digest":{{"sha256":"{other}"}}}},{{"name":"b","digest":{{"sha256":"{own}"}}}}]"#
        ));
        assert_eq!(plain.subject_of(&digests(&[("sha256", own.clone())])).unwrap().name, "b");
        assert!(plain.subject_of(&digests(&[("sha512", own.repeat(2))])).is_none());
        assert!(plain.subject_of(&BTreeMap::new()).is_none());
        // One digest that differs is enough: a file has all of its digests.
        let both = read(&format!(r#"[{{"digest":{{"sha256":"{own}","sha512":"{}"}}}}]"#, other.repeat(2)));
        assert!(both.subject_of(&digests(&[("sha256", own.clone())])).is_some());
        assert!(both.subject_of(&digests(&[("sha256", own.clone()), ("sha512", own.repeat(2))])).is_none());
        // What can be forged proves nothing.
        let weak = read(&format!(r#"[{{"digest":{{"sha1":"{}"}}}}]"#, "ab".repeat(20)));
        assert!(weak.subject_of(&digests(&[("sha1", "ab".repeat(20))])).is_none());
        let commit =
            read(&format!(r#"[{{"uri":"git+https://example.org/a","digest":{{"gitCommit":"{}"}}}}]"#, "ab".repeat(20)));
        assert!(commit.subject_of(&digests(&[("gitCommit", "ab".repeat(20))])).is_some());
    }

    #[test]
    fn what_is_no_statement_is_refused() {
        let digest = "ab".repeat(32);
        let good = String::from_utf8(statement(&format!(r#"[{{"digest":{{"sha256":"{digest}"}}}}]"#))).unwrap();
        assert!(InTotoStatement::read(good.as_bytes()).is_ok());
        for bad in [
            String::new(),
            "[]".to_owned(),
            good.replace("Statement/v1", "Statement/v2"),
            good.replace("\"_type\"", "\"type\""),
            good.replace("predicateType", "predicate"),
            good.replace(&digest, &digest.to_uppercase()),
            good.replace(&digest, &format!(" {digest}")),
            good.replace(&digest, &digest[2..]),
            good.replace(&format!("\"{digest}\""), "1"),
            good.replace(&format!("\"sha256\":\"{digest}\""), ""),
            good.replace("\"subject\":", "\"subject\":[],\"subject\":"),
            good.replace(&format!(r#"{{"digest":{{"sha256":"{digest}"}}}}"#), ""),
            good.replace("\"digest\"", "\"name\""),
        ] {
            assert!(InTotoStatement::read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
