"""All mechanisms, and what of them is played."""

import framing_bodies
import framing_connections
import framing_directory
import framing_envelopes
import framing_headers
import framing_logins
import framing_scripts
import framing_sockets

NOUNS = (framing_headers, framing_envelopes, framing_logins, framing_connections,
         framing_scripts, framing_bodies, framing_directory, framing_sockets)
MECHANISMS = [mechanism for noun in NOUNS for mechanism in noun.MECHANISMS]


def check():
    """The table itself: names are distinct, and each row says what stands against it."""
    names = [mechanism.name for mechanism in MECHANISMS]
    assert len(names) == len(set(names)), "a mechanism stands in the table twice"
    for mechanism in MECHANISMS:
        cases = [case.name for case in mechanism.cases]
        assert cases and len(cases) == len(set(cases)), f"{mechanism.name}: cases {cases}"
        assert bool(mechanism.guard) != bool(mechanism.stopped_by), mechanism.name
        assert not mechanism.guard or any(case.shows for case in mechanism.cases), mechanism.name


def pairs(only=""):
    """(mechanism, case) of all that have these words in their names."""
    return [(mechanism, case) for mechanism in MECHANISMS for case in mechanism.cases
            if only in f"{mechanism.name}/{case.name}"]


def as_text():
    """One line a mechanism."""
    return "\n".join(
        f"{m.name:27} {len(m.cases):2}  {m.attack}\n" + " " * 32 +
        (f"guard {m.guard}" if m.guard else m.stopped_by) for m in MECHANISMS)
