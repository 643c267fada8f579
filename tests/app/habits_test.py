#!/usr/bin/env python3
"""What the milter knows of logins outlives its restart; a damaged file is told, and no more."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402

BINARY, MILTERTEST = sys.argv[1], sys.argv[2]


class Habits(unittest.TestCase):
    def setUp(self):
        self.host = Host(BINARY)
        self.addCleanup(self.host.__exit__)
        self.bailiff = self.host.bailiff

    def lives(self, mail=False):
        """The journal of one life of the milter."""
        self.bailiff.start()
        log = f"{self.bailiff.dir}/log/milter.log.{self.bailiff.processes['milter'].pid}"
        if mail:
            subprocess.run(
                [MILTERTEST, "-D", f"SOCK=unix:{self.host.socket}", "-D", "ECHO=", "-D",
                 "OUT=/dev/null", "-D", f"LIB={TOP}/tests/milter/lib/lib.lua", "-s",
                 f"{TOP}/tests/app/real.lua"], capture_output=True, timeout=120, check=False)
        self.bailiff.stop()
        with open(log, errors="replace") as file:
            return file.read()

    def test_they_outlive_a_restart_and_a_damaged_file_is_none(self):
        first = self.lives(mail=True)
        self.assertNotIn("habits_", first)
        again = self.lives()
        self.assertRegex(again, r"habits_read.*logins[=:\" ]+[1-9]")
        path = f"{self.bailiff.dir}/state/counters/habits"
        with open(path, "r+b") as file:
            file.seek(-1, os.SEEK_END)
            last = file.read(1)
            file.seek(-1, os.SEEK_END)
            file.write(bytes([last[0] ^ 1]))
        damaged = self.lives()
        self.assertIn("habits_not_read", damaged)
        self.assertIn("damaged", damaged)
        self.assertRegex(self.lives(), r"habits_read.*logins[=:\" ]+0")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
