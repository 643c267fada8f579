#!/usr/bin/python3
# Stands in for a customer's panel: hook contract v1, one state file a target, every call in a log.
import json
import os
import sys

PANEL = "@PANEL@"
WANTED = {"service.terminate": "terminated", "account.suspend": "suspended",
          "credential.reset": "reset", "notify.team": "sent"}


def main():
    verb, order = sys.argv[1], json.load(sys.stdin)
    target = order["action_id"] if order["kind"] == "notify.team" else order["target"]
    path = os.path.join(PANEL, f"{order['kind']}-{target}")
    if verb == "state" and os.path.exists(os.path.join(PANEL, "no_state")):
        return 64
    if verb == "state":
        state = open(path).read() if os.path.exists(path) else "active"
        print(json.dumps({"state": state}))
        return 0
    if os.path.exists(os.path.join(PANEL, "fail")):
        return 75
    with open(os.path.join(PANEL, "calls.jsonl"), "a") as calls:
        calls.write(json.dumps({"verb": verb, **order}) + "\n")
    with open(path, "w") as file:
        file.write(WANTED[order["kind"]] if verb == "act" else order["state_before"] or "active")
    return 0


if __name__ == "__main__":
    sys.exit(main())
