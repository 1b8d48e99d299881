//! Tests of languages other than Rust, by the names of their files and the forms of their frameworks.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    counts::Counts,
    hollow,
    languages::{self, Syntax},
    skips::{self, Outline, Runs},
};

/// How the tests of a language are known.
struct Convention {
    language: &'static str,
    /// Are the tests outside of test folders, and known by the name of the file?
    file: fn(&str) -> bool,
    /// May tests stand in any file?
    anywhere: bool,
    /// The beginning of one test in a line of code.
    test: &'static str,
    property: &'static str,
    fuzz: &'static str,
    bench: &'static str,
}

fn never(_: &str) -> bool {
    false
}

const NONE: &str = r"\A\z.";

const fn convention(language: &'static str, file: fn(&str) -> bool, test: &'static str) -> Convention {
    Convention { language, file, anywhere: false, test, property: NONE, fuzz: NONE, bench: NONE }
}

/// Forms that count test by test; the text of names is taken out before, so that quotes are empty.
const CONVENTIONS: &[Convention] = &[
    Convention {
        property: r"^\s*@given\b",
        ..convention(
            "Python",
            |name| name.starts_with("test_") || name.ends_with("_test.py") || name == "tests.py",
            r"^\s*(?:async )?def test\w*\(",
        )
    },
    Convention {
        fuzz: r"^func Fuzz(?:[A-Z0-9_]\w*)?\(\w+ \*testing\.F\)",
        bench: r"^func Benchmark(?:[A-Z0-9_]\w*)?\(\w+ \*testing\.B\)",
        ..convention(
            "Go",
            |name| name.ends_with("_test.go"),
            r"^func (?:Test(?:[A-Z0-9_]\w*)?\(\w+ \*testing\.T\)|Example\w*\(\))|\b(?:It|Specify|DescribeTable)\(|^func \(\w+ \*?\w+\) Test[A-Z]\w*\(",
        )
    },
    Convention { property: r"\bfc\.(?:assert|property)\(", ..convention("JavaScript", is_script_test, SCRIPT) },
    Convention { property: r"\bfc\.(?:assert|property)\(", ..convention("TypeScript", is_script_test, SCRIPT) },
    convention("Vue", is_script_test, SCRIPT),
    Convention {
        property: r"^\s*@Property\b",
        ..convention(
            "Java",
            is_java_test,
            r"^\s*@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)(?:\(|\s|$)|\bpublic void test[A-Z]\w*\(",
        )
    },
    Convention {
        property: r"\bcheckAll\b|\bforAll\b",
        ..convention(
            "Kotlin",
            is_java_test,
            r"^\s*@(?:Test|ParameterizedTest|RepeatedTest)(?:\(|\s|$)|\b(?:should|test|it|Then)\(\x22\x22\)|^\s*\x22\x22 \{",
        )
    },
    convention("Groovy", is_java_test, r"^\s*@Test\b|\bdef \x22\x22\(\)|\bdef ''\(\)"),
    Convention {
        property: r"\bforAll\b|\bproperty\(",
        ..convention(
            "Scala",
            is_java_test,
            r"^\s*@Test\b|\b(?:test|it|scenario|Scenario)\(\x22\x22\)|\x22\x22 (?:should|in|must|can|ignore)\b|^\s*(?:it|they) should ",
        )
    },
    Convention {
        property: r"\[(?:Property|CsCheck)",
        ..convention(
            "C#",
            |name| name.contains("Test"),
            r"\[(?:Fact|Theory|Test|TestCase|TestMethod|DataTestMethod)(?:\]|\(|,)",
        )
    },
    convention("F#", |name| name.contains("Test"), r"\[<(?:Fact|Theory|Test|TestMethod)|\btest(?:Case|Property)\b"),
    convention("Visual Basic", |name| name.contains("Test"), r"<(?:Fact|Theory|Test|TestMethod)(?:>|\()"),
    convention("C", is_c_test, C_FAMILY),
    convention("C++", is_c_test, C_FAMILY),
    convention("Objective-C", is_c_test, r"^\s*-\s*\(void\)\s*test\w*"),
    Convention {
        property: r"\bproperty\(",
        ..convention("Swift", |name| name.contains("Test"), r"\bfunc test\w*\(|@Test\b|\bit\(\x22\x22\)")
    },
    convention("Dart", |name| name.ends_with("_test.dart"), r"\b(?:test|testWidgets|blocTest)(?:<[^>]*>)?\("),
    Convention {
        property: r"^\s*(?:property|check all)\b",
        ..convention("Elixir", |name| name.ends_with("_test.exs"), r"^\s*test \x22\x22")
    },
    convention(
        "Erlang",
        |name| name.ends_with("_SUITE.erl") || name.ends_with("_tests.erl"),
        r"^\w*_test_?\(\) *->|^\w+\(\w*(?:Config|_)\w*\) *->",
    ),
    Convention {
        property: r"\b(?:prop|testProperty|quickCheck)\b",
        ..convention("Haskell", |name| name.contains("Spec") || name.contains("Test"), r"\b(?:it|testCase|specify) ")
    },
    convention(
        "Lua",
        |name| name.ends_with("_spec.lua") || name.ends_with("_test.lua") || name.starts_with("test_"),
        r"\b(?:it|test)\(|^\s*function [\w.:]*test\w*\(",
    ),
    convention(
        "Perl",
        |name| name.rsplit('.').next() == Some("t"),
        r"\b(?:ok|is|isnt|like|unlike|is_deeply|cmp_ok|subtest|throws_ok|lives_ok)\b *[( ]",
    ),
    convention(
        "PHP",
        |name| name.ends_with("Test.php"),
        r"\bfunction test\w*\(|#\[Test\b|\b(?:it|test)\(''|\b(?:it|test)\(\x22\x22",
    ),
    convention(
        "R",
        |name| name.starts_with("test-") || name.starts_with("test_"),
        r"\b(?:test_that|it)\(|\bexpect_\w+\(",
    ),
    convention(
        "Ruby",
        |name| name.ends_with("_spec.rb") || name.ends_with("_test.rb") || name.starts_with("test_"),
        r"^\s*(?:it|specify|scenario|test|example)\b[^=]*(?:\bdo\b|\{)|\bdef test_\w+|^\s*(?:it|test) (?:\x22\x22|'')",
    ),
    convention("Crystal", |name| name.ends_with("_spec.cr"), r"^\s*it \x22\x22"),
    convention(
        "Shell",
        |name| name.rsplit('.').next() == Some("bats"),
        r"^\s*@test \x22\x22|^\s*@test ''|^test\w*\(\)",
    ),
    convention("PowerShell", |name| name.to_ascii_lowercase().ends_with(".tests.ps1"), r"(?i)^\s*it\s+(?:\x22\x22|'')"),
    Convention { anywhere: true, ..convention("Zig", never, r"^\s*test\b[^=;]*\{") },
    Convention { anywhere: true, ..convention("D", never, r"^\s*(?:@\w+\s+)*unittest\b") },
    convention("Julia", |name| name == "runtests.jl", r"@test(?:_throws|_broken|set)?\b"),
    Convention {
        anywhere: true,
        ..convention("OCaml", never, r"\blet%(?:test|expect_test|test_unit)\b|\bAlcotest\.test_case\b|>::")
    },
    convention("Clojure", |name| name.contains("_test."), r"\(deftest\b"),
    convention("Nim", |name| name.starts_with('t'), r"^\s*test \x22\x22"),
];

const SCRIPT: &str = r"(?:^|[^\w.$#@])(?:it|test|specify|Deno\.test|QUnit\.test|t\.test|bench)(?:\.(?:each|only|concurrent|serial|for))*(?:\([^'\x22`)]*\))?\s*(?:\(\s*['\x22`]|\(\s*\w|``\(|`)";
const C_FAMILY: &str = r"\b(?:TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P|TEST_CASE|TEST_CASE_METHOD|SCENARIO|START_TEST|BOOST_\w*TEST_CASE\w*|CPPUNIT_TEST|TEST_METHOD|QTEST_\w*MAIN|FUZZ_TEST|MU_TEST|CHEAT_TEST|Test|ParameterizedTest|TestTheory)\s*\(|\bcmocka_unit_test\w*\(|^\s*(?:static )?void \w+\(void \*\*\s*\w*\)";

fn is_script_test(name: &str) -> bool {
    [".test.", ".spec.", ".cy.", "-test.", "_test.", "-spec.", ".e2e.", ".test-d."]
        .iter()
        .any(|part| name.contains(part))
        || name.starts_with("test.")
}

fn is_java_test(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem.ends_with("Test")
        || stem.ends_with("Tests")
        || stem.ends_with("Spec")
        || stem.ends_with("IT")
        || stem.starts_with("Test")
}

fn is_c_test(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let stem = lower.split('.').next().unwrap_or_default();
    stem.starts_with("test")
        || stem.ends_with("test")
        || stem.ends_with("tests")
        || stem.contains("_test")
        || stem.contains("unittest")
}

/// Is it in a folder for tests?
fn in_test_folder(path: &str) -> bool {
    const FOLDERS: &[&str] = &[
        "test",
        "tests",
        "testing",
        "__tests__",
        "spec",
        "specs",
        "t",
        "e2e",
        "cypress",
        "unit",
        "integration-tests",
        "unittests",
        "unit-tests",
        "unit_tests",
        "testsuite",
        "androidtest",
        "tester",
        "jvmtest",
        "commontest",
    ];
    let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
    let lower = folders.to_ascii_lowercase();
    lower.split('/').any(|folder| FOLDERS.contains(&folder) || folder.ends_with("tests"))
        && !lower.contains("src/main/")
}

/// The regular expressions of one convention, each tried line by line.
struct Forms {
    test: Option<Regex>,
    property: Option<Regex>,
    fuzz: Option<Regex>,
    bench: Option<Regex>,
}

static FORMS: LazyLock<Vec<Forms>> = LazyLock::new(|| {
    let forms = |one: &Convention| Forms {
        test: Regex::new(one.test).ok(),
        property: Regex::new(one.property).ok(),
        fuzz: Regex::new(one.fuzz).ok(),
        bench: Regex::new(one.bench).ok(),
    };
    CONVENTIONS.iter().map(forms).collect()
});

/// Is there a rule for tests of this language?
pub fn has_rule(language: &str) -> bool {
    language == "Rust" || CONVENTIONS.iter().any(|one| one.language == language)
}

/// May a file hold tests, by its path?
pub fn may_hold_tests(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some(language) = languages::of(name) else { return false };
    let found = CONVENTIONS.iter().find(|one| one.language == language.name);
    found.is_some_and(|one| one.anywhere || (one.file)(name)) || in_test_folder(path)
}

/// Counts tests by the conventions of a language. What looks like a file of tests and has none of the forms that are known is
/// unclear, and so is a test without anything in it: a pattern of lines does not see what a framework makes of that.
pub fn tests_in(path: &str, text: &str) -> Counts {
    let mut counts = Counts::default();
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some(language) = languages::of(name).and_then(|language| languages::looked_at(language, text)) else {
        return counts;
    };
    let is_python = language.name == "Python";
    let found = CONVENTIONS.iter().zip(FORMS.iter()).find(|(one, _)| one.language == language.name);
    let named = found.is_some_and(|(one, _)| (one.file)(name));
    let placed = in_test_folder(path) || named && !path.contains("src/main/");
    let anywhere = found.is_some_and(|(one, _)| one.anywhere);
    // Examples in documentation are only tests where somebody runs them.
    if is_python && text.contains(">>> ") {
        counts.unclear += 1;
    }
    if !placed && !anywhere {
        return counts;
    }
    let Some((_, forms)) = found else {
        counts.unclear += u64::from(placed);
        return counts;
    };
    let mut code = languages::code(text, language.syntax);
    if matches!(language.name, "C" | "C++" | "Objective-C" | "C#") {
        code = hollow::without_groups_that_are_left_out(&code);
    }
    let lines: Vec<&str> = code.lines().collect();
    let outline = Outline::of(&lines, language.syntax);
    let is_go = language.name == "Go";
    counts.stops = is_go && skips::main_of_go(&code) == Runs::No;
    // Runners of Python look for files by their names.
    let is_found = !is_python || name.starts_with("test") || name.ends_with("_test.py");
    let file = if is_go { skips::go_file(path, text) } else { Runs::Yes };
    let file = if is_found { file } else { Runs::Unclear };
    let fits = |form: &Option<Regex>, line: &str| form.as_ref().is_some_and(|form| form.is_match(line));
    for (number, line) in lines.iter().enumerate() {
        let found = [&forms.test, &forms.property, &forms.fuzz].into_iter().any(|form| fits(form, line));
        let runs = if found { file.min(outline.runs(number)) } else { Runs::Yes };
        if runs == Runs::No {
            continue;
        }
        let example = line.strip_prefix("func Example").filter(|_| is_go).and_then(|rest| rest.split('(').next());
        if example.is_some_and(|rest| !skips::go_example_runs(text, &format!("Example{rest}"))) {
            continue;
        }
        if runs == Runs::Unclear {
            counts.unclear += 1;
            continue;
        }
        if fits(&forms.test, line) {
            if hollow::is_empty(&lines, number, language.name, language.syntax) {
                // By its indentation a body of Python is known to the end.
                counts.unclear += u64::from(!(is_python && hollow::is_bare_in_python(&lines, number)));
            } else {
                counts.tests += 1;
            }
        }
        counts.properties += u64::from(fits(&forms.property, line));
        counts.fuzz_targets += u64::from(fits(&forms.fuzz, line));
        counts.benches += u64::from(fits(&forms.bench, line));
    }
    // Support of tests (`tests/helper.py`) is unclear only where its name says that it is a test.
    let silent = counts.tests + counts.properties + counts.fuzz_targets + counts.benches + counts.unclear == 0;
    let says = !is_python && lines.iter().any(|line| line.chars().any(char::is_alphanumeric));
    if silent
        && says
        && placed
        && (named
            || matches!(language.syntax, Syntax::C | Syntax::Hash | Syntax::Plain | Syntax::Dash | Syntax::Script))
    {
        counts.unclear += 1;
    }
    counts
}

#[cfg(test)]
mod tests;
