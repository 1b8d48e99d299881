//! Every signature of a history, verified while the history is walked.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use plimsoll_snapshot::{CommitRecord, History, Scope, SignedCommit, Snapshot, TagRecord, Watch};
use plimsoll_trust::{CheckCache, Checked, Judgement, Kept, Proof, Scheme, Stated, TrustPolicy, Verdict};
use rayon::prelude::*;

/// One commit or tag with what its signature is worth.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Object id of the commit or tag.
    pub id: String,
    /// Name of the tag; absent for a commit.
    pub tag: Option<String>,
    /// The judgement.
    pub judgement: Judgement,
}

/// The signatures of a history.
#[derive(Debug, Default)]
pub struct Signatures {
    /// Of every commit, newest first.
    pub commits: Vec<Signature>,
    /// Of every annotated tag, by name.
    pub tags: Vec<Signature>,
    /// Commits that could not be read.
    pub missing: Vec<String>,
    /// Tags that could not be read.
    pub unreadable_tags: Vec<String>,
}

/// Verifies on the way and remembers what came out.
struct Verifier<'a> {
    policy: &'a TrustPolicy,
    cache: Option<&'a CheckCache>,
    /// Leave out what is kept: then the walk reads only what is new.
    skip: bool,
    found: Mutex<Vec<(String, Checked)>>,
}

impl Watch for Verifier<'_> {
    fn known(&self, id: &[u8]) -> Option<&[Vec<u8>]> {
        self.cache.filter(|_| self.skip)?.get(id).map(|kept| kept.parents.as_slice())
    }

    fn take(&self, commits: Vec<SignedCommit>) {
        let checked: Vec<_> = commits
            .into_iter()
            .map(|commit| {
                let kept = self.cache.and_then(|cache| cache.get(&bytes(&commit.id)?));
                let checked = match kept {
                    Some(kept) => kept.checked.clone(),
                    None => self.policy.check(&commit.object.signature, &commit.object.payload),
                };
                (commit.id, checked)
            })
            .collect();
        self.found.lock().unwrap_or_else(PoisonError::into_inner).extend(checked);
    }
}

/// What was computed of the commits of a history, by id.
pub(crate) type Computed = HashMap<String, Checked>;

/// Walks the history of the commit and verifies every signature on the way. New results go to `cache`.
pub(crate) fn walk(
    snapshot: &Snapshot,
    policy: &TrustPolicy,
    cache: Option<&mut CheckCache>,
) -> Result<(History, Computed), String> {
    let verifier = Verifier { policy, cache: cache.as_deref(), skip: false, found: Mutex::default() };
    let history = snapshot.watched_history(Scope::Commit, Some(&verifier)).map_err(|error| error.to_string())?;
    let computed: Computed = verifier.found.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect();
    if let Some(cache) = cache {
        keep(cache, &history.commits, &computed);
    }
    Ok((history, computed))
}

/// Verifies the signatures of `scope` and judges them for `as_of` (seconds since 1970). What `cache` holds is not read again.
pub fn signatures(
    snapshot: &Snapshot,
    scope: Scope,
    policy: &TrustPolicy,
    cache: Option<&mut CheckCache>,
    as_of: i64,
) -> Result<Signatures, String> {
    let verifier = Verifier { policy, cache: cache.as_deref(), skip: true, found: Mutex::default() };
    let history = snapshot.watched_history(scope, Some(&verifier)).map_err(|error| error.to_string())?;
    let computed: Computed = verifier.found.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().collect();
    let mut judged: Vec<(Option<i64>, Signature)> = history
        .commits
        .par_iter()
        .map(|commit| (commit.committer.seconds, judge_commit(policy, commit, &computed, as_of)))
        .collect();
    if let Some(cache) = cache.as_deref() {
        judged.par_extend(history.known.par_iter().filter_map(|id| {
            let kept = cache.get(id)?;
            let stated =
                Stated { time: kept.time.unwrap_or_default(), author: &kept.author, committer: &kept.committer };
            let judgement = policy.judge(&kept.checked, stated, as_of);
            Some((kept.time, Signature { id: plimsoll_model::hex(id), tag: None, judgement }))
        }));
    }
    judged.par_sort_unstable_by(|(time, one), (other_time, other)| {
        other_time.cmp(time).then_with(|| one.id.cmp(&other.id))
    });
    if let Some(cache) = cache {
        keep(cache, &history.commits, &computed);
    }
    Ok(Signatures {
        commits: judged.into_iter().map(|(_, signature)| signature).collect(),
        tags: judge_tags(policy, &history.tags, as_of),
        missing: history.missing,
        unreadable_tags: history.unreadable_tags,
    })
}

/// Judges the signature of a commit that was read.
pub fn judge_commit(policy: &TrustPolicy, commit: &CommitRecord, computed: &Computed, as_of: i64) -> Signature {
    let id = commit.id();
    let stated = Stated {
        time: commit.committer.seconds.unwrap_or_default(),
        author: &commit.author.email,
        committer: &commit.committer.email,
    };
    let judgement = policy.judge(computed.get(&id).unwrap_or(&UNSIGNED), stated, as_of);
    Signature { id, tag: None, judgement }
}

/// Judges the signatures of annotated tags.
pub(crate) fn judge_tags(policy: &TrustPolicy, tags: &[TagRecord], as_of: i64) -> Vec<Signature> {
    tags.par_iter()
        .filter_map(|tag| {
            let id = tag.id.clone()?;
            let checked = match &tag.signed {
                Some(signed) => policy.check(&signed.signature, &signed.payload),
                None => UNSIGNED,
            };
            let tagger = tag.tagger.as_ref();
            let stated = Stated {
                time: tagger.and_then(|tagger| tagger.seconds).unwrap_or_default(),
                author: tagger.map_or("", |tagger| tagger.email.as_str()),
                committer: "",
            };
            let mut judgement = policy.judge(&checked, stated, as_of);
            // Whoever signed a tag signed its name; a repository may lay it under another one.
            if let Some(own) = tag.own_name.as_ref().filter(|own| tag.signed.is_some() && **own != tag.name) {
                let own: String = own.chars().take(80).collect();
                judgement.reason = Some(format!("it was signed as the tag \"{}\"", plimsoll_model::one_line(&own)));
                for verdict in [&mut judgement.verdict, &mut judgement.at_commit, &mut judgement.as_of] {
                    if *verdict == Verdict::Good {
                        *verdict = Verdict::Untrusted;
                    }
                }
            }
            Some(Signature { id, tag: Some(tag.name.clone()), judgement })
        })
        .collect()
}

const UNSIGNED: Checked = Checked { scheme: Scheme::None, proof: Proof::Unsigned };

fn keep(cache: &mut CheckCache, commits: &[CommitRecord], computed: &Computed) {
    for commit in commits {
        let id = commit.id();
        let Some(id_bytes) = bytes(&id) else { continue };
        if cache.get(&id_bytes).is_some() {
            continue;
        }
        let kept = Kept {
            parents: commit.parents().filter_map(|parent| bytes(&parent)).collect(),
            time: commit.committer.seconds,
            author: commit.author.email.clone(),
            committer: commit.committer.email.clone(),
            checked: computed.get(&id).cloned().unwrap_or(UNSIGNED),
        };
        cache.put(id_bytes, kept);
    }
}

/// An object id as bytes.
fn bytes(id: &str) -> Option<Vec<u8>> {
    (0..id.len() / 2).map(|at| u8::from_str_radix(id.get(2 * at..2 * at + 2)?, 16).ok()).collect()
}
