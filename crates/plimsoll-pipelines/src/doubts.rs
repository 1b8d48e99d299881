//! Whether a name of the environment may change what runs with it.

use crate::{surroundings, tree::Tree};

/// Why a name of the environment, with its value where that is known, may change what the words of a script, and the tools and
/// tests that it runs, do; absent where it changes nothing.
///
/// What tools are known to read decides first. Of what is left a name is harmless that no file of the tree mentions but `but`,
/// which is the one that sets it.
pub(super) fn doubt(tree: &dyn Tree, name: &str, value: Option<&str>, but: Option<&str>) -> Option<String> {
    if surroundings::is_harmless(name, value) {
        None
    } else if surroundings::may_be_own(name, value) {
        tree.mention(name, but).map(|reason| format!("{name}, and {reason}"))
    } else {
        Some(name.to_owned())
    }
}
