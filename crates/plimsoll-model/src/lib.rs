//! The words: facts, subjects, pointers, assurance, outcomes, statements, digests; canonical JSON.
