//! Everything that a tree is built from: what each ecosystem makes of its files, put together.

use std::collections::BTreeMap;

use crate::{
    component::Component,
    ecosystem::{self, Ecosystem, FoundEcosystem, Resolution},
    gap::{Cause, Gap},
    licence,
    options::Options,
    package_sources::PackageSources,
    path_class,
    survey::Survey,
    tree_file::SourceFile,
    workspace::{Lockfile, Workspace},
};

/// Everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Ecosystems by name.
    pub ecosystems: Vec<FoundEcosystem>,
    /// Workspaces by manifest path.
    pub workspaces: Vec<Workspace>,
    /// Lockfiles by path.
    pub lockfiles: Vec<Lockfile>,
    /// Components by lockfile, package URL and source.
    pub components: Vec<Component>,
    /// What could not be looked at in what may ship.
    pub gaps: Vec<Gap>,
    /// What the rules cannot see here, in plain words.
    pub limitations: Vec<String>,
    /// Versions of the package managers that said what the graph is, by ecosystem.
    pub package_managers: BTreeMap<&'static str, String>,
    /// Which sources of packages from elsewhere were at hand; `None` where none is locked in what ships.
    pub package_sources: Option<PackageSources>,
    /// How many manifests were looked at.
    pub manifests: u64,
}

/// Gives what a tree is built from.
///
/// `files` are its regular files that are manifests and lockfiles of an ecosystem that is read ([`crate::role`]), in any
/// order; `survey` is what it holds besides. Nothing of the repository runs. Never fails: what cannot be told is a gap.
pub fn inventory(files: &[SourceFile], survey: &Survey, options: &Options) -> Inventory {
    let read = files
        .iter()
        .filter_map(|file| Some((file.path.as_str(), ecosystem::class(&file.path, &file.class, Some(&file.bytes))?)));
    let unread = options.unread.iter().map(|file| (file.path.as_str(), file.class.as_str()));
    let listed = ecosystem::read().flat_map(|ecosystem| files.iter().flat_map(|file| ecosystem.copies(file))).collect();
    let mut inventory =
        Inventory { ecosystems: survey.ecosystems(read.chain(unread), &listed), ..Inventory::default() };
    for ecosystem in ecosystem::read() {
        inventory.add(ecosystem, ecosystem.resolve(files, options));
    }
    let gaps: Vec<Gap> = not_looked_at(&inventory.ecosystems).collect();
    inventory.gaps.extend(gaps);
    for component in &mut inventory.components {
        component.open_licence = component.licence.as_deref().and_then(licence::is_open);
    }
    inventory.sort();
    inventory
}

impl Inventory {
    /// Takes in what an ecosystem comes to.
    fn add(&mut self, ecosystem: &dyn Ecosystem, resolution: Resolution) {
        let name = ecosystem.name();
        if let Some(found) = self.ecosystems.iter_mut().find(|found| found.name == name) {
            found.packages = resolution.components.iter().filter(|component| !component.own).count() as u64;
            found.registry = ecosystem.public_registry().map(ToOwned::to_owned);
            // Of one that is not listed in full it is known already that it is not checked.
            let uncompared = ecosystem::uncompared(ecosystem, &resolution.components);
            if let Some(reason) = uncompared.filter(|_| ecosystem.lists_all()) {
                (found.checked, found.reason) = (false, Some(reason));
            }
        }
        self.workspaces.extend(resolution.workspaces);
        self.lockfiles.extend(resolution.lockfiles);
        self.components.extend(resolution.components);
        self.gaps.extend(resolution.gaps);
        self.limitations.extend(resolution.limitations);
        self.manifests += resolution.manifests;
        self.package_managers.extend(resolution.package_manager.map(|version| (name, version)));
        if let Some(sources) = resolution.package_sources {
            self.package_sources.get_or_insert_default().add(sources);
        }
    }

    fn sort(&mut self) {
        self.workspaces.sort_by(|left, right| left.manifest.cmp(&right.manifest));
        self.lockfiles.sort_by(|left, right| left.path.cmp(&right.path));
        self.components.sort_by(|left, right| {
            let key = |component: &Component| (component.lockfile.clone(), component.purl.clone(), component.source);
            key(left).cmp(&key(right)).then_with(|| left.place.cmp(&right.place))
        });
        self.gaps.sort();
        self.gaps.dedup();
        self.limitations.sort();
        self.limitations.dedup();
    }
}

/// What may ship and was not read, or was read and cannot be compared: everything that says "all" or "none" rests on this.
fn not_looked_at(ecosystems: &[FoundEcosystem]) -> impl Iterator<Item = Gap> {
    let unchecked = ecosystems.iter().filter(|one| !one.checked && path_class::may_ship(&one.class));
    unchecked.map(|one| Gap {
        cause: if ecosystem::lists_all(&one.name) { Cause::NotCompared } else { Cause::NotListed },
        path: one.places.first().cloned().unwrap_or_default(),
        reason: format!("{} is not checked: {}", one.name, one.reason.as_deref().unwrap_or("it is not read")),
    })
}
