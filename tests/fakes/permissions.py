"""What a role allows, read from its policies as IAM reads them, and which of its grants nothing asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ask:
    """One action on one resource, as AWS asks whether it is allowed; `keys` are the values of condition keys."""

    action: str
    resource: str
    keys: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values of a condition key; none if the request has no such key."""
        return dict(self.keys).get(key, ())

    def __str__(self) -> str:
        told = "".join(f", {key} {' '.join(values)}" for key, values in self.keys)
        return f"{self.action} on {self.resource}{told}"


@dataclass(frozen=True)
class Grant:
    """The least that can be taken from a statement: an action, a resource, and one value of one condition."""

    action: str
    resource: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}" + (f" if {self.value}" if self.value else "")


def _many(one_or_more: Any) -> list[Any]:
    return list(one_or_more) if isinstance(one_or_more, list) else [one_or_more]


def matches(pattern: str, text: str) -> bool:
    """Whether a text is as a pattern of IAM's says: `*` for any letters, `?` for one."""
    written = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(written, text, re.DOTALL) is not None


def _holds(operator: str, wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Whether a condition holds; one that this does not know is an error, so that none is passed over.

    `ForAllValues` holds for a request without the key, as IAM's documentation warns.
    """
    quantifier, _, plain = operator.rpartition(":")
    if plain not in {"StringEquals", "StringLike"} or quantifier not in {"", "ForAllValues"}:
        raise NotImplementedError(f"the condition {operator} is not known here")
    fits = [any(one == value if plain == "StringEquals" else matches(one, value) for one in wanted) for value in found]
    return all(fits) and bool(fits or quantifier)


@dataclass(frozen=True)
class Statement:
    """One statement of a policy."""

    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """Operator, key and the values that it allows."""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Statement:
        """Read a statement; what this does not know is an error."""
        if unknown := told.keys() - {"Sid", "Effect", "Action", "Resource", "Condition"}:
            raise NotImplementedError(f"{', '.join(sorted(unknown))} of a statement are not known here")
        conditions = tuple(
            (operator, key, tuple(map(str, _many(values))))
            for operator, keys in told.get("Condition", {}).items()
            for key, values in keys.items()
        )
        return cls(told["Effect"], tuple(_many(told["Action"])), tuple(_many(told["Resource"])), conditions)

    def concerns(self, ask: Ask) -> bool:
        """Whether all of it fits a request."""
        return (
            any(matches(one.lower(), ask.action.lower()) for one in self.actions)
            and any(matches(one, ask.resource) for one in self.resources)
            and all(_holds(operator, wanted, ask.values(key)) for operator, key, wanted in self.conditions)
        )

    def grants(self) -> Iterator[Grant]:
        """Yield all that it allows, in its least parts."""
        values = [f"{key}={value}" for _, key, wanted in self.conditions for value in wanted]
        for action in self.actions:
            for resource in self.resources:
                yield from (Grant(action, resource, value) for value in values or [""])

    def used(self, ask: Ask) -> Iterator[Grant]:
        """Yield the parts of it that a request which it concerns needs."""
        fitting = {
            f"{key}={value}"
            for _, key, wanted in self.conditions
            for value in wanted
            if any(matches(value, one) for one in ask.values(key))
        }
        for grant in self.grants():
            fits = matches(grant.action.lower(), ask.action.lower()) and matches(grant.resource, ask.resource)
            if fits and (not grant.value or grant.value in fitting):
                yield grant


class Role:
    """All statements of a role."""

    def __init__(self, name: str, statements: Iterable[Statement]) -> None:
        self.name = name
        self.statements = tuple(statements)

    def allows(self, ask: Ask) -> bool:
        """Whether a request is allowed: some statement allows it and none denies it."""
        effects = {one.effect for one in self.statements if one.concerns(ask)}
        return "Allow" in effects and "Deny" not in effects

    def without(self, statement: Statement) -> Role:
        """Return the role as it would be without a statement."""
        return Role(self.name, (one for one in self.statements if one is not statement))

    def refused(self, asks: Iterable[Ask]) -> list[str]:
        """Say which requests are not allowed, each once."""
        return sorted({f"{self.name} may not {ask}" for ask in asks if not self.allows(ask)})

    def unused(self, asks: Iterable[Ask]) -> list[Grant]:
        """List what is allowed and no request needs."""
        allowing = [one for one in self.statements if one.effect == "Allow"]
        used = {grant for ask in asks for one in allowing if one.concerns(ask) for grant in one.used(ask)}
        return sorted({grant for one in allowing for grant in one.grants()} - used, key=str)


def judge(unused: Mapping[str, Iterable[str]], excused: Sequence[Mapping[str, Any]]) -> list[str]:
    """List what is unused and not excused, and what is excused and not unused.

    Args:
        unused: grants that nothing used, in words, by role.
        excused: each with `why`, and under `unused` lists of grants by role.
    """
    found = {(role, grant) for role, grants in unused.items() for grant in grants}
    known = {(role, grant) for one in excused for role, grants in one["unused"].items() for grant in grants}
    lines = [f"{role}: {grant}: nothing uses it, and it is not excused" for role, grant in sorted(found - known)]
    return lines + [f"{role}: {grant}: excused, and not needed" for role, grant in sorted(known - found)]
