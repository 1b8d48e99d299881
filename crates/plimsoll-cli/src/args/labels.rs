//! Arguments of the commands for labels that travel: sign, verify, audit, countersign, refresh, revoke.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use super::{DataFormat, moment};

/// Whose signature counts.
#[derive(Args)]
#[command(next_help_heading = "Whose signature counts")]
pub struct SignerArgs {
    /// A public key by which it has to be signed: PEM; of several, one has to
    #[arg(long, value_name = "FILE", conflicts_with_all = ["identity", "identity_regex"])]
    pub key: Vec<PathBuf>,
    /// Who has to have signed: the address or URI in the certificate
    #[arg(long, value_name = "TEXT", conflicts_with = "identity_regex", requires = "issuer")]
    pub identity: Option<String>,
    /// The same as a pattern that is found anywhere unless it has ^ and $
    #[arg(long, value_name = "REGEX", requires = "issuer")]
    pub identity_regex: Option<regex::Regex>,
    /// Who has to vouch for that identity (OpenID Connect issuer)
    #[arg(long, value_name = "URL")]
    pub issuer: Option<String>,
    /// The trust policy: whose signatures count (docs/trust-policy.md)
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// A Sigstore `trusted_root.json` in the place of the built-in ones (the public instance and GitHub's)
    #[arg(long, value_name = "FILE")]
    pub trusted_root: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll verify label.sigstore.json --key maker.pub --artifact app-1.0.0.tar.gz
  plimsoll verify label.sigstore.json --key maker.pub --min-tier 2 --max-age 30 --format json
  plimsoll verify label.sigstore.json --issuer https://token.actions.githubusercontent.com \\
      --identity https://github.com/owner/name/.github/workflows/release.yml@refs/tags/v1.0.0
  plimsoll verify label.sigstore.json --trust trust.toml --evidence evidence.json \\
      --with label.countersignature.json --with revocations.jsonl --min-tier 4

Exit codes: 0 all that was asked holds; 1 something does not; 2 it could not be asked.")]
pub struct VerifyArgs {
    /// Signed labels: Sigstore bundles, or DSSE envelopes
    #[arg(value_name = "BUNDLE", required = true)]
    pub bundles: Vec<PathBuf>,
    #[command(flatten)]
    pub whose: SignerArgs,
    /// A file that the label has to be about; may be given several times
    #[arg(long = "artifact", value_name = "FILE")]
    pub artifacts: Vec<PathBuf>,
    /// The repository whose commit it has to be about
    #[arg(long, value_name = "REPO")]
    pub repo: Option<PathBuf>,
    /// The commit of that repository, as git names it [default: HEAD]
    #[arg(long, value_name = "REV", requires = "repo")]
    pub rev: Option<String>,
    /// The evidence that it has to be of
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Statements about the label that are known: countersignatures, revocations, later labels; may be given several times
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// The lowest tier that is enough
    #[arg(long, value_name = "TIER", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub min_tier: Option<u8>,
    /// The most days since the moment that it speaks for
    #[arg(long, value_name = "DAYS")]
    pub max_age: Option<u32>,
    /// The moment at which it is asked, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// What is printed
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}

/// A program that holds the key, and the passphrase of one that lies in a file.
#[derive(Args)]
#[command(next_help_heading = "With what is signed")]
pub struct SigningKeyArgs {
    /// A program that holds the key (docs/signing.md)
    #[arg(long, value_name = "PROGRAM")]
    pub signer: Option<PathBuf>,
    /// An argument of that program; may be given several times
    #[arg(long, value_name = "ARG", requires = "signer", allow_hyphen_values = true)]
    pub signer_arg: Vec<String>,
    /// A file whose first line is the passphrase of the key [default: `PLIMSOLL_PASSPHRASE`, else asked on a terminal]
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
}

/// With what is signed.
#[derive(Args)]
#[command(next_help_heading = "With what is signed")]
pub struct Signing {
    /// The private key: PKCS#8, cosign's, or one of ssh-keygen, plain or encrypted
    #[arg(long, value_name = "FILE", required_unless_present = "signer", conflicts_with = "signer")]
    pub key: Option<PathBuf>,
    #[command(flatten)]
    pub holder: SigningKeyArgs,
}

/// With what is signed where --key is taken by whose signature counts.
#[derive(Args)]
#[command(next_help_heading = "With what is signed")]
pub struct OwnSigning {
    /// The private key: PKCS#8, cosign's, or one of ssh-keygen, plain or encrypted
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

Without a key, in a pipeline: `gh attestation` and `cosign attest-blob` sign the same statement (docs/pipelines.md).")]
pub struct SignArgs {
    /// The label: label.json
    #[arg(value_name = "LABEL")]
    pub label: PathBuf,
    #[command(flatten)]
    pub signing: Signing,
    /// The bundle to write; - is standard output [default: label.sigstore.json beside LABEL]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll revoke label.sigstore.json --key maker.key --reason 'the release was built on a broken runner'
  plimsoll revoke label.sigstore.json --key maker.key --reason 'superseded' --replaced-by new/label.json

Give the result to `plimsoll verify --with`, and attach it where the label is attached.")]
pub struct RevokeArgs {
    /// What is taken back: a signed label or countersignature
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    #[command(flatten)]
    pub signing: Signing,
    /// Why, in one sentence
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The label that stands in its place: label.json, or signed
    #[arg(long, value_name = "LABEL")]
    pub replaced_by: Option<PathBuf>,
    /// The moment of it, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// The bundle to write; - is standard output [default: NAME.revocation.json beside BUNDLE]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
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
    /// Make a key pair: NAME.key (PKCS#8, for its owner alone) and NAME.pub
    Generate {
        /// The kind of key
        #[arg(long = "type", value_enum, default_value_t = KeyType::Ed25519)]
        kind: KeyType,
        /// The name of both files
        #[arg(long, value_name = "NAME", default_value = "plimsoll")]
        out: PathBuf,
        /// A file whose first line is the passphrase [default: `PLIMSOLL_PASSPHRASE`, else asked on a terminal]
        #[arg(long, value_name = "FILE", conflicts_with = "no_passphrase")]
        passphrase_file: Option<PathBuf>,
        /// Do not encrypt the key: whoever reads the file can sign
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
        /// What is printed
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
