//! A component read back from the fact that was made of it.

use serde_json::{Map, Value};

use super::{Ecosystem, of_purl};
use crate::component::{Component, Origin, Source};

/// Reads a component back from the fact that was made of it; nothing where the fact is no component.
///
/// What is not in a fact is filled in as far as it decides anything. It comes from the public registry of its ecosystem where
/// its package URL names no other; a package of an ecosystem that is not read is in no registry that is known.
pub fn component_of_fact(body: &Map<String, Value>) -> Option<Component> {
    let mut component: Component = serde_json::from_value(Value::Object(body.clone())).ok()?;
    component.origin = origin(&component);
    component.own = matches!(component.source, Source::Workspace | Source::Path);
    Some(component)
}

fn origin(component: &Component) -> Origin {
    let url = || component.source_url.clone().unwrap_or_default();
    let public =
        of_purl(&component.purl).filter(|_| !component.purl.contains('?')).and_then(Ecosystem::public_registry);
    match (component.source, public) {
        (Source::Registry, Some(registry)) => Origin::Public(registry),
        (Source::Registry, None) => Origin::Registry(url()),
        (Source::Git, _) => Origin::Git { url: url(), revision: None },
        (Source::Path | Source::Workspace, _) => Origin::Folder,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_package_of_another_ecosystem_is_in_no_registry_that_is_known() {
        for (purl, source, expected) in [
            ("pkg:cargo/time@1.0.0", "registry", true),
            ("pkg:npm/time@1.0.0", "registry", true),
            ("pkg:elm/time@1.0.0", "registry", false),
            ("pkg:cargo/time@1.0.0?repository_url=https:%2F%2Freg.example", "registry", false),
            ("pkg:cargo/time@1.0.0?vcs_url=git%2Bhttps:%2F%2Fg.example", "git", false),
            ("pkg:cargo/time@1.0.0?download_url=file:", "path", false),
            ("pkg:cargotime@1.0.0", "registry", false),
            ("time", "registry", false),
        ] {
            let body = json!({
                "name": "time", "version": "1.0.0", "purl": purl, "source": source, "member": false, "direct": true, "hashes": [],
                "scopes": [], "targets": [], "reach": "shipped", "class": "shipped", "dependsOn": [],
            });
            let component = component_of_fact(body.as_object().unwrap()).unwrap();
            assert_eq!(component.is_from("crates.io"), expected && purl.starts_with("pkg:cargo/"), "{purl}");
            assert_eq!(matches!(component.origin, Origin::Public(_)), expected, "{purl}");
            assert_eq!(component.own, source == "path");
        }
        assert_eq!(component_of_fact(&Map::new()), None);
    }
}
