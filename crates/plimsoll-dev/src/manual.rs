//! Man pages and completion scripts, from the table that the command line is parsed with.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use clap::ValueEnum as _;
use clap_complete::Shell;

/// Writes a page for every command and subcommand into `folder`, which is made where it is missing.
pub fn pages(folder: &Path) -> Result<Vec<PathBuf>> {
    make(folder)?;
    let mut written = Vec::new();
    let mut command = plimsoll_cli::command().disable_help_subcommand(true);
    command.build();
    page(&command, "plimsoll", folder, &mut written)?;
    // `man cargo-plimsoll` and `cargo help plimsoll` look for this name.
    write(folder.join("cargo-plimsoll.1"), b".so man1/plimsoll.1\n", &mut written)?;
    Ok(written)
}

/// Writes a completion script for every shell into `folder`, which is made where it is missing.
pub fn completions(folder: &Path) -> Result<Vec<PathBuf>> {
    make(folder)?;
    let mut written = Vec::new();
    for shell in Shell::value_variants() {
        let path = clap_complete::generate_to(*shell, &mut plimsoll_cli::command(), "plimsoll", folder)
            .with_context(|| format!("{}: a completion script cannot be written", folder.display()))?;
        written.push(path);
    }
    Ok(written)
}

fn page(command: &clap::Command, name: &str, folder: &Path, written: &mut Vec<PathBuf>) -> Result<()> {
    let mut text = Vec::new();
    // The title is the whole name: `list` alone could be anything. Leaked: clap keeps names for as long as the program runs, and
    // there are as many as commands.
    let shown: &'static str = Box::leak(name.to_owned().into_boxed_str());
    clap_mangen::Man::new(command.clone().name(shown)).render(&mut text)?;
    write(folder.join(format!("{name}.1")), &text, written)?;
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        page(below, &format!("{name}-{}", below.get_name()), folder, written)?;
    }
    Ok(())
}

fn make(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{}: the folder cannot be made", folder.display()))
}

fn write(path: PathBuf, text: &[u8], written: &mut Vec<PathBuf>) -> Result<()> {
    fs::write(&path, text).with_context(|| format!("{}: cannot be written", path.display()))?;
    written.push(path);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(command: &clap::Command, name: &str, all: &mut Vec<String>) {
        all.push(format!("{name}.1"));
        for below in command.get_subcommands() {
            names(below, &format!("{name}-{}", below.get_name()), all);
        }
    }

    #[test]
    fn every_command_has_its_page() {
        let folder = tempfile::tempdir().unwrap();
        let mut expected = vec!["cargo-plimsoll.1".to_owned()];
        names(&plimsoll_cli::command(), "plimsoll", &mut expected);
        expected.sort();
        let mut found: Vec<String> = pages(folder.path())
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        found.sort();
        assert_eq!(found, expected);
        assert!(expected.contains(&"plimsoll-catalog-check.1".to_owned()));
        let page = fs::read_to_string(folder.path().join("plimsoll-catalog-check.1")).unwrap();
        assert!(
            page.contains("plimsoll\\-catalog\\-check") && page.contains("\\fBplimsoll catalog check\\fR"),
            "{page}"
        );
    }

    #[test]
    fn the_pages_are_the_same_every_time() {
        let read = || -> Vec<(String, Vec<u8>)> {
            let folder = tempfile::tempdir().unwrap();
            let mut paths = pages(folder.path()).unwrap();
            paths.extend(completions(folder.path()).unwrap());
            paths
                .iter()
                .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(path).unwrap()))
                .collect()
        };
        assert_eq!(read(), read());
    }
}
