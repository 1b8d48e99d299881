#!/usr/bin/env python3
"""Makes fixtures/versions/SCHEME.tsv: pairs of versions, and what the ecosystem's own tool says of them.

    pairs.py [--seeds FOLDER] [SCHEME...]   writes the pairs of these schemes, or of all whose tool is here

FOLDER has unpacked advisory data: the versions in it are the real ones, next to those listed below. The rest is made from
them and from an alphabet of nasty parts by a generator with a fixed seed, so that the same seeds give the same pairs.

Tools: packaging (PyPI), node-semver (npm, found by NODE_PATH), golang.org/x/mod (Debian: golang-golang-x-mod-dev),
maven-artifact (Debian: maven), RubyGems (Debian: ruby), composer/semver (Debian: php-composer-semver), nuget.exe (npm:
nuget-exe; named by NUGET_EXE; Debian: mono-runtime, mono-mcs), Elixir (Debian: elixir), dpkg, rpm. For pub no tool is to
be had without Dart; its pairs are written by hand in crates/plimsoll-versions/tests/pairs.rs.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "fixtures" / "versions"
# So many pairs are made, and so many that the tool compares are kept, of real versions and of nasty ones.
MADE = (1000, 4000)
KEPT = (400, 700)
# Of what a tool refuses so many versions are kept: most of what is made should be compared.
REFUSED = 120

# Real versions of ecosystems that the advisory data has few of: facts, from what was released under them.
KNOWN = {
    "maven": """1.0 1.0.0 2.14.1 2.15.0 2.15.0-rc1 2.15.0-rc2 2.17.1 2.12.4 2.3.2 5.3.18 5.2.20.RELEASE 5.2.20 2.0.0.M1
        2.0.0.M8 2.0.0.RC1 2.0.0.RELEASE 4.1.77.Final 4.1.0.Beta1 4.1.0.CR1 4.0.0.Alpha8 4.2.0.Final 3.0.0-M3 3.0.0-alpha-1
        3.0.0-beta-2 3.0-b01 3.0-b02 2.2.1-b03 1.0-alpha-1 1.0-SNAPSHOT 2.5.0-SNAPSHOT 31.1-jre 31.1-android 30.0-jre 11.0.2
        r09 20040616 20231013 1.4.200 2.9.10.8 2.9.9.3 9.4.31.v20200723 9.4.0.v20161208 9.4.0.RC3 9.3.0.M0 7.0.0.pre5
        10.0.0-M1 8.5.0 1.2.17-16 1.2.3.4 6.0.0.Final 1.0.0.GA 3.3.0.GA 3.3.1.SP1 3.3.1.SP2 2.0b4 2.2.11 1.1.1.1 2.0.1.Final
        4.3.0.Final-redhat-1 4.3.0.Final Hoxton.SR1 Hoxton.RELEASE 2020.0.3 1.0.0.Beta10 1.0.0.Beta9""",
    "rubygems": """4.2.5 4.2.5.1 5.0.0.beta1 5.0.0.beta1.1 5.0.0.rc1 5.0.0 5.0.0.racecar1 6.0.3.2 6.1.0.rc2 7.0.0.alpha2
        1.10.8 1.11.0.rc3 1.6.8.1 2.2.3 3.0.0.beta.1 3.0.0.pre 0.9.9.pre2 1.0.0.rc.1 1.0.0.rc.10 2.0.0.pre.1 0.0.1.alpha
        3.1.2 2.3.0.dev 4.0.0.beta7 1.13.10 1.0 1 2.0.0.beta2.1 1.8.0.a 1.8.0.b1 0.5.0.pre1.20200101 3.0.0.preview1""",
    "composer": """1.0 v1.0.0 2.8.52 v3.4.48 v4.4.0-BETA1 4.4.0-RC1 5.0.0-beta2 v6.0.0-RC1 8.0.0-beta15 8.5.0-rc1 7.x-dev
        2.x-dev 1.2.x-dev 1.0.0-alpha3 1.0.0-alpha.1 1.0.0-patch1 1.0.0-p1 1.0.0-pl2 v2.0.0-dev 1.0.0-beta.2-dev 2.4.1-p3
        2.4.1 20100102 20100102-203040 2010.01.02 2010-01-02 2012.06.07 201903.0 201903.0-p2 v20121020 3.0.0.0 5.5.10.4
        1.0.0+foo.bar 2.0.0-stable 1.0.0RC1 1.0a1 1.0.0.RC.15-dev 1.0-b2 9999999-dev 6.2.0.1 1.12.2 12.4.8 v1.13.57""",
    "nuget": """1.0.0 1.0 4.5.0 5.0.0-rc.2.20475.5 5.0.0-preview.1.20120.5 6.0.0-preview.7.21377.19 3.1.18 2.2.0 1.1.0-alpha-10000
        4.3.0 4.3.1 12.0.1-beta2 13.0.1 1.0.0-beta8-15618 2.0.0-beta1-final 1.0.0.0 4.0.30506.0 5.2.7 6.4.4 11.0.2-rc.1
        3.0.0-alpha1 1.6.0-preview.1 5.0.17 6.0.0-rtm.21522.10 2.1.30-servicing.29930.3 1.0.0-CI-20230101-120000
        1.0.0-ci.20230101120000 1.0.0-ci.20230101130000 0.2.0-nightly 4.7.2.1 2.12.0.4 10.0.3""",
    "hex": """1.7.0 1.7.0-rc.0 1.7.0-rc.3 1.6.16 0.18.4 1.5.14 2.0.0-beta.1 2.0.0-dev 0.1.0 3.0.0-alpha.2 1.11.2 2.10.0
        2.2.0-beta.0 0.9.9-dev+abc 1.0.0-rc.10 1.0.0-rc.9 4.1.1 0.20.2 1.14.0-rc.1""",
    "pep440": """1.0.post1 1!1.0 2.0.0rc1.dev3 1.0a1.post2.dev3 1.0+local.1 1.0+ubuntu-1 1.0.dev456 1.12.0-1 2013b 2014.10
        1.0.0.0 v1.2.3 1.0-alpha2 1.0_beta 3.0.0.preview4 1.0.rev2 1.0c1""",
    "rpm": """1.0.2k-19.el7 1:1.0.2k-25.el7_9 1:1.1.1k-7.el8_6 1:3.0.7-27.el9 2.17-326.el7_9 4.18.0-372.9.1.el8
        5.14.0-70.13.1.el9_0 0:1.2.11-31.el9 2.9.14-1.el9 1.2.0~rc1-1.fc37 1.2.0-1.fc37 20220427gitb0b0b0b-1 2.0^20210101git1-1
        2.0-3.fc35 1.8.0_292.b10-1.el7_9 0.0~git20200101-1 9.0.1-2 6.4^pre1 7.61.1-22.el8.3 7.61.1-22.el8_4.1 2:8.2.2637-16""",
    "debian": """1.1.1n-0+deb11u3 3.0.7-1 1:9.2p1-2+deb12u2 2.36-9+deb12u4 5.10.218-1 1.2.3~rc1-1 1.2.3-1 1.2.3-1~bpo11+1
        4:4.4.5-1 2:2.4.7-2.1 1.0.0+dfsg-2 1.0.0+dfsg1-2 20211016 0.9.12-1.1+b1 1.34+dfsg-1.2+deb12u1 7.88.1-10+deb12u5
        2.0.0~beta1+ds-3 1:2.7.4-1 0~20200101-1 5.36.0-7+deb12u1 1.19.8-2 252.22-1~deb12u1 8.4p1-5 8.4p1-5+deb11u1""",
}
# What is put together or put into real versions to make nasty ones.
PARTS = {
    "semver": "0 1 2 9 10 11 00 01 99999999999999999999 . - + a A alpha beta rc rc.1 rc.10 -0 -1 -a -a-b -- 0a a0 .x _ ~ 20230101120000",
    "npm": "0 1 2 9 10 01 . - + a alpha beta.2 rc.1 rc.10 v = -0 -1 -a-b -- 0a a0 .x _ 2020010112",
    "go": "0 1 2 9 10 01 . - + v -rc.1 -rc1 -0.20200101000000-abcdefabcdef -pre.0.20200101000000-abcdefabcdef +incompatible -alpha.1 .0 -beta a",
    "hex": "0 1 2 9 10 01 . - + a -rc.1 -rc.10 -dev -0 -a.b.c +build +1 _ v -- A",
    "nuget": "0 1 2 9 10 01 . - + a A -rc -RC -rc.1 -rc.01 -rc.10 -beta-2 .0 .0.0 +build -20230101120000 -2147483647 -2147483648 -0 v -- _",
    "pep440": "0 1 2 10 01 . - _ + ! 1! a b c rc alpha beta pre preview post rev r dev .dev .dev1 .post .post1 -1 a1 b2 rc1 +a +1 +a.1 +1.a .0 .0.0 v RC1 .DEV2 a- .a.1 99999999999999999999",
    "maven": "0 1 2 10 01 . - .. -- a b m a1 b1 m1 alpha beta milestone rc cr snapshot ga final release sp xyz -alpha-1 .Final .GA -SNAPSHOT .RC1 -RC1 .0 .0.0 -0 -1 sp1 SP .jre _ + foo1bar 99999999999999999999",
    "rubygems": "0 1 2 10 01 . - a b A rc .a .b1 .pre .pre.1 .rc1 .beta.2 -1 -rc -a.b .0 .0.0 a1 1a _ + 99999999999999999999",
    "composer": "0 1 2 10 01 . - _ + v a b rc alpha beta RC p pl patch stable dev -dev -alpha1 -beta.2 -RC1 -RC-2 -p1 -pl2 .x .* x-dev .0 @dev @stable +build 20200101 2020-01-01 -stable as",
    "debian": "0 1 2 10 01 . - + ~ : 1: 0: a b rc ~rc1 ~~ ~~a +b1 +deb11u1 -1 -0 -1.1 -1~bpo1 .0 z A +dfsg 0~ 99999999999999999999",
    "rpm": "0 1 2 10 01 . - + ~ ^ : 1: 0: a b rc ~rc1 ~~ ^git1 ^^ ^~ -1 -1.el8 _ .0 z A el el8_4 ..  99999999999999999999",
}
EVENT = re.compile(r'"?(?:introduced|fixed|last_affected)"?:\s*"?([^"\s,}]+)')


def events(folder, pattern):
    found = set()
    for path in sorted(folder.rglob(pattern)):
        found.update(EVENT.findall(path.read_text(encoding="utf-8", errors="replace")))
    return {text for text in found if len(text) < 40 and not re.fullmatch(r"[0-9a-f]{40}|0", text)}


def real(scheme, seeds):
    """Real versions of a scheme."""
    found = set(KNOWN.get(scheme, "").split())
    if seeds and scheme in ("go", "pep440"):
        name, pattern = {"go": ("go-osv", "*.json"), "pep440": ("pypi-osv-yaml", "*.yaml")}[scheme]
        found |= events(seeds / name, pattern)
    if seeds and scheme in ("npm", "semver", "hex"):
        for path in sorted((seeds / "npm-nodejs-security-wg").rglob("*.json")):
            data = json.loads(path.read_text(encoding="utf-8"))
            text = f"{data.get('vulnerable_versions')} {data.get('patched_versions')}"
            found.update(re.findall(r"\d+\.\d+\.\d+[0-9A-Za-z.+-]*", text))
    # Which of them are kept does not depend on the order of a set.
    return sorted(found)


def changed(rng, text, parts):
    """Another version that is near."""
    at = rng.randint(0, len(text))
    match rng.randint(0, 6):
        case 0:
            return text + rng.choice(parts)
        case 1:
            return text[:at] + rng.choice(parts) + text[at:]
        case 2:
            return text[:at] + text[at + 1 :]
        case 3:
            return re.sub(r"\d+", lambda number: str(int(number[0]) + rng.choice([0, 0, 1])), text)
        case 4:
            return text.upper() if rng.random() < 0.5 else text.replace("-", ".", 1)
        case 5:
            return text.replace(".", rng.choice(["-", "", "..", ".0."]), 1)
        case _:
            return text.rsplit(".", 1)[0]


def pairs(scheme, seeds):
    """Pairs of real versions, and of nasty ones."""
    rng = random.Random(f"versions of {scheme}")
    versions, parts = real(scheme, seeds), PARTS[scheme].split()
    whole = [(rng.choice(versions), rng.choice(versions)) for _ in range(MADE[0])]
    made = []
    for _ in range(MADE[1]):
        if rng.random() < 0.4:
            start = rng.choice(["1", "1.0", "1.0.0", "1.0.0", "1.2.3", "0"])
            one, other = (start + "".join(rng.choice(parts) for _ in range(rng.randint(0, 3))) for _ in range(2))
        else:
            one = rng.choice(versions)
            for _ in range(rng.randint(0, 2)):
                one = changed(rng, one, parts)
            other = one
            for _ in range(rng.randint(1, 2)):
                other = changed(rng, other, parts)
        made.append((one, other))
    fine = re.compile(r"[!-~]{1,200}")
    return [list(dict.fromkeys(pair for pair in list_ if all(map(fine.fullmatch, pair)))) for list_ in (whole, made)]


def asked(command, text, **more):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, **more).stdout.split("\n")[:-1]


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split("\n")[0]


def ask_pep440(text):
    import packaging
    from packaging.version import InvalidVersion, Version

    def one(line):
        versions = []
        for at, version in enumerate(line.split("\t")):
            try:
                versions.append(Version(version))
            except InvalidVersion:
                return f"!{at + 1}"
        return "<" if versions[0] < versions[1] else ">" if versions[0] > versions[1] else "="

    return f"packaging {packaging.__version__}", [one(line) for line in text.splitlines()]


def ask_debian(text):
    def is_right(version):
        return subprocess.run(["dpkg", "--validate-version", version], capture_output=True, check=False).returncode == 0

    right = {}

    def one(line):
        pair = line.split("\t")
        for at, version in enumerate(pair):
            if version not in right:
                right[version] = is_right(version)
            if not right[version]:
                return f"!{at + 1}"
        for word, sign in [("lt", "<"), ("eq", "="), ("gt", ">")]:
            if subprocess.run(["dpkg", "--compare-versions", pair[0], word, pair[1]], capture_output=True, check=False).returncode == 0:
                return sign
        raise ValueError(line)

    return first_line("dpkg-query", "-W", "-f=dpkg ${Version}", "dpkg"), [one(line) for line in text.splitlines()]


def ask_rpm(text):
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
        file.write(text)
        file.flush()
        script = (
            f"for line in io.lines('{file.name}') do local a, b = line:match('^(.*)\\t(.*)$') "
            "print(({[-1]='<',[0]='=',[1]='>'})[rpm.vercmp(a, b)]) end"
        )
        with tempfile.NamedTemporaryFile("w", suffix=".lua") as lua:
            lua.write(script)
            lua.flush()
            answers = asked(["rpm", "--eval", f"%{{lua:dofile('{lua.name}')}}"], "")
    # What is printed is put together without line ends.
    return first_line("rpm", "--version"), list("".join(answers))


def ask_go(text):
    environment = {**os.environ, "GO111MODULE": "off", "GOPATH": os.environ.get("GOPATH", "/usr/share/gocode"), "GOFLAGS": ""}
    version = first_line("dpkg-query", "-W", "-f=golang.org/x/mod ${Version}", "golang-golang-x-mod-dev")
    return version, asked(["go", "run", str(HERE / "peers/go.go")], text, env=environment)


def ask_maven(text):
    library = os.environ.get("MAVEN_LIB", "/usr/share/maven/lib")
    version = first_line("dpkg-query", "-W", "-f=maven-artifact ${Version}", "libmaven3-core-java")
    return version, asked(["java", "-cp", f"{library}/*", str(HERE / "peers/Maven.java")], text)


def ask_nuget(text):
    with tempfile.TemporaryDirectory() as folder:
        program = f"{folder}/peer.exe"
        subprocess.run(["mcs", f"-out:{program}", str(HERE / "peers/nuget.cs")], check=True)
        tool = os.environ["NUGET_EXE"]
        return Path(tool).name, asked(["mono", program, tool], text)


def node_semver():
    return first_line("node", "-p", "'node-semver ' + require('semver/package.json').version")


ASK = {
    "semver": lambda text: (node_semver(), asked(["node", str(HERE / "peers/npm.js"), "strict"], text)),
    "npm": lambda text: (node_semver(), asked(["node", str(HERE / "peers/npm.js"), "loose"], text)),
    "go": ask_go,
    "hex": lambda text: ("Elixir " + first_line("elixir", "--short-version"), asked(["elixir", str(HERE / "peers/hex.exs")], text)),
    "nuget": ask_nuget,
    "pep440": ask_pep440,
    "maven": ask_maven,
    "rubygems": lambda text: ("RubyGems " + first_line("gem", "--version"), asked(["ruby", str(HERE / "peers/rubygems.rb")], text)),
    "composer": lambda text: (
        first_line("dpkg-query", "-W", "-f=composer/semver ${Version}", "php-composer-semver"),
        asked(["php", str(HERE / "peers/composer.php")], text),
    ),
    "debian": ask_debian,
    "rpm": ask_rpm,
}


def make(scheme, seeds):
    tool, lines, refused = "", [], {}
    for listed, most in zip(pairs(scheme, seeds), KEPT):
        tool, answers = ASK[scheme]("".join(f"{one}\t{other}\n" for one, other in listed))
        assert len(answers) == len(listed), (scheme, len(answers), len(listed))
        kept = 0
        for pair, answer in zip(listed, answers):
            if answer.startswith("!"):
                refused[pair[int(answer[1]) - 1]] = None
            elif kept < most:
                lines.append(f"{answer}\t{pair[0]}\t{pair[1]}")
                kept += 1
    # The nasty ones were refused last.
    refused = list(refused)[-REFUSED:]
    head = [
        f"# Made by tests/versions/pairs.py; what {tool} says.",
        "# The first is lower (<), the same (=) or higher (>); a single version (!) is refused.",
    ]
    FIXTURES.mkdir(exist_ok=True)
    text = "\n".join([*head, *lines, *(f"!\t{version}" for version in refused)])
    (FIXTURES / f"{scheme}.tsv").write_text(text + "\n")
    print(f"{scheme}: {len(lines)} pairs, {len(refused)} refused, by {tool}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("schemes", nargs="*")
    arguments = parser.parse_args()
    failed = False
    for scheme in arguments.schemes or ASK:
        try:
            make(scheme, arguments.seeds)
        except (OSError, KeyError, ImportError, subprocess.CalledProcessError) as missing:
            print(f"{scheme}: its tool is not here or does not run: {missing}", file=sys.stderr)
            failed = True
    sys.exit(3 if failed else 0)


if __name__ == "__main__":
    main()
