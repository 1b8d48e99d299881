//! What is part of this repository: the one place that decides it, for reading, for pins and for dangers.

use yaml_serde::Value;

use crate::repository::Repository;

/// Bytes of a manifest that is read for the repository's name.
const LARGEST: u64 = 1024 * 1024;

/// The path within this repository that `uses` names: `./path`, `$/path` or, where `own` is this repository,
/// `owner/name/path@ref`. What leads out of the repository is no path of it.
pub(super) fn path(uses: &str, own: Option<&str>) -> Option<String> {
    let uses = uses.trim();
    let path = if let Some(path) = uses.strip_prefix("./").or_else(|| uses.strip_prefix("$/")) {
        path
    } else {
        let own = own?;
        let (name, rest) = (uses.get(..own.len())?, uses.get(own.len()..)?);
        if !name.eq_ignore_ascii_case(own) || !rest.starts_with(['/', '@']) {
            return None;
        }
        rest
    };
    let path = path.split('@').next().unwrap_or(path);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    (!parts.contains(&"..")).then(|| parts.join("/"))
}

/// The repository's name on GitHub, `owner/name`, as its manifests state it; absent where they state none or several.
pub(super) fn own_name(repository: &dyn Repository) -> Option<String> {
    let read = |path: &str| repository.file(path).and_then(|file| repository.text(file.path, LARGEST).ok());
    let mut stated: Vec<String> = Vec::new();
    if let Some(manifest) = read("Cargo.toml").and_then(|text| toml::from_str::<toml::Table>(&text).ok()) {
        let tables = [manifest.get("package"), manifest.get("workspace").and_then(|table| table.get("package"))];
        stated.extend(tables.into_iter().flatten().filter_map(|table| slug(table.get("repository")?.as_str()?)));
    }
    if let Some(manifest) = read("package.json").and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok())
    {
        let address = manifest.get("repository").and_then(|one| one.as_str().or_else(|| one.get("url")?.as_str()));
        stated.extend(address.and_then(slug));
    }
    stated.dedup_by(|one, other| one.eq_ignore_ascii_case(other));
    match stated.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// `owner/name` of an address on GitHub.
fn slug(address: &str) -> Option<String> {
    let address = address.trim();
    let rest = ["https://github.com/", "http://github.com/", "git+https://github.com/", "git://github.com/", "github:"]
        .iter()
        .chain(&["git@github.com:", "ssh://git@github.com/", "git+ssh://git@github.com/", "https://www.github.com/"])
        .find_map(|start| {
            let begins = address.get(..start.len())?.eq_ignore_ascii_case(start);
            address.get(start.len()..).filter(|_| begins)
        })?;
    let mut parts = rest.split(['/', '#', '?']);
    let (owner, name) = (parts.next()?, parts.next()?);
    let name = name.strip_suffix(".git").unwrap_or(name);
    let plain = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    (plain(owner) && plain(name)).then(|| format!("{owner}/{name}"))
}

/// All texts of a value, keys left out.
pub(super) fn texts<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Sequence(values) => values.iter().for_each(|value| texts(value, into)),
        Value::Mapping(table) => table.values().for_each(|value| texts(value, into)),
        Value::Tagged(tagged) => texts(&tagged.value, into),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_local_is_decided_here() {
        for (uses, expected) in [
            ("./.github/actions/x", Some(".github/actions/x")),
            ("$/.github/actions/x", Some(".github/actions/x")),
            ("$/tests//x/", Some("tests/x")),
            ("./", Some("")),
            ("acme/widget/.github/workflows/a.yml@main", Some(".github/workflows/a.yml")),
            ("Acme/Widget/x@v1", Some("x")),
            ("acme/widget@v1", Some("")),
            ("acme/widget-2/x@v1", None),
            ("acme/widge/x@v1", None),
            ("other/widget/x@v1", None),
            ("./../x", None),
            ("$/a/../../x", None),
            ("docker://acme/widget", None),
            ("actions/checkout@v4", None),
        ] {
            assert_eq!(path(uses, Some("acme/widget")).as_deref(), expected, "{uses}");
        }
        assert_eq!(path("acme/widget/x@v1", None), None);
    }

    #[test]
    fn a_name_is_taken_from_an_address_of_github_alone() {
        for (address, expected) in [
            ("https://github.com/acme/widget", Some("acme/widget")),
            ("https://github.com/acme/widget.git", Some("acme/widget")),
            ("git+https://github.com/acme/widget.git#main", Some("acme/widget")),
            ("https://github.com/acme/widget/tree/main/crates/a", Some("acme/widget")),
            ("git@github.com:acme/widget.git", Some("acme/widget")),
            ("github:acme/widget", Some("acme/widget")),
            ("https://github.com/acme", None),
            ("https://github.com/acme/", None),
            ("https://github.com/a b/c", None),
            ("https://gitlab.com/acme/widget", None),
            ("https://example.org/github.com/acme/widget", None),
            ("acme/widget", None),
        ] {
            assert_eq!(slug(address).as_deref(), expected, "{address}");
        }
    }
}
