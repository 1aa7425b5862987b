"""Why a visit is left out, what would help and at what price, and where it could go.

``reasons`` names rules, each tested by lifting it (``alone``: on an empty board). ``cures`` finds
the smallest change of the problem of each kind (``fixes`` against what bars a team, ``times``
against what is short of time), ``pairs`` two at once where no single one helps. ``slots`` puts
visits into a plan. All of it stands on ``board``: the plan on the engine's board, where a change
can be tried and taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from solver.explain.board import Board
from solver.explain.change import NONE
from solver.explain.cures import single
from solver.explain.pairs import double
from solver.explain.patch import patched
from solver.explain.patient import Patient
from solver.explain.reasons import reasons
from solver.explain.slots import (
    Here,
    Slot,
    Spot,
    best_slots,
    here_to_json,
    insert,
    slot_to_json,
    why_here,
)
from solver.plan import Cure, Explanation, Plan
from solver.problem import BadProblem, Problem
from solver.wire import problem_from_json, problem_to_json

__all__ = [
    "Here", "Slot", "Spot", "apply_cure", "best_slots", "explain", "explanation_to_json",
    "here_to_json", "insert", "slot_to_json", "why_here",
]  # fmt: skip
MOST_CURES = 6


def explain(problem: Problem, plan: Plan) -> tuple[Explanation, ...]:
    """One explanation for each visit that the plan leaves out.

    A visit that has a place as things are has no reason, and the cure ``insert``.

    Raises:
        BadProblem: the plan names what the problem does not know.
    """
    if not plan.unserved:
        return ()
    board = Board(problem, plan)
    return tuple(_explained(board, one.visit) for one in plan.unserved)


def _explained(board: Board, visit: str) -> Explanation:
    v = board.known.number.get(visit, -1)
    if v < 0 or v in board.where:
        raise BadProblem(f"plan.unserved: {visit!r} is not known, or is served")
    patient = Patient(board, v)
    if patient.place(NONE, patient.open()) is not None:
        here = patient.found("insert", NONE)
        return Explanation(visit, (), (here.cure(board),) if here is not None else ())
    why, blamed = reasons(board, v)
    found = single(patient, blamed) or double(patient)
    return Explanation(visit, why, tuple(one.cure(board) for one in found[:MOST_CURES]))


def apply_cure(problem: Problem, cure: Cure | Mapping[str, Any]) -> Problem:
    """The problem after a cure's patch; ``insert`` then serves the visit at the cure's price.

    Raises:
        BadProblem: the patch does not fit the problem, or makes no problem.
    """
    patch = cure.patch if isinstance(cure, Cure) else cure["patch"]
    return problem_from_json(patched(problem_to_json(problem), patch))


def explanation_to_json(one: Explanation) -> dict[str, Any]:
    """The explanation as JSON-able data."""
    return {
        "visit": one.visit,
        "reasons": [{"code": r.code, "detail": dict(r.detail)} for r in one.reasons],
        "cures": [
            {"code": c.code, "patch": [dict(step) for step in c.patch], "price": c.price,
             "verified": c.verified}
            for c in one.cures
        ],
    }  # fmt: skip
