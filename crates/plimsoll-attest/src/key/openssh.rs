//! OpenSSH's key files, plain and encrypted.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ssh_key::{Cipher, Kdf};
use zeroize::Zeroizing;

use super::{Ask, KeyError, KeyKind, Secret, limits::Limits, pkcs8::OTHER_KIND};

pub(super) const PUBLIC_FORM: &str = "public key of OpenSSH";
pub(super) const FORM: &str = "key of OpenSSH (OPENSSH PRIVATE KEY)";
const MAGIC: &[u8] = b"openssh-key-v1\0";
const AGAIN: &str = "encrypt it again with `ssh-keygen -p -Z aes256-ctr -f KEY`";

/// Gives what a key file of OpenSSH holds, once its armor is off.
///
/// Refused before the passphrase is asked for: other kinds of keys, more than one key, ciphers other than AES and
/// `ChaCha20`-Poly1305, more rounds than `limits`.
///
/// Source: OpenSSH, PROTOCOL.key.
pub(super) fn read(bytes: &[u8], ask: Ask<'_>, limits: &Limits) -> Result<Secret, KeyError> {
    let file = File::read(bytes).ok_or_else(|| KeyError::damaged(FORM, "its head does not end"))?;
    file.check_kind()?;
    let name = std::str::from_utf8(file.cipher).unwrap_or_default();
    let cipher = Cipher::new(name).map_err(|error| KeyError::damaged(FORM, error.to_string()))?;
    if file.private.is_empty() || !file.private.len().is_multiple_of(cipher.block_size()) {
        return Err(KeyError::damaged(FORM, "its private part has a length that no cipher gives"));
    }
    let mut body = Zeroizing::new(file.private.to_vec());
    if cipher.is_some() {
        unlock(&file, cipher, &mut body, ask, limits)?;
    } else if file.kdf != b"none" || !file.options.is_empty() || !file.tag.is_empty() {
        return Err(KeyError::damaged(FORM, "it is not encrypted and says how it were"));
    }
    // Under a wrong passphrase other bytes come out, and any point of their reading may fail.
    let wrong = || {
        if cipher.is_some() {
            KeyError::WrongPassphrase { form: FORM }
        } else {
            KeyError::damaged(FORM, "its private part is not one")
        }
    };
    let (kind, secret, mut stated) = private(&body, cipher.block_size()).ok_or_else(wrong)?;
    let (head_kind, _, head_point) =
        public(file.public).ok_or_else(|| KeyError::damaged(FORM, "its public part is not one"))?;
    if kind != head_kind {
        return Err(KeyError::damaged(FORM, "it names two kinds of keys"));
    }
    stated.push(head_point.to_vec());
    Ok(Secret { kind, bytes: secret, stated })
}

/// Gives kind and point of the one key in a `.pub` file of OpenSSH; `None` where the file does not begin like one.
///
/// Refused: other kinds of keys, several keys, a key that is broken.
///
/// Source: sshd(8), section `AUTHORIZED_KEYS`: type, base64 and a comment.
pub(super) fn public_line(file: &[u8]) -> Option<Result<(KeyKind, Vec<u8>), KeyError>> {
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let begins = [&b"ssh-"[..], b"ecdsa-sha2-", b"sk-"].iter().any(|kind| file.trim_ascii_start().starts_with(kind));
    begins.then(|| {
        let broken = || KeyError::damaged(PUBLIC_FORM, "it is not a type and a key in base64");
        let text = std::str::from_utf8(file).map_err(|_| broken())?;
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (Some(line), None) = (lines.next(), lines.next()) else {
            return Err(KeyError::unfit(format!("the {PUBLIC_FORM} holds several keys"), "give a file that holds one"));
        };
        let mut words = line.split_whitespace();
        let (kind, encoded) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let blob = STANDARD.decode(encoded).map_err(|_| broken())?;
        if string(&blob).is_none_or(|(named, _)| named != kind.as_bytes()) {
            return Err(broken());
        }
        match public(&blob) {
            Some((kind, _, point)) => Ok((kind, point.to_vec())),
            None if matches!(kind, "ssh-ed25519" | "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384") => Err(broken()),
            None => Err(KeyError::unfit(format!("the {PUBLIC_FORM} is of a kind that signs no labels"), OTHER_KIND)),
        }
    })
}

/// Turns the private part into what it was before it was encrypted.
fn unlock(file: &File<'_>, cipher: Cipher, body: &mut [u8], ask: Ask<'_>, limits: &Limits) -> Result<(), KeyError> {
    let without = || KeyError::damaged(FORM, "it is encrypted and does not say how the passphrase becomes a key");
    let (salt, rest) = string(file.options).filter(|_| file.kdf == b"bcrypt").ok_or_else(without)?;
    let rounds = u32::from_be_bytes(rest.try_into().map_err(|_| without())?);
    if rounds > limits.bcrypt {
        let (asked, most) = (format!("{rounds} rounds of bcrypt"), limits.bcrypt.to_string());
        return Err(KeyError::TooCostly { form: FORM, asked, most });
    }
    if rounds == 0 {
        return Err(KeyError::damaged(FORM, "it asks for no rounds of bcrypt"));
    }
    let tag = match file.tag {
        [] => None,
        tag => Some(<[u8; 16]>::try_from(tag).map_err(|_| KeyError::damaged(FORM, "something follows its end"))?),
    };
    let passphrase = ask(FORM).map_err(|reason| KeyError::NoPassphrase { form: FORM, reason })?;
    let wrong = || KeyError::WrongPassphrase { form: FORM };
    let kdf = Kdf::Bcrypt { salt: salt.to_vec(), rounds };
    let (key, iv) = kdf.derive_key_and_iv(cipher, passphrase.as_bytes()).map_err(|_| wrong())?;
    cipher.decrypt(&key, &iv, body, tag).map_err(|_| wrong())
}

/// A key with the public keys that stand beside its secret number.
type Read = (KeyKind, Zeroizing<Vec<u8>>, Vec<Vec<u8>>);

/// Reads the private part: two equal numbers, the key, a comment, and bytes that count up to a whole block.
///
/// The number of an ECDSA key is written without zeros before it, which one in 256 has: it is filled up again.
fn private(body: &[u8], block: usize) -> Option<Read> {
    let (check, rest) = body.split_first_chunk::<4>()?;
    let rest = rest.strip_prefix(check)?;
    let (kind, public, rest) = public_of(rest)?;
    let (number, rest) = string(rest)?;
    let mut stated = vec![public.to_vec()];
    let mut secret = Zeroizing::new(vec![0; kind.secret_length()]);
    if kind == KeyKind::Ed25519 {
        // The number and the public key once more.
        let (seed, own) = number.split_at_checked(secret.len()).filter(|(_, own)| own.len() == 32)?;
        secret.copy_from_slice(seed);
        stated.push(own.to_vec());
    } else {
        // RFC 4251, section 5: a zero stands before what would else be negative, and nowhere else.
        let digits = match number {
            [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => digits,
            [0, ..] => return None,
            [first, ..] if *first >= 0x80 => return None,
            digits => digits,
        };
        let from = secret.len().checked_sub(digits.len())?;
        secret.get_mut(from..)?.copy_from_slice(digits);
    }
    let (_, padding) = string(rest)?;
    let counts = padding.iter().zip(1_u8..).all(|(byte, count)| *byte == count);
    (counts && padding.len() < block.max(8)).then_some((kind, secret, stated))
}

/// Reads a public key of the wire format, and nothing behind it.
fn public(bytes: &[u8]) -> Option<(KeyKind, &[u8], &[u8])> {
    let (kind, point, rest) = public_of(bytes)?;
    rest.is_empty().then_some((kind, rest, point))
}

/// Gives the kind and the point of a public key (RFC 5656 section 3.1, RFC 8709 section 4), and what follows.
fn public_of(bytes: &[u8]) -> Option<(KeyKind, &[u8], &[u8])> {
    let (name, rest) = string(bytes)?;
    let curve: &[u8] = match name {
        b"ssh-ed25519" => {
            let (point, rest) = string(rest)?;
            return Some((KeyKind::Ed25519, point, rest));
        }
        b"ecdsa-sha2-nistp256" => b"nistp256",
        b"ecdsa-sha2-nistp384" => b"nistp384",
        _ => return None,
    };
    let (named, rest) = string(rest)?;
    let (point, rest) = string(rest)?;
    let kind = if curve == b"nistp256" { KeyKind::EcdsaP256 } else { KeyKind::EcdsaP384 };
    (named == curve).then_some((kind, point, rest))
}

/// A file as it is laid out.
struct File<'a> {
    cipher: &'a [u8],
    kdf: &'a [u8],
    options: &'a [u8],
    keys: u32,
    public: &'a [u8],
    private: &'a [u8],
    /// What an encryption that proves itself adds.
    tag: &'a [u8],
}

impl<'a> File<'a> {
    /// Gives the parts; nothing where one of them does not end.
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let (cipher, rest) = string(rest)?;
        let (kdf, rest) = string(rest)?;
        let (options, rest) = string(rest)?;
        let (keys, rest) = rest.split_first_chunk::<4>()?;
        let (public, rest) = string(rest)?;
        // Of several keys the first is enough to tell that there are several.
        let (private, tag) = string(rest).unwrap_or_default();
        Some(Self { cipher, kdf, options, keys: u32::from_be_bytes(*keys), public, private, tag })
    }

    /// Refuses by the head, which is never encrypted, what is not one key that signs here.
    fn check_kind(&self) -> Result<(), KeyError> {
        let kind = string(self.public).map(|(kind, _)| kind).unwrap_or_default();
        if self.keys != 1 {
            let held = self.keys;
            return Err(KeyError::unfit(format!("the {FORM} holds {held} keys"), "give a file that holds one"));
        }
        let refuse = |what: &str| Err(KeyError::unfit(format!("the {FORM} holds {what}"), OTHER_KIND));
        match kind {
            b"ssh-ed25519" | b"ecdsa-sha2-nistp256" | b"ecdsa-sha2-nistp384" => {}
            b"ssh-rsa" => return refuse("an RSA key"),
            b"ssh-dss" => return refuse("a DSA key"),
            b"ecdsa-sha2-nistp521" => return refuse("an ECDSA key on P-521"),
            _ if kind.starts_with(b"sk-") => {
                return refuse(
                    "only a reference to a key on a security key (sk), whose signatures are of another form",
                );
            }
            _ => return refuse("a key of a kind that is not known"),
        }
        // The library knows one more, which is too weak to be believed in.
        let name = std::str::from_utf8(self.cipher).unwrap_or_default();
        let known = Cipher::new(name).is_ok_and(|cipher| cipher != Cipher::TDesCbc);
        if known {
            return Ok(());
        }
        Err(KeyError::unfit(format!("the {FORM} is encrypted by a cipher that is not read"), AGAIN))
    }
}

/// Gives a string of the SSH wire format and what follows (RFC 4251 section 5).
fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
