//! Which tags are releases, and of which product: one repository releases several, and its tags have the names of all of them.

use std::collections::{BTreeMap, BTreeSet};

use semver::{BuildMetadata, Prerelease, Version};

/// Families of tags that are looked at where none is known to be the product's; beyond these nothing is decided.
const MOST_FAMILIES: usize = 8;
/// Words of tags that say nothing of what is released.
const GENERIC: &[&str] = &[
    "crates", "final", "ga", "libs", "packages", "pkgs", "r", "rel", "release", "released", "releases", "stable",
    "tag", "tags", "v", "ver", "version", "versions",
];
/// Words of tags that are no releases of a product, whatever version stands behind them.
const NO_PRODUCT: &[&str] = &[
    "alpha",
    "archive",
    "backup",
    "bench",
    "beta",
    "build",
    "builds",
    "canary",
    "chart",
    "charts",
    "ci",
    "demo",
    "deploy",
    "dev",
    "docker",
    "docs",
    "example",
    "examples",
    "helm",
    "helper",
    "helpers",
    "installer",
    "latest",
    "nightlies",
    "nightly",
    "pre",
    "prerelease",
    "preview",
    "rc",
    "snapshot",
    "staging",
    "test",
    "testing",
    "tests",
    "tmp",
    "wip",
];
/// What stands behind a version that is whole.
const WHOLE: &[&str] = &["final", "ga", "release", "stable"];

/// What a tag's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TagName {
    /// The words before the version, without those that say nothing; empty for `v1.2.3`.
    family: Vec<String>,
    /// Behind how many of these words a folder ends, in order.
    folders: Vec<usize>,
    /// The version.
    pub(super) version: Version,
}

impl TagName {
    /// Reads `1.2.3`, `v1.2`, `name-1.2.3`, `name_1_2_3`, `name@1.2.3`, `name1.2.3`, `group/name/v1.2.3-rc.1` and the like;
    /// nothing where no version of two numbers or more ends the name.
    pub(super) fn read(name: &str) -> Option<Self> {
        let (folders, last) = name.rsplit_once('/').unwrap_or(("", name));
        // A number begins where none goes on: not behind a digit, nor behind the dot of one.
        let (mut before, mut previous) = ('-', '-');
        let starts = last.char_indices().filter(|(_, one)| {
            let goes_on = previous.is_ascii_digit() || previous == '.' && before.is_ascii_digit();
            (before, previous) = (previous, *one);
            one.is_ascii_digit() && !goes_on
        });
        let (start, version) = starts.take(16).find_map(|(at, _)| Some((at, version(last.get(at..)?)?)))?;
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty());
            words.map(str::to_lowercase).collect()
        };
        let (mut family, mut ends) = (Vec::new(), Vec::new());
        for part in folders.split('/').chain([last.get(..start)?]) {
            ends.push(family.len());
            family.extend(words(part).into_iter().filter(|word| !GENERIC.contains(&word.as_str())));
        }
        ends.retain(|end| *end > 0);
        ends.dedup();
        Some(Self { family, folders: ends, version })
    }

    /// Is it of a release, and not of what comes before one?
    pub(super) fn is_release(&self) -> bool {
        self.version.pre.is_empty()
    }

    /// Is it, by its words, of an installer, a test or a draft, and not of the product?
    pub(super) fn is_of_no_product(&self, product: &Product) -> bool {
        self.owner(product) == Owner::Nothing && self.family.iter().any(|word| NO_PRODUCT.contains(&word.as_str()))
    }

    fn squashed(&self) -> String {
        self.family.concat()
    }

    /// The words from `start` to `end` as one.
    fn joined(&self, start: usize, end: usize) -> String {
        self.family.get(start..end).unwrap_or_default().concat()
    }

    /// Whose it is: the longest name counts of those that are the whole of its words, or what stands behind a folder. What
    /// stands behind the folder of another package is that package's.
    fn owner(&self, product: &Product) -> Owner {
        let all = self.family.len();
        let starts = || std::iter::once(0).chain(self.folders.iter().copied()).filter(|start| *start < all);
        let of_product = |start: &usize| {
            let in_other = starts().filter(|from| from < start).any(|from| {
                let ends = self.folders.iter().filter(|end| **end > from && *end <= start);
                ends.into_iter().any(|end| product.others.contains(&self.joined(from, *end)))
            });
            !in_other && product.names.contains(&self.joined(*start, all))
        };
        let of_other = |start: &usize| product.others.contains(&self.joined(*start, all));
        let in_other = starts().any(|from| {
            self.folders.iter().any(|end| *end > from && product.others.contains(&self.joined(from, *end)))
        });
        let own = starts().find(of_product);
        let other = (0..all).find(of_other);
        let is_part = |end: usize| self.family.iter().take(end).any(|word| NO_PRODUCT.contains(&word.as_str()));
        match (own, other) {
            // Of two names with one end the one that begins first is the longer.
            (Some(own), other) if other.is_none_or(|other| own <= other) => {
                if is_part(own) {
                    Owner::Nothing
                } else {
                    Owner::Product
                }
            }
            (_, Some(_)) => Owner::Nothing,
            _ if in_other || is_part(all) => Owner::Nothing,
            _ => Owner::Unknown,
        }
    }

    /// Does the name end in one of `names` with words before it in the same folder: `app-core` is not `core`?
    fn extends(&self, names: &BTreeSet<String>) -> bool {
        let start = self.folders.iter().copied().filter(|end| *end < self.family.len()).max().unwrap_or(0);
        (start + 1..self.family.len()).any(|from| names.contains(&self.joined(from, self.family.len())))
    }
}

/// Whose release a tag is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    Product,
    /// Of another package, or no release of a product.
    Nothing,
    Unknown,
}

/// A version of two to four numbers and what follows it.
fn version(text: &str) -> Option<Version> {
    let separator = if text.split(|one: char| !one.is_ascii_digit()).nth(1).is_some() {
        text.find(|one: char| !one.is_ascii_digit()).and_then(|at| text.get(at..=at))
    } else {
        None
    };
    let separator = separator.filter(|one| matches!(*one, "." | "_"))?;
    let mut rest = text;
    let mut numbers: Vec<u64> = Vec::new();
    loop {
        let end = rest.find(|one: char| !one.is_ascii_digit()).unwrap_or(rest.len());
        numbers.push(rest.get(..end)?.parse().ok()?);
        rest = rest.get(end..)?;
        match rest.strip_prefix(separator) {
            Some(after) if after.starts_with(|one: char| one.is_ascii_digit()) => rest = after,
            _ => break,
        }
    }
    let (major, minor) = (*numbers.first()?, *numbers.get(1)?);
    let patch = numbers.get(2).copied().unwrap_or_default();
    let (rest, build) = rest.split_once('+').unwrap_or((rest, ""));
    let suffix = rest.trim_start_matches(['.', '-', '_', '~']).to_lowercase();
    // `1.2.x` is a branch; anything else that follows is of what comes before a release, unless it says the contrary.
    if suffix == "x" || suffix.contains('/') || numbers.len() > 4 {
        return None;
    }
    let is_whole = suffix.is_empty() || WHOLE.contains(&suffix.as_str()) || is_later(&suffix);
    let plain: String =
        suffix.chars().map(|one| if one.is_ascii_alphanumeric() || one == '.' { one } else { '-' }).collect();
    let pre =
        if is_whole { Prerelease::EMPTY } else { Prerelease::new(&plain).or_else(|_| Prerelease::new("pre")).ok()? };
    let fourth = numbers.get(3).map(ToString::to_string).unwrap_or_default();
    let build = BuildMetadata::new(if fourth.is_empty() { build } else { &fourth }).unwrap_or(BuildMetadata::EMPTY);
    Some(Version { major, minor, patch, pre, build })
}

/// `post1`: what Python's packages put out after a release (PEP 440).
fn is_later(suffix: &str) -> bool {
    suffix.strip_prefix("post").is_some_and(|number| number.bytes().all(|one| one.is_ascii_digit()))
}

/// The product that the label names.
#[derive(Clone, Debug, Default)]
pub(super) struct Product {
    /// Its names, letters and digits alone, in lower case.
    pub(super) names: BTreeSet<String>,
    /// The names of other packages of the repository, likewise.
    pub(super) others: BTreeSet<String>,
    /// The version that the label speaks of.
    pub(super) version: Option<Version>,
}

/// Which tags are the product's releases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Choice<'a> {
    /// Sets of tags of which one is the product's; which, cannot be told where there are several.
    pub(super) families: Vec<Vec<&'a str>>,
    /// Why the product's newest release cannot be told, in one clause.
    pub(super) unknown: Option<String>,
}

impl Product {
    /// Reads a name as it stands in a manifest or a claim.
    pub(super) fn squashed(name: &str) -> String {
        name.chars().filter(|one| one.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    }

    /// Chooses of `tags` (names of releases, each as it reads) those that are the product's.
    pub(super) fn choose<'a>(&self, tags: &BTreeMap<&'a str, TagName>) -> Choice<'a> {
        let (mut named, mut plain) = (Vec::new(), Vec::new());
        let mut strange: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (tag, name) in tags {
            if name.family.is_empty() {
                plain.push(*tag);
                continue;
            }
            match name.owner(self) {
                Owner::Product => named.push(*tag),
                Owner::Unknown if !name.extends(&self.names) => {
                    strange.entry(name.squashed()).or_default().push(*tag);
                }
                Owner::Unknown | Owner::Nothing => {}
            }
        }
        let mut families: Vec<Vec<&str>> = [named, plain].into_iter().filter(|family| !family.is_empty()).collect();
        if families.is_empty() {
            // Nobody says what the product is called, or its tags have another name than it.
            let related = |family: &str| {
                self.names.is_empty()
                    || self.names.iter().any(|name| {
                        family.len().min(name.len()) >= 3 && (family.contains(name.as_str()) || name.contains(family))
                    })
            };
            let candidates: Vec<Vec<&str>> =
                strange.into_iter().filter(|(family, _)| related(family)).map(|(_, tags)| tags).collect();
            families = if candidates.len() > MOST_FAMILIES { Vec::new() } else { candidates };
        }
        let has = |family: &Vec<&str>, wanted: &Version| {
            family.iter().filter_map(|tag| tags.get(tag)).any(|name| same(&name.version, wanted))
        };
        if let Some(wanted) = &self.version
            && families.iter().filter(|family| has(family, wanted)).count() == 1
        {
            families.retain(|family| has(family, wanted));
        }
        let unknown = match families.as_slice() {
            [one, other, ..] => Some(format!(
                "the tags {} and {} could both be of the product's releases",
                one.last().copied().unwrap_or_default(),
                other.last().copied().unwrap_or_default()
            )),
            [one] => self.untagged(&one.iter().filter_map(|tag| tags.get(tag)).map(|name| &name.version)),
            [] => None,
        };
        Choice { families, unknown }
    }

    /// Why none of these versions is that of the label. A version that is lower than what was released is one that nobody keeps,
    /// and one that is on its way to a release asks for no tag.
    fn untagged<'v>(&self, versions: &(impl Iterator<Item = &'v Version> + Clone)) -> Option<String> {
        let wanted = self.version.as_ref().filter(|version| version.pre.is_empty())?;
        let newest = versions.clone().max()?;
        if wanted <= newest || versions.clone().any(|one| same(one, wanted)) {
            return None;
        }
        Some(format!("the version {wanted}, which the label speaks of, has no tag in this history"))
    }

    /// Is it the version that the label speaks of?
    pub(super) fn is_version(&self, version: &Version) -> bool {
        self.version.as_ref().is_some_and(|wanted| same(wanted, version))
    }

    /// Reads the version of a claim or a manifest; a place that is kept for one is none.
    pub(super) fn version_of(text: &str) -> Option<Version> {
        let version = version(text.trim().trim_start_matches(['v', 'V']))?;
        (version.major, version.minor, version.patch).gt(&(0, 0, 0)).then_some(version)
    }
}

fn same(one: &Version, other: &Version) -> bool {
    (one.major, one.minor, one.patch, &one.pre) == (other.major, other.minor, other.patch, &other.pre)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> Option<(String, String)> {
        TagName::read(name).map(|read| (read.squashed(), read.version.to_string()))
    }

    #[test]
    fn names_of_tags_are_read() {
        for (name, family, version) in [
            ("v1.2.3", "", "1.2.3"),
            ("V1.2.3", "", "1.2.3"),
            ("1.2.3", "", "1.2.3"),
            ("1.2", "", "1.2.0"),
            ("v.1.2.3", "", "1.2.3"),
            ("1.2.3.4", "", "1.2.3+4"),
            ("v1.2.3+build.5", "", "1.2.3+build.5"),
            ("2024.01.02", "", "2024.1.2"),
            ("v1_2_3", "", "1.2.3"),
            ("release-1.2.3", "", "1.2.3"),
            ("releases/v1.2.3", "", "1.2.3"),
            ("REL_15_2", "", "15.2.0"),
            ("version1.2", "", "1.2.0"),
            ("v5.3.9.RELEASE", "", "5.3.9"),
            ("5.0.0.Final", "", "5.0.0"),
            ("1.0.post1", "", "1.0.0"),
            ("v1.2.3-rc.1", "", "1.2.3-rc.1"),
            ("1.2.3rc1", "", "1.2.3-rc1"),
            ("1.2.3-1", "", "1.2.3-1"),
            ("1_1_1w", "", "1.1.1-w"),
            ("grep-cli-0.1.10", "grepcli", "0.1.10"),
            ("curl-8_5_0", "curl", "8.5.0"),
            ("pkg@3.1.0", "pkg", "3.1.0"),
            ("@scope/pkg@3.1.0", "scopepkg", "3.1.0"),
            ("pkg/v3.1.0", "pkg", "3.1.0"),
            ("pkg_3.1.0", "pkg", "3.1.0"),
            ("go1.22.1", "go", "1.22.1"),
            ("log4j-2.17.0", "log4j", "2.17.0"),
            ("sha2-v0.10.8", "sha2", "0.10.8"),
            ("crates/a/v2.0.0-rc.1", "a", "2.0.0-rc.1"),
            ("desktop/installer-downloader/1.2.1", "desktopinstallerdownloader", "1.2.1"),
            ("app-v1.2.3", "app", "1.2.3"),
            ("app-release-1.2.3", "app", "1.2.3"),
            ("v1.2.3-test", "", "1.2.3-test"),
            ("v1.2.3-installer", "", "1.2.3-installer"),
        ] {
            assert_eq!(read(name), Some((family.to_owned(), version.to_owned())), "{name}");
        }
        for name in [
            "nightly",
            "v1",
            "2024-01",
            "2024-01-02",
            "nightly-2024-01-02",
            "",
            "latest",
            "1.2.x",
            "v",
            "-",
            "1.",
            ".1",
            "1..2",
            "1_2.3/",
            "99999999999999999999.1",
            "1.2.3.4.5",
            "ünïcode-１.２",
        ] {
            assert_eq!(read(name), None, "{name}");
        }
    }

    /// The product's name and version, names of other packages, tags, and those that are chosen.
    type Row = (&'static str, &'static str, &'static str, &'static str, &'static str);

    #[test]
    fn the_products_releases_are_chosen() {
        let rows: &[Row] = &[
            // One scheme.
            ("app", "1.1.0", "", "v1.0.0 v1.1.0", "v1.0.0 v1.1.0"),
            ("app", "", "", "1.0 1.1", "1.0 1.1"),
            ("app", "", "", "app-1.0.0 app-1.1.0", "app-1.0.0 app-1.1.0"),
            ("app", "", "", "app@1.0.0", "app@1.0.0"),
            ("app", "", "", "app/v1.0.0", "app/v1.0.0"),
            ("app", "", "", "crates/app/v1.0.0", "crates/app/v1.0.0"),
            ("@scope/app", "", "", "@scope/app@1.0.0", "@scope/app@1.0.0"),
            ("curl", "", "", "curl-8_5_0", "curl-8_5_0"),
            ("grep-cli", "", "", "grep-cli-0.1.0", "grep-cli-0.1.0"),
            ("grep_cli", "", "", "grep-cli-0.1.0", "grep-cli-0.1.0"),
            // Other packages of the workspace.
            ("app", "1.0.0", "helper", "v1.0.0 helper-0.1.1", "v1.0.0"),
            ("app", "", "helper", "1.0.0 helper-9.1.1 helper@10.0.0", "1.0.0"),
            ("app", "", "helper", "app-1.0.0 helper-0.1.1", "app-1.0.0"),
            ("app", "", "helper", "helper-0.1.1", ""),
            ("app", "", "apphelper", "app-helper-0.1.1", ""),
            ("ripgrep", "15.2.0", "ignore grep", "15.2.0 ignore-0.4.33 grep-0.4.1", "15.2.0"),
            ("helper", "0.1.1", "app", "v1.0.0 helper-0.1.1", "helper-0.1.1"),
            ("helper", "1.0.0", "app", "v1.0.0 helper-0.1.1", "v1.0.0"),
            ("helper", "", "app", "v1.0.0 helper-0.1.1", "helper-0.1.1 | v1.0.0"),
            ("helper", "3.0.0", "app", "v1.0.0 helper-0.1.1", "helper-0.1.1 | v1.0.0"),
            ("cli", "", "grepcli", "v1.0.0 grep-cli-0.1.1", "v1.0.0"),
            ("cli", "", "grepcli", "grep-cli-0.1.1", ""),
            ("cli", "0.1.1", "grepcli", "v0.1.0 grep-cli-0.1.1", "v0.1.0"),
            ("cli", "", "grepcli", "cli-1.0.0 grep-cli-0.1.1", "cli-1.0.0"),
            ("grep-cli", "", "cli", "cli-1.0.0 grep-cli-0.1.1", "grep-cli-0.1.1"),
            ("grep-cli", "", "cli", "tools/grep-cli-0.1.1 tools/cli-1.0.0", "tools/grep-cli-0.1.1"),
            ("core", "", "", "v1.0.0 app-core-1.1.0", "v1.0.0"),
            ("core", "", "", "app-core-1.1.0", ""),
            ("core", "", "app", "app-core-1.1.0", ""),
            ("core", "", "app", "app/core-1.1.0 app/core/v1.2.0", ""),
            ("core", "", "", "app/core-1.1.0", "app/core-1.1.0"),
            ("core", "", "", "desktop/core/v1.1.0", "desktop/core/v1.1.0"),
            ("core", "", "", "desktop/app-core/v1.1.0", ""),
            ("core", "", "app", "desktop/app/core/v1.1.0", ""),
            ("core", "", "app", "crates/core/v1.1.0 crates/app/v2.0.0", "crates/core/v1.1.0"),
            // Parts of the product that are released by themselves, and what is no release.
            ("", "", "", "2024.1 desktop/installer-downloader/1.2.1 android/2024.2", "2024.1"),
            ("app", "", "", "v1.0.0 installer-1.2.0", "v1.0.0"),
            ("app", "", "", "v1.0.0 app-installer-1.2.0", "v1.0.0"),
            ("app", "", "", "v1.0.0 test-2.0.0", "v1.0.0"),
            ("app", "", "", "v1.0.0 test/v2.0.0 tests/2.0.0", "v1.0.0"),
            ("app", "", "", "v1.0.0 nightly-2.0.0 nightly", "v1.0.0"),
            ("app", "", "", "v1.0.0 latest v1", "v1.0.0"),
            ("app", "", "", "v1.0.0 v1.1.0-rc.1 v1.1.0-test", "v1.0.0"),
            ("app", "", "", "v1.0.0 docker-2.0.0 helm/2.0.0 chart-3.0.0", "v1.0.0"),
            ("app", "", "", "v1.0.0 docker/app-2.0.0 test/app/v3.0.0 nightly/app@4.0.0", "v1.0.0"),
            ("app", "", "", "helm/app-2.0.0", ""),
            ("app", "", "", "app-helper-2.0.0 app-docker-3.0.0", ""),
            ("helm", "", "", "helm-3.0.0 docker/helm-4.0.0", "helm-3.0.0"),
            ("docker-tool", "", "", "docker-tool-3.0.0", "docker-tool-3.0.0"),
            ("", "", "", "test-1.0.0", ""),
            ("", "", "", "nightly/1.0.0", ""),
            // Another name than the product's.
            ("", "", "", "libfoo-1.0.0", "libfoo-1.0.0"),
            ("foo", "", "", "libfoo-1.0.0", "libfoo-1.0.0"),
            ("openssl toolkit", "", "", "openssl-3.0.0", "openssl-3.0.0"),
            ("app", "", "", "strange-1.0.0", ""),
            ("", "", "", "ios/1.0.0 android/1.0.0", "android/1.0.0 | ios/1.0.0"),
            ("app", "", "", "", ""),
        ];
        for (name, version, others, tags, expected) in rows {
            let squash = |list: &str| list.split(' ').filter(|one| !one.is_empty()).map(Product::squashed).collect();
            let names = Some(Product::squashed(name)).filter(|name| !name.is_empty()).into_iter().collect();
            let product = Product { names, others: squash(others), version: Product::version_of(version) };
            let read = tags.split(' ').filter_map(|tag| Some((tag, TagName::read(tag)?)));
            let choice = product.choose(&read.filter(|(_, name)| name.is_release()).collect());
            let families: Vec<String> = choice.families.iter().map(|family| family.join(" ")).collect();
            assert_eq!(families.join(" | "), *expected, "{name} {version}: {tags}");
            let of_none = |tag: &str| TagName::read(tag).is_some_and(|name| name.is_of_no_product(&product));
            assert!(!families.iter().any(|tag| of_none(tag)) && of_none("old-installer-1.2.0"), "{name}: {tags}");
        }
    }

    #[test]
    fn a_version_without_a_tag_leaves_the_newest_release_open() {
        for (version, tags, known) in [
            ("1.1.0", "v1.0.0 v1.1.0", true),
            ("1.1", "v1.0.0 v1.1.0", true),
            ("v1.1.0", "v1.1.0", true),
            ("", "v1.0.0", true),
            // Nobody keeps these.
            ("0.0.0", "v1.0.0", true),
            ("0.0.0-dev", "v1.0.0", true),
            ("0.1.0", "v1.0.0", true),
            ("1.0.0", "1.37.2", true),
            // On the way to a release.
            ("1.1.0-dev", "v1.0.0", true),
            ("1.1.0-SNAPSHOT", "v1.0.0", true),
            // Released elsewhere, or not yet.
            ("1.1.0", "v1.0.0", false),
            ("2.8.0", "2.7.0 2.7.1", false),
            ("2.0.0", "v1.0.0 v2.0.0-rc.1", false),
            ("1.1.0", "v1.0.0 app-1.0.0", false),
            ("1.1.0", "", true),
        ] {
            let names = BTreeSet::from(["app".to_owned()]);
            let product = Product { names, others: BTreeSet::new(), version: Product::version_of(version) };
            let read = tags.split(' ').filter_map(|tag| Some((tag, TagName::read(tag)?)));
            let choice = product.choose(&read.filter(|(_, name)| name.is_release()).collect());
            assert_eq!(choice.unknown.is_none(), known, "{version}: {tags}: {choice:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_name_makes_it_panic(name in "\\PC{0,40}", odd in "[0-9._/@v+-]{0,20}") {
            let _ = (TagName::read(&name), TagName::read(&odd), Product::version_of(&name), Product::version_of(&odd));
        }
    }
}
