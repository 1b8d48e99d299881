//! Compose files: which images their services run.

use plimsoll_formats::yaml;
use yaml_serde::{Mapping, Value};

/// How often one mapping may take in another.
const DEEPEST: usize = 16;

/// Gives the images that services run and that are not built from the tree. Fails with what is wrong, as a clause.
///
/// Source: Compose specification, `services`; the first version of the format has services alone.
pub(super) fn images(bytes: &[u8]) -> Result<Vec<Result<String, String>>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    let value = yaml::read(text)?;
    let services = match value.get("services") {
        Some(Value::Null) => return Ok(Vec::new()),
        Some(services) => services.as_mapping(),
        None => value.as_mapping().filter(|all| all.values().any(is_service)),
    };
    // A file may hold networks, volumes or other files alone.
    let Some(services) = services else {
        let others = ["include", "networks", "volumes", "secrets", "configs"];
        let is_part = others.iter().any(|name| value.get(*name).is_some());
        return if is_part { Ok(Vec::new()) } else { Err("it names no services".to_owned()) };
    };
    let mut all = Vec::new();
    for (name, service) in services {
        let Some(service) = service.as_mapping() else { continue };
        if member(service, "build", DEEPEST).is_some_and(|build| !build.is_null()) {
            continue;
        }
        match member(service, "image", DEEPEST) {
            Some(Value::String(image)) => all.push(Ok(image.clone())),
            None | Some(Value::Null) => {}
            Some(_) => {
                let name = plimsoll_model::excerpt(name.as_str().unwrap_or_default(), 80);
                all.push(Err(format!("which image the service \"{name}\" runs is not understood")));
            }
        }
    }
    Ok(all)
}

fn is_service(value: &Value) -> bool {
    value.get("image").is_some() || value.get("build").is_some()
}

/// A member of a mapping, or of what it takes in.
fn member<'a>(mapping: &'a Mapping, name: &str, left: usize) -> Option<&'a Value> {
    if let Some(value) = mapping.get(name) {
        return Some(value);
    }
    let left = left.checked_sub(1)?;
    match mapping.get("<<")? {
        Value::Mapping(taken) => member(taken, name, left),
        Value::Sequence(all) => all.iter().filter_map(Value::as_mapping).find_map(|taken| member(taken, name, left)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let told = |image: Result<String, String>| image.unwrap_or_else(|why| format!("! {why}"));
        images(text.as_bytes()).map(|all| all.into_iter().map(told).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn services_run_images() {
        for (text, expected) in [
            ("services: {a: {image: x}, b: {image: \"y:1\"}}", "x y:1"),
            ("services: {a: {image: own, build: .}, b: {build: {context: .}}}", ""),
            ("services: {a: {image: x, build: null}}", "x"),
            ("services: {a: {image: \"${X:-y}\"}}", "${X:-y}"),
            ("x: &x {image: x}\nservices: {a: {<<: *x}, b: {<<: [{}, *x], image: y}}", "x y"),
            ("x: &x {build: .}\nservices: {a: {<<: *x, image: y}}", ""),
            ("services: {a: {extends: {file: b.yml, service: c}}}", ""),
            ("services: {a: {image: [x]}}", "! which image the service \"a\" runs is not understood"),
            ("services: null", ""),
            ("services: {a: }", ""),
            ("web: {image: x}\ndb: {build: .}", "x"),
            ("include: [a.yml]", ""),
            ("volumes: {a: {}}", ""),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["", "x", "a: 1", "[1]", "services: [", "a: {b: c}", "services: {a: {image: x}, a: {image: y}}"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
