"""Problems and plans as JSON (version 1), and back."""

from __future__ import annotations

import hashlib
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar

from solver import plan as plans
from solver import problem as problems
from solver.plan import Plan
from solver.problem import BadProblem, Problem
from solver.validate import refuse_many

T = TypeVar("T")
NAMES = {**vars(plans), **vars(problems), "Mapping": Mapping, "Any": Any}
_LONGEST_SHOWN = 60
_HINTS: dict[type[Any], dict[str, Any]] = {}


def problem_to_json(problem: Problem) -> dict[str, Any]:
    """The problem as JSON-able data."""
    data: dict[str, Any] = _dump(problem)
    return data


def problem_from_json(source: str | bytes | Mapping[str, Any]) -> Problem:
    """Read a problem.

    Raises:
        BadProblem: it is no JSON, or a field is wrong; the text names it.
    """
    data = _parsed(source)
    visits = data.get("visits") if isinstance(data, Mapping) else None
    if isinstance(visits, list):
        refuse_many(len(visits))  # before any of them is read
    return _load(Problem, data, "problem")


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON-able data."""
    data: dict[str, Any] = _dump(plan)
    return data


def plan_from_json(source: str | bytes | Mapping[str, Any]) -> Plan:
    """Read a plan.

    Raises:
        BadProblem: it is no JSON, or a field is wrong; the text names it.
    """
    return _load(Plan, _parsed(source), "plan")


def problem_sha256(problem: Problem) -> str:
    """SHA-256 of the problem as JSON with sorted keys and no spaces, UTF-8."""
    return problem.sha256


def digest(problem: Problem) -> str:
    """``problem_sha256``, worked out anew."""
    text = json.dumps(
        problem_to_json(problem), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _parsed(source: str | bytes | Mapping[str, Any]) -> Any:
    if isinstance(source, Mapping):
        return source
    try:
        return json.loads(source, parse_constant=_no_constant)
    except ValueError as error:
        raise BadProblem(f"this is no JSON: {error}") from None
    except RecursionError:
        raise BadProblem("this is no JSON of a problem or plan: it is nested too deeply") from None


def _no_constant(name: str) -> Any:
    raise BadProblem(f"{name} is no number of JSON")


@cache
def _names(kind: Any) -> tuple[tuple[str, str], ...]:
    """The fields of a dataclass: what they are called in JSON and in Python."""
    return tuple((field.name.rstrip("_"), field.name) for field in fields(kind))


def _dump(value: Any) -> Any:
    if isinstance(value, (str, int, float)):
        return value
    if isinstance(value, tuple) and value and isinstance(value[0], int):
        return list(value)  # a row of a matrix
    if is_dataclass(value):
        return {key: _dump(getattr(value, name)) for key, name in _names(value.__class__)}
    if isinstance(value, Mapping):
        return {key: _dump(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_dump(item) for item in value]
    return value


def _load(kind: type[T], data: Any, at: str) -> T:
    if not isinstance(data, Mapping):
        raise BadProblem(f"{at}: must be an object")
    hints = _HINTS.get(kind) or _HINTS.setdefault(kind, typing.get_type_hints(kind, NAMES))
    known = {field.name.rstrip("_"): field for field in fields(kind)}  # type: ignore[arg-type]
    if unknown := set(data) - set(known):
        raise BadProblem(f"{at}.{min(unknown)}: is not known")
    given: dict[str, Any] = {}
    for name, field in known.items():
        has_default = field.default is not MISSING or field.default_factory is not MISSING
        if name in data and not (data[name] is None and has_default):
            given[field.name] = _value(hints[field.name], data[name], f"{at}.{name}")
        elif not has_default:
            raise BadProblem(f"{at}.{name}: is missing")
    return kind(**given)


def _value(hint: Any, data: Any, at: str) -> Any:
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        some = [one for one in inner if one is not type(None)]
        return None if data is None else _value(some[0], data, at)
    if is_dataclass(hint):
        return _load(hint, data, at)  # type: ignore[arg-type]
    if origin is tuple:
        if not isinstance(data, (list, tuple)):
            raise BadProblem(f"{at}: must be a list")
        if inner[0] is int and set(map(type, data)) <= {int}:
            return tuple(data)  # a row of a matrix
        return tuple(_value(inner[0], item, f"{at}[{i}]") for i, item in enumerate(data))
    if origin is Mapping or hasattr(origin, "keys"):
        if not isinstance(data, Mapping):
            raise BadProblem(f"{at}: must be an object")
        return {key: _value(inner[1], item, f"{at}.{key}") for key, item in data.items()}
    return _plain(hint, data, at)


_KINDS = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}


def _short(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _plain(hint: Any, data: Any, at: str) -> Any:
    is_number = isinstance(data, (int, float)) and not isinstance(data, bool)
    good = {
        int: isinstance(data, int) and not isinstance(data, bool),
        float: is_number,
        str: isinstance(data, str),
        bool: isinstance(data, bool),
    }
    if not good.get(hint, True):
        raise BadProblem(f"{at}: must be {_KINDS[hint]}, not {_short(data)}")
    return data
