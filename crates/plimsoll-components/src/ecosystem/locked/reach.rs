//! How far each package of a lockfile reaches, from the members that lead to it.

use super::graph::{Edge, Package, Usage};
use crate::{component::Scope, path_class};
use plimsoll_model::body::Reach;

/// A member from which packages are reached.
pub(super) struct Root<'a> {
    /// Its class.
    pub class: &'a str,
    /// May it ship what it asks for to build and to test?
    pub bundles: bool,
    /// Its own entry, where it has one.
    pub package: Option<usize>,
    pub edges: &'a [Edge],
}

/// What is known of one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    pub reach: Reach,
    pub scopes: Vec<Scope>,
    /// Rank of the class nearest to the user among the members that lead to it; `None` where none does.
    pub rank: Option<usize>,
    pub direct: bool,
}

/// How a package is reached: bits.
const SHIPS: u8 = 1;
const BUILDS: u8 = 2;
const NORMAL: u8 = 4;
const BUILD: u8 = 8;
const DEV: u8 = 16;
const MAY_SHIP: u8 = 32;

/// Gives the verdict on every package, in time linear in packages and edges.
pub(super) fn verdicts(packages: &[Package], roots: &[Root<'_>]) -> Vec<Verdict> {
    let mut marks: Vec<u8> = vec![0; packages.len()];
    let mut direct = vec![false; packages.len()];
    let mut queue: Vec<(usize, u8)> = Vec::new();
    for root in roots {
        let ships = root.class == path_class::SHIPPED;
        if let Some(own) = root.package {
            queue.push((own, if ships { SHIPS | NORMAL } else { NORMAL }));
        }
        for edge in root.edges {
            if let Some(flag) = direct.get_mut(edge.to) {
                *flag = true;
            }
            let bundled = if ships && root.bundles && edge.usage == Usage::Dev { MAY_SHIP } else { 0 };
            queue.push((edge.to, step(if ships { SHIPS | NORMAL } else { NORMAL }, edge.usage) | bundled));
        }
    }
    while let Some((index, bits)) = queue.pop() {
        let Some(known) = marks.get_mut(index) else { continue };
        let added = bits & !*known;
        if added == 0 {
            continue;
        }
        *known |= added;
        // A member's own edges are followed from it as a root, tests included; from elsewhere they are not.
        for edge in packages.get(index).map(|package| package.edges.as_slice()).unwrap_or_default() {
            if edge.usage != Usage::Dev {
                queue.push((edge.to, step(added, edge.usage)));
            }
        }
    }
    let ranks = ranks(packages, roots);
    let rows = packages.iter().zip(marks).zip(ranks).zip(direct);
    rows.map(|(((package, bits), rank), direct)| verdict(package, bits, rank, direct, roots.is_empty())).collect()
}

/// What a way leads to when it goes on over an edge.
fn step(bits: u8, usage: Usage) -> u8 {
    match usage {
        Usage::Normal => bits,
        // What is needed to build something that ships builds it; what that needs builds it too.
        Usage::Build => {
            let builds = if bits & (SHIPS | BUILDS) == 0 { 0 } else { BUILDS };
            builds | if bits & (NORMAL | BUILD) == 0 { 0 } else { BUILD } | bits & DEV
        }
        Usage::Dev => DEV,
    }
}

fn verdict(package: &Package, bits: u8, rank: Option<usize>, direct: bool, no_roots: bool) -> Verdict {
    let scopes = [(NORMAL, Scope::Normal), (BUILD, Scope::Build), (DEV, Scope::Dev)];
    let mut scopes: Vec<Scope> =
        scopes.into_iter().filter(|(bit, _)| bits & bit != 0).map(|(_, scope)| scope).collect();
    let reach = if bits & SHIPS != 0 {
        Reach::Shipped
    } else if bits & MAY_SHIP != 0 {
        Reach::Unknown
    } else if bits & BUILDS != 0 {
        Reach::Build
    } else if bits != 0 {
        Reach::Dev
    } else if no_roots {
        match package.usage {
            // Nobody is known who ships it, so what is needed to run may ship or not.
            None | Some(Usage::Normal) => Reach::Unknown,
            Some(Usage::Build) => Reach::Build,
            Some(Usage::Dev) => Reach::Dev,
        }
    } else {
        Reach::NotInGraph
    };
    if scopes.is_empty() {
        scopes.extend(match package.usage {
            Some(Usage::Normal) => Some(Scope::Normal),
            Some(Usage::Build) => Some(Scope::Build),
            Some(Usage::Dev) => Some(Scope::Dev),
            None => None,
        });
    }
    Verdict { reach, scopes, rank, direct }
}

/// The class nearest to the user among the members that lead to each package, as ranks.
fn ranks(packages: &[Package], roots: &[Root<'_>]) -> Vec<Option<usize>> {
    let mut ranks: Vec<Option<usize>> = vec![None; packages.len()];
    let mut order: Vec<(usize, &Root<'_>)> = roots.iter().map(|root| (path_class::rank(root.class), root)).collect();
    order.sort_by_key(|(rank, _)| *rank);
    for (rank, root) in order {
        let mut queue: Vec<usize> = root.edges.iter().map(|edge| edge.to).chain(root.package).collect();
        while let Some(index) = queue.pop() {
            let Some(own) = ranks.get_mut(index).filter(|own| own.is_none()) else { continue };
            *own = Some(rank);
            queue.extend(packages.get(index).into_iter().flat_map(|package| package.edges.iter().map(|edge| edge.to)));
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    const N: Usage = Usage::Normal;
    const B: Usage = Usage::Build;
    const D: Usage = Usage::Dev;

    /// Packages by what each depends on; members by class and what each depends on; the reach of every package.
    fn check(packages: &[&[(usize, Usage)]], roots: &[(&str, &[(usize, Usage)])], expected: &[Reach]) {
        let edges = |list: &[(usize, Usage)]| list.iter().map(|(to, usage)| Edge { to: *to, usage: *usage }).collect();
        let packages: Vec<Package> =
            packages.iter().map(|list| Package { edges: edges(list), ..Package::default() }).collect();
        let roots: Vec<(&str, Vec<Edge>)> = roots.iter().map(|(class, list)| (*class, edges(list))).collect();
        let roots: Vec<Root<'_>> =
            roots.iter().map(|(class, edges)| Root { class, bundles: false, package: None, edges }).collect();
        let found: Vec<Reach> = verdicts(&packages, &roots).into_iter().map(|verdict| verdict.reach).collect();
        assert_eq!(found, expected, "{packages:?}");
    }

    #[test]
    fn a_package_reaches_as_far_as_the_nearest_way_to_it() {
        use Reach::{Build, Dev, NotInGraph, Shipped, Unknown};
        check(&[&[]], &[("shipped", &[(0, N)])], &[Shipped]);
        check(&[&[(1, N)], &[]], &[("shipped", &[(0, N)])], &[Shipped, Shipped]);
        check(&[&[(1, N)], &[]], &[("shipped", &[(0, D)])], &[Dev, Dev]);
        check(&[&[(1, N)], &[]], &[("shipped", &[(0, B)])], &[Build, Build]);
        check(&[&[(1, B)], &[(2, N)], &[]], &[("shipped", &[(0, N)])], &[Shipped, Build, Build]);
        // The way that leads nearest to the user counts, whichever is found first.
        check(&[&[(1, N)], &[]], &[("shipped", &[(0, D), (1, N)])], &[Dev, Shipped]);
        check(&[&[(1, N)], &[(0, N)]], &[("shipped", &[(1, D), (0, N)])], &[Shipped, Shipped]);
        // What only a test's own package asks for ships nowhere.
        check(&[&[(1, N)], &[]], &[("test", &[(0, N)]), ("shipped", &[])], &[Dev, Dev]);
        check(&[&[], &[]], &[("test", &[(0, N)]), ("shipped", &[(1, N)])], &[Dev, Shipped]);
        // What tests of a dependency need is not needed here.
        check(&[&[(1, D)], &[]], &[("shipped", &[(0, N)])], &[Shipped, NotInGraph]);
        check(&[&[], &[]], &[("shipped", &[(0, N)])], &[Shipped, NotInGraph]);
        check(&[&[]], &[], &[Unknown]);
        // An edge that leads nowhere is none.
        check(&[&[(7, N)]], &[("shipped", &[(0, N), (9, N)])], &[Shipped]);
    }

    #[test]
    fn what_is_bundled_may_ship() {
        let edge = |to, usage| Edge { to, usage };
        let packages =
            [Package { edges: vec![edge(1, N)], ..Package::default() }, Package::default(), Package::default()];
        let edges = [edge(0, D), edge(2, N)];
        for (class, bundles, expected) in [
            ("shipped", false, [Reach::Dev, Reach::Dev, Reach::Shipped]),
            ("shipped", true, [Reach::Unknown, Reach::Unknown, Reach::Shipped]),
            ("test", true, [Reach::Dev; 3]),
        ] {
            let found = verdicts(&packages, &[Root { class, bundles, package: None, edges: &edges }]);
            let found: Vec<Reach> = found.into_iter().map(|verdict| verdict.reach).collect();
            assert_eq!(found, expected, "{class} {bundles}");
        }
    }

    #[test]
    fn classes_and_scopes_are_those_of_all_ways() {
        let packages = [Package::default(), Package::default()];
        let edges = [Edge { to: 0, usage: D }, Edge { to: 0, usage: N }];
        let roots = [
            Root { class: "test", bundles: true, package: None, edges: &edges },
            Root { class: "tool", bundles: false, package: Some(1), edges: &edges },
        ];
        let found = verdicts(&packages, &roots);
        assert_eq!(found[0].scopes, [Scope::Normal, Scope::Dev]);
        assert_eq!((found[0].rank, found[1].rank), (Some(path_class::rank("tool")), Some(path_class::rank("tool"))));
        assert_eq!((found[0].direct, found[1].direct), (true, false));
    }

    proptest::proptest! {
        #[test]
        fn more_edges_never_take_a_package_away_from_the_user(
            edges in proptest::collection::vec((0_usize..8, 0_usize..8, 0_u8..3), 0..24),
            more in (0_usize..8, 0_usize..8, 0_u8..3),
        ) {
            let usage = |number: u8| [N, B, D][usize::from(number)];
            let of = |edges: &[(usize, usize, u8)]| {
                let mut packages = vec![Package::default(); 8];
                for (from, to, kind) in edges {
                    packages[*from].edges.push(Edge { to: *to, usage: usage(*kind) });
                }
                let own = packages[0].edges.clone();
                verdicts(&packages, &[Root { class: "shipped", bundles: false, package: Some(0), edges: &own }])
            };
            let before = of(&edges);
            let mut all = edges.clone();
            all.push(more);
            for (one, other) in before.iter().zip(of(&all)) {
                proptest::prop_assert!(other.reach <= one.reach);
            }
        }
    }
}
