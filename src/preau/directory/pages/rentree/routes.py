"""Addresses of la rentrée."""

from __future__ import annotations

from preau.kernel.routes import Route

routes: tuple[Route, ...] = ()
