//! `plimsoll db update`: the dumps that OSV publishes, fetched and packed, one file for each ecosystem.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, anyhow, bail};
use jiff::{civil::Date, tz::TimeZone};
use plimsoll_advisories::{DataOf, Database, ENDING, Ecosystem, OSV_ECOSYSTEMS};
use plimsoll_components::ECOSYSTEMS;
use plimsoll_model::{one_line, plural, read_bounded, sha256_hex};
use plimsoll_net::{Address, Download, DownloadOptions, Downloaded, FileVersion};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    args::{DataFormat, DbUpdateArgs},
    exit::Exit,
    folders, input,
    output::{Output, Progress, write_file},
};

/// Records that cannot be read and are named.
const MOST_NAMED: usize = 5;
/// Bytes of what is kept of an origin.
const LARGEST_ORIGIN: u64 = 64 * 1024;
/// The name of the file that OSV publishes of each ecosystem.
const DUMP: &str = "all.zip";

/// From which version of which dump a snapshot was packed, kept next to it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Origin {
    /// The version of the program that packed it: another one may take more from the same dump.
    tool: String,
    /// SHA-256 of the snapshot.
    snapshot: String,
    dump: FileVersion,
}

/// What became of one ecosystem.
struct Updated {
    data: DataOf,
    /// What was fetched; nothing where nothing has changed.
    download: Option<Download>,
}

pub fn run(args: &DbUpdateArgs, output: &Output) -> Result<Exit> {
    let base = Address::read(&args.from)?;
    let ecosystems = chosen(&args.ecosystems)?;
    let folder = args.dir.clone().or_else(folders::advisories);
    let folder = folder.ok_or_else(|| anyhow!("there is no folder of the user for data: say where with --dir"))?;
    fs::create_dir_all(&folder).with_context(|| format!("{}: the folder cannot be made", folder.display()))?;
    if base.is_plain() {
        output.say(&format!("{base}: plain HTTP; anyone on the way can change what comes"));
    }
    let today = input::as_of(None).to_zoned(TimeZone::UTC).date();
    let mut rows = Vec::new();
    for ecosystem in ecosystems {
        let update = Update { ecosystem, from: base.below(&[ecosystem.name, DUMP]), folder: &folder, keep: args.keep };
        let outcome = update.run(today, output);
        if let Err(error) = &outcome {
            output.fail(&anyhow!("{}: {error:#}", ecosystem.name));
        }
        rows.push((update, outcome));
    }
    let any = rows.iter().any(|(update, _)| update.snapshot().exists());
    output.print(match args.format {
        DataFormat::Json => plimsoll_model::to_readable(&json!({
            "folder": folder.display().to_string(),
            "ecosystems": rows.iter().map(|(update, outcome)| as_json(update, outcome)).collect::<Vec<_>>(),
        }))?,
        DataFormat::Text => {
            let lines = rows.iter().map(|(update, outcome)| as_text(update, outcome.as_ref().ok()));
            let mut text: String = lines.collect();
            if any {
                text.push_str(&format!("--advisories {}\n", one_line(&folder.display().to_string())));
            }
            text
        }
    })?;
    Ok(if rows.iter().all(|(_, outcome)| outcome.is_ok()) { Exit::Done } else { Exit::Error })
}

/// The ecosystems of these names, each once; where none is named, all of which it is known how much is published.
fn chosen(names: &[String]) -> Result<Vec<&'static Ecosystem>> {
    let mut all: Vec<&Ecosystem> = OSV_ECOSYSTEMS.iter().filter(|ecosystem| ecosystem.least() > 0).collect();
    all.sort_by_key(|ecosystem| ecosystem.name);
    if names.is_empty() {
        return Ok(all);
    }
    let mut found = Vec::new();
    for name in names {
        let Some(ecosystem) = named(name) else {
            let known: Vec<&str> = all.iter().map(|ecosystem| ecosystem.name).collect();
            bail!("{}: no ecosystem of OSV has this name; known are {}", one_line(name), known.join(", "));
        };
        if !found.contains(&ecosystem) {
            found.push(ecosystem);
        }
    }
    Ok(found)
}

/// The ecosystem that OSV, Plimsoll or package URLs call so, without regard to case.
fn named(name: &str) -> Option<&'static Ecosystem> {
    let of_osv = || OSV_ECOSYSTEMS.iter().find(|ecosystem| ecosystem.name.eq_ignore_ascii_case(name));
    let ours = || {
        let ours = ECOSYSTEMS.iter().find(|ecosystem| ecosystem.name().eq_ignore_ascii_case(name))?;
        ours.purl_types().iter().find_map(|kind| Ecosystem::of_purl_type(kind))
    };
    of_osv().or_else(ours).or_else(|| Ecosystem::of_purl_type(&name.to_ascii_lowercase()))
}

/// One ecosystem.
struct Update<'a> {
    ecosystem: &'static Ecosystem,
    from: Address,
    folder: &'a Path,
    keep: bool,
}

impl Update<'_> {
    fn path(&self, ending: &str) -> PathBuf {
        self.folder.join(format!("{}.{ending}", self.ecosystem.name))
    }

    fn snapshot(&self) -> PathBuf {
        self.path(ENDING)
    }

    /// Fetches the dump and packs it. What was there stays until what comes is whole and readable.
    fn run(&self, today: Date, output: &Output) -> Result<Updated> {
        let progress = output.progress();
        let dump = self.path("dump.zip");
        let options = DownloadOptions { known: self.known(), ..DownloadOptions::default() };
        let heard = |bytes: u64, total: Option<u64>| progress.tell(&self.fetched(bytes, total));
        progress.tell(&format!("{}: asking {}", self.ecosystem.name, self.from));
        let downloaded = plimsoll_net::download(&self.from, &dump, &options, &heard).map_err(|error| {
            let kept = fs::metadata(self.path("dump.zip.part")).is_ok_and(|part| part.len() > 0);
            anyhow!("{error}{}", if kept { "; what came is kept, and the next run goes on from there" } else { "" })
        })?;
        let download = match downloaded {
            Downloaded::Unchanged => {
                return Ok(Updated { data: self.data(&Database::open(&[self.snapshot()])?)?, download: None });
            }
            Downloaded::Whole(download) => download,
        };
        let packed = self.pack(&dump, &download, today, &progress, output);
        if !self.keep {
            fs::remove_file(&dump).with_context(|| format!("{}: cannot be removed", dump.display()))?;
        }
        Ok(Updated { data: packed?, download: Some(download) })
    }

    /// Packs a dump to the place of the snapshot; gives what is in it.
    fn pack(
        &self,
        dump: &Path,
        download: &Download,
        today: Date,
        progress: &Progress,
        output: &Output,
    ) -> Result<DataOf> {
        progress.tell(&format!("{}: reading the records", self.ecosystem.name));
        let database = Database::open(&[dump])?;
        if let Some(first) = database.gaps().next() {
            for reason in database.gaps().take(MOST_NAMED) {
                output.say(&format!("{}: cannot be read: {reason}", self.ecosystem.name));
            }
            let count = database.gaps().count();
            bail!("{} cannot be read, first {first}", plural(count, "record of the dump", "records of the dump"));
        }
        // What is built in must not pass for what the dump has.
        if !self.data(&database).is_ok_and(|data| data.given) {
            bail!("the dump has no advisory about it");
        }
        progress.tell(&format!("{}: packing", self.ecosystem.name));
        // A day to come is no day of which anything can be known.
        let date = download.last_modified.map(|moment| moment.to_zoned(TimeZone::UTC).date().min(today));
        let revision = format!("sha256:{}", download.sha256);
        let bytes = database.pack(Some(self.ecosystem), Some(&revision), date)?;
        write_file(&self.snapshot(), &bytes)?;
        let origin = Origin { tool: tool().to_owned(), snapshot: sha256_hex(&bytes), dump: download.version.clone() };
        write_file(&self.path("origin.json"), &serde_json::to_vec(&origin)?)?;
        let data = self.data(&Database::open(&[self.snapshot()])?)?;
        self.warn(&data, output);
        Ok(data)
    }

    fn data(&self, database: &Database) -> Result<DataOf> {
        let data = database.data_of(self.ecosystem)?;
        data.ok_or_else(|| anyhow!("{}: it has no advisory about {}", self.snapshot().display(), self.ecosystem.name))
    }

    fn warn(&self, data: &DataOf, output: &Output) {
        let name = self.ecosystem.name;
        if data.is_part() {
            output.say(&format!(
                "{name}: {}, and more than {} are published: it proves the absence of none",
                plural(data.advisories, "advisory", "advisories"),
                self.ecosystem.least()
            ));
        }
        if let Some(first) = data.lacks.first() {
            let count = data.lacks.len();
            output.say(&format!("{name}: it lacks {count} that this version of Plimsoll has built in, {first} first"));
        }
    }

    /// The version of the dump that the snapshot was packed from, where both are as this program left them.
    fn known(&self) -> Option<FileVersion> {
        let bytes = read_bounded(input::open(&self.path("origin.json")).ok()?, LARGEST_ORIGIN).ok()??;
        let origin: Origin = serde_json::from_slice(&bytes).ok()?;
        let snapshot = input::read(&self.snapshot()).ok()?;
        let as_left = origin.tool == tool() && origin.snapshot == sha256_hex(&snapshot);
        let opens = || Database::open(&[self.snapshot()]).is_ok_and(|database| self.data(&database).is_ok());
        (as_left && opens()).then_some(origin.dump)
    }

    fn fetched(&self, bytes: u64, total: Option<u64>) -> String {
        let name = self.ecosystem.name;
        match total {
            Some(total) => format!("{name}: {} of {}", megabytes(bytes), megabytes(total)),
            None => format!("{name}: {}", megabytes(bytes)),
        }
    }
}

/// This version of the program.
fn tool() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

fn as_json(update: &Update<'_>, outcome: &Result<Updated>) -> serde_json::Value {
    let (name, from) = (update.ecosystem.name, update.from.to_string());
    match outcome {
        Err(error) => json!({
            "ecosystem": name, "from": from, "outcome": "failed", "reason": one_line(&format!("{error:#}")),
            "keptFromBefore": update.snapshot().exists(),
        }),
        Ok(updated) => {
            let fetched = updated.download.as_ref().map(|download| {
                json!({
                    "bytes": download.bytes, "resumedFrom": download.resumed, "sha256": download.sha256,
                    "checked": download.checked,
                })
            });
            json!({
                "ecosystem": name, "from": from,
                "outcome": if fetched.is_some() { "updated" } else { "unchanged" },
                "file": update.snapshot().display().to_string(),
                "advisories": updated.data.advisories, "date": updated.data.date, "sha256": updated.data.sha256,
                "part": updated.data.is_part(), "fetched": fetched,
            })
        }
    }
}

fn as_text(update: &Update<'_>, updated: Option<&Updated>) -> String {
    let name = update.ecosystem.name;
    let Some(Updated { data, download }) = updated else {
        let kept = if update.snapshot().exists() { "; the data of before is still there" } else { "" };
        return format!("{name}: failed{kept}\n");
    };
    let of = data.date.map(|date| format!(" of {date}")).unwrap_or_default();
    let what = match download {
        None => "nothing has changed".to_owned(),
        Some(download) if download.checked.is_empty() => {
            format!("{} fetched, without a digest to check", megabytes(download.bytes))
        }
        Some(download) => format!("{} fetched, {} checked", megabytes(download.bytes), download.checked.join(" and ")),
    };
    format!("{name}: {}{of}; {what}\n", plural(data.advisories, "advisory", "advisories"))
}
