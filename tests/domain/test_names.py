"""Names as lists write them."""

import pytest

from tracker.domain.names import name_key


@pytest.mark.parametrize("other", ["Brian O\N{RIGHT SINGLE QUOTATION MARK}Brien", "O'Brien, Brian", "BRIAN  O'BRIEN "])
def test_a_name_is_found_however_a_list_writes_it(other: str) -> None:
    """By last name first, in capitals, with a curly apostrophe."""
    assert name_key(other) == name_key("Brian O'Brien")


@pytest.mark.parametrize("other", ["Brian OBrien", "Bryan O'Brien", "O'Brien Brian"])
def test_another_name_is_another(other: str) -> None:
    """Nothing is guessed: the same means exactly the same."""
    assert name_key(other) != name_key("Brian O'Brien")
