"""Refuses committed files that name a registry's host or a place on somebody's machine.

A lock that records where its packages came from sends every other machine there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator

from tools.setup import ROOT

REGISTRY = re.compile(
    r"\b(pypi\.(org|io)|pythonhosted\.org|npmjs\.(org|com)|yarnpkg\.com|jsdelivr\.net|unpkg\.com|crates\.io"
    r"|proxy\.golang\.org|deb\.debian\.org|maven\.org)\b",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.$}/-])/(work|root|tmp/\w|opt/wheels)(/|\b(?!-))")
OUTSIDE = re.compile(r"\.\./shared\b")
PROSE = (".md", ".html")  # may speak of a place in words
LICENCES = ("LICENSE", "LICENCE", "OFL")


def faults() -> Iterator[str]:
    """One line a fault: file, line number and what is wrong with it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.split("\0"):
        path = ROOT / name
        if not path.is_file() or any(word in path.name.upper() for word in LICENCES):
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture, a font, a sample in another encoding
        for number, line in enumerate(lines, 1):
            if REGISTRY.search(line):
                yield f"{name}:{number}: names a registry's host"
            if not name.endswith(PROSE) and MACHINE_PATH.search(line):
                yield f"{name}:{number}: names a place on one machine"
            if not name.endswith(PROSE) and OUTSIDE.search(line):
                yield f"{name}:{number}: reads outside the repository"


def main() -> int:
    """Prints every fault; 1 when there is one."""
    found = list(faults())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
