//! PKCS#8 and SEC1: private keys as openssl(1) and most libraries write them.

use pkcs8::{
    AlgorithmIdentifierRef, ObjectIdentifier, PrivateKeyInfo, SubjectPublicKeyInfoRef,
    der::{
        Decode as _, Encode as _,
        asn1::{AnyRef, OctetStringRef},
    },
};
use sec1::{EcParameters, EcPrivateKey};
use zeroize::Zeroizing;

use super::{KeyError, KeyKind, Secret, armor::Block};

pub(super) const FORM: &str = "PKCS#8 key (PRIVATE KEY)";
pub(super) const SEC1_FORM: &str = "SEC1 key (EC PRIVATE KEY)";

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
/// Kinds that are known and do not sign here.
const OTHERS: &[(&str, &str)] = &[
    ("1.2.840.113549.1.1.1", "an RSA key"),
    ("1.2.840.113549.1.1.10", "an RSA key"),
    ("1.2.840.10040.4.1", "a DSA key"),
    ("1.3.132.0.35", "an ECDSA key on P-521"),
    ("1.3.132.0.10", "an ECDSA key on secp256k1"),
    ("1.3.101.113", "an Ed448 key"),
    ("1.3.101.110", "an X25519 key, which does not sign"),
];
/// What to do about a key of another kind.
pub(super) const OTHER_KIND: &str = "use an Ed25519, P-256 or P-384 key; `plimsoll key generate` makes one";

/// Gives what a `PrivateKeyInfo` or `OneAsymmetricKey` in `der` holds; `form` is for the messages.
///
/// Attributes are passed over. Refused: other kinds, explicit curve parameters, two curves that differ, a number whose
/// length is not its curve's.
///
/// Source: RFC 5958 section 2; RFC 8410 section 7 for Ed25519; RFC 5915 section 3 for EC keys.
pub(super) fn read(der: &[u8], form: &'static str) -> Result<Secret, KeyError> {
    let info = PrivateKeyInfo::from_der(der).map_err(|error| KeyError::damaged(form, error.to_string()))?;
    let kind = kind_of(&info.algorithm, form)?;
    let mut secret = if kind == KeyKind::Ed25519 {
        let inner = OctetStringRef::from_der(info.private_key);
        let inner = inner.map_err(|error| KeyError::damaged(form, error.to_string()))?;
        secret(kind, inner.as_bytes(), form)?
    } else {
        ec(info.private_key, Some(kind), form)?
    };
    secret.stated.extend(info.public_key.map(<[u8]>::to_vec));
    Ok(secret)
}

/// Gives what an `ECPrivateKey` holds. `parameters` is the part before it, which names the curve again.
///
/// Source: RFC 5915 section 3.
pub(super) fn read_sec1(der: &[u8], parameters: Option<&Block>) -> Result<Secret, KeyError> {
    let Some(parameters) = parameters else { return ec(der, None, SEC1_FORM) };
    let curve = ObjectIdentifier::from_der(&parameters.bytes).map_err(|_| explicit(SEC1_FORM))?;
    ec(der, Some(curve_of(curve, SEC1_FORM)?), SEC1_FORM)
}

fn ec(der: &[u8], outer: Option<KeyKind>, form: &'static str) -> Result<Secret, KeyError> {
    let key = EcPrivateKey::from_der(der).map_err(|error| KeyError::damaged(form, error.to_string()))?;
    let inner = match key.parameters {
        Some(EcParameters::NamedCurve(curve)) => Some(curve_of(curve, form)?),
        None => None,
    };
    let kind = match (outer, inner) {
        (Some(outer), Some(inner)) if outer != inner => {
            return Err(KeyError::damaged(form, "it names two curves"));
        }
        (Some(kind), _) | (None, Some(kind)) => kind,
        (None, None) => {
            return Err(KeyError::unfit(
                format!("the {form} does not name its curve"),
                "write it again with `openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW`",
            ));
        }
    };
    let mut secret = secret(kind, key.private_key, form)?;
    secret.stated.extend(key.public_key.map(<[u8]>::to_vec));
    Ok(secret)
}

fn secret(kind: KeyKind, bytes: &[u8], form: &'static str) -> Result<Secret, KeyError> {
    if bytes.len() != kind.secret_length() {
        let reason =
            format!("its number has {} bytes, and {} has {}", bytes.len(), kind.as_str(), kind.secret_length());
        return Err(KeyError::damaged(form, reason));
    }
    Ok(Secret { kind, bytes: Zeroizing::new(bytes.to_vec()), stated: Vec::new() })
}

fn kind_of(algorithm: &AlgorithmIdentifierRef<'_>, form: &'static str) -> Result<KeyKind, KeyError> {
    match (algorithm.oid, algorithm.parameters) {
        (ED25519, None) => Ok(KeyKind::Ed25519),
        (ED25519, Some(_)) => Err(KeyError::damaged(form, "Ed25519 has parameters, and RFC 8410 allows none")),
        (EC, Some(parameters)) => {
            let curve = parameters.decode_as::<ObjectIdentifier>().map_err(|_| explicit(form))?;
            curve_of(curve, form)
        }
        (EC, None) => Err(explicit(form)),
        (other, _) => Err(unknown(other, form)),
    }
}

fn curve_of(curve: ObjectIdentifier, form: &'static str) -> Result<KeyKind, KeyError> {
    match curve {
        P256 => Ok(KeyKind::EcdsaP256),
        P384 => Ok(KeyKind::EcdsaP384),
        other => Err(unknown(other, form)),
    }
}

fn unknown(oid: ObjectIdentifier, form: &'static str) -> KeyError {
    let oid = oid.to_string();
    match OTHERS.iter().find(|(known, _)| *known == oid) {
        Some((_, what)) => KeyError::unfit(format!("the {form} holds {what}"), OTHER_KIND),
        None => KeyError::unfit(format!("the {form} holds a key of a kind that is not known ({oid})"), OTHER_KIND),
    }
}

fn explicit(form: &'static str) -> KeyError {
    KeyError::unfit(
        format!("the {form} spells its curve out instead of naming it"),
        "write it again with `openssl ec -param_enc named_curve -in KEY -out NEW`",
    )
}

/// Says why `der` is not the `SubjectPublicKeyInfo` of a key that signs here.
pub(super) fn unfit_public(der: &[u8], form: &'static str) -> KeyError {
    match SubjectPublicKeyInfoRef::from_der(der) {
        Err(error) => KeyError::damaged(form, error.to_string()),
        Ok(info) => match kind_of(&info.algorithm, form) {
            Err(error) => error,
            Ok(_) => KeyError::unfit(
                format!("the {form} is not in its one usual encoding"),
                "write it again with `openssl ec -pubin -conv_form uncompressed -in KEY -out NEW`",
            ),
        },
    }
}

/// Gives the `PrivateKeyInfo` of version 1 with the secret `bytes`, as openssl(1) writes it: it reads no other version.
///
/// An EC key states its public `point`, an Ed25519 key cannot in this version. `None` cannot be: all lengths are fixed.
pub(super) fn write(kind: KeyKind, bytes: &[u8], point: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (oid, curve) = match kind {
        KeyKind::Ed25519 => (ED25519, None),
        KeyKind::EcdsaP256 => (EC, Some(&P256)),
        KeyKind::EcdsaP384 => (EC, Some(&P384)),
    };
    let inner = Zeroizing::new(match kind {
        KeyKind::Ed25519 => OctetStringRef::new(bytes).ok()?.to_der().ok()?,
        KeyKind::EcdsaP256 | KeyKind::EcdsaP384 => {
            EcPrivateKey { private_key: bytes, parameters: None, public_key: Some(point) }.to_der().ok()?
        }
    });
    let algorithm = AlgorithmIdentifierRef { oid, parameters: curve.map(AnyRef::from) };
    PrivateKeyInfo::new(algorithm, &inner).to_der().ok().map(Zeroizing::new)
}
