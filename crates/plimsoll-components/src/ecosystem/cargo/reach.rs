//! How far each package of a lockfile reaches, from what can be built at most and what is built for certain.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::body::Reach;

use super::{
    features::{BUILD, Bound, Built, DEV, Marks, Model, NORMAL, SCOPES},
    lockfile::Lock,
    target_triples::Places,
};
use crate::component::Scope;

/// What is known of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub scopes: Vec<Scope>,
    pub in_default: Option<bool>,
    pub in_all_features: Option<bool>,
    pub targets: Vec<String>,
    pub reach: Reach,
}

/// Both bounds of what is built with one choice of features.
struct Bounds {
    upper: Built,
    /// `None` where it is the same.
    lower: Option<Built>,
}

impl Bounds {
    fn of(model: &Model<'_>, all_features: bool) -> Option<Self> {
        let upper = model.built(Bound::Upper, all_features)?;
        let exact = upper
            .dev
            .iter()
            .zip(&upper.own)
            .enumerate()
            .all(|(index, (dev, own))| dev.iter().chain(own).all(Places::is_nowhere) || model.is_exact(index));
        let lower = if exact { None } else { Some(model.built(Bound::Lower, all_features)?) };
        Some(Self { upper, lower })
    }

    fn lower(&self) -> &Built {
        self.lower.as_ref().unwrap_or(&self.upper)
    }
}

fn at(marks: &Marks, index: usize) -> [Places; SCOPES] {
    marks.get(index).copied().unwrap_or_default()
}

fn is_in(marks: &Marks, index: usize, scope: usize) -> bool {
    at(marks, index).get(scope).is_some_and(|places| !places.is_nowhere())
}

fn anywhere(built: &Built, index: usize) -> bool {
    [&built.own, &built.dev].iter().any(|marks| at(marks, index).iter().any(|places| !places.is_nowhere()))
}

/// Gives every package's reach. `complete` says whether absence from the graph of the lockfile proves anything: does it list
/// every member and all that they ask for, without faults? `features` says whether `--all-features` turns anything on.
pub(crate) fn verdicts(model: &Model<'_>, complete: bool, features: bool) -> Vec<Verdict> {
    let bounds = |model: &Model<'_>| -> Option<Vec<Bounds>> {
        let default = Bounds::of(model, false)?;
        Some(if features { vec![default, Bounds::of(model, true)?] } else { vec![default] })
    };
    let count = model.lock.packages.len();
    let modes = bounds(model).or_else(|| {
        // Too much to work out: then the edges of the lockfile alone decide.
        let known = std::iter::repeat_with(|| None).take(count).collect();
        bounds(&Model { lock: model.lock, known, members: model.members.clone(), unify: true })
    });
    let Some(modes) = modes else {
        return (0..count).map(|index| unknown(model.members.get(&index).copied())).collect();
    };
    let carriers = carriers(model, &modes);
    let verdict = |index: usize| {
        let found = verdict(index, &modes, model.members.get(&index).copied(), complete);
        // Its name says that it carries sources, which what is built with it may hold.
        let is_source = model.lock.packages.get(index).is_some_and(|package| package.name.ends_with("-src"));
        let may_ship = found.reach == Reach::Build && (is_source || carriers.contains(&index));
        if may_ship { Verdict { reach: Reach::Unknown, ..found } } else { found }
    };
    (0..count).map(verdict).collect()
}

/// What a package that ships and links a native library needs to be built: it may bring that library with it.
fn carriers(model: &Model<'_>, modes: &[Bounds]) -> BTreeSet<usize> {
    let ships = |index: usize| modes.iter().any(|mode| is_in(&mode.upper.ship, index, NORMAL));
    let known = model.known.iter().enumerate().filter_map(|(index, known)| Some((index, known.as_ref()?)));
    let linking = known.filter(|(index, known)| known.links && ships(*index));
    let needs = linking.flat_map(|(_, known)| &known.needs).filter(|need| need.scope == Scope::Build);
    needs.flat_map(|need| need.to.iter().copied()).collect()
}

/// Nothing is known but whether it is a member, and whether that ships.
pub(crate) fn unknown(member: Option<bool>) -> Verdict {
    Verdict {
        scopes: Vec::new(),
        in_default: member.map(|_| true),
        in_all_features: member.map(|_| true),
        targets: Vec::new(),
        reach: if member == Some(true) { Reach::Shipped } else { Reach::Unknown },
    }
}

fn verdict(index: usize, modes: &[Bounds], member: Option<bool>, complete: bool) -> Verdict {
    let upper = |scope: usize| modes.iter().any(|mode| is_in(&mode.upper.ship, index, scope));
    let surely = member == Some(true) || modes.iter().any(|mode| is_in(&mode.lower().ship, index, NORMAL));
    let reach = if surely {
        Reach::Shipped
    } else if !complete || upper(NORMAL) {
        Reach::Unknown
    } else if upper(BUILD) {
        Reach::Build
    } else if member.is_some() || modes.iter().any(|mode| anywhere(&mode.upper, index)) {
        Reach::Dev
    } else {
        Reach::NotInGraph
    };
    let inside = |mode: Option<&Bounds>| {
        let mode = mode?;
        if member.is_some() || anywhere(mode.lower(), index) {
            return Some(true);
        }
        (complete && !anywhere(&mode.upper, index)).then_some(false)
    };
    let mut targets = super::target_triples::TargetSet::default();
    let mut scopes: BTreeMap<Scope, bool> = BTreeMap::new();
    for lower in modes.iter().map(Bounds::lower) {
        let (own, dev) = (at(&lower.own, index), at(&lower.dev, index));
        for places in own.iter().chain(&dev) {
            targets.add(&places.plain);
        }
        let in_own = own.iter().any(|places| !places.is_nowhere());
        let in_dev = dev.iter().any(|places| !places.is_nowhere());
        for (scope, is_so) in [
            (Scope::Normal, is_in(&lower.own, index, NORMAL)),
            (Scope::Build, is_in(&lower.own, index, BUILD)),
            // What is built with the tests and not without them serves them, whatever leads to it.
            (Scope::Dev, (DEV..SCOPES).any(|scope| is_in(&lower.dev, index, scope)) || (in_dev && !in_own)),
        ] {
            *scopes.entry(scope).or_default() |= is_so;
        }
    }
    if member.is_some() {
        // A member can be built for any target by itself.
        targets = super::target_triples::TargetSet::all();
        scopes.insert(Scope::Normal, true);
    }
    let mut scopes: Vec<Scope> = scopes.into_iter().filter(|(_, is_so)| *is_so).map(|(scope, _)| scope).collect();
    match reach {
        // At most that, where its own part in the graph is not certain.
        Reach::Build if scopes.is_empty() => scopes.push(Scope::Build),
        Reach::Dev if scopes.is_empty() => scopes.push(Scope::Dev),
        _ => {}
    }
    Verdict {
        scopes,
        in_default: inside(modes.first()),
        in_all_features: inside(modes.last()),
        targets: targets.names(),
        reach,
    }
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
