//! DER taken apart one layer at a time, without copying.

use der::{Decode as _, ErrorKind, Reader as _, SliceReader, Tag, Tagged as _, asn1::AnyRef, asn1::ObjectIdentifier};

/// Most parts that any layer of a signature has; a message with more is refused before it costs time.
const MOST: usize = 256;

/// One element: its tag, all of its bytes, and the bytes inside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: Tag,
    pub(crate) whole: &'a [u8],
    pub(crate) value: &'a [u8],
}

impl<'a> Element<'a> {
    /// Gives the elements inside, if this has `tag`.
    pub(crate) fn open(self, tag: Tag, what: &str) -> Result<Vec<Element<'a>>, String> {
        if self.tag == tag { elements(self.value, what) } else { Err(unexpected(what)) }
    }

    /// Gives the object identifier that this is.
    pub(crate) fn oid(self, what: &str) -> Result<ObjectIdentifier, String> {
        ObjectIdentifier::from_der(self.whole).map_err(|error| malformed(what, &error))
    }

    /// Gives the small number that this is.
    pub(crate) fn small_number(self, what: &str) -> Result<u8, String> {
        u8::from_der(self.whole).map_err(|error| malformed(what, &error))
    }

    /// Gives the bytes of the octet string that this is.
    pub(crate) fn octets(self, what: &str) -> Result<&'a [u8], String> {
        if self.tag == Tag::OctetString { Ok(self.value) } else { Err(unexpected(what)) }
    }
}

/// Gives the elements that follow each other in `bytes`; `what` names the place in messages.
///
/// Refused: what is not DER (X.690 section 10), a part that is cut off, more than 256 parts.
pub(crate) fn elements<'a>(bytes: &'a [u8], what: &str) -> Result<Vec<Element<'a>>, String> {
    let mut reader = SliceReader::new(bytes).map_err(|error| malformed(what, &error))?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        if found.len() >= MOST {
            return Err(format!("{what} has more than {MOST} parts"));
        }
        let whole = reader.tlv_bytes().map_err(|error| malformed(what, &error))?;
        let any = AnyRef::from_der(whole).map_err(|error| malformed(what, &error))?;
        found.push(Element { tag: any.tag(), whole, value: any.value() });
    }
    Ok(found)
}

/// Gives the one element that `bytes` is.
pub(crate) fn element<'a>(bytes: &'a [u8], what: &str) -> Result<Element<'a>, String> {
    match elements(bytes, what)?.as_slice() {
        [only] => Ok(*only),
        _ => Err(format!("{what} is not one DER element")),
    }
}

/// Gives the sentence for bytes that are not DER.
pub(crate) fn malformed(what: &str, error: &der::Error) -> String {
    if matches!(error.kind(), ErrorKind::IndefiniteLength) {
        return format!("{what} is BER of indefinite length where DER is needed");
    }
    format!("{what} is malformed DER: {error}")
}

/// Gives the sentence for DER of another shape.
pub(crate) fn unexpected(what: &str) -> String {
    format!("{what} does not have the structure that it must have")
}
