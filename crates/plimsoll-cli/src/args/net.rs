//! Arguments of the commands that may open a connection: attach, fetch.

use std::path::PathBuf;

use clap::Args;

use super::DataFormat;

/// How to reach a registry.
#[derive(Args)]
#[command(next_help_heading = "Registries")]
pub struct RegistryArgs {
    /// Speak plain HTTP with the registry; with one on this machine it is spoken anyway
    #[arg(long)]
    pub plain_http: bool,
    /// Use no credentials
    #[arg(long, conflicts_with = "credentials")]
    pub anonymous: bool,
    /// A file in the form of docker's config.json [default: docker's own, else podman's, with their helpers]
    #[arg(long, value_name = "FILE")]
    pub credentials: Option<PathBuf>,
    /// Seconds that the whole may take
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll attach label.sigstore.json ./app-1.0.0.tar.gz           app-1.0.0.tar.gz.sigstore.json beside it
  plimsoll attach label.sigstore.json ./release                    beside every file of the folder that it speaks of
  plimsoll attach label.sigstore.json registry.example.org/app:1.0.0

TARGET is a file, a folder of release files, or an image (oci:// makes sure that it is one). A connection is opened to the
registry of an image and to nothing else. What is attached has to speak of the target: a label by its subjects, a
countersignature or revocation by a label that is attached there.")]
pub struct AttachArgs {
    /// The signed statement: a Sigstore bundle
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// What it is attached to
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Attach it even where it does not speak of the target
    #[arg(long)]
    pub any_subject: bool,
    #[command(flatten)]
    pub reach: RegistryArgs,
    /// What is printed
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll fetch ./app-1.0.0.tar.gz --out found
  plimsoll fetch registry.example.org/app:1.0.0 --out found
  plimsoll verify found/label-*.sigstore.json --key maker.pub --artifact app-1.0.0.tar.gz

Nothing that is found is verified by this: `plimsoll verify` does. A connection is opened to the registry of an image and to
nothing else. Exit codes: 0 something was found; 1 nothing was; 2 it could not be asked.")]
pub struct FetchArgs {
    /// A file, a folder of release files, or an image
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Write what is found to this folder, a file for each: label-DIGEST.sigstore.json and so on
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub reach: RegistryArgs,
    /// What is printed
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}
