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
    cargo bench -p plimsoll-artifacts -p plimsoll-collect -p plimsoll-snapshot -p plimsoll-trust -p plimsoll-cli

# well-known crates of the registry against what they were packed from, as far as that is at hand (downloads)
check-packages:
    cargo run -q -p plimsoll-collect --example check_packages

# this project's own label
label:
    cargo run --release -- label .

# API documentation
docs:
    cargo doc --workspace --no-deps

# the advisory snapshot anew, from a RustSec checkout
pack checkout revision date:
    cargo run --release -- db pack {{checkout}} --revision {{revision}} --date {{date}} --out crates/plimsoll-advisories/data/rustsec.snapshot
