"""Gives what the tools of Python read in lockfiles: `python python_lockfiles.py FILE...` prints one JSON object by path.

Each value is {"packages": ["NAME VERSION", ...]}, sorted, each once, names as PEP 503 has them; {"fresh": true} is added where the
tool says that a lockfile belongs to the manifest beside it. A file for which no tool is installed is left out; exit code 3 where
that is so for all. A file that its tool refuses has {"refused": "..."}.

uv.lock: the tables themselves by tomllib and `packaging`. poetry.lock: Poetry's own Locker. pdm.lock: PDM's own repository of
locked packages. pylock.toml: `packaging.pylock`. Pipfile.lock: Pipenv's own plette. Requirements files: pip's own parser.
"""

import contextlib
import json
import os
import pathlib
import re
import sys

try:
    import tomllib
except ImportError:
    import tomli as tomllib


def normal(name):
    from packaging.utils import canonicalize_name

    return canonicalize_name(name)


def uv(path):
    from packaging.version import Version

    data = tomllib.loads(path.read_text())
    packages = []
    for one in data.get("package", []):
        if "version" in one:
            Version(one["version"])
        packages.append((one["name"], one.get("version", "")))
    return {"packages": packages}


def poetry(path):
    from poetry.packages.locker import Locker

    manifest = path.with_name("pyproject.toml")
    content = tomllib.loads(manifest.read_text()) if manifest.exists() else {}
    locker = Locker(path, content)
    packages = [(one.name, one.pretty_version) for one in locker.locked_repository().packages]
    found = {"packages": packages}
    if manifest.exists():
        found["fresh"] = locker.is_fresh()
    return found


def pdm(path):
    from pdm.core import Core
    from pdm.environments import BareEnvironment

    project = Core().create_project(path.parent, global_config=os.devnull)
    # Without a virtual environment of its own.
    project.environment = BareEnvironment(project)
    found = {}
    if path.with_name("pyproject.toml").exists():
        found["fresh"] = project.is_lockfile_hash_match()
    candidates = [entry.candidate for entry in project.get_locked_repository().packages.values()]
    found["packages"] = [(one.name, one.version or "") for one in candidates]
    return found


def pylock(path):
    from packaging.pylock import Pylock

    lock = Pylock.from_dict(tomllib.loads(path.read_text()))
    return {"packages": [(one.name, str(one.version or "")) for one in lock.packages]}


def pipenv(path):
    from pipenv.vendor import plette

    with path.open() as file:
        lock = plette.Lockfile.load(file)
    sections = [name for name in lock._data if name != "_meta"]
    packages = []
    for section in sections:
        for name, one in lock._data[section].items():
            packages.append((name, (one.get("version") or "").lstrip("=")))
    found = {"packages": packages}
    manifest = path.with_name("Pipfile")
    if manifest.exists():
        with manifest.open() as file:
            found["fresh"] = plette.Pipfile.load(file).get_hash().value == lock.meta.hash.value
    return found


def version_of(archive):
    from packaging.utils import InvalidSdistFilename, parse_sdist_filename, parse_wheel_filename

    if archive.endswith(".whl"):
        return str(parse_wheel_filename(archive)[1])
    try:
        return str(parse_sdist_filename(archive)[1])
    except InvalidSdistFilename:
        return ""


def requirements(path):
    from packaging.requirements import InvalidRequirement, Requirement
    from pip._internal.network.session import PipSession
    from pip._internal.req.constructors import install_req_from_parsed_requirement
    from pip._internal.req.req_file import parse_requirements

    packages, pinned = [], True
    for parsed in parse_requirements(str(path), session=PipSession()):
        # What it takes in is listed with the file that it stands in.
        if parsed.constraint or f"-r {path} " not in parsed.comes_from:
            continue
        with contextlib.redirect_stdout(sys.stderr):
            one = install_req_from_parsed_requirement(parsed)
        if one.link is not None:
            if one.req is not None and one.link.is_vcs and re.search(r"@[0-9a-f]{40}(#|$)", one.link.url):
                packages.append((one.req.name, ""))
            elif one.req is not None and not one.link.is_vcs and not one.link.is_file:
                packages.append((one.req.name, version_of(one.link.filename)))
            continue
        exact = [clause for clause in one.req.specifier if clause.operator in ("==", "===") and not clause.version.endswith("*")]
        if len(one.req.specifier) == 1 and exact:
            packages.append((one.req.name, exact[0].version))
        else:
            pinned = False
    return {"packages": packages, "pinned": pinned}


def reader(name):
    if name == "uv.lock":
        return uv
    if name == "poetry.lock":
        return poetry
    if name == "pdm.lock":
        return pdm
    if name == "Pipfile.lock":
        return pipenv
    if name.startswith("pylock"):
        return pylock
    return requirements


def main():
    found = {}
    for given in sys.argv[1:]:
        path = pathlib.Path(given).resolve()
        try:
            one = reader(path.name)(path)
        except ImportError as error:
            print(f"{given}: {error}", file=sys.stderr)
            continue
        except Exception as error:  # noqa: BLE001
            found[given] = {"refused": f"{type(error).__name__}: {error}"[:200]}
            continue
        one["packages"] = sorted({f"{normal(name)} {version}" for name, version in one["packages"]})
        found[given] = one
    if sys.argv[1:] and not found:
        sys.exit(3)
    json.dump(found, sys.stdout, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
