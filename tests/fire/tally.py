"""What a script in here expects, what it saw, and its exit status."""

import sys
import time


class Tally:
    def __init__(self):
        self.failed = []
        self.start = time.monotonic()

    def say(self, text):
        print(f"[{time.monotonic() - self.start:6.1f} s] {text}", flush=True)

    def check(self, what, holds):
        """`what` names the figure that was seen, too."""
        self.say(f"{'ok  ' if holds else 'FAIL'} {what}")
        if not holds:
            self.failed.append(what)

    def end(self):
        self.say("EVERYTHING HELD" if not self.failed
                 else f"{len(self.failed)} DID NOT HOLD: " + "; ".join(self.failed))
        sys.exit(1 if self.failed else 0)


def removable_guards(binary):
    """Whether this build lets a test take guards away."""
    with open(binary, "rb") as file:
        return b"BAILIFF_REMOVE_GUARD" in file.read()
