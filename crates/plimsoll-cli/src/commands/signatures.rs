//! `plimsoll inspect signatures`: what the signature of every commit and tag is worth.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use anyhow::{Context as _, Result, bail};
use plimsoll_collect::signatures::{Signature, Signatures, UNSIGNED, signatures};
use plimsoll_model::{SignatureScheme, one_line};
use plimsoll_snapshot::{OpenOptions, Scope, Snapshot, loose_commit};
use plimsoll_trust::{Judgement, SignedBy, Stated, TrustPolicy, Verdict};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::table::wrapped;
use crate::{
    args::{SignaturesArgs, SignaturesFormat},
    exit::Exit,
    input,
    output::Output,
    trust,
};

/// Files of a folder of objects.
const MOST_OBJECTS: usize = 2_000_000;
/// Bytes of one of them.
const LARGEST_OBJECT: u64 = 16 * 1024 * 1024;
/// Lines that one thread writes at a time.
const LINES: usize = 1024;
/// Signatures that are told one by one in text.
const TOLD: usize = 20;
/// Keys that are named in text.
const SIGNERS: usize = 30;
/// Names of one key that are shown in text, and that are kept at all.
const NAMES: usize = 4;
const MOST_NAMES: usize = 100;
/// Characters of an OpenPGP key id.
const KEY_ID: usize = 16;

pub fn run(args: &SignaturesArgs, output: &Output) -> Result<Exit> {
    let policy = trust::policy(&args.at)?;
    for gap in policy.gaps() {
        output.say(gap);
    }
    let as_of = input::as_of(args.at.as_of).as_second();
    let progress = output.progress();
    progress.tell("verifying signatures");
    let found = if let Some(folder) = &args.objects {
        objects(folder, &policy, as_of)?
    } else {
        let snapshot = Snapshot::open(&args.target, &OpenOptions { rev: args.at.rev.clone(), worktree: false })?;
        let scope = if args.all { Scope::AllReferences } else { Scope::Commit };
        let found = signatures(&snapshot, scope, &policy, trust::cache(&args.at).as_ref(), as_of);
        found.map_err(anyhow::Error::msg)?
    };
    drop(progress);
    trust::report_not_kept(found.not_kept.as_ref(), output);
    for (what, names) in [("commits", &found.missing), ("tags", &found.unreadable_tags)] {
        if let Some(first) = names.first() {
            output.say(&format!("{} {what} could not be read, {} among them", names.len(), one_line(first)));
        }
    }
    let all = found.commits.iter().chain(&found.tags);
    match args.format {
        SignaturesFormat::Jsonl => {
            let pieces: Result<Vec<Vec<u8>>, _> = all.collect::<Vec<_>>().par_chunks(LINES).map(lines).collect();
            output.print(pieces?.concat())?;
        }
        SignaturesFormat::Json => {
            let values: Vec<Line<'_>> = all.map(Line::of).collect();
            let whole =
                json!({"signatures": values, "missing": found.missing, "unreadableTags": found.unreadable_tags});
            output.print(serde_json::to_string_pretty(&whole)? + "\n")?;
        }
        SignaturesFormat::Text => output.print(text(&found, output.columns()))?,
    }
    Ok(Exit::Done)
}

/// Raw commits, one in a file that is named by its id.
fn objects(folder: &Path, policy: &TrustPolicy, as_of: i64) -> Result<Signatures> {
    let unreadable = || format!("{}: cannot read", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        if entry.file_type().with_context(unreadable)?.is_file() {
            names.push(entry.file_name());
        }
        if names.len() > MOST_OBJECTS {
            bail!("{}: more than {MOST_OBJECTS} files", folder.display());
        }
    }
    names.sort();
    if names.is_empty() {
        bail!("{}: no file in it; raw commits are wanted, each in a file that is named by its id", folder.display());
    }
    let commits = names
        .par_iter()
        .map(|name| {
            let id = name.to_string_lossy().into_owned();
            let path = folder.join(name);
            let size = fs::metadata(&path).with_context(|| format!("{}: cannot read", path.display()))?.len();
            if size > LARGEST_OBJECT {
                return Ok(refused(id, format!("larger than {LARGEST_OBJECT} bytes")));
            }
            let bytes = fs::read(&path).with_context(|| format!("{}: cannot read", path.display()))?;
            let commit = match loose_commit(&id, &bytes) {
                Ok(commit) => commit,
                Err(reason) => return Ok(refused(id, reason)),
            };
            let checked = commit.signed.map(|signed| policy.check(&signed.signature, &signed.payload));
            let record = &commit.record;
            let stated = Stated {
                time: record.committed.unwrap_or_default(),
                author: &record.author.email,
                committer: &record.committer.email,
            };
            let judgement = policy.judge(checked.as_ref().unwrap_or(&UNSIGNED), stated, as_of);
            Ok(Signature { id, tag: None, judgement })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Signatures { commits, ..Signatures::default() })
}

fn refused(id: String, reason: String) -> Signature {
    let judgement = Judgement::error(SignatureScheme::Unknown, Some(reason));
    Signature { id, tag: None, judgement }
}

fn lines(signatures: &[&Signature]) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::new();
    for signature in signatures {
        serde_json::to_writer(&mut out, &Line::of(signature))?;
        out.push(b'\n');
    }
    Ok(out)
}

/// One signature as it is told to programs.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
    /// Object id of the tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a str>,
    scheme: &'static str,
    verdict: Verdict,
    git: char,
    signer: Option<&'a str>,
    key: Option<&'a str>,
    reason: Option<&'a str>,
    at_commit: Verdict,
    as_of: Verdict,
    by: SignedBy,
    party: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn of(signature: &'a Signature) -> Self {
        let judgement = &signature.judgement;
        let id = signature.id.as_str();
        let tag = signature.tag.as_deref();
        Self {
            commit: tag.is_none().then_some(id),
            tag,
            object: tag.is_some().then_some(id),
            scheme: judgement.scheme.as_str(),
            verdict: judgement.verdict,
            git: judgement.git,
            signer: judgement.signer.as_deref(),
            key: judgement.key.as_deref(),
            reason: judgement.reason.as_deref(),
            at_commit: judgement.at_commit,
            as_of: judgement.as_of,
            by: judgement.by,
            party: judgement.party.as_deref(),
        }
    }
}

fn text(found: &Signatures, columns: usize) -> String {
    let mut out = String::new();
    for (what, all) in [("commits", &found.commits), ("annotated tags", &found.tags)] {
        let mut counts: BTreeMap<(Verdict, SignedBy), usize> = BTreeMap::new();
        for one in all {
            *counts.entry((one.judgement.verdict, one.judgement.by)).or_default() += 1;
        }
        out.push_str(&format!("{} {what}\n", all.len()));
        for ((verdict, by), count) in counts {
            let by = if verdict == Verdict::Unsigned { String::new() } else { format!("  key of {}", word(by)) };
            out.push_str(&format!("  {count:>7}  {}{by}\n", verdict.as_str()));
        }
    }
    let signers = signers(found);
    if !signers.is_empty() {
        out.push_str("\nSigned by:\n");
    }
    for ((scheme, key), signer) in signers.iter().take(SIGNERS) {
        let who = signer.names.iter().take(NAMES).map(|name| one_line(name)).collect::<Vec<_>>().join(", ");
        let more = signer.names.len().saturating_sub(NAMES);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let tags = if signer.tags > 0 { format!(", {}", counted(signer.tags, "tag")) } else { String::new() };
        let line = format!(
            "{key} ({scheme}, {}): {}{tags}{}{who}{more}",
            word(signer.by),
            counted(signer.commits, "commit"),
            if who.is_empty() { "" } else { "; " }
        );
        out.push_str(&wrapped("  ", &one_line(&line), columns));
    }
    if signers.len() > SIGNERS {
        out.push_str(&format!("  and {} more keys; --format jsonl has all\n", signers.len() - SIGNERS));
    }
    let lacking: Vec<&Signature> =
        found.commits.iter().chain(&found.tags).filter(|one| one.judgement.verdict != Verdict::Good).collect();
    if !lacking.is_empty() {
        out.push_str("\nNot good:\n");
    }
    for one in lacking.iter().take(TOLD) {
        let name = one.tag.as_deref().map_or_else(|| one.id.clone(), |tag| format!("tag {tag}"));
        let judgement = &one.judgement;
        let why = judgement.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let key = judgement.key.as_ref().map(|key| format!(" ({key})")).unwrap_or_default();
        out.push_str(&wrapped("  ", &one_line(&format!("{name} {}{why}{key}", judgement.verdict.as_str())), columns));
    }
    if lacking.len() > TOLD {
        out.push_str(&format!("  and {} more; --format jsonl tells all\n", lacking.len() - TOLD));
    }
    out
}

/// What one key has signed.
struct KeySums {
    commits: usize,
    tags: usize,
    by: SignedBy,
    names: BTreeSet<String>,
}

/// The keys that signed, by how much they signed. One that is named by its id alone is the one whose fingerprint ends so.
fn signers(found: &Signatures) -> Vec<((&'static str, String), KeySums)> {
    let all = || found.commits.iter().chain(&found.tags);
    let whole: BTreeSet<&str> =
        all().filter_map(|one| one.judgement.key.as_deref()).filter(|key| key.len() > KEY_ID).collect();
    let mut ids: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for key in &whole {
        if let Some(id) = key.len().checked_sub(KEY_ID).and_then(|at| key.get(at..)) {
            // An id that two keys have names neither.
            ids.entry(id).and_modify(|known| *known = None).or_insert(Some(key));
        }
    }
    let mut sums: BTreeMap<(&'static str, String), KeySums> = BTreeMap::new();
    for one in all() {
        let judgement = &one.judgement;
        let Some(key) = judgement.key.as_deref() else { continue };
        let key = ids.get(key).copied().flatten().unwrap_or(key);
        let sum = sums.entry((judgement.scheme.as_str(), key.to_owned())).or_insert_with(|| KeySums {
            commits: 0,
            tags: 0,
            by: judgement.by,
            names: BTreeSet::new(),
        });
        *(if one.tag.is_some() { &mut sum.tags } else { &mut sum.commits }) += 1;
        sum.by = sum.by.min(judgement.by);
        if sum.names.len() < MOST_NAMES {
            sum.names.extend(judgement.signer.clone());
        }
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by_key(|(_, sum)| std::cmp::Reverse((sum.commits + sum.tags, sum.tags)));
    sums
}

fn counted(count: usize, what: &str) -> String {
    plimsoll_model::plural(count, what, &format!("{what}s"))
}

fn word(by: SignedBy) -> &'static str {
    match by {
        SignedBy::Author => "the author",
        SignedBy::Committer => "the committer",
        SignedBy::Forge => "the forge",
        SignedBy::Other => "another signer of the policy",
        SignedBy::Unknown => "no signer of the policy",
    }
}
