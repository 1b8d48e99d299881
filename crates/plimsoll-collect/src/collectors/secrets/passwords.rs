//! Passwords where a form says that one is: in addresses, in `.netrc`, in the settings of docker and npm, behind a service's name.
//!
//! No structure proves a password, so what reads as a placeholder, and what is for this machine or a made-up host, is none.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use memchr::memchr;

use super::{
    formats::{Span, is_address_letter},
    placeholders::reads_as_example,
};

/// Bytes of a name with its password in an address.
const LONGEST: usize = 256;
/// Words that stand for a password, alone or with digits and signs about them.
const WORDS: &[&str] = &[
    "admin",
    "bar",
    "baz",
    "changeit",
    "changeme",
    "credential",
    "default",
    "foo",
    "guest",
    "hello",
    "hunter",
    "letmein",
    "login",
    "my",
    "name",
    "pass",
    "passw",
    "passwd",
    "password",
    "phrase",
    "postgres",
    "pwd",
    "qux",
    "qwerty",
    "root",
    "secret",
    "super",
    "test",
    "token",
    "user",
    "username",
    "word",
    "world",
    "xxx",
    "your",
];
/// How tokens begin, and what GitHub takes in the place of a password.
const TOKENS: &[&str] = &[
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "gldt-",
    "npm_",
    "pypi-",
    "sk_",
    "xoxb-",
    "dckr_pat_",
    "x-oauth-basic",
    "x-access-token",
];
/// Hosts that nobody else reaches, or that documentation keeps for itself (RFC 2606, RFC 5737, RFC 6761).
const MADE_UP: &[&str] = &[
    "example",
    "test",
    "invalid",
    "localhost",
    "local",
    "internal",
    "lan",
    "home",
    "example.com",
    "example.org",
    "example.net",
];
const MADE_UP_START: &[&str] = &["127.", "0.0.0.0", "192.0.2.", "198.51.100.", "203.0.113."];

/// `scheme://name:password@host`: where the password is. The marker is what comes behind the scheme.
pub(super) fn in_address(text: &[u8], at: usize) -> Option<Span> {
    at.checked_sub(1).and_then(|before| text.get(before)).filter(|byte| byte.is_ascii_alphanumeric())?;
    let slashes = if text.get(at + 1) == Some(&b'\\') { 5 } else { 3 };
    let start = at + slashes;
    let window = text.get(start..text.len().min(start + LONGEST))?;
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace()
            || matches!(byte, b'"' | b'\'' | b'`' | b'/' | b'<' | b'>' | b'\\' | b'?' | b'#' | b'|')
    };
    let window = window.get(..window.iter().position(ends).unwrap_or(window.len()))?;
    let colon = memchr(b':', window)?;
    // A password may have such a sign, and so may what comes behind the address.
    let signs = [window.iter().rposition(|byte| *byte == b'@')?, memchr(b'@', window)?];
    signs.into_iter().find_map(|sign| {
        let password = window.get(colon + 1..sign)?;
        let rest = text.get(start + sign + 1..text.len().min(start + sign + 1 + LONGEST))?;
        (is_reachable(rest) && is_password(password, window.get(..colon)?))
            .then_some(Span { start: start + colon + 1, end: start + sign })
    })
}

/// `machine HOST login NAME password PASSWORD`, in any lines.
pub(super) fn in_netrc(text: &[u8], at: usize) -> Option<Span> {
    let start = at + b"machine ".len();
    let window = text.get(start..text.len().min(start + 400))?;
    let mut words = words_of(window);
    let (_, host) = words.next()?;
    let mut name: &[u8] = b"";
    // `account` may come as well.
    for _ in 0..3 {
        let (_, key) = words.next()?;
        let (place, value) = words.next()?;
        match key {
            b"login" => name = value,
            b"password" => {
                let stop = |byte: &u8| matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b'<' | b'}' | b')' | b']' | b',');
                let value = value.get(..value.iter().position(stop).unwrap_or(value.len()))?;
                let is_it = is_reachable(host) && is_password(value, name);
                return is_it.then_some(Span { start: start + place, end: start + place + value.len() });
            }
            b"account" => {}
            _ => return None,
        }
    }
    None
}

fn words_of(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text.get(at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let length = text.get(at..)?.iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
        let word = text.get(at..at + length).filter(|word| !word.is_empty())?;
        at += length;
        Some((at - length, word))
    })
}

/// A name and its password in base64, behind `"auth"` of docker's settings or `_auth` of npm's.
pub(super) fn in_basic(text: &[u8], at: usize, name: usize) -> Option<Span> {
    let value = value_behind(text, at + name)?;
    let window = text.get(value..text.len().min(value + 400))?;
    let length =
        window.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')).count();
    let decoded = STANDARD.decode(window.get(..length).filter(|_| length >= 16)?).ok()?;
    let colon = memchr(b':', &decoded)?;
    let (user, password) = (decoded.get(..colon)?, decoded.get(colon + 1..)?);
    let is_text = decoded.iter().all(u8::is_ascii_graphic) && !user.is_empty();
    (is_text && is_password(password, user)).then_some(Span { start: value, end: value + length })
}

/// A value of a form of its own behind the name that a service gives to it: `TWILIO_AUTH_TOKEN=...`.
pub(super) fn behind_name(text: &[u8], at: usize, name: usize, form: fn(&[u8]) -> Option<usize>) -> Option<Span> {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    if before.is_some_and(u8::is_ascii_alphanumeric) && !super::formats::starts_behind_escape(text, at) {
        return None;
    }
    let value = value_behind(text, at + name)?;
    let length = form(text.get(value..)?)?;
    Some(Span { start: value, end: value + length })
}

/// Where the value begins that is given to a name which ends at `at`: behind quotes, blanks and one sign.
fn value_behind(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..text.len().min(at + 24))?;
    let is_between =
        |byte: &u8| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'`' | b'\\' | b'=' | b':' | b'>' | b',' | b'(');
    let between = rest.iter().take_while(|byte| is_between(byte)).count();
    let signs = rest.get(..between)?.iter().filter(|byte| matches!(byte, b'=' | b':' | b',' | b'(' | b' ')).count();
    (signs > 0).then_some(at + between)
}

/// 8-4-4-4-12 hexadecimal digits.
pub(super) fn uuid(text: &[u8]) -> Option<usize> {
    let body = text.get(..36)?;
    let fits = body.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (fits && !text.get(36).is_some_and(|byte| is_address_letter(*byte))).then_some(36)
}

/// May this be somebody's password, and no word that stands for one?
fn is_password(value: &[u8], name: &[u8]) -> bool {
    let is_made = |byte: &u8| {
        !byte.is_ascii_graphic() || matches!(byte, b'$' | b'{' | b'}' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'*')
    };
    // A token is judged by its own form; where it has not that, it stands for one.
    let is_token = TOKENS.iter().any(|start| value.starts_with(start.as_bytes()));
    if is_token || value.len() < 8 || value.eq_ignore_ascii_case(name) || value.iter().any(is_made) {
        return false;
    }
    // `%s` and the like are filled in later; `%40` is a letter.
    let mut signs = value.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    let is_letter =
        |at: usize| value.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    if !signs.all(|(at, _)| is_letter(at)) {
        return false;
    }
    let sorts = [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit, u8::is_ascii_punctuation];
    let sorts = sorts.iter().filter(|sort| value.iter().any(*sort)).count();
    if sorts < 2 && value.len() < 16 {
        return false;
    }
    let plain = String::from_utf8_lossy(value).to_ascii_lowercase();
    // `p4ssw0rd` is the word.
    let spelled: String = plain
        .chars()
        .map(|letter| match letter {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            letter => letter,
        })
        .collect();
    let mut covered = vec![false; plain.len()];
    for (text, word) in [&plain, &spelled].into_iter().flat_map(|text| WORDS.iter().map(move |word| (text, *word))) {
        for (start, _) in text.match_indices(word) {
            covered.iter_mut().skip(start).take(word.len()).for_each(|one| *one = true);
        }
    }
    let covered = covered.iter().filter(|one| **one).count();
    covered * 2 < value.len() && (value.len() < 24 || !reads_as_example(value, false)) && !plain.contains("example")
}

/// Is the host one that others reach: with a point or an address, not this machine and none of documentation?
fn is_reachable(host: &[u8]) -> bool {
    let length = host.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')).count();
    let host = String::from_utf8_lossy(host.get(..length).unwrap_or_default()).to_ascii_lowercase();
    let host = host.trim_end_matches('.');
    let made_up =
        MADE_UP.iter().any(|name| host == *name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.')));
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_name = last.len() >= 2 && last.bytes().all(|byte| byte.is_ascii_alphabetic());
    let is_number = host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    host.contains('.')
        && (is_name || is_number)
        && !made_up
        && !host.contains("example")
        && !MADE_UP_START.iter().any(|start| host.starts_with(start))
}
