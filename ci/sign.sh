#!/usr/bin/env bash
# Signs the label with a key: PROGRAM OUT SIGN_KEY (its text), PLIMSOLL_PASSPHRASE where the key is encrypted, ASSESSOR where it is an
# outside view.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

[ -n "${SIGN_KEY:-}" ] || fail "sign is key, and sign-key is empty; pull requests of forks get no secrets: use sign: none for them"
# An input that was not given is empty, and an empty passphrase is none.
[ -n "${PLIMSOLL_PASSPHRASE:-}" ] || unset PLIMSOLL_PASSPHRASE
umask 077
key="$(mktemp "${RUNNER_TEMP:?}/plimsoll-key.XXXXXX")"
trap 'rm -f -- "$key"' EXIT
printf '%s\n' "$SIGN_KEY" >"$key"
# What is started from here on does not see it.
unset SIGN_KEY
bundle="$OUT/label.sigstore.json"
heard "$PROGRAM" sign --key="$key" ${ASSESSOR:+"--assessor=$ASSESSOR"} --out="$bundle" -- "$OUT/label.json"
chmod 0644 -- "$bundle"
output bundle "$bundle"
