"""The tree: nothing strange at the top, no addresses of registries or machines."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOP = {
    ".ci", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md",
    "SECURITY.md", "docs", "outreach", "publiccode.yml", "pyproject.toml", "requirements-dev.txt",
    "requirements.txt", "solver", "static", "templates", "tests",
}  # fmt: skip
REGISTRY = re.compile(r"py[p]i\.org|python[h]osted|registry\.npm[j]s|/roo[t]/|/hom[e]/[a-z]")


def tracked() -> list[str]:
    """What belongs to the project: what git knows, or all but the ignored where git cannot say."""
    words = ["git", "-c", "safe.directory=*", "ls-files"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else unignored(ROOT)


def unignored(root: Path) -> list[str]:
    """Every file but those that .gitignore names."""
    patterns = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().split()]

    def is_ours(name: str) -> bool:
        return name != ".git" and not any(fnmatch(name, pattern) for pattern in patterns)

    found = list[str]()
    for folder, inside, files in os.walk(root):
        inside[:] = filter(is_ours, inside)
        found += [
            (Path(folder) / name).relative_to(root).as_posix() for name in files if is_ours(name)
        ]
    return sorted(found)


def test_without_git_the_same_files_are_looked_at() -> None:
    assert set(tracked()) <= set(unignored(ROOT))


def test_nothing_else_stands_at_the_top() -> None:
    assert {path.split("/")[0] for path in tracked()} <= TOP


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = []
    for name in tracked():
        path = ROOT / name
        if path.suffix in {".png", ".ico"} or not path.exists():
            continue
        if REGISTRY.search(path.read_text(errors="replace")):
            found.append(name)
    assert found == []


def test_a_registry_would_be_found() -> None:
    assert REGISTRY.search("https://py" + "pi.org/simple")


def test_the_locked_requirements_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    for name, wanted in (
        ("requirements.txt", project["project"]["dependencies"]),
        ("requirements-dev.txt", project["dependency-groups"]["dev"]),
    ):
        locked = (ROOT / name).read_text()
        for line in wanted:
            package = re.split(r"[\[><=~;]", line)[0].strip()
            assert re.search(rf"^{package}(\[.*\])?==", locked, re.MULTILINE), (name, package)
        assert locked.count("--hash=sha256:") >= locked.count("==")


def test_no_python_file_lies_under_static_or_templates() -> None:
    assert [
        n for n in tracked() if n.startswith(("static/", "templates/")) and n.endswith(".py")
    ] == []
