#!/usr/bin/env python3
"""A rule that matches everything beside an rspamd that condemns everything: how far it gets.

  runaway_fire.py BINARY [--short]
"""

import argparse
import concurrent.futures
import datetime
import json
import os
import re
import shutil
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/fire"]
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402
from testbed.roles import MILTER, NO_BUDGETS, Bailiff  # noqa: E402

import rspamd_stub  # noqa: E402
from mail_door import deliver  # noqa: E402
from tally import Tally  # noqa: E402

MISTAKE = "body EVERYTHING /./\nscore EVERYTHING 9\ndescribe EVERYTHING A rule gone wrong\n"
MENDED = "body NOTHING /no such words/\nscore NOTHING 9\ndescribe NOTHING A rule put right\n"
SUSPENSIONS = 5
BUDGETS = f"""\
actions_per_hour = {2 * SUSPENSIONS}
actions_per_rule = 1000
terminations_per_day = {SUSPENSIONS}
accounts_percent = 100
"""
BY = ("--by", "Ada Analyst", "--reason", "a rule gone wrong")


def condemns(peer, request):
    answer = json.loads(rspamd_stub.reply_json(rspamd_stub.id_in(request)))
    answer["symbols"]["CONDEMNED"] = {"score": 9, "options": []}
    peer.sendall(rspamd_stub.with_length(json.dumps(answer).encode()))


class Host:
    """with Host(binary, services=N) as host: both roles, no MTA."""

    def __init__(self, binary, services, mode="enforce", budgets=BUDGETS, holds=20, copies=1):
        self.dir = tempfile.mkdtemp(prefix="bailiff-")
        os.chmod(self.dir, 0o755)
        self.rules, self.socket = f"{self.dir}/rules", f"{self.dir}/socket/milter.sock"
        for path in (self.rules, f"{self.dir}/socket"):
            os.makedirs(path)
        os.chown(f"{self.dir}/socket", MILTER, -1)
        self.write_rules(MISTAKE)
        with open(f"{self.rules}/rspamd.weights", "w") as file:
            file.write("* 0\nCONDEMNED 9\n")
        self.stub = rspamd_stub.Stub(f"{self.dir}/rspamd.sock", condemns)
        self.bailiff = Bailiff(f"{self.dir}/bailiff", os.path.abspath(binary), self.socket,
                               rspamd_socket=self.stub.path, mode=mode, rules=self.rules,
                               milter_extra=f"holds_per_hour = {holds}",
                               enforcer_extra=budgets)
        self.bailiff.import_directory([
            {"account": f"acct-{n}-{copy}", "service": f"s{n}-{copy}", "plan": "p",
             "created": "2024-01-01", "identities": [{"kind": "login", "value": login(n)}]}
            for n in range(services) for copy in range(copies)])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.bailiff.stop()
        finally:
            self.stub.stop()
            shutil.rmtree(self.dir, ignore_errors=True)

    def write_rules(self, text):
        with open(f"{self.rules}/10.cf", "w") as file:
            file.write(text)

    def send(self, services):
        """One honest message from each service, twenty at once; kinds of reply by number."""
        def one(n):
            text = f"an honest order {n} {time.monotonic_ns()}"
            return deliver(self.socket, text, "b@dest.example", login=login(n),
                           queue_id=f"4jQ{n}").kind
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            kinds = list(pool.map(one, services))
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}

    def settle(self, seconds=300):
        wait_until("the outbox to empty", self.bailiff.outbox_empty, seconds)

    def wait_free(self):
        """What the panel has stopped after it had time to take everything back."""
        deadline = time.monotonic() + 30
        while self.stopped_now() and time.monotonic() < deadline:
            time.sleep(0.2)
        return self.stopped_now()

    def confirmed(self):
        time.sleep(1.2)  # the milter writes its figures each second
        return self.bailiff.status()["milter"]["verdicts"]["confirmed"]

    def acts(self, kind, verb="act"):
        return {call["target"] for call in self.bailiff.hook_calls()
                if call["kind"] == kind and call["verb"] == verb}

    def stopped_now(self):
        """What the panel has that is not active."""
        states = {}
        for name in os.listdir(self.bailiff.panel):
            if name.startswith(("service.", "account.")):
                with open(f"{self.bailiff.panel}/{name}") as file:
                    states[name] = file.read()
        return {name: state for name, state in states.items() if state != "active"}

    def breaker(self):
        return json.loads(self.bailiff.cli("breaker", "show", "--json"))

    def alarms(self):
        """Names of all that either role has told; that this host has no keys is no news."""
        names = []
        for role in ("milter", "enforcer"):
            with open(f"{self.bailiff.dir}/log/{role}.log", errors="replace") as log:
                names += [line.split()[2] for line in log if f"{role} alarm " in line]
        return [name for name in names if name != "not_sealed_at_rest"]

    def undo(self, since, *more):
        said = self.bailiff.cli("undo", "--since", since, *BY, *(more or ("--rule", "EVERYTHING")))
        return int(re.search(r"(\d+) cases undone, 0 failed", said).group(1))


def login(number):
    return f"user{number}@hosted.example"


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def harm(binary, tally):
    """Without budgets the mistake reaches everybody."""
    with Host(binary, 40, budgets=NO_BUDGETS, holds=1000) as host:
        host.bailiff.start()
        host.send(range(40))
        host.settle()
        reached = len(host.acts("account.suspend"))
        tally.check(f"without budgets: {reached} of 40 accounts are suspended", reached == 40)
    with Host(binary, 40) as host:
        host.bailiff.start(BAILIFF_REMOVE_GUARD="budget_is_checked_twice")
        host.send(range(40))
        host.settle()
        reached = len(host.acts("account.suspend"))
        tally.check(f"without the enforcer's guard: {reached} are suspended (the milter held 20)",
                    reached > SUSPENSIONS)


def runaway(binary, tally, services, holds):
    with Host(binary, services, holds=holds) as host:
        host.bailiff.start()
        since, begun = now(), time.monotonic()
        kinds = host.send(range(services))
        took = time.monotonic() - begun
        host.settle()
        confirmed = host.confirmed()
        tally.check(f"{confirmed} verdicts are confirmed, in {took:.1f} s; "
                                           f"replies {kinds}", confirmed >= services)
        suspended, ended = host.acts("account.suspend"), host.acts("service.terminate")
        tally.check(f"{len(suspended)} accounts suspended, {len(ended)} services terminated "
                    f"of {services}", len(suspended) <= SUSPENSIONS and len(ended) <= SUSPENSIONS)
        tally.check("0 purges", not host.acts("service.purge"))
        breaker = host.breaker()
        opened = datetime.datetime.fromisoformat(breaker["since"].replace("Z", "+00:00"))
        after = (opened - datetime.datetime.fromisoformat(since.replace("Z", "+00:00")))
        tally.check(f"the breaker is open, after {after.total_seconds():.1f} s: "
                    f"{breaker['detail']}", breaker["open"] and after.total_seconds() <= 60)
        tally.check(f"alarms: {host.alarms()}", host.alarms() == ["breaker_opened"])
        sticky(host, tally, len(suspended))
        undone = host.undo(since)
        left = host.wait_free()
        tally.check(f"one command undoes {undone} cases; the panel has {len(left)} stopped",
                    undone >= services and not left)
        host.write_rules(MENDED)
        host.stub.behave = rspamd_stub.well
        host.bailiff.stop()
        host.bailiff.start()
        kinds = host.send(range(min(services, 100)))
        tally.check(f"all may send again: {kinds}", set(kinds) == {"proceed"})
        host.bailiff.cli("breaker", "reset", *BY)
        tally.check("and a person closes the breaker by name", not host.breaker()["open"])


def sticky(host, tally, before):
    host.bailiff.stop()
    host.bailiff.start()
    host.send(range(5))
    host.settle()
    same = len(host.acts("account.suspend")) == before and host.breaker()["open"]
    tally.check("after a restart and more of it nobody else is touched", same)


def command_line(binary, tally):
    """A person upholds all cases at once, and closes the breaker too early."""
    with Host(binary, 60) as host:
        host.bailiff.start()
        since = now()
        host.send(range(60))
        host.settle()
        cases = [case["id"] for case in host.bailiff.cases(state="open", count=1000)]
        for case in cases:
            host.bailiff.cli("case", "reject", case, *BY)
        time.sleep(3)  # what is put off is looked at every two seconds
        reached = len(host.acts("account.suspend"))
        tally.check(f"{len(cases)} cases upheld by a script: {reached} accounts suspended",
                    reached <= SUSPENSIONS)
        host.bailiff.cli("breaker", "reset", *BY)
        time.sleep(5)
        reached = len(host.acts("account.suspend"))
        tally.check(f"closed too early: it is open again at {reached}",
                    0 < reached <= SUSPENSIONS and host.breaker()["open"])
        undone = host.undo(since)
        tally.check(f"one command brings all {undone} back",
                    undone == len(cases) and not host.wait_free())


def doubled_directory(binary, tally):
    def run(**environment):
        with Host(binary, 30, copies=2, holds=1000, budgets=NO_BUDGETS) as host:
            host.bailiff.start(**environment)
            host.send(range(30))
            host.settle()
            return len(host.acts("account.suspend"))
    wrong = run(BAILIFF_REMOVE_GUARD="ambiguity_is_unknown")
    tally.check(f"a doubled directory, without the guard: {wrong} are suspended", wrong > 0)
    tally.check("a doubled directory: each login is two services', nobody is touched", run() == 0)


def observing(binary, tally, services):
    with Host(binary, services, mode="observe") as host:
        host.bailiff.start()
        since = now()
        kinds = host.send(range(services))
        host.settle()
        confirmed = host.confirmed()
        tally.check(f"observe: {confirmed} confirmed, replies {kinds}",
                    confirmed >= services and set(kinds) == {"proceed"})
        tally.check("observe: 0 hooks were called", not host.bailiff.hook_calls())
        report = json.loads(host.bailiff.cli("report", "--since", since, "--json"))
        would = {row["kind"]: row["count"] for row in report["actions"]
                 if row["state"] == "observed"}
        tally.check(f"observe: the report says what would have been: {would}",
                    would.get("service.terminate") == services == report["services"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--short", action="store_true", help="fewer services")
    options = parser.parse_args()
    namespace.enter()
    tally = Tally()
    services = 150 if options.short else 1000
    harm(options.binary, tally)
    runaway(options.binary, tally, services, holds=20)
    runaway(options.binary, tally, services, holds=100000)
    command_line(options.binary, tally)
    doubled_directory(options.binary, tally)
    observing(options.binary, tally, services)
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
