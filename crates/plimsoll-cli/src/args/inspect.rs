//! Arguments of `plimsoll inspect`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::At;

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll inspect workflows .
  plimsoll inspect advisories Cargo.lock --format json
  plimsoll inspect sbom . --format cyclonedx > sbom.cdx.json
  plimsoll inspect signatures . --keyring keys/ \\
      --allowed-signers allowed_signers --format jsonl
  plimsoll inspect provenance --bundle app.sigstore.json --artifact app \\
      --source github.com/owner/app
  plimsoll inspect provenance --bundle app.minisig --artifact app \\
      --key minisign.pub
  plimsoll inspect package app-1.0.0.crate .
  plimsoll inspect package app-1.0.0.crate . --rev v1.0.0 --rebuild
  plimsoll inspect dependencies target/release/app .

KIND is the name of a collector: claims, history, signatures, sbom, advisories, workflows, policies, tests, secrets, \
provenance, packages; or `package`, which compares a package (.crate, npm's .tgz, a wheel or source distribution of Python) \
with its source at the commit that it names, or `dependencies`, which prints the dependency list inside a binary and compares \
it with REPO: exit status 0 equal, 1 not equal, 2 could not be determined.
With --bundle, `provenance` verifies one file: exit status 0 verified, 1 not verified, 2 invalid input or usage.
`advisories` and `sbom` also take one Cargo.lock, and `sbom` a folder of manifests.")]
pub struct InspectArgs {
    /// What to check: claims, history, signatures, sbom, advisories, workflows, policies, tests, secrets, provenance, packages,
    /// package or dependencies
    pub kind: String,
    /// The repository; for `advisories` and `sbom` also a Cargo.lock, for `sbom` a folder of manifests, for `package` and `dependencies` the file
    #[arg(default_value = ".", value_name = "REPO|FILE")]
    pub target: PathBuf,
    /// package, dependencies: the repository that the file is compared with
    #[arg(value_name = "SOURCE")]
    pub repository: Option<PathBuf>,
    #[command(flatten)]
    pub at: At,
    /// signatures: check commits reachable from any reference, not only the history of the commit
    #[arg(long)]
    pub all: bool,
    /// signatures: check raw commit objects in a folder, one file each, named by id; reads no repository
    #[arg(long, value_name = "DIR", conflicts_with = "all")]
    pub objects: Option<PathBuf>,
    /// package: also pack the crate again from the commit and compare the archives; nothing is built or downloaded
    #[arg(long)]
    pub rebuild: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = InspectFormat::Text)]
    pub format: InspectFormat,
    #[command(flatten)]
    pub bundle: BundleArgs,
}

/// One attestation or signature, and what it has to prove.
#[derive(Args)]
#[command(next_help_heading = "provenance: verify one file")]
pub struct BundleArgs {
    /// The attestation or signature: Sigstore bundle, npm, PEP 740, DSSE, OpenPGP, SSH, minisign, cosign
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// Digest of the artifact, if you do not have the file: sha256:HEX, sha384:HEX, sha512:HEX or gitCommit:HEX; one of each
    /// kind
    #[arg(long, value_name = "ALGORITHM:HEX", requires = "bundle", conflicts_with = "artifacts", value_parser = digest)]
    pub artifact_digest: Vec<(String, String)>,
    /// Required signer: the e-mail address or URI in the certificate
    #[arg(long, value_name = "TEXT", requires = "bundle", conflicts_with = "identity_regex")]
    pub identity: Option<String>,
    /// Required signer as a regular expression; matches anywhere unless anchored with ^ and $, as in cosign
    #[arg(long, value_name = "REGEX", requires = "bundle")]
    pub identity_regex: Option<regex::Regex>,
    /// Required OpenID Connect issuer of that identity
    #[arg(long, value_name = "URL", requires = "bundle")]
    pub issuer: Option<String>,
    /// Require that it was built from this repository by a known builder
    #[arg(long = "source", value_name = "REPO", requires = "bundle", value_parser = source)]
    pub source_repository: Option<plimsoll_trust::SourceName>,
    /// Require that it was built from this commit (full id)
    #[arg(long = "commit", value_name = "ID", requires = "bundle", value_parser = commit)]
    pub source_commit: Option<String>,
    /// Required package name
    #[arg(long, value_name = "NAME", requires = "bundle")]
    pub package: Option<String>,
    /// Required package version
    #[arg(long, value_name = "VERSION", requires = "bundle")]
    pub package_version: Option<String>,
    /// Required builder, as named in the provenance
    #[arg(long, value_name = "ID", requires = "bundle")]
    pub builder: Option<String>,
}

fn digest(text: &str) -> Result<(String, String), String> {
    let (algorithm, hex) = text.split_once(':').ok_or("give the algorithm and the digest, as in sha256:9f86...")?;
    let lengths: &[usize] = match algorithm {
        "sha256" => &[64],
        "sha384" => &[96],
        "sha512" => &[128],
        "gitCommit" => &[40, 64],
        _ => return Err("the algorithm is sha256, sha384, sha512 or gitCommit".to_owned()),
    };
    let hex = hex.to_ascii_lowercase();
    if lengths.iter().any(|length| plimsoll_model::is_hex(&hex, *length)) {
        Ok((algorithm.to_owned(), hex))
    } else {
        Err(format!("a {algorithm} digest has {} hexadecimal digits", lengths.first().copied().unwrap_or_default()))
    }
}

fn commit(text: &str) -> Result<String, String> {
    let id = text.to_ascii_lowercase();
    let whole = [40, 64].iter().any(|length| plimsoll_model::is_hex(&id, *length));
    whole.then_some(id).ok_or_else(|| "give a commit in full: 40 or 64 hexadecimal digits".to_owned())
}

fn source(text: &str) -> Result<plimsoll_trust::SourceName, String> {
    plimsoll_trust::SourceName::read(text).ok_or_else(|| "give a repository, as in github.com/owner/name".to_owned())
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum InspectFormat {
    /// For a terminal
    Text,
    /// Reports and facts as JSON
    Json,
    /// One JSON object in a line (signatures only)
    Jsonl,
    /// CycloneDX 1.5 JSON (sbom only)
    Cyclonedx,
    /// SPDX 2.3 JSON (sbom only)
    Spdx,
}
