//! `plimsoll plan --write`: the changes that are safe to make, in the working copy. Nothing is committed and nothing overwritten:
//! a file is made where there is none, and changed only where it is as it was committed. No link is followed.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use plimsoll::Plan;
use plimsoll_collect::{
    Target,
    proposals::{Change, proposals},
};
use plimsoll_model::{LabelBody, one_line, plural};
use plimsoll_snapshot::Folders;

use crate::output::set_mode;

/// Bytes of a file that is changed.
const LARGEST: u64 = 1024 * 1024;

/// Writes what the steps of `plan` name, and gives what was done, in lines for a person.
pub fn write(plan: &Plan, label: &LabelBody, target: &Target) -> Result<String> {
    let top = Folders::of(&target.path)?.top;
    let wanted: BTreeSet<_> = plan.steps.iter().flat_map(|step| step.writes.iter().copied()).collect();
    // Where a file says so already, it is no word of the maker's claims.
    let contact = Some(label.product.contact.as_str()).filter(|contact| !contact.is_empty());
    let mut text = String::new();
    let mut is_changed = false;
    let proposals = proposals(target, &wanted, contact)?;
    // All of them are looked at before the first is written.
    proposals.iter().flat_map(|proposal| &proposal.changes).try_for_each(|change| check(&top, change))?;
    for proposal in proposals {
        let steps: Vec<&str> = (plan.steps.iter().filter(|step| step.writes.contains(&proposal.write)))
            .map(|step| step.id.as_str())
            .collect();
        let steps = steps.join(", ");
        for change in &proposal.changes {
            make(&top, change)?;
            is_changed = true;
            let path = one_line(change.path());
            match change {
                Change::New { .. } => text.push_str(&format!("wrote {path} ({steps})\n")),
                Change::Edit { lines, .. } => {
                    text.push_str(&format!("changed {path}, {} ({steps})\n", plural(lines.len(), "line", "lines")));
                    for (line, new) in lines {
                        text.push_str(&format!("  {line}: {}\n", one_line(new)));
                    }
                }
            }
        }
        if let Some(left) = &proposal.left {
            text.push_str(&format!("not written ({steps}): {left}\n"));
        }
    }
    text.push_str(match (is_changed, text.is_empty()) {
        (true, _) => {
            "\nNothing is committed. Look at it with `git status` and `git diff`, commit it, then run `plimsoll plan` again.\n"
        }
        (false, true) => "None of the steps is one that can be written without asking you; `plimsoll plan` shows them.\n",
        (false, false) => "\nNothing was written.\n",
    });
    Ok(text)
}

/// Refuses what cannot be made.
fn check(top: &Path, change: &Change) -> Result<()> {
    let target = place(top, change.path(), false)?;
    let shown = target.display();
    let there = fs::symlink_metadata(&target);
    match change {
        Change::New { .. } => {
            if there.is_ok() {
                bail!(
                    "{shown}: it is in the working copy already, and not in the commit; nothing is overwritten: commit it, or use --worktree"
                );
            }
        }
        Change::Edit { before, .. } => {
            let about = there.with_context(|| format!("{shown}: cannot read"))?;
            if !about.is_file() {
                bail!("{shown}: it is no regular file, and no link is followed");
            }
            let mut bytes = Vec::new();
            let file = fs::File::open(&target).with_context(|| format!("{shown}: cannot read"))?;
            file.take(LARGEST).read_to_end(&mut bytes).with_context(|| format!("{shown}: cannot read"))?;
            if bytes != before.as_bytes() {
                bail!("{shown}: it is not as it was committed; commit it or put it aside (`git stash`) first");
            }
        }
    }
    Ok(())
}

fn make(top: &Path, change: &Change) -> Result<()> {
    let target = place(top, change.path(), true)?;
    let shown = target.display();
    let folder = target.parent().unwrap_or(top);
    check(top, change)?;
    let (text, mode) = match change {
        Change::New { text, .. } => (text, None),
        Change::Edit { after, .. } => (after, Some(fs::symlink_metadata(&target)?.permissions())),
    };
    let written = || -> std::io::Result<()> {
        let mut aside = tempfile::Builder::new().prefix(".plimsoll-").tempfile_in(folder)?;
        aside.write_all(text.as_bytes())?;
        aside.as_file().sync_all()?;
        set_mode(aside.as_file(), mode.clone())?;
        match mode {
            Some(_) => aside.persist(&target).map(drop).map_err(|error| error.error),
            None => aside.persist_noclobber(&target).map(drop).map_err(|error| error.error),
        }
    };
    written().with_context(|| format!("{shown}: cannot write"))
}

/// The place of a file below the top, whose folders are folders; with `makes` those that are missing are made.
fn place(top: &Path, path: &str, makes: bool) -> Result<PathBuf> {
    let mut place = top.to_owned();
    let (folders, name) = path.rsplit_once('/').map_or(("", path), |(folders, name)| (folders, name));
    for folder in folders.split('/').filter(|folder| !folder.is_empty()) {
        place.push(folder);
        match fs::symlink_metadata(&place) {
            Ok(about) if about.is_dir() => {}
            Ok(_) => bail!("{}: it is no folder, and no link is followed", place.display()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if makes {
                    fs::create_dir(&place).with_context(|| format!("{}: cannot be made", place.display()))?;
                }
            }
            Err(error) => return Err(error).with_context(|| format!("{}: cannot read", place.display())),
        }
    }
    place.push(name);
    Ok(place)
}
