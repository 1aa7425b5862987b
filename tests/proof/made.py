"""Random elections that keep the law, made from nothing but the rulesets themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

from outreach.core.errors import Invalid
from outreach.proof import bundle
from outreach.rulesets import library
from outreach.rulesets.facts import LocalDecision, Outcome
from outreach.rulesets.resolve import Law, resolve
from outreach.rulesets.schema import Ruleset

Document = dict[str, Any]
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@cache
def rulesets() -> tuple[Ruleset, ...]:
    shipped = library.shipped()
    return tuple(shipped[key] for key in sorted(shipped))


def election(seed: int) -> Document:
    """A valid election; the rulesets take turns, everything else hangs on the seed."""
    rng = Random(seed)
    ruleset = rulesets()[seed % len(rulesets())]
    return Maker(rng, _law(rng, ruleset)).document(seed)


def _law(rng: Random, ruleset: Ruleset) -> Law:
    """A day on which the ruleset can be used, with some of what it leaves open."""
    for _attempt in range(200):
        day = ruleset.valid_from + DAY * rng.randrange(28, 1500)
        day = min(day, ruleset.valid_to) if ruleset.valid_to else day
        writ = day - DAY * rng.randint(21, 30) if ruleset.writ == "required" else None
        try:
            bare = resolve(ruleset, day, writ)
            return resolve(ruleset, day, writ, list(_decisions(rng, bare)))
        except Invalid:
            continue
    raise AssertionError(ruleset.key)


def _decisions(rng: Random, law: Law) -> Iterator[LocalDecision]:
    made = law.election_day - DAY * 60
    for name, option in law.ruleset.local_options.items():
        if rng.random() < 0.5:
            continue
        value = ""
        if option.effect == "outcome":
            kinds = sorted(option.site_kinds)
            value = ",".join(rng.sample(kinds, rng.randint(1, len(kinds))))
        if option.effect == "later":
            later = law.windows[option.window or ""].last.replace(second=0) + DAY
            if later.date() >= law.election_day:
                continue
            value = later.replace(tzinfo=None).isoformat(timespec="minutes")
        yield LocalDecision(name, made, f"{rng.randint(10, 99)}/2026", value)


@dataclass
class Team:
    """Receivers who keep together; ``busy`` are the sessions that they have."""

    name: str
    seats: list[dict[str, str]]
    busy: list[tuple[datetime, datetime]] = field(default_factory=list)

    def is_free(self, starts: datetime, ends: datetime) -> bool:
        pause = 20 * MINUTE
        return all(ends + pause <= a or b + pause <= starts for a, b in self.busy)


@dataclass
class Maker:
    """Makes one election."""

    rng: Random
    law: Law
    sites: list[Document] = field(default_factory=list)
    receivers: list[Document] = field(default_factory=list)
    sessions: list[Document] = field(default_factory=list)
    elsewhere: list[Document] = field(default_factory=list)
    teams: dict[str, list[Team]] = field(default_factory=dict)

    def document(self, seed: int) -> Document:
        kinds = [kind for one in self.law.ruleset.channels.values() for kind in one.site_kinds]
        for number in range(self.rng.randint(2, 7) if kinds else 0):
            self.site(f"S{number:04d}", self.rng.choice(kinds))
        if kinds and not self.sessions:
            self.site("S9999", next(kind for kind in kinds if self.may_hold(kind)))
        self.other_election()
        return self.written(seed)

    def may_hold(self, kind: str) -> bool:
        return Outcome.SESSION in self.law.outcomes(kind)

    def site(self, code: str, kind: str) -> None:
        outcome = self.rng.choice((*self.law.outcomes(kind), *([Outcome.SESSION] * 3)))
        if outcome not in self.law.outcomes(kind):
            outcome = self.law.outcomes(kind)[0]
        is_secret = kind == "crisis_centre"
        self.sites.append({
            "id": code, "label": f"K-{code}" if is_secret else f"Stedet {code}", "kind": str(kind),
            "is_secret": is_secret, "outcome": str(outcome),
            "reason": "Ingen ønsker det" if outcome is Outcome.NONE else "",
            "expected": self.rng.randint(0, 60),
        })  # fmt: skip
        if outcome is Outcome.SESSION:
            self.hold(code, self.law.channel_of(kind) or "")

    def hold(self, code: str, channel: str) -> None:
        """The sessions of a site: on as many days as the law wants, some days with two crews."""
        days = self.days(channel)
        spans = []
        for day in days:
            span = self.times(channel, day)
            spans += [span] * self.rng.choice((1, 1, 1, 2))
        for part, (starts, ends) in enumerate(spans, start=1):
            team = self.team(channel, starts, ends)
            session: Document = {
                "id": f"{code}/{part}", "site": code, "channel": channel, "part": part,
                "parts": len(spans), "expected": self.rng.randint(1, 30),
                "planned": {
                    "starts": starts.isoformat(), "ends": ends.isoformat(),
                    "team": team.name, "seats": team.seats,
                },
            }  # fmt: skip
            if self.rng.random() < 0.4:
                session["held"] = self.held(channel, starts, ends, team)
            self.sessions.append(session)

    def days(self, channel: str) -> list[date]:
        rule, window = self.law.session(channel), self.law.windows[channel]
        first = max(window.first.date(), self.law.writ_day or date.min)
        open_days = [first + DAY * n for n in range((window.last.date() - first).days + 1)]
        open_days = [day for day in open_days if self.room(channel, day)]
        most = min(rule.visits_max or rule.visits_min + 1, rule.visits_min + 1)
        wanted = self.rng.randint(rule.visits_min, most)
        gap = max(1, rule.min_gap_days)
        for _attempt in range(50):
            chosen = sorted(self.rng.sample(open_days, min(wanted, len(open_days))))
            if all((b - a).days >= gap for a, b in pairwise(chosen)):
                return chosen
        return [open_days[n * gap] for n in range(rule.visits_min)]

    def room(self, channel: str, day: date) -> tuple[datetime, datetime] | None:
        """From when to when there may be a session on a day; None where too little is left."""
        rule, window = self.law.session(channel), self.law.windows[channel]
        opens, closes = rule.hours or (time(9), time(16))
        first = max(datetime.combine(day, opens, self.law.tz), window.first)
        last = min(datetime.combine(day, closes, self.law.tz), window.last)
        needs = max(rule.min_minutes, 20) * MINUTE
        return (first, last) if first + needs <= last else None

    def times(self, channel: str, day: date) -> tuple[datetime, datetime]:
        room = self.room(channel, day)
        assert room
        first, last = room
        least = max(self.law.session(channel).min_minutes, 20)
        spare = int((last - first) / MINUTE)
        takes = self.rng.randint(least, max(least, min(spare, 180)))
        starts = first + MINUTE * self.rng.randint(0, spare - takes)
        return starts, starts + MINUTE * takes

    def team(self, channel: str, starts: datetime, ends: datetime) -> Team:
        known = self.teams.setdefault(channel, [])
        free = [team for team in known if team.is_free(starts, ends)]
        if free and self.rng.random() < 0.6:
            team = self.rng.choice(free)
        else:
            team = self.new_team(channel)
            known.append(team)
        team.busy.append((starts, ends))
        return team

    def new_team(self, channel: str) -> Team:
        rule = self.law.team(channel)
        roles = [one.role for one in rule.roles for _n in range(one.min)]
        wanted = self.rng.randint(rule.size_min, rule.size_max or rule.size_min + 2)
        while len(roles) < wanted:
            may = [one for one in rule.roles if one.max is None or roles.count(one.role) < one.max]
            roles.append(self.rng.choice(may).role)
        shared = f"Bil {self.rng.randint(1, 5)}"
        seats = []
        for number, role in enumerate(roles):
            code = f"R{len(self.receivers) + 1:03d}"
            attributes = {name: f"{name}-{number}" for name in rule.distinct}
            self.receivers.append(self.receiver(code, role, attributes))
            vehicle = shared if rule.same_vehicle else f"Bil {self.rng.randint(1, 5)}"
            seats.append({"receiver": code, "vehicle": vehicle})
        return Team(f"V{sum(map(len, self.teams.values())) + 1}", seats)

    def receiver(self, code: str, role: str, attributes: dict[str, str]) -> Document:
        early = self.law.election_day - DAY * self.rng.randint(61, 90)
        expires = self.law.election_day + DAY * self.rng.randint(0, 30)
        return {
            "id": code, "role": role, "flags": [], "attributes": attributes,
            "appointed_on": early.isoformat(),
            "instructed_on": (early + DAY * self.rng.randint(0, 9)).isoformat(),
            "expires_on": expires.isoformat() if self.rng.random() < 0.5 else None,
        }  # fmt: skip

    def held(self, channel: str, starts: datetime, ends: datetime, team: Team) -> Document:
        least = max(self.law.session(channel).min_minutes, 1)
        spare = int((ends - starts) / MINUTE) - least
        opened = starts + MINUTE * self.rng.randint(0, max(0, spare))
        votes = self.rng.randint(0, 40)
        names = [seat["receiver"] for seat in team.seats]
        return {
            "opened_at": opened.isoformat(), "closed_at": ends.isoformat(),
            "opened_by": names, "closed_by": names if self.rng.random() < 0.7 else [],
            "is_doubtful": self.rng.random() < 0.1,
            "counts": {
                "votes": votes, "assisted": self.rng.randint(0, votes), "spoiled": 1, "refused": 0,
            },
            "tablets": [
                {"id": "T1", "seen_at": ends.isoformat(), "pending": 0, "is_complete": True}
            ],
        }  # fmt: skip

    def other_election(self) -> None:
        """Somebody has a session of another election, when there is none of this one."""
        for teams in self.teams.values():
            starts = datetime.combine(self.law.election_day, time(2), self.law.tz)
            for seat in teams[0].seats[:1]:
                self.elsewhere.append({
                    "starts": starts.isoformat(), "ends": (starts + DAY / 24).isoformat(),
                    "receivers": [seat["receiver"]],
                })  # fmt: skip

    def written(self, seed: int) -> Document:
        law = self.law
        return sealed({
            "format": bundle.FORMAT, "version": bundle.VERSION, "product": "test",
            "made_at": datetime.combine(law.election_day, time(9), law.tz).isoformat(),
            "law": {"name": law.ruleset.key, "document": law.ruleset.document(), "ticked": []},
            "election": {
                "id": f"e{seed}", "title": f"Valg {seed}", "municipality": "Aarhus Kommune",
                "day": law.election_day.isoformat(),
                "writ_day": law.writ_day.isoformat() if law.writ_day else None,
                "decisions": [
                    {"option": one.option, "value": one.value, "document": one.document,
                     "decided_on": one.decided_on.isoformat()}
                    for one in law.decisions
                ],
            },
            "sites": self.sites, "receivers": self.receivers, "sessions": self.sessions,
            "elsewhere": self.elsewhere,
        })  # fmt: skip


def sealed(document: Document) -> Document:
    """The document with sums and digest as they ought to be."""
    held = [one["held"] for one in document["sessions"] if one.get("held")]
    document["totals"] = {
        "sites": len(document["sites"]), "receivers": len(document["receivers"]),
        "sessions": len(document["sessions"]), "held": len(held),
        "votes": sum(one["counts"]["votes"] for one in held),
    }  # fmt: skip
    apart: Document = json.loads(json.dumps(document))  # no team shares its list any more
    return bundle.sealed(apart)
