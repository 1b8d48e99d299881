//! Reference pages in Markdown.

use anyhow::{Context as _, Result};
use plimsoll_model::INPUTS;
use plimsoll_practices::{Catalog, Entry, Practices};
use plimsoll_render::{AUDIT_FORMS, FORMS, Form};

const NOTE: &str = "<!-- Written by `just generate` from the sources; changes here are lost. -->\n";

/// Every criterion: its question, what it gives, what to do, and whence it comes.
pub fn criteria() -> Result<String> {
    let practices: Practices = plimsoll::practices(None)?;
    let mut page = format!("{NOTE}\n# Criteria\n\n`plimsoll explain ID` says what one of them found.\n");
    for (id, criterion) in practices.criteria() {
        let needs: Vec<String> = criterion.needs.iter().map(|need| format!("`{need}`")).collect();
        page.push_str(&format!(
            "\n## `{id}`\n\n{}\n\n- **Why**: {}\n- **To meet it** ({}): {}\n- **Gives at most**: {}\n- **Reads**: {}\n- **From**: {}\n",
            criterion.asks,
            criterion.why,
            criterion.effort.as_str(),
            criterion.fix,
            criterion.assurance,
            needs.join(", "),
            criterion.refs.join("; "),
        ));
    }
    Ok(page)
}

/// Every entry of every catalog: who can claim it, how far it reaches, what decides it, and which tiers ask for it.
pub fn tasks() -> Result<String> {
    let practices: Practices = plimsoll::practices(None)?;
    let mut page = format!(
        "{NOTE}\n# Tasks and attestations\n\nEvery entry of every catalog, and the [criteria](criteria.md) behind it. `plimsoll explain ID` says \
         what each asks, and\n`plimsoll explain ID label.json` what was found. [The model](model.md) says what the words mean.\n"
    );
    for catalog in practices.catalogs() {
        page.push_str(&format!(
            "\n## {}\n\n`{}`, from {}: {} entries.\n",
            catalog.title,
            catalog.id,
            catalog.source,
            catalog.entries.len()
        ));
        for group in &catalog.groups {
            page.push_str(&format!("\n### {}: {}\n", group.id, group.title));
            for entry in catalog.entries.iter().filter(|entry| entry.group == group.id) {
                page.push_str(&task(&practices, catalog, entry));
            }
        }
    }
    Ok(page)
}

/// What the practices can decide of each catalog.
pub fn coverage() -> Result<String> {
    let practices: Practices = plimsoll::practices(None)?;
    let mut page = format!(
        "{NOTE}\n# What evidence decides\n\nFor each entry of each catalog: the criteria behind it, the collectors that find their evidence, how far it \
         reaches, and the\nfixtures in which it holds, fails and is unknown. *In part* means that evidence shows a part of the entry and that only \
         the maker's\nword meets it. No entry that is met says that software conforms to a law or standard. `plimsoll catalog coverage` has the same.\n"
    );
    for catalog in practices.all_catalogs() {
        page.push_str(&format!("\n## `{}`: {}\n\nFrom {}. ", catalog.id, catalog.title, catalog.source));
        page.push_str(&plimsoll::coverage_markdown(&practices, catalog));
    }
    Ok(page)
}

fn task(practices: &Practices, catalog: &Catalog, entry: &Entry) -> String {
    let mut text = format!("\n#### `{}` {}\n\n", entry.id, entry.title);
    let mut line = |name: &str, says: String| text.push_str(&format!("- **{name}**: {says}\n"));
    let claim = match (entry.claimable, entry.ask.as_str()) {
        (false, _) => "no one: what is found decides".to_owned(),
        (true, "") => "the maker".to_owned(),
        (true, ask) => format!("the maker. *{ask}*"),
    };
    let may_not_apply =
        if entry.may_not_apply { " It may be answered with `not-applicable` and the reason." } else { "" };
    line("Can be claimed by", format!("{claim}{may_not_apply}"));
    let reach = match &entry.pending {
        Some(pending) if entry.reachable < entry.reach => {
            format!("{}; this version comes to {}. {pending}", entry.reach, entry.reachable)
        }
        _ => entry.reach.to_string(),
    };
    line("Reach", reach);
    if entry.supported_by.is_empty() {
        line("Decided by", "the maker's answer alone".to_owned());
    }
    let lists = [
        ("Decided by", &entry.supported_by),
        ("Raised by", &entry.strengthened_by),
        ("Confirmed by", &entry.corroborated_by),
        ("Disproved by", &entry.contradicted_by),
    ];
    for (name, ids) in lists.into_iter().filter(|(_, ids)| !ids.is_empty()) {
        let links: Vec<String> = ids.iter().map(|id| format!("[`{id}`](criteria.md#{})", anchor(id))).collect();
        line(name, links.join(", "));
    }
    let own = format!("{}/{}", catalog.id, entry.id);
    let tiers = practices.tiers().tiers.iter().flat_map(|tier| {
        let asks = tier.demands.iter().filter(|demand| demand.id == own);
        asks.map(|demand| format!("tier {} ({})", tier.level, demand.at))
    });
    let tiers: Vec<String> = tiers.collect();
    if !tiers.is_empty() {
        line("Asked for by", tiers.join(", "));
    }
    text
}

/// The anchor of a heading that is an id: what GitHub and mdBook leave of it.
fn anchor(id: &str) -> String {
    id.chars().filter(|character| character.is_ascii_alphanumeric() || matches!(character, '-' | '_')).collect()
}

/// Every kind of fact with the collector that states it, and every input on which facts rest.
pub fn evidence() -> String {
    let mut page = format!(
        "{NOTE}\n# Kinds of evidence\n\nThe members of each are in [the schema](schemas/evidence.schema.json).\n\n\
         | Kind | Collector | What one fact says |\n|---|---|---|\n"
    );
    for (collector, kind) in plimsoll_collect::kinds() {
        page.push_str(&format!("| `{}` | {collector} | {} |\n", kind.name, kind.about));
    }
    page.push_str(
        "\n## Inputs\n\nWhat facts rest on that is not in the commit. Evidence names each under `inputs`, by its digest or version; files \
         of the release are named as artifacts.\n\n| Input | What it is | An audit takes | Kinds that rest on it |\n|---|---|---|---|\n",
    );
    for row in INPUTS {
        let kinds = plimsoll::kinds_that_rest_on(row.name).into_iter().map(|kind| format!("`{kind}`"));
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        page.push_str(&format!("| `{}` | {} | {} | {kinds} |\n", row.name, row.noun(), row.cure()));
    }
    page
}

/// Where the forms are in docs/formats.md, which is written by hand but for them.
const FORMS_START: &str = "<!-- forms: written by `just generate` from plimsoll-render -->\n";
const FORMS_END: &str = "<!-- end of forms -->\n";

/// `page` with the forms of a label and of an audit's report as they are.
pub fn formats(page: &str) -> Result<String> {
    let (before, rest) = page.split_once(FORMS_START).context("docs/formats.md has no place for the forms")?;
    let (_, after) = rest.split_once(FORMS_END).context("docs/formats.md has no end of the forms")?;
    let table = format!("{}{}", forms("a label", FORMS), forms("an audit's report", AUDIT_FORMS));
    Ok(format!("{before}{FORMS_START}{table}\n{FORMS_END}{after}"))
}

fn forms<T>(of: &str, forms: &[Form<T>]) -> String {
    let mut table =
        format!("\n| `--format` of {of} | what it is | media type | file with `--out` |\n|---|---|---|---|\n");
    for form in forms {
        let file = form.file.map(|file| format!("`{file}`")).unwrap_or_default();
        table.push_str(&format!("| `{}` | {} | `{}` | {file} |\n", form.name, form.about, form.media_type));
    }
    table
}
