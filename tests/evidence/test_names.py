"""Whose certificate it is: spellings of one name, and names of two people."""

import pytest

from tracker.domain.names import may_be_holder


@pytest.mark.parametrize(
    "other",
    [
        "Ada Zoë Ali",
        "ADA ZOE ALI",
        "Ali, Ada Zoe",
        "Ada Ali",
        "Ada Z. Ali",
        "Ada Zoe Ali, RN",
        "Dr. Ada Ali",
        "A. Zoe Ali",
    ],
)
def test_the_same_name_in_other_words(other: str) -> None:
    assert may_be_holder("Ada Zoë Ali", other)
    assert may_be_holder(other, "Ada Zoë Ali")


@pytest.mark.parametrize("other", [None, "", "RN", "Ada", "Ali", "Ada Bo", "Ada Zoe Bo", "A. Ali", "Eda Zoe Ali"])
def test_another_name_or_too_little_of_one(other: str | None) -> None:
    assert not may_be_holder("Ada Zoë Ali", other)
    assert not may_be_holder(other, "Ada Zoë Ali")
