//! What a certificate says: whose it is, who says so, when it holds and what for.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use cms::signed_data::SignerIdentifier;
use der::{Decode as _, Tag, asn1::ObjectIdentifier};
use x509_cert::{
    Certificate,
    ext::pkix::{
        BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName, SubjectKeyIdentifier,
        name::{GeneralName, OtherName},
    },
    name::Name,
};

use super::tlv::{element, malformed, unexpected};
use crate::checked::NameKind;

/// Largest certificate that is read; real ones have 1 to 3 KiB.
const LARGEST: usize = 16 * 1024;
/// Largest name: der sorts its parts by insertion, so that the cost grows with the square.
pub(super) const LARGEST_NAME: usize = 4 * 1024;
/// Names of one certificate that are handed on.
const MOST_NAMES: usize = 100;
/// Longest identity that is handed on.
const LONGEST_IDENTITY: usize = 1024;

/// Fulcio's issuer extension as bare text, and as a `UTF8String` (Fulcio, docs/oid-info.md).
const FULCIO_ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.1");
const FULCIO_ISSUER_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.8");
/// Fulcio's extension for the repository whose run asked for the certificate, and GitHub's name of it as bare text before there
/// was that (Fulcio, docs/oid-info.md).
const FULCIO_SOURCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.12");
const FULCIO_GITHUB_REPOSITORY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.5");
/// Fulcio's name type for a user name (Fulcio, docs/oid-info.md).
const FULCIO_USER_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.1.7");
/// Key purposes of RFC 5280 section 4.2.1.12.
pub(super) const CODE_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.3");
pub(super) const EMAIL_PROTECTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.4");

/// A certificate, as bytes and as read.
#[derive(Debug)]
pub(super) struct Read<'a> {
    pub(super) der: &'a [u8],
    pub(super) certificate: Certificate,
}

impl<'a> Read<'a> {
    /// Reads a certificate (RFC 5280 section 4.1) of at most 16 KiB, with names of at most 4.
    pub(super) fn new(der: &'a [u8]) -> Result<Self, String> {
        if der.len() > LARGEST {
            return Err(format!("a certificate has more than {LARGEST} bytes"));
        }
        let parts = element(der, "a certificate")?.open(Tag::Sequence, "a certificate")?;
        let inner = parts.first().ok_or_else(|| unexpected("a certificate"))?.open(Tag::Sequence, "a certificate")?;
        // Issuer and subject are SEQUENCEs, and nothing else that is one comes near this.
        if inner.iter().any(|part| part.tag == Tag::Sequence && part.whole.len() > LARGEST_NAME) {
            return Err(format!("a certificate has a name of more than {LARGEST_NAME} bytes"));
        }
        let certificate = Certificate::from_der(der).map_err(|error| malformed("a certificate", &error))?;
        Ok(Self { der, certificate })
    }

    /// Whether `identifier` names this certificate, by the bytes of its issuer and serial number or of its key
    /// identifier (RFC 5652 section 5.3).
    pub(super) fn is_named_by(&self, identifier: &SignerIdentifier) -> bool {
        let tbs = &self.certificate.tbs_certificate;
        match identifier {
            SignerIdentifier::IssuerAndSerialNumber(named) => {
                named.issuer == tbs.issuer && named.serial_number == tbs.serial_number
            }
            SignerIdentifier::SubjectKeyIdentifier(named) => {
                self.extension::<SubjectKeyIdentifier>().is_some_and(|own| own == *named)
            }
        }
    }

    /// SHA-256 of the certificate in lower-case hexadecimal.
    pub(super) fn fingerprint(&self) -> String {
        hex(digest::digest(&digest::SHA256, self.der).as_ref())
    }

    /// When it begins and ends to hold, seconds since 1970, both included (RFC 5280 section 4.1.2.5).
    pub(super) fn validity(&self) -> (i64, i64) {
        let validity = &self.certificate.tbs_certificate.validity;
        let seconds = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs());
        (seconds(validity.not_before).unwrap_or(i64::MAX), seconds(validity.not_after).unwrap_or(i64::MIN))
    }

    /// Who: the first e-mail address, else the first URI, else Fulcio's user name, of the alternative names, else the
    /// subject as RFC 4514 writes it. A name with control characters is passed over.
    pub(super) fn signer(&self) -> String {
        let names = self.extension::<SubjectAltName>().map_or_else(Vec::new, |names| names.0);
        let find = |text: fn(&GeneralName) -> Option<String>| names.iter().filter_map(text).find(|name| is_plain(name));
        find(|name| if let GeneralName::Rfc822Name(mail) = name { Some(mail.to_string()) } else { None })
            .or_else(|| {
                find(
                    |name| {
                        if let GeneralName::UniformResourceIdentifier(uri) = name {
                            Some(uri.to_string())
                        } else {
                            None
                        }
                    },
                )
            })
            .or_else(|| find(|name| if let GeneralName::OtherName(other) = name { user_name(other) } else { None }))
            .unwrap_or_else(|| name(&self.certificate.tbs_certificate.subject))
    }

    /// Every address and URI of the alternative names, and which of them it is. A name with control characters is passed over.
    pub(super) fn names(&self) -> Vec<(NameKind, String)> {
        let names = self.extension::<SubjectAltName>().map_or_else(Vec::new, |names| names.0);
        let text = |name: &GeneralName| match name {
            GeneralName::Rfc822Name(mail) => Some((NameKind::Address, mail.to_string())),
            GeneralName::UniformResourceIdentifier(uri) => Some((NameKind::Uri, uri.to_string())),
            GeneralName::OtherName(other) => user_name(other).map(|name| (NameKind::User, name)),
            _ => None,
        };
        names.iter().filter_map(text).filter(|(_, name)| is_plain(name)).take(MOST_NAMES).collect()
    }

    /// Who says so: the OIDC issuer where Fulcio states one, else the issuer's name as RFC 4514 writes it.
    pub(super) fn issuer(&self) -> String {
        self.oidc_issuer().unwrap_or_else(|| name(&self.certificate.tbs_certificate.issuer))
    }

    /// Whether Fulcio's issuer extension is there, whatever it holds.
    pub(super) fn is_of_fulcio(&self) -> bool {
        self.raw_extension(FULCIO_ISSUER_V2).or_else(|| self.raw_extension(FULCIO_ISSUER)).is_some()
    }

    fn oidc_issuer(&self) -> Option<String> {
        let issuer = match self.raw_extension(FULCIO_ISSUER_V2) {
            Some(der) => String::from_der(der).ok(),
            None => self.raw_extension(FULCIO_ISSUER).and_then(|text| String::from_utf8(text.to_vec()).ok()),
        };
        issuer.filter(|issuer| is_plain(issuer))
    }

    /// The repository whose run asked for the certificate, where Fulcio says so.
    pub(super) fn run_of(&self) -> Option<String> {
        let source = match (self.raw_extension(FULCIO_SOURCE), self.raw_extension(FULCIO_GITHUB_REPOSITORY)) {
            (Some(der), _) => String::from_der(der).ok(),
            (None, Some(name)) => {
                String::from_utf8(name.to_vec()).ok().map(|name| format!("https://github.com/{name}"))
            }
            (None, None) => return None,
        };
        // What is there and cannot be read is a repository that nobody names.
        Some(source.filter(|source| is_plain(source)).unwrap_or_default())
    }

    /// Passes when the certificate's key may sign data.
    ///
    /// A key usage has to have digitalSignature or nonRepudiation, an extended key usage one of `purposes`;
    /// an extension that is absent limits nothing (RFC 5280 sections 4.2.1.3 and 4.2.1.12). With
    /// `needs_purpose` the extended key usage has to be there.
    pub(super) fn may_sign(&self, purposes: &[(ObjectIdentifier, &str)], needs_purpose: bool) -> Result<(), String> {
        let tbs = &self.certificate.tbs_certificate;
        match tbs.get::<KeyUsage>() {
            Ok(None) => {}
            Ok(Some((_, usage))) if usage.digital_signature() || usage.non_repudiation() => {}
            Ok(Some(_)) => return Err("its key usage has neither digitalSignature nor nonRepudiation".into()),
            Err(_) => return Err("its key usage cannot be read".into()),
        }
        let names: Vec<&str> = purposes.iter().map(|(_, name)| *name).collect();
        match tbs.get::<ExtendedKeyUsage>() {
            Ok(None) if needs_purpose => {
                Err(format!("it has no extended key usage, which has to have {}", names.join(" or ")))
            }
            Ok(None) => Ok(()),
            Ok(Some((_, usage))) if purposes.iter().any(|(purpose, _)| usage.0.contains(purpose)) => Ok(()),
            Ok(Some(_)) => Err(format!("its extended key usage does not have {}", names.join(" or "))),
            Err(_) => Err("its extended key usage cannot be read".into()),
        }
    }

    /// Passes when this may issue certificates: it says that it is an authority, and a key usage that is there has
    /// keyCertSign (RFC 5280 sections 4.2.1.3 and 4.2.1.9).
    pub(super) fn may_issue(&self) -> Result<(), String> {
        let tbs = &self.certificate.tbs_certificate;
        match tbs.get::<BasicConstraints>() {
            Ok(Some((_, constraints))) if constraints.ca => {}
            _ => return Err("it does not say that it is a certificate authority".into()),
        }
        match tbs.get::<KeyUsage>() {
            Ok(None) => Ok(()),
            Ok(Some((_, usage))) if usage.0.contains(KeyUsages::KeyCertSign) => Ok(()),
            _ => Err("its key usage does not have keyCertSign".into()),
        }
    }

    /// The extension `E`; `None` also where it is twice or malformed.
    fn extension<'e, E: der::Decode<'e> + der::oid::AssociatedOid>(&'e self) -> Option<E> {
        self.certificate.tbs_certificate.get::<E>().ok().flatten().map(|(_, extension)| extension)
    }

    fn raw_extension(&self, oid: ObjectIdentifier) -> Option<&[u8]> {
        let extensions = self.certificate.tbs_certificate.extensions.as_deref().unwrap_or_default();
        extensions.iter().find(|extension| extension.extn_id == oid).map(|extension| extension.extn_value.as_bytes())
    }
}

/// Says what `identifier` names, for a certificate that is not there.
pub(super) fn described(identifier: &SignerIdentifier) -> String {
    match identifier {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            format!("serial number {} of {}", hex(named.serial_number.as_bytes()), name(&named.issuer))
        }
        SignerIdentifier::SubjectKeyIdentifier(named) => format!("key identifier {}", hex(named.0.as_bytes())),
    }
}

/// Writes a name as RFC 4514 does.
pub(super) fn name(name: &Name) -> String {
    let mut text = String::new();
    // Not `to_string`, which panics where a value cannot be written.
    if write!(text, "{name}").is_err() {
        text.push_str("(a name that cannot be written)");
    }
    text
}

/// Gives the text of Fulcio's user name.
fn user_name(other: &OtherName) -> Option<String> {
    if other.type_id == FULCIO_USER_NAME { other.value.decode_as::<String>().ok() } else { None }
}

/// Whether `text` can stand for somebody: not empty, not endless, no control characters.
fn is_plain(text: &str) -> bool {
    !text.is_empty() && text.len() <= LONGEST_IDENTITY && !text.chars().any(char::is_control)
}

/// Writes bytes in lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
