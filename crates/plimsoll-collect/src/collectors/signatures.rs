//! What the signatures of commits and tags are worth by the trust policy, and whether the history was rewritten.

mod continuity;

use std::collections::{BTreeSet, HashMap};

use plimsoll_model::{Assurance, EveryCommit, InputId, Kind, Pointer, Rests, Subject};
use plimsoll_snapshot::{Commit, History};
use plimsoll_trust::{Judgement, PersonNames, SignedBy, TrustPolicy, Verdict};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use self::continuity::{CONTINUITY, continuity};
use super::history::{self, MOST_COMMITS, Tracer};
use crate::{
    Collector, Context, Gathered, Need,
    base::Base,
    signatures::{judge_commit, judge_tags},
};

/// Commits that the sums name as not answered for.
const NAMED: usize = 10;

/// The signature of one commit that has one.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CommitSignatureFact {
    #[serde(flatten)]
    judged: Judged,
    /// Not contained in the product's newest release before the commit that is examined, by the names of tags?
    since_release: bool,
    /// Is there a trace of a second person? Who committed is none where a forge signed.
    second_person: bool,
}

/// The signature of one annotated tag.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct TagSignatureFact {
    /// The tag's name.
    name: String,
    #[serde(flatten)]
    judged: Judged,
    /// Does its name read as a release's, of whatever package?
    release: bool,
    /// The newest release of the product?
    newest: bool,
    /// Does it stand on the commit that is examined?
    here: bool,
}

/// What a signature is worth.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Judged {
    /// `openpgp`, `ssh`, `x509`, `gitsign`, `none`, `unknown`.
    scheme: &'static str,
    /// The verdict as git's programs come to it.
    verdict: Verdict,
    /// The verdict at the time that the commit or tag states.
    at_commit: Verdict,
    /// The verdict at the as-of time.
    as_of: Verdict,
    /// The letter of `git log --format=%G?`.
    git: String,
    /// Who signed, where the policy knows.
    signer: Option<String>,
    /// The key.
    key: Option<String>,
    /// Whose key it is.
    by: SignedBy,
    /// The party of the policy.
    party: Option<String>,
    /// The name of that party.
    party_name: Option<String>,
    /// Is that the name of whoever claims to stand behind the product?
    claimant: bool,
    /// Why it is not good.
    reason: Option<String>,
}

impl Judged {
    fn of(judgement: Judgement, cx: &Context<'_>) -> Self {
        let party_name = judgement.party.as_ref().and_then(|id| cx.policy.party(id)).map(|party| party.name.clone());
        Self {
            scheme: judgement.scheme.as_str(),
            verdict: judgement.verdict,
            at_commit: judgement.at_commit,
            as_of: judgement.as_of,
            git: judgement.git.to_string(),
            signer: judgement.signer,
            key: judgement.key,
            by: judgement.by,
            party: judgement.party,
            claimant: party_name.as_deref().is_some_and(|name| cx.claims.is_claimant(name)),
            party_name,
            reason: judgement.reason,
        }
    }
}

/// Sums over a part of the history.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct TotalsFact {
    /// `since-release` (commits since the product's release before this commit, by the names of tags), `since-verified` (since
    /// such a release whose tag a key of the trust policy has signed: a tag that nobody signed may be laid anywhere, and whatever
    /// lies before it would not be looked at) or `all`. What the base commit of the policy contains is in neither of the first two.
    /// Where there is no such release the part is all of the history.
    part: &'static str,
    /// The tag where the part begins, or the base commit of the policy where that is later; none where it is all of the history.
    since: Option<String>,
    /// Was a trust policy given that names anybody who signs commits?
    policy: bool,
    /// Was one given that names anybody who signs tags?
    tag_policy: bool,
    /// Has the trust policy a party with the name of whoever claims to stand behind the product?
    claimant_known: bool,
    /// Why it cannot be told which release is the product's newest, in one clause.
    release_not_known: Option<String>,
    /// Commits.
    commits: usize,
    /// Of these, with a signature, whatever it is worth.
    signed: usize,
    /// Signed and good when they were made, by the policy.
    verified: usize,
    /// Of these, by the author's own key.
    by_author: usize,
    /// By the committer's key.
    by_committer: usize,
    /// By the key of somebody else whom the policy knows.
    by_other: usize,
    /// By a forge's key, of the policy or built in.
    by_forge: usize,
    /// Of these, by a key of the policy and with a trace of a second person.
    by_forge_reviewed: usize,
    /// Signatures that are not over the commit, or that only begin like one.
    bad: usize,
    /// Signatures of kinds that cannot be computed or read here, or that prove nothing.
    not_computed: usize,
    /// The commits that these stand on, the newest first; at most ten.
    bad_commits: Vec<String>,
    /// Signatures whose key the policy does not have or does not name.
    unknown: usize,
    /// Commits that somebody answers for: the author's or committer's own key, or a forge's that the
    /// policy names with a trace of a second person. A forge's key that is built in shows whose button it was, and answers for nothing.
    answered: usize,
    /// Commits that nobody answers for, the newest first; at most ten.
    unanswered: Vec<String>,
    /// Of the part that is all of the history, a digest over what the signature of each commit is worth, signed or not: its id,
    /// then scheme, verdict, atCommit, asOf, git, signer, key, by, party, claimant and reason as in `commit-signature`, then
    /// since-release, since-verified and second-person.
    #[serde(skip_serializing_if = "Option::is_none")]
    every_commit: Option<EveryCommit>,
}

const COMMIT_SIGNATURE: Kind = Kind::of::<CommitSignatureFact>(
    "commit-signature",
    "What the signature of one commit since the product's release before this commit is worth.",
)
.resting_on(ON_TRUST)
.of_first_day();
const TAG_SIGNATURE: Kind =
    Kind::of::<TagSignatureFact>("tag-signature", "What the signature of one annotated tag is worth.")
        .resting_on(ON_TRUST)
        .of_first_day();
const TOTALS: Kind = Kind::of::<TotalsFact>("signature-totals", "The signatures of the commits in numbers.")
    .resting_on(ON_TRUST)
    .of_first_day()
    .once_for(&["part"])
    .with_parts(&[
        ("commits", &["signed", "verified", "bad", "notComputed", "unknown"]),
        ("verified", &["byAuthor", "byCommitter", "byOther", "byForge", "answered"]),
        ("byForge", &["byForgeReviewed"]),
    ]);
/// The commits and tags themselves do not depend on who is trusted.
const ON_TRUST: &[Rests] =
    &[Rests::words(InputId::Trust), Rests::words(InputId::AttestationTrust), Rests::words(InputId::Forges)];

/// Signatures of commits and tags.
pub struct Signatures;

impl Collector for Signatures {
    fn name(&self) -> &'static str {
        "signatures"
    }

    fn about(&self) -> &'static str {
        "Every signature of commits and tags, verified against the trust policy, and whether the history was rewritten."
    }

    fn states(&self) -> &'static [Kind] {
        &[COMMIT_SIGNATURE, TAG_SIGNATURE, TOTALS, CONTINUITY]
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Signatures]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        match cx.history {
            Ok(history) => gather(history, cx),
            Err(reason) => {
                self.states().iter().map(|kind| Gathered::unavailable(kind, "commits", reason.clone())).collect()
            }
        }
    }
}

fn gather(history: &History, cx: &Context<'_>) -> Vec<Gathered> {
    let count = history.commits.len() as u64;
    let mut commits = Gathered::searched(&COMMIT_SIGNATURE, "commits", count);
    let mut tags = Gathered::searched(&TAG_SIGNATURE, "tags on the history", history.tags.len() as u64);
    let mut totals = Gathered::searched(&TOTALS, "commits", count);
    for gap in history::gaps(history) {
        commits.gap(gap.clone());
        totals.gap(gap.clone());
        tags.gap(gap);
    }
    if let Some(gap) = history::hidden_releases(history) {
        totals.gap(format!("{gap}, so what came after the last release is not known"));
        commits.gap(format!("{gap}, so what came after the last release is not known"));
        tags.gap(format!("{gap}, so which release is the newest is not known"));
    }
    if let Some(first) = history.unreadable_tags.first() {
        tags.gap(format!(
            "{} cannot be read, {first} among them",
            plimsoll_model::plural(history.unreadable_tags.len(), "tag", "tags")
        ));
    }
    for gap in cx.policy.gaps() {
        commits.limitation(format!("A file of the trust policy could not be understood: {gap}"));
    }
    if !cx.policy.names_signers_of_commits() {
        for gathered in [&mut commits, &mut tags] {
            gathered.limitation(
                "No trust policy was given that names who signs commits and tags (--trust, --keyring, --allowed-signers): no \
                 signature of them counts as verified.",
            );
        }
    }
    let as_of = cx.as_of.as_second();
    let head = cx.snapshot.commit();
    let judged_tags = judge_tags(cx.policy, &history.tags, as_of);
    let good: BTreeSet<&str> = judged_tags
        .iter()
        .filter(|one| one.judgement.at_commit == Verdict::Good && one.judgement.by != SignedBy::Forge)
        .filter_map(|one| one.tag.as_deref())
        .collect();
    let tracer = Tracer::new(history, cx);
    let base = Base::of(cx.policy, history);
    if let Some(gap) = base.gap(cx.policy) {
        commits.limitation(gap);
    }
    let by_name = tracer.releases(&|_| true);
    let by_proof = tracer.releases(&|tag| good.contains(tag.name.as_str()));
    let release_not_known = by_name.unknown.clone();
    let judge = |commit: Commit<'_>| judge_commit(cx.policy, commit, cx.computed.of(commit.place()), as_of);
    let claimant_known = cx.policy.parties().any(|party| cx.claims.is_claimant(&party.name));
    let policy = (cx.policy.names_signers_of_commits(), cx.policy.names_signers_of_tags(), claimant_known);
    let totals_of = |part, since| Totals::new(part, since, policy, release_not_known.clone());
    let mut since_release = totals_of("since-release", base.since(by_name.before, history));
    let mut since_verified = totals_of("since-verified", base.since(by_proof.before, history));
    let mut all = totals_of("all", None);
    let known = KnownPeople::of(history, &judge, cx.policy);
    let weighed: Vec<Weighed> = history
        .commits
        .par_iter()
        .map(|commit| {
            let (place, judgement) = (commit.place(), judge(commit));
            let trace = tracer.trace(commit, &by_name);
            let second_person = match judgement.by {
                // The committer is the forge's word, and a trailer is text: it has to name somebody who is known elsewhere.
                SignedBy::Forge => {
                    trace.by_merges || trace.reviewers.iter().any(|address| known.is_known_elsewhere(place, address))
                }
                _ => trace.second_person,
            };
            let claimant = judgement.party.as_ref().is_some_and(|id| is_claimant(id, cx));
            Weighed::of(
                &commit.id(),
                &judgement,
                claimant,
                [
                    trace.since_release && !base.contains(place),
                    !by_proof.contains(place) && !base.contains(place),
                    second_person,
                ],
            )
        })
        .collect();
    let mut listed = 0;
    for (commit, weighed) in history.commits.iter().zip(&weighed) {
        all.add(commit, weighed);
        if weighed.since_verified {
            since_verified.add(commit, weighed);
        }
        if !weighed.since_release {
            continue;
        }
        since_release.add(commit, weighed);
        listed += usize::from(weighed.verdict != Verdict::Unsigned);
        if weighed.verdict == Verdict::Unsigned || listed > MOST_COMMITS {
            continue;
        }
        let (id, judgement) = (commit.id(), judge(commit));
        let assurance = assurance(&judgement);
        let fact = CommitSignatureFact {
            judged: Judged::of(judgement, cx),
            since_release: true,
            second_person: weighed.second_person,
        };
        commits.push(Subject::commit(&id), assurance, &fact, vec![Pointer::commit(&id)]);
    }
    if let Some(gap) = history::only_counted(listed) {
        commits.gap(gap);
    }
    all.fact.every_commit = Some(EveryCommit::of(&weighed.iter().map(|one| one.digest).collect::<Vec<_>>()));
    // The sums are computed here, by cryptography where there is a policy to hold it against.
    let how = if cx.policy.names_signers_of_commits() { Assurance::Verified } else { Assurance::Observed };
    for sums in [since_release, since_verified, all] {
        let unanswered = sums.fact.unanswered.iter();
        let pointers = std::iter::once(&head).chain(unanswered).map(Pointer::commit).collect();
        totals.push(Subject::commit(&head), how, &sums.fact, pointers);
    }
    let here: BTreeSet<&str> =
        history.tags.iter().filter(|tag| tag.target == head).map(|tag| tag.name.as_str()).collect();
    for one in judged_tags {
        let Some(name) = one.tag else { continue };
        let assurance = assurance(&one.judgement);
        let fact = TagSignatureFact {
            judged: Judged::of(one.judgement, cx),
            here: here.contains(name.as_str()),
            release: by_name.is_release(&name),
            newest: by_name.newest == Some(name.as_str()),
            name: name.clone(),
        };
        tags.push(Subject::tag(&name), assurance, &fact, vec![Pointer::tag(&name)]);
    }
    vec![commits, tags, totals, continuity(history, cx)]
}

/// Who is known by more than a text in one commit.
struct KnownPeople {
    policy: PersonNames,
    /// Addresses of authors and committers of commits that verify, lower case: the first such commit, and whether there are more.
    verified: HashMap<String, (usize, bool)>,
}

impl KnownPeople {
    fn of(history: &History, judge: &(dyn Fn(Commit<'_>) -> Judgement + Sync), policy: &TrustPolicy) -> Self {
        let held = history.commits.par_iter().filter(|commit| {
            let judgement = judge(*commit);
            judgement.held() && !judgement.reported
        });
        let places: Vec<usize> = held.map(Commit::place).collect();
        let mut verified: HashMap<String, (usize, bool)> = HashMap::new();
        for commit in places.into_iter().filter_map(|place| history.commits.get(place)) {
            for person in [commit.author(), commit.committer()] {
                let known = verified.entry(person.email.trim().to_lowercase()).or_insert((commit.place(), false));
                known.1 |= known.0 != commit.place();
            }
        }
        Self { policy: policy.person_names(), verified }
    }

    /// Does the policy name this address, or did somebody write or commit under it another commit that verifies?
    fn is_known_elsewhere(&self, number: usize, address: &str) -> bool {
        let elsewhere = self.verified.get(address).is_some_and(|(first, more)| *more || *first != number);
        elsewhere || self.policy.has(address)
    }
}

/// What the policy's key proves is verified; anything else is what was seen.
fn assurance(judgement: &Judgement) -> Assurance {
    if judgement.held() { Assurance::Verified } else { Assurance::Observed }
}

/// Is the party the one that claims to be behind the product?
fn is_claimant(party: &str, cx: &Context<'_>) -> bool {
    cx.policy.party(party).is_some_and(|party| cx.claims.is_claimant(&party.name))
}

/// What the sums and the digest need of one commit, without its judgement.
struct Weighed {
    since_release: bool,
    since_verified: bool,
    second_person: bool,
    signed: bool,
    verdict: Verdict,
    /// By whose key, where it was good when it was made.
    held_by: Option<SignedBy>,
    /// Is the key one that is only reported?
    reported: bool,
    digest: [u8; 32],
}

impl Weighed {
    fn of(id: &str, judgement: &Judgement, claimant: bool, parts: [bool; 3]) -> Self {
        let Judgement { scheme, verdict, at_commit, as_of, git, signer, key, by, party, reason, .. } = judgement;
        let worth = (scheme.as_str(), verdict, at_commit, as_of, git, signer, key, by, party, claimant, reason);
        let [since_release, since_verified, second_person] = parts;
        let digest = EveryCommit::digest_of(&(id, worth, parts));
        let (signed, held_by) = (judgement.signed, judgement.held().then_some(*by));
        Self {
            since_release,
            since_verified,
            second_person,
            signed,
            verdict: *verdict,
            held_by,
            reported: judgement.reported,
            digest,
        }
    }
}

struct Totals {
    fact: TotalsFact,
}

impl Totals {
    fn new(
        part: &'static str,
        since: Option<String>,
        (policy, tag_policy, claimant_known): (bool, bool, bool),
        release_not_known: Option<String>,
    ) -> Self {
        let fact = TotalsFact {
            part,
            since,
            policy,
            tag_policy,
            claimant_known,
            release_not_known,
            commits: 0,
            signed: 0,
            verified: 0,
            by_author: 0,
            by_committer: 0,
            by_other: 0,
            by_forge: 0,
            by_forge_reviewed: 0,
            bad: 0,
            not_computed: 0,
            bad_commits: Vec::new(),
            unknown: 0,
            answered: 0,
            unanswered: Vec::new(),
            every_commit: None,
        };
        Self { fact }
    }

    fn add(&mut self, commit: Commit<'_>, weighed: &Weighed) {
        let sums = &mut self.fact;
        let Weighed { verdict, .. } = *weighed;
        let second_person = weighed.second_person && !weighed.reported;
        sums.commits += 1;
        sums.signed += usize::from(weighed.signed);
        sums.not_computed += usize::from(matches!(verdict, Verdict::Error | Verdict::Weak));
        if verdict == Verdict::Bad {
            sums.bad += 1;
            if sums.bad_commits.len() < NAMED {
                sums.bad_commits.push(commit.id());
            }
        }
        sums.unknown += usize::from(matches!(verdict, Verdict::UnknownKey | Verdict::Untrusted));
        let mut answered = false;
        if let Some(by) = weighed.held_by {
            sums.verified += 1;
            match by {
                SignedBy::Author => sums.by_author += 1,
                SignedBy::Committer => sums.by_committer += 1,
                SignedBy::Other | SignedBy::Unknown => sums.by_other += 1,
                SignedBy::Forge => sums.by_forge += 1,
            }
            sums.by_forge_reviewed += usize::from(by == SignedBy::Forge && second_person);
            answered = match by {
                SignedBy::Author | SignedBy::Committer => true,
                SignedBy::Forge => second_person,
                SignedBy::Other | SignedBy::Unknown => false,
            };
        }
        if answered {
            sums.answered += 1;
        } else if sums.unanswered.len() < NAMED {
            sums.unanswered.push(commit.id());
        }
    }
}
