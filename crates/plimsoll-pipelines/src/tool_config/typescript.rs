//! Settings of the compiler of TypeScript.

use plimsoll_sources::languages;

use super::squashed;
use crate::tree::Tree;

/// Does the compiler look at more than the form of what is there? Of a tree without TypeScript it does with `checkJs` alone.
///
/// Source: TypeScript, "`TSConfig` Reference", `checkJs`.
pub(super) fn looks_at_types(tree: &dyn Tree, text: &str) -> bool {
    let sources = tree.sources();
    let mut of_types = false;
    let mut of_script = false;
    for path in sources.iter() {
        let name = path.rsplit('/').next().unwrap_or_default();
        // What is declared is no source, and settings are none.
        let not_source = name.ends_with(".d.ts") || name.contains(".config.");
        match languages::name_of(name).filter(|_| !not_source) {
            Some("TypeScript" | "Vue") => of_types = true,
            Some("JavaScript") => of_script = true,
            _ => {}
        }
    }
    let squashed = squashed(text);
    of_types || !of_script || squashed.contains("checkjs:true")
}
