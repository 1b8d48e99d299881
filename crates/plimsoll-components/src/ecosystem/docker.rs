//! Container images: what builds begin with and services run.
//!
//! An image is listed by its name; what is inside is in a registry and is not read, and neither is what the commands of a build
//! bring in. That stays a gap.

mod compose;
mod dockerfile;
pub(crate) mod image;

use std::collections::BTreeMap;

use plimsoll_model::{body::Reach, tree_path};

use self::image::image;
use super::{
    Ecosystem, Holds, Resolution,
    outside::{self, Faults},
};
use crate::{
    component::Component,
    options::Options,
    path_class,
    tree_file::{Role, SourceFile},
};

pub(crate) struct Docker;

impl Ecosystem for Docker {
    fn name(&self) -> &'static str {
        "docker"
    }

    fn holds(&self) -> Holds {
        Holds::BuildFiles
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["docker"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[
            "Dockerfile",
            "Dockerfile.*",
            "Dockerfile-*",
            "dockerfile",
            "*.Dockerfile",
            "*.dockerfile",
            "Containerfile",
            "Containerfile.*",
            "Containerfile-*",
            "containerfile",
            "*.Containerfile",
            "*.containerfile",
            "docker-compose*.yml",
            "docker-compose*.yaml",
            "compose.yml",
            "compose.yaml",
        ]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[]
    }

    fn lists_all(&self) -> bool {
        false
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let mut all = Resolution::default();
        let (mut faults, mut components) = (Faults::default(), Vec::new());
        let mut floating = 0_usize;
        let own = files.iter().filter(|file| self.role(&file.path) == Some(Role::Manifest));
        let own: BTreeMap<&str, &SourceFile> = own.map(|file| (file.path.as_str(), file)).collect();
        for (number, file) in own.into_values().enumerate() {
            let class = path_class::of_build_file(&file.path, &file.class);
            if number >= options.limits.manifests || components.len() >= options.limits.packages {
                faults.add(&file.path, class, "it and what follows is beyond the bounds".to_owned());
                break;
            }
            match taken(file) {
                Ok(taken) => {
                    for (text, place, aside) in taken {
                        match text.and_then(|text| image(&text)) {
                            Ok(image) => {
                                floating += usize::from(!image::is_pinned(&image));
                                components.push(component(image, file, class, aside));
                            }
                            Err(reason) => faults.add(&file.path, class, place + &reason),
                        }
                    }
                }
                Err(reason) => faults.add(&file.path, class, reason),
            }
        }
        for file in options.unread.iter().filter(|file| self.role(&file.path) == Some(Role::Manifest)) {
            faults.add(&file.path, path_class::of_build_file(&file.path, &file.class), file.reason.clone());
        }
        if floating > 0 {
            all.limitations
                .push(format!("{floating} images are named by a tag, which can come to mean another image."));
        }
        faults.tell("What builds of images take in", &mut all);
        all.components = outside::once(components);
        all
    }
}

/// An image as it is written, or why it is not known; the line that names it, as a beginning of a sentence; and whether nothing of
/// it is in what is made.
type Taken = (Result<String, String>, String, bool);

fn taken(file: &SourceFile) -> Result<Vec<Taken>, String> {
    let name = tree_path::name(&file.path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    if ending == "dockerignore" {
        return Ok(Vec::new());
    }
    let is_compose = name.contains("compose") && matches!(ending, "yml" | "yaml");
    if is_compose {
        let images = compose::images(&file.bytes)?;
        return Ok(images.into_iter().map(|image| (image, String::new(), false)).collect());
    }
    let images = dockerfile::images(&file.bytes)?;
    Ok(images.into_iter().map(|one| (Ok(one.image), format!("line {}: ", one.line), one.aside)).collect())
}

fn component(image: outside::Outside, file: &SourceFile, class: &str, aside: bool) -> Component {
    let reach = match outside::reach(class) {
        Reach::Unknown if aside => Reach::Build,
        reach => reach,
    };
    image.component(file, class, reach)
}

#[cfg(test)]
mod tests;
