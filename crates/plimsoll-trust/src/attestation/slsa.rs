//! What a provenance says: builder, kind of build, source, commit, parameters, materials.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    json::{at, text},
    source::SourceName,
    statement::InTotoStatement,
};

/// Materials that are kept.
const MOST_MATERIALS: usize = 10_000;
/// Characters of a text that is kept.
const LONGEST: usize = 4096;

/// What a provenance of SLSA says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Provenance {
    /// `v0.2` or `v1`.
    pub version: &'static str,
    /// Who built, by its own word.
    pub builder: String,
    /// How.
    pub build_type: String,
    /// The repository that was built.
    pub repository: Option<SourceName>,
    /// The commit that was built.
    pub commit: Option<String>,
    /// The branch or tag that was built.
    pub reference: Option<String>,
    /// The workflow or the like that ran.
    pub entry_point: Option<String>,
    /// The run.
    pub invocation: Option<String>,
    /// What the caller of the build could set.
    pub parameters: Value,
    /// What went in: addresses with their digests, as they are said.
    pub materials: Vec<(String, BTreeMap<String, String>)>,
}

const V0_2: &str = "https://slsa.dev/provenance/v0.2";
const V1: &str = "https://slsa.dev/provenance/v1";

impl Provenance {
    /// Reads a provenance of v0.2 or v1; `None` for a statement of another type.
    ///
    /// Refused: one without a builder or a kind of build, and one that names two sources or two commits for the place where
    /// the build was defined.
    ///
    /// Source: SLSA provenance v0.2; SLSA v1.0 to v1.2, build provenance `https://slsa.dev/provenance/v1`.
    pub fn read(statement: &InTotoStatement) -> Option<Result<Self, String>> {
        match statement.predicate_type.as_str() {
            V0_2 => Some(v0_2(statement.predicate())),
            V1 => Some(v1(statement.predicate())),
            _ => None,
        }
    }

    /// Is this the type of a provenance?
    pub(super) fn is_one(predicate_type: &str) -> bool {
        [V0_2, V1].contains(&predicate_type)
    }
}

fn short(value: Option<&str>) -> Option<String> {
    value.filter(|text| !text.is_empty() && text.len() <= LONGEST).map(ToOwned::to_owned)
}

fn needed(value: Option<&str>, what: &str) -> Result<String, String> {
    short(value).ok_or_else(|| format!("a provenance without {what}"))
}

/// What went in, as it is said.
fn what_went_in(materials: &[Value]) -> Vec<(String, BTreeMap<String, String>)> {
    let digests = |one: &Value| {
        let digests = one.get("digest").and_then(Value::as_object).into_iter().flatten();
        digests.filter_map(|(name, digest)| Some((name.clone(), short(digest.as_str())?))).collect()
    };
    materials
        .iter()
        .filter_map(|one| Some((short(text(one, "uri").or_else(|| text(one, "name")))?, digests(one))))
        .collect()
}

/// A thing that went into a build: its address and the commit that it names.
struct Material {
    repository: Option<SourceName>,
    reference: Option<String>,
    commit: Option<String>,
}

/// Source: in-toto `ResourceDescriptor`; SPDX download locations, which `git+https://...@ref` is.
///
/// Refused: one that names two commits, by digests of two kinds or by its address and a digest.
fn material(value: &Value) -> Result<Material, String> {
    let uri = text(value, "uri").unwrap_or_default();
    let is_id = |id: &&str| [40, 64].iter().any(|length| plimsoll_model::is_hex(id, *length));
    let behind_scheme = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let reference = behind_scheme.split_once('/').and_then(|(_, path)| path.split_once('@')).map(|(_, after)| after);
    let digest = |name: &str| at(value, &["digest", name]).and_then(Value::as_str).filter(is_id);
    // v0.2 calls it `sha1`, v1 `gitCommit`.
    let mut commit = None;
    for named in [digest("gitCommit"), digest("sha1"), reference.filter(is_id)].into_iter().flatten() {
        if *commit.get_or_insert(named) != named {
            return Err("a provenance that names one source by two commits".to_owned());
        }
    }
    Ok(Material { repository: SourceName::read(uri), reference: short(reference), commit: short(commit) })
}

fn list<'a>(value: &'a Value, path: &[&str]) -> Result<&'a [Value], String> {
    let list = at(value, path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if list.len() > MOST_MATERIALS {
        return Err(format!("a provenance with more than {MOST_MATERIALS} materials"));
    }
    Ok(list)
}

fn v0_2(predicate: &Value) -> Result<Provenance, String> {
    let source = at(predicate, &["invocation", "configSource"]);
    let config = source.map(material).transpose()?;
    let materials = list(predicate, &["materials"])?;
    let (repository, commit) = match &config {
        Some(config) => (config.repository.clone(), config.commit.clone()),
        None => (None, None),
    };
    // The commit of the place where the build is defined stands among the materials as well, and has to be the same.
    let commit = agreed(commit, repository.as_ref(), materials)?;
    Ok(Provenance {
        version: "v0.2",
        builder: needed(at(predicate, &["builder", "id"]).and_then(Value::as_str), "a builder")?,
        build_type: needed(text(predicate, "buildType"), "a kind of build")?,
        repository,
        commit,
        reference: config.and_then(|config| config.reference),
        entry_point: short(source.and_then(|source| text(source, "entryPoint"))),
        invocation: short(at(predicate, &["metadata", "buildInvocationId"]).and_then(Value::as_str)),
        parameters: at(predicate, &["invocation", "parameters"]).cloned().unwrap_or_default(),
        materials: what_went_in(materials),
    })
}

fn v1(predicate: &Value) -> Result<Provenance, String> {
    let definition = predicate.get("buildDefinition").ok_or("a provenance without a definition of the build")?;
    let materials = list(definition, &["resolvedDependencies"])?;
    let parameters = definition.get("externalParameters").cloned().unwrap_or_default();
    let workflow = parameters.get("workflow");
    // GitHub's kinds of build name the repository of the workflow; others a source, as an address or with its digest. What
    // stands among the things that went in is a dependency as well as the source: where nothing names it, it is not guessed.
    let named = match (workflow.and_then(|workflow| text(workflow, "repository")), parameters.get("source")) {
        (Some(repository), _) => Some(material(&json!({ "uri": repository }))?),
        (None, Some(Value::String(uri))) => Some(material(&json!({ "uri": uri }))?),
        (None, Some(source)) => Some(material(source)?),
        (None, None) => None,
    };
    let (repository, commit) = named.map_or((None, None), |named| (named.repository, named.commit));
    let commit = agreed(commit, repository.as_ref(), materials)?;
    let materials_read = materials.iter().map(material).collect::<Result<Vec<_>, _>>()?;
    let first = materials_read.into_iter().find(|one| repository.is_some() && one.repository == repository);
    let reference = short(workflow.and_then(|workflow| text(workflow, "ref")));
    Ok(Provenance {
        version: "v1",
        builder: needed(at(predicate, &["runDetails", "builder", "id"]).and_then(Value::as_str), "a builder")?,
        build_type: needed(text(definition, "buildType"), "a kind of build")?,
        repository,
        commit,
        reference: reference.or_else(|| first.and_then(|one| one.reference)),
        entry_point: short(workflow.and_then(|workflow| text(workflow, "path"))),
        invocation: short(at(predicate, &["runDetails", "metadata", "invocationId"]).and_then(Value::as_str)),
        parameters,
        materials: what_went_in(materials),
    })
}

/// Gives the one commit of the repository that was built.
fn agreed(
    commit: Option<String>,
    repository: Option<&SourceName>,
    materials: &[Value],
) -> Result<Option<String>, String> {
    let mut found = commit;
    let Some(repository) = repository else { return Ok(found) };
    for other in materials {
        let other = material(other)?;
        if other.repository.as_ref() != Some(repository) {
            continue;
        }
        match (&found, other.commit) {
            (Some(one), Some(other)) if *one != other => {
                return Err(format!("a provenance that names two commits of {repository}"));
            }
            (None, Some(other)) => found = Some(other),
            _ => {}
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMIT: &str = "8f70009fde0c94ade6ce2a054b94718c819126ec";

    fn of(kind: &str, predicate: Value) -> Option<Result<Provenance, String>> {
        Provenance::read(&InTotoStatement::saying(kind, predicate))
    }

    fn old(commit: &str, material: &str) -> Value {
        json!({
            "builder": { "id": "https://builder.example/1" },
            "buildType": "https://builder.example/kind",
            "invocation": { "configSource": {
                "uri": "git+https://forge.example/o/r@refs/tags/v1", "digest": { "sha1": commit }, "entryPoint": "a.yml",
            } },
            "materials": [
                { "uri": "git+https://forge.example/o/r@refs/tags/v1", "digest": { "sha1": material } },
                { "uri": "pkg:npm/a@1", "digest": { "sha256": "00" } },
            ],
        })
    }

    fn new(repository: &str) -> Value {
        json!({
            "buildDefinition": {
                "buildType": "https://actions.github.io/buildtypes/workflow/v1",
                "externalParameters": { "workflow": {
                    "ref": "refs/heads/main", "repository": repository, "path": ".github/workflows/release.yml",
                } },
                "resolvedDependencies": [
                    { "uri": "git+https://forge.example/o/r@refs/heads/main", "digest": { "gitCommit": COMMIT } },
                ],
            },
            "runDetails": { "builder": { "id": "https://builder.example/1" } },
        })
    }

    #[test]
    fn both_versions_say_what_was_built() {
        for read in [of(V0_2, old(COMMIT, COMMIT)), of(V1, new("https://forge.example/o/r"))] {
            let read = read.unwrap().unwrap();
            assert_eq!(read.repository.as_ref().map(ToString::to_string).as_deref(), Some("forge.example/o/r"));
            assert_eq!(read.commit.as_deref(), Some(COMMIT));
            assert!(read.reference.unwrap().starts_with("refs/"));
            assert_eq!(read.builder, "https://builder.example/1");
        }
    }

    #[test]
    fn what_is_not_said_is_not_guessed() {
        let other = COMMIT.replace('8', "9");
        assert!(of(V0_2, old(COMMIT, &other)).unwrap().unwrap_err().contains("two commits"));
        assert!(of("https://slsa.dev/provenance/v2", new("x")).is_none());
        assert!(of(V1, json!({})).unwrap().is_err());
        assert!(of(V1, json!(null)).unwrap().is_err());
        assert!(of(V0_2, json!({ "builder": { "id": "" }, "buildType": "a" })).unwrap().is_err());
        // The repository that is named is not the one whose commit is.
        let read = of(V1, new("https://forge.example/o/other")).unwrap().unwrap();
        assert_eq!(read.commit, None);
        // A name that is none takes nothing else in its place.
        let read = of(V1, new("not a repository")).unwrap().unwrap();
        assert_eq!((read.repository, read.commit), (None, None));
        // What nobody names as the source is a dependency.
        let mut nameless = new("x");
        nameless["buildDefinition"]["externalParameters"] = json!({});
        let read = of(V1, nameless.clone()).unwrap().unwrap();
        assert_eq!((read.repository, read.commit), (None, None));
        // A source with two commits.
        for source in [
            json!(format!("git+https://forge.example/o/r@{other}")),
            json!({ "uri": "git+https://forge.example/o/r", "digest": { "gitCommit": other } }),
            json!({ "uri": "git+https://forge.example/o/r", "digest": { "gitCommit": COMMIT, "sha1": other } }),
        ] {
            nameless["buildDefinition"]["externalParameters"] = json!({ "source": source });
            assert!(of(V1, nameless.clone()).unwrap().is_err(), "{source}");
        }
        // Not a commit.
        let read = of(V0_2, old("main", "main")).unwrap().unwrap();
        assert_eq!(read.commit, None);
    }
}
