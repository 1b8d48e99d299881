//! Attaches signed statements to images, files and release folders, and finds them again; downloads large files.
//!
//! This is the one crate that opens connections, and it opens them to the registry or the address that its caller names. One
//! decision shaped it: every answer is that of a stranger. Bytes are believed by their digest alone, each read has an end in bytes
//! and in time, and nothing that a registry writes is shown. The cost is that the protocol is spoken here, over a small
//! HTTP client: the crate `oci-client` reads answers whole, however long they are, follows no pages of referrers, hides
//! the header that says whether a list is kept, takes a failure to list for an empty list, and panics at a token or an
//! upload address that is none.
//!
//! Nothing is judged here. A statement that was found is a claim until its signature and its subject are verified.

mod auth;
mod credential;
mod credentials;
mod download;
mod error;
mod files;
mod helper;
mod image;
mod index;
mod manifest;
mod reference;
mod referrers_tag;
mod registry;
mod secret;
mod status;
mod target;
mod transport;

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use plimsoll_model::{is_hex, parse_strict};

pub use credentials::Credentials;
pub use download::{Address, Download, DownloadOptions, Downloaded, FileVersion, download};
pub use error::NetError;
pub use reference::ImageReference;
pub use target::Target;

/// A signed statement that is to be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// A Sigstore bundle v0.3, in JSON.
    pub bytes: Vec<u8>,
    /// The predicate type of the statement in it; for the annotation by which clients choose.
    pub predicate_type: String,
    /// The SHA-256 digests, in lower-case hexadecimal, that the statement speaks of.
    pub subjects: BTreeSet<String>,
    /// When it was made; for the annotation.
    pub created: Timestamp,
}

/// How to attach and to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Attach also what does not speak of the target.
    pub any_subject: bool,
    /// Plain HTTP: `None` for this machine itself alone, else always or never.
    pub plain_http: Option<bool>,
    /// The time that the whole call may take.
    pub timeout: Duration,
    /// The time that one connection may take to be made.
    pub connect_timeout: Duration,
    /// Fetch what has this artifact type; where none is given, Sigstore bundles of all versions.
    pub artifact_type: Option<String>,
    /// Where credentials are looked for.
    pub credentials: Credentials,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            any_subject: false,
            plain_http: None,
            timeout: Duration::from_secs(120),
            connect_timeout: Duration::from_secs(10),
            artifact_type: None,
            credentials: Credentials::default(),
        }
    }
}

/// What was attached, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attached {
    /// The digests, `sha256:…`, that it was attached to.
    pub subjects: Vec<String>,
    /// Where it is: `registry/name@sha256:…` of the manifest that holds it, or the files.
    pub places: Vec<String>,
    /// It was there before, and nothing was added.
    pub already: bool,
    /// The tag that lists it, where the registry keeps no list of referrers itself.
    pub fallback_tag: Option<String>,
}

/// A statement that was found; nothing in it is verified but the digest of its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fetched {
    /// The bundle.
    pub bytes: Vec<u8>,
    /// Its media type, as it says itself or as the registry lists it.
    pub media_type: String,
    /// `sha256:…` of the bytes.
    pub digest: String,
    /// The predicate type in the annotation, where there is one. Whoever attached it wrote that.
    pub predicate_type: Option<String>,
    /// The time in the annotation, where there is one. Whoever attached it wrote that.
    pub created: Option<String>,
    /// Where it was found.
    pub place: String,
}

/// Something that was listed and not read, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Skipped {
    /// Where it is.
    pub place: String,
    /// Why it was not read.
    pub reason: String,
}

/// All that was found at a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Found {
    /// The digests, `sha256:…`, of the target: of the image, the file, or the release files that have statements.
    pub subjects: Vec<String>,
    /// The statements, by the time in their annotation and their digest, each once.
    pub statements: Vec<Fetched>,
    /// What could not be read as one.
    pub passed_over: Vec<Skipped>,
    /// What was found in files, by its canonical JSON.
    seen: BTreeSet<String>,
}

impl Found {
    /// Puts everything into an order that does not depend on the registry, each statement once.
    fn normalize(&mut self) {
        self.statements.sort_by(|one, other| {
            (&one.created, &one.digest, &one.place).cmp(&(&other.created, &other.digest, &other.place))
        });
        let mut seen = BTreeSet::new();
        self.statements.retain(|statement| seen.insert(statement.digest.clone()));
        self.subjects.sort();
        self.subjects.dedup();
        self.passed_over.sort();
    }
}

/// Attaches a statement to a target; says where it is then.
///
/// To an image as a referrer of its digest, under the list that the registry keeps or else under the fallback tag; to a
/// file as `FILE.sigstore.json` beside it; in a release folder beside each file that it speaks of, and `SHA256SUMS` is
/// brought up to date. Attaching the same bytes again changes nothing. A stop at any moment leaves nothing that can be
/// found or the whole, and doing it again completes it.
///
/// Refused: what is not a Sigstore bundle v0.3; what does not speak of the target, unless `options.any_subject`; a
/// registry that cannot be reached, says no, or contradicts itself.
///
/// Source: OCI Image and Distribution Specifications 1.1; Sigstore bundle format v0.3.
pub fn attach(
    target: &Target,
    attachment: &Attachment,
    options: &Options,
    progress: &dyn Fn(&str),
) -> Result<Attached, NetError> {
    check(attachment).map_err(|reason| NetError::Refused { reason })?;
    match target {
        Target::Image(image) => image::attach(image, attachment, options, progress),
        Target::File(file) => files::attach(file, attachment, options, progress),
        Target::Release(folder) => files::attach_release(folder, attachment, options, progress),
    }
}

/// Finds the statements that are attached to a target.
///
/// Every manifest and blob of a registry is checked against the digest and the size under which it is listed, and every
/// manifest for naming this image as its subject; one that differs is an error that names both digests. What is listed
/// and cannot be read as a statement is told in `passed_over`.
///
/// Source: OCI Distribution Specification 1.1, "Listing Referrers" and "Referrers Tag Schema".
pub fn fetch(target: &Target, options: &Options, progress: &dyn Fn(&str)) -> Result<Found, NetError> {
    match target {
        Target::Image(image) => image::fetch(image, options, progress),
        Target::File(file) => files::fetch(file, progress),
        Target::Release(folder) => files::fetch_release(folder, progress),
    }
}

/// Is it a bundle, and is what is said about it sound?
fn check(attachment: &Attachment) -> Result<(), String> {
    if attachment.bytes.len() as u64 > registry::LARGEST_BLOB {
        return Err(format!("it is larger than {} bytes", registry::LARGEST_BLOB));
    }
    let bundle = parse_strict(&attachment.bytes).map_err(|reason| format!("it is not a bundle: {reason}"))?;
    let kind = bundle.get("mediaType").and_then(serde_json::Value::as_str).unwrap_or_default();
    // The second form is the one of the first tools that wrote v0.3.
    if kind != manifest::BUNDLE && kind != "application/vnd.dev.sigstore.bundle+json;version=0.3" {
        return Err(format!("it is not a Sigstore bundle v0.3: its mediaType is not {}", manifest::BUNDLE));
    }
    let predicate = &attachment.predicate_type;
    if predicate.is_empty() || predicate.len() > 1024 || !predicate.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("its predicate type is not a URI".into());
    }
    if let Some(wrong) = attachment.subjects.iter().find(|digest| !is_hex(digest, 64)) {
        return Err(format!("{:?} is not a SHA-256 digest in lower-case hexadecimal", plimsoll_model::one_line(wrong)));
    }
    Ok(())
}
