//! Manifests and descriptors: those that are written, and those of strangers.

use std::collections::BTreeMap;

use plimsoll_model::{parse_strict, sha256_hex};
use serde::Serialize;
use serde_json::Value;

use crate::{Attachment, reference::is_digest};

/// Media type of a bundle, of the layer that holds it, and artifact type of the manifest around it.
pub(crate) const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
/// How all media types of bundles begin; cosign looks for this, too.
pub(crate) const BUNDLE_FAMILY: &str = "application/vnd.dev.sigstore.bundle";
pub(crate) const IMAGE_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const IMAGE_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";
/// The empty configuration that the specification gives.
pub(crate) const EMPTY_CONFIG: &[u8] = b"{}";
pub(crate) const PREDICATE_TYPE: &str = "dev.sigstore.bundle.predicateType";
pub(crate) const CREATED: &str = "org.opencontainers.image.created";
/// What an image may be.
pub(crate) const SUBJECTS: [&str; 4] = [
    IMAGE_MANIFEST,
    IMAGE_INDEX,
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];

/// What a manifest or index says of another piece.
///
/// Source: OCI Image Specification 1.1, "OCI Content Descriptors".
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub media_type: String,
    pub digest: String,
    pub size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Descriptor {
    pub(crate) fn of(media_type: &str, bytes: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: digest_of(bytes),
            size: bytes.len() as u64,
            artifact_type: None,
            annotations: BTreeMap::new(),
        }
    }

    /// Reads a descriptor; annotations that are not text are left out.
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let digest = text("digest").unwrap_or_default();
        if !is_digest(digest) {
            return Err("a descriptor without a SHA-256 digest".into());
        }
        let Some(size) = value.get("size").and_then(Value::as_u64) else {
            return Err(format!("the descriptor of {digest} has no size"));
        };
        let annotations = value.get("annotations").and_then(Value::as_object);
        Ok(Self {
            media_type: text("mediaType").unwrap_or_default().to_owned(),
            digest: digest.to_owned(),
            size,
            artifact_type: text("artifactType").filter(|text| !text.is_empty()).map(str::to_owned),
            annotations: annotations
                .into_iter()
                .flatten()
                .filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned())))
                .collect(),
        })
    }
}

/// JSON of a registry; what is wrong with it is told without its text.
pub(crate) fn json(bytes: &[u8]) -> Result<Value, String> {
    parse_strict(bytes)
        .map_err(|_| "it is not JSON in which every name appears once, within the bounds of depth and number".into())
}

/// A digest that a header names, if it is one; other text of a registry is not shown.
pub(crate) fn shown(digest: &str) -> &str {
    if is_digest(digest) { digest } else { "something that is no SHA-256 digest" }
}

pub(crate) fn digest_of(bytes: &[u8]) -> String {
    format!("sha256:{}", sha256_hex(bytes))
}

/// The manifest that ties a bundle to an image.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    schema_version: u8,
    media_type: &'static str,
    artifact_type: &'static str,
    config: Descriptor,
    layers: [Descriptor; 1],
    subject: &'a Descriptor,
    annotations: BTreeMap<String, String>,
}

/// Gives the bytes of the manifest that ties the attachment to `subject`, and its descriptor for an index.
///
/// The same input gives the same bytes, so that writing it twice writes one manifest.
///
/// Source: OCI Image Specification 1.1, "Guidelines for Artifact Usage"; annotations as cosign and gh write and seek them.
pub(crate) fn tie(attachment: &Attachment, subject: &Descriptor) -> Result<(Vec<u8>, Descriptor), String> {
    let annotations = BTreeMap::from([
        (CREATED.to_owned(), attachment.created.to_string()),
        ("dev.sigstore.bundle.content".to_owned(), "dsse-envelope".to_owned()),
        (PREDICATE_TYPE.to_owned(), attachment.predicate_type.clone()),
    ]);
    let manifest = Written {
        schema_version: 2,
        media_type: IMAGE_MANIFEST,
        artifact_type: BUNDLE,
        config: Descriptor::of(EMPTY, EMPTY_CONFIG),
        layers: [Descriptor::of(BUNDLE, &attachment.bytes)],
        subject,
        annotations: annotations.clone(),
    };
    let bytes = serde_json::to_vec(&manifest).map_err(|error| error.to_string())?;
    let mut descriptor = Descriptor::of(IMAGE_MANIFEST, &bytes);
    descriptor.artifact_type = Some(BUNDLE.to_owned());
    descriptor.annotations = annotations;
    Ok((bytes, descriptor))
}

/// A manifest that says it belongs to an image, as far as it matters here.
#[derive(Debug)]
pub(crate) struct Referrer {
    pub artifact_type: String,
    pub subject: Option<Descriptor>,
    pub layers: Vec<Descriptor>,
    pub annotations: BTreeMap<String, String>,
}

impl Referrer {
    /// Reads an image manifest; the artifact type is that of its configuration where it names none.
    ///
    /// Source: OCI Image Specification 1.1, "Image Manifest"; OCI Distribution Specification 1.1, "Listing Referrers".
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let value = json(bytes)?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        if !matches!(text("mediaType"), "" | IMAGE_MANIFEST) {
            return Err("it is not an image manifest".into());
        }
        let layers = value.get("layers").and_then(Value::as_array).ok_or("it has no layers")?;
        let config = value.pointer("/config/mediaType").and_then(Value::as_str).unwrap_or_default();
        let artifact_type = if text("artifactType").is_empty() { config } else { text("artifactType") };
        let annotations = value.get("annotations").and_then(Value::as_object);
        Ok(Self {
            artifact_type: artifact_type.to_owned(),
            subject: value.get("subject").filter(|subject| !subject.is_null()).map(Descriptor::read).transpose()?,
            layers: layers.iter().map(Descriptor::read).collect::<Result<_, _>>()?,
            annotations: annotations
                .into_iter()
                .flatten()
                .filter_map(|(name, text)| Some((name.clone(), text.as_str()?.to_owned())))
                .collect(),
        })
    }
}
