"""What a school installs: the wheel alone, in an empty environment, on a machine without node."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tools.instance import served
from tools.setup import ROOT, TOOLS

pytestmark = pytest.mark.e2e

UV = TOOLS / "uv" / "bin" / "uv"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (built,) = folder.glob("preau-*.whl")
    return built


def test_it_carries_what_runs_and_no_tests(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for needed in ("preau/ui/dist/manifest.json", "preau/ui/locale/en/LC_MESSAGES/django.mo"):
        assert needed in names
    assert any(name.startswith("preau/ui/templates/") for name in names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert [name for name in names if "/tests/" in name or name.endswith(".map")] == []


def test_it_serves_the_demo_without_node(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    environment = {**os.environ, "VIRTUAL_ENV": str(venv)}
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, venv], check=True)
    install: list[str | Path] = [UV, "pip", "install", "--quiet"]
    subprocess.run([*install, "--require-hashes", "-r", ROOT / "requirements.lock"], env=environment, check=True)
    subprocess.run([*install, "--no-deps", wheel], env=environment, check=True)

    with served("--demo", program=venv / "bin" / "preau", settings={"PATH": str(venv / "bin")}) as instance:
        with urllib.request.urlopen(f"{instance.url}/connexion") as answer:
            page = answer.read().decode()
        assert 'name="username"' in page
        stylesheet = page.split('rel="stylesheet"')[1].split('href="')[1].split('"')[0]
        with urllib.request.urlopen(f"{instance.url}{stylesheet}") as answer:
            assert answer.headers["Content-Type"].startswith("text/css")
