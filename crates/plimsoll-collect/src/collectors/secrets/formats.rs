//! The checks. Each takes bytes that begin with a rule's prefix and gives the length of the whole secret.

use base64::{
    Engine as _,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use memchr::{memchr, memmem};

/// Bytes of an armored key; one with pictures and many subkeys is long.
const LONGEST_KEY: usize = 1024 * 1024;

/// Exactly `count` bytes that `takes` accepts after the first `skip`, and no more after them.
pub(super) fn fixed(text: &[u8], skip: usize, count: usize, takes: fn(u8) -> bool) -> Option<usize> {
    let end = skip + count;
    let body = text.get(skip..end)?;
    let after = text.get(end).copied().unwrap_or(b' ');
    (body.iter().all(|byte| takes(*byte)) && !takes(after) && !after.is_ascii_alphanumeric()).then_some(end)
}

/// Groups of letters and digits between separators, each of a length within its bounds (`-` and `_` count in the last two).
pub(super) fn parts(text: &[u8], skip: usize, separator: u8, lengths: &[(usize, usize)]) -> Option<usize> {
    let mut at = skip;
    for (number, (least, most)) in lengths.iter().enumerate() {
        let takes = |byte: &u8| byte.is_ascii_alphanumeric() || (separator == b'.' && matches!(byte, b'_' | b'-'));
        let length = text.get(at..)?.iter().take(most + 1).take_while(|byte| takes(byte)).count();
        if length < *least || length > *most {
            return None;
        }
        at += length;
        if number + 1 < lengths.len() {
            if text.get(at) != Some(&separator) {
                return None;
            }
            at += 1;
        }
    }
    Some(at)
}

/// A token whose last six characters are the CRC-32 of the others in base 62.
///
/// Source: GitHub, "Behind GitHub's new authentication token formats" (2021); npm uses the same form.
pub(super) fn checked_base62(text: &[u8], skip: usize, count: usize) -> Option<usize> {
    let end = fixed(text, skip, count, |byte| byte.is_ascii_alphanumeric())?;
    let body = text.get(skip..end - 6)?;
    (base62(crc32fast::hash(body)).as_bytes() == text.get(end - 6..end)?).then_some(end)
}

/// `number` in six digits of 0-9, A-Z, a-z.
pub(super) fn base62(mut number: u32) -> String {
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        let value = (number % 62) as u8;
        number /= 62;
        *digit = match value {
            0..=9 => b'0' + value,
            10..=35 => b'A' + value - 10,
            _ => b'a' + value - 36,
        };
    }
    String::from_utf8_lossy(&digits).into_owned()
}

/// What comes after `prefix`, with which `text` begins, up to the next place that begins so: each byte of a file that repeats
/// the beginning is then looked at once and not once for each.
fn up_to_next<'a>(text: &'a [u8], prefix: &[u8], most: usize) -> &'a [u8] {
    let window = text.get(..text.len().min(most)).unwrap_or_default();
    let end = memmem::find(window.get(prefix.len()..).unwrap_or_default(), prefix);
    window.get(..end.map_or(window.len(), |at| prefix.len() + at)).unwrap_or_default()
}

/// The base64 between a line of armor and its end, decoded; with the length of the whole.
fn armored(text: &[u8], label: &str) -> Option<(Vec<u8>, usize)> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let window = up_to_next(text, b"-----BEGIN ", LONGEST_KEY);
    let at = memmem::find(window, end.as_bytes())?;
    let inside = window.get(begin.len()..at)?;
    // Keys in source code have their line breaks written as \n.
    let inside = String::from_utf8_lossy(inside).replace("\\n", "\n").replace("\\r", "");
    let body: String = inside
        .lines()
        .map(|line| line.trim().trim_matches(|character| "\"'+,`".contains(character)).trim())
        // Headers, checksums and remarks are no part of the key.
        .filter(|line| !line.starts_with('=') && line.bytes().all(|byte| is_base64(byte) || byte == b' '))
        .map(|line| line.replace(' ', ""))
        .collect();
    let decoded = STANDARD.decode(body.as_bytes()).ok()?;
    Some((decoded, at + end.len()))
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// A DER sequence that is whole. What is encrypted is none, whatever the headers of the armor say.
///
/// Source: X.690 section 8.1 (tag, length, contents).
pub(super) fn pem_key(text: &[u8], label: &str) -> Option<usize> {
    let (der, length) = armored(text, label)?;
    (is_sequence(&der) && der.len() > 32).then_some(length)
}

fn is_sequence(der: &[u8]) -> bool {
    let (Some(0x30), Some(first)) = (der.first(), der.get(1)) else { return false };
    let (header, length) = match first {
        0..=0x7f => (2, usize::from(*first)),
        0x81..=0x83 => {
            let count = usize::from(first & 0x0f);
            let Some(bytes) = der.get(2..2 + count) else { return false };
            (2 + count, bytes.iter().fold(0, |sum, byte| sum * 256 + usize::from(*byte)))
        }
        _ => return false,
    };
    // A private key begins with a version, an INTEGER.
    header + length == der.len() && der.get(header) == Some(&0x02)
}

/// An OpenSSH key of version 1 that no passphrase protects.
///
/// Source: OpenSSH, PROTOCOL.key: magic, cipher name, and so on as strings with a length before them.
pub(super) fn openssh_key(text: &[u8]) -> Option<usize> {
    let (key, length) = armored(text, "OPENSSH PRIVATE KEY")?;
    let rest = key.strip_prefix(b"openssh-key-v1\0")?;
    let cipher_length = u32::from_be_bytes(rest.get(..4)?.try_into().ok()?) as usize;
    (rest.get(4..4usize.checked_add(cipher_length)?)? == b"none").then_some(length)
}

/// An OpenPGP block whose first packet is a secret key.
///
/// Source: RFC 9580 section 4.2 (packet headers), section 5.5.1.3 (tag 5).
pub(super) fn pgp_key(text: &[u8]) -> Option<usize> {
    let (packets, length) = armored(text, "PGP PRIVATE KEY BLOCK")?;
    let first = *packets.first()?;
    let tag = if first & 0x40 == 0 { (first & 0x3c) >> 2 } else { first & 0x3f };
    (first & 0x80 != 0 && tag == 5 && packets.len() > 64).then_some(length)
}

/// A `PuTTY` key file that is not encrypted.
pub(super) fn putty(text: &[u8]) -> Option<usize> {
    let window = up_to_next(text, b"PuTTY-User-Key-File-", 16 * 1024);
    let mut head = window.split(|byte| *byte == b'\n');
    let version = matches!(head.next()?.get(20), Some(b'2' | b'3'));
    let plain = head.next()?.trim_ascii() == b"Encryption: none";
    let end = memmem::find(window, b"\nPrivate-MAC: ").or_else(|| memmem::find(window, b"\nPrivate-Hash: "))?;
    (version && plain && memmem::find(window, b"\nPrivate-Lines: ").is_some()).then_some(end)
}

/// A minisign or signify secret key: a comment, then base64 that begins with `Ed` and is as long as a secret key.
pub(super) fn base64_key_file(text: &[u8]) -> Option<usize> {
    let newline = memchr(b'\n', text.get(..text.len().min(1024))?)?;
    let rest = text.get(newline + 1..text.len().min(newline + 402))?;
    let line = rest.split(|byte| *byte == b'\n').next()?;
    if line.len() > 400 {
        return None;
    }
    let key = STANDARD.decode(line.trim_ascii()).ok()?;
    // signify: Ed BK kdf rounds salt checksum keynum and 64 bytes of key; minisign has 54 more in its own form.
    let secret = key.starts_with(b"EdBK") && key.len() == 104 || key.starts_with(b"EdSc") && key.len() == 158;
    secret.then_some(newline + 1 + line.len())
}

/// Bech32 of a 32-byte key, with its checksum.
///
/// Source: BIP 173 (the checksum), age-encryption.org/v1 (the word before it).
pub(super) fn age_secret(text: &[u8]) -> Option<usize> {
    const ALPHABET: &[u8] = b"QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    let end = fixed(text, 16, 58, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())?;
    let mut values: Vec<u8> = Vec::new();
    for byte in b"age-secret-key-" {
        values.push(byte >> 5);
    }
    values.push(0);
    values.extend(b"age-secret-key-".iter().map(|byte| byte & 31));
    for byte in text.get(16..end)? {
        values.push(u8::try_from(ALPHABET.iter().position(|letter| letter == byte)?).ok()?);
    }
    let check = values.iter().fold(1_u32, |check, value| {
        let top = check >> 25;
        let mixed = ((check & 0x01ff_ffff) << 5) ^ u32::from(*value);
        [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
            .iter()
            .enumerate()
            .fold(mixed, |mixed, (bit, generator)| if (top >> bit) & 1 == 1 { mixed ^ generator } else { mixed })
    });
    (check == 1).then_some(end)
}

/// A `PyPI` token: a macaroon whose location is the index's name.
pub(super) fn pypi(text: &[u8]) -> Option<usize> {
    let length = text
        .iter()
        .skip(5)
        .take(500)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        .count();
    let body = text.get(5..5 + length)?;
    let lenient = GeneralPurpose::new(
        &base64::alphabet::URL_SAFE,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let macaroon = lenient.decode(body).ok()?;
    let names_index = macaroon.windows(8).take(16).any(|part| part == b"pypi.org");
    (names_index && length >= 80).then_some(5 + length)
}

/// An access key id with a secret of 40 characters within the next lines. An id alone opens nothing.
pub(super) fn aws_pair(text: &[u8]) -> Option<usize> {
    let id = fixed(text, 4, 16, |byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))?;
    let near = text.get(id..text.len().min(id + 400))?;
    let is_secret = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+');
    let found = near.split(|byte| !is_secret(byte)).any(|word| {
        word.len() == 40
            && word.iter().any(u8::is_ascii_lowercase)
            && word.iter().any(u8::is_ascii_uppercase)
            && word.iter().any(u8::is_ascii_digit)
            && !word.iter().all(u8::is_ascii_hexdigit)
    });
    found.then_some(id)
}

/// The key file of a Google service account: the private key beside its id.
pub(super) fn google_service_account(text: &[u8]) -> Option<usize> {
    let near = up_to_next(text, b"\"private_key_id\"", 8000);
    let has = |needle: &[u8]| memmem::find(near, needle).is_some();
    let begin = ["-----BEGIN ", "PRIVATE KEY-----"].concat();
    (has(b"\"private_key\"") && has(begin.as_bytes()) && has(b".iam.gserviceaccount.com")).then_some(16)
}

/// Three groups of an incoming webhook.
pub(super) fn webhook(text: &[u8]) -> Option<usize> {
    let rest = text.get(33..)?;
    (rest.first() == Some(&b'T')).then(|| parts(text, 33, b'/', &[(9, 12), (9, 12), (24, 24)])).flatten()
}

/// `<digits>:AA<33>`: the prefix is in the middle, so the digits before it are not seen here, only what follows.
pub(super) fn telegram(text: &[u8]) -> Option<usize> {
    fixed(text, 3, 33, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Three groups, the first of which is a number in base64.
pub(super) fn discord(text: &[u8]) -> Option<usize> {
    let end = parts(text, 0, b'.', &[(24, 28), (6, 6), (27, 38)])?;
    let first = text.get(..text.iter().position(|byte| *byte == b'.')?)?;
    let lenient = GeneralPurpose::new(
        &base64::alphabet::URL_SAFE,
        GeneralPurposeConfig::new()
            .with_decode_padding_mode(DecodePaddingMode::Indifferent)
            .with_decode_allow_trailing_bits(true),
    );
    let number = lenient.decode(first).ok()?;
    (number.len() >= 17 && number.iter().all(u8::is_ascii_digit)).then_some(end)
}

/// 64 bytes in base64.
pub(super) fn azure_account_key(text: &[u8]) -> Option<usize> {
    let key = text.get(11..99)?;
    (STANDARD.decode(key).ok()?.len() == 64).then_some(99)
}

/// A key with the marker that all of them have in the middle.
pub(super) fn openai(text: &[u8]) -> Option<usize> {
    let length =
        text.iter().take(220).take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')).count();
    let key = text.get(..length)?;
    let marker = ["T3Blbk", "FJ"].concat();
    (length >= 48 && key.windows(8).any(|part| part == marker.as_bytes())).then_some(length)
}
