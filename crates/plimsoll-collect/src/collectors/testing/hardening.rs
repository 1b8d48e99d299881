//! Protective settings of compilers and checkers, where the file of a build at the root of the tree sets them for all of it.
//!
//! What stands under a condition, in a function, or behind the first target is not taken: then it is not known for what it
//! counts. Settings of subfolders, of presets and of environments are not seen.

mod cmake;
mod meson;
mod scripts;

/// One setting.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) setting: &'static str,
    pub(super) value: String,
    pub(super) languages: &'static [&'static str],
}

pub(super) const FORTIFY: &str = "fortify-source";
pub(super) const STACK: &str = "stack-protector";
pub(super) const PIE: &str = "pie";
pub(super) const WERROR: &str = "warnings-as-errors";
pub(super) const STRICT: &str = "strict-types";

pub(super) const BOTH: &[&str] = &["C", "C++", "Objective-C"];
pub(super) const C: &[&str] = &["C"];
pub(super) const CPP: &[&str] = &["C++"];

pub(super) fn is_read(name: &str) -> bool {
    matches!(
        name,
        "CMakeLists.txt"
            | "meson.build"
            | "tsconfig.json"
            | "mypy.ini"
            | "build.gradle"
            | "build.gradle.kts"
            | "Directory.Build.props"
            | "analysis_options.yaml"
            | "phpstan.neon"
            | "phpstan.neon.dist"
            | ".goreleaser.yml"
            | ".goreleaser.yaml"
    )
}

/// Gives the settings of a file at the root, sorted.
pub(super) fn settings(name: &str, text: &str) -> Vec<Found> {
    if is_doubtful(name, text) {
        return Vec::new();
    }
    let mut found = match name {
        "CMakeLists.txt" => cmake::settings(text),
        "meson.build" => meson::settings(text),
        "tsconfig.json" => scripts::typescript(text),
        "pyproject.toml" => scripts::pyproject(text),
        "mypy.ini" => scripts::mypy(text),
        "build.gradle" | "build.gradle.kts" => scripts::gradle(text),
        "Directory.Build.props" => scripts::dotnet(text),
        "analysis_options.yaml" => scripts::dart(text),
        "phpstan.neon" | "phpstan.neon.dist" => scripts::phpstan(text),
        ".goreleaser.yml" | ".goreleaser.yaml" => scripts::goreleaser(text),
        _ => Vec::new(),
    };
    found.sort_by(|one, other| (one.setting, one.languages).cmp(&(other.setting, other.languages)));
    found.dedup();
    found
}

/// Does the file hold what may undo, part or hide a setting, in a way that is not followed? Then nothing of it is known.
fn is_doubtful(name: &str, text: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    match name {
        "CMakeLists.txt" => {
            let per_target = text.split("target_compile_options").skip(1).filter_map(|rest| rest.split(')').next());
            let undoes =
                |options: &str| ["-U", "-fno-", "-Wno-error", "-w ", "NO_"].iter().any(|one| options.contains(one));
            has(&["COMPILE_OPTIONS", "COMPILE_FLAGS", "remove_definitions", "POSITION_INDEPENDENT_CODE OFF", "[=["])
                || per_target.into_iter().any(undoes)
        }
        "meson.build" => has(&["'''", "override_options", "werror=false", "b_pie=false", "pie: false", "pie : false"]),
        "build.gradle" | "build.gradle.kts" => {
            has(&["\"\"\"", "'''", "compilerArgs = ", "compilerArgs=", ".remove", ".clear", "= false", "set(false)"])
        }
        "Directory.Build.props" => {
            has(&["<Target", "<Project Condition", "<PropertyGroup Condition", "<!["])
                || text.matches("TreatWarningsAsErrors").count() != 2
        }
        ".goreleaser.yml" | ".goreleaser.yaml" => {
            has(&["overrides:", "prebuilt", "builder:"])
                || text.matches("buildmode").count() > text.matches("flags").count()
        }
        "mypy.ini" | "pyproject.toml" => {
            has(&["ignore_errors = true", "ignore_errors = True", "ignore_errors=", "disable_error_code"])
        }
        "tsconfig.json" => has(&["noCheck"]),
        "phpstan.neon" | "phpstan.neon.dist" => has(&["ignoreErrors", "excludePaths"]),
        "analysis_options.yaml" => has(&["\"**\"", "'**'"]),
        _ => false,
    }
}

/// The options that compilers of C and C++ are given, in their order.
///
/// Source: OpenSSF, "Compiler Options Hardening Guide for C and C++"; GCC, "Instrumentation Options".
#[derive(Default)]
pub(super) struct Flags {
    fortify: Option<String>,
    stack: Option<String>,
    pie: bool,
    werror: bool,
    wall: bool,
}

impl Flags {
    pub(super) fn take(&mut self, flag: &str) {
        let flag = flag.trim_matches(['"', '\'']);
        match flag {
            "-Wall" | "/W4" | "/Wall" => self.wall = true,
            "-Werror" | "/WX" => self.werror = true,
            "-Wno-error" | "/WX-" | "-w" => self.werror = false,
            "-fstack-protector-strong" | "-fstack-protector-all" => {
                self.stack = flag.strip_prefix("-fstack-protector-").map(ToOwned::to_owned);
            }
            "-fno-stack-protector" | "-fstack-protector" => self.stack = None,
            "-fPIE" | "-fPIC" | "-fpie" => self.pie = true,
            "-fno-pie" | "-no-pie" | "-fno-PIE" | "-fno-PIC" => self.pie = false,
            _ => {
                let define = flag.strip_prefix("-D").unwrap_or(flag);
                if let Some(level) = define.strip_prefix("_FORTIFY_SOURCE=") {
                    self.fortify = matches!(level, "2" | "3").then(|| level.to_owned());
                } else if matches!(flag, "-U_FORTIFY_SOURCE" | "-Wp,-U_FORTIFY_SOURCE") {
                    self.fortify = None;
                } else if let Some(level) = flag.strip_prefix("-Wp,-D_FORTIFY_SOURCE=") {
                    self.fortify = matches!(level, "2" | "3").then(|| level.to_owned());
                }
            }
        }
    }

    pub(super) fn found(&self, languages: &'static [&'static str]) -> Vec<Found> {
        let one = |setting, value: &str| Found { setting, value: value.to_owned(), languages };
        let mut all = Vec::new();
        all.extend(self.fortify.as_deref().map(|level| one(FORTIFY, level)));
        all.extend(self.stack.as_deref().map(|kind| one(STACK, kind)));
        all.extend(self.pie.then(|| one(PIE, "true")));
        // Without warnings there is nothing to fail with.
        all.extend((self.werror && self.wall).then(|| one(WERROR, "true")));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &str, text: &str) -> String {
        let all = settings(name, text);
        let all: Vec<String> =
            all.iter().map(|one| format!("{}={} {}", one.setting, one.value, one.languages[0])).collect();
        all.join(", ")
    }

    #[test]
    fn cmake_sets_options_for_all_targets() {
        for (text, expected) in [
            (
                "add_compile_options(-Wall -Werror -fstack-protector-strong -D_FORTIFY_SOURCE=3)\nadd_executable(a a.c)\n",
                "fortify-source=3 C, stack-protector=strong C, warnings-as-errors=true C",
            ),
            (
                "set(CMAKE_CXX_FLAGS \"${CMAKE_CXX_FLAGS} -fstack-protector-all -D_FORTIFY_SOURCE=2\")",
                "fortify-source=2 C++, stack-protector=all C++",
            ),
            ("string(APPEND CMAKE_C_FLAGS \" -fstack-protector-strong\")", "stack-protector=strong C"),
            ("add_compile_definitions(_FORTIFY_SOURCE=3)", "fortify-source=3 C"),
            ("set(CMAKE_POSITION_INDEPENDENT_CODE ON)", "pie=true C"),
            ("add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)", "fortify-source=3 C"),
            // What is not known to reach every target, or is undone.
            ("add_executable(a a.c)\nadd_compile_options(-fstack-protector-strong)", ""),
            ("add_subdirectory(a)\nadd_compile_options(-fstack-protector-strong)", ""),
            ("if(HARDEN)\nadd_compile_options(-fstack-protector-strong)\nendif()", ""),
            ("function(x)\nadd_compile_options(-fstack-protector-strong)\nendfunction()", ""),
            ("macro(add_compile_options)\nendmacro()\nadd_compile_options(-fstack-protector-strong)", ""),
            ("# add_compile_options(-fstack-protector-strong)", ""),
            ("#[[\nadd_compile_options(-fstack-protector-strong)\n]]", ""),
            ("message(\"add_compile_options(-fstack-protector-strong)\")", ""),
            ("add_compile_options($<$<CONFIG:Debug>:-fstack-protector-strong>)", ""),
            ("add_compile_options(-fstack-protector-strong)\nadd_compile_options(-fno-stack-protector)", ""),
            (
                "add_compile_options(-fstack-protector-strong)\nif(X)\nadd_compile_options(-fno-stack-protector)\nendif()",
                "",
            ),
            ("add_compile_options(-D_FORTIFY_SOURCE=3 -U_FORTIFY_SOURCE)", ""),
            ("add_compile_options(-D_FORTIFY_SOURCE=0)", ""),
            ("add_compile_options(-fstack-protector)", ""),
            ("add_compile_options(-Werror)", ""),
            ("set(CMAKE_C_FLAGS \"-fstack-protector-all\")\nset(CMAKE_C_FLAGS \"-O2\")", ""),
            ("return()\nadd_compile_options(-fstack-protector-strong)", ""),
            ("add_compile_options(-fstack-protector-strong", ""),
            ("((((", ""),
            ("", ""),
        ] {
            assert_eq!(shown("CMakeLists.txt", text), expected, "{text}");
        }
    }

    #[test]
    fn meson_sets_arguments_for_a_project() {
        for (text, expected) in [
            (
                "project('a', 'c', default_options: ['werror=true', 'warning_level=3', 'b_pie=true'])",
                "pie=true C, warnings-as-errors=true C",
            ),
            (
                "project('a', 'cpp')\nadd_project_arguments('-D_FORTIFY_SOURCE=3', '-fstack-protector-strong', language: ['c', 'cpp'])",
                "fortify-source=3 C, stack-protector=strong C, fortify-source=3 C++, stack-protector=strong C++",
            ),
            ("add_project_arguments('-fstack-protector-strong', language: 'cpp')", "stack-protector=strong C++"),
            ("if x\nadd_project_arguments('-fstack-protector-strong', language: 'c')\nendif", ""),
            ("add_project_arguments(cc.get_supported_arguments('-fstack-protector-strong'), language: 'c')", ""),
            ("# add_project_arguments('-fstack-protector-strong', language: 'c')", ""),
            ("add_project_arguments('-fstack-protector-strong')", ""),
            ("subdir_done()\nadd_project_arguments('-fstack-protector-strong', language: 'c')", ""),
            ("project('a', 'c', default_options: ['werror=true', 'warning_level=0'])", ""),
            ("add_project_arguments('-fstack", ""),
        ] {
            let mut expected: Vec<&str> = expected.split(", ").filter(|one| !one.is_empty()).collect();
            expected.sort_unstable();
            let found = shown("meson.build", text);
            let mut found: Vec<&str> = found.split(", ").filter(|one| !one.is_empty()).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn checkers_and_other_compilers() {
        for (name, text, expected) in [
            ("tsconfig.json", "{\"compilerOptions\": {\"strict\": true,}} // x", "strict-types=true TypeScript"),
            (
                "tsconfig.json",
                "{\"compilerOptions\": {\"strict\": true, \"allowJs\": true, \"checkJs\": true}}",
                "strict-types=true JavaScript, strict-types=true TypeScript",
            ),
            ("tsconfig.json", "{\"compilerOptions\": {\"strict\": true, \"strictNullChecks\": false}}", ""),
            ("tsconfig.json", "{\"compilerOptions\": {\"strict\": \"true\"}}", ""),
            ("tsconfig.json", "{\"strict\": true}", ""),
            ("tsconfig.json", "[", ""),
            ("pyproject.toml", "[tool.mypy]\nstrict = true\n", "strict-types=true Python"),
            ("pyproject.toml", "[tool.mypy]\nstrict = true\nignore_errors = true\n", ""),
            ("pyproject.toml", "[tool.mypy]\nstrict = false\n", ""),
            ("pyproject.toml", "[tool.pyright]\ntypeCheckingMode = \"strict\"\n", "strict-types=true Python"),
            ("pyproject.toml", "[tool.pyright]\ntypeCheckingMode = \"basic\"\n", ""),
            ("mypy.ini", "[mypy]\nstrict = True\n", "strict-types=true Python"),
            ("mypy.ini", "[mypy-x.*]\nstrict = True\n", ""),
            ("mypy.ini", "[mypy]\n# strict = True\n", ""),
            (
                "build.gradle.kts",
                "tasks.withType<JavaCompile>().configureEach { options.compilerArgs.addAll(listOf(\"-Xlint:all\", \"-Werror\")) }",
                "warnings-as-errors=true Java",
            ),
            (
                "build.gradle",
                "tasks.withType(JavaCompile).configureEach {\n    options.compilerArgs << '-Xlint:all' << '-Werror'\n}\n",
                "warnings-as-errors=true Java",
            ),
            (
                "build.gradle.kts",
                "kotlin {\n    compilerOptions {\n        allWarningsAsErrors = true\n    }\n}\n",
                "warnings-as-errors=true Kotlin",
            ),
            (
                "build.gradle",
                "tasks.withType(JavaCompile) {\n  if (ci) {\n    options.compilerArgs << '-Xlint' << '-Werror'\n  }\n}\n",
                "",
            ),
            ("build.gradle", "tasks.withType(JavaCompile) { options.compilerArgs << '-Werror' }", ""),
            (
                "build.gradle",
                "// tasks.withType(JavaCompile) { options.compilerArgs << '-Xlint:all' << '-Werror' }",
                "",
            ),
            ("build.gradle", "task x { doLast { options.compilerArgs << '-Xlint:all' << '-Werror' } }", ""),
            (
                "Directory.Build.props",
                "<Project><PropertyGroup><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup></Project>",
                "warnings-as-errors=true C#",
            ),
            (
                "Directory.Build.props",
                "<Project><PropertyGroup Condition=\"x\"><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup></Project>",
                "",
            ),
            (
                "Directory.Build.props",
                "<Project><!-- <PropertyGroup><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup> --></Project>",
                "",
            ),
            (
                "analysis_options.yaml",
                "analyzer:\n  language:\n    strict-casts: true\n    strict-inference: true\n    strict-raw-types: true\n",
                "strict-types=true Dart",
            ),
            ("analysis_options.yaml", "analyzer:\n  language:\n    strict-casts: true\n", ""),
            ("phpstan.neon", "parameters:\n    level: max\n    paths: [src]\n", "strict-types=max PHP"),
            ("phpstan.neon", "parameters:\n    level: 9\n", "strict-types=9 PHP"),
            ("phpstan.neon", "parameters:\n    level: 3\n", ""),
            ("phpstan.neon", "# level: max\n", ""),
            (".goreleaser.yaml", "builds:\n  - flags: [-trimpath, -buildmode=pie]\n", "pie=true Go"),
            (".goreleaser.yaml", "builds:\n  - flags:\n      - -buildmode=pie\n  - id: x\n", ""),
            (".goreleaser.yaml", "builds: []\n", ""),
            (".goreleaser.yaml", "builds:\n  - skip: true\n    flags: [-buildmode=pie]\n", ""),
            (".goreleaser.yaml", "&a [*a]", ""),
        ] {
            assert_eq!(shown(name, text), expected, "{name}: {text}");
        }
    }

    #[test]
    fn what_may_undo_a_setting_leaves_none() {
        let options = "add_compile_options(-Wall -Werror -fstack-protector-strong)\n";
        let gradle = "tasks.withType(JavaCompile) { options.compilerArgs << '-Xlint:all' << '-Werror' }\n";
        let props = "<PropertyGroup><TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup>";
        for (name, text) in [
            ("CMakeLists.txt", format!("{options}set_property(DIRECTORY PROPERTY COMPILE_OPTIONS \"\")\n")),
            ("CMakeLists.txt", format!("{options}target_compile_options(a PRIVATE -fno-pie -Wno-error)\n")),
            ("CMakeLists.txt", format!("if(UNIX)\nadd_executable(a a.c)\nendif()\n{options}")),
            ("meson.build", "x = '''\nproject('a', 'c', default_options: ['b_pie=true'])\n'''\n".to_owned()),
            ("meson.build", "project('a', 'c', default_options: ['b_pie=true', 'b_pie=false'])".to_owned()),
            ("build.gradle", format!("{gradle}tasks.withType(JavaCompile) {{ options.compilerArgs = [] }}\n")),
            ("build.gradle", format!("def x = \"\"\"\n{gradle}\"\"\"\n")),
            ("Directory.Build.props", format!("<Project Condition=\"false\">{props}</Project>")),
            ("Directory.Build.props", format!("<Project><Target Name=\"x\">{props}</Target></Project>")),
            (".goreleaser.yaml", "builds:\n  - flags: [-buildmode=pie, -buildmode=exe]\n".to_owned()),
            (".goreleaser.yaml", "builds:\n  - builder: prebuilt\n    flags: [-buildmode=pie]\n".to_owned()),
        ] {
            assert_eq!(shown(name, &text), "", "{name}: {text}");
        }
    }
}
