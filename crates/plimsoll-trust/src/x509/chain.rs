//! The chain from a signing certificate to a root of the policy.

use std::{collections::BTreeSet, time::Duration};

use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use webpki::{
    ALL_VERIFICATION_ALGS, EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, KeyUsage,
    RequiredEkuNotFoundContext,
};
use x509_cert::name::Name;

use super::certificate::Read;

/// A certificate that is believed without a signature over it.
pub(super) struct Root {
    pub(super) der: Vec<u8>,
    subject: Name,
    anchor: TrustAnchor<'static>,
    /// From when on it holds, seconds since 1970.
    pub(super) from: i64,
    /// Until when.
    pub(super) until: i64,
}

impl Root {
    /// Takes the certificate `der` for a root. Refused: what may not issue certificates.
    pub(super) fn new(der: &[u8]) -> Result<Self, String> {
        let read = Read::new(der)?;
        let subject = read.certificate.tbs_certificate.subject.clone();
        read.may_issue().map_err(|reason| format!("{}: {reason}", super::certificate::name(&subject)))?;
        let certificate = CertificateDer::from(der);
        let anchor = webpki::anchor_from_trusted_cert(&certificate)
            .map_err(|error| format!("{}: {error}", super::certificate::name(&subject)))?
            .to_owned();
        let (from, until) = read.validity();
        if from > until {
            return Err(format!("{}: it ends before it begins", super::certificate::name(&subject)));
        }
        Ok(Self { der: der.to_vec(), subject, anchor, from, until })
    }
}

/// A key purpose that every certificate of a chain allows.
///
/// A certificate without the extension allows each, and so does `anyExtendedKeyUsage` in one of an authority; for the
/// signing certificate itself [`Read::may_sign`] is stricter.
///
/// Source: RFC 5280 section 4.2.1.12.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    CodeSigning,
    EmailProtection,
}

impl ExtendedKeyUsageValidator for Purpose {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        let any = KeyPurposeId::new(&[0x55, 0x1d, 0x25, 0]);
        let own: &'static [u8] = match self {
            Self::CodeSigning => &[0x2b, 6, 1, 5, 5, 7, 3, 3],
            Self::EmailProtection => &[0x2b, 6, 1, 5, 5, 7, 3, 4],
        };
        let mut present = Vec::new();
        for purpose in purposes {
            let purpose = purpose?;
            if purpose == KeyPurposeId::new(own) || purpose == any {
                return Ok(());
            }
            present.push(purpose.to_decoded_oid());
        }
        if present.is_empty() {
            return Ok(());
        }
        let required = KeyUsage::required(own);
        Err(webpki::Error::RequiredEkuNotFoundContext(RequiredEkuNotFoundContext { required, present }))
    }
}

/// Gives the longest period, seconds since 1970, in which a chain from `leaf` to one of `roots` holds in whole.
///
/// `others` are the certificates that came with `leaf`; those that may not issue are left out. A period begins
/// when the last of its certificates begins to hold, so that only those moments are tried: a chain that holds at none
/// of them holds never. Of `purposes` one is enough, and all of a chain has to allow the same one. Revocation lists are
/// not looked at.
///
/// Errors: why there is no chain, in words that follow the name of a certificate.
///
/// Source: RFC 5280 section 6.1.
pub(super) fn period(
    leaf: &Read<'_>,
    others: &[Read<'_>],
    roots: &[Root],
    purposes: &[Purpose],
) -> Result<(i64, i64), String> {
    if roots.is_empty() {
        return Err("the policy has no root for it".into());
    }
    let der = CertificateDer::from(leaf.der);
    let end_entity = EndEntityCert::try_from(&der).map_err(|error| format!("it cannot be used in a chain: {error}"))?;
    let issuers: Vec<&Read<'_>> = others.iter().filter(|other| other.may_issue().is_ok()).collect();
    let between: Vec<CertificateDer<'_>> = issuers.iter().map(|issuer| CertificateDer::from(issuer.der)).collect();
    // A root that issued none of them cannot end a chain; with a system's bundle that is nearly every root.
    let roots: Vec<&Root> = roots
        .iter()
        .filter(|root| {
            let issued = |read: &Read<'_>| read.certificate.tbs_certificate.issuer == root.subject;
            issued(leaf) || issuers.iter().any(|issuer| issued(issuer))
        })
        .collect();
    if roots.is_empty() {
        return Err("no root of the policy leads to it".into());
    }

    let (from, until) = leaf.validity();
    let moments: BTreeSet<i64> = [from]
        .into_iter()
        .chain(issuers.iter().map(|issuer| issuer.validity().0))
        .chain(roots.iter().map(|root| root.from))
        .filter(|moment| (from..=until).contains(moment))
        .collect();
    let mut longest: Option<(i64, i64)> = None;
    let mut refusal: Option<webpki::Error> = None;
    for moment in moments {
        let usable: Vec<&Root> =
            roots.iter().copied().filter(|root| (root.from..=root.until).contains(&moment)).collect();
        let anchors: Vec<TrustAnchor<'_>> = usable.iter().map(|root| root.anchor.clone()).collect();
        let time = UnixTime::since_unix_epoch(Duration::from_secs(moment.unsigned_abs()));
        for purpose in purposes {
            let path = match end_entity.verify_for_usage(
                ALL_VERIFICATION_ALGS,
                &anchors,
                &between,
                time,
                *purpose,
                None,
                None,
            ) {
                Ok(path) => path,
                // A message that is made to cost time has cost enough.
                Err(
                    error @ (webpki::Error::MaximumSignatureChecksExceeded
                    | webpki::Error::MaximumPathBuildCallsExceeded
                    | webpki::Error::MaximumNameConstraintComparisonsExceeded),
                ) => return longest.ok_or_else(|| told(&error)),
                Err(error) => {
                    keep_telling(&mut refusal, error);
                    continue;
                }
            };
            let mut period = (from, until);
            let mut narrow = |(from, until): (i64, i64)| period = (period.0.max(from), period.1.min(until));
            for issuer in path.intermediate_certificates() {
                let own = issuers.iter().find(|read| read.der == issuer.der().as_ref());
                narrow(own.map_or((i64::MAX, i64::MIN), |read| read.validity()));
            }
            let end = usable.iter().zip(&anchors).find(|(_, anchor)| std::ptr::eq(*anchor, path.anchor()));
            narrow(end.map_or((i64::MAX, i64::MIN), |(root, _)| (root.from, root.until)));
            let length = |(from, until): (i64, i64)| until.saturating_sub(from);
            if period.0 <= period.1 && longest.is_none_or(|known| length(known) < length(period)) {
                longest = Some(period);
            }
            break;
        }
    }
    longest.ok_or_else(|| match refusal {
        None | Some(webpki::Error::UnknownIssuer) => {
            "no root of the policy leads to it at a time at which it holds".into()
        }
        Some(webpki::Error::CertExpired { .. } | webpki::Error::CertNotValidYet { .. }) => {
            "its chain has no moment at which every certificate holds".into()
        }
        Some(error) => told(&error),
    })
}

/// Says why a chain does not hold. Some of webpki's errors list every algorithm that it knows.
fn told(error: &webpki::Error) -> String {
    format!("its chain does not hold: {}", error.to_string().chars().take(200).collect::<String>())
}

/// Keeps the refusal that says most: another than that nobody issued it, and the first of those.
fn keep_telling(refusal: &mut Option<webpki::Error>, error: webpki::Error) {
    if matches!(refusal, None | Some(webpki::Error::UnknownIssuer)) {
        *refusal = Some(error);
    }
}
