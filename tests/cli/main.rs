//! The real command, with a scrubbed environment, a fixed moment and 80 columns.

mod bad_input;
mod common;
mod exceptions;
mod history;
mod label;
