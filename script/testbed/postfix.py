"""A private Postfix: submission with SASL, a trusted relay hop, an untagged port, sendmail(1)."""

import json
import os
import pwd
import shutil
import smtplib
import subprocess

from .process import TestbedError, free_port, wait_until

MAIN_CF = """\
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = {log}
maillog_file_prefixes = /tmp, /var, /dev/shm
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = node1.hosting.example
myorigin = hosting.example
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
smtp_dns_support_level = disabled
smtp_host_lookup = native
smtpd_peername_lookup = no
disable_dns_lookups = yes
default_transport = smtp:[127.0.0.1]:{sink}
relay_transport = smtp:[127.0.0.1]:{sink}
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
enable_long_queue_ids = yes
in_flow_delay = 0
minimal_backoff_time = 5s
queue_run_delay = 5s
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions =
# What packaging/postfix/main.cf.snippet gives the operator, from here on:
smtpd_milters = {milter}
non_smtpd_milters = {milter}
milter_default_action = tempfail
milter_content_timeout = 30s
smtp_header_checks = regexp:{etc}/bailiff_strip
lmtp_header_checks = regexp:{etc}/bailiff_strip
smtpd_forbid_bare_newline = {forbid_bare_newline}
"""

MASTER_CF = """\
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_sasl_auth_enable=yes
  -o milter_macro_daemon_name=SUBMISSION
  -o milter_macro_defaults=bailiff_door=submission
127.0.0.1:{relay} inet n - n - - smtpd
  -o mynetworks=127.0.0.0/8,192.0.2.0/24,198.51.0.0/16
  -o smtpd_relay_restrictions=permit_mynetworks,reject
  -o smtpd_authorized_xclient_hosts=127.0.0.0/8
  -o milter_macro_daemon_name=RELAY
  -o milter_macro_defaults=bailiff_door=submission
127.0.0.1:{untagged} inet n - n - - smtpd
  -o smtpd_relay_restrictions=permit_mynetworks,reject
pickup unix n - n 60 1 pickup
  -o cleanup_service_name=cleanup-local
cleanup-local unix n - n - 0 cleanup
  -o header_checks=regexp:{etc}/bailiff_uid
  -o milter_macro_daemon_name=LOCAL
  -o milter_macro_defaults=bailiff_door=pickup
cleanup unix n - n - 0 cleanup
showq unix n - - - - showq
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """Must be made inside namespace.enter(): its configuration is bound over /etc/postfix."""

    def __init__(self, directory, sink_port, uid_header, forbid_bare_newline="no"):
        self.dir = directory
        self.queue = f"{directory}/queue"
        self.log = f"{directory}/mail.log"
        self.ports = {name: free_port() for name in ("submission", "relay", "untagged")}
        etc, data, sasl = (f"{directory}/{name}" for name in ("etc", "data", "etc/sasl"))
        for path in (directory, self.queue, etc, data, sasl):
            os.makedirs(path, mode=0o755, exist_ok=True)
            os.chmod(path, 0o755)
        for name in ("postfix-files", "post-install", "postfix-script", "dynamicmaps.cf"):
            shutil.copy(f"/etc/postfix/{name}", etc)
        self.user = pwd.getpwnam("postfix")
        os.chown(data, self.user.pw_uid, -1)
        self.sasldb = f"{sasl}/sasldb2"
        values = dict(self.ports, queue=self.queue, data=data, log=self.log, etc=etc,
                      sink=sink_port, milter="unix:bailiff/milter.sock",
                      forbid_bare_newline=forbid_bare_newline)
        _write(f"{etc}/main.cf", MAIN_CF.format(**values))
        _write(f"{etc}/master.cf", MASTER_CF.format(**values))
        _write(f"{etc}/bailiff_uid", "/^Received: by .*\\(Postfix, from userid ([0-9]+)\\)/ "
                                     f"PREPEND {uid_header}: $1\n")
        _write(f"{etc}/bailiff_strip", f"/^{uid_header}:/ IGNORE\n")
        _write(f"{sasl}/smtpd.conf", "pwcheck_method: auxprop\nauxprop_plugin: sasldb\n"
                                     f"sasldb_path: {self.sasldb}\nmech_list: PLAIN LOGIN\n")
        _run("mount", "--bind", etc, "/etc/postfix")
        self.running = False

    def milter_directory(self, uid):
        """Where the milter's socket goes: the group that Postfix is in comes from the directory."""
        path = f"{self.queue}/bailiff"
        os.makedirs(path, exist_ok=True)
        os.chown(path, uid, self.user.pw_gid)
        os.chmod(path, 0o2770)
        return f"{path}/milter.sock"

    def add_login(self, login, password):
        user, _, realm = login.partition("@")
        _run("saslpasswd2", "-p", "-c", "-f", self.sasldb, "-u", realm, user,
             stdin=password.encode())
        os.chown(self.sasldb, self.user.pw_uid, self.user.pw_gid)

    def start(self):
        _run("postfix", "-c", "/etc/postfix", "start")
        self.running = True
        wait_until("Postfix's master", lambda: os.path.exists(f"{self.queue}/pid/master.pid"))

    def stop(self):
        if self.running:
            _run("postfix", "-c", "/etc/postfix", "stop")
            self.running = False
        subprocess.run(["umount", "/etc/postfix"], check=False, stderr=subprocess.DEVNULL)

    def smtp(self, door="submission", login=None, password=None):
        client = smtplib.SMTP("127.0.0.1", self.ports[door], "customer.example", timeout=60)
        client.ehlo()
        if login:
            client.login(login, password)
        return client

    def sendmail(self, uid, mail_from, recipients, message):
        """As a script of `uid` would: returns the exit status of sendmail(1)."""
        return self.sendmail_with(uid, ["-f", mail_from, "-i", "--", *recipients], message)

    def sendmail_with(self, uid, options, message):
        def become():
            os.setgroups([])
            os.setgid(uid)
            os.setuid(uid)

        # A parent below /root need not be searchable for the script's uid.
        done = subprocess.run(["/usr/sbin/sendmail", *options], input=message, preexec_fn=become, cwd="/",
                              capture_output=True, check=False)
        if done.returncode not in (0, 75):
            raise TestbedError(f"sendmail: {done.stderr.decode(errors='replace')}")
        return done.returncode

    def queued(self, name=None):
        """Rows of postqueue -j, of one queue or of all."""
        output = _run("postqueue", "-c", "/etc/postfix", "-j").stdout.decode()
        rows = [json.loads(line) for line in output.splitlines() if line]
        return [row for row in rows if name in (None, row["queue_name"])]

    def flush(self):
        _run("postqueue", "-c", "/etc/postfix", "-f")

    def super(self, option, queue_id):
        _run("postsuper", "-c", "/etc/postfix", option, queue_id)

    def idle(self):
        """Nothing on its way: only the hold queue may have mail."""
        return not [row for row in self.queued() if row["queue_name"] != "hold"]


def _write(path, text):
    with open(path, "w") as file:
        file.write(text)


def _run(*arguments, stdin=b""):
    done = subprocess.run(arguments, input=stdin, capture_output=True, check=False)
    if done.returncode != 0:
        raise TestbedError(f"{' '.join(arguments)}: {done.stderr.decode(errors='replace')}"
                           f"{done.stdout.decode(errors='replace')}")
    return done
