//! OpenSSH's key files, plain and encrypted.

use ssh_key::{
    Kdf, PrivateKey,
    private::{EcdsaKeypair, KeypairData},
};
use zeroize::Zeroizing;

use super::{Ask, KeyError, KeyKind, Secret, limits::Limits, pkcs8::OTHER_KIND};

pub(super) const FORM: &str = "key of OpenSSH (OPENSSH PRIVATE KEY)";
const MAGIC: &[u8] = b"openssh-key-v1\0";
const ANEW: &str = "encrypt it anew with `ssh-keygen -p -Z aes256-ctr -f KEY`";

/// Gives what a key file of OpenSSH holds, once its armor is off.
///
/// Refused before the passphrase is asked for: other kinds of keys, more than one key, ciphers other than AES and
/// `ChaCha20`-Poly1305, more rounds than `limits`.
///
/// Source: OpenSSH, PROTOCOL.key.
pub(super) fn read(bytes: &[u8], ask: Ask<'_>, limits: &Limits) -> Result<Secret, KeyError> {
    check_kind(bytes)?;
    let mut key = PrivateKey::from_bytes(bytes).map_err(|error| KeyError::damaged(FORM, error.to_string()))?;
    if key.is_encrypted() {
        let Kdf::Bcrypt { rounds, .. } = key.kdf() else {
            return Err(KeyError::damaged(FORM, "it is encrypted and does not say how the passphrase becomes a key"));
        };
        if *rounds > limits.bcrypt {
            let (asked, most) = (format!("{rounds} rounds of bcrypt"), limits.bcrypt.to_string());
            return Err(KeyError::TooCostly { form: FORM, asked, most });
        }
        if *rounds == 0 {
            return Err(KeyError::damaged(FORM, "it asks for no rounds of bcrypt"));
        }
        let passphrase = ask(FORM).map_err(|reason| KeyError::NoPassphrase { form: FORM, reason })?;
        // Under a wrong passphrase other bytes come out, and any point of their reading may fail.
        key = key.decrypt(passphrase.as_bytes()).map_err(|_| KeyError::WrongPassphrase { form: FORM })?;
    }
    let (kind, bytes, stated): (_, &[u8], _) = match key.key_data() {
        KeypairData::Ed25519(pair) => (KeyKind::Ed25519, pair.private.as_ref(), pair.public.as_ref().to_vec()),
        KeypairData::Ecdsa(EcdsaKeypair::NistP256 { public, private }) => {
            (KeyKind::EcdsaP256, private.as_slice(), public.as_bytes().to_vec())
        }
        KeypairData::Ecdsa(EcdsaKeypair::NistP384 { public, private }) => {
            (KeyKind::EcdsaP384, private.as_slice(), public.as_bytes().to_vec())
        }
        // The kind in the head was another.
        _ => return Err(KeyError::damaged(FORM, "it names two kinds of keys")),
    };
    Ok(Secret { kind, bytes: Zeroizing::new(bytes.to_vec()), stated: vec![stated] })
}

/// Refuses by the head of the file, which is never encrypted, what is not one key that signs here.
fn check_kind(bytes: &[u8]) -> Result<(), KeyError> {
    let (keys, cipher, kind) = head(bytes).ok_or_else(|| KeyError::damaged(FORM, "its head does not end"))?;
    if keys != 1 {
        return Err(KeyError::unfit(format!("the {FORM} holds {keys} keys"), "give a file that holds one"));
    }
    let refuse = |what: &str| Err(KeyError::unfit(format!("the {FORM} holds {what}"), OTHER_KIND));
    match kind {
        b"ssh-ed25519" | b"ecdsa-sha2-nistp256" | b"ecdsa-sha2-nistp384" => {}
        b"ssh-rsa" => return refuse("an RSA key"),
        b"ssh-dss" => return refuse("a DSA key"),
        b"ecdsa-sha2-nistp521" => return refuse("an ECDSA key on P-521"),
        _ if kind.starts_with(b"sk-") => {
            return refuse("only a reference to a key on a security key (sk), whose signatures are of another form");
        }
        _ => return refuse("a key of a kind that is not known"),
    }
    let aes = [&b"aes128-"[..], b"aes192-", b"aes256-", b"chacha20-poly1305@openssh.com"];
    if cipher != b"none" && !aes.iter().any(|prefix| cipher.starts_with(prefix)) {
        return Err(KeyError::unfit(format!("the {FORM} is encrypted by a cipher that is not read"), ANEW));
    }
    Ok(())
}

/// Gives the number of keys, the cipher, and the kind of the first key.
fn head(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let rest = bytes.strip_prefix(MAGIC)?;
    let (cipher, rest) = string(rest)?;
    let (_, rest) = string(rest)?;
    let (_, rest) = string(rest)?;
    let (keys, rest) = rest.split_first_chunk::<4>()?;
    let (public, _) = string(rest)?;
    let (kind, _) = string(public)?;
    Some((u32::from_be_bytes(*keys), cipher, kind))
}

/// Gives a string of the SSH wire format and what follows (RFC 4251 section 5).
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
