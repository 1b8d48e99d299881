//! Submodules of git: other repositories, each at the commit that the tree has for it.
//!
//! The tree says at which commit, `.gitmodules` says where from. What is inside is in another repository and is not read.

mod address;
mod gitmodules;

use std::collections::BTreeMap;

use plimsoll_model::{body::Reach, tree_path};

use self::{
    address::Address,
    gitmodules::{Module, modules},
};
use super::{
    Ecosystem, Holds, Resolution,
    outside::{self, Outside},
    purl::Named,
};
use crate::{
    component::{Component, Origin},
    gap::{Cause, Gap},
    options::Options,
    path_class,
    tree_file::{Gitlink, Role, SourceFile},
};

const NAMES: &str = ".gitmodules";

pub(crate) struct GitSubmodule;

impl Ecosystem for GitSubmodule {
    fn name(&self) -> &'static str {
        "git-submodule"
    }

    fn holds(&self) -> Holds {
        Holds::Submodules
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["github", "bitbucket"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[NAMES]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["git-submodules", "gitsubmodule"]
    }

    fn lists_all(&self) -> bool {
        false
    }

    fn role(&self, path: &str) -> Option<Role> {
        // git reads the one at the root alone.
        (path == NAMES).then_some(Role::Manifest)
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let mut all = Resolution::default();
        let file = files.iter().find(|file| file.path == NAMES);
        let unread = options.unread.iter().find(|file| file.path == NAMES);
        let modules = match (file, unread) {
            (Some(file), _) => modules(&file.bytes),
            (None, Some(unread)) => Err(unread.reason.clone()),
            (None, None) => Ok(Vec::new()),
        };
        let Some(links) = &options.gitlinks else {
            let class = file.map(|file| &file.class).or(unread.map(|file| &file.class));
            let is_empty = modules.as_ref().is_ok_and(Vec::is_empty);
            if class.is_some_and(|class| path_class::may_ship(class)) && !is_empty {
                all.gaps.push(gap(NAMES, format!("{NAMES} names submodules, whose commits a folder does not say")));
            }
            return all;
        };
        let (modules, reason) = match modules {
            Ok(modules) => (modules, format!("{NAMES} does not say where it comes from")),
            Err(error) => (Vec::new(), format!("{NAMES} could not be read: {error}")),
        };
        let mut by_path: BTreeMap<&str, Vec<&Module>> = BTreeMap::new();
        for module in &modules {
            let path = module.path.as_deref().map(|path| path.trim_end_matches('/'));
            by_path.entry(path.unwrap_or_default()).or_default().push(module);
        }
        let mut unknown: Vec<(&Gitlink, String)> = Vec::new();
        for link in links.iter().take(options.limits.packages) {
            let found = by_path.remove(link.path.as_str()).unwrap_or_default();
            let url = address_of(&found).unwrap_or_else(|why| {
                unknown.push((link, why.unwrap_or_else(|| reason.clone())));
                String::new()
            });
            let revision = Some(link.commit.clone()).filter(|commit| outside::is_revision(commit));
            all.components.push(component(link, Origin::Git { url, revision }, file));
        }
        if let Some(beyond) = links.get(options.limits.packages) {
            let reason = format!("{} and what follows it is beyond the submodules that are listed", beyond.path);
            all.gaps.push(gap(&beyond.path, reason));
        }
        tell(&unknown, &mut all);
        let left = by_path.values().map(Vec::len).sum::<usize>();
        if left > 0 && links.len() <= options.limits.packages {
            all.limitations.push(format!("{NAMES} names {left} that are no submodules of this tree."));
        }
        all
    }
}

fn gap(path: &str, reason: String) -> Gap {
    Gap { cause: Cause::NotListed, path: path.to_owned(), reason }
}

/// The address of a submodule. Fails where there is none that is the same for everybody, with why, and with nothing where none
/// is named at all.
fn address_of(modules: &[&Module]) -> Result<String, Option<String>> {
    let (first, others) = modules.split_first().ok_or(None)?;
    if !others.is_empty() {
        return Err(Some(format!("{NAMES} names it twice")));
    }
    match first.url.as_deref().map(Address::of) {
        None => Err(None),
        Some(Address::Of(url)) => Ok(url),
        Some(Address::Relative) => {
            Err(Some("its address is relative to wherever this repository was taken from".to_owned()))
        }
        Some(Address::Other) => Err(Some("its address is none of a place that all can reach".to_owned())),
    }
}

/// Says of which submodules it is not known where they come from: one sentence for each reason.
fn tell(unknown: &[(&Gitlink, String)], all: &mut Resolution) {
    let mut reasons: Vec<&String> = unknown.iter().map(|(_, reason)| reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in reasons {
        let of_it = || unknown.iter().filter(|(_, own)| own == reason).map(|(link, _)| *link);
        let (ships, aside): (Vec<&Gitlink>, Vec<&Gitlink>) =
            of_it().partition(|link| path_class::may_ship(&link.class));
        let told = |links: &[&Gitlink]| {
            let first = links.first().map(|link| plimsoll_model::one_line(&link.path)).unwrap_or_default();
            let more = if links.len() > 1 { format!(" and {} more", links.len() - 1) } else { String::new() };
            format!("submodule {first}{more}: {reason}")
        };
        if let Some(first) = ships.first() {
            all.gaps.push(gap(&first.path, told(&ships)));
        }
        if !aside.is_empty() {
            all.limitations.push(told(&aside) + ".");
        }
    }
}

fn component(link: &Gitlink, origin: Origin, file: Option<&SourceFile>) -> Component {
    let reach = if path_class::may_ship(&link.class) { Reach::Unknown } else { Reach::Dev };
    let url = match &origin {
        Origin::Git { url, .. } => url.as_str(),
        _ => "",
    };
    let version = link.commit.clone();
    let outside = if let Some((kind, name)) = address::on_a_forge(url) {
        let purl = Named::split(kind, &name, &version).from(&Origin::Public(""));
        Outside { name, version, purl, origin }
    } else {
        let path = tree_path::name(&link.path).to_owned();
        let name = address::last_part(url).unwrap_or(path);
        let from = if url.is_empty() { &Origin::Public("") } else { &origin };
        let purl = Named { kind: "generic", namespace: None, name: &name, version: &version }.from(from);
        Outside { name, version, purl, origin }
    };
    let place = SourceFile {
        path: file.map_or(&link.path, |file| &file.path).clone(),
        blob: file.map(|file| file.blob.clone()).unwrap_or_default(),
        bytes: Vec::new(),
        class: link.class.clone(),
    };
    outside.component(&place, &link.class, reach)
}

#[cfg(test)]
mod tests;
