//! Bundles that hold an envelope and name a key, and nothing else: no entry of a log, no time stamp, no certificate.
//!
//! There is nothing in them that the library would prove. They are told by their shape, member by member; what has any other
//! member goes the library's way.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use super::{
    bundle::Signed,
    envelope::Envelope,
    json::text,
    keys::PublicKey,
    refusal::{Layer, Refusal},
    signer::{KeyOwner, Signer},
};

/// Media types of Sigstore's bundle v0.3. Source: Sigstore, `protos/sigstore_bundle.proto`.
const MEDIA_TYPES: [&str; 2] =
    ["application/vnd.dev.sigstore.bundle.v0.3+json", "application/vnd.dev.sigstore.bundle+json;version=0.3"];

/// Gives the name of the key of a bundle that holds nothing but that and an envelope with one signature.
pub(super) fn hint(bundle: &Value) -> Option<&str> {
    let all = only(bundle, &["mediaType", "verificationMaterial", "dsseEnvelope"])?;
    text(bundle, "mediaType").filter(|kind| MEDIA_TYPES.contains(kind))?;
    let material = only(all.get("verificationMaterial")?, &["publicKey"])?;
    let key = material.get("publicKey")?;
    only(key, &["hint"])?;
    let envelope = only(all.get("dsseEnvelope")?, &["payload", "payloadType", "signatures"])?;
    let [signature] = envelope.get("signatures")?.as_array()?.as_slice() else { return None };
    let members = only(signature, &["sig", "keyid"])?;
    members.values().all(Value::is_string).then_some(())?;
    text(key, "hint")
}

/// The members of an object that has no others than these.
fn only<'a>(value: &'a Value, names: &[&str]) -> Option<&'a Map<String, Value>> {
    value.as_object().filter(|members| members.keys().all(|name| names.contains(&name.as_str())))
}

/// Gives who of `keys` signed `envelope`.
pub(super) fn verify(hint: &str, envelope: &Envelope, keys: &[PublicKey]) -> Result<Signed, Refusal> {
    let [signature] = envelope.signatures.as_slice() else { return Err(Refusal::format("not one signature")) };
    let mut last =
        Refusal::new(Layer::Signature, "no key that is trusted made it; give it with --key or in the trust policy");
    let pae = envelope.pae();
    for key in keys {
        if names_other(hint, key) {
            last = Refusal::new(Layer::Signature, "it names another key than the one that is trusted");
        } else if key.verifies(&pae, &signature.signature) {
            return Ok(Signed::by(Signer::Key { fingerprint: key.fingerprint.clone(), owner: KeyOwner::Given }));
        } else {
            last = Refusal::new(Layer::Signature, "the signature is not one by a key that is trusted");
        }
    }
    Err(last)
}

/// Is the name the digest of another key? A name is a help for finding a key; one that is a digest has to be that of the
/// key that is found.
pub(super) fn names_other(hint: &str, key: &PublicKey) -> bool {
    let digest = STANDARD.decode(hint).ok().filter(|raw| raw.len() == 32);
    digest.is_some_and(|digest| !key.fingerprint.ends_with(&plimsoll_model::hex(&digest)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_bundle_with_anything_more_is_none_of_them() {
        let good = json!({
            "mediaType": MEDIA_TYPES[0],
            "verificationMaterial": { "publicKey": { "hint": "a" } },
            "dsseEnvelope": { "payload": "e30=", "payloadType": "t", "signatures": [{ "sig": "AA==", "keyid": "" }] },
        });
        assert_eq!(hint(&good), Some("a"));
        let changed: [fn(&mut Value); 9] = [
            |bundle| bundle["mediaType"] = json!("application/vnd.dev.sigstore.bundle+json;version=0.2"),
            |bundle| bundle["more"] = json!(1),
            |bundle| bundle["messageSignature"] = json!({}),
            |bundle| bundle["verificationMaterial"]["tlogEntries"] = json!([]),
            |bundle| bundle["verificationMaterial"]["certificate"] = json!({ "rawBytes": "" }),
            |bundle| bundle["verificationMaterial"]["publicKey"]["more"] = json!(""),
            |bundle| bundle["dsseEnvelope"]["signatures"] = json!([{ "sig": "AA==" }, { "sig": "AA==" }]),
            |bundle| bundle["dsseEnvelope"]["signatures"] = json!([]),
            |bundle| bundle["dsseEnvelope"]["signatures"][0]["cert"] = json!(""),
        ];
        for (number, change) in changed.iter().enumerate() {
            let mut bundle = good.clone();
            change(&mut bundle);
            assert_eq!(hint(&bundle), None, "{number}");
        }
    }
}
