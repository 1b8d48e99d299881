//! The values of `--format` where the forms are those of plimsoll-render: its tables are what is parsed and what help shows.

use std::sync::LazyLock;

use clap::{ValueEnum, builder::PossibleValue};
use plimsoll_model::{AuditReport, Statement};
use plimsoll_render::{AUDIT_FORMS, FORMS, Form};

/// A form of a label.
#[derive(Clone)]
pub struct LabelFormat(pub &'static Form<Statement>);

/// A form of an audit's report.
#[derive(Clone)]
pub struct AuditFormat(pub &'static Form<AuditReport>);

impl ValueEnum for LabelFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<LabelFormat>> = LazyLock::new(|| FORMS.iter().map(LabelFormat).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name).help(self.0.about))
    }
}

impl ValueEnum for AuditFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<AuditFormat>> = LazyLock::new(|| AUDIT_FORMS.iter().map(AuditFormat).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name).help(self.0.about))
    }
}
