//! Public keys that sign without a certificate: those that are given, and npm's registry's.

use std::sync::Arc;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use plimsoll_model::sha256_hex;
use serde_json::Value;
use sigstore_verify::{
    crypto::VerificationKey,
    types::{ArtifactDigest, DerPublicKey, SignatureBytes},
};

use super::{json::text, openssh};

/// Bytes of a file of keys.
pub(crate) const LARGEST_KEYS: usize = 1024 * 1024;
const BEGIN: &str = "-----BEGIN PUBLIC KEY-----";
const END: &str = "-----END PUBLIC KEY-----";

/// A public key in the form of a `SubjectPublicKeyInfo` (RFC 5280, section 4.1.2.7).
#[derive(Clone)]
pub struct PublicKey {
    pub(super) der: DerPublicKey,
    key: Arc<VerificationKey>,
    /// `SHA256:` and the digest of the `SubjectPublicKeyInfo` in lower-case hexadecimal.
    pub fingerprint: String,
}

impl std::fmt::Debug for PublicKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.fingerprint)
    }
}

impl PublicKey {
    pub(super) fn new(der: Vec<u8>) -> Result<Self, String> {
        let fingerprint = format!("SHA256:{}", sha256_hex(&der));
        let der = DerPublicKey::new(der);
        let key = VerificationKey::from_spki(&der)
            .map_err(|_| "a public key of a kind that is not known (Ed25519, ECDSA P-256 and P-384, RSA)".to_owned())?;
        Ok(Self { der, key: Arc::new(key), fingerprint })
    }

    /// Reads a file of keys: PEM with the label `PUBLIC KEY`, several in a row, one in DER, or OpenSSH's, one in a line.
    ///
    /// Refused as a whole: a file without a key, with anything else armored in it (a private key above all), or with a key
    /// of a kind that is not known.
    ///
    /// Source: RFC 7468, section 13.
    pub fn read_all(file: &[u8]) -> Result<Vec<Self>, String> {
        if file.len() > LARGEST_KEYS {
            return Err(format!("larger than {LARGEST_KEYS} bytes"));
        }
        if file.first() == Some(&0x30) {
            return Self::new(file.to_vec()).map(|key| vec![key]);
        }
        let what = || crate::unfit::described(file).map(|what| format!(": {what}")).unwrap_or_default();
        let text = std::str::from_utf8(file).map_err(|_| format!("neither PEM nor DER{}", what()))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some(keys) = openssh::spki_of_lines(text) {
            return keys?.into_iter().map(Self::new).collect();
        }
        let mut keys = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("-----BEGIN ") {
            if before.contains("-----") {
                return Err("an armor that is broken".to_owned());
            }
            let Some(body) = after.strip_prefix(BEGIN.trim_start_matches("-----BEGIN ")) else {
                let label: String = after.chars().take_while(|character| *character != '-').take(40).collect();
                return Err(format!("a {} where a PUBLIC KEY is wanted", plimsoll_model::one_line(&label)));
            };
            let (body, after) = body.split_once(END).ok_or("an armor that does not end")?;
            let packed: String = body.chars().filter(|character| !character.is_ascii_whitespace()).collect();
            keys.push(Self::new(STANDARD.decode(packed).map_err(|_| "an armor that is not base64")?)?);
            rest = after;
        }
        if keys.is_empty() { Err(format!("no public key in it{}", what())) } else { Ok(keys) }
    }

    /// Is `signature` one over `message`?
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify(message, &SignatureBytes::from_bytes(signature)).is_ok()
    }

    /// Is `signature` one over the message with this digest? Ed25519 signs no digest, so that it is never one.
    pub(super) fn verifies_digest(&self, digest: &ArtifactDigest, signature: &[u8]) -> bool {
        self.key.scheme().hash_algorithm() == Some(digest.algorithm())
            && self.key.verify_prehashed(digest.as_bytes(), &SignatureBytes::from_bytes(signature)).is_ok()
    }
}

/// A key of a registry, which counts in a period.
#[derive(Clone, Debug)]
pub(super) struct RegistryKey {
    pub key: PublicKey,
    /// The name that bundles have for it.
    pub hint: String,
    from: Timestamp,
    until: Option<Timestamp>,
}

impl RegistryKey {
    /// Does it count at this moment?
    pub fn counts(&self, time: Timestamp) -> bool {
        self.from <= time && self.until.is_none_or(|until| time <= until)
    }
}

/// The keys by which npm's registry signs attestations of what was published, as they were on [`NPM_KEYS_DATE`].
const NPM_KEYS: &[(&str, &str, &str, Option<&str>)] = &[
    (
        "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1Olb3zMAFFxXKHiIkQO5cJ3Yhl5i6UPp+IhuteBJbuHcA5UogKo0EWtlWwW6KSaKoTNEYL7JlCQiVnkhBktUgg==",
        "2022-12-01T00:00:00Z",
        Some("2025-01-29T00:00:00Z"),
    ),
    (
        "SHA256:DhQ8wR5APBvFHLF/+Tc+AYvPOdTpcIDqOhxsBHRwC7U",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEY6Ya7W++7aUPzvMTrezH6Ycx3c+HOKYCcNGybJZSCJq/fd7Qa8uuAKtdIkUQtQiEKERhAmE5lMMJhP8OkDOa2g==",
        "2025-01-13T00:00:00Z",
        None,
    ),
];

/// The day of the list of npm's keys that is built in.
pub const NPM_KEYS_DATE: &str = "2026-11-23";

/// The list as text, for its digest.
pub(super) fn npm_table() -> String {
    format!("{NPM_KEYS:?}")
}

/// npm's keys that are built in.
pub(super) fn npm_keys() -> Vec<RegistryKey> {
    let read = |(hint, der, from, until): &(&str, &str, &str, Option<&str>)| {
        let until = match until {
            Some(until) => Some(until.parse().ok()?),
            None => None,
        };
        let key = PublicKey::new(STANDARD.decode(der).ok()?).ok()?;
        Some(RegistryKey { key, hint: (*hint).to_owned(), from: from.parse().ok()?, until })
    };
    NPM_KEYS.iter().filter_map(read).collect()
}

/// Reads a list of npm's keys as Sigstore's TUF repository has it; those for attestations.
///
/// Refused: what is not one, or has no key for attestations.
///
/// Source: sigstore/root-signing, target `registry.npmjs.org/keys.json`.
pub(super) fn read_npm_keys(file: &[u8]) -> Result<Vec<RegistryKey>, String> {
    let value = super::json::parse(file)?;
    let list = value.get("keys").and_then(Value::as_array).ok_or("not a list of keys")?;
    let mut keys = Vec::new();
    for one in list.iter().filter(|one| text(one, "keyUsage") == Some("npm:attestations")) {
        let hint = text(one, "keyId").ok_or("a key without an id")?.to_owned();
        let key = one.get("publicKey").ok_or("an id without a key")?;
        let der = text(key, "rawBytes").and_then(|raw| STANDARD.decode(raw).ok()).ok_or("a key that is not base64")?;
        let time = |name: &str| {
            let text = super::json::at(key, &["validFor", name]).and_then(Value::as_str);
            text.map(|text| text.parse().map_err(|_| "a time that is none".to_owned())).transpose()
        };
        let from = time("start")?.ok_or("a key without a beginning")?;
        keys.push(RegistryKey { key: PublicKey::new(der)?, hint, from, until: time("end")? });
    }
    if keys.is_empty() { Err("no key for attestations in it".to_owned()) } else { Ok(keys) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_and_nothing_else() {
        let npm = npm_keys();
        assert_eq!(npm.len(), NPM_KEYS.len());
        let pem = format!("{BEGIN}\n{}\n{END}\n", NPM_KEYS[0].1);
        assert_eq!(PublicKey::read_all(pem.as_bytes()).unwrap()[0].fingerprint, npm[0].key.fingerprint);
        assert_eq!(PublicKey::read_all(format!("# mine\n{pem}{pem}").as_bytes()).unwrap().len(), 2);
        assert_eq!(PublicKey::read_all(&STANDARD.decode(NPM_KEYS[1].1).unwrap()).unwrap().len(), 1);
        for (bad, reason) in [
            (String::new(), "no public key"),
            ("MFkw".to_owned(), "no public key"),
            (pem.replace("PUBLIC KEY", "PRIVATE KEY"), "a PRIVATE KEY"),
            (format!("{pem}{}", pem.replace("PUBLIC KEY", "CERTIFICATE")), "a CERTIFICATE"),
            (pem.replace(END, ""), "does not end"),
            (pem.replace("MFkw", "MFk!"), "not base64"),
            (pem.replace("MFkw", "MFkwMFkw"), "not known"),
        ] {
            let given = PublicKey::read_all(bad.as_bytes()).unwrap_err();
            assert!(given.contains(reason), "{given}");
        }
        // The point of the first key, as OpenSSH writes it.
        let point = STANDARD.decode(NPM_KEYS[0].1).unwrap()[26..].to_vec();
        let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
        let blob = [string(b"ecdsa-sha2-nistp256"), string(b"nistp256"), string(&point)].concat();
        let line = format!("ecdsa-sha2-nistp256 {} me@example.org\n", STANDARD.encode(&blob));
        for file in [line.clone(), format!("\u{feff}# mine\r\n\r\n{}\r\n", line.trim_end())] {
            assert_eq!(PublicKey::read_all(file.as_bytes()).unwrap()[0].fingerprint, npm[0].key.fingerprint);
        }
        assert_eq!(PublicKey::read_all(format!("{line}{line}").as_bytes()).unwrap().len(), 2);
        for bad in [
            line.replace("nistp256 ", "nistp384 "),
            line.replace("ecdsa-sha2-nistp256 ", "ssh-ed25519 "),
            format!("{line}something else\n"),
            format!("ssh-ed25519 {}\n", STANDARD.encode([string(b"ssh-ed25519"), string(&[1; 31])].concat())),
            format!("ssh-dss {}\n", STANDARD.encode(string(b"ssh-dss"))),
            "ssh-ed25519\n".to_owned(),
            "ssh-ed25519 !!!\n".to_owned(),
        ] {
            assert!(PublicKey::read_all(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(PublicKey::read_all(&[0x30, 0]).is_err());
        assert!(PublicKey::read_all(&[0xff, 0]).is_err());
    }

    #[test]
    fn a_registry_key_counts_in_its_period() {
        let old = &npm_keys()[0];
        assert!(old.counts("2023-01-01T00:00:00Z".parse().unwrap()));
        assert!(!old.counts("2022-01-01T00:00:00Z".parse().unwrap()));
        assert!(!old.counts("2025-02-01T00:00:00Z".parse().unwrap()));
    }
}
