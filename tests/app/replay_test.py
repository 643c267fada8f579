#!/usr/bin/env python3
"""`bailiff replay` beside a running milter: what it answers, and what it refuses."""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402
from testbed.process import wait_until  # noqa: E402

BINARY, MILTERTEST = sys.argv[1], sys.argv[2]
OFF = "score SPAMMY 0\nmeta NEVER 0 > 1\n"  # a set without any rule is refused
MESSAGES = 7  # that real.lua brings to their end


class Replay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(BINARY)
        cls.bailiff = cls.host.bailiff
        before = cls.run_replay()
        assert before.returncode == 1 and b"kept no features yet" in before.stderr, before
        cls.bailiff.start()
        subprocess.run(
            [MILTERTEST, "-D", f"SOCK=unix:{cls.host.socket}", "-D", "ECHO=", "-D",
             "OUT=/dev/null", "-D", f"LIB={TOP}/tests/milter/lib/lib.lua", "-s",
             f"{TOP}/tests/app/real.lua"], capture_output=True, timeout=120, check=False)
        wait_until("the features to be written", lambda: cls.features()["kept"] == MESSAGES, 10)

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()

    @classmethod
    def run_replay(cls, *arguments):
        return subprocess.run([BINARY, "replay", "--config", cls.bailiff.config, *arguments],
                              capture_output=True, timeout=60, check=False)

    @classmethod
    def features(cls):
        status = subprocess.run([BINARY, "status", "--json", "--config", cls.bailiff.config],
                                capture_output=True, check=False).stdout
        return json.loads(status)["milter"].get("features", {"kept": 0})

    def replay(self, *arguments):
        done = self.run_replay("--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def rules(self, change):
        """A copy of the rules with their text changed."""
        copy = f"{self.host.dir}/changed"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(f"{self.host.dir}/rules", copy)
        with open(f"{copy}/10-test.cf") as file:
            text = file.read()
        with open(f"{copy}/10-test.cf", "w") as file:
            file.write(change(text))
        return copy

    def policy(self, change):
        path = f"{self.host.dir}/policy.toml"
        with open(self.bailiff.config) as file:
            text = change(file.read())
        with open(path, "w") as file:
            file.write(text)
        return path

    def changes(self, answer):
        return {row["service"]: row["change"] for row in answer["services"]}

    def test_nothing_changed_nothing_changes(self):
        answer = self.replay()
        self.assertEqual(answer["messages"], MESSAGES)
        self.assertEqual(answer["changed"], 0)
        self.assertEqual(answer["before"], answer["after"])
        self.assertEqual(answer["before"]["confirmed"], 2)
        self.assertEqual(answer["before"]["holds"], 2)
        self.assertEqual(self.changes(answer),
                         {"shop": "stopped_as_before", "blog": "stopped_as_before"})
        self.assertEqual(answer["asked"], [])
        self.assertEqual(sum(answer["untold"].values()), 0)

    def test_a_rule_that_is_switched_off_frees_those_it_stopped(self):
        for change in (lambda text: text + OFF,
                       lambda _: "meta NEVER 0 > 1\n"):
            answer = self.replay("--rules", self.rules(change))
            self.assertEqual(answer["after"]["holds"], 0)
            self.assertEqual(answer["after"]["stopped"], 0)
            self.assertEqual(self.changes(answer),
                             {"shop": "no_longer_stopped", "blog": "no_longer_stopped",
                              None: "levels_only"})

    def test_a_policy_with_other_lines(self):
        path = self.policy(lambda text: text.replace("messages_per_minute = 1",
                                                     "messages_per_minute = 1000"))
        answer = self.replay("--policy", path)
        self.assertEqual(answer["after"]["holds"], 0)
        self.assertEqual(answer["after"]["spam"], 3)
        self.assertEqual(answer["asked"], ["[behaviour] messages_per_minute = 1000"])

    def test_a_path_that_observes(self):
        path = self.policy(lambda text: text.replace('name = "compromised"',
                                                     'name = "compromised"\nobserve = true'))
        answer = self.replay("--policy", path)
        self.assertEqual(self.changes(answer),
                         {"shop": "stopped_as_before", "blog": "no_longer_stopped"})

    def test_new_and_changed_patterns_are_refused_by_name_and_place(self):
        done = self.run_replay("--rules", self.rules(
            lambda text: text.replace("/buy these pills/", "/buy these/") +
            "body FRESH /letter/\nscore FRESH 9\n"))
        self.assertEqual(done.returncode, 2)
        self.assertEqual(done.stdout, b"")
        lines = done.stderr.decode().splitlines()
        self.assertEqual(len(lines), 3)
        self.assertIn("--canary HOURS", lines[2])
        self.assertRegex(lines[0], r"^bailiff: not answerable from features: rule FRESH has a new "
                                   r"pattern \(.*/changed/10-test\.cf:4\)$")
        self.assertRegex(lines[1], r"rule SPAMMY has a changed pattern \(.*10-test\.cf:1\)$")

    def test_another_list_of_traps_is_refused(self):
        with open(f"{self.host.dir}/traps", "w") as file:
            file.write("trap@trap.example\n")
        path = self.policy(
            lambda text: text + f'[reputation]\ntraps = "{self.host.dir}/traps"\n')
        done = self.run_replay("--policy", path)
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"not answerable from features: reputation.traps", done.stderr)

    def test_since(self):
        self.assertEqual(self.replay("--since", "2001-01-01")["messages"], MESSAGES)
        self.assertEqual(self.replay("--since", "2999-01-01T00:00:00Z")["messages"], 0)

    def test_wrong_use(self):
        for arguments, status, said in (
                (("--since", "yesterday"), 2, "--since: 'yesterday' is no time"),
                (("--policy", "/nowhere/x.toml"), 1, "--policy: reading the configuration"),
                (("--rules", "/nowhere"), 1, "rules.dir"),
                (("--rules", self.rules(lambda text: text + "body X /(/\n")), 1, "10-test.cf:4"),
                (("--policy", self.policy(lambda text: text + "[decide]\nspam = x\n")), 1,
                 "policy.toml"),
                (("--frobnicate",), 2, "")):
            done = self.run_replay(*arguments)
            self.assertEqual(done.returncode, status, (arguments, done.stderr))
            self.assertIn(said, done.stderr.decode())
            self.assertEqual(done.stdout, b"")
        done = subprocess.run([BINARY, "replay", "--config", f"{self.host.dir}/none.toml"],
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 1)

    def test_a_person_reads_who(self):
        done = self.run_replay("--rules", self.rules(lambda text: text + OFF))
        text = done.stdout.decode()
        self.assertRegex(text, r"^7 messages replayed, from 20")
        self.assertRegex(text, r"services that were stopped, and would not be: 2\n"
                               r"  blog \(account acct-blog\): 2 messages, 1 changed")
        self.assertRegex(text, r"confirmed +2 +0\n")
        self.assertIn("Judged message by message, as in mode enforce", text)
        self.assertTrue(re.search(r"services that would be stopped, and were not: 0\n", text))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
