#!/usr/bin/env python3
"""Spam by one never touches another: every case of framing_cases.py through a real Postfix.

First with its guard taken away, when the wrong service must come to harm, or the case shows
nothing; then with all guards, when no service of anybody else may be touched.
"""

import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/e2e"]
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402
from testbed.roles import NO_BUDGETS  # noqa: E402
from testbed.site import Site  # noqa: E402

import framing_cases as framing  # noqa: E402

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


# A hacked form is its owner's own case, but never the end of his service.
OWN_PATH = {"local_door_is_compromise": {"compromised"}}


def make_site(binary):
    site = Site(binary, with_rspamd=False)
    rules = f"{site.dir}/rules"
    os.makedirs(rules)
    for name, text in (("10-test.cf", RULES), ("rspamd.weights", "* 0\n"),
                       ("traps", framing.TRAP + "\n")):
        with open(f"{rules}/{name}", "w") as file:
            file.write(text)
    site.bailiff.configure(rules=rules, sections=SETTINGS.format(traps=f"{rules}/traps"),
                           milter_extra="holds_per_hour = 1000",
                           enforcer_extra=NO_BUDGETS)
    return site


def harmed(site, run, case):
    return [call for call in site.bailiff.hook_calls()
            if call["service"] == run.v and call["kind"] in case.harm]


def play(site, run, case):
    """Two messages: the second within a minute is the second witness."""
    for _ in range(2):
        case.send(run)
        wait_until("Postfix to be idle", site.postfix.idle, 30)
    wait_until("the outbox to empty", site.bailiff.outbox_empty, 30)


def main():
    binary = sys.argv[1]
    namespace.enter()
    with make_site(binary) as site:
        cases = framing.CASES
        without = [framing.Run(site, n + 1, case.name) for n, case in enumerate(cases)]
        guarded = [framing.Run(site, n + 101, case.name) for n, case in enumerate(cases)]
        rows = [row for run in without + guarded for row in run.services()]
        site.bailiff.import_directory(rows)
        for run in without + guarded:
            if "submission" in run.name or run.name in ("auth_parameter",
                                                        "smuggled_second_message"):
                site.postfix.add_login(run.stranger, framing.PASSWORD)
        site.postfix.start()
        failures = unguarded_pass(site, cases, without) + guarded_pass(site, cases, guarded)
    guards = len({case.guard for case in cases})
    print(f"{len(cases)} mechanisms against {guards} guards, {failures} failures")
    return 1 if failures else 0


def unguarded_pass(site, cases, runs):
    failures = 0
    for guard in dict.fromkeys(case.guard for case in cases):
        site.bailiff.start(BAILIFF_REMOVE_GUARD=guard)
        for case, run in zip(cases, runs):
            if case.guard != guard:
                continue
            play(site, run, case)
            shown = bool(harmed(site, run, case))
            failures += not shown
            print(f"{'ok  ' if shown else 'FAIL'} without {guard}: {case.name} "
                  f"{'harms' if shown else 'DOES NOT HARM'} its victim", flush=True)
        site.bailiff.stop()
    return failures


def punished_paths(site, run):
    return {row["path"] for row in site.bailiff.cases(service=run.v)} - {"review"}


def guarded_pass(site, cases, runs):
    failures = 0
    site.bailiff.start()
    for case, run in zip(cases, runs):
        before = len(site.bailiff.hook_calls())
        play(site, run, case)
        own = OWN_PATH.get(case.guard, set())
        # Nobody at all may be touched: the senders are strangers.
        wrong = [call for call in site.bailiff.hook_calls()[before:] if not own] or \
            harmed(site, run, case) or punished_paths(site, run) - own
        failures += bool(wrong)
        print(f"{'FAIL' if wrong else 'ok  '} guarded: {case.name} {wrong or 'harms nobody'}",
              flush=True)
    # All that was sent was also judged, and most of it as spam: silence would prove nothing.
    wait_until("the status to be written", lambda: judged(site)[0] >= sum(r.sent for r in runs), 5)
    failures += judged(site)[1] < len(runs)
    print(f"{judged(site)[0]} messages judged, {judged(site)[1]} of them spam", flush=True)
    site.bailiff.stop()
    return failures


def judged(site):
    status = site.bailiff.status()["milter"]
    return (status["sessions"]["messages"],
            status["verdicts"]["spam"] + status["verdicts"]["confirmed"])


if __name__ == "__main__":
    sys.exit(main())
