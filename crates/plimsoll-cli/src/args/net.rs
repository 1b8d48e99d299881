//! Arguments of the commands that may open a connection: attach, fetch, db update.

use std::path::PathBuf;

use clap::Args;

use super::DataFormat;

/// How to reach a registry.
#[derive(Args)]
#[command(next_help_heading = "Registries")]
pub struct RegistryArgs {
    /// Use plain HTTP (always used for localhost)
    #[arg(long)]
    pub plain_http: bool,
    /// Use no credentials
    #[arg(long, conflicts_with = "credentials")]
    pub anonymous: bool,
    /// Credentials file in the format of docker's config.json [default: docker's own, or podman's, with their helpers]
    #[arg(long, value_name = "FILE")]
    pub credentials: Option<PathBuf>,
    /// Overall timeout in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll attach label.sigstore.json ./app-1.0.0.tar.gz    a file next to it
  plimsoll attach label.sigstore.json ./release    a file next to each subject
  plimsoll attach label.sigstore.json registry.example.org/app:1.0.0

TARGET is a file, a folder of release files, or an image (write oci:// to force an image). The only network connection is to \
the registry of that image. The statement must be about the target: a label by its subjects, a countersignature or \
revocation by a label that is attached there.")]
pub struct AttachArgs {
    /// Signed statement: a Sigstore bundle
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,
    /// What it is attached to
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Attach it even if it is not about the target
    #[arg(long)]
    pub any_subject: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
    #[command(flatten)]
    pub reach: RegistryArgs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll fetch ./app-1.0.0.tar.gz --out found
  plimsoll fetch registry.example.org/app:1.0.0 --out found
  plimsoll verify found/label-*.sigstore.json --key maker.pub \\
      --artifact app-1.0.0.tar.gz

Nothing is verified: use `plimsoll verify` for that. The only network connection is to the registry of an image.
Exit status: 0 something was found; 1 nothing was found; 2 invalid input or usage.")]
pub struct FetchArgs {
    /// A file, a folder of release files, or an image
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Write each statement to a file in this folder: label-DIGEST.sigstore.json and so on
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
    #[command(flatten)]
    pub reach: RegistryArgs,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll db update    all ecosystems
  plimsoll db update npm pypi go --dir advisories
  plimsoll label . --advisories advisories
  plimsoll db update --from https://mirror.example.org/osv
  plimsoll db update npm --from /mnt/osv    reads /mnt/osv/npm/all.zip

BASE/ECOSYSTEM/all.zip is fetched, checked by every digest that the server sends, and packed to DIR/ECOSYSTEM.advisories. \
What has not changed is not fetched again; an interrupted download is continued by the next run. HTTPS_PROXY, ALL_PROXY and \
NO_PROXY are observed. The only network connection is to BASE.
Exit status: 0 success; 2 an ecosystem failed (its earlier data is kept), or invalid input or usage.")]
pub struct DbUpdateArgs {
    /// Ecosystems by the name in OSV, Plimsoll or package URLs, such as npm, go, cargo [default: all that are known]
    #[arg(value_name = "ECOSYSTEM")]
    pub ecosystems: Vec<String>,
    /// Where the dumps are: an address (https:, http:, file:) or a folder
    #[arg(long, value_name = "BASE", default_value = "https://osv-vulnerabilities.storage.googleapis.com")]
    pub from: String,
    /// Folder to write to [default: ~/.local/share/plimsoll/advisories]
    #[arg(long, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Keep the dumps as well: DIR/ECOSYSTEM.dump.zip
    #[arg(long)]
    pub keep: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}
