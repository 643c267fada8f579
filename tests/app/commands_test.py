#!/usr/bin/env python3
"""The command line as an operator types it: what it prints, and how it refuses."""

import json
import os
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import Host  # noqa: E402
from testbed.process import wait_until  # noqa: E402

BINARY = sys.argv[1]
SPAM = b"Subject: offer\n\nbuy these pills\n"


def bailiff(*arguments, stdin=b""):
    return subprocess.run([BINARY, *arguments], input=stdin, capture_output=True, check=False)


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(BINARY)
        cls.config = cls.host.bailiff.config

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()

    def explain(self, *arguments, stdin=SPAM):
        done = bailiff("explain", "--json", "--no-rspamd", "--config", self.config, *arguments,
                       "-", stdin=stdin)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_explain_is_one_object_a_line_with_the_documented_keys(self):
        told = self.explain("--login", "shop@shop.example", "--mail-from", "a@shop.example")
        self.assertLessEqual({"file", "attribution", "findings", "score", "verdict", "actions",
                              "us"}, told.keys())
        self.assertEqual(told["attribution"]["service"], "shop")
        self.assertEqual(told["attribution"]["strength"], "proven")
        self.assertEqual(told["verdict"], "spam")
        self.assertEqual({key: told["findings"][0][key] for key in ("family", "symbol", "score")},
                         {"family": "rules", "symbol": "SPAMMY", "score": 9.0})
        self.assertIn("reason", told["findings"][0])
        self.assertTrue(all(isinstance(us, int) for us in told["us"].values()))

    def test_explain_knows_each_door(self):
        self.assertEqual(self.explain("--uid", "62103", "--mail-from", "x@y.example")
                         ["attribution"]["service"], "blog")
        self.assertEqual(self.explain("--client-ip", "192.0.2.1")
                         ["attribution"]["strength"], "unknown")
        self.assertNotEqual(bailiff("explain", "--client-ip", "nonsense", "--config", self.config,
                                    "-").returncode, 0)

    def test_explain_speaks_to_a_person_and_escapes_what_mail_says(self):
        done = bailiff("explain", "--no-rspamd", "--config", self.config, "-",
                       stdin=SPAM + b"\x1b[31m")
        self.assertIn(b"verdict      spam", done.stdout)
        self.assertNotIn(b"\x1b", done.stdout)

    def test_a_bad_directory_takes_nothing_and_names_file_line_and_field(self):
        path = f"{self.host.dir}/bad.json"
        with open(path, "w") as file:
            file.write('[\n {"account": "a", "service": "s", "plan": "p",\n'
                       '  "created": "yesterday", "identities": []}\n]\n')
        before = self.host.bailiff.cli("directory", "export")
        done = bailiff("directory", "import", path, "--config", self.config)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr.decode(), r"bad\.json:3: .*created")
        self.assertEqual(self.host.bailiff.cli("directory", "export"), before)

    def test_the_directory_is_listed_shown_and_exported(self):
        self.assertIn("shop", self.host.bailiff.cli("directory", "list"))
        self.assertIn("shop@shop.example", self.host.bailiff.cli("directory", "show", "shop"))
        exported = json.loads(self.host.bailiff.cli("directory", "export"))
        self.assertEqual([row["service"] for row in exported], ["blog", "shop"])
        self.assertNotEqual(bailiff("directory", "show", "nobody", "--config",
                                    self.config).returncode, 0)

    def test_a_bad_configuration_is_told_with_all_its_lines(self):
        path = f"{self.host.dir}/bad.toml"
        with open(path, "w") as file:
            file.write('mode = "destroy"\n[milter]\nsessions_max = "many"\nunknown = 1\n')
        done = bailiff("config", "check", "--config", path)
        self.assertEqual(done.returncode, 1)
        for part in ("bad.toml:1", "bad.toml:3", "bad.toml:4"):
            self.assertIn(part, done.stderr.decode())

    def test_the_shown_configuration_is_good_again(self):
        path = f"{self.host.dir}/shown.toml"
        with open(path, "w") as file:
            file.write(self.host.bailiff.cli("config", "show"))
        self.assertEqual(bailiff("config", "check", "--config", path).returncode, 0)

    def test_status_says_when_nothing_runs(self):
        done = bailiff("status", "--config", self.config)
        self.assertIn(b"NOT RUNNING", done.stdout)
        self.assertEqual(done.returncode, 1)
        self.assertFalse(self.host.bailiff.status()["milter"]["running"])

    def test_a_case_needs_the_enforcer_and_says_so(self):
        done = bailiff("case", "list", "--config", self.config)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"desk", done.stderr)

    def test_an_edit_reaches_the_desk_as_one_decision_and_its_refusal_a_person(self):
        path = f"{self.host.dir}/bailiff/run/desk.sock"
        heard = []

        def answer(desk):
            line = desk.accept()[0]
            with line:
                heard.append(line.recv(65536))
                if b"}" not in heard[0]:
                    heard[0] += line.recv(65536)
                body = b'{"error":{"fault":"invalid_input","what":"case B0 cannot be edited"}}'
                line.sendall(b"HTTP/1.1 409 Conflict\r\nContent-Length: %d\r\n\r\n" % len(body)
                             + body)

        with socket.socket(socket.AF_UNIX) as desk:
            desk.bind(path)
            desk.listen()
            desk.settimeout(10)
            thread = threading.Thread(target=answer, args=(desk,), daemon=True)
            thread.start()
            done = bailiff("case", "edit", "B0123456789ABCDEF", "--action", "service.terminate",
                           "--to", "service.suspend", "--by", "Ada", "--reason", "the panel refuses",
                           "--config", self.config)
            thread.join(10)
        os.unlink(path)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot be edited", done.stderr)
        head, _, body = heard[0].partition(b"\r\n\r\n")
        self.assertTrue(head.startswith(b"POST /v1/cases/B0123456789ABCDEF/edit "), head)
        self.assertEqual(json.loads(body), {"by": "Ada", "reason": "the panel refuses",
                                            "what": "service.terminate to service.suspend"})

    def test_an_edit_needs_both_kinds(self):
        said = ("case", "edit", "B0123456789ABCDEF", "--by", "Ada", "--reason", "why")
        for kind in (("--action", "service.terminate"), ("--to", "service.suspend")):
            self.assertEqual(bailiff(*said, *kind).returncode, 2, kind)

    def test_a_second_instance_of_a_role_is_refused(self):
        self.host.bailiff.start("enforcer")
        done = bailiff("enforcer", "--config", self.config)
        self.assertEqual(done.returncode, 1)
        wait_until("the first one to live", lambda: self.host.bailiff.status()
                   ["enforcer"]["running"])
        self.assertEqual(self.host.bailiff.stop("enforcer"), {"enforcer": 0})

    def test_a_bad_reload_keeps_the_old_rules(self):
        bailiff_roles = self.host.bailiff
        bailiff_roles.start("milter")
        before = bailiff_roles.status()["milter"]["rules"]
        path = f"{self.host.dir}/rules/20-bad.cf"
        with open(path, "w") as file:
            file.write("body BROKEN /(/\n")
        bailiff_roles.processes["milter"].child.send_signal(1)
        wait_until("the refusal", lambda: "20-bad.cf" in
                   bailiff_roles.status()["milter"]["last_reload_error"])
        self.assertEqual(bailiff_roles.status()["milter"]["rules"], before)
        os.unlink(path)
        self.assertEqual(bailiff_roles.stop("milter"), {"milter": 0})

    def test_wrong_use_is_status_2(self):
        for arguments in ((), ("nonsense",), ("case", "reinstate", "B0000000000000000")):
            self.assertEqual(bailiff(*arguments).returncode, 2, arguments)
        for arguments, said in (((), b"no command"), (("cases", "list"), b"command 'cases'")):
            self.assertRegex(bailiff(*arguments).stderr, said + rb".*expected one of .*case, ")
        self.assertIn(b"--by is required", bailiff("case", "reinstate", "B0").stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=1)
