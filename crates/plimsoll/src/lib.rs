//! The library people import: label, score, plan, explain.
