//! Reference pages in Markdown.

use anyhow::Result;
use plimsoll_practices::Practices;

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

/// Every kind of fact, and the collector that states it.
pub fn evidence() -> String {
    let mut page = format!(
        "{NOTE}\n# Kinds of evidence\n\nThe members of each are in [the schema](schemas/evidence.schema.json).\n\n\
         | Kind | Collector | What one fact says |\n|---|---|---|\n"
    );
    for (collector, kind) in plimsoll_collect::kinds() {
        page.push_str(&format!("| `{}` | {collector} | {} |\n", kind.name, kind.about));
    }
    page
}
