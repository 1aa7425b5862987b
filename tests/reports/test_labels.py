"""Every group and reason has words of its own, in both languages."""

from __future__ import annotations

import pytest
from flask import Flask

from outreach.reports import labels
from outreach.rounds import words
from outreach.sites.models import SiteKind
from outreach.visits.models import VisitStatus
from solver.explain.cures import AGAINST

OF_THE_SOLVER = {*AGAINST, "notice_too_late", "gap_rule", "capacity"}


def test_every_kind_and_state_has_a_label() -> None:
    assert set(labels.KINDS) == set(SiteKind)
    assert set(labels.STATUSES) == set(VisitStatus) - {VisitStatus.CANCELLED}


def test_every_reason_of_the_solver_has_a_label() -> None:
    named = {code.removeprefix("unplanned.") for code in labels.REASONS if "unplanned" in code}
    assert named == OF_THE_SOLVER | {"no_position"}


@pytest.mark.parametrize("code", sorted(OF_THE_SOLVER | {"no_position"}))
def test_every_reason_of_the_solver_has_a_sentence_of_its_own(app: Flask, code: str) -> None:
    with app.test_request_context("/?lang=en"):
        assert words.reason(code, {}) != words.reason("unheard of", {})


def test_the_figures_page_speaks_danish(app: Flask) -> None:
    with app.test_request_context("/?lang=da"):
        assert str(labels.KINDS["care_home"]) == "Plejehjem"
        assert labels.reason("no_access.refused") == "Stedet sagde nej ved døren"
