//! `plimsoll trust signers`: the keys that signed, and how much each of them signed. Trusts no one.

use std::path::Path;

use anyhow::Result;
use plimsoll_collect::{Examination, Owner, Signer, Signers};
use plimsoll_model::plural;

use crate::{
    args::{At, DataFormat, SignersArgs},
    commands::table::wrapped,
    exit::Exit,
    options,
    output::Output,
};

/// Keys that are shown in text.
const SHOWN: usize = 40;
/// Addresses of one key that are shown in text, and names of tags.
const ADDRESSES: usize = 4;
/// Keys that the sum at the top counts.
const TOP: usize = 3;

pub fn run(args: &SignersArgs, output: &Output) -> Result<Exit> {
    let found = found(&args.target, &args.at, output)?;
    for gap in &found.gaps {
        output.say(gap);
    }
    match args.format {
        DataFormat::Json => output.print(serde_json::to_string_pretty(&found)? + "\n")?,
        DataFormat::Text => output.print(text(&found, &args.target, output.columns()))?,
    }
    Ok(Exit::Done)
}

/// The keys of a history by the policy that the arguments name.
pub fn found(target: &Path, at: &At, output: &Output) -> Result<Signers> {
    let (target, inputs) = options::collection(target, at, Some(&["signatures"]), None)?;
    for gap in inputs.policy.gaps() {
        output.say(gap);
    }
    let progress = output.progress();
    let tell = |what: &str| progress.tell(what);
    let examination = Examination::open(&target, &inputs, &tell)?;
    examination.signers(&inputs).map_err(anyhow::Error::msg)
}

fn text(found: &Signers, target: &Path, columns: usize) -> String {
    let mut out = String::new();
    for line in sums(found) {
        out.push_str(&wrapped("", &line, columns));
    }
    for signer in found.signers.iter().take(SHOWN) {
        out.push('\n');
        out.push_str(&wrapped("", &format!("{} {}", signer.scheme.as_str(), signer.key), columns));
        for line in lines(signer, found) {
            out.push_str(&wrapped("  ", &line, columns));
        }
    }
    if found.signers.len() > SHOWN {
        let more = plural(found.signers.len() - SHOWN, "key", "keys");
        out.push_str(&wrapped("\n", &format!("and {more} more; --format json has all"), columns));
    }
    if found.signers.iter().any(|one| one.owner == Owner::Unknown) {
        let next = format!("Next: plimsoll trust draft {} --out trust", target.display());
        out.push('\n');
        out.push_str(&wrapped("", &next, columns));
    }
    out
}

/// How much the keys that signed most, and forges, answer for.
fn sums(found: &Signers) -> Vec<String> {
    let range = found.commits_in_range;
    let since = found.since.as_ref().map(|tag| format!(" since {tag}")).unwrap_or_default();
    let of_forge = |one: &&Signer| matches!(one.owner, Owner::Forge { .. });
    let by_forge: usize = found.signers.iter().filter(of_forge).map(|one| one.commits_in_range).sum();
    let mut forges: Vec<&str> = found.signers.iter().filter(of_forge).map(forge_name).collect();
    forges.sort_unstable();
    forges.dedup();
    let mut people: Vec<usize> = found
        .signers
        .iter()
        .filter(|one| !of_forge(one))
        .map(|one| one.commits_in_range)
        .filter(|count| *count > 0)
        .collect();
    people.sort_unstable_by(|one, other| other.cmp(one));
    let top: usize = people.iter().take(TOP).sum();
    let mut lines = vec![format!(
        "{}{since}: {} by {}, {} by the buttons of {}, {} not signed.",
        plural(range, "commit", "commits"),
        people.iter().sum::<usize>(),
        plural(people.len(), "key", "keys"),
        by_forge,
        if forges.is_empty() { "no known forge".to_owned() } else { forges.join(", ") },
        found.unsigned_in_range
    )];
    if people.len() > TOP {
        lines.push(format!("{TOP} keys signed {} of these, and together with the forge {}.", top, top + by_forge));
    }
    if found.since.is_some() {
        let signed = found.commits - found.unsigned;
        lines.push(format!(
            "In all {}, {} of them signed, by {}.",
            plural(found.commits, "commit", "commits"),
            signed,
            plural(found.signers.len(), "key", "keys")
        ));
    }
    lines
}

fn forge_name(signer: &Signer) -> &str {
    match &signer.owner {
        Owner::Forge { name: Some(name), .. } => name,
        _ => "a forge",
    }
}

fn lines(signer: &Signer, found: &Signers) -> Vec<String> {
    let owner = match &signer.owner {
        Owner::Policy { name, party } => {
            let name = name.as_deref().unwrap_or("a key of the policy");
            party.as_ref().map_or_else(|| format!("trusted: {name}"), |party| format!("trusted: {name} ({party})"))
        }
        Owner::Forge { policy: true, .. } => {
            format!("{}'s buttons, by your policy: proves the merge, not who wrote the change", forge_name(signer))
        }
        Owner::Forge { .. } if signer.fitting > 0 => {
            format!(
                "{}'s buttons, checked by a built-in key: proves the merge, not who wrote the change",
                forge_name(signer)
            )
        }
        Owner::Forge { .. } => format!("says that it is {}'s buttons; not checked", forge_name(signer)),
        Owner::Unknown => "not trusted: you have not said whose it is".to_owned(),
    };
    let mut signed = Vec::new();
    if signer.commits > 0 {
        let range = found.since.as_ref().map(|tag| format!("{} since {tag}, ", signer.commits_in_range));
        signed.push(format!("{}{} in all", range.unwrap_or_default(), plural(signer.commits, "commit", "commits")));
    }
    if !signer.tags.is_empty() {
        let releases = if signer.release_tags == signer.tags.len() {
            String::new()
        } else {
            format!(", {} of releases", signer.release_tags)
        };
        signed.push(plural(signer.tags.len(), "tag", "tags") + &releases);
    }
    let days = match (signer.from, signer.to) {
        (Some(from), Some(to)) if from != to => format!("; {from} to {to}"),
        (Some(day), _) => format!("; {day}"),
        _ => String::new(),
    };
    let mut lines = vec![owner, signed.join("; ") + &days];
    let mut addresses: Vec<(&String, &usize)> = signer.addresses.iter().collect();
    addresses.sort_by_key(|(address, count)| (std::cmp::Reverse(**count), (*address).clone()));
    let more = addresses.len().saturating_sub(ADDRESSES);
    let shown: Vec<&str> = addresses.iter().take(ADDRESSES).map(|(address, _)| address.as_str()).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    lines.push(format!("used by {}{more}", shown.join(", ")));
    lines.push(match (signer.at_hand, signer.bad) {
        (false, _) => "the key is not here: its signatures cannot be checked".to_owned(),
        (true, 0) => "the key is here, and its signatures fit".to_owned(),
        (true, bad) => format!("the key is here; {} not fit", plural(bad, "signature does", "signatures do")),
    });
    lines
}
