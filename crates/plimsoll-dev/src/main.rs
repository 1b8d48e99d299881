//! Writes the committed schemas and reference pages from the types and the practices, and says which are stale.
//!
//! `plimsoll-dev generate` writes them; `plimsoll-dev check` names what is stale and exits with 1. `plimsoll-dev man DIR` and
//! `plimsoll-dev completions DIR` write what is packed beside the program and not committed.

mod manual;
mod pages;
mod schemas;

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, Result, bail};

/// Path in the repository, and content, of everything that is generated.
fn files() -> Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("docs/schemas/evidence.schema.json", schemas::evidence()?),
        ("docs/schemas/label.schema.json", schemas::label()?),
        ("docs/schemas/countersignature.schema.json", schemas::countersignature()?),
        ("docs/schemas/revocation.schema.json", schemas::revocation()?),
        ("docs/schemas/audit.schema.json", schemas::audit()?),
        ("docs/schemas/forecast.schema.json", schemas::forecast()?),
        ("docs/schemas/report.schema.json", schemas::report()?),
        ("docs/schemas/dispute.schema.json", schemas::dispute()?),
        ("docs/schemas/verification.schema.json", schemas::verification()?),
        ("docs/schemas/trust-policy.schema.json", schemas::trust_policy()?),
        ("docs/criteria.md", pages::criteria()?),
        ("docs/evidence.md", pages::evidence()),
        ("docs/tasks.md", pages::tasks()?),
        ("docs/coverage.md", pages::coverage()?),
        ("docs/formats.md", pages::formats(&fs::read_to_string(root().join("docs/formats.md"))?)?),
    ])
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn stale() -> Result<Vec<&'static str>> {
    let current = |path: &str, content: &str| fs::read_to_string(root().join(path)).is_ok_and(|text| text == content);
    Ok(files()?.into_iter().filter(|(path, content)| !current(path, content)).map(|(path, _)| path).collect())
}

fn main() -> Result<ExitCode> {
    let mut told = std::io::stdout().lock();
    match std::env::args().nth(1).as_deref() {
        Some("generate") => {
            for (path, content) in files()? {
                let path = root().join(path);
                let folder = path.parent().context("a path without a folder")?;
                fs::create_dir_all(folder).with_context(|| format!("{}: cannot be made", folder.display()))?;
                fs::write(&path, content).with_context(|| format!("{}: cannot be written", path.display()))?;
            }
            Ok(ExitCode::SUCCESS)
        }
        Some("check") => {
            let stale = stale()?;
            for path in &stale {
                writeln!(told, "{path} is stale; `just generate` writes it again")?;
            }
            Ok(if stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Some(what @ ("man" | "completions")) => {
            let Some(folder) = std::env::args_os().nth(2) else { bail!("name a folder: `plimsoll-dev {what} DIR`") };
            let folder = PathBuf::from(folder);
            let written = if what == "man" { manual::pages(&folder)? } else { manual::completions(&folder)? };
            writeln!(told, "{} files in {}", written.len(), folder.display())?;
            Ok(ExitCode::SUCCESS)
        }
        _ => bail!("say `generate`, `check`, `man DIR` or `completions DIR`"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_committed_is_current() {
        assert_eq!(super::stale().unwrap(), Vec::<&str>::new(), "`just generate` writes them again");
    }
}
