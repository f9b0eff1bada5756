"""The pack for a surveyor, laid out: an index, then each person on a page of their own."""

from collections.abc import Iterator
from datetime import date

from tracker.domain.standing import OUT_OF_COMPLIANCE
from tracker.domain.why import spoken
from tracker.reports.document import (
    Block,
    Cell,
    Column,
    Document,
    Exhibit,
    NewPage,
    Row,
    Run,
    Table,
    Title,
    Tone,
    Value,
    Words,
    said,
    strong,
)
from tracker.reports.findings import people
from tracker.reports.named import joined
from tracker.reports.survey import Check, File, Held, Lasting, Survey, Surveyed
from tracker.reports.words import WORDS

INDEX = [Column("Person", "word"), Column("Name", share=2), Column("Unit", share=1.5), Column("Role", share=1.5)]
INDEX += [Column("Compliant", "word"), Column("Cards", "count"), Column("Files", "count")]
WORK = [Column("Unit", share=1.5), Column("Role", share=2), Column("Employment"), Column("From", "day")]
WORK += [Column("Through", "day"), Column("On this day", "word")]
STOOD = [Column("Requirement", share=2), Column("Standing", "word"), Column("Since", "day")]
STOOD += [Column("Lasts through", "day")]
STOOD += [Column("Why", share=4)]
CARDS = [Column("Card", "word"), Column("Issuer", share=1.5), Column("Number"), Column("Issued", "day")]
CARDS += [Column("Printed expiry"), Column("Last valid day", "day"), Column("Files")]
EXEMPT = [Column("Requirement", share=2), Column("From", "day"), Column("Through", "day")]
ANSWERS = {"confirmed": "Confirmed", "not_found": "Not known to the issuer", "revoked": "Revoked"}


def survey_pages(report: Survey) -> Document:
    """The pack laid out."""
    blocks = list(_blocks(report))
    return Document("Survey", report.heading.policy_name, report.heading, blocks, names_people=not report.hidden)


def _blocks(report: Survey) -> Iterator[Block]:
    yield Title("Index")
    yield Words(said(strong(people(len(report.people))), f". {report.how}"))
    if report.hidden:
        yield Words(said("Labels stand for people; the key to them is kept apart from this report."), warning=True)
    yield Table("Index", INDEX, [_index(one) for one in report.people])
    for one in report.people:
        yield NewPage()
        yield from _person(one)


def _whose(one: Surveyed) -> list[tuple[Column, Value | Cell]]:
    """Whose tables these are."""
    return list(zip(INDEX[:2], (one.label, _called(one)), strict=True))


def _called(one: Surveyed) -> Cell:
    return Cell(one.name, "name") if one.name else Cell("not shown or recorded", "quiet")


def _index(one: Surveyed) -> Row:
    now = [post for post in one.work if post.now]
    files = len(one.files) + sum(len(card.files) for card in one.cards)
    units, roles = joined([post.unit for post in now]), joined([post.role for post in now])
    return Row(
        (one.label, _called(one), Cell(units, "data"), Cell(roles, "data"), _verdict(one), len(one.cards), files)
    )


def _verdict(one: Surveyed) -> Cell:
    if one.compliant is None:
        return Cell("not counted", "quiet")
    return Cell("yes", "good") if one.compliant else Cell("no", "bad")


def _person(one: Surveyed) -> Iterator[Block]:
    yield Title(f"{one.name} ({one.label})" if one.name else one.label)
    yield from _work(one)
    yield Title("Standing", 3)
    if one.stood:
        yield Table("Standings", STOOD, [_stood(each) for each in one.stood], about=_whose(one))
    else:
        yield Words(said("No requirement applies on this day."))
    if not one.is_whole:
        yield Words(said("Not in these units today: cards, exemptions and files are not told."))
        return
    yield Title("Cards on record", 3)
    if one.cards:
        rows = [_card(card) for card in one.cards]
        yield Table("Cards", CARDS, rows, note="Checked with the issuer", about=_whose(one))
    else:
        yield Words(said("None."))
    if one.exemptions:
        yield Title("Exemptions", 3)
        exempt = [Row((Cell(each.title, "data"), each.starts_on, each.until)) for each in one.exemptions]
        yield Table("Exemptions", EXEMPT, exempt, about=_whose(one))
    yield from _evidence(one)


def _work(one: Surveyed) -> Iterator[Block]:
    yield Title("Assignments", 3)
    rows = [
        Row(
            (
                Cell(post.unit, "data"),
                Cell(post.role, "data"),
                post.employment_type,
                post.starts_on or Cell("not recorded", "quiet"),
                post.ends_on or Cell("open", "quiet"),
                "at work" if post.now else "",
            )
        )
        for post in one.work
    ]
    yield Table("Assignments", WORK, rows, about=_whose(one)) if rows else Words(said("None."))


def _stood(each: Lasting) -> Row:
    tone: Tone = "bad" if each.standing in OUT_OF_COMPLIANCE else ""
    since = each.since or Cell("always", "quiet")
    until = each.until or Cell("open", "quiet")
    return Row((Cell(each.title, "data"), Cell(WORDS[each.standing][0], tone), since, until, " ".join(each.why)))


def _card(card: Held) -> Row:
    return Row(
        (
            card.type,
            card.issuer or Cell("not named", "quiet"),
            card.number or Cell("not shown or recorded", "quiet"),
            card.issued_on or Cell("not recorded", "quiet"),
            _printed(card.stated),
            card.last_valid_day or Cell("none", "quiet"),
            ", ".join(str(file.item) for file in card.files) or Cell("none", "quiet"),
        ),
        note=" ".join(_check(check) for check in card.checks) or "Not checked with the issuer.",
    )


def _printed(stated: str | None) -> Value | Cell:
    if stated is None:
        return Cell("none", "quiet")
    return (
        spoken(date.fromisoformat(stated))
        if len(stated) > len("2028-06")
        else f"{date.fromisoformat(stated + '-01'):%b %Y}"
    )


def _check(check: Check) -> str:
    revoked = f" from {spoken(check.revoked_from)}" if check.revoked_from else ""
    asked = f", asked by {check.checked_by} ({check.how})" if check.checked_by else ""
    return f"{ANSWERS[check.answer]}{revoked} on {spoken(check.checked_on)}{asked}."


def _evidence(one: Surveyed) -> Iterator[Block]:
    shown = [(f"shows the {card.type} card", file) for card in one.cards for file in card.files]
    shown += [("shows no card on record", file) for file in one.files]
    if not shown:
        return
    yield Title("Evidence", 3)
    for what, file in shown:
        words = f"File {file.item}, {what}: {file.name or 'no name'}, {file.size:,} bytes, SHA-256 {file.sha256}."
        if file.content is None:
            yield Words([Run(f"{words} It is {file.why_not}.", "quiet")])
        else:
            yield Exhibit(file.media_type, file.content, _file_name(file), words)


def _file_name(file: File) -> str:
    return file.name or f"evidence-{file.item}"
