//! Programs that sign, and programs that misbehave.

use std::time::Duration;

use super::{super::ExternalSigner, *};

/// The words of `sh -c` before the question, which the script sees as `$1`.
fn script(text: &str) -> Vec<String> {
    ["-c", text, "signer"].map(str::to_owned).to_vec()
}

fn signer(text: &str, time: Duration) -> Result<ExternalSigner, KeyError> {
    ExternalSigner::within(Path::new("sh"), &script(text), time)
}

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_secs(2);

/// A script that knows its public key and does `then` when it is asked to sign.
fn knows(public: &PublicPart, then: &str) -> String {
    format!("if [ \"$1\" = public-key ]; then cat <<'KEY'\n{}KEY\nexit 0\nfi\n{then}", public.pem())
}

/// Asking for the public key fails for this reason.
#[track_caller]
fn fails(text: &str, time: Duration, reason: &str) {
    let error = signer(text, time).unwrap_err().to_string();
    assert!(error.starts_with("the signer sh ") && error.contains(reason), "{error:?} does not say {reason:?}");
    assert!(!error.chars().any(char::is_control), "{error:?}");
}

/// The public key is told, and signing fails for this reason.
#[track_caller]
fn signs_not(then: &str, message: &[u8], time: Duration, reason: &str) {
    let public = SigningKey::generate(KeyKind::EcdsaP256).unwrap().public_key().clone();
    let signer = signer(&knows(&public, then), time).unwrap();
    let error = signer.sign(message).unwrap_err().to_string();
    assert!(error.contains(reason), "{error:?} does not say {reason:?}");
}

#[test]
fn a_program_signs() {
    let folder = tempfile::tempdir().unwrap();
    if !have("openssl", "version") {
        return;
    }
    // More than a pipe holds.
    let message = vec![b'm'; 300_000];
    for kind in KINDS {
        let key = SigningKey::generate(kind).unwrap();
        let path = folder.path().join(kind.as_str());
        std::fs::write(&path, &*key.to_pkcs8_pem(None).unwrap()).unwrap();
        let text = match kind {
            // `openssl pkeyutl -rawin` wants to know the length of what it signs.
            KeyKind::Ed25519 => {
                "f=$(mktemp); trap 'rm -f \"$f\"' EXIT; cat >\"$f\"; openssl pkeyutl -sign -rawin -inkey \"$0\" -in \"$f\" | openssl base64"
            }
            KeyKind::EcdsaP256 => "openssl dgst -sha256 -sign \"$0\" | openssl base64",
            KeyKind::EcdsaP384 => "openssl dgst -sha384 -sign \"$0\" | openssl base64 -A",
        };
        let text = format!(
            "case \"$1\" in public-key) exec openssl pkey -in \"$0\" -pubout ;; sign) {text} ;; *) exit 2 ;; esac"
        );
        let args = ["-c".to_owned(), text, path.display().to_string()];
        let signer = ExternalSigner::new(Path::new("sh"), &args).unwrap();
        assert_eq!(signer.public_key(), key.public_key());
        for message in [&message[..], b"m"] {
            let signature = signer.sign(message).unwrap();
            assert!(key.public_key().verifies(message, &signature));
        }
        let shown = format!("{signer:?}");
        assert!(!shown.contains("openssl") && shown.contains(&key.public_key().fingerprint()), "{shown}");
    }
}

/// The first example of docs/signing.md, word for word.
#[test]
fn the_example_signs() {
    let folder = tempfile::tempdir().unwrap();
    if !have("openssl", "version") {
        return;
    }
    let page = include_str!("../../../../../docs/signing.md");
    let after = page.split_once("```sh\n#!/bin/sh\n# file-signer").unwrap().1;
    let (example, _) = after.split_once("```").unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let script = write("file-signer", &format!("#{example}"));
    let key = SigningKey::generate(KeyKind::Ed25519).unwrap();
    let path = write("key", &key.to_pkcs8_pem(None).unwrap());
    let signer = ExternalSigner::new(Path::new("sh"), &[script.clone(), path]).unwrap();
    assert_eq!(signer.public_key(), key.public_key());
    assert_eq!(signer.sign(b"message").unwrap(), key.sign(b"message").unwrap());

    // A part of it that fails is told.
    let error = ExternalSigner::new(Path::new("sh"), &[script, "no-such-key".to_owned()]).unwrap_err().to_string();
    assert!(error.contains("failed (exit status: ") && error.contains("no-such-key"), "{error}");
}

#[test]
fn a_program_that_gives_no_public_key() {
    fails("exit 3", LONG, "failed (exit status: 3) and said nothing");
    fails(
        "echo 'no card' >&2; printf '\\033[2J\\n2nd' >&2; exit 1",
        LONG,
        "failed (exit status: 1): no card \\u{1b}[2J 2nd",
    );
    fails("kill -9 $$", LONG, "failed (signal: 9");
    fails("true", LONG, "there is no key in it");
    fails("echo hello", LONG, "there is no key in it");
    fails("printf '\\377\\000'", LONG, "there is no key in it");
    let private = SigningKey::generate(KeyKind::Ed25519).unwrap().to_pkcs8_pem(None).unwrap();
    fails(&format!("cat <<'KEY'\n{}KEY\n", *private), LONG, "this is a PRIVATE KEY, and a public key is wanted");
    let public = SigningKey::generate(KeyKind::Ed25519).unwrap().public_key().pem();
    fails(&format!("cat <<'KEY'\n{public}{public}KEY\n"), LONG, "more than one armored part");
    fails(&format!("cat <<'KEY'\n{public}KEY\nexit 1"), LONG, "failed (exit status: 1)");
    let missing = ExternalSigner::new(Path::new("./no-such-signer"), &[]).unwrap_err().to_string();
    assert!(missing.starts_with("the signer ./no-such-signer cannot be started: "), "{missing}");
}

#[test]
fn a_program_that_does_not_end() {
    fails("exec sleep 600", SHORT, "did not end within 2 seconds and was stopped");
    fails("exec >&-; exec sleep 600", SHORT, "did not end within 2 seconds and was stopped");
    fails("trap '' TERM INT HUP; while :; do sleep 0.1; done", SHORT, "did not end within 2 seconds and was stopped");
    // What it started holds the pipe; the sleep is short, as nobody ends it.
    fails("sleep 8 & exit 0", SHORT, "keeps its standard output open");
    fails("sleep 8 & exit 4", LONG, "failed (exit status: 4)");
}

#[test]
fn a_program_that_writes_without_end() {
    fails(
        "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done",
        LONG,
        "more than 64 KiB",
    );
    // To standard error nobody listens for ever, and the program ends of it or is stopped.
    let error = signer("while :; do echo complaint >&2 || exit 5; done", Duration::from_secs(3)).unwrap_err();
    assert!(matches!(error, KeyError::Signer { .. }) && error.to_string().len() < 4096, "{error}");
}

#[test]
fn a_long_complaint_is_cut() {
    let error =
        signer("head -c 500000 /dev/zero | tr '\\0' e >&2; echo last >&2; exit 1", LONG).unwrap_err().to_string();
    assert!(error.ends_with("last") && error.len() < 3000, "{} bytes", error.len());
}

#[test]
fn a_program_that_does_not_sign() {
    let large = vec![b'm'; 1_000_000];
    let own = "printf MEUCIQ";
    signs_not("exit 1", &large, LONG, "failed (exit status: 1) and said nothing");
    signs_not("echo wrong PIN >&2; exit 7", b"message", LONG, "failed (exit status: 7): wrong PIN");
    signs_not("true", &large, LONG, "printed nothing");
    signs_not("cat >/dev/null; echo 'signed!'", &large, LONG, "base64");
    signs_not(own, &large, LONG, "base64");
    signs_not("echo AAAA", &large, LONG, "does not verify");
    signs_not("exec sleep 600", &large, SHORT, "did not end within 2 seconds");
    signs_not("exec cat", &large, LONG, "more than 64 KiB");
    signs_not("head -c 64 /dev/zero | base64", b"message", LONG, "two bare numbers");
}

#[test]
fn a_signature_has_to_be_over_the_message_and_by_the_key() {
    for kind in KINDS {
        let (key, other) = (SigningKey::generate(kind).unwrap(), SigningKey::generate(kind).unwrap());
        let says = |signature: Vec<u8>| knows(key.public_key(), &format!("echo {}", STANDARD.encode(signature)));
        let good = signer(&says(key.sign(b"message").unwrap()), Duration::MAX).unwrap();
        assert!(key.public_key().verifies(b"message", &good.sign(b"message").unwrap()));
        assert!(good.sign(b"another").unwrap_err().to_string().contains("does not verify"));
        let foreign = signer(&says(other.sign(b"message").unwrap()), LONG).unwrap();
        assert!(foreign.sign(b"message").unwrap_err().to_string().contains("does not verify"));
        let mut longer = key.sign(b"message").unwrap();
        longer.push(0);
        assert!(signer(&says(longer), LONG).unwrap().sign(b"message").is_err());
    }
}
