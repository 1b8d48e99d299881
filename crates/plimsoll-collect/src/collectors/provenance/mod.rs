//! Attestations, signatures, checksums and SBOMs that lie in the repository or are given beside it. Nothing is verified.

pub(crate) mod formats;

use plimsoll_model::{Assurance, Kind, Pointer, Subject};
use plimsoll_snapshot::{Entry, EntryKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Collector, Context, Gathered, GivenFile, PathClass};
use formats::{Attested, Statement};

/// Bytes of one file.
const LARGEST: u64 = 16 * 1024 * 1024;
/// Files that are read.
const MOST: usize = 2000;

/// One attestation.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AttestationFact {
    /// `repository` or `given`.
    source: &'static str,
    /// Its path or name.
    path: String,
    /// `dsse`, `sigstore-bundle`, `in-toto-jsonl`, `npm`, `pep740`, `in-toto-statement`.
    format: &'static str,
    /// What it says.
    predicate_type: Option<String>,
    /// What it speaks of.
    subjects: Vec<Attested>,
    /// Always `not-checked`.
    verdict: &'static str,
    /// Is one of its subjects, by digest, an artifact that was given?
    matches_artifact: bool,
}

/// One detached signature.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SignatureFact {
    /// `repository` or `given`.
    source: &'static str,
    /// Its path or name.
    path: String,
    /// `openpgp`, `ssh`, `minisign`, `pkcs7`, `sigstore`, `unknown`.
    format: &'static str,
    /// The file that it seems to sign, by its name.
    signs: Option<String>,
    /// Always `not-checked`.
    verdict: &'static str,
}

/// One file of checksums.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ChecksumFact {
    /// `repository` or `given`.
    source: &'static str,
    /// Its path or name.
    path: String,
    /// `sha256`, `sha512`, `sha1`, `md5`.
    algorithm: &'static str,
    /// How many files it lists.
    entries: usize,
    /// Does it list an artifact that was given, with its digest?
    matches_artifact: bool,
}

/// One SBOM.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SbomFact {
    /// `repository` or `given`.
    source: &'static str,
    /// Its path or name.
    path: String,
    /// `CycloneDX` or `SPDX`.
    format: &'static str,
    /// Version of the format.
    version: String,
    /// How many components it lists.
    components: usize,
    /// Has it what its format asks for at the top, and at least one component?
    valid: bool,
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

const ATTESTATION: Kind =
    Kind::of::<AttestationFact>("attestation", "An attestation that was found; it is not verified.");
const SIGNATURE: Kind =
    Kind::of::<SignatureFact>("signature-file", "A detached signature that was found; it is not verified.");
const CHECKSUM: Kind = Kind::of::<ChecksumFact>("checksum-file", "A file of checksums that was found.");
const SBOM: Kind = Kind::of::<SbomFact>("published-sbom", "An SBOM that is published with the source.");
const ARTIFACT: Kind = Kind::of::<ArtifactFact>("artifact", "A file that is said to be built from the commit.");

/// Provenance.
pub struct Provenance;

impl Collector for Provenance {
    fn name(&self) -> &'static str {
        "provenance"
    }

    fn about(&self) -> &'static str {
        "Attestations, signatures, checksums and SBOMs in the repository or given beside it; found, not verified."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[ATTESTATION, SIGNATURE, CHECKSUM, SBOM, ARTIFACT] }
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let named: Vec<(&Entry, Role)> = cx
            .snapshot
            .entries()
            .iter()
            .filter(|entry| entry.kind != EntryKind::Submodule)
            .filter_map(|entry| Some((entry, role(entry.name())?)))
            .collect();
        let (mut own, others): (Vec<_>, Vec<_>) =
            named.into_iter().partition(|(entry, _)| cx.classes.of(&entry.path) == PathClass::Shipped);
        let left_out = own.len().saturating_sub(MOST);
        own.truncate(MOST);
        let count = (own.len() + cx.attestations.len()) as u64;
        let mut all = Found {
            attestations: Gathered::searched(&ATTESTATION, "files", count),
            signatures: Gathered::searched(&SIGNATURE, "files", count),
            checksums: Gathered::searched(&CHECKSUM, "files", count),
            sboms: Gathered::searched(&SBOM, "files", count),
            artifacts: cx.artifacts,
        };
        if let Some(gap) = cx.snapshot.tree_gap() {
            all.gap(gap);
        }
        if !others.is_empty() {
            all.attestations.limitation(format!(
                "{} files of tests, examples and copies of others' source were left out.",
                others.len()
            ));
        }
        all.attestations
            .limitation("What is kept at the forge or in a registry is not seen; give it with --attestation.");
        if left_out > 0 {
            all.gap(&format!("{left_out} more files than the {MOST} that are read"));
        }
        for (entry, role) in own {
            match cx.snapshot.read(entry, LARGEST) {
                Ok(bytes) => all.take("repository", &entry.path, role, &bytes, &entry.pointer()),
                Err(error) => all.gap(&format!("{}: {error}", entry.path)),
            }
        }
        for file in cx.attestations {
            let pointer = Pointer::artifact(&file.sha256);
            match &file.bytes {
                Some(bytes) => {
                    all.take("given", &file.name, role(&file.name).unwrap_or(Role::Attestation), bytes, &pointer);
                }
                None => all.gap(&format!("{}: not read", file.name)),
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
        vec![all.attestations, all.signatures, all.checksums, all.sboms, artifacts]
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Attestation,
    Signature,
    Checksums,
    Sbom,
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
        || matches!(lower.as_str(), "bom.json" | "sbom.json")
    {
        Some(Role::Sbom)
    } else {
        None
    }
}

struct Found<'a> {
    attestations: Gathered,
    signatures: Gathered,
    checksums: Gathered,
    sboms: Gathered,
    artifacts: &'a [GivenFile],
}

impl Found<'_> {
    fn gap(&mut self, reason: &str) {
        for gathered in [&mut self.attestations, &mut self.signatures, &mut self.checksums, &mut self.sboms] {
            gathered.gap(reason);
        }
    }

    fn is_artifact(&self, digest: &str) -> bool {
        self.artifacts.iter().any(|file| file.sha256.eq_ignore_ascii_case(digest))
    }

    fn take(&mut self, source: &'static str, path: &str, role: Role, bytes: &[u8], pointer: &Pointer) {
        let subject = || Subject::path(path);
        let places = || vec![pointer.clone()];
        match role {
            Role::Attestation => match formats::attestations(bytes) {
                Ok((format, statements)) => {
                    for Statement { predicate_type, subjects } in statements {
                        let matches_artifact = subjects
                            .iter()
                            .any(|one| one.digest.get("sha256").is_some_and(|digest| self.is_artifact(digest)));
                        let fact = AttestationFact {
                            source,
                            path: path.to_owned(),
                            format,
                            predicate_type,
                            subjects,
                            verdict: "not-checked",
                            matches_artifact,
                        };
                        self.attestations.push(subject(), Assurance::Observed, &fact, places());
                    }
                }
                Err(reason) => self.attestations.gap(format!("{path}: {reason}")),
            },
            Role::Signature => {
                let name = path.rsplit_once('.').map(|(name, _)| name.to_owned());
                let fact = SignatureFact {
                    source,
                    path: path.to_owned(),
                    format: formats::signature(bytes),
                    signs: name,
                    verdict: "not-checked",
                };
                self.signatures.push(subject(), Assurance::Observed, &fact, places());
            }
            Role::Checksums => match formats::checksums(bytes) {
                Some((algorithm, digests)) => {
                    let matches_artifact = digests.iter().any(|digest| self.is_artifact(digest));
                    let fact = ChecksumFact {
                        source,
                        path: path.to_owned(),
                        algorithm,
                        entries: digests.len(),
                        matches_artifact,
                    };
                    self.checksums.push(subject(), Assurance::Observed, &fact, places());
                }
                None => self.checksums.gap(format!("{path}: not a list of checksums of one kind, or too long a one")),
            },
            Role::Sbom => match formats::sbom(bytes) {
                Ok((format, version, components)) => {
                    let valid = components > 0 && !version.is_empty();
                    let fact = SbomFact { source, path: path.to_owned(), format, version, components, valid };
                    self.sboms.push(subject(), Assurance::Observed, &fact, places());
                }
                Err(reason) => self.sboms.gap(format!("{path}: {reason}")),
            },
        }
    }
}
