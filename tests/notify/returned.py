"""Mails as servers send them back, made up in the shape of each."""

OURS = "<staff-reminder.20250615.7@cards.example>"
ANA = "ana@site.example"

HEADERS = f"""\
From: Life support cards <cards@cards.example>
To: {ANA}
Subject: Your BLS card ends in 30 days
Message-ID: {OURS}
Date: Sun, 15 Jun 2025 12:00:00 +0000
"""


def report(
    status: str, returned: str = f"message/rfc822\n\n{HEADERS}\nHello,\n", kind: str = "message/delivery-status"
) -> bytes:
    """A report of three parts: words, the blocks of fields given, and the mail that came back."""
    text = f"""\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@relay.example>
To: cards@cards.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="6A1.1750000000/relay.example"

This is a MIME-encapsulated message.

--6A1.1750000000/relay.example
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--6A1.1750000000/relay.example
Content-Type: {kind}

{status}
--6A1.1750000000/relay.example
Content-Type: {returned}
--6A1.1750000000/relay.example--
"""
    return text.encode()


def one(action: str = "failed", status: str = "5.1.1", answer: str = "", to: str = ANA, head: str = "") -> bytes:
    """A report of one receiver."""
    said = f"Diagnostic-Code: {answer}\n" if answer else ""
    block = f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n{said}"
    return report(f"{head or 'Reporting-MTA: dns; relay.example'}\n\n{block}")


POSTFIX = report("""\
Reporting-MTA: dns; relay.example
X-Postfix-Queue-ID: 6A1
X-Postfix-Sender: rfc822; cards@cards.example
Arrival-Date: Sun, 15 Jun 2025 12:00:01 +0000 (UTC)

Final-Recipient: rfc822; ana@site.example
Original-Recipient: rfc822;ana@site.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.site.example
Diagnostic-Code: smtp; 550 5.1.1 <ana@site.example>: Recipient address
    rejected: User unknown in virtual mailbox table
""")

# Of a mailbox on the same machine, and only the headers come back.
POSTFIX_LOCAL = report(
    """\
Reporting-MTA: dns; relay.example

Final-Recipient: rfc822; ana@site.example
Action: failed
Status: 5.1.1
Diagnostic-Code: X-Postfix; unknown user: "ana"
""",
    f"text/rfc822-headers\nContent-Description: Undelivered Message Headers\n\n{HEADERS}",
)

POSTFIX_NO_DOMAIN = one(
    status="5.4.4",
    answer="X-Postfix; Host or domain name not found. Name service error for\n    name=site.example: Host not found",
)

EXCHANGE = report(
    """\
Reporting-MTA: dns;MB01.prod.outlook.example
Received-From-MTA: dns;AM0.prod.outlook.example
Arrival-Date: Sun, 15 Jun 2025 12:00:02 +0000

Original-Recipient: rfc822;Ana@Site.example
Final-Recipient: rfc822;Ana@Site.example
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient Ana@Site.example not found by SMTP look-up
""",
    f"message/rfc822\n\n{HEADERS}X-MS-Exchange-Organization-AuthAs: Internal\n\nHello,\n",
)

GMAIL = report("""\
Reporting-MTA: dns; googlemail.example
Arrival-Date: Sun, 15 Jun 2025 05:00:03 -0700 (PDT)
X-Original-Message-ID: <staff-reminder.20250615.7@cards.example>

Final-Recipient: rfc822; ana@site.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.site.example. (192.0.2.7, the server for the domain site.example.)
Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
 550-5.1.1 double-checking the recipient's email address for typos or
 550 5.1.1  https://support.mail.example/?p=NoSuchUser a1-20si99 - gsmtp
Last-Attempt-Date: Sun, 15 Jun 2025 05:00:04 -0700 (PDT)
""")

SENDMAIL = report("""\
Reporting-MTA: dns; relay.example
Received-From-MTA: DNS; app.cards.example
Arrival-Date: Sun, 15 Jun 2025 12:00:00 GMT

Final-Recipient: RFC822; ana@site.example
Action: failed
Status: 5.1.1
Remote-MTA: DNS; mx.site.example
Diagnostic-Code: SMTP; 550 5.1.1 <ana@site.example>... User unknown
Last-Attempt-Date: Sun, 15 Jun 2025 12:00:01 GMT
""")

# Exim's own status says nothing; the other server's answer does.
EXIM = report("""\
Reporting-MTA: dns; relay.example

Action: failed
Final-Recipient: rfc822;ana@site.example
Status: 5.0.0
Remote-MTA: dns; mx.site.example
Diagnostic-Code: smtp; 550 5.1.1 <ana@site.example> User does not exist
""")

# Of an address with letters beyond ASCII, RFC 6533.
WIDE = report(
    """\
Reporting-MTA: dns; relay.example

Final-Recipient: utf-8; zoë@site.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <zoë@site.example> User unknown
""",
    f"message/global-headers\n\n{HEADERS}",
    "message/global-delivery-status",
)

OUT_OF_OFFICE = f"""\
From: Ana <{ANA}>
To: cards@cards.example
Subject: Automatic reply: Your BLS card ends in 30 days
In-Reply-To: {OURS}
Auto-Submitted: auto-replied
X-Auto-Response-Suppress: All
Content-Type: text/plain

I am away until 1 July. 550 5.1.1 User unknown is what my old address says.
""".encode()

READ_RECEIPT = (
    POSTFIX.replace(b"report-type=delivery-status", b"report-type=disposition-notification")
    .replace(b"message/delivery-status", b"message/disposition-notification")
    .replace(b"Action: failed", b"Disposition: manual-action/MDN-sent-manually; deleted")
)

PASSED_ON = (
    b"""\
From: Bo <bo@site.example>
To: cards@cards.example
Subject: Fwd: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: text/plain

Look what I got.
--outer
Content-Type: message/rfc822

"""
    + POSTFIX
    + b"\n--outer--\n"
)

GONE = {
    "postfix": POSTFIX,
    "postfix, local": POSTFIX_LOCAL,
    "postfix, no domain": POSTFIX_NO_DOMAIN,
    "exchange": EXCHANGE,
    "gmail": GMAIL,
    "sendmail": SENDMAIL,
    "exim": EXIM,
    "switched off": one(status="5.2.1", answer="smtp; 550 5.2.1 The email account is disabled."),
    "no mail there at all": one(status="5.1.10", answer="smtp; 556 5.1.10 Recipient address has null MX"),
}
# Reports that say something else, each about the very mail.
NOT_GONE = {
    "full": one(status="5.2.2", answer="smtp; 552 5.2.2 The email account that you tried to reach is over quota."),
    "full, under another code": one(answer="smtp; 550 5.1.1 Mailbox full"),
    "delayed": one("delayed", "4.4.1", "smtp; 451 4.4.1 Connection timed out"),
    "given up after days": one(status="4.4.1", answer="smtp; 451 4.4.1 Connection timed out"),
    "delivered": one("delivered", "2.1.5"),
    "relayed": one("relayed", "5.1.1"),
    "sender not allowed": one(status="5.7.1", answer="smtp; 550 5.7.1 Message rejected due to SPF policy"),
    "sender unknown": one(status="5.1.8", answer="smtp; 550 5.1.8 Sender address rejected: Domain not found"),
    "the address, but which": one(status="5.1.0", answer="smtp; 550 5.1.0 Address rejected."),
    "block list": one(answer="SMTP; 550 Blocked by our list, see https://lists.example"),
    "relaying": one(status="5.7.1", answer="smtp; 554 5.7.1 Relay access denied"),
    "content": one(status="5.6.0", answer="smtp; 554 5.6.0 Message contains invalid header"),
    "size": one(status="5.3.4", answer="smtp; 552 5.3.4 Message size exceeds fixed limit"),
    "too fast": one(status="5.2.1", answer="smtp; 550 5.2.1 The user is receiving mail at a rate that prevents more"),
    "no code": one(status="5.0.0", answer="smtp; 550 no such user"),
    "no status": one(status="", answer="smtp; 550 unknown"),
    "two that disagree": one(answer="smtp; 550 5.7.1 <ana@site.example> refused"),
    "for now after all": one(answer="smtp; 450 User unknown yet"),
    "another's route": one(status="5.4.4", answer="X-Postfix; unable to look up host mx.site.example"),
}
# No reports on delivery at all.
NO_REPORTS = {
    "out of office": OUT_OF_OFFICE,
    "read receipt": READ_RECEIPT,
    "passed on": PASSED_ON,
    "a letter": f"From: {ANA}\nSubject: thanks\n\n550 5.1.1".encode(),
    "nothing": b"",
    "noise": bytes(range(256)) * 20,
}
