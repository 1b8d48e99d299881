//! The records of a pax extended header.

use crate::TarFault;

/// What a pax header says that matters here.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Pax<'a> {
    pub(super) path: Option<&'a [u8]>,
    pub(super) size: Option<usize>,
}

/// Gives the path and size of a pax header; other keys that are harmless are passed over.
///
/// Refused, as unpackers differ on it: records that are not `LENGTH KEY=VALUE` and a line break, with the length in plain
/// digits; a line break within a value, where the unpackers of cargo and npm split; a key twice; empty values of keys that
/// matter; other character sets; links and sparse files. In a header for the whole archive nothing that matters is allowed.
/// Source: POSIX.1-2017, pax, "pax Extended Header".
pub(super) fn read(mut bytes: &[u8], global: bool) -> Result<Pax<'_>, TarFault> {
    let mut pax = Pax::default();
    let mut is_utf8 = false;
    while !bytes.is_empty() {
        let (key, value, rest) = record(bytes).ok_or(TarFault::Pax)?;
        bytes = rest;
        let refused = || TarFault::PaxKey { key: super::paths::shown(&String::from_utf8_lossy(key)) };
        match key {
            b"path" | b"size" | b"hdrcharset" if global || value.is_empty() => return Err(refused()),
            b"path" if pax.path.is_none() => pax.path = Some(value),
            b"size" if pax.size.is_none() => pax.size = Some(digits(value).ok_or_else(refused)?),
            b"hdrcharset" if !is_utf8 && value == b"ISO-IR 10646 2000 UTF-8" => is_utf8 = true,
            b"path" | b"size" | b"hdrcharset" | b"charset" | b"linkpath" => return Err(refused()),
            // GNU's are sparse files, volumes and folder dumps; the others those of star and libarchive.
            _ if [&b"GNU."[..], b"SCHILY.realsize", b"SCHILY.filetype", b"SCHILY.offset", b"SCHILY.dir"]
                .iter()
                .any(|start| key.starts_with(start)) =>
            {
                return Err(refused());
            }
            _ => {}
        }
    }
    Ok(pax)
}

fn record(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = bytes.iter().take(20).position(|byte| *byte == b' ')?;
    let number = bytes.get(..space)?;
    if number.first() == Some(&b'0') {
        return None;
    }
    let (record, rest) = bytes.split_at_checked(digits(number)?)?;
    let text = record.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = text.iter().position(|byte| *byte == b'=')?;
    let (key, value) = (text.get(..equals)?, text.get(equals + 1..)?);
    (!key.is_empty() && !text.contains(&b'\n')).then_some((key, value, rest))
}

fn digits(bytes: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(bytes).ok()?;
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}
