"""What is written in actions, workflows, templates and their documentation: pinned, and without text in scripts."""

import re

import yaml

from machine import TOP, need

ACTIONS = ("action.yml", "setup/action.yml", "verify/action.yml")


def what_is_written_is_pinned_and_safe(archive):
    del archive
    files = [*(TOP / name for name in ACTIONS), *sorted((TOP / ".github/workflows").glob("*.yml"))]
    for path in files:
        text = path.read_text()
        for line in text.splitlines():
            if found := re.match(r"\s*(?:- )?uses: (.*)", line):
                own = found[1].split(" ")[0] in ("./", "$/setup")
                need(own or re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", found[1]), f"{path.name}: {line}")
        whole = yaml.safe_load(text)
        groups = [whole["runs"]] if "runs" in whole else whole["jobs"].values()
        for group in groups:
            for step in group.get("steps", []):
                need("${{" not in step.get("run", ""), f"{path.name}: an expression in a script")
        need("runs" in whole or whole["permissions"] == {}, f"{path.name}: permissions")
    docs = (TOP / "docs/pipelines.md").read_text()
    for use in re.findall(r"uses: (\S+@\S+.*)", docs):
        need(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|OWNER/plimsoll(/[a-z]+)?@COMMIT", use), f"docs/pipelines.md: {use}")


def what_is_signed_again_is_verified(archive):
    """A release is what anyone who may write releases made of it."""
    del archive
    steps = yaml.safe_load((TOP / "templates/github/refresh.yml").read_text())["jobs"]["refresh"]["steps"]
    whole = "\n".join(step.get("run", "") for step in steps)
    found = [whole.find(words) for words in (
        "--pattern label.sigstore.json", "gh attestation verify released/label.json --bundle released/label.sigstore.json --repo",
        "plimsoll refresh released/label.json")]
    need(-1 not in found and found == sorted(found), found)


CASES = [what_is_signed_again_is_verified, what_is_written_is_pinned_and_safe]
