"""The policy in force on the day, in sentences; its versions, and their texts."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from tracker.actions.policy_drafts.kept import Draft, Drafts
from tracker.db.policies import Applied, applied_versions, text_of_version
from tracker.domain.access import Right
from tracker.domain.days import ALWAYS, OPEN
from tracker.domain.errors import BadInput
from tracker.domain.policy import Policy
from tracker.domain.policy_text import read_policy
from tracker.domain.rulebook import Rulebook
from tracker.packs import pack_names, pack_text
from tracker.web import policy_words as words
from tracker.web.attached import attached
from tracker.web.gate import Needs, Visit
from tracker.web.pages import page

router = APIRouter()
Reader = Annotated[Visit, Depends(Needs(Right.SEE_POLICY))]


class Reign(NamedTuple):
    """A version and the days on which it is in force: open ends are None; `never` if a later one took all of them."""

    applied: Applied
    first: date | None
    last: date | None
    never: bool
    here: bool


class Pack(NamedTuple):
    """A policy that ships."""

    name: str
    timezone: str
    types: list[str]
    requirements: int


@router.get("/policy")
def policy(visit: Reader) -> Response:
    """The page; before there is a policy, those that ship."""
    if visit.rulebook is None:
        return page("policy-none", visit, packs=packs(), drafts=_drafts(visit))
    with visit.database.read() as connection:
        versions = applied_versions(connection)
    found = visit.rulebook.on(visit.day)
    reigns = list(_reigns(visit.rulebook, versions, visit.day))
    return page("policy", visit, policy=found, reigns=reigns, drafts=_drafts(visit), **_said(found))


def _drafts(visit: Visit) -> list[Draft]:
    """Drafts that wait to be applied, for those who may do that; a first policy is none any more once there is one."""
    if not visit.may(Right.SET_POLICY):
        return []
    waiting = Drafts(visit.site.settings.data_dir).waiting(visit.site.now())
    return [one for one in waiting if one.effective or visit.rulebook is None]


@router.get("/policy/versions/{number}")
def text(visit: Reader, number: int) -> Response:
    """The text of one version, as a file."""
    with visit.database.read() as connection:
        found = text_of_version(connection, number) if 0 < number < 2**31 else None
    if found is None:
        raise BadInput("There is no such version of the policy; choose one of the list.")
    return attached(found, f"policy-{number}.toml", "application/toml; charset=utf-8")


def packs() -> list[Pack]:
    """The policies that ship."""
    found = ((name, read_policy(pack_text(name))) for name in pack_names())
    return [Pack(name, one.timezone, list(one.types), len(one.requirements)) for name, one in found]


def _said(policy: Policy) -> dict[str, Any]:
    return {
        "requirements": [words.asked_of(policy, one) for one in policy.requirements],
        "types": [(kind, words.prerequisites_of(kind)) for kind in policy.types.values()],
        "issuers": words.issuers_of(policy),
        "exceptions": words.exceptions_of(policy),
        "reminders": words.reminders_of(policy.reminders),
        "general": words.general_of(policy),
        "kept": words.kept_of(policy),
    }


def _reigns(rulebook: Rulebook, versions: list[Applied], day: date) -> Iterator[Reign]:
    """Of two versions from the same day the one applied later holds."""
    spans = {span.first: span for span, _ in rulebook.reigns}
    taken = set()
    for one in versions:
        first = one.effective or ALWAYS
        span = spans[first]
        never = first in taken
        taken.add(first)
        last = None if never or span.last == OPEN else span.last
        yield Reign(one, one.effective, last, never, not never and span.first <= day <= span.last)
