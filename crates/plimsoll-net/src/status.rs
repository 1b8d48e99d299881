//! What a status and a registry's error code mean. The registry's own words are not repeated: they could be anything,
//! also what was sent to it.

use serde_json::Value;

use crate::{NetError, transport::Answer};

/// Source: OCI Distribution Specification 1.1, "Error Codes", and the codes of Docker's registry.
const CODES: [(&str, &str); 14] = [
    ("BLOB_UNKNOWN", "the registry does not know a blob"),
    ("BLOB_UPLOAD_INVALID", "the upload was not taken"),
    ("BLOB_UPLOAD_UNKNOWN", "the upload is not known any more; repeat it"),
    ("DENIED", "the registry does not allow it"),
    ("DIGEST_INVALID", "the registry read other bytes than were sent"),
    ("MANIFEST_BLOB_UNKNOWN", "something that the manifest names is not in the registry"),
    ("MANIFEST_INVALID", "the registry does not take such a manifest"),
    ("MANIFEST_UNKNOWN", "there is no such image"),
    ("NAME_INVALID", "the registry does not take such a name"),
    ("NAME_UNKNOWN", "there is no such repository"),
    ("SIZE_INVALID", "the registry read another number of bytes than was sent"),
    ("TOOMANYREQUESTS", "too many requests; try again later"),
    ("UNAUTHORIZED", "the registry asks for other credentials"),
    ("UNSUPPORTED", "the registry does not support it"),
];

/// Is the answer's status one of `wanted`?
pub(crate) fn expect(answer: &Answer, doing: &str, wanted: &[u16]) -> Result<(), NetError> {
    if wanted.contains(&answer.status) {
        return Ok(());
    }
    let codes: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let code = codes.as_ref().and_then(|value| value.pointer("/errors/0/code")).and_then(Value::as_str);
    let known = CODES.iter().find(|(name, _)| Some(*name) == code);
    let meaning = match (known, answer.status) {
        (Some((name, meaning)), _) => format!(" {name}: {meaning}"),
        (None, 403) => ": the registry does not allow it".to_owned(),
        (None, 404) => ": it is not there".to_owned(),
        (None, 429 | 503) => ": the registry asks for patience; try again later".to_owned(),
        (None, _) => String::new(),
    };
    Err(NetError::Status { host: answer.host.clone(), doing: doing.to_owned(), status: answer.status, meaning })
}
