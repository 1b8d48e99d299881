//! A repository's own configuration, of which nothing is followed out of it.
//!
//! libgit2 reads what `[include]`, `[includeIf]` and `core.excludesFile` name, wherever it is and whatever it is, and parses
//! every section. Where a configuration is more than plain, the repository is opened through a folder that holds what of it
//! says how objects are kept, and links to the rest.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use git2::{Config, Error, ErrorClass, ErrorCode};
use tempfile::TempDir;

/// Bytes of a configuration that libgit2 reads itself.
const PLAIN: u64 = 64 * 1024;
/// Bytes of a configuration that is looked at.
const LARGEST: u64 = 64 * 1024 * 1024;
/// Settings of how a repository is kept.
const MOST_SETTINGS: usize = 100;
/// References that are copied where there are no links.
#[cfg(not(unix))]
const MOST_COPIED: usize = 200_000;

/// A folder to open in place of a repository's own.
pub(crate) struct Apart {
    folder: TempDir,
    /// The working folder, where it has one.
    pub(crate) working: Option<PathBuf>,
}

impl Apart {
    /// Gives one for the repository at `git_dir`; nothing where its configuration is plain.
    pub(crate) fn of(git_dir: &Path) -> Result<Option<Self>, Error> {
        let common = common(git_dir);
        let files = [common.join("config"), common.join("config.worktree"), git_dir.join("config.worktree")];
        let mut texts = Vec::new();
        for file in &files {
            texts.push(text_of(file, LARGEST).map_err(|error| failed(&format!("{}: {error}", file.display())))?);
        }
        if texts.iter().all(|text| is_plain(text)) {
            return Ok(None);
        }
        let folder = tempfile::tempdir().map_err(|error| failed(&format!("no folder for a configuration: {error}")))?;
        owned(git_dir, folder.path())?;
        let settings: String = texts.iter().map(|text| how_kept(text)).collect();
        let lay = || -> io::Result<()> {
            fs::write(folder.path().join("config"), format!("[core]\n\tbare = true\n{settings}"))?;
            fs::write(folder.path().join("HEAD"), text_of(&git_dir.join("HEAD"), PLAIN)?)?;
            link(&common, folder.path())
        };
        lay().map_err(|error| failed(&format!("{}: {error}", git_dir.display())))?;
        Ok(Some(Self { folder, working: working(git_dir) }))
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn failed(reason: &str) -> Error {
    Error::new(ErrorCode::Invalid, ErrorClass::Config, reason)
}

/// Where the repository of a second working copy is.
fn common(git_dir: &Path) -> PathBuf {
    let line = text_of(&git_dir.join("commondir"), PLAIN).unwrap_or_default();
    let line = line.trim_end();
    if line.is_empty() { git_dir.to_owned() } else { git_dir.join(line) }
}

/// The folder whose `.git` this is. What is only named leads out of the repository; it has to lead back.
fn working(git_dir: &Path) -> Option<PathBuf> {
    let of_module = text_of(&git_dir.join("config"), PLAIN).ok().and_then(|text| named_working(&text));
    let named = text_of(&git_dir.join("gitdir"), PLAIN).unwrap_or_default();
    let named = named.trim_end();
    let link = if !named.is_empty() {
        git_dir.join(named)
    } else if let Some(folder) = of_module.filter(|_| git_dir.file_name().is_none_or(|name| name != ".git")) {
        git_dir.join(folder).join(".git")
    } else {
        git_dir.to_owned()
    };
    let folder = link.file_name().filter(|name| *name == ".git").and_then(|_| link.parent())?;
    let back = if link.is_file() {
        folder.join(text_of(&link, PLAIN).ok()?.strip_prefix("gitdir:")?.trim())
    } else {
        link.clone()
    };
    (back.canonicalize().ok()? == git_dir.canonicalize().ok()?).then(|| folder.to_owned())
}

/// The folder that the configuration of a submodule names.
fn named_working(text: &str) -> Option<String> {
    let pairs = text.lines().filter_map(|line| line.trim().split_once('='));
    let mut named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("worktree"));
    named.next().map(|(_, value)| value.trim().to_owned())
}

/// The text of a file; empty where there is none. It is known that none of them is a pipe.
fn text_of(path: &Path, limit: u64) -> io::Result<String> {
    let bytes = match fs::File::open(path) {
        Ok(file) => plimsoll_model::read_bounded(file, limit)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return Err(error),
    };
    let bytes = bytes.ok_or_else(|| io::Error::other(format!("larger than {limit} bytes")))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn is_plain(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.len() as u64 <= PLAIN
        && !["include", "excludesfile", "attributesfile", "worktree"].iter().any(|word| lower.contains(word))
}

/// The lines of a configuration that say how its repository is kept.
fn how_kept(text: &str) -> String {
    let (mut section, mut kept, mut continued) = (String::new(), String::new(), false);
    let mut settings = 0;
    for line in text.lines() {
        let goes_on = line.chars().rev().take_while(|c| *c == '\\').count() % 2 == 1;
        let (continues, mut line) = (continued, line.trim());
        continued = goes_on;
        if continues {
            continue;
        }
        if let Some((name, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            section = name.trim().to_ascii_lowercase();
            line = rest.trim();
        }
        let (name, value) = line.split_once('=').unwrap_or((line, "true"));
        let (name, value) =
            (name.trim().to_ascii_lowercase(), value.split(['#', ';']).next().unwrap_or_default().trim());
        let asked = match section.as_str() {
            "core" => name == "repositoryformatversion",
            // What is in files of one working copy is laid under as well.
            "extensions" => name != "worktreeconfig",
            _ => false,
        };
        let plain =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
        if asked && plain(&name) && plain(value) && settings < MOST_SETTINGS {
            settings += 1;
            kept.push_str(&format!("[{section}]\n\t{name} = {value}\n"));
        }
    }
    kept
}

#[cfg(unix)]
fn link(common: &Path, folder: &Path) -> io::Result<()> {
    let common = common.canonicalize()?;
    for name in ["objects", "refs", "reftable", "info", "packed-refs", "shallow"] {
        let path = common.join(name);
        if path.exists() {
            std::os::unix::fs::symlink(path, folder.join(name))?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn link(common: &Path, folder: &Path) -> io::Result<()> {
    let common = common.canonicalize()?;
    fs::create_dir_all(folder.join("objects/info"))?;
    fs::write(folder.join("objects/info/alternates"), format!("{}\n", common.join("objects").display()))?;
    for name in ["packed-refs", "shallow", "info/exclude"] {
        if common.join(name).is_file() {
            fs::create_dir_all(folder.join("info"))?;
            fs::copy(common.join(name), folder.join(name))?;
        }
    }
    let (mut waiting, mut left) = (vec![PathBuf::from("refs")], MOST_COPIED);
    while let Some(relative) = waiting.pop() {
        fs::create_dir_all(folder.join(&relative))?;
        for entry in fs::read_dir(common.join(&relative))? {
            let entry = entry?;
            left = left.checked_sub(1).ok_or_else(|| io::Error::other("more references than are copied"))?;
            let path = relative.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                waiting.push(path);
            } else {
                fs::copy(common.join(&path), folder.join(&path))?;
            }
        }
    }
    Ok(())
}

/// libgit2 asks whose folder it opens, and this one is ours; so the repository's own is asked for.
#[cfg(unix)]
fn owned(git_dir: &Path, ours: &Path) -> Result<(), Error> {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| fs::metadata(path).map(|metadata| metadata.uid());
    let (theirs, own) = (owner(git_dir), owner(ours));
    if theirs.is_ok() && theirs.ok() == own.ok() {
        return Ok(());
    }
    let mut safe = false;
    if let Ok(config) = Config::open_default()
        && let Ok(entries) = config.multivar("safe.directory", None)
    {
        let working = working(git_dir);
        let names = |value: &str| {
            value == "*" || working.iter().any(|one| one == Path::new(value)) || git_dir == Path::new(value)
        };
        let _ = entries.for_each(|entry| safe |= entry.value().is_ok_and(names));
    }
    if safe {
        return Ok(());
    }
    Err(Error::new(ErrorCode::Owner, ErrorClass::Config, format!("{} is owned by somebody else", git_dir.display())))
}

#[cfg(not(unix))]
fn owned(_: &Path, _: &Path) -> Result<(), Error> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_how_objects_are_kept_is_taken() {
        for (text, plain, kept) in [
            (
                "[core]\n\trepositoryformatversion = 0\n\tbare = false\n",
                true,
                "[core]\n\trepositoryformatversion = 0\n",
            ),
            ("[Core] RepositoryFormatVersion=1 # x\n", true, "[core]\n\trepositoryformatversion = 1\n"),
            ("[extensions]\nobjectformat = sha256\n", true, "[extensions]\n\tobjectformat = sha256\n"),
            ("[extensions]\nworktreeConfig = true\n", false, ""),
            ("[core]\n\tworkTree = /etc\n", false, ""),
            ("[include]\n\tpath = /etc/x\n", false, ""),
            ("[IncludeIf \"gitdir:/x\"]\n\tpath = /etc/x\n", false, ""),
            ("[core]\n\texcludesFile = /etc/x\n", false, ""),
            ("[remote \"x\"]\n\turl = a\\\n[extensions]\n\tobjectformat = sha256\n", true, ""),
            ("[extensions \"x\"]\n\tobjectformat = sha256\n", true, ""),
            ("[extensions]\n\tobjectformat = \"x\\n[include]\"\n", false, ""),
            ("", true, ""),
        ] {
            assert_eq!(is_plain(text), plain, "{text}");
            assert_eq!(how_kept(text), kept, "{text}");
        }
        assert!(!is_plain(&"[a]\n".repeat(100_000)));
    }
}
