//! nuget.config: from where packages are taken.
//!
//! Source: `NuGet` documentation, "nuget.config reference", "Package Source Mapping".

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;
use roxmltree::Node;
use url::Url;

use super::{REGISTRY, msbuild, names};
use crate::component::Origin;

/// What a source is called of which nothing is known.
const UNKNOWN: &str = "unknown";

/// One file.
#[derive(Clone, Debug, Default)]
pub(super) struct Configuration {
    /// Are the sources of files further up left out?
    clears: bool,
    /// Addresses by key in small letters.
    sources: Vec<(String, String)>,
    disabled: BTreeSet<String>,
    /// Patterns of ids by key of the source.
    patterns: Vec<(String, String)>,
}

/// Files by folder; one that was not read is nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources(BTreeMap<String, Option<Configuration>>);

impl Sources {
    /// Of a tree without any.
    pub const fn none() -> Self {
        Self(BTreeMap::new())
    }

    /// Takes in a file. Fails with what is wrong, as a clause.
    pub fn add(&mut self, path: &str, bytes: &Result<Vec<u8>, String>) -> Result<(), String> {
        let read = bytes.as_ref().map_err(Clone::clone).and_then(|bytes| read(bytes));
        let folder = tree_path::folder(path).to_owned();
        match read {
            // Of two in one folder that differ in case, which one counts depends on the machine.
            Ok(read) => {
                let one = self.0.entry(folder);
                one.and_modify(|known| *known = None).or_insert(Some(read));
                Ok(())
            }
            Err(reason) => {
                self.0.insert(folder, None);
                Err(reason)
            }
        }
    }

    /// Where a package comes from that a project of a folder takes.
    pub fn origin(&self, folder: &str, id: &str) -> Origin {
        let mut all: BTreeMap<&str, &str> = BTreeMap::new();
        let mut disabled: BTreeSet<&str> = BTreeSet::new();
        let mut patterns: Vec<(&str, &str)> = Vec::new();
        let mut here = Some(folder);
        let mut with_default = true;
        while let Some(folder) = here {
            match self.0.get(folder) {
                Some(None) => return Origin::Registry(UNKNOWN.to_owned()),
                Some(Some(one)) => {
                    for (key, address) in &one.sources {
                        all.entry(key).or_insert(address);
                    }
                    disabled.extend(one.disabled.iter().map(String::as_str));
                    patterns.extend(one.patterns.iter().map(|(key, pattern)| (key.as_str(), pattern.as_str())));
                    if one.clears {
                        with_default = false;
                        break;
                    }
                }
                None => {}
            }
            here = (!folder.is_empty()).then(|| tree_path::folder(folder));
        }
        if with_default {
            all.entry("nuget.org").or_insert("https://api.nuget.org/v3/index.json");
        }
        let mapped = mapped(&patterns, id);
        let asked = all.iter().filter(|(key, _)| mapped.is_empty() || mapped.contains(*key));
        let asked = asked.filter(|(key, _)| !disabled.contains(*key)).map(|(_, address)| origin(address));
        asked
            .fold(None, |known, one| Some(if known.is_none() || known == Some(public()) { one } else { known? }))
            .unwrap_or_else(|| Origin::Registry(UNKNOWN.to_owned()))
    }
}

const fn public() -> Origin {
    Origin::Public(REGISTRY)
}

/// The keys of the sources that the pattern names that fits best.
fn mapped<'a>(patterns: &[(&'a str, &str)], id: &str) -> BTreeSet<&'a str> {
    let id = names::key(id);
    let fits = |pattern: &str| match pattern.strip_suffix('*') {
        Some(start) => id.starts_with(start).then_some(start.len() + 1),
        None => (id == pattern).then_some(usize::MAX),
    };
    let best = patterns.iter().filter_map(|(_, pattern)| fits(pattern)).max();
    patterns.iter().filter(|(_, pattern)| best.is_some() && fits(pattern) == best).map(|(key, _)| *key).collect()
}

/// The origin that an address is.
pub(super) fn origin(address: &str) -> Origin {
    let Ok(mut url) = Url::parse(address.trim()) else {
        let folder = address.trim().replace('\\', "/");
        let inside = tree_path::join("", folder.trim_start_matches("./")).filter(|_| !folder.contains(['$', '%']));
        return Origin::Registry(inside.map_or_else(|| UNKNOWN.to_owned(), |folder| format!("file://./{folder}")));
    };
    let path = url.path().trim_end_matches('/');
    let is_public = matches!(
        (url.host_str(), path),
        (Some("api.nuget.org"), "/v3/index.json") | (Some("www.nuget.org" | "nuget.org"), "/api/v2")
    );
    if is_public && url.scheme() == "https" && url.port().is_none() {
        return public();
    }
    if !matches!(url.scheme(), "https" | "http") {
        return Origin::Registry(UNKNOWN.to_owned());
    }
    let _ = (url.set_username(""), url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    Origin::Registry(url.as_str().trim_end_matches('/').to_owned())
}

fn read(bytes: &[u8]) -> Result<Configuration, String> {
    let text =
        std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|_| "it is not UTF-8")?;
    let document = msbuild::parse(text)?;
    let mut read = Configuration::default();
    let sections = document.root_element().children().filter(Node::is_element);
    for section in sections {
        let name = section.tag_name().name().to_ascii_lowercase();
        for entry in section.children().filter(Node::is_element) {
            let attribute = |wanted: &str| {
                entry.attributes().find(|one| one.name().eq_ignore_ascii_case(wanted)).map(|one| one.value().to_owned())
            };
            let key = attribute("key").map(|key| key.trim().to_ascii_lowercase());
            let what = entry.tag_name().name().to_ascii_lowercase();
            match (name.as_str(), what.as_str(), key) {
                ("packagesources", "clear", _) => {
                    read.clears = true;
                    read.sources.clear();
                }
                ("packagesources", "add", Some(key)) => {
                    read.sources.push((key, attribute("value").unwrap_or_default()));
                }
                ("disabledpackagesources", "add", Some(key))
                    if attribute("value").is_some_and(|value| value.trim().eq_ignore_ascii_case("true")) =>
                {
                    read.disabled.insert(key);
                }
                ("packagesourcemapping", "packagesource", Some(key)) => {
                    let patterns = entry.children().filter(Node::is_element).filter_map(|one| one.attribute("pattern"));
                    read.patterns.extend(patterns.map(|pattern| (key.clone(), names::key(pattern.trim()))));
                }
                _ => {}
            }
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> Sources {
        let mut sources = Sources::default();
        for (path, text) in files {
            let text = format!("<configuration>{text}</configuration>");
            sources.add(path, &Ok(text.into_bytes())).unwrap();
        }
        sources
    }

    fn origins(files: &[(&str, &str)], folder: &str, id: &str) -> Origin {
        of(files).origin(folder, id)
    }

    #[test]
    fn a_package_is_from_the_public_registry_where_no_other_is_asked() {
        let other = |url: &str| Origin::Registry(url.to_owned());
        let add = |key: &str, url: &str| format!("<packageSources><add key='{key}' value='{url}'/></packageSources>");
        let nuget = "https://api.nuget.org/v3/index.json";
        assert_eq!(origins(&[], "a", "X"), public());
        for (text, expected) in [
            (String::new(), public()),
            (add("nuget.org", nuget), public()),
            (add("x", "https://www.nuget.org/api/v2/"), public()),
            (add("x", "https://e.example/v3"), other("https://e.example/v3")),
            (add("x", "http://api.nuget.org/v3/index.json"), other("http://api.nuget.org/v3/index.json")),
            (add("x", "https://u:w@e.example/v3?key=1"), other("https://e.example/v3")),
            (add("nuget.org", "https://e.example/v3"), other("https://e.example/v3")),
            (add("x", "./local"), other("file://./local")),
            (add("x", "..\\local"), other("unknown")),
            (add("x", "%HOME%/x"), other("unknown")),
            ("<packageSources><clear/></packageSources>".to_owned(), other("unknown")),
            (
                format!(
                    "{}<disabledPackageSources><add key='X' value='true'/></disabledPackageSources>",
                    add("x", "https://e.example")
                ),
                public(),
            ),
        ] {
            assert_eq!(origins(&[("nuget.config", &text)], "a/b", "X"), expected, "{text}");
        }
        // What is nearer may leave out what is further up.
        let files = [
            ("nuget.config", add("x", "https://e.example/v3")),
            ("a/NuGet.Config", format!("<packageSources><clear/><add key='n' value='{nuget}'/></packageSources>")),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        assert_eq!((origins(&files, "a/b", "X"), origins(&files, "b", "X")), (public(), other("https://e.example/v3")));
        // Two of which one counts on each machine.
        let files = [("nuget.config", ""), ("NuGet.Config", "")];
        assert_eq!(origins(&files, "a", "X"), other("unknown"));
    }

    #[test]
    fn a_pattern_says_which_source_is_asked() {
        let text = "<packageSources><add key='N' value='https://api.nuget.org/v3/index.json'/><add key='e' value='https://e.example'/></packageSources><packageSourceMapping><packageSource key='n'><package pattern='*'/><package pattern='Acme.Open'/></packageSource><packageSource key='e'><package pattern='Acme.*'/></packageSource></packageSourceMapping>";
        let check =
            |id: &str, expected: Origin| assert_eq!(origins(&[("nuget.config", text)], "", id), expected, "{id}");
        check("Newtonsoft.Json", public());
        check("Acme.Open", public());
        check("acme.open.more", Origin::Registry("https://e.example".to_owned()));
        check("Acme.X", Origin::Registry("https://e.example".to_owned()));
    }

    #[test]
    fn what_is_not_understood_is_no_public_registry() {
        let mut sources = Sources::default();
        for bytes in
            [Ok(b"<a".to_vec()), Ok(vec![0xff]), Err("it is a link".to_owned()), Ok(b"<!DOCTYPE a []><a/>".to_vec())]
        {
            assert!(sources.add("a/nuget.config", &bytes).is_err());
        }
        assert_eq!(sources.origin("a/b", "X"), Origin::Registry("unknown".to_owned()));
        assert_eq!(sources.origin("", "X"), public());
    }
}
