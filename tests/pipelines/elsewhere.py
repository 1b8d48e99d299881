"""The job of the GitLab component, the actions that install and verify, and the hooks of pre-commit."""

import os
import pathlib
import re
import shutil

import yaml

from machine import GIT, PROGRAM, TOP, WRITTEN, commands, key, machine, need, planted, sha256
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
    for more in ({}, {"compare": "true", "base": "HEAD"}):
        with machine() as place:
            victim = planted(place)
            done = run(place, {}, **more)
            need(done.returncode == 0, (more, done.stderr))
            need(victim.read_text() == "AUTHORIZATION: basic\n", more)
            need("AUTHORIZATION" not in (place.work / "plimsoll-label" / "comment.md").read_text(), more)
            left = [name for name in WRITTEN if (place.work / "plimsoll-label" / name).is_symlink()]
            need(left in ([], ["base.label.json", "head.label.json"]), left)
            place.run("git", "add", "-f", "plimsoll-label", env=GIT)
            done = run(place, {}, **more)
            need(done.returncode == 2 and "git tracks" in done.stderr, (more, done.stderr))
    with machine() as place:
        (place.root / "target").mkdir()
        (place.work / "a").symlink_to("../target")
        for out in ("a", "a/", "a/b", "./a/b", f"{place.work}/a/b"):
            done = run(place, {}, out=out)
            need(done.returncode == 2 and "through a link" in done.stderr, (out, done.stderr))
        need(list((place.root / "target").iterdir()) == [], "nothing is written through a link")
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


def hooks_install_themselves(archive):
    """pre-commit itself, with the hooks of a revision that lists the archive; no network, and no program on the PATH."""
    tools = TOP / "target/ci-tools/bin" if "CARGO_TARGET_DIR" not in os.environ else pathlib.Path(os.environ["CARGO_TARGET_DIR"]) / "ci-tools/bin"
    with machine() as place:
        version = re.search(r'^version = "(.*)"', (TOP / "Cargo.toml").read_text(), re.M)[1]
        hooks = place.root / "hooks"
        hooks.mkdir()
        shutil.copytree(TOP / "ci", hooks / "ci")
        for file in ("Cargo.toml", "Cargo.lock", ".pre-commit-hooks.yaml"):
            shutil.copy(TOP / file, hooks)
        (hooks / "ci" / "archives.txt").write_text(f"{version} x86_64-unknown-linux-gnu {sha256(archive)}\n")
        for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "hooks"]):
            place.run("git", "-C", hooks, *words, env=GIT)
        revision = place.run("git", "-C", hooks, "rev-parse", "HEAD", env=GIT).stdout.strip()
        # The address is not there; git finds the repository, and the archive comes from what stands in for curl.
        settings = place.home / ".gitconfig"
        settings.write_text(f'[url "{hooks}"]\n\tinsteadOf = https://example.invalid/acme/plimsoll\n[safe]\n\tdirectory = *\n')
        bin_folder = place.root / "bin"
        bin_folder.mkdir()
        (bin_folder / "curl").write_text(
            '#!/bin/sh\nfor last; do :; done\nprintf "%s\\n" "$last" >>"$HOME/address"\n'
            f'while [ "$1" != --output ]; do shift; done\ncp "{archive}" "$2"\n')
        (bin_folder / "curl").chmod(0o755)
        (place.work / ".pre-commit-config.yaml").write_text(
            f"repos:\n- repo: https://example.invalid/acme/plimsoll\n  rev: {revision}\n  hooks:\n"
            "  - id: plimsoll-label\n    args: [--fail-below=FLOOR]\n    verbose: true\n".replace("FLOOR", "0"))
        place.run("git", "add", "-A", env=GIT)
        # pre-commit takes most of git's variables away.
        env = {"PRE_COMMIT_HOME": str(place.root / "kept"), "PATH": f"{bin_folder}:{place.env['PATH']}"}
        ask = [tools / "pre-commit", "run", "--all-files", "--hook-stage", "manual", "plimsoll-label"]
        done = place.run(*ask, env=env, check=False)
        need(done.returncode == 0 and "small 1.0.0" in done.stdout, done.stdout + done.stderr)
        done = place.run(*ask, env=env)
        addresses = (place.home / "address").read_text().splitlines()
        need(addresses == [f"https://example.invalid/acme/plimsoll/releases/download/v{version}/plimsoll-x86_64-unknown-linux-gnu.tar.gz"],
             f"fetched once: {addresses}")
        text = (place.work / ".pre-commit-config.yaml").read_text()
        (place.work / ".pre-commit-config.yaml").write_text(text.replace("below=0", "below=4"))
        place.run("git", "add", "-A", env=GIT)
        need(place.run(*ask, env=env, check=False).returncode == 1, "the hook fails below the floor")


def a_release_is_listed_and_pages_are_filled(archive):
    with machine() as place:
        version = re.search(r'^version = "(.*)"', (TOP / "Cargo.toml").read_text(), re.M)[1]
        sums = place.root / "SHA256SUMS"
        sums.write_text(f"{'a' * 64}  plimsoll-x86_64-unknown-linux-gnu.tar.gz\n{'b' * 64}  other.txt\n{'c' * 64}  plimsoll-$(id).tar.gz\n")
        ask = lambda *words: place.run("bash", place.action / "ci/list-release.sh", *words, check=False)
        before = (place.action / "ci/archives.txt").read_text()
        for words in ([], ["9.9.9", sums], [version], [f"{version} x", sums], [version, place.root / "missing"]):
            need(ask(*words).returncode == 2 and (place.action / "ci/archives.txt").read_text() == before, words)
        need(ask(version, sums).returncode == 0, "a release is listed")
        after = (place.action / "ci/archives.txt").read_text()
        need(after == before + f"{version} x86_64-unknown-linux-gnu {'a' * 64}\n", after)
        need(ask(version, sums).returncode == 2, "and once alone")
        fill = lambda *words: place.run("bash", TOP / "ci/fill.sh", *words, check=False)
        for page in ("docs/pipelines.md", "templates/github/refresh.yml", ".github/workflows/label-and-sign.yml"):
            text = fill("acme/label", "0" * 40, TOP / page).stdout
            need("acme/label" in text and not re.search(r"OWNER/plimsoll|@COMMIT|rev: COMMIT|uses: \$/setup", text), page)
        for words in (["acme", "0" * 40], ["acme/label", "main"], ["a/b/c", "0" * 40], ["a b/c", "0" * 40]):
            need(fill(*words, TOP / "docs/pipelines.md").returncode == 2, words)
        # What the reusable workflow takes of what was downloaded.
        files = place.temp / "release" / "files"
        files.mkdir(parents=True)
        for name in ("app", "END_x", "app.sigstore.json", "$(touch pwned)"):
            (files / name).write_text("x")
        output = place.temp / "listed"
        env = {"RUNNER_TEMP": str(place.temp), "GITHUB_OUTPUT": str(output)}
        place.run("bash", place.action / "ci/files.sh", env=env)
        lines = output.read_text().splitlines()
        end = lines[0].removeprefix("artifacts<<")
        need(sorted(lines[1:lines.index(end)]) == sorted(str(files / name) for name in ("app", "END_x", "$(touch pwned)")), lines)
        (files / "a\nb").write_text("x")
        need(place.run("bash", place.action / "ci/files.sh", env=env, check=False).returncode == 2, "a name of two lines")
        need(not list(place.root.rglob("pwned")), "a name was run")


CASES = [gitlab_job, hooks_install_themselves, a_release_is_listed_and_pages_are_filled, the_program_is_put_on_the_path, the_release_of_the_pinned_commit_is_taken, a_consumer_verifies]
