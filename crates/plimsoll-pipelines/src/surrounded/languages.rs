//! What a check is about decides whether it is one of the product.

use super::*;

/// A tree of these files alone.
fn alone(steps: &str, files: &[(&'static str, &'static str)]) -> String {
    let pipeline = super::super::workflow(&written("", &format!("{CHECKOUT}{steps}")), &["src/lib.rs"]).unwrap();
    let found = purposes::found(&pipeline.jobs[0], &Made(files.to_vec()), &Local::default());
    let gates = found.weights.iter().filter(|(_, weight)| weight.gates).map(|(name, _)| *name);
    gates.collect::<Vec<_>>().join(" ")
}

#[test]
fn an_analysis_of_what_the_product_is_not_written_in_is_none_of_the_product() {
    let rust = &[("Cargo.toml", "[package]\nname = \"a\"\n"), ("src/lib.rs", "")];
    let codeql = |languages: &str| {
        format!(
            "- uses: github/codeql-action/init@v3\n  with: {{languages: '{languages}'}}\n- uses: github/codeql-action/analyze@v3"
        )
    };
    for (steps, expected) in [
        ("- run: cargo clippy -- -D warnings", "lint"),
        ("- run: semgrep scan --error", "analysis security-analysis"),
        ("- uses: github/codeql-action/init@v3\n- uses: github/codeql-action/analyze@v3", "analysis security-analysis"),
        (&codeql("rust"), "analysis security-analysis"),
        (&codeql("python, rust"), "analysis security-analysis"),
        (&codeql("actions"), "other-lint"),
        (&codeql("python"), "other-lint"),
        (&codeql("${{ vars.X }}"), ""),
        ("- run: yamllint .", "other-lint"),
        ("- run: hadolint Cargo.toml", "other-lint"),
        ("- run: markdownlint .", "other-lint"),
        ("- run: ruff check .", "other-lint"),
        ("- run: shellcheck x.sh", "other-lint"),
        ("- run: eslint .", "other-lint"),
        ("- run: golangci-lint run", "other-lint"),
        ("- run: actionlint", "workflow-lint"),
    ] {
        assert_eq!(alone(steps, rust), expected, "{steps}");
    }
    assert_eq!(alone("- run: ruff check .", &[("a.py", ""), ("src/lib.rs", "")]), "lint");
    let other = &[("a.py", ""), ("ci/none.toml", "exclude = ['*']"), ("ruff.toml", "line-length = 100")];
    assert_eq!(alone("- run: ruff check --config ruff.toml .", other), "lint");
    assert_eq!(alone("- run: ruff check --config ci/none.toml .", other), "");
    // Nothing to test is not tested, nothing to lint is what the tool is for.
    assert_eq!(alone("- run: cargo test", rust), "");
    assert_eq!(alone("- run: yamllint .", &[("a.yml", "")]), "lint");
}
