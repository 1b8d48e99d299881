//! Constraints on versions as Pub reads them.
//!
//! Source: Dart, `pub_semver`, `VersionConstraint.parse` and `VersionRange`.

use std::cmp::Ordering;

use plimsoll_versions::Scheme;

/// Is a version within a constraint? `None` where either is not understood.
pub(super) fn fits(constraint: &str, version: &str) -> Option<bool> {
    Scheme::Pub.parse(version).ok()?;
    let constraint = constraint.trim();
    if constraint == "any" {
        return Some(true);
    }
    if let Some(least) = constraint.strip_prefix('^') {
        let next = next_breaking(least.trim())?;
        return Some(compare(version, least.trim())?.is_ge() && compare(version, &format!("{next}-0"))?.is_lt());
    }
    let parts = comparators(constraint)?;
    let is_least = |sign: &str| sign.starts_with('>');
    let least = parts.iter().find(|(sign, _)| is_least(sign)).map(|(_, version)| *version);
    let mut all = true;
    for (sign, bound) in parts {
        let order = compare(version, bound)?;
        all &= match sign {
            ">=" => order.is_ge(),
            ">" => order.is_gt(),
            "<=" => order.is_le(),
            "<" => order.is_lt() && (is_early(bound) || starts_early(least, bound) || !is_before(version, bound)?),
            _ => order == Ordering::Equal,
        };
    }
    Some(all)
}

fn compare(one: &str, other: &str) -> Option<Ordering> {
    Scheme::Pub.compare(one, other).ok()
}

/// Has a version something behind its numbers?
fn is_early(version: &str) -> bool {
    version.contains(['-', '+'])
}

/// Is what is asked for at least a version before the release `bound`?
fn starts_early(least: Option<&str>, bound: &str) -> bool {
    least.is_some_and(|least| least.split_once('-').is_some_and(|(numbers, _)| numbers == bound))
}

/// Is `version` one before the release `bound`, which a range up to it leaves out?
fn is_before(version: &str, bound: &str) -> Option<bool> {
    Some(compare(version, &format!("{bound}-0"))?.is_ge())
}

/// The next version that may break what uses this one.
fn next_breaking(version: &str) -> Option<String> {
    Scheme::Pub.parse(version).ok()?;
    let numbers = version.split(['-', '+']).next()?;
    let mut numbers = numbers.split('.').map(|number| number.parse::<u64>().ok());
    let (major, minor) = (numbers.next()??, numbers.next()??);
    Some(match major {
        0 => format!("0.{}.0", minor.checked_add(1)?),
        _ => format!("{}.0.0", major.checked_add(1)?),
    })
}

/// The parts of a constraint: each a sign and a version.
fn comparators(constraint: &str) -> Option<Vec<(&str, &str)>> {
    let mut rest = constraint;
    let mut all = Vec::new();
    // More than two say nothing that two do not.
    for _ in 0..8 {
        if rest.is_empty() {
            break;
        }
        let sign = [">=", "<=", ">", "<"].into_iter().find(|sign| rest.starts_with(sign)).unwrap_or_default();
        let from = rest.strip_prefix(sign)?.trim_start();
        let end = from.find(|one: char| one.is_whitespace() || one == '<' || one == '>').unwrap_or(from.len());
        let (version, after) = from.split_at(end);
        Scheme::Pub.parse(version).ok()?;
        all.push((sign, version));
        rest = after.trim_start();
    }
    (rest.is_empty() && !all.is_empty()).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn constraints_are_those_of_pub() {
        for (constraint, within, without) in [
            ("any", &["0.0.1", "9.0.0-dev"][..], &[][..]),
            ("1.2.3", &["1.2.3"], &["1.2.4", "1.2.3-dev", "1.2.3+1"]),
            ("^1.2.3", &["1.2.3", "1.9.0", "1.2.3+1", "1.3.0-dev"], &["1.2.2", "2.0.0", "2.0.0-dev", "1.2.3-dev"]),
            ("^0.1.2", &["0.1.2", "0.1.9"], &["0.2.0", "0.1.1", "0.2.0-dev"]),
            ("^0.0.3", &["0.0.3", "0.0.9"], &["0.1.0"]),
            ("^1.0.0-dev.2", &["1.0.0-dev.2", "1.0.0", "1.9.9"], &["1.0.0-dev.1", "2.0.0-a"]),
            (">=1.0.0 <2.0.0", &["1.0.0", "1.9.9"], &["2.0.0", "2.0.0-dev", "0.9.0"]),
            (">=1.0.0<2.0.0", &["1.0.0"], &["2.0.0"]),
            (">=2.0.0-a <2.0.0", &["2.0.0-a", "2.0.0-b"], &["2.0.0"]),
            (">1.0.0 <=1.1.0", &["1.1.0", "1.0.1"], &["1.0.0", "1.1.1"]),
            ("<2.0.0-b", &["2.0.0-a", "1.0.0"], &["2.0.0-b"]),
            (">= 1.0.0", &["1.0.0"], &["0.1.0"]),
        ] {
            for version in within {
                assert_eq!(fits(constraint, version), Some(true), "{constraint} {version}");
            }
            for version in without {
                assert_eq!(fits(constraint, version), Some(false), "{constraint} {version}");
            }
        }
        for nothing in
            ["", "1", "^1", "^", ">=", "1.0.0 ||", "x", "1.0.x", "git https://a", "^99999999999999999999.0.0"]
        {
            assert_eq!(fits(nothing, "1.0.0"), None, "{nothing}");
        }
        assert_eq!(fits("any", "x"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(constraint: String, more in "[<>=^ ]{0,3}[0-9.+a-]{0,8}[<>= ]{0,3}[0-9.]{0,6}", version: String) {
            let _ = (fits(&constraint, &version), fits(&more, "1.0.0"), fits(&more, &version));
        }
    }
}
