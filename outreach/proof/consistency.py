"""Whether a bundle holds together by itself, whatever the law says. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from outreach.proof import bundle
from outreach.rulesets.library import shipped

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not add up, in both languages."""

    da: str
    en: str
    session: str | None = None
    site: str | None = None


def wrong_digest(document: Mapping[str, Any]) -> Iterator[Fault]:
    """The content is not what it was when the digest was made."""
    stated, found = str(document.get("digest", "")), bundle.digest(document)
    if stated != found:
        yield Fault(
            f"Filen siger {stated[:12]}…, men indholdet giver {found[:12]}….",
            f"The file says {stated[:12]}…, but its content gives {found[:12]}….",
        )


def wrong_ids(of: bundle.Bundle) -> Iterator[Fault]:
    """A code stands twice, or names nothing in the file."""
    for da, en, ids in (
        ("Stedet", "The site", [one.id for one in of.sites]),
        ("Modtageren", "The receiver", [one.id for one in of.receivers]),
        ("Sessionen", "The session", [one.id for one in of.sessions]),
    ):
        for name in _twice(ids):
            yield Fault(f"{da} {name} står to gange.", f"{en} {name} stands twice.")
    yield from _parts_twice(of)
    yield from _unknown(of)


def _parts_twice(of: bundle.Bundle) -> Iterator[Fault]:
    """The same part of the same site, under two names."""
    for site, part in _twice((one.site, one.part) for one in of.sessions):
        yield Fault(
            f"Del {part} af {site} står to gange.", f"Part {part} of {site} stands twice.",
            site=site,
        )  # fmt: skip


def _unknown(of: bundle.Bundle) -> Iterator[Fault]:
    sites, people = {one.id for one in of.sites}, {one.id for one in of.receivers}
    for one in of.sessions:
        if one.site not in sites:
            yield Fault(
                f"Session {one.id} er på {one.site}, som ikke er i filen.",
                f"Session {one.id} is at {one.site}, which is not in the file.", one.id,
            )  # fmt: skip
        for name in sorted(set(_named(one)) - people):
            yield Fault(
                f"Session {one.id} nævner modtageren {name}, som ikke er i filen.",
                f"Session {one.id} names the receiver {name}, who is not in the file.", one.id,
            )  # fmt: skip
    for name in sorted({name for busy in of.elsewhere for name in busy.receivers} - people):
        yield Fault(
            f"Et andet valg nævner modtageren {name}, som ikke er i filen.",
            f"Another election names the receiver {name}, who is not in the file.",
        )


def _named(one: bundle.Session) -> list[str]:
    """Every receiver whom a session names."""
    planned = [seat.receiver for seat in one.planned.seats] if one.planned else []
    if one.held is None:
        return planned
    reliefs = [name for team in one.held.relieved_by for name in team]
    return [*planned, *one.held.opened_by, *one.held.closed_by, *reliefs]


def _twice(values: Iterable[T]) -> list[T]:
    return [value for value, times in Counter(values).items() if times > 1]


def wrong_totals(of: bundle.Bundle) -> Iterator[Fault]:
    """The parts do not give the sums that the file states."""
    found = bundle.totals(len(of.sites), len(of.receivers), of.sessions)
    for name, says in of.totals.model_dump().items():
        is_so = getattr(found, name)
        if says != is_so:
            yield Fault(
                f"Filen siger {says} for {name}, men delene giver {is_so}.",
                f"The file says {says} for {name}, but its parts give {is_so}.",
            )


def wrong_law(of: bundle.Bundle) -> Iterator[Fault]:
    """The law in the file is not the one that the file names."""
    name = f"{of.law.document.get('id')}@{of.law.document.get('version')}"
    if name != of.law.name:
        yield Fault(
            f"Filen nævner {of.law.name}, men indeholder {name}.",
            f"The file names {of.law.name}, but holds {name}.",
        )
    ours = shipped().get(of.law.name)
    if ours and _rules(ours.document()) != _rules(of.law.document):
        yield Fault(
            f"Regelsættet i filen hedder {name}, men siger andet end det, som produktet har.",
            f"The ruleset in the file is called {name}, but says other things than the product's.",
        )


def _rules(value: Any) -> Any:
    """A ruleset without its words, which may be put better in a later release."""
    if isinstance(value, Mapping):
        return {k: _rules(v) for k, v in value.items() if not (k == "sources" or _is_words(v))}
    if isinstance(value, list | tuple):
        return [_rules(one) for one in value]
    return value


def _is_words(value: Any) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"da", "en"}


def wrong_times(of: bundle.Bundle) -> Iterator[Fault]:
    """Something ends before it begins, or was held after the file was made."""
    for one in of.sessions:
        if one.planned and one.planned.ends <= one.planned.starts:
            yield Fault(
                f"Session {one.id} er planlagt til at slutte, før den begynder.",
                f"Session {one.id} is planned to end before it begins.", one.id, one.site,
            )  # fmt: skip
        if one.held and one.held.closed_at and one.held.closed_at < one.held.opened_at:
            yield Fault(
                f"Session {one.id} er lukket, før den blev åbnet.",
                f"Session {one.id} was closed before it was opened.", one.id, one.site,
            )  # fmt: skip
        if one.held and (one.held.closed_at or one.held.opened_at) > of.made_at:
            yield Fault(
                f"Session {one.id} er afholdt, efter at filen blev lavet.",
                f"Session {one.id} was held after the file was made.", one.id, one.site,
            )  # fmt: skip


def wrong_counts(of: bundle.Bundle) -> Iterator[Fault]:
    """More votes were given with help than were given."""
    for one in of.sessions:
        if one.held and one.held.counts.assisted > one.held.counts.votes:
            yield Fault(
                f"Session {one.id} har flere stemmer med hjælp end stemmer i alt.",
                f"Session {one.id} counts more assisted votes than votes.", one.id, one.site,
            )  # fmt: skip


BY_RULE: Mapping[str, Callable[[bundle.Bundle], Iterator[Fault]]] = {
    "bundle-ids": wrong_ids,
    "bundle-totals": wrong_totals,
    "bundle-law": wrong_law,
    "bundle-times": wrong_times,
    "bundle-counts": wrong_counts,
}
"""All but the digest, which is of the document as it was written."""
