//! Attestations and signatures over files against the whole policy.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::TrustPolicy;
use crate::{
    Proof, Stated, Verdict,
    attestation::{Answer, AttestationForm, Finding, KeyOwner, Layer, Question, Refusal, Signer, detached_form},
    openpgp,
    ssh::{self, FILE_NAMESPACE, Standing},
};

impl TrustPolicy {
    /// Answers a question about a file: an attestation of any form that is known, or a signature over the artifact that
    /// lies beside it (OpenPGP, SSH in the namespace `file`, minisign, or plain by a public key).
    ///
    /// What a key has signed counts while the key counts, at the moment that is asked for: a signature over a file proves
    /// no moment of its own.
    pub fn answer(&self, file: &[u8], question: &Question<'_>) -> Answer {
        let finding = match detached_form(file) {
            None => return self.attestations.answer(file, question),
            Some(AttestationForm::OpenPgp) => self.openpgp_file(file, question),
            Some(AttestationForm::Ssh) => self.ssh_file(file, question),
            Some(form) => self.attestations.find_detached(form, file, question),
        };
        Answer::of(vec![finding])
    }

    fn openpgp_file(&self, file: &[u8], question: &Question<'_>) -> Finding {
        let Some(bytes) = question.artifact.bytes else { return needs_file(AttestationForm::OpenPgp) };
        let armored = if file.starts_with(b"-----") {
            file.to_vec()
        } else {
            format!("-----BEGIN PGP SIGNATURE-----\n\n{}\n-----END PGP SIGNATURE-----\n", STANDARD.encode(file))
                .into_bytes()
        };
        let checked = openpgp::check(&armored, bytes, &self.keyring);
        let as_of = question.as_of.as_second();
        if let Proof::OpenPgp { made, weak_digest, .. } = &checked.proof {
            let mut finding = Finding::of(AttestationForm::OpenPgp);
            if let Some(digest) = weak_digest {
                finding.refusal =
                    Some(Refusal::new(Layer::Signature, format!("its digest is {digest}, which can be forged")));
                return finding;
            }
            if *made > as_of {
                finding.refusal =
                    Some(Refusal::new(Layer::Timestamp, "it says that it was made after the moment that is asked for"));
                return finding;
            }
        }
        let judged = self.judge(&checked, Stated { time: as_of, ..Stated::default() }, as_of);
        let reason = judged.reason.unwrap_or_else(|| "it is not good".to_owned());
        let refusal = refusal_of(judged.verdict, reason);
        settled(AttestationForm::OpenPgp, judged.key, judged.party, refusal, question)
    }

    fn ssh_file(&self, file: &[u8], question: &Question<'_>) -> Finding {
        let Some(bytes) = question.artifact.bytes else { return needs_file(AttestationForm::Ssh) };
        let form = AttestationForm::Ssh;
        let refuse = |layer, reason: &str| Some(Refusal::new(layer, reason));
        let (key, blob) = match ssh::check_for(file, bytes, FILE_NAMESPACE).proof {
            Proof::Ssh { key, blob, .. } => (key, blob),
            Proof::Bad { reason, .. } | Proof::Weak { reason, .. } | Proof::Error { reason } => {
                return settled(form, None, None, Some(Refusal::new(Layer::Signature, reason)), question);
            }
            _ => return settled(form, None, None, refuse(Layer::Signature, "it cannot be checked"), question),
        };
        if self.revoked.holds(&blob) {
            return settled(form, None, None, refuse(Layer::Identity, "the trust policy takes the key back"), question);
        }
        match self.allowed.standing_for(&blob, question.as_of.as_second(), FILE_NAMESPACE) {
            Standing::Signer { policy, .. } => {
                let party = self.entries.get(policy).and_then(|entry| entry.party.clone());
                settled(form, Some(key), party, None, question)
            }
            Standing::OtherPurpose { .. } => {
                settled(form, None, None, refuse(Layer::Identity, "the key may not sign files"), question)
            }
            Standing::OtherTime { .. } => {
                settled(form, None, None, refuse(Layer::Identity, "the key does not count at this moment"), question)
            }
            Standing::Nobody => settled(
                form,
                None,
                None,
                refuse(Layer::Identity, "the trust policy names nobody for the key"),
                question,
            ),
        }
    }
}

fn needs_file(form: AttestationForm) -> Finding {
    let refusal = Refusal::new(Layer::Subject, "a signature over a file needs the file");
    Finding { refusal: Some(refusal), ..Finding::of(form) }
}

fn refusal_of(verdict: Verdict, reason: String) -> Option<Refusal> {
    let layer = match verdict {
        Verdict::Good => return None,
        Verdict::Bad | Verdict::Weak | Verdict::Error | Verdict::Unsigned => Layer::Signature,
        Verdict::NoTimeProof | Verdict::ExpiredSignature => Layer::Timestamp,
        Verdict::UnknownKey | Verdict::ExpiredKey | Verdict::RevokedKey | Verdict::Untrusted => Layer::Identity,
    };
    Some(Refusal::new(layer, reason))
}

fn settled(
    form: AttestationForm,
    key: Option<String>,
    party: Option<String>,
    refusal: Option<Refusal>,
    question: &Question<'_>,
) -> Finding {
    let mut finding = Finding::of(form);
    finding.refusal = refusal;
    if finding.refusal.is_none() {
        finding.signer = key.map(|fingerprint| Signer::Key { fingerprint, owner: KeyOwner::Given });
        (finding.identified, finding.party) = (true, party);
        finding.refusal = question.refusal_of_a_plain_signature();
    }
    finding
}
