#!/usr/bin/env python3
"""SIGKILL of the enforcer and of the milter, at every named point and at random under load.

    kill_fire.py BINARY [--short] [--random N]

The binary must be a development build: a release has no points. Each kill is a case of its own:
a service, a confirmed spam message (or a clean one), and afterwards where the message is and what was
done to the service. First the harm is shown: what these checks would see if the program, the hook or
Postfix were wrong.
"""

import argparse
import collections
import os
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [f"{TOP}/script", f"{TOP}/tests/fire"]
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402

from kill_host import KillHost, Service  # noqa: E402
from kill_random import random_kills  # noqa: E402
from tally import Tally, removable_guards  # noqa: E402

PIPELINE = ("taken", "checked", "intent_unwritten", "intent_written", "acted", "read_back",
            "outcome_unwritten", "outcome_written")
# The first write of an enforcer with one action due is the intent, the second the outcome.
WRITES = tuple(f"{point}:{nth}" for nth in (1, 2)
               for point in ("begin", "changed", "committed", "answered"))
HOOK_STARTS = tuple(f"hook_started:{nth}" for nth in (1, 2, 3))  # state, act, state
KINDS = ("service.terminate", "account.suspend", "notify.team")

MILTER = ("eom", "ask", "parse", "identify", "rules", "behaviour", "rspamd", "decide", "recording",
          "begin", "changed", "committed", "answered", "recorded", "reply_made", "reply_edited",
          "session_closed")
RECORDS = ("recording", "begin", "changed", "committed", "answered", "recorded")



class Table:
    """Point → what was seen."""

    def __init__(self, tally, title):
        self.tally, self.rows = tally, collections.Counter()
        tally.say(f"-- {title}")

    def row(self, variant, point, seen, held):
        self.rows[(variant, point)] += 1
        self.tally.check(f"{variant:16} {point:18} {seen}", held)


# -- the enforcer

def confirmed(host, service, queued=0):
    """A confirmed spam message of the service, its case written and no action run yet."""
    for n in range(queued):
        host.submit(service, f"{service.id}/queued{n}")
    host.submit(service, f"{service.id}/first")
    answer = host.submit(service, f"{service.id}/spam", spam=True)
    if answer.code // 100 != 5 or not answer.case:
        raise AssertionError(f"the spam of {service.id} was not refused: {answer.code}")
    return answer.case


def is_sound(states, effects, blind):
    """Without a state: `done` was done, `unknown` at most once, what waits was not."""
    if not blind:
        return all(states[k] == "verified" and effects.get(k) == 1 for k in KINDS)
    bounds = {"done": (1, 1), "unknown": (0, 1), "waiting": (0, 0)}
    return all(states[k] in bounds and
               bounds[states[k]][0] <= effects.get(k, 0) <= bounds[states[k]][1] for k in KINDS)


def kill_enforcer(host, table, variant, service, point):
    case = confirmed(host, service)
    died = host.run_to_death("enforcer", point)
    host.start("enforcer")
    states = {a["kind"]: a["state"] for a in host.settle_case(case)}
    time.sleep(2 if "slow" in service.id else 0)  # what the dead one has started may still come
    effects = host.effects_of(service)
    host.bailiff.stop("enforcer")
    seen = ", ".join(f"{kind} {states.get(kind)} ×{effects.get(kind, 0)}" for kind in KINDS)
    table.row(variant, point, f"{'killed' if died else 'NOT KILLED'}; {seen}",
              died and is_sound(states, effects, "blind" in service.id))


def kill_with_queue(host, table, service, point):
    case = confirmed(host, service, queued=2)
    died = host.run_to_death("enforcer", point)
    host.start("enforcer")
    states = {a["kind"]: a["state"] for a in host.settle_case(case)}
    host.bailiff.stop("enforcer")
    rows = [r["queue_name"] for r in host.site.postfix.queued() if r["sender"] == service.sender]
    effects = host.effects_of(service)
    deliverable = [name for name in rows if name != "hold"]
    held = states["queue.hold"] == "verified" and len(rows) == 3 and not deliverable
    table.row("queue.hold", point,
              f"{'killed' if died else 'NOT KILLED'}; queue.hold {states['queue.hold']}: "
              f"{len(deliverable)} of {len(rows)} deliverable; the rest once: {effects}",
              died and held and is_sound(states, effects, blind=False))


def enforcer_cases(short):
    if short:
        return [("state", "acted"), ("blind", "intent_written"), ("blind", "acted")]
    return [(variant, point) for variant in ("state", "blind")
            for point in PIPELINE + WRITES + HOOK_STARTS] + \
        [("slow", "hook_started:2"), ("slow-blind", "hook_started:2")]


def show_harm(host, tally, service, why, **environment):
    """The act is repeated, and the count sees it."""
    tally.say(f"-- the harm: {why}")
    case = confirmed(host, service)
    host.run_to_death("enforcer", "acted")
    host.start("enforcer", **environment)
    times = wait_until("the hook to be run again", lambda: max(
        n for n in [0, *host.effects_of(service).values()]) > 1, 30)
    host.bailiff.cli("case", "reinstate", case, "--by", "Fire Test", "--reason", "a drill")
    host.settle_case(case)
    host.bailiff.stop("enforcer")
    tally.check(f"then it is there more than once: {host.effects_of(service)}", times)


def enforcer(binary, tally, short):
    cases = [(v, p, Service(f"{v}-{n}")) for n, (v, p) in enumerate(enforcer_cases(short))]
    lying, unasked = Service("lying-1"), Service("blind-unasked")
    with KillHost(binary, [s for _, _, s in cases] + [lying, unasked], hold=False) as host:
        host.start("milter")
        host.site.postfix.start()
        show_harm(host, tally, unasked, "an interrupted act is not asked for first",
                  BAILIFF_REMOVE_GUARD="interrupted_is_asked_first")
        if not short:
            show_harm(host, tally, lying, "a hook that says nothing had been done")
        table = Table(tally, "the enforcer: hook that tells its state, hook that does not")
        for variant, point, service in cases:
            kill_enforcer(host, table, variant, service, point)
    return len(table.rows)


def enforcer_and_queue(binary, tally, points):
    services = [Service(f"queue-{n}") for n in range(len(points))]
    with KillHost(binary, services) as host:
        host.start("queue", "milter")
        host.defer_mail()
        host.site.postfix.start()
        table = Table(tally, "the enforcer, holding what the service has queued")
        for service, point in zip(services, points):
            kill_with_queue(host, table, service, point)
    return len(table.rows)


# -- the milter

def send_through(host, service, door, mark, spam, worker):
    """One message to its end, over the death of the milter. Returns the client's answer."""
    def come_back():
        wait_until("the milter to be there again",
                   lambda: host.bailiff.worker() not in (None, worker), 20)
        if spam:  # the rate counters died, too: without this the retry would be spam, not confirmed
            host.submit(service, f"{mark}/again")

    if door == "submission":
        return host.submit(service, mark, spam, before_retry=come_back)
    host.script(service, mark, spam)
    end = time.monotonic() + 15
    while not host.died("milter") and not host.places(mark) and time.monotonic() < end:
        time.sleep(0.02)
    if host.died("milter"):
        come_back()
        while not host.places(mark) and time.monotonic() < end:
            host.pick_up()
            time.sleep(0.3)
    return None


def kill_milter(host, table, door, spam, service, point):
    mark = f"{service.id}/{'spam' if spam else 'clean'}"
    if spam:
        host.submit(service, f"{mark}/first")
    worker = host.bailiff.worker()
    host.choose("milter", point)
    answer = send_through(host, service, door, mark, spam, worker)
    wait_until("the queue to empty", host.site.postfix.idle, 30)
    wait_until("maildrop to empty", lambda: not host.maildrop(), 30)
    time.sleep(0.05)
    if host.spare("milter"):
        return table.row(f"{door} {'spam' if spam else 'clean'}", point, "never passed", False)
    wait_until("the milter", lambda: host.bailiff.worker() not in (None, worker), 20)
    judge_milter(host, table, door, spam, service, point, mark, answer)
    return host.renew_milter()


def judge_milter(host, table, door, spam, service, point, mark, answer):
    places = host.places(mark)
    if answer is not None and answer.code // 100 == 5:
        places["refused"] = 1
    path = "zero_tolerance" if door == "submission" else "compromised"
    cases = host.cases_of(service)
    for case in cases:
        host.settle_case(case["id"])
    effects = host.effects_of(service)
    wanted = {"zero_tolerance": set(KINDS), "compromised": {"credential.reset", "notify.team"}}
    end = {"submission": "refused", "local": "hold"}[door] if spam else "sink"
    held = places == {end: 1}
    if spam and door == "local" and not cases:
        # Postfix was faster with the retry than we with mail that brings the second witness.
        review = host.cases_of(service, "review")
        held = held and len(review) == 1 and not effects
        path = f"review {len(review)}"
    elif spam:
        held = held and [c["path"] for c in cases] == [path]
        held = held and effects == {kind: 1 for kind in wanted[path]}
        held = held and (answer is None or any(c["id"] == answer.case for c in cases))
    else:
        held = held and not cases and not effects
    if answer is not None and point != "session_closed":  # then it had its answer
        held = held and answer.put_off and all(code // 100 == 4 for code in answer.put_off)
    said = "kept by pickup" if answer is None else f"{answer.put_off}, then {answer.code}"
    table.row(f"{door} {'spam' if spam else 'clean'}", point,
              f"killed; client: {said}; in {places}; {len(cases)} cases ({path if spam else 'clean'}), "
              f"effects {sorted(set(effects.values()))}", bool(held))


def milter_cases(short):
    if short:
        return [("submission", True, "committed"), ("local", False, "reply_edited")]
    cases = []
    for door in ("submission", "local"):
        for spam in (True, False):
            for point in MILTER:
                if point in RECORDS and not spam:
                    continue  # clean mail writes nothing
                if point == "reply_edited" and spam and door == "submission":
                    continue  # a refusal edits nothing
                cases.append((door, spam, point))
    return cases


def let_postfix_accept(host, tally, service):
    tally.say("-- the harm: Postfix accepts what the milter did not answer")
    host.set_postfix("milter_default_action=accept")
    host.submit(service, "harmed/first")
    host.choose("milter", "decide")
    host.submit(service, "harmed/spam", spam=True)
    seen = wait_until("the harm", lambda: host.places("harmed/spam"), 30)
    tally.check(f"then the spam is in {seen}", "sink" in seen)
    host.set_postfix("milter_default_action=tempfail")


def milter(binary, tally, short):
    cases = [(*case, Service(f"mail-{n}")) for n, case in enumerate(milter_cases(short))]
    harmed = Service("harmed-1")
    with KillHost(binary, [c[-1] for c in cases] + [harmed]) as host:
        host.start("queue", "milter", "enforcer")
        host.site.postfix.start()
        if not short:
            let_postfix_accept(host, tally, harmed)
        table = Table(tally, "the milter at each point of end-of-message")
        for door, spam, point, service in cases:
            kill_milter(host, table, door, spam, service, point)
    return len(table.rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--short", action="store_true", help="a few points")
    parser.add_argument("--random", type=int, default=0, help="so many random kills, and no points")
    arguments = parser.parse_args()
    binary = os.path.abspath(arguments.binary)
    namespace.enter()
    if not removable_guards(binary):
        sys.exit("this needs a development build: a release has no points to be killed at")
    tally = Tally()
    if arguments.random:
        random_kills(binary, tally, arguments.random)
        tally.end()
    points = enforcer(binary, tally, arguments.short)
    if not arguments.short:
        points += enforcer_and_queue(binary, tally, PIPELINE + WRITES)
    points += milter(binary, tally, arguments.short)
    tally.say(f"{points} points: role × door or hook × place")
    tally.end()


if __name__ == "__main__":
    main()
