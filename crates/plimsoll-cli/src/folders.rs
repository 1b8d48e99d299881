//! Where the program keeps what is its own: folders of the user who runs it.
//!
//! Source: XDG Base Directory Specification.

use std::path::PathBuf;

/// The folder for what can be computed again.
pub fn cache() -> Option<PathBuf> {
    folder("XDG_CACHE_HOME", ".cache")
}

/// The folder for what is kept of earlier runs, and handed on to no one.
pub fn state() -> Option<PathBuf> {
    folder("XDG_STATE_HOME", ".local/state")
}

/// The folder for advisory data that was fetched.
pub fn advisories() -> Option<PathBuf> {
    Some(folder("XDG_DATA_HOME", ".local/share")?.join("advisories"))
}

/// A path that is not absolute is ignored, as the specification asks for.
fn folder(variable: &str, in_home: &str) -> Option<PathBuf> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || named("HOME").map(|home| home.join(in_home));
    let base = named(variable).or_else(home).or_else(|| named("LOCALAPPDATA"))?;
    Some(base.join("plimsoll"))
}
