//! Statements beside files, on disk.

mod disk;
mod release;
mod sidecar;
mod sums;

use std::path::Path;

use crate::{Attached, Attachment, Found, NetError, Options, Skipped};

pub(crate) use release::{attach as attach_release, fetch as fetch_release};

pub(crate) fn attach(
    file: &Path,
    attachment: &Attachment,
    options: &Options,
    progress: &dyn Fn(&str),
) -> Result<Attached, NetError> {
    progress(&format!("reading {}", file.display()));
    let digest = disk::sha256_of(file)?;
    if !options.any_subject && !attachment.subjects.contains(&digest) {
        let reason = format!("it does not speak of sha256:{digest}, which {} is", file.display());
        return Err(NetError::Refused { reason });
    }
    let plan = sidecar::plan(file, &attachment.bytes)?;
    for write in &plan.writes {
        progress(&format!("writing {}", write.path.display()));
        disk::write(&write.path, &write.bytes, write.replaces)?;
    }
    Ok(Attached {
        subjects: vec![format!("sha256:{digest}")],
        places: vec![plan.place.display().to_string()],
        already: plan.writes.is_empty(),
        fallback_tag: None,
    })
}

pub(crate) fn fetch(file: &Path, progress: &dyn Fn(&str)) -> Result<Found, NetError> {
    progress(&format!("reading what is next to {}", file.display()));
    let mut found = Found { subjects: vec![format!("sha256:{}", disk::sha256_of(file)?)], ..Found::default() };
    sidecar::read_both(file, &mut found)?;
    found.normalize();
    Ok(found)
}

fn passed_over(path: &Path, reason: impl Into<String>) -> Skipped {
    Skipped { place: path.display().to_string(), reason: reason.into() }
}
