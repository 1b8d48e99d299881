//! `plimsoll diff`: two labels, or two evidences.

use anyhow::{Context as _, Result, bail};
use plimsoll_model::{Evidence, LabelBody, LabelForm, one_line, parse_strict};
use serde_json::json;

use super::table::wrapped;
use crate::{
    args::{DataFormat, DiffArgs},
    exit::Exit,
    output::{Output, read_input},
};

pub fn run(args: &DiffArgs, output: &Output) -> Result<Exit> {
    let (old, new) = (read_input(&args.old)?, read_input(&args.new)?);
    let evidence = |bytes: &[u8]| parse_strict(bytes).is_ok_and(|value| value.get("facts").is_some());
    let (value, text) = match (evidence(&old), evidence(&new)) {
        (true, true) => {
            let mut read = [(&old, &args.old), (&new, &args.new)]
                .into_iter()
                .map(|(bytes, path)| plimsoll::read_evidence(bytes).with_context(|| path.display().to_string()))
                .collect::<Result<Vec<_>>>()?;
            let (Some(new), Some(old)) = (read.pop(), read.pop()) else { bail!("two files are compared") };
            evidences(&old, &new, output.columns())
        }
        (false, false) => {
            let one = plimsoll::read_any_label(&old).with_context(|| args.old.display().to_string())?;
            let other = plimsoll::read_any_label(&new).with_context(|| args.new.display().to_string())?;
            labels(&one, &other, output.columns())?
        }
        _ => bail!("one of them is evidence and the other is not: give two labels or two evidences"),
    };
    let same = value.get("same") == Some(&json!(true));
    output.print(match args.format {
        DataFormat::Json => plimsoll_model::to_readable(&value)?,
        DataFormat::Text => text,
    })?;
    Ok(if same { Exit::Done } else { Exit::Failed })
}

fn evidences(old: &Evidence, new: &Evidence, columns: usize) -> (serde_json::Value, String) {
    let found = plimsoll::diff_evidence(old, new);
    let mut text = String::new();
    for one in &found.told {
        text.push_str(&wrapped("", &one.place, columns));
        one.audited.iter().for_each(|value| text.push_str(&wrapped("  - ", value, columns)));
        one.again.iter().for_each(|value| text.push_str(&wrapped("  + ", value, columns)));
    }
    if found.more > 0 {
        text.push_str(&format!("and {} more\n", found.more));
    }
    let same = old == new;
    if same {
        text.push_str("the same\n");
    }
    (json!({ "same": same, "differences": found.told, "more": found.more }), text)
}

fn labels(
    old: &plimsoll_model::Statement,
    new: &plimsoll_model::Statement,
    columns: usize,
) -> Result<(serde_json::Value, String)> {
    let (before, after) = (&old.predicate, &new.predicate);
    let changes = plimsoll::diff_criteria(before, after);
    let same = old == new;
    let mut text = String::new();
    let product = |body: &LabelBody| one_line(&body.product.name);
    let (one, other) = (product(before), product(after));
    if one != other {
        let named = |name: &str| if name.is_empty() { "software without a name".to_owned() } else { name.to_owned() };
        let told = format!("labels of different software: {} and {}", named(&one), named(&other));
        text.push_str(&wrapped("", &told, columns));
    }
    let (was, is) = (before.form(), after.form());
    if is == LabelForm::SourceView && was == is {
        text.push_str("both outside views, without a tier\n");
    } else if was != is {
        let change = match is {
            LabelForm::Label => {
                format!("a label of tier {} {}, was an outside view", after.tier.level, after.tier.name)
            }
            LabelForm::SourceView => {
                format!("an outside view, was a label of tier {} {}", before.tier.level, before.tier.name)
            }
        };
        text.push_str(&wrapped("", &change, columns));
    } else if one != other && before.tier.level == after.tier.level {
        text.push_str(&format!("both tier {} {}\n", after.tier.level, after.tier.name));
    } else if before.tier.level == after.tier.level {
        text.push_str(&format!("tier {} {}, as before\n", after.tier.level, after.tier.name));
    } else {
        text.push_str(&format!("tier {} {}, was {}\n", after.tier.level, after.tier.name, before.tier.level));
    }
    let level = |body: &LabelBody| body.source_line.as_ref().map(|line| line.level);
    if let Some((before, after)) = level(before).zip(level(after)).filter(|(before, after)| before != after) {
        text.push_str(&format!("by the source alone: tier {after}, was {before}\n"));
    }
    let signs = signs(before, after);
    for sign in &signs {
        text.push_str(&wrapped("  ", sign, columns));
    }
    let rows: Vec<_> = after
        .face
        .iter()
        .filter_map(|row| {
            let was = before.face.iter().find(|other| other.id == row.id)?;
            (was.text != row.text || was.outcome != row.outcome || was.assurance != row.assurance)
                .then(|| json!({ "id": row.id, "title": row.title, "before": was.text, "after": row.text }))
        })
        .collect();
    for row in &rows {
        let part = |name: &str| row.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        text.push_str(&wrapped(
            "  ",
            &format!("{}: {} (was: {})", part("title"), part("after"), part("before")),
            columns,
        ));
    }
    for change in &changes {
        let told = |standing: &Option<plimsoll_model::Standing>| {
            standing.as_ref().map_or("not there".to_owned(), |one| one.outcome.as_str().to_owned())
        };
        text.push_str(&wrapped(
            "",
            &format!("{}: {} (was: {})", change.id, told(&change.after), told(&change.before)),
            columns,
        ));
        if let Some(after) = &change.after {
            text.push_str(&wrapped("    ", &after.reason, columns));
        }
    }
    if !same && rows.is_empty() && changes.is_empty() && signs.is_empty() && was == is {
        let sentence = if before.countersigned == after.countersigned {
            "no criterion and no row of the face comes to anything else; the inputs or the moment differ"
        } else {
            "no criterion and no row of the face comes to anything else; the countersignatures differ"
        };
        text.push_str(&wrapped("", sentence, columns));
    }
    let value = json!({
        "same": same,
        "product": { "before": one, "after": other },
        "tier": { "before": before.tier.level, "after": after.tier.level },
        "sourceTier": { "before": level(before), "after": level(after) },
        "form": { "before": was.predicate_type(), "after": is.predicate_type() },
        "source": signs,
        "face": rows,
        "criteria": serde_json::to_value(&changes)?,
    });
    Ok((value, text))
}

/// The rows of two outside views that come to another sign.
fn signs(before: &LabelBody, after: &LabelBody) -> Vec<String> {
    let (Some(before), Some(after)) = (&before.source_view, &after.source_view) else { return Vec::new() };
    let changed = after.rows.iter().filter_map(|row| {
        let was = before.rows.iter().find(|other| other.id == row.id)?;
        (was.sign != row.sign).then(|| {
            let (is, was) = (row.sign.as_str(), was.sign.as_str());
            format!("{}: {is} (was: {was}): {}", one_line(&row.title), one_line(&row.text))
        })
    });
    changed.collect()
}
