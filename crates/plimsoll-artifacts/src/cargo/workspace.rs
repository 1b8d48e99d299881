//! What a package inherits from its workspace.

use toml::{Table, Value};

use super::paths;

/// The `[workspace]` table that a package belongs to, where it is at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workspace<'a> {
    table: Option<&'a Table>,
    /// The manifest that the table stands in: its own package and edition decide the resolver of all members.
    root: &'a Table,
    /// The table stands in the package's own manifest, so that paths in it are the package's.
    own: bool,
}

impl<'a> Workspace<'a> {
    /// Finds the workspace: the manifest's own where it has one, else that of `root`.
    pub(super) fn of(original: &'a Table, root: Option<&'a Table>) -> Self {
        let table_of = |manifest: &'a Table| manifest.get("workspace").and_then(Value::as_table);
        match (table_of(original), root) {
            (None, Some(root)) => Self { table: table_of(root), root, own: false },
            (table, _) => Self { table, root: original, own: true },
        }
    }

    /// Gives a field of `[workspace.package]`.
    pub(super) fn package_field(&self, field: &str) -> Option<&'a Value> {
        self.table?.get("package")?.as_table()?.get(field)
    }

    /// Gives the field of `[workspace.package]` that names a file, as the package would name it.
    ///
    /// A member lies below its root, so that a file of the root is outside of the member: cargo packs it under its bare
    /// name. The one case that this does not see is a workspace that points into the folder of a member.
    pub(super) fn package_file(&self, field: &str) -> Option<Value> {
        let value = self.package_field(field)?;
        match value.as_str() {
            Some(path) if !self.own => Some(Value::String(paths::file_name(path)?.to_owned())),
            _ => Some(value.clone()),
        }
    }

    /// Gives an entry of `[workspace.dependencies]`.
    pub(super) fn dependency(&self, name: &str) -> Option<&'a Value> {
        self.table?.get("dependencies")?.as_table()?.get(name)
    }

    /// Gives `[workspace.lints]`.
    pub(super) fn lints(&self) -> Option<&'a Value> {
        self.table?.get("lints")
    }

    /// There is a workspace, and its manifest was given.
    pub(super) fn is_at_hand(&self) -> bool {
        self.table.is_some()
    }

    /// Gives the version of the dependency resolver that the workspace is built with.
    ///
    /// Source: The Cargo Book, "Dependency Resolution", "Resolver versions": what the root says, else what its edition
    /// implies, else (a root without a package) the first.
    pub(super) fn resolver(&self, edition_of_package: Option<&str>) -> String {
        let package = self.root.get("package").or_else(|| self.root.get("project")).and_then(Value::as_table);
        let stated = [self.table, package].into_iter().flatten().find_map(|table| table.get("resolver"));
        if let Some(stated) = stated.and_then(Value::as_str) {
            return stated.to_owned();
        }
        if self.own {
            return implied_resolver(edition_of_package).to_owned();
        }
        let edition = package.and_then(|package| package.get("edition"));
        let edition = match edition {
            Some(value) if inherits(value) => self.package_field("edition"),
            other => other,
        };
        implied_resolver(edition.and_then(Value::as_str)).to_owned()
    }
}

/// Gives the version of the resolver that an edition implies.
pub(super) fn implied_resolver(edition: Option<&str>) -> &'static str {
    match edition {
        None | Some("2015" | "2018") => "1",
        Some("2021") => "2",
        Some(_) => "3",
    }
}

/// Tells whether a value says that it is the workspace's.
pub(super) fn inherits(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}
