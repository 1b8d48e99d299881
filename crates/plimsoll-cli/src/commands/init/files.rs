//! The files of an interview: what it writes in the end, and what it keeps until then. No link is followed.
//!
//! The claims go to the top of the repository, where a label reads them, wherever in it the interview was started. The draft is
//! in git's own folder: no commit brings one, so that its replies are nobody's but the maker's, and none is committed.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use plimsoll_snapshot::Folders;

use crate::output::write_file;

const CLAIMS_FILE: &str = "plimsoll.toml";
const DRAFT: &str = "plimsoll-init.draft";
/// Bytes of a draft.
const LARGEST: u64 = 256 * 1024;

pub struct Files {
    claims: PathBuf,
    draft: PathBuf,
}

impl Files {
    /// Those of the repository at or above a path.
    pub fn of(path: &Path) -> Result<Self> {
        let folders = Folders::of(path)?;
        // Shown as it was given, where it is the top already.
        let is_top = path.canonicalize().ok() == folders.top.canonicalize().ok();
        let top = if is_top { path } else { &folders.top };
        Ok(Self { claims: top.join(CLAIMS_FILE), draft: folders.git.join(DRAFT) })
    }

    pub fn claims(&self) -> &Path {
        &self.claims
    }

    pub fn draft(&self) -> &Path {
        &self.draft
    }

    /// Refuses what is in the way, before anything is asked.
    pub fn check(&self, force: bool) -> Result<()> {
        for path in [&self.claims, &self.draft] {
            if fs::symlink_metadata(path).is_ok_and(|about| !about.is_file()) {
                bail!("{}: it is no regular file, and no link is followed; remove it first", path.display());
            }
        }
        if !force && fs::symlink_metadata(&self.claims).is_ok() {
            bail!(
                "{}: it is there already; use --force to overwrite it, or --print to see what would be written",
                self.claims.display()
            );
        }
        Ok(())
    }

    pub fn write_claims(&self, text: &str) -> Result<()> {
        write_file(&self.claims, text.as_bytes())
    }

    /// Written aside and renamed: a program that is killed leaves the draft of the question before.
    pub fn write_draft(&self, text: &str) -> Result<()> {
        write_file(&self.draft, text.as_bytes())
    }

    /// The text of an earlier draft.
    pub fn kept(&self) -> Result<Option<String>> {
        if !fs::symlink_metadata(&self.draft).is_ok_and(|about| about.is_file()) {
            return Ok(None);
        }
        let mut text = String::new();
        let file = fs::File::open(&self.draft);
        file.and_then(|file| file.take(LARGEST).read_to_string(&mut text))
            .with_context(|| format!("{}: cannot read; remove it to start again", self.draft.display()))?;
        Ok(Some(text))
    }

    pub fn remove_draft(&self) {
        // What is left of it is offered at the next run, and claims nothing.
        let _ = fs::remove_file(&self.draft);
    }
}
