"""Names as lists write them."""

import pytest

from tracker.domain.names import may_be_one_person, name_key


@pytest.mark.parametrize("other", ["Brian O\N{RIGHT SINGLE QUOTATION MARK}Brien", "O'Brien, Brian", "BRIAN  O'BRIEN "])
def test_a_name_is_found_however_a_list_writes_it(other: str) -> None:
    """By last name first, in capitals, with a curly apostrophe."""
    assert name_key(other) == name_key("Brian O'Brien")


@pytest.mark.parametrize("other", ["Brian OBrien", "Bryan O'Brien", "O'Brien Brian"])
def test_another_name_is_another(other: str) -> None:
    """Nothing is guessed: the same means exactly the same."""
    assert name_key(other) != name_key("Brian O'Brien")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kowalska, Anna RN, BSN", "Anna Maria Kowalska"),
        ("Mrs A. Kowalska", "Anna Kowalska"),
        ("Emil Sorensen", "S\N{LATIN SMALL LETTER O WITH STROKE}rensen, Emil"),
        ("Lukasz Zolc", "\N{LATIN CAPITAL LETTER L WITH STROKE}ukasz \u017b\u00f3\u0142\u0107"),
        ("OBrien, Brian", "Brian O\N{RIGHT SINGLE QUOTATION MARK}Brien"),
    ],
)
def test_names_that_differ_in_titles_or_plain_letters_may_be_one_persons(one: str, other: str) -> None:
    assert may_be_one_person(one, other)


@pytest.mark.parametrize(("one", "other"), [("Ines Pereira", "Jack Pereira"), ("Mai Do", "Mai Tran"), ("Ada", "RN")])
def test_clearly_different_names_are_not(one: str, other: str) -> None:
    """A surname that could be a title is one where nothing else would be left beside the first name."""
    assert not may_be_one_person(one, other)
