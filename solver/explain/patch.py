"""JSON Patch (RFC 6902): just what is needed to carry out a cure, or somebody else's change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from solver.problem import BadProblem

_Step = Callable[[Any, Mapping[str, Any]], Any]


def patched(document: Any, patch: Iterable[Mapping[str, Any]]) -> Any:
    """The document after all operations; the one that was given stays as it is.

    Raises:
        BadProblem: an operation cannot be carried out.
    """
    made = json.loads(json.dumps(document))
    for operation in patch:
        step = _STEPS.get(operation.get("op", ""))
        if step is None:
            raise BadProblem(f"patch: {operation.get('op')!r} is no operation")
        try:
            made = step(made, operation)
        except (KeyError, IndexError, ValueError, TypeError):
            raise BadProblem(f"patch: {operation.get('path')!r} leads nowhere") from None
    return made


def _keys(pointer: str) -> list[str]:
    if pointer and not pointer.startswith("/"):
        raise ValueError(pointer)
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]


def _place(holder: Any, key: str) -> Any:
    """The key as a list or an object takes it."""
    if isinstance(holder, dict):
        return key
    if not key.isdigit() or (len(key) > 1 and key[0] == "0"):
        raise ValueError(key)
    return int(key)


def _at(document: Any, keys: Iterable[str]) -> Any:
    found = document
    for key in keys:
        found = found[_place(found, key)]
    return found


def _add(document: Any, operation: Mapping[str, Any]) -> Any:
    keys, value = _keys(operation["path"]), operation["value"]
    if not keys:
        return value
    holder = _at(document, keys[:-1])
    if isinstance(holder, list):
        at = len(holder) if keys[-1] == "-" else _place(holder, keys[-1])
        if at > len(holder):
            raise IndexError(at)
        holder.insert(at, value)
    else:
        holder[keys[-1]] = value
    return document


def _remove(document: Any, operation: Mapping[str, Any]) -> Any:
    keys = _keys(operation["path"])
    holder = _at(document, keys[:-1])
    del holder[_place(holder, keys[-1])]
    return document


def _replace(document: Any, operation: Mapping[str, Any]) -> Any:
    keys, value = _keys(operation["path"]), operation["value"]
    if not keys:
        return value
    holder = _at(document, keys[:-1])
    _at(holder, keys[-1:])  # what is not there cannot be replaced
    holder[_place(holder, keys[-1])] = value
    return document


def _test(document: Any, operation: Mapping[str, Any]) -> Any:
    if _at(document, _keys(operation["path"])) != operation["value"]:
        raise ValueError(operation["path"])
    return document


def _copy(document: Any, operation: Mapping[str, Any]) -> Any:
    value = json.loads(json.dumps(_at(document, _keys(operation["from"]))))
    return _add(document, {"path": operation["path"], "value": value})


def _move(document: Any, operation: Mapping[str, Any]) -> Any:
    value = _at(document, _keys(operation["from"]))
    without = _remove(document, {"path": operation["from"]})
    return _add(without, {"path": operation["path"], "value": value})


_STEPS: Mapping[str, _Step] = {
    "add": _add, "remove": _remove, "replace": _replace, "test": _test, "copy": _copy,
    "move": _move,
}  # fmt: skip
