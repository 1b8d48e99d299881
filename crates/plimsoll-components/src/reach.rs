//! How far each package of a lockfile reaches, from what cargo said and from the lockfile itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    graph::{Graph, Marks, SCOPES},
    lock::Lock,
    types::{Reach, Scope},
};

/// What is told of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub scopes: Vec<Scope>,
    pub in_default: Option<bool>,
    pub in_all_features: Option<bool>,
    pub targets: Vec<String>,
    pub reach: Reach,
}

/// One of cargo's two answers, and whether it is for every target.
pub(crate) struct Answer {
    pub graph: Graph,
    pub every_target: bool,
}

impl Answer {
    /// The same answer again, for a workspace without features. Licences are kept once.
    pub(crate) fn copy(&self) -> Self {
        let graph = Graph {
            marks: self.graph.marks.clone(),
            licences: BTreeMap::new(),
            declared: BTreeMap::new(),
            macros: BTreeSet::new(),
        };
        Self { graph, every_target: self.every_target }
    }
}

/// Members of a workspace as packages of its lockfile.
pub(crate) struct Members {
    /// Index and whether its path ships.
    pub listed: BTreeMap<usize, bool>,
    /// Does the lockfile list every member and all that they ask for, without faults? Only then does absence from its graph prove anything.
    pub complete: bool,
}

/// Tells every package's reach. Without an answer of cargo the lockfile alone decides what it can.
pub(crate) fn verdicts(
    lock: &Lock,
    members: &Members,
    default: Option<&Answer>,
    all_features: Option<&Answer>,
) -> Vec<Verdict> {
    let answers: Vec<&Answer> = default.into_iter().chain(all_features).collect();
    let whole = |answer: Option<&Answer>| answer.is_some_and(|answer| answer.every_target);
    let exact = whole(default) && whole(all_features);
    let bounds = (!exact).then(|| Bounds::new(lock, members, &answers));
    let packages = lock.packages.iter().enumerate();
    packages
        .map(|(index, _)| {
            let marks: Vec<Marks> =
                answers.iter().filter_map(|answer| answer.graph.marks.get(index).copied()).collect();
            let inside = |answer: Option<&Answer>| {
                let marks = answer?.graph.marks.get(index)?;
                match (marks.any(), whole(answer)) {
                    (true, _) => Some(true),
                    (false, true) => Some(false),
                    (false, false) => None,
                }
            };
            let seen = seen(&marks);
            let reach = match &bounds {
                None => seen.unwrap_or(Reach::NotInGraph),
                Some(bounds) => bounds.judge(index, members, seen),
            };
            let nowhere = reach == Reach::NotInGraph;
            let is_member = members.listed.contains_key(&index);
            let known = |answer| inside(answer).or(if nowhere { Some(false) } else { is_member.then_some(true) });
            let mut targets = crate::targets::TargetSet::default();
            let mut scopes: BTreeSet<Scope> = BTreeSet::new();
            for marks in &marks {
                targets.add(&marks.targets());
                scopes.extend(marks.scopes());
            }
            if is_member {
                // A member can be built for any target by itself.
                targets = crate::targets::TargetSet::all();
                scopes.insert(Scope::Normal);
            }
            Verdict {
                scopes: scopes.into_iter().collect(),
                in_default: known(default),
                in_all_features: known(all_features),
                targets: targets.names(),
                reach,
            }
        })
        .collect()
}

/// What the answers show of one package, nearest to the user first.
fn seen(marks: &[Marks]) -> Option<Reach> {
    if marks.iter().any(|marks| marks.ships_in(Scope::Normal)) {
        Some(Reach::Shipped)
    } else if marks.iter().any(|marks| marks.ships_in(Scope::Build)) {
        Some(Reach::Build)
    } else {
        marks.iter().any(Marks::any).then_some(Reach::Dev)
    }
}

/// What could be reached at most: every edge of the lockfile counts, unless a manifest at hand says what it is for.
///
/// A lockfile holds the edges of every feature of the members and of every target, so nothing that is outside of these
/// sets can be built.
struct Bounds {
    shipped: BTreeSet<usize>,
    build: BTreeSet<usize>,
    any: BTreeSet<usize>,
    /// Was there an answer of cargo at all?
    asked: bool,
}

impl Bounds {
    fn new(lock: &Lock, members: &Members, answers: &[&Answer]) -> Self {
        let shipped: Vec<usize> = members.listed.iter().filter(|(_, ships)| **ships).map(|(index, _)| *index).collect();
        let all: Vec<usize> = members.listed.keys().copied().collect();
        Self {
            shipped: closure(lock, answers, &shipped, &[Scope::Normal], true),
            build: closure(lock, answers, &shipped, &[Scope::Normal, Scope::Build], false),
            any: closure(lock, answers, &all, &SCOPES, false),
            asked: !answers.is_empty(),
        }
    }

    fn judge(&self, index: usize, members: &Members, seen: Option<Reach>) -> Reach {
        match members.listed.get(&index) {
            Some(true) => return Reach::Shipped,
            Some(false) if members.complete && !self.build.contains(&index) => return Reach::Dev,
            _ => {}
        }
        if members.complete && !self.any.contains(&index) {
            return Reach::NotInGraph;
        }
        match seen {
            Some(Reach::Shipped) => Reach::Shipped,
            Some(Reach::Build) if self.asked && !self.shipped.contains(&index) => Reach::Build,
            Some(Reach::Dev) if self.asked && !self.build.contains(&index) => Reach::Dev,
            _ => Reach::Unknown,
        }
    }
}

/// What can be reached from `roots`. Edges of a package whose manifest is at hand are followed when it declares them
/// in one of `scopes`, all others always; with `stop` a procedural macro that is at hand is not entered.
fn closure(lock: &Lock, answers: &[&Answer], roots: &[usize], scopes: &[Scope], stop: bool) -> BTreeSet<usize> {
    let mut reached: BTreeSet<usize> = BTreeSet::new();
    let mut queue: Vec<usize> = roots.to_vec();
    while let Some(index) = queue.pop() {
        if !reached.insert(index) {
            continue;
        }
        let Some(package) = lock.packages.get(index) else { continue };
        let declared = answers.iter().find_map(|answer| answer.graph.declared.get(&index));
        let is_macro = |index: usize| stop && answers.iter().any(|answer| answer.graph.macros.contains(&index));
        if is_macro(index) {
            continue;
        }
        queue.extend(package.dependencies.iter().copied().filter(|next| {
            let name = lock.packages.get(*next).map_or("", |package| package.name.as_str());
            let follows = declared.is_none_or(|declared| {
                declared.iter().any(|dependency| dependency.name == name && scopes.contains(&dependency.scope))
            });
            follows && !is_macro(*next)
        }));
    }
    reached
}

/// The class nearest to the user among the members that lead to each package, as ranks; `None` where none does.
pub(crate) fn classes(lock: &Lock, members: &BTreeMap<usize, usize>) -> Vec<Option<usize>> {
    let mut ranks: Vec<Option<usize>> = vec![None; lock.packages.len()];
    let mut order: Vec<(usize, usize)> = members.iter().map(|(index, rank)| (*rank, *index)).collect();
    order.sort_unstable();
    for (rank, member) in order {
        let mut queue = vec![member];
        while let Some(index) = queue.pop() {
            let Some(own) = ranks.get_mut(index).filter(|own| own.is_none()) else { continue };
            *own = Some(rank);
            queue.extend(lock.packages.get(index).into_iter().flat_map(|package| package.dependencies.iter().copied()));
        }
    }
    ranks
}
