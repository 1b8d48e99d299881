//! From what was computed to a verdict for a moment.

use super::{Entry, Role, TrustPolicy};
use crate::{
    Checked, Judgement, Proof, SignedBy, SourceName, Stated, Verdict,
    checked::NameKind,
    forges,
    openpgp::SigningKey,
    ssh::{self, Standing},
};
use plimsoll_model::SignatureScheme;

/// A verdict with its reason.
pub(super) type Ruling = (Verdict, Option<String>);

fn because(verdict: Verdict, reason: &str) -> Ruling {
    (verdict, Some(reason.to_owned()))
}

impl TrustPolicy {
    /// Judges what was computed of the signature of a commit or tag, for the time that it states and for `as_of` (seconds
    /// since 1970). Total.
    pub fn judge(&self, checked: &Checked, stated: Stated<'_>, as_of: i64) -> Judgement {
        let mut judgement = Judgement { signed: checked.is_signature(), ..Judgement::error(checked.scheme, None) };
        match &checked.proof {
            Proof::Unsigned => judgement.rule((Verdict::Unsigned, None), 'N'),
            Proof::Error { reason } => judgement.rule(because(Verdict::Error, reason), git_of_error(checked.scheme)),
            Proof::Malformed { reason } => {
                judgement.rule(because(Verdict::Bad, reason), git_of_error(checked.scheme));
            }
            Proof::NotComputed { key, reason } => {
                judgement.key.clone_from(key);
                judgement.rule(because(Verdict::Error, reason), git_of_error(checked.scheme));
            }
            Proof::Bad { key, reason } => {
                judgement.key.clone_from(key);
                judgement.rule(because(Verdict::Bad, reason), 'B');
            }
            Proof::Weak { key, reason } => {
                judgement.key.clone_from(key);
                judgement.rule(because(Verdict::Weak, reason), git_of_error(checked.scheme));
            }
            Proof::UnknownKey { key } => {
                judgement.key.clone_from(key);
                let forge = key.as_deref().and_then(forges::named_by).map(|forge| forge.name.as_str());
                let reason = match forge {
                    Some(forge) => {
                        format!("the trust policy does not have the key, which is the one of {forge}'s buttons")
                    }
                    None => "the trust policy does not have the key".to_owned(),
                };
                judgement.rule((Verdict::UnknownKey, Some(reason)), 'E');
            }
            Proof::OpenPgp { key, made, expires, weak_digest, weak } => {
                judgement.key = Some(key.clone());
                let reported = || self.reported.as_ref()?.get(key);
                let own = self.keyring.get(key);
                let Some(signing) = own.or_else(reported) else {
                    judgement.rule(because(Verdict::UnknownKey, "the trust policy does not have the key"), 'E');
                    return judgement;
                };
                let moment = stated.time.max(*made);
                let (entry, now) = self.best(signing, |entry| openpgp(signing, entry, *expires, as_of));
                let (_, then) = self.best(signing, |entry| openpgp(signing, entry, *expires, moment));
                judgement.signer = Some(signing.user.clone());
                judgement.belongs(
                    entry,
                    self.is_forge(signing.entries.iter()),
                    |address| {
                        signing.is_of(address, moment)
                            || signing
                                .entries
                                .iter()
                                .filter_map(|at| self.entries.get(*at))
                                .any(|entry| entry.names(address))
                    },
                    stated,
                );
                judgement.reported = own.is_none();
                let letter = letter(now.0);
                judgement.rule(now, letter);
                judgement.at_commit = then.0;
                if judgement.reason.is_none() {
                    judgement.reason =
                        weak_digest.as_ref().map(|digest| format!("its digest is {digest}, which is weak"));
                }
                if let Some(reason) = weak {
                    judgement.lower(Verdict::Weak, reason);
                }
            }
            Proof::Ssh { key, blob, .. } => {
                judgement.key = Some(key.clone());
                self.judge_ssh(&mut judgement, blob, stated, as_of);
            }
            Proof::Unanchored { key, signer, reason } => {
                judgement.key = Some(key.clone());
                judgement.signer = Some(signer.clone());
                judgement.rule(because(Verdict::Untrusted, reason), 'U');
            }
            Proof::X509 { key, signer, names, issuer, run_of, from, until, proven, group } => {
                judgement.key = Some(key.clone());
                judgement.signer = Some(signer.clone());
                let entry = self.groups.get(*group).into_iter().flat_map(|group| &group.entries).find_map(|at| {
                    let entry = self.entries.get(*at)?;
                    let issued = entry.issuer.as_ref().is_none_or(|expected| expected == issuer);
                    let is_named = |pattern: &String| {
                        names.iter().any(|(kind, name)| crate::identity::names_kind(pattern, *kind, name))
                    };
                    let named = entry.identities.iter().any(is_named);
                    let counts = self.counts_run(entry, names, run_of.as_deref());
                    (issued && counts && (named || (entry.identities.is_empty() && entry.issuer.is_none())))
                        .then_some(entry)
                });
                let at = |time: i64| certificate(checked.scheme, entry, (*from, *until), *proven, time);
                let (now, then) = (at(as_of), at(stated.time));
                let is_forge = entry.is_some_and(|entry| entry.role == Role::Forge);
                judgement.belongs(
                    entry,
                    is_forge,
                    |address| {
                        names
                            .iter()
                            .any(|(kind, name)| *kind == NameKind::Address && name.eq_ignore_ascii_case(address))
                            || entry.is_some_and(|entry| entry.names(address))
                    },
                    stated,
                );
                let letter = letter(now.0);
                judgement.rule(now, letter);
                judgement.at_commit = then.0;
            }
        }
        judgement
    }

    /// Does a run of this repository count under the names of a certificate that asked for none, or for it? Everyone who calls a
    /// workflow of another repository has its address as a name.
    fn counts_run(&self, entry: &Entry, names: &[(NameKind, String)], run: Option<&str>) -> bool {
        let Some(run) = run else { return entry.run_of.is_empty() };
        match SourceName::read(run) {
            None => false,
            Some(run) if entry.run_of.is_empty() => {
                self.attestations.repositories().contains(&run) || !names.iter().any(|(_, name)| run.calls(name))
            }
            Some(run) => entry.run_of.contains(&run),
        }
    }

    fn judge_ssh(&self, judgement: &mut Judgement, blob: &[u8], stated: Stated<'_>, as_of: i64) {
        let standing = self.allowed.standing(blob, stated.time);
        let revoked = self.revoked.holds(blob);
        // git asks for revoked keys only where it has found whose key it is.
        let known = matches!(standing, Standing::Signer { .. } | Standing::OtherPurpose { .. });
        let rule = |standing: &Standing, time: i64| match standing {
            _ if revoked => because(Verdict::RevokedKey, "the trust policy revokes the key"),
            Standing::Signer { policies, .. } => self.best_of(policies.iter(), |entry| in_window(entry, time)).1,
            Standing::OtherPurpose { .. } => because(Verdict::Bad, "the key may not sign for git"),
            Standing::OtherTime { ended: true, .. } => because(Verdict::ExpiredKey, "the key has ended"),
            Standing::OtherTime { .. } => because(Verdict::Untrusted, "the key counts only from later on"),
            Standing::Nobody => because(Verdict::Untrusted, "the trust policy names nobody for the key"),
        };
        let then = rule(&standing, stated.time);
        let now = rule(&self.allowed.standing(blob, as_of), as_of).0;
        let letter = match then.0 {
            Verdict::Good => 'G',
            Verdict::RevokedKey if known => 'B',
            Verdict::Bad => 'B',
            _ => 'U',
        };
        judgement.signer = match &standing {
            Standing::Signer { principal, .. }
            | Standing::OtherPurpose { principal }
            | Standing::OtherTime { principal, .. } => Some(principal.clone()),
            Standing::Nobody => None,
        };
        if let Standing::Signer { policies, .. } = &standing {
            let (mut entry, _) = self.best_of(policies.iter(), |entry| in_window(entry, stated.time));
            let mut own = Vec::new();
            for address in [stated.author, stated.committer] {
                let naming = self.allowed.entries_that_name(address, blob, stated.time);
                if let Some(first) = naming.first() {
                    // The line that names who made the change says whose key it is.
                    if own.is_empty() && !policies.contains(first) {
                        entry = self.entries.get(*first);
                    }
                    own.push(address);
                }
            }
            if let Some(address) = own.first() {
                judgement.signer = Some((*address).to_owned());
            }
            let is_forge = self.is_forge(policies.iter());
            judgement.belongs(
                entry,
                is_forge,
                |address| own.iter().any(|one| one.eq_ignore_ascii_case(address)),
                stated,
            );
        }
        judgement.rule(then, letter);
        judgement.as_of = now;
    }

    /// The ruling by the entry of the policy that is the best for the key: a key counts in any of its windows.
    fn best(&self, key: &SigningKey, rule: impl Fn(Option<&Entry>) -> Ruling) -> (Option<&Entry>, Ruling) {
        self.best_of(key.entries.iter(), rule)
    }

    pub(super) fn best_of<'a>(
        &self,
        entries: impl Iterator<Item = &'a usize>,
        rule: impl Fn(Option<&Entry>) -> Ruling,
    ) -> (Option<&Entry>, Ruling) {
        let mut first = None;
        for entry in entries.filter_map(|at| self.entries.get(*at)) {
            let ruling = rule(Some(entry));
            if ruling.0 == Verdict::Good {
                return (Some(entry), ruling);
            }
            first = first.or(Some((Some(entry), ruling)));
        }
        first.unwrap_or_else(|| (None, rule(None)))
    }

    /// Does any of the entries say that the key is a forge's? Then it is nobody's.
    pub(super) fn is_forge<'a>(&self, mut entries: impl Iterator<Item = &'a usize>) -> bool {
        entries.any(|at| self.entries.get(*at).is_some_and(|entry| entry.role == Role::Forge))
    }
}

impl Entry {
    /// Does the policy say that its keys are used under this address?
    fn names(&self, address: &str) -> bool {
        ssh::names(address, &self.addresses.join(","))
    }
}

impl Judgement {
    /// The same verdict at every moment.
    fn rule(&mut self, (verdict, reason): Ruling, letter: char) {
        (self.verdict, self.at_commit, self.as_of, self.git, self.reason) = (verdict, verdict, verdict, letter, reason);
    }

    /// It proves less than it seemed: what was good is not.
    fn lower(&mut self, to: Verdict, reason: &str) {
        for verdict in [&mut self.verdict, &mut self.at_commit, &mut self.as_of] {
            if *verdict == Verdict::Good {
                *verdict = to;
                self.reason = Some(reason.to_owned());
            }
        }
    }

    fn belongs(&mut self, entry: Option<&Entry>, is_forge: bool, is_own: impl Fn(&str) -> bool, stated: Stated<'_>) {
        let Some(entry) = entry else { return };
        self.party.clone_from(&entry.party);
        self.by = if is_forge {
            SignedBy::Forge
        } else if is_own(stated.author) {
            SignedBy::Author
        } else if is_own(stated.committer) {
            SignedBy::Committer
        } else {
            SignedBy::Other
        };
    }
}

/// The letter of git for what its programs say as `GOODSIG`, `EXPSIG`, `EXPKEYSIG`, `REVKEYSIG`.
fn letter(verdict: Verdict) -> char {
    match verdict {
        Verdict::Good => 'G',
        Verdict::Bad => 'B',
        Verdict::ExpiredKey => 'Y',
        Verdict::ExpiredSignature => 'X',
        Verdict::RevokedKey => 'R',
        Verdict::Untrusted => 'U',
        Verdict::UnknownKey | Verdict::NoTimeProof | Verdict::Weak | Verdict::Error => 'E',
        Verdict::Unsigned => 'N',
    }
}

/// ssh-keygen has but one word for what does not verify; gpg tells what cannot be checked apart.
fn git_of_error(scheme: SignatureScheme) -> char {
    if scheme == SignatureScheme::Ssh { 'B' } else { 'E' }
}

/// In the order in which gpg tells them (`g10/mainproc.c`, `check_sig_and_print`).
fn openpgp(key: &SigningKey, entry: Option<&Entry>, expires: Option<i64>, time: i64) -> Ruling {
    if expires.is_some_and(|end| end <= time) {
        return because(Verdict::ExpiredSignature, "the signature says that it has ended");
    }
    if key.expires.is_some_and(|end| end <= time) {
        return because(Verdict::ExpiredKey, "the key has ended");
    }
    match key.revoked {
        Some(revoked) if revoked.total => return because(Verdict::RevokedKey, "the key was revoked"),
        Some(revoked) if revoked.made <= time => return because(Verdict::RevokedKey, "the key was retired"),
        _ => {}
    }
    if time < key.created {
        return because(Verdict::Untrusted, "the key was made later");
    }
    in_window(entry, time)
}

pub(super) fn in_window(entry: Option<&Entry>, time: i64) -> Ruling {
    match entry {
        None => because(Verdict::Untrusted, "no entry of the trust policy speaks of the key"),
        Some(entry) if entry.after.is_some_and(|after| time < after) => {
            because(Verdict::Untrusted, "the trust policy trusts the key only from later on")
        }
        Some(entry) if entry.before.is_some_and(|before| time >= before) => {
            because(Verdict::Untrusted, "the trust policy trusted the key only until earlier")
        }
        Some(_) => (Verdict::Good, None),
    }
}

fn certificate(
    scheme: SignatureScheme,
    entry: Option<&Entry>,
    (from, until): (i64, i64),
    proven: Option<i64>,
    time: i64,
) -> Ruling {
    // A certificate of minutes was valid at the moment that the log proves; now it never is.
    let time = match (scheme, proven) {
        (SignatureScheme::Gitsign, None) => {
            return because(Verdict::NoTimeProof, "nothing proves that it was made while its certificate held");
        }
        (_, Some(proven)) => proven,
        (_, None) => time,
    };
    if time < from {
        return because(Verdict::Untrusted, "the certificate holds only from later on");
    }
    if time > until {
        return because(Verdict::ExpiredKey, "the certificate has ended");
    }
    match entry {
        Some(_) => (Verdict::Good, None),
        None => because(Verdict::Untrusted, "the trust policy does not name this identity and issuer"),
    }
}
