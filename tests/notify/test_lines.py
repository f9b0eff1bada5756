"""Lines of texts, held against the library's way of wrapping them."""

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from tracker.notify.lines import WIDTH, wrapped

WORDS = st.text(st.sampled_from("ab-.é山\t\u00a0"), min_size=1, max_size=30) | st.sampled_from(
    ["x" * 77, "y" * 78, "z" * 90]
)
SPACES = st.sampled_from([" ", " ", " ", "  "])


@given(st.sampled_from(["- ", "! ", "12. "]), st.lists(st.tuples(WORDS, SPACES), min_size=1, max_size=30))
def test_a_line_is_wrapped_as_the_library_would(bullet: str, words: list[tuple[str, str]]) -> None:
    """Whatever words stand in it, and however far apart; what goes on below a bullet stands behind it."""
    line = (bullet + "".join(word + space for word, space in words)).rstrip()
    indent = " " * len(bullet)
    pieces = textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    assert wrapped(line) == "\n".join(pieces) + "\n"
