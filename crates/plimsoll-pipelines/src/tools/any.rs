//! Analysis, audits and SBOMs whatever the language.

use super::{LOCKS, Operands, TOOL, Tool, WRITES};

const TRIVY: &str = "--exit-code= --severity= -s= --format= -f= -o= --output= --scanners= --ignore-unfixed --no-progress --quiet -q --timeout= --skip-dirs= --skip-files= --db-repository= --cache-dir= --vuln-type= --pkg-types= --include-dev-deps --dependency-tree --list-all-pkgs --license-full --input= --offline-scan --skip-db-update";

const TRIVY_DOCUMENTS: &[(&str, &str)] = &[
    ("--format=cyclonedx", "sbom"),
    ("--format=spdx-json", "sbom"),
    ("--format=spdx", "sbom"),
    ("-f=cyclonedx", "sbom"),
    ("-f=spdx-json", "sbom"),
];

pub(super) const ANY_LANGUAGE: &[Tool] = &[
    Tool {
        run: &["semgrep ci", "opengrep ci"],
        is: &["analysis", "security-analysis"],
        options: "--config= --sarif --sarif-output= --json --output= --text --code --supply-chain --no-suppress-errors --verbose --quiet --metrics= --exclude= --baseline-commit=",
        passes: "--dry-run",
        ..TOOL
    },
    Tool {
        run: &["semgrep scan", "semgrep", "opengrep scan"],
        is: &["analysis", "security-analysis"],
        options: "--error --config= -c= --sarif --sarif-output= --json --output= -o= --text --verbose --quiet -q --metrics= --exclude= --strict --severity=",
        operands: Operands::Paths,
        needs: "--error",
        void: "--validate --test --dump-config",
        ..TOOL
    },
    Tool {
        run: &["codeql database analyze"],
        is: &["analysis", "security-analysis"],
        operands: Operands::Any,
        options: "--format= --output= --threads= --ram=",
        passes: "--format=+",
        ..TOOL
    },
    Tool {
        run: &["snyk code test"],
        is: &["analysis", "security-analysis"],
        operands: Operands::Paths,
        options: "--severity-threshold= --sarif --json --org=",
        ..TOOL
    },
    Tool {
        run: &[
            "qodana scan",
            "sonar-scanner",
            "mythril analyze",
            "slither",
            "pmd check",
            "kics scan",
            "checkov",
            "tfsec",
        ],
        is: &["analysis"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["horusec start", "devskim analyze", "njsscan", "dlint", "bearer scan"],
        is: &["analysis", "security-analysis"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["osv-scanner", "osv-scanner scan", "osv-scanner scan source"],
        is: &["audit"],
        options: "-r --recursive --lockfile= -L= --format= -f= --output= --verbosity= --licenses[=] --call-analysis= --no-call-analysis= --all-vulns --all-packages --sbom= -S= --skip-git[=] --no-ignore",
        operands: Operands::Paths,
        void: "fix update",
        passes: "--allow-no-lockfiles",
        manifests: LOCKS,
        scans: "--lockfile -L --sbom -S",
        // Licences that are allowed.
        also: &[("--licenses=+", "dependency-rules")],
        ..TOOL
    },
    Tool {
        run: &["trivy fs", "trivy filesystem", "trivy repo", "trivy repository"],
        manifests: LOCKS,
        is: &["audit"],
        options: TRIVY,
        operands: Operands::Any,
        needs: "--exit-code=+",
        also: TRIVY_DOCUMENTS,
        ..TOOL
    },
    Tool {
        run: &["trivy image", "trivy rootfs"],
        manifests: LOCKS,
        is: &["audit"],
        options: TRIVY,
        operands: Operands::Any,
        needs: "--exit-code=+",
        also: TRIVY_DOCUMENTS,
        ..TOOL
    },
    Tool {
        run: &["grype"],
        is: &["audit"],
        manifests: LOCKS,
        options: "--fail-on= -f= -o= --output= --file= --only-fixed --add-cpes-if-none --by-cve -q --quiet -v -vv --scope= --distro= --platform= --name=",
        operands: Operands::Any,
        needs: "--fail-on=+ -f=+",
        void: "db explain",
        ..TOOL
    },
    Tool {
        run: &["snyk test"],
        is: &["audit"],
        manifests: LOCKS,
        scans: "--file",
        options: "--all-projects --severity-threshold= --org= --json --sarif --file= --dev --detection-depth=",
        passes: "--fail-on=none",
        ..TOOL
    },
    Tool {
        run: &["dependency-check", "dependency-check.sh"],
        is: &["audit"],
        scans: "--scan -s",
        options: "--scan= -s= --failOnCVSS= --format= -f= --out= -o= --project= --enableExperimental --nvdApiKey= --noupdate --suppression= --data=",
        needs: "--failOnCVSS=+",
        ..TOOL
    },
    Tool {
        run: &["syft", "syft scan", "syft packages", "syft dir:."],
        is: &["sbom"],
        options: WRITES,
        operands: Operands::Any,
        void: "login cataloger convert attest config",
        ..TOOL
    },
    Tool {
        run: &["trivy sbom"],
        manifests: LOCKS,
        is: &["audit"],
        options: "--exit-code= --severity= --format= --output=",
        operands: Operands::Any,
        needs: "--exit-code=+",
        ..TOOL
    },
    Tool {
        run: &["docker sbom", "docker scout sbom"],
        is: &["sbom"],
        options: WRITES,
        operands: Operands::Any,
        ..TOOL
    },
    Tool {
        run: &["ko build", "ko publish", "ko resolve", "ko apply"],
        is: &["publish", "sbom"],
        options: "--bare --base-import-paths -B --preserve-import-paths -P --tags= -t= --platform= --push[=] --sbom-dir= --image-refs= --image-label= -f= --filename= --tag-only --debug --jobs= -j=",
        operands: Operands::Any,
        void: "--local -L --sbom=none",
        ..TOOL
    },
    Tool {
        run: &["gitleaks detect", "gitleaks git", "gitleaks dir", "gitleaks protect"],
        is: &["secret-scan"],
        options: "--source= -s= --config= -c= --verbose -v --redact[=] --no-banner --report-path= -r= --report-format= -f= --log-opts= --log-level= -l= --no-git --baseline-path= -b= --max-target-megabytes= --no-color --staged",
        operands: Operands::Paths,
        passes: "--exit-code=0",
        ..TOOL
    },
    Tool {
        run: &["trufflehog git", "trufflehog filesystem", "trufflehog github"],
        is: &["secret-scan"],
        options: "--fail --only-verified --results= --no-update --json --since-commit= --branch= --max-depth= --include-paths= -i= --exclude-paths= -x= --concurrency= --log-level=",
        operands: Operands::Any,
        needs: "--fail",
        ..TOOL
    },
    Tool {
        run: &[
            "kingfisher scan",
            "detect-secrets-hook",
            "ggshield secret scan",
            "git-secrets --scan",
            "noseyparker scan",
            "secretlint",
        ],
        is: &["secret-scan"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["typos", "codespell", "cspell"],
        is: &["spelling"],
        options: "--config= --format= --exclude= --force-exclude --no-progress",
        operands: Operands::Paths,
        void: "-w --write-changes",
        ..TOOL
    },
];
