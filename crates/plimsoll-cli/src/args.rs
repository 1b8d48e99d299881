//! The command line: one table that parsing, help and completions come from.

mod audits;
mod inspect;
mod labels;
mod net;

use std::path::PathBuf;

pub use audits::{AuditArgs, AuditFormat, Audited, CountersignArgs, DiffArgs, RefreshArgs};
use clap::{Args, Parser, Subcommand, ValueEnum};
pub use inspect::{BundleArgs, InspectArgs, InspectFormat};
use jiff::Timestamp;
pub use labels::{
    KeyAction, KeyArgs, KeyType, OwnSigning, RevokeArgs, SignArgs, SignerArgs, SigningKeyArgs, VerifyArgs,
};
pub use net::{AttachArgs, FetchArgs, RegistryArgs};

/// Judges how the software in a repository is made, and prints a label.
#[derive(Parser)]
#[command(name = "plimsoll", version, max_term_width = 100, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Examples:
  plimsoll label .                       the label of this repository's HEAD
  plimsoll label . --out target/label    and everything behind it, as six files
  plimsoll plan                          the cheapest steps to the next tier
  plimsoll explain ID                    what a criterion or task asks, and how to meet it

Exit codes: 0 done; 1 the answer is no; 2 the question could not be asked.
Nothing of the repository is run. No connection is opened but by `attach` and `fetch`, to a registry that you name.")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub global: Global,
}

/// Flags of every command.
#[derive(Args)]
pub struct Global {
    /// Print no progress and no warnings
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = ColorChoice::Auto, value_name = "WHEN")]
    pub color: ColorChoice,
    /// Threads to use [default: one for each core]; the result does not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// A folder of practices (vocabulary/, criteria/, catalogs/, tiers/) laid over the built-in ones
    #[arg(long, global = true, value_name = "DIR")]
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
    /// Collect, assess, score; print the label
    Label(LabelArgs),
    /// Write the evidence alone, without judgement
    Collect(CollectArgs),
    /// Compute the label from an evidence file alone
    Score(ScoreArgs),
    /// Draw a label file in another form
    Render(RenderArgs),
    /// Tell what a criterion, task or attestation asks, what was found, and how to fix it
    Explain(ExplainArgs),
    /// Tell the cheapest steps to the next tier
    Plan(PlanArgs),
    /// Write plimsoll.toml with the producer's claims, from what is found
    Init(InitArgs),
    /// Run one collector alone, or match one lockfile
    Inspect(Box<InspectArgs>),
    /// Sign a label: a Sigstore bundle that anybody can verify
    Sign(SignArgs),
    /// Verify signed labels: who signed, what they are about, whether they hold today, and which tier counts
    Verify(VerifyArgs),
    /// Do a label again: compute it, collect its evidence, and judge it by your own policy
    Audit(Box<AuditArgs>),
    /// Audit a label and sign that it came out the same
    Countersign(Box<CountersignArgs>),
    /// Judge stored evidence anew: by newer advisories, or with countersignatures
    Refresh(RefreshArgs),
    /// Tell what differs between two labels or two evidences
    Diff(DiffArgs),
    /// Attach a signed statement to a file, a release or an image; the one with `fetch` that may open a connection
    Attach(AttachArgs),
    /// Find the statements that are attached to a file, a release or an image
    Fetch(FetchArgs),
    /// Take a label or a countersignature back
    Revoke(RevokeArgs),
    /// Make a key pair, or show a key
    Key(KeyArgs),
    /// List, show or check the practices
    Catalog(CatalogArgs),
    /// The advisory data: where it is from, how old it is, how to pack it
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
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// Examine changed and new files of the working copy as well; the label says so
    #[arg(long)]
    pub worktree: bool,
    /// The moment for which the result speaks, RFC 3339 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// A RustSec advisory-db checkout or a packed snapshot [default: the embedded snapshot]
    #[arg(long, value_name = "PATH")]
    pub advisories: Option<PathBuf>,
    /// A copy of the crates.io index, to tell yanked versions: a checkout of it, or the copy that
    /// cargo keeps in its home [default: not asked]
    #[arg(long, value_name = "DIR")]
    pub index: Option<PathBuf>,
    /// How dependencies are resolved
    #[arg(long, value_enum, default_value_t = ResolverChoice::Auto, value_name = "HOW")]
    pub resolver: ResolverChoice,
    /// A file built from this commit; may be given several times
    #[arg(long = "artifact", value_name = "FILE")]
    pub artifacts: Vec<PathBuf>,
    /// An attestation or signature bundle for an artifact; may be given several times
    #[arg(long = "attestation", value_name = "FILE")]
    pub attestations: Vec<PathBuf>,
    /// The trust policy: whose signatures count (docs/trust-policy.md) [default: nobody's]
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
    /// OpenPGP keys that are trusted: an export, armored or binary, or a folder of them; may be given several times
    #[arg(long, value_name = "FILE|DIR")]
    pub keyring: Vec<PathBuf>,
    /// SSH keys that are trusted, as ssh-keygen's `allowed_signers` file; may be given several times
    #[arg(long, value_name = "FILE")]
    pub allowed_signers: Vec<PathBuf>,
    /// Public keys that are trusted for attestations and signatures over files: PEM or minisign's; may be given several times
    #[arg(long, value_name = "FILE")]
    pub key: Vec<PathBuf>,
    /// A Sigstore `trusted_root.json` in the place of the built-in ones (the public instance and GitHub's)
    #[arg(long, value_name = "FILE")]
    pub trusted_root: Option<PathBuf>,
    /// An earlier evidence.json of this repository, to tell whether its history was rewritten since
    #[arg(long, value_name = "EVIDENCE")]
    pub previous: Option<PathBuf>,
    /// Verify every signature anew, and keep no result for the next run
    #[arg(long)]
    pub no_cache: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ResolverChoice {
    /// cargo over a copy of the manifests; the lockfile alone where cargo cannot
    Auto,
    /// cargo, or nothing
    Cargo,
    /// The lockfile alone
    Lockfile,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll label .
  plimsoll label . --out label --as-of 2026-11-01T00:00:00Z
  plimsoll label . --format markdown > comment.md
  plimsoll label . --format sarif > plimsoll.sarif
  plimsoll label . --fail-below 2 --quiet > /dev/null || echo 'below tier 2'
  plimsoll label . --artifact target/release/app --attestation app.sigstore.json

--out writes evidence.json label.json label.svg label.html sbom.cdx.json sbom.spdx.json.")]
pub struct LabelArgs {
    #[command(flatten)]
    pub source: Source,
    /// Keep everything in this folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What is printed
    #[arg(long, value_enum, default_value_t = LabelFormat::Text)]
    pub format: LabelFormat,
    /// Exit with 1 when the tier is lower
    #[arg(long, value_name = "TIER", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub fail_below: Option<u8>,
    /// Exit with 1 when plimsoll.toml has a mistake
    #[arg(long)]
    pub strict: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum LabelFormat {
    /// For a terminal
    Text,
    /// label.json: an in-toto Statement, canonical bytes (RFC 8785)
    Json,
    /// The face
    Svg,
    /// The face and everything behind it, one self-contained page
    Html,
    /// For a pull request
    Markdown,
    /// A small badge (SVG)
    Badge,
    /// What is missing, for code scanning (SARIF 2.1.0)
    Sarif,
    /// Lines NAME=VALUE for the next step of a pipeline
    Env,
    /// The statement's predicate alone, for tools that make the statement (canonical JSON)
    Predicate,
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
  plimsoll score evidence.json | cmp - label.json     the same bytes, or it is not the same label
  plimsoll score evidence.json --format text")]
pub struct ScoreArgs {
    /// The evidence; - reads standard input
    #[arg(value_name = "EVIDENCE")]
    pub evidence: PathBuf,
    /// What is printed
    #[arg(long, value_enum, default_value_t = LabelFormat::Json)]
    pub format: LabelFormat,
    /// Exit with 1 when the tier is lower
    #[arg(long, value_name = "TIER", value_parser = clap::value_parser!(u8).range(0..=4))]
    pub fail_below: Option<u8>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll render label.json --format svg > label.svg
  plimsoll render label.json --format html --out label.html
  plimsoll render label.json --format env               PLIMSOLL_TIER=1 and the like")]
pub struct RenderArgs {
    /// The label; - reads standard input
    #[arg(value_name = "LABEL")]
    pub label: PathBuf,
    /// The form
    #[arg(long, value_enum, default_value_t = LabelFormat::Text)]
    pub format: LabelFormat,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll explain PO.3.2
  plimsoll explain PO.3.2 label.json       and what was found in that label
  plimsoll explain C.1 --format json

`plimsoll catalog list` lists every id.")]
pub struct ExplainArgs {
    /// Id of a criterion, task, attestation or tier
    pub id: String,
    /// A label file, to tell what was found
    #[arg(value_name = "LABEL")]
    pub label: Option<PathBuf>,
    /// What is printed
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
  plimsoll plan
  plimsoll plan label.json
  plimsoll plan . --to 2 --format json")]
pub struct PlanArgs {
    /// A repository or a label file
    #[arg(default_value = ".", value_name = "REPO|LABEL")]
    pub target: PathBuf,
    #[command(flatten)]
    pub at: At,
    /// The tier to plan for [default: the next one]
    #[arg(long, value_name = "TIER", value_parser = clap::value_parser!(u8).range(1..=4))]
    pub to: Option<u8>,
    /// What is printed
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll init                 writes plimsoll.toml at the top of the repository
  plimsoll init --print         shows it instead")]
pub struct InitArgs {
    #[command(flatten)]
    pub source: Source,
    /// Print instead of writing
    #[arg(long)]
    pub print: bool,
    /// Overwrite an existing plimsoll.toml
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct CatalogArgs {
    #[command(subcommand)]
    pub action: CatalogAction,
}

#[derive(Subcommand)]
pub enum CatalogAction {
    /// List every entry and criterion with its id
    List {
        /// What is printed
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
    /// Show one catalog, entry or criterion
    Show {
        /// The id
        id: String,
    },
    /// Check ids, expressions, references, and that every tier can be reached
    #[command(after_help = "Examples:
  plimsoll catalog check
  plimsoll catalog check --practices ours/")]
    Check {
        /// What is printed
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
}

#[derive(Args)]
pub struct DbArgs {
    #[command(subcommand)]
    pub action: DbAction,
}

#[derive(Subcommand)]
pub enum DbAction {
    /// Tell where the advisory data is from and how old it is
    Status {
        /// A RustSec advisory-db checkout or a packed snapshot [default: the embedded snapshot]
        #[arg(long, value_name = "PATH")]
        advisories: Option<PathBuf>,
        /// The moment for which the age is told, RFC 3339 [default: now]
        #[arg(long, value_name = "TIME", value_parser = moment)]
        as_of: Option<Timestamp>,
        /// What is printed
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
    /// Write the facts of a RustSec checkout as one small file
    #[command(after_help = "Examples:
  plimsoll db pack advisory-db --out rustsec.snapshot
  plimsoll db pack advisory-db --revision bf5c0d2 --date 2026-08-21 --out rustsec.snapshot")]
    Pack {
        /// The RustSec advisory-db checkout
        #[arg(value_name = "CHECKOUT")]
        checkout: PathBuf,
        /// The file to write
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The revision, where the checkout does not tell it
        #[arg(long)]
        revision: Option<String>,
        /// The date of the revision, where the checkout does not tell it
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: Option<jiff::civil::Date>,
    },
}

// Whole seconds: a fraction would stand in every output and say nothing.
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
    use clap::CommandFactory as _;

    #[test]
    fn the_table_is_consistent() {
        Cli::command().debug_assert();
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
