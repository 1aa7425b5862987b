"""Rulesets on pages: read as law, ticked off, copied, edited, compared, activated, put away."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from outreach.accounts import actions as accounts
from outreach.core import tenancy
from outreach.core.audit import AuditEntry
from outreach.core.auth import Role
from outreach.core.db import db
from outreach.rulesets import queries
from outreach.rulesets.library import shipped
from outreach.rulesets.models import RulesetCopy
from outreach.rulesets.schema import read
from outreach.rulesets.shape import fields

KV = "dk-kv@2025-01"
SIZE = "channels.institution.team.size"
INSTRUCTION = "channels.institution.team.instruction"


@pytest.fixture
def browser(as_role: Callable[[Role], FlaskClient]) -> FlaskClient:
    return as_role(Role.ELECTION_OFFICER)


@pytest.fixture
def draft(browser: FlaskClient) -> RulesetCopy:
    assert browser.post(f"/rulesets/copy/{KV}").status_code == 303
    return stored()


def stored() -> RulesetCopy:
    return db.session.scalars(select(RulesetCopy)).one()


def save(browser: FlaskClient, draft: RulesetCopy, document: Any, **more: Any) -> Any:
    text = document if isinstance(document, str) else json.dumps(document)
    data = {"text": text, "version": draft.version} | more
    return browser.post(f"/rulesets/copies/{draft.id}", data=data)


def verbs() -> list[str]:
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq))
    return [entry.verb for entry in entries if entry.kind == "ruleset"]


def test_the_list_shows_every_ruleset_with_its_unverified_fields(browser: FlaskClient) -> None:
    page = browser.get("/rulesets").text
    for key in shipped():
        assert key in page
    assert "42" in page


@pytest.mark.parametrize("key", sorted(shipped()))
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_ruleset_is_readable_as_law(browser: FlaskClient, key: str, lang: str) -> None:
    page = browser.get(f"/rulesets/{key}?lang={lang}").text
    title = shipped()[key].title
    assert (title.da if lang == "da" else title.en) in page
    assert ("Ikke verificeret" if lang == "da" else "Not verified") in page
    for path, field in fields(shipped()[key]):
        assert f'id="{path}"' in page, path
        assert field.cite in page.replace("&#39;", "'")


def test_dates_are_told_in_words(browser: FlaskClient) -> None:
    fv = browser.get("/rulesets/dk-fv@2025-01?lang=en").text
    assert "From: the latest of 3 weeks before election day and the day of the call. To: " in fv
    assert "weekday no. 3 counted back from election day (Saturday counts)" in fv
    assert "12 days before election day at 18:00 (on Saturday and Sunday moved to" in fv
    da = browser.get("/rulesets/dk-fv@2025-01?lang=da").text
    assert "3. søgnedag regnet baglæns fra valgdagen (lørdag tæller med)" in da


def test_an_officer_ticks_a_field_off_and_takes_it_back(browser: FlaskClient) -> None:
    before = queries.find(KV).unverified
    assert browser.post(f"/rulesets/tick/{KV}", data={"field": INSTRUCTION}).status_code == 303
    assert browser.post(f"/rulesets/tick/{KV}", data={"field": INSTRUCTION}).status_code == 303
    assert queries.find(KV).unverified == before - 1
    assert queries.find(KV).ticks[INSTRUCTION].by == "Election_Officer"
    assert "Taget tilbage" not in browser.get(f"/rulesets/{KV}").text
    assert browser.post(f"/rulesets/untick/{KV}", data={"field": INSTRUCTION}).status_code == 303
    assert queries.find(KV).unverified == before
    assert verbs() == ["tick", "untick"]


def test_only_a_field_that_there_is_can_be_ticked_off(browser: FlaskClient) -> None:
    assert browser.post(f"/rulesets/tick/{KV}", data={"field": "nothing"}).status_code == 404
    assert browser.post("/rulesets/tick/none@1", data={"field": SIZE}).status_code == 404
    assert browser.get("/rulesets/none@1").status_code == 404


def test_a_copy_is_a_draft_of_its_own_version(browser: FlaskClient, draft: RulesetCopy) -> None:
    assert (draft.code, draft.label, draft.state) == ("dk-kv", "2025-01-a", "draft")
    assert draft.document["version"] == "2025-01-a"
    browser.post(f"/rulesets/copy/{KV}")
    labels = set(db.session.scalars(select(RulesetCopy.label)))
    assert labels == {"2025-01-a", "2025-01-b"}
    assert browser.get(f"/rulesets/copies/{draft.id}").status_code == 200


def test_no_election_can_follow_a_draft(browser: FlaskClient, draft: RulesetCopy) -> None:
    key = queries.key_of(draft)
    assert key not in queries.usable()
    assert browser.post(f"/rulesets/tick/{key}", data={"field": SIZE}).status_code == 409
    assert browser.post(f"/rulesets/copies/{draft.id}/activate").status_code == 303
    assert queries.usable()[key].id == "dk-kv"


def test_an_active_copy_never_changes(browser: FlaskClient, draft: RulesetCopy) -> None:
    browser.post(f"/rulesets/copies/{draft.id}/activate")
    assert browser.get(f"/rulesets/copies/{draft.id}").status_code == 409
    assert save(browser, stored(), {**draft.document, "country": "SE"}).status_code == 409
    assert browser.post(f"/rulesets/copies/{draft.id}/activate").status_code == 409
    assert stored().document["country"] == "DK"


def test_a_wrong_draft_is_kept_shown_and_never_activated(
    browser: FlaskClient, draft: RulesetCopy
) -> None:
    document = {**draft.document, "calendar": {**draft.document["calendar"], "holidays": "Mars"}}
    assert save(browser, draft, document).status_code == 303
    page = browser.get(f"/rulesets/copies/{draft.id}?lang=en").text
    assert "calendar.holidays" in page
    assert "No set of public holidays has this name." in page
    assert browser.post(f"/rulesets/copies/{draft.id}/activate").status_code == 303
    assert stored().state == "draft"
    assert "calendar.holidays" in browser.get(f"/rulesets/copies/{draft.id}").text
    assert browser.get(f"/rulesets/{queries.key_of(draft)}").status_code == 200
    assert browser.get(f"/rulesets/vectors/{queries.key_of(draft)}").status_code == 303
    assert browser.get("/rulesets").status_code == 200


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '"x"', '{"id": NaN}', '{"id": "dk-kv"}', '{"id": "dk kv", "version": "1"}',
     '{"id": "dk-kv", "version": "2025-01"}', '{"id": "dk-fv", "version": "2025-01"}',
     '{"id": "x", "version": "1", "title": ' + "[" * 60 + "]" * 60 + "}",
     '{"id": "x", "version": "1", "note": "010190-1234"}',
     '{"id": "x", "version": "1", "note": "\\ud800"}'],
    ids=["nothing", "half", "list", "text", "NaN", "no version", "bad id", "shipped", "another",
         "too deep", "CPR", "half a letter"],
)  # fmt: skip
def test_what_cannot_be_a_draft_is_refused_and_the_text_stays(
    browser: FlaskClient, draft: RulesetCopy, text: str
) -> None:
    answer = save(browser, draft, text)
    assert answer.status_code == 422
    assert stored().document == draft.document
    assert verbs() == ["copy"]


def test_two_officers_do_not_overwrite_each_other(browser: FlaskClient, draft: RulesetCopy) -> None:
    assert save(browser, draft, {**draft.document, "country": "SE"}).status_code == 303
    late = save(browser, draft, {**draft.document, "country": "NO"}, version=1)
    assert late.status_code == 409
    assert stored().document["country"] == "SE"


def test_what_was_ticked_off_and_is_the_same_stays_so(browser: FlaskClient) -> None:
    for path in (SIZE, INSTRUCTION):
        browser.post(f"/rulesets/tick/{KV}", data={"field": path})
    browser.post(f"/rulesets/copy/{KV}")
    draft = stored()
    document = json.loads(json.dumps(draft.document))
    document["channels"]["institution"]["team"]["size"]["min"] = 3
    save(browser, draft, document)
    browser.post(f"/rulesets/copies/{draft.id}/activate")
    assert set(queries.find(queries.key_of(draft)).ticks) == {INSTRUCTION}


def test_a_copy_is_put_away_and_taken_back(browser: FlaskClient, draft: RulesetCopy) -> None:
    browser.post(f"/rulesets/copies/{draft.id}/activate")
    for verb, state in (("retire", "retired"), ("restore", "active"), ("restore", "active")):
        assert browser.post(f"/rulesets/copies/{draft.id}/{verb}").status_code == 303
        assert stored().state == state
        assert (queries.key_of(draft) in queries.usable()) is (state == "active")
    assert verbs() == ["copy", "activate", "retire", "restore"]


def test_a_draft_that_is_put_away_comes_back_as_a_draft(
    browser: FlaskClient, draft: RulesetCopy
) -> None:
    browser.post(f"/rulesets/copies/{draft.id}/retire")
    browser.post(f"/rulesets/copies/{draft.id}/restore")
    assert stored().state == "draft"


def test_a_copy_is_compared_with_the_dates_of_its_source(
    browser: FlaskClient, draft: RulesetCopy
) -> None:
    url = f"/rulesets/vectors/{queries.key_of(draft)}?lang=en"
    page = browser.get(url).text
    assert page.count("Agrees") == 13
    assert "13 of 13 dates agree" in page
    assert "Differs" not in page
    document = json.loads(json.dumps(draft.document))
    document["channels"]["institution"]["window"]["from"]["days"] = -14
    save(browser, draft, document)
    page = browser.get(url).text
    assert page.count("Differs") == 2
    assert "2 Nov 2021" in page


def test_dates_of_ones_own_are_compared(browser: FlaskClient) -> None:
    url = f"/rulesets/vectors/{KV}?lang=en"
    own = [{"election_day": "2033-11-15", "expect": {"home_to": "2033-11-11", "moon_to": "x"}},
           {"election_day": "1980-11-15", "expect": {"home_to": "1980-11-11"}}]  # fmt: skip
    page = browser.post(url, data={"text": json.dumps(own)}).text
    assert page.count("Agrees") == 14
    assert page.count("Differs") == 2
    assert "Give a day from 2000 to 2100." in page


@pytest.mark.parametrize(
    "text",
    ["", "{", '[{"election_day": "x", "expect": {}}]', '{"vectors": 3}', "[3]",
     json.dumps([{"election_day": "2033-11-15", "expect": {}}] * 201)],
    ids=["nothing", "half", "no day", "no list", "no vector", "too many"],
)  # fmt: skip
def test_dates_that_cannot_be_read_are_refused(browser: FlaskClient, text: str) -> None:
    assert browser.post(f"/rulesets/vectors/{KV}", data={"text": text}).status_code == 422


def test_another_organisation_sees_nothing_of_a_copy(
    browser: FlaskClient, draft: RulesetCopy
) -> None:
    other = accounts.create_organisation("Randers Kommune")
    with tenancy.acting_for(other.id):
        assert set(queries.usable()) == set(shipped())
        assert len(queries.everything()) == len(shipped())


def test_the_list_costs_the_same_with_more_copies(browser: FlaskClient) -> None:
    from tests.counting import statements  # noqa: PLC0415

    def cost() -> int:
        with statements() as found:
            queries.everything()
        return len(found)

    few = cost()
    for _ in range(5):
        browser.post(f"/rulesets/copy/{KV}")
    assert cost() == few == 2


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of a page's form."""
    found = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    found |= dict(re.findall(r'name="(\w+)"[^>]*><option selected value="(\w+)"', page))
    for name, choices in re.findall(
        r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.DOTALL
    ):
        found[name] = re.findall(r'<option selected value="(\w+)"', choices)[0]
    for name, text in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL
    ):
        found[name] = html.unescape(text)
    return {name: html.unescape(value) for name, value in found.items()}


@pytest.mark.parametrize("path", [path for path, _field in fields(shipped()[KV])])
def test_every_field_of_a_draft_has_a_form_that_changes_nothing_by_itself(
    browser: FlaskClient, draft: RulesetCopy, path: str
) -> None:
    url = f"/rulesets/copies/{draft.id}/fields/{path}"
    page = browser.get(url)
    assert page.status_code == 200
    sent = form_of(page.text)
    if 'type="checkbox"' in page.text and "checked" not in page.text:
        sent.pop("value")
    assert browser.post(url, data=sent).status_code == 303
    assert read(stored().document) == read(draft.document)


CHANGES: dict[str, tuple[str, dict[str, str], Any]] = {
    "minutes": ("session.min_minutes", {"value": "45"}, {"value": 45}),
    "size": ("team.size", {"min": "3", "max": "4"}, {"min": 3, "max": 4}),
    "yes or no": ("team.instruction", {"value": ""}, {"value": False}),
    "clock": ("custody.return_by", {"value": "17:30"}, {"value": "17:30"}),
    "window": ("window", {"from_": '{"anchor": "E", "days": -14}'},
               {"from": {"anchor": "E", "days": -14}}),
    "visits": ("visits", {"max": "2", "min_gap_days": "1"}, {"max": 2, "min_gap_days": 1}),
    "citation": ("outcomes", {"cite": "KRV § 99"}, {"cite": "KRV § 99"}),
    "status": ("notice", {"status": "practice", "level": "info"},
               {"status": "practice", "level": "info"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_field_of_a_draft_is_changed_by_its_form(
    browser: FlaskClient, draft: RulesetCopy, name: str
) -> None:
    path, given, wanted = CHANGES[name]
    url = f"/rulesets/copies/{draft.id}/fields/channels.institution.{path}"
    sent = form_of(browser.get(url).text) | given
    if given.get("value") == "":
        del sent["value"]
    assert browser.post(url, data=sent).status_code == 303
    place = stored().document["channels"]["institution"]
    for step in path.split("."):
        place = place[step]
    assert {key: place[key] for key in wanted} == wanted
    assert verbs() == ["copy", "change"]


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("session.min_minutes", {"value": "-1"}),
        ("session.min_minutes", {"value": "x"}),
        ("team.size", {"min": "3", "max": "2"}),
        ("team.size", {"level": "warn"}),
        ("team.size", {"cite": " "}),
        ("window", {"from_": "{"}),
        ("window", {"from_": '{"anchor": "E", "days": 3}'}),
        ("window", {"from_": '{"window": "institution", "side": "from"}'}),
        ("custody.return_by", {"value": "25:00"}),
    ],
    ids=["negative", "no number", "upside down", "law that warns", "no citation", "no JSON",
         "from after to", "circle", "no time"],
)  # fmt: skip
def test_what_a_field_cannot_be_is_refused(
    browser: FlaskClient, draft: RulesetCopy, path: str, given: dict[str, str]
) -> None:
    url = f"/rulesets/copies/{draft.id}/fields/channels.institution.{path}"
    answer = browser.post(url, data=form_of(browser.get(url).text) | given)
    assert answer.status_code == 422
    assert stored().document == draft.document


def test_only_a_field_of_a_draft_has_a_form(browser: FlaskClient, draft: RulesetCopy) -> None:
    url = f"/rulesets/copies/{draft.id}/fields"
    assert browser.get(f"{url}/nothing").status_code == 404
    stale = form_of(browser.get(f"{url}/{SIZE}").text)
    browser.post(f"{url}/{SIZE}", data=stale)
    assert browser.post(f"{url}/{SIZE}", data=stale).status_code == 409
    browser.post(f"/rulesets/copies/{draft.id}/activate")
    assert browser.get(f"{url}/{SIZE}").status_code == 409


def test_a_cpr_number_that_json_hides_is_refused(browser: FlaskClient, draft: RulesetCopy) -> None:
    note = {**draft.document["general"]["all_parts"], "note": {"da": "HERE", "en": "x"}}
    document = {**draft.document, "general": {**draft.document["general"], "all_parts": note}}
    hidden = json.dumps(document).replace("HERE", "\\u0030\\u0031\\u0030170-1234")
    assert save(browser, draft, hidden).status_code == 422
    assert stored().document == draft.document
