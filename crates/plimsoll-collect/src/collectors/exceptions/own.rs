//! Which product is this one, as documents of others name products; and what of its components a package of it has.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_components::Component;
use plimsoll_trust::SourceName;

use super::package::{Extent, Package};
use crate::{claims::ClaimsFile, manifest::Manifests, vex::Named};

/// What a name leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Product {
    /// This product. `at_hand`: its version was named, and is the one here.
    Whole { at_hand: bool },
    /// Members of its workspaces, by their package URLs.
    Members { purls: BTreeSet<String>, at_hand: bool },
    /// This product in another version.
    OtherVersion { named: String },
    /// It may be the one that is `likely`, and may be another or a part of it: what is open there may be open here, and what
    /// does not matter there says nothing of this one.
    Unsure { likely: Box<Self>, why: &'static str },
    /// Another one.
    Other,
}

const A_PART: &str = "it is about a part of the product, and not about all of it";
const BY_NAME: &str = "it names the product without a package URL or its repository, and its maker is not known to be the \
                       claimant of plimsoll.toml; a name alone may be that of another product";

impl Product {
    /// This, where it is not known to be what is meant.
    fn unsure(self, why: &'static str) -> Self {
        match self {
            Self::Whole { .. } | Self::Members { .. } => Self::Unsure { likely: Box::new(self), why },
            Self::OtherVersion { .. } | Self::Unsure { .. } | Self::Other => self,
        }
    }
}

/// How this product is called.
#[derive(Debug, Default)]
pub(super) struct Own {
    members: Vec<(Package, String, String)>,
    identifiers: Vec<Package>,
    repositories: Vec<SourceName>,
    names: BTreeSet<String>,
    versions: BTreeSet<String>,
    /// Who makes it, by their own claim.
    maker: Option<String>,
}

/// A version without the `v` that tags have in front.
fn plain(version: &str) -> &str {
    version
        .strip_prefix(['v', 'V'])
        .filter(|rest| rest.starts_with(|one: char| one.is_ascii_digit()))
        .unwrap_or(version)
}

/// A repository by its address; those of GitHub are the same however they are written.
fn repository(address: &str) -> Option<SourceName> {
    let lower = address.to_ascii_lowercase();
    SourceName::read(if lower.contains("github.com") { &lower } else { address })
}

impl Own {
    /// By what the maker claims, the manifests of the root and the members of the workspaces.
    pub(super) fn new(components: &[Component], claims: &ClaimsFile, manifests: &Manifests) -> Self {
        let mut own = Self::default();
        for member in components.iter().filter(|component| component.member) {
            if let Some(package) = Package::read(&member.purl) {
                own.members.push((package, member.name.clone(), member.purl.clone()));
            }
        }
        let (mut addresses, mut claimed) = (Vec::new(), None);
        if let ClaimsFile::Present { claims, .. } = claims {
            own.names.insert(claims.product.name.to_lowercase());
            claimed = claims.product.version.as_deref();
            let maker = claims.product.claimant.as_deref().map(|maker| maker.trim().to_lowercase());
            own.maker = maker.filter(|maker| !maker.is_empty());
            addresses.extend(claims.product.url.as_deref());
            for identifier in &claims.scope.identifiers {
                match Package::read(identifier) {
                    Some(package) => own.identifiers.push(package),
                    None => addresses.push(identifier),
                }
            }
        }
        addresses.extend(manifests.repositories());
        own.repositories = addresses.into_iter().filter_map(repository).collect();
        for (name, version) in manifests.of_root() {
            own.names.extend(name.map(str::to_lowercase));
            own.versions.extend(version.map(|version| plain(version).to_owned()));
        }
        own.versions.extend(claimed.map(|version| plain(version).to_owned()));
        let mut of_members = own.members.iter().filter_map(|(package, ..)| package.version.clone());
        // Without a version of the product it is that which all of its members have.
        if let Some(first) = of_members.next()
            && own.versions.is_empty()
            && of_members.all(|version| version == first)
        {
            own.versions.insert(first);
        }
        own.names.retain(|name| !name.is_empty());
        own
    }

    /// What a name of a product leads to.
    pub(super) fn product(&self, named: &Named) -> Product {
        let is_own = |address: &&str| repository(address).is_some_and(|one| self.repositories.contains(&one));
        let address = named.address.as_deref().filter(is_own);
        let version = named.version.as_deref().or_else(|| address.and_then(reference));
        if let Some(purl) = &named.purl {
            return Package::read(purl).map_or(Product::Other, |mut package| {
                let own = package.version.as_deref().map(plain);
                // A version next to the package URL is one as well; where there are two, the other may be that of the product.
                if let Some(version) = version
                    && own != Some(plain(version))
                    && (own.is_none() || !self.versions.contains(plain(version)))
                {
                    package.version = Some(version.to_owned());
                }
                self.package(&package)
            });
        }
        if let Some(address) = address {
            let whole = self.whole(version);
            return if address.contains(['#', '?']) { whole.unsure(A_PART) } else { whole };
        }
        let Some(name) = named.name.as_deref().map(str::to_lowercase) else { return Product::Other };
        // A member is itself alone, also where the product is called the same.
        let members: Vec<_> = self.members.iter().filter(|(_, own, _)| own.to_lowercase() == name).collect();
        let product = if members.is_empty() && self.names.contains(&name) {
            self.whole(version)
        } else {
            of_members(members.into_iter(), version)
        };
        let maker = named.maker.as_deref().map(|maker| maker.trim().to_lowercase());
        if maker.is_some() && maker == self.maker { product } else { product.unsure(BY_NAME) }
    }

    fn package(&self, package: &Package) -> Product {
        let version = package.version.as_deref();
        let is_own = |address: &str| repository(address).is_some_and(|one| self.repositories.contains(&one));
        // A source at a reference is one version, and one with a query or a fragment is a part.
        let is_source = |address: &str| {
            let is_plain = version.is_some() || reference(address).is_none();
            is_plain && !address.contains(['#', '?']) && is_own(address)
        };
        let extent = |own: Option<&Package>| package.extent(own, is_source);
        let mut extents = Vec::new();
        if package.repository().is_some_and(|address| is_own(&address)) {
            extents.push(extent(None));
        }
        let like = self.identifiers.iter().filter(|own| own.is_named_like(package));
        extents.extend(like.map(|own| extent(Some(own))));
        if extents.contains(&Extent::Whole) {
            return self.whole(version);
        }
        let members = |wanted: Extent| {
            let like = self.members.iter().filter(|(own, ..)| own.is_named_like(package));
            of_members(like.filter(|(own, ..)| extent(Some(own)) == wanted), version)
        };
        match members(Extent::Whole) {
            Product::Other if extents.contains(&Extent::Part) => self.whole(version).unsure(A_PART),
            Product::Other => members(Extent::Part).unsure(A_PART),
            known => known,
        }
    }

    fn whole(&self, version: Option<&str>) -> Product {
        match version {
            None => Product::Whole { at_hand: false },
            Some(version) if self.versions.contains(plain(version)) => Product::Whole { at_hand: true },
            Some(version) => Product::OtherVersion { named: version.to_owned() },
        }
    }
}

/// The members of a name, in the version where one is named.
fn of_members<'a>(members: impl Iterator<Item = &'a (Package, String, String)>, version: Option<&str>) -> Product {
    let members: Vec<_> = members.collect();
    let Some(version) = version else {
        let purls: BTreeSet<String> = members.iter().map(|(.., purl)| purl.clone()).collect();
        return if purls.is_empty() { Product::Other } else { Product::Members { purls, at_hand: false } };
    };
    let same = members.iter().filter(|(own, ..)| own.version.as_deref().map(plain) == Some(plain(version)));
    let purls: BTreeSet<String> = same.map(|(.., purl)| purl.clone()).collect();
    match (members.is_empty(), purls.is_empty()) {
        (true, _) => Product::Other,
        (false, true) => Product::OtherVersion { named: version.to_owned() },
        (false, false) => Product::Members { purls, at_hand: true },
    }
}

/// The tag or version that an address ends with, behind `@`.
fn reference(address: &str) -> Option<&str> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (_, reference) = rest.split_once('/')?.1.split_once('@')?;
    Some(reference.strip_prefix("refs/tags/").unwrap_or(reference))
}

/// A component by lockfile and package URL.
pub(super) type Place = (Option<String>, String);

/// The components that the `named` members are built from and no other member is that ships and is not one of them or built
/// into one of them. A statement about one product says nothing of another product of the same repository.
pub(super) fn covered(components: &[Component], named: &BTreeSet<String>) -> BTreeSet<Place> {
    let others = |one: &&Component| one.member && one.ships() && !named.contains(&one.purl);
    let all = !components.iter().any(|one| others(&one)) && components.iter().any(|one| named.contains(&one.purl));
    if all {
        return components.iter().map(|one| (one.lockfile.clone(), one.purl.clone())).collect();
    }
    let mut lockfiles: BTreeMap<Option<&str>, Vec<&Component>> = BTreeMap::new();
    for component in components {
        lockfiles.entry(component.lockfile.as_deref()).or_default().push(component);
    }
    let mut covered = BTreeSet::new();
    for (lockfile, list) in lockfiles {
        let edges: BTreeMap<&str, &[String]> =
            list.iter().map(|one| (one.purl.as_str(), one.depends_on.as_slice())).collect();
        let roots = list.iter().filter(|one| one.member && named.contains(&one.purl));
        let within = reached(&edges, roots.map(|one| one.purl.as_str()));
        let apart = list.iter().filter(|one| others(one) && !within.contains(one.purl.as_str()));
        let apart = reached(&edges, apart.map(|one| one.purl.as_str()));
        let own = within.difference(&apart).map(|purl| (lockfile.map(ToOwned::to_owned), (*purl).to_owned()));
        covered.extend(own);
    }
    covered
}

fn reached<'a>(edges: &BTreeMap<&'a str, &'a [String]>, roots: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut ahead: Vec<&str> = roots.collect();
    while let Some(one) = ahead.pop() {
        if found.insert(one) {
            ahead.extend(edges.get(one).into_iter().flat_map(|list| list.iter()).map(String::as_str));
        }
    }
    found
}
