//! The keys that signed the commits and tags of a history: what each of them signed, when, and under which addresses.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_model::SignatureScheme;
use plimsoll_snapshot::{Commit, TagRecord};
use plimsoll_trust::{Checked, Judgement, KeyMaterial, SignedBy};
use serde::Serialize;

use crate::{
    Context,
    base::Base,
    collectors::history::Tracer,
    signatures::{check_tag, judge_commit, judge_tags},
};

/// Characters of an OpenPGP key id.
const KEY_ID: usize = 16;
/// Addresses that are kept of one key; a forge's may sign for anybody.
const MOST_ADDRESSES: usize = 1000;
/// Names of tags that are kept of one key.
const MOST_TAGS: usize = 10_000;

/// Every key of a history.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signers {
    /// Where the range begins: a release tag by its name, or the base commit of the policy; none where the range is all of the history.
    pub since: Option<String>,
    /// Commits of the range.
    pub commits_in_range: usize,
    /// Of these, without a signature.
    pub unsigned_in_range: usize,
    /// Of these, with a signature that names no key.
    pub nameless_in_range: usize,
    /// Commits of the history.
    pub commits: usize,
    /// Of these, without a signature.
    pub unsigned: usize,
    /// Annotated tags that are not signed.
    pub unsigned_tags: usize,
    /// The keys: signers of tags first, then by commits.
    pub signers: Vec<Signer>,
    /// What of the history could not be read.
    pub gaps: Vec<String>,
}

/// One key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signer {
    /// How it signs.
    pub scheme: SignatureScheme,
    /// The full fingerprint, or the key id where the signature says no more.
    pub key: String,
    /// Whose it is.
    pub owner: Owner,
    /// Commits of the range that it signed.
    pub commits_in_range: usize,
    /// Commits of the history that it signed.
    pub commits: usize,
    /// Tags that it signed, by name.
    pub tags: BTreeSet<String>,
    /// Of these, releases' by their names.
    pub release_tags: usize,
    /// Signatures that were computed and are over what they are on.
    pub fitting: usize,
    /// Signatures that are not.
    pub bad: usize,
    /// The first day (UTC), as commits and tags state it.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// Under which addresses, and how many commits and tags each: of a commit the committer's.
    pub addresses: BTreeMap<String, usize>,
    /// Of these, those that the policy does not name for the key: what it signed under them is answered by no one.
    pub unnamed: BTreeSet<String>,
    /// Is the key here: in the policy, built in, or in the signatures themselves?
    pub at_hand: bool,
    /// What the signatures bring of it.
    #[serde(skip)]
    pub material: Option<KeyMaterial>,
}

/// Whose key it is, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Owner {
    /// Someone that the policy names.
    Policy {
        /// The user id, principal or identity.
        name: Option<String>,
        /// The name of the party, where the policy says it.
        party: Option<String>,
    },
    /// A forge, which signs what its buttons make.
    Forge {
        /// Its name.
        name: Option<String>,
        /// Does the policy name it? Else it is built in, and answers for nothing.
        policy: bool,
    },
    /// No one that the policy names.
    Unknown,
}

/// What one signature says.
struct One<'a> {
    judgement: Judgement,
    checked: &'a Checked,
    address: &'a str,
    time: Option<i64>,
    in_range: bool,
    tag: Option<(&'a str, bool)>,
}

pub(crate) fn signers(cx: &Context<'_>) -> Result<Signers, String> {
    let history = cx.history.as_ref().map_err(Clone::clone)?;
    let tracer = Tracer::new(history, cx);
    let releases = tracer.releases(&|_| true);
    let base = Base::of(cx.policy, history);
    let as_of = cx.as_of.as_second();
    let mut found = Signers {
        since: base.since(releases.before, history),
        commits: history.commits.len(),
        gaps: crate::collectors::history::gaps(history),
        ..Signers::default()
    };
    let mut keys = Keys::default();
    for commit in history.commits.iter() {
        let in_range = !releases.contains(commit.place()) && !base.contains(commit.place());
        let checked = cx.computed.of(commit.place());
        let judgement = judge_commit(cx.policy, commit, checked, as_of);
        found.commits_in_range += usize::from(in_range);
        found.unsigned += usize::from(!judgement.signed);
        found.unsigned_in_range += usize::from(in_range && !judgement.signed);
        found.nameless_in_range += usize::from(in_range && judgement.signed && judgement.key.is_none());
        let (address, time) = (commit.committer().email.as_str(), Commit::committed(commit));
        keys.add(&One { judgement, checked, address, time, in_range, tag: None }, cx);
    }
    let judged = judge_tags(cx.policy, &history.tags, as_of);
    for tag in history.tags.iter().filter(|tag| tag.id.is_some()) {
        let Some(one) = judged.iter().find(|one| one.tag.as_deref() == Some(&tag.name)) else { continue };
        found.unsigned_tags += usize::from(!one.judgement.signed);
        let checked = check_tag(cx.policy, tag);
        keys.add(&of_tag(tag, one.judgement.clone(), &checked, releases.is_release(&tag.name)), cx);
    }
    found.signers = keys.merged();
    Ok(found)
}

fn of_tag<'a>(tag: &'a TagRecord, judgement: Judgement, checked: &'a Checked, release: bool) -> One<'a> {
    let address = tag.tagger.as_ref().map_or("", |tagger| tagger.email.as_str());
    One { judgement, checked, address, time: tag.made, in_range: false, tag: Some((&tag.name, release)) }
}

#[derive(Default)]
struct Keys(BTreeMap<(SignatureScheme, String), Signer>);

impl Keys {
    fn add(&mut self, one: &One<'_>, cx: &Context<'_>) {
        let Some(key) = one.judgement.key.clone() else { return };
        let scheme = one.judgement.scheme;
        let signer = self.0.entry((scheme, key.clone())).or_insert_with(|| Signer::new(scheme, key));
        signer.add(one, cx);
    }

    /// Puts what is known by its key id to the key whose fingerprint ends so, where there is one alone, and sorts.
    fn merged(mut self) -> Vec<Signer> {
        let ids: Vec<(SignatureScheme, String)> = self
            .0
            .keys()
            .filter(|(scheme, key)| *scheme == SignatureScheme::OpenPgp && key.len() == KEY_ID)
            .cloned()
            .collect();
        for id in ids {
            let whole: Vec<_> = self
                .0
                .keys()
                .filter(|one| one.0 == id.0 && one.1.len() > KEY_ID && one.1.ends_with(&id.1))
                .cloned()
                .collect();
            if let [whole] = whole.as_slice()
                && let Some(part) = self.0.remove(&id)
                && let Some(signer) = self.0.get_mut(whole)
            {
                signer.join(part);
            }
        }
        let mut signers: Vec<Signer> = self.0.into_values().collect();
        signers.sort_by_key(|one| {
            std::cmp::Reverse((one.release_tags.min(1), one.commits_in_range, one.commits, one.tags.len()))
        });
        signers
    }
}

impl Signer {
    fn new(scheme: SignatureScheme, key: String) -> Self {
        Self {
            scheme,
            key,
            owner: Owner::Unknown,
            commits_in_range: 0,
            commits: 0,
            tags: BTreeSet::new(),
            release_tags: 0,
            fitting: 0,
            bad: 0,
            from: None,
            to: None,
            addresses: BTreeMap::new(),
            unnamed: BTreeSet::new(),
            at_hand: false,
            material: None,
        }
    }

    fn add(&mut self, one: &One<'_>, cx: &Context<'_>) {
        match one.tag {
            Some((name, release)) => {
                if self.tags.len() < MOST_TAGS {
                    self.tags.insert(name.to_owned());
                }
                self.release_tags += usize::from(release);
            }
            None => self.commits += 1,
        }
        self.commits_in_range += usize::from(one.in_range);
        let (fits, at_hand) = (one.checked.fits(), one.checked.key_is_at_hand());
        self.fitting += usize::from(fits);
        self.bad += usize::from(one.judgement.verdict == plimsoll_trust::Verdict::Bad);
        self.at_hand |= at_hand;
        if fits && self.material.is_none() {
            self.material = one.checked.material();
        }
        let day = one.time.and_then(day);
        self.from = [self.from, day].into_iter().flatten().min();
        self.to = self.to.max(day);
        let address = one.address.trim().to_lowercase();
        if self.addresses.len() < MOST_ADDRESSES || self.addresses.contains_key(&address) {
            let other = one.tag.is_none() && one.judgement.by == SignedBy::Other;
            self.unnamed.extend(other.then(|| address.clone()));
            *self.addresses.entry(address).or_default() += 1;
        }
        if self.owner == Owner::Unknown {
            self.owner = Owner::of(&one.judgement, cx);
        }
    }

    fn join(&mut self, other: Self) {
        self.commits += other.commits;
        self.commits_in_range += other.commits_in_range;
        self.release_tags += other.release_tags;
        self.fitting += other.fitting;
        self.bad += other.bad;
        self.tags.extend(other.tags);
        self.from = [self.from, other.from].into_iter().flatten().min();
        self.to = self.to.max(other.to);
        self.unnamed.extend(other.unnamed);
        for (address, count) in other.addresses {
            *self.addresses.entry(address).or_default() += count;
        }
    }
}

impl Owner {
    fn of(judgement: &Judgement, cx: &Context<'_>) -> Self {
        let forge = || judgement.key.as_deref().and_then(plimsoll_trust::forge_of_key).map(|forge| forge.name.clone());
        match judgement.by {
            SignedBy::Forge => Self::Forge { name: forge(), policy: !judgement.reported },
            SignedBy::Unknown => match forge() {
                name @ Some(_) => Self::Forge { name, policy: false },
                None => Self::Unknown,
            },
            SignedBy::Author | SignedBy::Committer | SignedBy::Other => {
                let party = judgement.party.as_ref().and_then(|id| cx.policy.party(id));
                Self::Policy { name: judgement.signer.clone(), party: party.map(|party| party.name.clone()) }
            }
        }
    }
}

fn day(seconds: i64) -> Option<Date> {
    Timestamp::from_second(seconds).ok().map(|time| time.to_zoned(TimeZone::UTC).date())
}
