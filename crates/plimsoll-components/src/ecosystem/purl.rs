//! Package URLs of every type.

use packageurl::PackageUrl;

use crate::component::Origin;

/// A package by what its URL is made of: type, namespace where the type has one, name and version.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    pub kind: &'static str,
    pub namespace: Option<&'a str>,
    pub name: &'a str,
    pub version: &'a str,
}

impl<'a> Named<'a> {
    /// A package whose namespace and name are written with a `/` between them, as scopes, vendors and paths are.
    pub fn split(kind: &'static str, full: &'a str, version: &'a str) -> Self {
        let (namespace, name) = match full.rsplit_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, full),
        };
        Self { kind, namespace, name, version }
    }

    /// Gives the package URL of what lies in a folder of the tree, or in one that is not there (`None`).
    ///
    /// Without a qualifier it would be that of the published package with the same name, which is somebody else's.
    pub fn in_folder(self, folder: Option<&str>) -> String {
        let address = match folder {
            None => "file:".to_owned(),
            Some("") => "file://.".to_owned(),
            Some(folder) => format!("file://./{folder}"),
        };
        self.with(&[("download_url", &address)]).unwrap_or_else(|| format!("{}?download_url=file:", self.plain()))
    }

    /// Gives `pkg:TYPE/NAMESPACE/NAME@VERSION#PATH`, of a folder or file inside; `None` where the specification has no form.
    pub fn inside(self, path: &str) -> Option<String> {
        self.with_path(&[], path)
    }

    /// Gives `pkg:TYPE/NAMESPACE/NAME@VERSION`, with `repository_url` for a registry other than the public one and `vcs_url`
    /// for git.
    ///
    /// Source: Package URL specification (ECMA-427); qualifiers of the common list.
    pub fn from(self, origin: &Origin) -> String {
        self.on(origin, None)
    }

    /// The same for what is built for one platform.
    pub fn on(self, origin: &Origin, platform: Option<&str>) -> String {
        let place = match origin {
            Origin::Folder => return self.in_folder(None),
            Origin::Public(_) => None,
            Origin::Registry(url) => Some(("repository_url", url.clone())),
            Origin::Git { url, revision: Some(revision) } => Some(("vcs_url", format!("git+{url}@{revision}"))),
            Origin::Git { url, revision: None } => Some(("vcs_url", format!("git+{url}"))),
        };
        let place = place.as_ref().map(|(name, value)| (*name, value.as_str()));
        let qualifiers: Vec<(&str, &str)> =
            platform.map(|platform| ("platform", platform)).into_iter().chain(place).collect();
        self.with(&qualifiers).unwrap_or_else(|| self.plain())
    }

    /// The same with these qualifiers, in the order of the alphabet.
    pub fn qualified(self, qualifiers: &[(&str, &str)]) -> String {
        self.with(qualifiers).unwrap_or_else(|| self.plain())
    }

    fn with(self, qualifiers: &[(&str, &str)]) -> Option<String> {
        self.with_path(qualifiers, "")
    }

    fn with_path(self, qualifiers: &[(&str, &str)], path: &str) -> Option<String> {
        let mut purl = PackageUrl::new(self.kind, self.name).ok()?;
        if let Some(namespace) = self.namespace {
            purl.with_namespace(namespace).ok()?;
        }
        if !self.version.is_empty() {
            purl.with_version(self.version).ok()?;
        }
        for (name, value) in qualifiers {
            purl.add_qualifier((*name).to_owned(), (*value).to_owned()).ok()?;
        }
        if !path.is_empty() {
            purl.with_subpath(path.to_owned()).ok()?;
        }
        let text = purl.to_string();
        // The version is one part, which the writer leaves as it is.
        let Some((name, rest)) = text.split_once('@').filter(|_| self.version.contains('/')) else { return Some(text) };
        let end = rest.find(['?', '#']).unwrap_or(rest.len());
        let (version, rest) = rest.split_at_checked(end)?;
        Some(format!("{name}@{}{rest}", version.replace('/', "%2F")))
    }

    /// For what the specification has no form.
    fn plain(self) -> String {
        let Self { kind, namespace, name, version } = self;
        let namespace = namespace.map(|namespace| format!("{namespace}/")).unwrap_or_default();
        format!("pkg:{kind}/{namespace}{name}@{version}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_url_says_where_it_comes_from() {
        let crates = |name, version| Named::split("cargo", name, version);
        let check = |origin: &Origin, expected: &str| assert_eq!(crates("serde", "1.0.0+x").from(origin), expected);
        check(&Origin::Public("crates.io"), "pkg:cargo/serde@1.0.0%2Bx");
        check(&Origin::Folder, "pkg:cargo/serde@1.0.0%2Bx?download_url=file:");
        assert_eq!(crates("a", "1.0.0").in_folder(Some("")), "pkg:cargo/a@1.0.0?download_url=file:%2F%2F.");
        assert_eq!(crates("a", "1.0.0").in_folder(Some("x/a")), "pkg:cargo/a@1.0.0?download_url=file:%2F%2F.%2Fx%2Fa");
        check(
            &Origin::Registry("https://reg.example/index".to_owned()),
            "pkg:cargo/serde@1.0.0%2Bx?repository_url=https:%2F%2Freg.example%2Findex",
        );
        check(
            &Origin::Git { url: "https://g.example/s".to_owned(), revision: Some("abc".to_owned()) },
            "pkg:cargo/serde@1.0.0%2Bx?vcs_url=git%2Bhttps:%2F%2Fg.example%2Fs%40abc",
        );
    }

    #[test]
    fn what_is_inside_of_a_package_has_a_path() {
        let of = |version: &str, path: &str| Named::split("githubactions", "a/b", version).inside(path).unwrap();
        assert_eq!(of("v1", ""), "pkg:githubactions/a/b@v1");
        assert_eq!(of("x/y", "c/d.yml"), "pkg:githubactions/a/b@x%2Fy#c/d.yml");
        let read: PackageUrl<'_> = of("x/y", "c/d").parse().unwrap();
        assert_eq!((read.name(), read.version(), read.subpath()), ("b", Some("x/y"), Some("c/d")));
    }

    #[test]
    fn names_have_the_form_of_their_type() {
        for (kind, name, version, expected) in [
            ("npm", "left-pad", "1.3.0", "pkg:npm/left-pad@1.3.0"),
            ("npm", "@types/node", "20.0.0", "pkg:npm/%40types/node@20.0.0"),
            ("composer", "symfony/console", "v6.0.0", "pkg:composer/symfony/console@v6.0.0"),
            ("golang", "golang.org/x/sys", "v0.1.0", "pkg:golang/golang.org/x/sys@v0.1.0"),
            ("gem", "rack", "3.0.0", "pkg:gem/rack@3.0.0"),
            ("pub", "http", "", "pkg:pub/http"),
            ("composer", "a/b", "dev-x/y", "pkg:composer/a/b@dev-x%2Fy"),
            ("npm", "@a/b", "x/@y", "pkg:npm/%40a/b@x%2F%40y"),
        ] {
            assert_eq!(Named::split(kind, name, version).from(&Origin::Public("x")), expected);
        }
    }
}
