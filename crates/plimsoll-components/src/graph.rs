//! From cargo's graph to what each package of the lockfile is built for, and where.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, PackageId, TargetKind, cargo_platform::Platform};

use crate::{
    lock::Lock,
    targets::{Conditions, TargetSet},
    types::Scope,
};

/// The three scopes in the order in which they are kept.
pub(crate) const SCOPES: [Scope; 3] = [Scope::Normal, Scope::Build, Scope::Dev];
const NORMAL: usize = 0;
const BUILD: usize = 1;
const DEV: usize = 2;

/// Where a package was reached: on plain targets, and with some choice of `--cfg` flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    pub plain: TargetSet,
    pub possible: TargetSet,
}

/// What was found of one package, from members that ship (0) and from the others (1), by scope.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    by_origin: [[Places; 3]; 2],
}

impl Marks {
    /// Was it reached in this scope from a member that ships?
    pub(crate) fn ships_in(&self, scope: Scope) -> bool {
        let [shipped, _] = &self.by_origin;
        SCOPES.iter().zip(shipped).any(|(own, places)| *own == scope && !places.possible.is_empty())
    }

    /// Was it reached at all?
    pub(crate) fn any(&self) -> bool {
        self.by_origin.iter().flatten().any(|places| !places.possible.is_empty())
    }

    /// The scopes in which it was reached from any member.
    pub(crate) fn scopes(&self) -> BTreeSet<Scope> {
        let reached = self.by_origin.iter().flat_map(|scopes| SCOPES.iter().zip(scopes));
        reached.filter(|(_, places)| !places.possible.is_empty()).map(|(scope, _)| *scope).collect()
    }

    /// The targets on which it was reached.
    pub(crate) fn targets(&self) -> TargetSet {
        let mut all = TargetSet::default();
        for places in self.by_origin.iter().flatten() {
            all.add(&places.plain);
        }
        all
    }

    fn add(&mut self, origin: usize, scope: usize, places: &Places) -> bool {
        let Some(own) = self.by_origin.get_mut(origin).and_then(|scopes| scopes.get_mut(scope)) else { return false };
        // Both are added, whatever the first says.
        own.plain.add(&places.plain) | own.possible.add(&places.possible)
    }
}

/// A dependency as a manifest at hand declares it, for any target.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub name: String,
    pub scope: Scope,
}

/// One answer of cargo, with packages as indices into the lockfile.
pub(crate) struct Graph {
    /// By package of the lockfile.
    pub marks: Vec<Marks>,
    /// Licences as stated, for packages whose manifests cargo read.
    pub licences: BTreeMap<usize, String>,
    /// What manifests at hand declare, by package.
    pub declared: BTreeMap<usize, Vec<Declared>>,
    /// Procedural macros among them.
    pub macros: BTreeSet<usize>,
}

struct Edge {
    to: usize,
    kind: usize,
    places: Places,
}

impl Graph {
    /// Reads cargo's answer. `ships` says of each member, by name, whether its path ships; `host` is set where cargo
    /// answered for that target alone. The error is one clause.
    pub(crate) fn read(
        metadata: &Metadata,
        lock: &Lock,
        ships: &BTreeMap<&str, bool>,
        host: Option<&str>,
    ) -> Result<Self, String> {
        let mut index_of: BTreeMap<&PackageId, usize> = BTreeMap::new();
        let mut graph = Self {
            marks: vec![Marks::default(); lock.packages.len()],
            licences: BTreeMap::new(),
            declared: BTreeMap::new(),
            macros: BTreeSet::new(),
        };
        let mut conditions = Conditions::new();
        for package in &metadata.packages {
            let version = package.version.to_string();
            let source = package.source.as_ref().map(|source| source.repr.as_str());
            let index = find(lock, package.name.as_str(), &version, source)
                .ok_or_else(|| format!("cargo's graph holds {} {version}, which Cargo.lock does not", package.name))?;
            index_of.insert(&package.id, index);
            if let Some(licence) = &package.license {
                graph.licences.insert(index, licence.clone());
            }
            if package.targets.iter().any(|target| target.is_kind(TargetKind::ProcMacro)) {
                graph.macros.insert(index);
            }
            let declared = package.dependencies.iter().filter(|dependency| {
                let condition = conditions.of(dependency.target.as_ref().map(text).as_deref());
                !condition.possible.is_empty()
            });
            let declared = declared
                .map(|dependency| Declared { name: dependency.name.clone(), scope: scope(dependency.kind) })
                .collect();
            graph.declared.insert(index, declared);
        }
        let resolve = metadata.resolve.as_ref().ok_or("cargo's answer holds no graph")?;
        let mut edges: Vec<Vec<Edge>> = std::iter::repeat_with(Vec::new).take(lock.packages.len()).collect();
        for node in &resolve.nodes {
            let from =
                index_of.get(&node.id).copied().ok_or("cargo's graph names a package that it does not describe")?;
            let Some(list) = edges.get_mut(from) else { continue };
            for dependency in &node.deps {
                let to =
                    *index_of.get(&dependency.pkg).ok_or("cargo's graph names a package that it does not describe")?;
                for kind in &dependency.dep_kinds {
                    let condition = conditions.of(kind.target.as_ref().map(text).as_deref());
                    let places = Places { plain: condition.plain, possible: condition.possible };
                    list.push(Edge { to, kind: kind_index(kind.kind), places });
                }
            }
        }
        let base = host.map_or_else(TargetSet::all, TargetSet::one);
        let roots = metadata.workspace_members.iter().filter_map(|id| index_of.get(id).copied());
        let roots: Vec<(usize, bool)> = roots
            .map(|index| {
                let name = lock.packages.get(index).map_or("", |package| package.name.as_str());
                (index, ships.get(name).copied().unwrap_or(true))
            })
            .collect();
        graph.spread(&edges, &roots, &base);
        Ok(graph)
    }

    /// Carries marks along the edges until nothing changes. Marks only grow, so it ends.
    fn spread(&mut self, edges: &[Vec<Edge>], roots: &[(usize, bool)], base: &TargetSet) {
        let start = Places { plain: *base, possible: *base };
        let mut queue: Vec<usize> = Vec::new();
        let mut queued = vec![false; edges.len()];
        let push = |queue: &mut Vec<usize>, queued: &mut Vec<bool>, index: usize| {
            if let Some(flag) = queued.get_mut(index).filter(|flag| !**flag) {
                *flag = true;
                queue.push(index);
            }
        };
        for (index, ships) in roots {
            if self.marks.get_mut(*index).is_some_and(|marks| marks.add(usize::from(!ships), NORMAL, &start)) {
                push(&mut queue, &mut queued, *index);
            }
        }
        while let Some(from) = queue.pop() {
            if let Some(flag) = queued.get_mut(from) {
                *flag = false;
            }
            let (Some(marks), Some(list)) = (self.marks.get(from).copied(), edges.get(from)) else { continue };
            for edge in list {
                let into_macro = self.macros.contains(&from) || self.macros.contains(&edge.to);
                let Some(target) = self.marks.get_mut(edge.to) else { continue };
                let mut changed = false;
                for (origin, scopes) in marks.by_origin.iter().enumerate() {
                    for (scope, places) in scopes.iter().enumerate() {
                        let Some(next) = step(scope, edge.kind, into_macro) else { continue };
                        let crossing = scope == NORMAL && next == BUILD;
                        let reached = Places {
                            plain: arrive(&places.plain, &edge.places.plain, crossing, edge.kind, base),
                            possible: arrive(&places.possible, &edge.places.possible, crossing, edge.kind, base),
                        };
                        changed |= target.add(origin, next, &reached);
                    }
                }
                if changed {
                    push(&mut queue, &mut queued, edge.to);
                }
            }
        }
    }
}

/// The scope of what is reached from `scope` by an edge of `kind`; `None` where cargo does not follow it.
///
/// Dev-dependencies count for members alone, and every member is a root of its own.
fn step(scope: usize, kind: usize, into_macro: bool) -> Option<usize> {
    match (scope, kind) {
        (NORMAL, NORMAL) => Some(if into_macro { BUILD } else { NORMAL }),
        (NORMAL | BUILD, BUILD) | (BUILD, NORMAL) => Some(BUILD),
        (NORMAL, _) | (_, NORMAL | BUILD) => Some(DEV),
        _ => None,
    }
}

/// Where something is reached. What runs while building runs on the builder's machine, which may be any.
fn arrive(from: &TargetSet, edge: &TargetSet, crossing: bool, kind: usize, base: &TargetSet) -> TargetSet {
    let both = from.and(edge);
    match (crossing, kind) {
        (false, _) => both,
        // A build-dependency's `cfg` speaks of the builder's machine.
        (true, BUILD) if !from.is_empty() => edge.and(base),
        // That of a procedural macro speaks of the target.
        (true, _) if !both.is_empty() => *base,
        (true, _) => TargetSet::default(),
    }
}

fn text(platform: &Platform) -> String {
    match platform {
        Platform::Name(name) => name.clone(),
        Platform::Cfg(expression) => format!("cfg({expression})"),
    }
}

fn kind_index(kind: DependencyKind) -> usize {
    match kind {
        DependencyKind::Development => DEV,
        DependencyKind::Build => BUILD,
        // A kind that is not known is taken for the one that reaches furthest.
        _ => NORMAL,
    }
}

fn scope(kind: DependencyKind) -> Scope {
    SCOPES.get(kind_index(kind)).copied().unwrap_or(Scope::Normal)
}

/// Lockfiles of version 3 and before write some git addresses in another way: there name and version decide, if they
/// are the only ones.
fn find(lock: &Lock, name: &str, version: &str, source: Option<&str>) -> Option<usize> {
    if let Some(index) = lock.find(name, version, source) {
        return Some(index);
    }
    let same = |package: &crate::lock::Package| package.name == name && package.version == version;
    let start =
        lock.packages.partition_point(|package| (package.name.as_str(), package.version.as_str()) < (name, version));
    let mut found = lock.packages.iter().enumerate().skip(start).take_while(|(_, package)| same(package));
    let only = found.next().filter(|(_, package)| package.source.is_some() == source.is_some());
    if found.next().is_some() { None } else { only.map(|(index, _)| index) }
}
