"""A ruleset from its JSON form, checked; and the JSON Schema of that form.

Source: JSON Schema, draft 2020-12.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from pydantic import ValidationError

from outreach.core.errors import OutreachError
from outreach.rulesets.shape import Ruleset
from outreach.rulesets.sound import faults

__all__ = ["BadRuleset", "Ruleset", "read", "schema"]


class BadRuleset(OutreachError):
    """A ruleset that cannot be used.

    Attributes:
        field: path of the first field that is wrong; why: what is wrong with it.
        faults: every field that is wrong, with why.
    """

    code, status = "bad-ruleset", 422
    say = _("The ruleset cannot be used: %(field)s: %(why)s")

    def __init__(self, field: str, why: Any, faults: Sequence[tuple[str, Any]] = ()) -> None:
        super().__init__(field=field, why=why)
        self.field, self.why = field, why
        self.faults = tuple(faults) or ((field, why),)

    def __str__(self) -> str:
        return f"{self.field}: {self.why}"


def read(document: Mapping[str, Any]) -> Ruleset:
    """A ruleset from its JSON form.

    Raises:
        BadRuleset: naming the field that is wrong.
    """
    try:
        text = json.dumps(document)
        ruleset = Ruleset.model_validate_json(text)
    except ValidationError as error:
        found = [(_path(one["loc"]), _why(one)) for one in error.errors(include_url=False)]
        raise BadRuleset(*found[0], found) from None
    except (TypeError, ValueError, RecursionError):
        raise BadRuleset("ruleset", _("This is no JSON.")) from None
    wrong = list(faults(ruleset))
    if wrong:
        raise BadRuleset(*wrong[0], wrong)
    return ruleset


def _path(where: tuple[int | str, ...]) -> str:
    """The field as an author wrote it, without the steps that only the reader knows."""
    steps = [str(step) for step in where if step not in ("[key]", "date", "function-after")]
    return ".".join(step for step in steps if not step.startswith("literal[")) or "ruleset"


_WHYS: dict[str, Any] = {
    "missing": _("It is missing."),
    "extra_forbidden": _("No field has this name."),
    "enum": _("It is none of the words that are possible here."),
    "literal_error": _("It is none of the words that are possible here."),
    "string_type": _("It must be a text."),
    "string_too_short": _("It must not be empty."),
    "string_pattern_mismatch": _("It is not written as it must be."),
    "bool_type": _("It must be true or false."),
    "int_type": _("It must be a whole number."),
    "int_from_float": _("It must be a whole number."),
    "finite_number": _("It must be a whole number."),
    "greater_than_equal": _("The number is too small."),
    "less_than_equal": _("The number is too large."),
    "too_short": _("It must not be empty."),
    "date_from_datetime_parsing": _("It is no day of the calendar."),
    "date_parsing": _("It is no day of the calendar."),
    "date_type": _("It is no day of the calendar."),
    "says nothing": _("It must not be empty."),
    "a breach of the law always blocks": _("A breach of the law always blocks."),
    "needs exactly one of anchor, window, max and min": _(
        "A date starts from exactly one of anchor, window, max and min."
    ),
    "window and side go together": _("A window is named together with its side."),
    "the effect outcome goes with an outcome and site kinds": _(
        "The effect outcome goes with an outcome and site kinds."
    ),
    "the effect later goes with a window": _("The effect later goes with a window."),
}


def _why(error: Any) -> Any:
    """What is wrong with a field, as a sentence."""
    said = str(error.get("ctx", {}).get("error", ""))
    return _WHYS.get(said) or _WHYS.get(error["type"]) or error["msg"]


def schema() -> dict[str, Any]:
    """The JSON Schema of rulesets."""
    made = Ruleset.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Outreach ruleset, format 1",
    }
