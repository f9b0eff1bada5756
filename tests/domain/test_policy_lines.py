"""A problem of a policy is found in its text."""

import pytest

from tracker.domain.errors import PolicyError
from tracker.domain.policy_lines import line_of
from tracker.domain.policy_text import read_policy

TEXT = """\
name = "small"
timezone = "UTC"
[types.BLS]
[types.ACLS]
requires = ["BLS"]
[[issuers]]
id = "AHA"
[[issuers]]
id = "RCUK"
accepted = true
[[validity]]
months = 24
ends = "same_day"
[[validity]]
issuer = "AHA"
months = 24
ends = "month_end"
[[requirements]]
id = "bls"
any_of = ["BLS"]
[[requirements]]
any_of = [
    "ACLS",
]
id = "acls"
[reminders]
lead_days = [30]
"""


def problems(text: str) -> list[str]:
    """What is wrong with a policy."""
    with pytest.raises(PolicyError) as refused:
        read_policy(text)
    return refused.value.problems


@pytest.mark.parametrize(
    ("good", "bad", "line"),
    [
        ('name = "small"', 'name = "small', 1),
        ('timezone = "UTC"', 'timezone = "Nowhere"', 2),
        ('timezone = "UTC"', 'timezone = "UTC"\ndefault_issuer = "X"', 3),
        ('requires = ["BLS"]', 'requires = ["BLX"]', 5),
        ("accepted = true", "accepted = 1", 10),
        ("accepted = true", 'number_pattern = "("', 10),
        ('issuer = "AHA"\nmonths', 'issuer = "AHX"\nmonths', 15),
        ('issuer = "AHA"\nmonths', "months", 14),
        ('any_of = ["BLS"]', "", 18),
        ('"ACLS",\n]', '"ACLX",\n]', 22),
        ("lead_days = [30]", 'lead_days = ["x"]', 27),
        ("[types.ACLS]", "[types.ACLS]\nasks = true", 5),
    ],
)
def test_each_problem_has_its_line(good: str, bad: str, line: int) -> None:
    """A key where there is one, else the table; by the number of the table, or by its id wherever that stands."""
    text = TEXT.replace(good, bad, 1)
    assert [line_of(text, each) for each in problems(text)] == [line]


def test_what_has_no_place_has_no_line() -> None:
    """What is missing at the top stands nowhere, and a sentence of another kind neither."""
    text = TEXT.replace('name = "small"\n', "")
    assert [line_of(text, each) for each in problems(text)] == [None]
    assert line_of(TEXT, "something else") is None


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("n = " + "[" * 5000, "too deep"),
        ("n = " + "{a = " * 3000, "too deep"),
        ("n = " + "9" * 5000, "too long"),
        ('default_issuer = "\\u0000"', "NUL"),
        ('[types."\\u0000"]', "NUL"),
        ("[[roles]]\nid = 0x" + "f" * 5000, "should be a text"),
    ],
)
def test_what_no_program_reads_or_database_keeps_is_refused(line: str, said: str) -> None:
    """In words: lists without end, numbers without end, the character that ends texts."""
    found = problems(f"{line}\n{TEXT}" if line.startswith(("n", "d")) else f"{TEXT}{line}\n")
    assert any(said in each for each in found), found
