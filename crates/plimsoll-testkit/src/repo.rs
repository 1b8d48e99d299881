//! A tiny repository, built object by object.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use git2::{ObjectType, Oid, Repository, RepositoryInitOptions};

/// An OpenPGP signature that can be read, over something else, by a key that nobody has.
pub const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----

iHUEABYIAB0WIQTY6P5PrpMm+2GBWCnwua8SV0MAVQUCawyhOAAKCRDwua8SV0MA
VZfMAQCN/opHymk6UXkP7OxXIkRFRLMXoK+mMfkWgiCSVqfj3gD+JojllA7NDZ7m
MhBRih3umdr/+Qr99v4QQBpUbNQwjAU=
=WhgE
-----END PGP SIGNATURE-----
";

/// 2026-01-01T00:00:00Z: the time of the first commit. Each later one is a minute later.
const FIRST: i64 = 1_767_225_600;

/// A repository in a folder that vanishes with it. It has a work folder with nothing checked out.
pub struct Repo {
    folder: tempfile::TempDir,
    repository: Repository,
    files: BTreeMap<Vec<u8>, (u32, Oid)>,
    made: i64,
}

/// How one commit differs from the usual one.
#[derive(Clone, Debug, Default)]
pub struct Commit<'a> {
    /// The message.
    pub message: &'a str,
    /// `Name <address>`; the test author when empty.
    pub author: &'a str,
    /// `Name <address>`; the author when empty.
    pub committer: &'a str,
    /// Text of a `gpgsig` header, or empty.
    pub signature: &'a str,
    /// Parents; the current commit when absent.
    pub parents: Option<Vec<String>>,
    /// Seconds since 1970; a minute after the last commit when absent.
    pub seconds: Option<i64>,
}

/// The id of the commit with these raw bytes.
pub fn commit_id(raw: &[u8]) -> String {
    Oid::hash_object(ObjectType::Commit, raw).expect("bytes can be hashed").to_string()
}

impl Default for Repo {
    fn default() -> Self {
        Self::new()
    }
}

impl Repo {
    /// An empty repository whose unborn branch is `main`.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let repository = Repository::init_opts(
            folder.path(),
            RepositoryInitOptions::new().initial_head("main").external_template(false),
        )
        .expect("a repository can be made");
        Self { folder, repository, files: BTreeMap::new(), made: 0 }
    }

    /// The work folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The `.git` folder.
    pub fn git_dir(&self) -> PathBuf {
        self.repository.path().to_owned()
    }

    /// Puts a file into the next commit.
    #[must_use]
    pub fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.entry(path.as_bytes(), 0o100_644, content.as_ref())
    }

    /// Puts a symbolic link into the next commit.
    #[must_use]
    pub fn symlink(self, path: &str, target: &str) -> Self {
        self.entry(path.as_bytes(), 0o120_000, target.as_bytes())
    }

    /// Puts a file with any mode and any bytes as its path into the next commit.
    #[must_use]
    pub fn entry(mut self, path: &[u8], mode: u32, content: &[u8]) -> Self {
        let blob = self.write(ObjectType::Blob, content);
        self.files.insert(path.to_vec(), (mode, blob));
        self
    }

    /// Puts an object that may not exist at a path: a submodule, or a blob that is missing.
    #[must_use]
    pub fn object(mut self, path: &str, mode: u32, id: &str) -> Self {
        self.files
            .insert(path.as_bytes().to_vec(), (mode, Oid::from_str_ext(id, git2::ObjectFormat::Sha1).expect("an id")));
        self
    }

    /// Leaves a path out of the next commit.
    #[must_use]
    pub fn without(mut self, path: &str) -> Self {
        self.files.remove(path.as_bytes());
        self
    }

    /// Commits on the current branch.
    #[must_use]
    pub fn commit(mut self, message: &str) -> Self {
        self.commit_with(&Commit { message, ..Commit::default() });
        self
    }

    /// Commits in another way than the usual one, and gives the id.
    pub fn commit_with(&mut self, commit: &Commit<'_>) -> String {
        let tree = self.tree(b"");
        let seconds = commit.seconds.unwrap_or(FIRST + 60 * self.made);
        self.made += 1;
        let author = if commit.author.is_empty() { "Test Author <author@example.org>" } else { commit.author };
        let committer = if commit.committer.is_empty() { author } else { commit.committer };
        let parents = commit.parents.clone().unwrap_or_else(|| self.head().into_iter().collect());
        let mut raw = format!("tree {tree}\n");
        for parent in &parents {
            raw.push_str(&format!("parent {parent}\n"));
        }
        raw.push_str(&format!("author {author} {seconds} +0000\ncommitter {committer} {seconds} +0000\n"));
        if !commit.signature.is_empty() {
            raw.push_str(&format!("gpgsig {}\n", commit.signature.trim_end().replace('\n', "\n ")));
        }
        raw.push_str(&format!("\n{}\n", commit.message));
        let id = self.write(ObjectType::Commit, raw.as_bytes());
        self.move_to(&id.to_string());
        id.to_string()
    }

    /// Points the branch `main` at a commit.
    pub fn move_to(&self, id: &str) {
        let oid = Oid::from_str_ext(id, git2::ObjectFormat::Sha1).expect("an id");
        self.repository.reference("refs/heads/main", oid, true, "test").expect("a reference can be made");
    }

    /// Makes a tag that is a mere name on the current commit.
    #[must_use]
    pub fn tag(self, name: &str) -> Self {
        let head = Oid::from_str_ext(&self.head().expect("a commit"), git2::ObjectFormat::Sha1).expect("an id");
        self.repository.reference(&format!("refs/tags/{name}"), head, true, "test").expect("a tag can be made");
        self
    }

    /// Makes an annotated tag on the current commit; `message` may end in an armored signature.
    #[must_use]
    pub fn annotated_tag(self, name: &str, message: &str) -> Self {
        let head = self.head().expect("a commit");
        let seconds = FIRST + 60 * self.made;
        let raw = format!(
            "object {head}\ntype commit\ntag {name}\ntagger Test Author <author@example.org> {seconds} +0000\n\n{message}\n"
        );
        let id = self.write(ObjectType::Tag, raw.as_bytes());
        self.repository.reference(&format!("refs/tags/{name}"), id, true, "test").expect("a tag can be made");
        self
    }

    /// Id of the current commit.
    pub fn head(&self) -> Option<String> {
        self.repository.refname_to_id("refs/heads/main").ok().map(|oid| oid.to_string())
    }

    /// Writes the files of the current commit into the work folder.
    #[must_use]
    pub fn checkout(self) -> Self {
        for (path, (mode, oid)) in &self.files {
            let Ok(blob) = self.repository.find_blob(*oid) else { continue };
            let target = self.folder.path().join(String::from_utf8_lossy(path).as_ref());
            std::fs::create_dir_all(target.parent().expect("inside the folder")).expect("a folder can be made");
            if *mode == 0o120_000 {
                #[cfg(unix)]
                std::os::unix::fs::symlink(String::from_utf8_lossy(blob.content()).as_ref(), target)
                    .expect("a link can be made");
            } else {
                std::fs::write(target, blob.content()).expect("a file can be written");
            }
        }
        self
    }

    /// Deletes a loose object, as a damaged or partial clone would have it.
    pub fn lose(&self, id: &str) {
        let (folder, file) = id.split_at(2);
        std::fs::remove_file(self.git_dir().join("objects").join(folder).join(file)).expect("a loose object");
    }

    /// Id of the blob or link at `path` in the next commit.
    pub fn blob(&self, path: &str) -> String {
        self.files.get(path.as_bytes()).expect("a file").1.to_string()
    }

    fn write(&self, kind: ObjectType, bytes: &[u8]) -> Oid {
        // Raw: libgit2's own writers refuse what hostile repositories hold.
        self.repository.odb().expect("an object database").write(kind, bytes).expect("an object can be written")
    }

    fn tree(&self, folder: &[u8]) -> Oid {
        let mut entries: BTreeMap<Vec<u8>, (u32, Oid)> = BTreeMap::new();
        for (path, (mode, oid)) in &self.files {
            let Some(rest) = path.strip_prefix(folder) else { continue };
            match rest.iter().position(|byte| *byte == b'/') {
                None => {
                    entries.insert(rest.to_vec(), (*mode, *oid));
                }
                Some(slash) => {
                    // git sorts a folder as if its name ended in a slash.
                    let name = rest[..=slash].to_vec();
                    let path = [folder, &name].concat();
                    entries.entry(name).or_insert_with(|| (0o040_000, self.tree(&path)));
                }
            }
        }
        let mut raw = Vec::new();
        for (name, (mode, oid)) in entries {
            raw.extend_from_slice(format!("{mode:o} ").as_bytes());
            raw.extend_from_slice(name.strip_suffix(b"/").unwrap_or(&name));
            raw.push(0);
            raw.extend_from_slice(oid.as_bytes());
        }
        self.write(ObjectType::Tree, &raw)
    }
}
