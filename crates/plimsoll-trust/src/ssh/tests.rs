use aws_lc_rs::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _},
};

use super::*;

const PAYLOAD: &[u8] = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nmessage\n";

fn string(bytes: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(bytes.len()).unwrap().to_be_bytes().to_vec();
    out.extend_from_slice(bytes);
    out
}

/// The bytes that are signed for a payload.
fn message(namespace: &str, digest_name: &str, payload: &[u8]) -> Vec<u8> {
    let hash = if digest_name == "sha256" { digest(&SHA256, payload) } else { digest(&SHA512, payload) };
    [MAGIC.to_vec(), string(namespace.as_bytes()), string(b""), string(digest_name.as_bytes()), string(hash.as_ref())]
        .concat()
}

fn armor(version: u32, key: &[u8], namespace: &str, digest_name: &str, signature: &[u8]) -> String {
    let blob = [
        MAGIC,
        &version.to_be_bytes(),
        &string(key),
        &string(namespace.as_bytes()),
        &string(b""),
        &string(digest_name.as_bytes()),
        &string(signature),
    ]
    .concat();
    format!("{BEGIN}\n{}\n{END}\n", STANDARD.encode(blob))
}

struct Ed25519 {
    pair: Ed25519KeyPair,
    blob: Vec<u8>,
}

impl Ed25519 {
    fn new() -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
        let blob = [string(b"ssh-ed25519"), string(pair.public_key().as_ref())].concat();
        Self { pair, blob }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        [string(b"ssh-ed25519"), string(self.pair.sign(message).as_ref())].concat()
    }
}

fn is_good(armored: &str, payload: &[u8]) -> bool {
    matches!(check(armored.as_bytes(), payload).proof, Proof::Ssh { .. })
}

#[test]
fn what_is_signed_is_what_counts() {
    let key = Ed25519::new();
    let of = |namespace: &str, digest_name: &str| key.sign(&message(namespace, digest_name, PAYLOAD));
    for digest_name in ["sha256", "sha512"] {
        assert!(is_good(&armor(1, &key.blob, "git", digest_name, &of("git", digest_name)), PAYLOAD), "{digest_name}");
    }
    let good = of("git", "sha512");
    let other_kind = [string(b"ssh-rsa"), string(&[0; 64])].concat();
    let trailing = [good.clone(), vec![0]].concat();
    for (name, armored) in [
        ("an unknown digest", armor(1, &key.blob, "git", "md5", &good)),
        ("an unknown kind of key", armor(1, &string(b"ssh-strange"), "git", "sha512", &good)),
    ] {
        let checked = check(armored.as_bytes(), PAYLOAD);
        assert!(matches!(&checked.proof, Proof::NotComputed { .. }) && checked.is_signature(), "{name}: {checked:?}");
    }
    for (name, armored) in [
        ("another version", armor(2, &key.blob, "git", "sha512", &good)),
        ("another purpose", armor(1, &key.blob, "file", "sha512", &of("file", "sha512"))),
        ("a purpose that was not signed", armor(1, &key.blob, "git", "sha512", &of("file", "sha512"))),
        ("another digest", armor(1, &key.blob, "git", "sha256", &good)),
        ("another algorithm", armor(1, &key.blob, "git", "sha512", &other_kind)),
        ("something behind the signature", armor(1, &key.blob, "git", "sha512", &trailing)),
        ("no key", armor(1, b"", "git", "sha512", &good)),
        ("half a key", armor(1, &key.blob[..30], "git", "sha512", &good)),
        ("no signature", armor(1, &key.blob, "git", "sha512", b"")),
        ("no armor", String::new()),
        ("an armor alone", format!("{BEGIN}\n{END}\n")),
        ("no end", armor(1, &key.blob, "git", "sha512", &good).replace(END, "")),
    ] {
        let checked = check(armored.as_bytes(), PAYLOAD);
        let is_malformed = matches!(&checked.proof, Proof::Malformed { reason } if !reason.is_empty());
        let is_bad = matches!(&checked.proof, Proof::Bad { reason, .. } if !reason.is_empty());
        assert!(is_malformed || is_bad, "{name}: {checked:?}");
        assert_eq!((is_one(armored.as_bytes()), checked.is_signature()), (is_bad, is_bad), "{name}");
    }
    assert!(!is_good(&armor(1, &key.blob, "git", "sha512", &good), b"another"));
}

/// OpenSSH's PROTOCOL.u2f: the device signs its application, flags and counter with the message.
#[test]
fn security_keys_sign_their_flags_and_counter() {
    let signed = |application: &str, flags: u8, counter: u32| {
        let mut signed = digest(&SHA256, application.as_bytes()).as_ref().to_vec();
        signed.push(flags);
        signed.extend_from_slice(&counter.to_be_bytes());
        signed.extend_from_slice(digest(&SHA256, &message("git", "sha512", PAYLOAD)).as_ref());
        signed
    };
    let end = |flags: u8, counter: u32| [vec![flags], counter.to_be_bytes().to_vec()].concat();

    let name = b"sk-ssh-ed25519@openssh.com";
    let pair = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
    let blob =
        |application: &str| [string(name), string(pair.public_key().as_ref()), string(application.as_bytes())].concat();
    let bytes = pair.sign(&signed("ssh:", 1, 42)).as_ref().to_vec();
    let signature = |end: Vec<u8>| [string(name), string(&bytes), end].concat();
    assert!(is_good(&armor(1, &blob("ssh:"), "git", "sha512", &signature(end(1, 42))), PAYLOAD));
    assert!(!is_good(&armor(1, &blob("ssh:"), "git", "sha512", &signature(end(0, 42))), PAYLOAD));
    assert!(!is_good(&armor(1, &blob("ssh:"), "git", "sha512", &signature(end(1, 43))), PAYLOAD));
    assert!(!is_good(&armor(1, &blob("ssh:other"), "git", "sha512", &signature(end(1, 42))), PAYLOAD));
    assert!(!is_good(&armor(1, &blob("ssh:"), "git", "sha512", &signature(Vec::new())), PAYLOAD));

    let name = b"sk-ecdsa-sha2-nistp256@openssh.com";
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let blob = [string(name), string(b"nistp256"), string(pair.public_key().as_ref()), string(b"ssh:")].concat();
    let fixed = pair.sign(&SystemRandom::new(), &signed("ssh:", 5, 7)).unwrap();
    let number = |bytes: &[u8]| {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
        let sign = if bytes.get(start).is_some_and(|byte| *byte >= 0x80) { vec![0] } else { Vec::new() };
        string(&[sign, bytes[start..].to_vec()].concat())
    };
    let (r, s) = fixed.as_ref().split_at(32);
    let pair_of = |one: &[u8], other: &[u8]| [number(one), number(other)].concat();
    let signature = |numbers: Vec<u8>, end: Vec<u8>| [string(name), string(&numbers), end].concat();
    assert!(is_good(&armor(1, &blob, "git", "sha512", &signature(pair_of(r, s), end(5, 7))), PAYLOAD));
    assert!(!is_good(&armor(1, &blob, "git", "sha512", &signature(pair_of(s, r), end(5, 7))), PAYLOAD));
    assert!(!is_good(&armor(1, &blob, "git", "sha512", &signature(pair_of(r, s), end(5, 8))), PAYLOAD));
    assert!(!is_good(&armor(1, &blob, "git", "sha512", &signature(number(r), end(5, 7))), PAYLOAD));
}

#[test]
fn allowed_signers_say_who_may_sign_when() {
    let key = Ed25519::new();
    let encoded = STANDARD.encode(&key.blob);
    let standing = |options: &str, time: i64| {
        AllowedSigners::read(&format!("# who\n\na@x,b@x {options}ssh-ed25519 {encoded} comment\n"), 3)
            .unwrap()
            .standing(&key.blob, time)
    };
    let signer = Standing::Signer { principal: "a@x".into(), policies: vec![3] };
    for (options, time, expected) in [
        ("", 0, signer.clone()),
        ("namespaces=\"git\" ", 0, signer.clone()),
        ("namespaces=\"file,g*\" ", 0, signer.clone()),
        ("NAMESPACES=\"git\" ", 0, signer.clone()),
        ("valid-after=\"19700102Z\" ", 86_400, signer.clone()),
        ("valid-before=\"19700102Z\" ", 86_400, signer),
        ("namespaces=\"file\" ", 0, Standing::OtherPurpose { principal: "b@x".into() }),
        ("namespaces=\"git,!git\" ", 0, Standing::OtherPurpose { principal: "b@x".into() }),
        ("valid-after=\"19700102Z\" ", 86_399, Standing::OtherTime { principal: "a@x,b@x".into(), ended: false }),
        ("valid-before=\"19700102Z\" ", 86_401, Standing::OtherTime { principal: "a@x,b@x".into(), ended: true }),
        ("cert-authority ", 0, Standing::Nobody),
    ] {
        assert_eq!(standing(options, time), expected, "{options}");
    }
    assert_eq!(AllowedSigners::default().standing(&key.blob, 0), Standing::Nobody);
}

#[test]
fn every_principal_of_a_key_is_one() {
    let key = Ed25519::new();
    let encoded = STANDARD.encode(&key.blob);
    let naming = |lines: &[&str], address: &str, time: i64| {
        let mut signers = AllowedSigners::default();
        for (policy, line) in lines.iter().enumerate() {
            let line = line.replace("KEY", &format!("ssh-ed25519 {encoded}"));
            signers.extend(AllowedSigners::read(&line, policy).unwrap());
        }
        signers.entries_that_name(address, &key.blob, time)
    };
    for (lines, address, expected) in [
        (&["a@x,b@x,c@x KEY"][..], "a@x", &[0][..]),
        (&["a@x,b@x,c@x KEY"], "C@X", &[0]),
        (&["*@x KEY"], "b@x", &[0]),
        (&["a@x KEY", "b@x KEY"], "b@x", &[1]),
        (&["a@x KEY", "*@x KEY"], "a@x", &[0, 1]),
        (&["*@x,!b@x KEY"], "b@x", &[]),
        (&["a@x KEY"], "b@x", &[]),
        (&["* KEY"], "b@x", &[]),
        (&["*@* KEY"], "b@x", &[]),
        (&["b@x namespaces=\"file\" KEY"], "b@x", &[]),
        (&["b@x valid-before=\"19690101Z\" KEY"], "b@x", &[]),
        (&["b@x cert-authority KEY"], "b@x", &[]),
        (&["a@x KEY"], "", &[]),
    ] {
        assert_eq!(naming(lines, address, 0), expected, "{lines:?} {address}");
    }
}

#[test]
fn a_line_that_cannot_be_understood_refuses_the_file() {
    let encoded = STANDARD.encode(&Ed25519::new().blob);
    for (line, expected) in [
        ("a@x".to_owned(), "ends too soon"),
        ("a@x ssh-ed25519".to_owned(), "ends too soon"),
        ("a@x ssh-ed25519 %%%".to_owned(), "not base64"),
        (format!("a@x ssh-rsa {encoded}"), "not of the type ssh-rsa"),
        (format!("a@x strange=\"1\" ssh-ed25519 {encoded}"), "is not known"),
        (format!("ssh-ed25519 {encoded}"), "without the address"),
        (format!("a@x {encoded}"), "a type of key or an option is wanted"),
        (format!("a@x namespaces=git ssh-ed25519 {encoded}"), "needs a value in quotes"),
        (format!("a@x namespaces=\"a\",namespaces=\"b\" ssh-ed25519 {encoded}"), "appears twice"),
        (format!("a@x valid-after=\"soon\" ssh-ed25519 {encoded}"), "is no time"),
        (format!("a@x valid-after=\"20260102\",valid-before=\"20260101\" ssh-ed25519 {encoded}"), "not after"),
        (format!("a@x namespaces=\"git ssh-ed25519 {encoded}"), "does not end"),
        (format!("\"\" ssh-ed25519 {encoded}"), "names no principal"),
    ] {
        let refused = AllowedSigners::read(&format!("# first\n{line}\n"), 0).unwrap_err();
        assert!(refused.starts_with("line 2: ") && refused.contains(expected), "{line}: {refused}");
    }
}

#[test]
fn revocation_lists_are_read_or_refused() {
    let key = Ed25519::new();
    let head = |version: u32| [b"SSHKRL\n\0", &version.to_be_bytes()[..], &[0; 24], &[0; 8]].concat();
    let part = |kind: u8, data: &[u8]| [vec![kind], string(data)].concat();
    let of = |parts: Vec<u8>| RevokedKeys::read(&[head(1), parts].concat());
    let listed = |kind: &str, blob: &[u8]| format!("{kind} {}\n", STANDARD.encode(blob)).into_bytes();
    let sha1 = digest(&aws_lc_rs::digest::SHA1_FOR_LEGACY_USE_ONLY, &key.blob);
    for (name, parts, holds) in [
        ("nothing", Vec::new(), false),
        ("the key", part(2, &string(&key.blob)), true),
        ("its SHA-1", part(3, &string(sha1.as_ref())), true),
        ("its SHA-256", part(5, &string(digest(&SHA256, &key.blob).as_ref())), true),
        ("another key", part(2, &string(b"other")), false),
        (
            "behind a part that may be passed over",
            [part(255, &[string(b"x"), vec![0], string(b"")].concat()), part(2, &string(&key.blob))].concat(),
            true,
        ),
    ] {
        assert_eq!(of(parts).unwrap().holds(&key.blob), holds, "{name}");
    }
    for (name, bytes) in [
        ("another version", head(2)),
        ("an unknown part", [head(1), part(9, b"")].concat()),
        (
            "a part that must be understood",
            [head(1), part(255, &[string(b"x"), vec![1], string(b"")].concat())].concat(),
        ),
        ("cut off", head(1)[..20].to_vec()),
        ("a part cut off", [head(1), part(2, b"\0\0\0\x09")].concat()),
        ("neither", vec![0xff, 0xfe]),
        ("no key", b"ssh-ed25519\n".to_vec()),
        ("base64 of no key", b"ssh-ed25519 AAAA\n".to_vec()),
        ("a key cut off", listed("ssh-ed25519", &key.blob[..key.blob.len() - 3])),
        ("a key and more", listed("ssh-ed25519", &[key.blob.as_slice(), b"more"].concat())),
        ("another kind", listed("ssh-rsa", &key.blob)),
        ("a key with an address before it", [b"a@x ".as_slice(), &listed("ssh-ed25519", &key.blob)].concat()),
    ] {
        assert!(RevokedKeys::read(&bytes).is_err(), "{name}");
    }
    let listed = format!("# taken back\nssh-ed25519 {} old\n", STANDARD.encode(&key.blob));
    assert!(RevokedKeys::read(listed.as_bytes()).unwrap().holds(&key.blob));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>, text: String) {
        read_anything(&bytes);
        read_anything(text.as_bytes());
        read_anything(&[b"SSHKRL\n\0", bytes.as_slice()].concat());
        read_anything(armor(1, &bytes, "git", "sha512", &bytes).as_bytes());
    }
}
