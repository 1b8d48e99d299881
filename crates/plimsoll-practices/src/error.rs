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

/// Gives the known name nearest to `name`, if it is near: at most a third of it has to be changed.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= candidate.chars().count().max(3))
        .min()
        .map(|(_, candidate)| candidate)
}

/// " (did you mean \"...\"?)", or nothing.
pub fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|near| format!(" (did you mean \"{near}\"?)")).unwrap_or_default()
}
