//! Arguments about catalogs: which ones a label holds, and what the practices say of them.

use clap::{Args, Subcommand};

use super::DataFormat;

/// Frameworks that a label shows next to its own.
#[derive(Args)]
pub struct Catalogs {
    /// Add the entries of this catalog to the label, in short; may be repeated (`plimsoll catalog list` lists them)
    #[arg(long, value_name = "ID")]
    pub catalog: Vec<String>,
}

#[derive(Args)]
pub struct CatalogArgs {
    #[command(subcommand)]
    pub action: CatalogAction,
}

#[derive(Subcommand)]
pub enum CatalogAction {
    /// List every catalog, entry and criterion with its id
    List {
        /// Output format
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
    /// Show one catalog, entry or criterion
    #[command(after_help = "Examples:
  plimsoll catalog show eu-cra-2024-2847
  plimsoll catalog show osps-baseline-2026.08.28/BR-06.01")]
    Show {
        /// The id
        id: String,
    },
    /// Check ids, expressions, references, and that every tier can be reached
    #[command(after_help = "Examples:
  plimsoll catalog check
  plimsoll catalog check --practices ours/")]
    Check {
        /// Output format
        #[arg(long, value_enum, default_value_t = DataFormat::Text)]
        format: DataFormat,
    },
    /// Show for each entry what decides it, from which evidence, and how far it reaches
    #[command(after_help = "Examples:
  plimsoll catalog coverage
  plimsoll catalog coverage nist-ir-8397
  plimsoll catalog coverage ssdf-1.1 --format json")]
    Coverage {
        /// The catalog [default: all]
        id: Option<String>,
        /// Output format
        #[arg(long, value_enum, default_value = "text")]
        format: TableFormat,
    },
    /// Show which entries of two catalogs rest on the same criteria
    #[command(after_help = "Examples:
  plimsoll catalog crosswalk osps-baseline-2026.08.28 ssdf-1.1

Two entries that share a criterion are related. Neither answers the other.")]
    Crosswalk {
        /// The one catalog
        from: String,
        /// The other
        to: String,
        /// Output format
        #[arg(long, value_enum, default_value = "text")]
        format: TableFormat,
    },
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TableFormat {
    /// For a terminal
    Text,
    /// For a program
    Json,
    /// For a page or a comment
    Markdown,
}
