"""One's own page: by the link in a reminder, or signed in as staff. Where one stands, and a new card handed in."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, UploadFile
from fastapi.responses import RedirectResponse, Response

from tracker.actions.access.own_link import by_their_link, whose
from tracker.actions.ask_standings import PersonAnswer, ask_person
from tracker.actions.evidence.hand_in import hand_in_card
from tracker.actions.evidence.look import list_refusals
from tracker.actions.reach_person import reach_person
from tracker.db.change import Author
from tracker.domain.access import Right
from tracker.domain.errors import BadInput
from tracker.domain.policy import Policy
from tracker.domain.scope import OnePerson
from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.intake.evidence import ENDINGS, LARGEST, TAKEN, evidence_file
from tracker.web.done import DONE
from tracker.web.gate import Needs, Visit, mark_of, same_mark, site_of
from tracker.web.pages import page, person_path, see
from tracker.web.person import Stood, standings_in_words
from tracker.web.shown_cards import shown_cards, shown_files
from tracker.web.site import Site
from tracker.web.typed import Text, type_words

router = APIRouter()
Staff = Annotated[Visit, Depends(Needs(Right.HAND_IN))]
Installation = Annotated[Site, Depends(site_of)]


class _Own(NamedTuple):
    """Who hands in, through what: the form's address and its mark, and who the trail will name."""

    employee_id: str
    path: str
    mark: str
    author: Author


@router.get("/own/{token}")
def own_page(site: Installation, token: str, done: str = "") -> Response:
    """The page that a link opens. To look at it changes nothing, however often it is looked at, and by whatever."""
    return _page(site, _by_link(site, token), said=DONE.get(done, ""))


@router.post("/own/{token}")
def hand_in_by_link(
    site: Installation,
    token: str,
    mark: Text = "",
    kind: Text = "",
    file: UploadFile | None = None,
) -> Response:
    """Takes a card in from whoever has the link."""
    own = _by_link(site, token)
    if not same_mark(mark, own.mark):
        raise BadInput("This form is too old; open the link again.")
    try:
        _take(site, own, kind, file)
    except BadInput as error:
        return _page(site, own, kind, str(error))
    return RedirectResponse(f"{own.path}?done=handed-in", 303)


@router.get("/hand-in")
def ask(visit: Staff) -> Response:
    """The form, for staff who are signed in."""
    return _page(visit.site, _signed_in(visit), visit=visit)


@router.post("/hand-in")
def hand_in(visit: Staff, kind: Text = "", file: UploadFile | None = None) -> Response:
    """Takes a card in."""
    own = _signed_in(visit)
    try:
        _take(visit.site, own, kind, file)
    except BadInput as error:
        return _page(visit.site, own, kind, str(error), visit=visit)
    return see(visit, person_path(own.employee_id), done="handed-in")


def _by_link(site: Site, token: str) -> _Own:
    person = whose(site.database, site.secret.decode(), token, site.today(site.rulebook()))
    author = by_their_link(person.number)
    return _Own(person.employee_id, f"/own/{token}", mark_of(site, token), author)


def _signed_in(visit: Visit) -> _Own:
    return _Own(visit.grant.employee_id or "", "/hand-in", visit.mark, visit.author)


def _take(site: Site, own: _Own, card_type: str, file: UploadFile | None) -> None:
    if file is None or not file.filename:
        raise BadInput(f"No file was chosen; choose {TAKEN}.")
    given = evidence_file(file.filename, file.file.read(LARGEST + 1))
    hand_in_card(site.database, own.author, site.files, own.employee_id, given, card_type, site.today(site.rulebook()))


def _page(
    site: Site, own: _Own, chosen: str = "", error: str = "", said: str = "", visit: Visit | None = None
) -> Response:
    rulebook = site.rulebook()
    if rulebook is None:
        raise BadInput("No policy is in force yet; ask your manager.")
    day, scope = site.today(rulebook), OnePerson(own.employee_id)
    policy = rulebook.on(day)
    found = ask_person(site.database, scope, own.employee_id, day, None)
    waiting = reach_person(site.database, scope, own.employee_id, day).submissions
    files = shown_files(found.evidence, waiting, list_refusals(site.database, scope))
    titles = {one.id: one.title for one in policy.requirements}
    return page(
        "own",
        visit,
        400 if error else 200,
        own=own,
        person=found.person,
        standings=_standings(found, titles),
        cards=shown_cards(found.person, policy, day),
        waiting=[one for some in files.values() for one in some if one.state],
        types=_types(found, policy),
        kinds=",".join(("image/*", *ENDINGS)),
        day=day,
        chosen=chosen,
        error=error,
        said=said,
    )


def _standings(found: PersonAnswer, titles: dict[str, str]) -> list[Stood]:
    """Each requirement once, in however many places it is asked, those that are not met first."""
    named = (one.row.requirement for one in found.answers)
    once = dict(zip(named, standings_in_words(found, titles), strict=True))
    return sorted(once.values(), key=lambda one: not one.out)


def _types(found: PersonAnswer, policy: Policy) -> list[tuple[str, str]]:
    """The cards that are asked of somebody, the most urgent first, then whatever else the policy knows."""
    worst_first = sorted(found.answers, key=lambda one: one.row.standing not in OUT_OF_COMPLIANCE)
    asked = [kind for one in worst_first for kind in policy.requirements_by_id[one.row.requirement].any_of]
    kinds = dict.fromkeys((*asked, *policy.types))
    listed = [(kind, type_words(policy.types[kind])) for kind in kinds]
    # Where one card is asked for it is that one; of several nobody hands in the first by not looking.
    return listed if len(set(asked)) == 1 else [("", "Choose the card"), *listed]
