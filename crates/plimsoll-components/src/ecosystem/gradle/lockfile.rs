//! gradle.lockfile and its relatives.
//!
//! Source: Gradle User Manual, "Locking Versions", "Lock file format".

use std::collections::BTreeMap;

use plimsoll_model::excerpt;

use crate::ecosystem::locked::graph::Usage;
use crate::ecosystem::maven::coordinates;

/// What one of them locks.
#[derive(Clone, Debug, Default)]
pub(super) struct Lock {
    /// By `GROUP:NAME` and version, for what it is locked, where that is known.
    pub entries: BTreeMap<(String, String), Option<Usage>>,
    /// Lines that were not understood, in one clause each.
    pub faults: Vec<String>,
}

/// Reads one. `build` is set for those of what runs the build itself.
pub(super) fn read(bytes: &[u8], build: bool) -> Result<Lock, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let mut lock = Lock::default();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (module, configurations) = match line.split_once('=') {
            Some((module, configurations)) => (module, Some(configurations)),
            // The format of before Gradle 7 has a file for each configuration.
            None => (line, None),
        };
        // What has no packages at all.
        if module == "empty" {
            continue;
        }
        let parts: Vec<&str> = module.split(':').collect();
        let [group, name, version] = parts.as_slice() else {
            lock.faults.push(format!(
                "line {} has not a group, a name and a version: {}",
                number + 1,
                excerpt(line, 80)
            ));
            continue;
        };
        if !(coordinates::is_part(group) && coordinates::is_part(name) && coordinates::is_version(version)) {
            lock.faults.push(format!("line {} names no package: {}", number + 1, excerpt(module, 80)));
            continue;
        }
        if coordinates::changes(version) {
            lock.faults.push(format!("{} is not one version: it changes", excerpt(module, 80)));
        }
        let usage = if build { Some(Usage::Build) } else { configurations.and_then(usage) };
        let key = (format!("{group}:{name}"), (*version).to_owned());
        // Locked twice, it is for what ships most.
        match lock.entries.get_mut(&key) {
            Some(known) => *known = known.zip(usage).map(|(one, other)| one.min(other)),
            None => {
                lock.entries.insert(key, usage);
            }
        }
    }
    Ok(lock)
}

/// For what the packages of these configurations are, separated by commas; nothing where one of them is not known.
fn usage(configurations: &str) -> Option<Usage> {
    let all = configurations.split(',').map(|name| of_one(name.trim()));
    all.reduce(|one, other| one.zip(other).map(|(one, other)| one.min(other))).flatten()
}

/// For what the packages of a configuration are, by the names that plugins of Gradle itself give.
///
/// Source: Gradle User Manual, "The Java Plugin", "JVM Test Suite Plugin", "The Checkstyle Plugin" and so on; Android,
/// "Add build dependencies".
pub(super) fn of_one(name: &str) -> Option<Usage> {
    const BUILDS: &[&str] = &["annotationProcessor", "checkstyle", "codenarc", "pmd", "jacocoAgent", "jacocoAnt"];
    // `test` at the start or a word `Test` within.
    let starts = name.strip_prefix("test").is_some_and(|rest| rest.starts_with(|one: char| one.is_ascii_uppercase()));
    let within = name.match_indices("Test").any(|(at, word)| {
        let before = name.get(..at).and_then(|before| before.chars().next_back());
        let after = name.get(at + word.len()..).and_then(|after| after.chars().next());
        before.is_some_and(|one| one.is_ascii_lowercase() || one.is_ascii_digit())
            && after.is_none_or(|one| one.is_ascii_uppercase())
    });
    if starts || within {
        Some(Usage::Dev)
    } else if BUILDS.contains(&name) {
        Some(Usage::Build)
    } else if name.ends_with("untimeClasspath") || name.ends_with("ompileClasspath") {
        Some(Usage::Normal)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configurations_of_gradle_say_what_is_for_tests() {
        for (name, expected) in [
            ("runtimeClasspath", Some(Usage::Normal)),
            ("compileClasspath", Some(Usage::Normal)),
            ("releaseRuntimeClasspath", Some(Usage::Normal)),
            ("testRuntimeClasspath", Some(Usage::Dev)),
            ("integrationTestCompileClasspath", Some(Usage::Dev)),
            ("debugAndroidTestRuntimeClasspath", Some(Usage::Dev)),
            ("annotationProcessor", Some(Usage::Build)),
            ("testAnnotationProcessor", Some(Usage::Dev)),
            ("pmd", Some(Usage::Build)),
            ("latestRuntimeClasspath", Some(Usage::Normal)),
            ("testing", None),
            ("Testimony", None),
            ("shadow", None),
            ("", None),
        ] {
            assert_eq!(of_one(name), expected, "{name}");
        }
        assert_eq!(usage("testRuntimeClasspath,runtimeClasspath"), Some(Usage::Normal));
        assert_eq!(usage("testRuntimeClasspath,testCompileClasspath"), Some(Usage::Dev));
        assert_eq!(usage("testRuntimeClasspath,own"), None);
        assert_eq!(usage("annotationProcessor,testRuntimeClasspath"), Some(Usage::Build));
    }
}
