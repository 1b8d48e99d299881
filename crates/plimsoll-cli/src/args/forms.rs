//! The values of `--format` where a crate has a table of forms: it is what is parsed and what help shows.

use std::sync::LazyLock;

use clap::{ValueEnum, builder::PossibleValue};
use plimsoll_collect::vex::{VEX_FORMS, VexForm};
use plimsoll_components::{SBOM_FORMS, SbomForm};
use plimsoll_model::{AuditReport, Comparison, Statement};
use plimsoll_render::{AUDIT_FORMS, COMPARISON_FORMS, FORMS, Form};

/// A form of a label.
#[derive(Clone)]
pub struct LabelFormat(pub &'static Form<Statement>);

/// A form of an audit's report.
#[derive(Clone)]
pub struct AuditFormat(pub &'static Form<AuditReport>);

/// A form of a comparison.
#[derive(Clone)]
pub struct DiffFormat(pub &'static Form<Comparison>);

/// How components are shown: as facts, or as an SBOM of some form.
#[derive(Clone, Copy)]
pub enum SbomFormat {
    Text,
    Json,
    Document(&'static SbomForm),
}

/// How findings are shown: as facts, or as a VEX document of some form.
#[derive(Clone, Copy)]
pub enum AdvisoriesFormat {
    Text,
    Json,
    Document(&'static VexForm),
}

impl ValueEnum for AdvisoriesFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<AdvisoriesFormat>> = LazyLock::new(|| {
            [AdvisoriesFormat::Text, AdvisoriesFormat::Json]
                .into_iter()
                .chain(VEX_FORMS.iter().map(AdvisoriesFormat::Document))
                .collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, about) = match self {
            Self::Text => ("text", "For a terminal"),
            Self::Json => ("json", "Reports and facts as JSON"),
            Self::Document(form) => (form.name, form.about),
        };
        Some(PossibleValue::new(name).help(about))
    }
}

impl ValueEnum for SbomFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<SbomFormat>> = LazyLock::new(|| {
            [SbomFormat::Text, SbomFormat::Json]
                .into_iter()
                .chain(SBOM_FORMS.iter().map(SbomFormat::Document))
                .collect()
        });
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        let (name, about) = match self {
            Self::Text => ("text", "For a terminal"),
            Self::Json => ("json", "Reports and facts as JSON"),
            Self::Document(form) => (form.name, form.about),
        };
        Some(PossibleValue::new(name).help(about))
    }
}

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

impl ValueEnum for DiffFormat {
    fn value_variants<'a>() -> &'a [Self] {
        static ALL: LazyLock<Vec<DiffFormat>> = LazyLock::new(|| COMPARISON_FORMS.iter().map(DiffFormat).collect());
        &ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.0.name).help(self.0.about))
    }
}
