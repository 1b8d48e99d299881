//! Practices at hand, read no further than they are asked for.

use std::{collections::BTreeMap, path::Path, sync::OnceLock};

use plimsoll_model::DigestSet;
use plimsoll_practices::{Practices, TierRules, digests_of, embedded_files, tier_rules};

use crate::{Error, kind_names, practice_folder};

/// What a verification asks of practices.
pub trait Rules {
    /// SHA-256 of each file.
    fn digests(&self) -> BTreeMap<String, DigestSet>;
    /// What of the tiers a reader of labels asks for; nothing where it cannot be told.
    fn tiers(&self) -> Option<TierRules>;
    /// All of them, checked.
    fn practices(&self) -> Result<&Practices, Error>;
}

impl Rules for Practices {
    fn digests(&self) -> BTreeMap<String, DigestSet> {
        self.digests().clone()
    }

    fn tiers(&self) -> Option<TierRules> {
        Some(self.tier_rules())
    }

    fn practices(&self) -> Result<&Practices, Error> {
        Ok(self)
    }
}

/// The files of practices, which are compiled when something is judged by them.
pub struct PracticeFiles {
    files: BTreeMap<String, String>,
    loaded: OnceLock<Practices>,
}

impl PracticeFiles {
    /// Gives the built-in files, with those of `folder` laid over them by their paths.
    pub fn read(folder: Option<&Path>) -> Result<Self, Error> {
        let mut files = embedded_files();
        if let Some(folder) = folder {
            files.extend(practice_folder::read(folder)?.practices);
        }
        let files = Self { files, loaded: OnceLock::new() };
        // Those that are built in were checked before; what somebody lays over them is not.
        if folder.is_some() {
            files.practices()?;
        }
        Ok(files)
    }
}

impl Rules for PracticeFiles {
    fn digests(&self) -> BTreeMap<String, DigestSet> {
        digests_of(&self.files)
    }

    fn tiers(&self) -> Option<TierRules> {
        tier_rules(&self.files)
    }

    fn practices(&self) -> Result<&Practices, Error> {
        if let Some(loaded) = self.loaded.get() {
            return Ok(loaded);
        }
        let practices = Practices::load(&self.files, &kind_names())?;
        Ok(self.loaded.get_or_init(|| practices))
    }
}
