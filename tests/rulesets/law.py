"""Elections, sessions and receivers to judge; all lawful until a test changes something."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from outreach.rulesets.facts import (
    ElectionFacts,
    LocalDecision,
    Outcome,
    Receiver,
    Session,
    SiteFacts,
)
from outreach.rulesets.library import choose, shipped
from outreach.rulesets.resolve import Law, resolve

DK = ZoneInfo("Europe/Copenhagen")
KV21 = date(2021, 11, 16)
ONE_EMPLOYEE = LocalDecision("one_employee", date(2021, 9, 1), "21/1")


def law(
    name: str = "dk-kv", day: date = KV21, *decisions: LocalDecision, writ: date | None = None
) -> Law:
    return resolve(choose(name, day, shipped().values()), day, writ, decisions)


def receiver(id_: str, **more: Any) -> Receiver:
    given: dict[str, Any] = {
        "role": "appointed_voter", "name": id_.title(), "vehicle": "EL 1",
        "appointed_on": date(2021, 9, 1), "instructed_on": date(2021, 10, 1),
    }  # fmt: skip
    return Receiver(id_, **(given | more))


def session(id_: str = "s1", **more: Any) -> Session:
    starts = more.pop("starts", datetime(2021, 11, 9, 10, tzinfo=DK))
    ends = more.pop("ends", starts + timedelta(minutes=90))
    given: dict[str, Any] = {
        "site": "h1", "site_kind": "care_home", "channel": "institution", "team": "V1",
        "receivers": (receiver("anna"), receiver("bo")), "label": "Lindely",
    }  # fmt: skip
    return Session(id_, starts=starts, ends=ends, **(given | more))


def site(id_: str = "h1", **more: Any) -> SiteFacts:
    given: dict[str, Any] = {"label": "Lindely", "kind": "care_home", "outcome": Outcome.SESSION}
    return SiteFacts(id_, **(given | more))


def election(**more: Any) -> ElectionFacts:
    given: dict[str, Any] = {
        "election_day": KV21, "writ_day": None, "decisions": (),
        "sites": (site(),), "sessions": (session(),),
    }  # fmt: skip
    return ElectionFacts(**(given | more))
