//! Arguments of the commands that do it again: audit, countersign, refresh, diff.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::{AuditFormat, DiffFormat, Floors, LabelFormat, OwnSigning, SignerArgs, inputs::InputFlags, moment};

/// Inputs the label was made with.
#[derive(Args)]
#[command(next_help_heading = "Inputs the label was made with")]
pub struct MakerInputs {
    /// Trust policy used to collect the evidence
    #[arg(long, value_name = "FILE")]
    pub their_trust: Option<PathBuf>,
    /// Trust policy used to evaluate countersignatures, if different [default: that of --their-trust]
    #[arg(long, value_name = "FILE")]
    pub their_countersignature_trust: Option<PathBuf>,
    /// OpenPGP keys that were passed with --keyring; may be repeated
    #[arg(long, value_name = "FILE|DIR")]
    pub their_keyring: Vec<PathBuf>,
    /// SSH keys that were passed with --allowed-signers; may be repeated
    #[arg(long, value_name = "FILE")]
    pub their_allowed_signers: Vec<PathBuf>,
    /// Public keys that were passed with --key; may be repeated
    #[arg(long, value_name = "FILE")]
    pub their_key: Vec<PathBuf>,
    /// Advisory data used to collect the evidence; may be repeated [default: the embedded snapshot]
    #[arg(long, value_name = "PATH")]
    pub their_advisories: Vec<PathBuf>,
    /// Copy of the registry's index used to collect the evidence
    #[arg(long, value_name = "DIR")]
    pub their_index: Option<PathBuf>,
    #[command(flatten)]
    pub files: InputFlags<true>,
    /// File built from the commit; may be repeated
    #[arg(long = "artifact", value_name = "FILE")]
    pub artifacts: Vec<PathBuf>,
    /// Attestation or signature that was passed when the label was made; may be repeated
    #[arg(long = "attestation", value_name = "FILE")]
    pub attestations: Vec<PathBuf>,
}

/// What is audited.
#[derive(Args)]
pub struct Audited {
    /// The signed label
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// Repository to collect the evidence from again
    #[arg(long, value_name = "REPO")]
    pub repo: Option<PathBuf>,
    /// Evidence file [default: evidence.json in the folder of BUNDLE, if it exists]
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Known statements about the label: countersignatures, revocations, newer labels; may be repeated
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Your own, current advisory data; may be repeated [default: the embedded snapshot]
    #[arg(long, value_name = "PATH")]
    pub advisories: Vec<PathBuf>,
    /// Your own copy of the crates.io index
    #[arg(long, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// Time of the audit (RFC 3339) [default: now]
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
  plimsoll audit label.sigstore.json --key maker.pub    scores the evidence only
  plimsoll audit label.sigstore.json --repo app \\
      --trust auditor.toml --their-trust maker.toml \\
      --artifact app-1.0.0.tar.gz --attestation app.sigstore.json \\
      --format html > audit.html

(a) The label is computed from the evidence again, (b) the evidence is collected again with the original inputs, (c) it is \
evaluated by your own trust policy, practices and advisories. What cannot be reproduced is reported.
Exit status: 0 identical; 1 something differs or cannot be reproduced; 2 invalid input or usage.")]
pub struct AuditArgs {
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: AuditFormat,
    #[command(flatten)]
    pub audited: Audited,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll countersign label.sigstore.json --repo app \\
      --trust auditor.toml --their-trust maker.toml \\
      --sign-key auditor.key --name 'Example Audit Ltd' --independent

Audits first, and signs only if the label and the evidence reproduce byte for byte.
Exit status: 0 signed; 1 something differs or cannot be reproduced; 2 invalid input or usage.")]
pub struct CountersignArgs {
    /// Who countersigns: a person or an organisation
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Role of the signer
    #[arg(long, value_name = "ROLE", default_value = "auditor")]
    pub role: String,
    /// Declare that you are independent of the maker; the reader's trust policy decides whether it counts
    #[arg(long)]
    pub independent: bool,
    /// File of the release that you rebuilt yourself; its digest must be one of the label's; may be repeated
    #[arg(long, value_name = "FILE")]
    pub rebuilt: Vec<PathBuf>,
    /// Bundle to write; - is standard output [default: label.countersignature.json in the folder of BUNDLE]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub audited: Audited,
    #[command(flatten)]
    pub signing: OwnSigning,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll refresh label.json --advisories advisory-db --out label-2027-01
  plimsoll refresh label.sigstore.json --with label.countersignature.json \\
      --trust trust.toml --out corroborated

With --advisories, stored evidence is scored again without the source, and the new label names the one it replaces. With \
--with, countersignatures are added to the evidence. Sign the result with `plimsoll sign`.
--out writes evidence.json label.json label.svg label.html.")]
pub struct RefreshArgs {
    /// The label: label.json, or signed
    #[arg(value_name = "LABEL")]
    pub label: PathBuf,
    /// Its evidence [default: evidence.json in the folder of LABEL]
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Newer advisory data, as for `plimsoll label`, or `embedded`; may be repeated
    #[arg(long, value_name = "PATH")]
    pub advisories: Vec<PathBuf>,
    /// Countersignature; may be repeated
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// Trust policy: who is accepted as independent
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// Evaluate as of this time (RFC 3339) [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// Write all files to this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: LabelFormat,
    #[command(flatten)]
    pub floors: Floors,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll diff base/label.json head/label.json
  plimsoll diff base/label.json head/label.json --fail-worse
  plimsoll diff base/evidence.json head/evidence.json --format json

Two labels are compared if the same program made both by the same practices; if not, the reason is reported. What may come \
from other inputs or from the date is listed apart and is no fault of the change: label both with the same --as-of and \
--advisories.
Exit status: 0 the same; 1 they differ; 2 not comparable, invalid input or usage.
With --fail-worse: 0 nothing got worse; 1 something got worse; 2 not comparable, or only other inputs may have made it worse.")]
pub struct DiffArgs {
    /// The label (signed or not) of the base, or its evidence
    #[arg(value_name = "BASE")]
    pub base: PathBuf,
    /// The label or evidence that is compared with it
    #[arg(value_name = "HEAD")]
    pub head: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: DiffFormat,
    /// Exit with status 1 if something got worse, and with 0 otherwise
    #[arg(long)]
    pub fail_worse: bool,
    /// The software was renamed between the two
    #[arg(long)]
    pub renamed: bool,
}
