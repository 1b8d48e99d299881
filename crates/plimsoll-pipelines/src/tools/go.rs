//! Tools of Go.

use super::{GO, Operands, Tool};

const TOOL: Tool = Tool { of: &["Go"], ..super::TOOL };

pub(super) const GO_TOOLS: &[Tool] = &[
    Tool {
        run: &["go test"],
        is: &["test"],
        options: "-v -short -race -cover -covermode= -coverprofile= -coverpkg= -count= -timeout= -tags= -p= -parallel= -cpu= -shuffle= -failfast -json -mod= -trimpath -a -ldflags= -gcflags= -buildvcs= -benchmem -x -msan -asan -vet=off -vet=all -fuzz= -fuzztime= -fuzzminimizetime=",
        operands: Operands::Paths,
        also: &[("-fuzz=+", "fuzz")],
        void: "-c -n -list -list=. -count=0",
        folder: "-C",
        manifests: GO,
        ..TOOL
    },
    Tool {
        run: &["gotestsum"],
        is: &["test"],
        options: "--format= -f= --junitfile= --jsonfile= --no-color --packages= --rerun-fails= --hide-summary= --format-icons=",
        operands: Operands::Any,
        behind: Some(
            "-v -short -race -cover -covermode= -coverprofile= -coverpkg= -count= -timeout= -tags= -p= -parallel= -shuffle= -failfast ./...",
        ),
        manifests: GO,
        ..TOOL
    },
    Tool {
        run: &["ginkgo", "ginkgo run"],
        is: &["test"],
        options: "-r -v -p --race --cover --randomize-all --randomize-suites --fail-on-pending --keep-going --trace --procs= --timeout= --output-dir= --junit-report= --require-suite",
        operands: Operands::Paths,
        manifests: GO,
        ..TOOL
    },
    Tool {
        run: &["mage test", "mage check"],
        is: &["test"],
        operands: Operands::Select,
        needs: "",
        options: "",
        ..TOOL
    },
    Tool {
        run: &["go vet"],
        is: &["lint"],
        options: "-v -tags= -mod=",
        operands: Operands::Paths,
        void: "-n",
        passes: "-json -json=true",
        folder: "-C",
        manifests: GO,
        ..TOOL
    },
    Tool {
        run: &["govulncheck"],
        is: &["audit"],
        options: "-show= -test -tags= -scan=module -scan=package -scan=symbol",
        operands: Operands::Paths,
        passes: "-json -format=json -format=sarif -format=openvex",
        void: "-version",
        manifests: GO,
        ..TOOL
    },
    Tool {
        run: &["golangci-lint run"],
        is: &["lint"],
        options: "-v --verbose --timeout= --out-format= --color= -c= --config= --build-tags= --modules-download-mode= --concurrency= -j= --max-issues-per-linter= --max-same-issues= --show-stats --allow-parallel-runners --tests[=] -E= --enable= --enable-all",
        operands: Operands::Paths,
        void: "--fix",
        passes: "--issues-exit-code=0",
        manifests: GO,
        ..TOOL
    },
    Tool {
        run: &["revive"],
        is: &["lint"],
        options: "-set_exit_status -formatter= -config= -max_open_files=",
        operands: Operands::Paths,
        void: "-version",
        ..TOOL
    },
    Tool {
        run: &["staticcheck"],
        is: &["analysis"],
        options: "-tags= -f= -go= -tests[=]",
        operands: Operands::Any,
        void: "-version -list-checks -debug.version -explain",
        passes: "-fail=none -fail= -fail=\"\"",
        manifests: GO,
        ..TOOL
    },
    Tool {
        run: &["gosec"],
        is: &["analysis", "security-analysis"],
        options: "-quiet -fmt= -out= -severity= -confidence= -tests -stdout -verbose= -color[=] -exclude-dir= -exclude-generated -r -track-suppressions",
        operands: Operands::Any,
        passes: "-no-fail",
        manifests: GO,
        ..TOOL
    },
    Tool {
        run: &["go-licenses check"],
        is: &["dependency-rules"],
        options: "--allowed_licenses= --disallowed_types= --confidence_threshold= --include_tests",
        operands: Operands::Paths,
        needs: "--allowed_licenses=+ --disallowed_types=+",
        manifests: GO,
        ..TOOL
    },
    Tool {
        run: &["gofmt", "gofumpt", "goimports"],
        is: &["format"],
        operands: Operands::Any,
        options: "-l -d -s",
        passes: "-l -d",
        ..TOOL
    },
];
