"""How a message is quoted by an answer to it, in every front end as by the server."""

from __future__ import annotations

from typing import Final

from messango.client.events import AnyReceived
from messango.protocol.frames import Quote
from messango.protocol.limits import MAX_QUOTE_CHARACTERS

#: What an answer shows instead of a message that the room has dropped.
NOT_KEPT: Final = "a message that the room no longer keeps"


def quoted_text(text: str) -> str:
    """Return the beginning of a text on one line."""
    return " ".join(text[:MAX_QUOTE_CHARACTERS].split())


def quote_of(message: AnyReceived) -> Quote:
    """Return the quote of a message."""
    return Quote(message.seq, message.name, quoted_text(message.text))
