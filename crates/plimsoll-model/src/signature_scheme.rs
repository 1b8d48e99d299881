//! How a commit or tag is signed.

use serde::{Deserialize, Serialize};

/// How something is signed. What an armor alone says is `X509` for both kinds of CMS: that a certificate is of Fulcio is known
/// when the message is read.
///
/// What is kept between runs holds the number of the variant: who changes their order changes the version of what is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignatureScheme {
    /// Not at all.
    #[default]
    None,
    /// OpenPGP (RFC 9580, RFC 4880): `-----BEGIN PGP SIGNATURE-----` (or `PGP MESSAGE`).
    OpenPgp,
    /// OpenSSH `SSHSIG`: `-----BEGIN SSH SIGNATURE-----`.
    Ssh,
    /// CMS with a certificate of an authority, as gpgsm and smimesign make it: `-----BEGIN SIGNED MESSAGE-----`.
    X509,
    /// CMS with a short-lived certificate of Fulcio.
    Gitsign,
    /// An armor that git knows no program for.
    Unknown,
}

impl SignatureScheme {
    /// The word as it stands in facts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::OpenPgp => "openpgp",
            Self::Ssh => "ssh",
            Self::X509 => "x509",
            Self::Gitsign => "gitsign",
            Self::Unknown => "unknown",
        }
    }

    /// The scheme by the first line of an armor.
    ///
    /// Source: git's `gpg-interface.c`, the table of formats and their first lines.
    pub fn of_armor(armor: &[u8]) -> Self {
        let starts = |line: &str| armor.starts_with(line.as_bytes());
        if starts("-----BEGIN PGP SIGNATURE-----") || starts("-----BEGIN PGP MESSAGE-----") {
            Self::OpenPgp
        } else if starts("-----BEGIN SSH SIGNATURE-----") {
            Self::Ssh
        } else if starts("-----BEGIN SIGNED MESSAGE-----") {
            Self::X509
        } else {
            Self::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SignatureScheme::{Gitsign, None, OpenPgp, Ssh, Unknown, X509};

    #[test]
    fn the_word_is_that_of_json() {
        for scheme in [None, OpenPgp, Ssh, X509, Gitsign, Unknown] {
            assert_eq!(serde_json::to_value(scheme).unwrap(), scheme.as_str());
        }
    }
}
