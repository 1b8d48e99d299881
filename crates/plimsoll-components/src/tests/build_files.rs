//! Steps and images of builds, against what two readers of Python find in the same files.

use std::{collections::BTreeSet, path::Path, process::Command};

use packageurl::PackageUrl;

use crate::{Component, Survey, inventory, test_support};

const MADE: &[(&str, &str)] = &[
    (
        ".github/workflows/ci.yml",
        "\u{feff}on: push\nenv: &e {A: b}\njobs:\n  a:\n    env: *e\n    container: alpine:3.20\n    services:\n      db: {image: \
         \"ghcr.io/a/db\"}\n      no: {image: ''}\n    steps:\n      - uses: Actions/checkout@v4 # v4.1.0\n      - uses: \
         'a/b/c/d@0123456789012345678901234567890123456789'\n      - {uses: docker://library/busybox:1}\n      - uses: ./x\n      - uses: \
         $/y\n      - uses: \"${{ matrix.a }}\"\n      - run: |\n          uses: no/thing@v1\n  b:\n    container: {image: \
         '${{ matrix.b }}'}\n  c: {uses: a/b/.github/workflows/c.yaml@main}\n",
    ),
    (".github/actions/x/action.yml", "runs:\n  using: composite\n  steps:\n    - uses: x/y@refs/heads/z\n"),
    ("action.yaml", "runs: {using: docker, image: 'docker://reg.example:5000/i:1'}\n"),
    (
        "Dockerfile",
        "# syntax is no directive here\nARG V=1\nFROM --platform=$BUILDPLATFORM rust:1.80 AS Build\nRUN --mount=type=bind,from=q/r:2 \
         true && \\\n  # FROM no\n  echo FROM no\nFROM a:$V AS v\nfrom build as next\nFROM \
         debian@sha256:0000000000000000000000000000000000000000000000000000000000000000\nCOPY --from=next / /\nCOPY --from=c.example/d /e \
         /\nFROM scratch\nCOPY --from=0 / /\n",
    ),
    ("compose.yaml", "services:\n  a: {image: redis:7}\n  b: {build: ., image: own}\n  c: {image: \"$X\"}\n"),
];

/// A component as the other readers show it.
fn shown(component: &Component) -> Option<String> {
    let purl: PackageUrl<'_> = component.purl.parse().ok()?;
    let version = &component.version;
    match purl.ty() {
        "githubactions" => Some(format!("{} {version} {}", component.name, purl.subpath().unwrap_or_default())),
        "docker" => Some(format!("{} {} {version}", component.source_url.as_ref()?, component.name)),
        _ => None,
    }
}

#[test]
fn steps_and_images_are_those_that_other_readers_find() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in MADE {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let python = std::env::var_os("PLIMSOLL_PYTHON").unwrap_or_else(|| "python3".into());
    let script = test_support::own_root().join("tests/corpus/build_files.py");
    let output = match Command::new(python).arg(script).arg(folder.path()).output() {
        Ok(output) if output.status.code() != Some(3) => output,
        missing => {
            eprintln!("not checked: readers of Python are missing; pip install PyYAML dockerfile-parse ({missing:?})");
            return;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: std::collections::BTreeMap<String, BTreeSet<String>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(ours(folder.path()), *found.values().next().unwrap());
}

fn ours(folder: &Path) -> BTreeSet<String> {
    let (files, options) = test_support::load(folder, test_support::lockfile_only());
    inventory(&files, &Survey::default(), &options).components.iter().filter_map(shown).collect()
}
