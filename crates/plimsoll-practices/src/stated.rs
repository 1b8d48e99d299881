//! Where the checks of rows say what is wrong, and what an expression may read.

use crate::Expression;

/// A problem at a place of the file.
pub(crate) type Say<'a> = dyn FnMut(usize, String) + 'a;

/// Says which kinds an expression reads that are not among its `needs`.
pub(crate) fn needed(expression: &Expression, needs: &[String], place: usize, what: &str, say: &mut Say<'_>) {
    for kind in expression.reads() {
        if !needs.iter().any(|need| need.replace('-', "_") == *kind) {
            say(place, format!("{what} reads \"{kind}\" without needing it"));
        }
    }
}
