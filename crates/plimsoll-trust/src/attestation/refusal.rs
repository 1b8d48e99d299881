//! Why something is not verified: which of the layers of a proof did not hold.

use schemars::JsonSchema;
use serde::Serialize;

/// The part of a proof that did not hold. A stable word of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// It is not what its format asks for.
    Format,
    /// The signature is not over these bytes, or not by this key.
    Signature,
    /// The certificate leads to no root, or is not for this.
    Certificate,
    /// The entry of a transparency log, its promise or its proof.
    TransparencyLog,
    /// Nothing proves when it was made, or it was made at a wrong time.
    Timestamp,
    /// Somebody else signed it than was expected.
    Identity,
    /// It speaks of another artifact.
    Subject,
    /// It speaks of another source.
    Source,
    /// It was built by nobody who is known to build well.
    Builder,
}

impl Layer {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Signature => "signature",
            Self::Certificate => "certificate",
            Self::TransparencyLog => "transparency-log",
            Self::Timestamp => "timestamp",
            Self::Identity => "identity",
            Self::Subject => "subject",
            Self::Source => "source",
            Self::Builder => "builder",
        }
    }
}

/// Why something is not verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Refusal {
    /// What did not hold.
    pub layer: Layer,
    /// Why, in one clause of ours.
    pub reason: String,
    /// What the library that computed it says, in its words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Refusal {
    /// A refusal with a reason of our own.
    pub fn new(layer: Layer, reason: impl Into<String>) -> Self {
        Self { layer, reason: reason.into(), detail: None }
    }

    pub(super) fn format(reason: impl Into<String>) -> Self {
        Self::new(Layer::Format, reason)
    }

    pub(super) fn with(mut self, detail: &str) -> Self {
        let line = detail.lines().next().unwrap_or_default();
        self.detail = Some(plimsoll_model::excerpt(line, 300));
        self
    }
}
