//! The checks. Each takes bytes that begin with a rule's prefix and gives the length of the whole secret.

use base64::{
    Engine as _,
    engine::{
        DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig,
        general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    },
};
use memchr::{memchr, memmem};

use super::placeholders::reads_as_example;

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

/// `ghs_<app>_<JSON Web Token>`, as installations of apps get them since 2026.
///
/// Source: GitHub changelog, "Notice about upcoming new format for GitHub App installation tokens" (April 2026); RFC 7519.
pub(super) fn github_stateless(text: &[u8]) -> Option<usize> {
    let digits = text.get(4..)?.iter().take(13).take_while(|byte| byte.is_ascii_digit()).count();
    let begin = 5 + digits;
    let jwt = text.get(4 + digits..)?.strip_prefix(b"_")?;
    let length = parts(jwt, 0, b'.', &[(16, 300), (40, 1500), (40, 1000)])?;
    let header = jwt.split(|byte| *byte == b'.').next()?;
    let header: serde_json::Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
    (digits > 0 && header.get("alg").is_some()).then_some(begin + length)
}

/// A key with the mark that all newer ones of Microsoft's have: 84 letters, the mark behind 52 of them.
///
/// Source: Microsoft, "Common annotated security keys" (2024).
pub(super) fn annotated(text: &[u8], at: usize) -> Option<Span> {
    around(text, at, 6, 52, (26, 26), is_alphanumeric)
}

/// Does an annotated key name the service that issues tokens of Azure `DevOps`?
pub(super) fn is_devops(text: &[u8], key: Span) -> bool {
    text.get(key.start + 76..key.start + 80).is_some_and(|issuer| issuer == b"AZDO")
}

/// Between `least` and `most` bytes that `takes` accepts after the first `skip`, and no more after them.
pub(super) fn ranged(text: &[u8], skip: usize, least: usize, most: usize, takes: fn(u8) -> bool) -> Option<usize> {
    let body = text.get(skip..)?;
    let length = body.iter().take(most + 1).take_while(|byte| takes(**byte)).count();
    (least..=most).contains(&length).then_some(skip + length)
}

pub(super) fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

/// A letter of base64 for addresses.
pub(super) fn is_address_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

pub(super) fn is_hexadecimal(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'a'..=b'f')
}

/// What comes after `prefix`, with which `text` begins, up to the next place that begins so: each byte of a file that repeats
/// the beginning is then looked at once and not once for each.
fn up_to_next<'a>(text: &'a [u8], prefix: &[u8], most: usize) -> &'a [u8] {
    let window = text.get(..text.len().min(most)).unwrap_or_default();
    let end = memmem::find(window.get(prefix.len()..).unwrap_or_default(), prefix);
    window.get(..end.map_or(window.len(), |at| prefix.len() + at)).unwrap_or_default()
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

/// An access key's id. Alone it opens nothing: its secret is sought in the whole file.
pub(super) fn aws_id(text: &[u8]) -> Option<usize> {
    fixed(text, 4, 16, |byte| matches!(byte, b'A'..=b'Z' | b'2'..=b'7'))
}

/// Where the words of the file are that a secret access key can be: 40 letters of base64, mixed as random ones are.
pub(super) fn aws_secrets(text: &[u8]) -> Vec<usize> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+');
    let mut all = Vec::new();
    let mut start = 0;
    for at in 0..=text.len() {
        if text.get(at).is_some_and(|byte| is_letter(*byte)) {
            continue;
        }
        // An escape before it ends with letters.
        let word_start = start;
        for skipped in [0, 1, 2, 3, 5] {
            let from = word_start + skipped;
            if at >= from + 40 && at - from == 40 && (skipped == 0 || starts_behind_escape(text, from)) {
                all.extend(is_aws_secret(text.get(from..at).unwrap_or_default()).then_some(from));
            }
        }
        start = at + 1;
    }
    all
}

fn is_aws_secret(word: &[u8]) -> bool {
    word.iter().any(u8::is_ascii_lowercase)
        && word.iter().any(u8::is_ascii_uppercase)
        && word.iter().any(u8::is_ascii_digit)
        && !word.iter().all(u8::is_ascii_hexdigit)
        && !reads_as_example(word, false)
}

/// The name that AWS gives to the secret, with a value of its form: `aws_secret_access_key = ...`.
pub(super) fn aws_named_secret(text: &[u8], at: usize) -> Option<Span> {
    let rest = text.get(at..text.len().min(at + 100))?;
    let name = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-'))?;
    let value =
        name + rest.get(name..)?.iter().position(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'))?;
    let end = fixed(rest, value, 40, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'))?;
    (value - name <= 12 && is_aws_secret(rest.get(value..end)?)).then_some(Span { start: at + value, end: at + end })
}

/// Does an escape or an encoded sign end right before `at`? Then a word begins there.
///
/// `\n`, `\x20`, `\u0022`, `\040`, `%20`, `%u0020`, `=3D`.
pub(super) fn starts_behind_escape(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(6)..at).unwrap_or_default();
    let hexadecimal = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
    match before {
        [.., b'\\', b'a'..=b'z' | b'0'] => true,
        [.., b'\\', b'x', a, b] | [.., b'%' | b'=', a, b] => hexadecimal(&[*a, *b]),
        [.., b'\\' | b'%', b'u', a, b, c, d] => hexadecimal(&[*a, *b, *c, *d]),
        [.., b'\\', a, b, c] => [a, b, c].iter().all(|digit| (b'0'..=b'7').contains(digit)),
        _ => false,
    }
}

/// Where a secret is of which the fixed part is in the middle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// How many bytes right before `at` are accepted, up to `most`.
fn back(text: &[u8], at: usize, most: usize, takes: fn(u8) -> bool) -> usize {
    let before = text.get(at.saturating_sub(most)..at).unwrap_or_default();
    before.iter().rev().take_while(|byte| takes(**byte)).count()
}

/// `head` bytes before the marker and `least` to `most` behind it, and no more on either side.
pub(super) fn around(
    text: &[u8],
    at: usize,
    marker: usize,
    head: usize,
    tail: (usize, usize),
    takes: fn(u8) -> bool,
) -> Option<Span> {
    let whole = back(text, at, head, takes) == head && begins(text, at - head);
    let end = ranged(text.get(at..)?, marker, tail.0, tail.1, takes)?;
    if whole { Some(Span { start: at - head, end: at + end }) } else { None }
}

/// May a value begin at `start`: no letter of a word is before it, or one that ends an escape?
pub(super) fn begins(text: &[u8], start: usize) -> bool {
    let before = start.checked_sub(1).and_then(|before| text.get(before));
    !before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') || starts_behind_escape(text, start)
}

/// Is one of the words in the text around the place, without regard to case?
pub(super) fn is_near(text: &[u8], at: usize, reach: usize, words: &[&str]) -> bool {
    let near = text.get(at.saturating_sub(reach)..text.len().min(at + reach)).unwrap_or_default().to_ascii_lowercase();
    words.iter().any(|word| memmem::find(&near, word.as_bytes()).is_some())
}

/// A `WireGuard` key: 32 bytes in base64.
pub(super) fn wireguard(text: &[u8]) -> Option<usize> {
    let sign = text.get(..24)?.iter().position(|byte| *byte == b'=')?;
    let value = sign + 1 + text.get(sign + 1..)?.iter().take(4).take_while(|byte| **byte == b' ').count();
    let key = text.get(value..value + 44)?;
    (key.last() == Some(&b'=') && STANDARD.decode(key).ok()?.len() == 32).then_some(value + 44)
}

/// A JSON Web Key with its private part.
///
/// Source: RFC 7518 section 6.2.2 and 6.3.2, RFC 8037 section 2: the member `d`.
pub(super) fn private_jwk(text: &[u8], at: usize) -> Option<Span> {
    let start = at.saturating_sub(400);
    let head = text.get(start..at)?;
    let open = start
        + head.iter().rposition(|byte| matches!(byte, b'{' | b'}')).filter(|place| head.get(*place) == Some(&b'{'))?;
    // A second one is no key, and would make every one of many look at all.
    if memmem::find(text.get(open..at)?, b"kty").is_some() {
        return None;
    }
    let object = text.get(open..text.len().min(open + 8000))?;
    let close = memchr(b'}', object)?;
    let object = String::from_utf8_lossy(object.get(..close)?).replace('\\', "");
    let member = |name: &str| {
        let (_, rest) = object.split_once(&format!("\"{name}\""))?;
        let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.split('"').next().map(ToOwned::to_owned)
    };
    let private = member("d").filter(|value| value.bytes().all(is_address_letter))?;
    let whole = match member("kty")?.as_str() {
        "EC" => member("x").is_some() && private.len() >= 42,
        "OKP" => member("crv").is_some() && private.len() >= 43,
        "RSA" => member("n").is_some() && private.len() >= 86,
        _ => false,
    };
    whole.then_some(Span { start: open, end: open + close + 1 })
}

/// `_authToken=` of an npm registry with a token in the form of a UUID.
pub(super) fn npm_legacy(text: &[u8]) -> Option<usize> {
    let token = text.get(11..47)?;
    let is_uuid = token.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (is_uuid && !text.get(47).is_some_and(|byte| is_address_letter(*byte))).then_some(47)
}

/// Three groups of an incoming webhook.
pub(super) fn webhook(text: &[u8]) -> Option<usize> {
    let rest = text.get(33..)?;
    (rest.first() == Some(&b'T')).then(|| parts(text, 33, b'/', &[(9, 12), (9, 12), (24, 24)])).flatten()
}

/// `<8 to 10 digits>:AA<33>`.
pub(super) fn telegram(text: &[u8], at: usize) -> Option<Span> {
    let end = at + fixed(text.get(at..)?, 3, 33, is_address_letter)?;
    let digits = back(text, at, 20, |byte| byte.is_ascii_digit());
    let count = (8..=10).rev().find(|count| *count <= digits && begins(text, at - count))?;
    Some(Span { start: at - count, end })
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

/// Letters of both cases and digits, as random ones are.
pub(super) fn mixed(value: &[u8]) -> bool {
    value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_lowercase)
        && value.iter().any(u8::is_ascii_uppercase)
}

/// `CCIPAT_<22 of base 58>_<40 hexadecimal digits>`.
pub(super) fn circleci(text: &[u8]) -> Option<usize> {
    let end = 7 + text.get(7..)?.iter().take(24).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let sum = fixed(text.get(end..)?.strip_prefix(b"_")?, 0, 40, is_hexadecimal)?;
    (end >= 27).then_some(end + 1 + sum)
}

/// `ATBB<24 letters><8 hexadecimal digits>`.
pub(super) fn bitbucket(text: &[u8]) -> Option<usize> {
    let end = fixed(text, 4, 32, is_alphanumeric)?;
    let sum = text.get(end - 8..end)?.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'A'..=b'F'));
    (sum && mixed(text.get(4..end)?)).then_some(end)
}

/// A table in base64 with these members.
pub(super) fn base64_json(text: &[u8], skip: usize, members: &[&str]) -> Option<usize> {
    let end = ranged(text, skip, 40, 500, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))?;
    let lenient = GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
    );
    let table: serde_json::Value = serde_json::from_slice(&lenient.decode(text.get(skip..end)?).ok()?).ok()?;
    members.iter().all(|member| table.get(member).is_some()).then_some(end)
}

/// `/T.../A.../<digits>/<24 letters>` of a workflow or trigger.
pub(super) fn slack_workflow(text: &[u8], skip: usize) -> Option<usize> {
    let is_workspace = matches!(text.get(skip), Some(b'T' | b'E'));
    let found = parts(text, skip, b'/', &[(8, 14), (8, 14), (10, 20), (24, 24)]);
    found.or_else(|| parts(text, skip, b'/', &[(8, 14), (10, 20), (32, 32)])).filter(|_| is_workspace)
}

/// `https://discord.com/api/webhooks/<17 to 20 digits>/<60 to 80 letters>`.
pub(super) fn discord_webhook(text: &[u8], at: usize) -> Option<Span> {
    let head = text.get(at.saturating_sub(24)..at)?;
    let host = ["discord.com", "discordapp.com"].iter().find(|host| head.ends_with(host.as_bytes()))?;
    let id = at + b"/api/webhooks/".len();
    let digits = text.get(id..)?.iter().take(21).take_while(|byte| byte.is_ascii_digit()).count();
    let rest = text.get(id + digits..)?.strip_prefix(b"/")?;
    let end = ranged(rest, 0, 60, 80, is_address_letter)?;
    (17..=20).contains(&digits).then_some(Span { start: at - host.len(), end: id + digits + 1 + end })
}

/// `<GUID>@<GUID>/IncomingWebhook/<32 hexadecimal digits>/<GUID>` behind the host of Office.
pub(super) fn teams_webhook(text: &[u8], at: usize) -> Option<Span> {
    let start = at + b".webhook.office.com/webhookb2/".len();
    let rest = text.get(start..text.len().min(start + 200))?;
    let is_guid = |from: usize| {
        rest.get(from..from + 36).is_some_and(|guid| guid.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-'))
    };
    let middle = rest.get(73..)?.strip_prefix(b"/IncomingWebhook/")?;
    let key = fixed(middle, 0, 32, is_alphanumeric)?;
    let whole = is_guid(0) && rest.get(36) == Some(&b'@') && is_guid(37) && is_guid(73 + 17 + key + 1);
    whole.then_some(Span { start, end: start + 73 + 17 + key + 37 })
}

/// The signature of an address that opens a store or a workflow of Azure for whoever has it.
///
/// Source: Microsoft, "Create a service SAS" (`sv`, `se`, `sig`: HMAC-SHA256 in base64, encoded for addresses).
pub(super) fn azure_signature(text: &[u8], at: usize) -> Option<Span> {
    at.checked_sub(1)
        .and_then(|before| text.get(before))
        .filter(|byte| matches!(byte, b'?' | b'&' | b';' | b'6' | b'"' | b'\''))?;
    let start = at + 4;
    let rest = text.get(start..)?;
    // 43 letters, of which an address writes two with a sign and digits.
    let (mut end, mut letters) = (0, 0);
    while letters < 44 {
        end += match rest.get(end..)? {
            [b'%', b'2', b'B' | b'b' | b'F' | b'f', ..] => 3,
            [byte, ..] if is_address_letter(*byte) || matches!(byte, b'+' | b'/') => 1,
            _ => break,
        };
        letters += 1;
    }
    let is_sum = letters == 43;
    let has = |words: &[&str]| is_near(text, at, 400, words);
    let is_store = has(&["sv=20"]) && has(&["se=20"]);
    (is_sum && (is_store || has(&["logic.azure.com", "powerplatform.com"]))).then_some(Span { start, end: start + end })
}
