//! What each ecosystem's own tool says of pairs of versions, kept in `fixtures/versions/`, which `tests/versions/pairs.py` makes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::{cmp::Ordering, fs, path::Path};

use plimsoll_versions::Scheme;

enum Line {
    Pair(Ordering, String, String),
    Refused(String),
}

fn lines(scheme: Scheme) -> Vec<Line> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/versions").join(scheme.name());
    let text = fs::read_to_string(path.with_extension("tsv")).unwrap();
    let line = |line: &str| {
        let cells: Vec<&str> = line.split('\t').collect();
        let order = match cells[0] {
            "<" => Ordering::Less,
            "=" => Ordering::Equal,
            ">" => Ordering::Greater,
            "!" => return Line::Refused(cells[1].to_owned()),
            other => panic!("{other}"),
        };
        Line::Pair(order, cells[1].to_owned(), cells[2].to_owned())
    };
    text.lines().filter(|line| !line.starts_with('#')).map(line).collect()
}

/// Compares a scheme with its tool. `differs` says where and why the two may differ, `more` what is read that the tool refuses.
fn check(scheme: Scheme, differs: impl Fn(&str) -> bool, more: impl Fn(&str) -> bool) {
    let (mut pairs, mut refused, mut different, mut wrong) = (0, 0, 0, Vec::new());
    for line in lines(scheme) {
        match line {
            Line::Pair(order, one, other) => {
                pairs += 1;
                let ours = scheme.compare(&one, &other);
                let back = scheme.compare(&other, &one);
                if ours.as_ref() == Ok(&order) {
                } else if differs(&one) || differs(&other) {
                    different += 1;
                } else {
                    wrong.push(format!("{one} {other}: {order:?}, not {ours:?}"));
                }
                assert_eq!(ours.is_ok(), back.is_ok());
                if let (Ok(ours), Ok(back)) = (ours, back) {
                    assert_eq!(ours, back.reverse(), "{one} {other}");
                }
            }
            Line::Refused(version) => {
                refused += 1;
                if scheme.parse(&version).is_ok() && !more(&version) {
                    wrong.push(format!("{version}: should be refused"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {} of {}: {wrong:#?}", scheme.name(), wrong.len(), pairs + refused);
    // More of the pairs are nasty than real, and where a tool is not followed is the exception.
    assert!(pairs >= 800 && refused <= 200 && different * 50 <= pairs, "{pairs} {refused} {different}");
}

/// A number of more than `most` digits: the tool keeps numbers in so few bits.
fn has_long_number(version: &str, most: usize) -> bool {
    version.split(|character: char| !character.is_ascii_digit()).any(|digits| digits.len() > most)
}

/// `1.2.34.5`, of which node-semver's loose pattern makes 1.2.3-4.5: it gives the 4 back so that something fits behind. And
/// `1.2.3-.x`, of which the hyphen is a label.
fn is_misread(version: &str) -> bool {
    let mut numbers = version.trim_start_matches(['v', '=']).split('.');
    let third = numbers.nth(2);
    let is_number = |text: &str| text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_digit());
    (third.is_some_and(is_number) && numbers.next().is_some()) || version.contains("-.")
}

/// A word behind a dot with something behind it, or a zero or "released" before a hyphen or a word: there Maven's own order goes in
/// circles, and the specification is followed.
fn is_in_a_circle(version: &str) -> bool {
    let version = version.to_ascii_lowercase();
    let word_inside = version.match_indices('.').any(|(at, _)| {
        let rest = &version[at + 1..];
        rest.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && rest.contains(|c: char| !c.is_ascii_alphabetic())
    });
    let null_inside = ["ga", "final", "release"].iter().any(|word| version.contains(word) && !version.ends_with(word));
    let twice = ["ga", "final", "release"].iter().map(|word| version.matches(word).count()).sum::<usize>() > 1;
    let zero_inside = ["-0", "alpha0", "--", ".-", "-."].iter().any(|zero| version.contains(zero));
    word_inside || null_inside || twice || zero_inside || version.starts_with('-')
}

/// `-1`, which .NET reads as a number below zero.
fn has_signed_label(version: &str) -> bool {
    let labels = version.split_once('-').map(|(_, labels)| labels).unwrap_or_default();
    labels.split('.').any(|label| label.starts_with('-') && label[1..].starts_with(|c: char| c.is_ascii_digit()))
}

/// `STABLE`, which Composer takes for a word that it does not know, below everything.
fn has_loud_stable(version: &str) -> bool {
    version.to_ascii_lowercase().contains("stable") && !version.contains("stable")
}

fn nowhere(_: &str) -> bool {
    false
}

#[test]
fn semver() {
    check(Scheme::Semver, nowhere, |version| has_long_number(version, 15));
    // The crate that cargo reads versions with is asked the same.
    let mut asked = 0;
    for line in lines(Scheme::Semver) {
        if let Line::Pair(order, one, other) = line
            && let (Ok(one), Ok(other)) = (one.parse::<semver::Version>(), other.parse::<semver::Version>())
        {
            assert_eq!(one.cmp_precedence(&other), order, "{one} {other}");
            asked += 1;
        }
    }
    assert!(asked >= 800, "{asked}");
}

#[test]
fn npm() {
    check(Scheme::Npm, is_misread, |version| has_long_number(version, 15));
}

#[test]
fn go() {
    check(Scheme::Go, nowhere, nowhere);
}

#[test]
fn hex() {
    check(Scheme::Hex, nowhere, nowhere);
}

#[test]
fn nuget() {
    check(Scheme::Nuget, has_signed_label, |version| has_long_number(version, 9));
}

#[test]
fn pep440() {
    check(Scheme::Pep440, nowhere, nowhere);
}

#[test]
fn maven() {
    check(Scheme::Maven, is_in_a_circle, nowhere);
}

#[test]
fn rubygems() {
    check(Scheme::Rubygems, nowhere, nowhere);
}

#[test]
fn composer() {
    check(Scheme::Composer, has_loud_stable, nowhere);
}

#[test]
fn debian() {
    check(Scheme::Debian, nowhere, nowhere);
}

#[test]
fn rpm() {
    check(Scheme::Rpm, nowhere, nowhere);
}

/// Without Dart there is no tool to ask.
///
/// Source: `pub_semver`, `Version.compareTo` and `_compareLists`: build metadata comes after none and is compared like labels; what
/// `int.tryParse` reads is a number, which is before every word.
#[test]
fn pub_() {
    ordered(
        Scheme::Pub,
        &[
            "0.0.1-a",
            "0.0.1",
            "0.1.0-0",
            "0.1.0-1.a",
            "0.1.0-2 0.1.0-02",
            "0.1.0-10",
            "0.1.0-A",
            "0.1.0-a",
            "0.1.0-a.1",
            "0.1.0-a.b",
            "0.1.0-ab",
            "0.1.0-dev.9",
            "0.1.0-dev.10",
            "0.1.0 00.01.000",
            "0.1.0+0",
            "0.1.0+1 0.1.0+01",
            "0.1.0+1.a",
            "0.1.0+9",
            "0.1.0+10",
            "0.1.0+9223372036854775807",
            // Too large for an integer there, hence a word.
            "0.1.0+10000000000000000000",
            "0.1.0+9223372036854775808",
            "0.1.0+a",
            "0.1.0+hotfix.1",
            "1.0.0-nullsafety.0",
            "1.0.0-nullsafety.0+1",
            "1.0.0-nullsafety.1",
            "1.0.0",
        ],
    );
    for refused in [
        "1",
        "1.0",
        "v1.0.0",
        "1.0.0.0",
        "1.0.0-",
        "1.0.0+",
        "1.0.0-a..b",
        "1.0.0-a_b",
        "1.0.0+0x1f",
        "1.0.0--1",
        " 1.0.0",
    ] {
        assert!(Scheme::Pub.parse(refused).is_err(), "{refused}");
    }
}

/// Dates have fewer numbers than other versions; the answers are those of composer/semver 3.3.2.
#[test]
fn composer_dates() {
    ordered(
        Scheme::Composer,
        &["2020-01-01-dev", "2020-01-01-a1", "2020-01-01-RC1", "2020-01-01", "2020-01-01-01", "2020-01-01-p1"],
    );
}

/// The examples that the specification is explained by.
///
/// Source: Maven, "POM Reference", Version Order Specification.
#[test]
fn maven_as_documented() {
    ordered(Scheme::Maven, &["1", "1.1"]);
    ordered(Scheme::Maven, &["1-snapshot", "1", "1-sp"]);
    ordered(Scheme::Maven, &["1-foo2", "1-foo10"]);
    ordered(Scheme::Maven, &["1.foo 1-foo", "1-1", "1.1"]);
    ordered(Scheme::Maven, &["1.ga 1-ga 1-0 1.0 1", "1-sp"]);
    ordered(Scheme::Maven, &["1-ga.1", "1-sp.1"]);
    ordered(Scheme::Maven, &["1-sp-1", "1-ga-1 1-1"]);
    ordered(
        Scheme::Maven,
        &["1-a1 1-alpha-1", "1-b1 1-beta-1", "1-m1 1-milestone-1", "1-cr1 1-rc1", "1.0-SNAPSHOT", "1.0.Final"],
    );
    ordered(Scheme::Maven, &["1.0.0-foo.0.0 1-foo 1.0.0-Foo", "1-1.foo-bar1baz-.1 1-1.foo-bar-1-baz-0.1"]);
    // Where Maven's own code goes in a circle.
    ordered(Scheme::Maven, &["1-alpha 1-0-alpha", "1", "1-sp", "1.sp.1"]);
}

/// Source: Semantic Versioning 2.0.0, item 11.
#[test]
fn semantic_versioning_as_documented() {
    for scheme in [Scheme::Semver, Scheme::Npm, Scheme::Go, Scheme::Pub, Scheme::Hex, Scheme::Nuget] {
        ordered(
            scheme,
            &[
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0",
                "2.0.0",
                "2.1.0",
                "2.1.1",
            ],
        );
    }
}

/// Every scheme refuses these, and none of them panics.
#[test]
fn what_is_no_version() {
    let long = "1".repeat(513);
    for scheme in Scheme::ALL {
        for text in ["", " ", "\t", "1.0.0\n2", "1.0.0\0", "１.0.0", "1.0.0-é", &long] {
            let refused = scheme.compare("1.0.0", text).unwrap_err();
            assert!(refused.to_string().lines().count() == 1 && refused.which.len() <= 513, "{refused}");
        }
        assert!(scheme.parse(&format!("1.0.{}", "9".repeat(500))).is_ok(), "{scheme:?}");
        assert_eq!(scheme.name().parse(), Ok(scheme));
    }
    assert_eq!("latest".parse::<Scheme>(), Err(()));
    for (one, other) in Scheme::ALL.iter().zip(&Scheme::ALL[1..]) {
        let (one, other) = (one.parse("1.0.0").unwrap(), other.parse("1.0.0").unwrap());
        assert_eq!(one.partial_cmp(&other), None, "versions of two schemes have no order");
    }
}

/// Is every line lower than the next, and is what stands in one line the same?
fn ordered(scheme: Scheme, lines: &[&str]) {
    for (at, line) in lines.iter().enumerate() {
        for one in line.split(' ') {
            for (other_at, other) in
                lines.iter().enumerate().flat_map(|(at, line)| line.split(' ').map(move |one| (at, one)))
            {
                assert_eq!(scheme.compare(one, other), Ok(at.cmp(&other_at)), "{scheme:?} {one} {other}");
            }
        }
    }
}
