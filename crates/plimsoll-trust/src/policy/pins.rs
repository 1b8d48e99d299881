//! Fingerprints that a policy pins: of all that its files hold these keys alone count.

use std::collections::BTreeSet;

/// What a fingerprint has to look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PinKind {
    /// 40 or 64 hexadecimal digits, with or without blanks.
    OpenPgp,
    /// `SHA256:` and 43 characters, as ssh-keygen shows it.
    Ssh,
    /// `SHA256:` and 64 hexadecimal digits, as `plimsoll key show` shows it.
    PublicKey,
}

impl PinKind {
    /// The fingerprint in the one form that is compared. Refused: what is not whole.
    pub(super) fn read(self, text: &str) -> Result<String, String> {
        let refuse = |wanted: &str| {
            let shown = plimsoll_model::excerpt(&plimsoll_model::one_line(text), 100);
            Err(format!("\"{shown}\" is not a full fingerprint: {wanted}"))
        };
        let hexadecimal = |text: &str, lengths: &[usize]| {
            lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        match self {
            Self::OpenPgp => {
                let packed: String = text.chars().filter(|one| *one != ' ').collect();
                if hexadecimal(&packed, &[40, 64]) {
                    return Ok(packed.to_ascii_uppercase());
                }
                refuse("40 hexadecimal digits are wanted, as `gpg --fingerprint` shows them")
            }
            Self::Ssh => {
                let inner = text.strip_prefix("SHA256:").unwrap_or_default();
                let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
                if inner.len() == 43 && inner.bytes().all(is_base64) {
                    return Ok(text.to_owned());
                }
                refuse("SHA256:... is wanted, as `ssh-keygen -l` shows it")
            }
            Self::PublicKey => {
                let inner = text.strip_prefix("SHA256:").unwrap_or(text);
                if hexadecimal(inner, &[64]) {
                    return Ok(format!("SHA256:{}", inner.to_ascii_lowercase()));
                }
                refuse("SHA256: and 64 hexadecimal digits are wanted, as `plimsoll key show` shows them")
            }
        }
    }

    /// The pins of one entry; none where it pins nothing. Refused: one that is not whole, and one that appears twice.
    pub(super) fn read_all(self, texts: &[String]) -> Result<Option<BTreeSet<String>>, String> {
        let mut pins = BTreeSet::new();
        for text in texts {
            let pin = self.read(text)?;
            if pins.contains(&pin) {
                return Err(format!("the fingerprint {pin} appears twice"));
            }
            pins.insert(pin);
        }
        Ok((!pins.is_empty()).then_some(pins))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_a_whole_fingerprint() {
        let (pgp, ssh, key) = (PinKind::OpenPgp, PinKind::Ssh, PinKind::PublicKey);
        let hex = "968479A1AFF927E37D1A566BB5690EEEBB952194";
        let base64 = "SHA256:MevKPyzgQjT/itW4zvDsT+dFrO6TLlpJhM5/E5AMvhM";
        let digest = "ab".repeat(32);
        for (kind, text, expected) in [
            (pgp, hex, Some(hex.to_owned())),
            (pgp, "9684 79A1 AFF9 27E3 7D1A  566B B569 0EEE BB95 2194", Some(hex.to_owned())),
            (pgp, &hex.to_lowercase(), Some(hex.to_owned())),
            (pgp, "B5690EEEBB952194", None),
            (pgp, "0x968479A1AFF927E37D1A566BB5690EEEBB952194", None),
            (pgp, "", None),
            (pgp, base64, None),
            (ssh, base64, Some(base64.to_owned())),
            (ssh, "SHA256:MevKPyzgQjT", None),
            (ssh, "MevKPyzgQjT/itW4zvDsT+dFrO6TLlpJhM5/E5AMvhM", None),
            (ssh, "MD5:16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48", None),
            (key, &format!("SHA256:{digest}"), Some(format!("SHA256:{digest}"))),
            (key, &digest.to_uppercase(), Some(format!("SHA256:{digest}"))),
            (key, "SHA256:abab", None),
        ] {
            assert_eq!(kind.read(text).ok(), expected, "{kind:?} {text}");
        }
        let twice = [hex.to_owned(), hex.to_lowercase()];
        assert!(pgp.read_all(&twice).is_err() && pgp.read_all(&[]).unwrap().is_none());
    }
}
