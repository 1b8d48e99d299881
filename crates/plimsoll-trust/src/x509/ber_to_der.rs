//! BER of indefinite length rewritten with lengths.
//!
//! gpgsm streams: it writes the outer layers of every signature with indefinite lengths, which is BER and not DER.
//! What is signed lies inside and is DER already (RFC 5652 section 5.4), so only the frames are rewritten.

use std::borrow::Cow;

/// gpgsm nests four of them; more than this is not a signature.
const DEEPEST: usize = 8;
/// The length octet that says "until the end-of-contents octets".
const INDEFINITE: u8 = 0x80;

/// Gives `ber` with every indefinite length among its outer layers replaced by a definite one.
///
/// An element of definite length is copied as it is, whatever lies inside it; bytes after the first element stay,
/// for the reader to refuse. Refused: end-of-contents octets that are missing, an indefinite length on a primitive,
/// tags of more than one octet, and nesting deeper than eight.
///
/// Source: X.690 sections 8.1.3.6 and 8.1.5.
pub(super) fn definite(ber: &[u8]) -> Result<Cow<'_, [u8]>, String> {
    if ber.get(1) != Some(&INDEFINITE) {
        return Ok(Cow::Borrowed(ber));
    }
    let mut rest = ber;
    let mut written = element(&mut rest, 0)?;
    written.extend_from_slice(rest);
    Ok(Cow::Owned(written))
}

/// Takes one element off `input` and gives it with definite lengths.
fn element(input: &mut &[u8], depth: usize) -> Result<Vec<u8>, String> {
    let &[tag, length, ..] = *input else { return Err(truncated()) };
    if tag & 0x1f == 0x1f {
        return Err("its BER has a tag of more than one octet".into());
    }
    if length != INDEFINITE {
        let size = whole_size(input)?;
        let (whole, rest) = input.split_at_checked(size).ok_or_else(truncated)?;
        *input = rest;
        return Ok(whole.to_vec());
    }
    if tag & 0x20 == 0 {
        return Err("its BER gives a primitive an indefinite length".into());
    }
    if depth >= DEEPEST {
        return Err("its BER nests indefinite lengths too deeply".into());
    }
    *input = input.get(2..).ok_or_else(truncated)?;
    let mut content = Vec::new();
    loop {
        if let Some(rest) = input.strip_prefix(&[0, 0]) {
            *input = rest;
            break;
        }
        content.extend(element(input, depth + 1)?);
    }
    let mut written = vec![tag];
    write_length(content.len(), &mut written);
    written.append(&mut content);
    Ok(written)
}

/// Gives the size of the first element of `input`, its header with it. The length is a definite one.
fn whole_size(input: &[u8]) -> Result<usize, String> {
    let length = *input.get(1).ok_or_else(truncated)?;
    if length < INDEFINITE {
        return Ok(2 + usize::from(length));
    }
    let count = usize::from(length & 0x7f);
    if count > 4 {
        return Err("its BER has a length of more than four octets".into());
    }
    let octets = input.get(2..2 + count).ok_or_else(truncated)?;
    let value = octets.iter().fold(0_u32, |value, octet| (value << 8) | u32::from(*octet));
    usize::try_from(value).ok().and_then(|value| value.checked_add(2 + count)).ok_or_else(truncated)
}

/// Writes `length` in the shortest form (X.690 section 10.1).
fn write_length(length: usize, written: &mut Vec<u8>) {
    if let Ok(short) = u8::try_from(length)
        && short < INDEFINITE
    {
        written.push(short);
        return;
    }
    let octets: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    // At most eight octets: `usize` has no more.
    written.push(INDEFINITE | octets.len() as u8);
    written.extend(octets);
}

fn truncated() -> String {
    "its BER ends too early".into()
}
