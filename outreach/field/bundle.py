"""Everything that one user's tablet may hold now, as wire bodies. A fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from outreach.core import clock
from outreach.core.db import db
from outreach.field import statements as sql
from outreach.field.queries import newest_plans, staff_ids
from outreach.field.rules import KEPT_UNDER_WAY, version
from outreach.field.session_bodies import add_sessions
from outreach.rounds.models import Plan, Round, Stop
from outreach.visits.models import OUTREACH
from outreach.visits.rules import measures

Body = dict[str, Any]
Rows = dict[tuple[str, str], Body]
_WORDS = {
    "served": ("Betjent", "Served"),
    "not_served": ("Ikke betjent", "Not served"),
    "contacts": ("Kontakter", "Contacts"),
    "votes": ("Stemmer", "Votes"),
    "assisted": ("Hjulpet med at stemme", "Assisted votes"),
    "spoiled": ("Ugyldiggjort", "Spoiled"),
    "refused": ("Afvist", "Refused"),
}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a visit stands in the user's rounds; ``round_id`` is None where it moved away."""

    round_id: str | None
    day: date
    seq: int
    start: int
    end: int
    moved_to: dict[str, str] | None = None


def rows_for(user_id: str) -> Rows:
    """The rows by kind and id. Cost: twenty statements at most, whatever the week holds."""
    rows: Rows = {}
    today = clock.today()
    last = today + timedelta(days=current_app.config["OUTREACH"].tablet_days)
    mondays = {clock.monday_of(today), clock.monday_of(last)}
    mondays.add(clock.monday_of(clock.monday_of(today) + timedelta(days=7)))
    plans = dict(newest_plans(mondays).values())
    places: dict[str, _Place] = {}
    mine = staff_ids(user_id)
    rounds = _rounds(list(plans), today, last)
    for round_ in rounds:
        if mine & set(round_.member_ids):
            rows["round", round_.id] = _round_body(round_, plans[round_.plan_id])
    _place_stops(rows, places)
    add_sessions(rows, _add_visits(rows, places, user_id), rounds)
    return rows


def _rounds(plan_ids: list[str], first: date, last: date) -> list[Any]:
    wanted = {"ids": plan_ids, "first": first, "last": last}
    return list(db.session.execute(sql.ROUNDS, wanted))


def _round_body(row: Any, number: int) -> Body:
    return {
        "day": row.day.isoformat(), "team": row.team_letter, "members": list(row.members),
        "vehicle": row.vehicle, "start": row.leaves, "end": row.returns, "visits": [],
        "version": number,
    }  # fmt: skip


def _place_stops(rows: Rows, places: dict[str, _Place]) -> None:
    stops = db.session.execute(sql.STOPS, {"ids": [id_ for _kind, id_ in rows]})
    for stop in stops:
        body = rows["round", stop.round_id]
        body["visits"].append(stop.visit_id)
        day = date.fromisoformat(body["day"])
        places[stop.visit_id] = _Place(stop.round_id, day, stop.seq, stop.starts, stop.ends)


def _under_way(user_id: str) -> set[str]:
    """Visits that this user began and nobody ended: they stay, even when moved elsewhere."""
    since = clock.now() - KEPT_UNDER_WAY
    return set(db.session.scalars(sql.UNDER_WAY, {"user": user_id, "since": since}))


def _keep_moved(places: dict[str, _Place], kept: list[str]) -> None:
    """Say where the kept visits went. They keep their last known place in the plan."""
    found = db.session.execute(
        select(
            Stop.visit_id, Stop.seq, Stop.starts, Stop.ends, Round.team_letter, Round.day,
            Plan.monday, Plan.book, Plan.number,
        )
        .join(Round, Round.id == Stop.round_id).join(Plan, Plan.id == Round.plan_id)
        .where(Stop.visit_id.in_(kept), Plan.published_at.is_not(None)).order_by(Plan.number)
    ).all()  # fmt: skip
    newest = newest_plans(row.monday for row in found)
    for row in found:
        is_now = newest[row.monday, row.book][1] == row.number
        moved = {"team": row.team_letter, "day": row.day.isoformat()} if is_now else None
        places[row.visit_id] = _Place(None, row.day, row.seq, row.starts, row.ends, moved)


def _add_visits(rows: Rows, places: dict[str, _Place], user_id: str) -> set[str]:
    """Add visits, services and sites; say which visits are an election's."""
    kept = sorted(_under_way(user_id) - set(places))
    if kept:
        _keep_moved(places, kept)
    ids = list(places)
    facts = _Facts(ids)
    found = db.session.execute(sql.VISITS, {"ids": ids}).all()
    _add_services(rows, {code for visit in found for code in visit.services})
    service_ids = {rows[key]["code"]: key[1] for key in rows if key[0] == "service"}
    for visit in found:
        rows["visit", visit.id] = _visit_body(visit, places[visit.id], facts, service_ids)
    _add_sites(rows, {visit.site_id for visit in found})
    return {visit.id for visit in found if visit.book != OUTREACH}


def _visit_body(visit: Any, at: _Place, facts: _Facts, service_ids: dict[str, str]) -> Body:
    return {
        "round": at.round_id, "site": visit.site_id, "day": at.day.isoformat(),
        "start": at.start, "end": at.end, "status": visit.status, "reason": visit.status_reason,
        "services": [service_ids[code] for code in visit.services if code in service_ids],
        "tasks": facts.tasks[visit.id], "counts": facts.counts[visit.id],
        "notes": facts.notes[visit.id], "seq": at.seq, "moved_to": at.moved_to,
    }  # fmt: skip


class _Facts:
    """Tasks with their living checks, totals and notes, by visit."""

    def __init__(self, visit_ids: list[str]) -> None:
        self.tasks: dict[str, list[Body]] = defaultdict(list)
        self.counts: dict[str, dict[str, int]] = defaultdict(dict)
        self.notes: dict[str, list[Body]] = defaultdict(list)
        self._read_tasks(visit_ids)
        self._read_counts(visit_ids)
        self._read_notes(visit_ids)

    def _read_tasks(self, visit_ids: list[str]) -> None:
        checks: dict[str, list[Any]] = defaultdict(list)
        found = db.session.execute(sql.CHECKS, {"ids": visit_ids})
        for row in found:
            checks[row.task_id].append(row)
        tasks = db.session.execute(sql.TASKS, {"ids": visit_ids})
        for task in tasks:
            done = checks[task.id]
            self.tasks[task.visit_id].append({
                "id": task.id, "text": {"da": task.text_da, "en": task.text_en},
                "mandatory": task.is_mandatory, "done": bool(done),
                "by": done[0].by_name if done else None, "ops": sorted(c.op_id for c in done),
            })  # fmt: skip

    def _read_counts(self, visit_ids: list[str]) -> None:
        found = db.session.execute(sql.TOTALS, {"ids": visit_ids})
        for row in found:
            self.counts[row.visit_id][row.measure] = int(row.total)

    def _read_notes(self, visit_ids: list[str]) -> None:
        found = db.session.execute(sql.NOTES, {"ids": visit_ids})
        for row in found:
            self.notes[row.visit_id].append({
                "id": row.op_id, "text": row.text, "by": row.by_name,
                "at": int(row.at.timestamp() * 1000),
            })  # fmt: skip


def _add_sites(rows: Rows, site_ids: set[str]) -> None:
    contacts: dict[str, list[Body]] = defaultdict(list)
    found = db.session.execute(sql.CONTACTS, {"ids": sorted(site_ids)})
    for row in found:
        contacts[row.site_id].append({"name": row.name, "role": row.role, "phone": row.phone})
    sites = db.session.execute(sql.SITES, {"ids": sorted(site_ids)})
    for site in sites:
        rows["site", site.id] = _site_body(site, contacts[site.id])


def _site_body(site: Any, contacts: list[Body]) -> Body:
    if site.is_secret:
        return {
            "name": site.alias, "address": "", "area": "", "access_notes": "", "contacts": [],
            "secret": True,
        }  # fmt: skip
    return {
        "name": site.name, "address": site.address, "area": site.area,
        "access_notes": site.access_notes, "contacts": contacts, "secret": False,
    }  # fmt: skip


def _add_services(rows: Rows, codes: set[str]) -> None:
    kits = {
        row.code: {"da": row.name_da, "en": row.name_en} for row in db.session.execute(sql.KITS)
    }
    found = db.session.execute(sql.SERVICES, {"ids": sorted(codes)})
    for row in found:
        rows["service", row.id] = {
            "code": row.code, "name": {"da": row.name_da, "en": row.name_en},
            "measures": [_measure(name) for name in measures(row.code)],
            "bring": [kits[code] for code in row.kits if code in kits],
        }  # fmt: skip


def _measure(name: str) -> Body:
    danish, english = _WORDS[name.rsplit(".", 1)[-1]]
    return {"id": name, "name": {"da": danish, "en": english}}


def versions(rows: Rows) -> dict[str, int]:
    """The version of each row by ``kind:id``, as a view keeps them."""
    return {f"{kind}:{id_}": version(body) for (kind, id_), body in rows.items()}
