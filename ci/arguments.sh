# shellcheck shell=bash
# Sourced: sets `arguments`, what `plimsoll label` takes of the action's inputs besides the commit and the folder to write to. A base is
# labelled with the same.
#
#   PRACTICES TRUST ADVISORIES INDEX AS_OF RESOLVER PREVIOUS VEX ORG_DEFAULTS     one each
#   KEYRING ALLOWED_SIGNERS KEYS                                     lines
arguments=()
if [ -n "${PRACTICES:-}" ]; then arguments+=("--practices=$PRACTICES"); fi
if [ -n "${TRUST:-}" ]; then arguments+=("--trust=$TRUST"); fi
if [ -n "${INDEX:-}" ]; then arguments+=("--index=$INDEX"); fi
if [ -n "${AS_OF:-}" ]; then arguments+=("--as-of=$AS_OF"); fi
if [ -n "${RESOLVER:-}" ]; then arguments+=("--resolver=$RESOLVER"); fi
if [ -n "${PREVIOUS:-}" ]; then arguments+=("--previous=$PREVIOUS"); fi
if [ -n "${VEX:-}" ]; then arguments+=("--vex=$VEX"); fi
if [ -n "${ORG_DEFAULTS:-}" ]; then arguments+=("--org-defaults=$ORG_DEFAULTS"); fi
while IFS= read -r line; do arguments+=("--advisories=$line"); done < <(lines "${ADVISORIES:-}")
while IFS= read -r line; do arguments+=("--keyring=$line"); done < <(lines "${KEYRING:-}")
while IFS= read -r line; do arguments+=("--allowed-signers=$line"); done < <(lines "${ALLOWED_SIGNERS:-}")
while IFS= read -r line; do arguments+=("--key=$line"); done < <(lines "${KEYS:-}")

# Files of the release belong to one commit, and a base is labelled without them.
files=()
while IFS= read -r line; do files+=("--artifact=$line"); done < <(lines "${ARTIFACTS:-}")
while IFS= read -r line; do files+=("--attestation=$line"); done < <(lines "${ATTESTATIONS:-}")
