//! Tools of .NET, Swift, Dart, PHP, Ruby and other languages.

use super::{DATA, Operands, TOOL, Tool};

const LINTER: &str = "--strict --quiet -q --config= -c= --config-file= -s --format= -f= --no-color --color=";
const LINTER_VOID: &str = "--fix --autocorrect rules --print-config";

pub(super) const OTHERS: &[Tool] = &[
    Tool {
        run: &["dotnet test"],
        of: &["C#", "F#", "Visual Basic"],
        is: &["test"],
        options: "-c= --configuration= --no-build --no-restore --nologo -v= --verbosity= --logger= -l= --collect= --settings= -s= -f= --framework= --results-directory= --blame --blame-hang --blame-hang-timeout= --blame-crash -r= --runtime= -m --tl[=]",
        operands: Operands::Paths,
        void: "--list-tests -t",
        ..TOOL
    },
    Tool {
        run: &["dotnet format"],
        of: &["C#", "F#", "Visual Basic"],
        is: &["format"],
        options: "--verify-no-changes --no-restore --severity= -v= --verbosity=",
        operands: Operands::Paths,
        needs: "--verify-no-changes",
        ..TOOL
    },
    Tool {
        run: &["swift test"],
        of: &["Swift", "Objective-C"],
        is: &["test"],
        options: "--parallel -v --verbose --enable-code-coverage -c= --configuration= --num-workers= --build-path= --enable-test-discovery --xunit-output= -q",
        void: "list -l --list-tests --skip-build",
        passes: "",
        manifests: &["Package.swift"],
        ..TOOL
    },
    Tool {
        run: &["flutter test", "dart test"],
        of: &["Dart"],
        is: &["test"],
        options: "--coverage[=] -r= --reporter= --concurrency= -j= --no-pub --test-randomize-ordering-seed= --machine --chain-stack-traces --timeout=",
        operands: Operands::Paths,
        manifests: &["pubspec.yaml"],
        ..TOOL
    },
    Tool {
        run: &["dart analyze", "flutter analyze"],
        of: &["Dart"],
        is: &["lint", "types"],
        options: "--fatal-infos --fatal-warnings --no-pub",
        operands: Operands::Paths,
        passes: "--no-fatal-warnings --no-fatal-infos",
        manifests: &["pubspec.yaml"],
        ..TOOL
    },
    Tool {
        run: &["mix test"],
        of: &["Elixir"],
        is: &["test"],
        options: "--cover --trace --warnings-as-errors --color --max-failures= --slowest= --seed= --partitions= --force",
        void: "--no-start",
        manifests: &["mix.exs"],
        ..TOOL
    },
    Tool {
        run: &["mix credo", "mix dialyzer"],
        of: &["Elixir"],
        is: &["lint"],
        options: "--strict --all --format= --exit --halt-exit-status",
        operands: Operands::None,
        passes: "--mute-exit-status --ignore-exit-status",
        manifests: &["mix.exs"],
        ..TOOL
    },
    // What it finds fails it with an option alone.
    Tool {
        run: &["mix sobelow"],
        of: &["Elixir"],
        is: &["analysis", "security-analysis"],
        options: "--exit --exit=low --exit=medium --exit=high --strict --skip --format= -f= --private --quiet --verbose --config",
        needs: "--exit --exit=+",
        manifests: &["mix.exs"],
        ..TOOL
    },
    Tool {
        run: &["srb tc", "srb typecheck"],
        of: &["Ruby"],
        is: &["analysis", "types"],
        options: "--no-error-count --color= --quiet -q",
        operands: Operands::Paths,
        void: "--autocorrect -a",
        manifests: &["Gemfile"],
        ..TOOL
    },
    Tool {
        run: &["mix format"],
        is: &["format"],
        options: "--check-formatted --dry-run",
        needs: "--check-formatted",
        ..TOOL
    },
    Tool {
        run: &[
            "rebar3 eunit",
            "rebar3 ct",
            "rebar3 proper",
            "stack test",
            "zig build test",
            "zig test",
            "nimble test",
            "dune runtest",
            "dune test",
            "alr test",
            "julia",
            "busted",
            "prove",
            "shellspec",
            "busted",
            "crystal spec",
            "gleam test",
            "elm-test",
            "roc test",
            "vcpkg test",
            "forge test",
            "anchor test",
            "truffle test",
            "R CMD check",
            "codecept run",
            "phpspec run",
            "behat",
            "molecule test",
            "helm unittest",
            "ct lint-and-install",
            "terraform test",
            "cucumber",
        ],
        is: &["test"],
        options: "-lr -r -v -j= --verbose --color --ci --no-color",
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["cabal test", "cabal new-test"],
        of: &["Haskell"],
        is: &["test"],
        options: "--enable-tests --test-show-details= --verbose= -v= -v1 --ghc-options= -w= --with-compiler= --keep-going",
        operands: Operands::Goals(&[("all", "test")]),
        manifests: &["cabal.project"],
        ..TOOL
    },
    Tool {
        run: &["bats"],
        of: &["Shell"],
        is: &["test"],
        options: "-r --recursive -t --tap -p --pretty -T --timing -j= --jobs= --print-output-on-failure --verbose-run --formatter= -F= --trace -x",
        operands: Operands::Paths,
        void: "-c --count",
        ..TOOL
    },
    Tool {
        run: &["phpunit", "pest"],
        of: &["PHP"],
        is: &["test"],
        options: "--coverage --coverage-text[=] --coverage-clover= --colors[=] --verbose -v --stop-on-failure --testdox --parallel -p --ci --configuration= -c= --no-coverage --log-junit= --process-isolation --display-deprecations --display-warnings --fail-on-warning --fail-on-risky --do-not-cache-result --no-progress",
        void: "--list-tests --list-suites --list-groups",
        passes: "--do-not-fail-on-empty-test-suite",
        manifests: &["composer.json"],
        ..TOOL
    },
    Tool {
        run: &["phpstan analyse", "phpstan analyze", "phpstan", "psalm", "phpmd", "phan"],
        of: &["PHP"],
        is: &["analysis", "types"],
        options: "--no-progress --memory-limit= --level= -l= -c= --configuration= --error-format= --ansi --no-cache --output-format= --threads= --show-info= --stats -v --shepherd",
        operands: Operands::Paths,
        void: "--generate-baseline --init",
        passes: "--set-baseline",
        manifests: &["composer.json"],
        ..TOOL
    },
    Tool {
        run: &["phpcs", "php-cs-fixer check", "pint --test", "ecs check"],
        of: &["PHP"],
        is: &["lint"],
        options: "--standard= --report= -p -s -n --colors --extensions= --ignore= --parallel= --diff --config= --no-progress",
        operands: Operands::Paths,
        void: "-i -e --fix",
        ..TOOL
    },
    Tool {
        run: &["rspec", "rails test", "rails test:all", "minitest"],
        of: &["Ruby"],
        is: &["test"],
        options: "--format= -f= --color --colour --backtrace -b --order= --fail-fast --profile --out= -o= -r= --require= --seed= --trace -t",
        operands: Operands::Select,
        void: "-T -P -n --dry-run -W",
        ..TOOL
    },
    Tool {
        run: &["rubocop", "standardrb", "reek", "slim-lint", "haml-lint", "erb_lint", "erblint"],
        of: &["Ruby"],
        is: &["lint"],
        options: "--parallel -P --format= -f= --color --display-cop-names -D --extra-details -E --config= -c= --out= -o= --force-exclusion --cache= --lint-all",
        operands: Operands::Paths,
        void: "-a -A --autocorrect --autocorrect-all --auto-correct --auto-gen-config --show-cops -L --list-target-files --init --autocorrect --fix",
        passes: "--fail-level=F --fail-level=fatal",
        ..TOOL
    },
    Tool {
        run: &["brakeman"],
        of: &["Ruby"],
        is: &["analysis", "security-analysis"],
        options: "-q --quiet --no-pager -z --exit-on-warn -A --run-all-checks -o= -f= --format= --output= -w= --color --no-summary --ensure-latest",
        operands: Operands::Paths,
        passes: "--no-exit-on-warn --no-exit-on-error",
        ..TOOL
    },
    Tool {
        run: &["bundle audit", "bundle-audit", "bundle-audit check", "bundler-audit", "bundler-audit check"],
        is: &["audit"],
        options: "--update -u --quiet -q --verbose -v --ignore= -i= check",
        operands: Operands::Goals(&[("check", "audit")]),
        ..TOOL
    },
    Tool {
        run: &["composer audit", "symfony check:security", "mix hex.audit", "mix deps.audit", "dotnet list package"],
        is: &["audit"],
        options: "--locked --no-dev --format= --abandoned=",
        passes: "",
        ..TOOL
    },
    // It fails for a licence that nobody approved.
    Tool {
        run: &["license_finder", "license_finder action_items"],
        is: &["dependency-rules"],
        options: "--quiet -q --prepare -p --decisions-file= --project-path= --recursive -r",
        ..TOOL
    },
    Tool {
        run: &["swiftlint", "swiftlint lint"],
        is: &["lint"],
        of: &["Swift"],
        options: LINTER,
        operands: Operands::Paths,
        void: LINTER_VOID,
        passes: "--no-fail --lenient",
        ..TOOL
    },
    Tool {
        run: &["hlint"],
        is: &["lint"],
        of: &["Haskell"],
        options: LINTER,
        operands: Operands::Paths,
        void: LINTER_VOID,
        passes: "--no-fail --lenient",
        ..TOOL
    },
    Tool {
        run: &["luacheck", "selene"],
        is: &["lint"],
        of: &["Lua"],
        options: LINTER,
        operands: Operands::Paths,
        void: LINTER_VOID,
        passes: "--no-fail --lenient",
        ..TOOL
    },
    Tool {
        run: &["credo"],
        is: &["lint"],
        of: &["Elixir"],
        options: LINTER,
        operands: Operands::Paths,
        void: LINTER_VOID,
        passes: "--no-fail --lenient",
        ..TOOL
    },
    Tool {
        run: &["nilaway"],
        is: &["lint"],
        of: &["Go"],
        options: LINTER,
        operands: Operands::Paths,
        void: LINTER_VOID,
        passes: "--no-fail --lenient",
        ..TOOL
    },
    Tool {
        run: &[
            "hadolint",
            "yamllint",
            "ansible-lint",
            "tflint",
            "vint",
            "proselint",
            "vale",
            "buf lint",
            "spectral lint",
            "sqlfluff lint",
            "djlint",
            "checkmake",
            "rumdl check",
            "taplo lint",
        ],
        is: &["lint"],
        of: DATA,
        options: LINTER,
        operands: Operands::Paths,
        void: LINTER_VOID,
        passes: "--no-fail --lenient",
        ..TOOL
    },
    Tool {
        run: &["shellcheck"],
        of: &["Shell"],
        is: &["lint"],
        options: "-x --external-sources -s= --shell= -S= --severity= -e= --exclude= -f= --format= -C= --color= -a -P= --source-path= -o= --enable= --norc",
        operands: Operands::Any,
        ..TOOL
    },
    Tool {
        run: &["actionlint", "zizmor"],
        is: &["workflow-lint"],
        options: "-color -verbose -ignore= -shellcheck= -format= -oneline --offline --format= --persona= --min-severity= --min-confidence= --pedantic --quiet -q --config= --gh-token= --no-progress --strict-collection --color=",
        operands: Operands::Any,
        passes: "--no-exit-codes",
        ..TOOL
    },
];
