//! The same keys in openssl(1): it reads what we write, verifies what we sign, and the other way round.

use super::*;

const P256: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
const P384: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
const ED25519: &[&str] = &["-algorithm", "ed25519"];

fn openssl(folder: &Path, args: &[&str]) -> Vec<u8> {
    done(folder, "openssl", args)
}

/// openssl(1) has to take our signature over a message and refuse it over another.
fn openssl_verifies(folder: &Path, key: &SigningKey) {
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("key.pub", key.public_key().pem().as_bytes());
    write("signature", &key.sign(b"a message").unwrap());
    for (message, good) in [(&b"a message"[..], true), (b"another", false)] {
        write("message", message);
        let hash = if key.kind() == KeyKind::EcdsaP384 { "-sha384" } else { "-sha256" };
        let args: &[&str] = match key.kind() {
            KeyKind::Ed25519 => &[
                "pkeyutl",
                "-verify",
                "-rawin",
                "-pubin",
                "-inkey",
                "key.pub",
                "-sigfile",
                "signature",
                "-in",
                "message",
            ],
            _ => &["dgst", hash, "-verify", "key.pub", "-signature", "signature", "message"],
        };
        assert_eq!(run(folder, "openssl", args).status.success(), good, "{:?}", key.kind());
    }
}

#[test]
fn what_openssl_makes_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if !have("openssl", "version") {
        return;
    }
    let pass = format!("pass:{PASSPHRASE}");
    for (kind, how) in [(KeyKind::Ed25519, ED25519), (KeyKind::EcdsaP256, P256), (KeyKind::EcdsaP384, P384)] {
        let bare = openssl(folder, &[&["genpkey", "-out", "bare"], how].concat());
        assert!(bare.is_empty());
        let key = plain(std::fs::read(folder.join("bare")).unwrap()).unwrap();
        assert_eq!(key.kind(), kind);
        let public = openssl(folder, &["pkey", "-in", "bare", "-pubout"]);
        assert_eq!(String::from_utf8(public.clone()).unwrap(), key.public_key().pem());
        assert_eq!(&PublicPart::read(&public).unwrap(), key.public_key());
        refused(&public, "a private key is wanted");
        refused(openssl(folder, &["pkey", "-in", "bare", "-outform", "DER"]), "");
        openssl_verifies(folder, &key);

        for how in [
            &["-v2", "aes-128-cbc"][..],
            &["-v2", "aes-192-cbc"],
            &["-v2", "aes-256-cbc", "-iter", "10000"],
            &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA224"],
            &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA384"],
            &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA512"],
            &["-scrypt"],
        ] {
            let args = ["pkcs8", "-topk8", "-in", "bare", "-passout", &pass];
            let locked = openssl(folder, &[&args[..], how].concat());
            assert_eq!(with(PASSPHRASE, &locked).unwrap().public_key(), key.public_key(), "{how:?}");
            for wrong in ["", "correct hors"] {
                let error = with(wrong, &locked).unwrap_err();
                assert!(matches!(error, KeyError::WrongPassphrase { .. }), "{how:?}: {error}");
            }
        }
        for how in [&["-v2", "des3"][..], &["-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"], &["-v1", "PBE-SHA1-3DES"]]
        {
            let args = ["pkcs8", "-topk8", "-in", "bare", "-passout", &pass];
            let locked = openssl(folder, &[&args[..], how].concat());
            refused(locked, "write it again with `openssl pkcs8 -topk8 -v2 aes-256-cbc");
        }
    }
}

#[test]
fn sec1_of_openssl_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if !have("openssl", "version") {
        return;
    }
    for curve in ["prime256v1", "secp384r1"] {
        let both = openssl(folder, &["ecparam", "-name", curve, "-genkey"]);
        std::fs::write(folder.join("sec1"), &both).unwrap();
        let key = plain(&both).unwrap();
        openssl_verifies(folder, &key);
        for how in [&["-noout"][..], &["-conv_form", "compressed"], &["-no_public"]] {
            let args: &[&str] = if how == ["-noout"] { &[] } else { how };
            let again = openssl(folder, &[&["ec", "-in", "sec1"], args].concat());
            assert_eq!(plain(&again).unwrap().public_key(), key.public_key(), "{how:?}");
        }
        refused(openssl(folder, &["ec", "-in", "sec1", "-param_enc", "explicit"]), "");
        let locked = openssl(folder, &["ec", "-in", "sec1", "-aes256", "-passout", "pass:x"]);
        refused(locked, "openssl pkcs8 -topk8");
        let compressed = openssl(folder, &["ec", "-in", "sec1", "-pubout", "-conv_form", "compressed"]);
        let error = PublicPart::read(&compressed).unwrap_err().to_string();
        assert!(error.contains("-conv_form uncompressed"), "{error}");
    }
    refused(openssl(folder, &["ecparam", "-name", "secp521r1", "-genkey", "-noout"]), "P-521");
    refused(openssl(folder, &["ecparam", "-name", "secp256k1", "-genkey", "-noout"]), "secp256k1");
}

#[test]
fn other_kinds_of_openssl_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if !have("openssl", "version") {
        return;
    }
    let rsa = openssl(folder, &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]);
    refused(&rsa, "an RSA key");
    std::fs::write(folder.join("rsa"), &rsa).unwrap();
    refused(openssl(folder, &["rsa", "-in", "rsa", "-traditional"]), "an RSA key");
    let public = openssl(folder, &["rsa", "-in", "rsa", "-pubout"]);
    assert!(PublicPart::read(&public).unwrap_err().to_string().contains("an RSA key"));
    let locked = openssl(folder, &["pkcs8", "-topk8", "-in", "rsa", "-passout", "pass:x"]);
    assert!(with("x", locked).unwrap_err().to_string().contains("an RSA key"));
    refused(openssl(folder, &["genpkey", "-algorithm", "ed448"]), "an Ed448 key");
    refused(openssl(folder, &["genpkey", "-algorithm", "x25519"]), "an X25519 key");
}

#[test]
fn openssl_reads_what_we_write() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if !have("openssl", "version") {
        return;
    }
    for kind in KINDS {
        let key = SigningKey::generate(kind).unwrap();
        std::fs::write(folder.join("bare"), &*key.to_pkcs8_pem(None).unwrap()).unwrap();
        std::fs::write(folder.join("locked"), &*key.to_pkcs8_pem(Some(PASSPHRASE)).unwrap()).unwrap();
        let pass = format!("pass:{PASSPHRASE}");
        for args in [&["-in", "bare"][..], &["-in", "locked", "-passin", &pass]] {
            let public = openssl(folder, &[&["pkey", "-pubout"], args].concat());
            assert_eq!(String::from_utf8(public).unwrap(), key.public_key().pem());
        }
        // Byte for byte as openssl(1) writes it.
        let again = openssl(folder, &["pkey", "-in", "bare"]);
        assert_eq!(String::from_utf8(again).unwrap(), *key.to_pkcs8_pem(None).unwrap());
        assert!(!run(folder, "openssl", &["pkey", "-in", "locked", "-passin", "pass:x"]).status.success());
    }
}
