"""What the authority of the other tests answers in each of its modes, by the eyes of openssl."""

import calendar
import os
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from stamp_authority import LATE_HOURS, MODES, StampAuthority  # noqa: E402

QUERY = "application/timestamp-query"


class Modes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="bailiff-stamp-")
        cls.authority = StampAuthority(f"{cls.folder.name}/authority", slow_seconds=0.3)
        with open(f"{cls.folder.name}/data", "w") as file:
            file.write("some data\n")
        cls.openssl("ts", "-query", "-data", "data", "-sha512", "-cert", "-out", "question")
        with open(f"{cls.folder.name}/question", "rb") as file:
            cls.question = file.read()

    @classmethod
    def tearDownClass(cls):
        cls.authority.close()
        cls.folder.cleanup()

    @classmethod
    def openssl(cls, *arguments):
        return subprocess.run(["openssl", *arguments], cwd=cls.folder.name, capture_output=True,
                              text=True)

    def ask(self, mode, kind=QUERY):
        """The status and type of the answer; its body is kept in the file "reply"."""
        self.authority.mode = mode
        request = urllib.request.Request(self.authority.url, self.question, {"Content-Type": kind})
        try:
            answer = urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        with answer, open(f"{self.folder.name}/reply", "wb") as file:
            file.write(answer.read())
        return answer.status, answer.headers["Content-Type"]

    def verified(self, *against):
        done = self.openssl("ts", "-verify", *against, "-in", "reply", "-CAfile",
                            self.authority.root, "-untrusted", self.authority.between)
        return done.returncode == 0, done.stderr

    def time_of_reply(self):
        text = self.openssl("ts", "-reply", "-in", "reply", "-text").stdout
        line = next(line for line in text.splitlines() if line.startswith("Time stamp: "))
        month, day, clock, year, _ = line.removeprefix("Time stamp: ").split()
        at = time.strptime(f"{month} {day} {clock.split('.')[0]} {year}", "%b %d %H:%M:%S %Y")
        return calendar.timegm(at)

    def test_ok_and_slow_are_good(self):
        for mode, least in (("ok", 0), ("slow", 0.3)):
            start = time.monotonic()
            self.assertEqual(self.ask(mode), (200, "application/timestamp-reply"))
            self.assertGreaterEqual(time.monotonic() - start, least)
            self.assertTrue(self.verified("-data", "data")[0])
            self.assertTrue(self.verified("-queryfile", "question")[0])
            self.assertLess(abs(self.time_of_reply() - time.time()), 60)

    def test_down_and_other_types_have_a_status(self):
        self.assertEqual(self.ask("down")[0], 503)
        self.assertEqual(self.ask("ok", "text/plain")[0], 415)

    def test_wrong_nonce_is_wrong_in_that_only(self):
        self.ask("wrong_nonce")
        self.assertTrue(self.verified("-data", "data")[0])
        self.assertIn("nonce mismatch", self.verified("-queryfile", "question")[1])

    def test_other_data_is_of_other_data(self):
        self.ask("other_data")
        self.assertIn("message imprint mismatch", self.verified("-data", "data")[1])

    def test_late_clock_is_signed_and_late(self):
        self.ask("late_clock")
        self.assertTrue(self.verified("-queryfile", "question")[0])
        late = time.time() - self.time_of_reply()
        self.assertAlmostEqual(late, LATE_HOURS * 3600, delta=60)

    def test_garbage_and_rejected_hold_no_stamp(self):
        self.assertEqual(self.ask("garbage")[0], 200)
        self.assertFalse(self.verified("-data", "data")[0])
        self.assertEqual(self.ask("rejected")[0], 200)
        self.assertIn("unsupported", self.openssl("ts", "-reply", "-in", "reply", "-text").stdout)

    def test_a_mode_that_is_none_is_refused(self):
        with self.assertRaises(ValueError):
            self.authority.mode = "fast"
        self.assertIn(self.authority.mode, MODES)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
