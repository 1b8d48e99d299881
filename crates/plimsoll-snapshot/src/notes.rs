//! Notes on the commit: what others said of it, kept beside the history.

use git2::{ObjectType, Oid, Repository};

use crate::{objects, snapshot::root_tree};

/// References of notes that are looked at.
const MOST_REFERENCES: usize = 100;
/// Bytes of one note.
const LARGEST_NOTE: usize = 4 * 1024 * 1024;
/// Bytes of one tree or commit on the way to it.
const LARGEST_TREE: usize = 64 * 1024 * 1024;
/// Folders of two digits that lie one in another.
const DEEPEST: usize = 20;

/// A note on a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The whole name of the reference it lies under.
    pub reference: String,
    /// Object id of the note.
    pub id: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Gives the notes on `commit`, by reference, and what of them could not be read.
///
/// Source: git-notes(1): a tree under `refs/notes/`, with the commit's id as path, cut after each two digits where there
/// are many.
pub(crate) fn read(repository: &Repository, commit: Oid) -> Result<(Vec<Note>, Vec<String>), git2::Error> {
    let odb = repository.odb()?;
    let (mut notes, mut unreadable) = (Vec::new(), Vec::new());
    let mut names = Vec::new();
    for reference in repository.references_glob("refs/notes/*")? {
        let reference = reference?;
        match (reference.name(), reference.target()) {
            (Ok(name), Some(target)) => names.push((name.to_owned(), target)),
            _ => unreadable.push("a reference of notes".to_owned()),
        }
        if names.len() > MOST_REFERENCES {
            names.pop();
            unreadable.push(format!("references of notes after the first {MOST_REFERENCES}"));
            break;
        }
    }
    names.sort();
    for (name, target) in names {
        let found = root_of(repository, target).and_then(|root| find(repository, root, &commit.to_string()));
        let id = match found {
            Ok(Some(id)) => id,
            Ok(None) => continue,
            Err(_) => {
                unreadable.push(name);
                continue;
            }
        };
        // The size comes before the bytes.
        match odb.read_header(id) {
            Ok((size, ObjectType::Blob)) if size <= LARGEST_NOTE => {}
            _ => {
                unreadable.push(name);
                continue;
            }
        }
        match odb.read(id) {
            Ok(object) => notes.push(Note { reference: name, id: id.to_string(), bytes: object.data().to_vec() }),
            Err(_) => unreadable.push(name),
        }
    }
    Ok((notes, unreadable))
}

/// The tree that a reference of notes leads to.
fn root_of(repository: &Repository, target: Oid) -> Result<Oid, git2::Error> {
    let odb = repository.odb()?;
    if odb.read_header(target)?.1 == ObjectType::Tree {
        return Ok(target);
    }
    let commit = objects::commit_of(&odb, target)?;
    let root = root_tree(objects::read_commit(&odb, commit)?.data(), commit);
    root.ok_or_else(|| git2::Error::from_str("the commit names no tree"))
}

fn find(repository: &Repository, mut tree: Oid, commit: &str) -> Result<Option<Oid>, git2::Error> {
    let mut rest = commit;
    for _ in 0..DEEPEST {
        bounded(repository, tree)?;
        let listed = repository.find_tree(tree)?;
        if let Some(entry) = listed.get_name(rest) {
            return Ok(Some(entry.id()));
        }
        let Some((folder, after)) = rest.split_at_checked(2) else { break };
        let Some(next) = listed.get_name(folder).map(|entry| entry.id()) else { break };
        (tree, rest) = (next, after);
    }
    Ok(None)
}

/// The size comes before the bytes: what is too large is refused without being inflated.
fn bounded(repository: &Repository, id: Oid) -> Result<(), git2::Error> {
    let (size, _) = repository.odb()?.read_header(id)?;
    if size <= LARGEST_TREE { Ok(()) } else { Err(git2::Error::from_str("larger than what is read")) }
}
