"""The action from checkout to a signed label next to its artifact, and the ways in which it must fail."""

import json

import yaml

from machine import GIT, PROGRAM, TOP, WRITTEN, commands, key, machine, need, planted, sha256


def from_checkout_to_attached_label(archive):
    with machine() as place:
        private, public = key(place, passphrase="open sesame")
        code, outputs, summary, ran, skipped, told = place.act(
            archive=str(archive), archive_sha256=sha256(archive), sign="key", sign_key=private, sign_passphrase="open sesame",
            artifacts="dist/small program\n", attach="true", out="the label")
        need(code == 0, told)
        need(ran == ["Choose", "Install plimsoll", "Label", "Show", "Sign with the key", "Attach"] and not skipped, ran)
        need(outputs["tier"] in list("01234") and outputs["tier-name"], outputs)
        head = place.run("git", "rev-parse", "HEAD", env=GIT).stdout.strip()
        need(outputs["commit"] == head, outputs)
        label = place.work / outputs["label"]
        need(outputs["sha256"] == sha256(label), outputs)
        statement = json.loads(label.read_text())
        need(statement["subject"][1]["digest"]["sha256"] == sha256(place.artifact), "the artifact is a subject")
        need("Software security label" in summary and (place.work / outputs["comment"]).read_text() == summary, summary)
        need(summary.startswith("<!-- plimsoll label -->\n"), summary)
        log = json.loads((place.work / outputs["sarif"]).read_text())
        need(log["version"] == "2.1.0" and log["runs"][0]["results"], "the log has results")
        bundle = place.work / outputs["bundle"]
        need(json.loads(bundle.read_text())["mediaType"].startswith("application/vnd.dev.sigstore.bundle"), "a bundle")
        place.run(PROGRAM, "verify", bundle, "--key", public, "--artifact", place.artifact)
        beside = [path for path in (place.work / "dist").iterdir() if path != place.artifact]
        need([path.name for path in beside] == ["small program.sigstore.json"], f"beside the artifact: {beside}")
        need(json.loads(beside[0].read_text()) == json.loads(bundle.read_text()), "another bundle is beside the artifact")
        left = [path for path in place.temp.iterdir() if "plimsoll-key" in path.name]
        need(not left, f"the key was left behind: {left}")
        need(private.splitlines()[1] not in told + summary and "sesame" not in told + summary, "a secret was printed")
        # A key that is not encrypted needs no passphrase; a wrong one opens nothing.
        for name in ("signer.key", "signer.pub"):
            (place.root / name).unlink()
        plain, public = key(place)
        given = {"archive": str(archive), "archive_sha256": sha256(archive), "sign": "key"}
        code, outputs, *_, told = place.act(**given, sign_key=plain)
        need(code == 0, told)
        place.run(PROGRAM, "verify", place.work / outputs["bundle"], "--key", public)
        code, outputs, *_, told = place.act(**given, sign_key=private, sign_passphrase="open")
        need(code == 2 and outputs["bundle"] == "", told)
        need(not (place.work / "plimsoll-label" / "label.sigstore.json").exists(), "the bundle of an earlier run was left there")


def unsigned_label_and_gate(archive):
    with machine() as place:
        given = {"archive": str(archive), "archive_sha256": sha256(archive)}
        code, outputs, _, ran, _, told = place.act(**given)
        need(code == 0 and ran == ["Choose", "Install plimsoll", "Label", "Show"] and outputs["bundle"] == "", (code, ran, outputs, told))
        code, outputs, summary, ran, _, told = place.act(**given, fail_below="4")
        need(code == 1 and ran[-1] == "Is it good enough?", (code, ran, told))
        need(outputs["tier"] != "" and summary and (place.work / outputs["label"]).exists(), "a label that is too low is kept")
        code, *_ = place.act(**given, fail_below="0")
        need(code == 0, "tier 0 is not below 0")


def keyless_needs_its_bundle(archive):
    with machine() as place:
        code, _, _, ran, skipped, told = place.act(
            archive=str(archive), archive_sha256=sha256(archive), sign="github", artifacts="dist/small program")
        need(len(skipped) == 1 and skipped[0].startswith("actions/attest@"), skipped)
        need(place.used[0]["predicate-path"].endswith("predicate.json"), place.used)
        need(code == 2 and ran[-1] == "Attach" and "there is no bundle" in told, (code, ran, told))
        subjects = (place.temp / "plimsoll" / "subjects.txt").read_text()
        label = place.work / "plimsoll-label" / "label.json"
        need(subjects == f"{sha256(label)}  label.json\n{sha256(place.artifact)}  small program\n", subjects)
        predicate = json.loads((place.temp / "plimsoll" / "predicate.json").read_text())
        need(predicate == json.loads(label.read_text())["predicate"], "the predicate is the label's")
        action = yaml.safe_load((TOP / "action.yml").read_text())
        step = next(step for step in action["runs"]["steps"] if step.get("id") == "attest")
        need(step["with"]["predicate-type"] == json.loads(label.read_text())["predicateType"], "one predicate type")


def what_cannot_be_asked(archive):
    given = {"archive": str(archive), "archive_sha256": sha256(archive)}
    cases = [
        ({**given, "archive_sha256": "0" * 64}, "it is not taken"),
        ({"archive": str(archive)}, "needs `archive-sha256`"),
        ({**given, "archive": "nothing.tar.gz"}, "there is no such archive"),
        ({"version": "9.9.9"}, "has no digest for version 9.9.9"),
        ({"version": "0.1.0 x86_64"}, "has no digest"),
        ({**given, "sign": "keys"}, "it is none, key or github"),
        ({**given, "sign": "key"}, "sign-key is empty"),
        ({**given, "sign": "key", "sign_key": "no key"}, "plimsoll: "),
        ({**given, "fail_below": "5"}, "a tier from 0 to 4"),
        ({**given, "fail_below": "high"}, "a tier from 0 to 4"),
        ({**given, "attach": "yes", "sign": "key"}, "it is true or false"),
        ({**given, "attach": "true"}, "needs a signed label"),
        ({**given, "fail_worse": "true"}, "needs a base"),
        ({**given, "fail_worse": "yes", "compare": "true"}, "it is true or false"),
        ({**given, "compare": "True"}, "it is true or false"),
        ({**given, "comment": "1"}, "it is true or false"),
        ({**given, "resolver": "npm"}, "plimsoll: "),
        ({**given, "as_of": "yesterday"}, "plimsoll: "),
        ({**given, "out": ""}, "name a folder"),
        ({**given, "rev": "--help"}, "plimsoll: "),
        ({**given, "repository": "missing"}, "plimsoll: "),
        ({**given, "artifacts": "dist/missing"}, "dist/missing"),
        ({**given, "trust": "missing.toml"}, "missing.toml"),
    ]
    with machine() as place:
        for inputs, words in cases:
            code, outputs, *_, told = place.act(**inputs)
            need(code == 2 and words in told, (inputs, code, told))
            need(outputs["bundle"] == "", "nothing is signed")


def text_stays_text(archive):
    """Inputs and names that a shell, or the runner, could take for more than text."""
    with machine() as place:
        for name in ("$(touch pwned)", "`touch pwned`", "a;touch pwned", "-n", "x=y'\"", "::set-output name=tier::4"):
            (place.work / "dist" / name).write_text("x")
            code, outputs, *_, told = place.act(
                archive=str(archive), archive_sha256=sha256(archive), artifacts=f"dist/{name}\n", out=f"out/{name}")
            need(code == 0 and outputs["tier"] in list("01234"), (name, told))
            need(not list(place.root.rglob("pwned")), f"{name} was run")
            need(all(line.startswith("::warning ") for line in commands(told)), (name, commands(told)))
        # Settings of the repository under examination are not in force.
        (place.work / ".cargo").mkdir()
        (place.work / ".cargo" / "config.toml").write_text('[build]\nrustc-wrapper = "./pwn.sh"\n')
        (place.work / "pwn.sh").write_text("#!/bin/sh\ntouch pwned\n")
        (place.work / "pwn.sh").chmod(0o755)
        code, *_, told = place.act(archive=str(archive), archive_sha256=sha256(archive))
        need(code == 0 and not list(place.root.rglob("pwned")), told)


def the_commit_decides_nothing_of_the_folder(archive):
    given = {"archive": str(archive), "archive_sha256": sha256(archive), "resolver": "lockfile"}
    commit = lambda place, *names: [place.run("git", *words, env=GIT) for words in (["add", "-f", *names], ["commit", "-qm", "planted"])]
    # Committed: nothing is read or written.
    for name in ("diff.md", "comment.md", "unknown.txt"):
        for link in (True, False):
            with machine() as place:
                (place.work / "plimsoll-label").mkdir()
                gate = place.action / "ci" / "gate.sh"
                before, file = gate.read_text(), place.work / "plimsoll-label" / name
                if link:
                    file.symlink_to("../../action/ci/gate.sh")
                else:
                    file.write_text("Better: 12 things")
                commit(place, "plimsoll-label")
                code, _, summary, ran, _, said = place.act(**given)
                need(code == 2 and ran[-1] == "Label" and "git tracks" in said and summary == "", (name, link, code, said))
                need(gate.read_text() == before and file.is_symlink() == link, (name, link))
    for links, out in [("plimsoll-label", "plimsoll-label"), ("plimsoll-label", "plimsoll-label/"), ("a", "a/b"), ("a", "./a/b/../c"),
                       ("a", "WORK/a/b"), ("a", "WORK/a"), ("../a", "../a")]:
        for there in (True, False):
            with machine() as place:
                target = place.root / "target"
                if there:
                    target.mkdir()
                (place.work / links).symlink_to(target)
                code, *_, said = place.act(**given, out=out.replace("WORK", str(place.work)))
                need(code == 2 and "is a link" in said, (links, out, there, code, said))
                need(not there or list(target.iterdir()) == [], (links, out))
    # Not committed: left by a step before.
    for more in ({}, {"compare": "true", "base": "HEAD"}, {"compare": "true", "base": "HEAD", "artifacts": "dist/small program"},
                 {"compare": "true", "base": "missing"}):
        with machine() as place:
            victim = planted(place)
            private, _ = key(place)
            code, outputs, summary, *_, said = place.act(**given, **more, sign="key", sign_key=private)
            need(code == 0, (more, said))
            need("AUTHORIZATION" not in summary and victim.read_text() == "AUTHORIZATION: basic\n", (more, summary))
            need(not any((place.work / "plimsoll-label" / name).is_symlink() for name in WRITTEN), more)
            need((place.work / outputs["comment"]).read_text() == summary, more)


CASES = [the_commit_decides_nothing_of_the_folder, from_checkout_to_attached_label, unsigned_label_and_gate, keyless_needs_its_bundle, what_cannot_be_asked,
         text_stays_text]
