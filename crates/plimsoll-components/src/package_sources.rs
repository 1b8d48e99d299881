//! Which sources of locked packages were on this machine.

/// Which sources of packages from elsewhere were at hand, for the lockfiles of what ships.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageSources {
    /// How many packages from elsewhere are locked.
    pub locked: u64,
    /// Package URLs of those whose sources were at hand, sorted.
    pub at_hand: Vec<String>,
    /// Why others were not, by fixed names, sorted.
    pub reasons: Vec<&'static str>,
}

impl PackageSources {
    /// Adds those of another lockfile.
    pub(crate) fn add(&mut self, other: Self) {
        self.locked += other.locked;
        self.at_hand.extend(other.at_hand);
        self.reasons.extend(other.reasons);
        self.reasons.sort_unstable();
        self.reasons.dedup();
        self.at_hand.sort();
        self.at_hand.dedup();
    }

    /// `none`, `partial` or `complete`, with the reasons.
    pub fn word(&self) -> String {
        let word = match (self.at_hand.is_empty(), self.reasons.is_empty()) {
            (_, true) => return "complete".to_owned(),
            (true, false) => "none",
            (false, false) => "partial",
        };
        format!("{word} ({})", self.reasons.join(", "))
    }
}
