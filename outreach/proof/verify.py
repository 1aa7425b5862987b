"""The proof itself: every rule by name, with its result. Stands on the file and the law alone.

Shares nothing with the database, the planner or the solver that made the plan; only the checker,
which is the one that everybody asks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from outreach.core.errors import OutreachError
from outreach.proof import consistency, notes
from outreach.proof.bundle import Bundle
from outreach.proof.judged import Judged, decisions
from outreach.proof.named import FILE, OF_THE_FILE, Words, basis
from outreach.proof.reader import Unreadable, read
from outreach.proof.report import Field, Place, Report, Result, Span, Verdict
from outreach.rulesets import check, facts, whole
from outreach.rulesets.base import Cited
from outreach.rulesets.resolve import Law, resolve
from outreach.rulesets.schema import BadRuleset
from outreach.rulesets.schema import read as read_ruleset
from outreach.rulesets.shape import fields

_OF_HELD = frozenset({"receiver-one-place", "session-decided"})
"""What the sessions as they were held can break together, beside each for itself."""
_WHOLE_SESSION = "session-minutes"


@dataclass(frozen=True, slots=True)
class _Case:
    """What is judged.

    Attributes:
        held: by who opened it; others: by who took over or closed it, where that was another team.
        open_ids: sessions that were opened and not closed.
        ruleset: its fields by their paths, but those that say "no".
    """

    bundle: Bundle
    law: Law
    planned: facts.ElectionFacts
    held: tuple[facts.Session, ...]
    others: tuple[facts.Session, ...]
    open_ids: frozenset[str]
    ruleset: Mapping[str, Cited]


def verify(document: Mapping[str, Any]) -> Report:
    """Judge a bundle.

    Raises:
        Unreadable: it is no bundle, or the law in it cannot be read; the field is named.
    """
    case = _case(read(document))
    found = _findings(case)
    verdicts = (*_of_the_file(case.bundle, document), *_of_the_law(case, found))
    used = {field.path for one in verdicts for field in one.fields}
    return Report(
        bundle=case.bundle,
        windows=tuple(
            Span(name, one.first.isoformat(), one.last.isoformat())
            for name, one in case.law.windows.items()
        ),
        verdicts=verdicts,
        notes=notes.of(case.bundle, found, [f for one in verdicts for f in one.fields]),
        beside=tuple(_beside(case, used)),
    )  # fmt: skip


def _case(of: Bundle) -> _Case:
    try:
        ruleset = read_ruleset(of.law.document)
        law = resolve(ruleset, of.election.day, of.election.writ_day, decisions(of))
    except BadRuleset as error:
        raise Unreadable(f"law.document.{error.field}", str(error.why)) from None
    except OutreachError as error:
        raise Unreadable("election", error.sentence()) from None
    judged = Judged(of, ZoneInfo(ruleset.tz))
    return _Case(
        bundle=of, law=law, planned=judged.planned(), held=judged.held(), others=judged.others(),
        open_ids=frozenset(one.id for one in of.sessions if one.held and not one.held.closed_at),
        ruleset={
            path: one for path, one in fields(ruleset) if getattr(one, "value", None) is not False
        },
    )  # fmt: skip


def _of_the_file(of: Bundle, document: Mapping[str, Any]) -> Iterator[Verdict]:
    """What the file says about itself."""
    faults = {"bundle-digest": tuple(consistency.wrong_digest(document))}
    faults |= {name: tuple(rule(of)) for name, rule in consistency.BY_RULE.items()}
    for name, wrong in faults.items():
        places = tuple(Place(Words(one.da, one.en), "", one.session, one.site) for one in wrong)
        result = Result.BROKEN if places else Result.KEPT
        yield Verdict(name, result, OF_THE_FILE[name], FILE, looked_at=1, places=places)


def _findings(case: _Case) -> tuple[facts.Finding, ...]:
    """What the checker says: of the plan as a whole, then of every session as it was held."""
    found = list(whole.check_election(case.planned, case.law))
    for one in (*case.held, *case.others):
        said = check.check(one, case.law)
        found += [f for f in said if one.id not in case.open_ids or f.code != _WHOLE_SESSION]
    as_held = replace(case.planned, sessions=case.held)
    found += [f for f in whole.check_election(as_held, case.law) if f.code in _OF_HELD]
    return tuple(dict.fromkeys(found))


def _of_the_law(case: _Case, found: Sequence[facts.Finding]) -> Iterator[Verdict]:
    """Every rule of the checker, whether or not it found something."""
    broken: dict[str, list[facts.Finding]] = defaultdict(list)
    for one in found:
        if one.level is facts.Level.BLOCK:
            broken[one.code].append(one)
    for rule in whole.RULES:
        yield _verdict(case, rule.id, Words(rule.da, rule.en), broken[rule.id])


def _verdict(case: _Case, rule: str, asks: Words, wrong: Sequence[facts.Finding]) -> Verdict:
    rests_on = basis(rule)
    amounts = {
        path: amount
        for path in case.ruleset
        if rests_on.fields.search(path) and (amount := _amount(case, path))
    }
    looked_at = max(amounts.values(), default=0) if rule != "channel" else _sessions(case)
    result = Result.KEPT if looked_at else Result.NOT_APPLICABLE
    return Verdict(
        rule=rule, result=Result.BROKEN if wrong else result, asks=asks, how=rests_on.how,
        fields=tuple(_field(case, path) for path in amounts), looked_at=looked_at,
        places=tuple(
            Place(Words(one.da, one.en), one.rule, one.session, one.site) for one in wrong
        ),
    )  # fmt: skip


def _field(case: _Case, path: str) -> Field:
    one = case.ruleset[path]
    return Field(path, one.cite, one.status.value, path in case.bundle.law.ticked)


def _beside(case: _Case, used: set[str]) -> Iterator[Field]:
    """Fields that no rule looks at, of channels that this election uses."""
    unused = {name for name in case.law.ruleset.channels if not _sessions(case, name)}
    for path in case.ruleset:
        parts = path.split(".")
        if path not in used and not (parts[0] == "channels" and parts[1] in unused):
            yield _field(case, path)


def _sessions(case: _Case, channel: str = "") -> int:
    """How many sessions there are, planned or held."""
    all_of_them = (*case.planned.sessions, *case.held)
    return len({one.id for one in all_of_them if channel in ("", one.channel)})


def _amount(case: _Case, path: str) -> int:
    """How many sessions or sites fall under a field."""
    first, _, rest = path.partition(".")
    name, _, rest = rest.partition(".")
    if first == "general":
        return _of_all(case, name)
    sites = case.planned.sites
    if rest.startswith("site_kinds."):
        return sum(one.kind == rest.partition(".")[2] for one in sites)
    if rest == "outcomes":
        return sum(case.law.channel_of(one.kind) == name for one in sites)
    return _sessions(case, name)


def _of_all(case: _Case, name: str) -> int:
    sites, sessions = case.planned.sites, case.planned.sessions
    return {
        "decide_every_site": len(sites),
        "hold_what_is_decided": sum(one.outcome is facts.Outcome.SESSION for one in sites),
        "all_parts": len({one.site for one in sessions if one.parts > 1}),
        "one_place_at_a_time": _sessions(case),
        "not_before_writ": 1 if case.law.ruleset.writ == "required" else 0,
    }.get(name, 0)
