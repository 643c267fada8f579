#!/usr/bin/env python3
"""miltertest drives `bailiff milter` itself; the enforcer beside it runs the hooks."""

import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402
from testbed.process import wait_until  # noqa: E402


def drive(miltertest, host):
    done = subprocess.run(
        [miltertest, "-D", f"SOCK=unix:{host.socket}", "-D", "ECHO=", "-D", "OUT=/dev/null",
         "-D", f"LIB={TOP}/tests/milter/lib/lib.lua", "-s", f"{TOP}/tests/app/real.lua"],
        capture_output=True, timeout=120, check=False)
    output = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
    # miltertest may end silently: only its last line says that it came through.
    return bool(re.search(r"^done: \d+ checks$", output, re.M)), output


def outcome(host):
    wait_until("the outbox to empty", host.bailiff.outbox_empty, 30)
    calls = sorted(f"{call['verb']} {call['kind']} {call['service']}"
                   for call in host.bailiff.hook_calls())
    return calls


def main():
    with Host(sys.argv[1]) as host:
        host.bailiff.start()
        came_through, output = drive(sys.argv[2], host)
        print(output)
        calls = outcome(host)
        print("\n".join(calls))
        wanted = ["act account.suspend shop", "act credential.reset blog", "act notify.team blog",
                  "act notify.team shop", "act service.terminate shop"]
        for role in ("milter", "enforcer"):
            host.bailiff.processes[role].child.send_signal(signal.SIGHUP)
        wait_until("both roles to reload", lambda: all(
            host.bailiff._journal_says(role, "reloaded") for role in ("milter", "enforcer")), 20)
        statuses = host.bailiff.stop()
        print("statuses after TERM:", statuses)
        logs = "".join(open(f"{host.bailiff.dir}/log/{name}", errors="replace").read()
                       for name in os.listdir(f"{host.bailiff.dir}/log"))
        clean = not re.search(r"Sanitizer|runtime error:", logs)
        if not clean:
            print(logs)
        good = came_through and calls == wanted and clean and set(statuses.values()) == {0}
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
