//! GitHub Actions: the steps that workflows and actions of the tree take in from elsewhere.
//!
//! A workflow runs for those who work on the product, and nothing of it ships. An action that others can use does what it takes in
//! for them: that may ship. What a step from elsewhere takes in itself is in another repository and is not read.

mod comments;
mod steps;

use std::collections::{BTreeMap, BTreeSet};

use self::{
    comments::releases,
    steps::{Used, in_action, in_workflow},
};
use super::{
    Ecosystem, Holds, Resolution,
    docker::image,
    outside::{self, Faults},
};
use crate::{
    component::{Component, Source},
    options::Options,
    path_class::{self, PathClass},
    tree_file::{Role, SourceFile},
};

/// Where GitHub looks for workflows.
const WORKFLOWS: &str = ".github/workflows";

pub(crate) struct GithubActions;

impl Ecosystem for GithubActions {
    fn name(&self) -> &'static str {
        "github-actions"
    }

    fn holds(&self) -> Holds {
        Holds::Steps
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["githubactions"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[".github/workflows/*.yml", ".github/workflows/*.yaml", "action.yml", "action.yaml"]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["github-actions"]
    }

    /// No registry: advisories name an action by its repository, and its releases by their tags.
    fn public_registry(&self) -> Option<&'static str> {
        Some("GitHub Actions")
    }

    fn is_published(&self, component: &Component) -> bool {
        component.source == Source::Git
    }

    fn lists_all(&self) -> bool {
        false
    }

    fn role(&self, path: &str) -> Option<Role> {
        let hit = super::of_path(path).filter(|hit| hit.ecosystem.name() == self.name())?;
        // In other folders than that of the root there are workflows of something else, or templates.
        let is_wanted = !hit.lockfile && (is_action(path) || is_workflow(path));
        is_wanted.then_some(Role::Manifest)
    }

    fn class<'a>(&self, path: &str, class: &'a str, bytes: Option<&[u8]>) -> Option<&'a str> {
        const TOOL: &str = PathClass::Tool.as_str();
        let class = path_class::of_build_file(path, class);
        // Nobody uses an action from a copy of the repository that it is in.
        let class = if class == path_class::VENDORED { TOOL } else { class };
        match bytes.filter(|_| is_action(path)).map(in_action) {
            // Some other file with that name.
            Some(Ok(None)) => None,
            Some(Ok(Some(used))) if used.is_empty() && path_class::may_ship(class) => Some(TOOL),
            _ => Some(class),
        }
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let mut all = Resolution::default();
        let (mut faults, mut components) = (Faults::default(), Vec::new());
        let (mut count, mut floating) = (0_usize, 0_usize);
        let mut stated: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let own = files.iter().filter(|file| self.role(&file.path) == Some(Role::Manifest));
        let own: BTreeMap<&str, &SourceFile> = own.map(|file| (file.path.as_str(), file)).collect();
        for (number, file) in own.into_values().enumerate() {
            let Some(class) = self.class(&file.path, &file.class, Some(&file.bytes)) else { continue };
            if number >= options.limits.manifests || components.len() >= options.limits.packages {
                faults.add(&file.path, class, "it and what follows is beyond the bounds".to_owned());
                break;
            }
            let used = if is_action(&file.path) {
                in_action(&file.bytes).map(Option::unwrap_or_default)
            } else {
                in_workflow(&file.bytes)
            };
            let used = used.unwrap_or_else(|reason| vec![Used::Unclear(reason)]);
            for (action, releases) in releases(&file.bytes) {
                stated.entry(action).or_default().extend(releases);
            }
            for one in used {
                let (outside, is_pinned) = match one {
                    Used::Action(action) => {
                        let is_pinned = outside::is_revision(&action.version);
                        (action, is_pinned)
                    }
                    Used::Image(text) => match image::image(&text) {
                        Ok(image) => {
                            let is_pinned = image::is_pinned(&image);
                            (image, is_pinned)
                        }
                        Err(reason) => {
                            faults.add(&file.path, class, reason);
                            continue;
                        }
                    },
                    Used::Unclear(reason) => {
                        faults.add(&file.path, class, reason);
                        continue;
                    }
                };
                count += 1;
                floating += usize::from(!is_pinned);
                components.push(outside.component(file, class, outside::reach(class)));
            }
        }
        for file in options.unread.iter().filter(|file| self.role(&file.path) == Some(Role::Manifest)) {
            let class = self.class(&file.path, &file.class, None).unwrap_or(&file.class);
            faults.add(&file.path, class, file.reason.clone());
        }
        if floating > 0 {
            all.limitations.push(format!(
                "{floating} of {count} steps and images of workflows and actions are named by a branch or a tag, which can come \
                 to mean something else."
            ));
        }
        faults.tell("What workflows and actions take in", &mut all);
        let compared = name_releases(&mut components, &stated);
        if compared > 0 {
            all.limitations.push(format!(
                "{} compared with advisories by the release that a comment behind the commit names, which is the maker's word.",
                plimsoll_model::plural(compared, "step is", "steps are")
            ));
        }
        all.components = outside::once(components);
        all
    }
}

/// Gives each commit of an action the release that comments behind it name, where they name one alone. Answers how many
/// different ones there are.
fn name_releases(components: &mut [Component], stated: &BTreeMap<String, BTreeSet<String>>) -> usize {
    let mut named = BTreeSet::new();
    for component in components.iter_mut().filter(|one| outside::is_revision(&one.version)) {
        let releases = stated.get(&comments::key(&component.name, &component.version));
        let Some(release) = releases.filter(|all| all.len() == 1).and_then(BTreeSet::first) else { continue };
        component.release = Some(release.clone());
        named.insert(component.purl.clone());
    }
    named.len()
}

fn is_workflow(path: &str) -> bool {
    plimsoll_model::tree_path::folder(path) == WORKFLOWS
}

fn is_action(path: &str) -> bool {
    !is_workflow(path) && matches!(plimsoll_model::tree_path::name(path), "action.yml" | "action.yaml")
}

#[cfg(test)]
mod tests;
