"""The demo collège, its families and what stands around it, drawn from a seed: no real person is in it.

It exists so that an empty Préau can be looked at, tested and measured with a school that looks like one. It speaks the
neutral roster only: the importer takes it in as it would any OneRoster set. What a file cannot say is left for the
demo to do as people would: `RESTRICTED` for direction's decisions, `CAST` for who signs in.
"""

from __future__ import annotations

from .cast import CAST, RESTRICTED
from .generate import generate
from .large import large

__all__ = ["CAST", "RESTRICTED", "generate", "large"]
