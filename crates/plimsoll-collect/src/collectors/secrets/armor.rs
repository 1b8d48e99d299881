//! Private keys in armor, however source code wraps it, and in base64 or hexadecimal digits without any.
//!
//! What a key is made of proves it, so a body may be read in several ways until one is a key: a letter is never taken off
//! for good because it could also be a sign of the language around it.

use memchr::memmem;

use super::{
    encodings::{base64, base64_run, hexadecimal_run, is_base64, readings},
    numbers,
};

/// Bytes of an armored key; one with pictures and many subkeys is long.
const LONGEST: usize = 1024 * 1024;
const BEGIN: &[u8] = b"-----BEGIN";
const END: &[u8] = b"-----END";
const DASHES: &[u8] = b"-----";

/// A private key and where it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) kind: &'static str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Its bytes, the same in every wrapping.
    pub(super) value: Vec<u8>,
}

/// How a key can begin, in the order of [`Anchor`].
pub(super) const ANCHORS: &[(&str, Anchor)] = &[
    ("-----BEGIN", Anchor::Armor),
    // "-----BEGIN" in base64 at each of the three places in a group.
    ("LS0tLS1CRUdJTi", Anchor::Base64),
    ("0tLS0tQkVHSU4", Anchor::Base64),
    ("tLS0tLUJFR0lO", Anchor::Base64),
    ("2d2d2d2d2d424547", Anchor::Hexadecimal),
    ("2D2D2D2D2D424547", Anchor::Hexadecimal),
    ("\\x2d\\x2d\\x2d", Anchor::Hexadecimal),
    ("\\x2D\\x2D\\x2D", Anchor::Hexadecimal),
    // The dash before it in the escapes of scripts, addresses and markup.
    ("\\u002dBEGIN", Anchor::Escaped),
    ("\\u002DBEGIN", Anchor::Escaped),
    ("\\x2dBEGIN", Anchor::Escaped),
    ("\\x2DBEGIN", Anchor::Escaped),
    ("%2DBEGIN", Anchor::Escaped),
    ("%2dBEGIN", Anchor::Escaped),
    ("&#45;BEGIN", Anchor::Escaped),
    ("&#x2D;BEGIN", Anchor::Escaped),
    ("&#x2d;BEGIN", Anchor::Escaped),
    // The start of PKCS#8 for RSA, for the usual curves, of PKCS#1 and of SEC 1, in base64.
    ("IBADANBgkqhkiG9w0BAQEFAASC", Anchor::Der),
    ("MIGHAgEAMBMGByqGSM49AgEG", Anchor::Der),
    ("MIG2AgEAMBAGByqGSM49AgEG", Anchor::Der),
    ("MC4CAQAwBQYDK2VwBCIEI", Anchor::Der),
    ("IBAAKCAQEA", Anchor::Der),
    ("IBAAKCAgEA", Anchor::Der),
    ("IBAAKBgQ", Anchor::Der),
    ("MHcCAQEEI", Anchor::Der),
    ("IBAAKCAYEA", Anchor::Der),
    ("MIGkAgEBBD", Anchor::Der),
    ("MIHcAgEBBE", Anchor::Der),
    ("MIHuAgEAMBAGByqGSM49AgEG", Anchor::Der),
    ("MFECAQEwBQYDK2VwBCIEI", Anchor::Der),
    ("MC4CAQAwBQYDK2VuBCIEI", Anchor::Der),
    ("MEcCAQAwBQYDK2VxBDsEO", Anchor::Der),
    // OpenSSH's magic with no cipher.
    ("b3BlbnNzaC1rZXktdjEAAAAABG5vbmU", Anchor::Der),
    // Each of the three forms of "-----BEGIN" in base64, in base64 at each of the three places.
    ("TFMwdExTMUNSVWRKVG", Anchor::Double),
    ("xTMHRMUzFDUlVkSlRp", Anchor::Double),
    ("MUzB0TFMxQ1JVZEpUa", Anchor::Double),
    ("MHRMUzB0UWtWSFNVN", Anchor::Double),
    ("B0TFMwdFFrVkhTVT", Anchor::Double),
    ("wdExTMHRRa1ZIU1U0", Anchor::Double),
    ("dExTMHRMVUpGUjBsT", Anchor::Double),
    ("RMUzB0TFVKRlIwbE", Anchor::Double),
    ("0TFMwdExVSkZSMGxP", Anchor::Double),
    // What keys of a kind have within them, in digits: the algorithm, or the length of the first number.
    ("020100300d06092a864886f70d0101", Anchor::Digits),
    ("020100300D06092A864886F70D0101", Anchor::Digits),
    ("020100301306072a8648ce3d0201", Anchor::Digits),
    ("020100301306072A8648CE3D0201", Anchor::Digits),
    ("020100301006072a8648ce3d0201", Anchor::Digits),
    ("020100301006072A8648CE3D0201", Anchor::Digits),
    ("020100300506032b65", Anchor::Digits),
    ("020100300506032B65", Anchor::Digits),
    ("020101300506032b65", Anchor::Digits),
    ("020101300506032B65", Anchor::Digits),
    ("02010002820101", Anchor::Digits),
    ("02010002820181", Anchor::Digits),
    ("02010002820201", Anchor::Digits),
    ("0201000281", Anchor::Digits),
    ("0201010420", Anchor::Digits),
    ("0201010430", Anchor::Digits),
    ("0201010442", Anchor::Digits),
    ("6f70656e7373682d6b65792d7631", Anchor::Digits),
    ("6F70656E7373682D6B65792D7631", Anchor::Digits),
    ("30 82 0", Anchor::Digits),
    ("30:82:0", Anchor::Digits),
    ("\\x30\\x", Anchor::Digits),
    ("\\x6f\\x70\\x65\\x6e", Anchor::Digits),
    ("\\x6F\\x70\\x65\\x6E", Anchor::Digits),
    // The first byte of a key among numbers.
    ("48,", Anchor::Numbers),
    ("0x30,", Anchor::Numbers),
    ("0X30,", Anchor::Numbers),
    ("45,", Anchor::Numbers),
    ("111,", Anchor::Numbers),
    ("0x6f,", Anchor::Numbers),
    ("0x6F,", Anchor::Numbers),
    ("0x30u8,", Anchor::Numbers),
    ("48u8,", Anchor::Numbers),
    ("45u8,", Anchor::Numbers),
    ("0x2du8,", Anchor::Numbers),
    ("111u8,", Anchor::Numbers),
    ("0x6fu8,", Anchor::Numbers),
    // The dash that armor begins with, however the numbers are set apart.
    ("0x2d,", Anchor::Numbers),
    ("0x2D,", Anchor::Numbers),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Armor,
    Escaped,
    Base64,
    Hexadecimal,
    Der,
    Double,
    Digits,
    Numbers,
}

/// Bytes that are decoded for nothing, for each byte of the text.
const FOR_NOTHING: usize = 4;

/// Finds keys at anchors, which come in the order of their places. Each byte is looked at a bounded number of times.
#[derive(Default)]
pub(super) struct Reader {
    /// Where the value ends that was read last.
    done: usize,
    /// Bytes that were decoded and that no key begins with.
    spent: usize,
}

impl Reader {
    pub(super) fn keys(&mut self, text: &[u8], at: usize, anchor: Anchor) -> Vec<Key> {
        if at < self.done {
            return Vec::new();
        }
        let rest = text.get(at..).unwrap_or_default();
        match anchor {
            Anchor::Armor => {
                let key = armored(rest);
                key.into_iter().map(|(kind, value, length)| Key { kind, start: at, end: at + length, value }).collect()
            }
            Anchor::Escaped => {
                let key = escaped(rest);
                key.into_iter().map(|(kind, value, length)| Key { kind, start: at, end: at + length, value }).collect()
            }
            Anchor::Hexadecimal => {
                let (decoded, length) = hexadecimal_run(rest, LONGEST);
                self.done = at + length;
                within(&decoded, at, at + length)
            }
            Anchor::Numbers | Anchor::Digits => {
                let mut left = (FOR_NOTHING * text.len() + LONGEST).saturating_sub(self.spent);
                let before = left;
                let run = if anchor == Anchor::Digits {
                    numbers::digits(text, at, &mut left)
                } else {
                    numbers::numbers(text, at).filter(|_| left > 0)
                };
                self.spent += before - left;
                let Some(run) = run else { return Vec::new() };
                self.spent += run.bytes.len();
                let found = match numbers::key(&run.bytes) {
                    Some((kind, value)) => vec![Key { kind, start: run.start, end: run.end, value: value.to_vec() }],
                    None => within(&run.bytes, run.start, run.end),
                };
                if !found.is_empty() {
                    self.done = run.end;
                }
                found
            }
            Anchor::Base64 | Anchor::Der | Anchor::Double => {
                let before = text.get(self.done..at).unwrap_or_default();
                let start = at - before.iter().rev().take_while(|byte| is_base64(**byte)).count();
                // What stands before `=` is a name.
                let start = text
                    .get(start..at)
                    .and_then(|head| head.iter().rposition(|byte| *byte == b'='))
                    .map_or(start, |sign| start + sign + 1);
                let run = text.get(start..text.len().min(start + LONGEST)).unwrap_or_default();
                let length = base64_run(run);
                self.done = start + length;
                let decoded = base64(run.get(..length).unwrap_or_default());
                if anchor == Anchor::Base64 {
                    return within(&decoded, start, start + length);
                }
                if anchor == Anchor::Double {
                    return twice(&decoded, start, start + length);
                }
                let key = numbers::key(&decoded);
                key.map(|(kind, value)| Key { kind, start, end: start + length, value: value.to_vec() })
                    .into_iter()
                    .collect()
            }
        }
    }
}

/// The keys of a text that was decoded and is base64 again.
fn twice(decoded: &[u8], start: usize, end: usize) -> Vec<Key> {
    let inner = ANCHORS.iter().filter(|(_, anchor)| *anchor == Anchor::Base64);
    let first = inner.filter_map(|(text, _)| memmem::find(decoded, text.as_bytes())).min();
    let keys = first.map(|at| Reader::default().keys(decoded, at, Anchor::Base64)).unwrap_or_default();
    keys.into_iter().map(|key| Key { start, end, ..key }).collect()
}

/// The keys in armor of a text that was decoded, at the place where it stands.
fn within(decoded: &[u8], start: usize, end: usize) -> Vec<Key> {
    memmem::find_iter(decoded, BEGIN)
        .filter_map(|at| armored(decoded.get(at..)?))
        .map(|(kind, value, _)| Key { kind, start, end, value })
        .collect()
}

/// A key whose armor begins with the first byte of `text`: its kind, its bytes, and its length as it stands there.
fn armored(text: &[u8]) -> Option<(&'static str, Vec<u8>, usize)> {
    let window = up_to_next(text);
    let head = window.get(BEGIN.len()..window.len().min(BEGIN.len() + 200))?;
    let label_end = memmem::find(head, DASHES)?;
    let label = label(head.get(..label_end)?);
    let kind = KINDS.iter().find(|(name, _, _)| *name == label)?;
    let body_start = BEGIN.len() + label_end + DASHES.len();
    let body = window.get(body_start..)?;
    let body_end = memmem::find(body, END)?;
    let tail = body.get(body_end + END.len()..body.len().min(body_end + END.len() + 200))?;
    let end = body_start + body_end + END.len() + memmem::find(tail, DASHES)? + DASHES.len();
    let inside = body.get(..body_end)?;
    let value = readings(inside).iter().find_map(|reading| {
        let reading = String::from_utf8_lossy(reading);
        MARKS.iter().map(|mark| base64(body_of(&reading, *mark).as_bytes())).find(|value| (kind.2)(value))
    })?;
    Some((kind.1, value, end))
}

/// A key whose armor has its dashes escaped, from the last of those before BEGIN on.
fn escaped(text: &[u8]) -> Option<(&'static str, Vec<u8>, usize)> {
    let word = memmem::find(text.get(..text.len().min(20))?, b"BEGIN")?;
    let (dash, rest) = (text.get(..word + 5)?, text.get(word + 5..text.len().min(LONGEST))?);
    let window = rest.get(..memmem::find(rest, dash).unwrap_or(rest.len()))?;
    let end = memmem::find(window, b"END")?;
    let window = window.get(..window.len().min(end + 200))?;
    readings(window).iter().find_map(|reading| {
        let (kind, value, _) = armored(&[BEGIN, reading.as_slice()].concat())?;
        Some((kind, value, word + 5 + end))
    })
}

/// The text up to the next place where armor begins: each byte of a file that repeats the beginning is then looked at once.
fn up_to_next(text: &[u8]) -> &[u8] {
    let window = text.get(..text.len().min(LONGEST)).unwrap_or_default();
    let end = memmem::find(window.get(BEGIN.len()..).unwrap_or_default(), BEGIN);
    window.get(..end.map_or(window.len(), |at| BEGIN.len() + at)).unwrap_or_default()
}

/// What the armor says that it holds, with the blanks that addresses, mail and markup write in their own ways.
fn label(text: &[u8]) -> String {
    let reading = readings(text).into_iter().next().unwrap_or_default();
    let reading = String::from_utf8_lossy(&reading).replace('+', " ");
    // The label may be in two literals that are joined.
    let reading: String = reading.chars().filter(|letter| !matches!(letter, '"' | '\'' | '.' | '&' | '\\')).collect();
    reading.split_whitespace().collect::<Vec<_>>().join(" ")
}

type Holds = fn(&[u8]) -> bool;
pub(super) const KINDS: &[(&str, &str, Holds)] = &[
    ("RSA PRIVATE KEY", "rsa-private-key", is_private_sequence),
    ("EC PRIVATE KEY", "ec-private-key", is_private_sequence),
    ("DSA PRIVATE KEY", "dsa-private-key", is_private_sequence),
    ("PRIVATE KEY", "pkcs8-private-key", is_private_sequence),
    ("OPENSSH PRIVATE KEY", "openssh-private-key", is_openssh),
    ("PGP PRIVATE KEY BLOCK", "pgp-private-key", is_pgp),
    ("ENCRYPTED SIGSTORE PRIVATE KEY", "cosign-private-key", is_cosign),
    ("ENCRYPTED COSIGN PRIVATE KEY", "cosign-private-key", is_cosign),
];

/// What may stand before every line that is also a letter of base64, or a word before some.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    None,
    Plus,
    Slashes,
    Words,
}
const MARKS: &[Mark] = &[Mark::None, Mark::Plus, Mark::Slashes, Mark::Words];

/// The base64 of a body, line by line, without what the language around it adds.
///
/// A sign of the language that is a letter as well (`+`, `/`) stands apart from the letters, behind a quote or a blank; where
/// it does not (a patch, a comment without a blank) it stands before every line, which is another way to read it.
fn body_of(text: &str, mark: Mark) -> String {
    let mut body = String::new();
    for (number, line) in text.split(['\n', '\r']).enumerate() {
        let line = line.trim();
        if is_header(line) {
            continue;
        }
        let line = match mark {
            Mark::Plus => line.strip_prefix('+').unwrap_or(line),
            Mark::Slashes => line.strip_prefix("//").unwrap_or(line),
            Mark::None | Mark::Words => line,
        };
        let mut pieces: Vec<Piece<'_>> = Vec::new();
        let mut rest = line;
        while let Some(start) = rest.find(|letter: char| u8::try_from(letter).is_ok_and(is_base64)) {
            let (before, from) = rest.split_at(start);
            let length = from.bytes().take_while(|byte| is_base64(*byte)).count();
            let (piece, after) = from.split_at(length);
            rest = after;
            let is_sign = piece.len() <= 3 && piece.bytes().all(|byte| matches!(byte, b'+' | b'/'));
            let quote = ['"', '\''];
            // `b"`, `r'`: the sort of a text; `=abcd`: the checksum of OpenPGP.
            let is_sort = piece.len() <= 2
                && piece.bytes().all(|byte| byte.is_ascii_alphabetic())
                && after.starts_with(quote)
                && !before.ends_with(quote);
            if !is_sign && !is_sort && !piece.starts_with('=') {
                pieces.push(Piece { text: piece, quoted: before.ends_with(quote) && after.starts_with(quote) });
            }
        }
        if mark == Mark::Words {
            // Words stand beside letters, or behind the line where the armor begins; a text is told by its quotes or length.
            if pieces.len() > 1 || number == 0 {
                pieces.retain(|piece| piece.quoted || piece.text.len() >= 16);
            }
        } else if pieces.len() > 1 && pieces.iter().all(|piece| piece.text.len() < 40) {
            // Several short words are a remark.
            continue;
        }
        body.extend(pieces.iter().map(|piece| piece.text));
    }
    body
}

/// Letters of base64 without another sign between them.
struct Piece<'a> {
    text: &'a str,
    /// Does a quote stand on both sides?
    quoted: bool,
}

/// `Proc-Type: 4,ENCRYPTED`, `Comment: ...`
fn is_header(line: &str) -> bool {
    let line = line.trim_start_matches(|letter: char| !letter.is_ascii_alphanumeric());
    let name = line.split(": ").next().filter(|name| name.len() < line.len());
    name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

/// A DER sequence that is whole and begins with a version. What is encrypted is none, whatever the headers of the armor say.
///
/// Source: X.690 section 8.1 (tag, length, contents).
fn is_private_sequence(der: &[u8]) -> bool {
    contents(der).is_some_and(|inside| der.len() > 32 && inside.first() == Some(&0x02))
}

/// What is in a DER sequence that fills `der`.
pub(super) fn contents(der: &[u8]) -> Option<&[u8]> {
    let (Some(0x30), Some(first)) = (der.first(), der.get(1)) else { return None };
    let (header, length) = match first {
        0..=0x7f => (2, usize::from(*first)),
        0x81..=0x83 => {
            let count = usize::from(first & 0x0f);
            let bytes = der.get(2..2 + count)?;
            (2 + count, bytes.iter().fold(0, |sum, byte| sum * 256 + usize::from(*byte)))
        }
        _ => return None,
    };
    if header + length == der.len() { der.get(header..) } else { None }
}

/// The kind of a private key in DER.
///
/// Sources: RFC 5958 (`PrivateKeyInfo`: version, algorithm, octets), RFC 8017 A.1.2, RFC 5915.
pub(super) fn der_kind(der: &[u8]) -> Option<&'static str> {
    let inside = contents(der).filter(|_| der.len() > 32)?;
    match inside {
        [0x02, 0x01, 0x00 | 0x01, 0x30, length, 0x06, ..] if *length < 0x20 => Some("pkcs8-private-key"),
        [0x02, 0x01, 0x00, 0x02, 0x81 | 0x82, ..] => Some("rsa-private-key"),
        [0x02, 0x01, 0x01, 0x04, 0x14..=0x42, ..] => Some("ec-private-key"),
        _ => None,
    }
}

/// An OpenSSH key of version 1 that no passphrase protects.
///
/// Source: OpenSSH, PROTOCOL.key: magic, cipher name, and so on as strings with a length before them.
pub(super) fn is_openssh(key: &[u8]) -> bool {
    // The beginning is also in programs that look for such keys; the numbers of the smallest key take more.
    const SMALLEST: usize = 128;
    let rest = key.strip_prefix(b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0");
    rest.is_some_and(|rest| rest.len() >= SMALLEST)
}

/// A key of cosign: always under a passphrase, which is empty where nobody gave one.
fn is_cosign(key: &[u8]) -> bool {
    let table: Option<serde_json::Value> = serde_json::from_slice(key).ok();
    table.is_some_and(|table| ["kdf", "cipher", "ciphertext"].iter().all(|member| table.get(member).is_some()))
}

/// An OpenPGP block whose first packet is a secret key.
///
/// Source: RFC 9580 section 4.2 (packet headers), section 5.5.1.3 (tag 5).
fn is_pgp(packets: &[u8]) -> bool {
    let Some(first) = packets.first() else { return false };
    let tag = if first & 0x40 == 0 { (first & 0x3c) >> 2 } else { first & 0x3f };
    first & 0x80 != 0 && tag == 5 && packets.len() > 64
}

/// A file that is a private key as bytes: DER, a PKCS#12 store with a key in it, a Java key store with one.
///
/// Sources: RFC 7292 section 4 (PFX version 3, bags of keys by their identifiers); `java.security.KeyStore` of type JKS.
pub(super) fn whole_file(bytes: &[u8]) -> Option<&'static str> {
    const KEY_BAGS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01];
    if let [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 1 | 2, _, _, _, _, 0, 0, 0, 1, ..] = bytes {
        return Some("java-keystore");
    }
    let inside = contents(bytes)?;
    if inside.starts_with(&[0x02, 0x01, 0x03, 0x30]) {
        let mut bags = memmem::find_iter(bytes, KEY_BAGS);
        return bags.any(|at| matches!(bytes.get(at + KEY_BAGS.len()), Some(1 | 2))).then_some("pkcs12-keystore");
    }
    der_kind(bytes)
}
