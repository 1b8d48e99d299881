"""Writes the workflows of a page of documentation from standard input, one file each, into a folder: its yaml blocks that say `on:`."""

import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])
blocks = re.findall(r"^```yaml\n(.*?)^```$", sys.stdin.read(), re.M | re.S)
workflows = [block for block in blocks if re.search(r"^on:", block, re.M)]
if not workflows:
    sys.exit("the page has no workflow")
for number, block in enumerate(workflows):
    (folder / f"block-{number}.yml").write_text(block)
