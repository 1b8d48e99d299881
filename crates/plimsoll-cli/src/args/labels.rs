//! Arguments of the commands for labels that travel: sign, verify, audit, countersign, refresh, revoke.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use plimsoll_trust::SourceName;

use super::{DataFormat, moment};

/// Accepted signers.
#[derive(Args)]
#[command(next_help_heading = "Accepted signers")]
pub struct SignerArgs {
    /// Accepted public key (PEM); repeat to accept any of several
    #[arg(long, value_name = "FILE", conflicts_with_all = ["identity", "identity_regex"])]
    pub key: Vec<PathBuf>,
    /// Required signer: the e-mail address or URI in the certificate
    #[arg(long, value_name = "TEXT", conflicts_with = "identity_regex", requires = "issuer")]
    pub identity: Option<String>,
    /// Required signer as a regular expression; matches anywhere unless anchored with ^ and $
    #[arg(long, value_name = "REGEX", requires = "issuer")]
    pub identity_regex: Option<regex::Regex>,
    /// Required OpenID Connect issuer of that identity
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
    /// Required repository of the run that signed; needed where the workflow lies in another repository
    #[arg(long, value_name = "REPO", value_parser = super::source, requires = "issuer")]
    pub source: Option<SourceName>,
    /// Trust policy: whose signatures are accepted (docs/trust-policy.md)
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// Sigstore `trusted_root.json` to use instead of the built-in ones (the public instance and GitHub's)
    #[arg(long, value_name = "FILE")]
    pub trusted_root: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll verify label.sigstore.json --key maker.pub \\
      --artifact app-1.0.0.tar.gz
  plimsoll verify label.sigstore.json --key maker.pub --min-tier 2 --max-age 30
  plimsoll verify label.sigstore.json \\
      --issuer https://token.actions.githubusercontent.com \\
      --identity-regex ^https://github.com/owner/name/
  plimsoll verify label.sigstore.json --source github.com/owner/name \
      --issuer https://token.actions.githubusercontent.com \
      --identity https://github.com/org/shared/.github/workflows/label.yml@refs/tags/v1
  plimsoll verify label.sigstore.json --trust trust.toml \\
      --evidence evidence.json --with label.countersignature.json \\
      --with revocations.jsonl --min-tier 4

Exit status: 0 everything you asked for is true; 1 something is not; 2 invalid input or usage.")]
pub struct VerifyArgs {
    /// Signed labels: Sigstore bundles, or DSSE envelopes
    #[arg(value_name = "BUNDLE", required = true)]
    pub bundles: Vec<PathBuf>,
    /// Require that the label is about this file; may be repeated
    #[arg(long = "artifact", value_name = "FILE")]
    pub artifacts: Vec<PathBuf>,
    /// Require that the label is about a commit of this repository
    #[arg(long, value_name = "REPO")]
    pub repo: Option<PathBuf>,
    /// That commit, as git names it [default: HEAD]
    #[arg(long, value_name = "REV", requires = "repo")]
    pub rev: Option<String>,
    /// Require that the label was computed from this evidence
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Known statements about the label: countersignatures, revocations, newer labels; may be repeated
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Minimum tier
    #[arg(long, value_name = "0..4", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub min_tier: Option<u8>,
    /// Maximum age in days
    #[arg(long, value_name = "DAYS")]
    pub max_age: Option<u32>,
    /// Verify as of this time (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
    #[command(flatten)]
    pub whose: SignerArgs,
}

/// A program that holds the key, and the passphrase of one that lies in a file.
#[derive(Args)]
#[command(next_help_heading = "Signing key")]
pub struct SigningKeyArgs {
    /// Program that holds the key (docs/signing.md)
    #[arg(long, value_name = "PROGRAM")]
    pub signer: Option<PathBuf>,
    /// Argument for that program; may be repeated
    #[arg(long, value_name = "ARG", requires = "signer", allow_hyphen_values = true)]
    pub signer_arg: Vec<String>,
    /// File whose first line is the passphrase [default: `PLIMSOLL_PASSPHRASE`, or a prompt on a terminal]
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// Signing key.
#[derive(Args)]
#[command(next_help_heading = "Signing key")]
pub struct Signing {
    /// Private key: PKCS#8, cosign or OpenSSH, plain or encrypted
    #[arg(long, value_name = "FILE", required_unless_present = "signer", conflicts_with = "signer")]
    pub key: Option<PathBuf>,
    #[command(flatten)]
    pub holder: SigningKeyArgs,
}

/// Signing key where --key is taken by whose signature counts.
#[derive(Args)]
#[command(next_help_heading = "Signing key")]
pub struct OwnSigning {
    /// Private key: PKCS#8, cosign or OpenSSH, plain or encrypted
    #[arg(long, value_name = "FILE", required_unless_present = "signer", conflicts_with = "signer")]
    pub sign_key: Option<PathBuf>,
    #[command(flatten)]
    pub holder: SigningKeyArgs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll sign label.json --key maker.key
  plimsoll sign label.json --key cosign.key --out app.label.sigstore.json
  plimsoll sign label.json --signer ./hsm-sign --signer-arg slot=1
  plimsoll sign article-25.json --key maker.key

Without a key, in a pipeline: `gh attestation` and `cosign attest-blob` sign the same statement (docs/pipelines.md).")]
pub struct SignArgs {
    /// The label, label.json; or a report as a statement (`plimsoll report --format statement`)
    #[arg(value_name = "LABEL")]
    pub label: PathBuf,
    /// Whose view an outside view is: of software whose maker has not spoken
    #[arg(long, value_name = "NAME")]
    pub assessor: Option<String>,
    /// Bundle to write; - is standard output [default: label.sigstore.json in the folder of LABEL]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub signing: Signing,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll revoke label.sigstore.json --key maker.key \\
      --reason 'the release was built on a broken runner'
  plimsoll revoke label.sigstore.json --key maker.key \\
      --reason superseded --replaced-by new/label.json

Pass the result to `plimsoll verify --with`, and attach it where the label is attached.")]
pub struct RevokeArgs {
    /// What is revoked: a signed label or countersignature
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// Why, in one sentence
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The label that replaces it: label.json, or signed
    #[arg(long, value_name = "LABEL")]
    pub replaced_by: Option<PathBuf>,
    /// Time of the revocation (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// Bundle to write; - is standard output [default: NAME.revocation.json in the folder of BUNDLE]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub signing: Signing,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll key generate --out maker           writes maker.key and maker.pub
  plimsoll key show maker.pub")]
pub struct KeyArgs {
    #[command(subcommand)]
    pub action: KeyAction,
}

#[derive(Subcommand)]
pub enum KeyAction {
    /// Generate a key pair: NAME.key (PKCS#8, readable only by its owner) and NAME.pub
    Generate {
        /// The kind of key
        #[arg(long = "type", value_enum, default_value_t = KeyType::Ed25519)]
        kind: KeyType,
        /// The name of both files
        #[arg(long, value_name = "NAME", default_value = "plimsoll")]
        out: PathBuf,
        /// File whose first line is the passphrase [default: `PLIMSOLL_PASSPHRASE`, or a prompt on a terminal]
        #[arg(long, value_name = "FILE", conflicts_with = "no_passphrase")]
        passphrase_file: Option<PathBuf>,
        /// Do not encrypt the key: anyone who can read the file can sign
        #[arg(long)]
        no_passphrase: bool,
    },
    /// Show the public key of a key file, its kind and its fingerprint
    Show {
        /// A private or public key
        #[arg(value_name = "KEY")]
        key: PathBuf,
        /// A file whose first line is the passphrase
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// Output format
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub enum KeyType {
    Ed25519,
    P256,
    P384,
}
