//! The list of referrers that clients keep under a tag where the registry keeps none.
//!
//! No registry of that age lets a client say "only if it is unchanged", so two clients can overwrite each other. What was
//! seen once is written again, and a write counts when it is still there after a pause longer than another client needs
//! between its reading and its writing.
//!
//! Source: OCI Distribution Specification 1.1, "Referrers Tag Schema".

use std::time::{Duration, Instant};

use crate::{
    NetError,
    index::Index,
    manifest::{Descriptor, IMAGE_INDEX, SUBJECTS},
    registry::{LARGEST_MANIFEST, Registry},
};

const MOST_TRIES: u32 = 10;
/// The shortest pause before a write counts.
const SHORTEST_PAUSE: Duration = Duration::from_millis(150);

/// The tag that holds the list for a digest.
pub(crate) fn tag(digest: &str) -> String {
    digest.replacen(':', "-", 1)
}

/// The list as it is; empty where there is none. Refused: a tag that holds something else.
pub(crate) fn read(registry: &Registry<'_>, digest: &str) -> Result<Index, NetError> {
    let tag = tag(digest);
    // Asked for an index alone, a registry says of an image under this tag that there is nothing.
    let served = registry.manifest(&tag, "reading the list of referrers", &SUBJECTS, LARGEST_MANIFEST)?;
    served.map_or_else(
        || Ok(Index::empty()),
        |served| {
            if !matches!(served.descriptor.media_type.as_str(), IMAGE_INDEX | "") {
                return Err(NetError::protocol(
                    &registry.host(),
                    format!(
                        "the tag {tag} should hold a list of referrers, and holds an image or something else of somebody's; it \
                         is left as it is: give that another tag"
                    ),
                ));
            }
            Index::read(&served.bytes).map_err(|reason| {
                NetError::protocol(&registry.host(), format!("the tag {tag} should hold a list of referrers: {reason}"))
            })
        },
    )
}

/// Adds an entry to the list, and leaves all others in it.
///
/// Refused: a list that is full. An error where others change the list faster than it can be written.
pub(crate) fn keep(registry: &Registry<'_>, digest: &str, ours: &Descriptor) -> Result<(), NetError> {
    let tag = tag(digest);
    let host = registry.host();
    // Clients that start together must not stay together: each has another digest.
    let step = ours.digest.bytes().rev().take(2).fold(0_u64, |sum, byte| sum * 7 + u64::from(byte) % 16);
    let mut seen = Index::empty();
    for tries in 0..MOST_TRIES {
        let start = Instant::now();
        let mut current = read(registry, digest)?;
        let complete = current.has(&ours.digest) && current.has_all_of(&seen);
        if complete {
            return Ok(());
        }
        current.merge(&seen);
        current.add(ours).map_err(|reason| NetError::protocol(&host, reason))?;
        let bytes = current.write();
        if bytes.len() as u64 > LARGEST_MANIFEST {
            let what = "the list of referrers".to_owned();
            return Err(NetError::TooLarge { host, what, bound: LARGEST_MANIFEST });
        }
        registry.put_manifest(&tag, IMAGE_INDEX, &bytes, "writing the list of referrers")?;
        seen = current;
        let pause = SHORTEST_PAUSE.max(start.elapsed() * 3) + Duration::from_millis(step * u64::from(tries + 1));
        registry.http().wait(pause, &host, "waiting whether the list of referrers stays")?;
    }
    Err(NetError::protocol(&host, format!("the list under the tag {tag} is changed by others all the time; repeat it")))
}
