"""Another version of the policy: put in, checked, shown whom it would change, and applied."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, UploadFile
from fastapi.responses import Response

from tracker import clock
from tracker.actions.apply_policy import apply_policy
from tracker.actions.policy_drafts.found import Group, find_found, find_rows, work_out
from tracker.actions.policy_drafts.kept import Draft, Drafts
from tracker.db.known import people_count
from tracker.db.policies import text_in_force
from tracker.db.zeros import names_of
from tracker.domain.access import Right
from tracker.domain.errors import BadInput, PolicyError
from tracker.domain.policy import Policy
from tracker.domain.policy_lines import line_of
from tracker.domain.policy_text import read_policy
from tracker.domain.standing import Standing
from tracker.packs import pack_text
from tracker.reports.words import WORDS
from tracker.web.background import Errand
from tracker.web.gate import Needs, Visit, named_day
from tracker.web.pages import page, see, titles_on
from tracker.web.typed import WHOLE, Text

router = APIRouter()
Setter = Annotated[Visit, Depends(Needs(Right.SET_POLICY))]
# The packs have 10 kB; what is much more is no policy.
LARGEST = 512 * 1024
PolicyText = Annotated[str, Form(pattern=WHOLE, max_length=LARGEST)]


@router.get("/policy/new")
def ask(visit: Setter, pack: str = "") -> Response:
    """The form, with a pack's text in it, or the one in force."""
    if pack:
        text = pack_text(pack)
    elif visit.rulebook is None:
        text = ""
    else:
        with visit.database.read() as connection:
            text = text_in_force(connection, visit.day)
    return _form(visit, text, "")


@router.post("/policy/new")
def put_in(visit: Setter, text: PolicyText = "", effective: Text = "", file: UploadFile | None = None) -> Response:
    """Checks a text, keeps it as a draft, and begins to find out whom it would change."""
    # What is typed comes with the ends of lines of the web.
    typed = text.replace("\r\n", "\n")
    try:
        typed = _read(file) if file and file.filename else typed
        if not typed.strip():
            raise BadInput("Choose a file, or write the policy into the field.")
        policy = read_policy(typed)
        first = named_day(effective) or _today(visit, policy)
    except PolicyError as error:
        return _form(visit, typed, effective, [(line_of(typed, each), each) for each in error.problems])
    except BadInput as error:
        return _form(visit, typed, effective, [(None, str(error).rstrip("."))])
    author = visit.account.email
    draft = _drafts(visit).keep(policy.name, typed, first if visit.rulebook else None, author, visit.site.now())
    _begin(visit, draft)
    return see(visit, _path(draft))


@router.get("/policy/drafts/{key}")
def draft(visit: Setter, key: str, unit: str = "", requirement: str = "", begin: int = 0) -> Response:
    """Whom a draft would change; or how far that, or applying it, is."""
    applying, looking = (visit.site.background.ask(f"{work} {key}") for work in ("apply", "draft"))
    for errand, doing in ((applying, "applied"), (looking, "worked out")):
        if errand and not errand.ended:
            return page("policy-wait", visit, path=visit.path, errand=errand, doing=doing)
    if applying and applying.said:
        return see(visit, "/policy", done=applying.said)
    failed = applying or looking
    problem = failed.problem if failed else ""
    return _shown(visit, _drafts(visit).find(key), (unit, requirement), max(begin, 0), problem)


@router.post("/policy/drafts/{key}/again")
def again(visit: Setter, key: str) -> Response:
    """Finds out anew whom it would change."""
    found = _drafts(visit).find(key)
    _begin(visit, found)
    return see(visit, _path(found))


@router.post("/policy/drafts/{key}/drop")
def drop(visit: Setter, key: str) -> Response:
    """Forgets a draft."""
    _drafts(visit).forget(_drafts(visit).find(key).key)
    return see(visit, "/policy", done="draft-dropped")


@router.get("/policy/drafts/{key}/apply")
def confirm(visit: Setter, key: str) -> Response:
    """Asks once more."""
    found = _drafts(visit).find(key)
    return page("policy-apply", visit, **_known(visit, found), found=find_found(_drafts(visit), key))


@router.post("/policy/drafts/{key}/apply")
def apply(visit: Setter, key: str) -> Response:
    """Begins to put a draft in force."""
    found = _drafts(visit).find(key)
    if found.effective is None and visit.rulebook is not None:
        raise BadInput("Another policy was put in force meanwhile; put this one in again, with its first day.")
    visit.site.background.begin(f"apply {key}", partial(_apply, visit, found))
    return see(visit, _path(found))


def _apply(visit: Visit, draft: Draft, errand: Errand) -> str:
    errand.total = _people(visit)
    today = _today(visit, read_policy(draft.text))
    # Said or not, today is today: what is in force on it already is not applied again.
    first = None if draft.effective == today else draft.effective
    done = apply_policy(visit.database, visit.author, draft.text, first, today, errand.forward)
    _drafts(visit).forget(draft.key)
    return "policy-applied" if done.changed else "policy-stands"


def _begin(visit: Visit, draft: Draft) -> None:
    def work(errand: Errand) -> None:
        errand.total = _people(visit)
        work_out(visit.database, visit.scope, _drafts(visit), draft, visit.site.now(), errand.forward)

    visit.site.background.begin(f"draft {draft.key}", work)


def _shown(visit: Visit, draft: Draft, asked: tuple[str, str], begin: int, problem: str) -> Response:
    drafts, (unit, requirement) = _drafts(visit), asked
    found = find_found(drafts, draft.key)
    if found is None:
        return page("policy-draft", visit, **_known(visit, draft), found=None, problem=problem)
    wanted = _wanted(unit, requirement)
    rows = find_rows(drafts, draft.key, found, begin, wanted)
    with visit.database.read() as connection:
        names = names_of(connection, {row.employee_id for row in rows.rows})
    groups, known = found.groups, _known(visit, draft)
    titles, asked_for = known["titles"], sorted({group.requirement for group in found.groups})
    return page(
        "policy-draft",
        visit,
        **known,
        found=found,
        problem=problem,
        rows=rows,
        names=names,
        begin=begin,
        unit=unit,
        requirement=requirement,
        units=[("", "All units"), *((each, each) for each in sorted({group.unit for group in groups}))],
        requirements=[("", "All requirements"), *((each, titles.get(each, each)) for each in asked_for)],
        count=sum(group.size for group in filter(wanted, groups)),
    )


def _wanted(unit: str, requirement: str) -> Callable[[Group], bool]:
    return lambda group: unit in ("", group.unit) and requirement in ("", group.requirement)


def _known(visit: Visit, draft: Draft) -> dict[str, Any]:
    policy = read_policy(draft.text)
    titles = titles_on(visit) | {one.id: one.title for one in policy.requirements}
    return {
        "draft": draft,
        "path": _path(draft),
        "policy": policy,
        "titles": titles,
        "words": {None: "not asked"} | {each.value: WORDS[each][0] for each in Standing},
    }


def _form(visit: Visit, text: str, effective: str, problems: list[tuple[int | None, str]] | None = None) -> Response:
    known = {"text": text, "effective": effective, "problems": problems or []}
    return page("policy-new", visit, 400 if problems else 200, **known)


def _read(file: UploadFile) -> str:
    data = file.file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise BadInput("The file is too large for a policy; choose the text file that says who needs what.")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BadInput("The file is no text in UTF-8; save it as a plain text file.") from None


def _today(visit: Visit, policy: Policy) -> date:
    """Today, where the policy says that the site is."""
    return clock.today(policy.timezone, visit.site.settings.today)


def _people(visit: Visit) -> int:
    with visit.database.read() as connection:
        return people_count(connection)


def _drafts(visit: Visit) -> Drafts:
    return Drafts(visit.site.settings.data_dir)


def _path(draft: Draft) -> str:
    return f"/policy/drafts/{draft.key}"
