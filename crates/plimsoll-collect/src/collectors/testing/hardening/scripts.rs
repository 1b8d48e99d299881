//! Settings of checkers and of compilers other than those of C and C++.

use plimsoll_formats::{json5, yaml};
use yaml_serde::Value;

use super::{Found, PIE, STRICT, WERROR};

fn one(setting: &'static str, value: &str, languages: &'static [&'static str]) -> Vec<Found> {
    vec![Found { setting, value: value.to_owned(), languages }]
}

/// `strict` of tsconfig.json, of which no part is switched off.
///
/// Source: TypeScript, "`TSConfig` Reference", `strict`, `checkJs`.
pub(super) fn typescript(text: &str) -> Vec<Found> {
    const PARTS: &[&str] = &[
        "noImplicitAny",
        "noImplicitThis",
        "strictBindCallApply",
        "strictFunctionTypes",
        "strictNullChecks",
        "strictPropertyInitialization",
        "useUnknownInCatchVariables",
    ];
    let Ok(table) = json5::read(text) else { return Vec::new() };
    let is = |name: &str, value: bool| {
        table.get("compilerOptions").and_then(|options| options.get(name)?.as_bool()) == Some(value)
    };
    if !is("strict", true) || PARTS.iter().any(|part| is(part, false)) {
        return Vec::new();
    }
    let mut found = one(STRICT, "true", &["TypeScript", "Vue", "Svelte"]);
    if is("checkJs", true) {
        found.extend(one(STRICT, "true", &["JavaScript"]));
    }
    found
}

/// `strict` of mypy or Pyright in pyproject.toml.
pub(super) fn pyproject(text: &str) -> Vec<Found> {
    let Ok(table) = text.parse::<toml::Table>() else { return Vec::new() };
    let tool = |name: &str| table.get("tool").and_then(|tools| tools.get(name));
    let mypy = tool("mypy").is_some_and(|mypy| {
        let is = |name: &str| mypy.get(name).and_then(toml::Value::as_bool) == Some(true);
        is("strict") && !is("ignore_errors")
    });
    let pyright = ["pyright", "basedpyright"]
        .iter()
        .any(|name| tool(name).and_then(|one| one.get("typeCheckingMode")?.as_str()) == Some("strict"));
    if mypy || pyright { one(STRICT, "true", &["Python"]) } else { Vec::new() }
}

/// `strict` of the section for everything in mypy.ini.
pub(super) fn mypy(text: &str) -> Vec<Found> {
    let (mut own, mut strict) = (false, false);
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            own = line == "[mypy]";
        } else if let Some((name, value)) = line.split_once('=').filter(|_| own && !line.starts_with(['#', ';'])) {
            let on = matches!(value.trim(), "True" | "true" | "1" | "yes" | "on");
            match name.trim() {
                "strict" => strict = on,
                "ignore_errors" if on => return Vec::new(),
                _ => {}
            }
        }
    }
    if strict { one(STRICT, "true", &["Python"]) } else { Vec::new() }
}

/// Arguments of compilers in a script of Gradle, in blocks that are for all of its compilations.
///
/// The script is a program and is not run: what is under a condition, or in a block that is not known, is not taken.
pub(super) fn gradle(text: &str) -> Vec<Found> {
    const BLOCKS: &[&str] =
        &["JavaCompile", "compileJava", "KotlinCompile", "compileKotlin", "kotlin", "compilerOptions"];
    const AROUND: &[&str] = &["allprojects", "subprojects", "kotlinOptions", "tasks", "java", "options"];
    let plain = without_comments(text);
    let (mut java, mut kotlin) = (false, false);
    let mut around: Vec<String> = Vec::new();
    let mut now = String::new();
    for letter in plain.chars() {
        match letter {
            '{' | '}' | '\n' | ';' => {
                let known = around.iter().all(|head| {
                    !head.starts_with("if")
                        && BLOCKS.iter().chain(AROUND).any(|block| head.contains(block))
                        && !["if (", "if(", "else", "when", "?"].iter().any(|word| head.contains(word))
                });
                let of = |names: &[&str]| around.iter().any(|head| names.iter().any(|name| head.contains(name)));
                let line = now.trim();
                if known && line.contains("compilerArgs") && line.contains("-Werror") && line.contains("-Xlint") {
                    java |= of(&["JavaCompile", "compileJava"]) && !line.contains("-Xlint:none");
                }
                let compact: String = line.split_whitespace().collect();
                if known && matches!(compact.as_str(), "allWarningsAsErrors=true" | "allWarningsAsErrors.set(true)") {
                    kotlin |= of(&["kotlin", "KotlinCompile", "compileKotlin"]);
                }
                match letter {
                    '{' => around.push(line.to_owned()),
                    '}' => drop(around.pop()),
                    _ => {}
                }
                now.clear();
            }
            other => now.push(other),
        }
    }
    let mut found = Vec::new();
    if java {
        found.extend(one(WERROR, "true", &["Java"]));
    }
    if kotlin {
        found.extend(one(WERROR, "true", &["Kotlin"]));
    }
    found
}

fn without_comments(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("/*") {
        plain.push_str(before);
        rest = behind.split_once("*/").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    // An address has the same sign in it; what is behind is not missed.
    plain.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n") + "\n"
}

/// `TreatWarningsAsErrors` in Directory.Build.props, which every project below takes in.
///
/// Source: Microsoft Learn, "Customize your build by folder", "C# compiler options: errors and warnings".
pub(super) fn dotnet(text: &str) -> Vec<Found> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("<!--") {
        plain.push_str(before);
        rest = behind.split_once("-->").map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    let Some((before, _)) = plain.split_once("<TreatWarningsAsErrors>true</TreatWarningsAsErrors>") else {
        return Vec::new();
    };
    let group = before.rsplit_once("<PropertyGroup").map(|(_, group)| group.trim_start());
    let plain_group = group.is_some_and(|group| group.starts_with('>') && !group.contains("</PropertyGroup>"));
    if plain_group && !before.contains("<Choose") && !plain.contains("<TreatWarningsAsErrors>false") {
        one(WERROR, "true", &["C#", "F#", "Visual Basic"])
    } else {
        Vec::new()
    }
}

/// The three strict modes of the analyzer.
///
/// Source: Dart, "Customizing static analysis", stricter type checks.
pub(super) fn dart(text: &str) -> Vec<Found> {
    let Ok(value) = yaml::read(text) else { return Vec::new() };
    let is = |name: &str| value.get("analyzer").and_then(|one| one.get("language")?.get(name)?.as_bool()) == Some(true);
    if ["strict-casts", "strict-inference", "strict-raw-types"].iter().all(|name| is(name)) {
        one(STRICT, "true", &["Dart"])
    } else {
        Vec::new()
    }
}

/// A level of `PHPStan` that checks types everywhere.
///
/// Source: `PHPStan`, "Rule Levels": 8 and above.
pub(super) fn phpstan(text: &str) -> Vec<Found> {
    let Ok(value) = yaml::read(text) else { return Vec::new() };
    let level = match value.get("parameters").and_then(|one| one.get("level")) {
        Some(Value::String(text)) if text == "max" => "max".to_owned(),
        Some(Value::Number(number)) if number.as_u64().is_some_and(|level| (8..=10).contains(&level)) => {
            number.to_string()
        }
        _ => return Vec::new(),
    };
    one(STRICT, &level, &["PHP"])
}

/// Position-independent programs in every build of `GoReleaser`.
///
/// Source: `GoReleaser`, "Go builds"; the Go command, `-buildmode`.
pub(super) fn goreleaser(text: &str) -> Vec<Found> {
    let Ok(value) = yaml::read(text) else { return Vec::new() };
    let Some(builds) = value.get("builds").and_then(Value::as_sequence) else { return Vec::new() };
    let is_pie = |build: &Value| {
        let skipped = build.get("skip").is_some_and(|skip| skip.as_bool() != Some(false));
        let flags = build.get("flags").and_then(Value::as_sequence);
        !skipped && flags.is_some_and(|all| all.iter().any(|flag| flag.as_str() == Some("-buildmode=pie")))
    };
    if !builds.is_empty() && builds.iter().all(is_pie) { one(PIE, "true", &["Go"]) } else { Vec::new() }
}
