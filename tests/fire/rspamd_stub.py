"""An rspamd on a unix socket that does one thing, well or badly."""

import json
import os
import re
import socket
import struct
import threading
import time

ID = re.compile(rb'"options":\["([0-9a-f]{24})"\]')
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


def reply_json(request_id):
    return json.dumps({"is_skipped": False, "score": 1.5, "required_score": 15.0,
                       "action": "no action", "message-id": "undef",
                       "symbols": {"BAILIFF_REQUEST": {"score": 0, "options": [request_id]}}}
                      ).encode()


def with_length(body):
    return OK + b"Content-Length: %d\r\n\r\n" % len(body) + body


def id_in(request):
    found = ID.search(request)
    return found.group(1).decode() if found else ""


# What each does with a connection after the request was read. Endless ones end when the peer does.

def well(peer, request):
    peer.sendall(with_length(reply_json(id_in(request))))


def silence(peer, _):
    peer.recv(1)


def headers_then_silence(peer, _):
    peer.sendall(OK + b"Content-Length: 500\r\n\r\n")
    peer.recv(1)


def slow(peer, request):
    for byte in with_length(reply_json(id_in(request))):
        peer.sendall(bytes([byte]))
        time.sleep(0.1)


def garbage(peer, _):
    peer.sendall(os.urandom(4096))


def wrong_json(peer, request):
    peer.sendall(with_length(reply_json(id_in(request)).replace(b"1.5", b"NaN")))


def endless_body(peer, _):
    peer.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        peer.sendall(b"10000\r\n" + b"[" * 65536 + b"\r\n")


def endless_headers(peer, _):
    peer.sendall(OK)
    while True:
        peer.sendall(b"X-More: and more\r\n" * 1000)


def huge(peer, _):
    peer.sendall(OK + b"Content-Length: 1000000000000\r\n\r\n")
    while True:
        peer.sendall(b" " * 65536)


def anothers_answer(peer, _):
    peer.sendall(with_length(reply_json("f" * 24)))


def error_500(peer, _):
    peer.sendall(b"HTTP/1.1 500 no\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}")


def closes(peer, _):
    peer.close()


def resets(peer, _):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def half_closes(peer, _):
    peer.shutdown(socket.SHUT_WR)
    peer.recv(1)


def poisoned(peer, request):
    """Ends on one message, answers the others."""
    (closes if b"fatal to rspamd" in request else well)(peer, request)


class Stub:
    """Listens at once; `behave` is one of the functions above. `requests` counts."""

    def __init__(self, path, behave=well):
        self.path, self.behave, self.requests = path, behave, []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        os.chmod(path, 0o666)
        self.listener.listen(100)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(peer,), daemon=True).start()

    def _serve(self, peer):
        with peer:
            try:
                request = self._read(peer)
                self.requests.append(request)
                self.behave(peer, request)
            except OSError:  # it had enough
                pass

    @staticmethod
    def _read(peer):
        data = b""
        while b"\r\n\r\n" not in data:
            more = peer.recv(65536)
            if not more:
                return data
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
        while len(body) < length:
            more = peer.recv(65536)
            if not more:
                break
            body += more
        return head + b"\r\n\r\n" + body

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class FullBacklog:
    """A listener that never accepts and has no room left."""

    def __init__(self, path):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        os.chmod(path, 0o666)
        self.listener.listen(0)
        self.waiting = []
        while True:
            waiting = socket.socket(socket.AF_UNIX)
            waiting.setblocking(False)
            try:
                waiting.connect(path)
                self.waiting.append(waiting)
            except BlockingIOError:
                break

    def stop(self):
        for waiting in self.waiting:
            waiting.close()
        self.listener.close()
