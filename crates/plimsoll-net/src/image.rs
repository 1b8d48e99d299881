//! Statements at an image: written so that a stop at any moment leaves nothing or the whole, and read back with every
//! digest checked.

use std::time::Duration;

use plimsoll_model::one_line;

use crate::{
    Attached, Attachment, Fetched, Found, ImageReference, NetError, Options, Skipped, credentials,
    index::Index,
    manifest::{
        self, BUNDLE_FAMILY, CREATED, Descriptor, IMAGE_INDEX, IMAGE_MANIFEST, PREDICATE_TYPE, Referrer, SUBJECTS,
    },
    referrers_tag,
    registry::{LARGEST_BLOB, LARGEST_MANIFEST, Listing, Registry, Served},
    transport::Http,
};

/// Bytes of all statements of one image together.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// Layers of one referrer.
const MOST_LAYERS: usize = 16;
/// Looks at a registry's list until it shows what was written.
const MOST_LOOKS: u32 = 6;

pub(crate) fn attach(
    image: &ImageReference,
    attachment: &Attachment,
    options: &Options,
    progress: &dyn Fn(&str),
) -> Result<Attached, NetError> {
    let http = Http::new(options);
    let registry = open(&http, image, options, true, progress)?;
    let subject = resolve(&registry, image)?;
    let digest = &subject.descriptor.digest;
    speaks_of(attachment, &subject, options, image)?;

    let listing = registry.referrers(digest)?;
    let known = match &listing {
        Listing::Api(index) => index.clone(),
        Listing::None => referrers_tag::read(&registry, digest)?,
    };
    let attached = |descriptor: &Descriptor, already, listing: &Listing| Attached {
        subjects: vec![digest.clone()],
        places: vec![image.at(&descriptor.digest)],
        already,
        fallback_tag: matches!(listing, Listing::None).then(|| referrers_tag::tag(digest)),
    };
    if let Some(there) = same(&registry, &known, attachment, digest)? {
        // A stop of an earlier run, or a clean-up of the registry, must not leave a list that points to nothing.
        registry.put_blob(&attachment.bytes, "writing the statement")?;
        return Ok(attached(&there, true, &listing));
    }

    progress(&format!("writing the statement to {}", image.registry()));
    let (bytes, ours) = manifest::tie(attachment, &subject.descriptor)
        .map_err(|reason| NetError::Refused { reason: format!("no manifest can be made of it: {reason}") })?;
    registry.put_blob(&attachment.bytes, "writing the statement")?;
    registry.put_blob(manifest::EMPTY_CONFIG, "writing the empty configuration")?;
    let answer = registry.put_manifest(&ours.digest, IMAGE_MANIFEST, &bytes, "writing the manifest")?;
    let said = answer.header("oci-subject");
    if let Some(said) = said.filter(|said| said != digest) {
        let what = "the subject that it took note of".to_owned();
        let actual = manifest::shown(said).to_owned();
        return Err(NetError::Digest { host: answer.host.clone(), what, expected: digest.clone(), actual });
    }
    let listing = if said.is_some() || matches!(listing, Listing::Api(_)) {
        listed(&registry, digest, &ours)?
    } else {
        Listing::None
    };
    if matches!(listing, Listing::None) {
        progress(&format!("{} keeps no list of referrers; keeping it under a tag", image.registry()));
        referrers_tag::keep(&registry, digest, &ours)?;
    }
    Ok(attached(&ours, false, &listing))
}

pub(crate) fn fetch(image: &ImageReference, options: &Options, progress: &dyn Fn(&str)) -> Result<Found, NetError> {
    let http = Http::new(options);
    let registry = open(&http, image, options, false, progress)?;
    let subject = resolve(&registry, image)?.descriptor;
    let index = match registry.referrers(&subject.digest)? {
        Listing::Api(index) => index,
        Listing::None => referrers_tag::read(&registry, &subject.digest)?,
    };
    let wanted = |kind: &str| match &options.artifact_type {
        Some(wanted) => kind == wanted,
        None => kind.starts_with(BUNDLE_FAMILY),
    };
    let mut found = Found { subjects: vec![subject.digest.clone()], ..Found::default() };
    let mut bytes = 0;
    for entry in index.descriptors() {
        let descriptor = match entry {
            Ok(descriptor) => descriptor,
            Err(reason) => {
                found.passed_over.push(Skipped { place: image.to_string(), reason });
                continue;
            }
        };
        if descriptor.artifact_type.as_deref().is_some_and(|kind| !wanted(kind)) {
            continue;
        }
        let place = image.at(&descriptor.digest);
        progress(&format!("reading {place}"));
        match statements(&registry, &subject.digest, &descriptor, &place, &wanted, &mut bytes)? {
            Ok(statements) => found.statements.extend(statements),
            Err(reason) => found.passed_over.push(Skipped { place, reason }),
        }
    }
    found.normalize();
    Ok(found)
}

fn open<'a>(
    http: &'a Http,
    image: &'a ImageReference,
    options: &Options,
    push: bool,
    progress: &dyn Fn(&str),
) -> Result<Registry<'a>, NetError> {
    progress(&format!("asking {} for {image}", image.registry()));
    let credential = credentials::find(image, &options.credentials, http.left())?;
    Registry::new(http, image, credential, push)
}

/// The manifest that the reference means now; from here on its digest counts, wherever a tag moves.
fn resolve(registry: &Registry<'_>, image: &ImageReference) -> Result<Served, NetError> {
    let doing = "asking for the image";
    let Some(served) = registry.manifest(image.manifest(), doing, &SUBJECTS, LARGEST_MANIFEST)? else {
        let meaning = format!(": there is no {image}");
        return Err(NetError::Status { host: registry.host(), doing: doing.into(), status: 404, meaning });
    };
    let kind = served.descriptor.media_type.as_str();
    if !SUBJECTS.contains(&kind) {
        let old = kind.starts_with("application/vnd.docker.distribution.manifest.v1");
        let what = if old { "of Docker's schema 1" } else { "neither an image manifest nor an index" };
        return Err(NetError::protocol(&registry.host(), format!("{image} is {what}; nothing can be attached to it")));
    }
    Ok(served)
}

fn speaks_of(
    attachment: &Attachment,
    subject: &Served,
    options: &Options,
    image: &ImageReference,
) -> Result<(), NetError> {
    let speaks = |digest: &str| digest.strip_prefix("sha256:").is_some_and(|hex| attachment.subjects.contains(hex));
    let digest = &subject.descriptor.digest;
    if options.any_subject || speaks(digest) {
        return Ok(());
    }
    let mut reason = format!("it does not speak of {digest}, which {image} is");
    // An image for several platforms: say which of them is meant.
    let inside = manifest::json(&subject.bytes).ok();
    let platforms = inside.as_ref().and_then(|value| value.get("manifests")?.as_array());
    let of = platforms.into_iter().flatten().filter_map(|entry| Descriptor::read(entry).ok());
    if let Some(platform) = of.map(|entry| entry.digest).find(|digest| speaks(digest)) {
        reason.push_str(&format!("; it speaks of one of its platforms, so attach it to {}", image.at(&platform)));
    } else {
        reason.push_str(
            "; a label speaks of an image where it was made with the image's manifest, as the registry serves it, as \
             --artifact manifest.json",
        );
    }
    Err(NetError::Refused { reason })
}

/// The referrer that holds the same bytes already.
///
/// Referrers of others that cannot be read are not ours, and must not keep anyone from attaching.
fn same(
    registry: &Registry<'_>,
    known: &Index,
    attachment: &Attachment,
    subject: &str,
) -> Result<Option<Descriptor>, NetError> {
    let wanted = manifest::digest_of(&attachment.bytes);
    for descriptor in known.descriptors().flatten() {
        let kind = descriptor.artifact_type.as_deref();
        let predicate = descriptor.annotations.get(PREDICATE_TYPE);
        if kind.is_some_and(|kind| !kind.starts_with(BUNDLE_FAMILY))
            || predicate.is_some_and(|predicate| *predicate != attachment.predicate_type)
        {
            continue;
        }
        let doing = "looking whether the statement is there already";
        let served = match registry.manifest(&descriptor.digest, doing, &[IMAGE_MANIFEST], LARGEST_MANIFEST) {
            Ok(Some(served)) => served,
            Ok(None) | Err(NetError::Digest { .. } | NetError::TooLarge { .. } | NetError::Protocol { .. }) => continue,
            Err(other) => return Err(other),
        };
        let Ok(referrer) = Referrer::read(&served.bytes) else { continue };
        let of_this = referrer.subject.is_some_and(|of| of.digest == subject);
        if of_this && referrer.layers.iter().any(|layer| layer.digest == wanted) {
            return Ok(Some(descriptor));
        }
    }
    Ok(None)
}

/// Looks until the registry's list shows what was written; a list may lag behind.
fn listed(registry: &Registry<'_>, subject: &str, ours: &Descriptor) -> Result<Listing, NetError> {
    for look in 0..MOST_LOOKS {
        match registry.referrers(subject)? {
            Listing::Api(index) if index.has(&ours.digest) => return Ok(Listing::Api(index)),
            Listing::None => return Ok(Listing::None),
            Listing::Api(_) => {
                let pause = Duration::from_millis(100 << look);
                registry.http().wait(pause, &registry.host(), "waiting for the list of referrers")?;
            }
        }
    }
    let reason = format!("it took the manifest {} and does not list it as a referrer of {subject}", ours.digest);
    Err(NetError::protocol(&registry.host(), reason))
}

/// The statements of one referrer; the inner error says why it is passed over, the outer one that the registry lies.
fn statements(
    registry: &Registry<'_>,
    subject: &str,
    descriptor: &Descriptor,
    place: &str,
    wanted: &dyn Fn(&str) -> bool,
    bytes: &mut u64,
) -> Result<Result<Vec<Fetched>, String>, NetError> {
    if descriptor.media_type == IMAGE_INDEX {
        return Ok(Err("it is an index and not a manifest".into()));
    }
    if descriptor.size > LARGEST_MANIFEST {
        return Ok(Err(format!("its manifest is larger than {LARGEST_MANIFEST} bytes")));
    }
    let doing = format!("reading {place}");
    let Some(served) = registry.manifest(&descriptor.digest, &doing, &[IMAGE_MANIFEST], descriptor.size)? else {
        return Ok(Err("it is listed and not there".into()));
    };
    registry.check(&registry.host(), descriptor, &served.bytes)?;
    let referrer = match Referrer::read(&served.bytes) {
        Ok(referrer) => referrer,
        Err(reason) => return Ok(Err(reason)),
    };
    if !wanted(&referrer.artifact_type) {
        return Ok(match descriptor.artifact_type {
            Some(_) => Err("it is listed with another artifact type than it has".into()),
            None => Ok(Vec::new()),
        });
    }
    let of = referrer.subject.as_ref().map_or("nothing", |subject| &subject.digest);
    if of != subject {
        let reason = format!("lists {place} as a referrer of {subject}, and it refers to {of}");
        return Err(NetError::protocol(&registry.host(), reason));
    }
    if referrer.layers.is_empty() || referrer.layers.len() > MOST_LAYERS {
        return Ok(Err(format!("it has {} layers, and 1 to {MOST_LAYERS} are read", referrer.layers.len())));
    }
    let mut statements = Vec::new();
    for layer in &referrer.layers {
        if layer.size > LARGEST_BLOB {
            return Ok(Err(format!("{} is larger than {LARGEST_BLOB} bytes", layer.digest)));
        }
        *bytes += layer.size;
        if *bytes > MOST_BYTES {
            let what = "all statements of the image together".to_owned();
            return Err(NetError::TooLarge { host: registry.host(), what, bound: MOST_BYTES });
        }
        let plain = |name: &str| referrer.annotations.get(name).map(|text| one_line(text));
        statements.push(Fetched {
            bytes: registry.blob(layer, &doing)?,
            media_type: one_line(&layer.media_type),
            digest: layer.digest.clone(),
            predicate_type: plain(PREDICATE_TYPE),
            created: plain(CREATED),
            place: place.to_owned(),
        });
    }
    Ok(Ok(statements))
}
