//! A package URL as a pattern: which packages it names.

use std::collections::BTreeMap;

use packageurl::PackageUrl;

/// Qualifiers that say where a package is from; all others say which part of it is meant.
const PLACES: [&str; 3] = ["repository_url", "download_url", "vcs_url"];

/// How much of a product a package URL names that has its type and name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    Whole,
    /// A folder, a platform, a file or whatever else a part is.
    Part,
    /// Nothing of it: it is a package of the same name from elsewhere.
    Elsewhere,
}

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

    /// How much of the product that is called `own` it names; `is_repository` says whether an address is that of its repository.
    ///
    /// Without a registry it is the usual one of its type. Members are from a folder, and are found elsewhere under their name.
    pub(super) fn extent(&self, own: Option<&Self>, is_repository: impl Fn(&str) -> bool) -> Extent {
        let of_own = |name: &str| own.and_then(|own| own.qualifiers.get(name));
        let address = |text: &str| {
            let text = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
            text.trim_end_matches('/').to_owned()
        };
        let agrees = |name: &str| match (self.qualifiers.get(name), of_own(name)) {
            (Some(named), Some(own)) if address(named) == address(own) => true,
            (Some(named), _) => name != "download_url" && is_repository(named),
            (None, own) => own.is_none() || name != "repository_url",
        };
        let mut others = self.qualifiers.iter().filter(|(name, _)| !PLACES.contains(&name.as_str()));
        if !PLACES.iter().all(|name| agrees(name)) {
            Extent::Elsewhere
        } else if others.any(|(name, value)| of_own(name) != Some(value))
            || (self.subpath.is_some() && self.subpath.as_ref() != own.and_then(|own| own.subpath.as_ref()))
        {
            Extent::Part
        } else {
            Extent::Whole
        }
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

    #[test]
    fn where_it_is_from_has_to_agree_and_a_part_is_not_the_whole() {
        let member = "pkg:cargo/app@1.0.0?download_url=file:%2F%2F.";
        let image = "pkg:oci/app?repository_url=ghcr.io%2Facme%2Fapp";
        for (named, own, expected) in [
            ("pkg:cargo/app", Some(member), Extent::Whole),
            ("pkg:cargo/app@1.0.0?download_url=file:%2F%2F.", Some(member), Extent::Whole),
            ("pkg:cargo/app?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Facme%2Fapp", Some(member), Extent::Whole),
            ("pkg:cargo/app?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fevil%2Fapp", Some(member), Extent::Elsewhere),
            ("pkg:cargo/app?repository_url=https:%2F%2Fother.example", Some(member), Extent::Elsewhere),
            ("pkg:cargo/app?repository_url=https://other.example", Some(member), Extent::Elsewhere),
            ("pkg:cargo/app?download_url=https:%2F%2Fother.example%2Fapp.crate", Some(member), Extent::Elsewhere),
            ("pkg:cargo/app?download_url=file:%2F%2F.%2Fsub", Some(member), Extent::Elsewhere),
            ("pkg:cargo/app?arch=x86_64", Some(member), Extent::Part),
            ("pkg:cargo/app#sub/other", Some(member), Extent::Part),
            ("pkg:cargo/app?repository_url=https://other.example#sub", Some(member), Extent::Elsewhere),
            ("pkg:oci/app?repository_url=https:%2F%2Fghcr.io%2Facme%2Fapp%2F", Some(image), Extent::Whole),
            ("pkg:oci/app?repository_url=ghcr.io%2Fevil%2Fapp", Some(image), Extent::Elsewhere),
            ("pkg:oci/app", Some(image), Extent::Elsewhere),
            ("pkg:oci/app?repository_url=ghcr.io%2Facme%2Fapp&tag=v1", Some(image), Extent::Part),
            ("pkg:github/acme/app@v1.0.0", None, Extent::Whole),
            ("pkg:github/acme/app@v1.0.0#sub/other", None, Extent::Part),
            ("pkg:github/acme/app?repository_url=https:%2F%2Fgit.other.example", None, Extent::Elsewhere),
            ("pkg:github/acme/app?vcs_url=https:%2F%2Fgithub.com%2Facme%2Fapp", None, Extent::Whole),
        ] {
            let own = own.map(|own| Package::read(own).unwrap());
            let named_read = Package::read(named).unwrap();
            let extent = named_read.extent(own.as_ref(), |address| address.ends_with("github.com/acme/app"));
            assert_eq!(extent, expected, "{named}");
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
