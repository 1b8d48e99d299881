//! What a check looks at: tests that are there, all of what is depended on, a document that is kept. One that looks at less
//! than the source is not known to check it.

use super::{Does, Evaluator, ONE_WORD, UNKNOWN, judge::Verdict, short};
use crate::{reach, tool_config, tools::Tool, tree};

/// Options of audits that say from which severity on they fail.
const SEVERITY: &[&str] =
    &["--severity", "-s", "--audit-level", "--severity-threshold", "--fail-on", "-f", "--level", "--minimum-severity"];
/// Folders that builds write what they make into.
const OUTPUTS: &[&str] = &["target", "dist", "build", "out", "bin", "release", "artifacts", "publish"];

/// Is it a purpose for which a tool reads the source and finds something in it?
pub(super) fn finds(purpose: &str) -> bool {
    matches!(purpose, "lint" | "analysis" | "types" | "security-analysis")
}

/// What is known of a purpose that the words alone make a check of.
pub(super) fn does(to: &Evaluator<'_>, tool: &Tool, purpose: &str, arguments: &[&str], verdict: &Verdict) -> Does {
    let folder = verdict.folder.as_deref().filter(|folder| !to.made.contains(*folder)).unwrap_or_default();
    let operands: Vec<&str> = verdict.operands.iter().map(String::as_str).collect();
    if (finds(purpose) || purpose == "audit")
        && let Some(place) = other_settings(to, folder, arguments)
    {
        return Does::NotKnown(format!("the settings in {} are not looked at", short(&place)));
    }
    if finds(purpose)
        && let Some(reason) = finds_less(to, tool, &verdict.shown, arguments).or_else(|| {
            let clippy = tool.name().ends_with("clippy");
            clippy.then(|| reach::clippy::reason(to.tree, arguments)).flatten()
        })
    {
        return Does::NotKnown(reason);
    }
    match purpose {
        "test" => reach::reason(to.tree, folder, tool, arguments, &operands).map_or(Does::Fails, Does::NotKnown),
        "audit" => audit(to, tool, folder, arguments, verdict),
        "sbom" | "provenance" => document(to, tool, folder, arguments, &operands),
        _ => Does::Fails,
    }
}

/// The options that a command has with a value, in one word or two.
fn given<'w>(arguments: &[&'w str]) -> Vec<(&'w str, &'w str)> {
    let two = arguments.iter().zip(arguments.iter().skip(1)).filter(|(word, _)| word.starts_with('-'));
    let one = arguments.iter().filter(|word| word.starts_with('-')).filter_map(|word| word.split_once('='));
    two.filter(|(word, next)| !word.contains('=') && !next.starts_with('-'))
        .map(|(word, next)| (*word, *next))
        .chain(one)
        .collect()
}

/// A file of the tree with settings that stands where it is not looked at.
fn other_settings(to: &Evaluator<'_>, folder: &str, arguments: &[&str]) -> Option<String> {
    const OPTIONS: &[&str] = &[
        "--config",
        "-c",
        "--config-file",
        "--configuration",
        "--configfile",
        "--config-path",
        "--rcfile",
        "--settings",
        "-p",
        "--project",
    ];
    let paths = given(arguments).into_iter().filter(|(option, _)| OPTIONS.contains(option));
    let mut paths = paths.filter_map(|(_, value)| Some((value, tree::join(folder, value)?)));
    let found = paths.find(|(value, path)| {
        to.tree.text(path).is_some() && !tool_config::is_looked_at(to.tree, value.trim_start_matches("./"))
    });
    found.map(|(value, _)| value.to_owned())
}

/// Why an analysis finds less than its rules have: what it leaves out, or the rules that it is told to let go.
fn finds_less(to: &Evaluator<'_>, tool: &Tool, shown: &str, arguments: &[&str]) -> Option<String> {
    const LEFT_OUT: &[&str] =
        &["--exclude", "--extend-exclude", "-x", "-i", "-exclude-dir", "--exclude-dir", "--ignore"];
    if shown == "revive" && !arguments.contains(&"-set_exit_status") {
        return Some("\"revive\" fails for what it finds with -set_exit_status alone".to_owned());
    }
    // In one word with its value, as in `-isrc`.
    let joined = arguments.iter().filter_map(|word| {
        let name = word.get(..2).filter(|name| matches!(*name, "-x" | "-i"))?;
        let value = word.get(2..).filter(|value| !value.is_empty() && !value.starts_with('='))?;
        Some((name, value))
    });
    for (option, value) in given(arguments).into_iter().chain(joined) {
        let valued = tool.options.split_whitespace().any(|one| one.strip_suffix('=') == Some(option));
        if !valued {
            continue;
        }
        let parts: Vec<String> = value.split(',').map(|part| part.trim().to_owned()).collect();
        let takes_all = LEFT_OUT.contains(&option) && !tool_config::leaves(to.tree, &tool.of, &parts);
        // A letter alone is all rules of a kind.
        let of_a_kind = matches!(option, "--extend-ignore" | "--ignore")
            && parts.iter().any(|code| matches!(code.as_str(), "E" | "F" | "W" | "ALL"));
        // Codes of a few letters are rules by the score; what has more is one rule.
        let is_kind = |code: &String| code.len() <= 3 && code.starts_with(['E', 'F', 'W']) || code == "ALL";
        if option == "--select" && !parts.iter().any(is_kind) {
            return Some(format!("\"{shown}\" looks for {} alone", short(value)));
        }
        // A setting in place of a file of settings.
        let set = option == "--config" && value.contains('=');
        if takes_all || of_a_kind || set {
            return Some(format!("what \"{shown}\" finds with {option} {} is not known", short(value)));
        }
    }
    None
}

/// Does OWASP Dependency-Check fail for some score? Without a setting it fails for none.
///
/// Source: OWASP Dependency-Check, "Configuration" of the plugins for Maven and Gradle.
fn fails_for_scores(to: &Evaluator<'_>, folder: &str, arguments: &[&str]) -> bool {
    let scores = |text: &str| -> Vec<f64> {
        text.split("failBuildOnCVSS")
            .skip(1)
            .filter_map(|behind| {
                let number: String = behind
                    .chars()
                    .take(24)
                    .skip_while(|c| !c.is_ascii_digit())
                    .take_while(|c| c.is_ascii_digit() || *c == '.')
                    .collect();
                number.trim_end_matches('.').parse().ok()
            })
            .collect()
    };
    let said = scores(&arguments.join(" "));
    if !said.is_empty() {
        return said.iter().all(|score| *score < 9.0);
    }
    ["pom.xml", "build.gradle", "build.gradle.kts"].iter().any(|name| {
        let text = tree::join(folder, name).and_then(|path| to.tree.text(&path)).and_then(Result::ok);
        text.is_some_and(|text| {
            let found = scores(&text);
            !found.is_empty() && found.iter().all(|score| *score < 9.0)
        })
    })
}

fn audit(to: &Evaluator<'_>, tool: &Tool, folder: &str, arguments: &[&str], verdict: &Verdict) -> Does {
    let name = tool.name();
    let shown_name = verdict.shown.as_str();
    if matches!(name, "mvn" | "gradle") && !fails_for_scores(to, folder, arguments) {
        return Does::NotKnown(format!("from which score on \"{shown_name}\" fails is not set low enough"));
    }
    if name == "npm audit" && arguments.contains(&"--dev") {
        return Does::NotKnown(format!("\"{shown_name}\" does not look at what ships"));
    }
    if name == "trivy image" {
        return Does::NotKnown("an image is looked at, and what of the source is in it is not known".to_owned());
    }
    let given = given(arguments);
    for (option, value) in &given {
        let words: Vec<String> = value.split(',').map(|word| word.trim().to_ascii_lowercase()).collect();
        let is = |one: &str| words.iter().any(|word| word == one);
        if matches!(*option, "--scanners" | "--security-checks") && !is("vuln") {
            return Does::Nothing;
        }
        let listed = name.starts_with("trivy") && matches!(*option, "--severity" | "-s");
        if SEVERITY.contains(option) && (words.iter().all(|word| word == "critical") || listed && !is("high")) {
            return Does::NotKnown(format!("\"{shown_name}\" fails for findings of severity {} alone", short(value)));
        }
        if matches!(*option, "--pkg-types" | "--vuln-type") && !is("library") {
            return Does::Nothing;
        }
        let of_development = match *option {
            "--only" => is("dev") || is("development"),
            "--environment" => is("development"),
            "--groups" => !is("dependencies"),
            _ => false,
        };
        if of_development {
            return Does::NotKnown(format!("\"{shown_name}\" does not look at what ships"));
        }
        let all = |word: &String| {
            let word = word.trim_start_matches("./");
            matches!(word, "" | "." | "*" | "**" | "**/*" | "/")
                || tool.manifests.iter().any(|name| word.ends_with(name.as_str()))
        };
        if matches!(*option, "--skip-dirs" | "--skip-files" | "--exclude") && words.iter().any(all) {
            return Does::NotKnown(format!("\"{shown_name}\" leaves out {}", short(value)));
        }
        if *option == "--failOnCVSS" && value.parse::<f64>().is_ok_and(|score| score >= 9.0) {
            return Does::NotKnown(format!("\"{shown_name}\" fails for critical findings alone, or for none"));
        }
    }
    // What is written down of the product is looked at in place of it.
    if name == "trivy sbom" {
        return Does::Fails;
    }
    let scans: Vec<&str> = tool.scans.split_whitespace().collect();
    let of_options = given.iter().filter(|(option, _)| scans.contains(option)).map(|(_, value)| *value);
    for place in verdict.operands.iter().map(String::as_str).chain(of_options) {
        if !is_whole(to, folder, tool, place) {
            return Does::NotKnown(format!(
                "\"{shown_name}\" looks at {}, which is not all of the source",
                short(shown(place))
            ));
        }
    }
    Does::Fails
}

fn shown(word: &str) -> &str {
    if word == UNKNOWN || word == ONE_WORD { "a place that is not known" } else { word }
}

/// Is it the source, a folder that holds all of it, or a file there?
fn is_whole(to: &Evaluator<'_>, folder: &str, tool: &Tool, place: &str) -> bool {
    let place = place.strip_prefix("dir:").or_else(|| place.strip_prefix("file:")).unwrap_or(place);
    let place = place.strip_suffix("/...").unwrap_or(place);
    if matches!(place, "." | "./" | "..." | "**") {
        return true;
    }
    let Some(path) = tree::join(folder, place).filter(|path| to.tree.has(path)) else { return false };
    let path = if to.tree.text(&path).is_some() {
        path.rsplit_once('/').map(|(above, _)| above.to_owned()).unwrap_or_default()
    } else {
        path
    };
    tree::is_whole(to.tree, &path, &tool.manifests)
}

/// A document about the product: kept, and about what is released.
fn document(to: &Evaluator<'_>, tool: &Tool, folder: &str, arguments: &[&str], operands: &[&str]) -> Does {
    let name = tool.name();
    if to.dropped || arguments.iter().any(|word| word.contains("/dev/null")) {
        return Does::Nothing;
    }
    let is_image = || Does::NotKnown(format!("\"{name}\" looks at an image, which may not be what is released"));
    if name.starts_with("docker") || name == "trivy image" {
        return is_image();
    }
    let of_source = |place: &str| {
        tree::join(folder, place)
            .is_some_and(|path| to.tree.text(&path).is_some() || !path.is_empty() && to.tree.has(&path))
    };
    if name.starts_with("cosign") {
        return match operands.iter().find(|place| of_source(place)) {
            Some(place) => Does::NotKnown(format!("{} is a file of the source, and no release", short(place))),
            None => Does::Fails,
        };
    }
    if !name.starts_with("syft") {
        return Does::Fails;
    }
    let formats: Vec<&str> = given(arguments)
        .into_iter()
        .filter(|(option, _)| matches!(*option, "-o" | "--output"))
        .map(|(_, value)| value)
        .collect();
    let prose = |format: &&str| matches!(format.split('=').next(), Some("table" | "text" | "syft-table" | "syft-text"));
    // What it prints for people is no SBOM.
    if formats.iter().all(prose) {
        return Does::Nothing;
    }
    for place in operands {
        let path = place.strip_prefix("dir:").or_else(|| place.strip_prefix("file:"));
        let bare = path.unwrap_or(place);
        let made = bare.trim_start_matches("./").split('/').next().is_some_and(|first| OUTPUTS.contains(&first));
        if matches!(bare, "." | "./") || made && !of_source(bare) {
            continue;
        }
        if !of_source(bare) {
            return is_image();
        }
        if !is_whole(to, folder, tool, bare) {
            return Does::NotKnown(format!("\"{name}\" looks at {}, which is not all of the source", short(bare)));
        }
    }
    Does::Fails
}
