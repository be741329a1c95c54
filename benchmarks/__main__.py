"""Runs the named benchmarks, or all; 1 when one breaks its budget.

python -m benchmarks [NAME…]
"""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib import import_module
from pathlib import Path

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def main(names: list[str]) -> int:
    """Prints one JSON line a benchmark, with the machine's load before it."""
    unknown = set(names) - set(NAMES)
    if unknown:
        print(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}", file=sys.stderr)
        return 2
    broken = 0
    for name in names or NAMES:
        load = round(os.getloadavg()[0], 1)
        figures = import_module(f"benchmarks.{name}").run()
        broken += bool(figures.get("broken"))
        said = {"benchmark": name, "cores": os.cpu_count(), "load": load, "python": platform.python_version()}
        print(json.dumps({**said, **figures}), flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
