//! Settings of analysers of PHP.

use plimsoll_formats::yaml;

use super::parsed::leaves;
use crate::tree::Tree;

/// Is something of PHP looked at? What is no YAML as well is known only where it says nothing of places.
///
/// Source: `PHPStan`, "Config Reference", "Analysed files".
pub(super) fn is_plain_phpstan(tree: &dyn Tree, text: &str) -> bool {
    let Ok(value) = yaml::read(text) else { return !text.contains("aths:") };
    let Some(own) = value.get("parameters") else { return true };
    let listed = |value: Option<&yaml_serde::Value>| -> Option<Vec<String>> {
        let Some(value) = value.filter(|value| !value.is_null()) else { return Some(Vec::new()) };
        value.as_sequence()?.iter().map(|one| one.as_str().map(ToOwned::to_owned)).collect()
    };
    let excluded = own.get("excludePaths");
    let excluded = match excluded.filter(|value| value.is_mapping()) {
        Some(table) => ["analyse", "analyseAndScan"].iter().map(|name| listed(table.get(name))).collect(),
        None => listed(excluded).map(|all| vec![all]),
    };
    let excluded: Option<Vec<Vec<String>>> = excluded;
    // What is optional is marked behind the path.
    let plain = |path: &String| path.split(" (").next().unwrap_or(path).replace("%currentWorkingDirectory%/", "");
    let of_tests = |path: &String| {
        let path = plain(path);
        let first = path.trim_start_matches("./").split('/').next().unwrap_or_default().to_ascii_lowercase();
        matches!(first.as_str(), "tests" | "test" | "examples" | "docs")
    };
    let places = listed(own.get("paths"));
    places.is_some_and(|places| places.is_empty() || !places.iter().all(of_tests))
        && excluded.is_some_and(|all| leaves(tree, &["PHP"], &all.concat().iter().map(plain).collect::<Vec<_>>()))
}
