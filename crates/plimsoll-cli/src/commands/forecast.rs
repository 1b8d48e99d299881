//! `plimsoll forecast`: the label at future dates.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use plimsoll::Horizon;
use plimsoll_model::{DigestSet, Evidence, Forecast, Statement, one_line, plural, sha256_hex, to_canonical};
use plimsoll_practices::Practices;
use plimsoll_render::{forecast_html, forecast_ics, forecast_text};

use super::audit::lying_beside;
use crate::{
    args::{ForecastArgs, ForecastFormat},
    exit::Exit,
    output::{Output, read_input, write_file},
};

/// Days that are judged without --until, at the least.
const YEAR: i64 = 365;

pub fn run(args: &ForecastArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(practices)?;
    let (evidence, digest, label) = read(args)?;
    if let Some(label) = &label {
        same_practices(label, &practices).with_context(|| args.file.display().to_string())?;
    }
    let horizon = Horizon { as_of: args.as_of, until: last_day(args, &evidence)? };
    let digest = DigestSet::from([("sha256".to_owned(), digest)]);
    let forecast =
        plimsoll::forecast(&evidence, digest, &practices, &horizon).with_context(|| args.file.display().to_string())?;
    let bytes = match args.format {
        ForecastFormat::Text => forecast_text(&forecast, &output.text_options()),
        ForecastFormat::Json => serde_json::to_string_pretty(&forecast)? + "\n",
        ForecastFormat::Ics => forecast_ics(&forecast),
        ForecastFormat::Html => forecast_html(&forecast),
    };
    match &args.out {
        Some(path) => write_file(path, bytes.as_bytes())?,
        None => output.print(bytes)?,
    }
    Ok(verdict(&forecast, args.fail_within, output))
}

/// The last day to judge: that of --until, which must not be nearer than what --fail-within asks about; else a year, or as far as
/// that asks.
fn last_day(args: &ForecastArgs, evidence: &Evidence) -> Result<Option<Date>> {
    let Some(days) = args.fail_within else { return Ok(args.until) };
    let today = args.as_of.unwrap_or(evidence.as_of).to_zoned(TimeZone::UTC).date();
    let asked = today.checked_add(i64::from(days).days()).unwrap_or(Date::MAX);
    match args.until {
        Some(until) if until < asked => {
            bail!(
                "--until {until} is before {asked}, which --fail-within {days} asks about; leave --until out, or name a later day"
            )
        }
        Some(until) => Ok(Some(until)),
        None => Ok((i64::from(days) > YEAR).then_some(asked)),
    }
}

/// No, where the tier falls, or the label ends, within so many days.
fn verdict(forecast: &Forecast, within: Option<u16>, output: &Output) -> Exit {
    let falls = forecast.falls.as_ref();
    let Some((days, fall)) = within.zip(falls.filter(|fall| within.is_some_and(|days| fall.days <= i64::from(days))))
    else {
        return Exit::Done;
    };
    let what = if fall.label_ends && (!forecast.spoken || fall.to.level >= forecast.tier.level) {
        "the label ends"
    } else {
        "the tier falls"
    };
    output.say(&format!(
        "{what} on {}, in {}; --fail-within asks for more than {}",
        fall.date,
        plural(fall.days.max(0).unsigned_abs(), "day", "days"),
        plural(u64::from(days), "day", "days")
    ));
    Exit::Failed
}

/// Gives the evidence, its digest, and the label where one was given.
fn read(args: &ForecastArgs) -> Result<(Evidence, String, Option<Statement>)> {
    let named = || args.file.display().to_string();
    let bytes = read_input(&args.file)?;
    if is_evidence(&bytes) {
        if args.evidence.is_some() {
            bail!("{}: it is evidence already; --evidence goes with a label", named());
        }
        let (evidence, digest) = evidence_of(&bytes, None).with_context(named)?;
        return Ok((evidence, digest, None));
    }
    let label = plimsoll::read_any_label(&bytes).with_context(named)?;
    let path = lying_beside(args.evidence.as_deref(), &args.file, "evidence.json")
        .context("a label does not hold the dates of what it rests on")?;
    let stated = label.predicate.evidence.get("sha256").cloned().unwrap_or_default();
    let (evidence, digest) =
        evidence_of(&read_input(&path)?, Some(&stated)).with_context(|| path.display().to_string())?;
    if digest != stated {
        bail!(
            "{}: it is not the evidence of {}, which names another digest; give that with --evidence",
            path.display(),
            named()
        );
    }
    Ok((evidence, digest, Some(label)))
}

/// Reads evidence and gives its digest: that of its canonical form, which need not be written where the bytes have the digest
/// that a label states.
fn evidence_of(bytes: &[u8], stated: Option<&str>) -> Result<(Evidence, String)> {
    let mut evidence = plimsoll::read_evidence(bytes)?;
    evidence.sort();
    let plain = sha256_hex(bytes);
    let digest = if stated == Some(plain.as_str()) { plain } else { sha256_hex(&to_canonical(&evidence)?) };
    Ok((evidence, digest))
}

/// Is it meant to be evidence? What is neither is refused as a label, whose reader says what it is.
fn is_evidence(bytes: &[u8]) -> bool {
    // A label is an in-toto statement, alone or in what signed it: none of them has facts.
    #[derive(serde::Deserialize)]
    struct Marks {
        facts: Option<serde::de::IgnoredAny>,
    }
    // A list is read as such members one after the other.
    bytes.trim_ascii_start().starts_with(b"{")
        && serde_json::from_slice::<Marks>(bytes).is_ok_and(|marks| marks.facts.is_some())
}

/// Refuses a label that was made by other practices: its tier is not the one that would be forecast.
fn same_practices(label: &Statement, practices: &Practices) -> Result<()> {
    let (own, other) = (practices.digests(), &label.predicate.practices);
    let odd = own.keys().chain(other.keys()).find(|path| own.get(*path) != other.get(*path));
    if let Some(path) = odd {
        bail!(
            "it was judged by other practices than these ({} differs): give its own with --practices, or its evidence alone to \
             forecast by these",
            one_line(path)
        );
    }
    Ok(())
}
