//! The letters of which tokens are made, and the checks of tokens that are letters by chance alone.

use super::formats::Span;

/// The letters after the beginning, and what shows that chance made them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// 0-9 and a-f.
    Hex,
    /// 0-9 and a-f in either case.
    AnyHex,
    /// a-z and 2-7.
    Base32,
    /// a-z and 0-9, with a digit.
    Lower,
    /// A-Z and 0-9, with a digit.
    Upper,
    /// A-Z, a-z and 0-9, with a digit.
    Any,
    /// The same: both cases and a digit.
    Mixed,
    /// The same with `_` and `-`.
    Address,
    /// The same with `+`, `/` and `=`.
    Base64,
}

impl Letters {
    fn takes(self, byte: u8) -> bool {
        match self {
            Self::Hex => byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'),
            Self::AnyHex => byte.is_ascii_hexdigit(),
            Self::Base32 => matches!(byte, b'a'..=b'z' | b'2'..=b'7'),
            Self::Lower => byte.is_ascii_digit() || byte.is_ascii_lowercase(),
            Self::Upper => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            Self::Any | Self::Mixed => byte.is_ascii_alphanumeric(),
            Self::Address => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Base64 => byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='),
        }
    }

    /// Names in programs are words: they have no digits, or one case. Digests and UUIDs have no letter beyond F.
    fn is_by_chance(self, value: &[u8]) -> bool {
        let digit = value.iter().any(u8::is_ascii_digit);
        let digest = value.iter().all(|byte| !byte.is_ascii_alphabetic() || byte.is_ascii_hexdigit());
        match self {
            Self::Hex | Self::AnyHex | Self::Base32 => digit,
            Self::Lower | Self::Upper | Self::Any => digit && !digest,
            Self::Mixed | Self::Address | Self::Base64 => {
                let cases = value.iter().any(u8::is_ascii_lowercase) && value.iter().any(u8::is_ascii_uppercase);
                digit && !digest && cases
            }
        }
    }
}

/// The length of a secret that begins with the first byte: `skip` bytes, then `least` to `most` letters and no more.
pub(super) fn rest(text: &[u8], skip: usize, letters: Letters, least: usize, most: usize) -> Option<usize> {
    let body = text.get(skip..)?;
    let length = body.iter().take(most + 1).take_while(|byte| letters.takes(**byte)).count();
    let goes_on = body.get(length).is_some_and(u8::is_ascii_alphanumeric);
    ((least..=most).contains(&length) && !goes_on && letters.is_by_chance(body.get(..length)?)).then_some(skip + length)
}

/// Where the secret is that has `head` letters before the marker at `at` and `tail` behind it, and no more on either side.
pub(super) fn within(
    text: &[u8],
    at: usize,
    marker: usize,
    letters: Letters,
    head: usize,
    tail: usize,
) -> Option<Span> {
    let (start, end) = (at.checked_sub(head)?, at + marker + tail);
    let value = text.get(start..end)?;
    let goes_on = |byte: Option<&u8>| byte.is_some_and(|byte| letters.takes(*byte) && *byte != b'=');
    let before = start.checked_sub(1).and_then(|before| text.get(before));
    let whole = value.iter().all(|byte| letters.takes(*byte)) && !goes_on(before) && !goes_on(text.get(end));
    (whole && letters.is_by_chance(value)).then_some(Span { start, end })
}
