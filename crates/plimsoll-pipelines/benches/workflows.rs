//! The workflows of a repository that has a hundred of them, from their text to jobs and dangers.
#![allow(missing_docs, clippy::unwrap_used, reason = "a bench that cannot be set up has to fail at once")]

use std::{collections::BTreeMap, hint::black_box, time::Duration};

use criterion::Criterion;
use plimsoll_pipelines::{File, FileKind, Repository, Tools, analyse};

/// Files in memory.
struct Made(BTreeMap<String, String>);

impl Repository for Made {
    fn files(&self) -> Box<dyn Iterator<Item = File<'_>> + '_> {
        Box::new(self.0.keys().map(|path| File { path, kind: FileKind::File }))
    }

    fn file(&self, path: &str) -> Option<File<'_>> {
        self.0.get_key_value(path).map(|(path, _)| File { path, kind: FileKind::File })
    }

    fn has_folder(&self, path: &str) -> bool {
        self.0.keys().any(|one| one.starts_with(&format!("{path}/")))
    }

    fn text(&self, path: &str, _: u64) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "no such file".to_owned())
    }

    fn ships(&self, _: &str) -> bool {
        true
    }

    fn is_vendored(&self, _: &str) -> bool {
        false
    }
}

/// A workflow as many have it: three jobs, a matrix, filters, conditions, actions and scripts.
fn workflow(number: usize) -> String {
    let mut text = format!(
        "name: w{number}\non:\n  push:\n    branches: [main]\n    paths: ['src/**', 'tests/**', '!docs/**']\n  pull_request:\npermissions:\n  contents: read\njobs:\n"
    );
    for job in ["test", "lint", "build"] {
        text.push_str(&format!(
            "  {job}:\n    runs-on: ${{{{ matrix.os }}}}\n    if: github.event_name != 'schedule'\n    strategy:\n      matrix:\n        os: [ubuntu-latest, windows-latest, macos-latest]\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n      - uses: actions/cache@v4\n        with:\n          path: target\n          key: ${{{{ runner.os }}}}-${{{{ hashFiles('Cargo.lock') }}}}\n      - run: |\n          set -euo pipefail\n          cargo build --locked\n          cargo test --locked --workspace\n      - if: runner.os == 'Linux'\n        run: cargo clippy --all-targets -- -D warnings\n      - run: echo \"${{{{ github.event.pull_request.number }}}}\" >> $GITHUB_OUTPUT\n"
        ));
    }
    text
}

fn main() {
    let mut files: BTreeMap<String, String> =
        (0..100).map(|number| (format!(".github/workflows/w{number}.yml"), workflow(number))).collect();
    files.insert("Cargo.toml".to_owned(), "[package]\nname = \"a\"\nversion = \"1.0.0\"\n".to_owned());
    let source = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn holds() {\n        assert!(super::x());\n    }\n}\n";
    files.insert("src/lib.rs".to_owned(), source.to_owned());
    let repository = Made(files);
    let tools = Tools::built_in();
    let analysed = analyse(&repository, &tools);
    let jobs: usize = analysed.files.iter().flat_map(|file| &file.pipeline).map(|one| one.jobs.len()).sum();
    assert_eq!(jobs, 300, "every workflow is understood");
    let mut criterion = Criterion::default().measurement_time(Duration::from_secs(5)).configure_from_args();
    criterion
        .bench_function("100 workflows, 300 jobs", |bencher| bencher.iter(|| analyse(black_box(&repository), &tools)));
    criterion.final_summary();
}
