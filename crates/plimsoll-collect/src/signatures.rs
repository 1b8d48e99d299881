//! Every signature of a history, verified while the history is walked, and what of that is kept between runs.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use plimsoll_model::{Input, InputId, SignatureScheme};
use plimsoll_snapshot::{Commit, Commits, History, ObjectStore, Scope, SignedCommit, Snapshot, TagRecord, Watch};
use plimsoll_trust::{Cache, Checked, Judgement, Proof, Stated, TrustPolicy, Verdict};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Grows when what is kept changes.
const VERSION: u32 = 7;

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
    /// Why what was computed could not be kept for the next run.
    pub not_kept: Option<String>,
}

/// What was computed of the signatures of the commits of a history, by their places.
#[derive(Debug, Default)]
pub struct Computed(Vec<Option<Box<Checked>>>);

impl Computed {
    /// Of the commit at a place; of one that is not signed, that.
    pub fn of(&self, place: usize) -> &Checked {
        self.0.get(place).and_then(Option::as_deref).unwrap_or(&UNSIGNED)
    }

    /// Of every commit that is signed.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Checked> {
        self.0.iter().flatten().map(|checked| &**checked)
    }

    fn put(&mut self, place: Option<usize>, checked: Checked) {
        if let Some(one) = place.and_then(|place| self.0.get_mut(place)) {
            *one = Some(Box::new(checked));
        }
    }
}

/// A history and what was computed of its signatures.
pub(crate) struct WalkedHistory {
    pub(crate) history: History,
    pub(crate) computed: Computed,
    /// Why this could not be kept for the next run.
    pub(crate) not_kept: Option<String>,
}

/// What is kept of a history: what the arithmetic said ([`Checked`]), never a verdict, as verdicts depend on a moment.
#[derive(Serialize)]
struct Keeping<'a> {
    version: u32,
    /// The files of objects before anything was read.
    store: &'a ObjectStore,
    /// Bytes of the commits beyond what ordinary ones have.
    spent: u64,
    commits: &'a Commits,
    /// Of the commits that are signed, by their places.
    checked: Vec<(u32, &'a Checked)>,
}

/// The same, as it is read.
#[derive(Deserialize)]
struct Kept {
    version: u32,
    store: ObjectStore,
    spent: u64,
    commits: Commits,
    checked: Vec<(u32, Checked)>,
}

/// The name of its file.
const NAME: &str = "history";

/// Verifies on the way and remembers what came out.
struct Verifier<'a> {
    policy: &'a TrustPolicy,
    found: Mutex<Vec<(Vec<u8>, Checked)>>,
}

impl Watch for Verifier<'_> {
    fn take(&self, commits: Vec<SignedCommit>) {
        let checked: Vec<_> = commits
            .into_iter()
            .map(|commit| (commit.id, self.policy.check(&commit.object.signature, &commit.object.payload)))
            .collect();
        self.found.lock().unwrap_or_else(PoisonError::into_inner).extend(checked);
    }
}

/// Names the built-in keys of forges as an input, where what was computed of a signature rests on them.
pub(crate) fn forges_used(
    history: &Result<History, String>,
    computed: &Computed,
    policy: &TrustPolicy,
) -> Option<(String, Input)> {
    let tags = history.as_ref().map(|history| history.tags.as_slice()).unwrap_or_default();
    let rests = |checked: &Checked| policy.rests_on_reported(checked);
    let used = policy.reports_forges()
        && (computed.all().any(rests) || tags.par_iter().any(|tag| rests(&check_tag(policy, tag))));
    let (day, sha256) = plimsoll_trust::built_in_forges();
    let input = Input {
        source: "built-in keys of forges".to_owned(),
        date: day.and_then(|day| day.parse().ok()),
        digest: BTreeMap::from([("sha256".to_owned(), sha256)]),
        ..Input::default()
    };
    used.then(|| (InputId::Forges.name().to_owned(), input))
}

/// Walks the history of `scope` and verifies every signature on the way. What `cache` holds of it is not read again, and what
/// is new goes there.
pub(crate) fn walk(
    snapshot: &Snapshot,
    scope: Scope,
    policy: &TrustPolicy,
    cache: Option<&Cache>,
) -> Result<WalkedHistory, String> {
    let subject = format!("{}\n{}", policy.digest_of_keys(), snapshot.git_dir().display());
    let kept: Option<Kept> = cache.and_then(|cache| cache.read(NAME, &subject, &subject));
    // An object that is damaged where it was whole has to be read to be seen: its file has changed.
    let store = snapshot.object_store();
    let is_of_now = |kept: &Kept| kept.version == VERSION && store.is_some_and(|store| store.still_has(&kept.store));
    let (kept, checked) = match kept.filter(is_of_now) {
        Some(kept) => (Some((kept.commits, kept.spent)), kept.checked),
        None => (None, Vec::new()),
    };
    let verifier = Verifier { policy, found: Mutex::default() };
    let mut history = snapshot.watched_history(scope, Some(&verifier), kept).map_err(|error| error.to_string())?;
    let mut computed = Computed((0..history.commits.len()).map(|_| None).collect());
    let left = history.kept.take();
    for (old, checked) in checked {
        let old = old as usize;
        let place = left.as_ref().map_or(Some(old), |left| history.commits.place_of(left.id_of(old)));
        computed.put(place, checked);
    }
    drop(left);
    for (id, checked) in verifier.found.into_inner().unwrap_or_else(PoisonError::into_inner) {
        computed.put(history.commits.place_of(&id), checked);
    }
    // What is not whole may be whole the next time.
    let is_whole = history.missing.is_empty() && !history.shallow;
    let not_kept = cache.zip(store).filter(|_| is_whole && history.read > 0).and_then(|(cache, store)| {
        let checked =
            (0..).zip(&computed.0).filter_map(|(place, checked)| Some((place, checked.as_deref()?))).collect();
        let keeping = Keeping { version: VERSION, store, spent: history.spent, commits: &history.commits, checked };
        cache.write(NAME, &subject, &subject, &keeping).err().map(|error| error.to_string())
    });
    Ok(WalkedHistory { history, computed, not_kept })
}

/// Verifies the signatures of `scope` and judges them for `as_of` (seconds since 1970). What `cache` holds is not read again.
pub fn signatures(
    snapshot: &Snapshot,
    scope: Scope,
    policy: &TrustPolicy,
    cache: Option<&Cache>,
    as_of: i64,
) -> Result<Signatures, String> {
    let WalkedHistory { history, computed, not_kept } = walk(snapshot, scope, policy, cache)?;
    let judged = |commit: Commit<'_>| Signature {
        id: commit.id(),
        tag: None,
        judgement: judge_commit(policy, commit, computed.of(commit.place()), as_of),
    };
    Ok(Signatures {
        commits: history.commits.par_iter().map(judged).collect(),
        tags: judge_tags(policy, &history.tags, as_of),
        missing: history.missing,
        unreadable_tags: history.unreadable_tags,
        not_kept,
    })
}

/// Judges the signature of a commit.
pub(crate) fn judge_commit(policy: &TrustPolicy, commit: Commit<'_>, checked: &Checked, as_of: i64) -> Judgement {
    let time = commit.committed().unwrap_or_default();
    let stated = Stated { time, author: &commit.author().email, committer: &commit.committer().email };
    policy.judge(checked, stated, as_of)
}

/// Gives what was computed of the signature of a tag.
pub(crate) fn check_tag(policy: &TrustPolicy, tag: &TagRecord) -> Checked {
    tag.signed.as_ref().map_or(UNSIGNED, |signed| policy.check(&signed.signature, &signed.payload))
}

/// Judges the signatures of annotated tags.
pub(crate) fn judge_tags(policy: &TrustPolicy, tags: &[TagRecord], as_of: i64) -> Vec<Signature> {
    tags.par_iter()
        .filter_map(|tag| {
            let id = tag.id.clone()?;
            let checked = check_tag(policy, tag);
            let tagger = tag.tagger.as_ref();
            let stated = Stated {
                time: tag.made.unwrap_or_default(),
                author: tagger.map_or("", |tagger| tagger.email.as_str()),
                committer: "",
            };
            let mut judgement = policy.judge(&checked, stated, as_of);
            // The signature is over the tag's own name; a repository may put it under another one.
            if let Some(own) = tag.own_name.as_ref().filter(|own| tag.signed.is_some() && **own != tag.name) {
                let own = plimsoll_model::excerpt(own, 80);
                judgement.reason = Some(format!("it was signed as the tag \"{own}\""));
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

/// What no signature is worth.
pub const UNSIGNED: Checked = Checked { scheme: SignatureScheme::None, proof: Proof::Unsigned };
