#!/usr/bin/env python3
"""What nobody confirmed is shown, and then erased in time by the enforcer; what is on legal hold is
not; the log verifies, and the addendum says who, what and why. The enforcer's clock is moved."""

import json
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402

sys.path.insert(0, f"{TOP}/tests/fire")
import raw_milter  # noqa: E402

BINARY = sys.argv[1]
DAY = 86_400
SERVICES = [{"account": f"acct-{name}", "service": name, "plan": "starter", "holder": f"h-{name}",
             "created": "2024-01-01",
             "identities": [{"kind": "login", "value": f"{name}@{name}.example"}]}
            for name in ("shop", "blog")]
HOLDERS = [{"holder": f"h-{name}", "name": f"holder of {name}", "email": f"{name}@dest.example"}
           for name in ("shop", "blog")]
FAILED = []


def check(what, holds, said=""):
    print(f"{'ok  ' if holds else 'FAIL'} {what}" + ("" if holds else f": {said}"), flush=True)
    if not holds:
        FAILED.append(what)


def send(host, login):
    client = raw_milter.RawMilter(host.socket)
    client.negotiate()
    client.connect()
    macros = {**raw_milter.SUBMISSION, "{auth_authen}": login}
    client.mail(login, macros)
    client.send(b"R", b"<a@dest.example>\0")
    client.send(b"L", b"Subject\0 pills\0")
    client.send(b"B", b"buy these pills\r\n")
    client.end()
    client.close()


def wait(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


class World:
    def __init__(self, host):
        self.host, self.bailiff = host, host.bailiff
        self.shift = f"{host.dir}/shift"
        self.move(0)

    def move(self, seconds):
        with open(self.shift, "w") as file:
            file.write(f"{seconds}\n")

    def enforcer(self):
        self.bailiff.start("enforcer", BAILIFF_CLOCK_SHIFT=self.shift, BAILIFF_CLOCK_SYNCED="1")

    def shown(self):
        return json.loads(self.bailiff.cli("retention", "show", "--json"))

    def erasures(self, case):
        return [event for event in self.bailiff.case(case)["case"]["events"]
                if event["what"].startswith("custody erase")]

    def newest_custody(self, case):
        folder = f"{self.host.dir}/bag-{case}"
        self.bailiff.export(case, folder)
        text = ""
        for name in os.listdir(folder):
            path = f"{folder}/{name}/data/8-custody/custody.jsonl"
            if "addendum" in name and os.path.exists(path):
                with open(path) as file:
                    text += file.read()
        return folder, text


def main():
    with Host(BINARY, with_signer=True, top="[log]\ncheckpoint_seconds = 1\n") as host:
        world, bailiff = World(host), host.bailiff
        bailiff.import_directory(SERVICES, HOLDERS)
        bailiff.start("signer", "milter")
        world.enforcer()
        for name in ("shop", "blog"):
            send(host, f"{name}@{name}.example")
        cases = {row["service"]: row["id"] for row in bailiff.cases()}
        check("two cases for review", sorted(cases) == ["blog", "shop"], bailiff.cases())
        loose, held = cases["shop"], cases["blog"]
        wait(lambda: bailiff.status()["enforcer"]["evidence"]["unsealed_cases"] == 0)
        shown = world.shown()
        check("both are to come", (shown["due"], shown["next"]) == (0, 2), shown)
        bailiff.cli("case", "legal-hold", held, "--what", "set", "--by", "dpo",
                    "--reason", "a court asks")

        bailiff.stop("enforcer")
        world.move(20 * DAY)
        bailiff.configure(sections=bailiff.values["sections"] + '[retention]\njob = "show"\n')
        world.enforcer()
        shown = world.shown()
        check("20 days later one is due and one held",
              (shown["due"], shown["held"], shown["due_by_job"]) == (1, 1, 0), shown)
        check("each says why",
              [(line["case"], line["held_by"]) for line in shown["lines"]]
              == [(loose, ""), (held, "legal_hold")], shown)
        time.sleep(3)
        check("job = show erases nothing", world.erasures(loose) == [])
        text = bailiff.cli("retention", "show")
        check("a person reads it", "1 due, 1 held back, 0 more" in text
              and "The case is on legal hold." in text, text)

        bailiff.stop("enforcer")
        bailiff.configure(sections=bailiff.values["sections"].replace(
            'job = "show"', "erasures_a_day = 0"))
        world.enforcer()
        check("without budget there is an alarm",
              wait(lambda: bailiff._journal_says("enforcer", "retention_state")))
        check("and nothing is erased", world.erasures(loose) == [])
        check("and it is shown", "erasures_a_day" in world.shown()["stopped"])

        bailiff.stop("enforcer")
        bailiff.configure(sections=bailiff.values["sections"].replace("erasures_a_day = 0", ""))
        world.enforcer()
        check("the enforcer erases it by itself", wait(lambda: world.erasures(loose)))
        events = world.erasures(loose)
        check("in the name of the rule", len(events) == 1 and events[0]["by"] == "retention"
              and "retention.unconfirmed_days = 14" in events[0]["reason"], events)
        check("the held one is there", world.erasures(held) == [])
        run = bailiff.cli("retention", "run", "--by", "dpo", "--reason", "by hand")
        check("a person erases no held one either", run == "0 erased\n", run)

        folder, custody = world.newest_custody(loose)
        check("the addendum says who, what, why",
              all(part in custody for part in ('"action":"erase"', '"object":"all"', "retention",
                                               "unconfirmed_days = 14")), custody)
        check("its message is gone", not os.path.exists(f"{folder}/{loose}/data/4-content"))
        for name in sorted(os.listdir(folder)):
            if os.path.exists(f"{folder}/{name}/bagit.txt"):
                done = subprocess.run(["sh", "seals/verify.sh"], cwd=f"{folder}/{name}",
                                      capture_output=True, check=False)
                check(f"bag {name} verifies", done.returncode == 0, done.stderr)
        folder, _ = world.newest_custody(held)
        check("the held message opens",
              os.path.exists(f"{folder}/{held}/data/4-content/msg-0001.eml"))
        done = subprocess.run([BINARY, "log", "verify", "--config", bailiff.config],
                              capture_output=True, check=False)
        check("the log verifies", done.returncode == 0, done.stdout + done.stderr)
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
