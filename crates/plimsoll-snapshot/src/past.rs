//! Every content that a file ever had: what any reference reaches, each once, in the order in which git stores it.
//!
//! Commits and folders are listed first, the oldest commit first, so that each content has one path and one commit whatever the
//! number of threads. Contents are read afterwards in the order of the object database, where what rests on another lies next
//! to it.

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicU64, Ordering},
};

use git2::{ErrorCode, ObjectType, Odb, Oid};
use rayon::prelude::*;

use crate::{
    ReadError, Snapshot, SnapshotError, history, objects, snapshot,
    tree::{self, DEEPEST, LARGEST_TREE, LONGEST_PATH},
};

/// Contents that are listed.
const MOST_BLOBS: usize = 8_000_000;
/// Bytes of all folders, as they are in the object database.
const MOST_TREE_BYTES: u64 = 8 * 1024 * 1024 * 1024;
/// Bytes of all contents.
const MOST_BYTES: u64 = 256 * 1024 * 1024 * 1024;
/// Contents that one thread reads in a row.
const IN_A_ROW: usize = 256;

/// A content that a file had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastBlob {
    oid: Oid,
    folder: u32,
    name: Box<str>,
    commit: u32,
    /// Is it in the tree of the commit under examination?
    pub present: bool,
}

/// What a history holds.
#[derive(Debug, Default)]
pub struct Past {
    blobs: Vec<PastBlob>,
    folders: Vec<String>,
    commits: Vec<Oid>,
    /// The blobs by number, in the order of the object database.
    order: Vec<u32>,
    /// The clone was cut off: older commits are not here.
    pub shallow: bool,
    /// Commits that are named as parents and cannot be read.
    pub missing_commits: usize,
    /// Folders that could not be listed.
    pub missing_folders: usize,
    /// What is left out for a bound, in a clause.
    pub beyond: Option<String>,
}

impl Past {
    /// How many contents there are.
    pub fn len(&self) -> usize {
        self.blobs.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.blobs.is_empty()
    }

    /// A content by its number: those of older commits have lower ones.
    pub fn get(&self, number: usize) -> Option<&PastBlob> {
        self.blobs.get(number)
    }

    /// The object id of a content in hexadecimal.
    pub fn id(&self, blob: &PastBlob) -> String {
        blob.oid.to_string()
    }

    /// Where it was in the first commit that has it, as [`crate::Entry::path`] spells it.
    pub fn path(&self, blob: &PastBlob) -> String {
        join(self.folders.get(blob.folder as usize).map_or("", String::as_str), &blob.name)
    }

    /// The first commit that has it, by the time that the commit states.
    pub fn commit(&self, blob: &PastBlob) -> String {
        self.commits.get(blob.commit as usize).map(ToString::to_string).unwrap_or_default()
    }

    fn folder(&mut self, path: String) -> u32 {
        self.folders.push(path);
        u32::try_from(self.folders.len() - 1).unwrap_or(u32::MAX)
    }
}

impl Snapshot {
    /// The commits that references stand on and that under examination, as hexadecimal ids, sorted.
    pub fn tips(&self) -> Result<Vec<String>, SnapshotError> {
        Ok(self.roots()?.into_iter().map(|oid| oid.to_string()).collect())
    }

    fn roots(&self) -> Result<Vec<Oid>, SnapshotError> {
        let failed = |error: git2::Error| snapshot::unreadable(self.pool.git_dir(), &error);
        let repository = self.pool.get().map_err(failed)?;
        let mut roots = history::tips(&repository).map_err(failed)?;
        roots.push(self.commit);
        roots.sort_unstable();
        roots.dedup();
        Ok(roots)
    }

    /// Lists every content that a file has in any commit that a reference reaches. Submodules are other repositories.
    pub fn past(&self) -> Result<Past, SnapshotError> {
        let failed = |error: git2::Error| snapshot::unreadable(self.pool.git_dir(), &error);
        let walk = history::walk(&self.pool, &self.roots()?, None, None)?;
        let repository = self.pool.get().map_err(failed)?;
        let odb = repository.odb().map_err(failed)?;
        let mut past =
            Past { shallow: repository.is_shallow(), missing_commits: walk.missing.len(), ..Past::default() };
        let mut lister = Lister { numbers: HashMap::new(), seen: HashSet::new(), left: MOST_TREE_BYTES };
        // Newest first in the walk.
        for place in (0..walk.commits.len()).rev() {
            let Ok(oid) = Oid::from_bytes(walk.commits.id_of(place)) else { continue };
            let tree = objects::read_commit(&odb, oid).ok().and_then(|object| snapshot::root_tree(object.data(), oid));
            match tree {
                Some(tree) if lister.seen.insert(tree) => {
                    past.commits.push(oid);
                    lister.list(&odb, tree, &mut past);
                }
                Some(_) => {}
                None => past.missing_folders += 1,
            }
            if past.beyond.is_some() {
                break;
            }
        }
        let here: HashSet<Oid> = self.entries().iter().filter_map(|entry| entry.oid).collect();
        for blob in &mut past.blobs {
            blob.present = here.contains(&blob.oid);
        }
        past.order = stored_order(&odb, &lister.numbers, past.blobs.len());
        Ok(past)
    }

    /// Shows every content of `past` of at most `limit` bytes to `visit`, with its number, and gives what that gives, by the
    /// numbers. Runs on the threads of rayon; the order of calls is none.
    ///
    /// Refused, with the reason, are contents that have more bytes together than are ever read.
    pub fn visit_past<T: Send>(
        &self,
        past: &Past,
        limit: u64,
        visit: impl Fn(usize, &PastBlob, Result<&[u8], ReadError>) -> Option<T> + Sync,
    ) -> Result<Vec<(usize, T)>, String> {
        let read = AtomicU64::new(0);
        let mut all: Vec<(usize, T)> = past
            .order
            .par_chunks(IN_A_ROW)
            .flat_map_iter(|numbers| {
                let handle = self.pool.get().ok();
                let odb = handle.as_ref().and_then(|handle| handle.odb().ok());
                let visit = &visit;
                let mut found = Vec::new();
                for number in numbers {
                    let number = *number as usize;
                    let Some(blob) = past.blobs.get(number) else { continue };
                    if read.load(Ordering::Relaxed) > MOST_BYTES {
                        break;
                    }
                    let object = odb.as_ref().map_or(Err(ReadError::Missing), |odb| bounded(odb, blob.oid, limit));
                    let seen = match object {
                        Ok(object) => {
                            let bytes = object.data();
                            read.fetch_add(bytes.len() as u64, Ordering::Relaxed);
                            let pointer = snapshot::is_lfs_pointer(bytes);
                            visit(number, blob, if pointer { Err(ReadError::LfsPointer) } else { Ok(bytes) })
                        }
                        Err(error) => visit(number, blob, Err(error)),
                    };
                    found.extend(seen.map(|seen| (number, seen)));
                }
                found
            })
            .collect();
        // Which of them were read by then depends on the threads; that there are too many does not.
        if read.into_inner() > MOST_BYTES {
            return Err(format!("the contents of the history hold more than {} GiB", MOST_BYTES >> 30));
        }
        all.sort_by_key(|(number, _)| *number);
        Ok(all)
    }
}

/// A blob whose size is known to be within the limit before a byte of it is unpacked.
pub(crate) fn bounded<'a>(odb: &'a Odb<'_>, oid: Oid, limit: u64) -> Result<git2::OdbObject<'a>, ReadError> {
    let failed = |error: git2::Error| match error.code() {
        ErrorCode::NotFound => ReadError::Missing,
        _ => ReadError::Unreadable { reason: error.message().to_owned() },
    };
    match odb.read_header(oid).map_err(failed)? {
        (_, kind) if kind != ObjectType::Blob => {
            Err(ReadError::Unreadable { reason: "the object is not a blob".to_owned() })
        }
        (size, _) if size as u64 > limit => Err(ReadError::TooLarge { limit }),
        _ => odb.read(oid).map_err(failed),
    }
}

/// The numbers of the blobs in the order of the object database; those that are not in it come last.
fn stored_order(odb: &Odb<'_>, numbers: &HashMap<Oid, u32>, count: usize) -> Vec<u32> {
    let mut listed = vec![false; count];
    let mut order = Vec::with_capacity(count);
    let mut take = |number: u32| {
        if let Some(listed) = listed.get_mut(number as usize).filter(|listed| !**listed) {
            *listed = true;
            order.push(number);
        }
    };
    // An order that cannot be had costs time and nothing else.
    let _ = odb.foreach(|oid| {
        if let Some(number) = numbers.get(oid) {
            take(*number);
        }
        true
    });
    (0..u32::try_from(count).unwrap_or(u32::MAX)).for_each(take);
    order
}

/// Lists folders, each once.
struct Lister {
    numbers: HashMap<Oid, u32>,
    seen: HashSet<Oid>,
    /// Bytes of folders that may still be read.
    left: u64,
}

impl Lister {
    /// Adds what the tree of the last commit has and no earlier one had.
    fn list(&mut self, odb: &Odb<'_>, root: Oid, past: &mut Past) {
        let commit = u32::try_from(past.commits.len().saturating_sub(1)).unwrap_or(u32::MAX);
        let mut stack = vec![(String::new(), root, 0_usize)];
        while let Some((folder, oid, depth)) = stack.pop() {
            let size = match odb.read_header(oid) {
                Ok((size, ObjectType::Tree)) if size <= LARGEST_TREE && depth <= DEEPEST => size as u64,
                _ => {
                    past.missing_folders += 1;
                    continue;
                }
            };
            let Some(left) = self.left.checked_sub(size) else {
                past.beyond = Some(format!("its folders hold more than {} GiB", MOST_TREE_BYTES >> 30));
                return;
            };
            self.left = left;
            let Ok(object) = odb.read(oid) else {
                past.missing_folders += 1;
                continue;
            };
            let below = stack.len();
            let mut own = None;
            let mut rest = object.data();
            while !rest.is_empty() {
                let next = tree::next_entry(rest, root.as_bytes().len());
                let Some((mode, name, id, after)) = next else {
                    past.missing_folders += 1;
                    break;
                };
                rest = after;
                let Ok(id) = Oid::from_bytes(id) else { continue };
                match mode & 0o170_000 {
                    0o160_000 => {}
                    0o040_000 => {
                        if !self.seen.contains(&id) {
                            let path = join(&folder, &tree::escape(name));
                            if path.len() > LONGEST_PATH {
                                past.missing_folders += 1;
                            } else {
                                self.seen.insert(id);
                                stack.push((path, id, depth + 1));
                            }
                        }
                    }
                    _ if self.numbers.contains_key(&id) => {}
                    _ => {
                        if past.blobs.len() >= MOST_BLOBS {
                            past.beyond = Some(format!("it holds more than {MOST_BLOBS} file contents"));
                            return;
                        }
                        let number = u32::try_from(past.blobs.len()).unwrap_or(u32::MAX);
                        let folder = *own.get_or_insert_with(|| past.folder(folder.clone()));
                        let name = tree::escape(name).into_boxed_str();
                        self.numbers.insert(id, number);
                        past.blobs.push(PastBlob { oid: id, folder, name, commit, present: false });
                    }
                }
            }
            // Folders come off the stack in the order of their names.
            if let Some(added) = stack.get_mut(below..) {
                added.reverse();
            }
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
