"""What was just done, said once at the foot of the next page, with its undo."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Toast:
    """A sentence, and the address that takes the undo's POST ("" when it cannot be undone)."""

    text: str
    undo: str


def toast(request: HttpRequest, text: str, undo: str = "") -> None:
    """Says `text` on the next page shown; `undo` is an address that undoes it by POST."""
    messages.add_message(request, messages.SUCCESS, text, extra_tags=undo)


def pending(request: HttpRequest) -> list[Toast]:
    """What has been said and not shown yet; reading it empties it."""
    return [Toast(str(message.message), message.extra_tags or "") for message in messages.get_messages(request)]
