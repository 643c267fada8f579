#!/usr/bin/env python3
"""One message through a real Postfix until the panel shows the account stopped, and back again.

Real Postfix, milter and enforcer; `bailiff panel` as hooks for WHM, WHMCS and a webhook, the stub
behind them. Meanwhile and afterwards: no secret in any argument, environment, journal, record or
in the memory of a role; first it is shown that each scan would have found one.
"""

import os
import shutil
import signal
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hook_world import World  # noqa: E402

import secret_scan as scan  # noqa: E402
from panel_test import verified  # noqa: E402
from tally import Tally  # noqa: E402
from testbed import namespace, roles  # noqa: E402
from testbed.process import TestbedError, wait_until  # noqa: E402
from testbed.site import Site  # noqa: E402

RULES = "body STORY_SPAM /the text of the panel test/\nscore STORY_SPAM 9\ndescribe STORY_SPAM Test\n"
TRAP = "trap@dest.example"
PATHS = """\
[reputation]
traps = "{rules}/traps"
score = 7.0
[[path]]
name = "zero_tolerance"
actions = ["queue.hold", "service.terminate", "account.suspend", "ticket.open", "notify.team"]
[[path]]
name = "compromised"
actions = ["queue.hold", "notify.team"]
[[hook]]
command = "{hooks}/whm-map"
kinds = ["service.terminate", "account.suspend"]
deadline_ms = 10000
[[hook]]
command = "{hooks}/whmcs"
kinds = ["ticket.open"]
deadline_ms = 10000
[[hook]]
command = "{hooks}/webhook"
kinds = ["notify.team"]
deadline_ms = 10000
"""
CUSTOMERS = {  # login: service, account, cPanel user, client of WHMCS
    "alice@alice.example": ("web-1", "acct-1", "alice", "1"),
    "carol@carol.example": ("web-3", "acct-3", "carol", "3"),
    "dave@dave.example": ("web-4", "acct-4", "dave", "4"),
    "erin@erin.example": ("web-5", "acct-5", "erin", "5")}
MAP = ("what,id,panel\n" + "".join(f"service,{s},{u}\n" for s, _, u, _ in CUSTOMERS.values()) +
       "account,acct-1,alice\naccount,acct-1,bob\naccount,acct-3,carol\naccount,acct-4,dave\n"
       "account,acct-5,erin\n")
CLIENTS = "what,id,panel\n" + "".join(f"account,{a},{c}\n" for _, a, _, c in CUSTOMERS.values())


def make_world(binary):
    """Secrets are the enforcer's own files: hooks run as its user."""
    home = World(binary, owner=roles.ENFORCER)
    copy = f"{home.dir}/bailiff"
    shutil.copy(binary, copy)  # the build may lie where the enforcer's user may not look
    os.chmod(copy, 0o755)
    home.binary = copy
    home.forget()
    home.panel.add_account("dave"), home.panel.add_account("erin")
    for name, text in (("map.csv", MAP), ("whmcs.csv", CLIENTS)):
        home.write(name, text, 0o644)
    for name in ("whm-map", "whmcs", "webhook"):
        text = open(f"{home.dir}/{name}").read().split("\n", 1)[1]
        home.write(name, f"#!{copy} panel\n{text}", 0o755)
    return home


def make_site(binary, home):
    roles.CONFIG = roles.CONFIG.split("[[path]]")[0] + PATHS.replace("{hooks}", home.dir)
    site = Site(binary, with_rspamd=False)
    rules = f"{site.dir}/rules"
    os.makedirs(rules)
    for name, text in (("10-story.cf", RULES), ("rspamd.weights", "* 0\n"), ("traps", TRAP + "\n")):
        with open(f"{rules}/{name}", "w") as file:
            file.write(text)
    site.bailiff.configure(rules=rules, enforcer_extra=roles.NO_BUDGETS)
    site.bailiff.import_directory([
        {"service": service, "account": account, "created": "2026-01-01",
         "identities": [{"kind": "login", "value": login}]}
        for login, (service, account, _, _) in CUSTOMERS.items()])
    for login in CUSTOMERS:
        site.postfix.add_login(login, "password")
    return site


def send_spam(site, login):
    """The one message; what Postfix answers."""
    client = site.postfix.smtp(login=login, password="password")
    try:
        client.sendmail(login, [TRAP], f"From: {login}\r\nTo: {TRAP}\r\nSubject: Offer\r\n\r\n"
                                       "the text of the panel test\r\n".encode())
        return "250"
    except Exception as refusal:  # smtplib has a class for each command
        return str(refusal)
    finally:
        client.close()


def actions_of(site, case):
    return {f"{a['direction']} {a['kind']}": a["state"] for a in site.bailiff.case(case)["actions"]}


def settled(site, case):
    states = actions_of(site, case)
    return states and not {"due", "running"} & set(states.values()) and states


def case_of(site, service):
    rows = [row for row in site.bailiff.cases(service=service) if row["path"] == "zero_tolerance"]
    return rows[0]["id"] if rows else None


def spam_until_settled(site, tally, login):
    service = CUSTOMERS[login][0]
    answer = send_spam(site, login)
    tally.check(f"{service}: Postfix says: {answer}", "550" in answer)
    case = wait_until("a case", lambda: case_of(site, service), 20)
    return case, wait_until("its actions", lambda: settled(site, case), 60)


WANTED = {"act queue.hold": "verified", "act service.terminate": "verified",
          "act account.suspend": "verified", "act ticket.open": "verified",
          "act notify.team": "done"}


def first_story(site, tally, panel):
    case, states = spam_until_settled(site, tally, "alice@alice.example")
    tally.check(f"the case shows: {states}", states == WANTED)
    tally.check(f"WHM shows: {panel.accounts['alice']}, {panel.accounts['bob']}",
                panel.accounts["alice"] == {"suspended": True, "mail_suspended": True,
                                            "reason": f"bailiff terminated case {case}"}
                and panel.accounts["bob"]["reason"] == f"bailiff suspended case {case}")
    tickets = [t["subject"] for t in panel.tickets]
    tally.check(f"WHMCS shows: {tickets}", len(tickets) == 1 and case in tickets[0])
    tally.check(f"effects: {dict(panel.effects)}",
                panel.effects_of("alice") == {"suspendacct": 1, "suspend_outgoing_email": 1}
                and panel.effects_of("bob") == {"suspendacct": 1}
                and panel.effects["OpenTicket", "1"] == 1 and len(panel.received) == 1)
    return case


def story_of_faults(site, tally, panel):
    """Every answer is lost or a lie; the world is asked, and nothing happens twice."""
    panel.delay = 3.0
    panel.next_call("suspendacct", "delay_after")
    panel.faults["suspend_outgoing_email"] = ["503_before", "drop_after"]
    panel.faults["listsuspended"] = [None, "login_page", None, "500_before"]
    panel.faults["OpenTicket"] = ["429_before", "502_after"]
    panel.next_call("hook", "503_before")
    case, states = spam_until_settled(site, tally, "carol@carol.example")
    tally.check(f"with faults the case shows: {states}", states == WANTED)
    left = {name: faults for name, faults in panel.faults.items() if faults}
    tally.check(f"all faults have happened, left are {left}", not left)
    tally.check(f"effects: {panel.effects_of('carol')}, {panel.effects_of('3')}",
                panel.effects_of("carol") == {"suspendacct": 1, "suspend_outgoing_email": 1}
                and panel.effects_of("3") == {"OpenTicket": 1})


def case_once_up(site, service):
    """None while the desk of the next enforcer does not answer yet."""
    try:
        return case_of(site, service)
    except TestbedError:
        return None


def story_of_a_killed_enforcer(site, tally, panel):
    """The hook outlives the enforcer that has started it; the next one waits for it and looks."""
    panel.delay = 1.0
    panel.next_call("suspendacct", "delay_after")
    send_spam(site, "erin@erin.example")
    wait_until("the call", lambda: panel.effects_of("erin"), 20)
    enforcer = site.bailiff.processes.pop("enforcer")
    enforcer.stop(signal.SIGKILL)
    tally.check(f"the enforcer was killed within its hook's call: {enforcer.child.returncode}",
                enforcer.child.returncode == -signal.SIGKILL)
    site.bailiff.start("enforcer")
    case = wait_until("a case", lambda: case_once_up(site, "web-5"), 20)
    states = wait_until("its actions", lambda: settled(site, case), 60)
    tally.check(f"after that the case shows: {states}", states == WANTED)
    tally.check(f"effects: {panel.effects_of('erin')}",
                panel.effects_of("erin") == {"suspendacct": 1, "suspend_outgoing_email": 1})


def story_of_reseller(site, tally, panel):
    panel.resellers = ["dave"]
    _, states = spam_until_settled(site, tally, "dave@dave.example")
    tally.check(f"a reseller: the case shows: {states}",
                states["act service.terminate"] == "dead" and
                states["act account.suspend"] == "waiting")
    tally.check(f"a reseller: effects: {panel.effects_of('dave')}", not panel.effects_of("dave"))


def story_of_return(site, tally, panel, case):
    site.bailiff.cli("case", "reinstate", case, "--by", "Panel Test", "--reason", "a drill")
    states = wait_until("the way back", lambda: settled(site, case), 60)
    undone = {name: state for name, state in states.items() if name.startswith("undo")}
    tally.check(f"reinstated: {undone}", len(undone) == 2 and set(undone.values()) == {"verified"})
    tally.check(f"WHM shows: {panel.accounts['alice']}, {panel.accounts['bob']}",
                not any(panel.accounts[user][key] for user in ("alice", "bob")
                        for key in ("suspended", "mail_suspended")))
    tally.check("whoever was stopped by another case stays so",
                panel.accounts["carol"]["suspended"])


def webhooks_hold(home, tally):
    good = [verified(home, headers, body) for headers, body in home.panel.received]
    tally.check(f"webhooks delivered: {len(good)}, signed: {sum(good)}", good and all(good))


def plant(home, needles, tally):
    """Each scan finds what has been put there for it."""
    needle = next(iter(needles.values())).decode()
    home.write("planted", needle, 0o600)
    code = (f"import time\ns = open('{home.dir}/planted').read()\n"
            "print(1, flush=True)\ntime.sleep(60)")
    planted = subprocess.Popen([sys.executable, "-c", code, needle], stdout=subprocess.PIPE,
                               env={"PLANTED": needle})
    planted.stdout.readline()
    found = {what for pid, what, _ in scan.in_processes(needles) if pid == planted.pid}
    tally.check(f"planted in arguments and environment, found in: {sorted(found)}",
                found == {"cmdline", "environ"})
    names, seen = scan.in_memory(planted.pid, needles)
    tally.check(f"planted in memory, found {sorted(names)} in {seen} bytes", len(names) == 1)
    core = scan.in_core(planted.pid, needles, home.dir)
    tally.check(f"planted in a core dump: {core and (sorted(core[0]), core[1])}",
                core is None or len(core[0]) == 1)
    planted.kill()
    planted.wait()
    os.makedirs(f"{home.dir}/logs")
    with open(f"{home.dir}/logs/planted.log", "w") as file:
        file.write(f"some line with {needle} in it\n")
    found = scan.in_files(f"{home.dir}/logs", needles)
    tally.check(f"planted in a journal, found: {len(found)}", len(found) == 1)


def scan_all(site, tally, needles, watch):
    watch.stop()
    tally.check(f"{watch.rounds} looks at all processes, {len(watch.hooks)} hooks among them",
                watch.rounds > 20 and len(watch.hooks) > 5)
    tally.check(f"secrets in arguments and environments: {sorted(watch.found)}", not watch.found)
    tally.check(f"hooks whose memory their user could read: {sorted(watch.readable_hooks)}, "
                f"could not: {len(watch.hidden_hooks)}",
                not watch.readable_hooks and watch.hidden_hooks)
    pids = {role: process.pid for role, process in site.bailiff.processes.items()}
    pids["milter worker"] = site.bailiff.worker()
    for role, pid in pids.items():
        names, seen = scan.in_memory(pid, needles)
        tally.check(f"secrets in the memory of {role} ({seen} bytes): {sorted(names)}",
                    not names and seen > 1_000_000)
    core = scan.in_core(pids["enforcer"], needles, site.dir)
    tally.check(f"secrets in a core dump of the enforcer: {core and (sorted(core[0]), core[1])}",
                core is None or not core[0])
    texts = [site.bailiff.cli("status")] + [site.bailiff.cli("case", "show", row["id"])
                                            for row in site.bailiff.cases()]
    tally.check(f"secrets in what {len(texts)} commands print",
                not [n for n in needles.values() if n in "".join(texts).encode()])
    files = scan.in_files(site.dir, needles)
    tally.check(f"secrets in journals, ledger and all other files: {files}", not files)


def main():
    binary = sys.argv[1]
    namespace.enter()
    tally = Tally()
    with make_world(binary) as home, make_site(binary, home) as site:
        needles = {name: secret.encode() for name, secret in home.secrets.items()}
        plant(home, needles, tally)
        site.start()
        watch = scan.Watch(needles)
        case = first_story(site, tally, home.panel)
        story_of_faults(site, tally, home.panel)
        story_of_a_killed_enforcer(site, tally, home.panel)
        story_of_reseller(site, tally, home.panel)
        story_of_return(site, tally, home.panel, case)
        webhooks_hold(home, tally)
        scan_all(site, tally, needles, watch)
    tally.end()


if __name__ == "__main__":
    main()
