//! A repository at one commit, read only, every read bounded; git2 lives here alone.
