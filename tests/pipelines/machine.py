"""A machine as a runner has it, without a network: runs the steps of an action as scripts."""

import contextlib
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(sys.argv[1]).resolve()
GIT = {
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
}


def need(holds, what):
    """A check that is there whatever way Python was started."""
    if not holds:
        raise AssertionError(what)


def expression(text, context):
    """Value of the small part of GitHub's expressions that the action uses: paths, strings, `||`, `&&`, `==`, `!=`."""
    text = text.strip()
    for sign in ("||", "&&", "==", "!="):
        if sign in text:
            left, right = (expression(part, context) for part in text.split(sign, 1))
            if sign in ("||", "&&"):
                return (left or right) if sign == "||" else (left and right)
            return (left == right) == (sign == "==")
    if re.fullmatch(r"'[^']*'", text):
        return text[1:-1]
    if text == "true":
        return True
    need(re.fullmatch(r"[a-z]+(\.[A-Za-z0-9_-]+)+", text), f"expression {text!r} is not known here")
    value = context
    for part in text.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return value


def filled(text, context):
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(expression(found[1], context)), str(text))


class Machine:
    """A folder with a runner's folders, a checkout, an artifact, and nothing of this machine but its programs."""

    def __init__(self, root):
        self.root = root
        self.work = root / "a work folder"
        self.home, self.temp, self.action = root / "home", root / "temp", root / "action"
        for folder in (self.home, self.temp, self.work / "src"):
            folder.mkdir(parents=True)
        for folder in ("ci", "setup", "verify"):
            shutil.copytree(TOP / folder, self.action / folder)
        for file in ("action.yml", "Cargo.toml", "Cargo.lock"):
            shutil.copy(TOP / file, self.action)
        self.source, self.used = "", []
        self.env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.home), "LANG": "C.UTF-8"}
        (self.work / "Cargo.toml").write_text('[package]\nname = "small"\nversion = "1.0.0"\nedition = "2021"\n')
        (self.work / "Cargo.lock").write_text('version = 4\n\n[[package]]\nname = "small"\nversion = "1.0.0"\n')
        (self.work / "src" / "main.rs").write_text("fn main() {}\n")
        # The maker has begun to speak: without it there is no label, and nothing that a pipeline of the maker could sign.
        (self.work / "plimsoll.toml").write_text(
            'schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = "small"\nversion = "1.0.0"\n'
        )
        for words in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "first"]):
            self.run("git", *words, env=GIT)
        (self.work / "dist").mkdir()
        self.artifact = self.work / "dist" / "small program"
        self.artifact.write_bytes(b"\x7fELF and the rest")

    def run(self, *words, env=None, check=True):
        done = subprocess.run([str(word) for word in words], cwd=self.work, env={**self.env, **(env or {})},
                              capture_output=True, text=True, timeout=300, check=False)
        need(not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}")
        return done

    def act(self, folder=".", pull_request=None, **given):
        """Runs the action; gives the exit code of the step that failed (or 0), outputs, summary, names of steps, what was said.

        `pull_request` is the event of one, with the branch that it is for as `base_ref`. `used` keeps the steps that are somebody
        else's, with what they were given."""
        here = self.action / folder
        action = yaml.safe_load((here / "action.yml").read_text())
        inputs = {name: str(about.get("default", "")) for name, about in action["inputs"].items()}
        given = {name.replace("_", "-"): value for name, value in given.items()}
        need(set(given) <= set(inputs), f"the action has no input {set(given) - set(inputs)}")
        inputs.update(given)
        inputs["token"] = inputs.get("token", "").replace("${{ github.token }}", "a token")
        context = {"inputs": inputs, "steps": {}, "runner": {"temp": str(self.temp)},
                   "github": {"server_url": "https://example.invalid", "action_repository": self.source,
                              "repository": "acme/small", "event": {"pull_request": pull_request or {}}}}
        self.used = []
        summary = self.temp / "summary.md"
        summary.write_text("")
        ran, skipped, told, code = [], [], "", 0
        for at, step in enumerate(action["runs"]["steps"]):
            if "if" in step and not expression(step["if"], context):
                continue
            if "uses" in step:
                skipped.append(step["uses"])
                self.used.append({name: filled(value, context) for name, value in step["with"].items()})
                continue
            result = self.temp / f"output-{at}"
            result.write_text("")
            env = {name: filled(value, context) for name, value in step.get("env", {}).items()}
            env.update(GITHUB_OUTPUT=str(result), GITHUB_STEP_SUMMARY=str(summary), GITHUB_ENV=str(self.temp / "env"),
                       GITHUB_PATH=str(self.temp / "path"), GITHUB_ACTION_PATH=str(here), RUNNER_TEMP=str(self.temp),
                       GITHUB_BASE_REF=(pull_request or {}).get("base_ref", ""), GITHUB_ACTIONS="true", CI="true")
            script = self.temp / f"step-{at}.sh"
            script.write_text(step["run"])
            need(step["shell"] == "bash", step["name"])
            done = self.run("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script, env=env, check=False)
            ran.append(step["name"])
            told += done.stdout + done.stderr
            if "id" in step:
                pairs = (line.split("=", 1) for line in result.read_text().splitlines())
                context["steps"][step["id"]] = {"outputs": dict(pairs)}
            if done.returncode:
                code = done.returncode
                break
        outputs = {name: filled(about["value"], context) for name, about in action["outputs"].items()}
        return code, outputs, summary.read_text(), ran, skipped, told


@contextlib.contextmanager
def machine():
    with tempfile.TemporaryDirectory(prefix="plimsoll-action-") as root:
        yield Machine(pathlib.Path(root))


# What a pipeline writes to its folder.
WRITTEN = ("label.json", "evidence.json", "label.html", "label.svg", "sbom.cdx.json", "sbom.spdx.json", "plimsoll.sarif",
           "label.sigstore.json", "diff.json", "diff.md", "diff.env", "base.label.json", "head.label.json", "comment.md", "label.env")


def planted(place, out="plimsoll-label"):
    """Fills the folder with links that lead out of it, and gives the file that they lead to."""
    victim = place.root / "victim"
    victim.write_text("AUTHORIZATION: basic\n")
    (place.work / out).mkdir()
    for name in WRITTEN:
        (place.work / out / name).symlink_to("../../victim")
    return victim


def commands(said):
    """What a runner takes as commands of a log: lines that begin with `::` outside of what was stopped, and `##[` anywhere."""
    found, stopped = [], None
    for line in said.splitlines():
        text = line.strip()
        if stopped:
            stopped = None if text == f"::{stopped}::" else stopped
        elif text.startswith("::stop-commands::"):
            stopped = text.removeprefix("::stop-commands::")
        elif text.startswith("::") or "##[" in text:
            found.append(text)
    return found


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def packed(folder):
    """An archive as a release has it, made twice: it has to be the same."""
    programs = folder / "programs"
    programs.mkdir()
    for name in ("plimsoll", "cargo-plimsoll"):
        source = PROGRAM.with_name(name)
        shutil.copy(source if source.exists() else PROGRAM, programs / name)
        # What debuggers need is most of a debug build, and is packed, digested and unpacked many times below.
        subprocess.run(["strip", programs / name], check=False, capture_output=True)
    pages = folder / "pages"
    for name in ("man", "completions"):
        (pages / name).mkdir(parents=True)
        (pages / name / "one").write_text(name)
    digests = []
    for out in ("one", "two"):
        os.umask(0o077 if out == "two" else 0o022)
        subprocess.run(["bash", TOP / "ci/package.sh", programs, "x86_64-unknown-linux-gnu", folder / out, pages],
                       check=True, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "1767323045", "TZ": out})
        digests.append(sha256(folder / out / "plimsoll-x86_64-unknown-linux-gnu.tar.gz"))
    need(digests[0] == digests[1], "two archives of the same programs differ")
    return folder / "one" / "plimsoll-x86_64-unknown-linux-gnu.tar.gz"


def key(place, passphrase=None):
    """A key pair: text of the private key, path of the public one."""
    words = [PROGRAM, "key", "generate", "--type", "ed25519", "--out", place.root / "signer"]
    if passphrase:
        place.run(*words, env={"PLIMSOLL_PASSPHRASE": passphrase})
    else:
        place.run(*words, "--no-passphrase")
    return (place.root / "signer.key").read_text(), place.root / "signer.pub"
