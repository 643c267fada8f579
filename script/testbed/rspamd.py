"""A private rspamd: Debian's own configuration, one scanner on a unix socket, no network."""

import os
import pwd
import shutil
import socket

from .process import Process, wait_until

OFF = ("rbl", "surbl", "spf", "dkim", "dkim_signing", "dmarc", "arc", "asn", "mx_check",
       "fuzzy_check", "phishtank", "url_redirector")


class Rspamd:
    def __init__(self, directory):
        self.dir = directory
        self.socket = f"{directory}/run/normal.sock"
        self.process = None
        user = pwd.getpwnam("_rspamd")
        for name in ("db", "run", "log"):
            os.makedirs(f"{directory}/{name}", exist_ok=True)
        shutil.copytree("/etc/rspamd", f"{directory}/conf", dirs_exist_ok=True)
        local = f"{directory}/conf/local.d"
        os.makedirs(local, exist_ok=True)
        files = {f"{name}.conf": "enabled = false;\n" for name in OFF}
        files["worker-normal.inc"] = f'bind_socket = "{self.socket} mode=0666";\ncount = 1;\n'
        files["worker-proxy.inc"] = "enabled = false;\n"
        files["worker-controller.inc"] = "enabled = false;\n"
        files["worker-fuzzy.inc"] = "enabled = false;\n"
        # Nothing may leave the machine: a resolver that refuses at once.
        files["options.inc"] = ('dns { nameserver = ["127.0.0.1:9"]; timeout = 0.1s; '
                                "retransmits = 1; }\n"
                                f'hs_cache_dir = "{directory}/db/";\n')
        files["logging.inc"] = f'type = "file"; filename = "{directory}/log/rspamd.log"; ' \
                               'level = "notice";\n'
        for name, text in files.items():
            with open(f"{local}/{name}", "w") as file:
                file.write(text)
        for root, folders, names in os.walk(directory):
            for name in (".", *folders, *names):
                os.chown(os.path.join(root, name), user.pw_uid, user.pw_gid)

    def start(self):
        d = self.dir
        variables = {"CONFDIR": f"{d}/conf", "LOCAL_CONFDIR": f"{d}/conf", "DBDIR": f"{d}/db",
                     "RUNDIR": f"{d}/run", "LOGDIR": f"{d}/log"}
        self.process = Process("rspamd", ["rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd",
                                          "-c", f"{d}/conf/rspamd.conf",
                                          *(f"--var={k}={v}" for k, v in variables.items())],
                               f"{d}/log/stderr.log")
        wait_until("rspamd's answer", self._answers, 60)

    def _answers(self):
        self.process.require_alive()
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.settimeout(1)
                probe.connect(self.socket)
                probe.sendall(b"GET /ping HTTP/1.0\r\n\r\n")
                return probe.recv(100).startswith(b"HTTP/1")
            except OSError:
                return False

    def stop(self):
        if self.process:
            self.process.stop()
            self.process = None
