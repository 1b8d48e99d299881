//! Arguments of `plimsoll report`, `plimsoll answer` and `plimsoll dispute`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{At, DataFormat};

/// How a report is shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For a terminal
    Text,
    /// One page, to be read or printed
    Html,
    /// Markdown
    Markdown,
    /// For programs (docs/schemas/report.schema.json)
    Json,
    /// The in-toto statement of the report, for `plimsoll sign`
    Statement,
    /// The publisher's own form for machines, where the framework has one
    Machine,
    /// An evaluation log of Gemara (JSON)
    Gemara,
    /// `.bestpractices.json`: proposals for the OpenSSF Best Practices Badge
    Bestpractices,
}

/// What a report is made of, and how it is written.
#[derive(Args)]
pub struct Reported {
    /// A repository, an evidence file, or the folder of a label with its evidence.json
    #[arg(default_value = ".", value_name = "REPO|EVIDENCE|FOLDER")]
    pub target: PathBuf,
    #[command(flatten)]
    pub at: At,
    /// Address of the repository on its code host, for links (github.com, gitlab.com, codeberg.org)
    /// [default: url of plimsoll.toml, if it is one]
    #[arg(long, value_name = "URL")]
    pub source_url: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll report article-25
  plimsoll report cisa-form . --format html --out cisa.html
  plimsoll report ssdf-1.1 label/ --format markdown
  plimsoll report article-25 --source-url https://github.com/OWNER/NAME \\
      --format machine > attestation.json
  plimsoll report osps --format bestpractices --out .bestpractices.json

Each entry is answered by evidence, by the maker's word, or is open with what would close it. A report is no legal advice and
claims no conformity.
Exit status: 0 done; 2 invalid input or usage, or a form that asks for what is not known.")]
pub struct ReportArgs {
    /// Framework: the id, a short name, or the family of a catalog
    #[arg(value_name = "CATALOG")]
    pub catalog: String,
    /// With --format machine: state as not met what is open, which the form has no word for
    #[arg(long)]
    pub open_as_not_met: bool,
    #[command(flatten)]
    pub reported: Reported,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll answer questions.toml
  plimsoll answer questions.toml evidence.json --format html --out answers.html

docs/reports.md shows such a file.
Exit status: 0 done; 2 invalid input or usage.")]
pub struct AnswerArgs {
    /// The questionnaire (TOML)
    #[arg(value_name = "FORM")]
    pub form: PathBuf,
    #[command(flatten)]
    pub reported: Reported,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll dispute ours/ theirs/
  plimsoll dispute evidence-a.json evidence-b.json --format json

Exit status: 0 they agree; 1 they differ; 2 they cannot be compared (other commit, other version), or invalid input.")]
pub struct DisputeArgs {
    /// Evidence of one issuer, or the folder of their label with its evidence.json
    #[arg(value_name = "A")]
    pub a: PathBuf,
    /// The same of the other, about the same commit
    #[arg(value_name = "B")]
    pub b: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t = DataFormat::Text)]
    pub format: DataFormat,
}
