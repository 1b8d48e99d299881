//! Which packages and files ship by what the manifests say, whatever their folders are called.
//!
//! A member of a workspace in a folder called `examples` may be the program that is released. What is a default member, may
//! be published, is a dependency of what ships or has the product's name ships; where nothing else would, everything does.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use plimsoll_model::tree_path;

use super::{
    manifest::{Manifest, Section, Target},
    workspaces::discover,
};
use crate::{component::Scope, ecosystem::member_globs, options::Limits, path_class, tree_file::SourceFile};

/// What ships by the manifests, each with the rule that says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ships {
    /// Folders of packages that ship although the class that they were given says otherwise.
    pub folders: BTreeMap<String, String>,
    /// Sources of targets and build scripts that a package that ships names.
    pub files: BTreeMap<String, String>,
}

/// Gives what ships of packages whose class is another, and which files those that ship name.
///
/// `manifests` are the `Cargo.toml` of the tree with the class of their path by its name; `paths` is all of the tree, and
/// `product` the name under which it is released, where that is known. What is no manifest is passed over.
///
/// Source: the Cargo Book, "Workspaces" (members, default members), "The publish field", "Cargo Targets".
pub fn ships(manifests: &[SourceFile], paths: &BTreeSet<&str>, product: Option<&str>) -> Ships {
    let limits = Limits::default();
    let mut read: Vec<Manifest> = manifests
        .iter()
        .take(limits.manifests)
        .filter_map(|file| Manifest::parse(&file.path, &file.blob, &file.class, &file.bytes, &limits).ok())
        .collect();
    read.sort_by(|one, other| one.path.cmp(&other.path));
    let mut graph = Graph::of(&read, paths, &limits);
    for (number, manifest) in read.iter().enumerate() {
        let named = product.is_some() && manifest.package.as_ref().map(|package| package.name.as_str()) == product;
        if manifest.class == path_class::SHIPPED {
            graph.add(number, None);
        } else if named && graph.makes_something(number) {
            graph.add(number, Some("it has the product's name".to_owned()));
        }
    }
    graph.follow();
    graph.where_nothing_ships();
    graph.follow();
    graph.finish()
}

struct Graph<'a> {
    manifests: &'a [Manifest],
    by_folder: BTreeMap<&'a str, usize>,
    /// Members by their root.
    members: BTreeMap<usize, Vec<usize>>,
    root_of: BTreeMap<usize, usize>,
    paths: &'a BTreeSet<&'a str>,
    /// What ships, with the rule where the name says otherwise.
    ships: BTreeMap<usize, Option<String>>,
    queue: VecDeque<usize>,
}

impl<'a> Graph<'a> {
    fn of(manifests: &'a [Manifest], paths: &'a BTreeSet<&'a str>, limits: &Limits) -> Self {
        let found = discover(manifests, &BTreeSet::new(), limits).workspaces;
        let members: BTreeMap<usize, Vec<usize>> =
            found.into_iter().map(|workspace| (workspace.root, workspace.members)).collect();
        let root_of =
            members.iter().flat_map(|(root, members)| members.iter().map(move |member| (*member, *root))).collect();
        let by_folder = manifests.iter().enumerate().map(|(number, manifest)| (manifest.folder(), number)).collect();
        Self { manifests, by_folder, members, root_of, paths, ships: BTreeMap::new(), queue: VecDeque::new() }
    }

    fn add(&mut self, number: usize, rule: Option<String>) {
        if let std::collections::btree_map::Entry::Vacant(place) = self.ships.entry(number) {
            place.insert(rule);
            self.queue.push_back(number);
        }
    }

    /// Adds what those that ship lead to, until there is no more.
    fn follow(&mut self) {
        while let Some(number) = self.queue.pop_front() {
            let Some(manifest) = self.manifests.get(number) else { continue };
            let path = &manifest.path;
            for next in self.led_to(number, Section::Package) {
                self.add(next, Some(format!("it is a dependency of {path}")));
            }
            for next in self.led_to(number, Section::Patch) {
                self.add(next, Some(format!("{path} puts it in the place of a dependency")));
            }
            let Some(root) = &manifest.root else { continue };
            let defaults = manifest.paths.iter().filter(|(key, _)| key == "workspace.default-members");
            let defaults: Vec<String> =
                defaults.filter_map(|(_, folder)| tree_path::join(manifest.folder(), folder)).collect();
            for member in self.members.get(&number).cloned().unwrap_or_default() {
                let Some(package) = self.manifests.get(member) else { continue };
                let published = package.package.as_ref().is_some_and(|package| package.publish.unwrap_or(root.publish));
                if defaults.iter().any(|default| member_globs::matches(default, package.folder())) {
                    self.add(member, Some(format!("it is a default member of {path}")));
                } else if published && self.makes_something(member) {
                    self.add(member, Some(format!("it is a member of {path} that may be published")));
                }
            }
        }
    }

    /// Where no member of a workspace that ships does, names cannot be right: there would be no product.
    fn where_nothing_ships(&mut self) {
        let roots: Vec<usize> = self.members.keys().copied().filter(|root| self.ships.contains_key(root)).collect();
        for root in roots {
            let members = self.members.get(&root).cloned().unwrap_or_default();
            let Some(manifest) = self.manifests.get(root) else { continue };
            if members.iter().any(|member| self.ships.contains_key(member)) {
                continue;
            }
            for member in members {
                if self.makes_something(member) {
                    self.add(member, Some(format!("nothing else that {} lists would ship", manifest.path)));
                }
            }
        }
    }

    /// Has it a library or a program, and are these no fuzz targets?
    fn makes_something(&self, number: usize) -> bool {
        let Some((manifest, package)) =
            self.manifests.get(number).and_then(|manifest| Some((manifest, manifest.package.as_ref()?)))
        else {
            return false;
        };
        let within = |name: &str| tree_path::within(manifest.folder(), name);
        let bins = within("src/bin/");
        let named = package.targets.iter().any(|target| matches!(target, Target::Lib(_) | Target::Bin(..)));
        let found = ["src/lib.rs", "src/main.rs"].iter().any(|name| self.paths.contains(within(name).as_str()))
            || self.paths.range(bins.as_str()..).next().is_some_and(|path| path.starts_with(&bins));
        !package.fuzz && (named || found)
    }

    /// The manifests to which dependencies lead by a path, those for tests left out.
    fn led_to(&self, number: usize, section: Section) -> Vec<usize> {
        let Some(manifest) = self.manifests.get(number) else { return Vec::new() };
        let root = self.root_of.get(&number).and_then(|root| self.manifests.get(*root)).unwrap_or(manifest);
        let wanted = manifest.dependencies.iter().filter(|one| one.section == section && one.scope != Scope::Dev);
        wanted
            .filter_map(|dependency| {
                let (folder, path) = if dependency.inherited {
                    let mut shared = root.dependencies.iter().filter(|one| one.section == Section::Workspace);
                    (root.folder(), shared.find(|one| one.key == dependency.key)?.path.as_deref()?)
                } else {
                    (manifest.folder(), dependency.path.as_deref()?)
                };
                self.by_folder.get(tree_path::join(folder, path)?.as_str()).copied()
            })
            .collect()
    }

    fn finish(self) -> Ships {
        let mut ships = Ships::default();
        for (number, rule) in self.ships {
            let Some(manifest) = self.manifests.get(number) else { continue };
            if let Some(rule) = rule {
                ships.folders.insert(manifest.folder().to_owned(), rule);
            }
            let Some(package) = &manifest.package else { continue };
            let targets = package.targets.iter().filter_map(|target| match target {
                Target::Lib(path) | Target::Bin(_, path) => path.as_deref(),
                Target::Other(..) => None,
            });
            for named in targets.chain(package.build.as_deref()) {
                if let Some(file) = tree_path::join(manifest.folder(), named) {
                    ships.files.entry(file).or_insert_with(|| format!("{} names it as a source", manifest.path));
                }
            }
        }
        ships
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folders that are not called as what ships, with their `Cargo.toml`; the root's comes first.
    fn check(manifests: &[(&str, &str)], expected: &[(&str, &str)]) {
        let files: Vec<SourceFile> = manifests
            .iter()
            .map(|(folder, text)| SourceFile {
                path: tree_path::within(folder, "Cargo.toml"),
                blob: String::new(),
                bytes: text.as_bytes().to_vec(),
                class: if folder.starts_with("examples") { "example" } else { "shipped" }.to_owned(),
            })
            .collect();
        let sources: Vec<String> =
            manifests.iter().map(|(folder, _)| tree_path::within(folder, "src/main.rs")).collect();
        let paths = sources.iter().map(String::as_str).collect();
        let found = ships(&files, &paths, Some("acme"));
        let found: Vec<_> = found.folders.iter().map(|(folder, rule)| (folder.as_str(), rule.as_str())).collect();
        assert_eq!(found, expected, "{manifests:?}");
    }

    const CORE: (&str, &str) = ("core", "[package]\nname = \"core-x\"\nversion = \"1.0.0\"\npublish = false\n");

    #[test]
    fn manifests_decide_before_names() {
        let member = "[workspace]\nmembers = [\"examples/*\", \"core\"]\n";
        let private = "[package]\nname = \"a\"\nversion = \"1.0.0\"\npublish = false\n";
        let published = "[package]\nname = \"a\"\nversion = \"1.0.0\"\n";
        check(&[("", member), CORE, ("examples/a", private)], &[]);
        check(
            &[("", member), CORE, ("examples/a", published)],
            &[("examples/a", "it is a member of Cargo.toml that may be published")],
        );
        let defaults = format!("{member}default-members = [\"examples/a\"]\n");
        check(
            &[("", &defaults), CORE, ("examples/a", private)],
            &[("examples/a", "it is a default member of Cargo.toml")],
        );
        let named = private.replace("\"a\"", "\"acme\"");
        check(&[("", member), CORE, ("examples/a", &named)], &[("examples/a", "it has the product's name")]);
        check(
            &[("", member), ("examples/a", private)],
            &[("examples/a", "nothing else that Cargo.toml lists would ship")],
        );
        let depends = format!("{}[dependencies]\na = {{ path = \"../examples/a\" }}\n", CORE.1);
        check(
            &[("", member), ("core", &depends), ("examples/a", private)],
            &[("examples/a", "it is a dependency of core/Cargo.toml")],
        );
        // For tests alone, without a version, with fuzz targets, out of the workspace, forbidden for all.
        check(&[("", member), ("core", &depends.replace("[dep", "[dev-dep")), ("examples/a", private)], &[]);
        check(&[("", member), CORE, ("examples/a", "[package]\nname = \"a\"\n")], &[]);
        let fuzz = format!("{published}[package.metadata]\ncargo-fuzz = true\n");
        check(&[("", member), CORE, ("examples/a", &fuzz)], &[]);
        check(&[("", "[workspace]\nmembers = [\"core\"]\n"), CORE, ("examples/a", published)], &[]);
        let shared = format!("{member}[workspace.package]\npublish = false\n");
        let inherits = format!("{published}publish.workspace = true\n");
        check(&[("", &shared), CORE, ("examples/a", &inherits)], &[]);
        check(
            &[("", member), CORE, ("examples/a", &inherits)],
            &[("examples/a", "it is a member of Cargo.toml that may be published")],
        );
    }

    #[test]
    fn what_ships_leads_on_through_the_workspace() {
        let root = "[workspace]\nmembers = [\"core\", \"examples/*\"]\n[workspace.dependencies]\n\
                    a = { path = \"examples/a\" }\n[patch.crates-io]\nc = { path = \"examples/c\" }\n";
        let core = format!("{}[dependencies]\na.workspace = true\n", CORE.1);
        let a = "[package]\nname = \"a\"\n[build-dependencies]\nb = { path = \"../b\" }\n";
        check(
            &[
                ("", root),
                ("core", &core),
                ("examples/a", a),
                ("examples/b", "[package]\nname = \"b\"\n"),
                ("examples/c", "[package]\nname = \"c\"\n"),
                ("examples/d", "[package]\nname = \"d\"\n"),
            ],
            &[
                ("examples/a", "it is a dependency of core/Cargo.toml"),
                ("examples/b", "it is a dependency of examples/a/Cargo.toml"),
                ("examples/c", "Cargo.toml puts it in the place of a dependency"),
            ],
        );
    }

    #[test]
    fn a_source_that_is_named_ships_wherever_it_is() {
        let text = "[package]\nname = \"a\"\nbuild = \"tests/build.rs\"\n[lib]\npath = \"tests/lib.rs\"\n[[bin]]\n\
                    name = \"b\"\npath = \"examples/main.rs\"\n[[example]]\nname = \"c\"\npath = \"examples/c.rs\"\n";
        let file = SourceFile {
            path: "Cargo.toml".to_owned(),
            blob: String::new(),
            bytes: text.as_bytes().to_vec(),
            class: "shipped".to_owned(),
        };
        let found = ships(&[file], &BTreeSet::new(), None);
        let files: Vec<_> = found.files.keys().map(String::as_str).collect();
        assert_eq!(files, ["examples/main.rs", "tests/build.rs", "tests/lib.rs"]);
    }
}
