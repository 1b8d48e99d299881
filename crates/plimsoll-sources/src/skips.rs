//! Tests that are written down and never run: skipped, switched off, or where no runner looks for them.

use std::sync::LazyLock;

use regex::Regex;

use crate::languages::Syntax;

/// Whether a test is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Runs {
    No,
    Unclear,
    Yes,
}

/// Lines of attributes above a test that are looked at.
const MOST_ABOVE: usize = 20;
/// Blocks around a test that are looked at.
const DEEPEST: usize = 200;

type Pattern = LazyLock<Option<Regex>>;

/// Marks of a test, of a block or of an attribute that switch it off.
static MARK: Pattern = LazyLock::new(|| {
    Regex::new(r"\.skip\b|\.todo\b|\.fixme\b|\b(?:xit|xtest|xdescribe|xcontext|xspecify|xscenario|xexample|xsuite|PIt|XIt|PDescribe|XDescribe|PContext|XContext|PWhen|XWhen|PSpecify|XSpecify)\b\s*[( ]|@(?:[\w.:]+[.:])?(?:Disabled|Ignore)\b|@(?:pytest\.|pytest_asyncio\.)?fixture\b|^\[<?(?:.*[\[,<]\s*)?(?:\w+\.)*(?:Ignore|Explicit)(?:Attribute)?\s*(?:[\](,>]|$)|\bSkip\s*=|\bIgnore\s*=|@(?:unittest\.)?skip\b|@pytest\.mark\.skip\b|skip[Ii]f\(\s*(?:True|not False|[1-9]\d*|[\d\s=<>!]+)\s*[,)]|skipUnless\(\s*False|\brun\s*=\s*False|@(?:module|describe)?tag :?skip\b|@tag skip:|\.disabled\(|\benabled\s*=\s*false|#\[Ignore\b|@requires PHP 99|\bskip:|\bpending:|\bDISABLED_|^(?:it|test|specify|example|scenario) *\(?(?:\x22\x22|'')\)?(?:, *:?\w+(?: => \w+)?)*;?$|(?:^|[^\w.$#@])(?:it|test|specify)(?:\.(?:only|concurrent|serial))*\s*\(\s*(?:''|\x22\x22|``)\s*,?\s*\)\s*(?:[;,})]|$)").ok()
});
/// A call with which a test ends before it begins.
static LEAVES: Pattern = LazyLock::new(|| {
    Regex::new(r"^(?:t|s|suite|s\.T\(\)|b|f)\.(?:Skip|Skipf|SkipNow)\(|^pytest\.(?:skip|xfail|exit)\(|^(?:self|cls)\.skipTest\(|^raise (?:unittest\.)?SkipTest\b|^(?:this|ctx|context|test|t)\.(?:skip|todo)\(\s*\)?|^skip\b(?:\(|\s|$)|^pending\b(?:\(|\s|$)|^(?:\$this->|self::|static::)markTest(?:Skipped|Incomplete)\(|^(?:throw|try) XCTSkip\b|^throw XCTSkip|^GTEST_SKIP\b|^SKIP\(|^Assert\.(?:Ignore|Inconclusive|Skip)\(|^(?:\w+\.)*assume(?:True|That)\(\s*(?:\x22\x22\s*,\s*)?false\b|^(?:\w+\.)*assumeFalse\(\s*(?:\x22\x22\s*,\s*)?true\b|^cancel\(|^skip_if\(TRUE|^return\s*;?\s*$").ok()
});
/// A condition of a block that never holds, or does not where tests are run.
static NEVER: Pattern = LazyLock::new(|| {
    Regex::new(r"^(?:\}?\s*)?(?:if|while|elif)\s*\(?\s*(?:False|false|0|None|null|TYPE_CHECKING|typing\.TYPE_CHECKING|__name__\b.*|not True|!true|!1)\s*\)?\s*[:{]").ok()
});
/// A mark of a test that is expected to fail.
static FAILS: Pattern =
    LazyLock::new(|| Regex::new(r"^@(?:pytest\.)?mark\.xfail\b|^@xfail\b|^@(?:unittest\.)?expectedFailure\b").ok());
static CLASS: Pattern = LazyLock::new(|| Regex::new(r"^class (\w+)\s*(?:\(([^)]*)\)?)?").ok());
static MODULE_SKIPS: Pattern = LazyLock::new(|| {
    Regex::new(r"^(?:pytest\.(?:skip|exit)\(|raise (?:unittest\.)?SkipTest\b|(?:sys\.)?exit\(|pytestmark\s*=.*\bmark\.skip\b|__test__\s*=\s*False|collect_ignore|skipTest\()").ok()
});

fn fits(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

/// The blocks of a file: for each line the one that opens the block around it.
pub(super) struct Outline<'a> {
    lines: &'a [&'a str],
    around: Vec<Option<usize>>,
    is_python: bool,
    /// Does the file as a whole take itself out?
    silent: bool,
    /// Are all of its tests expected to fail?
    fails: bool,
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

impl<'a> Outline<'a> {
    /// Reads the lines of a file, whose comments and texts are empty.
    pub(super) fn of(lines: &'a [&'a str], syntax: Syntax) -> Self {
        let by_indent = matches!(syntax, Syntax::Python | Syntax::Hash | Syntax::Dash | Syntax::Plain);
        let around = if by_indent { by_indentation(lines) } else { by_brackets(lines) };
        let is_python = matches!(syntax, Syntax::Python);
        let silent = lines.iter().any(|line| {
            let moduletag = line.trim_start().starts_with("@moduletag") && line.contains("skip");
            let plan = line.starts_with("plan") || line.starts_with("use Test::");
            let skips_all = plan && line.contains("skip_all") && !line.contains(" if ") && !line.contains(" unless ");
            moduletag || skips_all || is_python && indent(line) == 0 && fits(&MODULE_SKIPS, line)
        });
        let fails = lines.iter().any(|line| is_python && line.starts_with("pytestmark") && line.contains("mark.xfail"));
        Self { lines, around, is_python, silent, fails }
    }

    fn line(&self, number: usize) -> &'a str {
        self.lines.get(number).copied().unwrap_or_default().trim()
    }

    /// Is the test that begins in this line run?
    pub(super) fn runs(&self, number: usize) -> Runs {
        if self.silent || self.is_switched_off(number) || self.leaves(number) {
            return Runs::No;
        }
        let mut runs = if self.may_fail(number) { Runs::Unclear } else { Runs::Yes };
        let mut here = self.around.get(number).copied().flatten();
        let mut left = DEEPEST;
        while let Some(block) = here {
            left -= 1;
            if left == 0 {
                return Runs::Unclear;
            }
            runs = runs.min(self.block(block));
            if self.may_fail(block) {
                runs = runs.min(Runs::Unclear);
            }
            if runs == Runs::No {
                return runs;
            }
            here = self.around.get(block).copied().flatten().filter(|above| *above < block);
        }
        runs
    }

    /// Is there a mark in the line, or in the attributes above it?
    fn is_switched_off(&self, number: usize) -> bool {
        let above = (0..number).rev().take(MOST_ABOVE).map(|at| self.line(at)).take_while(|line| {
            let is_attribute = line.starts_with(['@', '[', '<']) || line.starts_with("#[");
            // With a body it is another declaration, whose attributes are its own.
            is_attribute && !line.ends_with(['}', ';']) || *line == ")" || line.ends_with(',')
        });
        fits(&MARK, self.line(number))
            || above.filter(|line| !line.ends_with(',')).any(|line| fits(&MARK, line))
            || self.below(number).iter().any(|attribute| fits(&MARK, attribute))
    }

    /// The attributes from the one that begins in the line down to what they are about; none where none begins there.
    fn below(&self, number: usize) -> Vec<String> {
        let lines = (number..self.lines.len()).take(MOST_ABOVE).map(|at| self.line(at));
        let text = lines.collect::<Vec<_>>().join("\n");
        let mut rest = text.trim_start();
        let mut attributes = Vec::new();
        while let Some(length) = attribute(rest) {
            let (one, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            attributes.push(one.split_whitespace().collect::<Vec<_>>().join(" "));
            rest = behind.trim_start();
            // Words that may stand between them.
            while let Some(behind) = MODIFIERS.iter().find_map(|word| {
                rest.strip_prefix(word)
                    .filter(|behind| !attributes.is_empty() && behind.starts_with(char::is_whitespace))
            }) {
                rest = behind.trim_start();
            }
        }
        attributes
    }

    /// Is the test expected to fail, so that it asks for nothing?
    fn may_fail(&self, number: usize) -> bool {
        let above = (0..number).rev().take(MOST_ABOVE).map(|at| self.line(at)).take_while(|line| line.starts_with('@'));
        self.is_python && (above.chain([self.line(number)]).any(|line| fits(&FAILS, line)) || self.fails)
    }

    /// Is what the test does first to end?
    fn leaves(&self, number: usize) -> bool {
        let line = self.line(number);
        let first = |text: &str| {
            let text = text.trim();
            // What only prepares.
            let prepares = text.ends_with(".Parallel()") || text.ends_with(".Helper()");
            (!text.is_empty() && !prepares && !matches!(text, "{" | "\"\"\"\"\"\"" | "\"\"")).then(|| text.to_owned())
        };
        let open = if self.is_python { line.rsplit_once("):") } else { line.rsplit_once('{') };
        let own = open.and_then(|(_, after)| first(after));
        let below = || {
            let next = (number + 1..self.lines.len()).take(MOST_ABOVE).filter(|at| self.is_inside(*at, number));
            next.map(|at| self.line(at)).find_map(first)
        };
        own.or_else(below).is_some_and(|statement| fits(&LEAVES, &statement))
    }

    /// Is the line in the block that begins in `start`?
    fn is_inside(&self, number: usize, start: usize) -> bool {
        self.line(number).is_empty() || self.around.get(number).copied().flatten().is_some_and(|block| block >= start)
    }

    /// Are tests run in the block that begins in this line?
    fn block(&self, number: usize) -> Runs {
        let line = self.line(number);
        if fits(&MARK, line) || fits(&NEVER, line) || self.is_switched_off(number) {
            return Runs::No;
        }
        // Its name may stand above its bracket.
        let head = number.checked_sub(1).filter(|above| {
            let above = self.line(*above);
            line == "{" && !above.is_empty() && !above.ends_with(['{', '}', ';', ']'])
        });
        if head.is_some_and(|head| self.is_switched_off(head)) {
            return Runs::No;
        }
        if !self.is_python {
            return Runs::Yes;
        }
        if line.starts_with("def ") || line.starts_with("async def ") {
            return Runs::No;
        }
        if line.starts_with("if ") || line.starts_with("elif ") || line.starts_with("else") {
            return Runs::Unclear;
        }
        let Some(class) = CLASS.as_ref().and_then(|class| class.captures(line)) else { return Runs::Yes };
        let name = class.get(1).map_or("", |name| name.as_str());
        let bases = class.get(2).map_or("", |bases| bases.as_str()).trim();
        let inside =
            || (number + 1..self.lines.len()).filter(|at| self.around.get(*at).copied().flatten() == Some(number));
        let has = |start: &str| inside().any(|at| self.line(at).starts_with(start));
        if has("__test__ = False") {
            return Runs::No;
        }
        if bases.contains("Test") {
            return Runs::Yes;
        }
        // Source: pytest, "Conventions for Python test discovery".
        match (name.starts_with("Test"), bases.is_empty() || bases == "object") {
            (true, true) if has("def __init__(") || has("def __new__(") => Runs::No,
            (true, _) => Runs::Yes,
            (false, true) => Runs::No,
            (false, false) => Runs::Unclear,
        }
    }
}

/// Words of Java, Kotlin, C# and Swift between the attributes of a test and its type.
const MODIFIERS: &[&str] = &[
    "public",
    "protected",
    "private",
    "internal",
    "final",
    "static",
    "open",
    "override",
    "virtual",
    "sealed",
    "async",
    "suspend",
];

/// The bytes of the attribute that the text begins with.
fn attribute(text: &str) -> Option<usize> {
    let begin = match text.as_bytes() {
        [b'@', next, ..] if next.is_ascii_alphabetic() => {
            let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | ':' | '@');
            let name = text.find(|letter| !is_name(letter)).unwrap_or(text.len());
            let behind = text.get(name..).unwrap_or_default();
            if !behind.starts_with('(') {
                return Some(name);
            }
            name
        }
        [b'#', b'[', ..] => 1,
        [b'[', ..] => 0,
        _ => return None,
    };
    let mut depth = 0_usize;
    for (at, letter) in text.char_indices().skip_while(|(at, _)| *at < begin) {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some(at + letter.len_utf8());
        }
    }
    None
}

/// The line above each that is less deep.
fn by_indentation(lines: &[&str]) -> Vec<Option<usize>> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut around = Vec::with_capacity(lines.len());
    for (number, line) in lines.iter().enumerate() {
        if line.trim().is_empty() {
            around.push(open.last().map(|(_, at)| *at));
            continue;
        }
        let depth = indent(line);
        while open.last().is_some_and(|(above, _)| *above >= depth) {
            open.pop();
        }
        around.push(open.last().map(|(_, at)| *at));
        open.push((depth, number));
    }
    around
}

/// The line in which the innermost bracket around the start of each line opens.
fn by_brackets(lines: &[&str]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut around = Vec::with_capacity(lines.len());
    for (number, line) in lines.iter().enumerate() {
        around.push(open.last().copied());
        for letter in line.chars() {
            match letter {
                '{' | '(' | '[' => open.push(number),
                '}' | ')' | ']' => {
                    open.pop();
                }
                _ => {}
            }
        }
    }
    around
}

/// Words of the platform and of the compiler that a build tag of Go may name.
const GO_TAGS: &[&str] = &[
    "aix",
    "android",
    "darwin",
    "dragonfly",
    "freebsd",
    "illumos",
    "ios",
    "js",
    "linux",
    "netbsd",
    "openbsd",
    "plan9",
    "solaris",
    "wasip1",
    "windows",
    "unix",
    "386",
    "amd64",
    "arm",
    "arm64",
    "loong64",
    "mips",
    "mips64",
    "mips64le",
    "mipsle",
    "ppc64",
    "ppc64le",
    "riscv64",
    "s390x",
    "wasm",
    "cgo",
    "gc",
    "gccgo",
    "race",
];

/// Does `go test` take in the file? `text` is all of it, with its comments.
///
/// Source: the go command, "Build constraints" and "Package lists" (folders that are left out).
pub(super) fn go_file(path: &str, text: &str) -> Runs {
    let (folders, _) = path.rsplit_once('/').unwrap_or(("", path));
    if folders.split('/').any(|folder| folder == "testdata" || folder.starts_with(['_', '.'])) {
        return Runs::No;
    }
    let head = text.lines().take_while(|line| !line.starts_with("package "));
    let mut runs = Runs::Yes;
    for line in head {
        let line = line.trim();
        let Some(condition) = line.strip_prefix("//go:build ").or_else(|| line.strip_prefix("// +build ")) else {
            continue;
        };
        let words = condition.split(|letter: char| !(letter.is_ascii_alphanumeric() || "!_.".contains(letter)));
        for word in words.filter(|word| !word.is_empty()) {
            let known = word.starts_with('!') || GO_TAGS.contains(&word) || word.starts_with("go1.");
            runs = runs.min(match word {
                "ignore" | "never" | "none" => Runs::No,
                _ if known => Runs::Yes,
                _ => Runs::Unclear,
            });
        }
    }
    runs
}

/// What the `TestMain` of a file of Go makes of the tests: whether it runs them, and ends as they do. `code` has no comments
/// and empty texts.
pub(super) fn main_of_go(code: &str) -> Runs {
    let Some((_, body)) = code.split_once("func TestMain(") else { return Runs::Yes };
    let body = body.split("\n}").next().unwrap_or(body);
    // `goleak` and its like run the tests themselves.
    let Some((before, _)) = body.split_once(".Run(").or_else(|| body.split_once("VerifyTestMain(m")) else {
        return Runs::No;
    };
    // `os.Exit(m.Run())`: the call is around it.
    let before =
        before.rsplit_once("os.Exit(").filter(|(_, inner)| inner.trim() == "m").map_or(before, |(before, _)| before);
    let mut outermost = before.lines().filter(|line| line.starts_with('\t') && !line.starts_with("\t\t"));
    let stops = outermost.any(|line| {
        let line = line.trim();
        ["os.Exit(", "panic(", "log.Fatal", "runtime.Goexit("].iter().any(|call| line.starts_with(call))
            || line == "return"
    });
    if stops || before.lines().next().is_some_and(|line| line.contains("os.Exit(")) {
        return Runs::No;
    }
    let squashed: String = body.chars().filter(|c| !c.is_whitespace()).collect();
    if squashed.contains("Exit(0)") { Runs::Unclear } else { Runs::Yes }
}

/// Is the example of Go that begins in this line run? One without its output is only compiled.
pub(super) fn go_example_runs(text: &str, name: &str) -> bool {
    let Some((_, body)) = text.split_once(&format!("func {name}(")) else { return false };
    let end = body.find("\nfunc ").unwrap_or(body.len());
    let lower = body.get(..end).unwrap_or_default().to_ascii_lowercase();
    lower.lines().filter_map(|line| line.split_once("//")).any(|(_, comment)| {
        let comment = comment.trim_start();
        comment.starts_with("output:") || comment.starts_with("unordered output:")
    })
}
