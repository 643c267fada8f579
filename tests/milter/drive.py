#!/usr/bin/env python3
"""Runs one miltertest script against echo_milter in a directory of its own.

    drive.py MILTERTEST ECHO_MILTER SCRIPT

miltertest may stop a script silently and may leave the filter running; so a script counts as passed
only when it printed its last line, the filter said that it ended well, and no sanitizer spoke.
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time


def events(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="ascii") as lines:
        return [json.loads(line) for line in lines]


def end_leftover(pid):
    """Kills the filter that this script started, if it is still that program."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            name, state = re.match(r"\d+ \((.*)\) (\w)", stat.read()).groups()
        if name == "echo_milter" and state != "Z":
            os.kill(pid, signal.SIGKILL)
            return True
    except (OSError, ValueError):
        pass
    return False


def complaints(script, code, output, told):
    if code != 0:
        yield f"miltertest ended with {code}"
    if not re.search(r"^done: \d+ checks$", output, re.M):
        yield "the script did not reach its end"
    if re.search(r"Sanitizer|runtime error:", output):
        yield "a sanitizer spoke"
    ends = [event for event in told if event.get("event") == "end"]
    starts = [event for event in told if event.get("event") == "open"]
    wanted = 0 if "no-end-expected" in script else len(starts)
    if len(ends) < wanted or not all(event["good"] for event in ends):
        yield f"{len(starts)} filters started, ends: {ends}"


def main():
    miltertest, echo, script = sys.argv[1:]
    with open(script, encoding="ascii") as file:
        text = file.read()
    library = os.path.join(os.path.dirname(os.path.abspath(script)), "lib")
    with tempfile.TemporaryDirectory(prefix="bailiff-milter-") as directory:
        out = os.path.join(directory, "out.jsonl")
        command = [miltertest, "-s", os.path.abspath(script)]
        for name, value in {
            "ECHO": echo,
            "SOCK": f"unix:{directory}/milter.sock",
            "OUT": out,
            "SANITIZE": os.environ.get("BAILIFF_SANITIZE", ""),
            "LIB": os.path.join(library, "lib.lua"),
        }.items():
            command += ["-D", f"{name}={value}"]
        try:
            run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT, timeout=90, cwd=directory, check=False)
            code, output = run.returncode, run.stdout.decode("utf-8", "replace")
        except subprocess.TimeoutExpired as late:
            code, output = -1, (late.stdout or b"").decode("utf-8", "replace")
        time.sleep(0.05)
        told = events(out)
        wrong = list(complaints(text, code, output, told))
        wrong += [f"filter {event['pid']} was left running" for event in told
                  if event.get("event") == "open" and end_leftover(event["pid"])]
        if wrong:
            print(output)
            print("\n".join(json.dumps(event) for event in told))
            print("FAILED: " + "; ".join(wrong))
            sys.exit(1)
        print(output.splitlines()[-1])


main()
