//! `plimsoll trust check`: the signers that a policy trusts, in plain words, and what of it needs a look.

use anyhow::Result;
use jiff::{Timestamp, tz::TimeZone};
use plimsoll_collect::{Examination, Inputs, Owner, Signers, Target};
use plimsoll_model::{excerpt, plural};
use plimsoll_trust::{TrustPolicy, TrustedKey};

use crate::{args::CheckArgs, commands::table::wrapped, exit::Exit, input, output::Output};

/// What ends within these days is named.
const SOON: i64 = 90 * 24 * 60 * 60;
/// Keys that the policy does not name and that are shown.
const UNKNOWN: usize = 10;

pub fn run(args: &CheckArgs, output: &Output) -> Result<Exit> {
    let as_of = input::as_of(args.as_of);
    let mut policy = TrustPolicy::load(&args.policy)?;
    let keys = policy.described();
    let mut lines: Vec<String> = trusted(&policy, &keys, as_of);
    lines.extend(policy.gaps().iter().map(|gap| format!("not read: {gap}")));
    lines.extend(ends(&keys, as_of));
    if let Some(path) = &args.target {
        policy.report_forges();
        let mut inputs = Inputs::new(plimsoll::tool(), as_of).only(&["signatures"])?;
        inputs.policy = policy;
        let target = Target::at(path);
        let progress = output.progress();
        let tell = |what: &str| progress.tell(what);
        let examination = Examination::open(&target, &inputs, &tell)?;
        let found = examination.signers(&inputs).map_err(anyhow::Error::msg)?;
        drop(progress);
        let base = inputs.policy.base().filter(|base| !examination.has_commit(base));
        lines.extend(base.map(|base| format!("base: the history has no commit {base}, so all of it is asked for")));
        lines.extend(used(&keys, &found));
    }
    let columns = output.columns();
    let shown = |line: &String| match line.strip_prefix("  ") {
        Some(more) => wrapped("  ", more, columns),
        None => wrapped("", line, columns),
    };
    let text: String = lines.iter().map(shown).collect();
    output.print(text)?;
    Ok(Exit::Done)
}

fn day(seconds: i64) -> String {
    let zoned = Timestamp::from_second(seconds).map(|time| time.to_zoned(TimeZone::UTC).date().to_string());
    zoned.unwrap_or_else(|_| "another age".to_owned())
}

/// Who is trusted, and for what.
fn trusted(policy: &TrustPolicy, keys: &[TrustedKey], as_of: Timestamp) -> Vec<String> {
    let mut lines = Vec::new();
    if keys.is_empty() {
        lines.push("trusts no one for commits and tags".to_owned());
    }
    for key in keys {
        let role = if key.forge { "a forge: proves the merge, not who wrote the change" } else { "a person" };
        let party = key.party.as_ref().map(|party| format!(", of {}", excerpt(party, 80))).unwrap_or_default();
        let windows: Vec<String> = key
            .windows
            .iter()
            .filter_map(|window| match window {
                (None, None) => None,
                (Some(from), None) => Some(format!("from {}", day(*from))),
                (None, Some(until)) => Some(format!("until {}", day(*until))),
                (Some(from), Some(until)) => Some(format!("from {} until {}", day(*from), day(*until))),
            })
            .collect();
        let windows = if windows.is_empty() { String::new() } else { format!("; {}", windows.join(" and ")) };
        let name = excerpt(&key.name, 120);
        lines.push(format!("trusts {name} ({role}{party}){windows}"));
        // On a line of its own a fingerprint is not broken.
        lines.push(format!("  {} {}", key.scheme.as_str(), key.fingerprint));
        if key.copies > 1 {
            lines.push(format!("  {} copies of this certificate were merged", key.copies));
        }
        if let Some((since, never)) = key.revoked.filter(|(since, never)| *never || *since <= as_of.as_second()) {
            lines.push(if never {
                "  revoked: what it signed never counts".to_owned()
            } else {
                format!("  retired on {}: what it signed before counts", day(since))
            });
        }
    }
    if let Some(base) = policy.base() {
        lines.push(format!("base: what commit {base} contains is not asked for"));
    }
    lines
}

/// What has ended or ends soon.
fn ends(keys: &[TrustedKey], as_of: Timestamp) -> Vec<String> {
    let now = as_of.as_second();
    let ends = keys.iter().filter_map(|key| Some((key, key.end()?)));
    // Of a forge what ended is history, and what ends soon a new version of the program.
    ends.filter(|(key, end)| *end <= now.saturating_add(SOON) && !(key.forge && *end <= now))
        .map(|(key, end)| {
            let word = if end <= now { "ended" } else { "ends soon" };
            format!("{word}: {} on {}", key.fingerprint, day(end))
        })
        .collect()
}

/// What of the policy signed nothing in a repository, and what signed there and is not in the policy.
fn used(keys: &[TrustedKey], found: &Signers) -> Vec<String> {
    let mut lines = Vec::new();
    let signs = |key: &TrustedKey| {
        // What an authority vouches for has a key of its own.
        key.keys.is_empty() || key.keys.iter().any(|one| found.signers.iter().any(|signer| signer.key == *one))
    };
    for key in keys.iter().filter(|key| !signs(key)) {
        lines.push(format!("never used here: {} ({})", key.fingerprint, excerpt(&key.name, 80)));
    }
    for signer in &found.signers {
        let names: Vec<String> = signer.unnamed.iter().take(10).map(|one| excerpt(one, 80)).collect();
        if !names.is_empty() && matches!(signer.owner, Owner::Policy { .. }) {
            lines.push(format!(
                "not named: {} also signs as {}; add what is theirs to `addresses` or the principals",
                signer.key,
                names.join(", ")
            ));
        }
    }
    let unknown: Vec<_> = found.signers.iter().filter(|one| one.owner == Owner::Unknown).collect();
    for signer in unknown.iter().take(UNKNOWN) {
        let address = signer.addresses.keys().next().map(|one| excerpt(one, 80)).unwrap_or_default();
        let tags = match signer.tags.len() {
            0 => String::new(),
            tags => format!(" and {}", plural(tags, "tag", "tags")),
        };
        lines.push(format!(
            "not trusted: {} {} signed {}{tags} ({address})",
            signer.scheme.as_str(),
            signer.key,
            plural(signer.commits, "commit", "commits")
        ));
    }
    if unknown.len() > UNKNOWN {
        lines.push(format!("not trusted: {} more; plimsoll trust signers lists them", unknown.len() - UNKNOWN));
    }
    lines
}
