"""What is built also runs: the wheel carries templates and static files."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROBE = """
from outreach.app import create_app
from outreach.core import migrate
app = create_app()
with app.app_context():
    migrate.upgrade()
client = app.test_client()
page = client.get("/sign-in")
assert page.status_code == 200, page.status
version = app.extensions["asset_version"]
assert client.get(f"/static/{version}/css/tokens.css").status_code == 200
assert client.get("/sw.js").status_code == 200
"""


def test_an_installed_wheel_serves_a_page_and_an_asset(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    installed = tmp_path / "installed"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(installed)
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("OUTREACH_")},
        "PYTHONPATH": str(installed), "OUTREACH_INSTANCE": str(tmp_path / "instance"),
        "OUTREACH_ENV": "test",
    }  # fmt: skip
    subprocess.run([sys.executable, "-c", PROBE], cwd=tmp_path, env=environment, check=True)
