#!/usr/bin/env python3
"""`bailiff panel` against a stub that speaks HTTPS, keeps state, counts effects and misbehaves.

Every row says what the hook's exit status, the panel's state and the count of effects must be; after
a doubtful one the same order comes once more, as from the enforcer, and nothing happens twice.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hook_world import CASE, OTHER_CASE, OURS, World  # noqa: E402

from tally import Tally  # noqa: E402

DONE, NO_VERB, NEVER, UNKNOWN, RETRY = 0, 64, 65, 70, 75


def exits(world, tally, what, want, *run, says="", **changes):
    status, _, said = world.run(*run, **changes)
    tally.check(f"{what}: exit {status}: {said.strip()}", status == want and says in said)


def equal(tally, what, got, want):
    tally.check(f"{what}: {got}" + ("" if got == want else f", not {want}"), got == want)


def whm_round(world, tally):
    """Suspend, resume, terminate, resume, purge: each twice, one effect each."""
    panel, alice = world.panel, ("service.terminate", "alice")
    world.forget()
    equal(tally, "whm: state at first", world.state("whm", *alice), "active")
    for kind, wanted in (("service.suspend", "suspended"), ("account.suspend", "suspended"),
                         ("service.terminate", "terminated")):
        world.forget()
        for time_ in ("first", "second"):
            exits(world, tally, f"whm: {kind}, {time_} time", DONE, "whm", "act", kind, "alice")
        equal(tally, f"whm: {kind}: state", world.state("whm", kind, "alice"), wanted)
        mail = {"suspend_outgoing_email": 1} if wanted == "terminated" else {}
        equal(tally, f"whm: {kind}: effects", panel.effects_of("alice"),
              {"suspendacct": 1, **mail})
        equal(tally, f"whm: {kind}: the reason", panel.accounts["alice"]["reason"],
              f"bailiff {wanted} case {CASE}")
        for time_ in ("first", "second"):
            exits(world, tally, f"whm: undo {kind}, {time_} time", DONE, "whm", "undo", kind,
                  "alice")
        equal(tally, f"whm: undo {kind}: state", world.state("whm", kind, "alice"), "active")
        equal(tally, f"whm: undo {kind}: mail", panel.accounts["alice"]["mail_suspended"], False)
        equal(tally, f"whm: undo {kind}: effects", panel.effects_of("alice")["unsuspendacct"], 1)
    equal(tally, "whm: nobody else was touched", panel.effects_of("bob"), {})
    locked = [form.get("disallowun") for name, form in panel.calls if name == "suspendacct"]
    equal(tally, "whm: only root may lift it", locked, ["1"])
    secret_in_path = [form["path"] for _, form in panel.calls if "?" in form["path"]]
    equal(tally, "whm: nothing in the URL", secret_in_path, [])


def whm_purge(world, tally):
    panel = world.panel
    world.forget()
    exits(world, tally, "whm: purge without a credential for it", NEVER, "whm", "act",
          "service.purge", "alice", says="purge_secret_file")
    exits(world, tally, "whm: purge of what is active", NEVER, "whm-purge", "act",
          "service.purge", "alice")
    equal(tally, "whm: effects so far", dict(panel.effects), {})
    world.run("whm-purge", "act", "service.terminate", "alice")
    equal(tally, "whm: state before purge", world.state("whm-purge", "service.purge", "alice"),
          "terminated")
    for time_ in ("first", "second"):
        exits(world, tally, f"whm: purge, {time_} time", DONE, "whm-purge", "act",
              "service.purge", "alice")
    equal(tally, "whm: state after purge", world.state("whm-purge", "service.purge", "alice"),
          "purged")
    equal(tally, "whm: effects", panel.effects_of("alice")["removeacct"], 1)
    equal(tally, "whm: what another kind is told of it",
          world.state("whm", "service.terminate", "alice"), "absent")
    exits(world, tally, "whm: undo of a purge", NEVER, "whm-purge", "undo", "service.purge",
          "alice")


def whm_refusals(world, tally):
    """Nothing may be sent that changes anything."""
    panel = world.panel
    world.forget()
    panel.resellers = ["bob"]
    for what, target, says in (
            ("an empty target", "", "target"), ("a wildcard", "*", "no cPanel user"),
            ("root", "root", "no cPanel user"), ("a list", "alice,bob", "no cPanel user"),
            ("an option", "-f", "no cPanel user"), ("a path", "../alice", "no cPanel user"),
            ("two parameters", "alice&user=bob", "no cPanel user"),
            ("a stranger", "mallory", "not known"), ("a reseller", "bob", "is a reseller")):
        exits(world, tally, f"whm: {what} is refused", NEVER, "whm", "act", "service.terminate",
              target, says=says)
    exits(world, tally, "whm: a kind that is none of a panel's", NEVER, "whm", "act",
          "credential.reset", "alice")
    exits(world, tally, "whm: an id that the map lacks", NEVER, "whm-map", "act",
          "service.terminate", "web-9", says="is not in")
    equal(tally, "whm: effects", dict(panel.effects), {})
    panel.next_call("listresellers", "error_inside")
    exits(world, tally, "whm: no word on resellers", RETRY, "whm", "act", "service.terminate",
          "alice", says="reseller")
    equal(tally, "whm: effects", dict(panel.effects), {})


def whm_before(world, tally):
    """What stood before comes back; what is not ours is not lifted."""
    panel = world.panel
    world.forget()
    panel.add_account("alice", suspended=True, reason="unpaid; invoice 7")
    equal(tally, "whm: unpaid: state", world.state("whm", "service.terminate", "alice"),
          "suspended")
    exits(world, tally, "whm: unpaid: undo of what never was", NEVER, "whm", "undo",
          "service.terminate", "alice", says="another reason")
    exits(world, tally, "whm: unpaid: the same, as it stood before", DONE, "whm", "undo",
          "service.terminate", "alice", "suspended")
    exits(world, tally, "whm: unpaid: suspended already", DONE, "whm", "act", "service.suspend",
          "alice")
    equal(tally, "whm: unpaid: effects", dict(panel.effects), {})
    exits(world, tally, "whm: unpaid: terminated", DONE, "whm", "act", "service.terminate",
          "alice", "suspended")
    equal(tally, "whm: unpaid: reason", panel.accounts["alice"]["reason"],
          OURS + "; before: unpaid; invoice 7")
    exits(world, tally, "whm: unpaid: undo of another case", NEVER, "whm", "undo",
          "service.terminate", "alice", case_id=OTHER_CASE)
    exits(world, tally, "whm: unpaid: undo", DONE, "whm", "undo", "service.terminate", "alice",
          "suspended")
    equal(tally, "whm: unpaid: as before", panel.accounts["alice"],
          {"suspended": True, "reason": "unpaid; invoice 7", "mail_suspended": False})
    world.forget()
    panel.add_account("alice", mail_suspended=True)
    equal(tally, "whm: mail stopped by others: state",
          world.state("whm", "service.terminate", "alice"), "mail_suspended")
    world.run("whm", "act", "service.terminate", "alice", "mail_suspended")
    exits(world, tally, "whm: mail stopped by others: undo", DONE, "whm", "undo",
          "service.terminate", "alice", "mail_suspended")
    equal(tally, "whm: mail stopped by others: stays", panel.accounts["alice"]["mail_suspended"],
          True)
    world.forget()
    panel.refuses_twice = True
    panel.add_account("alice", suspended=True, reason="unpaid")
    exits(world, tally, "whm: a panel that suspends nobody twice", RETRY, "whm", "act",
          "service.terminate", "alice", says="Already Suspended")
    equal(tally, "whm: effects", dict(panel.effects), {})


def whm_account(world, tally):
    """An account of two cPanel users, one of which has been terminated."""
    panel = world.panel
    world.forget()
    world.run("whm-map", "act", "service.terminate", "web-1")
    equal(tally, "whm: account: state", world.state("whm-map", "account.suspend", "acct-1"),
          "active")
    panel.next_call("suspendacct", "503_before")
    exits(world, tally, "whm: account: not now", RETRY, "whm-map", "act", "account.suspend",
          "acct-1")
    exits(world, tally, "whm: account", DONE, "whm-map", "act", "account.suspend", "acct-1")
    equal(tally, "whm: account: state", world.state("whm-map", "account.suspend", "acct-1"),
          "suspended")
    exits(world, tally, "whm: account: undo", DONE, "whm-map", "undo", "account.suspend",
          "acct-1")
    equal(tally, "whm: account: bob is back", panel.accounts["bob"]["suspended"], False)
    equal(tally, "whm: account: alice stays terminated", panel.accounts["alice"]["reason"], OURS)
    equal(tally, "whm: account: effects", (panel.effects_of("bob"), panel.effects_of("carol")),
          ({"suspendacct": 1, "unsuspendacct": 1}, {}))
    world.forget()
    panel.next_call("accountsummary", None)
    panel.faults["suspendacct"] = [None, "503_before"]
    exits(world, tally, "whm: account: one done, one not: doubtful", UNKNOWN, "whm-map", "act",
          "account.suspend", "acct-1")
    exits(world, tally, "whm: account: once more", DONE, "whm-map", "act", "account.suspend",
          "acct-1")
    equal(tally, "whm: account: effects", (panel.effects_of("alice"), panel.effects_of("bob")),
          ({"suspendacct": 1}, {"suspendacct": 1}))


# fault of the call that acts: exit status, and whether the effect has happened
ACT_FAULTS = {
    "delay_after": (UNKNOWN, 1), "delay_before": (UNKNOWN, 0), "500_before": (UNKNOWN, 0),
    "500_after": (UNKNOWN, 1), "502_after": (UNKNOWN, 1), "503_before": (RETRY, 0),
    "429_before": (RETRY, 0), "401_before": (RETRY, 0), "error_inside": (RETRY, 0),
    "error_after": (DONE, 1), "login_page": (UNKNOWN, 0), "redirect": (UNKNOWN, 0),
    "drop_before": (UNKNOWN, 0), "drop_after": (UNKNOWN, 1), "garbage_after": (UNKNOWN, 1),
    "empty_after": (UNKNOWN, 1), "echo_secret": (RETRY, 0)}
WHM_FAULTS = {"other_command_after": (UNKNOWN, 1)}
READ_FAULTS = ("delay_before", "500_before", "503_before", "401_before", "error_inside",
               "login_page", "redirect", "drop_before", "garbage_after", "empty_after")


def misbehaviours(world, tally, hook, verb, function, kind, target, thing, wanted,
                  before=lambda: None):
    """Each fault in the call that changes something; then the order once more, then the state."""
    panel = world.panel
    faults = {**ACT_FAULTS, **(WHM_FAULTS if hook.startswith("whm-") or hook == "whm" else {})}
    for fault, (want, happened) in faults.items():
        world.forget()
        before()
        panel.next_call(function, fault)
        status, _, said = world.run(hook, verb, kind, target)
        count = panel.effects[function, thing]
        again, _, more = world.run(hook, verb, kind, target)
        total = panel.effects[function, thing]
        state = world.state(hook, kind, target)
        tally.check(f"{hook}: {verb}: {function}: {fault}: exit {status}, {count} effect(s); once "
                    f"more: exit {again}, {total} in all, state {state}: {said.strip()} / "
                    f"{more.strip()}",
                    (status, count, again, total, state) == (want, happened, DONE, 1, wanted))


def unreadable_states(world, tally, hook, function, kind, target):
    """Without a reading nothing is done, and `state` says that there is none now."""
    panel = world.panel
    for fault in READ_FAULTS:
        world.forget()
        panel.next_call(function, fault)
        state = world.state(hook, kind, target)
        panel.next_call(function, fault)
        status, _, said = world.run(hook, "act", kind, target)
        tally.check(f"{hook}: {function}: {fault}: state {state}, act {status}, effects "
                    f"{sum(panel.effects.values())}: {said.strip()}",
                    (state, status, sum(panel.effects.values())) == (RETRY, RETRY, 0))


def whm_half(world, tally):
    """Terminate is two calls: between them the state is neither."""
    panel = world.panel
    for fault in ("503_before", "drop_before", "error_inside"):
        world.forget()
        panel.next_call("suspend_outgoing_email", fault)
        exits(world, tally, f"whm: mail: {fault}", UNKNOWN, "whm", "act", "service.terminate",
              "alice")
        equal(tally, "whm: half way", world.state("whm", "service.terminate", "alice"),
              "terminating")
        exits(world, tally, "whm: once more", DONE, "whm", "act", "service.terminate", "alice")
        equal(tally, "whm: effects", panel.effects_of("alice"),
              {"suspendacct": 1, "suspend_outgoing_email": 1})
        panel.next_call("unsuspendacct", fault)
        status, _, _ = world.run("whm", "undo", "service.terminate", "alice")
        equal(tally, f"whm: half way back: {fault}",
              (status, world.state("whm", "service.terminate", "alice")), (UNKNOWN, "terminating"))
        exits(world, tally, "whm: back", DONE, "whm", "undo", "service.terminate", "alice")
        equal(tally, "whm: back: state", world.state("whm", "service.terminate", "alice"), "active")


def whmcs_round(world, tally):
    panel = world.panel
    for kind, wanted in (("service.suspend", "suspended"), ("service.terminate", "terminated")):
        world.forget()
        equal(tally, "whmcs: state at first", world.state("whmcs", kind, "web-1"), "active")
        for time_ in ("first", "second"):
            exits(world, tally, f"whmcs: {kind}, {time_} time", DONE, "whmcs", "act", kind, "web-1")
        equal(tally, f"whmcs: {kind}: state", world.state("whmcs", kind, "web-1"), wanted)
        equal(tally, f"whmcs: {kind}: effects", panel.effects_of("11"), {"ModuleSuspend": 1})
        equal(tally, f"whmcs: {kind}: the reason", panel.products["11"]["reason"],
              f"bailiff {wanted} case {CASE}")
        for time_ in ("first", "second"):
            exits(world, tally, f"whmcs: undo {kind}, {time_} time", DONE, "whmcs", "undo", kind,
                  "web-1")
        equal(tally, f"whmcs: undo {kind}: effects", panel.effects_of("11"),
              {"ModuleSuspend": 1, "ModuleUnsuspend": 1})
        equal(tally, f"whmcs: undo {kind}: state", world.state("whmcs", kind, "web-1"), "active")
    equal(tally, "whmcs: nobody else was touched", panel.effects_of("12"), {})
    world.run("whmcs", "act", "service.terminate", "web-1")
    for time_ in ("first", "second"):
        exits(world, tally, f"whmcs: purge, {time_} time", DONE, "whmcs", "act", "service.purge",
              "web-1")
    equal(tally, "whmcs: purge: state and effects",
          (world.state("whmcs", "service.purge", "web-1"), panel.effects["ModuleTerminate", "11"]),
          ("purged", 1))
    exits(world, tally, "whmcs: purge of what is active", NEVER, "whmcs", "act", "service.purge",
          "web-2")
    exits(world, tally, "whmcs: purge without a credential for it", NEVER, "whmcs-plain", "act",
          "service.purge", "12", says="purge_secret_file")
    equal(tally, "whmcs: effects on it", panel.effects_of("12"), {})


def whmcs_refusals(world, tally):
    panel = world.panel
    world.forget()
    for what, hook, target in (("an empty target", "whmcs-plain", ""),
                               ("a name", "whmcs-plain", "web-1"), ("zero", "whmcs-plain", "0"),
                               ("an id that the map lacks", "whmcs", "web-9"),
                               ("another client's service", "whmcs", "stray")):
        exits(world, tally, f"whmcs: {what} is refused", NEVER, hook, "act", "service.terminate",
              target)
    exits(world, tally, "whmcs: a service that is not there", NEVER, "whmcs-plain", "act",
          "service.terminate", "99", says="not known")
    exits(world, tally, "whmcs: a client without services", NEVER, "whmcs", "act",
          "account.suspend", "acct-9", account="acct-9", says="no services")
    panel.add_product("12", "1", "Cancelled")
    exits(world, tally, "whmcs: a service that is cancelled", NEVER, "whmcs", "act",
          "service.terminate", "web-2", says="cancelled")
    equal(tally, "whmcs: its state", world.state("whmcs", "service.terminate", "web-2"),
          "cancelled")
    equal(tally, "whmcs: effects", dict(panel.effects), {})
    panel.add_product("11", "1", "Suspended", "Overdue on Payment")
    exits(world, tally, "whmcs: unpaid: undo of what never was", NEVER, "whmcs", "undo",
          "service.terminate", "web-1", says="another reason")
    world.run("whmcs", "act", "service.terminate", "web-1", "suspended")
    equal(tally, "whmcs: unpaid: terminated", panel.products["11"]["reason"],
          OURS + "; before: Overdue on Payment")
    exits(world, tally, "whmcs: unpaid: undo", DONE, "whmcs", "undo", "service.terminate",
          "web-1", "suspended")
    equal(tally, "whmcs: unpaid: as before", panel.products["11"]["reason"], "Overdue on Payment")
    panel.resale_of_numbers = lambda n: n + 1
    exits(world, tally, "whmcs: a list that is not whole", RETRY, "whmcs", "act",
          "account.suspend", "acct-1")
    panel.resale_of_numbers = str


def whmcs_account(world, tally):
    """All services of the client: 120 of them, on two pages; what was stopped before stays."""
    panel = world.panel
    world.forget()
    for number in range(1000, 1117):
        panel.add_product(str(number), "1")
    panel.add_product("12", "1", "Suspended", "Overdue on Payment")
    panel.add_product("13", "1", "Cancelled")
    world.hook_file("whmcs-slow", open(f"{world.dir}/whmcs").read().split("\n", 1)[1].replace(
        "timeout_ms = 1500", "timeout_ms = 60000"))
    exits(world, tally, "whmcs: account of 120", DONE, "whmcs-slow", "act", "account.suspend",
          "acct-1", says="cancelled")
    equal(tally, "whmcs: account: state", world.state("whmcs", "account.suspend", "acct-1"),
          "suspended")
    effects = [count for (name, _), count in panel.effects.items() if name == "ModuleSuspend"]
    equal(tally, "whmcs: account: effects", (len(effects), max(effects)), (118, 1))
    equal(tally, "whmcs: the other client", panel.effects_of("21"), {})
    exits(world, tally, "whmcs: account: undo", DONE, "whmcs-slow", "undo", "account.suspend",
          "acct-1")
    equal(tally, "whmcs: account: the unpaid one stays", panel.products["12"]["status"],
          "Suspended")
    equal(tally, "whmcs: account: state", world.state("whmcs", "account.suspend", "acct-1"),
          "active")


def whmcs_ticket(world, tally):
    panel, ticket = world.panel, ("ticket.open", "web-1")
    world.forget()
    panel.tickets.append({"id": 9, "tid": "X-9", "clientid": "1", "deptid": "3",
                          "subject": f"[{OTHER_CASE}] an older case"})
    equal(tally, "whmcs: ticket: state at first", world.state("whmcs", *ticket), "none")
    for time_ in ("first", "second"):
        exits(world, tally, f"whmcs: ticket, {time_} time", DONE, "whmcs", "act", *ticket)
    equal(tally, "whmcs: ticket: state", world.state("whmcs", *ticket), "opened")
    equal(tally, "whmcs: ticket: effects", panel.effects["OpenTicket", "1"], 1)
    equal(tally, "whmcs: ticket: of the service, with the case in its subject",
          (panel.tickets[-1]["service"], CASE in panel.tickets[-1]["subject"]), ("11", True))
    exits(world, tally, "whmcs: ticket: no department", NEVER, "whmcs-plain", "act", *ticket)
    exits(world, tally, "whmcs: ticket: of nobody", NEVER, "whmcs", "act", *ticket, account="")
    misbehaviours(world, tally, "whmcs", "act", "OpenTicket", *ticket, "1", "opened")
    unreadable_states(world, tally, "whmcs", "GetTickets", *ticket)


def verified(world, headers, body):
    """By the specification, with nothing of ours: is it signed, and now?"""
    key = base64.b64decode(world.secrets["webhook-secret"][len("whsec_"):])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    want = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    fresh = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return fresh and headers["webhook-signature"].split(" ") == [f"v1,{want}"]


def webhook(world, tally):
    panel = world.panel
    for kind in ("webhook", "notify.team", "notify.holder"):
        world.forget()
        exits(world, tally, f"webhook: {kind}", DONE, "webhook", "act", kind, "web-1")
        headers, body = panel.received[-1]
        tally.check(f"webhook: {kind}: the signature holds", verified(world, headers, body))
        tally.check("webhook: another body's does not", not verified(world, headers, body + b" "))
        data = json.loads(body)
        equal(tally, "webhook: what is told",
              (data["type"], data["data"]["case_id"], headers["webhook-id"],
               headers["content-type"]),
              (f"bailiff.{kind}", CASE, "9f" * 32, "application/json"))
        equal(tally, "webhook: its state", world.state("webhook", kind, "web-1"), NO_VERB)
    for fault, want in (("503_before", RETRY), ("429_before", RETRY), ("500_before", UNKNOWN),
                        ("drop_after", UNKNOWN), ("delay_after", UNKNOWN), ("redirect", NEVER)):
        world.forget()
        panel.next_call("hook", fault)
        exits(world, tally, f"webhook: {fault}", want, "webhook", "act", "webhook", "web-1")
        panel.next_call("hook", fault)
        exits(world, tally, f"webhook: {fault}, the receiver knows ids",
              RETRY if want == UNKNOWN else want, "webhook-dedupes", "act", "webhook", "web-1")
    world.forget()
    for status, want in ((204, DONE), (400, NEVER), (410, NEVER)):
        panel.receiver_status = status
        exits(world, tally, f"webhook: {status}", want, "webhook", "act", "webhook", "web-1")
    equal(tally, "webhook: the id stays the same over repeats",
          {headers["webhook-id"] for headers, _ in panel.received}, {"9f" * 32})


def files(world, tally):
    """What is wrong with a file is said with its place, and nothing is sent."""
    panel, act = world.panel, ("act", "service.terminate", "alice")
    world.forget()
    good = open(f"{world.dir}/whm").read().split("\n", 1)[1]
    rows = (
        ("a key that nobody knows", good + "colour = 1\n", ":8: colour: unknown key"),
        ("no panel", good.replace('panel = "whm"\n', ""), "panel: expected it"),
        ("http to another machine", good.replace(panel.url, "http://192.0.2.1:2086"),
         ":3: url: expected https://"),
        ("a user name in the URL", good.replace("https://", "https://root@"), ":3: url:"),
        ("a path in the URL of WHM", good.replace(panel.url, panel.url + "/json-api"), ":3: url:"),
        ("another panel's key", good + "ticket_department = 3\n", ":8: ticket_department:"),
        ("no TOML", "panel = \n", ":2: syntax"),
        ("no secret file", good.replace("whm-token", "nothing"), "nothing cannot be opened"),
        ("one credential for everything", good + 'purge_user = "root"\npurge_secret_file = "' +
         f'{world.dir}/whm-token"\n', ":9: purge_secret_file: expected another file"),
        ("no map", good + f'map_file = "{world.dir}/nothing"\n', "nothing: cannot be opened"),
        ("a bad map", good + f'map_file = "{world.dir}/bad.csv"\n', "bad.csv:2: what:"))
    world.write("bad.csv", "what,id,panel\nserver,x,y\n", 0o644)
    for what, text, says in rows:
        world.hook_file("bad", text)
        exits(world, tally, f"file: {what}", RETRY, "bad", *act, says=says)
    world.hook_file("loose", good.replace("whm-token", "loose-token"))
    for what, mode, owner, says in (("readable by all", 0o644, 0, "expected mode 0400 or 0600"),
                                    ("readable by a group", 0o440, 0, "found 0440"),
                                    ("somebody else's", 0o600, 61234, "found uid 61234")):
        path = world.write("loose-token", world.secrets["whm-token"], mode)
        os.chown(path, owner, -1)
        exits(world, tally, f"file: a secret that is {what}", RETRY, "loose", *act, says=says)
    path = world.write("loose-token", "", 0o600)
    exits(world, tally, "file: an empty secret", RETRY, "loose", *act, says="1 to 4096 bytes")
    os.unlink(path)
    os.symlink(f"{world.dir}/whm-token", path)
    exits(world, tally, "file: a secret behind a link", RETRY, "loose", *act, says="symbolic link")
    equal(tally, "file: calls so far", panel.calls, [])
    status, _, said = world.run("whm", "dance", "service.terminate", "alice")
    equal(tally, f"an unknown verb: {said.strip()}", status, NO_VERB)
    exits(world, tally, "an order of another version", NEVER, "whm", *act, v=2)
    exits(world, tally, "an order without case", NEVER, "whm", *act, case_id="")


def trust(world, tally):
    """The token goes to nobody whose certificate does not hold."""
    panel, act = world.panel, ("act", "service.terminate", "alice")
    world.forget()
    good = open(f"{world.dir}/whm").read().split("\n", 1)[1]
    for what, text in (
            ("a stranger's authority", good.replace(panel.ca_file, panel.stranger_file)),
            ("the system's authorities", good.replace(f'ca_file = "{panel.ca_file}"\n', "")),
            ("another host name", good.replace("127.0.0.1", "localhost")),
            ("nobody there", good.replace(f":{panel.port}", ":1"))):
        world.hook_file("distrust", text)
        exits(world, tally, f"trust: {what}", RETRY, "distrust", *act)
    equal(tally, "trust: calls so far", panel.calls, [])


def main():
    tally = Tally()
    with World(sys.argv[1]) as world:
        play(world, tally)
    tally.end()


def play(world, tally):
    for part in (whm_round, whm_purge, whm_refusals, whm_before, whm_account, whm_half, whmcs_round,
                 whmcs_refusals, whmcs_account, whmcs_ticket, webhook, files, trust):
        tally.say(f"-- {part.__name__}")
        part(world, tally)
    tally.say("-- misbehaviour")
    for hook, verb, function, kind, target, thing, wanted, before in (
            ("whm", "act", "suspendacct", "service.suspend", "alice", "alice", "suspended", None),
            ("whm", "undo", "unsuspendacct", "service.suspend", "alice", "alice", "active",
             "service.suspend"),
            ("whm-purge", "act", "removeacct", "service.purge", "alice", "alice", "purged",
             "service.suspend"),
            ("whmcs", "act", "ModuleSuspend", "service.terminate", "web-1", "11", "terminated",
             None),
            ("whmcs", "undo", "ModuleUnsuspend", "service.terminate", "web-1", "11", "active",
             "service.terminate"),
            ("whmcs", "act", "ModuleTerminate", "service.purge", "web-1", "11", "purged",
             "service.terminate")):
        misbehaviours(world, tally, hook, verb, function, kind, target, thing, wanted,
                      lambda: before and world.run(hook, "act", before, target))
    for hook, function, kind, target in (
            ("whm", "accountsummary", "service.terminate", "alice"),
            ("whm", "listsuspended", "service.terminate", "alice"),
            ("whmcs", "GetClientsProducts", "service.terminate", "web-1"),
            ("whmcs", "GetClientsProducts", "account.suspend", "acct-1")):
        unreadable_states(world, tally, hook, function, kind, target)


if __name__ == "__main__":
    main()
