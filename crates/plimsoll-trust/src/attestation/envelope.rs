//! The forms in which attestations lie about, taken apart into one shape.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    json::{self, at, text},
    publisher::Publisher,
    question::Question,
    refusal::Refusal,
    statement::{InTotoStatement, PAYLOAD_TYPE},
};

/// Attestations of one file.
const MOST: usize = 1000;
/// What an index takes. Source: `pypi-attestations`, `AttestationType`.
const PEP740_PREDICATES: [&str; 2] =
    ["https://docs.pypi.org/attestations/publish/v1", "https://slsa.dev/provenance/v1"];
/// Kinds of digests of a file. Source: Sigstore, `protos/sigstore_common.proto`, `HashAlgorithm`.
const DIGESTS: [&str; 3] = ["SHA2_256", "SHA2_384", "SHA2_512"];
/// Signatures of one envelope.
const MOST_SIGNATURES: usize = 100;

/// How an attestation is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttestationForm {
    /// A Sigstore bundle, v0.1 to v0.3.
    SigstoreBundle,
    /// What npm's registry serves for a version of a package.
    Npm,
    /// An attestation of PEP 740, or the list that an index serves for a file.
    Pep740,
    /// The bundle of `cosign sign-blob --bundle` before Sigstore's own.
    CosignBundle,
    /// A DSSE envelope alone.
    Dsse,
    /// A statement that nobody signed.
    Statement,
    /// An OpenPGP signature over a file.
    OpenPgp,
    /// An SSH signature over a file.
    Ssh,
    /// A minisign signature over a file.
    Minisign,
    /// A signature over a file by a public key and nothing more, as `cosign sign-blob` and openssl write it.
    Signature,
}

impl AttestationForm {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SigstoreBundle => "sigstore-bundle",
            Self::Npm => "npm",
            Self::Pep740 => "pep740",
            Self::CosignBundle => "cosign-bundle",
            Self::Dsse => "dsse",
            Self::Statement => "in-toto-statement",
            Self::OpenPgp => "openpgp",
            Self::Ssh => "ssh",
            Self::Minisign => "minisign",
            Self::Signature => "signature",
        }
    }
}

/// One attestation of a file, taken apart and not yet verified.
#[derive(Clone, Debug)]
pub struct Attestation {
    /// How it is written down.
    pub form: AttestationForm,
    /// Where it stands where a file holds several: `line 2`, `attestation 1`.
    pub place: Option<String>,
    /// Who has to have signed by the word of the index that served it.
    pub(super) publisher: Option<Publisher>,
    pub(super) content: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    /// A Sigstore bundle as JSON, and what its envelope says where it has one.
    Bundle { bundle: Value, envelope: Option<Envelope> },
    /// An envelope with nothing beside it.
    Envelope(Envelope),
    /// A statement without a signature.
    Unsigned(InTotoStatement),
}

/// A DSSE envelope whose payload is a statement.
///
/// Source: DSSE, envelope v1.0.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    pub payload_type: String,
    pub payload: Vec<u8>,
    pub signatures: Vec<EnvelopeSignature>,
    pub statement: InTotoStatement,
}

#[derive(Clone, Debug)]
pub(super) struct EnvelopeSignature {
    pub signature: Vec<u8>,
    /// A certificate beside it, as slsa-github-generator wrote it before there were bundles.
    pub certificate: Option<String>,
}

impl Envelope {
    /// What is signed. Source: DSSE, protocol, `PAE`.
    pub fn pae(&self) -> Vec<u8> {
        let kind = &self.payload_type;
        let mut pae = format!("DSSEv1 {} {kind} {} ", kind.len(), self.payload.len()).into_bytes();
        pae.extend_from_slice(&self.payload);
        pae
    }
}

impl Attestation {
    /// Takes a file apart: one attestation, npm's or an index's list of them, or one in each line.
    ///
    /// Refused as a whole: what is none of the known forms, and a file of which one part cannot be read. What is signed
    /// and by whom is not asked here.
    ///
    /// Source: DSSE v1, in-toto Statement v0.1 and v1, Sigstore bundle v0.1 to v0.3, npm's attestations, PEP 740.
    pub fn read_all(file: &[u8]) -> Result<Vec<Self>, Refusal> {
        let text = std::str::from_utf8(file).map_err(|_| Refusal::format("not UTF-8"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let whole = match json::parse(text.as_bytes()) {
            Ok(value) => return of_document(&value),
            Err(reason) => reason,
        };
        let lines = || text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        // A document that is broken is no list of lines because it has several.
        if lines().nth(1).is_none() || !lines().all(|(_, line)| line.trim_start().starts_with('{')) {
            return Err(Refusal::format(whole));
        }
        let mut all = Vec::new();
        for (number, line) in lines() {
            let place = format!("line {}", number + 1);
            let in_place = |refusal: Refusal| Refusal { reason: format!("{place}: {}", refusal.reason), ..refusal };
            let value = json::parse(line.as_bytes()).map_err(|reason| in_place(Refusal::format(reason)))?;
            for mut one in of_document(&value).map_err(in_place)? {
                one.place = Some(place.clone());
                bounded(all.len())?;
                all.push(one);
            }
        }
        Ok(all)
    }

    /// The statement, where it makes one: a signature over a file alone makes none.
    pub fn statement(&self) -> Option<&InTotoStatement> {
        match &self.content {
            Content::Bundle { envelope, .. } => envelope.as_ref().map(|envelope| &envelope.statement),
            Content::Envelope(envelope) => Some(&envelope.statement),
            Content::Unsigned(statement) => Some(statement),
        }
    }

    /// The bytes that were signed as a statement, as they stand in the envelope; nothing where there is no envelope.
    pub fn payload(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Bundle { envelope, .. } => envelope.as_ref().map(|envelope| envelope.payload.as_slice()),
            Content::Envelope(envelope) => Some(&envelope.payload),
            Content::Unsigned(_) => None,
        }
    }

    /// Does it tell its file by a SHA-384 that could be known and is not yet?
    pub(super) fn is_without_digest(&self, question: &Question<'_>) -> bool {
        let file = &question.artifact;
        file.bytes.is_some() && !file.digests.contains_key("sha384") && self.needs_sha384()
    }

    /// Does it tell its file by a SHA-384, which is computed where it is asked for?
    fn needs_sha384(&self) -> bool {
        let subjects = self.statement().map(|statement| statement.subjects.as_slice()).unwrap_or_default();
        let of_message = match &self.content {
            Content::Bundle { bundle, .. } => at(bundle, &["messageSignature", "messageDigest", "algorithm"]),
            _ => None,
        };
        of_message.and_then(Value::as_str) == Some("SHA2_384")
            || subjects.iter().any(|subject| subject.digest.contains_key("sha384"))
    }
}

fn bounded(count: usize) -> Result<(), Refusal> {
    if count < MOST { Ok(()) } else { Err(Refusal::format(format!("more than {MOST} attestations"))) }
}

/// The marks of the forms, each by the members that no other form has.
const MARKS: [&[&str]; 7] = [
    &["attestation_bundles"],
    &["attestations"],
    &["mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature"],
    &["verification_material", "envelope"],
    &["base64Signature", "rekorBundle"],
    &["payloadType", "payload", "signatures"],
    &["_type", "predicateType", "predicate"],
];

/// Refuses what has the marks of two forms: one reader would take the one, another the other, and what is signed in the one
/// is not signed in the other.
fn of_one_form(value: &Value) -> Result<(), Refusal> {
    let marks = MARKS.iter().filter(|names| names.iter().any(|name| value.get(name).is_some())).count();
    if marks > 1 { Err(Refusal::format("a document of two forms at once")) } else { Ok(()) }
}

fn of_document(value: &Value) -> Result<Vec<Attestation>, Refusal> {
    of_one_form(value)?;
    if let Some(list) = value.get("attestation_bundles") {
        let list = list.as_array().ok_or_else(|| Refusal::format("a list of attestations that is none"))?;
        let mut all = Vec::new();
        for bundle in list {
            let inner = bundle.get("attestations").and_then(Value::as_array);
            for one in inner.ok_or_else(|| Refusal::format("a publisher without attestations"))? {
                bounded(all.len())?;
                let publisher = bundle.get("publisher").map(Publisher::read);
                all.push(Attestation { publisher, ..pep740(one)? });
            }
        }
        return numbered(all);
    }
    if let Some(list) = value.get("attestations") {
        let list = list.as_array().ok_or_else(|| Refusal::format("a list of attestations that is none"))?;
        let mut all = Vec::new();
        // GitHub serves such a list as well, and does not say what is inside.
        let npm = list.iter().any(|one| one.get("predicateType").is_some());
        let form = if npm { AttestationForm::Npm } else { AttestationForm::SigstoreBundle };
        for one in list {
            bounded(all.len())?;
            let inner =
                one.get("bundle").ok_or_else(|| Refusal::format("a list with an attestation without a bundle"))?;
            let bundle = bundle(inner, form)?;
            // The registry's word for what is inside stands beside it, unsigned.
            if let (Some(said), Some(statement)) = (text(one, "predicateType"), bundle.statement())
                && said != statement.predicate_type
            {
                return Err(Refusal::format("the list says that an attestation is of another type than it is"));
            }
            all.push(bundle);
        }
        return numbered(all);
    }
    one(value).map(|one| vec![one])
}

fn numbered(mut all: Vec<Attestation>) -> Result<Vec<Attestation>, Refusal> {
    if all.is_empty() {
        return Err(Refusal::format("a list without an attestation"));
    }
    for (number, one) in all.iter_mut().enumerate() {
        one.place = Some(format!("attestation {}", number + 1));
    }
    Ok(all)
}

fn one(value: &Value) -> Result<Attestation, Refusal> {
    let plain = |form, content| Ok(Attestation { form, place: None, publisher: None, content });
    if value.get("verificationMaterial").is_some() || value.get("mediaType").is_some() {
        bundle(value, AttestationForm::SigstoreBundle)
    } else if value.get("verification_material").is_some() {
        pep740(value)
    } else if value.get("base64Signature").is_some() {
        plain(AttestationForm::CosignBundle, Content::Bundle { bundle: cosign(value)?, envelope: None })
    } else if value.get("payloadType").is_some() {
        plain(AttestationForm::Dsse, Content::Envelope(envelope(value)?))
    } else if value.get("_type").is_some() {
        let statement = InTotoStatement::of(value.clone()).map_err(Refusal::format)?;
        plain(AttestationForm::Statement, Content::Unsigned(statement))
    } else {
        Err(Refusal::format("no form of an attestation that is known"))
    }
}

fn bundle(value: &Value, form: AttestationForm) -> Result<Attestation, Refusal> {
    of_one_form(value)?;
    let both = value.get("dsseEnvelope").is_some() && value.get("messageSignature").is_some();
    if both {
        return Err(Refusal::format("a bundle with an envelope and a signature over a file"));
    }
    if text(value, "mediaType").is_none() {
        return Err(Refusal::format("a bundle without a media type"));
    }
    // One reader would take the one, another the other.
    let material = ["certificate", "x509CertificateChain", "publicKey"];
    if material.iter().filter(|name| at(value, &["verificationMaterial", name]).is_some()).count() > 1 {
        return Err(Refusal::format("a bundle that names its signer in two ways"));
    }
    // The library reads other spellings of both as well, other readers do not.
    if let Some(digest) = at(value, &["messageSignature", "messageDigest"]) {
        if !text(digest, "algorithm").is_some_and(|name| DIGESTS.contains(&name)) {
            return Err(Refusal::format("a digest of a kind that is not known"));
        }
        decoded(digest, "digest")?;
    }
    let envelope = value.get("dsseEnvelope").map(envelope).transpose()?;
    if envelope.is_none() && value.get("messageSignature").is_none() {
        return Err(Refusal::format("a bundle without a signature"));
    }
    Ok(Attestation { form, place: None, publisher: None, content: Content::Bundle { bundle: value.clone(), envelope } })
}

fn envelope(value: &Value) -> Result<Envelope, Refusal> {
    let payload_type = text(value, "payloadType").unwrap_or_default();
    if payload_type != PAYLOAD_TYPE {
        let shown = plimsoll_model::excerpt(payload_type, 80);
        return Err(Refusal::format(format!("the payload is said to be \"{shown}\" and not an in-toto statement")));
    }
    let payload = decoded(value, "payload")?;
    let list = value.get("signatures").and_then(Value::as_array).filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| Refusal::format("an envelope without a signature"))?;
    if list.len() > MOST_SIGNATURES {
        return Err(Refusal::format(format!("an envelope with more than {MOST_SIGNATURES} signatures")));
    }
    let signatures = list.iter().map(|one| {
        Ok(EnvelopeSignature {
            signature: decoded(one, "sig")?,
            certificate: text(one, "cert").filter(|cert| !cert.is_empty()).map(ToOwned::to_owned),
        })
    });
    let signatures = signatures.collect::<Result<Vec<_>, Refusal>>()?;
    let statement = InTotoStatement::read(&payload)?;
    Ok(Envelope { payload_type: payload_type.to_owned(), payload, signatures, statement })
}

fn decoded(value: &Value, name: &str) -> Result<Vec<u8>, Refusal> {
    let encoded = text(value, name).filter(|encoded| !encoded.is_empty());
    let encoded = encoded.ok_or_else(|| Refusal::format(format!("\"{name}\" is missing")))?;
    STANDARD.decode(encoded).map_err(|_| Refusal::format(format!("\"{name}\" is not base64")))
}

/// An attestation of PEP 740 as the Sigstore bundle that it was made from.
///
/// Source: PEP 740, attestation objects, version 1; `pypi-attestations`, conversion to and from bundles.
fn pep740(value: &Value) -> Result<Attestation, Refusal> {
    if value.get("version").and_then(Value::as_u64) != Some(1) {
        return Err(Refusal::format("an attestation of PEP 740 of another version than 1"));
    }
    let missing = |name: &str| Refusal::format(format!("an attestation of PEP 740 without \"{name}\""));
    let part = |path: [&str; 2]| at(value, &path).cloned().ok_or_else(|| missing(path[1]));
    let made = json!({
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {
            "certificate": { "rawBytes": part(["verification_material", "certificate"])? },
            "tlogEntries": part(["verification_material", "transparency_entries"])?,
        },
        "dsseEnvelope": {
            "payloadType": PAYLOAD_TYPE,
            "payload": part(["envelope", "statement"])?,
            "signatures": [{ "sig": part(["envelope", "signature"])? }],
        },
    });
    let made = bundle(&made, AttestationForm::Pep740)?;
    match made.statement() {
        Some(statement) if statement.subjects.len() != 1 => {
            Err(Refusal::format("an attestation of PEP 740 speaks of one distribution"))
        }
        Some(statement) if !PEP740_PREDICATES.contains(&statement.predicate_type.as_str()) => {
            Err(Refusal::format("an attestation of a type that PEP 740 does not have"))
        }
        _ => Ok(made),
    }
}

/// Cosign's old bundle as a Sigstore bundle of v0.1, which rests on the log's promise as it does.
///
/// Source: cosign, `specs/SIGNATURE_SPEC.md` (`rekorBundle`) and `pkg/cosign/bundle`.
fn cosign(value: &Value) -> Result<Value, Refusal> {
    let wrong = |what: &str| Refusal::format(format!("cosign's bundle: {what}"));
    let signature = text(value, "base64Signature").ok_or_else(|| wrong("no signature"))?;
    let material = match text(value, "cert").filter(|cert| !cert.is_empty()) {
        Some(certificate) => {
            // The certificate is PEM, and base64 around it again.
            let pem = STANDARD.decode(certificate).ok().and_then(|raw| String::from_utf8(raw).ok());
            let certificate =
                one_certificate(pem.as_deref().unwrap_or(certificate)).map_err(|reason| wrong(&reason))?;
            ("x509CertificateChain", json!({ "certificates": [{ "rawBytes": STANDARD.encode(certificate) }] }))
        }
        // By a key, which it does not name.
        None => ("publicKey", json!({ "hint": "" })),
    };
    let entry = value.get("rekorBundle").ok_or_else(|| wrong("no entry of a log"))?;
    let promise = text(entry, "SignedEntryTimestamp").ok_or_else(|| wrong("no promise of a log"))?;
    let payload = entry.get("Payload").ok_or_else(|| wrong("no entry of a log"))?;
    let body = text(payload, "body").ok_or_else(|| wrong("an entry without a body"))?;
    let inner = STANDARD.decode(body).map_err(|_| wrong("a body that is not base64"))?;
    let inner = json::parse(&inner).map_err(|reason| wrong(&reason))?;
    let number =
        |name: &str| payload.get(name).and_then(Value::as_u64).ok_or_else(|| wrong("an entry without its number"));
    let log = text(payload, "logID").and_then(super::unhex).ok_or_else(|| wrong("an entry without its log"))?;
    Ok(json!({
        "mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
        "verificationMaterial": {
            material.0: material.1,
            "tlogEntries": [{
                "logIndex": number("logIndex")?.to_string(),
                "logId": { "keyId": STANDARD.encode(log) },
                "kindVersion": { "kind": text(&inner, "kind"), "version": text(&inner, "apiVersion") },
                "integratedTime": number("integratedTime")?.to_string(),
                "inclusionPromise": { "signedEntryTimestamp": promise },
                "canonicalizedBody": body,
            }],
        },
        "messageSignature": { "signature": signature },
    }))
}

/// The one certificate of a PEM text.
pub(super) fn one_certificate(pem: &str) -> Result<Vec<u8>, String> {
    match crate::x509::certificates(pem.as_bytes())?.as_slice() {
        [one] => Ok(one.clone()),
        _ => Err("not one certificate".to_owned()),
    }
}
