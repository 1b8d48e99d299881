//! `plimsoll audit`, `plimsoll countersign`: a label done again, and signed where it came out the same.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Result, bail};
use jiff::Timestamp;
use plimsoll::{Audit, AuditorStatement, Repository, VerificationPolicy};
use plimsoll_collect::{Inputs, Target};
use plimsoll_model::{AuditReport, AuditVerdict, Auditor, Extra, LabelForm, RepetitionVerdict};
use plimsoll_trust::TrustPolicy;

use super::verify::statements;
use crate::{
    args::{AuditArgs, Audited, CountersignArgs},
    exit::Exit,
    input,
    output::{Output, read_input},
    signer::{beside, signer, write_signed},
    trust,
};

pub fn audit(args: &AuditArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let report = report(&args.audited, practices, output)?;
    output.print((args.format.0.render)(&report, &output.text_options())?)?;
    Ok(if report.verdict == AuditVerdict::Identical { Exit::Done } else { Exit::Failed })
}

pub fn countersign(args: &CountersignArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    if args.name.trim().is_empty() || args.role.trim().is_empty() {
        bail!("--name and --role are what is signed: neither may be empty");
    }
    let rebuilt = args.rebuilt.iter().map(|path| input::artifact(path)).collect::<Result<Vec<_>>>()?;
    let bundle = read_input(&args.audited.bundle)?;
    let form = plimsoll::SignedLabel::read(&bundle).map(|signed| signed.statement.predicate.form());
    if form.is_ok_and(|form| form == LabelForm::SourceView) {
        bail!(
            "{}: it is an outside view, which states no tier that somebody could confirm: sign a view of your own \
             (`plimsoll sign --assessor`)",
            args.audited.bundle.display()
        );
    }
    let report = report(&args.audited, practices, output)?;
    let same = report.verdict == AuditVerdict::Identical
        && [report.score.verdict, report.collect.verdict] == [RepetitionVerdict::Identical; 2];
    if !same {
        output.print(plimsoll_render::audit_text(&report, &output.text_options()))?;
        output.say("nothing was signed: the label did not come out the same");
        return Ok(Exit::Failed);
    }
    for file in &rebuilt {
        let known = report.label.subject.iter().any(|subject| subject.digest.get("sha256") == Some(&file.sha256));
        if !known {
            bail!("{}: it is not one of the files of the label, so it was not built again the same", file.name);
        }
    }
    let word = AuditorStatement {
        auditor: Auditor {
            name: args.name.trim().to_owned(),
            role: args.role.trim().to_owned(),
            independent: args.independent,
            extra: Extra::new(),
        },
        time: report.time,
        rebuilt: rebuilt.into_iter().map(|file| (file.name, file.sha256)).collect(),
    };
    let signer = signer(args.signing.sign_key.as_deref(), &args.signing.holder)?;
    if args.independent && report.label.signer.as_deref() == Some(signer.public_key().fingerprint().as_str()) {
        bail!("this key signed the label; a countersignature needs another key");
    }
    let bundle = plimsoll::countersign(&report.label.digest, &report.label.base, &word, signer.as_ref())?;
    let default = beside(&args.audited.bundle, "countersignature.json");
    write_signed(&bundle, args.out.as_deref(), default, output)?;
    Ok(Exit::Done)
}

/// Does it all again.
fn report(args: &Audited, practices: Option<&Path>, output: &Output) -> Result<AuditReport> {
    let signers = trust::signers(&args.whose)?;
    for gap in signers.policy.gaps() {
        output.say(gap);
    }
    let tools = plimsoll::tools(practices)?;
    let practices = plimsoll::practices(practices)?;
    let bundle = read_input(&args.bundle)?;
    let lying = args.bundle.with_file_name("evidence.json");
    let evidence = args.evidence.clone().or_else(|| Some(lying).filter(|path| path.is_file()));
    let evidence_file = evidence.clone();
    let evidence = evidence.as_deref().map(read_input).transpose()?;
    let with = statements(&args.with)?;
    let now = input::as_of(args.as_of);
    let target = target(args)?;
    let mut theirs = theirs(args, now)?;
    let mut own = own(args, &theirs, now)?;
    // What the tools of a pipeline are is no question of trust: both sides are collected with the same.
    theirs.tools = Arc::clone(&tools);
    own.tools = tools;
    let asked = VerificationPolicy {
        keys: signers.keys,
        identity: signers.identity,
        issuer: signers.issuer,
        run_of: signers.run_of,
        artifacts: target.artifacts.iter().map(|file| (file.name.clone(), file.sha256.clone())).collect(),
        has_claims: false,
        commit: None,
        evidence: evidence.as_deref(),
        with: &with,
        min_tier: None,
        max_age_days: None,
        now,
    };
    let progress = output.progress();
    let countersigned_by = args.theirs.their_countersignature_trust.as_deref().map(TrustPolicy::load).transpose()?;
    let repository = args.repo.is_some().then_some(Repository { target, theirs, countersigned_by, own });
    let audit = Audit { bundle: &bundle, asked, trust: &signers.policy, practices: &practices, repository };
    let report = plimsoll::audit(audit, &|what| progress.tell(what));
    let report = report.map_err(|error| {
        let file = match &error {
            plimsoll::Error::Evidence { .. } => evidence_file.as_ref().unwrap_or(&args.bundle),
            _ => &args.bundle,
        };
        anyhow::Error::new(error).context(file.display().to_string())
    })?;
    drop(progress);
    Ok(report)
}

/// The repository, where there is one, and the files of the release.
fn target(args: &Audited) -> Result<Target> {
    Ok(Target {
        artifacts: args.theirs.artifacts.iter().map(|path| input::artifact(path)).collect::<Result<_>>()?,
        attestations: args.theirs.attestations.iter().map(|path| input::attestation(path)).collect::<Result<_>>()?,
        ..Target::at(args.repo.as_deref().unwrap_or(Path::new("")))
    })
}

/// What was given to whoever made the label, as far as it is given again.
fn theirs(args: &Audited, now: Timestamp) -> Result<Inputs> {
    let theirs = &args.theirs;
    let mut policy = match &theirs.their_trust {
        Some(path) => TrustPolicy::load(path)?,
        None => TrustPolicy::new(),
    };
    theirs.their_keyring.iter().try_for_each(|path| policy.trust_keyring(path))?;
    theirs.their_allowed_signers.iter().try_for_each(|path| policy.trust_allowed_signers(path))?;
    theirs.their_key.iter().try_for_each(|path| policy.add_public_keys(path, None))?;
    policy.report_forges();
    let mut inputs = Inputs::new(plimsoll::tool(), now);
    inputs.policy = policy;
    inputs.files = input::files(&theirs.files.0)?;
    // Without a repository nothing is collected, and what that would take is not opened.
    if args.repo.is_some() {
        inputs.open_advisories(&theirs.their_advisories)?;
        theirs.their_index.as_deref().map_or(Ok(()), |path| inputs.open_index(path))?;
    }
    Ok(inputs)
}

/// What an auditor has of their own. The policy decides about signatures of commits and of files, and about that of the
/// label.
fn own(args: &Audited, theirs: &Inputs, now: Timestamp) -> Result<Inputs> {
    let mut inputs = Inputs::new(plimsoll::tool(), now);
    inputs.policy = trust::policy_of(args.whose.trust.as_deref(), &args.whose.key, args.whose.trusted_root.as_deref())?;
    inputs.policy.report_forges();
    if args.repo.is_some() {
        // The same data is opened once.
        if args.advisories == args.theirs.their_advisories {
            inputs.advisories.clone_from(&theirs.advisories);
        } else {
            inputs.open_advisories(&args.advisories)?;
        }
        args.index.as_deref().map_or(Ok(()), |path| inputs.open_index(path))?;
    }
    Ok(inputs)
}

/// A file that lies beside another.
pub fn lying_beside(given: Option<&Path>, other: &Path, name: &str) -> Result<PathBuf> {
    if let Some(path) = given {
        return Ok(path.to_owned());
    }
    let path = other.with_file_name(name);
    if !path.is_file() {
        bail!("{}: there is no {name} next to it; pass it with --evidence", other.display());
    }
    Ok(path)
}
