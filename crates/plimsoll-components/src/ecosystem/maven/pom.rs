//! pom.xml as it is written.
//!
//! Source: Maven, "POM Reference"; the schema maven-4.0.0.xsd.

use std::collections::BTreeMap;

use roxmltree::Node;

use crate::xml::{self, Refused};

/// How deep elements may lie.
const DEEPEST: usize = 64;

/// One file.
#[derive(Clone, Debug, Default)]
pub(super) struct Pom {
    pub parent: Option<Parent>,
    pub group: Option<String>,
    pub artifact: String,
    pub version: Option<String>,
    pub licence: Option<String>,
    /// By name; nothing where profiles set several.
    pub properties: BTreeMap<String, Option<String>>,
    pub modules: Vec<String>,
    pub dependencies: Vec<Dependency>,
    /// Versions and scopes of dependencies that say none.
    pub managed: Vec<Dependency>,
    /// Lists of such that are taken from others.
    pub imported: Vec<Dependency>,
    pub plugins: Vec<Dependency>,
    pub managed_plugins: Vec<Dependency>,
    /// Repositories, by address.
    pub repositories: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Parent {
    pub group: String,
    pub artifact: String,
    pub version: String,
    /// Where it lies; nothing where it is looked for in repositories alone.
    pub path: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Dependency {
    pub group: String,
    pub artifact: String,
    pub version: Option<String>,
    pub scope: Option<String>,
    /// Is it in a profile, so that it may be left out?
    pub conditional: bool,
}

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<Pom, String> {
    let text =
        std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|_| "it is not UTF-8")?;
    let document = xml::parse(text, DEEPEST).map_err(|refused| match refused {
        Refused::TooDeep => format!("elements deeper than {DEEPEST}"),
        Refused::Other(reason) => reason,
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "project" {
        return Err("it is no project of Maven".to_owned());
    }
    let mut pom = Pom {
        group: child_text(root, "groupId"),
        artifact: child_text(root, "artifactId").ok_or("it has no artifactId")?,
        version: child_text(root, "version"),
        ..Pom::default()
    };
    pom.parent = child(root, "parent").map(|parent| {
        let text = |name: &str| child_text(parent, name).unwrap_or_default();
        let path = child(parent, "relativePath").map_or_else(|| Some("..".to_owned()), |one| Some(text_of(one)));
        Parent {
            group: text("groupId"),
            artifact: text("artifactId"),
            version: text("version"),
            path: path.filter(|path| !path.is_empty()),
        }
    });
    let licences = child(root, "licenses");
    let mut licences = licences.into_iter().flat_map(|all| elements(all, "license"));
    if let (Some(one), None) = (licences.next(), licences.next()) {
        pom.licence = child_text(one, "name").filter(|name| spdx::Expression::parse(name).is_ok());
    }
    section(root, false, &mut pom);
    let profiles = child(root, "profiles").into_iter().flat_map(|all| elements(all, "profile"));
    // What no profile sets counts more.
    let always = std::mem::take(&mut pom.properties);
    for profile in profiles {
        section(profile, true, &mut pom);
    }
    pom.properties.extend(always);
    Ok(pom)
}

/// What a project and its profiles have alike.
fn section(node: Node<'_, '_>, conditional: bool, pom: &mut Pom) {
    for one in child(node, "properties").into_iter().flat_map(|all| all.children().filter(Node::is_element)) {
        let (name, value) = (one.tag_name().name().to_owned(), text_of(one));
        match pom.properties.get_mut(&name) {
            Some(known) if conditional => *known = known.take().filter(|known| *known == value),
            _ => {
                pom.properties.insert(name, Some(value));
            }
        }
    }
    for name in ["modules", "subprojects"] {
        let modules = child(node, name).into_iter().flat_map(|all| all.children().filter(Node::is_element));
        pom.modules.extend(modules.map(text_of).filter(|module| !module.is_empty()));
    }
    let listed = |node: Option<Node<'_, '_>>| -> Vec<Dependency> {
        let all = node.and_then(|node| child(node, "dependencies"));
        all.into_iter()
            .flat_map(|all| elements(all, "dependency"))
            .map(|one| dependency(one, "", conditional))
            .collect()
    };
    pom.dependencies.extend(listed(Some(node)));
    let (imported, managed): (Vec<_>, Vec<_>) =
        listed(child(node, "dependencyManagement")).into_iter().partition(|one| one.scope.as_deref() == Some("import"));
    pom.imported.extend(imported);
    pom.managed.extend(managed);
    let repositories = child(node, "repositories").into_iter().flat_map(|all| elements(all, "repository"));
    for one in repositories {
        let releases = child(one, "releases").and_then(|releases| child_text(releases, "enabled"));
        // One of versions that change alone has none that is pinned.
        if releases.as_deref() != Some("false") {
            pom.repositories.push(child_text(one, "url").unwrap_or_default());
        }
    }
    let Some(build) = child(node, "build") else { return };
    let plugins = |node: Option<Node<'_, '_>>| -> Vec<Dependency> {
        let all = node.and_then(|node| child(node, "plugins"));
        let mut found = Vec::new();
        for one in all.into_iter().flat_map(|all| elements(all, "plugin")) {
            found.push(dependency(one, "org.apache.maven.plugins", conditional));
            let own = child(one, "dependencies").into_iter().flat_map(|all| elements(all, "dependency"));
            found.extend(own.map(|one| dependency(one, "", conditional)));
        }
        found
    };
    pom.plugins.extend(plugins(Some(build)));
    pom.managed_plugins.extend(plugins(child(build, "pluginManagement")));
    let extensions = child(build, "extensions").into_iter().flat_map(|all| elements(all, "extension"));
    pom.plugins.extend(extensions.map(|one| dependency(one, "", conditional)));
}

fn dependency(node: Node<'_, '_>, group: &str, conditional: bool) -> Dependency {
    Dependency {
        group: child_text(node, "groupId").unwrap_or_else(|| group.to_owned()),
        artifact: child_text(node, "artifactId").unwrap_or_default(),
        version: child_text(node, "version"),
        scope: child_text(node, "scope"),
        conditional,
    }
}

fn elements<'a, 'b>(node: Node<'a, 'b>, name: &'static str) -> impl Iterator<Item = Node<'a, 'b>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn child<'a, 'b>(node: Node<'a, 'b>, name: &str) -> Option<Node<'a, 'b>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

fn child_text(node: Node<'_, '_>, name: &str) -> Option<String> {
    child(node, name).map(text_of).filter(|text| !text.is_empty())
}

fn text_of(node: Node<'_, '_>) -> String {
    node.children().filter(Node::is_text).filter_map(|child| child.text()).collect::<String>().trim().to_owned()
}
