//! Files that are given next to a repository.

use std::{collections::BTreeMap, sync::Arc};

use plimsoll_model::{DigestSet, Input, InputId};

/// A file that was given on the command line in addition to the repository.
#[derive(Clone, Debug)]
pub struct GivenFile {
    /// Its name without folders.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// SHA-512 of its bytes, lower-case hexadecimal.
    pub sha512: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its bytes, where it is small enough to be read whole.
    pub bytes: Option<Vec<u8>>,
}

impl GivenFile {
    /// Its digests by in-toto's names.
    pub fn digests(&self) -> DigestSet {
        [("sha256", &self.sha256), ("sha512", &self.sha512)]
            .into_iter()
            .map(|(name, digest)| (name.to_owned(), digest.clone()))
            .collect()
    }
}

/// Files that were given for inputs of the table. A copy shares their bytes.
#[derive(Clone, Debug, Default)]
pub struct InputFiles(BTreeMap<InputId, InputFile>);

#[derive(Clone, Debug)]
struct InputFile {
    bytes: Arc<[u8]>,
    pinned: Input,
}

impl InputFiles {
    /// Gives the bytes of a file for the input `id`, in the place of those that were given for it before.
    ///
    /// Refused are bytes that are not what the input takes, more of them than its row allows, and an input that is no file.
    pub fn give(&mut self, id: InputId, bytes: Vec<u8>) -> Result<(), String> {
        let row = id.row();
        let file = row.file().ok_or_else(|| format!("{} is not given as a file", row.what))?;
        if bytes.len() as u64 > file.limit {
            return Err(format!("larger than {} bytes", file.limit));
        }
        let pinned = (file.pin)(row, &bytes)?;
        self.0.insert(id, InputFile { bytes: bytes.into(), pinned });
        Ok(())
    }

    /// Takes away what was given for the input; nothing happens where nothing was.
    pub fn remove(&mut self, id: InputId) {
        self.0.remove(&id);
    }

    /// Was a file given for the input?
    pub fn has(&self, id: InputId) -> bool {
        self.0.contains_key(&id)
    }

    /// The bytes that were given for the input.
    pub fn bytes(&self, id: InputId) -> Option<&[u8]> {
        self.0.get(&id).map(|file| &*file.bytes)
    }

    /// Adds the files of `others`, in the place of those that were given for the same inputs.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// What evidence says of each, by the name of the input.
    pub(crate) fn named(&self) -> impl Iterator<Item = (String, Input)> {
        self.0.iter().map(|(id, file)| (id.name().to_owned(), file.pinned.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_an_input_takes_is_given_for_it() {
        let mut files = InputFiles::default();
        for (id, bytes, reason) in [
            (InputId::Trust, "{}", "the trust policy is not given as a file"),
            (InputId::Previous, "{}", "not an evidence file"),
            (InputId::Previous, "", "not an evidence file"),
        ] {
            let error = files.give(id, bytes.as_bytes().to_vec()).unwrap_err();
            assert!(error.starts_with(reason), "{error}");
            assert!(!files.has(id) && files.bytes(id).is_none());
        }
        assert_eq!(files.named().count(), 0);
    }
}
