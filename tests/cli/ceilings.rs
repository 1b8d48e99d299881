//! The best that a project can do in each language, on GitHub and on GitLab: which tasks of the SSDF come above the maker's word.
//!
//! Needs git and ssh-keygen, as the tests of signatures do. The table is kept in docs/ceilings.md.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::{common::run, forge::Forge};

/// A day on which what is built in of Go is fresh.
const AS_OF: &str = "2026-08-30T00:00:00Z";
const LANGUAGES: [&str; 5] = ["python", "javascript", "go", "java", "cpp"];
const HOSTS: [&str; 2] = ["github", "gitlab"];
const POLICY: &str = "schema = 1\n\n[[party]]\nid = \"maker\"\nname = \"Acme\"\n\n[[ssh]]\nallowed-signers = [\"allowed\"]\nparty = \"maker\"\n";

/// Tasks of which no version of this program sees more than what the maker says.
const DECLARED: [&str; 7] = ["PO.2.2", "PO.2.3", "PO.5.2", "PW.2.1", "RV.3.1", "RV.3.2", "RV.3.4"];

fn fixtures(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/ceilings").join(name)
}

/// Copies a folder; the files of the other host are left out.
fn copy(from: &Path, to: &Path, host: &str) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let other = if host == "github" { ".gitlab" } else { ".github" };
        if name.starts_with(other) {
            continue;
        }
        let target = to.join(&name);
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target, host);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Advisory data of npm that is no part, about packages that nobody uses.
fn npm_data(folder: &Path) {
    const BUILT_IN: [(&str, &str); 4] = [
        ("GHSA-75v8-2h7p-7m2m", "formidable"),
        ("GHSA-9c47-m6qq-7p4h", "json5"),
        ("GHSA-c2qf-rxjj-qqgw", "semver"),
        ("GHSA-xvch-5gv4-984h", "minimist"),
    ];
    fs::create_dir_all(folder).unwrap();
    let others = (0..2000).map(|number| (format!("GHSA-{number:04}"), format!("nobody-{number}")));
    for (id, name) in BUILT_IN.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).chain(others) {
        let record = json!({
            "id": id,
            "modified": "2026-08-28T10:00:00Z",
            "affected": [{
                "package": {"ecosystem": "npm", "name": name},
                "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.0.0"}]}],
            }],
        });
        fs::write(folder.join(format!("{id}.json")), record.to_string()).unwrap();
    }
}

/// The label of one project, signed and released. `change` does something to its files first.
fn label(language: &str, host: &str, change: &dyn Fn(&Path)) -> Option<Value> {
    let forge = Forge::new()?;
    let repo = forge.path("repo");
    for part in ["common", language] {
        copy(&fixtures(part), &repo, host);
    }
    change(&repo);
    Forge::run(forge.command("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "maker", "-f", "maker"]));
    let public = fs::read_to_string(forge.path("maker.pub")).unwrap();
    fs::write(forge.path("allowed"), format!("maker@example.org {public}")).unwrap();
    fs::write(forge.path("trust.toml"), POLICY).unwrap();
    forge.git(&["-C", "repo", "add", "-A", "-f"], "");
    let key = format!("user.signingKey={}", forge.path("maker").display());
    let signed = |arguments: &[&str]| {
        let mut command = forge.command("git");
        Forge::run(command.args(["-C", "repo", "-c", "gpg.format=ssh", "-c", &key]).args(arguments));
    };
    signed(&["commit", "-q", "-S", "-m", "the project", "-m", "Reviewed-by: Other <other@example.org>"]);
    signed(&["tag", "-s", "-m", "1.0.0", "v1.0.0"]);
    let (path, trust) = (repo.display().to_string(), forge.path("trust.toml").display().to_string());
    let mut arguments =
        vec!["label", &path, "--as-of", AS_OF, "--trust", &trust, "--format", "json", "--quiet", "--no-cache"];
    let data = forge.path("advisories");
    let given = data.display().to_string();
    if language == "javascript" {
        npm_data(&data);
        arguments.extend(["--advisories", &given]);
    }
    let ran = run(&arguments);
    assert_eq!(ran.code, 0, "{language} {host}: {}", ran.stderr);
    Some(serde_json::from_str::<Value>(&ran.stdout).unwrap()["predicate"].clone())
}

/// Each task with `+` where it is met above the maker's word, else with its outcome.
fn tasks(label: &Value) -> BTreeMap<String, String> {
    let catalog = label["catalogs"].as_array().unwrap().iter().find(|one| one["id"] == "ssdf-1.1").unwrap();
    let of = |entry: &Value| {
        let above = !matches!(entry["assurance"].as_str(), None | Some("declared"));
        let shown = match entry["outcome"].as_str().unwrap() {
            "met" if above => "+",
            other => other,
        };
        (entry["id"].as_str().unwrap().to_owned(), shown.to_owned())
    };
    catalog["entries"].as_array().unwrap().iter().map(of).collect()
}

fn reached(tasks: &BTreeMap<String, String>) -> usize {
    tasks.values().filter(|shown| *shown == "+").count()
}

#[test]
fn the_best_project_of_each_language_and_host() {
    let mut columns = Vec::new();
    for language in LANGUAGES {
        for host in HOSTS {
            let Some(label) = label(language, host, &|_| {}) else { return };
            columns.push((language, host, tasks(&label)));
        }
    }
    let mut table = String::from("| task |");
    for (language, host, _) in &columns {
        table.push_str(&format!(
            " {} {} |",
            if *language == "cpp" { "c++" } else { language },
            if *host == "github" { "GitHub" } else { "GitLab" }
        ));
    }
    table.push_str(&format!("\n|---|{}\n", "---|".repeat(columns.len())));
    let ids: Vec<String> = columns[0].2.keys().cloned().collect();
    for id in ids.iter().filter(|id| !DECLARED.contains(&id.as_str())) {
        let row: String = columns.iter().map(|(_, _, tasks)| format!(" {} |", tasks[id])).collect();
        table.push_str(&format!("| {id} |{row}\n"));
    }
    let sums: String = columns.iter().map(|(_, _, tasks)| format!(" {} |", reached(tasks))).collect();
    table.push_str(&format!("| **of 42** |{sums}\n"));
    for (language, host, tasks) in &columns {
        for id in DECLARED {
            assert_ne!(tasks[id], "+", "{language} {host} {id}");
        }
        let least = match (*language, *host) {
            ("java", "gitlab") => 28,
            ("cpp", "github") => 29,
            ("cpp", "gitlab") => 27,
            _ => 30,
        };
        assert!(reached(tasks) >= least, "{language} on {host}: {}\n{table}", reached(tasks));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ceilings.md");
    let text = fs::read_to_string(&path).unwrap();
    let (start, end) = ("<!-- table -->\n", "<!-- end -->");
    let before = text.split_once(start).unwrap().0;
    let after = text.split_once(end).unwrap().1;
    let expected = format!("{before}{start}{table}{end}{after}");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, &expected).unwrap();
    } else {
        assert_eq!(text, expected, "docs/ceilings.md is stale: run with UPDATE_FIXTURES=1");
    }
}

const CI: &str = ".github/workflows/ci.yml";
/// Takes something out of a working copy.
type Take = Box<dyn Fn(&Path)>;

/// What is taken away takes its task away.
#[test]
fn without_its_evidence_a_task_is_not_reached() {
    let without = |path: &'static str| move |repo: &Path| fs::remove_file(repo.join(path)).unwrap();
    let replaced = |path: &'static str, from: &'static str, to: &'static str| {
        move |repo: &Path| {
            let text = fs::read_to_string(repo.join(path)).unwrap();
            assert!(text.contains(from), "{path}: {from}");
            fs::write(repo.join(path), text.replace(from, to)).unwrap();
        }
    };
    let rows: Vec<(&str, &str, Take)> = vec![
        // The toolchain.
        ("python", "PW.6.1", Box::new(without(".python-version"))),
        ("python", "PW.6.1", Box::new(replaced(".python-version", "3.13.1", "3.13"))),
        ("java", "PW.6.1", Box::new(without(".sdkmanrc"))),
        ("cpp", "PW.6.1", Box::new(replaced(".tool-versions", "gcc 14.2.0", "gcc latest"))),
        // The tool of another language pins nothing that builds the product.
        ("cpp", "PW.6.1", Box::new(replaced(".tool-versions", "gcc 14.2.0", "nodejs 22.12.0"))),
        // Protection of what is built.
        ("cpp", "PW.6.2", Box::new(replaced("CMakeLists.txt", "-D_FORTIFY_SOURCE=3", ""))),
        ("cpp", "PW.6.2", Box::new(replaced("CMakeLists.txt", "add_compile_options", "# add_compile_options"))),
        ("java", "PW.6.2", Box::new(replaced("build.gradle.kts", ", \"-Werror\"", ""))),
        ("go", "PW.6.2", Box::new(without(".goreleaser.yaml"))),
        ("python", "PW.6.2", Box::new(replaced("pyproject.toml", "strict = true", "strict = false"))),
        // Strict types that nothing checks.
        ("python", "PW.6.2", Box::new(replaced(CI, "uv run --locked mypy", "echo mypy"))),
        ("javascript", "PW.6.2", Box::new(replaced("package.json", " && tsc --noEmit", ""))),
        // Rules for dependencies.
        ("python", "PO.1.3", Box::new(replaced(CI, " --licenses=MIT,Apache-2.0,BSD-3-Clause", ""))),
        (
            "go",
            "PO.1.3",
            Box::new(replaced(
                CI,
                "run: osv-scanner -r . --licenses",
                "continue-on-error: true\n        run: osv-scanner -r . --licenses",
            )),
        ),
        ("javascript", "PO.1.3", Box::new(replaced(CI, "BSD-3-Clause", "BSD-3-Clause || true"))),
        // Cryptography that is looked after.
        (
            "python",
            "PW.1.3",
            Box::new(|repo: &Path| {
                for file in ["pyproject.toml", "uv.lock"] {
                    let text = fs::read_to_string(repo.join(file)).unwrap();
                    fs::write(repo.join(file), text.replace("cryptography", "pycrypto")).unwrap();
                }
            }),
        ),
        // Analysis for classes of mistakes, for every change and on a schedule.
        ("java", "RV.3.3", Box::new(replaced(CI, "semgrep scan --error", "semgrep scan"))),
        ("go", "RV.3.3", Box::new(replaced(CI, "  schedule: [{cron: '0 4 * * *'}]\n", ""))),
        ("cpp", "RV.3.3", Box::new(replaced(CI, "--error-exitcode=1", "--error-exitcode=0"))),
    ];
    for (language, id, change) in &rows {
        let Some(label) = label(language, "github", change.as_ref()) else { return };
        let tasks = tasks(&label);
        assert_ne!(tasks[*id], "+", "{language} {id}");
        assert!(reached(&tasks) >= 24, "{language}: {tasks:?}");
    }
}
