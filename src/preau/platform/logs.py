"""Structured logs: one JSON object a line on standard error, with the request's id and nothing about people.

No query string, no address of a client, no raw path (paths carry one-use tokens): the access log names the route.
"""

from __future__ import annotations

import logging
import re
import secrets
from contextvars import ContextVar
from typing import Any

from pythonjsonlogger.json import JsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="")

_ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")
# PostgreSQL quotes the row in these lines of its errors.
_QUOTED_DATA = re.compile(r"^(?:DETAIL|CONTEXT|QUERY):.*\n?", re.MULTILINE)


def new_request_id(proposed: str = "") -> str:
    """The id a trusted proxy proposed when it is one, otherwise a new one."""
    return proposed if _ACCEPTABLE.fullmatch(proposed) else secrets.token_hex(8)


class Formatter(JsonFormatter):
    """Adds the request's id, and keeps paths and quoted rows out."""

    def __init__(self) -> None:
        super().__init__(
            ["asctime", "levelname", "name", "message"],
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            rename_fields={"asctime": "at", "levelname": "level", "name": "logger", "exc_info": "error"},
            # `request` is what Django attaches to its lines: the whole request, with the person's cookie.
            reserved_attrs=[*logging.makeLogRecord({}).__dict__, "message", "asctime", "request", "color_message"],
            json_ensure_ascii=False,
        )

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        super().add_fields(log_data, record, message_dict)
        if record.name.startswith("django.request"):
            # Django's sentence quotes the path; the access log of the same request names its route.
            log_data["message"] = "a page failed"
        if current := request_id.get():
            log_data["request"] = current
        if "error" in log_data:
            log_data["error"] = _QUOTED_DATA.sub("", str(log_data["error"]))
