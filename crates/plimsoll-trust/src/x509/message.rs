//! The parts of a CMS message that a detached signature consists of.

use cms::signed_data::SignerIdentifier;
use der::{Decode as _, Tag, TagNumber, asn1::ObjectIdentifier};
use x509_cert::spki::AlgorithmIdentifierRef;

use super::{
    attributes::{Attribute, attributes},
    certificate::LARGEST_NAME,
    tlv::{Element, element, malformed, unexpected},
};

const ID_SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
pub(super) const ID_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// Most certificates that a message may bring: a chain has three or four.
const MOST_CERTIFICATES: usize = 16;

/// What is read of a message.
#[derive(Debug)]
pub(super) struct Message<'a> {
    /// DER of each certificate, in the order of the message.
    pub(super) certificates: Vec<&'a [u8]>,
    pub(super) signer: Signer<'a>,
}

/// The one signer.
#[derive(Debug)]
pub(super) struct Signer<'a> {
    pub(super) identifier: SignerIdentifier,
    pub(super) digest_algorithm: AlgorithmIdentifierRef<'a>,
    /// `None` where the signature is over the content itself.
    pub(super) signed_attributes: Option<Vec<Attribute<'a>>>,
    pub(super) signature_algorithm: AlgorithmIdentifierRef<'a>,
    pub(super) signature: &'a [u8],
    pub(super) unsigned_attributes: Vec<Attribute<'a>>,
}

impl<'a> Message<'a> {
    /// Gives the parts of `der`, a `ContentInfo` with a detached `SignedData`.
    ///
    /// Refused: content inside the message, content of another type than data, no signer or several, a digest
    /// algorithm that the message does not list, versions that the standard does not have, bytes that are not DER.
    /// Revocation lists and certificates of other kinds are passed over.
    ///
    /// Source: RFC 5652 sections 3 and 5.1 to 5.3.
    pub(super) fn read(der: &'a [u8]) -> Result<Self, String> {
        let content_info = element(der, "the message")?.open(Tag::Sequence, "the message")?;
        let &[content_type, content] = content_info.as_slice() else { return Err(unexpected("the message")) };
        if content_type.oid("the type of the message")? != ID_SIGNED_DATA {
            return Err("the message is not SignedData".into());
        }
        let content = content.open(context(TagNumber::N0), "the message")?;
        let &[signed_data] = content.as_slice() else { return Err(unexpected("the message")) };
        let mut parts = signed_data.open(Tag::Sequence, "SignedData")?.into_iter().peekable();
        let mut next = |what: &str| parts.next().ok_or_else(|| unexpected(what));

        let version = next("SignedData")?.small_number("the version of SignedData")?;
        if !matches!(version, 1 | 3 | 4 | 5) {
            return Err(format!("SignedData of version {version} does not exist"));
        }
        let digest_algorithms = next("SignedData")?.open(Tag::Set, "the digest algorithms")?;
        let content = next("SignedData")?.open(Tag::Sequence, "the content")?;
        check_content(&content)?;
        let mut part = next("SignedData")?;
        let mut certificates = Vec::new();
        if part.tag == context(TagNumber::N0) {
            certificates = read_certificates(part)?;
            part = next("SignedData")?;
        }
        if part.tag == context(TagNumber::N1) {
            part = next("SignedData")?;
        }
        let signers = part.open(Tag::Set, "the signers")?;
        if parts.next().is_some() {
            return Err(unexpected("SignedData"));
        }
        let signer = match signers.as_slice() {
            [only] => Signer::read(*only)?,
            [] => return Err("the message has no signer".into()),
            several => return Err(format!("the message has {} signers, and one is taken", several.len())),
        };
        // RFC 5652 section 5.1 lets a verifier refuse a digest that is not listed.
        for listed in digest_algorithms {
            if algorithm(listed, "a digest algorithm")?.oid == signer.digest_algorithm.oid {
                return Ok(Self { certificates, signer });
            }
        }
        Err("the message does not list the signer's digest algorithm".into())
    }
}

impl<'a> Signer<'a> {
    /// Gives the parts of a `SignerInfo`.
    fn read(signer_info: Element<'a>) -> Result<Self, String> {
        let what = "the signer";
        let mut parts = signer_info.open(Tag::Sequence, what)?.into_iter().peekable();
        let version = parts.next().ok_or_else(|| unexpected(what))?.small_number("the signer's version")?;
        let identifier = parts.next().ok_or_else(|| unexpected(what))?;
        if identifier.whole.len() > LARGEST_NAME {
            return Err(format!("the name of the signing certificate has more than {LARGEST_NAME} bytes"));
        }
        let identifier = SignerIdentifier::from_der(identifier.whole)
            .map_err(|error| malformed("the name of the signing certificate", &error))?;
        let expected = match identifier {
            SignerIdentifier::IssuerAndSerialNumber(_) => 1,
            SignerIdentifier::SubjectKeyIdentifier(_) => 3,
        };
        if version != expected {
            return Err(format!("the signer has version {version} where {expected} belongs"));
        }
        let digest_algorithm = algorithm(parts.next().ok_or_else(|| unexpected(what))?, "the digest algorithm")?;
        let signed_attributes = match parts.next_if(|part| part.tag == context(TagNumber::N0)) {
            Some(part) => Some(attributes(part.value, "the signed attributes")?),
            None => None,
        };
        let signature_algorithm = algorithm(parts.next().ok_or_else(|| unexpected(what))?, "the signature algorithm")?;
        let signature = parts.next().ok_or_else(|| unexpected(what))?.octets("the signature")?;
        let unsigned_attributes = match parts.next_if(|part| part.tag == context(TagNumber::N1)) {
            Some(part) => attributes(part.value, "the unsigned attributes")?,
            None => Vec::new(),
        };
        if parts.next().is_some() {
            return Err(unexpected(what));
        }
        Ok(Self {
            identifier,
            digest_algorithm,
            signed_attributes,
            signature_algorithm,
            signature,
            unsigned_attributes,
        })
    }
}

/// Passes when the message says that it signs data and brings none.
fn check_content(content: &[Element<'_>]) -> Result<(), String> {
    match content {
        [kind] if kind.oid("the type of the content")? == ID_DATA => Ok(()),
        [_] => Err("the content is not of the type data".into()),
        [_, _] => Err("the message carries its content, and a signature on a git object is detached".into()),
        _ => Err(unexpected("the content")),
    }
}

/// Gives the X.509 certificates of a `CertificateSet`; its other choices have context-specific tags.
fn read_certificates(set: Element<'_>) -> Result<Vec<&[u8]>, String> {
    let members = set.open(context(TagNumber::N0), "the certificates")?;
    if members.len() > MOST_CERTIFICATES {
        return Err(format!("the message brings more than {MOST_CERTIFICATES} certificates"));
    }
    Ok(members.iter().filter(|member| member.tag == Tag::Sequence).map(|member| member.whole).collect())
}

/// Gives the algorithm that `part` names.
fn algorithm<'a>(part: Element<'a>, what: &str) -> Result<AlgorithmIdentifierRef<'a>, String> {
    AlgorithmIdentifierRef::from_der(part.whole).map_err(|error| malformed(what, &error))
}

/// The constructed context-specific tag with this number.
fn context(number: TagNumber) -> Tag {
    Tag::ContextSpecific { constructed: true, number }
}
