//! Documents that a code host shows for every repository of an organisation that has none of its own.

use serde::{Deserialize, Serialize};

use crate::{is_hex, tree_path};

/// The version of the file.
const SCHEMA: u32 = 1;

/// The default documents of an organisation, as they are at one commit of the repository that holds them.
///
/// Source: GitHub, "Creating a default community health file".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OrgDefaults {
    /// 1.
    pub schema: u32,
    /// The commit, in full.
    pub commit: String,
    /// The documents, sorted by path.
    pub documents: Vec<DefaultDocument>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct DefaultDocument {
    /// Its path in that repository.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl OrgDefaults {
    /// For documents in any order.
    pub fn new(commit: String, mut documents: Vec<DefaultDocument>) -> Self {
        documents.sort_by(|one, other| one.path.cmp(&other.path));
        Self { schema: SCHEMA, commit, documents }
    }

    /// Reads the file; the reason where it is another, or says what no repository could.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let refused = |why: &str| format!("not the default documents of an organisation: {why}");
        let read: Self = serde_json::from_slice(bytes).map_err(|error| refused(&error.to_string()))?;
        if read.schema != SCHEMA {
            return Err(refused(&format!("schema {}, and this version reads {SCHEMA}", read.schema)));
        }
        if !is_hex(&read.commit, 40) && !is_hex(&read.commit, 64) {
            return Err(refused("the commit is no full id"));
        }
        let sorted = read.documents.windows(2).all(|pair| matches!(pair, [one, other] if one.path < other.path));
        if !sorted || !read.documents.iter().all(|one| tree_path::is_clean(&one.path)) {
            return Err(refused("its paths are not in order, or are no paths of a repository"));
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(path: &str) -> DefaultDocument {
        DefaultDocument { path: path.to_owned(), text: String::new() }
    }

    #[test]
    fn only_what_a_repository_could_hold_is_read() {
        let commit = "0123456789abcdef0123456789abcdef01234567".to_owned();
        let good = OrgDefaults::new(commit.clone(), vec![document("b.md"), document("a.md")]);
        assert_eq!(OrgDefaults::read(&serde_json::to_vec(&good).unwrap()).unwrap(), good);
        let bad = [
            OrgDefaults { schema: 2, ..good.clone() },
            OrgDefaults { commit: "main".to_owned(), ..good.clone() },
            OrgDefaults { documents: vec![document("b.md"), document("a.md")], ..good.clone() },
            OrgDefaults { documents: vec![document("a.md"), document("a.md")], ..good.clone() },
            OrgDefaults { documents: vec![document("../a.md")], ..good.clone() },
            OrgDefaults { documents: vec![document("/a.md")], ..good },
        ];
        for one in bad {
            assert!(OrgDefaults::read(&serde_json::to_vec(&one).unwrap()).is_err(), "{one:?}");
        }
        for text in ["", "[]", "{}", "{\"schema\":1,\"commit\":\"x\",\"documents\":[],\"more\":1}"] {
            assert!(OrgDefaults::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
