"""A random sample that anybody can draw again: of some people, as many from each unit as its size asks for."""

from collections.abc import Collection, Mapping
from hashlib import sha256


def draw(units: Mapping[str, Collection[str]], size: int, seed: str) -> list[str]:
    """So many employee ids, in order; all of them if there are no more.

    `units` are the people of each unit; somebody in several belongs to the first by name. A unit gives its share of the
    sample, rounded by the largest remainders (the larger unit first, then by name). Within a unit those are drawn whose
    SHA-256 of "seed, line feed, employee id" is lowest: the same seed gives the same people, on any machine.
    """
    strata = _once_each(units)
    whole = sum(map(len, strata.values()))
    size = min(size, whole)
    shares = _shares({unit: len(people) for unit, people in strata.items()}, size, whole)
    drawn: list[str] = []
    for unit, people in strata.items():
        ranked = sorted(people, key=lambda one: sha256(f"{seed}\n{one}".encode()).hexdigest())
        drawn += ranked[: shares[unit]]
    return sorted(drawn)


def _once_each(units: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    seen: set[str] = set()
    found: dict[str, list[str]] = {}
    for unit in sorted(units):
        found[unit] = sorted(set(units[unit]) - seen)
        seen.update(found[unit])
    return found


def _shares(sizes: Mapping[str, int], size: int, whole: int) -> dict[str, int]:
    """How many of each unit; no unit gives more than it has, since the sample is no larger than all of them."""
    if not whole:
        return dict.fromkeys(sizes, 0)
    shares = {unit: size * count // whole for unit, count in sizes.items()}
    left = size - sum(shares.values())
    by_remainder = sorted(sizes, key=lambda unit: (-(size * sizes[unit] % whole), -sizes[unit], unit))
    for unit in by_remainder[:left]:
        shares[unit] += 1
    return shares
