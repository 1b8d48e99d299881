//! Everything that is wrong with a set of practices, all at once.

/// One mistake: file, line, cause and cure in one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PracticeError {
    /// Path under practices/.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Cause and cure.
    pub message: String,
}

impl std::fmt::Display for PracticeError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "practices/{}:{}: {}", self.file, self.line, self.message)
    }
}

/// A set of practices that cannot be used. Holds at least one mistake.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<PracticeError>);

/// Letters of a name from which on its beginning says which one is meant.
const BEGINNING: usize = 3;

/// Gives the known name nearest to `name`, if it is near: at most a third of it has to be changed, or `name` is its
/// beginning. Capital letters make no difference.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    known
        .into_iter()
        .map(|candidate| (candidate.to_lowercase(), candidate))
        .map(|(low, candidate)| {
            let begins = name.chars().count() >= BEGINNING && low.starts_with(&name);
            (!begins, strsim::osa_distance(&name, &low), candidate)
        })
        .filter(|(not_begun, distance, candidate)| !not_begun || *distance * 3 <= candidate.chars().count().max(3))
        .min()
        .map(|(_, _, candidate)| candidate)
}

/// " (did you mean \"...\"?)", or nothing.
pub fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|near| format!(" (did you mean \"{near}\"?)")).unwrap_or_default()
}
