"""`make lint`: style, types, architecture and messages; nothing here runs the program.

python -m tools.checks [NAME…]    runs the named checks, or all; 1 when one fails
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.setup import ROOT, VENV, find_node

BIN = VENV / "bin"


def commands() -> dict[str, list[str | Path]]:
    """Every check by name. The longest stands first, so that two cores end together."""
    node, _ = find_node()
    templates = sorted((ROOT / "src" / "preau").glob("*/templates/**/*.html"))
    python = BIN / "python"
    return {
        "mypy": [BIN / "mypy"],
        "ruff": [BIN / "ruff", "check"],
        "ruff format": [BIN / "ruff", "format", "--check"],
        "import-linter": [BIN / "lint-imports", "--no-logo"],
        "djhtml": [BIN / "djhtml", "--check", "--tabwidth", "2", *templates],
        "tsc": [node, ROOT / "node_modules" / "typescript" / "bin" / "tsc", "--project", ROOT / "frontend"],
        "catalogues": [python, ROOT / "tools" / "catalogues.py", "check"],
        "committed files": [python, "-m", "tools.committed"],
    }


def run_checks(names: Sequence[str] = ()) -> dict[str, bool]:
    """Runs the named checks (all when none is named), two at a time, printing each; whether each one passed."""
    wanted = {name: command for name, command in commands().items() if not names or name in names}
    passed = {}
    with ThreadPoolExecutor(max_workers=2) as pool:
        running = {name: pool.submit(run_one, command) for name, command in wanted.items()}
        for name, future in running.items():
            done = future.result()
            passed[name] = done.returncode == 0
            print(f"{'ok    ' if passed[name] else 'FAILED'} {name}", flush=True)
            if not passed[name]:
                print(done.stdout, flush=True)
    return passed


def run_one(command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
    """Runs a check apart from the environment's own PREAU_* settings; standard error is joined to its output."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREAU_")}
    return subprocess.run(
        list(map(str, command)),
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(0 if all(run_checks(sys.argv[1:]).values()) else 1)
