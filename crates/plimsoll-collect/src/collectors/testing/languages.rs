//! Languages by the ends of names, and tests of languages other than Rust by their conventions.

use super::rust::RustFile;

/// A language.
pub(super) struct Language {
    pub(super) name: &'static str,
    /// Does it keep memory safe unless asked not to?
    pub(super) memory_safe: bool,
    endings: &'static [&'static str],
}

/// The table. Markup, data and prose are no source.
///
/// Source for memory safety: CISA and others, "The Case for Memory Safe Roadmaps" (December 2023), appendix.
const LANGUAGES: &[Language] = &[
    Language { name: "Rust", memory_safe: true, endings: &["rs"] },
    Language { name: "C", memory_safe: false, endings: &["c", "h"] },
    Language {
        name: "C++",
        memory_safe: false,
        endings: &[
            "cc", "cpp", "cxx", "c++", "C", "cppm", "ixx", "cu", "hpp", "hh", "hxx", "h++", "H", "cuh", "ipp", "tpp",
            "inl",
        ],
    },
    Language { name: "Assembly", memory_safe: false, endings: &["s", "S", "asm"] },
    Language { name: "Objective-C", memory_safe: false, endings: &["m", "mm"] },
    Language { name: "Zig", memory_safe: false, endings: &["zig"] },
    Language { name: "Python", memory_safe: true, endings: &["py"] },
    Language { name: "Go", memory_safe: true, endings: &["go"] },
    Language { name: "JavaScript", memory_safe: true, endings: &["js", "mjs", "cjs", "jsx"] },
    Language { name: "TypeScript", memory_safe: true, endings: &["ts", "tsx", "mts"] },
    Language { name: "Java", memory_safe: true, endings: &["java"] },
    Language { name: "Kotlin", memory_safe: true, endings: &["kt", "kts"] },
    Language { name: "C#", memory_safe: true, endings: &["cs"] },
    Language { name: "Swift", memory_safe: true, endings: &["swift"] },
    Language { name: "Ruby", memory_safe: true, endings: &["rb"] },
    Language { name: "PHP", memory_safe: true, endings: &["php"] },
    Language { name: "Shell", memory_safe: true, endings: &["sh", "bash"] },
    Language { name: "Haskell", memory_safe: true, endings: &["hs"] },
    Language { name: "OCaml", memory_safe: true, endings: &["ml", "mli"] },
];

/// The language of a file by its name.
pub(super) fn of(name: &str) -> Option<&'static Language> {
    let (stem, ending) = name.rsplit_once('.')?;
    LANGUAGES.iter().find(|language| !stem.is_empty() && language.endings.contains(&ending))
}

/// Counts tests by the convention of a language: the name of the file and the beginning of lines.
pub(super) fn tests_in(language: &str, path: &str, text: &str) -> RustFile {
    let name = path.rsplit('/').next().unwrap_or_default();
    let count = |starts: &[&str]| {
        text.lines().filter(|line| starts.iter().any(|start| line.trim_start().starts_with(start))).count() as u64
    };
    let mut found = RustFile::default();
    match language {
        "Python" if name.starts_with("test_") || name.ends_with("_test.py") => {
            found.tests = count(&["def test_", "async def test_"]);
        }
        "Go" if name.ends_with("_test.go") => {
            found.tests = count(&["func Test"]);
            found.fuzz_targets = count(&["func Fuzz"]);
            found.benches = count(&["func Benchmark"]);
        }
        "JavaScript" | "TypeScript"
            if name.contains(".test.") || name.contains(".spec.") || path.contains("__tests__/") =>
        {
            found.tests = count(&["it(", "test(", "it.each", "test.each"]);
        }
        "Java" | "Kotlin" => found.tests = count(&["@Test", "@ParameterizedTest"]),
        "C#" => found.tests = count(&["[Fact", "[Theory", "[Test"]),
        "Ruby" if name.ends_with("_spec.rb") || name.ends_with("_test.rb") => {
            found.tests = count(&["it \"", "it '", "def test_", "test \""]);
        }
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions_are_followed() {
        assert_eq!(of("a.rs").map(|language| language.name), Some("Rust"));
        for name in ["a.C", "a.c++", "a.cu", "a.inl", "a.S"] {
            assert!(of(name).is_some_and(|language| !language.memory_safe), "{name}");
        }
        assert!(of(".rs").is_none() && of("README.md").is_none() && of("rs").is_none());
        assert_eq!(tests_in("Python", "tests/test_a.py", "def test_a():\n  pass\ndef helper():\n").tests, 1);
        assert_eq!(tests_in("Python", "a.py", "def test_a():\n").tests, 0);
        assert_eq!(
            tests_in("Go", "a_test.go", "func TestA(t *testing.T) {\nfunc FuzzB(f *testing.F) {\n").fuzz_targets,
            1
        );
    }
}
