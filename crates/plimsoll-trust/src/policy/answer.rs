//! Attestations and signatures over files against the whole policy.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{TrustPolicy, judge::in_window};
use crate::{
    Proof, SignedBy, Stated, Verdict,
    attestation::{
        Answer, AttestationForm, Checksums, Finding, KeyOwner, Layer, Question, Refusal, Signer, detached_form,
    },
    openpgp::{self, Cleartext},
    ssh::{self, FILE_NAMESPACE, Standing},
};

/// Why a forge's key does not count for a file.
const OF_FORGE: &str = "the key is a forge's, which signs what its buttons make and no files of releases";

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

    /// A text that carries its own signature: of checksums, or a copy of the file itself.
    fn signed_text(&self, file: &[u8], question: &Question<'_>) -> Finding {
        let refuse = |layer, reason: String| Finding {
            refusal: Some(Refusal::new(layer, reason)),
            ..Finding::of(AttestationForm::OpenPgp)
        };
        let read = match Cleartext::read(file) {
            Ok(read) => read,
            Err(reason) => return refuse(Layer::Format, reason),
        };
        let finding = self.openpgp_over(read.signature.as_bytes(), read.text.as_bytes(), question);
        if finding.refusal.is_some() {
            return finding;
        }
        let listed = if let Ok(list) = Checksums::read(read.text.as_bytes()) {
            list.lists(question.artifact.name, &question.artifact.digests)
        } else {
            // Blanks and the last end of a line are not signed: a file that differs in these is another one.
            let text = question.artifact.bytes.and_then(|bytes| std::str::from_utf8(bytes).ok());
            let is_copy = text.is_some_and(|text| {
                text.lines().all(|line| line.trim_end() == line) && text.lines().eq(read.text.lines())
            });
            let reason = "the signed text neither lists checksums nor is a copy of the artifact";
            if is_copy { Ok(()) } else { Err(Refusal::new(Layer::Subject, reason)) }
        };
        Finding { refusal: listed.err(), ..finding }
    }

    fn openpgp_file(&self, file: &[u8], question: &Question<'_>) -> Finding {
        if openpgp::begins_signed_text(file) {
            return self.signed_text(file, question);
        }
        let Some(bytes) = question.artifact.bytes else { return needs_file(AttestationForm::OpenPgp) };
        let armored = if file.starts_with(b"-----") {
            file.to_vec()
        } else {
            format!("-----BEGIN PGP SIGNATURE-----\n\n{}\n-----END PGP SIGNATURE-----\n", STANDARD.encode(file))
                .into_bytes()
        };
        // Of text the ends of lines are not signed; where there are none, other bytes would be as good.
        if openpgp::is_over_text(&armored) && (bytes.contains(&0) || std::str::from_utf8(bytes).is_err()) {
            let reason = "it is a signature over text, which leaves ends of lines open, and the file is none";
            let refusal = Some(Refusal::new(Layer::Signature, reason));
            return Finding { refusal, ..Finding::of(AttestationForm::OpenPgp) };
        }
        self.openpgp_over(&armored, bytes, question)
    }

    fn openpgp_over(&self, armored: &[u8], bytes: &[u8], question: &Question<'_>) -> Finding {
        let checked = openpgp::check(armored, bytes, &self.keyring);
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
        if judged.verdict == Verdict::Good && judged.by == SignedBy::Forge {
            let refusal = Some(Refusal::new(Layer::Identity, OF_FORGE));
            return Finding { refusal, ..Finding::of(AttestationForm::OpenPgp) };
        }
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
            Proof::Bad { reason, .. }
            | Proof::Weak { reason, .. }
            | Proof::Error { reason }
            | Proof::Malformed { reason }
            | Proof::NotComputed { reason, .. } => {
                return settled(form, None, None, Some(Refusal::new(Layer::Signature, reason)), question);
            }
            _ => return settled(form, None, None, refuse(Layer::Signature, "it cannot be checked"), question),
        };
        if self.revoked.holds(&blob) {
            return settled(form, None, None, refuse(Layer::Identity, "the trust policy revokes the key"), question);
        }
        // A key that is given for files counts for them in this form as well.
        if let Some((_, party)) = self.attestations.ssh_key_of_files(&blob, question) {
            return settled(form, Some(key), party, None, question);
        }
        match self.allowed.standing_for(&blob, question.as_of.as_second(), FILE_NAMESPACE) {
            Standing::Signer { policies, .. } => {
                let time = question.as_of.as_second();
                let (entry, (counts, reason)) = self.best_of(policies.iter(), |entry| in_window(entry, time));
                let reason = reason.unwrap_or_else(|| OF_FORGE.to_owned());
                if counts != Verdict::Good || self.is_forge(policies.iter()) {
                    return settled(form, None, None, refuse(Layer::Identity, &reason), question);
                }
                settled(form, Some(key), entry.and_then(|entry| entry.party.clone()), None, question)
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

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use pgp::{
        composed::{ArmorOptions, DetachedSignature, KeyType, SecretKeyParamsBuilder},
        crypto::hash::HashAlgorithm,
        ser::Serialize as _,
        types::{KeyVersion, Password},
    };
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;
    use crate::attestation::ArtifactFile;

    #[test]
    fn an_openpgp_signature_is_over_the_bytes_of_the_file() {
        let mut rng = StdRng::seed_from_u64(1);
        let mut builder = SecretKeyParamsBuilder::default();
        builder.version(KeyVersion::V4).key_type(KeyType::Ed25519Legacy).can_certify(true).can_sign(true);
        let key = builder.primary_user_id("Maker <maker@example.org>".into()).build().unwrap();
        let key = key.generate(&mut rng).unwrap();
        let public = key.to_public_key().to_armored_string(ArmorOptions::default()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("key.asc"), public).unwrap();
        let mut policy = TrustPolicy::new();
        policy.trust_keyring(folder.path()).unwrap();

        let (primary, nobody, sha256) = (&key.primary_key, Password::empty(), HashAlgorithm::Sha256);
        let mut sign = |text: bool, bytes: &[u8]| {
            let signed = if text {
                DetachedSignature::sign_text_data(&mut rng, primary, &nobody, sha256, bytes)
            } else {
                DetachedSignature::sign_binary_data(&mut rng, primary, &nobody, sha256, bytes)
            };
            let signed = signed.unwrap();
            (signed.to_armored_string(ArmorOptions::default()).unwrap(), signed.to_bytes().unwrap())
        };
        let soon = Timestamp::now().saturating_add(jiff::SignedDuration::from_hours(1)).unwrap();
        let ask = |signature: &[u8], bytes: &[u8], as_of: Timestamp| {
            let question = Question::about(ArtifactFile::of_bytes(Some("a"), bytes), as_of);
            policy.answer(signature, &question).refusal.map(|refusal| refusal.layer)
        };
        let (lines, other_ends, binary) = (&b"a\nb\n"[..], &b"a\r\nb\r\n"[..], &b"a\n\0b\n"[..]);
        let (over_bytes, packet) = sign(false, lines);
        let (over_text, _) = sign(true, lines);
        let (over_no_text, _) = sign(true, binary);
        let twice = format!("{over_bytes}{over_bytes}");
        let early = "2001-01-01T00:00:00Z".parse().unwrap();
        for (name, signature, bytes, as_of, expected) in [
            ("armored", over_bytes.as_bytes(), lines, soon, None),
            ("binary", packet.as_slice(), lines, soon, None),
            ("text", over_text.as_bytes(), lines, soon, None),
            ("text, other ends of lines", over_text.as_bytes(), other_ends, soon, None),
            ("other ends of lines", over_bytes.as_bytes(), other_ends, soon, Some(Layer::Signature)),
            ("over no text", over_no_text.as_bytes(), binary, soon, Some(Layer::Signature)),
            ("over no text, changed", over_no_text.as_bytes(), b"a\r\n\0b\r\n", soon, Some(Layer::Signature)),
            ("another file", over_bytes.as_bytes(), b"x", soon, Some(Layer::Signature)),
            ("two", twice.as_bytes(), lines, soon, Some(Layer::Signature)),
            ("before it was made", over_bytes.as_bytes(), lines, early, Some(Layer::Timestamp)),
        ] {
            assert_eq!(ask(signature, bytes, as_of), expected, "{name}");
        }
        let question = Question::about(ArtifactFile::of_digest("sha256", &"ab".repeat(32)), soon);
        assert_eq!(policy.answer(&packet, &question).refusal.map(|refusal| refusal.layer), Some(Layer::Subject));
        let nobody = TrustPolicy::new();
        let question = Question::about(ArtifactFile::of_bytes(None, lines), soon);
        assert_eq!(nobody.answer(&packet, &question).refusal.map(|refusal| refusal.layer), Some(Layer::Identity));
    }
}
