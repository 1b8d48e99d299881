//! A statement in a DSSE envelope in a Sigstore bundle, signed by a key.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use plimsoll_model::{sha256_hex, to_canonical};
use serde_json::json;

use crate::{KeyError, Signer};

/// `payloadType` of an in-toto statement. Source: in-toto Attestation Framework, envelope v1.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
/// `mediaType` of the bundles that are written. Source: Sigstore, `protos/sigstore_bundle.proto`.
pub const BUNDLE_MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// Nothing was signed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The key does not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The bundle cannot be written.
    #[error(transparent)]
    Canonical(#[from] plimsoll_model::CanonicalError),
}

/// What is signed of a payload of this type: the type and the payload, each behind its length.
///
/// Source: DSSE v1, protocol, `PAE(UTF8(PAYLOAD_TYPE), SERIALIZED_BODY)`.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut pae = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len()).into_bytes();
    pae.extend_from_slice(payload);
    pae
}

/// Gives a Sigstore bundle v0.3 in one line of canonical JSON, whose envelope holds `statement` byte for byte.
///
/// The key is named twice, as a help for finding it and as no proof: as `keyid` by the hexadecimal SHA-256 of its
/// `SubjectPublicKeyInfo`, and as hint by the same in base64, as cosign names keys. There is no entry of a log and no time
/// stamp: nothing proves when it was signed.
///
/// Source: Sigstore, `protos/sigstore_bundle.proto`; DSSE v1, envelope.
pub fn sign(statement: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, SignError> {
    let signature = signer.sign(&pae(PAYLOAD_TYPE, statement))?;
    let key = sha256_hex(signer.public_key().der());
    let bundle = json!({
        "mediaType": BUNDLE_MEDIA_TYPE,
        "verificationMaterial": { "publicKey": { "hint": STANDARD.encode(unhex(&key)) } },
        "dsseEnvelope": {
            "payload": STANDARD.encode(statement),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [{ "keyid": key, "sig": STANDARD.encode(signature) }],
        },
    });
    let mut line = to_canonical(&bundle)?;
    line.push(b'\n');
    Ok(line)
}

/// The bytes of a digest that was written a moment ago.
fn unhex(hex: &str) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default();
    hex.as_bytes()
        .chunks(2)
        .map(|pair| pair.iter().fold(0_u8, |sum, byte| (sum << 4) | u8::try_from(digit(*byte)).unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{KeyKind, SigningKey};

    #[test]
    fn what_is_signed_is_type_and_payload_behind_their_lengths() {
        // The example of the protocol's own text.
        assert_eq!(
            pae("http://example.com/HelloWorld", b"hello world"),
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        );
        assert_eq!(pae("", b""), b"DSSEv1 0  0 ");
    }

    #[test]
    fn a_bundle_holds_the_statement_and_names_its_key() {
        for kind in [KeyKind::Ed25519, KeyKind::EcdsaP256, KeyKind::EcdsaP384] {
            let key = SigningKey::generate(kind).unwrap();
            let bundle = sign(b"{}", &key).unwrap();
            assert!(bundle.ends_with(b"}\n") && !bundle.trim_ascii_end().contains(&b'\n'));
            let value: serde_json::Value = serde_json::from_slice(&bundle).unwrap();
            let envelope = &value["dsseEnvelope"];
            assert_eq!(envelope["payload"], "e30=");
            let keyid = envelope["signatures"][0]["keyid"].as_str().unwrap();
            assert_eq!(format!("SHA256:{keyid}"), key.public_key().fingerprint());
            let hint = STANDARD.decode(value["verificationMaterial"]["publicKey"]["hint"].as_str().unwrap()).unwrap();
            assert_eq!(plimsoll_model::hex(&hint), keyid);
            let signature = STANDARD.decode(envelope["signatures"][0]["sig"].as_str().unwrap()).unwrap();
            assert!(key.public_key().verifies(&pae(PAYLOAD_TYPE, b"{}"), &signature));
            assert!(!key.public_key().verifies(&pae("text/plain", b"{}"), &signature));
        }
    }
}
