"""Rot starts where one file or function may grow without end."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
        f"{path.relative_to(ROOT)} {name} {lines}"
        for path in paths
        for name, lines in functions(path)
        if lines > limit
    ]


def test_no_python_file_has_more_than_400_lines() -> None:
    assert [str(p) for p in PYTHON if len(p.read_text().splitlines()) > 400] == []


def test_no_function_has_more_than_60_lines() -> None:
    assert too_long(PYTHON, 60) == []


def test_no_view_has_more_than_25_lines() -> None:
    assert too_long([p for p in PYTHON if p.name == "views.py"], 25) == []


def test_no_script_is_larger_than_10_kilobytes() -> None:
    scripts = [*(ROOT / "static/js").rglob("*.js"), ROOT / "static/sw.js"]
    assert [p.name for p in scripts if p.stat().st_size > 10_000] == []


def test_no_template_has_more_than_150_lines() -> None:
    pages = (ROOT / "templates").rglob("*.html")
    assert [p.name for p in pages if len(p.read_text().splitlines()) > 150] == []


def test_a_function_that_is_too_long_would_be_found() -> None:
    planted = ROOT / "tests" / "house" / "__planted__.py"
    body = "\n".join(f"    x{n} = {n}" for n in range(61))
    planted.write_text(f"def long() -> None:\n{body}\n")
    try:
        assert too_long([planted], 60) != []
    finally:
        planted.unlink()


@pytest.mark.parametrize("name", ["conftest.py"])
def test_the_shared_fixtures_stay_small(name: str) -> None:
    assert len((ROOT / "tests" / name).read_text().splitlines()) <= 150
