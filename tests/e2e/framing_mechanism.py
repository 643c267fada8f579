"""What a mechanism and a case are, and the doors at which a case can be played."""

import dataclasses
from typing import Callable, Optional

from framing_run import Run

ENDS = ("service.terminate", "account.suspend")
ALL = ENDS + ("credential.reset",)

# The strengths of the cases that an attack may open; NO_CASE: it is refused, or is not spam.
UNKNOWN = frozenset({"unknown"})
ASSERTED = frozenset({"asserted"})
PROVEN = frozenset({"proven"})
NO_CASE = frozenset()


@dataclasses.dataclass
class Case:
    """One variation. What it sends must open cases of exactly these strengths."""
    name: str
    send: Callable[[Run], None]
    want: frozenset = UNKNOWN
    true: Optional[str] = None  # the true sender: v, "v old", a, or nobody whom we know
    harm: tuple = ALL           # kinds of action on the victim that would be wrong
    shows: bool = True          # played without the guard, too, if the mechanism has one
    sasl: bool = False          # the stranger has a login that the panel never told us of
    times: int = 2              # the second within a minute is the second witness
    rows: Optional[Callable] = None        # changes the rows of the directory
    rows_after: Optional[Callable] = None  # ... once more, between message and enforcement
    after: Optional[Callable] = None       # what is done when the new rows are there
    wrong: Optional[Callable] = None       # what went wrong beside actions, or nothing
    own_paths: frozenset = frozenset()     # paths that the victim itself has earned
    clean: bool = True                     # its honest mail must still go through afterwards


@dataclasses.dataclass
class Mechanism:
    """One way to make something look like somebody else's."""
    name: str
    attack: str             # what the attacker does
    cases: list
    guard: str = ""         # the removable guard that stands against it
    stopped_by: str = ""    # without one: why the code cannot be deceived so


def by_script(run, data):
    run.script(run.stranger_uid, data)


def by_login(run, data):
    run.submission(run.stranger, data)


def by_hop(run, data):
    run.relay(data)


def by_hop_login(run, data):
    run.relay(data, login=run.stranger)


def by_known_login(run, data):
    run.relay(data, login=run.a_login)


def by_known_script(run, data):
    run.script(run.a_uid, data)


DOORS = {"script": by_script, "login": by_login, "hop": by_hop, "hop_login": by_hop_login,
         "known": by_known_login, "known_script": by_known_script}


def at_doors(doors, variants, want=UNKNOWN, **more):
    """Each variant (a function that makes the message of a run) at each of the doors."""
    cases = []
    for n, (name, make) in enumerate(variants.items()):
        for m, door in enumerate(doors.split()):
            known = door.startswith("known")
            cases.append(Case(f"{name}, {door}" if name else door,
                              lambda run, make=make, door=door: DOORS[door](run, make(run)),
                              want=PROVEN if known else want, true="a" if known else None,
                              sasl=door == "login", shows=n == m == 0, **more))
    return cases


def with_headers(doors, variants, want=UNKNOWN, **more):
    """The same for variants that give the header lines only."""
    return at_doors(doors, {name: lambda run, lines=lines: run.message(*lines(run))
                            for name, lines in variants.items()}, want, **more)
