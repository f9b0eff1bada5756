"""The third step: what must not be guessed is asked, one question a page."""

from typing import Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response

from tracker.actions.drafts.draft import Draft
from tracker.domain.errors import BadInput
from tracker.web.gate import Visit
from tracker.web.imports.desk import Importer, Step, drafts_of, enter, look_again, path_of
from tracker.web.imports.said import Said
from tracker.web.imports.words import choice_words, told
from tracker.web.pages import page, see

router = APIRouter()
# Questions about one file, which another file may be asked as well and answer otherwise.
_OF_A_FILE = ("date-order", "kind", "column:", "field:")
# Whose a row is may be answered with an id that is not among those offered.
_TYPED = "who"
# Kinds of which one answer may be right for everybody.
_ALIKE = ("other_unit", "ended", "future", "former", "type")


class Asked(NamedTuple):
    """One question; the same one may be put by several files. `own`: it is about one file alone."""

    id: str
    kind: str
    text: str
    choices: list[str]
    files: list[str]
    own: bool


@router.get("/import/{draft}/questions")
def next_question(visit: Importer, draft: str) -> Response:
    """On to the first question that is not answered, or to the plan."""
    step = enter(visit, draft)
    if isinstance(step, Response):
        return step
    questions = asked(step.seen)
    number = next((at for at, one in enumerate(questions, 1) if answer_to(step.draft, one) is None), 1)
    return see(visit, path_of(step.draft, f"questions/{number}" if questions else "plan"))


@router.get("/import/{draft}/questions/{number}")
def question(visit: Importer, draft: str, number: int) -> Response:
    """One question."""
    step = enter(visit, draft)
    if isinstance(step, Response):
        return step
    if not 1 <= number <= len(asked(step.seen)):
        return see(visit, path_of(step.draft, "questions"))
    return _page(visit, step, number)


@router.post("/import/{draft}/questions/{number}")
def answer(visit: Importer, draft: str, number: int, form: Said) -> Response:
    """Takes an answer, and goes on to the next question; after the last one all is worked out anew."""
    step = enter(visit, draft)
    if isinstance(step, Response):
        return step
    questions = asked(step.seen)
    if not 1 <= number <= len(questions):
        return see(visit, path_of(step.draft, "questions"))
    one = questions[number - 1]
    try:
        given = _given(one, form.get("answer", ""), form.get("other", ""))
    except BadInput as error:
        return _page(visit, step, number, str(error))
    alike = _alike(questions, one) if form.get("all") else [one]
    for each in alike:
        _keep(step.draft, each, given)
    if all(answer_to(step.draft, each) is not None for each in questions):
        return look_again(visit, step.draft, "questions")
    drafts_of(visit).save(step.draft)
    rest = [at for at in range(1, len(questions) + 1) if answer_to(step.draft, questions[at - 1]) is None]
    after = next((at for at in rest if at > number), rest[0])
    return see(visit, path_of(step.draft, f"questions/{after}"))


@router.post("/import/{draft}/ask-again")
def ask_again(visit: Importer, draft: str) -> Response:
    """Forgets all answers that were given for this import, so that all is asked again."""
    step = enter(visit, draft)
    if isinstance(step, Response):
        return step
    step.draft.answers, step.draft.answered = {}, []
    for file in step.draft.files:
        file.answers = {}
    return look_again(visit, step.draft, "questions")


def asked(seen: dict[str, Any]) -> list[Asked]:
    """The questions that are open, each once."""
    found: dict[tuple[str, str], Asked] = {}
    for one in seen["questions"]:
        own = one["id"].startswith(_OF_A_FILE)
        key = (one["file"] if own else "", one["id"])
        found.setdefault(key, Asked(one["id"], one["kind"], one["text"], one["choices"], [], own)).files.append(
            one["file"]
        )
    return list(found.values())


def answer_to(draft: Draft, one: Asked) -> str | None:
    """What was answered to a question, if anything was."""
    if one.own:
        return next((file.answers.get(one.id) for file in draft.files if file.name in one.files), None)
    return draft.answers.get(one.id)


def _given(one: Asked, chosen: str, typed: str) -> str:
    if one.kind == _TYPED and typed.strip():
        return typed.strip()
    if chosen not in one.choices:
        raise BadInput("Choose an answer first.")
    return chosen


def _alike(questions: list[Asked], one: Asked) -> list[Asked]:
    return [each for each in questions if (each.kind, each.choices) == (one.kind, one.choices)]


def _keep(draft: Draft, one: Asked, given: str) -> None:
    for file in draft.files:
        if one.own and file.name in one.files:
            file.answers[one.id] = given
    if not one.own:
        draft.answers[one.id] = given
    text = told(one.text)
    draft.answered = [each for each in draft.answered if each[0] != text]
    draft.answered.append([text, choice_words(one.kind, given)])


def _page(visit: Visit, step: Step, number: int, error: str = "") -> Response:
    questions = asked(step.seen)
    one = questions[number - 1]
    alike = len(_alike(questions, one)) - 1 if one.kind in _ALIKE else 0
    return page(
        "imports/question",
        visit,
        400 if error else 200,
        error=error,
        draft=step.draft,
        question=one,
        options=[(choice, choice_words(one.kind, choice)) for choice in one.choices],
        chosen=answer_to(step.draft, one) or "",
        number=number,
        count=len(questions),
        alike=alike,
        typed=one.kind == _TYPED,
        text=told(one.text),
        where=", ".join(one.files) if len(step.draft.files) > 1 else "",
    )
