"""Every address of the directory."""

from __future__ import annotations

from preau.directory.pages.rentree.routes import routes as rentree
from preau.directory.pages.routes import routes as people

routes = (*people, *rentree)
