//! What the product of the label is called, and what else its repository holds.

use plimsoll_snapshot::Snapshot;

use super::families::Product;
use crate::{Context, claims::ClaimsFile, manifest};

/// Manifests that are read for names.
const MOST_MANIFESTS: usize = 1000;
/// Bytes of one of them.
const LARGEST: u64 = 1024 * 1024;

/// Gives the names and the version that the label has for its product, and the names of the repository's other packages.
pub(super) fn of(cx: &Context<'_>) -> Product {
    let packages = packages(cx.snapshot);
    let root = packages.iter().position(|package| package.root && package.name.is_some());
    let others = || packages.iter().enumerate().filter(|(at, _)| Some(*at) != root).map(|(_, package)| package);
    let claimed = match cx.claims {
        ClaimsFile::Present { claims, .. } => Some(&claims.product),
        ClaimsFile::Absent | ClaimsFile::Invalid { .. } => None,
    };
    let mut product = Product::default();
    let claimed_name = claimed.map(|product| product.name.as_str());
    // The root is another package where the label is of one of its members.
    let is_other = claimed_name.is_some_and(|name| {
        others()
            .any(|package| package.name.as_deref().is_some_and(|own| Product::squashed(own) == Product::squashed(name)))
    });
    product.names.extend(claimed_name.into_iter().flat_map(names));
    product.others.extend(others().filter_map(|package| package.name.as_deref()).flat_map(names));
    if let Some(name) = root.and_then(|at| packages.get(at)?.name.as_deref()) {
        if is_other { &mut product.others } else { &mut product.names }.extend(names(name));
    }
    let stated = claimed.and_then(|product| product.version.as_deref());
    let at_root = packages.iter().filter(|package| package.root && !is_other).find_map(|one| one.version.as_deref());
    product.version = stated.or(at_root).and_then(Product::version_of);
    product.others = product.others.difference(&product.names).cloned().collect();
    product
}

/// A name as a whole, and without the scope that npm puts before it.
fn names(name: &str) -> Vec<String> {
    let inner = name.rsplit_once('/').map_or(name, |(_, inner)| inner);
    let mut names = vec![Product::squashed(name), Product::squashed(inner)];
    names.retain(|name| !name.is_empty());
    names
}

struct Package {
    name: Option<String>,
    version: Option<String>,
    root: bool,
}

fn packages(snapshot: &Snapshot) -> Vec<Package> {
    let mut found = Vec::new();
    for (file, read) in manifest::READERS {
        let manifests = snapshot
            .entries()
            .iter()
            .filter(|entry| entry.is_file() && entry.name() == *file && !entry.path.contains("node_modules/"));
        for entry in manifests.take(MOST_MANIFESTS) {
            let text = snapshot.read_text(entry, LARGEST).ok();
            let root = entry.path == *file;
            found.extend(text.and_then(|text| read(&text)).map(|(name, version)| Package { name, version, root }));
        }
    }
    found
}
