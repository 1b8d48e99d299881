//! Reads and checks practices: criteria, catalogs, tiers.
