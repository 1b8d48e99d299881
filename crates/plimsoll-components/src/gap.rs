//! What could not be looked at.

/// What a gap is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Cause {
    /// A manifest could not be read or understood: members may be missing.
    Manifest,
    /// A lockfile could not be read or understood: its packages are missing.
    Lockfile,
    /// A lockfile of a version that this version of Plimsoll does not know.
    FutureLockfile,
    /// A lockfile was understood but for some entries.
    LockfileEntry,
    /// A workspace with dependencies has no lockfile.
    NoLockfile,
    /// A lockfile does not belong to the manifests beside it.
    StaleLockfile,
    /// A configuration lets something else be built than manifests and lockfile say.
    Configuration,
    /// The package manager was demanded and refused.
    PackageManager,
    /// There is more than the bounds allow.
    Limit,
    /// A part that may ship is of a kind that is not read: its components are missing.
    NotListed,
    /// Components are listed that no advisory speaks of.
    NotCompared,
}

/// Something that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What it is about.
    pub cause: Cause,
    /// The path concerned.
    pub path: String,
    /// Why, in one clause that names the path.
    pub reason: String,
}
