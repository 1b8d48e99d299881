//! `plimsoll db`: where the advisory data is from, how to fetch it, and how to pack it.

mod update;

use anyhow::Result;
use jiff::{civil::Date, tz::TimeZone};
use plimsoll_advisories::{DataOf, Database, OSV_ECOSYSTEMS};
use plimsoll_model::{one_line, plural};
use serde_json::json;

use super::table::wrapped;
use crate::{
    args::{DataFormat, DbAction, DbArgs},
    exit::Exit,
    input,
    output::{Output, write_file},
};

pub fn run(args: &DbArgs, output: &Output) -> Result<Exit> {
    match &args.action {
        DbAction::Status { advisories, as_of, format } => {
            let database = Database::open(advisories)?;
            let today = input::as_of(*as_of).to_zoned(TimeZone::UTC).date();
            let mut all = Vec::new();
            for ecosystem in database.ecosystems() {
                all.extend(database.data_of(ecosystem)?);
            }
            let text = match format {
                DataFormat::Json => serde_json::to_string_pretty(&as_json(&database, &all, today))? + "\n",
                DataFormat::Text => as_text(&database, &all, today, output),
            };
            output.print(text)?;
            Ok(Exit::Done)
        }
        DbAction::Update(update) => update::run(update, output),
        DbAction::Pack { sources, out, revision, date } => {
            let database = Database::open(sources)?;
            let bytes = database.pack(None, revision.as_deref(), *date)?;
            write_file(out, &bytes)?;
            let mut count = 0;
            for ecosystem in database.ecosystems() {
                count += database.data_of(ecosystem)?.filter(|data| data.given).map_or(0, |data| data.advisories);
            }
            output.say(&format!(
                "wrote {}, {}, to {}",
                plural(usize::try_from(count).unwrap_or(usize::MAX), "advisory", "advisories"),
                plural(bytes.len(), "byte", "bytes"),
                out.display()
            ));
            Ok(Exit::Done)
        }
    }
}

fn age(data: &DataOf, today: Date) -> Option<i64> {
    data.date.map(|date| i64::from((today - date).get_days()))
}

fn as_json(database: &Database, all: &[DataOf], today: Date) -> serde_json::Value {
    let of_one = |data: &DataOf| {
        json!({
            "ecosystem": data.ecosystem.name,
            "origin": if data.given { "given" } else { "built-in" },
            "source": data.source,
            "revision": data.revision,
            "date": data.date,
            "ageDays": age(data, today),
            "advisories": data.advisories,
            "part": data.is_part(),
            "lacks": data.lacks,
            "sha256": data.sha256,
        })
    };
    json!({
        "ecosystems": all.iter().map(of_one).collect::<Vec<_>>(),
        "unreadable": database.gaps().collect::<Vec<_>>(),
    })
}

fn as_text(database: &Database, all: &[DataOf], today: Date, output: &Output) -> String {
    let mut text = String::new();
    for data in all {
        let count = plural(usize::try_from(data.advisories).unwrap_or(usize::MAX), "advisory", "advisories");
        text.push_str(&format!("{}: {}, {count}\n", data.ecosystem.name, data.source));
        if let Some(revision) = &data.revision {
            text.push_str(&format!("  revision  {}\n", one_line(revision)));
        }
        match (data.date, age(data, today)) {
            (Some(date), Some(age)) if age >= 0 => {
                text.push_str(&format!("  date      {date}, {} old\n", plural(age, "day", "days")));
            }
            (Some(date), _) => text.push_str(&format!("  date      {date}, which is to come\n")),
            _ => text.push_str("  date      not known\n"),
        }
        text.push_str(&format!("  sha256    {}\n", data.sha256));
        if data.is_part() {
            let least = data.ecosystem.least();
            text.push_str(&format!(
                "  a part: more than {least} are published, so that it proves the absence of none\n"
            ));
        }
        if let Some(first) = data.lacks.first() {
            let count = data.lacks.len();
            text.push_str(&format!("  lacks     {count} that this version of Plimsoll has built in, {first} first\n"));
        }
    }
    let mut without: Vec<&str> = OSV_ECOSYSTEMS
        .iter()
        .filter(|one| one.least() > 0 && !all.iter().any(|data| data.ecosystem == *one))
        .map(|one| one.name)
        .collect();
    without.sort_unstable();
    if !without.is_empty() {
        text.push_str(&wrapped("", &format!("no data: {}", without.join(", ")), output.columns()));
    }
    for gap in database.gaps() {
        text.push_str(&format!("cannot be read: {}\n", one_line(gap)));
    }
    text
}
