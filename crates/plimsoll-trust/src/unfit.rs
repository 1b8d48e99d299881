//! What a file is that was given in the place of another: so that a refusal names it and its cure.

/// Says what `file` looks like, where it is something that people give by mistake. Nothing of what the file holds is repeated.
pub(crate) fn described(file: &[u8]) -> Option<&'static str> {
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file).trim_ascii_start();
    let has = |part: &str| memchr::memmem::find(text, part.as_bytes()).is_some();
    let starts = |part: &str| text.starts_with(part.as_bytes());
    let lower: Vec<u8> = text.iter().take(16).map(u8::to_ascii_lowercase).collect();
    Some(if text.is_empty() {
        "the file is empty"
    } else if file.get(8..12) == Some(b"KBXf") {
        "it is gpg's own keybox (pubring.kbx); export the keys: gpg --armor --export NAME"
    } else if has("-----BEGIN PGP PRIVATE KEY BLOCK-----") || crate::openpgp::begins_with_secret_key(file) {
        "it is a secret OpenPGP key, which belongs in no policy; give the public one: gpg --armor --export NAME"
    } else if has("PRIVATE KEY-----") {
        "it is a private key, which belongs in no policy; give the public one"
    } else if has("hasn't uploaded any GPG keys") {
        "the forge says that this user has no OpenPGP key"
    } else if has("-----BEGIN PGP PUBLIC KEY BLOCK-----") {
        "it is an OpenPGP key (--keyring, or keys of [[openpgp]] in a policy), or an armor that cannot be read"
    } else if has("-----BEGIN PGP SIGNATURE-----") || has("-----BEGIN PGP SIGNED MESSAGE-----") {
        "it is an OpenPGP signature, not a key"
    } else if has("-----BEGIN SSH SIGNATURE-----") {
        "it is an SSH signature, not a key"
    } else if has("-----BEGIN CERTIFICATE-----") {
        "it is a certificate (roots of [[x509]] in a policy)"
    } else if has("-----BEGIN PUBLIC KEY-----") {
        "it is a public key in PEM (--key, or files of [[key]] in a policy)"
    } else if ["ssh-", "ecdsa-sha2-", "sk-"].iter().any(|kind| starts(kind)) {
        "it is an SSH public key; for commits, write a line \"ADDRESS KEY\" into a file for --allowed-signers, for files give it \
         with --key"
    } else if lower.starts_with(b"<!doctype") || lower.starts_with(b"<html") || lower.starts_with(b"<?xml") {
        "it is a web page; save the file itself"
    } else if starts("{") || starts("[") {
        "it is JSON"
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_give_by_mistake_is_named() {
        for (file, expected) in [
            (&b""[..], "empty"),
            (b" \n", "empty"),
            (b"\xef\xbb\xbf", "empty"),
            (b"\0\0\0\x20\x01\x01\0\x02KBXf\0\0", "keybox"),
            (b"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nx", "secret"),
            (b"-----BEGIN OPENSSH PRIVATE KEY-----\nx", "private key"),
            (
                b"-----BEGIN PGP PUBLIC KEY BLOCK-----\nNote: This user hasn't uploaded any GPG keys.\n",
                "no OpenPGP key",
            ),
            (b"-----BEGIN PGP SIGNATURE-----\n", "signature"),
            (b"-----BEGIN SSH SIGNATURE-----\n", "SSH signature"),
            (b"-----BEGIN CERTIFICATE-----\n", "certificate"),
            (b"-----BEGIN PUBLIC KEY-----\n", "PEM"),
            (b"ssh-ed25519 AAAA me", "SSH public key"),
            (b"\xef\xbb\xbfssh-ed25519 AAAA me", "SSH public key"),
            (b"<!DOCTYPE html>", "web page"),
            (b"<HTML>", "web page"),
            (b"{\"a\": 1}", "JSON"),
        ] {
            let described = described(file).unwrap_or_default();
            assert!(described.contains(expected), "{:?}: {described}", String::from_utf8_lossy(file));
        }
        for file in [&b"hello"[..], b"\xff\xfe\0", b"a@x ssh-ed25519 AAAA"] {
            assert_eq!(described(file), None);
        }
    }
}
