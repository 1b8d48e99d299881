//! Random keys and tokens of every kind in every wrapping that source code uses: each is found, once, as what it is. Values are
//! made at run time from a seed: none is in this file.

#![allow(clippy::format_collect, reason = "a test may be slow where it is plain")]

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    samples::{ALL, BASE32, HEX, Random, armor, keys, sequence, tokens},
    scan::{Found, found_in},
};

pub(super) fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(unit).collect()
}

fn each_line(text: &str, change: impl Fn(&str) -> String) -> String {
    text.trim_end().lines().map(change).collect::<Vec<_>>().join("\n") + "\n"
}

fn escaped(text: &str, escape: fn(char) -> Option<String>) -> String {
    text.chars().map(|letter| escape(letter).unwrap_or_else(|| letter.to_string())).collect()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Ways to write a text of several lines.
fn of_lines(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let unicode = |letter: char| (!letter.is_ascii_alphanumeric()).then(|| format!("\\u{:04x}", letter as u32));
    let hexadecimal: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent =
        |letter: char| (!letter.is_ascii_alphanumeric() && letter != '-').then(|| format!("%{:02X}", letter as u32));
    let entity = |letter: char| matches!(letter, '\n' | '+' | '=').then(|| format!("&#{};", letter as u32));
    let mail = |letter: char| (letter == '=').then(|| "=3D".to_owned());
    let quoted = |end: &'static str| move |line: &str| format!("    \"{line}\\n\"{end}");
    let plain: Vec<(&'static str, String)> = vec![
        ("plain", text.to_owned()),
        ("in quotes", format!("k = \"\"\"{text}\"\"\"\n")),
        ("in back quotes", format!("k := `{text}`\n")),
        ("CRLF", text.replace('\n', "\r\n")),
        ("CR", text.replace('\n', "\r")),
        ("indented", each_line(text, |line| format!("\t\t{line}"))),
        ("YAML block", format!("k: |\n{}", each_line(text, |line| format!("  {line}")))),
        ("YAML folded", format!("k: >-\n{}", each_line(text, |line| format!("  {line}\n")))),
        ("one line", format!("K=\"{}\"\n", text.trim_end().replace('\n', " "))),
        ("joined by +", each_line(text, quoted(" +"))),
        ("joined by + at the start", each_line(text, |line| format!("    + \"{line}\\n\""))),
        ("joined by + without blanks", each_line(text, |line| format!("\"{line}\"+"))),
        (
            "joined by + on one line",
            format!(
                "k = {};\n",
                text.trim_end().lines().map(|line| format!("'{line}\\n'")).collect::<Vec<_>>().join(" + ")
            ),
        ),
        ("C", each_line(text, quoted(""))),
        ("PHP", each_line(text, |line| format!("\"{line}\" ."))),
        ("shell", each_line(text, |line| format!("\"{line}\" \\"))),
        ("Visual Basic", each_line(text, |line| format!("\"{line}\" & vbCrLf & _"))),
        ("Python bytes", each_line(text, |line| format!("    b'{line}\\n'"))),
        ("array", serde_json::to_string_pretty(&text.lines().collect::<Vec<_>>()).unwrap()),
        ("continued", each_line(text, |line| format!("{line}\\n\\"))),
        ("heredoc", format!("<<<EOT\n{text}EOT;\n")),
        ("JSON", format!("{{\"k\": {}}}", json(text))),
        ("JSON with \\r\\n", format!("{{\"k\": {}}}", json(&text.replace('\n', "\r\n")))),
        ("JSON of PHP", format!("{{\"k\": {}}}", json(text).replace('/', "\\/"))),
        ("JSON with \\u", format!("{{\"k\": \"{}\"}}", escaped(text, unicode))),
        ("JSON in JSON", json(&json(text))),
        ("JSON in JSON in JSON", json(&json(&json(text)))),
        ("HTML", format!("<p>{}</p>", escaped(text, entity))),
        ("percent", format!("k={}&x=1", escaped(text, percent))),
        ("form", format!("k={}&x=1", escaped(text, percent).replace("%20", "+"))),
        ("mail", escaped(text, mail)),
        ("patch +", each_line(text, |line| format!("+{line}"))),
        ("patch -", each_line(text, |line| format!("-{line}"))),
        ("base64", format!("k: {}\n", STANDARD.encode(text))),
        (
            "base64 in lines",
            format!(
                "k: |\n{}",
                STANDARD
                    .encode(text)
                    .as_bytes()
                    .chunks(76)
                    .map(|line| format!("  {}\n", String::from_utf8_lossy(line)))
                    .collect::<String>()
            ),
        ),
        ("base64 of more", format!("k = {}\n", STANDARD.encode(format!("a: {text}")))),
        ("hexadecimal", format!("k = {hexadecimal}\n")),
        (
            "hexadecimal of C",
            format!("k[] = {{ {} }};", text.bytes().map(|byte| format!("0x{byte:02x}")).collect::<Vec<_>>().join(", ")),
        ),
        (
            "hexadecimal of a text",
            format!("\"{}\"", text.bytes().map(|byte| format!("\\x{byte:02x}")).collect::<String>()),
        ),
        ("in a block comment", format!("/*\n{}*/\n", each_line(text, |line| format!(" * {line}")))),
    ];
    let mut all: Vec<(&'static str, Vec<u8>)> =
        plain.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    for sign in ["// ", "//", "/// ", "# ", "#", "-- ", "--", "; ", ";", "> ", "* ", "% "] {
        all.push((sign, each_line(text, |line| format!("{sign}{line}")).into_bytes()));
    }
    all
}

/// Ways to write a text of one line.
fn of_one(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let mut all: Vec<(&'static str, Vec<u8>)> = Vec::new();
    for (before, after) in [
        ("", ""),
        ("x = \"", "\""),
        ("x: '", "'"),
        ("(", ")"),
        ("<a>", "</a>"),
        ("\r", "\r"),
        ("\n", "\n"),
        ("\t", ""),
        ("\"x\\n", "\\n\""),
        ("\"x\\r\\n", "\\r\\n\""),
        ("\"x\\t", "\""),
        ("\\u0022", "\\u0022"),
        ("\\x22", "\\x22"),
        ("\\\\n", "\\\\n"),
        ("?t=%20", "%20"),
        ("%3A", "%40host"),
        ("t=3D", ""),
        ("x&#10;", "&#10;"),
        ("&quot;", "&quot;"),
        ("// ", ""),
        ("//", ""),
        ("# ", ""),
        ("-- ", ""),
        ("--", ""),
        ("+", ""),
        ("-", ""),
        ("; ", ""),
        (" * ", ""),
        ("${", "}"),
        ("`", "`"),
        ("Bearer ", "\\"),
        ("export A=", ";"),
        ("{\"a\":\"{\\\"b\\\":\\\"", "\\\"}\"}"),
        ("https://x:", "@host/"),
    ] {
        all.push((before, format!("{before}{text}{after}").into_bytes()));
    }
    all
}

/// Ways to write the bytes of any text.
fn of_bytes(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut all = vec![
        ("as it is", text.to_vec()),
        ("UTF-8 with a mark", [b"\xef\xbb\xbf", text].concat()),
        ("with the mark of UTF-16", [b"\xff\xfe", text].concat()),
        ("with the other mark of UTF-16", [b"\xfe\xff", text].concat()),
    ];
    if let Ok(text) = std::str::from_utf8(text) {
        let (little, big) = (utf16(text, u16::to_le_bytes), utf16(text, u16::to_be_bytes));
        all.push(("UTF-16", [b"\xff\xfe".to_vec(), little.clone()].concat()));
        all.push(("UTF-16, the other way", [b"\xfe\xff".to_vec(), big.clone()].concat()));
        all.push(("UTF-16 without a mark", little));
        all.push(("UTF-16 without a mark, the other way", big));
    }
    all
}

fn check(kind: &str, wrapped: &[u8], how: &str) {
    let found: Found = found_in(wrapped, "a.txt", "commit");
    let kinds: Vec<_> = found.hits.iter().map(|hit| hit.kind).collect();
    assert_eq!((kinds, found.more), (vec![kind], 0), "{how:?}: {}", String::from_utf8_lossy(wrapped));
}

#[test]
fn keys_are_found_in_every_wrapping() {
    for seed in 1..=3 {
        let mut random = Random::of(seed);
        for (kind, text) in keys(&mut random) {
            for (how, wrapped) in of_lines(&text) {
                check(kind, &wrapped, how);
            }
            for (how, wrapped) in of_bytes(text.as_bytes()) {
                check(kind, &wrapped, how);
            }
        }
    }
}

#[test]
fn no_letter_at_the_edge_of_a_line_is_taken_off() {
    // Half of all RSA keys of today have such a line.
    let mut random = Random(7);
    let mut edges = 0;
    for _ in 0..100 {
        for (kind, text) in keys(&mut random) {
            edges += usize::from(text.lines().any(|line| line.starts_with(['+', '/']) || line.ends_with(['+', '/'])));
            check(kind, text.as_bytes(), "plain");
            check(kind, each_line(&text, |line| format!("\"{line}\\n\" +")).as_bytes(), "joined");
        }
    }
    assert!(edges > 300, "{edges}");
}

#[test]
fn tokens_are_found_in_every_wrapping() {
    for seed in 1..=20 {
        let mut random = Random::of(seed);
        for token in tokens(&mut random) {
            let (kind, token) = (token.kind, token.text());
            for (how, wrapped) in of_one(&token) {
                check(kind, &wrapped, how);
            }
            for (how, wrapped) in of_bytes(format!("k = \"{token}\"\n").as_bytes()) {
                check(kind, &wrapped, how);
            }
        }
    }
}

#[test]
fn a_placeholder_a_wrong_length_and_a_name_are_no_token() {
    for seed in 1..=5 {
        for token in tokens(&mut Random::of(seed)) {
            let mut made = vec![
                ("placeholder", token.with(|part| "x".repeat(part.len()))),
                ("another", token.with(|part| "0".repeat(part.len()))),
                ("words", token.with(|part| "YOUR_TOKEN_HERE_".chars().cycle().take(part.len()).collect())),
                ("name alone", token.with(|_| String::new())),
                ("short", token.with(|part| part[..(part.len() / 3).min(10)].to_owned())),
            ];
            if token.is_password {
                made.push(("variable", token.with(|_| "${PASSWORD}".to_owned())));
                made.push(("word", token.with(|_| "p4ssw0rd123".to_owned())));
            }
            for (how, text) in made {
                for text in [format!("k = {text}\n"), text] {
                    let found = found_in(text.as_bytes(), "a.txt", "commit");
                    let kinds: Vec<_> = found.hits.iter().map(|hit| hit.kind).collect();
                    assert!(kinds.is_empty(), "{} {how} {text}: {kinds:?}", token.kind);
                }
            }
        }
    }
}

#[test]
fn passwords_of_this_machine_and_of_documentation_are_none() {
    let password = format!("{}-q7X", Random::of(3).letters(ALL, 11));
    for (host, expected) in [
        ("db.acme-corp.io", 1),
        ("10.1.2.3", 1),
        ("localhost", 0),
        ("127.0.0.1", 0),
        ("db", 0),
        ("db.localhost", 0),
        ("example.com", 0),
        ("git.example.org", 0),
        ("acme.test", 0),
        ("192.0.2.7", 0),
        ("$HOST", 0),
        ("<host>", 0),
        ("", 0),
    ] {
        for text in [
            format!("postgres://app:{password}@{host}/main"),
            format!("machine {host} login app password {password}\n"),
        ] {
            let found = found_in(text.as_bytes(), "a", "c");
            assert_eq!(found.hits.len(), expected, "{text}: {:?}", found.hits);
        }
    }
    for word in [
        "password",
        "Password1",
        "secret123",
        "hunter2!",
        "changeme1",
        "$PASSWORD1",
        "{{ password }}",
        "%s:%s-12",
        "user:pass",
        "S3cret!",
        "passw0rd!",
    ] {
        let text = format!("https://app:{word}@db.acme-corp.io/main");
        assert!(found_in(text.as_bytes(), "a", "c").hits.is_empty(), "{text}");
    }
    for text in [
        format!("a://b/c:{password}@acme-corp.io"),
        format!("see https://acme-corp.io/a:{password}@b.io"),
        format!("machine learning login app password {password}"),
        format!("the machine api.acme-corp.io has no login and no password {password}"),
    ] {
        assert!(found_in(text.as_bytes(), "a", "c").hits.is_empty(), "{text}");
    }
}

#[test]
fn an_access_key_is_found_with_its_secret_on_either_side() {
    for seed in 1..=200 {
        let mut random = Random::of(seed);
        let (id, mut secret) = (format!("AKIA{}", random.letters(BASE32, 16)), random.letters(&format!("{ALL}+/"), 37));
        secret.push_str("aB3");
        let far = "some = \"text\"\n".repeat(100);
        for text in [
            format!("id = {id}\nsecret = {secret}\n"),
            format!("secret={secret}\nid={id}\n"),
            format!("id = {id}\n{far}secret = {secret}\n"),
            format!("secret = {secret}\n{far}id = {id}\n"),
            format!("{{\"a\": \"{id}\\n{secret}\\n\"}}"),
            format!("aws_access_key_id = {id}\naws_secret_access_key = {secret}\n"),
        ] {
            check("aws-access-key", text.as_bytes(), "pair");
        }
        check("aws-secret-key", format!("aws_secret_access_key = {secret}\n").as_bytes(), "alone");
        for text in
            [format!("id = {id}\n"), format!("x = {secret}\n"), format!("id = {id}\n{}", random.letters(HEX, 40))]
        {
            assert!(found_in(text.as_bytes(), "a", "c").hits.is_empty(), "{text}");
        }
    }
}

/// The bytes of a key as source code writes numbers.
fn of_numbers(key: &[u8]) -> Vec<(&'static str, String)> {
    let list = |form: &dyn Fn(u8) -> String, between: &str| {
        key.iter().map(|byte| form(*byte)).collect::<Vec<_>>().join(between)
    };
    let rows = |form: &dyn Fn(u8) -> String| {
        key.chunks(12)
            .map(|row| row.iter().map(|byte| form(*byte)).collect::<Vec<_>>().join(", "))
            .collect::<Vec<_>>()
            .join(",\n    ")
    };
    let hexadecimal: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    vec![
        ("C", format!("k[] = {{\n    {}\n}};", rows(&|byte| format!("0x{byte:02x}")))),
        ("C, upper case", format!("k[] = {{{}}};", list(&|byte| format!("0x{byte:02X}"), ","))),
        ("Go", format!("k := []byte{{{},\n}}", list(&|byte| format!("0x{byte:02x}"), ",\n\t"))),
        ("Rust", format!("[{}]", list(&|byte| format!("0x{byte:02x}u8"), ", "))),
        ("JavaScript", format!("[{}]", list(&|byte| byte.to_string(), ","))),
        ("JSON", format!("[\n  {}\n]", list(&|byte| byte.to_string(), ",\n  "))),
        ("Python", format!("bytes([{}])", rows(&|byte| byte.to_string()))),
        ("Java", format!("new byte[] {{ {} }}", rows(&|byte| byte.cast_signed().to_string()))),
        ("Java with casts", format!("new byte[] {{ {} }}", list(&|byte| format!("(byte) 0x{byte:02x}"), ", "))),
        ("one row", format!("k = {hexadecimal}\n")),
        ("one row, upper case", format!("k = \"{}\"\n", hexadecimal.to_uppercase())),
        (
            "rows of digits",
            hexadecimal.as_bytes().chunks(64).map(|row| format!("\"{}\"\n", String::from_utf8_lossy(row))).collect(),
        ),
        ("escapes", format!("b\"{}\"", list(&|byte| format!("\\x{byte:02x}"), ""))),
        ("base64", format!("k: {}\n", STANDARD.encode(key))),
    ]
}

#[test]
fn keys_without_armor_are_found_in_every_writing() {
    for seed in 1..=5 {
        for (kind, text) in keys(&mut Random::of(seed)) {
            let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
            let key = STANDARD.decode(body).unwrap();
            // What begins an OpenPGP key is no more than two bytes, and old DSA keys begin as RSA's do.
            let kind = if kind == "dsa-private-key" { "rsa-private-key" } else { kind };
            if kind != "pgp-private-key" {
                for (how, wrapped) in of_numbers(&key) {
                    check(kind, wrapped.as_bytes(), how);
                }
            }
        }
        for (kind, text) in keys(&mut Random::of(seed)) {
            for (how, wrapped) in of_numbers(text.as_bytes()) {
                check(kind, wrapped.as_bytes(), how);
            }
            for before in ["", "a", "ab"] {
                let once = STANDARD.encode(format!("{before}{text}"));
                for outer in ["", ":", "k:"] {
                    check(
                        kind,
                        format!("k: {}\n", STANDARD.encode(format!("{outer}{once}"))).as_bytes(),
                        "base64 twice",
                    );
                }
            }
            let label = text.replacen("PRIVATE", "\" + \"PRIVATE", 1);
            check(kind, format!("k = \"{label}\"").as_bytes(), "a label in two literals");
        }
    }
    let mut random = Random::of(9);
    let noise: Vec<u8> = [&[0x30, 0x82, 0x04, 0xa4][..], &random.bytes(1200)].concat();
    for (how, text) in of_numbers(&noise) {
        assert!(found_in(text.as_bytes(), "a", "c").hits.is_empty(), "{how}");
    }
}

#[test]
fn tokens_in_pieces_and_with_escapes_are_found() {
    for seed in 1..=5 {
        for token in tokens(&mut Random::of(seed)).into_iter().filter(|token| !token.is_password) {
            let (kind, text) = (token.kind, token.text());
            let lead = text.find("= ").or_else(|| text.find('=')).map_or(0, |at| at + 1);
            let middle = lead + (text.len() - lead) / 2;
            let (one, two) = text.split_at(middle);
            for (how, joined) in [
                ("+", format!("k = \"{one}\" + \"{two}\";")),
                ("+ over lines", format!("k = '{one}' +\n    '{two}'")),
                (".", format!("$k = '{one}' . '{two}';")),
                ("beside", format!("k = (\"{one}\"\n     \"{two}\")")),
                ("& _", format!("k = \"{one}\" & \"{two}\"")),
                ("list", format!("[\"{one}\", \"{two}\"].join(\"\")")),
                ("concat!", format!("concat!(\"{one}\", \"{two}\")")),
            ] {
                check(kind, joined.as_bytes(), how);
            }
            let sign = |letter: char| matches!(letter, '_' | '-' | '.' | '+' | '/') && !text.contains("://");
            for (how, written) in [
                ("\\u", escaped_at(&text, lead, sign, |letter| format!("\\u{:04x}", letter as u32))),
                ("\\x", escaped_at(&text, lead, sign, |letter| format!("\\x{:02X}", letter as u32))),
                ("%", escaped_at(&text, lead, sign, |letter| format!("%{:02X}", letter as u32))),
                ("&#", escaped_at(&text, lead, sign, |letter| format!("&#{};", letter as u32))),
            ] {
                check(kind, format!("k = \"{written}\"\n").as_bytes(), how);
            }
        }
    }
    // Neighbours in a list that nobody joins are two values.
    let list = format!("[\"glpat\", \"-{}\"]", Random::of(1).letters(ALL, 20));
    assert!(found_in(list.as_bytes(), "a", "c").hits.is_empty());
}

/// The text with the signs from a place on written as escapes.
fn escaped_at(text: &str, from: usize, sign: impl Fn(char) -> bool, escape: fn(char) -> String) -> String {
    text.char_indices()
        .map(|(at, letter)| if at >= from && sign(letter) { escape(letter) } else { letter.to_string() })
        .collect()
}

#[test]
fn random_values_are_no_secrets() {
    for seed in 1..=100 {
        let mut random = Random::of(seed);
        let values = vec![
            random.letters(ALL, 400),
            random.letters(HEX, 400),
            STANDARD.encode(random.bytes(3000)),
            format!("sum = dapi{}", random.letters(HEX, 32)),
            format!("id:AA{}", random.letters(ALL, 33)),
            format!("+cio{}/", random.letters(ALL, 32)),
            format!("Xcio{}", random.letters(ALL, 32)),
            format!("sk_test_{}", random.letters(ALL, 24)),
            armor("PUBLIC KEY", &sequence(&random.bytes(290)), 64),
            armor("CERTIFICATE", &sequence(&random.bytes(900)), 64),
            armor("RSA PRIVATE KEY", &random.bytes(1190), 64),
            armor("ENCRYPTED PRIVATE KEY", &sequence(&random.bytes(1200)), 64),
        ];
        for value in values {
            let found = found_in(value.as_bytes(), "a.txt", "commit");
            assert!(found.hits.is_empty(), "{value}: {:?}", found.hits);
        }
    }
}
