"""What a folder would hold after a loss of power: made from a trace of all writes and syncs.

    recorder = Recorder(folder, state, binary)    # recorder.binary: run this one instead
    ... run, stop everything ...
    disk = Disk(recorder.events(), state)
    disk.rebuild(moment, out, keep="none")

The model: what was written to a file is safe once fsync, fdatasync or a write through O_DSYNC of
that file has returned; a name made, changed or removed is safe once its folder was synced. Of the
rest nothing is kept ("none"), everything ("all"), or what a seed says ("some"): any of the writes of
a file, each whole or cut at a sector, and the first few changes of a folder's names.
"""

import bisect
import os
import random
import re
import shutil

CALLS = ("openat,open,creat,write,pwrite64,writev,pwritev,rename,renameat,renameat2,mkdir,mkdirat,"
         "unlink,unlinkat,rmdir,lseek,ftruncate,fallocate,fsync,fdatasync,clone,clone3,fork,vfork")
LINE = re.compile(rb'^(\d+\.\d+) (\w+)\((.*)\) += (-?\d+)(?:<[^>]*>)?(?: [^<]*)? <(\d+\.\d+)>$')
TEXT = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"')
FILE = re.compile(rb'^(\d+)<((?:\\x[0-9a-f]{2})*)(?:>|\\x)')
SECTOR = 512


def unhex(text):
    return bytes.fromhex(text.replace(b"\\x", b"").decode())


class Recorder:
    def __init__(self, folder, binary):
        self.folder = f"{folder}/trace"
        os.makedirs(self.folder)
        self.binary = f"{folder}/traced-bailiff"
        with open(self.binary, "w") as file:
            file.write("#!/bin/sh\nexec strace -D -ff -f -y -xx -s 100000000 -ttt -T --seccomp-bpf "
                       f"-e trace={CALLS} -o {self.folder}/t {os.path.abspath(binary)} \"$@\"\n")
        os.chmod(self.binary, 0o755)

    def events(self):
        """(begun, ended, process, call, arguments, result), in order of their beginning."""
        events, parents = [], {}
        for name in os.listdir(self.folder):
            thread = int(name.rsplit(".", 1)[1])
            with open(f"{self.folder}/{name}", "rb") as file:
                for line in file:
                    match = LINE.match(line.rstrip(b"\n"))
                    if not match or match[4].startswith(b"-"):
                        continue
                    begun, call, result = float(match[1]), match[2].decode(), int(match[4])
                    if call in ("clone", "clone3") and b"CLONE_THREAD" in match[3]:
                        parents[result] = thread
                    events.append((begun, begun + float(match[5]), thread, call, match[3], result))
        events.sort(key=lambda event: event[:2])
        return [(*event[:2], _process(event[2], parents), *event[3:]) for event in events]


def _process(thread, parents):
    while thread in parents:
        thread = parents[thread]
    return thread


class Inode:
    def __init__(self, is_folder=False):
        self.is_folder = is_folder
        self.changes = []  # [begun, ended, safe since, change]


class Disk:
    """`without`: calls whose syncing is not believed, by the end of the path: a planted fault."""

    def __init__(self, events, state, without=None):
        self.top, self.without, self.synced = os.path.dirname(state), without, 0
        self.names = {self.top: Inode(True)}
        self.inodes, self.direct = [self.names[self.top]], set()
        for begun, ended, process, call, arguments, result in events:
            self._take(begun, ended, process, call, arguments, result)
        self.owners = {name: os.stat(name) for name in self.names if os.path.exists(name)}
        self.moments = sorted(change[1] for inode in self.inodes for change in inode.changes)

    def _take(self, begun, ended, process, call, arguments, result):
        paths = [unhex(text) for text in TEXT.findall(arguments)]
        if call in ("openat", "open", "creat"):
            return self._open(begun, ended, process, arguments, paths[0].decode(), result)
        if call.startswith("rename"):
            return self._rename(begun, ended, *(path.decode() for path in paths[:2]))
        if call.startswith("mkdir"):
            return self._link(begun, ended, paths[0].decode(), Inode(True))
        if call in ("unlink", "unlinkat", "rmdir"):
            path = paths[0].decode()
            if path in self.names:
                self._change(self._folder(path), begun, ended, ("name", path, None))
                del self.names[path]
            return None
        match = FILE.match(arguments)
        inode = self.names.get(unhex(match[2]).decode(errors="replace")) if match else None
        if inode is None:
            return None
        if call in ("fsync", "fdatasync"):
            return self._sync(inode, begun, ended, unhex(match[2]).decode())
        return self._write(inode, begun, ended, process, int(match[1]), call, arguments, result)

    def _open(self, begun, ended, process, arguments, path, descriptor):
        if not path.startswith(self.top + "/"):
            return
        if path not in self.names and b"O_CREAT" in arguments:
            self._link(begun, ended, path, Inode())
        elif path in self.names and b"O_TRUNC" in arguments:
            self._change(self.names[path], begun, ended, ("size", 0))
        key = (process, descriptor, path)
        (self.direct.add if b"SYNC" in arguments else self.direct.discard)(key)
        self.offsets = getattr(self, "offsets", {})
        self.offsets[key] = 0

    def _link(self, begun, ended, path, inode):
        if self._folder(path) is None or path in self.names:
            return
        self.names[path] = inode
        self.inodes.append(inode)
        self._change(self._folder(path), begun, ended, ("name", path, inode))

    def _rename(self, begun, ended, old, new):
        if old in self.names:
            inode = self.names[new] = self.names.pop(old)
            self._change(self._folder(new), begun, ended, ("rename", old, new, inode))

    def _write(self, inode, begun, ended, process, descriptor, call, arguments, result):
        path = next(name for name, one in self.names.items() if one is inode)
        key = (process, descriptor, path)
        if call == "lseek":
            self.offsets[key] = result
            return
        if call == "ftruncate":
            change = ("size", int(arguments.rsplit(b", ", 1)[1]))
        elif call == "fallocate":
            return
        else:
            data = b"".join(unhex(text) for text in TEXT.findall(arguments))[:result]
            at = self.offsets.get(key, 0)
            if call.startswith("p"):
                at = int(arguments.rsplit(b", ", 1)[1])
            else:
                self.offsets[key] = at + result
            change = ("data", at, data)
        written = self._change(inode, begun, ended, change)
        if key in self.direct:
            written[2] = ended

    @staticmethod
    def _change(inode, begun, ended, change):
        inode.changes.append([begun, ended, None, change])
        return inode.changes[-1]

    def _sync(self, inode, begun, ended, path):
        kind = "folder" if inode.is_folder else "file"
        if self.without and re.search(self.without, f"{kind} {path}"):
            self.synced += 1
            return
        for change in inode.changes:
            if change[2] is None and change[1] <= begun:
                change[2] = ended

    def _folder(self, path):
        return self.names.get(os.path.dirname(path))

    def unsafe(self, moment):
        """How many changes could be lost then."""
        return sum(change[0] <= moment and (change[2] is None or change[2] > moment)
                   for inode in self.inodes for change in inode.changes)

    def rebuild(self, moment, out, keep="none", seed=0):
        """Makes `out`, what was in `state`, as found after a loss of power at `moment`."""
        dice = random.Random(f"{seed} {moment}")
        shutil.rmtree(out, ignore_errors=True)
        self._lay(self.inodes[0], self.top, out, moment, keep, dice)

    def _kept(self, inode, moment, keep, dice):
        done = [change for change in inode.changes if change[0] <= moment]
        safe = [change[2] is not None and change[2] <= moment for change in done]
        first = dice.randint(0, len(done))
        for at, change in enumerate(done):
            if safe[at] or keep == "all":
                yield change[3]
            elif keep == "some" and inode.is_folder:
                if at < first:
                    yield change[3]
            elif keep == "some" and dice.random() < 0.5:
                yield self._torn(change[3], dice)

    @staticmethod
    def _torn(change, dice):
        if change[0] != "data" or dice.random() < 0.5 or len(change[2]) <= SECTOR:
            return change
        sectors = dice.randint(0, len(change[2]) // SECTOR)
        return ("data", change[1], change[2][:sectors * SECTOR])

    def _lay(self, folder, path, out, moment, keep, dice):
        entries = {}
        for change in self._kept(folder, moment, keep, dice):
            if change[0] == "rename":
                entries.pop(change[1], None)
                entries[change[2]] = change[3]
            elif change[2] is None:
                entries.pop(change[1], None)
            else:
                entries[change[1]] = change[2]
        os.makedirs(out, exist_ok=True)
        for name, inode in entries.items():
            place = f"{out}/{os.path.basename(name)}"
            if inode.is_folder:
                self._lay(inode, name, place, moment, keep, dice)
            else:
                with open(place, "wb") as file:
                    file.write(self._content(inode, moment, keep, dice))
            like = self.owners.get(name) or self.owners.get(name.removesuffix(".new"))
            if like:
                os.chown(place, like.st_uid, like.st_gid)
                os.chmod(place, like.st_mode & 0o7777)

    def _content(self, inode, moment, keep, dice):
        content = bytearray()
        for change in self._kept(inode, moment, keep, dice):
            if change[0] == "size":
                del content[change[1]:]
                content.extend(bytes(change[1] - len(content)))
            else:
                at, data = change[1:]
                content.extend(bytes(max(0, at - len(content))))
                content[at:at + len(data)] = data
        return bytes(content)

    def just_before(self, moment):
        """The moment of the last change before it."""
        return self.moments[max(0, bisect.bisect_left(self.moments, moment) - 1)]
