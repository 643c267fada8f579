#!/usr/bin/env python3
"""A rule that matches everything, tried as a canary through a real Postfix, stops nobody.

First with the guard taken away: the same mail then opens cases and holds its services.

    canary_test.py BINARY
"""

import json
import os
import signal
import subprocess
import sys
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, f"{TOP}/script")
from testbed import namespace  # noqa: E402
from testbed.process import wait_until  # noqa: E402
from testbed.site import Site  # noqa: E402

BINARY = sys.argv[1]
SERVICES = [
    {"account": "acct-shop", "service": "shop", "plan": "starter", "created": "2024-01-01",
     "identities": [{"kind": "login", "value": "shop@shop.example"}]},
    {"account": "acct-blog", "service": "blog", "plan": "starter", "created": "2024-01-01",
     "identities": [{"kind": "uid", "value": "62103"}]},
]
GOOD = "body SPAMMY /buy these pills/\nscore SPAMMY 9\n"
MISTAKE = "body EVERYTHING /./\nscore EVERYTHING 9\n"
EACH = 3  # messages of each service: the rate corroborates from the second on


class Canary(unittest.TestCase):
    def setUp(self):
        self.site = Site(BINARY, with_rspamd=False)
        self.addCleanup(self.site.stop)
        self.bailiff = self.site.bailiff
        for name, text in (("rules", GOOD), ("tried", MISTAKE)):
            self.write_rules(name, text)
        self.bailiff.configure(rules=f"{self.site.dir}/rules",
                               sections="[behaviour]\nmessages_per_minute = 1\n")
        self.bailiff.import_directory(SERVICES)
        self.site.postfix.add_login("shop@shop.example", "canary")

    def write_rules(self, name, text):
        path = f"{self.site.dir}/{name}"
        os.makedirs(path, exist_ok=True)
        for file, content in (("10.cf", text), ("rspamd.weights", "* 0\n")):
            with open(f"{path}/{file}", "w") as out:
                out.write(content)
        return path

    def order(self, rules="tried", hours="1", command=None):
        begin = command or ("canary", "start", "--hours", hours)
        return subprocess.run([BINARY, *begin, "--rules", f"{self.site.dir}/{rules}", "--by",
                               "Ada Analyst", "--config", self.bailiff.config],
                              capture_output=True, text=True, timeout=60, check=False)

    def send(self):
        """Honest mail of both services; replies at the submission door."""
        codes = []
        for number in range(EACH):
            data = (f"Subject: letter {number} {time.monotonic_ns()}\r\n"
                    f"From: shop@shop.example\r\n\r\nan honest letter {number}\r\n").encode()
            client = self.site.postfix.smtp("submission", "shop@shop.example", "canary")
            client.mail("shop@shop.example")
            codes.append(client.rcpt("friend@dest.example")[0])
            if codes[-1] < 400:
                codes[-1] = client.data(data)[0]
            client.close()
            self.site.postfix.sendmail(62103, "blog@blog.example", ["friend@dest.example"],
                                       data.replace(b"\r\n", b"\n"))
        return codes

    def told(self):
        return json.loads(self.bailiff.cli("canary", "show", "--json"))

    def wait_told(self, **wanted):
        def all_so():
            told = self.told()
            return all(told[key] == value for key, value in wanted.items())
        wait_until(f"the canary to say {wanted}", all_so, 30)
        return self.told()

    def test_without_its_guard_the_same_mail_is_refused_and_its_services_held(self):
        self.site.start(BAILIFF_REMOVE_GUARD="canary_has_no_effect")
        self.assertEqual(self.order().returncode, 0)
        self.assertIn(550, self.send())
        wait_until("Postfix to be idle", lambda: self.bailiff.cases(), 30)
        self.assertTrue(self.bailiff.cases())
        self.assertTrue(self.site.postfix.queued("hold"))

    def test_it_touches_nobody_and_names_whom_it_would_stop(self):
        self.site.start()
        done = self.order(command=("replay", "--canary", "1"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("canary runs until", done.stdout)
        self.assertEqual(self.send(), [250] * EACH)
        self.site.settle()
        self.assertEqual(self.bailiff.cases(), [])
        self.assertEqual(self.site.postfix.queued("hold"), [])
        wait_until("all to be delivered",
                   lambda: len(self.site.sink.kept()) == 2 * EACH, 30)
        told = self.wait_told(messages=2 * EACH)
        self.assertEqual({row["service"] for row in told["services"] if row["holds_gained"]},
                         {"shop", "blog"})
        self.assertEqual(told["holds_gained"], 2 * (EACH - 1))
        self.assertEqual(told["hits"], {"EVERYTHING": 2 * EACH})
        self.assertEqual(self.bailiff.status()["milter"]["canary"]["state"], "runs")
        self.assertIn("shop (account acct-shop)", self.bailiff.cli("canary", "show"))
        self.stays_over_reload_and_restart()
        self.bailiff.cli("canary", "stop", "--by", "Ben Boss")
        self.assertEqual(self.wait_told(state="stopped")["stopped_by"], "Ben Boss")
        self.send()
        time.sleep(1.5)
        self.assertEqual(self.told()["messages"], 4 * EACH)

    def stays_over_reload_and_restart(self):
        os.kill(self.bailiff.processes["milter"].pid, signal.SIGHUP)
        self.bailiff.stop("milter")
        self.bailiff.start("milter")
        wait_until("the canary to run again",
                   lambda: self.bailiff.status()["milter"].get("canary", {}).get("state") == "runs",
                   10)
        self.assertEqual(self.send(), [250] * EACH)
        self.site.settle()
        self.wait_told(messages=4 * EACH, state="runs")

    def test_what_does_not_compile_or_cannot_be_read_is_refused(self):
        self.site.start()
        self.write_rules("broken", GOOD + "body BROKEN /(/\n")
        done = self.order("broken")
        self.assertEqual(done.returncode, 1)
        self.assertIn("10.cf:3", done.stderr)
        os.chmod(self.write_rules("secret", GOOD), 0o700)
        done = self.order("secret")
        self.assertEqual(done.returncode, 1)
        self.assertIn("the milter's user", done.stderr)
        self.assertNotIn("canary", self.bailiff.status()["milter"])

    def test_it_ends_by_itself(self):
        self.site.start()
        self.assertEqual(self.order(hours="0.0008").returncode, 0)
        self.wait_told(state="ended")
        self.send()
        time.sleep(1.5)
        self.assertEqual(self.told()["messages"], 0)


if __name__ == "__main__":
    namespace.enter()
    unittest.main(argv=sys.argv[:1])
