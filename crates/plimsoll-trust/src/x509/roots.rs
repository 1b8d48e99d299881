//! What certificates have to lead to.

use std::fmt;

use sigstore_verify::trust_root::SIGSTORE_PRODUCTION_TRUSTED_ROOT;

use super::{armor, chain::Root, fulcio::Instance, tlv::elements};

/// Largest file of roots that is read; a system's whole bundle has 230 KiB.
const LARGEST: usize = 16 * 1024 * 1024;

/// Roots for certificates; built once, shared by threads.
#[derive(Default)]
pub struct X509Trust {
    pub(super) roots: Vec<Root>,
    pub(super) instances: Vec<Instance>,
}

impl X509Trust {
    /// Gives one that trusts nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the certificates of a PEM file, or of DER, and gives how many there were; one that is known already counts.
    ///
    /// Refused as a whole: a file without a certificate, with anything that is not a certificate, or with one that is
    /// not an authority's (RFC 5280 section 4.2.1.9). Nothing is added then.
    pub fn add_roots(&mut self, pem_or_der: &[u8]) -> Result<usize, String> {
        if pem_or_der.len() > LARGEST {
            return Err(format!("a file of roots has at most {LARGEST} bytes"));
        }
        // A certificate is a SEQUENCE, and no text begins with that octet and means one.
        let certificates: Vec<Vec<u8>> = if pem_or_der.starts_with(&[0x30]) {
            elements(pem_or_der, "the file of roots")?.iter().map(|element| element.whole.to_vec()).collect()
        } else {
            armor::certificates(pem_or_der)?
        };
        if certificates.is_empty() {
            return Err("there is no certificate in it".into());
        }
        let roots = certificates.iter().map(|der| Root::new(der)).collect::<Result<Vec<Root>, String>>()?;
        let count = roots.len();
        for root in roots {
            if !self.roots.iter().any(|known| known.der == root.der) {
                self.roots.push(root);
            }
        }
        Ok(count)
    }

    /// Adds the authorities and logs of a Sigstore `trusted_root.json`.
    ///
    /// Refused: what is not one, or names no certificate authority.
    pub fn add_sigstore(&mut self, trusted_root_json: &[u8]) -> Result<(), String> {
        self.instances.push(Instance::new(trusted_root_json)?);
        Ok(())
    }

    /// Adds Sigstore's public instance as it was when sigstore-verify was released: newer keys need
    /// [`X509Trust::add_sigstore`].
    pub fn add_sigstore_public_good(&mut self) -> Result<(), String> {
        self.add_sigstore(SIGSTORE_PRODUCTION_TRUSTED_ROOT.as_bytes())
    }
}

impl fmt::Debug for X509Trust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let authorities: Vec<usize> = self.instances.iter().map(Instance::len).collect();
        formatter
            .debug_struct("X509Trust")
            .field("roots", &self.roots.len())
            .field("sigstore_authorities", &authorities)
            .finish()
    }
}
