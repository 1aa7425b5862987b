"""Who of a list is known already, and what the list would change. Pure.

External number first, then e-mail, then name; where two fit, neither is touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from outreach.core.i18n import sort_key
from outreach.receivers.lists import Person, Skipped


class Step(StrEnum):
    """What a line leads to."""

    MAKE = "make"
    APPOINT = "appoint"
    CHANGE = "change"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who is stored.

    Attributes:
        numbers: external numbers of earlier and this list.
        values: of the appointment in this election, by the names of ``Person``; None without one.
    """

    staff_id: str
    name: str
    email: str
    phone: str
    numbers: frozenset[str] = frozenset()
    values: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What one line leads to.

    Attributes:
        staff_id: empty where somebody new is made.
        fields: what changes, by the names of ``Person``.
    """

    person: Person
    step: Step
    staff_id: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a list would do."""

    changes: tuple[Change, ...]
    skipped: tuple[Skipped, ...]

    def of(self, step: str) -> tuple[Change, ...]:
        """The lines that lead to this; pages name the step by its word."""
        return tuple(one for one in self.changes if one.step == step)


@dataclass(slots=True)
class _Register:
    """Known people by what they are found by."""

    by_number: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_email: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))

    def found(self, person: Person) -> list[Known]:
        """Everybody whom the first thing that fits anybody fits."""
        return (
            (person.number and self.by_number.get(person.number))
            or (person.email and self.by_email.get(person.email.casefold()))
            or self.by_name.get(_key(person.name))
            or []
        )


def dry_run(people: Sequence[Person], skipped: Iterable[Skipped], known: Iterable[Known]) -> DryRun:
    """What the list would do, in the order of its lines."""
    register, seen = _register(known), dict[str, int]()
    changes: list[Change] = []
    left_out = list(skipped)
    for person in people:
        found = register.found(person)
        why = _against(person, found, seen)
        if why:
            left_out.append(Skipped(person.row, person.name, why))
        else:
            changes.append(_change(person, found[0] if found else None))
    return DryRun(tuple(changes), tuple(sorted(left_out, key=lambda one: one.row)))


def _register(known: Iterable[Known]) -> _Register:
    register = _Register()
    for one in known:
        for number in one.numbers:
            register.by_number[number].append(one)
        if one.email:
            register.by_email[one.email.casefold()].append(one)
        register.by_name[_key(one.name)].append(one)
    return register


def _key(name: str) -> str:
    return sort_key(" ".join(name.split()))


def _against(person: Person, found: list[Known], seen: dict[str, int]) -> str:
    """Why a line is not used; remembers it if it is."""
    if len(found) > 1:
        return str(_("Two people fit this line. Give a number or an e-mail address of one."))
    keys = _marks(person, found)
    before = min((seen[key] for key in keys if key in seen), default=0)
    if before:
        return str(_("The same person stands in line %(line)s.", line=before))
    seen.update(dict.fromkeys(keys, person.row))
    return ""


def _marks(person: Person, found: list[Known]) -> list[str]:
    """By what another line of the list would be the same person."""
    if found:
        return [f"staff {found[0].staff_id}"]
    if person.number:
        return [f"number {person.number}"]
    if person.email:
        return [f"email {person.email.casefold()}"]
    return [f"name {_key(person.name)}"]


def _change(person: Person, known: Known | None) -> Change:
    if known is None:
        return Change(person, Step.MAKE)
    own = _own_fields(person, known)
    if known.values is None:
        return Change(person, Step.APPOINT, known.staff_id, own)
    values = known.values
    differing = tuple(name for name, value in said(person).items() if values[name] != value)
    fields = (*own, *differing)
    return Change(person, Step.CHANGE if fields else Step.SAME, known.staff_id, fields)


def _own_fields(person: Person, known: Known) -> tuple[str, ...]:
    """What changes in the person's own record.

    Where the number is the same, all that the list says; else only what was empty.
    """
    is_sure = bool(person.number) and person.number in known.numbers
    return tuple(
        name
        for name, old in (("name", known.name), ("email", known.email), ("phone", known.phone))
        if (new := getattr(person, name)) and new != old and (is_sure or not old)
    )


_OF_APPOINTMENT = (
    "number", "role", "appointed", "expires", "instructed", "candidate", "reserve", "days", "party",
)  # fmt: skip


def said(person: Person) -> dict[str, str | bool | date | tuple[date, ...]]:
    """What the list says about the appointment; what it leaves open is left as it is."""
    values = {name: getattr(person, name) for name in _OF_APPOINTMENT}
    return {name: value for name, value in values.items() if value not in (None, "")}
