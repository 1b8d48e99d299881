//! Text armor: the block that git keeps in a commit, and the blocks of a file of certificates.

use base64::{Engine as _, engine::general_purpose::STANDARD};

/// How git knows that gpgsm made a signature: `get_format_by_sig` in its gpg-interface.c wants these bytes first.
const BEGIN: &str = "-----BEGIN SIGNED MESSAGE-----";
const END: &str = "-----END SIGNED MESSAGE-----";

/// Gives the bytes inside the one armored block of `signature`.
///
/// Refused: anything before the block, anything but white space after it, a character that is not of the base64
/// alphabet, padding that is missing or not canonical. Lines may be of any length.
///
/// Source: git, gpg-interface.c, `x509_sigs`; RFC 7468 section 3 for the armor.
pub(super) fn signed_message(signature: &[u8]) -> Result<Vec<u8>, String> {
    let text = std::str::from_utf8(signature).map_err(|_| "the armor is not text".to_owned())?;
    let inside = text.strip_prefix(BEGIN).ok_or("there is no armored block SIGNED MESSAGE")?;
    let (body, after) = inside.split_once(END).ok_or("the armored block SIGNED MESSAGE does not end")?;
    if !after.trim_ascii().is_empty() {
        return Err("something follows the armored block SIGNED MESSAGE".into());
    }
    if !body.starts_with(['\n', '\r']) {
        return Err("the armored block SIGNED MESSAGE does not begin on its own line".into());
    }
    decode(body)
}

/// Gives the DER of every certificate in a PEM file, in its order. Text between blocks is a comment.
///
/// Refused: a block that is not a CERTIFICATE, so that a key or a revocation list is not passed over in silence.
///
/// Source: RFC 7468 section 5.
pub(crate) fn certificates(pem: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let mut rest = std::str::from_utf8(pem).map_err(|_| "this is neither DER nor PEM".to_owned())?;
    let mut found = Vec::new();
    while let Some((_, after)) = rest.split_once("-----BEGIN ") {
        let (label, after) = after.split_once("-----").ok_or("a PEM block does not name what it holds")?;
        if label != "CERTIFICATE" {
            return Err(format!("it holds a PEM block {:?}, and only CERTIFICATE belongs here", printable(label)));
        }
        let (body, after) =
            after.split_once("-----END CERTIFICATE-----").ok_or("a PEM block CERTIFICATE does not end")?;
        found.push(decode(body)?);
        rest = after;
    }
    Ok(found)
}

/// Gives the bytes that `body` encodes; white space is passed over.
fn decode(body: &str) -> Result<Vec<u8>, String> {
    let compact: Vec<u8> = body.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    if compact.is_empty() {
        return Err("the armored block is empty".into());
    }
    STANDARD.decode(compact).map_err(|error| format!("the armor is not base64: {error}"))
}

/// Gives the start of a label, short enough for a message.
fn printable(label: &str) -> String {
    label.chars().take(40).collect()
}
