//! Lists of referrers: what a registry answers, and the index that a client keeps where the registry keeps none.

use serde_json::{Map, Value};

use crate::manifest::{Descriptor, IMAGE_INDEX, json};

/// Referrers of one image.
pub(crate) const MOST_REFERRERS: usize = 1_000;

/// An index of referrers, with everything in it that others wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Index {
    whole: Map<String, Value>,
    entries: Vec<Value>,
}

impl Index {
    pub(crate) fn empty() -> Self {
        let mut whole = Map::new();
        whole.insert("schemaVersion".into(), 2.into());
        whole.insert("mediaType".into(), IMAGE_INDEX.into());
        Self { whole, entries: Vec::new() }
    }

    /// Reads an index.
    ///
    /// Refused: what is not JSON with a list of manifests, another media type, more referrers than the bound.
    ///
    /// Source: OCI Image Specification 1.1, "Image Index".
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let Value::Object(mut whole) = json(bytes)? else { return Err("it is not an object".into()) };
        if whole.get("mediaType").is_some_and(|kind| kind != IMAGE_INDEX) {
            return Err("it is not an image index".into());
        }
        let entries = match whole.remove("manifests") {
            Some(Value::Array(entries)) => entries,
            // Some registries write no list as null.
            Some(Value::Null) => Vec::new(),
            _ => return Err("it has no list of manifests".into()),
        };
        if entries.len() > MOST_REFERRERS {
            return Err(format!("it has more than {MOST_REFERRERS} referrers"));
        }
        Ok(Self { whole, entries })
    }

    /// The entries, each as far as it can be read.
    pub(crate) fn descriptors(&self) -> impl Iterator<Item = Result<Descriptor, String>> {
        self.entries.iter().map(Descriptor::read)
    }

    pub(crate) fn has(&self, digest: &str) -> bool {
        self.entries.iter().any(|entry| digest_in(entry) == Some(digest))
    }

    /// Are all entries of `other` here, too?
    pub(crate) fn has_all_of(&self, other: &Self) -> bool {
        other.entries.iter().all(|entry| match digest_in(entry) {
            Some(digest) => self.has(digest),
            None => self.entries.contains(entry),
        })
    }

    /// Adds what is missing: the entries of `other` in their order, each digest once, as others wrote it.
    pub(crate) fn merge(&mut self, other: &Self) {
        for entry in &other.entries {
            let known = match digest_in(entry) {
                Some(digest) => self.has(digest),
                None => self.entries.contains(entry),
            };
            if !known {
                self.entries.push(entry.clone());
            }
        }
    }

    /// Adds an entry of ours where its digest is not there yet. Refused where the list is full.
    pub(crate) fn add(&mut self, descriptor: &Descriptor) -> Result<(), String> {
        if self.has(&descriptor.digest) {
            return Ok(());
        }
        if self.entries.len() >= MOST_REFERRERS {
            return Err(format!("the image has {MOST_REFERRERS} referrers already, which is the bound"));
        }
        self.entries.push(serde_json::to_value(descriptor).map_err(|error| error.to_string())?);
        Ok(())
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        let mut whole = self.whole.clone();
        whole.insert("manifests".into(), Value::Array(self.entries.clone()));
        Value::Object(whole).to_string().into_bytes()
    }
}

fn digest_in(entry: &Value) -> Option<&str> {
    entry.get("digest").and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn digest(byte: u8) -> String {
        format!("sha256:{}", format!("{byte:02x}").repeat(32))
    }

    fn index(bytes: &[u8]) -> Index {
        let entries: Vec<Value> =
            bytes.iter().map(|byte| json!({ "digest": digest(*byte), "size": 1, "x-theirs": byte })).collect();
        Index::read(
            json!({ "schemaVersion": 2, "mediaType": IMAGE_INDEX, "manifests": entries }).to_string().as_bytes(),
        )
        .unwrap()
    }

    #[test]
    fn what_is_not_an_index_is_refused() {
        for text in [
            "",
            "[]",
            "{}",
            "{\"manifests\":{}}",
            "{\"manifests\":7}",
            "{\"manifests\":[],\"manifests\":[]}",
            "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"manifests\":[]}",
            "{\"manifests\":[]",
            "<html>",
        ] {
            assert!(Index::read(text.as_bytes()).is_err(), "{text}");
        }
        let many = json!({ "manifests": vec![json!({}); MOST_REFERRERS + 1] }).to_string();
        assert!(Index::read(many.as_bytes()).is_err());
        assert_eq!(Index::read(b"{\"manifests\":null}").unwrap().descriptors().count(), 0);
    }

    #[test]
    fn a_full_index_takes_no_more() {
        let many: Vec<Value> =
            (0..MOST_REFERRERS).map(|n| json!({ "digest": format!("sha256:{n:064x}"), "size": 1 })).collect();
        let mut full = Index::read(json!({ "manifests": many }).to_string().as_bytes()).unwrap();
        assert!(full.add(&Descriptor::of(IMAGE_INDEX, b"x")).is_err());
    }

    #[test]
    fn what_others_wrote_is_kept_member_by_member() {
        let theirs = br#"{"schemaVersion":2,"manifests":[{"digest":"md5:1","odd":[1.5,null]},{"no":"digest"}],"annotations":{"a":"b"}}"#;
        let mut index = Index::read(theirs).unwrap();
        index.add(&Descriptor::of(IMAGE_INDEX, b"x")).unwrap();
        let written: Value = serde_json::from_slice(&index.write()).unwrap();
        let before: Value = serde_json::from_slice(theirs).unwrap();
        assert_eq!(written["annotations"], before["annotations"]);
        assert_eq!(written["manifests"].as_array().unwrap()[..2], before["manifests"].as_array().unwrap()[..]);
    }

    proptest! {
        #[test]
        fn merging_loses_nothing_and_doubles_nothing(a in prop::collection::vec(any::<u8>(), 0..12), b in prop::collection::vec(any::<u8>(), 0..12)) {
            let mut merged = index(&[]);
            merged.merge(&index(&a));
            merged.merge(&index(&b));
            prop_assert!(merged.has_all_of(&index(&a)) && merged.has_all_of(&index(&b)));
            let distinct: std::collections::BTreeSet<u8> = a.iter().chain(&b).copied().collect();
            prop_assert_eq!(merged.descriptors().count(), distinct.len());
            let again = merged.clone();
            merged.merge(&index(&b));
            prop_assert_eq!(&merged, &again);
            prop_assert_eq!(Index::read(&merged.write()).unwrap(), merged);
        }

        #[test]
        fn no_bytes_break_the_reader(text in "\\PC{0,60}|\\{\"manifests\":\\[[{}\",:a-z0-9\\[\\]]{0,40}\\]\\}") {
            if let Ok(index) = Index::read(text.as_bytes()) {
                let _ = index.descriptors().count();
                prop_assert_eq!(Index::read(&index.write()).unwrap(), index);
            }
        }
    }
}
