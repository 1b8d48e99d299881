//! Versions of GitHub Actions: behind the `@` is a tag, a branch or a commit.
//!
//! A full version names one release. A shorter one, as `v4`, is a tag that its maker moves from release to release, hence it
//! stands for all of them: an advisory that holds for some alone leaves it open. A branch, or a commit without a release, is open
//! wherever not every version is affected.

use std::cmp::Ordering;

use plimsoll_versions::{Scheme, Version};

use crate::{
    ecosystem::ACTIONS,
    record::{Event, Range, RangeKind},
    verdict::{Bounds, Verdict},
};

/// `v` in front or not, and parts may be left out.
const SCHEME: Scheme = Scheme::Go;

/// What a text behind the `@` of an action names.
#[derive(Debug, PartialEq, Eq)]
enum Ref {
    /// One release.
    Release(String),
    /// All releases from the first up to, and without, the second.
    Moving(String, String),
    /// What has no place in the order of releases, with why.
    Open(String),
}

impl Ref {
    fn of(text: &str) -> Self {
        let open = |why: String| Self::Open(plimsoll_model::one_line(&why));
        let shown = || plimsoll_model::excerpt(text, 80);
        let tag = text.strip_prefix("refs/tags/").unwrap_or(text);
        if plimsoll_model::is_hex(&tag.to_ascii_lowercase(), 40)
            || plimsoll_model::is_hex(&tag.to_ascii_lowercase(), 64)
        {
            return open("no comment behind its commit names the release that it is".to_owned());
        }
        let number = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
        let core = number.split(['-', '+']).next().unwrap_or_default();
        let parts: Option<Vec<u64>> = core.split('.').map(digits).collect();
        match parts.as_deref() {
            Some([_, _, _]) if SCHEME.parse(number).is_ok() => Self::Release(number.to_owned()),
            // `-0` is before every release of a version.
            Some([major]) if core == number && *major < u64::MAX => {
                Self::Moving(format!("{major}.0.0"), format!("{}.0.0-0", major + 1))
            }
            Some([major, minor]) if core == number && *minor < u64::MAX => {
                Self::Moving(format!("{major}.{minor}.0"), format!("{major}.{}.0-0", minor + 1))
            }
            _ => open(format!("\"{}\" is a branch or a tag that names no release", shown())),
        }
    }
}

fn digits(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

/// Is what an action is named by affected?
pub(crate) fn verdict(bounds: Bounds<'_>, text: &str) -> Verdict {
    match Ref::of(text) {
        Ref::Release(version) => bounds.of_version(ACTIONS, Some(SCHEME), &version),
        Ref::Moving(first, behind) => of_several(bounds, text, &first, &behind),
        Ref::Open(why) => {
            let all = Event::Introduced("0".to_owned());
            let of_versions = bounds.ranges.iter().filter(|range| range.kind != RangeKind::Git);
            let is_all = |events: &[Event]| !events.is_empty() && events.iter().all(|event| *event == all);
            let listed = bounds.versions.iter().any(|listed| listed == text);
            if listed || of_versions.into_iter().any(|range| is_all(&range.events)) {
                Verdict::Affected
            } else {
                Verdict::Uncomparable(why)
            }
        }
    }
}

const SOME: &str = "some of its releases are affected and others are not";

/// Of all releases from `first` up to, and without, `behind`: affected where a range has all of them.
fn of_several(bounds: Bounds<'_>, text: &str, first: &str, behind: &str) -> Verdict {
    let open = |why: &str| {
        let text = plimsoll_model::excerpt(text, 80);
        Verdict::Uncomparable(format!("\"{text}\" is a tag that moves, and {why}"))
    };
    if bounds.ranges.is_empty() && bounds.versions.is_empty() {
        return bounds.of_version(ACTIONS, Some(SCHEME), first);
    }
    let (Ok(low), Ok(high)) = (SCHEME.parse(first), SCHEME.parse(behind)) else {
        return open("it cannot be compared");
    };
    let is_within = |version: &Version, at_first: bool| {
        let order = version.partial_cmp(&low);
        (order == Some(Ordering::Greater) || (at_first && order == Some(Ordering::Equal)))
            && version.partial_cmp(&high) == Some(Ordering::Less)
    };
    let of_range = |range: &Range| {
        for event in range.events.iter().filter(|event| !matches!(event.version(), "0" | "*")) {
            let Ok(version) = SCHEME.parse(event.version()) else { return open("a range cannot be compared") };
            // What is affected last is affected itself, so the answer changes right behind it.
            if is_within(&version, matches!(event, Event::LastAffected(_))) {
                return open(SOME);
            }
        }
        let alone = Bounds { ranges: std::slice::from_ref(range), versions: &[] };
        alone.of_version(ACTIONS, Some(SCHEME), first)
    };
    let listed = bounds.versions.iter().any(|version| match SCHEME.parse(version) {
        Ok(version) => is_within(&version, true),
        Err(_) => version == text,
    });
    let of_list = if listed { open(SOME) } else { Verdict::NotAffected };
    let of_versions = bounds.ranges.iter().filter(|range| range.kind != RangeKind::Git);
    of_versions.map(of_range).fold(of_list, Verdict::or)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_version_is_a_release_and_a_short_one_is_many() {
        let moving = |first: &str, behind: &str| Ref::Moving(first.to_owned(), behind.to_owned());
        for (text, expected) in [
            ("v4.2.0", Ref::Release("4.2.0".to_owned())),
            ("4.2.0-rc.1", Ref::Release("4.2.0-rc.1".to_owned())),
            ("refs/tags/v1.0.0", Ref::Release("1.0.0".to_owned())),
            ("v4", moving("4.0.0", "5.0.0-0")),
            ("4.2", moving("4.2.0", "4.3.0-0")),
        ] {
            assert_eq!(Ref::of(text), expected, "{text}");
        }
        let max = format!("v{}", u64::MAX);
        let (commit, number) = ("0123456789abcdef0123456789ABCDEF01234567", "0".repeat(40));
        for text in [
            "main",
            "release/v1",
            "v1-node16",
            "v1.2.3.4",
            "",
            "v",
            "v1.",
            "refs/heads/v1",
            "1.x",
            &max,
            commit,
            &number,
        ] {
            assert!(matches!(Ref::of(text), Ref::Open(_)), "{text}");
        }
    }

    fn check(ranges: &[&[Event]], versions: &[&str], text: &str, expected: &str) {
        let range = |events: &&[Event]| Range { kind: RangeKind::Ecosystem, repo: None, events: events.to_vec() };
        let ranges: Vec<Range> = ranges.iter().map(range).collect();
        let versions: Vec<String> = versions.iter().map(|one| (*one).to_owned()).collect();
        let found = match verdict(Bounds { ranges: &ranges, versions: &versions }, text) {
            Verdict::Affected => "yes",
            Verdict::NotAffected => "no",
            Verdict::Uncomparable(_) => "open",
        };
        assert_eq!(found, expected, "{text} in {ranges:?} and {versions:?}");
    }

    #[test]
    fn what_moves_is_affected_where_all_of_it_is() {
        let event = |kind: fn(String) -> Event, version: &str| kind(version.to_owned());
        let from = |version: &str| event(Event::Introduced, version);
        let fixed = [from("0"), event(Event::Fixed, "46.0.1")];
        let last = [from("4.0.0"), event(Event::LastAffected, "5.0.0")];
        for (events, text, expected) in [
            (&fixed[..], "v46.0.0", "yes"),
            (&fixed, "v46.0.1", "no"),
            (&fixed, "46.0.1-rc.1", "yes"),
            (&fixed, "v45", "yes"),
            (&fixed, "v46", "open"),
            (&fixed, "v46.0", "open"),
            (&fixed, "v46.1", "no"),
            (&fixed, "v47", "no"),
            (&fixed, "main", "open"),
            (&fixed, "0123456789012345678901234567890123456789", "open"),
            (&last, "v3", "no"),
            (&last, "v4", "yes"),
            (&last, "v5", "open"),
            (&last, "v5.0", "open"),
            (&last, "v5.1", "no"),
            (&last, "v6", "no"),
            (&[from("0")], "main", "yes"),
            (&[from("0")], "v1", "yes"),
            (&[from("4.0.0"), event(Event::Fixed, "soon")], "v4", "open"),
        ] {
            check(&[events], &[], text, expected);
        }
        for (versions, text, expected) in [
            (&["4.0.0"][..], "v4.0.0", "yes"),
            (&["4.0.0"], "v4.0.1", "no"),
            (&["4.0.0"], "v4", "open"),
            (&["4.1.0"], "v4", "open"),
            (&["4.1.0"], "v5", "no"),
            (&["v4"], "v4", "open"),
            (&["main"], "main", "yes"),
            (&["main"], "v4", "no"),
            (&[], "v4", "open"),
        ] {
            check(&[], versions, text, expected);
        }
        check(&[&fixed], &["47.0.0"], "v47", "open");
        check(&[&fixed, &last], &[], "v5", "yes");
        check(&[&fixed, &last], &[], "v4", "yes");
    }
}
