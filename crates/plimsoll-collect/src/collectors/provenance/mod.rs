//! Attestations, signatures, checksums and SBOMs that lie in the repository, on its commit, or are given beside it.
//!
//! What speaks of a file that was given, or of the commit itself, is verified against the trust policy; of anything else it is
//! said that it is there.

mod attestations;
pub(crate) mod sboms;
mod signatures;

use jiff::civil::Date;
use plimsoll_model::{Assurance, InputId, Kind, Pointer, Rests, Subject};
use plimsoll_snapshot::{Entry, EntryKind};
use plimsoll_trust::Checksums;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use self::{attestations::AttestationFact, sboms::SbomFact, signatures::SignatureFact};
use crate::{Collector, Context, Gathered, Need, PathClass, collector::day_in};

/// Bytes of one file.
const LARGEST: u64 = 16 * 1024 * 1024;
/// Files that are read.
const MOST: usize = 2000;

/// One file of checksums.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ChecksumFact {
    /// `repository` or `given`.
    source: &'static str,
    /// Its path or name.
    path: String,
    /// `sha256`, `sha384`, `sha512`, `sha1`, `md5`.
    algorithm: &'static str,
    /// How many files it lists.
    entries: usize,
    /// SHA-256 of the given artifacts that it lists, with their digest.
    artifacts: Vec<String>,
    /// Does it list an artifact that was given, with its digest?
    matches_artifact: bool,
    /// Names of given artifacts that it lists with another digest.
    contradicts: Vec<String>,
    /// Is it signed by somebody whom the trust policy names?
    signed: bool,
    /// Who that is.
    signed_by: Option<String>,
    /// The last day on which it is, where a key, a certificate or the trust policy ends that within a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// One artifact.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ArtifactFact {
    /// Its name.
    name: String,
    /// Its SHA-256.
    sha256: String,
    /// Its length in bytes.
    size: u64,
}

const ATTESTATION: Kind = Kind::of::<AttestationFact>(
    "attestation",
    "An attestation; verified where it speaks of a given artifact or of the commit.",
)
.resting_on(ON_TRUST_AND_FILES)
.on_day(end_on)
.of_first_day();
const SIGNATURE: Kind =
    Kind::of::<SignatureFact>("signature-file", "A detached signature; verified where what it signs was given.")
        .resting_on(ON_TRUST_AND_FILES)
        .on_day(end_on)
        .of_first_day();
const CHECKSUM: Kind = Kind::of::<ChecksumFact>("checksum-file", "A file of checksums, and who signed it.")
    .resting_on(ON_TRUST_AND_FILES)
    .on_day(unsign_on)
    .of_first_day();
const SBOM: Kind =
    Kind::of::<SbomFact>("published-sbom", "An SBOM that is published, compared with the components of the commit.")
        .resting_on(&[
            Rests::all(InputId::Files),
            Rests::words(InputId::CrateSources),
            Rests::words(InputId::Resolver),
        ]);
const ARTIFACT: Kind = Kind::of::<ArtifactFact>("artifact", "A file that is said to be built from the commit.")
    .resting_on(&[Rests::all(InputId::Files)]);
const ON_TRUST_AND_FILES: &[Rests] =
    &[Rests::all(InputId::Files), Rests::words(InputId::Trust), Rests::words(InputId::AttestationTrust)];

/// What was verified counts until its key, its certificate or the policy ends it.
fn end_on(body: &mut Map<String, Value>, today: Date) {
    if let Some(end) = day_in(body, "until").filter(|end| *end < today) {
        body.insert("verdict".to_owned(), json!("not-verified"));
        let reason = format!("it counted until {end}: its key, its certificate or the trust policy ends it");
        body.insert("reason".to_owned(), json!(reason));
    }
}

/// A file of checksums is signed until all that vouches for it has ended.
fn unsign_on(body: &mut Map<String, Value>, today: Date) {
    if day_in(body, "until").is_some_and(|end| end < today) {
        body.insert("signed".to_owned(), json!(false));
        body.insert("signedBy".to_owned(), Value::Null);
    }
}

/// A signer of the policy vouches for a file of checksums.
struct Vouched {
    /// Its path.
    path: String,
    /// Who that is.
    who: String,
    /// The last day on which they do; nothing where that does not end within a year.
    until: Option<String>,
}

/// Provenance.
pub struct Provenance;

impl Collector for Provenance {
    fn name(&self) -> &'static str {
        "provenance"
    }

    fn about(&self) -> &'static str {
        "Attestations, signatures, checksums and SBOMs: verified where they speak of a given artifact or of the commit."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[ATTESTATION, SIGNATURE, CHECKSUM, SBOM, ARTIFACT] }
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Inventory]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let (found, gaps, others) = found(cx);
        let count = found.len() as u64;
        let mut attestations = Gathered::searched(&ATTESTATION, "files", count);
        let mut signatures = Gathered::searched(&SIGNATURE, "files", count);
        let mut checksums = Gathered::searched(&CHECKSUM, "files", count);
        let mut sboms = Gathered::searched(&SBOM, "files", count);
        for gap in gaps {
            for gathered in [&mut attestations, &mut signatures, &mut checksums, &mut sboms] {
                gathered.gap(&gap);
            }
        }
        if others > 0 {
            attestations.limitation(format!(
                "{} of tests, examples and copies of others' source were left out.",
                plimsoll_model::plural(others, "file", "files")
            ));
        }
        attestations.limitation("What is kept at the forge or in a registry is not seen; give it with --attestation.");
        let of = |role: Role| found.iter().filter(move |file| file.role == role);
        let lists: Vec<(&File, Checksums)> = of(Role::Checksums)
            .filter_map(|file| match Checksums::read(&file.bytes) {
                Ok(list) => Some((file, list)),
                Err(reason) => {
                    checksums.gap(format!("{}: {reason}", file.path));
                    None
                }
            })
            .collect();
        let mut vouched: Vec<Vouched> = Vec::new();
        let found: Vec<&File> = of(Role::Attestation).collect();
        let judged: Vec<attestations::Found> =
            found.par_iter().map(|file| attestations::of(cx, file, &lists)).collect();
        for (file, one) in found.iter().zip(judged) {
            one.gap.into_iter().for_each(|gap| attestations.gap(gap));
            vouched.extend(one.vouched);
            for (subject, assurance, fact) in one.facts {
                attestations.push(subject, assurance, &fact, vec![file.pointer.clone()]);
            }
        }
        let found: Vec<&File> = of(Role::Signature).collect();
        let judged: Vec<signatures::Found> = found.par_iter().map(|file| signatures::of(cx, file, &lists)).collect();
        for (file, one) in found.iter().zip(judged) {
            vouched.extend(one.vouched);
            signatures.push(one.subject, one.assurance, &one.fact, vec![file.pointer.clone()]);
        }
        for (file, list) in &lists {
            let fact = checksum_fact(cx, file, list, &vouched);
            checksums.push(Subject::path(&file.path), Assurance::Observed, &fact, vec![file.pointer.clone()]);
        }
        for file in of(Role::Sbom) {
            match sboms::fact(cx, file) {
                Ok(fact) => {
                    let assurance = if fact.verdict == "equal" { Assurance::Verified } else { Assurance::Observed };
                    sboms.push(Subject::path(&file.path), assurance, &fact, vec![file.pointer.clone()]);
                }
                Err(reason) => sboms.gap(format!("{}: {reason}", file.path)),
            }
        }
        let mut artifacts = Gathered::searched(&ARTIFACT, "files given", cx.artifacts.len() as u64);
        for file in cx.artifacts {
            let fact = ArtifactFact { name: file.name.clone(), sha256: file.sha256.clone(), size: file.size };
            artifacts.push(
                Subject::artifact(&file.sha256),
                Assurance::Verified,
                &fact,
                vec![Pointer::artifact(&file.sha256)],
            );
        }
        vec![attestations, signatures, checksums, sboms, artifacts]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Attestation,
    Signature,
    Checksums,
    Sbom,
}

/// A file that may prove something.
struct File {
    /// `repository`, `note` or `given`.
    source: &'static str,
    path: String,
    role: Role,
    bytes: Vec<u8>,
    pointer: Pointer,
}

impl File {
    /// Its name without folders.
    fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or_default()
    }
}

/// Everything that may prove something, what could not be read, and how many files were left out.
fn found(cx: &Context<'_>) -> (Vec<File>, Vec<String>, usize) {
    let named: Vec<(&Entry, Role)> = cx
        .snapshot
        .entries()
        .iter()
        .filter(|entry| entry.kind != EntryKind::Submodule)
        .filter_map(|entry| Some((entry, role(entry.name())?)))
        .collect();
    let (mut own, others): (Vec<_>, Vec<_>) =
        named.into_iter().partition(|(entry, _)| cx.classes.of(&entry.path) == PathClass::Shipped);
    let mut gaps = Vec::new();
    gaps.extend(cx.snapshot.tree_gap().map(ToOwned::to_owned));
    let left_out = own.len().saturating_sub(MOST);
    own.truncate(MOST);
    if left_out > 0 {
        gaps.push(format!("{left_out} more files than the {MOST} that are read"));
    }
    let mut files = Vec::new();
    for (entry, role) in own {
        match cx.snapshot.read(entry, LARGEST) {
            Ok(bytes) => files.push(File {
                source: "repository",
                path: entry.path.clone(),
                role: role.of(&bytes),
                bytes,
                pointer: entry.pointer(),
            }),
            Err(error) => gaps.push(format!("{}: {error}", entry.path)),
        }
    }
    match cx.snapshot.notes() {
        Ok((notes, unreadable)) => {
            gaps.extend(unreadable.iter().map(|what| format!("{what}: a note on the commit could not be read")));
            // People write notes too: only what is JSON may be an attestation.
            files.extend(notes.into_iter().filter(|note| note.bytes.first() == Some(&b'{')).map(|note| File {
                source: "note",
                pointer: Pointer::blob(&note.reference, &note.id),
                path: note.reference,
                role: Role::Attestation,
                bytes: note.bytes,
            }));
        }
        Err(error) => gaps.push(format!("the notes on the commit could not be read: {error}")),
    }
    for file in cx.attestations {
        match &file.bytes {
            Some(bytes) => files.push(File {
                source: "given",
                path: file.name.clone(),
                role: role(&file.name).unwrap_or_else(|| role_of_content(bytes)).of(bytes),
                bytes: bytes.clone(),
                pointer: Pointer::artifact(&file.sha256),
            }),
            None => gaps.push(format!("{}: not read", file.name)),
        }
    }
    (files, gaps, others.len())
}

/// What a file is by its name.
fn role(name: &str) -> Option<Role> {
    let lower = name.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if ends(&[
        ".sigstore",
        ".sigstore.json",
        ".intoto.jsonl",
        ".intoto.json",
        ".dsse",
        ".dsse.json",
        ".att",
        ".attestation",
        ".attestation.json",
        ".provenance",
        ".provenance.json",
    ]) {
        Some(Role::Attestation)
    } else if ends(&[".asc", ".sig", ".minisig", ".p7s", ".gpg.sig"]) {
        Some(Role::Signature)
    } else if ends(&[
        ".sha256",
        ".sha512",
        ".sha256sum",
        ".sha512sum",
        "sha256sums",
        "sha512sums",
        "sha256sums.txt",
        "sha512sums.txt",
    ]) || lower == "checksums.txt"
    {
        Some(Role::Checksums)
    } else if ends(&[".cdx.json", ".cdx.xml", ".spdx", ".spdx.json", ".bom.json"])
        || matches!(lower.as_str(), "bom.json" | "bom.xml" | "sbom.json" | "sbom.xml")
    {
        Some(Role::Sbom)
    } else {
        None
    }
}

impl Role {
    /// A list of checksums that carries its own signature is read as a signature over what it lists.
    fn of(self, bytes: &[u8]) -> Self {
        let signed = self == Self::Checksums && plimsoll_trust::detached_form(bytes).is_some();
        if signed { Self::Signature } else { self }
    }
}

/// What a given file is whose name does not say it.
fn role_of_content(bytes: &[u8]) -> Role {
    if Checksums::read(bytes).is_ok() {
        Role::Checksums
    } else if plimsoll_trust::detached_form(bytes).is_some() {
        Role::Signature
    } else {
        Role::Attestation
    }
}

fn checksum_fact(cx: &Context<'_>, file: &File, list: &Checksums, vouched: &[Vouched]) -> ChecksumFact {
    let judged = || cx.artifacts.iter().map(|one| (one, list.lists(Some(&one.name), &one.digests())));
    let artifacts: Vec<String> =
        judged().filter(|(_, listed)| listed.is_ok()).map(|(one, _)| one.sha256.clone()).collect();
    let contradicts = judged().filter(|(one, listed)| listed.is_err() && list.names(&one.name));
    let own: Vec<&Vouched> = vouched.iter().filter(|one| one.path == file.path).collect();
    let signed_by = own.first().map(|one| one.who.clone());
    // The one that lasts longest keeps it signed.
    let ends: Option<Vec<&String>> = own.iter().map(|one| one.until.as_ref()).collect();
    ChecksumFact {
        source: file.source,
        path: file.path.clone(),
        algorithm: list.algorithm,
        entries: list.len(),
        matches_artifact: !artifacts.is_empty(),
        artifacts,
        contradicts: contradicts.map(|(one, _)| one.name.clone()).collect(),
        signed: signed_by.is_some(),
        signed_by,
        until: ends.and_then(|ends| ends.into_iter().max().cloned()),
    }
}

/// Reads anything; fuzzing asks that it ends and does not panic.
#[cfg(fuzzing)]
pub(crate) fn read_anything(bytes: &[u8]) {
    let _ = (sboms::read(bytes), role_of_content(bytes));
}
