#!/usr/bin/env python3
"""Runs the small cases of known faults over the program, and says which answers are right.

The cases lie next to the shared data (`../shared/cases`, or where --cases says): each is a folder with a script that makes a
repository, asks the program, and prints what came out. What has to be printed, and what must not, is in `expected.toml`
next to this file. A case without an entry there is a failure, so that none is passed over.

    tests/cases/run.py --program target/debug/plimsoll
    tests/cases/run.py --program target/debug/plimsoll attack/01 sbom      # some of them
    tests/cases/run.py --program target/debug/plimsoll --show trust/05     # with what they printed

Ends with 0 where every answer is right, 1 where one is not, 2 where nothing could be run.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
MOST_SECONDS = 300


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=os.environ.get("PLIMSOLL", PROJECT / "target/debug/plimsoll"), type=pathlib.Path)
    parser.add_argument("--cases", default=PROJECT.parent / "shared/cases", type=pathlib.Path)
    parser.add_argument("--expected", default=HERE / "expected.toml", type=pathlib.Path)
    parser.add_argument("--cargo-home", type=pathlib.Path, help="one with time 0.1 and smallvec 1.6.0 in it, for the cases that run cargo offline")
    parser.add_argument("--jobs", default=os.cpu_count() or 1, type=int)
    parser.add_argument("--show", action="store_true", help="print what each case printed")
    parser.add_argument("--keep", type=pathlib.Path, help="write what each case printed to this folder")
    parser.add_argument("names", nargs="*", help="beginnings of the names of cases, as attack/01")
    return parser.parse_args()


def scripts(folder):
    """The scripts of a case: `run.sh` and those next to it that vary it."""
    found = sorted(folder.glob("run*.sh"))
    return found or sorted(folder.glob("run*.py"))


def output(case, work, program):
    """What the scripts of a case print, standard error included."""
    folder = work / "cases" / case
    topic = folder.parent
    # Short: gpg's agent listens at a path of at most 107 bytes below it.
    home = pathlib.Path(tempfile.mkdtemp(dir=work))
    environment = {
        **os.environ,
        "PLIMSOLL": str(program),
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "CASES": str(topic),
        "ATTACK_WORK": str(home),
        "PLIMSOLL_DOCS": str(HERE / "docs"),
        "SRC": str(PROJECT),
        "TMPDIR": str(home),
    }
    printed = []
    for script in scripts(folder):
        command = ["python3" if script.suffix == ".py" else "bash", str(script)]
        try:
            done = subprocess.run(
                command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, timeout=MOST_SECONDS, check=False,
            )
            text = done.stdout.decode("utf-8", "replace")
        except subprocess.TimeoutExpired as timeout:
            text = (timeout.stdout or b"").decode("utf-8", "replace") + f"\nTIMEOUT after {MOST_SECONDS} s"
        printed.append(f"#### {script.name}\n{text}")
    return "\n".join(printed)


def faults(entry, text):
    """What is wrong with `text`: a pattern that has to be there and is not, or one that must not be."""
    found = []
    for pattern in entry.get("has", []):
        if not re.search(pattern, text, re.MULTILINE):
            found.append(f"lacks    {pattern}")
    for pattern in entry.get("never", []):
        match = re.search(pattern, text, re.MULTILINE)
        if match:
            found.append(f"has      {match.group(0)[:100]!r} ({pattern})")
    return found


def main():
    options = arguments()
    if not options.cases.is_dir():
        print(f"skipped: there are no cases at {options.cases}")
        return 1 if os.environ.get("CI") else 0
    program = options.program.resolve()
    if not program.is_file():
        print(f"run.py: {program}: no such program; build it with `cargo build -p plimsoll-cli`", file=sys.stderr)
        return 2
    expected = {entry["case"]: entry for entry in tomllib.loads(options.expected.read_text())["case"]}
    names = sorted(
        str(folder.relative_to(options.cases))
        for folder in options.cases.glob("*/*")
        if folder.is_dir() and scripts(folder)
    )
    if options.names:
        names = [name for name in names if name.startswith(tuple(options.names))]
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="c-") as work:
        work = pathlib.Path(work)
        shutil.copytree(options.cases, work / "cases")
        for path in (work / "cases").rglob("*"):
            path.chmod(0o755 if path.is_dir() or path.suffix in (".sh", ".py") else 0o644)
            # Some of the cases name folders by a variable that Python does not replace.
            if path.suffix == ".py":
                topic = work / "cases" / path.relative_to(work / "cases").parts[0]
                path.write_text(path.read_text().replace("$SRC/", f"{PROJECT}/").replace("$CASES/", f"{topic}/"))
        advisories = options.cases.parent / "data/advisories/rustsec-advisory-db.tar.zst"
        if advisories.is_file():
            folder = work / "cases/sbom/db"
            folder.mkdir()
            subprocess.run(["tar", "--zstd", "-xf", str(advisories), "-C", str(folder)], check=True)
        if options.cargo_home:
            (work / "cases/sbom/chome").symlink_to(options.cargo_home.resolve())
        with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
            for name, text in zip(names, pool.map(lambda name: output(name, work, program), names)):
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / (name.replace("/", "_") + ".txt")).write_text(text)
                entry = expected.get(name)
                found = ["has no entry in expected.toml"] if entry is None else faults(entry, text)
                wrong += bool(found)
                print(f"{'wrong' if found else 'right'}  {name}", flush=True)
                for fault in found:
                    print(f"         {fault}")
                if options.show:
                    print("".join(f"    | {line}\n" for line in text.splitlines()))
    unknown = sorted(set(expected) - set(names)) if not options.names else []
    for name in unknown:
        print(f"wrong  {name}\n         is expected and is not there")
    print(f"{len(names) - wrong} passed, {wrong + len(unknown)} failed")
    return 1 if wrong or unknown or not names else 0


if __name__ == "__main__":
    sys.exit(main())
