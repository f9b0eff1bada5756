"""What is wrong with a policy that can be read: names that nothing defines, cycles, ties; and what looks wrong."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from tracker.domain.policy import Policy, Requirement, matches, words


def problems_of(policy: Policy) -> list[str]:
    """Why the policy is refused; empty if it is not."""
    return [*_undefined(policy), *_twice(policy), *_cycles(policy), *_rules(policy), *_issuers(policy), *_kept(policy)]


def warnings_of(policy: Policy, units: Iterable[str], roles: Iterable[str]) -> list[str]:
    """Patterns of requirements that match no unit or role that is known: perhaps a name spelt another way."""
    known = {"units": set(units), "roles": {name for role in roles for name in (role, policy.role_id(role))}}
    return [
        warning
        for requirement in policy.requirements
        for key, names in known.items()
        if names and (warning := _unused_patterns(requirement, key, names))
    ]


def _unused_patterns(requirement: Requirement, key: str, names: set[str]) -> str | None:
    """One line on the patterns of a requirement's list that match nothing; None if each matches something."""
    patterns = getattr(requirement, key) or ()
    unused = [pattern for pattern in patterns if not any(matches((pattern,), name) for name in names)]
    if not unused:
        return None
    shown = ", ".join(f"'{pattern}'" for pattern in unused[:6]) + (" ..." if len(unused) > 6 else "")
    whole = "asks nobody: " if len(unused) == len(patterns) else ""
    place = f"requirements[{requirement.id}].{key}"
    return f"{place}: {whole}{len(unused)} of {len(patterns)} patterns match nothing that is known: {shown}"


def _undefined(policy: Policy) -> Iterator[str]:
    issuers = {issuer.id for issuer in policy.issuers}
    for place, kind, name in _names_used(policy):
        if kind == "type" and name not in policy.types:
            yield f"{place}: no type is called '{name}'"
        if kind == "issuer" and name not in issuers:
            yield f"{place}: no issuer has the id '{name}'"


def _names_used(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Every place that names a type or an issuer: the place, which of the two, the name."""
    named: list[tuple[str, str, str | None]] = [("default_issuer", "issuer", policy.default_issuer)]
    for kind in policy.types.values():
        named += [(f"types.{kind.id}.requires", "type", name) for name in kind.requires]
    for number, rule in enumerate(policy.validity, 1):
        named += [
            (f"validity[{number}].issuer", "issuer", rule.issuer),
            (f"validity[{number}].type", "type", rule.type),
        ]
    for number, extension in enumerate(policy.extensions, 1):
        named.append((f"extensions[{number}].issuer", "issuer", extension.issuer))
    for number, recognition in enumerate(policy.recognitions, 1):
        place = f"recognitions[{number}]"
        named += [(f"{place}.type", "type", recognition.type), (f"{place}.counts_as", "type", recognition.counts_as)]
        named.append((f"{place}.issuer", "issuer", recognition.issuer))
    for requirement in policy.requirements:
        place = f"requirements[{requirement.id}]"
        named += [(f"{place}.any_of", "type", name) for name in requirement.any_of]
        named += [(f"{place}.issuers", "issuer", name) for name in requirement.issuers or ()]
    return ((place, kind, name) for place, kind, name in named if name is not None)


def _twice(policy: Policy) -> Iterator[str]:
    """Names that two entries claim."""
    called = [name for issuer in policy.issuers for name in {words(each) for each in (issuer.id, *issuer.names)}]
    for place, names in (
        ("issuers", called),
        ("roles", [words(role.id) for role in policy.roles]),
        ("requirements", [requirement.id for requirement in policy.requirements]),
        ("types", [name for kind in policy.types.values() for name in {words(kind.id), words(kind.title)}]),
    ):
        for name, count in Counter(names).items():
            if count > 1:
                yield f"{place}: two entries are called '{name}'"


def _cycles(policy: Policy) -> Iterator[str]:
    reported: set[str] = set()
    for start in policy.types:
        path = _cycle_from(policy, start)
        if path and not reported & set(path):
            reported |= set(path)
            yield f"types.{start}.requires: the prerequisites go in a circle, {' → '.join(path)}"


def _cycle_from(policy: Policy, start: str) -> list[str] | None:
    """The way from a type along its prerequisites back to itself, if there is one."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        kind = policy.types.get(way[-1])
        for needed in kind.requires if kind else ():
            if needed == start:
                return [*way, start]
            if needed not in seen:
                seen.add(needed)
                ways.append([*way, needed])
    return None


def _rules(policy: Policy) -> Iterator[str]:
    places: dict[tuple[object, ...], int] = {}
    for number, rule in enumerate(policy.validity, 1):
        first = places.setdefault((rule.issuer, rule.type, rule.valid_from), number)
        if first != number:
            yield f"validity[{number}]: is as specific as validity[{first}] and from the same day"
        if rule.months is None and rule.ends not in ("printed", "never"):
            yield f"validity[{number}].months: is missing (only 'printed' and 'never' do without)"
        if rule.months is not None and rule.ends == "never":
            yield f'validity[{number}].months: means nothing where ends = "never"'


# What was sent decides what is still to be sent: a year of it is needed for that.
SHORTEST_MAILS = 12


def _kept(policy: Policy) -> Iterator[str]:
    kept = policy.retention
    if kept.mails_months is not None and kept.mails_months < SHORTEST_MAILS:
        yield f"retention.mails_months: should be at least {SHORTEST_MAILS}, as reminders rest on what was sent before"
    if kept.cards_months is not None and (kept.evidence_months or 0) > kept.cards_months:
        yield "retention.evidence_months: is longer than cards_months, but evidence goes with its card"


def _issuers(policy: Policy) -> Iterator[str]:
    for issuer in policy.issuers:
        try:
            re.compile(issuer.number_pattern or "")
        except re.error as error:
            yield f"issuers[{issuer.id}].number_pattern: is not a pattern ({error})"
