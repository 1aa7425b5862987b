"""Rot starts where one file or function may grow without end."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = [
    p
    for folder in ("outreach", "solver", "tests")
    for p in sorted((ROOT / folder).rglob("*.py"))
    if "versions" not in p.parts and "node_modules" not in p.parts
]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.end_lineno:
            yield node.name, node.end_lineno - node.lineno + 1


def too_long(paths: list[Path], limit: int) -> list[str]:
    return [
        f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name} {name} {lines}"
        for path in paths
        for name, lines in functions(path)
        if lines > limit
    ]


def longer_than(lines: int, paths: Iterable[Path]) -> list[str]:
    return [p.name for p in paths if len(p.read_text().splitlines()) > lines]


def larger_than(size: int, paths: Iterable[Path]) -> list[str]:
    return [p.name for p in paths if p.stat().st_size > size]


def test_no_python_file_has_more_than_400_lines() -> None:
    assert len(PYTHON) > 200
    assert longer_than(400, PYTHON) == []


def test_no_function_has_more_than_60_lines() -> None:
    assert too_long(PYTHON, 60) == []


def test_no_view_has_more_than_25_lines() -> None:
    views = [p for p in PYTHON if p.name == "views.py"]
    assert len(views) > 8
    assert too_long(views, 25) == []


def test_no_script_is_larger_than_10_kilobytes() -> None:
    scripts = [*(ROOT / "static/js").rglob("*.js"), ROOT / "static/sw.js"]
    assert len(scripts) > 20
    assert larger_than(10_000, scripts) == []


def test_no_template_has_more_than_150_lines() -> None:
    pages = list((ROOT / "templates").rglob("*.html"))
    assert len(pages) > 20
    assert longer_than(150, pages) == []


def test_what_is_too_long_would_be_found(tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    body = "\n".join(f"    x{n} = {n}" for n in range(60))
    planted.write_text(f"def long() -> None:\n{body}\n")
    assert too_long([planted], 60) == ["planted.py long 61"]
    assert too_long([planted], 61) == []
    assert longer_than(60, [planted]) == larger_than(100, [planted]) == ["planted.py"]
    assert longer_than(61, [planted]) == larger_than(10_000, [planted]) == []


@pytest.mark.parametrize("name", ["conftest.py"])
def test_the_shared_fixtures_stay_small(name: str) -> None:
    assert len((ROOT / "tests" / name).read_text().splitlines()) <= 150
