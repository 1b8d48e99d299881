//! Which packages are built, by the rules of cargo's feature resolver, on every target at once.
//!
//! What cargo prints as its graph is that of the lockfile: there a weak feature, a feature of one target and one that only
//! a test turns on all count as turned on. Here features spread as they do in a build. Each state holds the *set* of targets
//! on which it is true, so that one pass answers for all of them. A package whose manifest is not at hand is taken to do
//! all that the lockfile lets it do (upper bound) or nothing (lower bound).
//!
//! Source: the Cargo Book, "Features" (Feature unification, Feature resolver version 2) and "Dependency Resolution".

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{linked_manifest::Known, lockfile::Lock, target_triples::Places};
use crate::component::Scope;

/// How often something may be handed on for one question. A large real workspace takes some hundred thousand.
const STEPS: usize = 30_000_000;

/// Built for the target, or for the machine that builds.
const TARGET: usize = 0;
const HOST: usize = 1;

/// The scopes as indices of [`Marks`].
pub(crate) const NORMAL: usize = 0;
pub(crate) const BUILD: usize = 1;
/// With the tests: for the target; one more, for the machine that builds.
pub(crate) const DEV: usize = 2;
pub(crate) const SCOPES: usize = 4;

/// By package of the lockfile, where it is built in each scope.
pub(crate) type Marks = Vec<[Places; SCOPES]>;

/// What is known of the packages of one lockfile.
pub(crate) struct Model<'a> {
    pub lock: &'a Lock,
    /// By package; `None` where its manifest is not at hand.
    pub known: Vec<Option<Known>>,
    /// Members: index and whether it ships.
    pub members: BTreeMap<usize, bool>,
    /// Does the workspace ask for the first feature resolver, which does not tell targets, hosts and tests apart?
    pub unify: bool,
}

/// Which of the two bounds is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    /// What can be built at most.
    Upper,
    /// What is built for certain.
    Lower,
}

/// What is built with one choice of the members' features.
pub(crate) struct Built {
    /// From members that ship, without tests.
    pub ship: Marks,
    /// From every member, without tests.
    pub own: Marks,
    /// From every member, with its tests.
    pub dev: Marks,
}

impl Model<'_> {
    fn known(&self, index: usize) -> Option<&Known> {
        self.known.get(index)?.as_ref()
    }

    fn listed(&self, index: usize) -> &[usize] {
        self.lock.packages.get(index).map_or(&[], |package| &package.dependencies)
    }

    /// Is it a procedural macro? `None` where that is not known.
    fn is_macro(&self, index: usize) -> Option<bool> {
        self.known(index)?.procedural_macro
    }

    /// Can the two bounds differ for a package with these marks?
    pub(crate) fn is_exact(&self, index: usize) -> bool {
        self.known(index).is_some_and(|known| known.procedural_macro.is_some() && known.unexplained.is_empty())
    }

    /// What is built with default or with all features; `None` where that is more than is computed.
    pub(crate) fn built(&self, bound: Bound, all_features: bool) -> Option<Built> {
        let plain = Turn::run(self, bound, all_features, self.unify)?;
        let every: Vec<usize> = self.members.keys().copied().collect();
        let shipped: Vec<usize> = self.members.iter().filter(|(_, ships)| **ships).map(|(index, _)| *index).collect();
        let (ship, own) = (plain.walk(&shipped, false)?, plain.walk(&every, false)?);
        let dev = if self.unify {
            plain.walk(&every, true)?
        } else {
            Turn::run(self, bound, all_features, true)?.walk(&every, true)?
        };
        Some(Built { ship, own, dev })
    }
}

/// A value of a feature list.
enum Value<'a> {
    Feature(&'a str),
    Dependency(&'a str),
    Of { dependency: &'a str, feature: &'a str, weak: bool },
}

fn value(text: &str) -> Value<'_> {
    match (text.split_once('/'), text.strip_prefix("dep:")) {
        (Some((dependency, feature)), _) => match dependency.strip_suffix('?') {
            Some(dependency) => Value::Of { dependency, feature, weak: true },
            None => Value::Of { dependency, feature, weak: false },
        },
        (None, Some(dependency)) => Value::Dependency(dependency),
        (None, None) => Value::Feature(text),
    }
}

/// The values that are asked for, or the optional dependencies that are on, of one package.
type Asked<'a> = BTreeMap<&'a str, Places>;

/// One spread of features.
struct Turn<'a> {
    model: &'a Model<'a>,
    bound: Bound,
    /// Do dependencies of tests turn features on?
    dev: bool,
    active: [Vec<Places>; 2],
    asked: [Vec<Asked<'a>>; 2],
    optional: [Vec<Asked<'a>>; 2],
    queue: VecDeque<(usize, usize)>,
    queued: [Vec<bool>; 2],
    /// Members that ship and that nothing else needs. One that is a procedural macro is the product itself: what it needs
    /// runs at its user's, and is no tool of the build.
    products: BTreeSet<usize>,
    steps: usize,
}

impl<'a> Turn<'a> {
    fn run(model: &'a Model<'a>, bound: Bound, all_features: bool, dev: bool) -> Option<Self> {
        let count = model.lock.packages.len();
        let listed: BTreeSet<usize> =
            model.lock.packages.iter().flat_map(|package| package.dependencies.iter().copied()).collect();
        let shipped = model.members.iter().filter(|(index, ships)| **ships && !listed.contains(index));
        let mut turn = Self {
            model,
            bound,
            dev,
            active: [vec![Places::default(); count], vec![Places::default(); count]],
            asked: [vec![Asked::new(); count], vec![Asked::new(); count]],
            optional: [vec![Asked::new(); count], vec![Asked::new(); count]],
            queue: VecDeque::new(),
            queued: [vec![false; count], vec![false; count]],
            products: shipped.map(|(index, _)| *index).collect(),
            steps: 0,
        };
        let everywhere = Places::everywhere();
        for member in model.members.keys() {
            let kinds: &[usize] = if model.is_macro(*member) == Some(true) { &[TARGET, HOST] } else { &[TARGET] };
            for kind in kinds {
                turn.reach(*member, *kind, &everywhere);
                if all_features {
                    turn.ask_all(*member, *kind, &everywhere);
                } else {
                    turn.ask(*member, *kind, "default", &everywhere);
                }
            }
        }
        while let Some((index, kind)) = turn.queue.pop_front() {
            if let Some(flag) = turn.queued.get_mut(kind).and_then(|flags| flags.get_mut(index)) {
                *flag = false;
            }
            turn.process(index, kind);
            if turn.steps > STEPS {
                return None;
            }
        }
        Some(turn)
    }

    /// Is it a procedural macro that serves to build something else?
    fn is_macro_of_another(&self, index: usize, known: &Known) -> Option<bool> {
        if self.products.contains(&index) { Some(false) } else { known.procedural_macro }
    }

    fn enqueue(&mut self, index: usize, kind: usize) {
        if let Some(flag) = self.queued.get_mut(kind).and_then(|flags| flags.get_mut(index)).filter(|flag| !**flag) {
            *flag = true;
            self.queue.push_back((index, kind));
        }
    }

    fn reach(&mut self, index: usize, kind: usize, places: &Places) {
        self.steps += 1;
        let active = self.active.get_mut(kind).and_then(|active| active.get_mut(index));
        if active.is_some_and(|active| active.add(places)) {
            self.enqueue(index, kind);
        }
    }

    fn ask(&mut self, index: usize, kind: usize, text: &'a str, places: &Places) {
        self.steps += 1;
        if places.is_nowhere() || self.model.known(index).is_none() {
            return;
        }
        let asked = self.asked.get_mut(kind).and_then(|asked| asked.get_mut(index));
        if asked.is_some_and(|asked| asked.entry(text).or_default().add(places)) {
            self.enqueue(index, kind);
        }
    }

    fn ask_all(&mut self, index: usize, kind: usize, places: &Places) {
        let model = self.model;
        for feature in model.known(index).into_iter().flat_map(|known| known.features.keys()) {
            self.ask(index, kind, feature, places);
        }
    }

    fn process(&mut self, index: usize, kind: usize) {
        let model = self.model;
        let Some(here) = self.active.get(kind).and_then(|active| active.get(index)).copied() else { return };
        let Some(known) = model.known(index) else {
            if self.bound == Bound::Upper {
                self.hand_on_all(kind, &here, model.listed(index));
            }
            return;
        };
        if self.bound == Bound::Upper {
            self.hand_on_all(kind, &here, &known.unexplained);
        }
        let take = |states: &mut [Vec<Asked<'a>>; 2]| {
            states.get_mut(kind).and_then(|states| states.get_mut(index)).map(std::mem::take).unwrap_or_default()
        };
        let (mut asked, mut optional) = (take(&mut self.asked), take(&mut self.optional));
        self.steps += unfold(known, &mut asked, &mut optional);
        let from_macro = self.is_macro_of_another(index, known);
        for need in &known.needs {
            if need.scope == Scope::Dev && !(self.dev && kind == TARGET && model.members.contains_key(&index)) {
                continue;
            }
            let on = if need.optional { optional.get(need.key.as_str()).copied().unwrap_or_default() } else { here };
            for to in &need.to {
                self.hand_on(kind, need, *to, &on, from_macro, |turn, kind, places| {
                    turn.reach(*to, kind, places);
                    for feature in &need.features {
                        turn.ask(*to, kind, feature, places);
                    }
                });
            }
        }
        for (text, places) in &asked {
            let Value::Of { dependency, feature, .. } = value(text) else { continue };
            for need in known.needs_of(dependency) {
                if need.scope == Scope::Dev && !(self.dev && kind == TARGET && model.members.contains_key(&index)) {
                    continue;
                }
                let on = if need.optional {
                    optional.get(dependency).map(|on| places.and(on)).unwrap_or_default()
                } else {
                    *places
                };
                for to in &need.to {
                    self.hand_on(kind, need, *to, &on, from_macro, |turn, kind, places| {
                        turn.ask(*to, kind, feature, places);
                    });
                }
            }
        }
        if let Some(state) = self.optional.get_mut(kind).and_then(|states| states.get_mut(index)) {
            *state = optional;
        }
        if let Some(state) = self.asked.get_mut(kind).and_then(|states| states.get_mut(index)) {
            // A package may depend on itself, and have asked itself for more meanwhile.
            for (text, places) in std::mem::replace(state, asked) {
                state.entry(text).or_default().add(&places);
            }
        }
    }

    /// Hands something on along one dependency, to the kinds in which it is then built.
    fn hand_on(
        &mut self,
        kind: usize,
        need: &super::linked_manifest::Need,
        to: usize,
        on: &Places,
        from_macro: Option<bool>,
        mut give: impl FnMut(&mut Self, usize, &Places),
    ) {
        if on.is_nowhere() {
            return;
        }
        if self.model.unify {
            return give(self, TARGET, &Places::everywhere());
        }
        let condition = need.condition;
        if kind == HOST {
            return give(self, HOST, &on.and(&condition));
        }
        if need.scope == Scope::Build {
            return give(self, HOST, &on.then(&condition));
        }
        let here = on.and(&condition);
        let host = here.then(&Places::everywhere());
        let (sure, sure_not) = match (from_macro, self.model.is_macro(to)) {
            (Some(true), _) | (_, Some(true)) => (true, false),
            (Some(false), Some(false)) => (false, true),
            _ => (false, false),
        };
        if sure || (!sure_not && self.bound == Bound::Upper) {
            give(self, HOST, &host);
        }
        if sure_not || (!sure && self.bound == Bound::Upper) {
            give(self, TARGET, &here);
        }
    }

    /// Takes that a package needs all of `listed`, for whatever it is built, with all features.
    fn hand_on_all(&mut self, kind: usize, here: &Places, listed: &[usize]) {
        let possible = Places { plain: here.possible, possible: here.possible };
        let host = possible.then(&Places::everywhere());
        for to in listed {
            let kinds: &[(usize, &Places)] = match (self.model.unify, kind) {
                (true, _) => &[(TARGET, &host)],
                (false, HOST) => &[(HOST, &host)],
                (false, _) => &[(TARGET, &possible), (HOST, &host)],
            };
            for (kind, places) in kinds {
                self.reach(*to, *kind, places);
                self.ask_all(*to, *kind, places);
            }
        }
    }

    /// Walks from `roots` along what is turned on, and says where each package is built in each scope.
    fn walk(&self, roots: &[usize], tests: bool) -> Option<Marks> {
        let model = self.model;
        let count = model.lock.packages.len();
        let mut marks: Marks = vec![[Places::default(); SCOPES]; count];
        let mut queue: VecDeque<usize> = VecDeque::new();
        let mut queued = vec![false; count];
        let mut steps = 0;
        for root in roots {
            add(&mut marks, &mut queue, &mut queued, *root, NORMAL, &Places::everywhere());
        }
        while let Some(index) = queue.pop_front() {
            if let Some(flag) = queued.get_mut(index) {
                *flag = false;
            }
            let Some(here) = marks.get(index).copied() else { continue };
            for (scope, places) in here.iter().enumerate().filter(|(_, places)| !places.is_nowhere()) {
                let mut give = |to: usize, scope: usize, places: &Places| {
                    steps += 1;
                    if !places.is_nowhere() {
                        add(&mut marks, &mut queue, &mut queued, to, scope, places);
                    }
                };
                let unexplained = match model.known(index) {
                    Some(known) => {
                        self.follow(index, known, scope, places, tests, &mut give);
                        known.unexplained.as_slice()
                    }
                    None => model.listed(index),
                };
                if self.bound == Bound::Upper {
                    let possible = Places { plain: places.possible, possible: places.possible };
                    for to in unexplained {
                        give(*to, scope, &possible);
                        if scope % 2 == TARGET {
                            give(*to, scope + 1, &Places::everywhere());
                        }
                    }
                }
            }
            if steps > STEPS {
                return None;
            }
        }
        Some(marks)
    }

    /// Gives what a known package that is built in `scope` needs.
    fn follow(
        &self,
        index: usize,
        known: &'a Known,
        scope: usize,
        places: &Places,
        tests: bool,
        give: &mut impl FnMut(usize, usize, &Places),
    ) {
        let on = |kind: usize, key: &str| -> Places {
            let state = self.optional.get(kind).and_then(|states| states.get(index));
            state.and_then(|state| state.get(key)).copied().unwrap_or_default()
        };
        let host = scope % 2 == HOST;
        let kind = if host && !self.model.unify { HOST } else { TARGET };
        let from_macro = self.is_macro_of_another(index, known);
        for need in &known.needs {
            let turned_on = if need.optional { on(kind, &need.key) } else { Places::everywhere() };
            let here = places.and(&turned_on).and(&need.condition);
            let tests_alone = need.scope == Scope::Dev;
            if tests_alone && !(scope == NORMAL && tests && self.model.members.contains_key(&index)) {
                continue;
            }
            if host {
                need.to.iter().for_each(|to| give(*to, scope, &here));
                continue;
            }
            if need.scope == Scope::Build {
                let here = places.and(&turned_on).then(&need.condition);
                need.to.iter().for_each(|to| give(*to, scope + 1, &here));
                continue;
            }
            let scope = if tests_alone { DEV } else { scope };
            let on_host = here.then(&Places::everywhere());
            for to in &need.to {
                match (from_macro, self.model.is_macro(*to), self.bound) {
                    (Some(true), ..) | (_, Some(true), _) => give(*to, scope + 1, &on_host),
                    (Some(false), Some(false), _) => give(*to, scope, &here),
                    (_, _, Bound::Upper) => {
                        give(*to, scope, &here);
                        give(*to, scope + 1, &on_host);
                    }
                    // For tests it is, whichever of the two.
                    (_, _, Bound::Lower) if scope == DEV => give(*to, scope, &here),
                    (_, _, Bound::Lower) => {}
                }
            }
        }
    }
}

fn add(marks: &mut Marks, queue: &mut VecDeque<usize>, queued: &mut [bool], to: usize, scope: usize, places: &Places) {
    let own = marks.get_mut(to).and_then(|marks| marks.get_mut(scope));
    if own.is_some_and(|own| own.add(places))
        && let Some(flag) = queued.get_mut(to).filter(|flag| !**flag)
    {
        *flag = true;
        queue.push_back(to);
    }
}

/// Works off what is asked of one package within it, and gives how many steps that took.
fn unfold<'a>(known: &'a Known, asked: &mut Asked<'a>, optional: &mut Asked<'a>) -> usize {
    let mut steps = 0;
    let mut pending: Vec<&'a str> = asked.keys().copied().collect();
    while let Some(text) = pending.pop() {
        let Some(places) = asked.get(text).copied() else { continue };
        let mut ask = |text: &'a str| {
            steps += 1;
            if asked.entry(text).or_default().add(&places) {
                pending.push(text);
            }
        };
        match value(text) {
            Value::Feature(name) => known.features.get(name).into_iter().flatten().for_each(|text| ask(text)),
            Value::Dependency(name) => {
                optional.entry(name).or_default().add(&places);
            }
            Value::Of { dependency, weak: false, .. } => {
                if known.needs_of(dependency).any(|need| need.optional) {
                    optional.entry(dependency).or_default().add(&places);
                    if known.features.contains_key(dependency) {
                        ask(dependency);
                    }
                }
            }
            Value::Of { .. } => {}
        }
    }
    steps
}
