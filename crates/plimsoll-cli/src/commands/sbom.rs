//! `plimsoll inspect sbom FILE --profile` and `--against`: a document that somebody wrote, by a paper or next to another list.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use plimsoll_components::{Cause, ComponentSet, Difference, Document, Fault, Need, Profile, ProfileReport, Verdict};
use plimsoll_model::{one_line, plural};
use serde_json::{Value, json};

use super::{
    inspect::{folder_inventory, is_repository, lockfile_inventory, repository_inventory},
    table::wrapped,
};
use crate::{
    args::{SbomArgs, SbomFormat},
    exit::Exit,
    input,
    output::Output,
};

/// Bytes of a document; the reader has the same bound.
const LARGEST: u64 = 32 * 1024 * 1024;
/// Rules that are shown where a document breaks more.
const SHOWN: usize = 5;

/// Checks the document by a profile: it informs, so that the status is 0 whatever is missing.
pub fn profile(args: &SbomArgs, id: &str, output: &Output) -> Result<Exit> {
    let Some(profile) = Profile::named(id) else { bail!("no profile is called {id}") };
    let (document, faults) = document(&args.target)?;
    let report = profile.check(&document);
    match args.format {
        SbomFormat::Json => {
            let mut all = json!(report);
            if let Some(object) = all.as_object_mut() {
                object.insert("document".to_owned(), shown(&document));
                object.insert(
                    "faults".to_owned(),
                    faults.iter().map(|fault| json!({"place": fault.place, "rule": fault.rule})).collect(),
                );
            }
            output.print(serde_json::to_string_pretty(&all)? + "\n")?;
        }
        SbomFormat::Text => output.print(profile_text(args, &document, &faults, &report, output.columns()))?,
        SbomFormat::Document(_) => bail!("--profile reports as text or json"),
    }
    Ok(Exit::Done)
}

/// Compares the document with another one, or with what a lockfile, a folder or a repository has.
pub fn against(args: &SbomArgs, other: &Path, output: &Output) -> Result<Exit> {
    if !matches!(args.format, SbomFormat::Text | SbomFormat::Json) {
        bail!("--against reports as text or json");
    }
    let here = valid(&args.target)?;
    let (there, title, gaps) = list(args, other, output)?;
    let list = ComponentSet::of_document(&here);
    let found = list.difference(&there);
    let text = if matches!(args.format, SbomFormat::Json) {
        let mut all = json!(found);
        if let Some(object) = all.as_object_mut() {
            object.insert("document".to_owned(), shown(&here));
            object.insert("against".to_owned(), json!(title));
            object.insert("notRead".to_owned(), json!(gaps));
        }
        serde_json::to_string_pretty(&all)? + "\n"
    } else {
        difference_text(args, other, &here, &title, &gaps, &found, output.columns())
    };
    output.print(text)?;
    Ok(Exit::Done)
}

fn bytes(path: &Path) -> Result<Vec<u8>> {
    let bytes = input::open(path).and_then(|file| plimsoll_model::read_bounded(file, LARGEST));
    let bytes = bytes.with_context(|| format!("{}: cannot read", path.display()))?;
    bytes.with_context(|| format!("{}: larger than {LARGEST} bytes", path.display()))
}

/// What the file holds, and the rules that it breaks.
fn document(path: &Path) -> Result<(Document, Vec<Fault>)> {
    if path.is_dir() {
        bail!("{}: name the file of an SBOM", path.display());
    }
    Document::read_with_faults(&bytes(path)?).map_err(|fault| anyhow::anyhow!("{}: {fault}", path.display()))
}

fn valid(path: &Path) -> Result<Document> {
    let (document, faults) = document(path)?;
    match faults.first() {
        None => Ok(document),
        Some(first) => bail!("{}: not valid {} {}: {first}", path.display(), document.format, document.version),
    }
}

/// The second list, what it is, and what of it could not be read.
fn list(args: &SbomArgs, other: &Path, output: &Output) -> Result<(ComponentSet, String, Vec<String>)> {
    let inventory = if other.is_file() {
        if Document::is_one(&bytes(other)?) {
            let document = valid(other)?;
            return Ok((ComponentSet::of_document(&document), document.title(), Vec::new()));
        }
        lockfile_inventory(other)?
    } else if other.is_dir() && !is_repository(other) {
        folder_inventory(other, &args.at)?
    } else {
        repository_inventory(other, &args.at, output)?
    };
    let kind = if other.is_file() {
        "lockfile"
    } else if is_repository(other) {
        "repository"
    } else {
        "folder"
    };
    // What advisories cannot be asked about is listed all the same.
    let unread = inventory.gaps.iter().filter(|gap| gap.cause != Cause::NotCompared);
    let mut gaps: Vec<String> = unread.map(|gap| one_line(&gap.reason)).collect();
    gaps.dedup();
    Ok((ComponentSet::of_inventory(&inventory), kind.to_owned(), gaps))
}

fn shown(document: &Document) -> Value {
    json!({
        "format": document.format.as_str(),
        "version": document.version,
        "form": document.form,
        "components": document.components.len(),
    })
}

fn profile_text(
    args: &SbomArgs,
    document: &Document,
    faults: &[Fault],
    report: &ProfileReport,
    columns: usize,
) -> String {
    let components = plural(document.components.len(), "component", "components");
    let mut text = wrapped("", &format!("{}: {}, {components}", args.target.display(), document.title()), columns);
    if !faults.is_empty() {
        text.push_str(&wrapped("! ", &format!("not valid {} {}:", document.format, document.version), columns));
        for fault in faults.iter().take(SHOWN) {
            text.push_str(&wrapped("  - ", &fault.to_string(), columns));
        }
        if faults.len() > SHOWN {
            text.push_str(&format!("  - and {} more\n", faults.len() - SHOWN));
        }
    }
    let met = report.required - report.not_met - report.said_unknown - report.said_withheld;
    let said = [(report.said_unknown, "unknown"), (report.said_withheld, "withheld")];
    let said = said.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!(", {count} said to be {word}"));
    let said: String = said.collect();
    let answer = format!(
        "{}: {} ({met} of {} required fields met{said})",
        report.profile,
        report.verdict.as_str(),
        report.required
    );
    text.push_str(&wrapped("", &answer, columns));
    text.push_str(&wrapped("", report.source, columns));
    text.push_str(&format!("\n{:<44} {:<12} {:>5} {:>7} {:>7}\n", "field", "verdict", "given", "unknown", "missing"));
    for field in &report.fields {
        let mark = match field.need {
            Need::Required => "",
            Need::IfExists => " (if it exists)",
            Need::Optional => " (optional)",
        };
        let name = format!("{}{mark}", field.name);
        let verdict = match field.verdict {
            Verdict::NotSeen if field.given > 0 => "in part",
            verdict => verdict.as_str(),
        };
        let counts = if field.part == "sbom" || field.verdict == Verdict::NotApplicable {
            String::new()
        } else {
            format!(" {:>5} {:>7} {:>7}", field.given, field.unknown, field.missing)
        };
        text.push_str(format!("{name:<44} {verdict:<12}{counts}").trim_end());
        text.push('\n');
        if field.withheld > 0 {
            text.push_str(&format!("    said to be withheld: {}\n", field.withheld));
        }
        if matches!(field.verdict, Verdict::NotMet) {
            let of = if field.part == "sbom" {
                String::new()
            } else {
                format!("; not in {}", field.missing_from.join(", "))
            };
            let more = field.missing.saturating_sub(field.missing_from.len());
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            text.push_str(&wrapped("    ", &format!("looked for: {}{of}{more}", field.place), columns));
        }
    }
    if !report.practices.is_empty() {
        text.push_str("\npractices\n");
    }
    for practice in &report.practices {
        let seen = practice.seen.as_deref().unwrap_or("cannot be seen in a document");
        text.push_str(&wrapped("  - ", &format!("{}: {seen}", practice.name), columns));
    }
    text
}

fn difference_text(
    args: &SbomArgs,
    other: &Path,
    here: &Document,
    title: &str,
    gaps: &[String],
    found: &Difference,
    columns: usize,
) -> String {
    let mut text = wrapped("A: ", &format!("{}, {}", args.target.display(), here.title()), columns);
    text.push_str(&wrapped("B: ", &format!("{}, {title}", other.display()), columns));
    let share = |name: &str, of: &str, part: usize, all: usize| {
        let percent = (part * 100).checked_div(all).map_or(String::new(), |percent| format!(" ({percent}%)"));
        format!("{part} of {} of {name} are in {of}{percent}\n", plural(all, "component", "components"))
    };
    text.push_str(&share("A", "B", found.here_in_there, found.here));
    text.push_str(&share("B", "A", found.there_in_here, found.there));
    for (name, names) in [("missing, in B alone", &found.missing), ("extra, in A alone", &found.extra)] {
        text.push_str(&format!("{name}: {}\n", names.len()));
        for one in names {
            text.push_str(&wrapped("  - ", one, columns));
        }
    }
    text.push_str(&format!("other version: {}\n", found.other_version.len()));
    for one in &found.other_version {
        let line = format!("{}: {} in A, {} in B", one.package, one.here.join(" "), one.there.join(" "));
        text.push_str(&wrapped("  - ", &line, columns));
    }
    text.push_str(&format!("other hash: {}\n", found.other_hash.len()));
    for one in &found.other_hash {
        let line =
            format!("{}: {} {} in A, {} in B", one.component, one.algorithm, one.here.join(" "), one.there.join(" "));
        text.push_str(&wrapped("  - ", &line, columns));
    }
    if found.by_name > 0 {
        let line = format!(
            "{} compared by name and version alone, for want of a package URL",
            plural(found.by_name, "component is", "components are")
        );
        text.push_str(&wrapped("~ ", &line, columns));
    }
    for gap in gaps {
        text.push_str(&wrapped("! not read of B: ", gap, columns));
    }
    text
}
