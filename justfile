# Short names for what is done often. Logic lives in plimsoll-dev and in the tests.

# format, lints
check:
    cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings

# all tests
test:
    cargo test --workspace

# the committed schemas and references anew
generate:
    cargo run -q -p plimsoll-dev -- generate

# what is stale among them
stale:
    cargo run -q -p plimsoll-dev -- check

# speeds, as ratios to the tools that one would use instead
bench:
    cargo bench -p plimsoll -p plimsoll-artifacts -p plimsoll-collect -p plimsoll-snapshot -p plimsoll-trust -p plimsoll-cli

# well-known crates of the registry against what they were packed from, as far as that is at hand (downloads)
check-packages:
    cargo run -q -p plimsoll-collect --example check_packages

# what is shown of a dozen well-known projects, drawn as this build draws it (downloads)
gallery:
    cargo build -q --release -p plimsoll-cli --bins && docs/gallery/make.sh target/release/plimsoll

# this project's own label
label:
    cargo run --release -- label .

# API documentation
docs:
    cargo doc --workspace --no-deps

# the documentation as a book, in target/book
book:
    mdbook build docs

# the ten-minute starts, word for word in a fresh clone
starts:
    cargo build -q -p plimsoll-cli --bins && tests/docs/starts.sh

# the advisory snapshot that is built in, from packed files and folders of advisories
pack +sources:
    cargo run --release -- db pack {{sources}} --out crates/plimsoll-advisories/data/embedded.advisories

# a man page for every command
man folder="target/man":
    cargo run -q -p plimsoll-dev -- man {{folder}}

# an archive as a release has it, from a release build
package target=`rustc -vV | sed -n 's/^host: //p'`: (man "target/pages/man")
    cargo run -q -p plimsoll-dev -- completions target/pages/completions && cargo build --release --locked -p plimsoll-cli --bins && ci/package.sh target/release {{target}} target/archives target/pages

# the steps of the GitHub action and the GitLab job, as scripts
action:
    cargo build -q -p plimsoll-cli --bins && ci/test-action.sh

# lints of the action, the workflows and their scripts
lint-workflows:
    ci/lint-workflows.sh
