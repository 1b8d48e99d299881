//! Random keys and tokens of every kind in every wrapping that source code uses: each is found, once, as what it is. Values are
//! made at run time from a seed: none is in this file.

#![allow(clippy::format_collect, reason = "a test may be slow where it is plain")]

use base64::{Engine as _, engine::general_purpose::STANDARD, engine::general_purpose::URL_SAFE_NO_PAD};

use super::{
    formats::base62,
    scan::{Found, found_in},
};

/// A generator of Marsaglia's: the same values on every machine.
struct Random(u64);

impl Random {
    fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| (self.next() >> 24) as u8).collect()
    }

    fn letters(&mut self, alphabet: &str, count: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..count).map(|_| alphabet[(self.next() >> 24) as usize % alphabet.len()]).collect()
    }
}

const DIGITS: &str = "0123456789";
const HEX: &str = "0123456789abcdef";
const ALL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn sequence(inside: &[u8]) -> Vec<u8> {
    let length = inside.len();
    let mut der = vec![0x30];
    match length {
        0..=0x7f => der.push(length as u8),
        0x80..=0xff => der.extend([0x81, length as u8]),
        _ => der.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    der.extend(inside);
    der
}

fn armor(label: &str, key: &[u8], width: usize) -> String {
    let encoded = STANDARD.encode(key);
    let lines: Vec<_> =
        encoded.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let (begin, end) = (["-----BEGIN ", label, "-----"].concat(), ["-----END ", label, "-----"].concat());
    format!("{begin}\n{}\n{end}\n", lines.join("\n"))
}

/// Keys in armor: kind and text.
fn keys(random: &mut Random) -> Vec<(&'static str, String)> {
    let rsa = |random: &mut Random, bits: usize| {
        let mut inside = vec![2, 1, 0, 2, 0x82, ((bits / 8 + 1) >> 8) as u8, (bits / 8 + 1) as u8, 0];
        inside.extend(random.bytes(bits / 8 + bits / 2));
        sequence(&inside)
    };
    let short = |random: &mut Random, head: &[u8], count: usize| sequence(&[head, &random.bytes(count)].concat());
    let mut ssh = b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01".to_vec();
    ssh.extend(random.bytes(1700));
    let mut pgp = vec![0x95, 3, 0x98, 4];
    pgp.extend(random.bytes(920));
    let ed25519 = [2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
    let pkcs8 = rsa(random, 2048);
    let pkcs8 = [
        &[2, 1, 0, 0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0, 4, 0x82][..],
        &[(pkcs8.len() >> 8) as u8, pkcs8.len() as u8],
        &pkcs8,
    ]
    .concat();
    vec![
        ("rsa-private-key", armor("RSA PRIVATE KEY", &rsa(random, 2048), 64)),
        ("rsa-private-key", armor("RSA PRIVATE KEY", &rsa(random, 1024), 76)),
        ("pkcs8-private-key", armor("PRIVATE KEY", &sequence(&pkcs8), 64)),
        ("pkcs8-private-key", armor("PRIVATE KEY", &short(random, &ed25519, 32), 64)),
        ("ec-private-key", armor("EC PRIVATE KEY", &short(random, &[2, 1, 1, 4, 32], 114), 64)),
        ("dsa-private-key", armor("DSA PRIVATE KEY", &short(random, &[2, 1, 0, 2, 0x81, 0x81], 440), 64)),
        ("openssh-private-key", armor("OPENSSH PRIVATE KEY", &ssh, 70)),
        ("pgp-private-key", armor("PGP PRIVATE KEY BLOCK", &pgp, 64)),
    ]
}

/// Tokens: kind and value.
fn tokens(random: &mut Random) -> Vec<(&'static str, String)> {
    let checked = |random: &mut Random, prefix: &str, count: usize| {
        let body = random.letters(ALL, count);
        let sum = base62(crc32fast::hash(body.as_bytes()));
        format!("{prefix}{body}{sum}")
    };
    let mut all = vec![
        ("github-token", checked(random, "ghp_", 30)),
        ("github-oauth-token", checked(random, "gho_", 30)),
        ("github-user-token", checked(random, "ghu_", 30)),
        ("github-server-token", checked(random, "ghs_", 30)),
        ("github-refresh-token", checked(random, "ghr_", 70)),
        ("npm-token", checked(random, "npm_", 30)),
        (
            "npm-legacy-token",
            format!("_authToken={}", [8, 4, 4, 4, 12].map(|count| random.letters(HEX, count)).join("-")),
        ),
    ];
    let pypi = [b"\x02\x01\x08pypi.org\x02\x24".to_vec(), random.bytes(110)].concat();
    all.push(("pypi-token", format!("pypi-{}", URL_SAFE_NO_PAD.encode(pypi))));
    let azure = STANDARD.encode(random.bytes(64));
    all.push(("azure-storage-key", format!("AccountKey={azure}")));
    let discord = STANDARD.encode(format!("1{}", random.letters(DIGITS, 17)));
    all.push(("discord-bot-token", format!("{discord}.{}.{}", random.letters(ALL, 6), random.letters(ALL, 38))));
    for (kind, head, alphabet, count, tail) in [
        ("github-fine-grained-token", "github_pat_", ALL, 82, ""),
        ("crates-io-token", "cio", ALL, 32, ""),
        ("rubygems-token", "rubygems_", HEX, 48, ""),
        ("nuget-key", "oy2", "abcdefghijklmnopqrstuvwxyz234567", 43, ""),
        ("gitlab-token", "glpat-", ALL, 20, ""),
        ("gitlab-token", "glpat-", ALL, 38, ".01.0z1abcdef"),
        ("gitlab-runner-token", "glrt-", ALL, 20, ""),
        ("gitlab-runner-token", "glrt-t1_", ALL, 20, ""),
        ("gitlab-trigger-token", "glptt-", HEX, 40, ""),
        ("gitlab-deploy-token", "gldt-", ALL, 20, ""),
        ("google-api-key", "AIza", ALL, 35, ""),
        ("google-oauth-secret", "GOCSPX-", ALL, 28, ""),
        ("stripe-live-key", "sk_live_", ALL, 24, ""),
        ("stripe-live-key", "sk_live_51", ALL, 97, ""),
        ("stripe-restricted-key", "rk_live_51", ALL, 97, ""),
        ("stripe-webhook-secret", "whsec_", ALL, 32, ""),
        ("docker-hub-token", "dckr_pat_", ALL, 27, ""),
        ("docker-organization-token", "dckr_oat_", ALL, 32, ""),
        ("vault-token", "hvs.", ALL, 95, ""),
        ("anthropic-key", "sk-ant-api03-", ALL, 93, "AA"),
        ("hugging-face-token", "hf_", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 34, ""),
        ("digitalocean-token", "dop_v1_", HEX, 64, ""),
        ("linear-key", "lin_api_", ALL, 40, ""),
        ("shopify-token", "shpat_", HEX, 32, ""),
        ("sentry-user-token", "sntryu_", HEX, 64, ""),
        ("grafana-token", "glsa_", ALL, 32, "_0a1b2c3d"),
        ("atlassian-token", "ATATT3xFfGF0", ALL, 180, "=0A1B2C3D"),
        ("pulumi-token", "pul-", HEX, 40, ""),
        ("netlify-token", "nfp_", ALL, 36, ""),
    ] {
        all.push((kind, format!("{head}{}{tail}", random.letters(alphabet, count))));
    }
    all.push(("sendgrid-key", format!("SG.{}.{}", random.letters(ALL, 22), random.letters(ALL, 43))));
    all.push((
        "slack-bot-token",
        format!("xoxb-{}-{}-{}", random.letters(DIGITS, 12), random.letters(DIGITS, 12), random.letters(ALL, 24)),
    ));
    all.push((
        "slack-app-token",
        format!("xapp-1-A{}-{}-{}", random.letters(ALL, 10), random.letters(DIGITS, 13), random.letters(HEX, 64)),
    ));
    all.push(("telegram-bot-token", format!("1{}:AA{}", random.letters(DIGITS, 9), random.letters(ALL, 33))));
    all.push(("azure-client-secret", format!("{}8Q~{}", random.letters(ALL, 3), random.letters(ALL, 34))));
    all.push(("terraform-token", format!("{}.atlasv1.{}", random.letters(ALL, 14), random.letters(ALL, 64))));
    all
}

fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
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
        for (kind, token) in tokens(&mut random) {
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

#[test]
fn random_values_are_no_secrets() {
    for seed in 1..=100 {
        let mut random = Random::of(seed);
        let mut values = vec![
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
        // Of each kind one that is too short.
        values.extend(
            tokens(&mut random)
                .into_iter()
                .filter(|(kind, _)| !kind.starts_with("stripe") && !kind.starts_with("vault"))
                .map(|(_, token)| {
                    let half = token.len() / 2;
                    token[..half].to_owned()
                }),
        );
        for value in values {
            let found = found_in(value.as_bytes(), "a.txt", "commit");
            assert!(found.hits.is_empty(), "{value}: {:?}", found.hits);
        }
    }
}
