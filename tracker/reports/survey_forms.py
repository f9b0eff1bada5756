"""The pack for a surveyor, for programs and for spreadsheets: files by their hashes only."""

from collections.abc import Sequence
from typing import Any

from tracker.reports.as_csv import table
from tracker.reports.as_json import heading_json
from tracker.reports.named import joined
from tracker.reports.survey import File, Held, Lasting, Survey, Surveyed

COLUMNS = ["person", "name", "compliant", "units", "roles", "requirement", "title", "standing", "since", "until", "why"]
COLUMNS += ["type", "issuer", "number", "issued_on", "expires_on", "last_valid_day", "answers", "files"]


def survey_json(report: Survey) -> dict[str, Any]:
    """The pack for a program."""
    return heading_json(report.heading) | {
        "how": report.how,
        "pseudonyms": report.hidden,
        "people": [_person(one) for one in report.people],
    }


def survey_csv(report: Survey) -> str:
    """For each person a row, then one for each standing, card and exemption, and each file that shows no card.

    Of whoever is elsewhere today a row says that, and there are no cards, exemptions and files.
    """
    rows: list[list[Any]] = []
    for one in report.people:
        now = [post for post in one.work if post.now]
        who = [
            one.label,
            one.name,
            one.compliant,
            joined(post.unit for post in now),
            joined(post.role for post in now),
        ]
        rows.append(["person", *who])
        if not one.is_whole:
            rows.append(["elsewhere", *who])
        rows += [
            [
                "standing",
                *who,
                each.requirement,
                each.title,
                each.standing.value,
                each.since,
                each.until,
                " ".join(each.why),
            ]
            for each in one.stood
        ]
        rows += [["card", *who, *[None] * 6, *_card_cells(card)] for card in one.cards]
        rows += [
            ["exemption", *who, each.requirement, each.title, None, each.starts_on, each.until, None]
            for each in one.exemptions
        ]
        rows += [["file", *who, *[None] * 13, file.sha256] for file in one.files]
    width = len(COLUMNS) + 1
    return table(report.heading, COLUMNS, [[*row, *[None] * (width - len(row))] for row in rows])


def _person(one: Surveyed) -> dict[str, Any]:
    return {
        "person": one.label,
        "name": one.name,
        "compliant": one.compliant,
        "whole": one.is_whole,
        "assignments": [post._asdict() for post in one.work],
        "standings": [_stood(each) for each in one.stood],
        "cards": [_card(card) for card in one.cards],
        "exemptions": [each._asdict() for each in one.exemptions],
        "other_files": _files(one.files),
    }


def _stood(each: Lasting) -> dict[str, Any]:
    return {
        "requirement": each.requirement,
        "title": each.title,
        "citation": each.citation,
        "standing": each.standing,
        "since": each.since,
        "until": each.until,
        "why": each.why,
    }


def _card(card: Held) -> dict[str, Any]:
    return {
        "type": card.type,
        "issuer": card.issuer,
        "number": card.number,
        "issued_on": card.issued_on,
        "expires_on": card.stated,
        "last_valid_day": card.last_valid_day,
        "answers": [each._asdict() for each in card.checks],
        "files": _files(card.files),
    }


def _card_cells(card: Held) -> list[Any]:
    answers = joined(
        " ".join(filter(None, (each.answer, str(each.checked_on), each.checked_by))) for each in card.checks
    )
    files = joined(file.sha256 for file in card.files)
    printed = [card.type, card.issuer, card.number, card.issued_on, card.stated, card.last_valid_day]
    return [*printed, answers, files]


def _files(files: Sequence[File]) -> list[dict[str, Any]]:
    return [
        {"item": one.item, "name": one.name, "media_type": one.media_type, "size": one.size, "sha256": one.sha256}
        for one in files
    ]
