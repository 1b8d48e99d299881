//! Everything that leaves the program: standard output, standard error, files.

use std::{
    fs,
    io::{self, IsTerminal as _, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result};
use plimsoll_render::TextOptions;

use crate::{
    args::{ColorChoice, Global},
    input,
};

/// The largest label or evidence file that is read, in bytes.
const LARGEST_INPUT: u64 = 512 * 1024 * 1024;

/// Where a command writes, and how.
pub struct Output {
    quiet: bool,
    color: bool,
    columns: usize,
}

impl Output {
    /// Reads from the flags and the terminal how to write.
    pub fn new(global: &Global) -> Self {
        let terminal = io::stdout().is_terminal();
        let color = match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            // https://no-color.org: set and not empty.
            ColorChoice::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|columns| *columns >= 40);
        Self { quiet: global.quiet, color, columns: columns.unwrap_or(80).min(100) }
    }

    /// May escape sequences be written to standard output?
    pub fn color(&self) -> bool {
        self.color
    }

    /// How the text of a label or a report is written to standard output.
    pub fn text_options(&self) -> TextOptions {
        TextOptions { width: self.columns, color: self.color, ..TextOptions::default() }
    }

    /// The columns that text may take.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Writes `bytes` to standard output. A reader that has gone away is not an error.
    #[expect(clippy::unused_self, reason = "whoever may write has the output")]
    pub fn print(&self, bytes: impl AsRef<[u8]>) -> Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes.as_ref()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("cannot write to standard output"),
        }
    }

    /// Writes one line to standard error, unless quiet.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "plimsoll: {}", plimsoll_model::one_line(line));
        }
    }

    /// Writes why the question could not be asked: the causes in one line each.
    #[expect(clippy::unused_self, reason = "whoever may write has the output")]
    pub fn fail(&self, error: &anyhow::Error) {
        let text = error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
        let mut stderr = io::stderr().lock();
        // Problems of practices are one in a line; in anything else a line break is one of a file's name.
        let lines = error.chain().any(<dyn std::error::Error>::is::<plimsoll_practices::Problems>);
        for line in text.split(|character| lines && character == '\n') {
            let _ = writeln!(stderr, "plimsoll: {}", plimsoll_model::one_line(line));
        }
    }

    /// Gives what is told about progress: on a terminal a line that is written over, else nothing.
    pub fn progress(&self) -> Progress {
        if self.quiet || !io::stderr().is_terminal() {
            return Progress { bar: None };
        }
        let bar = indicatif::ProgressBar::new_spinner();
        bar.enable_steady_tick(std::time::Duration::from_millis(120));
        Progress { bar: Some(bar) }
    }
}

/// A line on standard error that says what goes on, and vanishes when dropped.
pub struct Progress {
    bar: Option<indicatif::ProgressBar>,
}

impl Progress {
    /// Shows what goes on.
    pub fn tell(&self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(plimsoll_model::one_line(what));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Writes `bytes` to `path` whole or not at all: aside first, then renamed.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let write = || -> io::Result<()> {
        let mut aside = tempfile::Builder::new().prefix(".plimsoll-").tempfile_in(folder)?;
        aside.write_all(bytes)?;
        aside.as_file().sync_all()?;
        set_mode(aside.as_file(), None)?;
        aside.persist(path).map_err(|error| error.error)?;
        Ok(())
    };
    write().with_context(|| format!("{}: cannot write", path.display()))
}

/// Gives a temporary file, which is for its owner alone, the rights of the file that it replaces, or those of any other file.
pub fn set_mode(file: &fs::File, as_before: Option<fs::Permissions>) -> io::Result<()> {
    match as_before {
        Some(mode) => file.set_permissions(mode),
        None => readable(file),
    }
}

#[cfg(unix)]
fn readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &fs::File) -> io::Result<()> {
    Ok(())
}

/// Reads a label or evidence file whole; `-` is standard input.
pub fn read_input(path: &Path) -> Result<Vec<u8>> {
    let read = if path == Path::new("-") {
        plimsoll_model::read_bounded(io::stdin().lock(), LARGEST_INPUT)
    } else {
        input::open(path).and_then(|file| plimsoll_model::read_bounded(file, LARGEST_INPUT))
    };
    let read = read.with_context(|| format!("{}: cannot read", path.display()))?;
    read.with_context(|| format!("{}: larger than {} MiB", path.display(), LARGEST_INPUT / 1024 / 1024))
}
