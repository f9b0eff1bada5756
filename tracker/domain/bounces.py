"""Whether an answer of a mail server says that an address is gone, rather than that one mail did not get through.

Codes are those of RFC 3463 and its registry. On doubt an address is not gone: whoever is taken for unreachable by
mistake is told nothing any more, while a mail too many does little harm.
"""

import re

# No such mailbox, no such domain, not an address at all, moved away, takes no mail at all (also what Exchange says of a
# receiver it does not find), switched off. Not 5.1.0, which may mean the sender; not 5.1.4, an address that is two.
GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
# "No route" is a fault on the way, unless it is said that there is no such domain, as Postfix does.
NO_ROUTE = "5.4.4"
_NO_DOMAIN = re.compile(r"(host|domain)( name)? not found|no such domain|nxdomain", re.IGNORECASE)
# What servers say under a code of an address although it is about the moment, the mail or its sender.
_DOUBT = re.compile(
    r"quota|full\b|too (many|much|fast|quickly|large)|\brate\b|spam|block|black ?list|reputation|\b(spf|dkim|dmarc)\b"
    r"|relay(ing)? (access )?(denied|not)|temporar|try again|greylist",
    re.IGNORECASE,
)
# `smtp; 550 5.1.1 ...`, `550-5.1.1 ...`, `550 #5.1.1 ...`: the code counts only right behind the answer's three digits.
_ANSWER = re.compile(r"\s*(?:[\w-]+\s*;\s*)?([2-5])\d\d(?:[ -]+#?(\d\.\d{1,3}\.\d{1,3})(?!\d|\.\d))?")
_STATUS = re.compile(r"\s*(\d\.\d{1,3}\.\d{1,3})(?!\d|\.\d)")


def is_gone(action: str, status: str | None, said: str) -> bool:
    """Whether a mail's failure means that the address does not exist, or is switched off for good.

    `action` and `status` are those of a report on delivery (`failed`, `5.1.1`), `said` the server's answer. Where both
    the status and the answer hold a code, each has to say so; without any code nothing is certain.
    """
    if not action.strip().casefold().startswith("failed") or _DOUBT.search(said):
        return False
    answer = _ANSWER.match(said)
    if answer and answer[1] != "5":
        return False
    codes = {code for code in (status_code(status), answer and answer[2]) if code and not code.endswith(".0.0")}
    gone = GONE | {NO_ROUTE} if _NO_DOMAIN.search(said) else GONE
    return bool(codes) and codes <= gone


def status_code(text: str | None) -> str | None:
    """The enhanced status code at the beginning of a text; None if there is none."""
    found = _STATUS.match(text or "")
    return found[1] if found else None


def code_of(status: str | None, said: str) -> str | None:
    """The code that says most: the status, or the answer's where that one is general."""
    answer = _ANSWER.match(said)
    own, answered = status_code(status), answer[2] if answer else None
    return answered if answered and (own is None or own.endswith(".0.0")) else own
