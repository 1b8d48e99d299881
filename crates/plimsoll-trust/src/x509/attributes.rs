//! Attributes of a signer, and the bytes that a signature over them covers.

use der::{Encode as _, Tag, asn1::AnyRef, asn1::ObjectIdentifier};

use super::{
    message::ID_DATA,
    tlv::{Element, elements, malformed, unexpected},
};

const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");

/// One attribute.
#[derive(Debug)]
pub(super) struct Attribute<'a> {
    oid: ObjectIdentifier,
    values: Vec<Element<'a>>,
    pub(super) whole: &'a [u8],
}

/// Gives the attributes inside `set`, in their order.
///
/// Source: RFC 5652 section 5.3.
pub(super) fn attributes<'a>(set: &'a [u8], what: &str) -> Result<Vec<Attribute<'a>>, String> {
    let mut found = Vec::new();
    for member in elements(set, what)? {
        let parts = member.open(Tag::Sequence, what)?;
        let &[oid, values] = parts.as_slice() else { return Err(unexpected(what)) };
        found.push(Attribute { oid: oid.oid(what)?, values: values.open(Tag::Set, what)?, whole: member.whole });
    }
    Ok(found)
}

/// Gives the message digest that the signed attributes state.
///
/// Refused: no attribute, an attribute twice, a content type that is missing or not data, several values.
///
/// Source: RFC 5652 sections 5.3, 11.1 and 11.2.
pub(super) fn message_digest<'a>(signed: &[Attribute<'a>]) -> Result<&'a [u8], String> {
    for (index, attribute) in signed.iter().enumerate() {
        if signed.iter().skip(index + 1).any(|other| other.oid == attribute.oid) {
            return Err(format!("the signed attribute {} appears twice", attribute.oid));
        }
    }
    let content_type = value(signed, CONTENT_TYPE)?.ok_or("the signed attributes have no content type")?;
    if content_type.oid("the content type")? != ID_DATA {
        return Err("the signed content type is not data".into());
    }
    let digest = value(signed, MESSAGE_DIGEST)?.ok_or("the signed attributes have no message digest")?;
    digest.octets("the message digest")
}

/// Gives the one value of the attribute `oid`; `None` where it is not there.
///
/// Refused: the attribute twice, no value, several values.
pub(super) fn value<'a>(among: &[Attribute<'a>], oid: ObjectIdentifier) -> Result<Option<Element<'a>>, String> {
    let mut with_oid = among.iter().filter(|attribute| attribute.oid == oid);
    let Some(attribute) = with_oid.next() else { return Ok(None) };
    match (attribute.values.as_slice(), with_oid.next()) {
        ([only], None) => Ok(Some(*only)),
        (_, Some(_)) => Err(format!("the attribute {oid} appears twice")),
        _ => Err(format!("the attribute {oid} does not have one value")),
    }
}

/// Gives the DER that a signature over `signed` covers: the attributes as an explicit SET OF, in DER order.
///
/// The message has them under the tag `[0]` and, being BER, in any order.
///
/// Source: RFC 5652 section 5.4; X.690 section 11.6 for the order.
pub(super) fn signed_bytes(signed: &[Attribute<'_>]) -> Result<Vec<u8>, String> {
    let mut members: Vec<&[u8]> = signed.iter().map(|attribute| attribute.whole).collect();
    // No encoding is a prefix of another, so that padding the shorter one would change nothing.
    members.sort_unstable();
    let content = members.concat();
    AnyRef::new(Tag::Set, &content)
        .and_then(|set| set.to_der())
        .map_err(|error| malformed("the signed attributes", &error))
}
