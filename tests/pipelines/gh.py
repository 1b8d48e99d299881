#!/usr/bin/env python3
"""Stands in for gh: comments of one pull request, in the file that FAKE_GH names. Any call that it does not know is an error."""

import json
import os
import pathlib
import sys

STATE = pathlib.Path(os.environ["FAKE_GH"])
state = json.loads(STATE.read_text())
words = sys.argv[1:]
state["calls"].append(words)
fields = dict(word.split("=", 1) for flag, word in zip(words, words[1:]) if flag in ("-f", "-F"))
code = 0


def refuse(status, why):
    print(f"gh: {why} (HTTP {status})", file=sys.stderr)
    return 1


if os.environ.get("GH_TOKEN") != "a token" or words[:1] != ["api"]:
    code = refuse(401, "Bad credentials")
elif state.get("broken"):
    code = refuse(502, state["broken"])
elif words[1] == "graphql":
    assert fields["owner"] == "acme" and fields["name"] == "small" and fields["number"] == "7", fields
    jq = words[words.index("--jq") + 1]
    marker = "<!-- plimsoll label -->"
    assert "viewerDidAuthor and" in jq and marker in jq and jq.endswith(".databaseId"), jq
    for one in state["comments"]:
        if one["own"] and one["body"].startswith(marker):
            print(one["id"])
elif state["read_only"]:
    code = refuse(403, "Resource not accessible by integration")
else:
    body = pathlib.Path(fields["body"].removeprefix("@")).read_text()
    if "PATCH" in words:
        number = int(words[3].rsplit("/", 1)[1])
        assert words[3] == f"repos/acme/small/issues/comments/{number}", words
        one = next(one for one in state["comments"] if one["id"] == number)
        one["body"] = body
    else:
        assert words[1:4] == ["--method", "POST", "repos/acme/small/issues/7/comments"], words
        state["comments"].append({"id": 100 + len(state["comments"]), "own": True, "body": body})
    print("1")
STATE.write_text(json.dumps(state))
sys.exit(code)
