//! Arguments of `plimsoll inspect`.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand, ValueEnum, error::ErrorKind};
use plimsoll_collect::COLLECTORS;
use plimsoll_components::PROFILES;

use super::{AdvisoriesFormat, At, DataFormat, SbomFormat};

#[derive(Args)]
#[command(
    subcommand_value_name = "KIND",
    subcommand_help_heading = "Kinds",
    after_help = "Examples:
  plimsoll inspect workflows .
  plimsoll inspect advisories Cargo.lock --format json
  plimsoll inspect sbom . --format cyclonedx > sbom.cdx.json
  plimsoll inspect signatures . --keyring keys/ \\
      --allowed-signers allowed_signers --format jsonl
  plimsoll inspect provenance --bundle app.sigstore.json --artifact app \\
      --source github.com/owner/app
  plimsoll inspect package app-1.0.0.crate .
  plimsoll inspect dependencies target/release/app .

`plimsoll inspect KIND --help` shows the options of each."
)]
pub struct InspectArgs {
    #[command(subcommand)]
    pub check: Check,
}

#[derive(Subcommand)]
pub enum Check {
    /// Verify the signatures of commits and tags against the trust policy
    Signatures(Box<SignaturesArgs>),
    /// List the components and where they come from, or write an SBOM
    Sbom(Box<SbomArgs>),
    /// Match the locked packages with advisories, or write what is known as a VEX document
    Advisories(Box<AdvisoriesArgs>),
    /// Verify one attestation or signature, or find those of the commit
    Provenance(Box<ProvenanceArgs>),
    /// Compare a package with its source at the commit that it names
    Package(PackageArgs),
    /// Print the dependency list inside a binary, and compare it with a repository
    Dependencies(Box<DependenciesArgs>),
    #[command(flatten)]
    Facts(Facts),
}

/// Any collector without a subcommand of its own: what it states, by its name.
pub struct Facts {
    pub collector: String,
    pub args: Box<FactsArgs>,
}

#[derive(Args)]
pub struct FactsArgs {
    /// The repository
    #[arg(default_value = ".", value_name = "REPO")]
    pub target: PathBuf,
    #[command(flatten)]
    pub at: At,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}

/// The collector that also takes a lockfile, and is written as a VEX document.
pub const ADVISORIES: &str = "advisories";
/// The collectors of keys and tokens: those of the tree, and those of the history.
pub const SECRETS: &str = "secrets";
pub const PAST_SECRETS: &str = "past-secrets";
/// Collectors that have a subcommand of their own.
const OWN: [&str; 4] = ["signatures", "sbom", ADVISORIES, "provenance"];

impl Subcommand for Facts {
    fn augment_subcommands(command: Command) -> Command {
        COLLECTORS.iter().filter(|collector| !OWN.contains(&collector.name())).fold(command, |command, collector| {
            let name = collector.name();
            let about = collector.about().trim_end_matches('.').to_owned();
            let examples = format!("Examples:\n  plimsoll inspect {name} .\n  plimsoll inspect {name} . --rev v1.0.0");
            let facts = FactsArgs::augment_args(Command::new(name)).about(about);
            command.subcommand(facts.after_help(examples))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        COLLECTORS.iter().any(|collector| collector.name() == name) && !OWN.contains(&name)
    }
}

impl FromArgMatches for Facts {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let Some((name, matches)) = matches.subcommand() else {
            return Err(clap::Error::new(ErrorKind::MissingSubcommand));
        };
        Ok(Self { collector: name.to_owned(), args: Box::new(FactsArgs::from_arg_matches(matches)?) })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll inspect signatures . --keyring keys/ \\
      --allowed-signers allowed_signers --format jsonl
  plimsoll inspect signatures . --trust trust.toml --all")]
pub struct SignaturesArgs {
    /// The repository
    #[arg(default_value = ".", value_name = "REPO")]
    pub target: PathBuf,
    #[command(flatten)]
    pub at: At,
    /// Check commits reachable from any reference, not only the history of the commit
    #[arg(long)]
    pub all: bool,
    /// Check raw commit objects in a folder, one file each, named by id; reads no repository
    #[arg(long, value_name = "DIR", conflicts_with = "all")]
    pub objects: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = SignaturesFormat::Text)]
    pub format: SignaturesFormat,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SignaturesFormat {
    /// For a terminal
    Text,
    /// One JSON document
    Json,
    /// One JSON object in a line
    Jsonl,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll inspect advisories .
  plimsoll inspect advisories . --rev v1.0.0
  plimsoll inspect advisories Cargo.lock --format json
  plimsoll inspect advisories . --format openvex > app.openvex.json")]
pub struct AdvisoriesArgs {
    /// The repository, or a lockfile; for a VEX document the repository, or an evidence file
    #[arg(default_value = ".", value_name = "REPO|FILE")]
    pub target: PathBuf,
    #[command(flatten)]
    pub at: At,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: AdvisoriesFormat,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll inspect sbom . --format cyclonedx > sbom.cdx.json
  plimsoll inspect sbom Cargo.lock --format spdx
  plimsoll inspect sbom sbom.cdx.json --profile cisa-2026
  plimsoll inspect sbom sbom.cdx.json --against .")]
pub struct SbomArgs {
    /// The repository, a lockfile, or a folder of manifests; with --profile or --against an SBOM
    #[arg(default_value = ".", value_name = "REPO|FILE")]
    pub target: PathBuf,
    #[command(flatten)]
    pub at: At,
    /// Output format
    #[arg(long, value_enum, default_value = "text")]
    pub format: SbomFormat,
    /// Check the SBOM field by field by this paper (docs/sbom.md)
    #[arg(long, value_name = "PAPER", value_parser = clap::builder::PossibleValuesParser::new(PROFILES.iter().map(|profile| profile.id)))]
    pub profile: Option<String>,
    /// Compare the SBOM with another one, a lockfile, a folder of manifests or a repository
    #[arg(long, value_name = "FILE|REPO", conflicts_with = "profile")]
    pub against: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll inspect provenance .
  plimsoll inspect provenance --bundle app.sigstore.json --artifact app \\
      --source github.com/owner/app
  plimsoll inspect provenance --bundle app.minisig --artifact app \\
      --key minisign.pub

With --bundle, exit status 0 verified, 1 not verified, 2 invalid input or usage.")]
pub struct ProvenanceArgs {
    /// The repository; not read with --bundle
    #[arg(default_value = ".", value_name = "REPO")]
    pub target: PathBuf,
    #[command(flatten)]
    pub at: At,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
    #[command(flatten)]
    pub bundle: BundleArgs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll inspect package app-1.0.0.crate .
  plimsoll inspect package app-1.0.0.crate . --rev v1.0.0 --rebuild

Exit status: 0 equal; 1 not equal; 2 could not be determined.")]
pub struct PackageArgs {
    /// The package: .crate, npm's .tgz, a wheel or source distribution of Python
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The repository that the file is compared with
    #[arg(default_value = ".", value_name = "REPO")]
    pub repository: PathBuf,
    /// The commit to compare with [default: the one that the package names, or HEAD]
    #[arg(long, value_name = "REV")]
    pub rev: Option<String>,
    /// Also pack the crate again from the commit and compare the archives; nothing is built or downloaded
    #[arg(long)]
    pub rebuild: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll inspect dependencies target/release/app
  plimsoll inspect dependencies target/release/app .

Exit status: 0 equal; 1 not equal; 2 could not be determined.")]
pub struct DependenciesArgs {
    /// The binary: ELF, PE, Mach-O or WebAssembly
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The repository that its list is compared with [default: none]
    #[arg(value_name = "REPO")]
    pub repository: Option<PathBuf>,
    #[command(flatten)]
    pub at: At,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}

/// One attestation or signature, and what it has to prove.
#[derive(Args)]
#[command(next_help_heading = "Verify one file")]
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
    #[arg(long = "source", value_name = "REPO", requires = "bundle", value_parser = super::source)]
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
