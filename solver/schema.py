"""The JSON Schema of problems and plans, made of the dataclasses that read them.

Source: JSON Schema, draft 2020-12. What no schema can say (matrices are square, ids are known) is
said by ``validate``.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from solver.plan import Plan
from solver.problem import MOST_VISITS, Problem
from solver.validate import LEAST_URGENT, MOST_CREWS, MOST_DAYS, MOST_DEMAND
from solver.wire import NAMES

_PLAIN: dict[Any, dict[str, Any]] = {
    int: {"type": "integer", "minimum": 0},
    float: {"type": "number", "minimum": 0},
    str: {"type": "string"},
    bool: {"type": "boolean"},
}

_BOUNDS: dict[tuple[str, str], dict[str, Any]] = {
    ("Problem", "version"): {"const": 1},
    ("Problem", "days"): {"minItems": 1, "maxItems": MOST_DAYS},
    ("Problem", "visits"): {"maxItems": MOST_VISITS},
    ("Visit", "id"): {"minLength": 1},
    ("Visit", "crews"): {"minimum": 1, "maximum": MOST_CREWS},
    ("Visit", "priority"): {"minimum": 1, "maximum": LEAST_URGENT},
    ("Visit", "demand"): {"maximum": MOST_DEMAND},
    ("Shift", "id"): {"minLength": 1},
}
"""What a field's type does not say."""


def schema(kind: type[Problem | Plan]) -> dict[str, Any]:
    """The schema of a problem or a plan as JSON-able data."""
    parts: dict[str, Any] = {}
    _part(kind, parts)
    for (part, field), bounds in _BOUNDS.items():
        if part in parts:
            found = parts[part]["properties"][field]
            found.get("anyOf", [found])[0].update(bounds)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Outreach {kind.__name__.lower()}, version 1",
        "$ref": f"#/$defs/{kind.__name__}",
        "$defs": dict(sorted(parts.items())),
    }


def _part(kind: type[Any], parts: dict[str, Any]) -> dict[str, Any]:
    """A reference to a dataclass, whose schema is entered among the parts."""
    if kind.__name__ not in parts:
        parts[kind.__name__] = {}
        hints = typing.get_type_hints(kind, NAMES)
        parts[kind.__name__] = {
            "type": "object",
            "properties": {_name(f): _of(hints[f.name], f, parts) for f in fields(kind)},
            "required": [_name(f) for f in fields(kind) if not _has_default(f)],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _name(field: Field[Any]) -> str:
    return field.name.rstrip("_")


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _of(hint: Any, field: Field[Any], parts: dict[str, Any]) -> dict[str, Any]:
    """The schema of a field; where it has a default, null means the default."""
    found = _type(hint, parts)
    is_open = found == {} or {"type": "null"} in found.get("anyOf", ())
    if _has_default(field) and not is_open:
        return {"anyOf": [found, {"type": "null"}]}
    return found


def _type(hint: Any, parts: dict[str, Any]) -> dict[str, Any]:
    inner = typing.get_args(hint)
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (some,) = (one for one in inner if one is not type(None))
        return {"anyOf": [_type(some, parts), {"type": "null"}]}
    if is_dataclass(hint):
        return _part(typing.cast("type[Any]", hint), parts)
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _type(inner[0], parts)}
    if typing.get_origin(hint) is Mapping:
        return {"type": "object", "additionalProperties": _type(inner[1], parts)}
    return dict(_PLAIN.get(hint, {}))
