"""What every rule of the checker is made of: a name, a sentence, a function; and its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from outreach.rulesets.base import Cited, Status
from outreach.rulesets.facts import Finding, Level, Receiver, Session, SiteFacts
from outreach.rulesets.law import Law
from outreach.rulesets.sentences import Both

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """One rule.

    Attributes:
        id: stable name, listed in docs/rulesets.md.
        da, en: what it demands.
        find: every breach of it.
    """

    id: str
    da: str
    en: str
    find: Callable[[T, Law], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Result:
    """A rule, and what it found; nothing is good."""

    id: str
    da: str
    en: str
    findings: tuple[Finding, ...]

    @property
    def is_kept(self) -> bool:
        """Whether nothing blocks."""
        return not any(finding.level is Level.BLOCK for finding in self.findings)


def judge(rules: Sequence[Rule[T]], facts: T, law: Law) -> tuple[Result, ...]:
    """What each rule found, in the order of the rules."""
    return tuple(
        Result(
            rule.id, rule.da, rule.en,
            tuple(replace(finding, code=rule.id) for finding in rule.find(facts, law)),
        )
        for rule in rules
    )  # fmt: skip


def breach(
    field: Cited,
    path: str,
    say: Both,
    *,
    session: Session | None = None,
    site: SiteFacts | None = None,
    receiver: Receiver | None = None,
) -> Finding:
    """A finding against a field of the law, with citation and status in the sentence."""
    about = session.site if session else None
    law = _CERTAINTY[field.status]
    return Finding(
        level=field.level, rule=path, cite=field.cite, status=field.status.value,
        da=f"{say.da} ({field.cite}{law.da}).", en=f"{say.en} ({field.cite}{law.en}).",
        session=session.id if session else None, site=site.id if site else about,
        receiver=receiver.id if receiver else None,
    )  # fmt: skip


_CERTAINTY = {
    Status.LAW: Both("", ""),
    Status.PRACTICE: Both(", praksis", ", practice"),
    Status.ASSUMPTION: Both(", ikke verificeret", ", not verified"),
}


def place(session: Session) -> str:
    """What the site of a session is called."""
    return session.label or session.site


def name(receiver: Receiver) -> str:
    """What somebody is called."""
    return receiver.name or receiver.id
