//! `plimsoll attach`, `plimsoll fetch`: signed statements beside what they speak of.

use std::{fs, time::Duration};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use plimsoll_model::{
    COUNTERSIGNATURE_PREDICATE_TYPE, LABEL_PREDICATE_TYPE, REVOCATION_PREDICATE_TYPE, SOURCE_VIEW_PREDICATE_TYPE,
    one_line,
};
use plimsoll_net::{Attachment, Credentials, Found, Options, Target};
use plimsoll_trust::{Attestation, InTotoStatement};
use serde_json::json;

use super::table::wrapped;
use crate::{
    args::{AttachArgs, DataFormat, FetchArgs, RegistryArgs},
    exit::Exit,
    input,
    output::{Output, read_input, write_file},
};

pub fn attach(args: &AttachArgs, output: &Output) -> Result<Exit> {
    let bytes = read_input(&args.bundle)?;
    let named = || args.bundle.display().to_string();
    let read = Attestation::read_all(&bytes).map_err(|refusal| anyhow::anyhow!(refusal.reason)).with_context(named)?;
    let [one] = read.as_slice() else { bail!("{}: it holds several statements: attach one at a time", named()) };
    let (Some(statement), Some(_)) = (one.statement(), one.payload()) else {
        bail!("{}: no signed statement; `plimsoll sign` makes one of a label", named());
    };
    let target = Target::read(&args.target)?;
    let mut options = options(&args.reach);
    options.any_subject = args.any_subject;
    let progress = output.progress();
    let tell = |what: &str| progress.tell(what);
    // A word about a label speaks of what the label speaks of, where the label is attached there.
    let subjects = statement.subjects.iter().filter_map(|subject| subject.digest.get("sha256").cloned());
    let mut attachment = Attachment {
        bytes,
        predicate_type: statement.predicate_type.clone(),
        subjects: subjects.collect(),
        created: created(statement),
    };
    if !args.any_subject && is_about_labels(statement) {
        let there = plimsoll_net::fetch(&target, &options, &tell)?;
        let Some(label) = labels(&there).into_iter().find(|(digest, _)| attachment.subjects.contains(digest)) else {
            bail!(
                "{}: it speaks of a label that is not attached to {}: attach that first, or say --any-subject",
                named(),
                one_line(&args.target)
            );
        };
        attachment.subjects.extend(label.1);
    }
    let attached = plimsoll_net::attach(&target, &attachment, &options, &tell)?;
    drop(progress);
    output.print(match args.format {
        DataFormat::Text => {
            let places: Vec<String> = attached.places.iter().map(|place| one_line(place)).collect();
            places.join("\n") + "\n"
        }
        DataFormat::Json => {
            let all = json!({
                "subjects": attached.subjects, "places": attached.places, "already": attached.already,
                "fallbackTag": attached.fallback_tag,
            });
            plimsoll_model::to_readable(&all)?
        }
    })?;
    if attached.already {
        output.say("it was there before; nothing was added");
    }
    if let Some(tag) = &attached.fallback_tag {
        output.say(&format!("the registry keeps no list of referrers: the tag {tag} lists it"));
    }
    Ok(Exit::Done)
}

pub fn fetch(args: &FetchArgs, output: &Output) -> Result<Exit> {
    let target = Target::read(&args.target)?;
    let progress = output.progress();
    let found = plimsoll_net::fetch(&target, &options(&args.reach), &|what| progress.tell(what))?;
    drop(progress);
    for one in &found.passed_over {
        output.say(&format!("{}: passed over: {}", one.place, one.reason));
    }
    let mut rows = Vec::new();
    for one in &found.statements {
        let kind = kind(&one.bytes);
        let digits: String = one.digest.trim_start_matches("sha256:").chars().take(12).collect();
        let name = format!("{kind}-{digits}.sigstore.json");
        rows.push((kind, name, one));
    }
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder).with_context(|| format!("{}: the folder cannot be made", folder.display()))?;
        for (_, name, one) in &rows {
            write_file(&folder.join(name), &one.bytes)?;
        }
    }
    output.print(match args.format {
        DataFormat::Text => rows
            .iter()
            .map(|(kind, name, one)| {
                let file = args.out.as_ref().map(|folder| folder.join(name).display().to_string());
                let line = file.unwrap_or_else(|| one.digest.clone());
                wrapped(
                    &format!("{kind:<16} "),
                    &format!("{} (from {})", one_line(&line), one_line(&one.place)),
                    output.columns(),
                )
            })
            .collect::<String>(),
        DataFormat::Json => {
            let statements: Vec<_> = rows
                .iter()
                .map(|(kind, name, one)| {
                    json!({
                        "kind": kind, "file": args.out.as_ref().map(|folder| folder.join(name).display().to_string()),
                        "digest": one.digest, "mediaType": one.media_type, "place": one.place,
                    })
                })
                .collect();
            let passed_over: Vec<_> =
                found.passed_over.iter().map(|one| json!({ "place": one.place, "reason": one.reason })).collect();
            let all = json!({ "subjects": found.subjects, "statements": statements, "passedOver": passed_over });
            plimsoll_model::to_readable(&all)?
        }
    })?;
    if rows.is_empty() {
        output.say(&format!("no statement is attached to {}", args.target));
        return Ok(Exit::Failed);
    }
    Ok(Exit::Done)
}

fn options(reach: &RegistryArgs) -> Options {
    let credentials = match (&reach.credentials, reach.anonymous) {
        (Some(file), _) => Credentials::File(file.clone()),
        (None, true) => Credentials::Anonymous,
        (None, false) => Credentials::Environment,
    };
    Options {
        plain_http: reach.plain_http.then_some(true),
        timeout: Duration::from_secs(reach.timeout),
        credentials,
        ..Options::default()
    }
}

/// The moment that a statement speaks for, so that the same one is attached in the same bytes at any time; now for others.
fn created(statement: &InTotoStatement) -> Timestamp {
    let said = |name: &str| statement.predicate().get(name).and_then(serde_json::Value::as_str)?.parse().ok();
    said("asOf").or_else(|| said("time")).unwrap_or_else(|| input::as_of(None))
}

fn is_about_labels(statement: &InTotoStatement) -> bool {
    [COUNTERSIGNATURE_PREDICATE_TYPE, REVOCATION_PREDICATE_TYPE].contains(&statement.predicate_type.as_str())
}

/// Digest and subjects of each label that was found.
fn labels(found: &Found) -> Vec<(String, Vec<String>)> {
    let labels = found.statements.iter().filter_map(|one| plimsoll::SignedLabel::read(&one.bytes).ok());
    labels
        .map(|label| {
            let subjects = label.statement.subject.iter().filter_map(|one| one.digest.get("sha256").cloned());
            (label.digest.clone(), subjects.collect())
        })
        .collect()
}

/// What a statement is, in a word that is part of a file's name.
fn kind(bytes: &[u8]) -> &'static str {
    let read = Attestation::read_all(bytes).unwrap_or_default();
    let statement = read.first().and_then(Attestation::statement);
    match statement.map(|statement| statement.predicate_type.as_str()) {
        Some(LABEL_PREDICATE_TYPE) => "label",
        Some(SOURCE_VIEW_PREDICATE_TYPE) => "source-view",
        Some(COUNTERSIGNATURE_PREDICATE_TYPE) => "countersignature",
        Some(REVOCATION_PREDICATE_TYPE) => "revocation",
        _ => "statement",
    }
}
