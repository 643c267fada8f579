"""Processes that we started, and only those, are ended again."""

import os
import signal
import socket
import subprocess
import time


class TestbedError(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what, condition, seconds=20.0, step=0.05):
    """Returns the first true value of condition(); an error names what never came true."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TestbedError(f"waited {seconds:.0f} s in vain for: {what}")
        time.sleep(step)


class Process:
    """One child with its output in a file."""

    def __init__(self, name, arguments, log, uid=None, gid=None, groups=None, environment=None):
        self.name = name
        self.log = log
        self._file = open(log, "ab")

        def drop():
            os.umask(0o007)
            if uid is not None:
                os.setgroups(groups or [])
                os.setgid(gid)
                os.setuid(uid)

        self.child = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=self._file, stderr=self._file,
            preexec_fn=drop, env=environment, start_new_session=True, cwd="/")

    @property
    def pid(self):
        return self.child.pid

    def alive(self):
        return self.child.poll() is None

    def require_alive(self):
        if not self.alive():
            with open(self.log, errors="replace") as log:
                tail = "".join(log.readlines()[-15:])
            raise TestbedError(f"{self.name} ended with status {self.child.returncode}:\n{tail}")
        return True

    def stop(self, how=signal.SIGTERM, seconds=45):
        if self.alive():
            self.child.send_signal(how)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
                raise TestbedError(f"{self.name} did not end within {seconds} s")
            finally:
                self._file.close()
        return self.child.returncode
