"""What was done, and from where, in words, by the names that entries of the trail have for it."""

import re

WORDS = {
    "access change": "changed access",
    "access end": "ended access",
    "access give": "gave access",
    "access link": "made a sign-in link",
    "access password": "changed their password",
    "bounce-lift": "took mail up again",
    "bounce-mark": "marked an address that mail comes back from",
    "card-correct": "corrected a card",
    "card-record": "recorded a card",
    "card-retract": "retracted a card",
    "card-verify": "recorded what an issuer answered",
    "class-change": "changed a booked class",
    "class-record": "booked a class",
    "class-retract": "retracted a booked class",
    "evidence-accept": "took in a card that was handed in",
    "evidence-add": "added evidence",
    "evidence-attach": "attached evidence to a card",
    "evidence-get": "looked at evidence",
    "evidence-refuse": "refused what was handed in",
    "evidence-refuse-undo": "took a refusal back",
    "evidence-retract": "retracted evidence",
    "evidence-wait": "handed in a card to be checked",
    "exemption-end": "ended an exemption",
    "exemption-give": "gave an exemption",
    "exemption-retract": "retracted an exemption",
    "import": "imported a file",
    "import-undo": "undid an import",
    "leave-change": "changed a leave",
    "leave-record": "recorded a leave",
    "leave-retract": "retracted a leave",
    "mail-enable": "let mails go",
    "person-erase": "erased a person",
    "person-export": "handed out a person's data",
    "person-merge": "took two people for one",
    "person-rename": "changed an employee id",
    "person-undo": "took a change of an employee id back",
    "policy-apply": "applied a policy",
    "report-issue": "issued a report",
    "report-fetch": "fetched an issued report",
    "mapping-forget": "forgot how a file's columns are read",
    "retention": "removed old records",
    "unit-change": "changed a unit",
    "survey": "looked at people for a survey",
}
SOURCES = {"cli": "the command line", "web": "the web app", "api": "another program", "job": "a job"}

_BY_LINK = re.compile(r"person:\d+, by (their link)")


def done(action: str) -> str:
    """What was done."""
    return WORDS.get(action, action)


def source(name: str) -> str:
    """From where."""
    return SOURCES.get(name, name)


def on_their_page(actor: str) -> str:
    """Who did something, as the page of whom it is about says it: there is no need to say whose link it was."""
    return _BY_LINK.sub(r"\1", actor)
