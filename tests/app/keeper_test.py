#!/usr/bin/env python3
"""The keeper of the milter's socket: what its worker's end, a signal or another instance does."""

import os
import signal
import subprocess
import sys
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(os.path.dirname(HERE), "fire")]
from host import Host  # noqa: E402
from testbed.process import wait_until  # noqa: E402

from raw_milter import CONTINUE, RawMilter  # noqa: E402

BINARY = sys.argv[1]


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Keeper(unittest.TestCase):
    def setUp(self):
        self.host = Host(BINARY)
        self.addCleanup(self.host.__exit__)
        self.bailiff = self.host.bailiff
        self.bailiff.start("milter")
        self.keeper = self.bailiff.processes["milter"]
        self.worker = self.bailiff.worker()

    def answered(self):
        client = RawMilter(self.host.socket, 20)
        client.negotiate()
        answer = client.connect()
        client.close()
        return answer == CONTINUE

    def new_worker(self):
        wait_until("another worker", lambda: self.bailiff.worker() not in (None, self.worker), 20)
        self.worker = self.bailiff.worker()

    def journal(self):
        with open(self.keeper.log) as log:
            return log.read()

    def test_a_worker_that_is_killed_is_replaced_and_nobody_is_refused(self):
        for how in (signal.SIGKILL, signal.SIGTERM):
            os.kill(self.worker, how)
            self.assertTrue(all(self.answered() for _ in range(3)))
            self.new_worker()
        self.assertTrue(self.keeper.alive())
        self.assertIn('worker_ended how="signal 9"', self.journal())

    def test_a_reload_reaches_the_worker_at_any_time(self):
        os.kill(self.worker, signal.SIGKILL)
        for _ in range(20):  # while one ends and the next one begins
            self.keeper.child.send_signal(signal.SIGHUP)
            time.sleep(0.01)
        self.new_worker()
        self.assertTrue(self.answered())
        self.assertEqual(self.journal().count("worker_ended"), 1)
        before = self.journal().count(" reloaded")
        self.keeper.child.send_signal(signal.SIGHUP)
        wait_until("a reload", lambda: self.journal().count(" reloaded") > before, 10)

    def test_an_upgrade_needs_a_configuration_that_the_new_program_likes(self):
        with open(self.bailiff.config) as file:
            good = file.read()
        with open(self.bailiff.config, "w") as file:
            file.write(good + "nonsense = 1\n")
        self.keeper.child.send_signal(signal.SIGUSR2)
        wait_until("the refusal", lambda: "upgrade_refused" in self.journal(), 20)
        self.assertTrue(alive(self.worker) and self.answered())
        with open(self.bailiff.config, "w") as file:
            file.write(good)
        self.keeper.child.send_signal(signal.SIGUSR2)
        self.assertTrue(self.answered())
        self.new_worker()
        self.assertTrue(self.answered())

    def test_the_worker_does_not_outlive_its_keeper(self):
        self.keeper.child.kill()
        self.keeper.child.wait()
        del self.bailiff.processes["milter"]
        wait_until("the end of the worker", lambda: not alive(self.worker), 5)
        self.bailiff.start("milter")  # over the stale socket
        self.assertTrue(self.answered())

    def test_a_keeper_whose_first_worker_cannot_start_ends_with_it(self):
        self.assertEqual(self.bailiff.stop("milter"), {"milter": 0})
        self.assertFalse(alive(self.worker))
        self.bailiff.configure(rules="/nowhere")
        done = subprocess.run([BINARY, "milter", "--config", self.bailiff.config],
                              capture_output=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"/nowhere", done.stderr)

    def test_a_second_instance_is_refused_by_name(self):
        inode = os.stat(self.host.socket).st_ino
        done = subprocess.run([BINARY, "milter", "--config", self.bailiff.config],
                              capture_output=True, timeout=30, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"another instance holds", done.stderr)
        self.assertEqual(os.stat(self.host.socket).st_ino, inode)
        self.assertTrue(self.answered())

    def test_status_tells_the_bounds(self):
        milter = self.bailiff.status()["milter"]
        self.assertEqual(milter["sessions"]["max"], 400)
        self.assertLess(milter["descriptors"]["used"], milter["descriptors"]["limit"])
        self.assertEqual(milter["descriptors"]["turned_away"], 0)
        self.assertEqual(milter["in_flight"], {"messages": 0, "bytes": 0,
                                               "bytes_max": 512 << 20, "put_off": 0})


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
