#!/bin/sh
# Makes the example as a repository of today: new.sh FOLDER [unclaimed]
#
# The program `tides`, a way to report a vulnerability, and the claims of its maker, in one commit; `unclaimed` leaves the claims out.
# What it needs is git.
set -eu
example="$(cd "$(dirname "$0")" && pwd)"
cp -R "$example/tier-1" "$1"
cd "$1"
year=$(date -u +%Y)
sed -e "s/^date = .*/date = $(date -u +%F)/" -e "s/^review-by = .*/review-by = $((year + 1))-$(date -u +%m)-01/" \
    "$example/tier-1/plimsoll.toml" > plimsoll.toml
[ "${2:-}" != unclaimed ] || rm plimsoll.toml
git init -q -b main .
git config user.name "Ada Example"
git config user.email ada@works.example
git add .
git commit -q -m "Version 1.0.0"
