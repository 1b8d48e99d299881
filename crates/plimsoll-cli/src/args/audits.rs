//! Arguments of the commands that do it again: audit, countersign, refresh, diff.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::{DataFormat, LabelFormat, OwnSigning, SignerArgs, moment};

/// The inputs with which the label was made.
#[derive(Args)]
#[command(next_help_heading = "The inputs with which the label was made")]
pub struct MakerInputs {
    /// The trust policy by which the evidence was collected
    #[arg(long, value_name = "FILE")]
    pub their_trust: Option<PathBuf>,
    /// The trust policy by which countersignatures were judged, where it is another [default: that of --their-trust]
    #[arg(long, value_name = "FILE")]
    pub their_countersignature_trust: Option<PathBuf>,
    /// OpenPGP keys that were given with --keyring then; may be given several times
    #[arg(long, value_name = "FILE|DIR")]
    pub their_keyring: Vec<PathBuf>,
    /// SSH keys that were given with --allowed-signers then; may be given several times
    #[arg(long, value_name = "FILE")]
    pub their_allowed_signers: Vec<PathBuf>,
    /// Public keys that were given with --key then; may be given several times
    #[arg(long, value_name = "FILE")]
    pub their_key: Vec<PathBuf>,
    /// The advisory data with which it was collected [default: the embedded snapshot]
    #[arg(long, value_name = "PATH")]
    pub their_advisories: Option<PathBuf>,
    /// The copy of the registry's index with which it was collected
    #[arg(long, value_name = "DIR")]
    pub their_index: Option<PathBuf>,
    /// The earlier evidence that was given with --previous then
    #[arg(long, value_name = "EVIDENCE")]
    pub their_previous: Option<PathBuf>,
    /// A file built from the commit; may be given several times
    #[arg(long = "artifact", value_name = "FILE")]
    pub artifacts: Vec<PathBuf>,
    /// An attestation or signature that was given then; may be given several times
    #[arg(long = "attestation", value_name = "FILE")]
    pub attestations: Vec<PathBuf>,
}

/// What is audited.
#[derive(Args)]
pub struct Audited {
    /// The signed label
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// The repository, to collect from again
    #[arg(long, value_name = "REPO")]
    pub repo: Option<PathBuf>,
    /// The evidence [default: evidence.json beside BUNDLE, where there is one]
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Statements about the label that are known: countersignatures, revocations, later labels; may be given several times
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Your own advisory data, to judge by today [default: the embedded snapshot]
    #[arg(long, value_name = "PATH")]
    pub advisories: Option<PathBuf>,
    /// Your own copy of the crates.io index
    #[arg(long, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// The moment of the audit, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    #[command(flatten)]
    pub whose: SignerArgs,
    #[command(flatten)]
    pub theirs: MakerInputs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll audit label.sigstore.json --repo app --key maker.pub
  plimsoll audit label.sigstore.json --repo app --trust auditor.toml --their-trust maker.toml \\
      --artifact app-1.0.0.tar.gz --attestation app.sigstore.json --format html > audit.html
  plimsoll audit label.sigstore.json --key maker.pub          without the repository: the evidence alone

(a) The label is computed from the evidence again, (b) the evidence is collected from the repository again with the inputs of
then, (c) it is judged by your own trust policy, practices and advisories. What cannot be repeated is said.
Exit codes: 0 all the same; 1 something differs or could not be repeated; 2 it could not be asked.")]
pub struct AuditArgs {
    #[command(flatten)]
    pub audited: Audited,
    /// What is printed
    #[arg(long, value_enum, default_value_t = AuditFormat::Text)]
    pub format: AuditFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// One self-contained page
    Html,
    /// OSCAL assessment results (JSON)
    Oscal,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll countersign label.sigstore.json --repo app --trust auditor.toml --their-trust maker.toml \\
      --sign-key auditor.key --name 'Example Audit Ltd' --role auditor --independent

It audits first, and signs only where the label and the evidence came out the same, byte for byte.")]
pub struct CountersignArgs {
    #[command(flatten)]
    pub audited: Audited,
    #[command(flatten)]
    pub signing: OwnSigning,
    /// Who countersigns: a person or an organisation
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// As what
    #[arg(long, value_name = "ROLE", default_value = "auditor")]
    pub role: String,
    /// Declare that you are independent of the maker; the trust policy of the reader decides whether it counts
    #[arg(long)]
    pub independent: bool,
    /// A file of the release that you built again yourself; its digest has to be one of the label's; may be given several times
    #[arg(long, value_name = "FILE")]
    pub rebuilt: Vec<PathBuf>,
    /// The bundle to write; - is standard output [default: label.countersignature.json beside BUNDLE]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll refresh label.json --advisories advisory-db --out label-2027-01
  plimsoll refresh label.sigstore.json --with label.countersignature.json --trust trust.toml --out corroborated

With --advisories, stored evidence is judged anew without the source, and the label names the one that it follows. With --with,
countersignatures are put beside the evidence. Sign what comes out with `plimsoll sign`.
--out writes evidence.json label.json label.svg label.html.")]
pub struct RefreshArgs {
    /// The label: label.json, or signed
    #[arg(value_name = "LABEL")]
    pub label: PathBuf,
    /// Its evidence [default: evidence.json beside LABEL]
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Newer advisory data: a RustSec advisory-db checkout, a packed snapshot, or `embedded`
    #[arg(long, value_name = "PATH")]
    pub advisories: Option<PathBuf>,
    /// A countersignature; may be given several times
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// The trust policy, which says who counts as independent
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// The moment for which it is judged, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// Keep everything in this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What is printed
    #[arg(long, value_enum, default_value_t = LabelFormat::Text)]
    pub format: LabelFormat,
    /// Exit with 1 when the tier is lower
    #[arg(long, value_name = "TIER", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub fail_below: Option<u8>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll diff old/label.json new/label.json
  plimsoll diff old/evidence.json new/evidence.json --format json

Exit codes: 0 the same; 1 they differ; 2 it could not be asked.")]
pub struct DiffArgs {
    /// A label (signed or not), or evidence
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The other one
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// What is printed
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}
