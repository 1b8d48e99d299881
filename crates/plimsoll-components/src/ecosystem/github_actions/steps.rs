//! Workflows and actions as text: what their jobs and steps take in.

use plimsoll_formats::yaml;
use plimsoll_model::tree_path;
use yaml_serde::Value;

use super::super::{
    outside::{Outside, is_word},
    purl::Named,
};
use crate::component::Origin;

/// Before the name of an image.
const IMAGE: &str = "docker://";

/// What a step, a job or a service takes in from elsewhere.
#[derive(Clone, Debug)]
pub(super) enum Used {
    /// An action or a workflow of another repository.
    Action(Outside),
    /// An image, by its name.
    Image(String),
    /// Why it is not known what it is, as a clause.
    Unclear(String),
}

/// Gives what the jobs of a workflow take in. Fails with what is wrong, as a clause.
///
/// Source: GitHub docs, "Workflow syntax for GitHub Actions".
pub(super) fn in_workflow(bytes: &[u8]) -> Result<Vec<Used>, String> {
    let value = read(bytes)?;
    let jobs = value.get("jobs").and_then(Value::as_mapping).ok_or("it has no jobs")?;
    let mut all = Vec::new();
    for (name, job) in jobs {
        let name = plimsoll_model::excerpt(name.as_str().unwrap_or_default(), 80);
        if job.as_mapping().is_none() {
            all.push(Used::Unclear(format!("the job \"{name}\" is not understood")));
            continue;
        }
        all.extend(job.get("uses").and_then(used));
        all.extend(job.get("steps").map(steps).into_iter().flatten());
        all.extend(job.get("container").and_then(container));
        match job.get("services") {
            None | Some(Value::Null) => {}
            Some(Value::Mapping(services)) => all.extend(services.values().filter_map(container)),
            Some(_) => all.push(Used::Unclear(format!("the services of the job \"{name}\" are not understood"))),
        }
    }
    Ok(all)
}

/// Gives what an action takes in; nothing where the file is no action. Fails with what is wrong, as a clause.
///
/// Source: GitHub docs, "Metadata syntax for GitHub Actions", `runs`.
pub(super) fn in_action(bytes: &[u8]) -> Result<Option<Vec<Used>>, String> {
    let value = read(bytes)?;
    let Some(runs) = value.get("runs").filter(|runs| runs.get("using").is_some()) else { return Ok(None) };
    let mut all: Vec<Used> = runs.get("steps").map(steps).into_iter().flatten().collect();
    // What is built from a file of the tree is that file's matter.
    let image = runs.get("image").and_then(Value::as_str).and_then(|image| image.strip_prefix(IMAGE));
    all.extend(image.map(|image| Used::Image(image.to_owned())));
    Ok(Some(all))
}

fn read(bytes: &[u8]) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
    yaml::read(text)
}

fn steps(steps: &Value) -> Vec<Used> {
    match steps {
        Value::Null => Vec::new(),
        Value::Sequence(steps) => steps.iter().filter_map(|step| step.get("uses")).filter_map(used).collect(),
        _ => vec![Used::Unclear("its steps are not understood".to_owned())],
    }
}

/// The image in which a job runs, or that a service is: a name, or a mapping with one.
fn container(value: &Value) -> Option<Used> {
    let image = match value {
        Value::Mapping(mapping) => mapping.get("image").unwrap_or(&Value::Null),
        other => other,
    };
    match image {
        // An empty one is none.
        Value::Null => None,
        Value::String(image) if image.is_empty() => None,
        Value::String(image) => Some(Used::Image(image.strip_prefix(IMAGE).unwrap_or(image).to_owned())),
        _ => Some(Used::Unclear("the image of a container is not understood".to_owned())),
    }
}

/// What stands behind `uses`; nothing where it is of the tree itself.
fn used(value: &Value) -> Option<Used> {
    let Some(text) = value.as_str() else { return Some(Used::Unclear("what it uses is not understood".to_owned())) };
    // Next to the workflow, or in the same repository wherever that was taken to.
    if let Some(path) = text.strip_prefix("./").or_else(|| text.strip_prefix("$/")) {
        let is_inside = tree_path::join("", path).is_some();
        let shown = || plimsoll_model::excerpt(text, 80);
        return (!is_inside).then(|| Used::Unclear(format!("\"{}\" leads out of the tree", shown())));
    }
    if let Some(image) = text.strip_prefix(IMAGE) {
        return Some(Used::Image(image.to_owned()));
    }
    let shown = plimsoll_model::excerpt(text, 80);
    Some(match action(text) {
        Some(action) => Used::Action(action),
        None if text.contains("${{") => Used::Unclear(format!("which step \"{shown}\" is, is only known when it runs")),
        None => Used::Unclear(format!("\"{shown}\" is no name of an action")),
    })
}

/// `OWNER/REPOSITORY[/PATH]@REF`. The version is the ref: a commit that a comment behind it names otherwise is that commit.
fn action(text: &str) -> Option<Outside> {
    let (path, revision) = text.split_once('@')?;
    if revision.contains(['@', '$', '{', '\\', '#', '?']) || !is_word(text) {
        return None;
    }
    let mut parts = path.split('/');
    let (owner, name) = (parts.next()?, parts.next()?);
    let is_name = |text: &str| {
        !matches!(text, "" | "." | "..") && text.chars().all(|one| one.is_ascii_alphanumeric() || "-._".contains(one))
    };
    let inside: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let is_inside = |part: &&str| !matches!(*part, "." | "..") && !part.contains(['$', '\\']);
    if !is_name(owner) || !is_name(name) || revision.is_empty() || !inside.iter().all(is_inside) {
        return None;
    }
    // Neither has letters of two sizes for GitHub.
    let full = format!("{owner}/{name}").to_ascii_lowercase();
    let purl = Named::split("githubactions", &full, revision).inside(&inside.join("/"))?;
    let is_pinned = super::super::outside::is_revision(revision);
    let origin = Origin::Git {
        url: format!("https://github.com/{owner}/{name}"),
        revision: is_pinned.then(|| revision.to_owned()),
    };
    Some(Outside { name: full, version: revision.to_owned(), purl, origin })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(all: Vec<Used>) -> String {
        let told = |one: Used| match one {
            Used::Action(action) => action.purl,
            Used::Image(image) => image,
            Used::Unclear(why) => format!("! {why}"),
        };
        all.into_iter().map(told).collect::<Vec<_>>().join(" ")
    }

    fn workflow(text: &str) -> Result<String, String> {
        in_workflow(text.as_bytes()).map(told)
    }

    fn step(text: &str) -> String {
        workflow(&format!("jobs:\n  a:\n    steps:\n      - uses: {text}\n")).unwrap()
    }

    #[test]
    fn a_step_takes_in_an_action_at_a_ref() {
        let id = "0123456789abcdef0123456789ABCDEF01234567";
        for (text, expected) in [
            ("actions/checkout@v4", "pkg:githubactions/actions/checkout@v4".to_owned()),
            ("Owner/Name@main", "pkg:githubactions/owner/name@main".to_owned()),
            ("a/b/c/d@v1", "pkg:githubactions/a/b@v1#c/d".to_owned()),
            ("a/b/.github/workflows/x.yml@v1", "pkg:githubactions/a/b@v1#.github/workflows/x.yml".to_owned()),
            ("a/b@refs/heads/x", "pkg:githubactions/a/b@refs%2Fheads%2Fx".to_owned()),
            (&format!("a/b@{id} # v1.2.3"), format!("pkg:githubactions/a/b@{id}")),
            ("a/b@feature/x", "pkg:githubactions/a/b@feature%2Fx".to_owned()),
            ("./", String::new()),
            ("./.github/actions/x", String::new()),
            ("$/.github/workflows/x.yml", String::new()),
            ("./../x", "! \"./../x\" leads out of the tree".to_owned()),
            ("docker://alpine:3.20", "alpine:3.20".to_owned()),
        ] {
            assert_eq!(step(text), expected, "{text}");
        }
        for text in [
            "a@v1",
            "a/b",
            "a/b@",
            "/b@v1",
            "a/@v1",
            "../a@v1",
            "a/..@v1",
            "a/b/../c@v1",
            "a/b@v1@v2",
            "a/b@$X",
            "'a b/c@v1'",
            "'a/b@v 1'",
            "https://github.com/a/b@v1",
            "''",
            "a%2Fb/c@v1",
        ] {
            assert!(step(text).starts_with("! ") && step(text).contains("is no name of an action"), "{text}");
        }
        assert!(step("'${{ matrix.a }}'").contains("only known when it runs"));
        assert!(step("'a/b@${{ x }}'").contains("only known when it runs"));
        assert_eq!(step("[a]"), "! what it uses is not understood");
    }

    #[test]
    fn jobs_take_in_workflows_containers_and_services() {
        for (text, expected) in [
            ("jobs: {a: {uses: a/b/.github/workflows/c.yml@v1}}", "pkg:githubactions/a/b@v1#.github/workflows/c.yml"),
            ("jobs: {a: {uses: ./.github/workflows/c.yml}}", ""),
            ("jobs: {a: {container: x:1, steps: [{run: y}]}}", "x:1"),
            ("jobs: {a: {container: {image: x, options: y}}}", "x"),
            ("jobs: {a: {container: ''}, b: {container: {image: ''}}, c: {container: null}}", ""),
            ("jobs: {a: {container: '${{ matrix.x }}'}}", "${{ matrix.x }}"),
            ("jobs: {a: {services: {d: {image: x}, e: {image: docker://y}}}}", "x y"),
            ("jobs: {a: {services: null, steps: null}}", ""),
            ("jobs: {a: {services: [x]}}", "! the services of the job \"a\" are not understood"),
            ("jobs: {a: {container: {image: [x]}}}", "! the image of a container is not understood"),
            ("jobs: {a: {steps: {uses: x}}}", "! its steps are not understood"),
            ("jobs: {a: x}", "! the job \"a\" is not understood"),
            ("x: &x {uses: a/b@v1}\njobs: {a: {steps: [*x, {}]}}", "pkg:githubactions/a/b@v1"),
            // A `uses` elsewhere is none.
            ("jobs: {a: {steps: [{run: x, with: {uses: a/b@v1}}], env: {uses: a/b@v1}}}\nuses: a/b@v1", ""),
        ] {
            assert_eq!(workflow(text).as_deref(), Ok(expected), "{text}");
        }
        for text in ["", "x", "on: push", "jobs: [a]", "jobs: {a: 1, a: 2}", "jobs: {", "jobs: ~"] {
            assert!(workflow(text).is_err(), "{text}");
        }
        assert!(in_workflow(&[0xff]).is_err());
    }

    #[test]
    fn an_action_takes_in_what_its_steps_do() {
        let of = |text: &str| in_action(text.as_bytes()).map(|all| all.map(told));
        for (text, expected) in [
            (
                "runs: {using: composite, steps: [{uses: a/b@v1}, {run: x}, {uses: ./c}]}",
                Some("pkg:githubactions/a/b@v1"),
            ),
            ("runs: {using: node20, main: a.js}", Some("")),
            ("runs: {using: docker, image: Dockerfile}", Some("")),
            ("runs: {using: docker, image: 'docker://x:1'}", Some("x:1")),
            ("runs: {main: a.js}", None),
            ("runs: x", None),
            ("name: x", None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(of(text), Ok(expected.map(ToOwned::to_owned)), "{text}");
        }
        assert!(of("runs: {").is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, uses in "[a-c/@.$ {}:#]{0,20}") {
            let _ = in_workflow(text.as_bytes());
            let _ = in_action(text.as_bytes());
            let _ = action(&uses);
        }
    }
}
