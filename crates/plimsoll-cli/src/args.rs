//! The command line: one table that parsing, help and completions come from.

mod at;
mod audits;
mod catalog;
mod forecast;
mod forms;
mod inputs;
mod inspect;
mod labels;
mod net;
mod plan;
mod report;
mod trust;

use std::path::PathBuf;

pub use audits::{AuditArgs, Audited, CountersignArgs, DiffArgs, RefreshArgs};
pub use catalog::{CatalogAction, CatalogArgs, Catalogs, TableFormat};
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
pub use forecast::{ForecastArgs, ForecastFormat};
pub use forms::{AdvisoriesFormat, AuditFormat, DiffFormat, LabelFormat, SbomFormat};
use inputs::InputFlags;
pub use inspect::{
    ADVISORIES, AdvisoriesArgs, BundleArgs, Check, DependenciesArgs, Facts, InspectArgs, PAST_SECRETS, PackageArgs,
    ProvenanceArgs, SECRETS, SbomArgs, SignaturesArgs, SignaturesFormat,
};
use jiff::{Timestamp, civil::Date};
pub use labels::{
    KeyAction, KeyArgs, KeyType, OwnSigning, RevokeArgs, SignArgs, SignerArgs, SigningKeyArgs, VerifyArgs,
};
pub use net::{AttachArgs, DbUpdateArgs, FetchArgs, RegistryArgs};
pub use plan::{PlanArgs, PlanFormat};
pub use report::{AnswerArgs, DisputeArgs, ReportArgs, ReportFormat, Reported};
pub use trust::{CheckArgs, ConfirmArgs, DraftArgs, SignersArgs, TrustAction, TrustArgs};

/// Computes a software security label from a git repository.
#[derive(Parser)]
#[command(name = "plimsoll", version, max_term_width = 100, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Examples:
  plimsoll label .                       the label of this repository's HEAD
  plimsoll label . --out target/label    the same, all files in a folder
  plimsoll plan                          the cheapest steps to the next tier
  plimsoll explain ID                    what a criterion or task asks

Exit status: 0 success; 1 the check failed; 2 invalid input or usage.
Never executes code from the repository. Only `attach`, `fetch` (the registry you name) and \
`db update` (advisory data) use the network.")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: Global,
}

const GLOBAL: &str = "Global options";
/// Heading of the flags that say what is examined, and of those that give data from elsewhere.
const EXAMINED: &str = "What is examined";
const INPUTS: &str = "Inputs";
/// Commands whose short help names no input: few who run them first have one.
const SHORT: [&str; 3] = ["explain", "plan", "init"];

/// The whole table.
pub fn table() -> clap::Command {
    SHORT.iter().fold(Cli::command(), |table, name| {
        table.mut_subcommand(name, |command| {
            command.mut_args(|arg| {
                let input = arg.get_help_heading() == Some(INPUTS);
                arg.hide_short_help(input)
            })
        })
    })
}

/// Flags of every command.
#[derive(Args)]
pub struct Global {
    /// Print no progress and no warnings
    #[arg(long, short, global = true, help_heading = GLOBAL)]
    pub quiet: bool,
    /// When to use colour
    #[arg(long, global = true, help_heading = GLOBAL, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub color: ColorChoice,
    /// Number of threads [default: one per core]; the result does not depend on it
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Folder of practices (tools/, vocabulary/, criteria/, catalogs/, tiers/); its files replace built-in ones of the same name
    #[arg(long, global = true, help_heading = GLOBAL, value_name = "DIR")]
    pub practices: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
pub enum Command {
    /// Collect the evidence, score it and print the label
    Label(LabelArgs),
    /// Collect the evidence without scoring it
    Collect(CollectArgs),
    /// Compute a label from an evidence file
    Score(ScoreArgs),
    /// Convert a label to text, SVG, HTML, Markdown, SARIF and other formats
    Render(RenderArgs),
    /// Explain a criterion, task or tier: what it requires, what was found, how to meet it
    Explain(ExplainArgs),
    /// List the cheapest steps to the next tier
    Plan(PlanArgs),
    /// Show what ends when: the same evidence judged at future dates
    Forecast(ForecastArgs),
    /// Answer a framework entry by entry: by evidence, by the maker's word, or open
    Report(Box<ReportArgs>),
    /// Answer a questionnaire of your own in the same way
    Answer(Box<AnswerArgs>),
    /// Create plimsoll.toml, pre-filled from the repository
    Init(InitArgs),
    /// Run a single check (signatures, workflows, a package, a lockfile and others)
    Inspect(InspectArgs),
    /// Choose the signers you trust: who signs here, and a policy for it
    Trust(TrustArgs),
    /// Sign a label; the result is a Sigstore bundle
    Sign(SignArgs),
    /// Verify signed labels: signer, subject, validity, and the tier you can rely on
    Verify(VerifyArgs),
    /// Reproduce a label and evaluate it by your own policy
    Audit(Box<AuditArgs>),
    /// Audit a label and, if it reproduces, sign a statement that says so
    Countersign(Box<CountersignArgs>),
    /// Score stored evidence again, with newer advisories or countersignatures
    Refresh(RefreshArgs),
    /// Compare a label or evidence with that of a base: what got better, what got worse
    Diff(DiffArgs),
    /// Name where two issuers differ about one commit, and what follows from it
    Dispute(DisputeArgs),
    /// Attach a signed statement to a file, release folder or image (image: uses the network)
    Attach(AttachArgs),
    /// Get the statements attached to a file, release folder or image (image: uses the network)
    Fetch(FetchArgs),
    /// Revoke a label or countersignature
    Revoke(RevokeArgs),
    /// Generate or show a signing key
    Key(KeyArgs),
    /// List, show or check the practices
    Catalog(CatalogArgs),
    /// Show, fetch or pack the advisory data (update: uses the network)
    Db(DbArgs),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What is examined.
#[derive(Args)]
pub struct Source {
    /// The repository, or a folder in it
    #[arg(default_value = ".", value_name = "REPO")]
    pub repository: PathBuf,
    #[command(flatten)]
    pub at: At,
}

/// At which commit, for which moment, and with which data.
#[derive(Args)]
pub struct At {
    /// The commit to examine, as git names it [default: HEAD]
    #[arg(long, value_name = "REV", help_heading = EXAMINED)]
    pub rev: Option<String>,
    /// Include uncommitted changes and new files (recorded in the label)
    #[arg(long, help_heading = EXAMINED)]
    pub worktree: bool,
    /// Also scan every file version that a branch or tag reaches for keys and tokens (recorded in the evidence)
    #[arg(long, help_heading = EXAMINED)]
    pub history: bool,
    /// Evaluate as of this time (RFC 3339) [default: now]
    #[arg(long, help_heading = EXAMINED, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// Advisory data: a RustSec advisory-db checkout, a folder or dump (zip) of OSV records, or packed; may be repeated
    /// [default: the embedded snapshot]
    #[arg(long, value_name = "PATH", help_heading = INPUTS)]
    pub advisories: Vec<PathBuf>,
    /// Copy of the crates.io index, to find yanked versions: a checkout, or the copy in cargo's home
    /// [default: not checked]
    #[arg(long, value_name = "DIR", help_heading = INPUTS)]
    pub index: Option<PathBuf>,
    /// How dependencies are resolved
    #[arg(long, value_enum, default_value_t = ResolverChoice::Auto, value_name = "HOW", help_heading = INPUTS)]
    pub resolver: ResolverChoice,
    /// File built from this commit; may be repeated
    #[arg(long = "artifact", value_name = "FILE", help_heading = INPUTS)]
    pub artifacts: Vec<PathBuf>,
    /// Attestation or signature bundle for an artifact; may be repeated
    #[arg(long = "attestation", value_name = "FILE", help_heading = INPUTS)]
    pub attestations: Vec<PathBuf>,
    /// Trust policy: whose signatures are accepted (docs/trust-policy.md) [default: none]
    #[arg(long, value_name = "FILE", help_heading = INPUTS)]
    pub trust: Option<PathBuf>,
    /// Trusted OpenPGP keys: an export, armored or binary, or a folder of them; may be repeated
    #[arg(long, value_name = "FILE|DIR", help_heading = INPUTS)]
    pub keyring: Vec<PathBuf>,
    /// Trusted SSH keys: an `allowed_signers` file of ssh-keygen; may be repeated
    #[arg(long, value_name = "FILE", help_heading = INPUTS)]
    pub allowed_signers: Vec<PathBuf>,
    /// Do not use the built-in keys of forges to report whose buttons made a commit
    #[arg(long, help_heading = INPUTS)]
    pub no_forges: bool,
    /// Trusted public key for attestations and file signatures: PEM or minisign; may be repeated
    #[arg(long, value_name = "FILE", help_heading = INPUTS)]
    pub key: Vec<PathBuf>,
    /// Sigstore `trusted_root.json` to use instead of the built-in ones (the public instance and GitHub's)
    #[arg(long, value_name = "FILE", help_heading = INPUTS)]
    pub trusted_root: Option<PathBuf>,
    #[command(flatten)]
    pub files: InputFlags<false>,
    /// Neither read nor write the signature cache
    #[arg(long, help_heading = INPUTS)]
    pub no_cache: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ResolverChoice {
    /// cargo on a copy of the manifests; the lockfile alone if cargo cannot resolve them
    Auto,
    /// Fail where cargo cannot resolve
    Cargo,
    /// The lockfile alone
    Lockfile,
}

/// What is the least that is enough.
#[derive(Args)]
pub struct Floors {
    /// Exit with status 1 if the tier is lower, or there is none since the maker has not spoken
    #[arg(long, value_name = "0..4", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub fail_below: Option<u8>,
    /// Exit with status 1 if the evidence alone, without a word of the maker, carries less far than this tier
    #[arg(long, value_name = "0..4", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub fail_below_source: Option<u8>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll label .
  plimsoll label . --out label --as-of 2026-11-01T00:00:00Z
  plimsoll label . --format markdown > comment.md
  plimsoll label . --format sarif > plimsoll.sarif
  plimsoll label . --catalog osps-baseline-2026.08.28
  plimsoll label . --fail-below 2        exit status 1 below tier 2
  plimsoll label . --artifact target/release/app \\
      --attestation app.sigstore.json

--out writes evidence.json label.json label.svg label.html sbom.cdx.json sbom.spdx.json.
Exit status: 0 done; 1 below --fail-below or --fail-below-source, or a mistake with --strict;
2 invalid input or usage.")]
pub struct LabelArgs {
    #[command(flatten)]
    pub source: Source,
    /// Write all files to this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: LabelFormat,
    #[command(flatten)]
    pub floors: Floors,
    #[command(flatten)]
    pub catalogs: Catalogs,
    /// Exit with status 1 if plimsoll.toml has a mistake
    #[arg(long)]
    pub strict: bool,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll collect . > evidence.json
  plimsoll collect . --out evidence.json --as-of 2026-11-01T00:00:00Z")]
pub struct CollectArgs {
    #[command(flatten)]
    pub source: Source,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll score evidence.json | cmp - label.json    the same bytes
  plimsoll score evidence.json --format text
  plimsoll score evidence.json --catalog eu-cra-2024-2847")]
pub struct ScoreArgs {
    /// Evidence file; - reads standard input
    #[arg(value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value = "json")]
    pub format: LabelFormat,
    #[command(flatten)]
    pub floors: Floors,
    #[command(flatten)]
    pub catalogs: Catalogs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll render label.json --format svg > label.svg
  plimsoll render label.json --format html --out label.html
  plimsoll render label.json --format env      PLIMSOLL_TIER=1 and others")]
pub struct RenderArgs {
    /// Label file; - reads standard input
    #[arg(value_name = "LABEL")]
    pub label: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: LabelFormat,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Show it as it is read on this day: a label that has ended by then says so
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll explain PO.3.2
  plimsoll explain PO.3.2 .                with what is found in this repository
  plimsoll explain PO.3.2 label.json       with what was found in that label
  plimsoll explain C.1 --format json

`plimsoll catalog list` lists every id.")]
pub struct ExplainArgs {
    /// Id of a criterion, task or attestation, or the number or name of a tier
    pub id: String,
    /// A repository or a label file, to include what was found
    #[arg(value_name = "REPO|LABEL")]
    pub target: Option<PathBuf>,
    #[command(flatten)]
    pub at: At,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DataFormat {
    /// For a terminal
    Text,
    /// For programs
    Json,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll init               asks about ten questions, and writes plimsoll.toml
  plimsoll init --no-input    writes what was found as comments, without asking
  plimsoll init --print       shows that instead")]
pub struct InitArgs {
    #[command(flatten)]
    pub source: Source,
    /// Print instead of writing
    #[arg(long)]
    pub print: bool,
    /// Ask nothing, also on a terminal: what was found is written as comments
    #[arg(long)]
    pub no_input: bool,
    /// Overwrite an existing plimsoll.toml
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct DbArgs {
    #[command(subcommand)]
    pub action: DbAction,
}

#[derive(Subcommand)]
pub enum DbAction {
    /// Show source and age of the advisory data of each ecosystem
    #[command(after_help = "Examples:
  plimsoll db status
  plimsoll db status --advisories advisory-db --advisories npm.zip --format json")]
    Status {
        /// Advisory data, as for `plimsoll label`; may be repeated [default: the embedded snapshot]
        #[arg(long, value_name = "PATH")]
        advisories: Vec<PathBuf>,
        /// Compute the age as of this time (RFC 3339) [default: now]
        #[arg(long, value_name = "TIME", value_parser = moment)]
        as_of: Option<Timestamp>,
        /// Output format
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
    /// Fetch the advisory data that OSV publishes, for --advisories (uses the network)
    Update(DbUpdateArgs),
    /// Pack advisory data into one small file for --advisories
    #[command(after_help = "Examples:
  plimsoll db pack advisory-db --out rustsec.advisories
  plimsoll db pack advisory-db npm.zip PyPI.zip --out all.advisories
  plimsoll db pack advisory-db --revision bf5c0d2 --date 2026-08-21 \\
      --out rustsec.advisories")]
    Pack {
        /// RustSec advisory-db checkouts, folders or dumps (zip) of OSV records, packed files
        #[arg(value_name = "SOURCE", required = true)]
        sources: Vec<PathBuf>,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Revision, if the source does not have it
        #[arg(long)]
        revision: Option<String>,
        /// Day of which the data is, if the source does not have it
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Option<jiff::civil::Date>,
    },
}

// Whole seconds: a fraction would stand in every output and say nothing.
fn source(text: &str) -> Result<plimsoll_trust::SourceName, String> {
    plimsoll_trust::SourceName::read(text).ok_or_else(|| "give a repository, as in github.com/owner/name".to_owned())
}

fn moment(text: &str) -> Result<Timestamp, String> {
    let whole = |timestamp: Timestamp| Timestamp::from_second(timestamp.as_second()).map_err(|error| error.to_string());
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return whole(timestamp);
    }
    let day = text
        .parse::<jiff::civil::Date>()
        .map_err(|_| "give a time such as 2026-11-01T00:00:00Z, or a day such as 2026-11-01".to_owned())?;
    day.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_consistent() {
        table().debug_assert();
    }

    #[test]
    fn help_names_the_files_that_are_written() {
        let help = |name: &str| {
            let mut command = table();
            command.find_subcommand_mut(name).unwrap().render_long_help().to_string()
        };
        let sorted = |text: &str| {
            let mut names: Vec<String> = text.split_whitespace().map(ToOwned::to_owned).collect();
            names.sort();
            names
        };
        let line = |help: &str| help.split("--out writes ").nth(1).unwrap().split(".\n").next().unwrap().to_owned();
        assert_eq!(sorted(&line(&help("label"))), sorted(&plimsoll::output_files().join(" ")));
        let refreshed = [&["evidence.json"][..], &plimsoll::label_files()].concat().join(" ");
        assert_eq!(sorted(&line(&(help("refresh") + "\n"))), sorted(&refreshed));
    }

    #[test]
    fn short_help_is_short_where_no_input_is_needed() {
        for name in SHORT {
            let mut command = table();
            let command = command.find_subcommand_mut(name).unwrap();
            let (short, long) = (command.render_help().to_string(), command.render_long_help().to_string());
            assert!(!short.contains("--keyring") && long.contains("--keyring"), "{name}");
            assert!(short.contains("--worktree") && short.lines().count() < 45, "{name}: {short}");
            let own = if name == "init" { "--print" } else { "--format" };
            assert!(short.contains(own), "{name}: {short}");
        }
    }

    #[test]
    fn a_moment_is_a_time_or_a_day() {
        assert_eq!(moment("2026-11-01").unwrap(), moment("2026-11-01T00:00:00Z").unwrap());
        assert_eq!(moment("2026-11-01T00:00:00.9Z").unwrap(), moment("2026-11-01T00:00:00Z").unwrap());
        assert_eq!(moment("2026-11-01T01:00:00+01:00").unwrap(), moment("2026-11-01T00:00:00Z").unwrap());
        for bad in ["", "now", "2026-13-01", "2026-11-01T25:00:00Z", "1762000000"] {
            assert!(moment(bad).is_err(), "{bad}");
        }
    }
}
