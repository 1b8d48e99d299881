//! An advisory of RustSec's as an [`Advisory`].

use plimsoll_model::body::{AdvisoryKind, Severity};
use rustsec::{
    advisory::{Informational, Versions},
    osv::{OsvRange, ranges_for_advisory},
};
use semver::VersionReq;

use crate::{
    advisory::{Advisory, Part},
    rating,
    record::{Event, Range, RangeKind},
};

/// Takes the facts out of an advisory of RustSec's.
pub(crate) fn of(file: &rustsec::Advisory) -> Advisory {
    let metadata = &file.metadata;
    let text = |requirements: &[VersionReq]| requirements.iter().map(ToString::to_string).collect();
    let affected = file.affected.clone().unwrap_or_default();
    let kind = match &metadata.informational {
        None => AdvisoryKind::Vulnerability,
        Some(Informational::Unmaintained) => AdvisoryKind::Unmaintained,
        Some(Informational::Unsound) => AdvisoryKind::Unsound,
        Some(Informational::Notice) => AdvisoryKind::Notice,
        Some(_) => AdvisoryKind::Unclassified,
    };
    let cvss = metadata.cvss.as_ref().map(ToString::to_string);
    let severity = match kind {
        AdvisoryKind::Vulnerability => cvss.as_deref().and_then(rating::of_vector).unwrap_or(Severity::Unknown),
        _ => Severity::None,
    };
    let elsewhere = metadata.source.as_ref().filter(|source| !source.is_default_registry());
    Advisory {
        id: metadata.id.to_string(),
        aliases: metadata.aliases.iter().map(ToString::to_string).collect(),
        kind,
        severity,
        cvss,
        affected: vec![Part { ranges: ranges(&file.versions), versions: Vec::new() }],
        patched: text(file.versions.patched()),
        functions: affected.functions.iter().map(|(path, versions)| (path.to_string(), text(versions))).collect(),
        arch: affected.arch.iter().map(|arch| arch.as_str().to_owned()).collect(),
        os: affected.os.iter().map(|os| os.as_str().to_owned()).collect(),
        published: Some(metadata.date.as_str().to_owned()),
        modified: None,
        withdrawn: metadata.withdrawn.as_ref().map(|date| date.as_str().to_owned()),
        source: elsewhere.map(|source| source.url().to_string()),
    }
}

/// The affected ranges, as the rustsec crate makes them of those that are not.
fn ranges(versions: &Versions) -> Vec<Range> {
    let of_events = |events| Range { kind: RangeKind::Semver, repo: None, events };
    let range = |range: OsvRange| {
        let begin = range.introduced.map_or_else(|| "0".to_owned(), |version| version.to_string());
        let end = range.fixed.map(|version| Event::Fixed(version.to_string()));
        of_events(std::iter::once(Event::Introduced(begin)).chain(end).collect())
    };
    let mut ranges: Vec<Range> = ranges_for_advisory(versions).into_iter().map(range).collect();
    if ranges.is_empty() {
        // No version is affected: a range that ends where it begins says so.
        let zero = || "0".to_owned();
        ranges.push(of_events(vec![Event::Introduced(zero()), Event::Fixed(zero())]));
    }
    ranges
}
