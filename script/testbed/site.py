"""Everything together: one mail host that a test or the demonstration may do with as it likes."""

import os
import shutil
import tempfile

from .postfix import Postfix
from .process import TestbedError, wait_until
from .roles import MILTER, Bailiff
from .rspamd import Rspamd
from .sink import Sink

UID_HEADER = "X-Bailiff-Submit-Uid"


class Site:
    """with Site(binary) as site: ...; call namespace.enter() first."""

    def __init__(self, binary, with_rspamd=True, keep=False, say=lambda text: None, **settings):
        self.keep, self.say = keep, say
        self.dir = tempfile.mkdtemp(prefix="bailiff-")
        os.chmod(self.dir, 0o755)
        self.sink = self.postfix = self.rspamd = self.bailiff = None
        try:
            self.sink = Sink()
            self.postfix = Postfix(f"{self.dir}/postfix", self.sink.port, UID_HEADER)
            if with_rspamd:
                say("starting rspamd")
                self.rspamd = Rspamd(f"{self.dir}/rspamd")
                self.rspamd.start()
            self.bailiff = Bailiff(f"{self.dir}/bailiff", os.path.abspath(binary),
                                   self.postfix.milter_directory(MILTER),
                                   self.rspamd.socket if self.rspamd else None,
                                   with_queue=True, with_signer=True, **settings)
        except BaseException:
            self.stop()
            raise

    def start(self, **environment):
        self.say("starting the roles of bailiff, each under its own uid")
        self.bailiff.start(**environment)
        self.say("starting Postfix")
        self.postfix.start()

    def settle(self, seconds=30):
        """All mail is where it ends, all actions are done."""
        wait_until("mail to leave the queue", self.postfix.idle, seconds)
        wait_until("the outbox to empty", self.bailiff.outbox_empty, seconds)

    def stop(self):
        failures = []
        for part in (self.postfix, self.bailiff, self.rspamd, self.sink):
            try:
                if part:
                    part.stop()
            except TestbedError as failure:
                failures.append(failure)
        self.postfix = self.bailiff = self.rspamd = self.sink = None
        if not self.keep:
            shutil.rmtree(self.dir, ignore_errors=True)
        if failures:
            raise failures[0]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
