"""``outreach elections``: what the law says of an election, without a database."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click

from outreach.core.errors import Invalid
from outreach.rulesets.base import Status
from outreach.rulesets.law import Law, Window
from outreach.rulesets.library import choose, shipped
from outreach.rulesets.resolve import resolve
from outreach.rulesets.schema import read
from outreach.rulesets.shape import Ruleset


@click.group()
def elections() -> None:
    """The law of elections."""


@elections.command()
@click.option("--ruleset", "name", required=True, help="such as dk-kv, dk-fa@2015 or law.json")
@click.option("--day", required=True, help="election day, such as 2029-11-20")
@click.option("--writ", default="", help="the day on which the election was called")
@click.option("--json", "as_json", is_flag=True)
def windows(name: str, day: str, writ: str, *, as_json: bool) -> None:
    """From when to when each way of voting is lawful."""
    election_day = _day(day)
    law = resolve(_ruleset(name, election_day), election_day, _day(writ) if writ else None)
    if law.ruleset.writ == "required" and law.writ_day is None:
        click.echo("outreach: no --writ: no window opens before the election is called", err=True)
    click.echo(json.dumps(_data(law), ensure_ascii=False) if as_json else _table(law))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(say=f"{text} is no day; write it as 2029-11-20") from None


def _ruleset(name: str, day: date) -> Ruleset:
    if not name.endswith(".json"):
        return choose(name, day, shipped().values())
    try:
        return read(json.loads(Path(name).read_text()))
    except OSError as error:
        raise Invalid(say=f"{name} cannot be read: {error.strerror}") from None
    except ValueError:
        raise Invalid(say=f"{name} is no JSON") from None


def _data(law: Law) -> dict[str, dict[str, str]]:
    return {name: dict(zip(("from", "to"), _ends(one), strict=True))
            for name, one in law.windows.items()}  # fmt: skip


def _ends(window: Window) -> tuple[str, str]:
    """Both ends, with a time where the law gives one."""
    return (
        _iso(window.first, has_time=window.has_time_from),
        _iso(window.last, has_time=window.has_time_to),
    )


def _iso(at: datetime, *, has_time: bool) -> str:
    return f"{at:%Y-%m-%dT%H:%M}" if has_time else at.date().isoformat()


def _table(law: Law) -> str:
    rows = [("window", "from", "to", "law")]
    rows += [(name, *_ends(one), _law(one)) for name, one in law.windows.items()]
    widths = [max(len(row[n]) for row in rows) for n in range(3)]
    lines = [
        "  ".join([*(f"{row[n]:{widths[n]}}" for n in range(3)), row[3]]).rstrip() for row in rows
    ]
    return "\n".join([f"{law.ruleset.title.en}, {law.ruleset.key}", *lines])


def _law(window: Window) -> str:
    return window.cite if window.status == Status.LAW else f"{window.cite} (not verified)"
