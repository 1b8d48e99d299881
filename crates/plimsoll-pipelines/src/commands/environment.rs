//! Names that a script puts into the environment of what runs.

use super::Evaluator;
use crate::doubts::doubt;

impl Evaluator<'_> {
    /// Does a name that a script sets change nothing of what runs with it?
    pub(in super::super) fn leaves_alone(&self, name: &str, value: Option<&str>) -> bool {
        doubt(self.tree, name, value, None).is_none()
    }
}
