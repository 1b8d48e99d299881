//! Tools of JavaScript. What `npm test` and its like run stands in package.json, and is followed there.

use super::{NODE, Operands, SCRIPT, Tool, WRITES};

const TOOL: Tool = Tool { of: SCRIPT, ..super::TOOL };

pub(super) const JAVASCRIPT: &[Tool] = &[
    Tool {
        run: &["npm audit", "pnpm audit", "bun audit"],
        is: &["audit"],
        options: "--audit-level=low --audit-level=moderate --audit-level=high --audit-level=critical --omit= --production --prod -P --dev --json --registry= --only= --package-lock-only",
        void: "signatures fix --fix",
        passes: "--audit-level=none",
        folder: "--prefix --dir -C",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["yarn audit", "yarn npm audit", "better-npm-audit audit", "audit-ci"],
        is: &["audit"],
        options: "--all -A --recursive -R --severity= --environment= --groups= --level= --json --moderate --high --critical --low",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["npm publish", "pnpm publish", "yarn publish", "yarn npm publish"],
        is: &["publish"],
        options: "--access= --tag= --no-git-checks --registry= --recursive -r --ignore-scripts --filter= --provenance --provenance=true",
        operands: Operands::Any,
        manifests: NODE,
        also: &[("--provenance", "provenance"), ("--provenance=true", "provenance")],
        ..TOOL
    },
    Tool {
        run: &["deno test"],
        is: &["test"],
        options: "-A --allow-all --allow-read[=] --allow-write[=] --allow-net[=] --allow-env[=] --allow-run[=] --allow-ffi[=] --coverage[=] --doc --parallel --quiet -q --trace-leaks --shuffle[=] --fail-fast[=] --reporter= --junit-path= --unstable --lock= --frozen[=] --no-check[=] --check --config= -c=",
        operands: Operands::Paths,
        void: "--no-run",
        passes: "--permit-no-files",
        manifests: &["deno.json", "deno.jsonc"],
        ..TOOL
    },
    Tool {
        run: &["bun test"],
        is: &["test"],
        options: "--coverage --bail[=] --timeout= --rerun-each= --only-failures --concurrent --reporter= --reporter-outfile=",
        operands: Operands::Paths,
        passes: "--pass-with-no-tests",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["node --test"],
        is: &["test"],
        options: "--test-reporter= --test-reporter-destination= --experimental-test-coverage --test-concurrency= --test-timeout= --enable-source-maps --experimental-strip-types --no-warnings --test-force-exit --trace-warnings",
        operands: Operands::Paths,
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["vitest run", "vitest --run"],
        is: &["test"],
        options: "--coverage[=] --coverage.enabled[=] --coverage.provider= --reporter= --no-color --silent --bail= --retry= --no-watch --watch=false --pool= --outputFile= --typecheck --isolate --no-isolate --logHeapUsage --maxWorkers= --minWorkers= --testTimeout= --browser.headless --no-file-parallelism --environment= --globals",
        operands: Operands::Select,
        void: "list",
        passes: "--passWithNoTests --passWithNoTests=true",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["vitest", "jest"],
        is: &["test"],
        options: "--ci --coverage[=] --silent --verbose --runInBand -i --bail[=] --maxWorkers= -w= --reporters= --no-cache --colors --color --forceExit --detectOpenHandles --logHeapUsage --watch=false --watchAll=false --no-watch --no-watchman --coverageReporters= --testTimeout= --noStackTrace --workerIdleMemoryLimit= --coverageDirectory=",
        operands: Operands::Select,
        void: "--listTests --showConfig --init --clearCache list",
        passes: "--passWithNoTests",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["mocha", "nyc mocha", "c8 mocha", "ava", "tap", "uvu", "jasmine", "lab"],
        is: &["test"],
        options: "-r= --require= --exit --recursive -R= --reporter= -t= --timeout= --check-leaks --bail -b --parallel --forbid-only --forbid-pending --colors --color --full-trace --inline-diffs --jobs= -j= --loader= --import= --verbose -v --serial -s",
        operands: Operands::Paths,
        void: "--list-files --list-reporters --list-interfaces",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["playwright test"],
        is: &["test"],
        options: "--reporter= --workers= -j= --retries= --trace= --timeout= --quiet --forbid-only --fully-parallel --max-failures= -x --config= -c= --browser=",
        operands: Operands::Select,
        void: "--list",
        passes: "--pass-with-no-tests",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["cypress run"],
        is: &["test"],
        options: "--browser= --headless --quiet -q --record --key= --component --e2e --reporter=",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &[
            "nx test",
            "nx run-many",
            "nx affected",
            "turbo run test",
            "turbo test",
            "lerna run test",
            "lerna test",
            "ng test",
            "react-scripts test",
            "karma start",
            "wireit test",
            "grunt test",
            "gulp test",
            "rush test",
        ],
        is: &["test"],
        operands: Operands::Select,
        needs: "",
        ..TOOL
    },
    Tool {
        run: &["nx lint", "turbo run lint", "turbo lint", "lerna run lint", "ng lint", "next lint", "gts lint"],
        is: &["lint"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["eslint"],
        is: &["lint"],
        options: "--max-warnings= --ext= --cache --cache-location= --cache-strategy= --format= -f= -o= --output-file= --color --no-color --quiet --report-unused-disable-directives --report-unused-disable-directives-severity= -c= --config= --no-error-on-unmatched-pattern --concurrency=",
        operands: Operands::Paths,
        void: "--init --print-config --env-info --fix --fix-dry-run --inspect-config",
        passes: "--pass-on-no-patterns --exit-on-fatal-error",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["xo", "standard", "oxlint", "tslint", "ts-standard", "semistandard", "knip", "publint", "jshint"],
        is: &["lint"],
        options: "--max-warnings= --deny-warnings --quiet --color --cache --config= -c= --project= -p=",
        operands: Operands::Paths,
        void: "--fix --init --print-config --rules",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["stylelint", "remark", "markdownlint", "markdownlint-cli2", "textlint"],
        is: &["lint"],
        of: super::DATA,
        options: "--max-warnings= --quiet --color --cache --config= -c=",
        operands: Operands::Paths,
        void: "--fix --init --print-config --rules",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["biome check", "biome ci", "biome lint"],
        is: &["lint"],
        options: "--reporter= --diagnostic-level= --error-on-warnings --no-errors-on-unmatched --colors= --max-diagnostics= --verbose --config-path= --files-ignore-unknown=",
        operands: Operands::Paths,
        void: "--write --apply --fix --unsafe --apply-unsafe",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["deno lint"],
        is: &["lint"],
        options: "--json --compact --quiet -q --config= -c=",
        operands: Operands::Paths,
        void: "--rules --fix",
        manifests: &["deno.json", "deno.jsonc"],
        ..TOOL
    },
    // Rules for what is depended on: without a list they only print.
    Tool {
        run: &["license-checker", "license-checker-rseidelsohn"],
        is: &["dependency-rules"],
        options: "--onlyAllow= --failOn= --production --start= --excludePrivatePackages --unknown --summary --json --csv --out=",
        needs: "--onlyAllow=+ --failOn=+",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["lockfile-lint"],
        is: &["dependency-rules"],
        options: "--path= -p= --type= -t= --allowed-hosts= -a= --validate-https -s --validate-package-names --validate-integrity --format=",
        operands: Operands::Any,
        needs: "--allowed-hosts=+ -a=+",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["tsc"],
        is: &["analysis", "types"],
        options: "--noEmit --pretty[=] -p= --project= -b --build --strict --skipLibCheck --emitDeclarationOnly --declaration --force",
        operands: Operands::Paths,
        void: "--init --showConfig --listFilesOnly -w --watch --clean",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["vue-tsc", "svelte-check", "astro check", "flow check", "flow"],
        is: &["analysis", "types"],
        options: "--noEmit -p= --project= -b --build --tsconfig= --fail-on-warnings --threshold=",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["prettier"],
        is: &["format"],
        options: "--check -c --list-different -l --ignore-unknown -u --cache --log-level= --loglevel= --config= --ignore-path= --no-error-on-unmatched-pattern",
        operands: Operands::Any,
        needs: "--check -c --list-different -l",
        void: "--write -w",
        manifests: NODE,
        ..TOOL
    },
    Tool {
        run: &["deno fmt"],
        is: &["format"],
        options: "--check --quiet -q",
        operands: Operands::Paths,
        needs: "--check",
        ..TOOL
    },
    Tool {
        run: &[
            "cyclonedx-npm",
            "cyclonedx-py",
            "cyclonedx-py environment",
            "cyclonedx-py poetry",
            "cyclonedx-py requirements",
            "cyclonedx-py pipenv",
            "cyclonedx-gomod app",
            "cyclonedx-gomod mod",
            "cyclonedx-gomod bin",
            "cyclonedx-bom",
            "cyclonedx-php",
            "composer CycloneDX:make-sbom",
            "dotnet CycloneDX",
            "dotnet-CycloneDX",
            "cdxgen",
            "bom generate",
            "sbom-tool generate",
            "yarn cyclonedx",
            "mix sbom.cyclonedx",
            "cyclonedx-ruby",
            "spdx-sbom-generator",
            "npm sbom",
        ],
        is: &["sbom"],
        options: WRITES,
        operands: Operands::Any,
        ..TOOL
    },
];
