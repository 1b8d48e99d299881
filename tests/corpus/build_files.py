"""Gives what PyYAML and dockerfile-parse read in files of builds: `python build_files.py FOLDER...` prints one JSON object by folder.

Each value is a sorted list, each line once: `OWNER/REPOSITORY REF PATH` of every `uses` in workflows and actions, and
`REGISTRY NAME VERSION` of every image of jobs, services, Dockerfiles and Compose files. What is named by a variable or an
expression is left out, as are paths of the tree. Exit code 3 where one of the two is missing.
"""

import io
import json
import pathlib
import sys

try:
    import yaml
    from dockerfile_parse import DockerfileParser
except ImportError:
    sys.exit(3)


def image(text):
    text = text.removeprefix("docker://")
    if not text or "$" in text:
        return
    text, _, digest = text.partition("@")
    host, _, rest = text.partition("/")
    if rest and ("." in host or ":" in host or host == "localhost"):
        text = rest
    else:
        host = "docker.io"
    name, _, tag = text.partition(":")
    if host == "docker.io":
        name = name.removeprefix("library/")
    yield f"{host} {name} {digest or tag or 'latest'}"


def uses(text):
    if text.startswith("docker://"):
        yield from image(text)
    elif "${{" not in text and text.count("@") == 1:
        path, ref = text.split("@")
        owner, name, *inside = path.split("/")
        yield f"{owner}/{name}".lower() + f" {ref} {'/'.join(inside)}"


def walk(value):
    if isinstance(value, list):
        for one in value:
            yield from walk(one)
    if not isinstance(value, dict):
        return
    for key, one in value.items():
        if key == "uses" and isinstance(one, str):
            yield from uses(one)
        elif key == "container":
            yield from image((one.get("image") if isinstance(one, dict) else one) or "")
        elif key == "services":
            for service in (one or {}).values():
                yield from image(service.get("image") or "")
        elif key == "image" and isinstance(one, str) and one.startswith("docker://"):
            yield from image(one)
        else:
            yield from walk(one)


def dockerfile(data):
    stages = []
    for step in DockerfileParser(fileobj=io.BytesIO(data), env_replace=False).structure:
        words = step["value"].split()
        flags = [word for word in words if word.startswith("--")]
        plain = [word for word in words if not word.startswith("--")]
        if step["instruction"] == "FROM":
            if plain[0].lower() not in stages and plain[0] != "scratch":
                yield from image(plain[0])
            stages.append(plain[2].lower() if len(plain) > 2 else None)
        elif step["instruction"] in ("COPY", "RUN"):
            for flag in flags:
                for option in flag.partition("=")[2].split(",") if flag.startswith("--mount=") else [flag[2:]]:
                    name = option.removeprefix("from=")
                    if name != option and name.lower() not in stages and not name.isdigit():
                        yield from image(name)


def read(path):
    data = path.read_bytes()
    if path.suffix not in (".yml", ".yaml"):
        return dockerfile(data)
    value = yaml.safe_load(data)
    if "compose" in path.name:
        services = (value.get("services") or {}).values()
        return (line for service in services if "build" not in service for line in image(service.get("image") or ""))
    return walk(value)


def main(folders):
    found = {}
    for folder in folders:
        lines = set()
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.is_file():
                lines.update(read(path))
        found[folder] = sorted(lines)
    json.dump(found, sys.stdout)


main(sys.argv[1:])
