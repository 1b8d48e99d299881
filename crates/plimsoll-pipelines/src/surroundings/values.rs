//! Names that tools read, and the values of them that switch no check off.

/// Names whose values are options of the compiler.
const FLAGS: &[&str] = &["RUSTFLAGS", "RUSTDOCFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"];

/// Names whose values are words for a tool: each with the words that change nothing about whether a check fails. One that ends
/// in `*` stands for all that begin with it.
///
/// Source: the pages on environment variables of Maven, Gradle, the JDK, Node.js, Go, GNU make and pytest.
const WORDS: &[(&str, &str)] = &[
    ("MAVEN_ARGS", "-B --batch-mode -ntp --no-transfer-progress -V --show-version -e --errors -q -U"),
    ("MAVEN_OPTS", "-Xm* -Xs* -XX:+Use* -XX:Max* -XX:Reserved* -XX:Tiered* -XX:+Heap* -XX:-Heap*"),
    (
        "GRADLE_OPTS",
        "-Xm* -Xs* -XX:+Use* -XX:Max* -XX:Reserved* -XX:Tiered* -XX:+Heap* -XX:-Heap* -Dorg.gradle.daemon=* -Dorg.gradle.parallel=* -Dorg.gradle.workers.max=*",
    ),
    (
        "JAVA_TOOL_OPTIONS",
        "-Xm* -Xs* -XX:+Use* -XX:Max* -XX:Reserved* -XX:Tiered* -XX:+Heap* -XX:-Heap* -Dfile.encoding=* -Duser.language=* -Duser.timezone=*",
    ),
    (
        "NODE_OPTIONS",
        "--max-old-space-size=* --max_old_space_size=* --openssl-legacy-provider --no-warnings --no-deprecation",
    ),
    ("GOFLAGS", "-mod=mod -mod=vendor -mod=readonly -trimpath -buildvcs=* -v -count=1"),
    ("MAKEFLAGS", "-j -j1 -j2 -j3 -j4 -j6 -j8 -j16"),
    ("PYTEST_ADDOPTS", "-v -vv -ra -rA --color=* --tb=short --tb=long --tb=native --durations=* --strict-markers"),
    ("CARGO", "cargo"),
    ("CARGO_BUILD_WARNINGS", "deny warn"),
    ("RUSTC_BOOTSTRAP", "1 0"),
    ("GIT_STRATEGY", "clone fetch"),
    ("INSTA_UPDATE", "no new"),
];

/// Do its values decide?
pub(super) fn decides(upper: &str) -> bool {
    FLAGS.contains(&upper)
        || WORDS.iter().any(|(name, _)| *name == upper)
        || matches!(upper, "PROPTEST_CASES" | "QUICKCHECK_TESTS" | "TOX_ENV" | "TOXENV")
}

/// Does the value switch nothing off? Absent where the name alone decides.
pub(super) fn is_harmless(upper: &str, value: Option<&str>) -> Option<bool> {
    if FLAGS.contains(&upper) {
        return Some(value.is_some_and(are_flags));
    }
    match upper {
        // A path names a compiler of the tree.
        "RUSTUP_TOOLCHAIN" => return Some(value.is_none_or(|value| !value.contains(['/', '\\']))),
        "PROPTEST_CASES" | "QUICKCHECK_TESTS" => {
            return Some(value.is_some_and(|value| value.parse::<u32>().is_ok_and(|cases| cases > 0)));
        }
        // tox alone reads it, and what it selects is looked at there.
        "TOX_ENV" | "TOXENV" => return Some(true),
        // Of these one word alone is a value, and a version names what is downloaded.
        "GOTOOLCHAIN" => return Some(value.is_none_or(|value| !value.contains(['/', '\\']))),
        _ => {}
    }
    let (name, words) = WORDS.iter().find(|(name, _)| *name == upper)?;
    let fits = |word: &str| {
        words.split(' ').any(|known| match known.strip_suffix('*') {
            Some(start) => word.starts_with(start),
            None => word == known,
        })
    };
    // Those of one word are nothing else where they are empty.
    let empty = !matches!(*name, "CARGO" | "GIT_STRATEGY" | "INSTA_UPDATE");
    Some(value.is_some_and(|value| (empty || !value.trim().is_empty()) && value.split_whitespace().all(fits)))
}

/// Names that the compiler is given by many, and that switch no check off.
const CFGS: &[&str] = &[
    "tokio_unstable",
    "docsrs",
    "web_sys_unstable_apis",
    "tracing_unstable",
    "procmacro2_semver_exempt",
    "uuid_unstable",
];

/// Options of the compiler that allow nothing.
pub(crate) fn are_flags(value: &str) -> bool {
    let mut words = value.split_whitespace();
    while let Some(word) = words.next() {
        let alone = matches!(
            word,
            "-D" | "--deny" | "-F" | "--forbid" | "-W" | "--warn" | "-C" | "--cfg" | "-L" | "-l" | "-Z" | "--codegen"
        );
        if alone {
            let value = words.next();
            if word == "--cfg" && !value.is_some_and(|value| CFGS.contains(&value)) {
                return false;
            }
        }
        let plain = alone
            || ["-D", "-F", "-W", "-C", "--deny=", "--forbid=", "--warn=", "-L", "-l", "--codegen="]
                .iter()
                .any(|start| word.starts_with(start))
            || matches!(
                word,
                "-Zsanitizer=address"
                    | "-Zsanitizer=thread"
                    | "-Zsanitizer=memory"
                    | "-Zsanitizer=leak"
                    | "-Zrandomize-layout"
                    | "-g"
            );
        if !plain {
            return false;
        }
    }
    true
}
