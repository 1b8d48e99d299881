//! A first claims file: what the repository already says, what the maker confirms in an interview, and the text of both.
//!
//! A value that was found is a suggestion. It is written as a comment with the place that it is from, until the maker takes the
//! `# ` away or confirms it; a name is active where the manifest gives it, as the file counts for nothing without one, and a
//! version where the manifest and the newest release agree on it. What the product does with data is never suggested.

mod badge;
mod confirmed;
mod draft;
mod interview;
mod known;
mod outlook;
mod questions;
mod replies;
mod text;

#[cfg(test)]
mod tests;

pub use confirmed::Confirmed;
pub use interview::{Interview, Question};
pub use known::{Known, SeenAnswer, Suggestion, known};
pub use outlook::outlook;
pub use text::claims_file;
