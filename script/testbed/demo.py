"""script/run: the product in a few minutes, on a mail host of its own."""

import argparse
import email.message
import os
import re
import signal
import subprocess
import sys
import time

# As a program this file is not yet part of its package.
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from testbed import namespace  # noqa: E402
from testbed.process import TestbedError  # noqa: E402
from testbed.roles import TOP  # noqa: E402
from testbed.site import UID_HEADER, Site  # noqa: E402

SHOP, DEALS, BLOG_UID = "orders@shop.example", "deals@deals.example", 62103
PASSWORD = "demonstration"
SERVICES = [
    {"account": "acct-shop", "service": "shop", "holder": "h-shop", "plan": "business",
     "created": "2023-04-01", "identities": [{"kind": "login", "value": SHOP},
                                             {"kind": "domain", "value": "shop.example"}]},
    {"account": "acct-deals", "service": "deals", "holder": "h-deals", "plan": "starter",
     "created": "2026-11-01", "identities": [{"kind": "login", "value": DEALS},
                                             {"kind": "domain", "value": "deals.example"}]},
    {"account": "acct-blog", "service": "blog", "holder": "h-blog", "plan": "starter",
     "created": "2022-09-15", "identities": [{"kind": "uid", "value": str(BLOG_UID)},
                                             {"kind": "domain", "value": "blog.example"}]},
]
HOLDERS = [{"holder": f"h-{name}", "name": f"Holder of {name}", "email": f"owner@{name}.example"}
           for name in ("shop", "deals", "blog")]
SAMPLES = f"{TOP}/rules/sets/outbound/samples"
BURST = 30


class Expectations:
    """What should have happened, and whether it did."""

    def __init__(self):
        self.failed = 0

    def check(self, what, holds):
        print(f"   {'ok  ' if holds else 'FAIL'} {what}", flush=True)
        self.failed += not holds


def say(text):
    print(f"-- {text}", flush=True)


def honest(sender, subject, number):
    message = email.message.EmailMessage()
    message["From"] = sender
    message["To"] = f"customer{number}@dest.example"
    message["Subject"] = subject
    message["Message-ID"] = f"<{number}.{sender}>"
    message.set_content(f"Hello,\n\n{subject}. Your order number is {number}.\n\nKind regards\n")
    return message.as_bytes()


def sample(name, number):
    """A spam sample of ours, one of a run: each copy has its own recipient and Message-ID."""
    with open(f"{SAMPLES}/spam/{name}", "rb") as file:
        header, _, body = file.read().replace(b"\r\n", b"\n").partition(b"\n\n")
    kept = [line for line in header.split(b"\n") if not line.lower().startswith(b"message-id:")]
    return b"\n".join(kept + [b"Message-ID: <run%d@deals.example>" % number, b"", body])


def submit(site, login, recipient, data):
    """The reply code and text that the customer's program sees."""
    client = site.postfix.smtp(login=login, password=PASSWORD)
    try:
        client.sendmail(login, [recipient], data)
        return 250, "accepted"
    except Exception as refusal:  # smtplib has a class for each command
        if hasattr(refusal, "recipients"):
            return list(refusal.recipients.values())[0]
        return refusal.smtp_code, refusal.smtp_error.decode(errors="replace")
    finally:
        client.quit()


def honest_round(site, title):
    """One message of each customer; how many arrived of shop, deals, blog."""
    say(title)
    before = len(site.sink.kept())
    replies = [submit(site, SHOP, "customer1@dest.example", honest(SHOP, "Your order", before)),
               submit(site, DEALS, "customer2@dest.example", honest(DEALS, "News", before))]
    site.postfix.sendmail(BLOG_UID, "contact@blog.example", ["customer3@dest.example"],
                          honest("contact@blog.example", "A new comment", before))
    site.settle()
    senders = [kept.mail_from for kept in site.sink.kept()[before:]]
    return replies, senders


def spam_run(site):
    say(f"the spammer sends {BURST} spam messages through submission, with its own login")
    replies = [submit(site, DEALS, f"victim{n}@dest.example", sample(SPAM, n))
               for n in range(BURST)]
    for number, (code, text) in enumerate(replies):
        if number == 0 or replies[number - 1][1] != text:
            text = text if isinstance(text, str) else text.decode(errors="replace")
            print(f"   message {number + 1}: {code} {text}", flush=True)
    return replies


def form_run(site):
    say(f"a hacked contact form on the blog sends {BURST} spam messages through sendmail(1)")
    for number in range(BURST):
        site.postfix.sendmail(BLOG_UID, "contact@blog.example", [f"victim{number}@dest.example"],
                              sample(SPAM, 1000 + number))
    site.settle(60)


def case_of(site, service, path):
    rows = [row for row in site.bailiff.cases(service=service) if row["path"] == path]
    return rows[0]["id"] if rows else None


def hooks_of(site, service):
    return [f"{call['verb']} {call['kind']}" for call in site.bailiff.hook_calls()
            if call["service"] == service]


def bag_verifies(site, case):
    """With stock tools only, by keys from outside the bag."""
    folder = f"{site.dir}/evidence-{case}"
    site.bailiff.export(case, folder, "--profile", "authority", "--reference", "demonstration")
    keys = f"{site.bailiff.dir}/state/keys"
    done = subprocess.run(["sh", "seals/verify.sh", f"{keys}/allowed_signers", f"{keys}/log-1.pem"],
                          cwd=f"{folder}/{case}", capture_output=True, check=False)
    print("   " + done.stdout.decode().strip().split("\n")[-1], flush=True)
    return done.returncode == 0


def story(site):
    expect = Expectations()
    replies, senders = honest_round(site, "honest mail of shop, deals and blog")
    expect.check("all three honest messages were delivered", len(senders) == 3)
    expect.check("no uid header of ours left the house",
                 not [kept for kept in site.sink.kept() if kept.header(UID_HEADER)])

    spam_replies = spam_run(site)
    site.settle()
    case = case_of(site, "deals", "zero_tolerance")
    expect.check("the very first spam message was refused", spam_replies[0][0] >= 500)
    expect.check("no spam of the spammer was delivered",
                 not [kept for kept in site.sink.kept() if kept.rcpt_to[0].startswith("victim")])
    expect.check(f"a case went the path zero_tolerance: {case}", case is not None)
    expect.check("hooks ran once each: " + ", ".join(hooks_of(site, "deals")),
                 hooks_of(site, "deals") == ["act service.terminate", "act account.suspend",
                                             "act notify.team"])

    expect.check("its sealed bag verifies with sha256sum, ssh-keygen and openssl", case and bag_verifies(site, case))

    form_run(site)
    blog_case = case_of(site, "blog", "compromised")
    held = len(site.postfix.queued("hold"))
    expect.check(f"a case went the path compromised: {blog_case}", blog_case is not None)
    expect.check(f"{held} messages of the form are held, none was delivered, none bounced",
                 held == BURST and not [kept for kept in site.sink.kept()
                                        if kept.rcpt_to[0].startswith("victim")])
    expect.check("hooks ran once each: " + ", ".join(hooks_of(site, "blog")),
                 hooks_of(site, "blog") == ["act credential.reset", "act notify.team"])

    replies, senders = honest_round(site, "honest mail again: the shop's only is to go out")
    expect.check(f"the shop noticed nothing: {', '.join(senders)}", senders == [SHOP])
    expect.check(f"the spammer is refused at MAIL: {replies[1][0]}", replies[1][0] == 550)

    if blog_case:
        say(f"the form is mended: bailiff case reinstate {blog_case}")
        decided = site.bailiff.cli("case", "reinstate", blog_case, "--by", "demonstration",
                                   "--reason", "form removed, password changed")
        print(decided, flush=True)
        review = case_of(site, "blog", "review")
        expect.check(f"whoever decides is told of the service's other open case: {review}",
                     f"Still open of this service: {review}  path review" in decided)
        site.settle()
    replies, senders = honest_round(site, "honest mail once more")
    expect.check("shop and blog send again, the spammer does not",
                 sorted(senders) == ["contact@blog.example", SHOP])
    if case:
        say(f"what the abuse team sees: bailiff case show {case}")
        print(site.bailiff.cli("case", "show", case), flush=True)
        say("how the spammer's account stands: bailiff directory show deals")
        shown = site.bailiff.cli("directory", "show", "deals")
        print(shown, flush=True)
        expect.check("it tells who stands how since when, and for which case",
                     re.search(rf"standing: terminated since \S+, case {case}\n"
                               r"account \S+: suspended since", shown) is not None
                     and f"  {case} " in shown)
        freed = site.bailiff.cli("directory", "show", "blog")
        expect.check("the reinstated service is on probation, and says so",
                     "standing: active; on probation until " in freed)
    say("bailiff status")
    time.sleep(1.5)  # the roles write it each second
    print(site.bailiff.cli("status"), flush=True)
    return expect.failed


def helpers(site):
    """Small programs for the person who wants to try, below the temporary directory."""
    bailiff, binary = site.bailiff, site.bailiff.binary
    inside = f"nsenter --mount --target {os.getpid()}"
    files = {"bailiff": f'exec {binary} "$@" --config {bailiff.config}',
             "sendmail-as-blog": f"exec {inside} setpriv --reuid {BLOG_UID} --regid {BLOG_UID} "
                                 '--clear-groups sendmail -f contact@blog.example -i "$@"',
             "postqueue": f'exec {inside} postqueue "$@"'}
    os.makedirs(f"{site.dir}/bin")
    for name, line in files.items():
        with open(f"{site.dir}/bin/{name}", "w") as file:
            file.write(f"#!/bin/sh\n{line}\n")
        os.chmod(f"{site.dir}/bin/{name}", 0o755)


def stay(site):
    helpers(site)
    port = site.postfix.ports["submission"]
    print(f"""
It stays up until Ctrl-C. From another terminal, as root:
  a message of the shop; this one is spam, so curl shows a 550 (-T takes a file of your own, too):
    curl -sv smtp://127.0.0.1:{port} --user {SHOP}:{PASSWORD} --mail-from {SHOP} \\
         --mail-rcpt somebody@dest.example -T {SAMPLES}/spam/{SPAM} 2>&1 | grep '^<'
  the blog's form:   {site.dir}/bin/sendmail-as-blog somebody@dest.example < FILE
  what came of it:   {site.dir}/bin/bailiff case list
                     {site.dir}/bin/bailiff case show ID
                     {site.dir}/bin/bailiff status
  Postfix's queue:   {site.dir}/bin/postqueue -j
  journals:          {site.bailiff.dir}/log/
""", flush=True)
    while True:
        time.sleep(3600)


SPAM = "sextortion-en-plain.eml"


def main():
    parser = argparse.ArgumentParser(prog="script/run")
    parser.add_argument("--once", action="store_true", help="end after the print-out")
    parser.add_argument("--binary", default=f"{TOP}/build/release/src/app/bailiff")
    options = parser.parse_args()
    namespace.enter()
    # However it is ended, what it started ends with it.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    began = time.monotonic()
    try:
        with Site(options.binary, say=say,
                  sections="[behaviour]\nmessages_per_minute = 20\n") as site:
            site.postfix.add_login(SHOP, PASSWORD)
            site.postfix.add_login(DEALS, PASSWORD)
            say("importing the directory: a shop, a spammer, a blog with a hacked contact form")
            print("   " + site.bailiff.import_directory(SERVICES, HOLDERS).strip(), flush=True)
            site.start()
            failed = story(site)
            print(f"{'EVERYTHING HAPPENED AS IT SHOULD' if not failed else f'{failed} FAILED'}"
                  f" ({time.monotonic() - began:.0f} s)", flush=True)
            if not options.once:
                stay(site)
            return 1 if failed else 0
    except TestbedError as error:
        print(f"script/run: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n-- stopped; everything that was started has ended")
        return 0 if not options.once else 130


if __name__ == "__main__":
    sys.exit(main())
