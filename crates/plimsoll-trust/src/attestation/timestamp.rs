//! What a time-stamp token carries beside what the time-stamp authority signed.

use cms::{
    cert::CertificateChoices,
    content_info::{CmsVersion, ContentInfo},
    signed_data::{SignedData, SignerIdentifier},
};
use der::{Decode as _, Encode as _, asn1::ObjectIdentifier};

use super::instance::Instance;

/// Digest and signature algorithms that belong together (RFC 5754; RFC 5480 for a key's own name in the place of the latter).
const SIGNATURES: [(ObjectIdentifier, ObjectIdentifier); 7] = {
    const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
    const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
    const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");
    const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
    [
        (SHA256, ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2")),
        (SHA384, ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3")),
        (SHA512, ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.4")),
        (SHA256, EC),
        (SHA384, EC),
        (SHA512, EC),
        (SHA256, ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11")),
    ]
};

/// Says what in a token is bound by nothing: the library finds the signer among the trusted root's own certificates and
/// passes over everything that lies beside the signature.
///
/// Allowed are certificates that are, byte for byte, those of the trusted root's time-stamp authorities.
///
/// Source: RFC 3161, section 2.4.2 (`TimeStampResp` and `TimeStampToken`); RFC 5652, section 5.1.
pub(super) fn unbound(token: &[u8], instance: &Instance) -> Result<(), String> {
    let unread = || "its time stamp cannot be read".to_owned();
    let content = if let Ok(content) = ContentInfo::from_der(token) {
        content
    } else {
        // A response: the status, then the token.
        let outer = crate::x509::elements(token, "its time stamp")?;
        let [response] = outer.as_slice() else { return Err(unread()) };
        let inner = crate::x509::elements(response.value, "its time stamp")?;
        let [_, token] = inner.as_slice() else { return Err(unread()) };
        ContentInfo::from_der(token.whole).map_err(|_| unread())?
    };
    let signed: SignedData = content.content.decode_as().map_err(|_| unread())?;
    let [signer] = signed.signer_infos.0.as_slice() else {
        return Err("its time stamp has several signers".to_owned());
    };
    // What is not signed has to be what its format says, so that no bit of a token is without a meaning.
    let versions = match &signer.sid {
        SignerIdentifier::IssuerAndSerialNumber(_) => CmsVersion::V1,
        SignerIdentifier::SubjectKeyIdentifier(_) => CmsVersion::V3,
    };
    let mut digests = signed.digest_algorithms.iter();
    let tag = signed.encap_content_info.econtent.as_ref().map(der::Tagged::tag);
    let regular = signed.version == CmsVersion::V3
        && signer.version == versions
        && digests.next() == Some(&signer.digest_alg)
        && digests.next().is_none()
        && tag == Some(der::Tag::OctetString)
        && SIGNATURES.iter().any(|(digest, signature)| {
            *digest == signer.digest_alg.oid && *signature == signer.signature_algorithm.oid
        });
    if !regular {
        return Err("its time stamp is not what its format asks for".to_owned());
    }
    if signed.crls.is_some() {
        return Err("its time stamp has lists of what was revoked".to_owned());
    }
    if signer.unsigned_attrs.is_some() {
        return Err("its time stamp has parts that are not signed".to_owned());
    }
    for certificate in signed.certificates.iter().flat_map(|set| set.0.iter()) {
        let CertificateChoices::Certificate(certificate) = certificate else { return Err(unread()) };
        let der = certificate.to_der().map_err(|_| unread())?;
        if !instance.is_stamp_authority(&der) {
            return Err("its time stamp brings a certificate that the trusted root does not have".to_owned());
        }
    }
    Ok(())
}
