//! Practices as data: criteria over evidence, catalogs that arrange them, tiers that ask for them.
//!
//! One decision shaped this crate: a file that is loaded is valid. Ids are resolved, expressions compiled, kinds known and
//! reaches computed before anyone scores. The cost is that one wrong row refuses the whole set; what is won is that the
//! scorer has no error path in which something could be taken for met.

mod arrange;
mod catalog;
mod check;
mod cost;
mod criterion;
mod environment;
mod error;
mod expression;
mod load;
mod product;
mod sign;
mod source;
mod source_view;
mod stated;
mod syntax;
mod tier;
mod vocabulary;
mod whose;

#[cfg(test)]
mod tests;

pub use catalog::{Catalog, Entry, Field, FieldSource, Group, MachineForm};
pub use check::{Report, TierReach};
pub use criterion::{Criterion, Effort, Examples, How, Quantifier};
pub use environment::{Environment, Lists};
pub use error::{PracticeError, Problems, hint};
pub use expression::Expression;
pub use load::{LABEL_DAYS, Practices, TierRules, digests_of, embedded_files, tier_rules};
pub use product::ProductRules;
pub use sign::SignRule;
pub use source_view::{SourceRowRule, SourceRules};
pub use tier::{By, Demand, EndRule, FaceRowRule, Tier, Tiers};
pub use vocabulary::{Definition, Vocabulary};
pub use whose::FILE as WHOSE_FILE;

/// The folders of a set of practices that evidence is judged by; each holds TOML files.
pub const FOLDERS: [&str; 4] = ["vocabulary", "criteria", "catalogs", "tiers"];
