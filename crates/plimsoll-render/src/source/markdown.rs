//! The outside view as a comment under a pull request.

use plimsoll_model::SourceView;

use super::{INVITATION, NO_PROMISE, NOT_RATED, ONLY_MAKER, TITLE, counts, lacking};
use crate::{
    markdown::{catalogs, code, ended, findings, foot, frameworks, limitations, text},
    row::{mark, word},
    view::View,
    words,
};

// A comment on GitHub holds 65 536 characters.
const LACKING: usize = 10;

/// Writes the face of the view, what the evidence lacks for the next tier, and the details of a label.
pub(crate) fn markdown(view: View<'_>, source: &SourceView) -> String {
    let mut out = String::new();
    ended(&mut out, view);
    face(&mut out, view, source);
    findings(&mut out, view);
    limitations(&mut out, view);
    catalogs(&mut out, view);
    frameworks(&mut out, view);
    foot(&mut out, view, NO_PROMISE);
    out
}

fn face(out: &mut String, view: View<'_>, source: &SourceView) {
    let mut put = |line: &str| {
        out.push_str(line);
        out.push('\n');
    };
    let name = format!("{} {}", view.name(), words::clean(&view.body().product.version));
    put(&format!("### {TITLE}: {}\n", text(name.trim_end())));
    let whose = source.assessor.as_ref().map(|name| format!(" As seen by {}.", text(name))).unwrap_or_default();
    put(&format!("**{}** · {} · {}.{whose}", text(NOT_RATED), counts(source), view.lasts()));
    if let Some(sentence) = view.source_sentence() {
        put(&format!("\n{}", text(&sentence)));
    }
    put("\n| | What the source shows | |\n|---|---|---|");
    for row in &source.rows {
        put(&format!("| {} {} | **{}** | {} |", mark(row.sign), word(row.sign), text(&row.title), text(&row.text)));
    }
    let only: Vec<String> = source.only_maker.iter().map(|one| text(one)).collect();
    if !only.is_empty() {
        put(&format!("\n{ONLY_MAKER}, and it is not said yet: {}.", only.join(" · ")));
    }
    let all = lacking(view);
    if let Some(line) = &view.body().source_line
        && let Some(rung) = line.rungs.iter().find(|rung| rung.level > line.level)
    {
        put(&format!("\n**For tier {} the source lacks {} of {}:**\n", rung.level, rung.missing.len(), rung.asked));
        for (id, title, reason) in all.iter().take(LACKING) {
            put(&format!("- {} {} {}", code(id), text(&words::sentence(title)), text(&words::sentence(reason))));
        }
        if all.len() > LACKING {
            put(&format!("- and {} more", all.len() - LACKING));
        }
    }
    put(&format!("\n{} {}\n", text(INVITATION), text(NO_PROMISE)));
}
