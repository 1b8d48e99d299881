//! The `[package]` table that cargo writes.

use toml::{Table, Value};

use super::{Era, Refusal, Sources, paths, put, workspace};

/// Fields that stand as in the source, or as in its workspace.
const KEPT: [&str; 26] = [
    "edition",
    "rust-version",
    "name",
    "version",
    "authors",
    "metabuild",
    "default-target",
    "forced-target",
    "links",
    "exclude",
    "include",
    "publish",
    "im-a-teapot",
    "autobins",
    "autoexamples",
    "autotests",
    "autobenches",
    "default-run",
    "description",
    "homepage",
    "documentation",
    "keywords",
    "categories",
    "license",
    "repository",
    "metadata",
];

/// Fields that only some versions know; the others leave them out. None has a meaning to a version that does not know it.
const KEPT_BY_SOME: [&str; 2] = ["publish-lockfile", "namespaced-features"];

/// The names of the targets that are looked for where the manifest is silent, as `package` switches them off.
const AUTOMATIC: [&str; 4] = ["autobins", "autoexamples", "autotests", "autobenches"];

/// What cargo takes for the README of a package that names none, in this order.
const READMES: [&str; 3] = ["README.md", "README.txt", "README"];

impl Sources<'_> {
    /// Gives the `[package]` table; `source` is that of the source, under whichever name.
    pub(super) fn package(&self, source: &Table, refusals: &mut Vec<Refusal>) -> Table {
        let packed = self.packed.get("package").and_then(Value::as_table);
        let packed = |key: &str| packed.and_then(|table| table.get(key));
        let mut package = Table::new();
        for key in KEPT {
            put(&mut package, key, self.inherited(source, key, refusals));
        }
        for key in KEPT_BY_SOME {
            put(&mut package, key, source.get(key).filter(|_| packed(key).is_some()).cloned());
        }
        // Versions of 2017 lost the metadata. They knew no edition yet and did not write down the commit either.
        let is_of_2017 =
            self.era == Era::Found && packed("edition").is_none() && !self.files.contains(".cargo_vcs_info.json");
        if is_of_2017 && packed("metadata").is_none() {
            package.remove("metadata");
        }
        // Surrounding white space in a version is read over and not written again.
        if let Some(Value::String(version)) = package.get_mut("version") {
            *version = version.trim().to_owned();
        }
        put(&mut package, "build", self.build(source.get("build")));
        let readme = self.readme(source, packed("readme"), refusals);
        put(&mut package, "readme", readme);
        let license_file = self.inherited(source, "license-file", refusals);
        put(&mut package, "license-file", license_file.map(|value| relocated(value, packed("license-file"), self.era)));
        let resolver = self.resolver(source, &package, packed("resolver"));
        put(&mut package, "resolver", resolver);
        if self.era == Era::WrittenOut {
            for key in AUTOMATIC {
                package.insert(key.to_owned(), Value::Boolean(false));
            }
            // This one came in 1.83, and before that was left out as unknown.
            if packed("autolib").is_some() {
                package.insert("autolib".to_owned(), Value::Boolean(false));
            }
        }
        package
    }

    /// Gives a field of the source's package, from the workspace where the source says so.
    fn inherited(&self, source: &Table, key: &str, refusals: &mut Vec<Refusal>) -> Option<Value> {
        let value = source.get(key)?;
        // What stands below `metadata` is nobody's business, also where it looks like something that is inherited.
        if key == "metadata" || !workspace::inherits(value) {
            return Some(value.clone());
        }
        let inherited = match key {
            "license-file" => self.workspace.package_file(key),
            "readme" => self.inherited_readme(),
            key => self.workspace.package_field(key).cloned(),
        };
        if inherited.is_none() {
            refusals.push(Refusal::not_inherited(&["package", key], value));
        }
        inherited
    }

    /// Gives the workspace's README under the name that it has in the package; a workspace that names none has the one
    /// beside its manifest, which was copied into the package.
    fn inherited_readme(&self) -> Option<Value> {
        match self.workspace.package_field("readme") {
            Some(Value::Boolean(true)) => Some(Value::String("README.md".to_owned())),
            Some(Value::Boolean(false)) => None,
            Some(_) => self.workspace.package_file("readme"),
            None => self.workspace.is_at_hand().then(|| self.found_readme()).flatten(),
        }
    }

    fn found_readme(&self) -> Option<Value> {
        let found = READMES.into_iter().find(|name| self.files.contains(*name))?;
        Some(Value::String(found.to_owned()))
    }

    /// Gives the build script: as in the source, or written out as what it comes to with the files of the package.
    fn build(&self, stated: Option<&Value>) -> Option<Value> {
        if self.era == Era::Found {
            return stated.cloned();
        }
        let path = match stated {
            None | Some(Value::Boolean(true)) => Some("build.rs".to_owned()),
            Some(Value::Boolean(false)) => None,
            Some(Value::String(path)) => paths::inside(path),
            Some(other) => return Some(other.clone()),
        };
        let packed = path.filter(|path| self.files.contains(path));
        Some(packed.map_or(Value::Boolean(false), Value::String))
    }

    /// Gives the README: named, found beside the manifest (from 1.44 on), or said to be none.
    fn readme(&self, source: &Table, packed: Option<&Value>, refusals: &mut Vec<Refusal>) -> Option<Value> {
        let stated = self.inherited(source, "readme", refusals);
        let written_out = match stated.clone() {
            None => self.found_readme(),
            Some(Value::Boolean(true)) => Some(Value::String("README.md".to_owned())),
            Some(Value::Boolean(false)) => None,
            Some(value) => Some(relocated(value, packed, self.era)),
        };
        match self.era {
            Era::WrittenOut => written_out.or(Some(Value::Boolean(false))),
            Era::Found if packed == stated.as_ref() => stated,
            Era::Found => written_out,
        }
    }

    /// Gives the resolver: stated where the workspace is built with another one than the package alone would be.
    fn resolver(&self, source: &Table, package: &Table, packed: Option<&Value>) -> Option<Value> {
        let stated = source.get("resolver");
        let edition = package.get("edition").and_then(Value::as_str);
        let alone = stated.and_then(Value::as_str).unwrap_or_else(|| workspace::implied_resolver(edition));
        let of_workspace = self.workspace.resolver(edition);
        let of_workspace = Value::String(of_workspace);
        let now = if of_workspace.as_str() == Some(alone) { stated.cloned() } else { Some(of_workspace.clone()) };
        // 1.51 to 1.62 stated the second version always and the first never. Where leaving it out changed what the package
        // is built with, which was a mistake of theirs, it stays unexplained.
        let then = Some(of_workspace).filter(|resolver| resolver.as_str() == Some("2"));
        let keeps_meaning = then.is_some() || alone == workspace::implied_resolver(edition);
        if self.era == Era::Found && packed == then.as_ref() && keeps_meaning { then } else { now }
    }
}

/// Gives the path of a file as it is in the package.
///
/// Versions differ in whether a path inside is written anew, and up to 1.46 one that leads outside was not.
fn relocated(value: Value, packed: Option<&Value>, era: Era) -> Value {
    let Some(path) = value.as_str() else {
        return value;
    };
    let may_stay = era == Era::Found || paths::inside(path).is_some();
    match paths::packed_at(path) {
        Some(new) if packed != Some(&value) || !may_stay => Value::String(new),
        _ => value,
    }
}
