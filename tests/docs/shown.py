#!/usr/bin/env python3
"""Holds the ```text blocks of a page against what its ```sh blocks printed.

    shown.py PAGE FOLDER        FOLDER/NNN.out is the output of the page's NNNth sh block

A text block shows the output of the sh block before it, unless a ```console block comes between them. Its lines have to be there, next to each other and in their order; a line
`...` stands for any number of lines, and where a line ends with `...` the rest of it is left out. Dates, ages and digests differ
from run to run and are not compared. Ends with 1 where something else was printed, and shows both.
"""
import re
import sys
from pathlib import Path

MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
CHANGING = [
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME"),
    (r"\d{4}-\d\d-\d\d", "DAY"),
    (rf"\b\d{{1,2}} (?:{MONTHS}) \d{{4}}\b", "DAY"),
    (r"\b\d+ days?\b", "N days"),
    (r"\b[0-9a-f]{12,64}\b(?:\.\.\.)?", "DIGEST"),
    (r"\s+", " "),
]


def same(line):
    for pattern, name in CHANGING:
        line = re.sub(pattern, name, line)
    return line.strip()


def fits(shown, printed):
    return printed.startswith(shown[:-3].rstrip()) if shown.endswith("...") else shown == printed


def missing(block, output):
    """The first part of the block that the output does not hold, or nothing."""
    lines, at, part = [same(line) for line in output], 0, []
    for line in [*block, "..."]:
        if line.strip() != "...":
            part.append(line)
            continue
        wanted = [same(one) for one in part]
        places = range(at, len(lines) - len(wanted) + 1)
        found = next((p for p in places if all(map(fits, wanted, lines[p : p + len(wanted)]))), None)
        if found is None:
            return part
        at, part = found + len(wanted), []
    return None


def blocks(page):
    """(language, lines, number of the line) of each fenced block of the page."""
    language, lines, begin = None, [], 0
    for number, line in enumerate(page.splitlines(), 1):
        if line.startswith("```"):
            if language is None:
                language, lines, begin = line[3:].strip(), [], number
            else:
                yield language, lines, begin
                language = None
        elif language is not None:
            lines.append(line)


def main(page, folder):
    count, compared, wrong, run = 0, 0, 0, False
    for language, lines, number in blocks(Path(page).read_text(encoding="utf-8")):
        if language in ("sh", "console"):
            run = language == "sh"
            count += run
        elif language == "text" and run:
            output = (Path(folder) / f"{count:03}.out").read_text(encoding="utf-8", errors="replace").splitlines()
            compared += 1
            part = missing(lines, output)
            if part is not None:
                wrong += 1
                print(f"{page}:{number}: not in the output of sh block {count}:", *part, "its output:", *output, sep="\n    ")
    print(f"{Path(page).stem}: {compared} outputs as shown" if not wrong else f"{page}: {wrong} of {compared} outputs differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
