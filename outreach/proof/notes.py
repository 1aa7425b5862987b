"""What is no breach and yet not proven: said as plainly as a breach. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from outreach.proof.bundle import Bundle, Session
from outreach.proof.named import Words
from outreach.proof.report import Field, Note
from outreach.rulesets import facts


def of(
    bundle: Bundle, found: Iterable[facts.Finding], rests_on: Iterable[Field]
) -> tuple[Note, ...]:
    """Every note; ``rests_on`` are the fields on which the verdicts rest."""
    unverified = dict.fromkeys(field for field in rests_on if field.is_unverified)
    return (
        *(_warning(one) for one in found if one.level is not facts.Level.BLOCK),
        *(note for one in bundle.sessions for note in _of_session(one, bundle)),
        *(_assumption(field) for field in unverified),
    )


def _warning(one: facts.Finding) -> Note:
    return Note(one.code, Words(one.da, one.en), one.session, one.site)


def _of_session(one: Session, bundle: Bundle) -> Iterator[Note]:
    if one.planned and not one.planned.is_published and one.held is None:
        yield _note(one, "not-published", "står kun i et udkast.", "is only in a draft.")
    if one.held is None:
        if one.planned and one.planned.ends < bundle.made_at:
            yield _note(one, "not-held", "er ikke åbnet, og tiden er gået.",
                        "was not opened, and its time is over.")  # fmt: skip
        else:
            yield _note(one, "to-come", "er ikke afholdt endnu.", "has not been held yet.")
        return
    if one.held.closed_at is None:
        yield _note(one, "open", "er ikke lukket.", "has not been closed.")
    if one.held.is_doubtful:
        yield _note(one, "doubtful-clock", "har tider fra en tablet med et tvivlsomt ur.",
                    "has times from a tablet with a doubtful clock.")  # fmt: skip
    if one.held.outside:
        yield _note(one, "counted-outside", f"har {one.held.outside} talt uden for sessionen.",
                    f"has {one.held.outside} counted outside the session.")  # fmt: skip
    yield from _tablets(one)


def _tablets(one: Session) -> Iterator[Note]:
    """F71: a count is complete when every tablet has handed everything in."""
    for tablet in one.held.tablets if one.held else ():
        if not tablet.is_complete:
            yield _note(
                one, "incomplete",
                f"er ikke komplet: tablet {tablet.id} har {tablet.pending} ikke sendt eller har "
                "ikke meldt sig siden.",
                f"is incomplete: tablet {tablet.id} has {tablet.pending} unsent or has not been in "
                "contact since.",
            )  # fmt: skip


def _note(one: Session, code: str, da: str, en: str) -> Note:
    return Note(code, Words(f"Session {one.id} {da}", f"Session {one.id} {en}"), one.id, one.site)


def _assumption(field: Field) -> Note:
    """A field that nobody compared with the law in force."""
    return Note(
        "not-verified",
        Words(
            f"{field.path} er en antagelse ({field.cite}), som ingen har sammenholdt med loven.",
            f"{field.path} is an assumption ({field.cite}) that nobody compared with the law.",
        ),
    )
