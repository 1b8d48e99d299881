//! Tokens that carry a checksum: what has the form and another sum is none.

use super::formats::{fixed, is_address_letter, is_alphanumeric, ranged};

/// A token whose last six characters are the CRC-32 of the others in base 62. What comes behind it does not matter: the
/// checksum says where it ends.
///
/// Source: GitHub, "Behind GitHub's new authentication token formats" (2021); npm uses the same form.
pub(super) fn checked_base62(text: &[u8], skip: usize, count: usize) -> Option<usize> {
    let end = skip + count;
    let body = text.get(skip..end - 6)?;
    let whole = text.get(skip..end)?;
    (whole.iter().all(u8::is_ascii_alphanumeric)
        && base62(crc32fast::hash(body)).as_bytes() == text.get(end - 6..end)?)
    .then_some(end)
}

/// 50 letters and the CRC-32 of them in base 62.
///
/// Source: Vercel, "New token formats and secret scanning" (2026).
pub(super) fn checked_body(text: &[u8], skip: usize) -> Option<usize> {
    let body = text.get(skip..skip + 50)?;
    let end = skip + 56;
    let sum = text.get(skip + 50..end)?;
    (body.iter().all(|byte| is_address_letter(*byte)) && base62(crc32fast::hash(body)).as_bytes() == sum).then_some(end)
}

/// `glsa_<32 letters>_<8 hexadecimal digits>`: the digits are the CRC-32 of all before them, its lowest byte first.
///
/// Source: Grafana, `pkg/components/satokengen`.
pub(super) fn grafana(text: &[u8]) -> Option<usize> {
    let end = fixed(text, 5, 32, is_alphanumeric)?;
    let sum = text.get(end..end + 9)?.strip_prefix(b"_")?;
    little_endian(crc32fast::hash(text.get(..end)?)).as_bytes().eq_ignore_ascii_case(sum).then_some(end + 9)
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

/// `number` in eight hexadecimal digits, its lowest byte first.
pub(super) fn little_endian(number: u32) -> String {
    format!("{:08x}", number.swap_bytes())
}

/// `number` in seven digits of 0-9, a-z.
pub(super) fn base36(mut number: u32) -> String {
    let mut digits = [b'0'; 7];
    for digit in digits.iter_mut().rev() {
        let value = (number % 36) as u8;
        number /= 36;
        *digit = if value < 10 { b'0' + value } else { b'a' + value - 10 };
    }
    String::from_utf8_lossy(&digits).into_owned()
}

/// A token of GitLab as it was until 2025, and a routable one, whose last seven characters are the CRC-32 of all before them in
/// base 36. One whose checksum is wrong is none.
///
/// Source: GitLab documentation, "Token overview", token prefixes; GitLab handbook, "Cells: Routable Tokens" (payload, version,
/// length, checksum).
pub(super) fn gitlab(text: &[u8], skip: usize) -> Option<usize> {
    if let Some(payload) = ranged(text, skip, 27, 300, is_address_letter) {
        let rest = text.get(payload..)?;
        let tail = |start: &[u8]| {
            let end =
                fixed(rest.strip_prefix(start)?, 0, 9, |byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())?;
            let end = payload + start.len() + end;
            let sum = base36(crc32fast::hash(text.get(..end - 7)?));
            (sum.as_bytes() == text.get(end - 7..end)?).then_some(end)
        };
        if let Some(end) = tail(b".01.").or_else(|| tail(b".")) {
            return Some(end);
        }
    }
    // The sort of a runner's token comes before it: `t1_`.
    let sorted = || {
        fixed(text, skip, 23, is_address_letter)
            .filter(|_| matches!(text.get(skip..skip + 3), Some([b't', b'1'..=b'3', b'_'])))
    };
    fixed(text, skip, 20, is_address_letter).or_else(sorted)
}

#[cfg(test)]
mod tests {
    use super::{super::scan::scan, *};

    /// Tokens with a right checksum.
    fn made() -> Vec<(&'static str, String)> {
        let body = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL2oR4uX6aB3dE6gH9jK2m";
        let with = |head: String, sum: String| format!("{head}{sum}");
        let sum62 = |part: &str| base62(crc32fast::hash(part.as_bytes()));
        let routable = |head: String| {
            let sum = base36(crc32fast::hash(head.as_bytes()));
            with(head, sum)
        };
        let grafana = format!("glsa_{}", &body[..32]);
        let sum = little_endian(crc32fast::hash(grafana.as_bytes()));
        vec![
            ("github-token", format!("ghp_{}{}", &body[..30], sum62(&body[..30]))),
            ("vercel-token", format!("vcp_{}{}", &body[..50], sum62(&body[..50]))),
            ("gitlab-token", routable(format!("glpat-{}.0r", &body[..27]))),
            ("gitlab-token", routable(format!("glpat-{}.01.0r", &body[..50]))),
            ("gitlab-runner-token", routable(format!("glrt-t1_{}.01.0r", &body[..30]))),
            ("grafana-token", format!("{grafana}_{sum}")),
        ]
    }

    #[test]
    fn one_other_letter_anywhere_makes_it_none() {
        let kinds = |text: &str| scan(text.as_bytes()).iter().map(|hit| hit.kind).collect::<Vec<_>>();
        for (kind, token) in made() {
            assert_eq!(kinds(&format!("key = \"{token}\"")), [kind], "{token}");
            for at in 8..token.len() {
                let letter = &token[at..=at];
                if letter == "_" || letter == "." {
                    continue;
                }
                let other = if letter == "7" { "9" } else { "7" };
                let wrong = format!("{}{other}{}", &token[..at], &token[at + 1..]);
                assert!(kinds(&format!("key = \"{wrong}\"")).is_empty(), "{wrong}, which is {token} changed at {at}");
            }
        }
    }

    #[test]
    fn numbers_are_written_to_their_width() {
        assert_eq!((base62(0).as_str(), base36(0).as_str()), ("000000", "0000000"));
        assert_eq!((base62(u32::MAX).as_str(), base36(u32::MAX).as_str()), ("4gfFC3", "1z141z3"));
    }
}
