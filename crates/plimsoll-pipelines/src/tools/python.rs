//! Tools of Python. `python -m pytest` is read as `pytest`.

use super::{Operands, PYTHON, Tool};

const TOOL: Tool = Tool { of: &["Python", "Cython"], ..super::TOOL };

const PYTEST: &str = "-q -qq -v -vv -vvv -x -s -l -rs -ra -rA -rf -rxXs --verbose --quiet --exitfirst --maxfail= --tb= -n= \
    --numprocesses= --dist= --cov[=] --cov-report= --cov-branch --cov-fail-under= --cov-config= --no-cov --durations= \
    --junitxml= --junit-xml= --color= --strict --strict-markers --strict-config --showlocals --no-header --timeout= --doctest-modules \
    --capture= -W= --cache-clear --full-trace --ff --failed-first";

pub(super) const PYTHON_TOOLS: &[Tool] = &[
    Tool {
        run: &["pytest"],
        is: &["test"],
        options: PYTEST,
        operands: Operands::Paths,
        void: "--collect-only --co --setup-plan --setup-only --fixtures --markers --cache-show",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["unittest"],
        is: &["test"],
        options: "-v --verbose -q --quiet -f --failfast -b --buffer -c --locals -s= --start-directory= -t= --top-level-directory=",
        operands: Operands::Goals(&[("discover", "test")]),
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["hatch test"],
        is: &["test"],
        options: "-a --all --cover -c -p --parallel -r --randomize -q -v --retries=",
        operands: Operands::Paths,
        void: "--show",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &[
            "rye test",
            "pdm test",
            "pixi run test",
            "hatch run test",
            "trial",
            "stestr run",
            "green",
            "nose2",
            "manage.py test",
            "setup.py test",
            "runtests.py",
            "behave",
            "robot",
        ],
        is: &["test"],
        operands: Operands::Select,
        ..TOOL
    },
    Tool {
        run: &["nox"],
        is: &["test", "lint", "analysis"],
        operands: Operands::Select,
        void: "-l --list --list-sessions",
        ..TOOL
    },
    Tool {
        run: &["ruff check", "ruff"],
        is: &["lint"],
        options: "--output-format= --select= --no-cache --no-fix --quiet -q --verbose -v --statistics --config= --target-version= --preview --show-fixes --diff",
        operands: Operands::Paths,
        void: "--fix --fix-only --unsafe-fixes --show-files --show-settings --add-noqa rule config linter clean",
        passes: "--exit-zero -e",
        manifests: PYTHON,
        ..TOOL
    },
    // It runs ruff.
    Tool {
        run: &["hatch fmt"],
        is: &["lint", "format"],
        options: "--check -q -v --preview",
        needs: "--check",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["ruff format"],
        is: &["format"],
        options: "--check --diff --quiet -q --config= --no-cache --preview",
        operands: Operands::Paths,
        needs: "--check --diff",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["flake8"],
        is: &["lint"],
        options: "--count --statistics --show-source --max-line-length= --max-complexity= -j= --jobs= --config= --format= --extend-ignore= --exclude= --select= -v -q --benchmark --tee --output-file=",
        operands: Operands::Paths,
        passes: "--exit-zero",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["pylint"],
        is: &["lint"],
        options: "-j= --jobs= --rcfile= --output-format= -f= --reports= -r= --score= -s= --errors-only -E --recursive= --verbose -v --load-plugins=",
        operands: Operands::Paths,
        void: "--list-msgs --list-conf-levels --generate-rcfile --help-msg --list-msgs-enabled",
        passes: "--exit-zero --fail-under=0",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["black", "isort", "yapf", "autopep8"],
        is: &["format"],
        options: "--check --diff --check-only -c --verbose -v --quiet -q --target-version= -t= --line-length= -l= --config= --profile= --color --recursive -r --fast -W=",
        operands: Operands::Paths,
        needs: "--check --check-only -c --diff",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["mypy"],
        is: &["analysis", "types"],
        options: "--strict --config-file= --python-version= --platform= --show-error-codes --pretty --no-error-summary --ignore-missing-imports --install-types --non-interactive --namespace-packages --explicit-package-bases --show-error-context --show-column-numbers --warn-unreachable --warn-unused-ignores --no-incremental --cache-dir= --junit-xml= --check-untyped-defs --disallow-untyped-defs -p= --package= --no-color-output --color-output -v",
        operands: Operands::Paths,
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["pyright", "basedpyright", "ty check", "pyre check", "pytype", "pyrefly check", "zuban check"],
        is: &["analysis", "types"],
        options: "-p= --project= --pythonversion= --pythonplatform= --warnings --stats --outputjson --output-format= --error-on-warning --python= --venvpath= -v --verbose --config=",
        operands: Operands::Paths,
        void: "--createstub --verifytypes",
        passes: "--exit-zero",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["bandit"],
        is: &["analysis", "security-analysis"],
        options: "-r --recursive -c= --configfile= -q --quiet -f= --format= -o= --output= -l -ll -lll -i -ii -iii -x= --exclude= --severity-level= --confidence-level= -n= -v",
        operands: Operands::Paths,
        passes: "--exit-zero",
        manifests: PYTHON,
        ..TOOL
    },
    // Without a list it only prints.
    Tool {
        run: &["pip-licenses"],
        is: &["dependency-rules"],
        options: "--fail-on= --allow-only= --from= --format= --with-system --with-urls --order= --partial-match --summary",
        needs: "--fail-on=+ --allow-only=+",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["pip-audit"],
        is: &["audit"],
        options: "-r= --requirement= -l --local -s= --vulnerability-service= --desc[=] --strict -S --progress-spinner= --ignore-vuln= --no-deps --disable-pip --require-hashes -f= --format= -o= --output= --skip-editable --locked -v --cache-dir=",
        scans: "-r --requirement",
        operands: Operands::Paths,
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["safety check", "safety scan"],
        is: &["audit"],
        options: "-r= --file= --full-report --short-report --output= --key= --json --detailed-output --ignore= -i=",
        scans: "-r --file",
        passes: "--continue-on-error --exit-code=0",
        manifests: PYTHON,
        ..TOOL
    },
    Tool {
        run: &["twine upload", "poetry publish", "uv publish", "flit publish", "hatch publish", "pdm publish"],
        is: &["publish"],
        options: "--skip-existing --repository= -r= --repository-url= -u= --username= -p= --password= --build --verbose --non-interactive --token= --index= --trusted-publishing=",
        operands: Operands::Any,
        ..TOOL
    },
];
