"""The exceptions, laid out."""

from collections.abc import Iterator

from tracker.reports import findings
from tracker.reports.document import Block, Document, Title, Words, said, strong
from tracker.reports.exceptions import Exceptions


def exceptions_pages(report: Exceptions) -> Document:
    """The report laid out."""
    return Document("Exceptions", report.heading.policy_name, report.heading, list(_blocks(report)))


def _blocks(report: Exceptions) -> Iterator[Block]:
    yield Title("Out of compliance")
    if not report.total.people:
        yield Words(said("Nobody works here on this day."))
    elif report.total.counted:
        yield Words(
            said(
                strong(f"{report.total.lapsed} of {findings.people(report.total.counted)} who count"),
                " are out of compliance with at least one requirement. Newcomers within their time, the exempt and "
                "those on leave do not count; somebody who lacks two things stands under both.",
            )
        )
    if report.total.people:
        yield from findings.findings(report)
        yield from findings.past(report)
    yield from findings.unmatched(report)
    yield Title("How to read this")
    yield findings.days_explained()
