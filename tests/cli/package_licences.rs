//! Licences of packages, as lockfiles name them.

use plimsoll_testkit::Repo;

use crate::common::label_json;

/// What comes of two packages of npm with these licences, as they stand in the lockfile.
fn came(one: &str, other: &str) -> String {
    let integrity = format!("sha512-{}AA==", "A".repeat(84));
    let package = |name: &str, licence: &str| {
        let licence = if licence.is_empty() { String::new() } else { format!(",\"license\":\"{licence}\"") };
        format!(
            "\"node_modules/{name}\":{{\"version\":\"1.0.0\",\"resolved\":\"https://registry.npmjs.org/{name}/-/{name}-1.0.0.tgz\",\
             \"integrity\":\"{integrity}\"{licence}}}"
        )
    };
    let asks = "\"dependencies\":{\"x\":\"^1.0.0\",\"y\":\"^1.0.0\"}";
    let lock = format!(
        "{{\"name\":\"a\",\"version\":\"1.0.0\",\"lockfileVersion\":3,\"packages\":{{\"\":{{\"name\":\"a\",\"version\":\"1.0.0\",{asks}}},{},{}}}}}",
        package("x", one),
        package("y", other)
    );
    let repo = Repo::new()
        .file("package.json", format!("{{\"name\":\"a\",\"version\":\"1.0.0\",\"license\":\"MIT\",{asks}}}"))
        .file("package-lock.json", lock)
        .file("index.js", "require('x');\n")
        .commit("one");
    let label = label_json(repo.path());
    let criteria = label["predicate"]["criteria"].as_array().unwrap();
    let found = criteria.iter().find(|criterion| criterion["id"] == "deps.licences-open").unwrap();
    format!("{}: {}", found["outcome"].as_str().unwrap(), found["reason"].as_str().unwrap())
}

#[test]
fn each_package_has_to_be_under_an_open_licence() {
    assert_eq!(came("MIT", "Apache-2.0"), "met: 2 packages, each under a licence that the OSI or the FSF lists");
    assert_eq!(came("MIT", "(BUSL-1.1 OR ISC)"), "met: 2 packages, each under a licence that the OSI or the FSF lists");
    for closed in ["BUSL-1.1", "MIT AND SSPL-1.0"] {
        let says = format!("unmet: y is under {closed}, which neither the OSI nor the FSF lists");
        assert_eq!(came("MIT", closed), says);
        // What is not known next to it does not hide it.
        assert_eq!(came("", closed), says);
    }
    for unknown in
        ["", "UNLICENSED", "SEE LICENSE IN LICENSE", "LicenseRef-own", "MIT AND LicenseRef-own", "Do what you like"]
    {
        assert_eq!(came("MIT", unknown), "unknown: no licence is known of y, of 2 packages", "{unknown}");
    }
}
