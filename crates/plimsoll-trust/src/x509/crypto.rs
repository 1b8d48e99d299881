//! Digests and signatures: which algorithms are taken, and whether a signature holds.

use aws_lc_rs::{
    digest,
    signature::{self, UnparsedPublicKey, VerificationAlgorithm},
};
use der::{Encode as _, Tag, asn1::ObjectIdentifier};
use rustls_pki_types::alg_id;
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoOwned};

use super::tlv::{element, unexpected};

/// Fewest bits of an RSA modulus that is not weak (NIST SP 800-131A revision 2, section 3).
const FEWEST_RSA_BITS: usize = 2048;

/// The digests that a message may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Md5,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Digest {
    /// Gives the digest that `algorithm` names; parameters have to be absent or NULL.
    ///
    /// Source: RFC 3370 section 2, RFC 5754 section 2.
    pub(super) fn named(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Self, String> {
        plain_parameters(algorithm)?;
        match algorithm.oid.to_string().as_str() {
            "1.2.840.113549.2.5" => Ok(Self::Md5),
            "1.3.14.3.2.26" => Ok(Self::Sha1),
            "2.16.840.1.101.3.4.2.1" => Ok(Self::Sha256),
            "2.16.840.1.101.3.4.2.2" => Ok(Self::Sha384),
            "2.16.840.1.101.3.4.2.3" => Ok(Self::Sha512),
            other => Err(format!("the digest algorithm {other} is not known")),
        }
    }

    /// Gives the name, if collisions can be made (RFC 6151, RFC 6194).
    pub(super) fn weak(self) -> Option<&'static str> {
        match self {
            Self::Md5 => Some("MD5"),
            Self::Sha1 => Some("SHA-1"),
            Self::Sha256 | Self::Sha384 | Self::Sha512 => None,
        }
    }

    /// Whether `stated` is the digest of `content`; `None` for MD5, which is not computed here.
    pub(super) fn is_of(self, content: &[u8], stated: &[u8]) -> Option<bool> {
        let algorithm = match self {
            Self::Md5 => return None,
            Self::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        };
        Some(digest::digest(algorithm, content).as_ref() == stated)
    }
}

/// What the arithmetic says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    Yes,
    No,
    /// It holds or is not looked at, and proves nothing either way.
    Weakly(String),
}

/// Padding of a signature, or the curve's own scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Method {
    Pkcs1,
    Pss,
    Ecdsa,
    Ed25519,
}

/// Says whether `signature` is one over `content` by `key`.
///
/// `digest` is the signer's digest algorithm: the signature has to use the same one (RFC 8933 section 3), and
/// SHA-512 with Ed25519 (RFC 8419 section 3.1). An algorithm that is not for keys of this type is an error.
///
/// Taken: RSA of 2048 to 8192 bits with PKCS #1 v1.5, or with PSS and a salt as long as the digest (RFC 4056);
/// ECDSA on P-256, P-384 and P-521 (RFC 5753); Ed25519 (RFC 8419); each with SHA-256, SHA-384 or SHA-512.
pub(super) fn holds(
    key: &SubjectPublicKeyInfoOwned,
    algorithm: &AlgorithmIdentifierRef<'_>,
    digest: Digest,
    content: &[u8],
    signature: &[u8],
) -> Result<Holds, String> {
    let (method, own_digest) = method(algorithm)?;
    let digest_used = own_digest.unwrap_or(digest);
    if let Some(name) = digest_used.weak().or_else(|| digest.weak()) {
        return Ok(Holds::Weakly(format!("the digest {name} can be collided")));
    }
    if digest_used != digest {
        return Err("the signature algorithm has another digest than the signer".into());
    }
    let bits = key.subject_public_key.as_bytes().ok_or("the public key is not whole octets")?;
    let key_type = key.algorithm.oid.to_string();
    match (key_type.as_str(), method) {
        ("1.2.840.113549.1.1.1", Method::Pkcs1 | Method::Pss) => rsa(bits, method, digest, content, signature),
        ("1.2.840.10045.2.1", Method::Ecdsa) => {
            let curve = key.algorithm.parameters.as_ref().and_then(|curve| curve.decode_as::<ObjectIdentifier>().ok());
            let curve = curve.ok_or("the public key does not name its curve")?.to_string();
            Ok(verdict(ecdsa(&curve, digest)?, bits, content, signature))
        }
        ("1.3.101.112", Method::Ed25519) => Ok(verdict(&signature::ED25519, bits, content, signature)),
        _ => Err(format!("the signature algorithm {} is not one for the certificate's key {key_type}", algorithm.oid)),
    }
}

/// Gives the method that `algorithm` names and the digest, where the name has one.
///
/// Source: RFC 3370 section 3.2 and RFC 5754 section 3 (`rsaEncryption` leaves the digest to the signer);
/// RFC 5758 section 3.2; the bare key type for ECDSA is what older gpgsm writes.
fn method(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(Method, Option<Digest>), String> {
    let named = match algorithm.oid.to_string().as_str() {
        "1.2.840.113549.1.1.10" => return Ok((Method::Pss, Some(pss_digest(algorithm)?))),
        "1.2.840.113549.1.1.1" => (Method::Pkcs1, None),
        "1.2.840.113549.1.1.4" => (Method::Pkcs1, Some(Digest::Md5)),
        "1.2.840.113549.1.1.5" => (Method::Pkcs1, Some(Digest::Sha1)),
        "1.2.840.113549.1.1.11" => (Method::Pkcs1, Some(Digest::Sha256)),
        "1.2.840.113549.1.1.12" => (Method::Pkcs1, Some(Digest::Sha384)),
        "1.2.840.113549.1.1.13" => (Method::Pkcs1, Some(Digest::Sha512)),
        "1.2.840.10045.2.1" => (Method::Ecdsa, None),
        "1.2.840.10045.4.1" => (Method::Ecdsa, Some(Digest::Sha1)),
        "1.2.840.10045.4.3.2" => (Method::Ecdsa, Some(Digest::Sha256)),
        "1.2.840.10045.4.3.3" => (Method::Ecdsa, Some(Digest::Sha384)),
        "1.2.840.10045.4.3.4" => (Method::Ecdsa, Some(Digest::Sha512)),
        "1.3.101.112" => (Method::Ed25519, Some(Digest::Sha512)),
        other => return Err(format!("the signature algorithm {other} is not known")),
    };
    plain_parameters(algorithm)?;
    Ok(named)
}

/// Gives the digest of a PSS signature whose parameters are of the one usual form: the same digest for MGF1 and a
/// salt of its length (RFC 4055 section 3.1).
fn pss_digest(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<Digest, String> {
    let der = algorithm.to_der().map_err(|_| unexpected("the signature algorithm"))?;
    let inside = element(&der, "the signature algorithm")?.value;
    let forms = [
        (alg_id::RSA_PSS_SHA256, Digest::Sha256),
        (alg_id::RSA_PSS_SHA384, Digest::Sha384),
        (alg_id::RSA_PSS_SHA512, Digest::Sha512),
    ];
    let form = forms.into_iter().find(|(form, _)| form.as_ref() == inside);
    form.map(|(_, digest)| digest).ok_or_else(|| "the parameters of RSA-PSS are not taken".into())
}

/// Says whether an RSA signature holds; `key` is an `RSAPublicKey` (RFC 8017 appendix A.1.1).
fn rsa(key: &[u8], method: Method, digest: Digest, content: &[u8], signature: &[u8]) -> Result<Holds, String> {
    let parts = element(key, "the RSA key")?.open(Tag::Sequence, "the RSA key")?;
    let &[modulus, _] = parts.as_slice() else { return Err(unexpected("the RSA key")) };
    let digits = modulus.value.iter().skip_while(|octet| **octet == 0);
    let bits = digits.clone().count() * 8 - digits.clone().next().map_or(0, |first| first.leading_zeros() as usize);
    let algorithm = match (method, digest) {
        (Method::Pss, Digest::Sha256) => &signature::RSA_PSS_2048_8192_SHA256,
        (Method::Pss, Digest::Sha384) => &signature::RSA_PSS_2048_8192_SHA384,
        (Method::Pss, _) => &signature::RSA_PSS_2048_8192_SHA512,
        (_, Digest::Sha256) if bits < FEWEST_RSA_BITS => &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
        (_, Digest::Sha512) if bits < FEWEST_RSA_BITS => &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        (_, Digest::Sha256) => &signature::RSA_PKCS1_2048_8192_SHA256,
        (_, Digest::Sha384) => &signature::RSA_PKCS1_2048_8192_SHA384,
        (_, _) => &signature::RSA_PKCS1_2048_8192_SHA512,
    };
    let weak = || Holds::Weakly(format!("an RSA key of {bits} bits is too short, {FEWEST_RSA_BITS} are the least"));
    match verdict(algorithm, key, content, signature) {
        Holds::Yes if bits < FEWEST_RSA_BITS => Ok(weak()),
        // The library has no arithmetic for these: what they prove does not depend on it.
        Holds::No if bits < 1024 => Ok(weak()),
        Holds::No if bits < FEWEST_RSA_BITS && (method == Method::Pss || digest == Digest::Sha384) => Ok(weak()),
        Holds::No if bits > 8192 => Err(format!("an RSA key of {bits} bits is longer than is taken")),
        other => Ok(other),
    }
}

/// Gives the algorithm for ECDSA on the curve with this identifier (RFC 5480 section 2.1.1.1).
fn ecdsa(curve: &str, digest: Digest) -> Result<&'static dyn VerificationAlgorithm, String> {
    Ok(match (curve, digest) {
        ("1.2.840.10045.3.1.7", Digest::Sha256) => &signature::ECDSA_P256_SHA256_ASN1,
        ("1.2.840.10045.3.1.7", Digest::Sha384) => &signature::ECDSA_P256_SHA384_ASN1,
        ("1.2.840.10045.3.1.7", _) => &signature::ECDSA_P256_SHA512_ASN1,
        ("1.3.132.0.34", Digest::Sha256) => &signature::ECDSA_P384_SHA256_ASN1,
        ("1.3.132.0.34", Digest::Sha384) => &signature::ECDSA_P384_SHA384_ASN1,
        ("1.3.132.0.34", _) => &signature::ECDSA_P384_SHA512_ASN1,
        ("1.3.132.0.35", Digest::Sha256) => &signature::ECDSA_P521_SHA256_ASN1,
        ("1.3.132.0.35", Digest::Sha384) => &signature::ECDSA_P521_SHA384_ASN1,
        ("1.3.132.0.35", _) => &signature::ECDSA_P521_SHA512_ASN1,
        (other, _) => return Err(format!("the curve {other} is not known")),
    })
}

fn verdict(algorithm: &'static dyn VerificationAlgorithm, key: &[u8], content: &[u8], signature: &[u8]) -> Holds {
    match UnparsedPublicKey::new(algorithm, key).verify(content, signature) {
        Ok(()) => Holds::Yes,
        Err(_) => Holds::No,
    }
}

/// Passes when an algorithm that has no parameters comes with none, or with NULL as many writers put it.
fn plain_parameters(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), String> {
    match algorithm.parameters {
        None => Ok(()),
        Some(parameters) if parameters.is_null() => Ok(()),
        Some(_) => Err(format!("the algorithm {} comes with parameters that it does not have", algorithm.oid)),
    }
}
