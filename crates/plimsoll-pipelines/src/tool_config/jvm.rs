//! What the build files of Maven and Gradle do to their tests.
//!
//! Sources: Gradle, "Testing in Java & JVM projects" and the type `Test`; Maven Surefire, "surefire:test".

use super::parsed::globs;
use plimsoll_sources::{conventions, languages};

use crate::{tree, tree::Tree};

/// Languages of the JVM.
const LANGUAGES: &[&str] = &["Java", "Kotlin", "Scala", "Groovy"];
/// Files of tests that are asked whether they are left out.
const MOST_TESTS: usize = 2_000;
/// Blocks inside one another, and scripts that one applies.
const MOST_BLOCKS: usize = 50;
const MOST_APPLIED: usize = 20;

/// Is a file of tests left where these patterns leave some out, or take some in alone?
fn leaves_tests(tree: &dyn Tree, patterns: &[String], taken_in: bool) -> bool {
    // What is compiled from a source is named in its place.
    let patterns: Vec<String> = patterns
        .iter()
        .map(|pattern| pattern.trim_end_matches(".class").trim_end_matches(".java").to_owned())
        .map(|pattern| if pattern.ends_with('*') { pattern } else { format!("{pattern}.*") })
        .collect();
    let patterns = globs(&patterns);
    let sources = tree.sources();
    let mut tests = sources
        .iter()
        .filter(|path| {
            let name = path.rsplit('/').next().unwrap_or_default();
            languages::name_of(name).is_some_and(|name| LANGUAGES.contains(&name)) && conventions::may_hold_tests(path)
        })
        .take(MOST_TESTS)
        .map(String::as_str)
        .peekable();
    let matches = |path: &str| patterns.iter().any(|pattern| pattern.is_match(&path.to_ascii_lowercase()));
    if tests.peek().is_none() {
        return matches("src/test/java/a/atest.java") == taken_in;
    }
    tests.any(|path| matches(path) == taken_in)
}

/// Texts between the tags of a name.
pub(in super::super) fn tagged<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    text.split(open.as_str()).skip(1).filter_map(|rest| rest.split(close.as_str()).next()).map(str::trim).collect()
}

/// Without what stands between these marks.
pub(in super::super) fn without(text: &str, open: &str, close: &str) -> String {
    let mut parts = text.split(open);
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.split_once(close).map_or("", |(_, behind)| behind));
    }
    kept
}

/// Do the plugins that test look at a test, and fail for it?
pub(in super::super) fn is_plain_pom(tree: &dyn Tree, text: &str) -> bool {
    let text = without(text, "<!--", "-->").to_ascii_lowercase();
    let squashed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let tags = ["<skiptests>", "<maven.test.skip>", "<testfailureignore>", "<maven.test.failure.ignore>", "<skipits>"];
    let on = |tag: &&str| squashed.split(*tag).skip(1).any(|value| !value.starts_with("false<"));
    if tags.iter().any(on) {
        return false;
    }
    tagged(&squashed, "plugin").iter().filter(|plugin| is_of_tests(plugin)).all(|plugin| {
        let left_out: Vec<String> = tagged(plugin, "exclude").into_iter().map(ToOwned::to_owned).collect();
        let taken_in: Vec<String> = tagged(plugin, "include").into_iter().map(ToOwned::to_owned).collect();
        let selects = ["<skip>", "<phase>none", "<groups>", "<excludedgroups>", "<test>", "<testsourcedirectory>"];
        let odd = |all: &[String]| all.iter().any(|one| one.contains('%') || one.contains('$'));
        !selects.iter().any(|word| plugin.contains(word))
            && !odd(&left_out)
            && !odd(&taken_in)
            && (left_out.is_empty() || leaves_tests(tree, &left_out, false))
            && (taken_in.is_empty() || leaves_tests(tree, &taken_in, true))
    })
}

fn is_of_tests(plugin: &str) -> bool {
    plugin.contains("maven-surefire-plugin") || plugin.contains("maven-failsafe-plugin")
}

/// Do the tasks that test look at a test, and fail for it? Scripts that are applied are looked at as well.
pub(in super::super) fn is_plain_gradle(tree: &dyn Tree, place: &str, text: &str) -> bool {
    let code = code_of(text);
    let starts = ["applyfrom:", "applyfrom=", "apply(from=", "apply(from:"];
    let lower = code.to_ascii_lowercase();
    let places = starts.iter().flat_map(|start| lower.match_indices(start)).take(MOST_APPLIED);
    let mut applied = places.filter_map(|(at, _)| code.get(at..)?.split(['"', '\'']).nth(1));
    applied.all(|quoted| {
        let at_root = ["$rootDir/", "${rootDir}/", "$rootProject.projectDir/", "${rootProject.projectDir}/"];
        let root = at_root.iter().find_map(|start| quoted.strip_prefix(start));
        let (folder, path) = root.map_or((place, quoted), |path| ("", path));
        let text = tree::join(folder, path).and_then(|path| tree.text(&path));
        text.is_none_or(|text| text.is_ok_and(|text| blocks_are_plain(tree, &code_of(&text).to_ascii_lowercase())))
    }) && blocks_are_plain(tree, &lower)
}

/// Without comments and blanks; the end of a line is `;`.
fn code_of(text: &str) -> String {
    let text = without(text, "/*", "*/");
    let mut code = String::new();
    for line in text.lines() {
        let line = match line.find("//").filter(|at| !line.get(..*at).is_some_and(|before| before.ends_with(':'))) {
            Some(at) => line.get(..at).unwrap_or_default(),
            None => line,
        };
        let squashed: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        if squashed.starts_with('.') && code.ends_with(';') {
            code.pop();
        }
        code.push_str(&squashed);
        code.push(';');
    }
    code
}

/// Whose block it is.
#[derive(Clone, Copy, PartialEq)]
enum Owner {
    /// A task that tests, or any task.
    Tests,
    /// A task that is known to test nothing.
    Other,
    NotKnown,
}

fn owner(head: &str) -> Owner {
    let plain: String = head.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
    let of_tests = plain == "test"
        || plain.rsplit_once('.').is_some_and(|(_, last)| last == "test")
        || ["(test)", "[test]", "(test,", "<test>", "test::class", "abstracttest"]
            .iter()
            .any(|part| plain.contains(part))
        || plain.starts_with("test.")
        || plain.contains("tasks.test.")
        || [
            "whentaskadded",
            "whenready",
            "tasks.all",
            "tasks.each",
            "tasks.configureeach",
            "tasks.matching",
            "unittests",
            "testoptions",
        ]
        .iter()
        .any(|part| plain.contains(part));
    let of_others = ["jar", "dist", "javadoc", "sign", "publish", "startscripts", "dokka", "docker", "report"];
    if of_tests {
        Owner::Tests
    } else if of_others.iter().any(|part| plain.contains(part)) && !plain.contains("test") {
        Owner::Other
    } else {
        Owner::NotKnown
    }
}

fn blocks_are_plain(tree: &dyn Tree, code: &str) -> bool {
    let mut stack: Vec<Owner> = Vec::new();
    let mut start = 0;
    for (at, c) in code.char_indices().filter(|(_, c)| matches!(c, ';' | '{' | '}')) {
        let statement = code.get(start..at).unwrap_or_default();
        start = at + c.len_utf8();
        let around = if stack.contains(&Owner::Tests) {
            Owner::Tests
        } else {
            stack.iter().rev().copied().find(|owner| *owner != Owner::NotKnown).unwrap_or(Owner::NotKnown)
        };
        if !is_plain_statement(tree, statement, around) {
            return false;
        }
        match c {
            '{' if stack.len() >= MOST_BLOCKS => return false,
            '{' => stack.push(owner(statement)),
            '}' => drop(stack.pop()),
            _ => {}
        }
    }
    true
}

fn is_plain_statement(tree: &dyn Tree, statement: &str, around: Owner) -> bool {
    let own = owner(statement);
    let of_tests = around == Owner::Tests || own == Owner::Tests;
    let has = |words: &str| words.split_whitespace().any(|word| statement.contains(word));
    if has("ignorefailures") && !has("ignorefailures=false") {
        return false;
    }
    if has("excludedtasknames stopexecutionexception stopactionexception overwrite:true") {
        return false;
    }
    // A switch of a task that is not known may be that of the tests.
    if has("enabled=false enabledfalse enabled(false enabled.set(false onlyif")
        && (of_tests || (around != Owner::Other && own != Owner::Other))
    {
        return false;
    }
    if !of_tests {
        return true;
    }
    let call = statement.rsplit_once("test.").map_or(statement, |(_, call)| call);
    let call = call.strip_prefix("it.").or_else(|| call.strip_prefix("this.")).unwrap_or(call);
    let name: String = call.chars().take_while(char::is_ascii_alphanumeric).collect();
    let patterns: Vec<String> = call.split(['"', '\'']).skip(1).step_by(2).map(ToOwned::to_owned).collect();
    let none = patterns.is_empty() && !call.ends_with("[]");
    match name.as_str() {
        "exclude" | "excludes" | "setexcludes" => {
            !none && (patterns.is_empty() || leaves_tests(tree, &patterns, false))
        }
        "include" | "includes" | "setincludes" => !none && leaves_tests(tree, &patterns, true),
        "enabled" | "isenabled" | "setenabled" | "enabledtrue" => call.contains("true"),
        "filter"
        | "testclassesdirs"
        | "settestclassesdirs"
        | "actions"
        | "setactions"
        | "deleteallactions"
        | "dryrun"
        | "scanfortestclasses"
        | "isscanfortestclasses"
        | "failonnodiscoveredtests" => false,
        "includeengines" | "excludeengines" => true,
        // Without quotes its value is part of the word.
        odd if odd.starts_with("exclude") || odd.starts_with("include") => false,
        _ => !(name == "srcdirs" || name == "setsrcdirs" || statement.contains("srcdirs=")) || !patterns.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Made;

    fn made() -> Made {
        Made(vec![("src/test/java/ATest.java", ""), ("src/test/java/b/BTest.java", ""), ("src/main/java/A.java", "")])
    }

    #[test]
    fn a_build_file_that_takes_no_test_is_not_plain() {
        for (text, expected) in [
            ("test {\n  useJUnitPlatform()\n  testLogging { events 'passed' }\n}", true),
            ("tasks.test {\n  useJUnitPlatform { includeEngines(\"junit-jupiter\") }\n  maxHeapSize = \"1g\"\n}", true),
            ("tasks.withType<Test>().configureEach { jvmArgs(\"-Xmx1g\") }", true),
            ("test { exclude '**/b/**' }", true),
            ("test { include '**/*Test.class' }", true),
            ("test { ignoreFailures = false }", true),
            ("test { enabled = true }", true),
            ("jar { enabled = false }", true),
            ("bootJar {\n  enabled = false\n}", true),
            ("tasks.named(\"jar\") { enabled = false }", true),
            ("tasks.withType<Sign> { onlyIf { x } }", true),
            ("jar { exclude '**/*' }", true),
            ("task slow(type: Test) { include '**/*Slow*' }\n", true),
            ("// test { enabled = false }\n/* test { exclude '**' } */", true),
            ("test { exclude \"**/*\" }", false),
            ("test {\n  exclude '**/*Test*'\n}", false),
            ("test { exclude '**' }", false),
            ("test { exclude x }", false),
            ("tasks.test { exclude(\"**/*.class\") }", false),
            ("tasks.named(\"test\") { setExcludes(listOf(\"**\")) }", false),
            ("tasks.named<Test>(\"test\") {\n  exclude(\"**/*\")\n}", false),
            ("tasks.withType(Test)\n  .configureEach { include 'none/**' }", false),
            ("test.exclude '**/*'", false),
            ("test { enabled = false }", false),
            ("test.enabled = false", false),
            ("tasks.test { isEnabled = false }", false),
            ("tasks[\"test\"].enabled = false", false),
            ("test { enabled false }", false),
            ("test { enabled = project.hasProperty('x') }", false),
            ("test { setEnabled(false) }", false),
            ("tasks.test.get().enabled = false", false),
            ("test { onlyIf { false } }", false),
            ("test.onlyIf { false }", false),
            ("tasks.test {\n  onlyIf(\"x\") { false }\n}", false),
            ("test { ignoreFailures = true }", false),
            ("subprojects { test { ignoreFailures true } }", false),
            ("allprojects { tasks.withType(Test) { enabled = false } }", false),
            ("tasks.configureEach { if (name == 'test') enabled = false }", false),
            ("tasks.whenTaskAdded { t -> if (t.name == 'test') t.enabled = false }", false),
            ("def t = tasks.getByName('x')\nt.enabled = false", false),
            ("test { filter { excludeTestsMatching '*' } }", false),
            ("tasks.test { filter { includeTestsMatching(\"None\") } }", false),
            ("test { useJUnitPlatform { excludeTags 'a', 'b' } }", false),
            ("test { testClassesDirs = files() }", false),
            ("test { actions = [] }", false),
            ("task test(overwrite: true) { }", false),
            ("gradle.startParameter.excludedTaskNames += 'test'", false),
            ("sourceSets { test { java { srcDirs = [] } } }", false),
            ("android { testOptions { unitTests.all { it.enabled = false } } }", false),
        ] {
            assert_eq!(is_plain_gradle(&made(), "", text), expected, "{text}");
        }
        let mut tree = made();
        tree.0.push(("gradle/test.gradle", "test { enabled = false }"));
        assert!(!is_plain_gradle(&tree, "", "apply from: 'gradle/test.gradle'"));
        assert!(!is_plain_gradle(&tree, "app", "apply(from = \"$rootDir/gradle/test.gradle\")"));
        assert!(is_plain_gradle(&tree, "", "apply from: 'gradle/other.gradle'"));
    }

    #[test]
    fn a_plugin_that_takes_no_test_is_not_plain() {
        let plugin = |inside: &str| {
            format!("<project><plugin><artifactId>maven-surefire-plugin</artifactId>{inside}</plugin></project>")
        };
        for (text, expected) in [
            (plugin("<version>3</version>"), true),
            (plugin("<configuration><argLine>-Xmx1g</argLine></configuration>"), true),
            (plugin("<configuration><includes><include>**/*Test.java</include></includes></configuration>"), true),
            (plugin("<configuration><excludes><exclude>**/b/**</exclude></excludes></configuration>"), true),
            ("<plugin><artifactId>x-plugin</artifactId><skip>true</skip></plugin>".to_owned(), true),
            ("<skipTests>false</skipTests>".to_owned(), true),
            ("<!-- <skipTests>true</skipTests> -->".to_owned(), true),
            (plugin("<configuration><skip>true</skip></configuration>"), false),
            (plugin("<configuration><skipTests>${x}</skipTests></configuration>"), false),
            (plugin("<executions><execution><id>default-test</id><phase>none</phase></execution></executions>"), false),
            (plugin("<configuration><excludes><exclude>**/*</exclude></excludes></configuration>"), false),
            (plugin("<configuration><excludes><exclude>**/*Test.java</exclude></excludes></configuration>"), false),
            (plugin("<configuration><includes><include>**/None.java</include></includes></configuration>"), false),
            (plugin("<configuration><groups>none</groups></configuration>"), false),
            (plugin("<configuration><testFailureIgnore>true</testFailureIgnore></configuration>"), false),
            ("<properties><skipTests>true</skipTests></properties>".to_owned(), false),
            ("<properties><maven.test.skip>true</maven.test.skip></properties>".to_owned(), false),
            ("<properties><maven.test.skip>${x}</maven.test.skip></properties>".to_owned(), false),
            ("<properties><maven.test.failure.ignore>true</maven.test.failure.ignore></properties>".to_owned(), false),
        ] {
            assert_eq!(is_plain_pom(&made(), &text), expected, "{text}");
        }
    }
}
