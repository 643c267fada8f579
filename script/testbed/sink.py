"""Where mail of the private Postfix ends: an SMTP server that keeps what it is given."""

import re
import socketserver
import threading
import time


# By the local part of a recipient: mail that stays in the queue, mail that bounces.
NOT_TAKEN = {"later": "450 4.2.0 come again", "never": "550 5.1.1 nobody here"}


class Delivery:
    def __init__(self, mail_from, rcpt_to, data):
        self.mail_from, self.rcpt_to, self.data = mail_from, rcpt_to, data

    def header(self, name):
        match = re.search(rb"(?im)^" + name.encode() + rb":[ \t]*(.*?)\r?$",
                          self.data.split(b"\r\n\r\n", 1)[0])
        return match.group(1).decode(errors="replace") if match else None


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self._say("220 sink.example ESMTP")
        mail_from, rcpt_to = "", []
        while line := self.rfile.readline():
            verb = line.strip().upper()
            if verb.startswith(b"EHLO"):
                self._say("250-sink.example\r\n250-SMTPUTF8\r\n250 8BITMIME")
                continue
            if verb.startswith(b"MAIL"):
                mail_from, rcpt_to = _address(line), []
            elif verb.startswith(b"RCPT"):
                box = _address(line)
                if answer := NOT_TAKEN.get(box.partition("@")[0]):
                    self._say(answer)
                    continue
                rcpt_to.append(box)
            elif verb == b"DATA":
                self._say("354 go on")
                data = self._data()
                time.sleep(self.server.delay)
                self.server.keep(Delivery(mail_from, rcpt_to, data))
            elif verb == b"QUIT":
                return self._say("221 bye")
            self._say("250 ok")
        return None

    def _data(self):
        lines = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


def _address(line):
    match = re.search(rb"<(.*?)>", line)
    return match.group(1).decode(errors="replace") if match else ""


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 512  # or a full queue drops connections that the client takes for made
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.port = self.server_address[1]
        self._lock = threading.Lock()
        self._kept = []
        self.delay = 0.0  # seconds that each message takes
        threading.Thread(target=self.serve_forever, name="sink", daemon=True).start()

    def keep(self, delivery):
        with self._lock:
            self._kept.append(delivery)

    def kept(self):
        with self._lock:
            return list(self._kept)

    def stop(self):
        self.shutdown()
        self.server_close()
