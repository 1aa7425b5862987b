"""Print the wire as TypeScript, so that client and server cannot drift apart.

``python -m outreach.field.typescript`` writes ``static/js/tablet/wire.d.ts``.
"""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from outreach.core.assets import STATIC
from outreach.field import wire

TARGET = STATIC / "js" / "tablet" / "wire.d.ts"
_HEAD = """\
// Printed by `python -m outreach.field.typescript` from outreach/field/wire.py: do not edit.
// Minutes count from midnight; moments are milliseconds since 1970 UTC; days are ISO dates.
"""
_ROOTS = (wire.EnrolRequest, wire.EnrolAnswer, wire.SyncRequest, wire.SyncAnswer)
_PLAIN = {
    "string": "string", "integer": "number", "number": "number", "boolean": "boolean",
    "null": "null",
}  # fmt: skip


def printed() -> str:
    """The whole file."""
    _names, schema = models_json_schema([(m, "validation") for m in _ROOTS])
    parts = [_HEAD]
    parts += [_interface(name, body) for name, body in sorted(schema["$defs"].items())]
    kinds = " | ".join(f'"{kind}"' for kind in wire.OpKind.__args__)  # type: ignore[attr-defined]
    parts.append(f"export type OpKind = {kinds};\n")
    return "\n".join(parts)


def _interface(name: str, schema: dict[str, Any]) -> str:
    lines = [
        f"/** {schema.get('description', '').splitlines()[0]} */",
        f"export interface {name} {{",
    ]
    required = set(schema.get("required", ()))
    for field, kind in schema.get("properties", {}).items():
        mark = "" if field in required else "?"
        lines.append(f"  {field}{mark}: {_type(kind, optional=field not in required)};")
    return "\n".join([*lines, "}", ""])


def _type(schema: dict[str, Any], *, optional: bool = False) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        kinds = [_type(part) for part in schema["anyOf"]]
        return " | ".join(kind for kind in kinds if not (optional and kind == "null"))
    if "enum" in schema:
        return " | ".join(f'"{value}"' for value in schema["enum"])
    readers = {"array": _list, "object": _record}
    reader = readers.get(schema.get("type", ""))
    return reader(schema) if reader else _PLAIN.get(schema.get("type", ""), "unknown")


def _record(schema: dict[str, Any]) -> str:
    values = schema.get("additionalProperties")
    return f"Record<string, {_type(values) if isinstance(values, dict) else 'unknown'}>"


def _list(schema: dict[str, Any]) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(part) for part in schema['prefixItems'])}]"
    inner = _type(schema["items"])
    return f"({inner})[]" if "|" in inner else f"{inner}[]"


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(printed())
