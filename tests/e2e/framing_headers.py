"""Headers that name the victim. At most they are claims; most of them nobody reads."""

from framing_mechanism import ASSERTED, Mechanism, with_headers

UNREAD = "no code reads this field to find out who sent the message"


def lines(template):
    """Header lines with names of the run in braces."""
    return lambda run: [line.format(r=run) for line in template.split("\n")]


def variants(**templates):
    return {name.replace("_", " "): lines(text) for name, text in templates.items()}


def unread(name, attack, doors, **templates):
    return Mechanism(name, attack, with_headers(doors, variants(**templates)), stopped_by=UNREAD)


CLAIMS = [
    Mechanism("script_header", "writes the victim's uid into X-PHP-Originating-Script",
              with_headers("script hop known", variants(
                  plain="X-PHP-Originating-Script: {r.v_uid}:mailer.php",
                  other_case="x-php-originating-SCRIPT: {r.v_uid}:mailer.php",
                  folded="X-PHP-Originating-Script:\n\t{r.v_uid}:mailer.php"), ASSERTED),
              "script_header_is_a_claim"),
    Mechanism("script_path", "writes a path of the victim into a header for script paths",
              with_headers("script login known_script", variants(
                  script="X-PHP-Script: {r.v_home}/www/contact.php for 192.0.2.9",
                  source="X-Source: {r.v_home}/www/contact.php",
                  source_dir="X-Source-Dir: {r.v_home}"), ASSERTED),
              "script_header_is_a_claim"),
    Mechanism("received_userid", "writes a Received line of Postfix with the victim's uid",
              with_headers("script hop known_script", variants(
                  plain="Received: by node1.hosting.example (Postfix, from userid {r.v_uid})",
                  folded="Received: by node1.hosting.example\n (Postfix, from userid {r.v_uid})"),
                  ASSERTED),
              "received_line_is_a_claim"),
    Mechanism("user_header", "writes the victim's login into a header for authenticated users",
              with_headers("script known", variants(
                  user="X-Authenticated-User: {r.v_login}",
                  sender="X-Authenticated-Sender: {r.v_login}",
                  short="X-AuthUser: {r.v_login}"), ASSERTED),
              "user_header_is_a_claim"),
    Mechanism("from_header", "writes an address of the victim into From",
              with_headers("script hop known", variants(
                  plain="From: Info <info@{r.v_domain}>",
                  capitals="FROM: INFO@V{r.number}.EXAMPLE",
                  two_fields="From: x@s.example\nFrom: info@{r.v_domain}"), ASSERTED),
              "header_from_is_a_claim"),
    Mechanism("from_display_name", "puts the victim's address where a person reads a name",
              with_headers("script known", variants(
                  comment="From: x@s.example (info@{r.v_domain})",
                  quoted='From: "info@{r.v_domain}" <x@s.example>',
                  encoded="From: =?utf-8?q?info=40{r.v_domain}?= <x@s.example>")),
              stopped_by="of From only the address is read, and that as a claim"),
    Mechanism("sender_header", "writes an address of the victim into Sender",
              with_headers("script login", variants(
                  plain="From: x@s.example\nSender: info@{r.v_domain}"), ASSERTED),
              "header_from_is_a_claim"),
]

UNREAD_FIELDS = [
    unread("received_auth", "writes Received with (Authenticated sender: the victim)",
           "script hop known",
           esmtpa="Received: from pc ([{r.v_own_ip}]) (Authenticated sender: {r.v_login})\n"
                  " by node1.hosting.example (Postfix) with ESMTPSA id 4jXvm513T5z1dLjP",
           exim="Received: from user by node1.hosting.example with local (Exim 4.96)\n"
                " (envelope-from <info@{r.v_domain}>) id 1rAbCd-0001Xy-2Z"),
    unread("resent_headers", "resends the message in the victim's name", "script known",
           full="Resent-From: info@{r.v_domain}\nResent-Sender: info@{r.v_domain}\n"
                "Resent-To: x@d.example\nResent-Message-ID: <1@{r.v_domain}>"),
    unread("return_path", "brings the victim's envelope along as header fields", "script hop known",
           envelope="Envelope-From: info@{r.v_domain}\nX-Envelope-From: info@{r.v_domain}",
           plain="Return-Path: <info@{r.v_domain}>"),  # which Postfix takes out
    unread("reply_to", "has answers and receipts sent to the victim", "script known",
           reply="Reply-To: info@{r.v_domain}\nErrors-To: info@{r.v_domain}",
           receipt="Disposition-Notification-To: info@{r.v_domain}"),
    unread("list_headers", "makes it mail of a mailing list of the victim", "script hop known",
           full="List-Id: <news.{r.v_domain}>\nList-Post: <mailto:news@{r.v_domain}>\n"
                "List-Unsubscribe: <https://{r.v_domain}/u>\nPrecedence: list"),
    unread("message_id", "takes a Message-ID of the victim's domain", "script known",
           plain="Message-ID: <20261123.1234@{r.v_domain}>"),
    unread("thread_of_the_victim", "continues a conversation of the victim", "script hop",
           both="References: <a1@{r.v_domain}> <a2@{r.v_domain}>\nIn-Reply-To: <a2@{r.v_domain}>"),
    unread("dkim_signature", "copies a DKIM-Signature of the victim's domain", "script hop known",
           copied="DKIM-Signature: v=1; a=rsa-sha256; d={r.v_domain}; s=mail; h=from:to;\n"
                  " i=info@{r.v_domain}; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA"),
    unread("authentication_results", "forges results that authenticate the victim", "script hop",
           results="Authentication-Results: node1.hosting.example; auth=pass\n"
                   " smtp.auth={r.v_login}; spf=pass smtp.mailfrom=info@{r.v_domain}",
           arc="ARC-Authentication-Results: i=1; node1.hosting.example; dkim=pass\n"
               " header.d={r.v_domain}"),
    unread("originating_ip", "writes an address of the victim into headers for clients",
           "script hop known",
           originating="X-Originating-IP: [{r.v_own_ip}]",
           forwarded="X-Forwarded-For: {r.v_own_ip}\nX-Client-IP: {r.v_own_ip}"),
    unread("panel_headers", "imitates what other panels and MTAs add", "script known",
           cpanel="X-AntiAbuse: Primary Hostname - {r.v_domain}\n"
                  "X-AntiAbuse: Originator/Caller UID/GID - [{r.v_uid} 12] / [{r.v_uid} 12]\n"
                  "X-Get-Message-Sender-Via: node1: authenticated_id: {r.v_login}",
           sender_id="X-Sender-Id: {r.v_login}\nX-Sender: {r.v_login}"),
    unread("delivery_headers", "writes the victim into headers of delivery", "script hop_login",
           full="Delivered-To: info@{r.v_domain}\nX-Original-To: info@{r.v_domain}\n"
                "Envelope-To: info@{r.v_domain}"),
    unread("own_headers", "writes headers with our name that we never wrote", "script hop known",
           service="X-Bailiff-Service: {r.v}\nX-Bailiff-Account: acct-{r.v}",
           verdict="X-Bailiff-Verdict: confirmed\nX-Bailiff-Path: zero_tolerance\n"
                   "X-Bailiff-Attribution: proven {r.v}",
           case="X-Bailiff-Case: B0123456789ABCDEF; service={r.v}"),
    unread("queue_id_of_the_victim", "names a queue id as that of the message", "script known",
           header="X-Queue-ID: 4jXvm513T5z1dLjP\nX-Postfix-Queue-Id: 4jXvm513T5z1dLjP"),
]

SHAPES = [
    Mechanism("lookalike_field", "writes a field whose name only looks like one that is read",
              with_headers("script hop", variants(
                  cyrillic="Fr\u043em: info@{r.v_domain}", blank="X- AuthUser: {r.v_login}")),
              stopped_by="field names are compared as ASCII; others are no such field"),
    Mechanism("mbox_line", "begins with a From_ line of the victim",
              with_headers("script hop", variants(
                  plain="From info@{r.v_domain} Mon Nov 23 10:00:00 2026",
                  quoted=">From info@{r.v_domain} Mon Nov 23 10:00:00 2026")),
              stopped_by="Postfix and the parser take the line for no header field"),
    Mechanism("long_header", "buries the field under a thousand others",
              with_headers("hop", {"bytes": lambda run: [
                  *(f"X-Fill-{n}: {'x' * 900}" for n in range(120)),
                  f"From: info@{run.v_domain}"]}, ASSERTED) +
              with_headers("script hop", {"fields": lambda run: [
                  *(f"X-F{n}: x" for n in range(2100)), f"X-AuthUser: {run.v_login}"]}),
              stopped_by="fields above limits::header_count_max are not read, and it is said"),
    Mechanism("many_claims", "claims one service after another",
              with_headers("script known", {"forty": lambda run: [
                  *(f"X-AuthUser: nobody{n}@s.example" for n in range(40)),
                  f"X-AuthUser: {run.v_login}"]}),
              stopped_by="claims above claims_max are not read; a claim proves nothing"),
    Mechanism("two_claimed", "claims the victim in one field and its neighbour in another",
              with_headers("script hop", variants(
                  both="From: x@{r.w_domain}\nX-AuthUser: {r.v_login}")),
              stopped_by="claims that disagree name nobody, and no claim punishes"),
]

MECHANISMS = CLAIMS + UNREAD_FIELDS + SHAPES
