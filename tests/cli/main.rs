//! The real command, with a scrubbed environment, a fixed moment and 80 columns.

mod bad_input;
mod catalog;
mod common;
mod exceptions;
mod history;
mod hostile;
mod label;
mod schema;
