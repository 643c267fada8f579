#!/usr/bin/env python3
"""`bailiff reload` shows who would be stopped before it tells the roles; `bailiff rules diff`."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402
from testbed.process import wait_until  # noqa: E402

BINARY, MILTERTEST = sys.argv[1], sys.argv[2]
MAIL = "Subject: a letter\nFrom: a@shop.example\n\n{}\n"


class Reload(unittest.TestCase):
    def setUp(self):
        self.host = Host(BINARY)
        self.addCleanup(self.host.__exit__)
        self.bailiff = self.host.bailiff

    def start(self):
        self.bailiff.start()
        subprocess.run(
            [MILTERTEST, "-D", f"SOCK=unix:{self.host.socket}", "-D", "ECHO=", "-D",
             "OUT=/dev/null", "-D", f"LIB={TOP}/tests/milter/lib/lib.lua", "-s",
             f"{TOP}/tests/app/real.lua"], capture_output=True, timeout=120, check=False)
        wait_until("the features to be written",
                   lambda: self.bailiff.status()["milter"]["features"]["kept"] == 7, 10)

    def reload(self, *arguments):
        return subprocess.run([BINARY, "reload", "--config", self.bailiff.config, *arguments],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              timeout=60, check=False)

    def journal(self, role="milter"):
        with open(f"{self.bailiff.dir}/log/{role}.log", errors="replace") as log:
            return log.read()

    def wait_said(self, word, count=1, role="milter"):
        wait_until(f"{role} to say {word}",
                   lambda: self.journal(role).count(f" {word} ") >= count, 10)

    def calm(self):
        self.bailiff.configure(sections="[behaviour]\nmessages_per_minute = 1000\n")

    def test_it_shows_who_would_be_freed_and_then_reloads_both(self):
        self.start()
        self.calm()
        done = self.reload()
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("asked: [behaviour] messages_per_minute = 1000", done.stdout)
        self.assertIn("services that were stopped, and would not be: 2", done.stdout)
        self.assertIn("Nothing was reloaded", done.stdout)
        self.assertNotIn(" reloaded ", self.journal())
        done = self.reload("--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.wait_said("reloaded")
        self.wait_said("reloaded", role="enforcer")
        self.assertNotIn("reloaded_without_replay", self.journal())
        # What is in force is known: the same once more differs in nothing.
        self.assertNotIn("asked:", self.reload().stdout)

    def test_a_bare_hup_works_and_is_told(self):
        self.start()
        os.kill(self.bailiff.worker(), 1)
        self.wait_said("reloaded")
        self.assertNotIn("reloaded_without_replay", self.journal())  # nothing had changed
        self.calm()
        os.kill(self.bailiff.worker(), 1)
        self.wait_said("reloaded", 2)
        self.wait_said("reloaded_without_replay")

    def test_what_is_wrong_is_told_and_nobody_is_signalled(self):
        self.start()
        with open(f"{self.host.dir}/rules/10-test.cf", "a") as file:
            file.write("body X /(/\n")
        done = self.reload("--yes")
        self.assertEqual(done.returncode, 1)
        self.assertIn("10-test.cf:4", done.stderr)
        self.assertNotIn("reload", self.journal())

    def test_a_new_pattern_is_named_and_the_canary_offered(self):
        self.start()
        with open(f"{self.host.dir}/rules/10-test.cf", "a") as file:
            file.write("body FRESH /letter/\nscore FRESH 9\n")
        done = self.reload()
        self.assertIn("rule FRESH has a new pattern", done.stderr)
        self.assertIn("--canary HOURS", done.stderr)

    def test_without_roles_nobody_is_signalled(self):
        done = self.reload("--yes")
        self.assertEqual(done.returncode, 1)
        self.assertIn("milter does not run", done.stdout)

    def test_without_features_it_says_so_and_goes_on(self):
        self.bailiff.configure(sections="[counters]\nfeatures_days = 0\n")
        self.bailiff.start()
        done = self.reload("--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("features_days is 0", done.stdout)
        self.wait_said("reloaded")


class RulesDiff(unittest.TestCase):
    def test_rules_and_verdicts_message_by_message(self):
        host = Host(BINARY)
        self.addCleanup(host.__exit__)
        new = f"{host.dir}/new"
        os.makedirs(f"{host.dir}/mail/deep")
        os.makedirs(new)
        with open(f"{new}/10.cf", "w") as file:
            file.write("body LETTER /honest/\nscore LETTER 2\n")
        for name, text in (("a.eml", "buy these pills"), ("deep/b.eml", "an honest order"),
                           ("c.eml", "nothing")):
            with open(f"{host.dir}/mail/{name}", "w") as file:
                file.write(MAIL.format(text))
        done = subprocess.run([BINARY, "rules", "diff", f"{host.dir}/rules", new,
                               f"{host.dir}/mail"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], f"{host.dir}/mail/a.eml: spam -> pass: -SPAMMY")
        self.assertEqual(lines[1], f"{host.dir}/mail/deep/b.eml: pass -> pass: +LETTER 2.0")
        self.assertEqual(lines[2], "3 messages: 2 with other rules or scores, 1 with another "
                                   "verdict")
        self.assertEqual(lines[3:6], ["  spam -> pass: 1", "  LETTER: 1 newly, 0 no longer",
                                      "  SPAMMY: 0 newly, 1 no longer"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
