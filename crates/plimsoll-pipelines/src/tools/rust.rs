//! Tools of Rust, and this one.

use super::{CARGO, Operands, Tool, WRITES};

const TOOL: Tool = Tool { of: &["Rust"], ..super::TOOL };

const CARGO_TEST: &str = "-p= --package= --exclude= --workspace --all --all-targets --lib --bins --tests --locked --frozen --offline --release -r \
    --all-features --no-default-features --features= -F= --target= --target-dir= --profile= -j= --jobs= --verbose -v -vv \
    --quiet -q --color= --no-fail-fast --message-format= --keep-going --future-incompat-report";

const CARGO_TEST_BEHIND: &str = "--nocapture --no-capture --show-output --test-threads= --color= --include-ignored \
    --quiet -q --report-time --format=";

pub(super) const RUST: &[Tool] = &[
    Tool {
        run: &["cargo test", "cargo t"],
        is: &["test"],
        options: CARGO_TEST,
        operands: Operands::Select,
        void: "--no-run --list",
        behind: Some(CARGO_TEST_BEHIND),
        folder: "--manifest-path -C",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo nextest run", "cargo nextest r"],
        is: &["test"],
        options: "-p= --package= --exclude= --workspace --all --all-targets --lib --bins --tests --locked --frozen --offline --release -r --all-features --no-default-features --features= -F= --target= --target-dir= --cargo-profile= --profile= -P= -j= --jobs= --test-threads= --verbose -v --quiet -q --color= --no-fail-fast --fail-fast --no-capture --nocapture --status-level= --final-status-level= --failure-output= --success-output= --retries= --run-ignored=default --run-ignored=all --hide-progress-bar --no-tests=fail --max-fail= --show-progress= --archive-file=",
        operands: Operands::Select,
        void: "--no-run --list",
        passes: "--no-tests=pass --no-tests=warn",
        folder: "--manifest-path -C",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo miri test"],
        is: &["test", "analysis"],
        options: CARGO_TEST,
        operands: Operands::Select,
        void: "--no-run --list",
        behind: Some(CARGO_TEST_BEHIND),
        folder: "--manifest-path -C",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo miri nextest run"],
        is: &["test", "analysis"],
        options: CARGO_TEST,
        operands: Operands::Select,
        void: "--no-run --list",
        folder: "--manifest-path -C",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo hack test"],
        is: &["test"],
        options: "--workspace --all --all-targets --lib --bins --tests --locked --feature-powerset --each-feature --optional-deps --depth= --release --all-features --no-dev-deps --rust-version --skip= --exclude-features= --clean-per-run --keep-going --ignore-private --features= --target= --verbose -v",
        operands: Operands::Select,
        void: "--no-run --list",
        behind: Some(CARGO_TEST_BEHIND),
        folder: "--manifest-path -C",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo hack clippy"],
        is: &["lint"],
        options: "--workspace --all --all-targets --lib --bins --tests --locked --feature-powerset --each-feature --optional-deps --depth= --release --all-features --no-dev-deps --rust-version --skip= --exclude-features= --clean-per-run --keep-going --ignore-private --features= --target= --verbose -v",
        behind: Some("-D="),
        folder: "--manifest-path -C",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo clippy"],
        is: &["lint"],
        options: "--workspace --all --all-targets --lib --bins --tests --examples --benches --locked --frozen --offline --release -r --all-features --no-default-features --features= -F= --target= --target-dir= --profile= -j= --jobs= --verbose -v --quiet -q --color= --message-format= --keep-going --no-deps",
        void: "--fix",
        behind: Some("-D= --deny= -Dwarnings -F= --forbid= -W= --warn= -Dclippy::all -Dclippy::pedantic --no-deps"),
        folder: "--manifest-path -C",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo fmt"],
        is: &["format"],
        options: "--all --check --verbose -v --quiet -q",
        needs: "--check",
        behind: Some("--check -l --color= --files-with-diff"),
        folder: "--manifest-path",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["rustfmt"],
        is: &["format"],
        options: "--check --edition= --color= -l --files-with-diff",
        needs: "--check",
        operands: Operands::Paths,
        ..TOOL
    },
    Tool {
        run: &["cargo audit", "cargo-audit audit", "cargo-audit"],
        is: &["audit"],
        options: "--deny= -D= --quiet -q --color= --json --ignore= --no-yanked --format=",
        void: "fix bin",
        folder: "--file -f",
        manifests: &["Cargo.lock", "Cargo.toml"],
        ..TOOL
    },
    Tool {
        run: &["cargo vet"],
        is: &["dependency-rules"],
        options: "--locked --frozen --no-all-features --verbose= --output-format=",
        operands: Operands::Goals(&[("check", "dependency-rules")]),
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo fuzz run"],
        is: &["fuzz"],
        manifests: CARGO,
        options: "--release -O --dev -D --sanitizer= -s= --jobs= -j= --features= --target= --fuzz-dir= --all-features --no-default-features --debug-assertions --build-std -a --strip-dead-code",
        operands: Operands::Any,
        behind: Some(
            "-max_total_time= -runs= -rss_limit_mb= -timeout= -max_len= -jobs= -workers= -dict= -seed= -only_ascii=",
        ),
        ..TOOL
    },
    Tool {
        run: &["cargo afl fuzz", "cargo hfuzz run", "cargo bolero test", "cargo ziggy fuzz", "afl-fuzz", "honggfuzz"],
        is: &["fuzz"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["cargo llvm-cov", "cargo llvm-cov test", "cargo llvm-cov nextest"],
        is: &["test", "coverage"],
        options: "--workspace --all --all-targets --lib --bins --tests --locked --frozen --offline --release -r --all-features --no-default-features --features= -F= --target= -j= --jobs= --verbose -v --quiet -q --color= --no-fail-fast --lcov --json --cobertura --codecov --html --text --summary-only --output-path= --output-dir= --ignore-filename-regex= --fail-under-lines= --fail-under-functions= --fail-under-regions= --branch --mcdc --doctests --no-report --no-clean --skip-functions --profile= --cargo-profile=",
        void: "--no-run",
        passes: "--ignore-run-fail",
        behind: Some(CARGO_TEST_BEHIND),
        folder: "--manifest-path",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo tarpaulin"],
        is: &["test", "coverage"],
        options: "--workspace --all --all-targets --lib --bins --tests --locked --frozen --offline --release --all-features --no-default-features --features= --out= -o= --output-dir= --timeout= -t= --engine= --verbose -v --skip-clean --ignore-tests --follow-exec --line --branch --count --no-fail-fast --fail-under= --exclude-files= --force-clean",
        void: "--no-run",
        folder: "--manifest-path",
        manifests: CARGO,
        ..TOOL
    },
    Tool {
        run: &["cargo machete", "cargo udeps", "cargo shear", "cargo outdated"],
        is: &["dependency-check"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["cargo geiger", "cargo semver-checks", "cargo semver-checks check-release", "cargo public-api"],
        is: &["report"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool { run: &["cargo cyclonedx", "cargo sbom"], is: &["sbom"], options: WRITES, manifests: CARGO, ..TOOL },
    Tool {
        run: &["cargo publish", "cargo release"],
        is: &["publish"],
        options: "--locked --workspace --all --no-verify --token= --registry= -p= --package= --allow-dirty --all-features --features= --no-confirm --execute -x",
        operands: Operands::Any,
        manifests: CARGO,
        ..TOOL
    },
    // Plimsoll itself.
    Tool {
        run: &["plimsoll label", "plimsoll collect"],
        is: &["sbom"],
        options: "--out= --as-of= --rev= --advisories= --trust= --format= --jobs= --quiet --artifact= --attestation= --fail-below= --index= --strict",
        operands: Operands::Any,
        needs: "--out=+",
        ..TOOL
    },
];
