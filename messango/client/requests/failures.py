"""Why requests fail without the room: it has no such feature, or its numbers begin again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from messango.client.events import MessageFailed, RequestFailed
from messango.client.requests.outbox import OwnRequest
from messango.client.requests.questions import Question
from messango.protocol import error_codes, features
from messango.protocol.frames import Delete, Earlier, Edit, React, Say, Search, Tell

#: The feature that each kind of request needs, and what cannot be done without it.
_NEEDED: Final[dict[type[OwnRequest | Question], tuple[str, str]]] = {
    Tell: (features.PRIVATE, "send private messages"),
    React: (features.REACTIONS, "react to messages"),
    Edit: (features.EDITS, "edit messages"),
    Delete: (features.EDITS, "delete messages"),
    Earlier: (features.EARLIER, "load older messages"),
    Search: (features.SEARCH, "search older messages"),
}

_LOST_HISTORY: Final = "The room has lost its history, and with it the message that you mean."


def missing_feature(
    request: OwnRequest | Question, offered: Collection[str]
) -> MessageFailed | RequestFailed | None:
    """Return why this request cannot be sent to a room that offers these features; None if it can."""
    feature, action = _NEEDED.get(type(request), ("", ""))
    if not feature or feature in offered:
        return None
    reason = f"You can't {action} here: the room's host has an earlier version of Messango."
    return failed(request, reason, "Ask the host to update Messango.", error_codes.UNKNOWN_TYPE)


def lost_history(request: OwnRequest | Question) -> MessageFailed | RequestFailed:
    """Return that a request names a message by a number which another message may have by now."""
    return failed(request, _LOST_HISTORY, "", error_codes.UNKNOWN_ENTRY)


def failed(
    request: OwnRequest | Question, reason: str, hint: str, code: str
) -> MessageFailed | RequestFailed:
    """Return the event that a request has failed: for a message with its text, so that it is not lost."""
    if isinstance(request, Say | Tell):
        return MessageFailed(request.id, request.text, reason, hint, code)
    return RequestFailed(reason, hint, code, request.id)
