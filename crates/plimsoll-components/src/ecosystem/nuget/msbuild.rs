//! Files of `MSBuild`: what of them says what a project is built from, in the order in which it is written.
//!
//! Source: `MSBuild` reference, "`MSBuild` project file schema reference"; `NuGet` documentation, "`PackageReference` in
//! project files", "Central Package Management".

use roxmltree::Node;

use crate::xml::{self, Refused};

/// How deep elements may lie.
const DEEPEST: usize = 64;

/// One file.
#[derive(Clone, Debug, Default)]
pub(super) struct MsBuild {
    /// SDKs that it is written for, which bring in more.
    pub sdks: Vec<String>,
    pub statements: Vec<Statement>,
    /// Does it ask for packages while it is built, so that what it asks for depends on what is computed then?
    pub computes: bool,
    /// Paths of built files that it takes, as they are written.
    pub prebuilt: Vec<String>,
}

/// What one element says.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// The conditions under which it holds, its own last; empty where it always does.
    pub conditions: Vec<String>,
    pub what: What,
}

#[derive(Clone, Debug)]
pub(super) enum What {
    /// A value for a name, in small letters.
    Property {
        name: String,
        value: String,
    },
    /// Another file that is taken in.
    Import {
        path: String,
    },
    Item(Item),
}

/// What is done with things of one kind.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub kind: Kind,
    pub action: Action,
    /// Ids or paths, separated by `;`.
    pub names: String,
    pub version: Option<String>,
    /// A version that counts more than the central one.
    pub version_override: Option<String>,
    /// What of a package is taken, and what is not.
    pub include_assets: Option<String>,
    pub exclude_assets: Option<String>,
    /// What of it those do not get who take the project.
    pub private_assets: Option<String>,
    /// Is what a project builds to be taken?
    pub is_referenced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A package that is taken.
    Package,
    /// The version of packages that are taken without one.
    Central,
    /// A package that every project takes.
    Global,
    /// A package that is fetched, and a tool: neither is in the graph.
    Fetched,
    /// Another project.
    Project,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Include,
    Update,
    Remove,
}

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Result<MsBuild, String> {
    let text =
        std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|_| "it is not UTF-8")?;
    let document = parse(text)?;
    let root = document.root_element();
    if root.tag_name().name() != "Project" {
        return Err("it is no project of MSBuild".to_owned());
    }
    let mut read = MsBuild::default();
    read.sdks.extend(root.attribute("Sdk").into_iter().flat_map(|all| all.split(';')).map(|one| one.trim().to_owned()));
    let mut conditions = Vec::new();
    for child in root.children().filter(Node::is_element) {
        look_at(child, &mut conditions, &mut read);
    }
    Ok(read)
}

/// Reads XML.
pub(super) fn parse(text: &str) -> Result<roxmltree::Document<'_>, String> {
    xml::parse(text, DEEPEST).map_err(|refused| match refused {
        Refused::TooDeep => format!("elements deeper than {DEEPEST}"),
        Refused::Other(reason) => reason,
    })
}

/// Takes in an element. The depth is bounded where it was read.
fn look_at(node: Node<'_, '_>, conditions: &mut Vec<String>, read: &mut MsBuild) {
    let own = node.attribute("Condition").filter(|condition| !condition.trim().is_empty());
    // One of several alternatives.
    let own = own.or_else(|| (node.tag_name().name() == "Otherwise").then_some("otherwise"));
    conditions.extend(own.map(ToOwned::to_owned));
    match node.tag_name().name() {
        "PropertyGroup" => {
            for child in node.children().filter(Node::is_element) {
                let name = child.tag_name().name().to_ascii_lowercase();
                add(child, conditions, What::Property { name, value: text(child) }, read);
            }
        }
        "Import" => {
            // What comes with an SDK is no file of the tree.
            if let Some(sdk) = node.attribute("Sdk") {
                read.sdks.push(sdk.to_owned());
            } else if let Some(path) = node.attribute("Project") {
                let conditions = conditions.clone();
                read.statements.push(Statement { conditions, what: What::Import { path: path.to_owned() } });
            }
        }
        "Sdk" => read.sdks.extend(node.attribute("Name").map(ToOwned::to_owned)),
        "ImportGroup" | "Choose" | "When" | "Otherwise" => {
            for child in node.children().filter(Node::is_element) {
                look_at(child, conditions, read);
            }
        }
        "ItemGroup" => {
            for child in node.children().filter(Node::is_element) {
                items(child, conditions, read);
            }
        }
        "Target" => {
            let is_item = |node: Node<'_, '_>| matches!(node.tag_name().name(), "PackageReference" | "PackageVersion");
            read.computes |= node.descendants().any(|inner| is_item(inner) && inner.has_attribute("Include"));
        }
        _ => {}
    }
    if own.is_some() {
        conditions.pop();
    }
}

/// Adds a statement with the condition of its own element.
fn add(node: Node<'_, '_>, conditions: &[String], what: What, read: &mut MsBuild) {
    let own = node.attribute("Condition").filter(|condition| !condition.trim().is_empty());
    let conditions = conditions.iter().cloned().chain(own.map(ToOwned::to_owned)).collect();
    read.statements.push(Statement { conditions, what });
}

fn items(node: Node<'_, '_>, conditions: &[String], read: &mut MsBuild) {
    // Metadata is an attribute or an element, of any case.
    let metadata = |name: &str| {
        let attribute = node.attributes().find(|one| one.name().eq_ignore_ascii_case(name)).map(|one| one.value());
        let element = || {
            let mut elements = node.children().filter(Node::is_element);
            elements.find(|one| one.tag_name().name().eq_ignore_ascii_case(name)).map(text)
        };
        attribute.map(ToOwned::to_owned).or_else(element).filter(|text| !text.trim().is_empty())
    };
    if matches!(node.tag_name().name(), "Reference" | "NativeReference") {
        // A plain name is one of the framework; the path may be the name itself.
        let named = || node.attribute("Include").filter(|name| name.contains(['/', '\\', '*', '$']) || is_built(name));
        read.prebuilt.extend(metadata("HintPath").or_else(|| named().map(ToOwned::to_owned)));
        return;
    }
    let kind = match node.tag_name().name() {
        "PackageReference" => Kind::Package,
        "PackageVersion" => Kind::Central,
        "GlobalPackageReference" => Kind::Global,
        "PackageDownload" | "DotNetCliToolReference" => Kind::Fetched,
        "ProjectReference" => Kind::Project,
        _ => return,
    };
    for (attribute, action) in [("Include", Action::Include), ("Update", Action::Update), ("Remove", Action::Remove)] {
        let Some(names) = node.attribute(attribute) else { continue };
        let item = Item {
            kind,
            action,
            names: names.to_owned(),
            version: metadata("Version"),
            version_override: metadata("VersionOverride"),
            include_assets: metadata("IncludeAssets"),
            exclude_assets: metadata("ExcludeAssets"),
            private_assets: metadata("PrivateAssets"),
            is_referenced: !metadata("ReferenceOutputAssembly")
                .is_some_and(|text| text.trim().eq_ignore_ascii_case("false")),
        };
        add(node, conditions, What::Item(item), read);
    }
}

/// Is it a built file, by its name?
fn is_built(name: &str) -> bool {
    let name = name.trim().to_ascii_lowercase();
    [".dll", ".exe", ".winmd", ".so", ".dylib", ".a"].iter().any(|end| name.ends_with(end))
}

/// The text in an element.
pub(super) fn text(node: Node<'_, '_>) -> String {
    node.children().filter_map(|child| child.text().filter(|_| child.is_text())).collect::<String>().trim().to_owned()
}
