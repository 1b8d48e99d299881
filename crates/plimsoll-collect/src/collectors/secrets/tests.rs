//! Values are put together at run time: none stands in this file.

use super::{
    checksums::base62,
    rules::{COUNT, all, kinds as count_kinds, numbered},
    scan::{MOST, found_in, read_anything, scan},
};

const LETTERS: &str = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL2oR4uX6aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL2oR4uX6";

fn body(length: usize) -> &'static str {
    &LETTERS[..length]
}

fn checked(prefix: &str) -> String {
    format!("{prefix}{}{}", body(30), base62(crc32fast::hash(body(30).as_bytes())))
}

fn kinds(text: &str) -> Vec<&'static str> {
    scan(text.as_bytes()).iter().map(|hit| hit.kind).collect()
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<_> = encoded.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

fn der() -> Vec<u8> {
    let mut der = vec![0x30, 61, 0x02, 0x01, 0x00];
    der.extend((0..58_u8).map(|byte| byte.wrapping_mul(37)));
    der
}

#[test]
fn checksums_and_structures_prove_what_it_is() {
    let hexadecimal = "9f1c0b7d3e5a8f2246d0c3b1a79e8d54".repeat(2);
    for (text, kind) in [
        (checked("ghp_"), "github-token"),
        (checked("ghs_"), "github-server-token"),
        (checked("npm_"), "npm-token"),
        (format!("github_pat_{}_{}", body(22), body(59)), "github-fine-grained-token"),
        (format!("glpat-{}", body(20)), "gitlab-token"),
        (format!("cio{}", body(32)), "crates-io-token"),
        (format!("AIza{}", body(35)), "google-api-key"),
        (format!("sk_live_{}", body(24)), "stripe-live-key"),
        (format!("SG.{}.{}", body(22), body(43)), "sendgrid-key"),
        (format!("dop_v1_{hexadecimal}"), "digitalocean-token"),
        (format!("lin_api_{}", body(40)), "linear-key"),
        (format!("xoxb-{}-{}-{}", "123456789012", "210987654321", body(24)), "slack-bot-token"),
        (pem("RSA PRIVATE KEY", &der()), "rsa-private-key"),
        (pem("PRIVATE KEY", &der()), "pkcs8-private-key"),
        (
            pem(
                "OPENSSH PRIVATE KEY",
                &[&b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01"[..], &[7; 190]].concat(),
            ),
            "openssh-private-key",
        ),
        (
            format!("AKIA{}\nsecret = {}", "QWERTYUI2345ASDF", "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL2oR4uX6a"),
            "aws-access-key",
        ),
    ] {
        assert_eq!(kinds(&format!("x = \"{text}\"\n")), [kind], "{kind}");
        assert!(
            kinds(&format!("x{}", &text[..text.len() - 2])).is_empty()
                || kind.ends_with("private-key")
                || kind == "aws-access-key",
            "{kind} cut off"
        );
    }
}

#[test]
fn what_is_not_whole_is_nothing() {
    let token = checked("ghp_");
    let mut wrong = token.clone();
    wrong.replace_range(10..11, if &token[10..11] == "a" { "b" } else { "a" });
    // What a program looks for at the beginning of such a key is none.
    let beginning = b"openssh-key-v1\0\0\0\0\x04none\0\0\0\x04none\0\0\0\0\0\0\0\x01";
    assert!(kinds(&pem("OPENSSH PRIVATE KEY", beginning)).is_empty());
    assert!(kinds("x = \"b3BlbnNzaC1rZXktdjEAAAAABG5vbmU\"\n").is_empty());
    let encrypted = pem("OPENSSH PRIVATE KEY", b"openssh-key-v1\0\0\0\0\x0aaes256-ctr and the rest of it");
    let cipher: Vec<u8> = der().iter().map(|byte| byte ^ 0x5a).collect();
    let old = pem("RSA PRIVATE KEY", &cipher).replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\n\n");
    let mut broken = der();
    broken[1] = 99;
    for text in [
        wrong,
        token[..token.len() - 1].to_owned(),
        "ghp_".to_owned(),
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".to_owned(),
        encrypted,
        old,
        pem("RSA PRIVATE KEY", &broken),
        pem("PUBLIC KEY", &der()),
        "-----BEGIN RSA PRIVATE KEY-----\nnot base64!\n-----END RSA PRIVATE KEY-----".to_owned(),
        "-----BEGIN PRIVATE KEY-----".to_owned(),
        format!("AKIA{}", "QWERTYUI2345ASDF"),
        format!("AKIA{}", "QWERTYUI2345ASD1"),
        format!("glpat-{}", body(19)),
        format!("sk_test_{}", body(24)),
        format!("SG.{}.{}", body(21), body(43)),
        String::new(),
    ] {
        assert_eq!(kinds(&text), <[&str; 0]>::default(), "{text}");
    }
}

#[test]
fn examples_are_counted_and_values_are_not_kept() {
    let text = format!("AKIA{}\nsecret {}", "IOSFODNN7EXAMPLE", body(40));
    assert_eq!(found_in(text.as_bytes(), "a", "c").hits.len(), 0);
    let token = checked("ghp_");
    let found = found_in(format!("\n\n{token}\n{token}").as_bytes(), "a", "c");
    assert_eq!(found.hits.iter().map(|hit| hit.line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(found.hits[0].digest, found.hits[1].digest);
    assert_ne!(found.hits[0].digest, found_in(token.as_bytes(), "a", "d").hits[0].digest);
    assert!(!found.hits[0].digest.contains(&token[4..12]));
}

#[test]
fn words_in_the_armor_do_not_make_a_key_an_example() {
    for header in ["Comment: example", "Comment: ENCRYPTED", "Proc-Type: 4,ENCRYPTED\nDEK-Info: EXAMPLE\n"] {
        let text = pem("PRIVATE KEY", &der()).replace("KEY-----\nMD0", &format!("KEY-----\n{header}\nMD0"));
        assert!(text.contains(header), "{text}");
        let found = found_in(text.as_bytes(), "a", "c");
        assert_eq!((found.hits.len(), found.examples), (1, 0), "{text}");
    }
    let remark = pem("PRIVATE KEY", &der()).replace("KEY-----\nMD0", "KEY-----\n# a remark\nMD0");
    assert_eq!(kinds(&remark), ["pkcs8-private-key"]);
    let putty = "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: example\nPublic-Lines: 1\nAAAA\n\
                 Private-Lines: 1\nAAAA\nPrivate-MAC: 00\n";
    assert_eq!(found_in(putty.as_bytes(), "a", "c").hits.len(), 1);
    assert_eq!(kinds(&putty.replace(": none", ": aes256-cbc")), <[&str; 0]>::default());
    assert_eq!(kinds(&putty.replace("File-3", "File-9")), <[&str; 0]>::default());
}

#[test]
fn a_key_in_utf_16_is_a_key() {
    let text = format!("\u{feff}\n{}", pem("PRIVATE KEY", &der()));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little.as_slice(), &big] {
        let found = found_in(bytes, "a", "c");
        assert_eq!(found.hits.iter().map(|hit| (hit.kind, hit.line)).collect::<Vec<_>>(), [("pkcs8-private-key", 2)]);
    }
    assert_eq!(found_in(&little[2..], "a", "c").hits.len(), 1);
    assert_eq!(found_in(&[0xff, 0xfe, 0x41], "a", "c").hits.len(), 0);
}

#[test]
fn what_is_not_listed_is_counted() {
    let tokens: Vec<_> = (0..1000).map(|number| format!("glpat-aBcDeFgHiJkLmN{number:06}\n")).collect();
    let text = tokens.concat();
    let found = found_in(text.as_bytes(), "a", "c");
    assert_eq!((found.hits.len(), found.more, found.examples), (MOST, 800, 0));
    assert_eq!(found.hits.last().unwrap().line, MOST as u64);
}

#[test]
fn a_file_full_of_beginnings_is_read_in_one_pass() {
    // With one look back or ahead for each of them, each of these takes many minutes.
    for unit in [
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n",
        "-----BEGIN PRIVATE KEY-----\n",
        concat!("glpat", "-aBcDeFgHiJkLmNoPqRsT\n"),
        "PuTTY-User-Key-File-2: a\nEncryption: none\n",
        "\"private_key_id\"",
        "untrusted comment: ",
        "AKIAQWERTYUI2345ASDF ",
        "MT",
        ":AA",
        "kty",
        "{\"kty\":",
        "PrivateKey=",
        "LS0tLS1CRUdJTi",
        "LS0tLS1CRUdJTi\n",
        "2d2d2d2d2d424547",
        "0x2d, ",
        "IBAAKCAQEA",
        "dapi01234567890123456789012345678901 ",
        "JQQJ99",
        "\\",
    ] {
        let count = 2 * 1024 * 1024 / unit.len();
        let found = found_in(unit.repeat(count).as_bytes(), "a", "c");
        let is_token = unit.starts_with("glpat");
        assert_eq!(found.hits.len() + found.more, if is_token { count } else { 0 }, "{unit:?}");
    }
}

#[test]
fn there_are_kinds_enough_and_each_once() {
    let rules: std::collections::BTreeSet<_> = all().map(|rule| (rule.marker, rule.kind)).collect();
    assert_eq!(rules.len(), COUNT);
    assert!(count_kinds() >= 250, "{}", count_kinds());
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, rule in 0..COUNT, end: Vec<u8>) {
        read_anything(&bytes);
        read_anything(&[&bytes, numbered(rule).unwrap().marker.as_bytes(), &end].concat());
    }
}
