//! On which targets a `cfg()` holds, for every target that rustc knows.

use std::collections::BTreeMap;

use cfg_expr::{
    Expression, Predicate, TargetPredicate,
    targets::{ALL_BUILTINS, TargetInfo},
};

/// The targets by which a component is described: those that most users run or ship for.
pub(crate) const MAIN: [&str; 11] = [
    "aarch64-apple-darwin",
    "aarch64-apple-ios",
    "aarch64-linux-android",
    "aarch64-pc-windows-msvc",
    "aarch64-unknown-linux-gnu",
    "wasm32-unknown-unknown",
    "x86_64-apple-darwin",
    "x86_64-pc-windows-msvc",
    "x86_64-unknown-freebsd",
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
];

const WORDS: usize = ALL_BUILTINS.len().div_ceil(64);

/// A set of the targets that rustc knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TargetSet([u64; WORDS]);

impl TargetSet {
    /// Every target for which `holds` is true.
    pub(crate) fn of(mut holds: impl FnMut(&TargetInfo) -> bool) -> Self {
        let mut set = Self::default();
        for (index, target) in ALL_BUILTINS.iter().enumerate() {
            if let (true, Some(word)) = (holds(target), set.0.get_mut(index / 64)) {
                *word |= 1 << (index % 64);
            }
        }
        set
    }

    /// Every target. Bits beyond the last one are set too and mean nothing.
    pub(crate) const fn all() -> Self {
        Self([u64::MAX; WORDS])
    }

    /// The one target of this name; empty where rustc does not know it.
    pub(crate) fn one(triple: &str) -> Self {
        Self::of(|target| target.triple.as_str() == triple)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word &= other);
        self
    }

    /// Adds `other`; true where that changed the set.
    pub(crate) fn add(&mut self, other: &Self) -> bool {
        let before = *self;
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word |= other);
        *self != before
    }

    fn contains(&self, index: usize) -> bool {
        self.0.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
    }

    /// `all` where the set holds every main target, else the main targets in it, else all others in it.
    pub(crate) fn names(&self) -> Vec<String> {
        let all = ALL_BUILTINS.iter().enumerate().filter(|(index, _)| self.contains(*index));
        let (main, others): (Vec<_>, Vec<_>) =
            all.map(|(_, target)| target.triple.as_str()).partition(|triple| MAIN.contains(triple));
        if main.len() == MAIN.len() {
            return vec!["all".to_owned()];
        }
        let mut names: Vec<String> =
            if main.is_empty() { others } else { main }.into_iter().map(str::to_owned).collect();
        names.sort();
        names
    }
}

/// Where something is so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    /// On targets that rustc knows, with no `--cfg` of the user's own.
    pub plain: TargetSet,
    /// With some choice of `--cfg` flags, or on some target of the user's own that is like one of them but for its name.
    pub possible: TargetSet,
}

impl Places {
    pub(crate) const fn everywhere() -> Self {
        Self { plain: TargetSet::all(), possible: TargetSet::all() }
    }

    pub(crate) fn is_nowhere(&self) -> bool {
        self.possible.is_empty()
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        Self { plain: self.plain.and(&other.plain), possible: self.possible.and(&other.possible) }
    }

    /// Adds `other`; true where that changed something.
    pub(crate) fn add(&mut self, other: &Self) -> bool {
        // Both are added, whatever the first says.
        self.plain.add(&other.plain) | self.possible.add(&other.possible)
    }

    /// `other` where this is true anywhere: what runs while building runs on the builder's machine, which may be any.
    pub(crate) fn then(&self, other: &Self) -> Self {
        let set = |own: &TargetSet, other: &TargetSet| if own.is_empty() { TargetSet::default() } else { *other };
        Self { plain: set(&self.plain, &other.plain), possible: set(&self.possible, &other.possible) }
    }
}

/// Conditions by their text: a graph has hundreds of edges with a few dozen texts.
pub(crate) struct Conditions {
    known: BTreeMap<String, Places>,
    always: Places,
}

impl Conditions {
    pub(crate) fn new() -> Self {
        Self { known: BTreeMap::new(), always: Places::everywhere() }
    }

    /// Where a dependency holds that stands under `[target.TEXT]`; `None` is under no target.
    ///
    /// A text that is not understood, and a target that rustc does not know, may hold anywhere.
    pub(crate) fn of(&mut self, text: Option<&str>) -> Places {
        let Some(text) = text else { return self.always };
        if let Some(condition) = self.known.get(text) {
            return *condition;
        }
        let condition = evaluate(text);
        self.known.insert(text.to_owned(), condition);
        condition
    }
}

fn evaluate(text: &str) -> Places {
    let unknown = Places { plain: TargetSet::default(), possible: TargetSet::all() };
    if !text.starts_with("cfg(") {
        let one = TargetSet::one(text);
        return if one.is_empty() { unknown } else { Places { plain: one, possible: one } };
    }
    let Ok(expression) = Expression::parse(text) else { return unknown };
    let holds = |target: &TargetInfo, flags: Option<bool>| {
        expression.eval(|predicate| match predicate {
            Predicate::Target(TargetPredicate::Panic(_))
            | Predicate::DebugAssertions
            // Which features a target's processor has is the builder's choice.
            | Predicate::TargetFeature(_) => None,
            // A value that no target of rustc has is that of a target that somebody describes in a file.
            Predicate::Target(predicate) if !is_known(predicate) => flags,
            Predicate::Target(predicate) => Some(predicate.matches(target)),
            Predicate::Test | Predicate::ProcMacro => Some(false),
            Predicate::Feature(_) | Predicate::Flag(_) | Predicate::KeyValue { .. } => flags,
        }) != Some(false)
    };
    Places {
        plain: TargetSet::of(|target| holds(target, Some(false))),
        possible: TargetSet::of(|target| holds(target, None)),
    }
}

fn is_known(predicate: &TargetPredicate) -> bool {
    ALL_BUILTINS.iter().any(|target| predicate.matches(target))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn main_targets_are_known_to_rustc() {
        for triple in MAIN {
            assert!(!TargetSet::one(triple).is_empty(), "{triple}");
        }
        assert!(MAIN.is_sorted());
        assert_eq!(TargetSet::all().names(), ["all"]);
    }

    #[test]
    fn conditions_hold_where_rustc_says() {
        for (text, plain, possible) in [
            ("cfg(any())", vec![], vec![]),
            ("cfg(all(windows, unix))", vec![], vec![]),
            (
                "cfg(windows)",
                vec!["aarch64-pc-windows-msvc", "x86_64-pc-windows-msvc"],
                vec!["aarch64-pc-windows-msvc", "x86_64-pc-windows-msvc"],
            ),
            ("cfg(loom)", vec![], vec!["all"]),
            ("cfg(not(loom))", vec!["all"], vec!["all"]),
            ("cfg(all(windows, loom))", vec![], vec!["aarch64-pc-windows-msvc", "x86_64-pc-windows-msvc"]),
            ("cfg(target_feature = \"sse2\")", vec!["all"], vec!["all"]),
            ("x86_64-pc-windows-gnu", vec!["x86_64-pc-windows-gnu"], vec!["x86_64-pc-windows-gnu"]),
            ("x86_64-my-own", vec![], vec!["all"]),
            ("cfg(target_os = \"solana\")", vec![], vec!["all"]),
            ("cfg(not(target_os = \"solana\"))", vec!["all"], vec!["all"]),
            ("cfg(target_arch = \"spirv\")", vec![], vec!["all"]),
            ("cfg(target_vendor = \"acme\")", vec![], vec!["all"]),
            ("cfg(target_env = \"acme\")", vec![], vec!["all"]),
            ("cfg(target_abi = \"acme\")", vec![], vec!["all"]),
            ("cfg(target_family = \"acme\")", vec![], vec!["all"]),
            ("cfg(target_pointer_width = \"128\")", vec![], vec!["all"]),
            ("cfg(all(target_os = \"acme\", not(unix), not(windows)))", vec![], vec!["wasm32-unknown-unknown"]),
            (
                "cfg(any(target_os = \"acme\", windows))",
                vec!["aarch64-pc-windows-msvc", "x86_64-pc-windows-msvc"],
                vec!["all"],
            ),
            ("cfg(((", vec![], vec!["all"]),
        ] {
            let condition = evaluate(text);
            assert_eq!(condition.plain.names(), plain, "{text}");
            assert_eq!(condition.possible.names(), possible, "{text}");
        }
        assert!(evaluate("cfg(target_os = \"redox\")").plain.names().iter().all(|triple| triple.contains("redox")));
    }

    #[test]
    fn deep_expressions_end() {
        let deep = format!("cfg({}unix{})", "not(".repeat(20_000), ")".repeat(20_000));
        let _ = evaluate(&deep);
    }
}
