//! Encrypted PKCS#8: a passphrase, PBKDF2 or scrypt, AES-CBC.

use aws_lc_rs::rand;
use pkcs8::{
    EncryptedPrivateKeyInfo, PrivateKeyInfo,
    der::{Decode as _, Encode as _, ErrorKind, Tag},
    pkcs5::{
        EncryptionScheme,
        pbes2::{Kdf, Parameters, Pbkdf2Prf},
    },
};
use zeroize::Zeroizing;

use super::{Ask, KeyError, Secret, limits::Limits, pkcs8 as plain};

pub(super) const FORM: &str = "encrypted PKCS#8 key (ENCRYPTED PRIVATE KEY)";
const AGAIN: &str = "write it again with `openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out NEW`";

/// scrypt as we write it, of the strengths that OWASP's Password Storage Cheat Sheet counts as equal the one in 16 MiB:
/// openssl(1) reads nothing that takes more than 32.
const LOG_N: u8 = 14;
const R: u32 = 8;
const P: u32 = 5;

/// Gives what an `EncryptedPrivateKeyInfo` in `der` holds.
///
/// Refused before the passphrase is asked for: other methods than PBES2 with PBKDF2 (HMAC-SHA-2) or scrypt and AES-CBC,
/// and more work than `limits`. This form is not authenticated: a wrong passphrase is seen by what comes out.
///
/// Source: RFC 5958 section 3; RFC 8018 section 6.2; RFC 7914 section 7.
pub(super) fn read(der: &[u8], ask: Ask<'_>, limits: &Limits) -> Result<Secret, KeyError> {
    let info = EncryptedPrivateKeyInfo::from_der(der).map_err(|error| match error.kind() {
        ErrorKind::OidUnknown { oid } => KeyError::unfit(format!("the {FORM} is encrypted by {oid}"), AGAIN),
        // So the library says it of the methods of PKCS#12, which it does not know.
        ErrorKind::Value { tag: Tag::ObjectIdentifier } => {
            KeyError::unfit(format!("the {FORM} is encrypted by a method that is not known"), AGAIN)
        }
        _ => KeyError::damaged(FORM, error.to_string()),
    })?;
    let EncryptionScheme::Pbes2(scheme) = &info.encryption_algorithm else {
        return Err(KeyError::unfit(format!("the {FORM} is encrypted by an old method (PBES1)"), AGAIN));
    };
    bound(&scheme.kdf, limits)?;
    if scheme.kdf.key_length().is_some_and(|length| usize::from(length) != scheme.encryption.key_size()) {
        return Err(KeyError::damaged(FORM, "the length of its key is not the cipher's"));
    }
    if !info.encrypted_data.len().is_multiple_of(16) || info.encrypted_data.is_empty() {
        return Err(KeyError::damaged(FORM, "the encrypted part does not fill its blocks"));
    }
    let passphrase = ask(FORM).map_err(|reason| KeyError::NoPassphrase { form: FORM, reason })?;
    let mut buffer = Zeroizing::new(info.encrypted_data.to_vec());
    let wrong = KeyError::WrongPassphrase { form: FORM };
    let Ok(opened) = scheme.decrypt_in_place(passphrase.as_bytes(), &mut buffer) else { return Err(wrong) };
    if PrivateKeyInfo::from_der(opened).is_err() {
        return Err(wrong);
    }
    plain::read(opened, FORM)
}

fn bound(kdf: &Kdf<'_>, limits: &Limits) -> Result<(), KeyError> {
    let too_costly = |asked: String, most: String| Err(KeyError::TooCostly { form: FORM, asked, most });
    match kdf {
        Kdf::Pbkdf2(pbkdf2) => {
            if pbkdf2.prf == Pbkdf2Prf::HmacWithSha1 {
                return Err(KeyError::unfit(format!("the {FORM} uses SHA-1"), AGAIN));
            }
            if pbkdf2.iteration_count > limits.pbkdf2 {
                return too_costly(
                    format!("{} iterations of PBKDF2", pbkdf2.iteration_count),
                    limits.pbkdf2.to_string(),
                );
            }
            Ok(())
        }
        Kdf::Scrypt(scrypt) => {
            let (n, r, p) = (scrypt.cost_parameter, u64::from(scrypt.block_size), u64::from(scrypt.parallelization));
            if !n.is_power_of_two() || n < 2 || r == 0 || p == 0 {
                return Err(KeyError::damaged(FORM, "the parameters of scrypt are none"));
            }
            let work = n.saturating_mul(r).saturating_mul(p);
            let memory = n.saturating_add(p).saturating_mul(r).saturating_mul(128);
            if work > limits.scrypt_work || memory > limits.scrypt_memory {
                return too_costly(
                    format!("scrypt with N = {n}, r = {r}, p = {p}"),
                    format!("N r p = {} in {} MiB", limits.scrypt_work, limits.scrypt_memory >> 20),
                );
            }
            Ok(())
        }
        _ => Err(KeyError::unfit(
            format!("the {FORM} turns the passphrase into a key in a way that is not known"),
            AGAIN,
        )),
    }
}

/// Gives `der`, a `PrivateKeyInfo`, encrypted for `passphrase`: an `EncryptedPrivateKeyInfo` with scrypt and AES-256-CBC.
pub(super) fn write(der: &[u8], passphrase: &str) -> Result<Vec<u8>, KeyError> {
    let failed = || KeyError::Arithmetic { what: "encrypting the key" };
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    rand::fill(&mut salt).and_then(|()| rand::fill(&mut iv)).map_err(|_| failed())?;
    let cost = scrypt::Params::new(LOG_N, R, P, scrypt::Params::RECOMMENDED_LEN).map_err(|_| failed())?;
    let scheme = Parameters::scrypt_aes256cbc(cost, &salt, &iv).map_err(|_| failed())?;
    let encrypted = scheme.encrypt(passphrase.as_bytes(), der).map_err(|_| failed())?;
    let info = EncryptedPrivateKeyInfo { encryption_algorithm: scheme.into(), encrypted_data: &encrypted };
    info.to_der().map_err(|_| failed())
}
