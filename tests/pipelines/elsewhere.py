"""The job of the GitLab component, the actions that install and verify, and the hooks of pre-commit."""

import re
import shutil
import subprocess

import yaml

from machine import GIT, PROGRAM, TOP, commands, key, machine, need, sha256
from pull_requests import AS_OF, FLOW, WRITES, proposed


def gitlab_job(archive):
    about, jobs = yaml.safe_load_all((TOP / "templates/label/template.yml").read_text())
    defaults = {name: str((one or {}).get("default", "")) for name, one in about["spec"]["inputs"].items()}

    def run(place, files, **given):
        values = {**defaults, **{name.replace("_", "-"): value for name, value in given.items()}}
        job = next(iter(jobs.values()))

        def fill(text):
            return re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", lambda found: values[found[1]], text)

        env = {name: fill(value) for name, value in job["variables"].items()}
        script = "\n".join(job["script"])
        need("$[[" not in script, "an input stands in the script")
        path = f"{PROGRAM.parent}:{place.env['PATH']}"
        return place.run("sh", "-c", script, env={**env, **files, "PATH": path}, check=False)

    with machine() as place:
        private, public = key(place)
        (place.root / "key").write_text(private)
        done = run(place, {"LABEL_KEY": str(place.root / "key")}, artifacts="dist/small program\n", sign_key="LABEL_KEY", out="out $x")
        need(done.returncode == 0, done.stderr)
        lines = dict(line.split("=", 1) for line in (place.work / "out $x" / "label.env").read_text().splitlines())
        need(lines["PLIMSOLL_TIER"] in list("01234"), lines)
        place.run(PROGRAM, "verify", place.work / "out $x" / "label.sigstore.json", "--key", public, "--artifact", place.artifact)
        need(run(place, {}, fail_below="4").returncode == 1, "the gate is closed")
        done = run(place, {}, sign_key="LABEL_KEY")
        need(done.returncode == 2 and "names no file" in done.stderr, done.stderr)
        need(run(place, {}, artifacts="dist/missing").returncode == 2, "an artifact is missing")
        # An encrypted key, with the name of the variable that has the passphrase.
        for name in ("signer.key", "signer.pub"):
            (place.root / name).unlink()
        private, public = key(place, passphrase="open sesame")
        (place.root / "key").write_text(private)
        secret = {"LABEL_KEY": str(place.root / "key"), "MY_WORD": "open sesame"}
        done = run(place, secret, sign_key="LABEL_KEY", passphrase="MY_WORD")
        need(done.returncode == 0 and "sesame" not in done.stdout + done.stderr, done.stderr)
        place.run(PROGRAM, "verify", place.work / "plimsoll-label" / "label.sigstore.json", "--key", public)
        run(place, {}, rev="$(touch pwned)", artifacts="`touch pwned`", out="y$(touch pwned)")
        need(not list(place.root.rglob("pwned")), "an input was run")
    with machine() as place:
        proposed(place, {FLOW: WRITES})
        base = place.run("git", "rev-parse", "refs/remotes/origin/main", env=GIT).stdout.strip()
        request = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "0" * 40, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": base}
        for more, files, code, changed in [
            ({"compare": "true"}, request, 0, "worse"),
            ({"compare": "true", "artifacts": "dist/small program"}, request, 0, "worse"),
            ({"compare": "true", "fail_worse": "true"}, request, 1, "worse"),
            ({"compare": "true", "fail_worse": "true", "base": "HEAD"}, request, 0, "nothing"),
            ({"compare": "true", "fail_worse": "true"}, {}, 0, None),
            ({"compare": "true", "fail_worse": "true"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "0" * 40}, 2, None),
            ({"compare": "true"}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA": "0" * 40}, 0, None),
            ({"fail_worse": "true"}, request, 2, None),
            ({"compare": "true", "base": "$(touch pwned)"}, request, 0, None),
        ]:
            done = run(place, files, as_of=AS_OF, **more)
            need(done.returncode == code, (more, done.returncode, done.stderr))
            lines = dict(line.split("=", 1) for line in (place.work / "plimsoll-label" / "label.env").read_text().splitlines())
            need(lines.get("PLIMSOLL_CHANGED") == changed, (more, lines))
            need(("Worse: 1 thing" in (place.work / "plimsoll-label" / "comment.md").read_text()) == (changed == "worse"), more)
        need(not list(place.root.rglob("pwned")), "an input was run")
    del archive


def the_program_is_put_on_the_path(archive):
    with machine() as place:
        given = {"archive": str(archive), "archive_sha256": sha256(archive)}
        code, outputs, *_, said = place.act(folder="setup", **given)
        need(code == 0, said)
        folder = (place.temp / "path").read_text().strip()
        done = place.run("plimsoll", "--version", env={"PATH": f"{folder}:{place.env['PATH']}"})
        need(done.stdout.strip().endswith(outputs["version"]) and outputs["program"].startswith(folder), outputs)
        need((place.action / "ci").samefile(outputs["scripts"]), outputs)
        code, *_, said = place.act(folder="setup", archive=str(archive), archive_sha256="0" * 64)
        need(code == 2 and "it is not taken" in said, said)


def the_release_of_the_pinned_commit_is_taken(archive):
    """Without a word on the version: the archive that ci/archives.txt lists for the version of the checkout, else it is built."""
    with machine() as place:
        version = re.search(r'^version = "(.*)"', (TOP / "Cargo.toml").read_text(), re.M)[1]
        bin_folder = place.root / "bin"
        bin_folder.mkdir()
        # Instead of the network; gives what the address names.
        (bin_folder / "curl").write_text(
            '#!/bin/sh\nfor last; do :; done\nprintf "%s\\n" "$last" >"$HOME/address"\n'
            f'while [ "$1" != --output ]; do shift; done\ncp "{archive}" "$2"\n')
        (bin_folder / "curl").chmod(0o755)
        (bin_folder / "cargo").write_text("#!/bin/sh\necho built >\"$HOME/built\"\nexit 1\n")
        (bin_folder / "cargo").chmod(0o755)
        place.env["PATH"] = f"{bin_folder}:{place.env['PATH']}"
        place.source = "acme/plimsoll"
        listed = f"{version} x86_64-unknown-linux-gnu {sha256(archive)}\n"
        code, outputs, *_, said = place.act(folder="setup")
        need(code == 2 and (place.home / "built").exists(), f"nothing is listed: it is built: {said}")
        (place.home / "built").unlink()
        (place.action / "ci" / "archives.txt").write_text(listed)
        code, outputs, *_, said = place.act(folder="setup")
        need(code == 0 and outputs["version"] == version, said)
        address = (place.home / "address").read_text().strip()
        need(address == "https://example.invalid/acme/plimsoll/releases/download/"
             f"v{version}/plimsoll-x86_64-unknown-linux-gnu.tar.gz", address)
        code, *_, said = place.act(folder="setup", version="source")
        need(code == 2 and (place.home / "built").exists(), "asked to be built")
        for lines in (f"9.9.9 x86_64-unknown-linux-gnu {sha256(archive)}\n", f"{version} x86_64-apple-darwin {sha256(archive)}\n"):
            (place.home / "built").unlink()
            (place.action / "ci" / "archives.txt").write_text(lines)
            code, *_, said = place.act(folder="setup")
            need(code == 2 and (place.home / "built").exists(), "of another version or machine")
        (place.action / "ci" / "archives.txt").write_text(listed.replace(sha256(archive), "0" * 64))
        (place.home / "built").unlink()
        code, *_, said = place.act(folder="setup")
        need(code == 2 and "it is not taken" in said and not (place.home / "built").exists(), said)


def a_consumer_verifies(archive):
    with machine() as place:
        private, public = key(place)
        given = {"archive": str(archive), "archive_sha256": sha256(archive)}
        code, outputs, *_, said = place.act(**given, sign="key", sign_key=private, artifacts="dist/small program", as_of=AS_OF)
        need(code == 0, said)
        ask = {**given, "bundle": outputs["bundle"], "artifact": "dist/small program", "min_tier": "0", "key": str(public), "as_of": AS_OF}
        (place.work / "other").write_text("other")
        for more, code, words in [
            ({}, 0, "VERIFIED"),
            ({"min_tier": "1"}, 1, "NOT VERIFIED"),
            ({"artifact": "other"}, 1, "NOT VERIFIED"),
            ({"max_age": "0", "as_of": "2026-11-20T00:00:00Z"}, 1, "NOT VERIFIED"),
            ({"min_tier": ""}, 2, "it is a tier from 0 to 4"),
            ({"min_tier": "5"}, 2, "it is a tier from 0 to 4"),
            ({"key": ""}, 2, "whose signature counts?"),
            ({"bundle": " "}, 2, "bundle is empty"),
            ({"bundle": "missing.json"}, 2, "missing.json"),
            ({"bundle": "$(touch pwned)"}, 2, "plimsoll: "),
            ({"key": "", "identity": "a@example.org", "issuer": "https://example.org"}, 1, "NOT VERIFIED"),
        ]:
            came, outputs, *_, said = place.act(folder="verify", **{**ask, **more})
            need(came == code and words in said, (more, came, said))
            need(outputs["verified"] == ("true" if code == 0 else "false" if came < 2 or "bundle" in more and more["bundle"].strip() else ""),
                 (more, outputs))
            need(commands(said) == [] and not list(place.root.rglob("pwned")), (more, commands(said)))


CASES = [gitlab_job, the_program_is_put_on_the_path, the_release_of_the_pinned_commit_is_taken, a_consumer_verifies]
