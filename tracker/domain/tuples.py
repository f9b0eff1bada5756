"""Named tuples in numbers."""

from collections.abc import Callable
from typing import Any

# `new(Card, (1, "BLS", ...))` makes the named tuple at a third of the cost of its own constructor, unchecked: for where
# they are made by the million.
new: Callable[..., Any] = tuple.__new__
