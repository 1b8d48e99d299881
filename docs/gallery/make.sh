#!/bin/sh
# make.sh PROGRAM [FOLDER]: draws what PROGRAM shows of the projects in projects.tsv, each at the commit that is written there.
#
# Clones are kept below FOLDER (default: target/gallery), so that a second run fetches nothing; a clone that is there under the
# name of a project is used as it is. Nothing of a project is run or copied.
set -eu
program=$1
clones=${2:-target/gallery}
here=$(dirname "$0")
as_of=2026-11-30T00:00:00Z
mkdir -p "$clones"
# An example with a maker, from evidence that the tests use.
"$program" score "$here/../../fixtures/evidence/tier-3.json" --format svg > "$here/example.svg.part"
mv "$here/example.svg.part" "$here/example.svg"
tail -n +2 "$here/projects.tsv" | while IFS="$(printf '\t')" read -r name address commit; do
    clone=$clones/$name
    if [ ! -d "$clone" ]; then
        git clone --quiet --bare "$address" "$clone.part"
        mv "$clone.part" "$clone"
    fi
    echo "$name" >&2
    "$program" label "$clone" --rev "$commit" --as-of "$as_of" --format svg --quiet --no-cache > "$here/$name.svg.part"
    mv "$here/$name.svg.part" "$here/$name.svg"
done
