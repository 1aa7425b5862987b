"""The report as lines of text for the command line, in Danish or English. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from outreach.proof.report import Note, Report, Result, Verdict

_WORDS = {
    "da": {
        Result.KEPT: "overholdt", Result.BROKEN: "BRUDT", Result.NOT_APPLICABLE: "ikke relevant",
        "day": "valgdag", "law": "regelsæt", "digest": "SHA-256", "windows": "Lovlige vinduer",
        "to": "til", "rules": "Regler", "notes": "Ikke bevist endnu", "more": "og {n} mere",
        "beside": "Står i regelsættet, men ses ikke efter: {paths}",
        "sum": "{kept} regler overholdt, {broken} brudt, {not_applicable} ikke relevante.",
        "clean": "Ingen regel er brudt.", "unclean": "Valget bryder reglerne.",
    },
    "en": {
        Result.KEPT: "kept", Result.BROKEN: "BROKEN", Result.NOT_APPLICABLE: "not applicable",
        "day": "election day", "law": "ruleset", "digest": "SHA-256", "windows": "Legal windows",
        "to": "to", "rules": "Rules", "notes": "Not proven yet", "more": "and {n} more",
        "beside": "In the ruleset, but not looked at: {paths}",
        "sum": "{kept} rules kept, {broken} broken, {not_applicable} not applicable.",
        "clean": "No rule is broken.", "unclean": "The election breaks the rules.",
    },
}  # fmt: skip
_MOST_NOTES = 3
"""Of one kind; the JSON form has them all."""


def lines(report: Report, language: str) -> Iterator[str]:
    """The whole report, line by line."""
    words, of = _WORDS[language], report.bundle
    yield f"{of.election.title}, {words['day']} {of.election.day}, {words['law']} {of.law.name}"
    yield f"{words['digest']} {of.digest}"
    yield f"\n{words['windows']}"
    for one in report.windows:
        yield f"  {one.name}: {one.first} {words['to']} {one.last}"
    yield f"\n{words['rules']}"
    for verdict in report.verdicts:
        yield from _verdict(verdict, language)
    if report.notes:
        yield f"\n{words['notes']}"
        yield from _notes(report.notes, language)
    if report.beside:
        yield "\n" + words["beside"].format(paths=", ".join(one.path for one in report.beside))
    counts = {result.value: report.count(result) for result in Result}
    yield "\n" + words["sum"].format(**counts)
    yield words["clean" if report.is_clean else "unclean"]


def _verdict(one: Verdict, language: str) -> Iterator[str]:
    result = _WORDS[language][one.result]
    cites = "; ".join(dict.fromkeys(field.cite for field in one.fields))
    amount = f" ({one.looked_at})" if one.looked_at else ""
    yield f"  {result:14} {one.rule}{amount}: {one.asks.of(language)}{cites and f' [{cites}]'}"
    for place in one.places:
        where = place.session or place.site
        yield f"    {where + ': ' if where else ''}{place.says.of(language)}"


def _notes(notes: tuple[Note, ...], language: str) -> Iterator[str]:
    """A few of each kind."""
    shown = Counter[str]()
    for one in notes:
        shown[one.code] += 1
        if shown[one.code] <= _MOST_NOTES:
            yield f"  {one.code}: {one.says.of(language)}"
    for code, amount in shown.items():
        if amount > _MOST_NOTES:
            yield f"  {code}: {_WORDS[language]['more'].format(n=amount - _MOST_NOTES)}"
