"""Runs the pipelines of this repository as scripts; ci/test-action.sh says how and why."""

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
    """Value of the small part of GitHub's expressions that the action uses: paths, strings, `||`, `==`, `!=`."""
    text = text.strip()
    for sign in ("||", "==", "!="):
        if sign in text:
            left, right = (expression(part, context) for part in text.split(sign, 1))
            return left or right if sign == "||" else (left == right) == (sign == "==")
    if re.fullmatch(r"'[^']*'", text):
        return text[1:-1]
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
        shutil.copytree(TOP / "ci", self.action / "ci")
        shutil.copy(TOP / "action.yml", self.action)
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

    def act(self, **given):
        """Runs the action; gives the exit code of the step that failed (or 0), outputs, summary, names of steps, what was told."""
        action = yaml.safe_load((self.action / "action.yml").read_text())
        inputs = {name: str(about.get("default", "")) for name, about in action["inputs"].items()}
        given = {name.replace("_", "-"): value for name, value in given.items()}
        need(set(given) <= set(inputs), f"the action has no input {set(given) - set(inputs)}")
        inputs.update(given)
        context = {"inputs": inputs, "steps": {}, "github": {"server_url": "https://example.invalid", "action_repository": ""}}
        summary = self.temp / "summary.md"
        summary.write_text("")
        ran, skipped, told, code = [], [], "", 0
        for at, step in enumerate(action["runs"]["steps"]):
            if "if" in step and not expression(step["if"], context):
                continue
            if "uses" in step:
                skipped.append(step["uses"])
                continue
            result = self.temp / f"output-{at}"
            result.write_text("")
            env = {name: filled(value, context) for name, value in step.get("env", {}).items()}
            env.update(GITHUB_OUTPUT=str(result), GITHUB_STEP_SUMMARY=str(summary), GITHUB_ENV=str(self.temp / "env"),
                       GITHUB_PATH=str(self.temp / "path"), GITHUB_ACTION_PATH=str(self.action), RUNNER_TEMP=str(self.temp),
                       GITHUB_ACTIONS="true", CI="true")
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


def from_checkout_to_attached_label(archive):
    with machine() as place:
        private, public = key(place, passphrase="open sesame")
        code, outputs, summary, ran, skipped, told = place.act(
            archive=str(archive), archive_sha256=sha256(archive), sign="key", sign_key=private, sign_passphrase="open sesame",
            artifacts="dist/small program\n", attach="true", out="the label")
        need(code == 0, told)
        need(ran == ["Install plimsoll", "Label", "Sign with the key", "Attach"] and not skipped, ran)
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
        need(code == 0 and ran == ["Install plimsoll", "Label"] and outputs["bundle"] == "", (code, ran, outputs, told))
        code, outputs, summary, ran, _, told = place.act(**given, fail_below="4")
        need(code == 1 and ran[-1] == "Is the tier high enough?", (code, ran, told))
        need(outputs["tier"] != "" and summary and (place.work / outputs["label"]).exists(), "a label that is too low is kept")
        code, *_ = place.act(**given, fail_below="0")
        need(code == 0, "tier 0 is not below 0")


def keyless_needs_its_bundle(archive):
    with machine() as place:
        code, _, _, ran, skipped, told = place.act(
            archive=str(archive), archive_sha256=sha256(archive), sign="github", artifacts="dist/small program")
        need(len(skipped) == 1 and skipped[0].startswith("actions/attest@"), skipped)
        need(code == 2 and ran[-1] == "Attach" and "there is no bundle" in told, (code, ran, told))
        subjects = (place.temp / "plimsoll" / "subjects.txt").read_text()
        label = place.work / "plimsoll-label" / "label.json"
        need(subjects == f"{sha256(label)}  label.json\n{sha256(place.artifact)}  small program\n", subjects)
        predicate = json.loads((place.temp / "plimsoll" / "predicate.json").read_text())
        need(predicate == json.loads(label.read_text())["predicate"], "the predicate is the label's")
        action = yaml.safe_load((TOP / "action.yml").read_text())
        step = next(step for step in action["runs"]["steps"] if "uses" in step)
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
        # Settings of the repository under examination are not in force.
        (place.work / ".cargo").mkdir()
        (place.work / ".cargo" / "config.toml").write_text('[build]\nrustc-wrapper = "./pwn.sh"\n')
        (place.work / "pwn.sh").write_text("#!/bin/sh\ntouch pwned\n")
        (place.work / "pwn.sh").chmod(0o755)
        code, *_, told = place.act(archive=str(archive), archive_sha256=sha256(archive))
        need(code == 0 and not list(place.root.rglob("pwned")), told)


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
        run(place, {}, rev="$(touch pwned)", artifacts="`touch pwned`", out="y$(touch pwned)")
        need(not list(place.root.rglob("pwned")), "an input was run")
    del archive


def what_is_written_is_pinned_and_safe(archive):
    del archive
    files = [TOP / "action.yml", *sorted((TOP / ".github/workflows").glob("*.yml"))]
    for path in files:
        text = path.read_text()
        for line in text.splitlines():
            if found := re.match(r"\s*(?:- )?uses: (.*)", line):
                own = found[1].split(" ")[0] == "./"
                need(own or re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", found[1]), f"{path.name}: {line}")
        whole = yaml.safe_load(text)
        groups = [whole["runs"]] if "runs" in whole else whole["jobs"].values()
        for group in groups:
            for step in group.get("steps", []):
                need("${{" not in step.get("run", ""), f"{path.name}: an expression in a script")
        need("runs" in whole or whole["permissions"] == {}, f"{path.name}: permissions")
    docs = (TOP / "docs/pipelines.md").read_text()
    for use in re.findall(r"uses: (\S+@\S+.*)", docs):
        need(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|OWNER/plimsoll@COMMIT.*", use), f"docs/pipelines.md: {use}")


CASES = [from_checkout_to_attached_label, unsigned_label_and_gate, keyless_needs_its_bundle, what_cannot_be_asked,
         text_stays_text, gitlab_job, what_is_written_is_pinned_and_safe]


def main():
    failed = 0
    with tempfile.TemporaryDirectory(prefix="plimsoll-archive-") as folder:
        archive = packed(pathlib.Path(folder))
        for case in CASES:
            try:
                case(archive)
                print(f"ok {case.__name__}", flush=True)
            except AssertionError as error:
                failed += 1
                print(f"FAILED {case.__name__}: {error}", flush=True)
    print("skipped, since they are somebody else's action: actions/attest (keyless signing)")
    print(f"{len(CASES) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
