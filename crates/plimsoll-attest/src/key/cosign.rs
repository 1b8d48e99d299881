//! cosign's key files: scrypt and `NaCl` secretbox around PKCS#8, described in JSON.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use crypto_secretbox::{KeyInit as _, XSalsa20Poly1305, aead::Aead as _};
use plimsoll_model::parse_strict;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::{Ask, KeyError, Secret, limits::Limits, pkcs8};

pub(super) const FORM: &str = "key of cosign (ENCRYPTED SIGSTORE PRIVATE KEY)";

/// Bytes of a secretbox that are no message.
const TAG: usize = 16;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Encrypted {
    kdf: Derivation,
    cipher: Cipher,
    ciphertext: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Derivation {
    name: String,
    params: Cost,
    salt: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cost {
    #[serde(rename = "N")]
    n: u64,
    r: u64,
    p: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cipher {
    name: String,
    nonce: String,
}

/// Gives what a key file of cosign holds, once its armor is off.
///
/// N of scrypt is a power of two within `limits` (cosign writes 65,536, older ones 32,768), r 8 and p 1; an empty
/// passphrase is one, as cosign takes it. The form is authenticated.
///
/// Source: go-securesystemslib and go-tuf, package `encrypted`; cosign, pkg/cosign/keys.go.
pub(super) fn read(json: &[u8], ask: Ask<'_>, limits: &Limits) -> Result<Secret, KeyError> {
    let damaged = |reason: String| KeyError::damaged(FORM, reason);
    let value = parse_strict(json).map_err(|_| damaged("its inside is not the JSON that cosign writes".into()))?;
    let file = Encrypted::deserialize(value)
        .map_err(|_| damaged("its inside has not the members that cosign writes".into()))?;
    if file.kdf.name != "scrypt" || file.cipher.name != "nacl/secretbox" {
        return Err(damaged("it is encrypted by something else than scrypt and nacl/secretbox".into()));
    }
    let Cost { n, r, p } = file.kdf.params;
    let work = n.saturating_mul(r).saturating_mul(p);
    let memory = n.saturating_mul(r).saturating_mul(128);
    if work > limits.scrypt_work || memory > limits.scrypt_memory {
        return Err(KeyError::TooCostly {
            form: FORM,
            asked: format!("scrypt with N = {n}, r = {r}, p = {p}"),
            most: format!("N r p = {} in {} MiB", limits.scrypt_work, limits.scrypt_memory >> 20),
        });
    }
    if !n.is_power_of_two() || n < 2 || r != 8 || p != 1 {
        return Err(damaged(format!("it asks for scrypt with N = {n}, r = {r}, p = {p}, which cosign never writes")));
    }
    let bytes = |name: &str, text: &str| {
        STANDARD.decode(text).map_err(|_| KeyError::damaged(FORM, format!("its {name} is not base64")))
    };
    let salt = bytes("salt", &file.kdf.salt)?;
    let nonce: [u8; 24] = bytes("nonce", &file.cipher.nonce)?
        .try_into()
        .map_err(|_| KeyError::damaged(FORM, "its nonce has not 24 bytes"))?;
    let ciphertext = bytes("ciphertext", &file.ciphertext)?;
    if salt.is_empty() || ciphertext.len() <= TAG {
        return Err(damaged("it has no salt or nothing encrypted".into()));
    }
    let passphrase = ask(FORM).map_err(|reason| KeyError::NoPassphrase { form: FORM, reason })?;
    let key = derive(passphrase.as_bytes(), &salt, n)?;
    let opened = XSalsa20Poly1305::new((&*key).into())
        .decrypt((&nonce).into(), ciphertext.as_slice())
        .map(Zeroizing::new)
        .map_err(|_| KeyError::WrongPassphrase { form: FORM })?;
    pkcs8::read(&opened, FORM)
}

/// Gives the key that scrypt makes of `passphrase` with r = 8 and p = 1; `n` is a power of two.
pub(super) fn derive(passphrase: &[u8], salt: &[u8], n: u64) -> Result<Zeroizing<[u8; 32]>, KeyError> {
    let failed = |()| KeyError::Arithmetic { what: "scrypt" };
    let mut key = Zeroizing::new([0; 32]);
    // Below 64, as `n` has 64 bits.
    let log_n = n.trailing_zeros() as u8;
    let cost = scrypt::Params::new(log_n, 8, 1, key.len()).map_err(|_| failed(()))?;
    scrypt::scrypt(passphrase, salt, &cost, key.as_mut()).map_err(|_| failed(()))?;
    Ok(key)
}
