//! Build systems with targets of their own, and what runs that stands in the tree in a language of its own.

use super::{C_FAMILY, Operands, TOOL, Tool};

pub(super) const BUILDS: &[Tool] = &[
    Tool {
        run: &[
            "rake",
            "rake test",
            "rake spec",
            "earthly +test",
            "task test",
            "cargo make test",
            "composer test",
            "fastlane test",
            "artisan test",
            "m",
            "hatch run test",
            "hardhat test",
        ],
        is: &["test"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool { run: &["nix flake check"], is: &["test", "lint"], operands: Operands::Select, ..TOOL },
    Tool {
        run: &["xcodebuild test", "xcodebuild build test", "xcodebuild clean test"],
        of: &["Swift", "Objective-C", "C", "C++"],
        is: &["test"],
        options: "-scheme= -project= -workspace= -destination= -sdk= -configuration= -quiet -enableCodeCoverage= -resultBundlePath= -derivedDataPath=",
        ..TOOL
    },
    // C, C++ and build systems with targets of their own.
    Tool {
        run: &["ctest"],
        is: &["test"],
        options: "--output-on-failure -V -VV --verbose --extra-verbose -j= --parallel= --test-dir= --build-config= -C= --timeout= --no-tests=error --progress --schedule-random --repeat= --stop-on-failure --output-junit= -T= --preset= -Q --quiet --rerun-failed",
        void: "-N --show-only --print-labels",
        passes: "--no-tests=ignore",
        ..TOOL
    },
    Tool {
        run: &["meson test"],
        is: &["test"],
        options: "-C= --print-errorlogs --verbose -v --num-processes= -j= --no-rebuild --timeout-multiplier= -t= --wrap= --setup= --repeat= --maxfail= --quiet -q",
        operands: Operands::Select,
        void: "--list",
        ..TOOL
    },
    Tool {
        run: &[
            "ninja test",
            "ninja check",
            "bazel test",
            "bazelisk test",
            "buck2 test",
            "pants test",
            "xmake test",
            "b2 test",
            "scons test",
            "waf check",
        ],
        is: &["test"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["clang-tidy", "run-clang-tidy", "run-clang-tidy.py"],
        of: C_FAMILY,
        is: &["lint"],
        options: "-p= --warnings-as-errors= -warnings-as-errors= --quiet -quiet -j= --config-file= --header-filter= -header-filter=",
        operands: Operands::Select,
        void: "--list-checks -list-checks --dump-config --verify-config --fix -fix",
        ..TOOL
    },
    Tool {
        run: &["cppcheck"],
        of: C_FAMILY,
        is: &["analysis", "security-analysis"],
        options: "--error-exitcode= --enable= --std= --language= --suppress= --suppressions-list= -I= -i= --inline-suppr --quiet -q -j= --platform= --project= --xml --template= --check-level= --inconclusive --force -D= --library= --max-configs= --output-file=",
        operands: Operands::Any,
        needs: "--error-exitcode=+",
        ..TOOL
    },
    Tool {
        run: &["scan-build"],
        of: C_FAMILY,
        is: &["analysis", "security-analysis"],
        operands: Operands::Any,
        options: "-o= --status-bugs -v --use-cc= --use-c++=",
        needs: "--status-bugs",
        ..TOOL
    },
    Tool {
        run: &["clang-format"],
        of: C_FAMILY,
        is: &["format"],
        options: "--dry-run -n --Werror -Werror --style= -style= --verbose",
        operands: Operands::Any,
        needs: "--Werror -Werror",
        void: "-i",
        ..TOOL
    },
    Tool {
        run: &["flawfinder", "infer run", "splint", "pvs-studio-analyzer analyze"],
        is: &["analysis", "security-analysis"],
        operands: Operands::Select,
        ..TOOL
    },
];
