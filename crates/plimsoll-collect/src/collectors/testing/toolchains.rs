//! Files that name the compiler or interpreter of a tree, and for which languages.

/// What one file says of one tool.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The version or channel.
    pub(super) channel: String,
    /// One version and no other?
    pub(super) pinned: bool,
    /// The languages that the tool compiles or runs.
    pub(super) languages: &'static [&'static str],
}

const JVM: &[&str] = &["Java", "Kotlin", "Scala", "Groovy"];
const SCRIPT: &[&str] = &["JavaScript", "TypeScript", "Vue", "Svelte"];
const C_FAMILY: &[&str] = &["C", "C++", "Objective-C"];
const DOTNET: &[&str] = &["C#", "F#", "Visual Basic"];

/// Files that hold the version of one tool in a line.
const PLAIN: &[(&str, &[&str])] = &[
    (".python-version", &["Python"]),
    (".nvmrc", SCRIPT),
    (".node-version", SCRIPT),
    (".ruby-version", &["Ruby"]),
    (".go-version", &["Go"]),
    (".java-version", JVM),
    (".swift-version", &["Swift"]),
];

/// Names of tools in files that name several.
///
/// Source: asdf, "Plugins"; mise, "Core tools" and "Registry"; SDKMAN!, "SDKs".
const TOOLS: &[(&str, &[&str])] = &[
    ("clang", C_FAMILY),
    ("crystal", &["Crystal"]),
    ("dart", &["Dart"]),
    ("deno", SCRIPT),
    ("bun", SCRIPT),
    ("dotnet", DOTNET),
    ("dotnet-core", DOTNET),
    ("elixir", &["Elixir"]),
    ("erlang", &["Erlang"]),
    ("flutter", &["Dart"]),
    ("gcc", C_FAMILY),
    ("ghc", &["Haskell"]),
    ("go", &["Go"]),
    ("golang", &["Go"]),
    ("groovy", &["Groovy"]),
    ("haskell", &["Haskell"]),
    ("java", JVM),
    ("julia", &["Julia"]),
    ("kotlin", &["Kotlin"]),
    ("llvm", C_FAMILY),
    ("lua", &["Lua"]),
    ("nim", &["Nim"]),
    ("node", SCRIPT),
    ("nodejs", SCRIPT),
    ("ocaml", &["OCaml"]),
    ("perl", &["Perl"]),
    ("php", &["PHP"]),
    ("python", &["Python"]),
    ("ruby", &["Ruby"]),
    ("rust", &["Rust"]),
    ("scala", &["Scala"]),
    ("swift", &["Swift"]),
    ("zig", &["Zig"]),
];

/// Files at the root that [`named`] reads.
const OTHERS: &[&str] = &[
    "rust-toolchain",
    "rust-toolchain.toml",
    ".tool-versions",
    "mise.toml",
    ".mise.toml",
    ".sdkmanrc",
    ".fvmrc",
    "global.json",
    "go.mod",
    "package.json",
    "pyproject.toml",
];

pub(super) fn is_read(name: &str) -> bool {
    OTHERS.contains(&name) || PLAIN.iter().any(|(plain, _)| *plain == name)
}

/// Gives what the file says, in its order; nothing where it names no tool that is known.
pub(super) fn named(name: &str, text: &str) -> Vec<Named> {
    let one = |channel: Option<String>, languages| channel.map(|channel| of(&channel, languages)).into_iter().collect();
    if let Some((_, languages)) = PLAIN.iter().find(|(plain, _)| *plain == name) {
        return one(first_line(text), languages);
    }
    match name {
        "rust-toolchain.toml" => one(toolchain_table(text), &["Rust"]),
        // The old form is a bare line; a table is taken as well.
        "rust-toolchain" => one(toolchain_table(text).or_else(|| first_line(text)), &["Rust"]),
        // `go 1.22` is the least that it takes; what is taken is in the other line.
        "go.mod" => one(
            text.lines().find_map(|line| Some(line.trim().strip_prefix("toolchain go")?.trim().to_owned())),
            &["Go"],
        ),
        // A range of versions that it runs with is no toolchain; one version is.
        "package.json" => one(node(text), SCRIPT),
        "pyproject.toml" => one(python(text), &["Python"]),
        ".tool-versions" => lines(text).filter_map(|line| several(line.split_whitespace())).collect(),
        ".sdkmanrc" => lines(text).filter_map(|line| several(line.split('=').map(str::trim))).collect(),
        "mise.toml" | ".mise.toml" => mise(text),
        ".fvmrc" => one(json(text, &["flutter"]), &["Dart"]),
        "global.json" => dotnet(text).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn of(channel: &str, languages: &'static [&'static str]) -> Named {
    Named { channel: channel.chars().take(100).collect(), pinned: is_pinned(channel), languages }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).filter(|line| !line.is_empty())
}

/// A tool with its first version: that is the one which runs, the others are for what asks for them.
fn several<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<Named> {
    let (tool, version) = (words.next()?, words.next()?);
    let (_, languages) = TOOLS.iter().find(|(name, _)| *name == tool)?;
    Some(of(version, languages))
}

fn mise(text: &str) -> Vec<Named> {
    let Ok(table) = text.parse::<toml::Table>() else { return Vec::new() };
    let Some(tools) = table.get("tools").and_then(toml::Value::as_table) else { return Vec::new() };
    let version = |value: &toml::Value| {
        let first = value.as_array().map_or(Some(value), |all| all.first())?;
        first.as_str().or_else(|| first.get("version")?.as_str()).map(ToOwned::to_owned)
    };
    let found = tools.iter().filter_map(|(tool, value)| {
        let tool = tool.strip_prefix("core:").unwrap_or(tool);
        several([tool, version(value)?.as_str()].into_iter())
    });
    found.collect()
}

fn node(text: &str) -> Option<String> {
    let package: serde_json::Value = serde_json::from_str(text).ok()?;
    let of = |table: &str| Some(package.get(table)?.get("node")?.as_str()?.trim_start_matches(['=', 'v']));
    of("volta").or_else(|| of("engines")).filter(|version| is_pinned(version)).map(ToOwned::to_owned)
}

fn python(text: &str) -> Option<String> {
    let table: toml::Table = text.parse().ok()?;
    let required = table.get("project")?.get("requires-python")?.as_str()?;
    let version = required.trim().trim_start_matches("==").trim();
    is_pinned(version).then(|| version.to_owned())
}

fn json(text: &str, path: &[&str]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    path.iter().try_fold(&value, |value, key| value.get(key))?.as_str().map(ToOwned::to_owned)
}

/// Without `rollForward: disable` a later patch is taken where it is installed.
///
/// Source: Microsoft Learn, "global.json overview", `rollForward`.
fn dotnet(text: &str) -> Option<Named> {
    let named = of(&json(text, &["sdk", "version"])?, DOTNET);
    let pinned = named.pinned && json(text, &["sdk", "rollForward"]).as_deref() == Some("disable");
    Some(Named { pinned, ..named })
}

fn toolchain_table(text: &str) -> Option<String> {
    let table: toml::Table = text.parse().ok()?;
    Some(table.get("toolchain")?.get("channel")?.as_str()?.to_owned())
}

fn first_line(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    Some(line.chars().take(100).collect())
}

/// `1.95.0`, `nightly-2026-01-01`, `v20.1.2`, `21.0.6-tem`, `temurin-21.0.6+7`: one version. `stable`, `1.95`, `20` move.
fn is_pinned(channel: &str) -> bool {
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let exact = |version: &str| {
        let numbers: Vec<&str> = version.split('.').collect();
        (3..=4).contains(&numbers.len()) && numbers.iter().all(&is_number)
    };
    // A vendor in front; a build, a vendor or the version of what it runs on behind.
    let after = channel.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let bare =
        if after.len() == channel.len() || channel.starts_with('v') { Some(after) } else { after.strip_prefix('-') };
    let core = bare.map(|bare| bare.split(['+', '-']).next().unwrap_or_default());
    let dated = channel.split_once('-').is_some_and(|(_, date)| date.parse::<jiff::civil::Date>().is_ok());
    // Of Rust `1.95.0-beta` is what is newest of the beta.
    let moves = ["beta", "rc", "SNAPSHOT", "alpha", "dev", "preview"].iter().any(|word| channel.contains(word));
    core.is_some_and(exact) && (!moves || channel.contains("-rc.") || channel.contains("-preview.")) || dated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinned_is_one_version() {
        for (channel, expected) in [
            ("1.95.0", true),
            ("nightly-2026-01-01", true),
            ("v20.1.2", true),
            ("21.0.6-tem", true),
            ("temurin-21.0.6+7.0.LTS", true),
            ("ruby-3.3.6", true),
            ("1.18.1-otp-27", true),
            ("9.0.101", true),
            ("11.0.24.8", true),
            ("stable", false),
            ("1.95", false),
            ("21-tem", false),
            ("temurin-21", false),
            ("latest", false),
            ("lts", false),
            ("ref:0123456", false),
            ("prefix:1.2.3", false),
            ("1.95.0-beta", false),
            ("nightly", false),
            ("1.x.0", false),
            ("1.2.3 ", false),
            ("v", false),
            ("", false),
        ] {
            assert_eq!(is_pinned(channel), expected, "{channel}");
        }
    }

    #[test]
    fn a_file_names_tools_and_their_languages() {
        for (name, text, expected) in [
            ("rust-toolchain", "1.70.0\n", "1.70.0 Rust"),
            ("rust-toolchain.toml", "[toolchain]\nchannel = \"stable\"\n", "stable? Rust"),
            ("rust-toolchain.toml", "channel = 3", ""),
            ("go.mod", "module a\n\ngo 1.22\n\ntoolchain go1.22.3\n", "1.22.3 Go"),
            ("go.mod", "module a\n\ngo 1.22.1\n", ""),
            (".tool-versions", "python 3.12.4\nnodejs 20\nterraform 1.9.8\n", "3.12.4 Python, 20? JavaScript"),
            (".tool-versions", "# x\npython 3.12.4 3.11.1\n", "3.12.4 Python"),
            (".tool-versions", "gcc 14.2.0\n", "14.2.0 C"),
            (".sdkmanrc", "# sdk env\njava=21.0.6-tem\ngradle=8.12\n", "21.0.6-tem Java"),
            (
                "mise.toml",
                "[tools]\njava = \"temurin-21.0.6+7.0.LTS\"\nnode = [\"22\"]\n",
                "temurin-21.0.6+7.0.LTS Java, 22? JavaScript",
            ),
            ("mise.toml", "[tools]\n\"core:go\" = { version = \"1.24.1\" }\nx = 3\n", "1.24.1 Go"),
            ("mise.toml", "[tools", ""),
            (".fvmrc", "{\"flutter\": \"3.27.1\"}", "3.27.1 Dart"),
            ("global.json", "{\"sdk\": {\"version\": \"9.0.101\", \"rollForward\": \"disable\"}}", "9.0.101 C#"),
            ("global.json", "{\"sdk\": {\"version\": \"9.0.101\"}}", "9.0.101? C#"),
            ("global.json", "{\"sdk\": {\"version\": \"9.0.101\", \"rollForward\": \"latestMajor\"}}", "9.0.101? C#"),
            ("global.json", "[]", ""),
            (".ruby-version", "3.3.0\n", "3.3.0 Ruby"),
            (".ruby-version", "\n", ""),
            ("package.json", "{\"engines\":{\"node\":\"20.11.1\"}}", "20.11.1 JavaScript"),
            (
                "package.json",
                "{\"volta\":{\"node\":\"20.11.1\"},\"engines\":{\"node\":\">=18\"}}",
                "20.11.1 JavaScript",
            ),
            ("package.json", "{\"engines\":{\"node\":\">=18.0.0\"}}", ""),
            ("package.json", "{\"engines\":{\"node\":\"20\"}}", ""),
            ("pyproject.toml", "[project]\nrequires-python = \"==3.12.4\"\n", "3.12.4 Python"),
            ("pyproject.toml", "[project]\nrequires-python = \">=3.12.4\"\n", ""),
            ("README.md", "3.12.4\n", ""),
        ] {
            let found: Vec<String> = named(name, text)
                .iter()
                .map(|one| format!("{}{} {}", one.channel, if one.pinned { "" } else { "?" }, one.languages[0]))
                .collect();
            assert_eq!(found.join(", "), expected, "{name}: {text}");
        }
    }
}
