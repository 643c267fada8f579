"""A time stamp authority (RFC 3161) over HTTP on loopback, which misbehaves by order.

    with StampAuthority(folder) as authority:
        authority.url, authority.root, authority.policy
        authority.mode = "down"

By hand: stamp_authority.py FOLDER [MODE] prints the port and serves until it is interrupted.
Each stamp is made by `openssl ts`; the folder keeps the authority's certificates and keys.
"""

import datetime
import http.server
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter

MODES = ("ok", "down", "slow", "wrong_nonce", "other_data", "garbage", "late_clock", "rejected")
POLICY = "1.2.3.4.1"
LATE_HOURS = 24  # of "late_clock"
REQUEST_BYTES_MAX = 64 << 10
INTEGER, GENERALIZED_TIME, SEQUENCE = 0x02, 0x18, 0x30

CONFIG = f"""\
[req]
distinguished_name = name
prompt = no
[name]
CN = replaced by -subj
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
[between]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa]
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[ca]
default_ca = ca
database = index.txt
new_certs_dir = .
default_md = sha256
policy = any
unique_subject = no
rand_serial = yes
[any]
organizationName = optional
commonName = supplied
[ts]
serial = serial
default_policy = {POLICY}
digests = sha256, sha384, sha512
accuracy = secs:1
clock_precision_digits = 3
tsa_name = yes
ess_cert_id_alg = sha256
signer_digest = sha256
[ts_refusing]
serial = serial
default_policy = {POLICY}
digests = sha1
ess_cert_id_alg = sha256
signer_digest = sha256
"""


def openssl(folder, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {' '.join(arguments)}: {done.stderr.decode()}")
    return done.stdout


def make_authority(folder):
    """A root, a certificate between, and a signer that stamped before today already."""
    os.makedirs(folder, exist_ok=True)
    for name, text in (("conf", CONFIG), ("index.txt", ""), ("serial", "01\n")):
        with open(f"{folder}/{name}", "w") as file:
            file.write(text)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "conf")
    for name in ("root", "between", "tsa"):
        openssl(folder, "req", *curve, "-subj", f"/O=Example/CN=time stamp {name}",
                "-keyout", f"{name}.key", "-out", f"{name}.csr")
    for name, by in (("root", None), ("between", "root"), ("tsa", "between")):
        issuer = ("-cert", f"{by}.pem", "-keyfile", f"{by}.key") if by else \
                 ("-selfsign", "-keyfile", "root.key")
        openssl(folder, "ca", "-batch", "-notext", "-preserveDN", "-config", "conf", *issuer,
                "-extensions", name, "-startdate", "20200101000000Z", "-days", "30",
                "-in", f"{name}.csr", "-out", f"{name}.pem")


def children(der):
    """(tag, start, end) of what the outermost element holds, without the headers."""

    def header(at):
        if at + 2 > len(der):
            raise RuntimeError("the question is no DER")
        size, at = der[at + 1], at + 2
        if size & 0x80:
            size, at = int.from_bytes(der[at:at + (size & 0x7F)], "big"), at + (size & 0x7F)
        if at + size > len(der):
            raise RuntimeError("the question is no DER")
        return at, at + size

    at, end = header(0)
    found = []
    while at < end:
        inner, after = header(at)
        found.append((der[at], inner, after))
        at = after
    return found


def altered(question, mode):
    """A TimeStampReq with the last bit of its digest or of its nonce turned."""
    parts = children(question)
    if mode == "wrong_nonce":
        ends = [end for tag, _, end in parts[1:] if tag == INTEGER]
    else:
        imprint = next(question[start:end] for tag, start, end in parts if tag == SEQUENCE)
        ends = [question.index(imprint) + len(imprint)]  # the digest is the last in it
    changed = bytearray(question)
    for end in ends:
        changed[end - 1] ^= 1
    return bytes(changed)


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        authority = self.server.authority
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(size, REQUEST_BYTES_MAX))
        mode = authority.mode
        authority.count(mode)
        if self.headers.get("Content-Type") != "application/timestamp-query":
            return self.say(415, b"expected application/timestamp-query\n", "text/plain")
        if mode == "down":
            return self.say(503, b"closed\n", "text/plain")
        if mode == "slow":
            authority.released.wait(authority.slow_seconds)
        if mode == "garbage":
            return self.say(200, os.urandom(2000))
        try:
            return self.say(200, authority.stamp(body, mode))
        except RuntimeError as problem:
            return self.say(500, str(problem).encode(), "text/plain")

    def say(self, status, body, kind="application/timestamp-reply"):
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # the other side did not wait: what a slow answer is for
            self.close_connection = True

    def log_message(self, *_):
        pass


class StampAuthority:
    """Serves from its making until close(). `mode` may be set at any time.

    slow: the answer comes after `slow_seconds`, or at close(). late_clock: 24 hours behind.
    `asked` counts the questions by the mode in which they came.
    """

    def __init__(self, folder, mode="ok", slow_seconds=60, port=0):
        self.folder, self.slow_seconds = os.path.abspath(folder), slow_seconds
        self.mode, self.asked, self.policy = mode, Counter(), POLICY
        self.released, self.lock = threading.Event(), threading.Lock()
        if not os.path.exists(f"{self.folder}/tsa.pem"):
            make_authority(self.folder)
        self.root, self.between = f"{self.folder}/root.pem", f"{self.folder}/between.pem"
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Answer)
        self.server.daemon_threads = True
        self.server.authority = self
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def mode(self):
        return self._mode

    @mode.setter
    def mode(self, mode):
        if mode not in MODES:
            raise ValueError(f"'{mode}' is none of {', '.join(MODES)}")
        self._mode = mode

    def count(self, mode):
        with self.lock:
            self.asked[mode] += 1

    def stamp(self, question, mode="ok"):
        """The reply to a TimeStampReq in DER, as this mode has it."""
        if mode in ("other_data", "wrong_nonce"):
            question = altered(question, mode)
        section = "ts_refusing" if mode == "rejected" else "ts"
        reply = ("ts", "-reply", "-config", "conf", "-section", section)
        with self.lock, tempfile.TemporaryDirectory() as here:
            with open(f"{here}/question", "wb") as file:
                file.write(question)
            openssl(self.folder, *reply, "-queryfile", f"{here}/question", "-signer", "tsa.pem",
                    "-inkey", "tsa.key", "-chain", "between.pem", "-out", f"{here}/reply")
            if mode == "late_clock":
                self.sign_earlier(here, reply)
            with open(f"{here}/reply", "rb") as file:
                return file.read()

    def sign_earlier(self, here, reply):
        """`openssl ts` has one clock, so what it stamped is changed and signed again."""
        openssl(self.folder, *reply, "-in", f"{here}/reply", "-token_out", "-out", f"{here}/token")
        openssl(self.folder, "cms", "-verify", "-noverify", "-inform", "DER",
                "-in", f"{here}/token", "-out", f"{here}/info")
        with open(f"{here}/info", "rb") as file:
            info = bytearray(file.read())
        start = next(start for tag, start, _ in children(info) if tag == GENERALIZED_TIME)
        form = "%Y%m%d%H%M%S"
        time = datetime.datetime.strptime(info[start:start + 14].decode(), form)
        time -= datetime.timedelta(hours=LATE_HOURS)
        info[start:start + 14] = time.strftime(form).encode()
        with open(f"{here}/info", "wb") as file:
            file.write(info)
        openssl(self.folder, "cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-cades",
                "-econtent_type", "1.2.840.113549.1.9.16.1.4", "-signer", "tsa.pem", "-inkey",
                "tsa.key", "-certfile", "between.pem", "-outform", "DER", "-in", f"{here}/info",
                "-out", f"{here}/token")
        openssl(self.folder, *reply, "-in", f"{here}/token", "-token_in", "-out", f"{here}/reply")

    def close(self):
        self.released.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    with StampAuthority(sys.argv[1], *sys.argv[2:]) as authority:
        print(authority.port, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
