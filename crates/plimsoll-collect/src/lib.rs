//! The collectors: evidence from a repository at a commit.
