"""Re-starts the program in a mount namespace of its own."""

import os
import sys

MARK = "BAILIFF_TESTBED_NAMESPACE"


def enter():
    """Returns inside a private mount namespace; Postfix's configuration can be bound over there."""
    if os.environ.get(MARK) == str(os.getpid()):
        return
    if os.geteuid() != 0:
        sys.exit("this must run as root: Postfix needs it (try: sudo " + " ".join(sys.argv) + ")")
    # unshare(1) replaces itself by exec, so the process id stays and can serve as the mark.
    environment = dict(os.environ, **{MARK: str(os.getpid())})
    arguments = ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv]
    os.execvpe("unshare", arguments, environment)
