//! Files that the program can write for a maker without a doubt what belongs into them.

use serde::{Deserialize, Serialize};

/// What can be written. Practices name it next to the criterion that it helps to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SafeWrite {
    /// A security policy with the contact that is known.
    SecurityPolicy,
    /// The settings of a bot that brings new versions of what is depended on.
    UpdateBot,
    /// Digests in the place of tags, where the repository itself has the digest of that tag.
    PinnedActions,
}
