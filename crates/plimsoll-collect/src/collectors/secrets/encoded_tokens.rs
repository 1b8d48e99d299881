//! Tokens of every kind that are encoded once, as manifests, programs and addresses have them: each is found, where the encoded text is.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    samples::{Random, tokens},
    scan::found_in,
    wrappings::utf16,
};

/// Ways to encode a text of one line, with what is about it.
fn of_encoded(text: &str) -> Vec<(&'static str, String)> {
    let encoded = STANDARD.encode(text);
    let address = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(format!("k={text}"));
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let percent: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
    let units = |unit: fn(u16) -> [u8; 2]| STANDARD.encode(utf16(text, unit));
    vec![
        ("Secret", format!("apiVersion: v1\nkind: Secret\ndata:\n  key: {encoded}\n")),
        ("Secret, in quotes", format!("kind: Secret\ndata:\n  key: \"{encoded}\"\n  other: dGVzdA==\n")),
        ("Python", format!("KEY = b64decode(\"{encoded}\")\n")),
        ("JavaScript", format!("const key = atob('{encoded}');\n")),
        ("JSON", format!("{{\"a\": 1, \"key\": \"{encoded}\", \"b\": \"{encoded}\"}}\n")),
        ("with its name", format!("x: {}\n", STANDARD.encode(format!("TOKEN={text}\n")))),
        ("with the letters of addresses", format!("?q={address}&r=1\n")),
        ("of UTF-16", format!("powershell -e {}\n", units(u16::to_le_bytes))),
        ("digits", format!("k = bytes.fromhex('{digits}')\n")),
        ("digits in upper case", format!("k = {}\n", digits.to_uppercase())),
        ("percent", format!("?k={percent}&r=1\n")),
    ]
}

#[test]
fn tokens_that_are_encoded_once_are_found_where_the_encoded_text_is() {
    for seed in 1..=10 {
        for token in tokens(&mut Random::of(seed)) {
            // A password is one by what is about it, and so are tokens that are known by the name before them.
            let plain = found_in(format!("\n\n{}\n", token.text()).as_bytes(), "a", "c");
            if token.is_password || plain.hits.iter().map(|hit| hit.kind).ne([token.kind]) {
                continue;
            }
            for (how, text) in of_encoded(&token.text()) {
                let found = found_in(format!("\n\n{text}").as_bytes(), "a", "c");
                let kinds: Vec<_> = found.hits.iter().map(|hit| hit.kind).collect();
                assert_eq!(kinds, [token.kind], "{how}: {text}");
                let line =
                    3 + text.lines().position(|line| line.contains("key:") || line.len() > 40).unwrap_or(0) as u64;
                assert!(found.hits[0].line.abs_diff(line) <= 1, "{how} {}: {text}", found.hits[0].line);
            }
        }
    }
}

#[test]
fn what_is_encoded_and_no_token_is_none() {
    for seed in 1..=5 {
        for token in tokens(&mut Random::of(seed)).iter().filter(|token| !token.is_password) {
            let short = token.with(|part| part[..(part.len() / 3).min(10)].to_owned());
            let made = [token.with(|part| "x".repeat(part.len())), short, token.with(|_| String::new())];
            for text in made.iter().flat_map(|text| of_encoded(text)) {
                let found = found_in(text.1.as_bytes(), "a", "c");
                assert!(found.hits.is_empty(), "{} {}: {:?}", text.0, text.1, found.hits);
            }
            // Encoded twice it is not read.
            let twice = STANDARD.encode(STANDARD.encode(token.text()));
            let found = found_in(twice.as_bytes(), "a", "c");
            assert!(found.hits.is_empty(), "{twice}: {:?}", found.hits);
        }
    }
}
