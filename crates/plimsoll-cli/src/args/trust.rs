//! Arguments of `plimsoll trust`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::{At, DataFormat};

#[derive(Args)]
pub struct TrustArgs {
    #[command(subcommand)]
    pub action: TrustAction,
}

#[derive(Subcommand)]
pub enum TrustAction {
    /// List the keys that signed commits and tags, and how much each of them signed
    #[command(after_help = "Examples:
  plimsoll trust signers .
  plimsoll trust signers . --trust trust.toml --format json")]
    Signers(Box<SignersArgs>),
    /// Write a trust policy in which nothing counts yet, and the keys that signed
    #[command(after_help = "Examples:
  plimsoll trust draft . --out trust
  plimsoll trust draft . --keys downloaded-keys/ --out trust")]
    Draft(Box<DraftArgs>),
    /// Confirm one entry of a drafted policy by the whole fingerprint of its key
    #[command(after_help = "Examples:
  plimsoll trust confirm trust/trust.toml SHA256:uNiVztksCsDhcc0u9e8BrrJXVOw7Gzoyhex...
  plimsoll trust confirm trust/trust.toml 'ABCD 1234 ...'")]
    Confirm(ConfirmArgs),
    /// List the signers a policy trusts, what ends soon, and what signed nothing
    #[command(after_help = "Examples:
  plimsoll trust check trust.toml
  plimsoll trust check trust.toml . --as-of 2026-12-01")]
    Check(CheckArgs),
}

#[derive(Args)]
pub struct DraftArgs {
    /// The repository
    #[arg(default_value = ".", value_name = "REPO")]
    pub target: PathBuf,
    /// The commit to examine, as git names it [default: HEAD]
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// OpenPGP keys from anywhere, a file or a folder: those that verify a signature here are drafted; may be repeated
    #[arg(long, value_name = "FILE|DIR")]
    pub keys: Vec<PathBuf>,
    /// The folder to write; it must not exist
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Evaluate as of this time (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", value_parser = super::moment)]
    pub as_of: Option<Timestamp>,
}

#[derive(Args)]
pub struct ConfirmArgs {
    /// The policy
    #[arg(value_name = "FILE")]
    pub policy: PathBuf,
    /// The whole fingerprint, as the owner of the key publishes it
    pub fingerprint: String,
}

#[derive(Args)]
pub struct CheckArgs {
    /// The policy
    #[arg(value_name = "FILE")]
    pub policy: PathBuf,
    /// A repository, to see which of its keys signed there
    #[arg(value_name = "REPO")]
    pub target: Option<PathBuf>,
    /// Evaluate as of this time (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", value_parser = super::moment)]
    pub as_of: Option<Timestamp>,
}

#[derive(Args)]
pub struct SignersArgs {
    /// The repository
    #[arg(default_value = ".", value_name = "REPO")]
    pub target: PathBuf,
    #[command(flatten)]
    pub at: At,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}
