//! *.nuspec: what a package is called and what those need who take it.
//!
//! Source: `NuGet` documentation, ".nuspec reference".

use roxmltree::Node;

use super::{msbuild, names};
use crate::{
    ecosystem::locked::{
        graph::{Usage, Want},
        manifest::Manifest,
    },
    tree_file::SourceFile,
};

#[derive(Clone, Debug, Default)]
pub(super) struct Nuspec {
    name: Option<String>,
    version: Option<String>,
    licence: Option<String>,
    wants: Vec<Want>,
    /// Dependencies that are not understood, in one clause.
    open: Option<String>,
}

pub(super) fn read(bytes: &[u8]) -> Result<Nuspec, String> {
    let text =
        std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|_| "it is not UTF-8")?;
    let document = msbuild::parse(text)?;
    let root = document.root_element();
    let metadata = root.children().find(|child| child.tag_name().name() == "metadata");
    let metadata = metadata.filter(|_| root.tag_name().name() == "package").ok_or("it has no metadata of a package")?;
    let mut read = Nuspec::default();
    for child in metadata.children().filter(Node::is_element) {
        let text = msbuild::text(child);
        match child.tag_name().name() {
            "id" => read.name = Some(text).filter(|id| names::is_id(id)),
            "version" => read.version = Some(text).filter(|version| names::is_version(version)),
            "license" if child.attribute("type") == Some("expression") => read.licence = Some(text),
            "dependencies" => {
                for one in child.descendants().filter(|one| one.tag_name().name() == "dependency") {
                    let name = one.attribute("id").unwrap_or_default();
                    if !names::is_id(name) {
                        let name = plimsoll_model::excerpt(name, 80);
                        read.open.get_or_insert(format!("it asks for {name}, which is no id of a package"));
                        continue;
                    }
                    read.wants.push(Want {
                        name: name.to_owned(),
                        requirement: one.attribute("version").unwrap_or_default().to_owned(),
                        usage: Usage::Normal,
                        optional: false,
                    });
                }
            }
            _ => {}
        }
    }
    Ok(read)
}

impl Nuspec {
    /// What it comes to; what those need who take the package is asked for where nothing else says that.
    pub fn manifest(&self, file: &SourceFile, alone: bool) -> Manifest {
        let own = Manifest::of(file);
        let named =
            Manifest { name: self.name.clone(), version: self.version.clone(), licence: self.licence.clone(), ..own };
        if !alone {
            return named;
        }
        Manifest { wants: self.wants.clone(), open: self.open.clone(), ..named }
    }
}
