//! What a tree sets for Cargo, in which its commands mean something else: a program to which tests are handed, other names
//! for subcommands, a compiler of its own.

use toml::{Table, Value};

use super::{doubts::doubt, surroundings, tree::Tree};

/// Tables that say where things come from and how they are shown.
const HARMLESS: &[&str] = &[
    "net",
    "registries",
    "registry",
    "source",
    "term",
    "profile",
    "http",
    "cargo-new",
    "install",
    "doc",
    "unstable",
    "future-incompat-report",
    "resolver",
    "patch",
    "cache",
    "credential-alias",
];
/// Subcommands that are programs of their own, so that an alias takes their place.
const CHECKS: &[&str] = &[
    "clippy",
    "fmt",
    "audit",
    "deny",
    "nextest",
    "llvm-cov",
    "hack",
    "miri",
    "tarpaulin",
    "vet",
    "cyclonedx",
    "sbom",
    "fuzz",
    "afl",
    "bolero",
    "hfuzz",
    "machete",
    "udeps",
    "outdated",
    "geiger",
    "semver-checks",
    "auditable",
    "test",
    "t",
];
/// Beginnings of targets on which no CI machine of a forge runs: what they are handed to has to be named.
const ELSEWHERE: &[&str] = &[
    "wasm32",
    "wasm64",
    "thumb",
    "riscv",
    "arm-none",
    "armv7a-none",
    "avr",
    "xtensa",
    "msp430",
    "mips",
    "powerpc",
    "s390x",
    "nvptx",
];

/// Why a command of Cargo in `folder` may mean something else than it says.
pub(super) fn reason(tree: &dyn Tree, folder: &str) -> Option<String> {
    let mut place = Some(folder);
    while let Some(folder) = place {
        let at = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        for path in [at(".cargo/config.toml"), at(".cargo/config")] {
            match tree.text(&path) {
                None => {}
                Some(Ok(text))
                    if text
                        .parse::<Table>()
                        .is_ok_and(|table| table.iter().all(|(key, value)| is_plain(tree, &path, key, value))) => {}
                Some(_) => return Some(format!("{path} has a setting that is not understood")),
            }
        }
        for path in [at("rust-toolchain.toml"), at("rust-toolchain")] {
            if let Some(Ok(text)) = tree.text(&path)
                && text
                    .parse::<Table>()
                    .is_ok_and(|table| table.get("toolchain").is_some_and(|own| own.get("path").is_some()))
            {
                return Some(format!("{path} names a compiler by its path"));
            }
        }
        place = folder.rsplit_once('/').map(|(above, _)| above).or((!folder.is_empty()).then_some(""));
    }
    None
}

fn is_plain(tree: &dyn Tree, path: &str, key: &str, value: &Value) -> bool {
    let all = |test: &dyn Fn(&str, &Value) -> bool| {
        value.as_table().is_some_and(|table| table.iter().all(|(key, value)| test(key, value)))
    };
    match key {
        "build" => all(&|key, value| match key {
            "target-dir" | "jobs" | "incremental" | "target" | "dep-info-basedir" | "build-dir" | "rustdocflags" => {
                true
            }
            "rustflags" => are_flags(value),
            _ => false,
        }),
        "target" => all(&|target, value| {
            value.as_table().is_some_and(|table| {
                table.iter().all(|(key, value)| match key.as_str() {
                    "linker" | "ar" | "rustdocflags" => true,
                    "rustflags" => are_flags(value),
                    "runner" => ELSEWHERE.iter().any(|start| target.starts_with(start)),
                    _ => false,
                })
            })
        }),
        "env" => all(&|name, value| {
            let text = value.as_str().or_else(|| value.get("value").and_then(Value::as_str));
            doubt(tree, name, text, Some(path)).is_none()
        }),
        "alias" => all(&|name, _| !CHECKS.contains(&name)),
        other => HARMLESS.contains(&other),
    }
}

fn are_flags(value: &Value) -> bool {
    match value {
        Value::String(text) => surroundings::are_flags(text),
        Value::Array(words) => {
            let words: Option<Vec<&str>> = words.iter().map(Value::as_str).collect();
            words.is_some_and(|words| surroundings::are_flags(&words.join(" ")))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tree::Made, *};

    #[test]
    fn settings_that_let_checks_pass_are_told_from_others() {
        for text in [
            "",
            "[build]\nrustflags = [\"-D\", \"warnings\"]\ntarget-dir = \"x\"",
            "[alias]\nxtask = \"run -p xtask --\"",
            "[target.wasm32-unknown-unknown]\nrunner = \"wasm-bindgen-test-runner\"",
            "[target.x86_64-unknown-linux-gnu]\nlinker = \"clang\"\nrustflags = [\"-C\", \"link-arg=-fuse-ld=lld\"]",
            "[net]\ngit-fetch-with-cli = true",
            "[env]\nAPP = \"x\"",
        ] {
            assert_eq!(reason(&Made(vec![(".cargo/config.toml", text)]), "a/b"), None, "{text}");
        }
        for text in [
            "[target.\"cfg(all())\"]\nrunner = \"true\"",
            "[target.x86_64-unknown-linux-gnu]\nrunner = [\"true\"]",
            "[alias]\nclippy = \"version\"",
            "[build]\nrustc-wrapper = \"true\"",
            "[build]\nrustflags = \"--cap-lints allow\"",
            "[env]\nRUSTC_WRAPPER = \"true\"",
            "include = \"x.toml\"",
            "not toml",
        ] {
            for path in [".cargo/config.toml", "a/.cargo/config"] {
                assert!(reason(&Made(vec![(path, text)]), "a/b").is_some(), "{path} {text}");
            }
        }
        let toolchain = Made(vec![("rust-toolchain.toml", "[toolchain]\npath = \"fake\"")]);
        assert!(reason(&toolchain, "").is_some());
        assert!(reason(&Made(vec![("rust-toolchain.toml", "[toolchain]\nchannel = \"1.95.0\"")]), "").is_none());
    }
}
