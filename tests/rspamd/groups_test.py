#!/usr/bin/env python3
"""No symbol that we weigh is in a group that rspamd is not asked for: BAILIFF WEIGHTS."""

import json
import re
import subprocess
import sys


def said(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def weighing(path):
    with open(path) as file:
        rows = [line.split("#")[0].split() for line in file]
    return {row[0] for row in rows if len(row) == 2 and float(row[1]) != 0}


def members(groups):
    """group -> its symbols, those that name it as a further group included."""
    found = {}
    for name, group in groups.items():
        for symbol, row in group.get("symbols", {}).items():
            for each in (name, *row.get("extra_groups", [])):
                found.setdefault(each, set()).add(symbol)
    return found


def main():
    binary, weights = sys.argv[1:]
    example = said(binary, "config", "example")
    off = json.loads(re.search(r"^#groups_off = (\[.*\])$", example, re.M).group(1))
    known = members(json.loads(said("rspamadm", "configdump", "-g", "-C")))
    ours = weighing(weights)
    assert off and len(ours) > 50, (off, len(ours))
    lost = {group: sorted(ours & known[group]) for group in off}
    empty = [group for group in off if len(known[group]) < 5]
    counts = {group: len(known[group]) for group in off}
    # That the test can fail: a group that we do weigh is seen as such.
    assert ours & known["surbl"], "the weights name no symbol of surbl any more"
    print(f"{len(ours)} symbols weigh; groups that are off: {counts}")
    if any(lost.values()) or empty:
        raise SystemExit(f"these weigh and would never be heard: {lost}; too small: {empty}")


main()
