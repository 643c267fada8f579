#!/usr/bin/env python3
"""Checkpoints leave the machine: by file, webhook and mail; a log that is cut or written anew shows
against what left, and so does nothing else."""

import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from host import TOP, Host  # noqa: E402

sys.path.insert(0, f"{TOP}/tests/fire")
import raw_milter  # noqa: E402
from stamp_authority import StampAuthority  # noqa: E402

BINARY = sys.argv[1]
SERVICES = [{"account": f"acct-{n}", "service": f"shop{n}", "plan": "starter",
             "created": "2024-01-01",
             "identities": [{"kind": "login", "value": f"shop{n}@x.example"}]} for n in range(20)]


class Receiver(http.server.BaseHTTPRequestHandler):
    notes, status, delay = [], 204, 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(Receiver.delay)
        if Receiver.status == 204:
            Receiver.notes.append(body.decode())
        self.send_response(Receiver.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def wait(condition, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


class Sent(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.at = tempfile.mkdtemp(prefix="sent-")
        os.chmod(cls.at, 0o777)
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.authority = StampAuthority(cls.at)
        cls.authority.__enter__()
        cls.roots = f"{cls.at}/roots-for-bailiff.pem"
        shutil.copy(cls.authority.root, cls.roots)
        os.chmod(cls.roots, 0o644)
        cls.kept = f"{cls.at}/kept"
        top = (f'[log]\ncheckpoint_seconds = 1\nsend_file = "{cls.kept}"\n'
               f'send_webhook = "http://127.0.0.1:{cls.server.server_port}/notes"\n'
               f'[timestamp]\nauthorities = ["{cls.authority.url}"]\nroots = "{cls.roots}"\n')
        cls.host = Host(BINARY, with_signer=True, top=top)
        cls.bailiff = cls.host.bailiff
        cls.bailiff.import_directory(SERVICES)
        cls.bailiff.start()
        cls.count = 0

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()
        cls.server.shutdown()
        cls.authority.__exit__(None, None, None)
        shutil.rmtree(cls.at, ignore_errors=True)

    def case(self):
        """Leaves: a case, its actions, its seal; published within seconds."""
        login = f"shop{self.count}@x.example"
        Sent.count += 1
        macros = {**raw_milter.SUBMISSION, "{auth_authen}": login}
        for text in (b"Hello\r\n", b"Hello\r\n", b"buy these pills\r\n"):
            client = raw_milter.RawMilter(self.host.socket)
            client.negotiate()
            client.connect(macros)
            client.mail(login, macros)
            client.send(b"R", b"<b@dest.example>\0")
            client.send(b"B", text)
            verdict = client.end()
            client.close()
        self.assertEqual(verdict, raw_milter.REJECT)
        self.assertTrue(wait(self.settled))

    def log(self, *arguments):
        done = subprocess.run([BINARY, "log", *arguments, "--config", self.bailiff.config],
                              capture_output=True, check=False)
        return done.returncode, done.stdout.decode() + done.stderr.decode()

    def enforcer(self):
        return self.bailiff.status()["enforcer"]

    def settled(self):
        status = self.enforcer()
        return status["log"]["published"] == status["ledger"]["leaves"] > 0 \
            and status["evidence"]["unsealed_cases"] == 0

    def newest(self):
        with open(f"{self.bailiff.dir}/state/log/checkpoint") as file:
            return file.read()

    def kept_text(self):
        try:
            with open(self.kept) as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def test_a_file_and_a_webhook_get_each_checkpoint(self):
        self.case()
        newest = self.newest()
        self.assertTrue(wait(lambda: newest in self.kept_text()))
        self.assertTrue(wait(lambda: newest in Receiver.notes))
        self.case()
        newest = self.newest()
        self.assertTrue(wait(lambda: newest in self.kept_text()))
        status, said = self.log("consistency", self.kept)
        self.assertEqual(status, 0, said)
        self.assertRegex(said, r"those of \d+ checkpoints? in")
        sent = self.enforcer()["log"]["sent"]
        self.assertTrue(sent["file"]["at"])
        self.assertEqual(sent["webhook"]["error"], "")

    def test_a_letter_on_its_way_still_proves(self):
        self.case()
        letter = f"{self.at}/letter"
        with open(letter, "w", newline="") as file:
            file.write("Received: from x\r\nSubject: Checkpoint\r\n\r\n"
                       + self.newest().replace("\n", "\r\n"))
        self.assertEqual(self.log("consistency", letter)[0], 0)
        with open(letter, "w") as file:
            file.write("Subject: nothing\n\nhello\n")
        status, said = self.log("consistency", letter)
        self.assertNotEqual(status, 0)
        self.assertIn("no checkpoint of", said)

    def test_who_cannot_be_reached_delays_nobody_and_gets_the_newest(self):
        self.case()
        Receiver.status, Receiver.delay = 503, 1
        self.addCleanup(setattr, Receiver, "status", 204)
        self.addCleanup(setattr, Receiver, "delay", 0)
        self.case()  # is sealed and published meanwhile
        self.assertTrue(wait(lambda: "503" in self.enforcer()["log"]["sent"]["webhook"]["error"]))
        with open(f"{self.bailiff.dir}/log/enforcer.log") as log:
            self.assertEqual(log.read().count("checkpoint_not_sent"), 1)
        Receiver.status, Receiver.delay = 204, 0
        newest = self.newest()
        self.assertTrue(wait(lambda: newest in Receiver.notes, 40))
        self.assertTrue(wait(lambda: self.enforcer()["log"]["sent"]["webhook"]["error"] == ""))

    def test_the_checkpoint_is_stamped(self):
        self.case()
        stamps = f"{self.bailiff.dir}/state/log/stamps"
        self.assertTrue(wait(lambda: os.path.isdir(stamps) and any(
            name.endswith(".tsr") for name in os.listdir(stamps))))
        name = next(name[:-4] for name in os.listdir(stamps) if name.endswith(".tsr"))
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-data", f"{stamps}/{name}.note", "-in",
             f"{stamps}/{name}.tsr", "-CAfile", self.roots], capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_zz_a_log_that_was_cut_or_written_anew_shows(self):
        self.case()
        state, copy = f"{self.bailiff.dir}/state", f"{self.at}/older"
        self.bailiff.stop()
        subprocess.run(["cp", "-a", state, copy], check=True)
        self.bailiff.start()
        self.case()
        self.assertTrue(wait(lambda: self.newest() in self.kept_text()))
        self.bailiff.stop()
        for name in ("ledger", "log", "signer"):  # all that this machine knows of its own past
            shutil.rmtree(f"{state}/{name}")
            subprocess.run(["cp", "-a", f"{copy}/{name}", f"{state}/{name}"], check=True)
        status, said = self.log("verify")
        self.assertEqual(status, 0, f"by itself the older state is sound: {said}")
        status, said = self.log("consistency", self.kept)
        self.assertNotEqual(status, 0)
        self.assertIn("the log was cut", said)
        self.bailiff.start()
        self.case()
        self.case()  # longer than it was: another history
        self.assertEqual(self.log("verify")[0], 0)
        status, said = self.log("consistency", self.kept)
        self.assertNotEqual(status, 0)
        self.assertRegex(said, "the log was (rewritten|cut)")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]])
