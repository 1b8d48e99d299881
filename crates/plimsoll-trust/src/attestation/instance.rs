//! Sigstore instances: whose certificates and logs count.

use std::sync::OnceLock;

use der::{Decode as _, Encode as _};
use schemars::JsonSchema;
use serde::Serialize;
use sigstore_verify::{
    Verifier,
    trust_root::{SIGSTORE_GITHUB_TRUSTED_ROOT, SIGSTORE_PRODUCTION_TRUSTED_ROOT, TrustedRoot},
};
use x509_cert::{
    Certificate,
    ext::pkix::{AuthorityKeyIdentifier, SubjectKeyIdentifier},
};

/// Bytes of a trusted root; the public one has 7 KiB.
pub(crate) const LARGEST_ROOT: usize = 4 * 1024 * 1024;

/// The day of the trusted roots that are built in, those of the library that holds them.
pub const EMBEDDED_ROOTS_DATE: &str = "2026-10-23";

/// Which Sigstore instance vouches for a certificate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InstanceName {
    /// The public instance (sigstore.dev), as built in.
    PublicGood,
    /// GitHub's own (githubapp.com), as built in; it keeps no log that is open.
    GitHub,
    /// One that was given, by the SHA-256 of its trusted root.
    Given(String),
}

impl InstanceName {
    /// The word as it stands in facts.
    pub fn shown(&self) -> String {
        match self {
            Self::PublicGood => "public-good".to_owned(),
            Self::GitHub => "github".to_owned(),
            Self::Given(digest) => format!("given:{digest}"),
        }
    }
}

/// A trusted root, ready to verify with.
pub(super) struct Instance {
    pub name: InstanceName,
    pub verifier: Verifier,
    /// The ids of its transparency logs.
    logs: Vec<Vec<u8>>,
    /// Has it logs of certificates?
    pub has_certificate_log: bool,
    authorities: Vec<Authority>,
    /// Certificates of its time-stamp authorities, in DER.
    stamps: Vec<Vec<u8>>,
}

struct Authority {
    der: Vec<u8>,
    subject: Vec<u8>,
    key_id: Option<Vec<u8>>,
}

impl Instance {
    /// Reads a trusted root. Source: Sigstore, `protos/sigstore_trustroot.proto`, as JSON.
    ///
    /// Refused: what is not one, and what the library refuses of it.
    pub fn new(name: InstanceName, json: &[u8]) -> Result<Self, String> {
        if json.len() > LARGEST_ROOT {
            return Err(format!("a Sigstore trusted root has at most {LARGEST_ROOT} bytes"));
        }
        super::json::parse(json).map_err(|reason| format!("not a Sigstore trusted root: {reason}"))?;
        let text = std::str::from_utf8(json).map_err(|_| "a Sigstore trusted root is JSON".to_owned())?;
        let refuse = |error: &dyn std::fmt::Display| {
            let line = plimsoll_model::excerpt(error.to_string().lines().next().unwrap_or_default(), 200);
            format!("not a Sigstore trusted root that can be used: {line}")
        };
        let root = TrustedRoot::from_json(text).map_err(|error| refuse(&error))?;
        let verifier = Verifier::new(&root).map_err(|error| refuse(&error))?;
        let mut authorities = Vec::new();
        for certificate in root.certificate_authorities.iter().flat_map(|one| &one.cert_chain.certificates) {
            authorities.push(Authority::new(certificate.raw_bytes.as_bytes())?);
        }
        let logs = root.tlogs.iter().map(|log| log.log_id.key_id.as_bytes().to_vec()).collect();
        let stamps = root.timestamp_authorities.iter().flat_map(|one| &one.cert_chain.certificates);
        let stamps = stamps.map(|certificate| certificate.raw_bytes.as_bytes().to_vec()).collect();
        Ok(Self { name, verifier, logs, has_certificate_log: !root.ctlogs.is_empty(), authorities, stamps })
    }

    /// Does it keep a transparency log? Where it keeps none, none is asked for, and a time-stamp authority of it has to
    /// prove the time.
    pub fn has_log(&self) -> bool {
        !self.logs.is_empty()
    }

    /// Is this the id of one of its logs?
    pub fn knows_log(&self, id: &[u8]) -> bool {
        self.logs.iter().any(|own| own == id)
    }

    /// Is this, byte for byte, a certificate of one of its authorities?
    pub fn is_authority(&self, der: &[u8]) -> bool {
        self.authorities.iter().any(|own| own.der == der)
    }

    /// Is this, byte for byte, a certificate of one of its time-stamp authorities?
    pub fn is_stamp_authority(&self, der: &[u8]) -> bool {
        self.stamps.iter().any(|own| own == der)
    }

    /// Does it name the authority that issued this certificate?
    pub fn issued(&self, leaf: &Leaf) -> bool {
        self.authorities.iter().any(|own| {
            own.subject == leaf.issuer
                && match (&own.key_id, &leaf.authority_key) {
                    (Some(own), Some(named)) => own == named,
                    _ => true,
                }
        })
    }
}

impl Authority {
    fn new(der: &[u8]) -> Result<Self, String> {
        let unread = |_| "a certificate of the trusted root cannot be read".to_owned();
        let certificate = Certificate::from_der(der).map_err(unread)?;
        let subject = certificate.tbs_certificate.subject.to_der().map_err(unread)?;
        let identifier = certificate.tbs_certificate.get::<SubjectKeyIdentifier>().map_err(unread)?;
        Ok(Self {
            der: der.to_vec(),
            subject,
            key_id: identifier.map(|(_, identifier)| identifier.0.as_bytes().to_vec()),
        })
    }
}

/// Who issued a signing certificate, as it names them.
pub(super) struct Leaf {
    issuer: Vec<u8>,
    authority_key: Option<Vec<u8>>,
}

impl Leaf {
    pub fn new(der: &[u8]) -> Result<Self, String> {
        let unread = |_| "the signing certificate cannot be read".to_owned();
        let certificate = Certificate::from_der(der).map_err(unread)?;
        let issuer = certificate.tbs_certificate.issuer.to_der().map_err(unread)?;
        let identifier = certificate.tbs_certificate.get::<AuthorityKeyIdentifier>().map_err(unread)?;
        let authority_key = identifier.and_then(|(_, identifier)| identifier.key_identifier);
        Ok(Self { issuer, authority_key: authority_key.map(|key| key.as_bytes().to_vec()) })
    }
}

/// The two instances that are built in, parsed once.
pub(super) fn embedded() -> &'static [Instance] {
    static EMBEDDED: OnceLock<Vec<Instance>> = OnceLock::new();
    EMBEDDED.get_or_init(|| {
        [
            (InstanceName::PublicGood, SIGSTORE_PRODUCTION_TRUSTED_ROOT),
            (InstanceName::GitHub, SIGSTORE_GITHUB_TRUSTED_ROOT),
        ]
        .into_iter()
        .filter_map(|(name, json)| Instance::new(name, json.as_bytes()).ok())
        .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roots_that_are_built_in_are_read() {
        let instances = embedded();
        assert_eq!(instances.len(), 2);
        assert!(instances[0].has_log() && instances[0].has_certificate_log);
        assert!(!instances[1].has_log() && !instances[1].has_certificate_log);
    }

    #[test]
    fn the_day_of_the_roots_is_that_of_these_roots() {
        let digest = plimsoll_model::sha256_hex(
            [SIGSTORE_PRODUCTION_TRUSTED_ROOT, SIGSTORE_GITHUB_TRUSTED_ROOT].concat().as_bytes(),
        );
        // Another digest: the library was updated, and EMBEDDED_ROOTS_DATE has to become the day of its release.
        assert_eq!(
            (EMBEDDED_ROOTS_DATE, digest.as_str()),
            ("2026-10-23", "c4cf476dda7285082289b99aada7a0b9967863939bebba630046d6e258305726")
        );
    }

    #[test]
    fn what_is_no_trusted_root_is_refused() {
        let good = SIGSTORE_PRODUCTION_TRUSTED_ROOT;
        for bad in [
            String::new(),
            "{}".to_owned(),
            good.replacen("\"tlogs\"", "\"tlogs\":[],\"tlogs\"", 1),
            good[..good.len() / 2].to_owned(),
            good.replacen("MFkw", "AAAA", 1),
        ] {
            assert!(Instance::new(InstanceName::GitHub, bad.as_bytes()).is_err(), "{}", &bad[..bad.len().min(80)]);
        }
        assert!(Instance::new(InstanceName::GitHub, &vec![b' '; LARGEST_ROOT + 1]).is_err());
    }
}
