"""Which request of ours an event answers."""

from __future__ import annotations

from typing import Final

from messango.client.events import (
    EarlierReceived,
    FileFailed,
    FileSaved,
    MessageChange,
    MessageFailed,
    ReceivedMessage,
    RequestFailed,
    SearchResult,
)

_ANSWERS: Final = (EarlierReceived, SearchResult, MessageFailed, RequestFailed, FileSaved, FileFailed)


def answered_id(event: object) -> str:
    """Return the id of our request that an event accepts, answers or rejects; empty for everything else.

    Other members choose the ids of their entries themselves: only own ones count.
    """
    if isinstance(event, ReceivedMessage | MessageChange):
        return event.id if event.own else ""
    return event.id if isinstance(event, _ANSWERS) else ""
