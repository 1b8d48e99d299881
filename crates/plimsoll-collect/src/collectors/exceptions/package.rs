//! A package URL as a pattern: which packages it names.

use std::collections::BTreeMap;

use packageurl::PackageUrl;

/// The parts of a package URL that say which package is meant, in the form of its type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) version: Option<String>,
    qualifiers: BTreeMap<String, String>,
    subpath: Option<String>,
}

impl Package {
    /// Reads a package URL; `None` for what is none.
    ///
    /// Source: Package URL specification (ECMA-427), rules of the types for names that are written in more than one way.
    pub(super) fn read(text: &str) -> Option<Self> {
        let read: PackageUrl<'_> = text.parse().ok()?;
        let kind = read.ty().to_ascii_lowercase();
        let spelled = |text: &str| match kind.as_str() {
            "pypi" => text.to_lowercase().replace(['_', '.'], "-"),
            "github" | "gitlab" | "bitbucket" | "composer" => text.to_lowercase(),
            _ => text.to_owned(),
        };
        let qualifiers = read.qualifiers().iter().map(|(name, value)| (name.to_ascii_lowercase(), value.to_string()));
        Some(Self {
            namespace: spelled(read.namespace().unwrap_or_default()),
            name: spelled(read.name()),
            version: read.version().filter(|version| !version.is_empty()).map(ToOwned::to_owned),
            qualifiers: qualifiers.collect(),
            subpath: read.subpath().filter(|subpath| !subpath.is_empty()).map(ToOwned::to_owned),
            kind,
        })
    }

    /// Is it the same package, in whatever version and from wherever?
    pub(super) fn is_named_like(&self, other: &Self) -> bool {
        (&self.kind, &self.namespace, &self.name) == (&other.kind, &other.namespace, &other.name)
    }

    /// Does it name `other`? Without a version it names all of them; a qualifier or a subpath narrows it to what has the same.
    pub(super) fn names(&self, other: &Self) -> bool {
        self.is_named_like(other)
            && (self.version.is_none() || self.version == other.version)
            && self.qualifiers.iter().all(|(name, value)| other.qualifiers.get(name) == Some(value))
            && (self.subpath.is_none() || self.subpath == other.subpath)
    }

    /// The repository that it is, where its type is that of a forge.
    pub(super) fn repository(&self) -> Option<String> {
        let host = match self.kind.as_str() {
            "github" => "github.com",
            "gitlab" => "gitlab.com",
            "bitbucket" => "bitbucket.org",
            _ => return None,
        };
        Some(format!("{host}/{}/{}", self.namespace, self.name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_url_names_what_it_says_and_nothing_else() {
        let read = |text: &str| Package::read(text).unwrap();
        for (pattern, package, expected) in [
            ("pkg:cargo/time", "pkg:cargo/time@0.1.43", true),
            ("pkg:cargo/time@0.1.43", "pkg:cargo/time@0.1.43", true),
            ("pkg:cargo/time@0.1.43", "pkg:cargo/time@0.1.43?vcs_url=git%2Bhttps:%2F%2Fg.example%2Ft", true),
            ("pkg:cargo/time@0.1.4", "pkg:cargo/time@0.1.43", false),
            ("pkg:cargo/time@0.1.43", "pkg:cargo/time", false),
            ("pkg:cargo/Time", "pkg:cargo/time@0.1.43", false),
            ("pkg:npm/time", "pkg:cargo/time@0.1.43", false),
            ("pkg:npm/%40types/node", "pkg:npm/%40types/node@20.0.0", true),
            ("pkg:npm/node", "pkg:npm/%40types/node@20.0.0", false),
            ("pkg:npm/%40other/node", "pkg:npm/%40types/node@20.0.0", false),
            ("pkg:pypi/Ruamel_Yaml", "pkg:pypi/ruamel-yaml@0.18.0", true),
            ("pkg:cargo/time?repository_url=https:%2F%2Freg.example", "pkg:cargo/time@0.1.43", false),
            ("pkg:golang/github.com/a/b", "pkg:golang/github.com/a/b@v1.0.0", true),
            ("pkg:golang/github.com/a/b#inner", "pkg:golang/github.com/a/b@v1.0.0", false),
            ("pkg:golang/github.com/a", "pkg:golang/github.com/a/b@v1.0.0", false),
        ] {
            assert_eq!(read(pattern).names(&read(package)), expected, "{pattern} {package}");
        }
        assert_eq!(read("pkg:github/Acme/App@v1").repository().as_deref(), Some("github.com/acme/app"));
        assert_eq!(read("pkg:cargo/app").repository(), None);
        for none in ["", "time", "pkg:", "pkg:cargo", "cpe:2.3:a:b:c", "https://a.example/b"] {
            assert_eq!(Package::read(none), None, "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = Package::read(&text);
            if let Some(package) = Package::read(&format!("pkg:{text}")) {
                assert!(package.names(&package) && package.is_named_like(&package));
            }
        }
    }
}
