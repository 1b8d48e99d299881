//! Bots, and what leaves them without anything to bring.

use super::{
    super::{bots as readers, *},
    read,
};

#[test]
fn bots_that_update_nothing_are_none() {
    let bot = |rest: &str| {
        read(readers::dependabot, &format!("version: 2\nupdates:\n  - {{package-ecosystem: cargo, {rest}}}\n"))
    };
    let weekly = "directory: /, schedule: {interval: weekly}";
    for (rest, works) in [
        (weekly.to_owned(), true),
        ("directories: [/, /a], schedule: {interval: cron, cronjob: '0 4 * * *'}".to_owned(), true),
        (format!("{weekly}, ignore: [{{dependency-name: serde}}]"), true),
        (format!("{weekly}, ignore: [{{dependency-name: '*', update-types: ['version-update:semver-major']}}]"), true),
        (format!("{weekly}, allow: [{{dependency-type: direct}}]"), true),
        (format!("{weekly}, open-pull-requests-limit: 3"), true),
        ("directory: /, schedule: {interval: never}".to_owned(), false),
        ("directory: /, schedule: {interval: cron}".to_owned(), false),
        ("directory: /".to_owned(), false),
        ("schedule: {interval: weekly}".to_owned(), false),
        (format!("{weekly}, open-pull-requests-limit: 0"), false),
        (format!("{weekly}, ignore: [{{dependency-name: '*'}}]"), false),
        (format!("{weekly}, ignore: [{{dependency-name: '*', versions: ['>= 0']}}]"), false),
        (
            format!(
                "{weekly}, ignore: [{{dependency-name: '*', update-types: ['version-update:semver-major','version-update:semver-minor','version-update:semver-patch']}}]"
            ),
            false,
        ),
        (format!("{weekly}, ignore: [{{dependency-name: '*', versions: ['> 0.0.0']}}]"), false),
        (format!("{weekly}, ignore: [{{dependency-name: '*', versions: ['>=0.0.0-0']}}]"), false),
        (format!("{weekly}, ignore: [{{dependency-name: '*', versions: ['[0,)']}}]"), false),
        (
            format!(
                "{weekly}, ignore: [{{dependency-name: '*', update-types: ['version-update:semver-major']}}, {{dependency-name: '*', update-types: ['version-update:semver-minor','version-update:semver-patch']}}]"
            ),
            false,
        ),
        (
            format!(
                "{weekly}, ignore: [{{dependency-name: '*', update-types: ['version-update:semver-major']}}, {{dependency-name: serde, versions: ['1.x']}}]"
            ),
            true,
        ),
        (format!("{weekly}, exclude-paths: ['examples/**']"), true),
        (format!("{weekly}, allow: [{{dependency-name: none}}]"), false),
        (format!("{weekly}, allow: [{{dependency-type: development}}]"), false),
        (format!("{weekly}, allow: [{{dependency-type: indirect}}]"), false),
        (format!("{weekly}, allow: [{{dependency-type: development}}, {{dependency-type: production}}]"), true),
        (format!("{weekly}, allow: [{{dependency-name: '*'}}]"), true),
        (format!("{weekly}, target-branch: main"), true),
        (format!("{weekly}, cooldown: {{default-days: 7}}"), true),
        (format!("{weekly}, cooldown: {{default-days: 4000}}"), false),
        ("directory: /, schedule: {interval: cron, cronjob: '0 4 30 2 *'}".to_owned(), false),
        ("directory: /, schedule: {interval: cron, cronjob: '0 25 * * *'}".to_owned(), false),
        (format!("{weekly}, exclude-paths: ['**']"), false),
    ] {
        let fact = bot(&rest);
        assert_eq!((fact.problems.is_empty(), fact.covers.len()), (works, usize::from(works)), "{rest}: {fact:?}");
    }
    for rest in [
        format!("{weekly}, target-branch: gone"),
        format!("{weekly}, open-pull-requests-limit: '0'"),
        format!("{weekly}, open-pull-requests-limit: -1"),
        format!("{weekly}, open-pull-requests-limit: 0.0"),
        format!("{weekly}, open-pull-requests-limit: none"),
        format!("{weekly}, ignore: [{{dependency-name: '*', versions: ['> 0.0.1']}}]"),
        format!("{weekly}, ignore: [{{dependency-name: '*', update-types: ['version-update:semver-all']}}]"),
        format!("{weekly}, ignore: [{{dependency-name: '*', update-types: all}}]"),
        format!("{weekly}, ignore: '*'"),
        format!("{weekly}, exclude-paths: '**'"),
        "directory: /, schedule: {interval: cron, cronjob: 'now and then'}".to_owned(),
    ] {
        let fact = bot(&rest);
        assert_eq!((fact.statement, fact.covers.len()), (Some(Statement::NotUnderstood), 0), "{rest}: {fact:?}");
    }
    let group = "version: 2\nmulti-ecosystem-groups: {all: {schedule: {interval: weekly}}}\nupdates: [{package-ecosystem: cargo, directory: /, multi-ecosystem-group: all, patterns: ['*']}]\n";
    assert_eq!(read(readers::dependabot, group).covers, ["cargo"]);

    let (all, off, unclear) = ("all", "", "?");
    for (settings, expected) in [
        ("{ extends: ['config:recommended'], // all of it\n}", all),
        ("{\"extends\": [\"config:recommended\"],}", all),
        ("{\"packageRules\":[{\"matchDepNames\":[\"left\"],\"enabled\":false}]}", all),
        ("{\"packageRules\":[{\"matchCategories\":[\"docker\"],\"enabled\":false}]}", all),
        ("{\"packageRules\":[{\"matchCategories\":[\"python\"],\"enabled\":false}]}", unclear),
        ("{\"packageRules\":[{\"matchCurrentVersion\":\"0.x\",\"enabled\":false}]}", all),
        ("{\"packageRules\":[{\"matchSourceUrls\":[\"https://x\"],\"enabled\":false}]}", all),
        ("{\"packageRules\":[{\"matchUpdateTypes\":[\"major\"],\"enabled\":false}]}", all),
        ("{\"packageRules\":[{\"matchPackageNames\":[\"/^@types/\"],\"enabled\":false}]}", all),
        ("{\"packageRules\":[{\"matchPackageNames\":[\"*\"],\"enabled\":false},{\"enabled\":true}]}", all),
        ("{\"schedule\":[\"before 4am on monday\"]}", all),
        ("{\"schedule\":[\"* 0-3 * * 1\"]}", all),
        ("{\"includePaths\":[\"a/**\"]}", all),
        ("{\"packageRules\":[{\"matchBaseBranches\":[\"main\"],\"enabled\":false}]}", unclear),
        ("{\"packageRules\":[{\"matchRepositories\":[\"a/b\"],\"enabled\":false}]}", unclear),
        ("{\"packageRules\":[{\"matchCurrentAge\":\"> 0 days\",\"enabled\":false}]}", unclear),
        ("{\"packageRules\":[{\"matchBaseBranches\":[\"main\"],\"automerge\":true}]}", all),
        ("{\"packageRules\":[{\"matchPackageNames\":[\"*\"],\"enabled\":\"false\"}]}", unclear),
        ("{\"packageRules\":[\"off\"]}", unclear),
        ("{\"packageRules\":{\"enabled\":false}}", unclear),
        ("{\"enabled\":\"false\"}", unclear),
        ("{\"enabled\":0}", unclear),
        ("{\"cargo\":{\"enabled\":\"no\"}}", unclear),
        ("{\"ignorePaths\":{\"a\":1}}", unclear),
        ("{\"mode\":\"quiet\"}", unclear),
        ("{\"prHourlyLimit\":-1}", unclear),
        ("{\"prHourlyLimit\":0,\"prConcurrentLimit\":5,\"minimumReleaseAge\":null}", all),
        ("{\"packageRules\":[{\"matchWeather\":[\"rain\"],\"enabled\":false}]}", unclear),
        ("{\"packageRules\":[{\"enabled\":false},{\"matchPackageNames\":[\"a\"],\"enabled\":true}]}", unclear),
        ("{\"schedule\":[\"when the cows come home\"]}", unclear),
        ("{\"schedule\":[\"0 4 30 2 *\"]}", off),
        ("{\"schedule\":[\"* 4 31 4 *\"]}", off),
        ("{\"schedule\":[\"0 4 1 * *\"]}", unclear),
        ("{\"schedule\":[\"every 20 months\"]}", unclear),
        ("{\"schedule\":[\"every 2 weeks on monday\"]}", all),
        ("{\"extends\":[\"config:recommended\",\":semanticCommits\",\"schedule:weekly\",\"group:all\"]}", all),
        ("{\"extends\":[\":disableMajorUpdates\"]}", all),
        ("{\"extends\":[\"github>acme/presets\"]}", unclear),
        ("{\"extends\":[\"local>acme/presets:base\"]}", unclear),
        ("{\"extends\":[\"acme\"]}", unclear),
        ("{\"extends\":[\":disableEverything\"]}", unclear),
        ("{\"extends\":[\":dependencyDashboardApproval\"]}", off),
        ("{\"minimumReleaseAge\":\"3 days\"}", all),
        ("{\"minimumReleaseAge\":\"10 years\"}", off),
        ("{\"minimumReleaseAge\":\"99999999999999999999 days\"}", unclear),
        ("{\"minimumReleaseAge\":\"an aeon\"}", unclear),
        ("{\"prCreation\":\"approval\"}", off),
        ("{\"dryRun\":\"full\"}", off),
        ("{\"baseBranches\":[\"main\",\"next\"]}", all),
        ("{\"baseBranches\":[\"gone\"]}", unclear),
        ("{\"force\":{\"enabled\":false}}", off),
        ("{\"dependencies\":{\"enabled\":false}}", off),
        ("{\"devDependencies\":{\"enabled\":false}}", unclear),
        ("{\"lockFileMaintenance\":{\"enabled\":false},\"major\":{\"enabled\":false}}", all),
        ("{\"packageRules\":[{\"matchDepTypes\":[\"devDependencies\"],\"enabled\":false}]}", all),
        ("{\"packageRules\":[{\"matchDepTypes\":[\"dependencies\",\"devDependencies\"],\"enabled\":false}]}", off),
        ("{\"packageRules\":[{\"matchDepTypes\":[\"*\"],\"enabled\":false}]}", unclear),
        (
            "{\"packageRules\":[{\"matchUpdateTypes\":[\"major\"],\"enabled\":false},{\"matchUpdateTypes\":[\"minor\",\"patch\"],\"enabled\":false}]}",
            off,
        ),
        ("{\"packageRules\":[{\"matchPackageNames\":[\"!serde\"],\"enabled\":false}]}", unclear),
        ("{\"packageRules\":[{\"excludePackageNames\":[\"serde\"],\"enabled\":false}]}", unclear),
        (
            "{\"packageRules\":[{\"matchPackageNames\":[\"/^[a-m@]/\"],\"enabled\":false},{\"matchPackageNames\":[\"/^[A-Zn-z]/\"],\"enabled\":false}]}",
            unclear,
        ),
        ("{\"packageRules\":[{\"matchPackageNames\":[\"*\"],\"minimumReleaseAge\":\"10 years\"}]}", off),
        ("{\"packageRules\":[{\"matchPackageNames\":[\"*\"],\"dependencyDashboardApproval\":true}]}", off),
        (
            "{\"packageRules\":[{\"minor\":{\"enabled\":false},\"major\":{\"enabled\":false},\"patch\":{\"enabled\":false}}]}",
            off,
        ),
        ("{\"packageRules\":[{\"matchManagers\":[\"!npm\"],\"enabled\":false}]}", unclear),
        ("{\"packageRules\":[{\"matchUpdateTypes\":[\"minor\"],\"automerge\":true}]}", all),
        ("{\"extends\":[\":disableRenovate\"]}", off),
        ("{\"extends\":[\":disableAll\"]}", off),
        ("{\"ignorePaths\":[\"**\"]}", off),
        ("{\"ignoreDeps\":[\"*\"]}", off),
        ("{\"schedule\":[\"on the 30th day of february\"]}", off),
        ("{\"dependencyDashboardApproval\":true}", off),
        ("{\"mode\":\"silent\"}", off),
        ("{\"packageRules\":[{\"matchPackageNames\":[\"/./\"],\"enabled\":false}]}", off),
        ("{\"packageRules\":[{\"matchUpdateTypes\":[\"major\",\"minor\",\"patch\"],\"enabled\":false}]}", off),
        ("{\"major\":{\"enabled\":false},\"minor\":{\"enabled\":false},\"patch\":{\"enabled\":false}}", off),
        ("[]", off),
        ("{", off),
    ] {
        let fact = read(readers::renovate, settings);
        let found = match (fact.statement, fact.problems.is_empty()) {
            (Some(Statement::NotUnderstood), _) => unclear.to_owned(),
            (_, false) => String::new(),
            _ => fact.covers.join(","),
        };
        assert_eq!(found, expected, "{settings}: {fact:?}");
    }
}

#[test]
fn a_bot_that_ignores_each_dependency_brings_none() {
    let repo = plimsoll_testkit::Repo::new()
        .file("Cargo.toml", "[package]\nname = \"x\"\n[dependencies]\nserde = \"1\"\ntoml = \"1\"\n")
        .commit("x");
    let snapshot = plimsoll_snapshot::Snapshot::open(repo.path(), &plimsoll_snapshot::OpenOptions::default()).unwrap();
    let classes = crate::PathClasses::stated();
    let check = |reader: Reader, text: &str, expected: &str| {
        let mut fact = read(reader, text);
        readers::settle(&mut fact, &snapshot, &classes);
        let found = if fact.problems.is_empty() { fact.covers.join(",") } else { String::new() };
        assert_eq!(found, expected, "{text}: {fact:?}");
    };
    let bot = |ignore: &str| {
        format!(
            "version: 2\nupdates:\n  - {{package-ecosystem: cargo, directory: /, schedule: {{interval: weekly}}, ignore: [{ignore}]}}\n"
        )
    };
    check(readers::dependabot, &bot("{dependency-name: serde}"), "cargo");
    check(readers::dependabot, &bot("{dependency-name: serde}, {dependency-name: 't*'}"), "");
    check(readers::dependabot, &bot("{dependency-name: serde}, {dependency-name: toml, versions: ['2.x']}"), "cargo");
    check(
        readers::dependabot,
        &bot(
            "{dependency-name: serde}, {dependency-name: toml, update-types: ['version-update:semver-major']}, {dependency-name: toml, update-types: ['version-update:semver-minor', 'version-update:semver-patch']}",
        ),
        "",
    );
    let excluding = |paths: &str| bot("").replace("ignore: []", &format!("exclude-paths: [{paths}]"));
    for paths in ["Cargo.toml", "/Cargo.toml", "'**/Cargo.toml'", "'*.toml'", "examples, 'Cargo.*'"] {
        check(readers::dependabot, &excluding(paths), "");
    }
    check(readers::dependabot, &excluding("examples, 'vendor/**', package.json"), "cargo");
    for paths in ["\"Cargo.toml\"", "\"**/Cargo.toml\"", "\"a/**\", \"*.toml\"", "\"Cargo\""] {
        check(readers::renovate, &format!("{{\"ignorePaths\": [{paths}]}}"), "");
    }
    check(readers::renovate, "{\"ignorePaths\": [\"**/tests/**\", \"package.json\"]}", "all");
    check(readers::renovate, "{\"packageRules\": [{\"matchFileNames\": [\"**/Cargo.toml\"], \"enabled\": false}]}", "");
    check(readers::renovate, "{\"ignoreDeps\": [\"serde\"]}", "all");
    check(readers::renovate, "{\"ignoreDeps\": [\"serde\", \"toml\"]}", "");
    check(
        readers::renovate,
        "{\"packageRules\": [{\"matchPackageNames\": [\"serde\", \"toml\"], \"enabled\": false}]}",
        "",
    );
}
