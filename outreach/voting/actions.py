"""Writes: planning a sprint, moving and locking sessions, changing teams, publishing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from outreach.core import audit, clock, tenancy
from outreach.core.db import alone, atomic, db
from outreach.core.errors import Conflict, Invalid, NotFound, RuleBroken
from outreach.core.i18n import language
from outreach.elections import queries as elections
from outreach.elections.models import Election
from outreach.jobs import queries as jobs
from outreach.jobs.models import OPEN
from outreach.people.models import Depot
from outreach.rounds import picture, show
from outreach.rounds import queries as rounds
from outreach.rounds.actions import NoDraft, OtherDraft, refuse_double
from outreach.rounds.answer import Answer
from outreach.rounds.models import Plan, PlanState
from outreach.rounds.wire import MoveBody
from outreach.rulesets.facts import Finding, Level
from outreach.voting import drafts, judging, moving, queries, sessions, sprint, teams
from outreach.voting.models import VotingTeam
from outreach.voting.planner import Sprint
from outreach.voting.riders import Lack

KIND = "sprint"
"""The kind of the jobs that plan a sprint; their subject is the election's id."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How a sprint should be planned.

    Attributes:
        aim: ``fewest`` teams on these days, or the ``earliest`` finish with so many teams.
        teams: with how many, or how many at most.
        keep_teams: teams that are there stay together.
    """

    days: tuple[date, ...]
    aim: str
    teams: int
    seconds: float = 10.0
    seed: int = 0
    keep_teams: bool = True
    depot_id: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """A sprint that can be planned, and where there are fewer teams than asked for."""

    sprint: Sprint
    lacks: tuple[Lack, ...]
    ask: Ask


def is_being_planned(election_id: str) -> bool:
    """Whether a job works on the sprint, or waits to. Cost: one statement."""
    job = jobs.newest(KIND, election_id)
    return job is not None and job.state in OPEN


def refuse_changes(election: Election) -> None:
    """Say no to a change by hand while the sprint is planned, or when all is over.

    Raises:
        RuleBroken: the election is over. Conflict: the sprint is being planned.
    """
    if election.election_day < clock.today():
        raise RuleBroken("election-over", _("The election is over; it cannot be planned any more."))
    if is_being_planned(election.id):
        raise Conflict(_("The sessions are being planned. Wait until that has ended, or stop it."))


def prepare(election: Election, ask: Ask) -> Ready:
    """Bring the sessions in step, form the teams, and read all that the solver must know.

    Raises:
        Invalid: a day may not be chosen, or nobody may receive votes on any of them.
    """
    law = elections.law_of(election)
    may = sprint.sprint_days(election, law)
    if not ask.days or set(ask.days) - set(may):
        raise Invalid({"days": _("Choose days of the legal window that are not kept in reserve.")})
    sessions.in_step(election)
    now = sprint.read(election)
    held = {(round_.letter, round_.day) for round_, _stop in judging.begun(now).values()}
    formed = teams.form(
        election, ask.days, ask.teams, _depot(ask.depot_id), keep=ask.keep_teams,
        begun=held,
    )  # fmt: skip
    other = [one for one in now.shifts if one.day not in ask.days and (one.letter, one.day) in held]
    given = sprint.read(election, [*formed.shifts, *other])
    return Ready(Sprint(given), formed.lacks, ask)


def _depot(depot_id: str) -> Depot:
    known = sprint.team_depots()
    if not known:
        raise Invalid({"depot": _("Make a depot first; teams start and end there.")})
    return next((depot for depot in known if depot.id == depot_id), known[0])


@atomic
def keep(
    election_id: str, ready: Ready, answer: Answer, job_id: str | None = None, *,
    is_last: bool = True,
) -> tuple[Plan, ...]:  # fmt: skip
    """Keep what the solver made as the sprint's drafts, with its teams."""
    election = elections.election_by_id(election_id)
    used = {(one.shift.letter, one.shift.day) for one in answer.rounds}
    shifts = [
        one for one in ready.sprint.facts.shifts
        if (one.letter, one.day) in used or (ready.ask.aim == "earliest" and one.day in _days(used))
    ]  # fmt: skip
    days = {*ready.ask.days, *(one.day for one in shifts)}
    stored = [team.day for team in queries.teams(election.id) if team.day >= clock.today()]
    teams.store(election, days | set(stored), shifts)
    plans = drafts.keep(election, answer, job_id)
    if is_last:
        audit.record("plan", "election", election.id, left=len(answer.left), aim=ready.ask.aim)
    return plans


@atomic
def keep_preview(election_id: str, ready: Ready, answer: Answer, job_id: str) -> None:
    """Show a first plan while the search goes on, unless a draft is there that it could lose."""
    found = drafts.of(election_id)
    if all(plan.job_id == job_id for plan in found):
        keep(election_id, ready, answer, job_id, is_last=False)


def _days(used: Iterable[tuple[str, date]]) -> set[date]:
    return {day for _letter, day in used}


def plan_now(election: Election, ask: Ask) -> tuple[Answer, Mapping[str, Any]]:
    """Plan the sprint here and now and keep the drafts.

    Raises:
        Invalid: see ``prepare``. PlanBreaksRules, PlanBreaksLaw: the answer cannot be kept.
    """
    ready = prepare(election, ask)
    answer, about = ready.sprint.searched(ask.aim, ask.seconds, ask.seed)
    keep(election.id, ready, answer)
    return answer, about


class AgainstLaw(RuleBroken):
    """The law forbids it; nobody can override that."""

    code = "against-law"


def against(found: Finding) -> AgainstLaw:
    """The refusal with its sentence, which names its paragraph."""
    text = found.da if language() == "da" else found.en
    return AgainstLaw(found.code or "law", "%(text)s", text=text)


@atomic
def move(election: Election, visit_id: str, places: Sequence[moving.Place]) -> moving.Moved:
    """Put a session elsewhere, or out of the plan where ``places`` is empty.

    Raises:
        AgainstLaw: the session would break the law there; nothing is saved.
        Invalid: the team does not go out on that day. Conflict: the sprint is being planned.
    """
    return _move(election, _with(election, visit_id), visit_id, places)


@atomic
def move_on_board(election: Election, body: MoveBody) -> moving.Moved:
    """The same as the board asks for it."""
    made = _with(election, str(body.visit))
    return _move(election, made, str(body.visit), moving.wished(made, body))


def _with(election: Election, visit_id: str) -> Sprint:
    refuse_changes(election)
    if queries.session_by_visit(election.id, visit_id) is None:
        raise NotFound
    return Sprint(sprint.read(election))


def _move(
    election: Election, made: Sprint, visit_id: str, places: Sequence[moving.Place]
) -> moving.Moved:
    for place in places:
        if moving.shift_of(place) not in made.shifts:
            outside = judging.outside_window(made.facts, visit_id, place.letter, place.day)
            if outside is not None:
                raise against(outside)
    moved, answer = moving.moved(made, visit_id, places)
    before = {(f.code, f.session) for f in judging.blocks(made.facts, moving.rounds_of(made))}
    for finding in judging.blocks(made.facts, [one.placed for one in answer.rounds]):
        if finding.session == visit_id or (finding.code, finding.session) not in before:
            raise against(finding)
    drafts.keep(election, made.explained(answer))
    audit.record("move", "visit", visit_id, election=election.id, breaches=len(answer.breaches))
    return moved


@atomic
def lock(election: Election, visit_id: str, level: str) -> None:
    """Lock a session where the newest plan has it: ``day``, ``team``, ``time``, or ``none``.

    Raises:
        Conflict: the plan does not have it, or the sprint is being planned.
    """
    refuse_changes(election)
    one = queries.session_by_visit(election.id, visit_id)
    if one is None:
        raise NotFound
    at = queries.planned(queries.newest_plans(election.id)).get(visit_id)
    if level != "none" and at is None:
        raise Conflict(_("A visit that is not planned cannot be locked."))
    visit = one.visit
    visit.pin_day = visit.pin_team = visit.pin_start = None
    if at is not None and level != "none":
        visit.pin_day = at.round_.day
        visit.pin_team = at.round_.team_letter if level in ("team", "time") else None
        visit.pin_start = at.stop.starts if level == "time" else None
    audit.record("lock", "visit", visit_id, level=level)


def team_of(election: Election, team_id: str) -> VotingTeam:
    """One team of a day, with its members.

    Raises:
        NotFound: there is none.
    """
    for team in queries.teams(election.id):
        if team.id == team_id:
            return team
    raise NotFound


@atomic
def change_team(election: Election, team_id: str, ids: Sequence[str]) -> None:
    """Let other people ride in a team, and in its rounds of the draft.

    Raises:
        AgainstLaw: the team would not be legal, or somebody may not ride on that day.
        Invalid: somebody rides in another team. Conflict: the sprint is being planned.
    """
    refuse_changes(election)
    team = team_of(election, team_id)
    day, letter = team.day, team.letter
    if not ids:
        raise Invalid({"members": _("Choose who rides.")})
    teams.change(election, team, ids)
    made = Sprint(sprint.read(election))
    rounds_ = moving.rounds_of(made)
    here = {s.visit_id for r in rounds_ if (r.letter, r.day) == (letter, day) for s in r.stops}
    for finding in judging.blocks(made.facts, rounds_):
        if finding.session in here:
            raise against(finding)
    teams.refuse_illegal(election, made.facts.law, team, ids)
    if rounds_:
        drafts.keep(election, made.explained(made.judged(rounds_)))
    audit.record("change-team", "election", election.id, day=day.isoformat(), team=letter)


@atomic
def drop(election: Election) -> None:
    """Throw the drafts away.

    Raises:
        Conflict: there is none, or the sprint is being planned.
    """
    refuse_changes(election)
    found = drafts.of(election.id)
    if not found:
        raise Conflict(_("There is no draft."))
    drafts.drop(election, found)
    teams.as_published(election)
    audit.record("drop", "election", election.id)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands in the way of publishing: rules of the plan, and findings of the law."""

    answer: Answer
    findings: tuple[Finding, ...]

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """Findings that block."""
        return tuple(one for one in self.findings if one.level is Level.BLOCK)


def judged(election: Election) -> Verdict:
    """The newest plan as things stand now."""
    made = Sprint(sprint.read(election))
    given = made.facts.draft or ()
    answer = made.explained(made.judged(given))
    return Verdict(answer, judging.findings(made.facts, given))


def seen_of(plans: Iterable[Plan]) -> str:
    """The fingerprint of the drafts as they are shown."""
    return picture.fingerprint(b"".join(_snapshot(plan) for plan in plans))


def _snapshot(plan: Plan) -> bytes:
    visits = rounds.visits_of_plan(plan.id)
    return picture.to_bytes(show.picture_of(plan, visits, rounds.names()))


@atomic
def publish(
    election: Election, by_id: str | None = None, *, seen: str | None = None
) -> tuple[Plan, ...]:
    """Publish the drafts of all weeks together: their snapshots are frozen, tablets get them.

    Raises:
        NoDraft: there is none. Conflict: the sprint is being planned.
        OtherDraft: the drafts are not those that were looked at.
        AgainstLaw: something blocks: an undecided site, a session that is not planned or lawful.
        RuleBroken: a hard rule of the plan is broken, or somebody rides elsewhere on a day.
    """
    alone(f"publish {tenancy.org_id()}")  # nobody rides in two books that are published at once
    refuse_changes(election)
    plans = drafts.of(election.id)
    if not plans:
        raise NoDraft
    if seen is not None and seen_of(plans) != seen:
        raise OtherDraft
    verdict = judged(election)
    if verdict.blocks:
        raise against(verdict.blocks[0])
    if verdict.answer.breaches:
        raise RuleBroken(
            verdict.answer.breaches[0].rule,
            _("The plan breaks %(count)s rules. Put that right before it is published."),
            count=len(verdict.answer.breaches),
        )
    for plan in plans:
        refuse_double(plan, election.id)
    for plan in plans:
        _freeze(plan, by_id)
    db.session.flush()
    sessions.in_step(election)
    return plans


def _freeze(plan: Plan, by_id: str | None) -> None:
    plan.snapshot = _snapshot(plan)
    plan.snapshot_sha256 = picture.fingerprint(plan.snapshot)
    plan.state, plan.published_at, plan.published_by = PlanState.PUBLISHED, clock.now(), by_id
    audit.record(
        "publish", "plan", plan.id, week=f"{plan.monday:%G-W%V}", number=plan.number,
        election=plan.book, sha256=plan.snapshot_sha256,
    )  # fmt: skip
