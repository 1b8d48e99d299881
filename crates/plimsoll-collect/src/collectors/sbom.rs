//! What the product is built from: ecosystems, workspaces, lockfiles, components.

use plimsoll_components::{Cause, Component, FoundEcosystem, Inventory, Lockfile, Workspace};
use plimsoll_model::{Assurance, InputId, Kind, Pointer, Rests, Subject};

use crate::{Collector, Context, Gathered, Need};

/// The kind of a package ecosystem.
pub const ECOSYSTEM: Kind =
    Kind::of_body::<FoundEcosystem>("A package ecosystem that the tree has manifests or lockfiles of.")
        .resting_on(const { &on_the_graph(&["body/checked", "body/reason"]) });
const WORKSPACE: Kind =
    Kind::of::<Workspace>("workspace", "What one lockfile is for: a workspace with its members, or a single package.")
        .resting_on(const { &on_the_graph(&["body/dependencies", "body/difference", "body/resolver"]) });
/// The kind of a lockfile.
pub const LOCKFILE: Kind =
    Kind::of::<Lockfile>("lockfile", "A lockfile that was read, and what its entries are pinned by.")
        .resting_on(const { &on_the_graph(&["body/whole", "body/wholeReason"]) })
        .with_parts(&[
            ("packages", &["registryPackages", "gitPinned"]),
            ("registryPackages", &["withChecksum", "missingChecksum"]),
        ]);
/// The kind of a component.
pub const COMPONENT: Kind =
    Kind::of_body::<Component>("One package of one lockfile: where it comes from and how far it reaches.").resting_on(
        const {
            &on_the_graph(&[
                "body/inAllFeatures",
                "body/inDefault",
                "body/licence",
                "body/openLicence",
                "body/reach",
                "body/scopes",
                "body/targets",
            ])
        },
    );

/// What is locked, and what is known of it, is in the repository; how it is reached is what is resolved.
const fn on_the_graph(members: &'static [&'static str]) -> [Rests; 2] {
    [Rests::members(InputId::CrateSources, members), Rests::members(InputId::Resolver, members)]
}

/// How many of an ecosystem's files a fact points to.
const PLACES_SHOWN: usize = 5;

/// Lists the components of every workspace, with package URLs, from the inventory made before.
pub struct Sbom;

impl Collector for Sbom {
    fn name(&self) -> &'static str {
        "sbom"
    }

    fn about(&self) -> &'static str {
        "Components of every workspace: where they come from, what they are built for, which of them ship."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[ECOSYSTEM, WORKSPACE, LOCKFILE, COMPONENT] }
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Inventory]
    }

    fn is_of_the_commit(&self) -> bool {
        true
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        gather(cx.inventory, cx.snapshot.tree_gap())
    }
}

/// Gives the four kinds. `tree_gap` says why the list of files itself is incomplete.
fn gather(inventory: &Inventory, tree_gap: Option<&str>) -> Vec<Gathered> {
    let mut all = vec![ecosystems(inventory), workspaces(inventory), lockfiles(inventory), components(inventory)];
    if let Some(reason) = tree_gap {
        for gathered in &mut all {
            gathered.gap(reason);
        }
    }
    all
}

fn ecosystems(inventory: &Inventory) -> Gathered {
    let files = inventory.ecosystems.iter().map(|ecosystem| ecosystem.manifests + ecosystem.lockfiles).sum();
    let mut gathered = Gathered::searched(&ECOSYSTEM, "manifests and lockfiles", files);
    for ecosystem in &inventory.ecosystems {
        let pointers = ecosystem.places.iter().take(PLACES_SHOWN).map(Pointer::path).collect();
        gathered.push(Subject::repository(), Assurance::Observed, ecosystem, pointers);
    }
    gathered.limitation(
        "Ecosystems are known by the names of files; a copy of a few files among the product's own sources is not seen.",
    );
    gathered
}

fn workspaces(inventory: &Inventory) -> Gathered {
    let causes = [Cause::Manifest, Cause::PackageManager, Cause::Limit];
    let mut gathered =
        start(&WORKSPACE, "manifests", inventory.manifests, inventory, &causes, inventory.workspaces.is_empty());
    for workspace in &inventory.workspaces {
        let pointer = Pointer::blob(&workspace.manifest, &workspace.blob);
        gathered.push(Subject::path(&workspace.manifest), Assurance::Observed, workspace, vec![pointer]);
    }
    gathered
}

fn lockfiles(inventory: &Inventory) -> Gathered {
    let causes = [
        Cause::Lockfile,
        Cause::FutureLockfile,
        Cause::LockfileEntry,
        Cause::Configuration,
        Cause::Limit,
        Cause::NotListed,
    ];
    let count = inventory.lockfiles.len() as u64;
    // Where there is a workspace, that it has no lockfile is known whatever else was not read.
    let nothing = inventory.lockfiles.is_empty()
        && (inventory.workspaces.is_empty()
            || inventory.gaps.iter().any(|gap| {
                !matches!(gap.cause, Cause::NotListed | Cause::Configuration) && causes.contains(&gap.cause)
            }));
    let mut gathered = start(&LOCKFILE, "lockfiles", count, inventory, &causes, nothing);
    for lockfile in &inventory.lockfiles {
        let pointer = Pointer::blob(&lockfile.path, &lockfile.blob);
        gathered.push(Subject::path(&lockfile.path), Assurance::Observed, lockfile, vec![pointer]);
    }
    gathered
}

fn components(inventory: &Inventory) -> Gathered {
    // Every cause leaves components out, or leaves open how far they reach.
    let causes = [
        Cause::Manifest,
        Cause::Lockfile,
        Cause::FutureLockfile,
        Cause::LockfileEntry,
        Cause::NoLockfile,
        Cause::StaleLockfile,
        Cause::Configuration,
        Cause::PackageManager,
        Cause::Limit,
        Cause::NotListed,
    ];
    let count = inventory.manifests + inventory.lockfiles.len() as u64;
    let mut gathered =
        start(&COMPONENT, "manifests and lockfiles", count, inventory, &causes, inventory.components.is_empty());
    for component in &inventory.components {
        let pointer = Pointer::blob(&component.place, &component.blob);
        gathered.push(Subject::component(&component.purl), Assurance::Observed, component, vec![pointer]);
    }
    for limitation in &inventory.limitations {
        gathered.limitation(limitation);
    }
    // What ships is among the gaps.
    for ecosystem in inventory.ecosystems.iter().filter(|ecosystem| !ecosystem.checked) {
        let reason = format!("{} is not checked: {}", ecosystem.name, ecosystem.reason.as_deref().unwrap_or_default());
        if !inventory.gaps.iter().any(|gap| gap.cause == Cause::NotListed && gap.reason == reason) {
            gathered.limitation(reason + ".");
        }
    }
    if !inventory.package_managers.is_empty() {
        gathered.limitation(
            "Features are those that all members of a workspace turn on together, and targets are those that rustc knows.",
        );
    }
    gathered
}

/// Begins a kind with the gaps that concern it; where nothing at all was understood it is unavailable.
fn start(
    kind: &Kind,
    what: &'static str,
    count: u64,
    inventory: &Inventory,
    causes: &[Cause],
    nothing: bool,
) -> Gathered {
    let mut gaps = inventory.gaps.iter().filter(|gap| causes.contains(&gap.cause));
    let mut gathered = match gaps.next() {
        None => return Gathered::searched(kind, what, count),
        Some(first) if nothing => Gathered::unavailable(kind, what, &first.reason),
        Some(first) => {
            let mut gathered = Gathered::searched(kind, what, count);
            gathered.gap(&first.reason);
            gathered
        }
    };
    for gap in gaps {
        gathered.gap(&gap.reason);
    }
    gathered
}

#[cfg(test)]
mod tests {
    use plimsoll_components::{Options, Resolver, SourceFile, Survey, inventory};
    use plimsoll_model::{KindReport, KindStatus};

    use super::*;

    const MANIFEST: &str = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[dependencies]\nserde = \"1\"\n";
    const LOCK: &str = "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"serde\"]\n\
                        [[package]]\nname = \"serde\"\nversion = \"1.0.0\"\n\
                        source = \"registry+https://github.com/rust-lang/crates.io-index\"\n";

    fn of(files: &[(&str, &str)]) -> Inventory {
        let files: Vec<SourceFile> = files
            .iter()
            .map(|(path, text)| SourceFile {
                path: (*path).to_owned(),
                blob: "0".repeat(40),
                bytes: text.as_bytes().to_vec(),
                class: "shipped".to_owned(),
            })
            .collect();
        inventory(&files, &Survey::default(), &Options { resolver: Resolver::Lockfile, ..Options::default() })
    }

    /// The status and the number of facts of ecosystem, workspace, lockfile and component.
    fn check(files: &[(&str, &str)], expected: [(KindStatus, u64); 4]) -> Vec<KindReport> {
        let reports: Vec<KindReport> =
            gather(&of(files), None).into_iter().map(|gathered| gathered.finish("sbom").0).collect();
        let told: Vec<(KindStatus, u64)> = reports.iter().map(|report| (report.status, report.count)).collect();
        assert_eq!(told, expected, "{reports:?}");
        reports
    }

    #[test]
    fn each_kind_says_what_it_saw() {
        use KindStatus::{Partial, Searched, Unavailable};
        check(&[], [(Searched, 0); 4]);
        check(
            &[("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK)],
            [(Searched, 1), (Searched, 1), (Searched, 1), (Searched, 2)],
        );
        let reports = check(&[("Cargo.toml", MANIFEST)], [(Searched, 1), (Searched, 1), (Searched, 0), (Partial, 1)]);
        assert!(reports[3].reason.as_deref().unwrap().contains("no Cargo.lock"));
        let reports = check(
            &[("Cargo.toml", MANIFEST), ("Cargo.lock", "version = 99\n")],
            [(Searched, 1), (Searched, 1), (Unavailable, 0), (Partial, 1)],
        );
        assert!(reports[2].reason.as_deref().unwrap().contains("version 99"));
        check(&[("Cargo.toml", "<<<<")], [(Searched, 1), (Unavailable, 0), (Searched, 0), (Unavailable, 0)]);
        check(
            &[("Cargo.toml", "<"), ("Cargo.lock", LOCK)],
            [(Searched, 1), (Unavailable, 0), (Searched, 1), (Partial, 2)],
        );
    }

    #[test]
    fn an_incomplete_tree_makes_every_kind_partial() {
        for gathered in gather(&of(&[("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK)]), Some("a tree object is missing"))
        {
            let (report, _) = gathered.finish("sbom");
            assert_eq!(report.status, KindStatus::Partial);
            assert!(report.reason.unwrap().contains("a tree object is missing"));
        }
    }

    #[test]
    fn bodies_have_the_members_of_the_contract() {
        let gathered = gather(&of(&[("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK)]), None);
        let facts: Vec<_> = gathered.iter().flat_map(Gathered::facts).collect();
        insta::assert_json_snapshot!(facts);
    }
}
