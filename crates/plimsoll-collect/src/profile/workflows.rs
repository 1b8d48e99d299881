//! What the workflows build for, and where they publish.

use super::{Field, Profile};

/// Workflows that are read.
pub(super) const MOST: usize = 100;

/// What the name of a target holds, and the platform that it is.
const PLATFORMS: &[(&str, &str)] = &[
    ("-linux-gnu", "Linux"),
    ("-linux-musl", "Linux"),
    ("-pc-windows-", "Windows"),
    ("-apple-darwin", "macOS"),
    ("-unknown-freebsd", "FreeBSD"),
    ("-linux-android", "Android"),
    ("-apple-ios", "iOS"),
    ("-unknown-netbsd", "NetBSD"),
];
/// What publishes, and where the product is then got from.
const DELIVERIES: &[(&str, &str)] = &[
    ("cargo publish", "crates.io"),
    ("crates-io-auth-action", "crates.io"),
    ("npm publish", "npm"),
    ("pypa/gh-action-pypi-publish", "PyPI"),
    ("uv publish", "PyPI"),
    ("twine upload", "PyPI"),
    ("docker/build-push-action", "container image"),
    ("docker/bake-action", "container image"),
    ("docker push", "container image"),
    ("softprops/action-gh-release", "download"),
    ("gh release create", "download"),
    ("gh release upload", "download"),
    ("ncipollo/release-action", "download"),
    ("goreleaser/goreleaser-action", "download"),
];

pub(super) fn is_workflow(path: &str) -> bool {
    let name = path.strip_prefix(".github/workflows/").unwrap_or_default();
    [".yml", ".yaml"].iter().any(|end| name.ends_with(end)) && !name.contains('/')
}

pub(super) fn read(path: &str, text: &str, found: &mut Profile) {
    for (at, line) in text.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default();
        if line.trim_start().starts_with('#') {
            continue;
        }
        for (field, table) in [(Field::Platforms, PLATFORMS), (Field::Delivery, DELIVERIES)] {
            for (_, value) in table.iter().filter(|(sign, _)| line.contains(sign)) {
                let what = if field == Field::Platforms { "a target" } else { "a publishing step" };
                found.say(field, value, format!("{path}:{}, {what}", at + 1), false);
            }
        }
    }
}
