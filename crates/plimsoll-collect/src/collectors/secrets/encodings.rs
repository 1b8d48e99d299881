//! What source code and data formats do to a text, undone. Each takes any bytes and gives no more than it was given.

use memchr::memchr;

/// How often one writing is undone: text in JSON in JSON in a script.
const DEEPEST: usize = 4;

/// The texts that `window` may stand for, the most decoded first; without an escape that is `window` alone.
pub(super) fn readings(window: &[u8]) -> Vec<Vec<u8>> {
    let mut plain = window.to_vec();
    for _ in 0..DEEPEST {
        if memchr(b'\\', &plain).is_none() {
            break;
        }
        plain = without_backslashes(&plain);
    }
    let mut all = Vec::new();
    if memchr(b'&', &plain).is_some() {
        all.push(without_entities(&plain));
    }
    if memchr(b'%', &plain).is_some() {
        all.push(without_signs(&plain, b'%'));
    }
    if plain.windows(2).any(|pair| matches!(pair, [b'=', b'0'..=b'9' | b'A'..=b'F' | b'\r' | b'\n'])) {
        all.push(without_signs(&plain, b'='));
    }
    all.push(plain);
    all
}

/// `\n`, `\u002b`, `\x2b`, `\/` and the like once. A backslash before a line's end is that end.
fn without_backslashes(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        let Some(next) = text.get(at).filter(|_| *byte == b'\\') else {
            // One that ends the text stands for nothing.
            if *byte != b'\\' {
                out.push(*byte);
            }
            continue;
        };
        at += 1;
        match next {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'x' | b'u' => {
                let digits = if *next == b'x' { 2 } else { 4 };
                match text.get(at..at + digits).and_then(hexadecimal) {
                    Some(value) => {
                        out.push(value);
                        at += digits;
                    }
                    None => out.push(*next),
                }
            }
            b'0'..=b'7' => {
                let octal = text.get(at - 1..at + 2).and_then(|digits| {
                    let digits = std::str::from_utf8(digits).ok()?;
                    u8::from_str_radix(digits, 8).ok()
                });
                out.push(octal.unwrap_or(*next));
                at += if octal.is_some() { 2 } else { 0 };
            }
            other => out.push(*other),
        }
    }
    out
}

/// The byte that hexadecimal digits mean; nothing for what is no ASCII.
fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let value = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    u8::try_from(value).ok().filter(u8::is_ascii)
}

/// `%20` of addresses, `=3D` and the soft line ends of mail.
fn without_signs(text: &[u8], sign: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if *byte == sign {
            if let Some(value) = text.get(at + 1..at + 3).and_then(hexadecimal) {
                out.push(value);
                at += 3;
                continue;
            }
            if sign == b'=' {
                let end = text.get(at + 1..).unwrap_or_default();
                let skipped = if end.starts_with(b"\r\n") { 3 } else { 2 };
                if end.starts_with(b"\r\n") || end.starts_with(b"\n") {
                    at += skipped;
                    continue;
                }
            }
        }
        out.push(*byte);
        at += 1;
    }
    out
}

/// `&#10;`, `&#x2B;`, `&quot;` and what else is short. `&amp;` is undone once.
fn without_entities(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if *byte == b'&' {
            let window = text.get(at + 1..text.len().min(at + 12)).unwrap_or_default();
            if let Some(end) = memchr(b';', window)
                && let Some(value) = window.get(..end).and_then(entity)
            {
                out.push(value);
                at += end + 2;
                continue;
            }
        }
        out.push(*byte);
        at += 1;
    }
    out
}

fn entity(name: &[u8]) -> Option<u8> {
    let name = std::str::from_utf8(name).ok()?;
    let number = name.strip_prefix('#');
    let value = match number.map(|number| (number, number.strip_prefix(['x', 'X']))) {
        Some((_, Some(digits))) => u32::from_str_radix(digits, 16).ok()?,
        Some((digits, None)) => digits.parse().ok()?,
        None => match name {
            "nbsp" | "Tab" => u32::from(b' '),
            "NewLine" => u32::from(b'\n'),
            "plus" => u32::from(b'+'),
            "sol" => u32::from(b'/'),
            "equals" => u32::from(b'='),
            "quot" | "apos" | "lt" | "gt" | "amp" => u32::from(b'"'),
            _ => return None,
        },
    };
    u8::try_from(value).ok().filter(u8::is_ascii)
}

/// Base64 without asking for padding or whole groups; other bytes are passed over and `=` ends it.
pub(super) fn base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in text {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    out
}

pub(super) fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// How many bytes of `text` are one value in base64: letters, with the line ends of a value that is wrapped between them.
pub(super) fn base64_run(text: &[u8]) -> usize {
    let (mut end, mut line) = (0, 0);
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        if is_base64(*byte) {
            line += 1;
            at += 1;
            end = at;
        } else if line >= 40 && (byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'\\' | b',')) {
            // A wrapped value goes on after its line; what lies between is short.
            let gap = text.get(at..text.len().min(at + 60)).unwrap_or_default();
            let skipped = match gap {
                [b'\\', b'n', ..] => 2,
                [b'\\', b'r', b'\\', b'n', ..] => 4,
                _ => gap.iter().take_while(|byte| !is_base64(**byte) && !matches!(byte, b':' | b'{' | b'}')).count(),
            };
            let has_end =
                gap.get(..skipped).is_some_and(|gap| gap.iter().any(|byte| matches!(byte, b'\n' | b'\r' | b'\\')));
            if !has_end {
                break;
            }
            at += skipped;
            line = 0;
        } else {
            break;
        }
    }
    end
}

/// The bytes that pairs of hexadecimal digits mean, with what C and shells put between them; and how long that is.
pub(super) fn hexadecimal_run(text: &[u8], most: usize) -> (Vec<u8>, usize) {
    let mut out = Vec::new();
    let (mut at, mut end) = (0, 0);
    while out.len() < most {
        let rest = text.get(at..).unwrap_or_default();
        if let [b'0' | b'\\', b'x' | b'X', ..] = rest {
            at += 2;
            continue;
        }
        match rest.get(..2).and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()) {
            Some(value) if rest.first() != Some(&b'+') => {
                out.push(value);
                at += 2;
                end = at;
            }
            _ => match rest.first() {
                Some(b' ' | b',' | b'\n' | b'\r' | b'\t' | b'"' | b'\'' | b':' | b'\\' | b'+') if at < end + 40 => {
                    at += 1;
                }
                _ => break,
            },
        }
    }
    (out, end)
}
