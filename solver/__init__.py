"""The route optimiser: makes, checks, explains and repairs a week of rounds.

The package is pure: it knows neither the web nor the database, and reads no clock but through
its stop rule. ``solve`` makes a plan, ``evaluate`` times a hand-made one, ``check`` judges any,
``explain`` says why a visit was left out and what would help (``apply_cure``), ``best_slots``,
``insert`` and ``why_here`` put a visit into a plan and say what other places would cost.
``form_crews`` says who rides with whom, before any of it.
"""

from solver.check import check, report_to_json
from solver.crews import (
    Crew,
    CrewRule,
    Crews,
    Member,
    RoleLimit,
    Shortfall,
    form_crews,
    is_legal,
)
from solver.evaluate import evaluate
from solver.explain import (
    Here,
    Slot,
    Spot,
    apply_cure,
    best_slots,
    explain,
    explanation_to_json,
    here_to_json,
    insert,
    slot_to_json,
    why_here,
)
from solver.generate import generate
from solver.plan import Cure, Explanation, Plan, Reason, Report, Rest, Route, Stop, Unserved
from solver.problem import (
    MOST_VISITS,
    BadProblem,
    Break,
    Frozen,
    Lag,
    Pin,
    Problem,
    Profile,
    Shift,
    Visit,
    Weights,
    Window,
)
from solver.search import FALLBACK, EngineFault, Progress, solve
from solver.sprint import Budget, Sprint, sprint
from solver.stop import After, Iterations
from solver.wire import (
    plan_from_json,
    plan_to_json,
    problem_from_json,
    problem_sha256,
    problem_to_json,
)

__all__ = [
    "FALLBACK",
    "MOST_VISITS",
    "After",
    "BadProblem",
    "Break",
    "Budget",
    "Crew",
    "CrewRule",
    "Crews",
    "Cure",
    "EngineFault",
    "Explanation",
    "Frozen",
    "Here",
    "Iterations",
    "Lag",
    "Member",
    "Pin",
    "Plan",
    "Problem",
    "Profile",
    "Progress",
    "Reason",
    "Report",
    "Rest",
    "RoleLimit",
    "Route",
    "Shift",
    "Shortfall",
    "Slot",
    "Spot",
    "Sprint",
    "Stop",
    "Unserved",
    "Visit",
    "Weights",
    "Window",
    "apply_cure",
    "best_slots",
    "check",
    "evaluate",
    "explain",
    "explanation_to_json",
    "form_crews",
    "generate",
    "here_to_json",
    "insert",
    "is_legal",
    "plan_from_json",
    "plan_to_json",
    "problem_from_json",
    "problem_sha256",
    "problem_to_json",
    "report_to_json",
    "slot_to_json",
    "solve",
    "sprint",
    "why_here",
]  # fmt: skip
