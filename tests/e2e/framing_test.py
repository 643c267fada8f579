#!/usr/bin/env python3
"""Spam by one never touches another: all of framing_table.py through a real Postfix.

First each mechanism that a guard stands against, with that guard taken away, when the wrong service
must come to harm, or the case shows nothing. Then all cases with all guards: no service of anybody
but the true sender may be touched, what is unknown stays unknown, and the victim's honest mail
goes through.

    framing_test.py BINARY [--only WORDS]
    framing_test.py --table
"""

import argparse
import itertools
import os
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/e2e"]
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402
from testbed.roles import NO_BUDGETS  # noqa: E402
from testbed.site import Site  # noqa: E402

import framing_run as framing  # noqa: E402
import framing_table as table  # noqa: E402
from framing_oracle import Desk, Oracle  # noqa: E402

RULES = f"""\
body FRAMED_SPAM /{framing.SPAM}/
score FRAMED_SPAM 9
describe FRAMED_SPAM The text of the framing test
body GTUBE /XJS\\*C4JDBQADN1\\.NSBN3\\*2IDNEN\\*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL\\*C\\.34X/
score GTUBE 100
describe GTUBE The GTUBE test string
"""
SETTINGS = """\
[behaviour]
messages_per_minute = 1
[reputation]
traps = "{traps}"
score = 7.0
"""


def extend_postfix(postfix):
    """TLS with a certificate of its own, and a trusted hop that speaks IPv6."""
    etc = f"{postfix.dir}/etc"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=node1",
                    "-keyout", f"{etc}/tls.key", "-out", f"{etc}/tls.crt"],
                   check=True, capture_output=True)
    with open(f"{etc}/main.cf", "a") as file:
        file.write(f"smtpd_tls_security_level = may\nsmtpd_tls_cert_file = {etc}/tls.crt\n"
                   f"smtpd_tls_key_file = {etc}/tls.key\n")
    with open(f"{etc}/master.cf") as file:
        text = file.read()
    with open(f"{etc}/master.cf", "w") as file:
        file.write(text.replace("198.51.0.0/16", "198.51.0.0/16,[2001:db8::]/32") +
                   "tlsmgr unix - - n 1000? 1 tlsmgr\n")


def make_site(binary):
    site = Site(binary, with_rspamd=False)
    rules = f"{site.dir}/rules"
    os.makedirs(rules)
    for name, text in (("10-test.cf", RULES), ("rspamd.weights", "* 0\n"),
                       ("traps", framing.TRAP + "\n")):
        with open(f"{rules}/{name}", "w") as file:
            file.write(text)
    site.bailiff.configure(rules=rules, sections=SETTINGS.format(traps=f"{rules}/traps"),
                           milter_extra="holds_per_hour = 10000",
                           enforcer_extra=NO_BUDGETS)
    return site


class Stage:
    """The site, and the rows that its directory has."""

    def __init__(self, site, runs):
        self.site = site
        self.desk = Desk(f"{site.bailiff.dir}/run/desk.sock")
        self.rows = {run.number: run.services() for run in runs}
        self.environment = {}
        for run in runs:
            if run.case.sasl:
                site.postfix.add_login(run.stranger, framing.PASSWORD)
        self.import_rows()
        extend_postfix(site.postfix)
        site.postfix.start()

    def import_rows(self):
        self.site.bailiff.import_directory([row for rows in self.rows.values() for row in rows])

    def start(self, **environment):
        self.environment = environment
        self.site.bailiff.start(**environment)

    def stop(self):
        self.site.bailiff.stop()

    def play(self, runs):
        """All of them, and what comes of it; where rows change meanwhile, the enforcer waits."""
        self._send([run for run in runs if not run.case.rows_after])
        wait_until("the outbox to empty", self.desk.nothing_to_do, 180, 0.3)
        changing = [run for run in runs if run.case.rows_after]
        if not changing:
            return
        self.site.bailiff.stop("enforcer")
        self._send(changing)
        for run in changing:
            run.case.rows_after(run, self.rows[run.number])
        self.import_rows()
        self.site.bailiff.start("enforcer", **self.environment)
        for run in changing:
            if run.case.after:
                run.case.after(run)
        self.idle()
        wait_until("the outbox to empty", self.desk.nothing_to_do, 180, 0.3)

    def _send(self, runs):
        for run in runs:
            try:
                for _ in range(run.case.times):
                    run.case.send(run)
            except Exception as failure:  # of one case; the others are played all the same
                run.complaints.append(f"{type(failure).__name__}: {failure}")
        self.idle()

    def idle(self):
        wait_until("Postfix to be idle", lambda: framing.is_idle(self.site.postfix), 60)


def unguarded_pass(stage, runs):
    failures = 0
    for guard, group in itertools.groupby(runs, lambda run: run.mechanism.guard):
        group = list(group)
        stage.start(BAILIFF_REMOVE_GUARD=guard)
        stage.play(group)
        oracle = Oracle(stage.site, stage.desk)
        for run in group:
            shown = bool(oracle.harm(run))
            failures += not shown
            print(f"{'ok  ' if shown else 'FAIL'} without {guard}: {run.name} "
                  f"{'harms' if shown else 'DOES NOT HARM'} its victim", flush=True)
        stage.stop()
    return failures


def guarded_pass(stage, runs):
    """Returns how many runs failed, and how many actions there were on a wrong service."""
    stage.start()
    stage.play(runs)
    unknown = Oracle(stage.site, stage.desk).unknown()
    codes = {run.number: run.honest() for run in runs if run.case.clean}
    stage.idle()
    wait_until("the outbox to empty", stage.desk.nothing_to_do, 60)
    oracle = Oracle(stage.site, stage.desk)
    failures = wrong_actions = 0
    for run in runs:
        complaints = list(oracle.complaints(run))
        if codes.get(run.number, 250) != 250:
            complaints.append(f"the victim's honest mail is answered with {codes[run.number]}")
        wrong_actions += len(list(oracle.wrong_calls(run)))
        failures += bool(complaints)
        print(f"{'FAIL' if complaints else 'ok  '} guarded: {run.name} "
              f"{'; '.join(complaints) or 'harms nobody'}", flush=True)
    turned = len(unknown - oracle.unknown())
    failures += bool(turned)
    senders = {run.a for run in runs if run.case.true == "a"}
    calls = sum(call["service"] in senders for call in oracle.calls)
    print(f"{len(unknown)} cases of nobody, {turned} of them no longer unknown; "
          f"{calls} hook calls on the known attackers", flush=True)
    stage.stop()
    return failures, wrong_actions


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary", nargs="?")
    parser.add_argument("--only", default="", help="those with these words in their names")
    parser.add_argument("--table", action="store_true", help="prints the mechanisms, plays none")
    return parser.parse_args()


def main():
    given = arguments()
    table.check()
    if given.table:
        print(table.as_text())
        return 0
    namespace.enter()
    begun = time.monotonic()
    with make_site(given.binary) as site:
        pairs = table.pairs(given.only)
        shown = sorted((pair for pair in pairs if pair[0].guard and pair[1].shows),
                       key=lambda pair: pair[0].guard)
        number = itertools.count(1)
        without, guarded = ([framing.Run(site, next(number), *pair) for pair in some]
                            for some in (shown, pairs))
        stage = Stage(site, without + guarded)
        failures = unguarded_pass(stage, without)
        harmful = len(without) - failures
        failed, wrong_actions = guarded_pass(stage, guarded)
        failures += failed
    mechanisms = {mechanism.name for mechanism, _ in pairs}
    guards = {mechanism.guard for mechanism, _ in shown}
    print(f"{len(mechanisms)} mechanisms, {len(pairs)} cases: {wrong_actions} actions on a wrong "
          f"service; {harmful} harm without one of {len(guards)} guards; "
          f"{failures} failures, {time.monotonic() - begun:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
