"""Services with their check lists, kits and skills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from outreach.catalogue.models import ChecklistItem, Kit, Service
from outreach.demo.source import Line, lines, words
from outreach.demo.store import Store
from outreach.people.models import Skill


@dataclass(frozen=True, slots=True)
class Task:
    """A line of a check list."""

    text_da: str
    text_en: str
    is_mandatory: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the rest of the demo needs to know of the catalogue.

    Attributes:
        skill_ids: by code.
        skills: the codes that a service needs, by service.
        tasks: the check list, by service.
    """

    skill_ids: dict[str, str]
    skills: dict[str, frozenset[str]]
    minutes: dict[str, int]
    setup: dict[str, int]
    tasks: dict[str, tuple[Task, ...]]


def store_catalogue(
    store: Store, amounts: Mapping[str, int], teams: int, usual_teams: int = 7
) -> Catalogue:
    """Keep the catalogue; kits grow with the number of teams, ``amounts`` overrides."""
    for line in lines("kits"):
        amount = -(-int(line["amount"]) * max(teams, usual_teams) // usual_teams)
        amount = amounts.get(line["code"], amount)
        store.add(
            Kit, code=line["code"], name_da=line["name_da"], name_en=line["name_en"], amount=amount
        )
    skill_ids = {line["code"]: store.add(Skill, **line) for line in lines("skills")}
    tasks = _tasks()
    services = lines("services")
    for line in services:
        _store_service(store, line, tasks.get(line["code"], ()))
    return Catalogue(
        skill_ids=skill_ids,
        skills={line["code"]: frozenset(words(line["skills"])) for line in services},
        minutes={line["code"]: int(line["minutes"]) for line in services},
        setup={line["code"]: int(line["setup"]) for line in services},
        tasks=tasks,
    )


def _tasks() -> dict[str, tuple[Task, ...]]:
    found: dict[str, list[Task]] = {}
    for line in lines("tasks"):
        task = Task(line["text_da"], line["text_en"], line["mandatory"] == "1")
        found.setdefault(line["service"], []).append(task)
    return {code: tuple(tasks) for code, tasks in found.items()}


def _store_service(store: Store, line: Line, tasks: tuple[Task, ...]) -> None:
    service_id = store.add(
        Service, code=line["code"], name_da=line["name_da"], name_en=line["name_en"],
        minutes=int(line["minutes"]), setup_minutes=int(line["setup"]), kits=words(line["kits"]),
        skills=words(line["skills"]), is_authority_task=line["authority"] == "1",
        needs_network=line["network"] == "1",
    )  # fmt: skip
    for seq, task in enumerate(tasks):
        store.add(
            ChecklistItem, service_id=service_id, seq=seq, text_da=task.text_da,
            text_en=task.text_en, is_mandatory=task.is_mandatory,
        )  # fmt: skip
