//! The ecosystems that advisories are about: how each orders versions, and when two names are one.
//!
//! Source: OSV schema, "Defined Ecosystems".

use std::borrow::Cow;

use plimsoll_versions::Scheme;

/// The public registry that RustSec speaks of, by the name that OSV has for it.
pub const REGISTRY: &str = "crates.io";

/// Steps of workflows, by their repositories and tags.
pub(crate) const ACTIONS: &str = "GitHub Actions";

/// An ecosystem by the name that OSV has for it.
#[derive(Debug, PartialEq, Eq)]
pub struct Ecosystem {
    /// Its name, without a release behind a colon.
    pub name: &'static str,
    /// The type of package URLs that name its packages, where there is one.
    pub purl_type: Option<&'static str>,
    /// How its versions are ordered; none where no order is known, and only lists of versions can be judged.
    pub scheme: Option<Scheme>,
    names: Names,
    least: u32,
}

/// When two names are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// When they are the same to the letter.
    Exact,
    /// Without regard to case.
    AnyCase,
    /// Without regard to case, and any run of `-`, `_` and `.` is one hyphen (PEP 503).
    Pep503,
    /// Addresses: without regard to case, scheme, a slash at the end and `.git`.
    Address,
}

const fn row(name: &'static str, purl: &'static str, scheme: Option<Scheme>, names: Names) -> Ecosystem {
    let purl_type = if purl.is_empty() { None } else { Some(purl) };
    Ecosystem { name, purl_type, scheme, names, least: 0 }
}

/// Those with an order of versions, then those without one.
pub const OSV_ECOSYSTEMS: &[Ecosystem] = &[
    row(REGISTRY, "cargo", Some(Scheme::Semver), Names::Exact).of_at_least(1000),
    // Names with capitals are of a time when they were allowed, and are other packages than those without.
    row("npm", "npm", Some(Scheme::Npm), Names::Exact).of_at_least(2000),
    row("PyPI", "pypi", Some(Scheme::Pep440), Names::Pep503).of_at_least(2000),
    row("Go", "golang", Some(Scheme::Go), Names::Exact).of_at_least(1500),
    row("Maven", "maven", Some(Scheme::Maven), Names::Exact).of_at_least(3000),
    row("RubyGems", "gem", Some(Scheme::Rubygems), Names::Exact).of_at_least(500),
    row("Packagist", "composer", Some(Scheme::Composer), Names::AnyCase).of_at_least(2000),
    row("NuGet", "nuget", Some(Scheme::Nuget), Names::AnyCase).of_at_least(400),
    row("Pub", "pub", Some(Scheme::Pub), Names::Exact).of_at_least(5),
    row("Hex", "hex", Some(Scheme::Hex), Names::Exact).of_at_least(15),
    row("SwiftURL", "swift", Some(Scheme::Semver), Names::Address).of_at_least(20),
    // Tags: `v` in front or not, and parts may be left out, as in Go.
    row(ACTIONS, "githubactions", Some(Scheme::Go), Names::AnyCase).of_at_least(15),
    row("Julia", "julia", Some(Scheme::Semver), Names::Exact),
    row("Debian", "deb", Some(Scheme::Debian), Names::Exact),
    row("Ubuntu", "deb", Some(Scheme::Debian), Names::Exact),
    row("AlmaLinux", "rpm", Some(Scheme::Rpm), Names::Exact),
    row("Mageia", "rpm", Some(Scheme::Rpm), Names::Exact),
    row("Photon OS", "rpm", Some(Scheme::Rpm), Names::Exact),
    row("Red Hat", "rpm", Some(Scheme::Rpm), Names::Exact),
    row("Rocky Linux", "rpm", Some(Scheme::Rpm), Names::Exact),
    row("SUSE", "rpm", Some(Scheme::Rpm), Names::Exact),
    row("openEuler", "rpm", Some(Scheme::Rpm), Names::Exact),
    row("openSUSE", "rpm", Some(Scheme::Rpm), Names::Exact),
    row("Alpaquita", "apk", None, Names::Exact),
    row("Alpine", "apk", None, Names::Exact),
    row("Android", "", None, Names::Exact),
    row("BellSoft Hardened Containers", "apk", None, Names::Exact),
    row("Bioconductor", "bioconductor", None, Names::Exact),
    row("Bitnami", "bitnami", None, Names::Exact),
    row("CRAN", "cran", None, Names::Exact),
    row("Chainguard", "apk", None, Names::Exact),
    row("ConanCenter", "conan", None, Names::Exact),
    row("GHC", "", None, Names::Exact),
    row("Hackage", "hackage", None, Names::Exact),
    row("Kubernetes", "", None, Names::Exact),
    row("Linux", "", None, Names::Exact),
    row("MinimOS", "apk", None, Names::Exact),
    row("OSS-Fuzz", "", None, Names::Exact),
    row("Wolfi", "apk", None, Names::Exact),
];

/// Advisories from which on an ecosystem gets new ones every few days.
const MANY: u32 = 1000;

impl Ecosystem {
    /// The same, of which the public databases had at least so many advisories when this version was made.
    const fn of_at_least(self, least: u32) -> Self {
        Self { least, ..self }
    }

    /// How many advisories data has to have to be what is published of this ecosystem, and not a part: about half of what the
    /// public databases had in 2025. Zero where that is not known.
    ///
    /// Source: counts of reviewed advisories of the GitHub Advisory Database.
    pub fn least(&self) -> u64 {
        u64::from(self.least)
    }

    /// Is something published about it every few days? The newest advisory says how old such data is, whatever its own date.
    pub fn is_busy(&self) -> bool {
        self.least >= MANY
    }

    /// The ecosystem that OSV calls `name`; a release may stand behind a colon.
    pub fn of(name: &str) -> Option<&'static Self> {
        let name = name.split_once(':').map_or(name, |(name, _)| name);
        OSV_ECOSYSTEMS.iter().find(|ecosystem| ecosystem.name == name)
    }

    /// The one ecosystem whose packages have package URLs of this type; none where several share it.
    pub fn of_purl_type(purl_type: &str) -> Option<&'static Self> {
        let mut of_type = OSV_ECOSYSTEMS.iter().filter(|ecosystem| ecosystem.purl_type == Some(purl_type));
        of_type.next().filter(|_| of_type.next().is_none())
    }

    /// The form of a package's name that all of its spellings share.
    pub fn normal_name<'a>(&self, name: &'a str) -> Cow<'a, str> {
        match self.names {
            Names::Exact => name.into(),
            Names::AnyCase => name.to_lowercase().into(),
            Names::Pep503 => {
                let mut normal = String::with_capacity(name.len());
                for character in name.chars().flat_map(char::to_lowercase) {
                    let separates = matches!(character, '-' | '_' | '.');
                    if !separates {
                        normal.push(character);
                    } else if !normal.ends_with('-') {
                        normal.push('-');
                    }
                }
                normal.into()
            }
            Names::Address => {
                let lower = name.to_lowercase();
                let address = lower.split_once("://").map_or(lower.as_str(), |(_, address)| address);
                let address = address.trim_end_matches('/');
                address.strip_suffix(".git").unwrap_or(address).to_owned().into()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_that_are_one_are_found_as_one() {
        for (ecosystem, name, normal) in [
            ("PyPI", "Zope.Interface", "zope-interface"),
            ("PyPI", "a-_.b__C", "a-b-c"),
            ("npm", "JSONStream", "JSONStream"),
            ("npm", "@Scope/Name", "@Scope/Name"),
            ("Go", "github.com/BurntSushi/toml", "github.com/BurntSushi/toml"),
            ("NuGet", "Newtonsoft.Json", "newtonsoft.json"),
            ("Packagist", "Symfony/HTTP-Kernel", "symfony/http-kernel"),
            ("GitHub Actions", "Tj-Actions/Changed-Files", "tj-actions/changed-files"),
            ("SwiftURL", "https://github.com/Apple/Swift-NIO.git", "github.com/apple/swift-nio"),
            ("Maven", "org.Apache:Log4j", "org.Apache:Log4j"),
            ("RubyGems", "RedCloth", "RedCloth"),
        ] {
            let ecosystem = Ecosystem::of(ecosystem).unwrap();
            assert_eq!(ecosystem.normal_name(name), normal);
            assert_eq!(ecosystem.normal_name(normal), normal, "once is enough");
        }
    }

    #[test]
    fn an_ecosystem_is_found_by_its_name_and_its_release_is_left_out() {
        assert_eq!(Ecosystem::of("Debian:12").unwrap().scheme, Some(Scheme::Debian));
        assert_eq!(Ecosystem::of("Ubuntu:22.04:LTS").unwrap().name, "Ubuntu");
        assert_eq!(Ecosystem::of("Alpine:v3.20").unwrap().scheme, None);
        for unknown in ["", "pypi", "NPM", "Debian 12", ":", "Cargo"] {
            assert_eq!(Ecosystem::of(unknown), None, "{unknown}");
        }
        assert_eq!(Ecosystem::of_purl_type("pypi").unwrap().name, "PyPI");
        assert_eq!(Ecosystem::of_purl_type("deb"), None, "of which of them is not said");
        assert_eq!(Ecosystem::of_purl_type("generic"), None);
        let names: BTreeSet<_> = OSV_ECOSYSTEMS.iter().map(|ecosystem| ecosystem.name).collect();
        assert_eq!(names.len(), OSV_ECOSYSTEMS.len());
    }
}
