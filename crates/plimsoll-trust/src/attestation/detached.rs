//! Signatures over a file that lie beside it: minisign's, and plain ones by a public key.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use minisign_verify::{PublicKey as Minisign, Signature};
use sigstore_verify::types::{ArtifactDigest, HashAlgorithm};

use super::{
    envelope::AttestationForm,
    keys::PublicKey,
    openssh,
    question::{Finding, Question},
    refusal::{Layer, Refusal},
    signer::{KeyOwner, Signer},
    trust::{AttestationTrust, Window, counts_in},
};

/// Bytes of a signature over a file.
const LARGEST_SIGNATURE: usize = 64 * 1024;
const MINISIGN: &[u8] = b"untrusted comment:";

/// A public key of minisign.
#[derive(Clone, Debug)]
pub(crate) struct MinisignKey {
    key: Minisign,
    /// Its number, as minisign shows it.
    pub id: String,
    /// Number and key as they stand in the file.
    raw: Vec<u8>,
    pub party: Option<String>,
    /// From when on and until when it counts; in any of these.
    pub(super) windows: Vec<Window>,
}

impl MinisignKey {
    /// Reads a key file; `None` for one of another kind.
    ///
    /// Source: minisign, public key format: `Ed`, eight octets of the number, 32 of the key.
    pub fn read(file: &[u8], party: Option<&str>) -> Result<Option<Self>, String> {
        let Ok(text) = std::str::from_utf8(file) else { return Ok(None) };
        let begins = text.as_bytes().starts_with(MINISIGN);
        let alone = text.trim().len() == 56 && text.trim().starts_with("RW");
        if !begins && !alone {
            return Ok(None);
        }
        let unread = |error: minisign_verify::Error| format!("not a public key of minisign: {error}");
        let line = if begins { text.lines().nth(1).unwrap_or_default() } else { text };
        let key = if begins { Minisign::decode(text) } else { Minisign::from_base64(text.trim()) }.map_err(unread)?;
        let raw = STANDARD.decode(line.trim()).map_err(|_| "not a public key of minisign".to_owned())?;
        // minisign shows the number as one of 64 bits, least octet first in the file.
        let id: Vec<u8> = raw.get(2..10).unwrap_or_default().iter().rev().copied().collect();
        let id = plimsoll_model::hex(&id).to_uppercase();
        Ok(Some(Self { key, id, raw, party: party.map(ToOwned::to_owned), windows: Vec::new() }))
    }

    /// Is it the same key?
    pub fn is_same(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

/// What kind of signature over a file this is, by how it begins; `None` for what is none.
///
/// A plain signature is base64 alone, or binary: it has no mark of its own, and is taken for one only where nothing else
/// fits.
pub fn detached_form(file: &[u8]) -> Option<AttestationForm> {
    let begins = |start: &str| file.starts_with(start.as_bytes());
    // A signed text that lists checksums is a signature over what it lists.
    if begins("-----BEGIN PGP SIGNATURE-----") || crate::openpgp::begins_signed_text(file) {
        Some(AttestationForm::OpenPgp)
    } else if begins("-----BEGIN SSH SIGNATURE-----") {
        Some(AttestationForm::Ssh)
    } else if file.starts_with(MINISIGN) {
        Some(AttestationForm::Minisign)
    } else if file.is_empty() || file.len() > LARGEST_SIGNATURE || matches!(file.first(), Some(b'{' | b'[')) {
        None
    } else if matches!(file.first(), Some(0x88..=0x8b | 0xc2)) {
        Some(AttestationForm::OpenPgp)
    } else {
        plain(file).map(|_| AttestationForm::Signature)
    }
}

/// The octets of a plain signature.
fn plain(file: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(file).ok().map(str::trim);
    match text.and_then(|text| STANDARD.decode(text).ok()) {
        Some(raw) if (64..=1024).contains(&raw.len()) => Some(raw),
        // ECDSA as a SEQUENCE of two INTEGERs: a list of checksums may begin with the digit that is the tag of one.
        None if file.len() <= 1024 && matches!(file, [0x30, _, 0x02, ..] | [0x30, 0x81, _, 0x02, ..]) => {
            Some(file.to_vec())
        }
        // An Ed25519 signature, or one of RSA with 2048, 3072 or 4096 bits, which is no text.
        None if matches!(file.len(), 64 | 256 | 384 | 512) && text.is_none_or(|text| !text.is_ascii()) => {
            Some(file.to_vec())
        }
        _ => None,
    }
}

impl AttestationTrust {
    /// Gives fingerprint and party of a key that may sign files, where it is the SSH key `blob`.
    pub(crate) fn ssh_key_of_files(&self, blob: &[u8], question: &Question<'_>) -> Option<(String, Option<String>)> {
        let key = PublicKey::new(openssh::spki_of_blob(blob).ok()?).ok()?;
        let known = self.known_key(&key.fingerprint).filter(|known| !known.builder)?;
        known.counts(question.as_of).ok()?;
        Some((key.fingerprint, known.party.clone()))
    }

    /// Checks a signature of minisign's or a plain one over the artifact.
    pub(crate) fn find_detached(&self, form: AttestationForm, file: &[u8], question: &Question<'_>) -> Finding {
        let mut finding = Finding::of(form);
        let found = match form {
            AttestationForm::Minisign => self.minisign(file, question),
            _ => self.plain(file, question),
        };
        match found {
            Ok((fingerprint, party)) => {
                finding.signer = Some(Signer::Key { fingerprint, owner: KeyOwner::Given });
                (finding.identified, finding.party) = (true, party);
                finding.refusal = question.refusal_of_a_plain_signature();
            }
            Err(refusal) => finding.refusal = Some(refusal),
        }
        finding
    }

    fn minisign(&self, file: &[u8], question: &Question<'_>) -> Result<(String, Option<String>), Refusal> {
        let refuse = |reason: &str| Refusal::new(Layer::Signature, reason);
        let bytes = question.artifact.bytes;
        let bytes = bytes.ok_or_else(|| Refusal::new(Layer::Subject, "a signature over a file needs the file"))?;
        let text = std::str::from_utf8(file).ok().filter(|text| text.len() <= LARGEST_SIGNATURE);
        let text = text.ok_or_else(|| Refusal::format("not a signature of minisign"))?;
        let signature = Signature::decode(text)
            .map_err(|error| Refusal::format("not a signature of minisign").with(&error.to_string()))?;
        let keys = self.minisign_keys();
        if keys.is_empty() {
            return Err(refuse("no key of minisign is trusted; give it with --key or in the trust policy"));
        }
        let fits = keys.iter().find(|one| one.key.verify(bytes, &signature, true).is_ok());
        let one = fits.ok_or_else(|| refuse("the signature is not one over this file by a key that is trusted"))?;
        counts_in(&one.windows, question.as_of)?;
        Ok((format!("minisign:{}", one.id), one.party.clone()))
    }

    fn plain(&self, file: &[u8], question: &Question<'_>) -> Result<(String, Option<String>), Refusal> {
        let refuse = |reason: &str| Refusal::new(Layer::Signature, reason);
        let signature = plain(file).ok_or_else(|| Refusal::format("no form of a signature that is known"))?;
        let keys = self.file_keys();
        if keys.is_empty() {
            return Err(refuse("no public key is trusted; give it with --key or in the trust policy"));
        }
        let digests: Vec<ArtifactDigest> = [
            ("sha256", HashAlgorithm::Sha2256),
            ("sha384", HashAlgorithm::Sha2384),
            ("sha512", HashAlgorithm::Sha2512),
        ]
        .into_iter()
        .filter_map(|(name, algorithm)| {
            let raw = super::unhex(question.artifact.digests.get(name)?)?;
            ArtifactDigest::new(algorithm, raw).ok()
        })
        .collect();
        let fits = keys.iter().find(|key| match question.artifact.bytes {
            Some(bytes) => key.verifies(bytes, &signature),
            None => digests.iter().any(|digest| key.verifies_digest(digest, &signature)),
        });
        let key = fits.ok_or_else(|| refuse("the signature is not one over this file by a key that is trusted"))?;
        let known = self.known_key(&key.fingerprint);
        known.map_or(Ok(()), |known| known.counts(question.as_of))?;
        Ok((key.fingerprint.clone(), known.and_then(|known| known.party.clone())))
    }
}

impl Question<'_> {
    /// What a signature over a file alone cannot answer.
    pub(crate) fn refusal_of_a_plain_signature(&self) -> Option<Refusal> {
        if self.identity.is_some() || self.issuer.is_some() {
            return Some(Refusal::new(
                Layer::Identity,
                "a key signed it, and a key has no identity that an issuer gave",
            ));
        }
        if self.package.is_some() || self.version.is_some() {
            return Some(Refusal::new(Layer::Subject, "a signature over a file names no package"));
        }
        if self.source.is_some() || self.commit.is_some() {
            return Some(Refusal::new(Layer::Source, "it is no provenance: it does not say what was built"));
        }
        let builder = self.builder.is_some();
        builder.then(|| Refusal::new(Layer::Builder, "it is no provenance: it does not say who built"))
    }
}
