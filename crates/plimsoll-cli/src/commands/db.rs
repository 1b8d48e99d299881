//! `plimsoll db`: where the advisory data is from, and how to pack it.

use anyhow::{Context as _, Result, bail};
use jiff::tz::TimeZone;
use plimsoll_advisories::{Database, pack};
use plimsoll_model::plural;

use crate::{
    args::{DataFormat, DbAction, DbArgs},
    exit::Exit,
    input,
    output::{Output, write_file},
};

pub fn run(args: &DbArgs, output: &Output) -> Result<Exit> {
    match &args.action {
        DbAction::Status { advisories, as_of, format } => {
            let database = match advisories {
                Some(path) => Database::open(path).with_context(|| format!("{}", path.display()))?,
                None => Database::embedded()?,
            };
            let input = database.input();
            let today = input::as_of(*as_of).to_zoned(TimeZone::UTC).date();
            let age = input.date.map(|date| i64::from((today - date).get_days()));
            if *format == DataFormat::Json {
                let status = serde_json::json!({"database": input, "ageDays": age, "unreadable": database.gaps()});
                output.print(serde_json::to_string_pretty(&status)? + "\n")?;
                return Ok(Exit::Done);
            }
            let mut text =
                format!("{}: {}\n", input.source, plural(input.count.unwrap_or_default(), "advisory", "advisories"));
            text.push_str(&format!("revision  {}\n", input.revision.as_deref().unwrap_or("not known")));
            match (input.date, age) {
                (Some(date), Some(age)) => {
                    text.push_str(&format!("date      {date}, {} old\n", plural(age, "day", "days")));
                }
                _ => text.push_str("date      not known\n"),
            }
            text.push_str(&format!("sha256    {}\n", input.digest.get("sha256").map_or("", String::as_str)));
            if !database.lacks().is_empty() {
                text.push_str(&format!(
                    "lacks     {} that this version of Plimsoll has built in, {} first\n",
                    database.lacks().len(),
                    database.lacks().first().map_or("", String::as_str)
                ));
            }
            for gap in database.gaps() {
                text.push_str(&format!("cannot be read: {}\n", plimsoll_model::one_line(gap)));
            }
            output.print(text)?;
            Ok(Exit::Done)
        }
        DbAction::Pack { checkout, out, revision, date } => {
            let database = Database::open(checkout).with_context(|| format!("{}", checkout.display()))?;
            let input = database.input();
            let revision = revision.clone().or(input.revision);
            let Some(date) = date.or(input.date) else {
                bail!("{}: its date is not known; give it with --date", checkout.display());
            };
            let bytes = pack(&database, revision, date)?;
            write_file(out, &bytes)?;
            output.say(&format!(
                "wrote {}, {}, to {}",
                plural(input.count.unwrap_or_default(), "advisory", "advisories"),
                plural(bytes.len(), "byte", "bytes"),
                out.display()
            ));
            Ok(Exit::Done)
        }
    }
}
