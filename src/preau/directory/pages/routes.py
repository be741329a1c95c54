"""Addresses of people, groups, powers and guardians."""

from __future__ import annotations

from preau.kernel.routes import Route

routes: tuple[Route, ...] = ()
