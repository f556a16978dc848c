"""Why requests fail here: the room can't do that, nobody could, or its numbers begin again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, TypeAlias

from messango.client.events import FileFailed, MessageFailed, RequestFailed
from messango.client.requests.outbox import OwnRequest
from messango.client.requests.questions import Question
from messango.protocol import error_codes, features
from messango.protocol.frames import Delete, Earlier, Edit, React, Say, Search, Share, Tell
from messango.protocol.limits import MAX_SEARCH_CHARACTERS
from messango.protocol.text.emoji import clean_emoji
from messango.protocol.text.validation import text_error

#: That a request has failed.
AnyFailed: TypeAlias = MessageFailed | RequestFailed | FileFailed

#: The feature that each kind of request needs, and what cannot be done without it.
_NEEDED: Final[dict[type[OwnRequest | Question], tuple[str, str]]] = {
    Tell: (features.PRIVATE, "send private messages"),
    Share: (features.FILES, "send files"),
    React: (features.REACTIONS, "react to messages"),
    Edit: (features.EDITS, "edit messages"),
    Delete: (features.EDITS, "delete messages"),
    Earlier: (features.EARLIER, "load older messages"),
    Search: (features.SEARCH, "search older messages"),
}

NO_FILES_REASON: Final = (
    "This room takes no files: its host has switched them off, or has an earlier version of Messango."
)
NO_FILES_HINT: Final = "Ask the host to allow files, or to update Messango."

_IN_PARTS: Final = "Shorten it, or send it in parts."
_AS_FILE: Final = "Shorten it, or send it as a file: /send PATH, or the paper-clip in the window."

_LOST_HISTORY: Final = "The room has lost its history, and with it the message that you mean."


def refusal(
    request: OwnRequest | Question, offered: Collection[str], file_name: str = ""
) -> AnyFailed | None:
    """Return why a room that offers these features can't do this; None if it can.

    `file_name` is the name of the file that it shares.
    What is too long would be refused anyway, or make a frame so long that the room ends the connection.
    """
    feature, action = _NEEDED.get(type(request), ("", ""))
    if feature and feature not in offered:
        if isinstance(request, Share):
            return failed(request, NO_FILES_REASON, NO_FILES_HINT, error_codes.NO_FILES, file_name)
        reason = f"You can't {action} here: the room's host has an earlier version of Messango."
        return failed(request, reason, "Ask the host to update Messango.", error_codes.UNKNOWN_TYPE)
    if isinstance(request, Say | Tell | Edit) and (error := text_error(request.text)):
        # A file goes to everybody, so it takes the place of no private message.
        hint = _AS_FILE if isinstance(request, Say) and features.FILES in offered else _IN_PARTS
        return failed(request, error, hint, error_codes.BAD_TEXT)
    if isinstance(request, React) and clean_emoji(request.emoji) is None:
        return failed(request, "A reaction is one emoji.", "Choose one emoji.", error_codes.BAD_EMOJI)
    if isinstance(request, Search) and not 0 < len(request.words) <= MAX_SEARCH_CHARACTERS:
        reason = f"A search needs 1 to {MAX_SEARCH_CHARACTERS} characters."
        return failed(request, reason, "Search for a word.", error_codes.BAD_TEXT)
    return None


def lost_history(request: OwnRequest | Question, file_name: str = "") -> AnyFailed:
    """Return that a request names a message by a number which another message may have by now."""
    return failed(request, _LOST_HISTORY, "", error_codes.UNKNOWN_ENTRY, file_name)


def failed(
    request: OwnRequest | Question, reason: str, hint: str, code: str, file_name: str = ""
) -> AnyFailed:
    """Return the event that a request has failed: for a message with its text, so that it is not lost."""
    if isinstance(request, Say | Tell):
        return MessageFailed(request.id, request.text, reason, hint, code)
    if isinstance(request, Share):
        return FileFailed(request.id, file_name, upload=True, reason=reason, hint=hint, code=code)
    return RequestFailed(reason, hint, code, request.id)
