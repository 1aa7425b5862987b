"""Writes: planning a week, moving and locking visits, publishing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _

from outreach.agreements.actions import bring_due
from outreach.core import audit, clock, tenancy
from outreach.core.db import alone, atomic, db
from outreach.core.errors import Conflict, RuleBroken
from outreach.rounds import draft, elsewhere, hand, picture, queries, show, week_facts
from outreach.rounds.answer import Answer, Left
from outreach.rounds.models import Plan, PlanState
from outreach.rounds.planner import Week
from outreach.rounds.wire import MoveBody
from outreach.visits.models import OUTREACH


class NoDraft(Conflict):
    """Nothing waits to be published."""

    code = "no-draft"
    say = _("There is no draft to publish.")


class OtherDraft(Conflict):
    """The draft is not the one that was looked at."""

    code = "other-draft"
    say = _("The draft was changed after you had looked at it. This is what it is now.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a week should be planned.

    Attributes:
        keep: moving what is published has a price.
        as_of: what lies before it is fixed; None means now.
    """

    seconds: float = 5.0
    seed: int = 0
    keep: bool = True
    as_of: datetime | None = None


def plan_now(
    monday: date, seconds: float, seed: int = 0, *, dry_run: bool = False,
    as_of: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Plan a week here and now and keep the draft; the answer as JSON-able data.

    Raises:
        RuleBroken: the week is over.
    """
    week = prepare(monday, Wish(seconds=seconds, seed=seed, as_of=as_of))
    answer = week.solved(seconds, seed)
    stored = None if dry_run else keep_plan(monday, answer)
    return {
        "week": f"{monday:%G-W%V}",
        "plan": stored.id if stored else None,
        "number": stored.number if stored else None,
        "due": len(week.facts.visits),
        "planned": len(week.facts.visits) - len(answer.left),
        "unplanned": [_said(week, one) for one in answer.left],
        "cost": answer.cost,
        "engine": answer.engine,
    }


def _said(week: Week, left: Left) -> dict[str, Any]:
    sites = {visit.id: week.facts.sites[visit.site_id].label for visit in week.facts.visits}
    return {"visit": left.visit_id, "site": sites[left.visit_id], "reasons": list(left.reasons)}


def prepare(monday: date, wish: Wish) -> Week:
    """Bring the week's due visits to life and read all that the solver must know.

    Raises:
        RuleBroken: the week is over.
    """
    refuse_past(monday, wish.as_of)
    left_out = queries.left_out_before(monday)
    bring_due(monday, keep=_published_visits(monday), left_out=left_out)
    return Week(week_facts.read(monday, wish.as_of), keep_published=wish.keep)


def refuse_past(monday: date, as_of: datetime | None = None) -> None:
    """Say no to a week that is over.

    Raises:
        RuleBroken: it is.
    """
    today = as_of.date() if as_of else clock.today()
    if clock.monday_of(today) > monday:
        raise RuleBroken("week-over", _("This week is over; it cannot be planned any more."))


def refuse_changes(monday: date, as_of: datetime | None = None) -> None:
    """Say no to a change by hand of a week that is over or being planned.

    Raises:
        RuleBroken: the week is over.
        Conflict: it is being planned; the answer would take the change away.
    """
    refuse_past(monday, as_of)
    if queries.is_being_planned(monday):
        raise Conflict(_("The week is being planned. Wait until that has ended, or stop it."))


def _published_visits(monday: date) -> frozenset[str]:
    plan_id = queries.newest(monday, PlanState.PUBLISHED)
    if plan_id is None:
        return frozenset()
    return frozenset(s.visit_id for r in queries.whole_plan(plan_id).rounds for s in r.stops)


@atomic
def keep_plan(monday: date, answer: Answer, job_id: str | None = None) -> Plan:
    """Keep what the solver made as the week's draft."""
    plan = draft.keep(monday, answer, job_id)
    audit.record("plan", "plan", plan.id, week=f"{monday:%G-W%V}", number=plan.number)
    return plan


@atomic
def keep_preview(monday: date, answer: Answer, job_id: str) -> None:
    """Show a first plan while the solver still searches; the final one writes the audit line.

    A draft that was there before stays until the final one comes: the search may be called off.
    """
    plan_id = queries.newest(monday, PlanState.DRAFT)
    if plan_id is None or queries.whole_plan(plan_id).job_id == job_id:
        draft.keep(monday, answer, job_id)


def move(monday: date, visit_id: str, places: Sequence[hand.Place]) -> hand.Moved:
    """Put a visit elsewhere, or out of the plan where ``places`` is empty.

    Never refuses for a broken rule: the draft lists what breaks. Returns where it was and is.

    Raises:
        RuleBroken: the week is over.
        Conflict: the week is being planned, or somebody else changed the plan meanwhile.
    """
    seen, week = _week_with(monday, visit_id)
    return _move(seen, week, visit_id, places)


def move_on_board(monday: date, body: MoveBody) -> hand.Moved:
    """The same as the board asks for it."""
    seen, week = _week_with(monday, str(body.visit))
    return _move(seen, week, str(body.visit), hand.wished(week, body))


def _week_with(monday: date, visit_id: str) -> tuple[tuple[str, ...], Week]:
    refuse_changes(monday)
    queries.visit_by_id(visit_id, monday)
    return queries.trace(monday), Week(week_facts.read(monday))


def _move(
    seen: tuple[str, ...], week: Week, visit_id: str, places: Sequence[hand.Place]
) -> hand.Moved:
    moved, answer = hand.moved(week, visit_id, places)
    _keep_hand_made(seen, week.facts.monday, week.explained(answer), visit_id)
    return moved


@atomic
def _keep_hand_made(seen: tuple[str, ...], monday: date, answer: Answer, visit_id: str) -> None:
    """Keep a plan that was made of what was ``seen``, if nobody kept another meanwhile."""
    refuse_changes(monday)
    if queries.trace(monday) != seen:
        raise Conflict
    plan = draft.keep(monday, answer)
    audit.record("move", "visit", visit_id, plan=plan.id, breaches=len(answer.breaches))


@dataclass(frozen=True, slots=True)
class Cured:
    """Where a visit is planned now, and who had to yield.

    Attributes:
        codes: what was changed.
        displaced: visits that are left out instead.
    """

    now: tuple[hand.At, ...]
    codes: tuple[str, ...]
    displaced: tuple[str, ...]


@atomic
def cure(monday: date, visit_id: str, key: str) -> Cured:
    """Carry out a cure of a visit that is left out, and plan the visit.

    Only what belongs to this week is changed: its lock, its length, which visits are made.

    Raises:
        RuleBroken: the week is over.
        Conflict: the cure would not help any more, or is none that may be carried out here; or the
            week is being planned.
    """
    refuse_changes(monday)
    visit = queries.visit_by_id(visit_id, monday)
    parts = hand.cure_parts(Week(week_facts.read(monday)), visit_id, key)
    for part in parts:
        if part["code"] == "unlock":
            visit.pin_day = visit.pin_team = visit.pin_start = None
        elif part["code"] == "shorter":
            visit.service_minutes = part["left"]
    db.session.flush()
    displaced = tuple(part["visit"] for part in parts if part["code"] == "displace")
    answer = hand.cured(Week(week_facts.read(monday)), visit_id, displaced)
    plan = draft.keep(monday, answer)
    codes = tuple(part["code"] for part in parts)
    audit.record("cure", "visit", visit_id, plan=plan.id, changes=codes, displaced=displaced)
    return Cured(hand.appointments(answer, visit_id), codes, displaced)


@atomic
def lock(monday: date, visit_id: str, level: str) -> None:
    """Lock a visit where the newest plan has it: ``day``, ``team``, ``time``, or ``none``.

    Raises:
        RuleBroken: the week is over.
        Conflict: the plan does not have it, or the week is being planned.
    """
    refuse_changes(monday)
    visit = queries.visit_by_id(visit_id, monday)
    place = hand.place_of(_newest(monday), visit_id)
    if level != "none" and place is None:
        raise Conflict(_("A visit that is not planned cannot be locked."))
    visit.pin_day = visit.pin_team = visit.pin_start = None
    if place is not None and level != "none":
        visit.pin_day = place.day
        visit.pin_team = place.letter if level in ("team", "time") else None
        visit.pin_start = place.starts if level == "time" else None
    audit.record("lock", "visit", visit_id, level=level)


def _newest(monday: date) -> Plan:
    plan_id = queries.newest(monday)
    if plan_id is None:
        raise Conflict(_("This week has no plan yet."))
    return queries.whole_plan(plan_id)


@atomic
def copy_published(monday: date) -> Plan:
    """Make a draft that is the same as the published plan.

    Raises:
        RuleBroken: the week is over.
        Conflict: there is a draft already, nothing is published, or the week is being planned.
    """
    refuse_changes(monday)
    if queries.newest(monday, PlanState.PUBLISHED) is None or queries.newest(
        monday, PlanState.DRAFT
    ):
        raise Conflict(_("There is a draft already, or nothing is published."))
    week = Week(week_facts.read(monday))
    answer = week.timed(hand.sequences(week))
    plan = draft.keep(monday, week.explained(answer))
    audit.record("copy", "plan", plan.id, week=f"{monday:%G-W%V}", number=plan.number)
    return plan


@atomic
def drop_draft(monday: date) -> None:
    """Throw the draft away.

    Raises:
        Conflict: there is none, or the week is being planned.
    """
    if queries.is_being_planned(monday):
        raise Conflict(_("The week is being planned. Wait until that has ended, or stop it."))
    plan_id = queries.newest(monday, PlanState.DRAFT)
    if plan_id is None:
        raise Conflict(_("There is no draft."))
    plan = queries.whole_plan(plan_id)
    db.session.delete(plan)
    audit.record("drop", "plan", plan_id, week=f"{monday:%G-W%V}", number=plan.number)


@atomic
def publish(
    monday: date, by_id: str | None = None, *, force_now: datetime | None = None,
    seen: str | None = None,
) -> Plan:  # fmt: skip
    """Publish the draft: its snapshot is frozen, and tablets get it.

    ``seen`` is the fingerprint of the draft that the person looked at; None asks for no look.

    Raises:
        NoDraft: there is none. Conflict: the week is being planned.
        OtherDraft: the draft is not the one that was looked at.
        RuleBroken: the draft breaks a hard rule as things stand now, somebody of it rides in a
            published voting round on the same day, or the week is over.
    """
    alone(f"publish {tenancy.org_id()}")  # nobody rides in two books that are published at once
    refuse_changes(monday, force_now)
    plan_id = queries.newest(monday, PlanState.DRAFT)
    if plan_id is None:
        raise NoDraft
    week = Week(week_facts.read(monday, force_now))
    plan = queries.whole_plan(plan_id)
    if seen is not None and picture.fingerprint(_snapshot(plan)) != seen:
        raise OtherDraft
    refuse_double(plan, OUTREACH)
    answer = hand.judged(week, plan)
    if answer.breaches:
        raise RuleBroken(
            answer.breaches[0].rule,
            _("The plan breaks %(count)s rules. Put that right before it is published."),
            count=len(answer.breaches),
        )
    _give_reasons(week, plan, answer)
    plan.snapshot = _snapshot(plan)
    plan.snapshot_sha256 = picture.fingerprint(plan.snapshot)
    plan.state, plan.published_at, plan.published_by = PlanState.PUBLISHED, clock.now(), by_id
    audit.record(
        "publish", "plan", plan.id, week=f"{monday:%G-W%V}", number=plan.number,
        sha256=plan.snapshot_sha256,
    )  # fmt: skip
    return plan


def refuse_double(plan: Plan, book: str) -> None:
    """Say no to a plan of which somebody rides elsewhere on the same day.

    Raises:
        RuleBroken: somebody does.
    """
    found = elsewhere.lines(elsewhere.clashes(plan.rounds, book))
    if found:
        raise RuleBroken("double-booked", "%(who)s", who=" ".join(found))


def _snapshot(plan: Plan) -> bytes:
    visits = queries.visits_of_plan(plan.id)
    return picture.to_bytes(show.picture_of(plan, visits, queries.names()))


def _give_reasons(week: Week, plan: Plan, answer: Answer) -> None:
    """Say why a visit is left out, where a search that was called off had not come to that."""
    bare = {one.visit_id: one for one in plan.unplanned if not one.reasons}
    if not bare:
        return
    left = tuple(Left(visit_id, ()) for visit_id in bare)
    for one in week.explained(replace(answer, left=left)).left:
        if one.visit_id in bare:
            row = bare[one.visit_id]
            row.reasons, row.cures = list(one.reasons), list(one.cures)
