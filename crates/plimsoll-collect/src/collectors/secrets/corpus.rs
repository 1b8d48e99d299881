//! A corpus that is made: tokens of every kind among ordinary source, right ones and ones that are wrong in one letter.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    letters::Letters,
    phrases,
    prefixed::ROWS,
    rule::Check,
    samples::{ALL, HEX, Random, tokens},
    scan::found_in,
};

/// A token in a line of source, as it is left there.
fn line(number: usize, token: &str) -> String {
    let ways = [
        format!("let key = \"{token}\";"),
        format!("export TOKEN={token}"),
        format!("  token: {token}"),
        format!("{{\"key\": \"{token}\", \"more\": 1}}"),
        format!("headers = {{'Authorization': 'Bearer {token}'}}"),
    ];
    ways[number % ways.len()].clone()
}

fn value(random: &mut Random, letters: Letters, length: usize) -> String {
    let (alphabet, tail) = match letters {
        Letters::Hex => (HEX, "4d8"),
        Letters::AnyHex => ("0123456789abcdefABCDEF", "4dC"),
        Letters::Base32 => ("abcdefghijklmnopqrstuvwxyz234567", "q7m"),
        Letters::Lower => ("abcdefghijklmnopqrstuvwxyz0123456789", "z9k"),
        Letters::Upper => ("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "Z9K"),
        Letters::Any | Letters::Mixed | Letters::Address | Letters::Base64 => (ALL, "zK9"),
    };
    format!("{}{tail}", random.letters(alphabet, length - tail.len()))
}

/// One token of each row.
fn of_rows(random: &mut Random) -> Vec<(&'static str, String)> {
    ROWS.iter()
        .map(|rule| match rule.check {
            Check::Rest(letters, least, _) => (rule.kind, format!("{}{}", rule.marker, value(random, letters, least))),
            Check::Within(letters, head, tail) => {
                (rule.kind, format!("{}{}{}", value(random, letters, head), rule.marker, value(random, letters, tail)))
            }
            Check::From(_) | Check::Around(_) => panic!("{} is no row", rule.kind),
        })
        .collect()
}

#[test]
fn every_token_of_the_corpus_is_found_by_its_kind() {
    let (mut count, mut missed, mut kinds) = (0, Vec::new(), BTreeSet::new());
    let mut checked: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 1..=4 {
        let mut random = Random::of(seed);
        let mut made: Vec<(&'static str, String)> =
            tokens(&mut random).iter().map(|token| (token.kind, token.text())).collect();
        made.extend(of_rows(&mut random));
        made.extend([16, 20, 24, 28, 32].map(|bytes| (phrases::KIND, phrases::of_entropy(&random.bytes(bytes)))));
        for (number, (kind, token)) in made.into_iter().enumerate() {
            let line = if kind == phrases::KIND { format!("seed = \"{token}\"") } else { line(number, &token) };
            let found =
                found_in(format!("// what comes before\n{line}\n// what comes after\n").as_bytes(), "a.rs", "commit");
            let hit = found.hits.iter().find(|hit| hit.kind == kind && hit.line == 2);
            count += 1;
            kinds.insert(kind);
            match hit {
                Some(hit) if hit.proof == "checksum" => *checked.entry(kind).or_default() += 1,
                Some(_) => {}
                None => missed.push(format!("{kind}: {line}: {:?}", found.hits)),
            }
        }
    }
    assert!(count >= 400 && kinds.len() >= 60, "{count} tokens of {} kinds", kinds.len());
    assert!(missed.is_empty(), "{} of {count} missed: {missed:#?}", missed.len());
    assert!(checked.len() >= 18, "{checked:?}");
}

#[test]
fn no_token_with_a_wrong_checksum_is_taken() {
    const CHECKED: &[&str] = &[
        "age-plugin-identity",
        "age-secret-key",
        "bitcoin-extended-key",
        "bitcoin-private-key",
        "github-oauth-token",
        "github-refresh-token",
        "github-server-token",
        "github-token",
        "github-user-token",
        "netbird-token",
        "nostr-private-key",
        "npm-token",
        "stellar-seed",
        "vercel-key",
        "vercel-refresh-token",
        "vercel-token",
    ];
    let mut wrong = 0;
    for seed in 1..=6 {
        for token in tokens(&mut Random::of(seed)).iter().filter(|token| CHECKED.contains(&token.kind)) {
            let text = token.text();
            // The letters of the sum and of what it is of, not those of the beginning.
            for at in [text.len() - 1, text.len() - 4, text.len() / 2 + 3, text.len() / 2 + 7] {
                let old = &text[at..=at];
                let other = if old.eq_ignore_ascii_case("q") {
                    "7"
                } else if old == old.to_ascii_uppercase() {
                    "Q"
                } else {
                    "q"
                };
                let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
                let found = found_in(format!("key = \"{changed}\"").as_bytes(), "a", "c");
                assert!(found.hits.is_empty(), "{} {changed}: {:?}", token.kind, found.hits);
                wrong += 1;
            }
        }
    }
    assert!(wrong >= 300, "{wrong}");
}
