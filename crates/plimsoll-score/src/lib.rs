//! Assess and score: evidence and practices to a label body.
