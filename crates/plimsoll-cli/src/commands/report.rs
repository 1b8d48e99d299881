//! `plimsoll report` and `plimsoll answer`: one framework, or a questionnaire, answered.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use plimsoll::CodeHost;
use plimsoll_model::{Evidence, Report, sha256_hex, to_canonical};
use plimsoll_practices::{Catalog, Practices, hint};
use plimsoll_render::{report_html, report_markdown, report_text};

use crate::{
    args::{AnswerArgs, ReportArgs, ReportFormat, Reported},
    claims,
    exit::Exit,
    options,
    output::{Output, read_input, write_file},
};

/// Evidence in the folder of a label.
pub const EVIDENCE_FILE: &str = "evidence.json";
/// The label of that folder.
const LABEL_FILE: &str = "label.json";

/// `plimsoll report`.
pub fn run(args: &ReportArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let folder = practices;
    let practices = plimsoll::practices(folder)?;
    let catalog = called(&args.catalog, &practices)?;
    let host = host(&args.reported)?;
    let evidence = evidence(&args.reported, (&practices, folder), output)?;
    let of_others = plimsoll::practices_of(&evidence.inputs, &practices).is_some();
    if of_others && matches!(args.reported.format, ReportFormat::Machine | ReportFormat::Bestpractices) {
        bail!(
            "this form has no place to say that other practices than the built-in ones decided it; leave --practices out, and collect \
             without it"
        );
    }
    let report = plimsoll::report(&evidence, catalog, &practices, host.as_ref())?;
    write(&report, Some((catalog, args.open_as_not_met)), &args.reported, output)
}

/// `plimsoll answer`.
pub fn answer(args: &AnswerArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let folder = practices;
    let practices = plimsoll::practices(folder)?;
    let named = args.form.display();
    let text = String::from_utf8(read_input(&args.form)?).map_err(|_| anyhow!("{named}: it is not UTF-8 text"))?;
    let form = plimsoll::read_form(&text, &practices).map_err(|(line, why)| anyhow!("{named}:{line}: {why}"))?;
    let host = host(&args.reported)?;
    let evidence = evidence(&args.reported, (&practices, folder), output)?;
    let report = plimsoll::report_form(&evidence, &form, &practices, host.as_ref())?;
    write(&report, None, &args.reported, output)
}

fn called<'a>(name: &str, practices: &'a Practices) -> Result<&'a Catalog> {
    practices.catalog_called(name).ok_or_else(|| {
        let ids = practices.all_catalogs().iter().map(|catalog| catalog.id.as_str());
        let shorter = practices.all_catalogs().iter().flat_map(|catalog| &catalog.aliases).map(String::as_str);
        let known: Vec<&str> = ids.chain(shorter).collect();
        anyhow!("no catalog is called \"{name}\"{}; there are: {}", hint(name, known.iter().copied()), known.join(", "))
    })
}

fn host(args: &Reported) -> Result<Option<CodeHost>> {
    let Some(address) = &args.source_url else { return Ok(None) };
    let host = CodeHost::of(address);
    let host = host.ok_or_else(|| {
        anyhow!(
            "--source-url {address}: not https://HOST/OWNER/NAME of a host whose addresses are known (github.com, gitlab.com, \
             codeberg.org); leave it out to write paths without links"
        )
    })?;
    Ok(Some(host))
}

/// The evidence of a file, of a label's folder, or of a repository.
fn evidence(args: &Reported, (practices, folder): (&Practices, Option<&Path>), output: &Output) -> Result<Evidence> {
    let target = &args.target;
    let next_to_it = target.join(EVIDENCE_FILE);
    // A repository may hold such files too, and they are then what it says of itself: what is a repository is collected.
    let is_labelled = next_to_it.is_file() && target.join(LABEL_FILE).is_file();
    if target.is_dir() && (!is_labelled || is_repository(target)) {
        let progress = output.progress();
        let (repository, inputs) = options::collection(target, &args.at, None, folder)?;
        let labelled = plimsoll::label_repository(&repository, &inputs, practices, &|what| progress.tell(what))?;
        drop(progress);
        claims::tell(target, &args.at, &labelled.collected.evidence, Some(practices), output);
        return Ok(labelled.collected.evidence);
    }
    let path = if target.is_dir() { &next_to_it } else { target };
    if args.at.is_given() {
        bail!("{}: it is evidence already; what evidence is collected with goes with a repository", path.display());
    }
    let evidence = read(path)?;
    if target.is_dir() {
        is_of(&target.join(LABEL_FILE), &evidence)?;
    }
    Ok(evidence)
}

/// Is there a repository in this very folder, with a working copy or bare?
fn is_repository(folder: &Path) -> bool {
    let there = |name: &str| folder.join(name).symlink_metadata().is_ok();
    there(".git") || there("HEAD") && there("objects")
}

/// Refuses a label next to evidence that it was not computed from.
fn is_of(label: &Path, evidence: &Evidence) -> Result<()> {
    let named = || label.display().to_string();
    let statement = plimsoll::read_any_label(&read_input(label)?).with_context(named)?;
    let digest = sha256_hex(&to_canonical(evidence)?);
    if statement.predicate.evidence.get("sha256") != Some(&digest) {
        bail!(
            "{}: it was not computed from the evidence next to it, so one of them was changed; give the evidence alone to rely on it",
            named()
        );
    }
    Ok(())
}

/// Reads evidence in the order in which it is written.
pub fn read(path: &Path) -> Result<Evidence> {
    let named = || path.display().to_string();
    let mut evidence = plimsoll::read_evidence(&read_input(path)?).with_context(named)?;
    evidence.sort();
    Ok(evidence)
}

fn write(report: &Report, machine: Option<(&Catalog, bool)>, args: &Reported, output: &Output) -> Result<Exit> {
    let bytes = match args.format {
        ReportFormat::Text => report_text(report, &output.text_options()),
        ReportFormat::Html => report_html(report),
        ReportFormat::Markdown => report_markdown(report),
        ReportFormat::Json => serde_json::to_string_pretty(report)? + "\n",
        ReportFormat::Statement => String::from_utf8(to_canonical(&plimsoll::report_statement(report))?)? + "\n",
        ReportFormat::Gemara => {
            let (catalog, _) = machine.context("a questionnaire has no controls; use --format json")?;
            serde_json::to_string_pretty(&plimsoll::gemara(report, catalog))? + "\n"
        }
        ReportFormat::Bestpractices => {
            let (catalog, _) =
                machine.context("the badge takes no answers about a questionnaire; use --format json")?;
            let proposals = plimsoll::badge_proposals(report, catalog).with_context(|| {
                format!("the badge takes no answers about {}; give openssf-best-practices-passing or osps", catalog.id)
            })?;
            serde_json::to_string_pretty(&proposals)? + "\n"
        }
        ReportFormat::Machine => {
            let (catalog, open_as_not_met) =
                machine.context("a questionnaire has no form for machines; use --format json")?;
            let (form, not_met) = plimsoll::machine_form(report, catalog, open_as_not_met)?;
            for line in not_met {
                output.say(&line);
            }
            serde_json::to_string_pretty(&form)? + "\n"
        }
    };
    match &args.out {
        Some(path) => write_file(path, bytes.as_bytes())?,
        None => output.print(bytes)?,
    }
    Ok(Exit::Done)
}
