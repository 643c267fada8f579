#!/usr/bin/env python3
"""Canaries in a message, its envelope and the holder's data are looked for in everything that comes
out: journals, status, desk, run and state folders, log, hooks, webhook, exports, cores. In many
spellings: raw, base64, quoted-printable, percent, hex, UTF-16."""

import base64
import email
import email.policy
import http.server
import json
import os
import resource
import signal
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

BINARY = sys.argv[1]
CANARIES = {"subject": "kanari5520sujet", "body": "kanari7341corps", "link": "kanari4417lien",
            "attachment": "kanari8126piece", "rcpt": "kanari9912destin", "rcpt_domain":
            "kanari6604domaine", "sender": "kanari3093expedit", "helo": "kanari1278helo",
            "header": "kanari2261champ", "holder_name": "kanari3310nom",
            "holder_email": "kanari3355courriel", "holder_phone": "kanari3378phone"}
HOLDER = {"holder_name", "holder_email", "holder_phone"}
CONTENT = {"subject", "body", "link", "attachment", "header"}
SERVICES = [{"account": "acct-shop", "service": "shop", "holder": "h-shop", "plan": "starter",
             "created": "2024-01-01",
             "identities": [{"kind": "login", "value": "orders@shop.example"}]}]
# Its envelope is shown to the team and kept with the case; of recipients the domain (masked).
ENVELOPE = {"helo", "sender", "rcpt_domain"}
CASE_FILE = ENVELOPE
# Profile by profile, without the key of the vault: nothing that is sealed can be in it.
PROFILES = {"authority": CASE_FILE, "court": CASE_FILE, "art18-urgent": CASE_FILE,
            "customer": CASE_FILE, "cert": {"helo"}, "peer": set(), "signal-spam": set()}
# A report has the header of the message and its links: nobody who got it, nothing of the holder.
REPORTED = {"subject", "link", "sender", "header"}
OPENED = {"authority": set(CANARIES), "court": set(CANARIES), "art18-urgent": set(CANARIES),
          "customer": CASE_FILE | HOLDER, "cert": {"helo"} | REPORTED, "peer": REPORTED | ENVELOPE,
          "signal-spam": set()}


def spellings(word):
    raw = word.encode()
    found = {raw, raw.hex().encode(), word.encode("utf-16-le"), word.encode("utf-16-be"),
             "".join(f"={byte:02x}" for byte in raw).encode(),
             "".join(f"%{byte:02x}" for byte in raw).encode()}
    exact = set()
    for shift in range(3):  # what of it is the same wherever it stands in base64
        text = base64.b64encode(b"\0" * shift + raw)
        exact.add(text[(shift * 8 + 5) // 6:len(text) // 4 * 4 - (4 if b"=" in text else 0)])
    return found, exact


SPELLINGS = {name: spellings(word) for name, word in CANARIES.items()}


def canaries_in(data):
    """Names of the canaries in the bytes, however they are written."""
    plain = data.replace(b"=\r\n", b"").replace(b"=\n", b"").lower()
    dense = data.replace(b"\r", b"").replace(b"\n", b"")
    return {name for name, (lower, exact) in SPELLINGS.items()
            if any(one in plain for one in lower) or any(one in dense for one in exact)}


def files_below(folder):
    return [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names
            if os.path.isfile(os.path.join(at, name))]


def message():
    word = CANARIES
    inner = base64.b64encode(f"{word['body']} also in base64\r\n".encode()).decode()
    return ("--b\r\nContent-Type: text/plain\r\n\r\nbuy these pills\r\n" + "filler " * 20
            + f"{word['body']}\r\nhttp://x.example/?u={word['link']}\r\n"
            "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            f"{inner}\r\n"
            "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
            f"filename=\"{word['attachment']}.exe\"\r\n\r\n{word['body']}\r\n--b--\r\n").encode()


def send(host, text, spam=True):
    word = CANARIES
    client = raw_milter.RawMilter(host.socket)
    client.negotiate()
    client.connect()
    client.send(b"H", f"{word['helo']}.example\0".encode())
    client.mail(f"{word['sender']}@shop.example")
    client.send(b"R", f"<{word['rcpt']}@{word['rcpt_domain']}.example>\0".encode())
    subject = base64.b64encode(f"Offre é {word['subject']}".encode()).decode()
    headers = {"Subject": f"=?utf-8?B?{subject}?= {word['subject']}",
               "To": f"<{word['rcpt']}@{word['rcpt_domain']}.example>",
               "X-Note": word["header"], "Message-ID": f"<{time.time()}@x.example>",
               "MIME-Version": "1.0", "Content-Type": "multipart/mixed; boundary=b"}
    for name, value in headers.items() if spam else ():
        client.send(b"L", f"{name}\0 {value}\0".encode())
    client.send(b"B", text)
    verdict = client.end()
    client.close()
    return verdict


class Search(unittest.TestCase):
    def test_a_planted_canary_is_found_in_each_spelling(self):
        for name, word in CANARIES.items():
            raw = word.encode()
            for text in (raw, raw.upper(), raw.hex().encode(), word.encode("utf-16-le"),
                         b"".join(b"=%02X" % byte for byte in raw[:5]) + b"=\r\n"
                         + b"".join(b"=%02X" % byte for byte in raw[5:]),
                         b"".join(b"%%%02X" % byte for byte in raw),
                         *(base64.b64encode(b"x" * shift + raw + b"yz") for shift in range(3)),
                         base64.encodebytes(b"x" * 50 + raw + b"y" * 50)):
                self.assertEqual(canaries_in(b"..." + text + b"..."), {name}, text)
        self.assertEqual(canaries_in(b"nothing of it"), set())


class Leak(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        limit = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
        cls.host = Host(BINARY, with_signer=True, top="[log]\ncheckpoint_seconds = 1\n"
                        "[evidence]\nquiet_minutes = 0\n"
                        '[reports]\norganisation = "Host"\ncontact = "abuse@host.example"\n'
                        'domain = "host.example"\n')
        cls.bailiff = cls.host.bailiff
        cls.bailiff.import_directory(
            SERVICES, [{"holder": "h-shop", "name": CANARIES["holder_name"],
                        "email": f"{CANARIES['holder_email']}@home.example",
                        "phone": CANARIES["holder_phone"]}])
        os.unlink(f"{cls.bailiff.dir}/holders.json")  # ours, not its
        cls.hooks = f"{cls.bailiff.panel}/raw"
        hook = f"{cls.bailiff.dir}/hooks/panel"
        os.rename(hook, f"{hook}.py")
        with open(hook, "w") as file:
            file.write(f"#!/bin/sh\numask 000\nf={cls.hooks}.$1.$$\n"
                       "{ echo \"$@\"; tr '\\0' '\\n' < /proc/$$/environ; } > $f.env\n"
                       f"tee $f.order | {hook}.py \"$@\"\n")
        os.chmod(hook, 0o755)
        cls.bailiff.start()
        for _ in range(2):
            send(cls.host, b"Hello\r\n", spam=False)
        assert send(cls.host, message()) == raw_milter.REJECT
        cls.case = cls.bailiff.cases()[0]["id"]
        end = time.monotonic() + 20
        while time.monotonic() < end and not (
                cls.bailiff.outbox_empty() and len(cls.bailiff.hook_calls()) == 3):
            time.sleep(0.1)
        cls.out = tempfile.mkdtemp(prefix="leak-")
        for profile in PROFILES:
            cls.bailiff.export(cls.case, f"{cls.out}/{profile}", "--profile", profile, "--to",
                               "abuse@peer.example", key=None)
            cls.bailiff.export(cls.case, f"{cls.out}/{profile}-opened", "--profile", profile,
                               "--to", "abuse@peer.example")

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()
        subprocess.run(["rm", "-rf", cls.out], check=True)

    def nothing_but(self, allowed, place, data):
        self.assertEqual(canaries_in(data) - allowed, set(), place)
        # The search would have seen it there.
        planted = base64.b64encode(b"\n" + CANARIES["body"].encode() + b"\n")
        self.assertIn("body", canaries_in(data + planted + data), place)

    def folder(self, folder, allowed, but=()):
        seen = 0
        for path in files_below(folder):
            if any(part in path for part in but):
                continue
            with open(path, "rb") as file:
                self.nothing_but(allowed, path, os.fsencode(path) + file.read())
            seen += 1
        self.assertGreater(seen, 0, folder)

    def test_journals_of_all_roles(self):
        self.assertTrue({"milter.log", "enforcer.log", "signer.log"}
                        <= set(os.listdir(f"{self.bailiff.dir}/log")))
        self.folder(f"{self.bailiff.dir}/log", set())

    def test_status_and_run_folder(self):
        self.nothing_but(set(), "status", self.bailiff.cli("status", "--json").encode()
                         + self.bailiff.cli("status").encode())
        self.folder(f"{self.bailiff.dir}/run", set())

    def test_the_log_has_no_personal_data_at_all(self):
        folder = f"{self.bailiff.dir}/state/log"
        self.folder(folder, set())
        for path in files_below(folder):
            with open(path, "rb") as file:
                data = file.read()
            for word in (b"shop", b"acct", b"orders", b"192.0.2", b"@dest", self.case.encode()):
                self.assertNotIn(word, data, path)

    def test_state_holds_nothing_of_content_or_holder_that_it_could_read(self):
        self.folder(f"{self.bailiff.dir}/state", CASE_FILE, but=("/holders/", "/state/log/"))

    def test_desk_and_command_line(self):
        for arguments in (("case", "list"), ("case", "list", "--json"), ("case", "show", self.case),
                          ("case", "show", self.case, "--json"),
                          ("case", "show", self.case, "--french"), ("report",)):
            said = self.bailiff.cli(*arguments, check=False).encode()
            self.nothing_but(CASE_FILE, " ".join(arguments), said)

    def test_hooks_hear_of_service_and_account_alone(self):
        orders = [path for path in files_below(self.bailiff.panel) if path.endswith(".order")]
        self.assertTrue(orders)
        self.assertTrue([path for path in files_below(self.bailiff.panel)
                         if path.endswith(".env") and os.path.getsize(path)])
        self.folder(self.bailiff.panel, set())
        with open(orders[0]) as file:
            self.assertEqual(json.load(file)["service"], "shop")

    def test_a_webhook_hears_no_more(self):
        heard = []

        class Receiver(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append(str(self.headers).encode() + self.path.encode() + body)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass
        server = http.server.HTTPServer(("127.0.0.1", 0), Receiver)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        secret, settings = f"{self.out}/secret", f"{self.out}/webhook"
        with open(secret, "w") as file:
            file.write("whsec_" + base64.b64encode(os.urandom(32)).decode() + "\n")
        os.chmod(secret, 0o400)
        with open(settings, "w") as file:
            file.write(f'panel = "webhook"\nurl = "http://127.0.0.1:{server.server_port}/in"\n'
                       f'secret_file = "{secret}"\n')
        order = next(path for path in files_below(self.bailiff.panel) if path.endswith(".order")
                     and ".act." in path and self.is_notice(path))
        with open(order, "rb") as file:
            done = subprocess.run([BINARY, "panel", settings, "act"], stdin=file,
                                  capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done)
        self.nothing_but(set(), "webhook", done.stdout + done.stderr + b"".join(heard))
        self.assertIn(self.case.encode(), b"".join(heard))

    @staticmethod
    def is_notice(path):
        with open(path, "rb") as file:
            return b"notify.team" in file.read()

    def test_exports_have_what_their_profile_may(self):
        for profile, allowed in PROFILES.items():
            self.folder(f"{self.out}/{profile}", allowed)

    def test_exports_opened_with_the_key_have_what_their_profile_may(self):
        for profile, allowed in OPENED.items():
            self.folder(f"{self.out}/{profile}-opened", allowed)

    def test_a_peer_gets_a_report_and_a_csirt_an_event(self):
        with open(f"{self.out}/peer-opened/report.eml", "rb") as file:
            report = email.message_from_bytes(file.read(), policy=email.policy.default)
        self.assertEqual(report.get_content_type(), "multipart/report")
        kinds = [part.get_content_type() for part in report.iter_parts()]
        self.assertEqual(kinds[:3], ["text/plain", "message/feedback-report", "text/rfc822-headers"])
        self.assertIn("application/json", kinds)
        self.assertEqual(report["To"], "abuse@peer.example")
        with open(f"{self.out}/cert-opened/misp-event.json") as file:
            event = json.load(file)
        self.assertIn("192.0.2.7", json.dumps(event))
        self.assertIn(CANARIES["link"], json.dumps(event))
        for profile in ("peer", "cert"):
            self.assertFalse({"report.eml", "misp-event.json"}
                             & set(os.listdir(f"{self.out}/{profile}")))
        whole = b""
        for path in files_below(f"{self.out}/authority-opened"):
            with open(path, "rb") as file:
                whole += file.read()
        self.assertEqual(canaries_in(whole), set(CANARIES), "all of them were in the case")

    def test_z_no_role_leaves_a_core(self):
        self.assertEqual(resource.getrlimit(resource.RLIMIT_CORE)[0], resource.RLIM_INFINITY)
        pids = {role: process.pid for role, process in self.bailiff.processes.items()}
        pids["worker"] = self.bailiff.worker()
        control = subprocess.Popen(["sleep", "60"], user=62001, cwd="/tmp")
        self.addCleanup(control.wait)
        self.addCleanup(control.kill)
        time.sleep(0.2)
        self.assertTrue(self.may_dump(control.pid), "the test would see it")
        for role, pid in pids.items():
            self.assertFalse(self.may_dump(pid), role)
        before = set(os.listdir("/"))
        for role in ("signer", "enforcer", "worker", "milter"):
            if os.path.exists(f"/proc/{pids[role]}"):
                os.kill(pids[role], signal.SIGABRT)
        time.sleep(0.5)
        cores = {name for name in set(os.listdir("/")) - before if "core" in name}
        self.assertEqual(cores, set())
        cores = [path for path in files_below(self.bailiff.dir) if "core" in os.path.basename(path)]
        self.assertEqual(cores, [])

    @staticmethod
    def may_dump(pid):
        """/proc/PID is root's if the process may not be dumped, of whatever user it is."""
        with open(f"/proc/{pid}/limits") as file:
            limit = next(line for line in file if line.startswith("Max core file size"))
        return os.stat(f"/proc/{pid}/environ").st_uid != 0 or limit.split()[4:6] != ["0", "0"]


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
