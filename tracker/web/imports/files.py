"""The second step: what was understood of the files, and what to change of it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from fastapi import APIRouter
from fastapi.responses import Response

from tracker.actions.drafts.draft import Draft, DraftFile
from tracker.domain.errors import BadInput
from tracker.intake.rows import DateOrder, Kind
from tracker.intake.synonyms import FIELDS, NAME_PARTS
from tracker.intake.wide import PARTS
from tracker.web.gate import Visit
from tracker.web.imports.desk import Importer, Step, draft_of, enter, look_again, path_of
from tracker.web.imports.said import Said
from tracker.web.imports.words import IGNORE, KINDS, ORDERS, field_words, told
from tracker.web.pages import page, see

router = APIRouter()
_LEFT_OUT = "left out"
# What a column is of which a question follows.
_ASKED = "asked"
# Columns that can be changed where they are shown: each brings a list of all that it may be.
_FEW = 20
_OTHER_UNIT = ("moved", "also")
# A list whose cards are all of one type, which nothing in it names, is asked about by this.
_ONE_TYPE = re.compile(r'"(type:[^"]*)" = "\.\.\."')


@router.get("/import/{draft}/files")
def understood(visit: Importer, draft: str, change: str = "") -> Response:
    """Each file and sheet: its kind, its columns, its first rows; with the columns of one sheet to be changed."""
    step = enter(visit, draft)
    return step if isinstance(step, Response) else _page(visit, step, change=change)


@router.post("/import/{draft}/files")
def change(visit: Importer, draft: str, form: Said) -> Response:
    """Takes in what is to be changed, and reads the files anew if something is."""
    step = enter(visit, draft)
    if isinstance(step, Response):
        return step
    before = step.draft.as_json()
    try:
        for number, file in enumerate(step.draft.files):
            _change_file(visit, file, _seen_of(step, file), form, f"f{number}")
        _change_all(step.draft, form)
    except BadInput as error:
        return _page(visit, step, str(error))
    goes_on = form.get("go") == "on"
    to = "questions" if goes_on else "files"
    if step.draft.as_json() != before:
        return look_again(visit, step.draft, to)
    return see(visit, path_of(step.draft, to))


@router.post("/import/{draft}/again")
def again(visit: Importer, draft: str) -> Response:
    """Reads the files anew, where the program was stopped before it had."""
    found = draft_of(visit, draft)
    if found.applied:
        return see(visit, path_of(found, "result"))
    return look_again(visit, found, "files")


def _page(visit: Visit, step: Step, error: str = "", change: str = "") -> Response:
    files = [
        {"said": file, "seen": _seen_of(step, file), "asks_type": _asks_type(_seen_of(step, file))}
        for file in step.draft.files
    ]
    return page(
        "imports/files",
        visit,
        400 if error else 200,
        error=error,
        draft=step.draft,
        seen=step.seen,
        files=files,
        understood=any(file["sheets"] for file in step.seen["files"]) or any(file.out for file in step.draft.files),
        kinds=KINDS,
        orders=ORDERS,
        fields={kind: fields_of(visit, kind) for kind in KINDS},
        all_fields=_all_fields(visit),
        types=[(one, one) for one in _types(visit)],
        field_words=field_words,
        told=told,
        left_out=_LEFT_OUT,
        asked=_ASKED,
        every_column=lambda sheet: [*_columns(sheet)],
        few=sum(len([*_columns(sheet)]) for file in step.seen["files"] for sheet in file["sheets"]) <= _FEW,
        change=change,
    )


def fields_of(visit: Visit, kind: Kind) -> list[tuple[str, str]]:
    """What a column of a kind of sheet may be, with its words."""
    plain = [*FIELDS[kind]]
    if kind == "roster":
        plain[2:2] = NAME_PARTS
    wide = [f"{one}.{part}" for one in _types(visit) for part in PARTS] if kind == "roster" else []
    return [(one, field_words(one)) for one in (*plain, *wide)]


def _all_fields(visit: Visit) -> list[tuple[str, str]]:
    return sorted({one for kind in KINDS for one in fields_of(visit, kind)}, key=lambda pair: pair[1])


def _types(visit: Visit) -> list[str]:
    return list(visit.rulebook.on(visit.today).types) if visit.rulebook else []


def _seen_of(step: Step, file: DraftFile) -> dict[str, Any] | None:
    return next((each for each in step.seen["files"] if each["name"] == file.name), None)


def _asks_type(seen: dict[str, Any] | None) -> str:
    found = _ONE_TYPE.search(seen["refused"]) if seen else None
    return found[1] if found else ""


def _change_file(visit: Visit, file: DraftFile, seen: dict[str, Any] | None, form: Mapping[str, str], key: str) -> None:
    """Takes in what a form says of one file; a form that says nothing of it changes nothing."""
    if f"{key}-here" not in form:
        return
    file.out = f"{key}-out" in form
    if f"{key}-reset" in form:
        file.kinds, file.left_out, file.columns, file.answers, file.date_order = {}, [], {}, {}, None
        return
    order = form.get(f"{key}-order", "")
    if order in dict(ORDERS):
        file.date_order = cast("DateOrder", order) if order else None
    for number, sheet in enumerate(seen["sheets"] if seen else ()):
        _change_sheet(visit, file, sheet, form, f"{key}-s{number}")
    for sheet in [each for each in file.left_out if f"{key}-back-{each}" in form]:
        file.left_out.remove(sheet)
    _change_unread(visit, file, seen, form, key)


def _change_sheet(visit: Visit, file: DraftFile, sheet: Mapping[str, Any], form: Mapping[str, str], key: str) -> None:
    name, kind = sheet["sheet"] or "", form.get(f"{key}-kind", sheet["kind"])
    if kind == _LEFT_OUT and name:
        file.left_out.append(name)
        return
    if kind in KINDS and kind != sheet["kind"]:
        # Its columns mean other things then.
        file.kinds[name] = kind
        return
    for number, (header, field) in enumerate(_columns(sheet)):
        wanted = form.get(f"{key}-c{number}", field)
        if wanted != field and (wanted == IGNORE or wanted in dict(fields_of(visit, sheet["kind"]))):
            _only_once(file, sheet, header, wanted)


def _only_once(file: DraftFile, sheet: Mapping[str, Any], header: str, wanted: str) -> None:
    """Says what a column is; whatever column was that before is it no longer."""
    for other, field in file.columns.items() if wanted != IGNORE else ():
        if field == wanted and other != header and other in dict(_columns(sheet)):
            file.columns[other] = IGNORE
            break
    file.columns[header] = wanted


def _columns(sheet: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from map(tuple, sheet["columns"])
    yield from ((header, _ASKED) for header in sheet.get("asked", ()))
    yield from ((header, IGNORE) for header in sheet["ignored"])


def _change_unread(
    visit: Visit, file: DraftFile, seen: dict[str, Any] | None, form: Mapping[str, str], key: str
) -> None:
    """What is said of a file of which nothing could be understood."""
    kind = form.get(f"{key}-kind", "")
    if kind in KINDS:
        file.kinds[""] = kind
    for number, (header, field, _) in enumerate(seen["columns"] if seen and seen["refused"] else ()):
        wanted = form.get(f"{key}-c{number}", "")
        if wanted and wanted != file.columns.get(header, field) and wanted in (IGNORE, *dict(_all_fields(visit))):
            file.columns[header] = wanted
    question, one_type = _asks_type(seen), form.get(f"{key}-type", "")
    if question and one_type:
        file.answers[question] = one_type


def _change_all(draft: Draft, form: Mapping[str, str]) -> None:
    """What is said of all files together."""
    if "all-here" in form:
        draft.whole_roster = "whole" in form
        other = form.get("other", "")
        draft.other_unit = other if other in _OTHER_UNIT else None
        draft.allow_leavers = None
