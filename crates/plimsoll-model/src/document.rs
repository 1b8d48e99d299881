//! Which of the documents of this program a file is, for whoever was given another than was asked for.

use serde_json::Value;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// evidence.json.
    Evidence,
    /// label.json.
    Label,
}

/// Says what JSON is that is plainly another document than the one that was asked for, with what takes it.
pub fn other_document(value: &Value, asked: Document) -> Option<&'static str> {
    let has = |name: &str| value.get(name).is_some();
    let is_evidence = has("facts") && has("kinds");
    let is_statement = has("_type") && has("predicateType");
    let is_signed = ["dsseEnvelope", "payload", "mediaType"].into_iter().any(has);
    match asked {
        Document::Evidence if is_statement => {
            Some("this is a label or another statement; evidence is the evidence.json that was written with it (--out)")
        }
        Document::Evidence if is_signed => {
            Some("this is a signed statement; evidence is the evidence.json that was written with the label (--out)")
        }
        Document::Label if is_evidence => Some("this is evidence; `plimsoll score` makes a label of it"),
        Document::Evidence | Document::Label => None,
    }
}

/// Says in words of a person why JSON is not `what`.
pub fn unfit(error: &serde_json::Error, what: &str) -> String {
    let text = error.to_string();
    match text.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
        Some((name, _)) => format!("\"{}\" is missing, which {what} has", crate::one_line(name)),
        None => format!("a member is not what {what} has there"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_plainly_another_document_is_named() {
        let evidence = json!({"facts": [], "kinds": {}});
        let label = json!({"_type": "", "predicateType": "", "predicate": {}});
        let bundle = json!({"mediaType": "", "dsseEnvelope": {}});
        for (value, asked, expected) in [
            (&evidence, Document::Evidence, None),
            (&evidence, Document::Label, Some("this is evidence")),
            (&label, Document::Label, None),
            (&label, Document::Evidence, Some("this is a label")),
            (&bundle, Document::Evidence, Some("this is a signed statement")),
            (&bundle, Document::Label, None),
            (&json!([]), Document::Evidence, None),
            (&json!({}), Document::Label, None),
        ] {
            let found = other_document(value, asked);
            assert_eq!(found.is_some(), expected.is_some(), "{value} {asked:?}");
            assert!(found.unwrap_or_default().starts_with(expected.unwrap_or_default()), "{found:?}");
        }
    }
}
