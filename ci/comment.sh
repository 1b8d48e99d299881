#!/usr/bin/env bash
# Puts the comment under the pull request: the one of the last run is written over. Where the job may not write, that is said and the
# run goes on.
#
#   OUT GH_TOKEN REPOSITORY_NAME (OWNER/NAME) NUMBER (of the pull request; empty where the run is for none)
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# shellcheck source=ci/lib.sh
. "$here/lib.sh"

MARKER='<!-- plimsoll label -->'
# Characters that a comment holds, and room for a sentence.
MOST=65000
file="$OUT/comment.md"

skip() { # LEVEL WHY
    announce "$1" "no comment: $2"
    exit 0
}
[ -n "${NUMBER:-}" ] || skip notice 'this run is for no pull request'
[[ $NUMBER =~ ^[0-9]+$ ]] || fail "the number of the pull request is \"$NUMBER\""
[[ ${REPOSITORY_NAME:-} =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ ]] || fail 'the name of the repository is not OWNER/NAME'
command -v gh >/dev/null || skip warning 'gh is not on this machine'
[ -n "${GH_TOKEN:-}" ] || skip warning 'there is no token'

scratch="$(mktemp -d "${RUNNER_TEMP:?}/plimsoll-comment.XXXXXX")"
trap 'rm -rf -- "$scratch"' EXIT
# Cut at a line, and never within a character.
if [ "$(wc -c <"$file")" -gt "$MOST" ]; then
    head -c "$MOST" -- "$file" | sed '$d' >"$scratch/comment.md"
    printf '\n\nThe whole is in the summary of the job.\n' >>"$scratch/comment.md"
    file="$scratch/comment.md"
fi

# Only a comment of our own is written over: a stranger may begin one with the same line.
# shellcheck disable=SC2016 # the names with a dollar are GraphQL's
query='query($owner: String!, $name: String!, $number: Int!, $endCursor: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    comments(first: 100, after: $endCursor) { nodes { databaseId viewerDidAuthor body } pageInfo { hasNextPage endCursor } } } } }'
own=".data.repository.pullRequest.comments.nodes[] | select(.viewerDidAuthor and (.body | startswith(\"$MARKER\"))) | .databaseId"
# What a server answers is data: it goes to files, and one line of it into a message.
ask() {
    gh api "$@" 2>"$scratch/error" || {
        local why
        why="$(head -c 300 "$scratch/error")"
        case $why in
            *'not accessible'* | *'HTTP 403'* | *'HTTP 404'*)
                skip notice 'the job may not write comments: it needs pull-requests: write, which pull requests of forks do not get'
                ;;
            *) skip warning "GitHub answered: $why" ;;
        esac
    }
}
ask graphql --paginate -f "owner=${REPOSITORY_NAME%%/*}" -f "name=${REPOSITORY_NAME#*/}" -F "number=$NUMBER" -f "query=$query" \
    --jq "$own" >"$scratch/ids"
id="$(grep -E '^[0-9]+$' "$scratch/ids" | head -n 1 || true)"
if [ -n "$id" ]; then
    ask --method PATCH "repos/$REPOSITORY_NAME/issues/comments/$id" -F "body=@$file" --jq .id >/dev/null
else
    ask --method POST "repos/$REPOSITORY_NAME/issues/$NUMBER/comments" -F "body=@$file" --jq .id >/dev/null
fi
