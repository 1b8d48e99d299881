//! Practices that are built in, with those of a folder laid over them.

use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

use plimsoll_pipelines::{ToolProblem, Tools};
use plimsoll_practices::{FOLDERS, PracticeError, Practices, Problems, WHOSE_FILE, embedded_files};

use crate::{Error, kind_names};

/// Files of one folder of practices.
const MOST_FILES: usize = 500;
/// Bytes of one of them.
const LARGEST: u64 = 4 * 1024 * 1024;
/// The folder of what tools are: evidence names it, as labels name the others.
const TOOLS: &str = "tools";

/// What a folder holds: path under practices/, text.
pub(crate) struct Given {
    /// What evidence is judged by.
    pub(crate) practices: BTreeMap<String, String>,
    /// What evidence is collected by.
    pub(crate) tools: BTreeMap<String, String>,
}

/// Gives the built-in practices, with the files of `folder` laid over them by their paths. Everything that is wrong with them is
/// said at once, that of its tools included.
pub fn practices(folder: Option<&Path>) -> Result<Practices, Error> {
    let mut files = embedded_files();
    let mut problems = Vec::new();
    if let Some(folder) = folder {
        let given = read(folder)?;
        files.extend(given.practices);
        let built_in = Tools::built_in_files();
        let own = given.tools.iter().filter(|(path, text)| built_in.get(*path) != Some(*text));
        files.extend(own.map(|(path, text)| (path.clone(), text.clone())));
        problems.extend(tools_with(given.tools).err().into_iter().flat_map(|problems| problems.0));
    }
    match Practices::load(&files, &kind_names()) {
        Ok(practices) if problems.is_empty() => Ok(practices),
        Ok(_) => Err(Problems(problems).into()),
        Err(others) => {
            problems.extend(others.0);
            problems.sort();
            Err(Problems(problems).into())
        }
    }
}

/// Gives what the tools are that pipelines call: built in, with the files in `tools/` of `folder` laid over them by their paths.
pub fn tools(folder: Option<&Path>) -> Result<Arc<Tools>, Error> {
    Ok(match folder {
        Some(folder) => tools_with(read(folder)?.tools)?,
        None => Tools::built_in(),
    })
}

fn tools_with(given: BTreeMap<String, String>) -> Result<Arc<Tools>, Problems> {
    if given.is_empty() {
        return Ok(Tools::built_in());
    }
    let mut files = Tools::built_in_files();
    files.extend(given);
    let problem = |ToolProblem { file, line, message }| PracticeError { file, line, message };
    Tools::load(&files).map(Arc::new).map_err(|problems| Problems(problems.into_iter().map(problem).collect()))
}

fn unreadable(path: &Path, reason: String) -> Error {
    Error::Practices { path: path.to_owned(), reason }
}

/// The text of a regular file that is not too large.
fn text_of(path: &Path) -> Result<String, Error> {
    let wrong = |error: std::io::Error| unreadable(path, error.to_string());
    let metadata = fs::metadata(path).map_err(wrong)?;
    if !metadata.is_file() {
        return Err(unreadable(path, "not a regular file".to_owned()));
    }
    if metadata.len() > LARGEST {
        return Err(unreadable(path, format!("more than {LARGEST} bytes")));
    }
    fs::read_to_string(path).map_err(wrong)
}

/// Reads the TOML files of a folder. One without any is refused, and so is what is no regular file, or too large.
pub(crate) fn read(folder: &Path) -> Result<Given, Error> {
    let mut files = BTreeMap::new();
    for part in FOLDERS.into_iter().chain([TOOLS]) {
        let inside = folder.join(part);
        let listing = match fs::read_dir(&inside) {
            Ok(listing) => listing,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable(&inside, error.to_string())),
        };
        for entry in listing {
            let path = entry.map_err(|error| unreadable(&inside, error.to_string()))?.path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            if files.len() >= MOST_FILES {
                return Err(unreadable(&path, format!("more than {MOST_FILES} files")));
            }
            let text = text_of(&path)?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.insert(format!("{part}/{name}"), text);
        }
    }
    let whose = folder.join(WHOSE_FILE);
    if !files.is_empty() && fs::symlink_metadata(&whose).is_ok() {
        files.insert(WHOSE_FILE.to_owned(), text_of(&whose)?);
    }
    if files.is_empty() {
        let reason = format!("it has no TOML file in {TOOLS}/, {}", FOLDERS.map(|one| format!("{one}/")).join(", "));
        return Err(unreadable(folder, reason));
    }
    let (tools, practices) = files.into_iter().partition(|(path, _)| path.starts_with("tools/"));
    Ok(Given { practices, tools })
}
