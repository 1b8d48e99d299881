//! Reach against an oracle: cargo's rules spelt out for one target, one host and one choice of features at a time.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::{Locked, Options, test_support};
use plimsoll_model::body::Reach;

const LINUX: &str = "linux";
const WINDOWS: &str = "windows";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Normal,
    Build,
    Dev,
}

#[derive(Clone, Debug)]
struct Edge {
    to: usize,
    kind: Kind,
    /// 0: everywhere, 1: Windows, 2: not Windows, 3: nowhere.
    cfg: u8,
    optional: bool,
    default: bool,
    features: Vec<u8>,
}

#[derive(Clone, Debug)]
struct Package {
    is_macro: bool,
    edges: Vec<Edge>,
    /// What `default`, `f0` and `f1` turn on.
    features: [Vec<Value>; 3],
}

#[derive(Clone, Debug)]
enum Value {
    Feature(u8),
    Dependency(usize),
    Of(usize, u8, bool),
}

const COUNT: usize = 6;

fn name(index: usize) -> String {
    format!("p{index}")
}

fn feature(number: u8) -> &'static str {
    ["default", "f0", "f1"][usize::from(number)]
}

fn package(index: usize) -> impl Strategy<Value = Package> {
    let kind = prop_oneof![4 => Just(Kind::Normal), 1 => Just(Kind::Build), 1 => Just(Kind::Dev)];
    let features = proptest::collection::vec(1..3_u8, 0..2);
    let edge = (index + 1..=COUNT, kind, 0..4_u8, any::<bool>(), any::<bool>(), features);
    let edge = edge.prop_map(|(to, kind, cfg, optional, default, features)| Edge {
        to,
        kind,
        cfg: if cfg == 3 && to % 3 > 0 { 0 } else { cfg },
        // Those for tests cannot be optional.
        optional: optional && kind != Kind::Dev,
        default,
        features,
    });
    let value = (0..3_u8, 0..8_usize, 1..3_u8);
    let values = proptest::collection::vec(value, 0..3);
    (any::<bool>(), proptest::collection::vec(edge, 0..5), values.clone(), values.clone(), values).prop_map(
        move |(is_macro, mut edges, default, first, second)| {
            edges.retain(|edge| edge.to < COUNT);
            let mut seen = BTreeSet::new();
            edges.retain(|edge| seen.insert(edge.to));
            let values = |number: u8, list: Vec<(u8, usize, u8)>| {
                let list = list.into_iter().filter_map(|(form, edge, of)| {
                    let edge = edges.get(edge % edges.len().max(1));
                    match (form, edge) {
                        (0, _) if of > number => Some(Value::Feature(of)),
                        (1, Some(edge)) if edge.optional => Some(Value::Dependency(edge.to)),
                        (2, Some(edge)) if edge.kind != Kind::Dev => {
                            Some(Value::Of(edge.to, of, edge.optional && of == 1))
                        }
                        _ => None,
                    }
                });
                list.collect::<Vec<_>>()
            };
            let features = [values(0, default), values(1, first), values(2, second)];
            Package { is_macro: is_macro && index > 1 && index.is_multiple_of(2), edges, features }
        },
    )
}

/// Package 0 is the product, package 1 a member for testing; the rest lies in the tree.
fn workspace() -> impl Strategy<Value = Vec<Package>> {
    (package(0), package(1), package(2), package(3), package(4), package(5))
        .prop_map(|(a, b, c, d, e, f)| vec![a, b, c, d, e, f])
}

fn folder(index: usize) -> String {
    match index {
        0 => String::new(),
        1 => "tests/p1/".to_owned(),
        _ => format!("dep/p{index}/"),
    }
}

/// Manifests and lockfile; packages in `foreign` come from a registry, and their manifests are not there.
fn tree(packages: &[Package], resolver: &str, foreign: &BTreeSet<usize>) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut lock = "version = 4\n".to_owned();
    // cargo locks what members lead to, and nothing else.
    let mut reached: BTreeSet<usize> = BTreeSet::new();
    let mut queue = vec![0, 1];
    while let Some(index) = queue.pop() {
        if reached.insert(index) {
            let edges = packages[index].edges.iter().filter(|edge| index < 2 || edge.kind != Kind::Dev);
            queue.extend(edges.map(|edge| edge.to));
        }
    }
    for (index, package) in packages.iter().enumerate() {
        let mut text = format!("[package]\nname = \"{}\"\nversion = \"1.0.0\"\n", name(index));
        if package.edges.iter().any(|edge| edge.kind == Kind::Build) {
            text += "build = \"build.rs\"\n";
        }
        if index == 0 {
            text += &format!("[workspace]\nmembers = [\"tests/p1\"]\nexclude = [\"dep\"]\nresolver = \"{resolver}\"\n");
        }
        if package.is_macro {
            text += "[lib]\nproc-macro = true\n";
        }
        text += "[features]\n";
        for (number, values) in package.features.iter().enumerate() {
            let values = values.iter().map(|value| match value {
                Value::Feature(of) => format!("\"{}\"", feature(*of)),
                Value::Dependency(to) => format!("\"dep:{}\"", name(*to)),
                Value::Of(to, of, weak) => {
                    format!("\"{}{}/{}\"", name(*to), if *weak { "?" } else { "" }, feature(*of))
                }
            });
            text += &format!("{} = [{}]\n", feature(number as u8), values.collect::<Vec<_>>().join(", "));
        }
        let mut listed = Vec::new();
        for edge in &package.edges {
            let table = match edge.kind {
                Kind::Normal => "dependencies",
                Kind::Build => "build-dependencies",
                Kind::Dev => "dev-dependencies",
            };
            let cfg = ["", "target.'cfg(windows)'.", "target.'cfg(not(windows))'.", "target.'cfg(any())'."];
            let features: Vec<String> = edge.features.iter().map(|of| format!("\"{}\"", feature(*of))).collect();
            let from = if foreign.contains(&edge.to) {
                "version = \"1\"".to_owned()
            } else {
                format!(
                    "path = \"{}{}\"",
                    ["", "../../", "../../"][index.min(2)],
                    folder(edge.to).trim_end_matches('/')
                )
            };
            text += &format!(
                "[{}{table}.{}]\n{from}\noptional = {}\ndefault-features = {}\nfeatures = [{}]\n",
                cfg[usize::from(edge.cfg)],
                name(edge.to),
                edge.optional,
                edge.default,
                features.join(", ")
            );
            if index < 2 || edge.kind != Kind::Dev {
                listed.push(format!("\"{}\"", name(edge.to)));
            }
        }
        listed.sort();
        if !reached.contains(&index) {
            continue;
        }
        if !foreign.contains(&index) {
            files.push((format!("{}Cargo.toml", folder(index)), text));
        }
        lock += &format!("[[package]]\nname = \"{}\"\nversion = \"1.0.0\"\n", name(index));
        if foreign.contains(&index) {
            lock += "source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
        }
        lock += &format!("dependencies = [{}]\n", listed.join(", "));
    }
    files.push(("Cargo.lock".to_owned(), lock));
    files
}

fn reaches(packages: &[Package], resolver: &str, foreign: &BTreeSet<usize>) -> Vec<Reach> {
    let files = tree(packages, resolver, foreign);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let inventory = test_support::of(&files, &Options { resolver: crate::Resolver::Lockfile, ..Options::default() });
    assert!(inventory.workspaces[0].locked == Locked::Yes, "{files:#?} {:?}", inventory.gaps);
    let found = test_support::by_name(&inventory);
    (0..packages.len())
        .map(|index| found.get(name(index).as_str()).map_or(Reach::NotInGraph, |one| one.reach))
        .collect()
}

/// One build: the machines, whether all features are on, whether tests are built, and whether features are one.
struct Build<'a> {
    packages: &'a [Package],
    target: &'static str,
    host: &'static str,
    all: bool,
    tests: bool,
    unify: bool,
}

type State = (usize, bool);
type On = BTreeSet<(State, u8)>;

impl Build<'_> {
    fn holds(cfg: u8, machine: &str) -> bool {
        match cfg {
            0 => true,
            1 => machine == WINDOWS,
            2 => machine != WINDOWS,
            _ => false,
        }
    }

    /// The states to which an edge leads while features spread: package and whether for the host.
    fn next(&self, (from, host): State, edge: &Edge) -> Option<State> {
        if edge.kind == Kind::Dev && !((self.tests || self.unify) && from < 2 && !host) {
            return None;
        }
        if self.unify {
            return Some((edge.to, false));
        }
        let machine = if host || edge.kind == Kind::Build { self.host } else { self.target };
        let onto_host =
            host || edge.kind == Kind::Build || self.packages[edge.to].is_macro || self.packages[from].is_macro;
        Self::holds(edge.cfg, machine).then_some((edge.to, onto_host))
    }

    /// Features and optional dependencies that are on, by repeating every rule until nothing is added.
    fn features(&self) -> (On, BTreeSet<(State, usize)>) {
        let (mut active, mut on, mut optional) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for member in 0..2 {
            active.insert((member, false));
            if self.packages[member].is_macro && !self.unify {
                active.insert((member, true));
            }
            for number in if self.all { 0..3 } else { 0..1 } {
                on.insert(((member, false), number));
            }
            if self.all {
                let edges = self.packages[member].edges.iter().filter(|edge| edge.optional);
                optional.extend(edges.map(|edge| ((member, false), edge.to)));
            }
        }
        loop {
            let before = (active.len(), on.len(), optional.len());
            for (state, number) in on.clone() {
                let package: &Package = &self.packages[state.0];
                for value in &package.features[usize::from(number)] {
                    match value {
                        Value::Feature(of) => {
                            on.insert((state, *of));
                        }
                        Value::Dependency(to) => {
                            optional.insert((state, *to));
                        }
                        Value::Of(to, of, weak) => {
                            for edge in package.edges.iter().filter(|edge| edge.to == *to) {
                                if edge.optional && !weak {
                                    optional.insert((state, *to));
                                }
                                if let Some(next) = self.next(state, edge)
                                    && (!edge.optional || optional.contains(&(state, *to)))
                                {
                                    on.insert((next, *of));
                                }
                            }
                        }
                    }
                }
            }
            for state in active.clone() {
                let package: &Package = &self.packages[state.0];
                for edge in &package.edges {
                    if edge.optional && !optional.contains(&(state, edge.to)) {
                        continue;
                    }
                    if let Some(next) = self.next(state, edge) {
                        active.insert(next);
                        on.extend(edge.features.iter().map(|of| (next, *of)));
                        on.extend(edge.default.then_some((next, 0)));
                    }
                }
            }
            if before == (active.len(), on.len(), optional.len()) {
                return (on, optional);
            }
        }
    }

    /// What is built from `roots`, and whether for the host.
    fn built(&self, roots: &[usize]) -> BTreeSet<State> {
        let (_, optional) = self.features();
        let mut built: BTreeSet<State> = roots.iter().map(|root| (*root, false)).collect();
        loop {
            let before = built.len();
            for (from, host) in built.clone() {
                for edge in &self.packages[from].edges {
                    let asked = (from, host && !self.unify);
                    if edge.optional && !optional.contains(&(asked, edge.to)) {
                        continue;
                    }
                    if edge.kind == Kind::Dev && !(self.tests && from < 2 && roots.contains(&from) && !host) {
                        continue;
                    }
                    let machine = if host || edge.kind == Kind::Build { self.host } else { self.target };
                    let onto_host = host
                        || edge.kind == Kind::Build
                        || self.packages[edge.to].is_macro
                        || self.packages[from].is_macro;
                    if Self::holds(edge.cfg, machine) {
                        built.insert((edge.to, onto_host));
                    }
                }
            }
            if built.len() == before {
                return built;
            }
        }
    }
}

fn oracle(packages: &[Package], unify: bool) -> Vec<Reach> {
    let mut reaches = vec![Reach::NotInGraph; packages.len()];
    let mut note = |index: usize, reach: Reach| reaches[index] = reaches[index].min(reach);
    for (target, host) in [(LINUX, LINUX), (LINUX, WINDOWS), (WINDOWS, LINUX), (WINDOWS, WINDOWS)] {
        for all in [false, true] {
            let build = |tests: bool| Build { packages, target, host, all, tests, unify };
            for (index, for_host) in build(false).built(&[0]) {
                note(index, if for_host { Reach::Build } else { Reach::Shipped });
            }
            for (index, _) in build(false).built(&[0, 1]).union(&build(true).built(&[0, 1])) {
                note(*index, Reach::Dev);
            }
        }
    }
    reaches
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn reach_is_what_cargos_rules_come_to(packages in workspace()) {
        for (resolver, unify) in [("1", true), ("2", false)] {
            let expected = oracle(&packages, unify);
            let found = reaches(&packages, resolver, &BTreeSet::new());
            // A macro that is needed on one platform alone is built for the host: that the features which it is given on another
            // one are never on with it is not seen, and what they bring in counts as nearer to the user than it is.
            let of_one_platform = |edge: &Edge| matches!(edge.cfg, 1 | 2) && packages[edge.to].is_macro;
            if packages.iter().any(|package| package.edges.iter().any(of_one_platform)) {
                let is_no_further = found.iter().zip(&expected).all(|(found, expected)| found <= expected);
                prop_assert!(is_no_further, "resolver {}: {:?} and not {:?}", resolver, &found, &expected);
            } else {
                prop_assert_eq!(&found, &expected, "resolver {}", resolver);
            }
        }
    }

    /// Without some manifests nothing comes out further from the user than with them.
    #[test]
    fn less_knowledge_never_takes_a_package_out(packages in workspace(), hidden in proptest::collection::btree_set(2..COUNT, 0..4)) {
        let known = reaches(&packages, "2", &BTreeSet::new());
        let less = reaches(&packages, "2", &hidden);
        for (index, (known, less)) in known.iter().zip(&less).enumerate() {
            let nearer = match less {
                Reach::Unknown => true,
                // What is said to ship ships.
                Reach::Shipped => *known == Reach::Shipped,
                less => known >= less,
            };
            prop_assert!(nearer, "p{}: {:?} with, {:?} without {:?}", index, known, less, &hidden);
        }
    }

    /// One more dependency takes no package further away from the user.
    #[test]
    fn one_more_edge_takes_no_package_out(packages in workspace(), from in 0..COUNT, to in 0..COUNT) {
        if from >= to || packages[from].edges.iter().any(|edge| edge.to == to) {
            return Ok(());
        }
        let before = reaches(&packages, "2", &BTreeSet::new());
        let mut more = packages;
        more[from].edges.push(Edge { to, kind: Kind::Normal, cfg: 0, optional: false, default: true, features: vec![1] });
        let after = reaches(&more, "2", &BTreeSet::new());
        prop_assert!(before.iter().zip(&after).all(|(before, after)| after <= before), "{:?} {:?}", before, after);
    }

    /// Files that belong to no workspace of it change nothing.
    #[test]
    fn unrelated_files_change_nothing(packages in workspace()) {
        let files = tree(&packages, "2", &BTreeSet::new());
        let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let options = test_support::lockfile_only();
        let before = test_support::of(&files, &options);
        files.push(("tests/fixture/Cargo.toml", "[package]\nname = \"other\"\nversion = \"1.0.0\"\n[workspace]\n"));
        files.push(("dep/notes.txt", "p0"));
        let after = test_support::of(&files, &options);
        let of = |inventory: &crate::Inventory| -> Vec<crate::Component> {
            inventory.components.iter().filter(|component| component.name != "other").cloned().collect()
        };
        prop_assert_eq!(of(&before), of(&after));
    }
}

/// Where `foo` comes out in a tree of one package with this manifest, which needs `foo`, and `foo`'s own name.
fn reach_of(name: &str, manifest: &str, more: &[(&str, &str)]) -> Reach {
    let lock = format!(
        "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"{name}\"]\n\
         [[package]]\nname = \"{name}\"\nversion = \"1.0.0\"\n"
    );
    let own = format!("[package]\nname = \"{name}\"\nversion = \"1.0.0\"\n[workspace]\n");
    let mut files = vec![("Cargo.toml", manifest), ("Cargo.lock", lock.as_str()), ("dep/Cargo.toml", own.as_str())];
    files.retain(|(path, _)| !more.iter().any(|(other, _)| other == path));
    files.extend(more);
    test_support::by_name(&test_support::of(&files, &test_support::lockfile_only())).get(name).unwrap().reach
}

#[test]
fn what_runs_or_is_linked_at_the_users_is_no_tool_of_the_build() {
    let head = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n";
    let tail = "[workspace]\nexclude = [\"dep\"]\n";
    let needs = |table: &str, name: &str| format!("[{table}]\n{name} = {{ path = \"dep\" }}\n");
    for (what, name, body, expected) in [
        ("a library", "foo", needs("dependencies", "foo"), Reach::Shipped),
        ("a macro", "foo", format!("[lib]\nproc-macro = true\n{}", needs("dependencies", "foo")), Reach::Shipped),
        (
            "of its build",
            "foo",
            format!("[lib]\nproc-macro = true\n{}", needs("build-dependencies", "foo")),
            Reach::Build,
        ),
        ("of its tests", "foo", format!("[lib]\nproc-macro = true\n{}", needs("dev-dependencies", "foo")), Reach::Dev),
        ("of the build", "foo", needs("build-dependencies", "foo"), Reach::Build),
        ("sources", "foo-src", needs("build-dependencies", "foo-src"), Reach::Unknown),
        ("sources for tests", "foo-src", needs("dev-dependencies", "foo-src"), Reach::Dev),
        ("sources that ship", "foo-src", needs("dependencies", "foo-src"), Reach::Shipped),
    ] {
        assert_eq!(reach_of(name, &format!("{head}{body}{tail}"), &[]), expected, "{what}");
    }
    let links = format!("{head}links = \"z\"\n{}{tail}", needs("build-dependencies", "foo"));
    assert_eq!(reach_of("foo", &links, &[]), Reach::Unknown);
    let links = format!("{head}links = \"z\"\n{}{tail}", needs("dev-dependencies", "foo"));
    assert_eq!(reach_of("foo", &links, &[]), Reach::Dev);
    // A macro that another member needs is a tool of that one's build.
    let macros = "[package]\nname = \"macros\"\nversion = \"1.0.0\"\n[lib]\nproc-macro = true\n\
                  [dependencies]\nfoo = { path = \"../dep\" }\n";
    let lock = "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"macros\"]\n\
                [[package]]\nname = \"foo\"\nversion = \"1.0.0\"\n\
                [[package]]\nname = \"macros\"\nversion = \"1.0.0\"\ndependencies = [\"foo\"]\n";
    let app = format!(
        "{head}[dependencies]\nmacros = {{ path = \"macros\" }}\n[workspace]\nmembers = [\"macros\"]\nexclude = [\"dep\"]\n"
    );
    assert_eq!(reach_of("foo", &app, &[("macros/Cargo.toml", macros), ("Cargo.lock", lock)]), Reach::Build);
}
