"""What a pull request changes: compared with its base, shown in one step, and a gate on what got worse alone."""

import json
import shutil

from machine import GIT, TOP, commands, machine, need, sha256

AS_OF = "2026-11-01T00:00:00Z"
GOOD = "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: true\n"
WRITES = GOOD.replace("{}", "write-all")
UPDATES = "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n    schedule:\n      interval: weekly\n"
# One dependency without a known flaw, for a bot to watch.
MANIFEST = '[package]\nname = "small"\nversion = "1.0.0"\nedition = "2021"\n\n[dependencies]\ncfg-if = "1.0.0"\n'
LOCK = ('version = 4\n\n[[package]]\nname = "cfg-if"\nversion = "1.0.0"\n'
        'source = "registry+https://github.com/rust-lang/crates.io-index"\n'
        'checksum = "baf1de4339761588bc0619e3cbc0120ee582ebb74b53b4efbf79117bd2da40fd"\n\n'
        '[[package]]\nname = "small"\nversion = "1.0.0"\ndependencies = ["cfg-if"]\n')
BOT, FLOW = ".github/dependabot.yml", ".github/workflows/x.yml"
# What is said of a file whose name is not what it looks like: no part of the name.
HIDDEN_NAME = ("::error title=Software security label::Does the source show itself as it is, without hidden or look-alike letters? "
               "met (observed) -> unmet. 1 file name is not what it looks like")
REQUEST = {"base_ref": "main", "number": 7}


def commit(place, files, message):
    for name, text in files.items():
        path = place.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    place.run("git", "add", "-A", "-f", ":!dist", ":!plimsoll-label", env=GIT)
    place.run("git", "commit", "-q", "--allow-empty", "-m", message, env=GIT)


def proposed(place, files):
    """A branch from main with these files, main one commit further by itself, and the merge of both, as a runner checks it out."""
    commit(place, {".github/workflows/ci.yml": GOOD, "Cargo.toml": MANIFEST, "Cargo.lock": LOCK}, "base")
    place.run("git", "checkout", "-q", "-b", "change", env=GIT)
    commit(place, files, "change")
    place.run("git", "checkout", "-q", "main", env=GIT)
    commit(place, {"elsewhere.txt": "another change\n"}, "landed since")
    place.run("git", "update-ref", "refs/remotes/origin/main", "HEAD", env=GIT)
    place.run("git", "checkout", "-q", "--detach", env=GIT)
    place.run("git", "merge", "-q", "--no-ff", "-m", "merge", "change", env=GIT)


def given(archive, **more):
    return {"archive": str(archive), "archive_sha256": sha256(archive), "compare": "true", "as_of": AS_OF,
            "resolver": "lockfile", "pull_request": REQUEST, **more}


def gh(place, **state):
    """Puts a gh on the machine that keeps comments in a file, and gives the file."""
    (place.root / "bin").mkdir(exist_ok=True)
    shutil.copy(TOP / "tests/pipelines/gh.py", place.root / "bin" / "gh")
    (place.root / "bin" / "gh").chmod(0o755)
    file = place.root / "gh.json"
    file.write_text(json.dumps({"calls": [], "comments": [], "read_only": False, **state}))
    place.env["FAKE_GH"] = str(file)
    if "bin:" not in place.env["PATH"].split("/usr/local")[0]:
        place.env["PATH"] = f"{place.root / 'bin'}:{place.env['PATH']}"
    return file


def better_worse_both_nothing(archive):
    least, watched = "workflows.least-privilege", ["advisories.watched", "deps.updated-by-bot"]
    for verdict, files, worse, better in [
        ("better", {BOT: UPDATES}, [], watched),
        ("worse", {FLOW: WRITES}, [least], []),
        ("both", {BOT: UPDATES, FLOW: WRITES}, [least], watched),
        ("nothing", {"README.md": "# small\n"}, [], []),
    ]:
        with machine() as place:
            proposed(place, files)
            code, outputs, summary, ran, _, said = place.act(**given(archive, fail_worse="true"))
            need(outputs["changed"] == verdict, (verdict, outputs, said))
            need(code == (1 if worse else 0) and ran[-1] == "Is it good enough?", (verdict, code, said))
            found = json.loads((place.work / outputs["diff"]).read_text())
            need([one["id"] for one in found["worse"]] == worse, (verdict, found["worse"]))
            need([one["id"] for one in found["better"]] == better, (verdict, found["better"]))
            need(found["inputs"] == [], "both were labelled by the same inputs")
            base = place.run("git", "rev-parse", "refs/remotes/origin/main", env=GIT).stdout.strip()
            need(outputs["base"] == base, "what landed since on main is no part of the change")
            need(found["summary"] in summary.replace("\\", "").replace("&gt;", ">"), (found["summary"], summary))
            marks = commands(said)
            need(len(marks) == len(worse), (verdict, marks))
            need(all(mark.startswith(f"::error file={FLOW},line=") for mark in marks), marks)


def what_landed_since_is_no_part_of_the_change(archive):
    """The branch as it was pushed, not merged, while the other side got better and worse."""
    with machine() as place:
        commit(place, {".github/workflows/ci.yml": GOOD, "Cargo.toml": MANIFEST, "Cargo.lock": LOCK}, "base")
        base = place.run("git", "rev-parse", "HEAD", env=GIT).stdout.strip()
        place.run("git", "checkout", "-q", "-b", "change", env=GIT)
        commit(place, {"README.md": "# small\n"}, "change")
        place.run("git", "checkout", "-q", "main", env=GIT)
        commit(place, {BOT: UPDATES, FLOW: WRITES}, "landed since")
        place.run("git", "update-ref", "refs/remotes/origin/main", "HEAD", env=GIT)
        place.run("git", "checkout", "-q", "change", env=GIT)
        code, outputs, *_, said = place.act(**given(archive, fail_worse="true"))
        need((code, outputs["changed"], outputs["base"]) == (0, "nothing", base), (code, outputs, said))


def all_in_one_step(archive):
    with machine() as place:
        proposed(place, {FLOW: WRITES})
        file = gh(place, comments=[
            {"id": 1, "own": False, "body": "<!-- plimsoll label -->\nof a stranger"},
            {"id": 2, "own": True, "body": "of another workflow"},
        ])
        inputs = given(archive, comment="true", upload_sarif="true", upload_artifact="true", annotations="false")
        code, outputs, summary, ran, skipped, said = place.act(**inputs)
        need(code == 0, said)
        need([one.split("@")[0] for one in skipped] == ["actions/upload-artifact", "github/codeql-action/upload-sarif"], skipped)
        need(place.used[0]["path"] == "plimsoll-label" and place.used[1]["sarif_file"] == outputs["sarif"], place.used)
        need(commands(said) == [], "no marks were asked for")
        comments = json.loads(file.read_text())["comments"]
        need([one["body"] for one in comments[:2]] == ["<!-- plimsoll label -->\nof a stranger", "of another workflow"], comments)
        need(len(comments) == 3 and comments[2]["body"] == (place.work / outputs["comment"]).read_text(), comments)
        lines = comments[2]["body"].splitlines()
        need(lines[0] == "<!-- plimsoll label -->" and lines[1].startswith("**Tier 0 of 4 "), lines[:3])
        need(" requirements missing for tier 1 · good until " in lines[1], lines[1])
        need("Worse: 1 thing" in comments[2]["body"] and comments[2]["body"] == summary, summary)
        # The next run writes over it.
        commit(place, {FLOW: GOOD}, "better")
        code, outputs, *_, said = place.act(**inputs)
        after = json.loads(file.read_text())["comments"]
        found = (place.work / outputs["diff"]).read_text()
        need(code == 0 and outputs["changed"] == "nothing" and len(after) == 3, (code, outputs, found))
        need("Nothing got better or worse" in after[2]["body"], after)
        for name in ("html", "svg", "evidence", "sbom-cyclonedx", "sbom-spdx", "label", "sarif"):
            need((place.work / outputs[name]).is_file(), name)
        need(outputs["contradicted"] == "false", outputs)


def a_comment_that_may_not_be_written_is_said(archive):
    with machine() as place:
        proposed(place, {"README.md": "# small\n"})
        inputs = given(archive, comment="true")
        for state, words in [
            ({"read_only": True}, "::notice title=Software security label::no comment: the job may not write comments"),
            ({"broken": "::add-mask::a%0Ab"}, "::warning title=Software security label::no comment: GitHub answered: gh: ::add-mask"),
        ]:
            file = gh(place, **state)
            code, outputs, *_, said = place.act(**inputs)
            need(code == 0 and outputs["changed"] == "nothing", (code, said))
            need(len(commands(said)) == 1 and commands(said)[0].startswith(words), commands(said))
            need(json.loads(file.read_text())["comments"] == [], "nothing was written")
        code, *_, said = place.act(**{**inputs, "pull_request": None})
        need(code == 0 and "this run is for no pull request" in said, said)
        code, *_, said = place.act(**{**inputs, "pull_request": {**REQUEST, "number": "7; id"}})
        need(code == 2, said)


def a_base_that_is_not_there_is_said(archive):
    with machine() as place:
        commit(place, {FLOW: WRITES}, "change")
        for more, words in [
            ({}, "the base is not in this clone; check out with fetch-depth: 0"),
            ({"base": "nothing"}, "the base is not in this clone"),
            ({"base": "--output=x"}, "the base is not in this clone"),
            ({"pull_request": {**REQUEST, "base_ref": "$(touch pwned)`id`"}}, "the base is not in this clone"),
        ]:
            code, outputs, summary, ran, _, said = place.act(**given(archive, **more))
            need(code == 0 and outputs["changed"] == "not-comparable", (more, code, outputs, said))
            need(words in summary and any(words in mark for mark in commands(said)), (more, summary))
            need(place.act(**given(archive, fail_worse="true", **more))[0] == 2, "what was not compared passes no gate")
            need(not list(place.root.rglob("pwned")), more)
        # An unrelated history.
        place.run("git", "checkout", "-q", "--orphan", "other", env=GIT)
        commit(place, {}, "other")
        place.run("git", "update-ref", "refs/remotes/origin/main", "HEAD", env=GIT)
        place.run("git", "checkout", "-q", "main", env=GIT)
        code, outputs, *_, said = place.act(**given(archive))
        need(code == 0 and outputs["changed"] == "not-comparable" and "no common history" in said, said)
        # A run for no pull request has no base, and that is no fault.
        code, outputs, *_, said = place.act(**given(archive, pull_request=None, fail_worse="true"))
        need(code == 0 and outputs["changed"] == "", (code, outputs, said))


def a_renamed_product_and_files_of_the_release(archive):
    with machine() as place:
        renamed = {"plimsoll.toml": (place.work / "plimsoll.toml").read_text(), "Cargo.toml": MANIFEST, "Cargo.lock": LOCK}
        proposed(place, {name: text.replace("small", "large") for name, text in renamed.items()})
        code, outputs, *_, said = place.act(**given(archive, fail_worse="true", artifacts="dist/small program"))
        need(code == 0 and outputs["changed"] == "nothing", (code, outputs, said))
        found = json.loads((place.work / outputs["diff"]).read_text())
        need(found["product"] == {"before": "small", "after": "large"}, found["product"])
        label = json.loads((place.work / outputs["label"]).read_text())
        need(len(label["subject"]) == 2, "the label itself is of the artifact too")


def names_of_files_stay_names(archive):
    for name in ("::error::x,line=1%0A.yml", "<img src=x>|@all `a`.yml", "a\n::set-output name=tier::4.yml", "##[add-mask]a.yml",
                 "a ::stop-commands::x ::add-mask::0.yml", "$(touch pwned).yml"):
        with machine() as place:
            proposed(place, {f".github/workflows/{name}": WRITES})
            file = gh(place)
            code, outputs, summary, _, _, said = place.act(**given(archive, fail_worse="true", comment="true"))
            need(code == 1 and outputs["changed"] == "worse" and outputs["tier"] == "0", (name, code, outputs, said))
            marks = commands(said)
            # A mark is one line; `##[` in its message is within a command that has begun. A name that is not what it looks
            # like gets a mark of its own, which holds no part of the name.
            at_file = [mark for mark in marks if mark.startswith("::error file=.github/workflows/")]
            need(len(at_file) == 1, (name, marks))
            need(set(marks) - set(at_file) <= {HIDDEN_NAME}, (name, marks))
            body = json.loads(file.read_text())["comments"][0]["body"]
            for text in (summary, body):
                need("<img" not in text and "@all" not in text.replace("\\@", "") and "\n::" not in text, (name, text))
            need(not list(place.root.rglob("pwned")), name)


CASES = [better_worse_both_nothing, what_landed_since_is_no_part_of_the_change, all_in_one_step,
         a_comment_that_may_not_be_written_is_said, a_base_that_is_not_there_is_said,
         a_renamed_product_and_files_of_the_release, names_of_files_stay_names]
