//! What evidence is collected with, as the arguments say it.

use super::At;

impl At {
    /// Is anything said of how evidence is collected? Evidence that is there already was collected in its own way.
    pub fn is_given(&self) -> bool {
        let lists =
            [&self.advisories, &self.artifacts, &self.attestations, &self.keyring, &self.allowed_signers, &self.key];
        let files = [&self.index, &self.trust, &self.trusted_root];
        self.rev.is_some()
            || self.worktree
            || self.history
            || self.as_of.is_some()
            || self.no_forges
            || !self.files.0.is_empty()
            || lists.iter().any(|list| !list.is_empty())
            || files.iter().any(|file| file.is_some())
    }
}
