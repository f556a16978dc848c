"""What one should know about a private message, in the same words in every front end."""

from __future__ import annotations

from typing import Final

from messango.protocol.text.plain_names import plain_name

#: Where a private message is written.
WHO_CAN_READ: Final = "Only you two and the host can read this"


def away_text(name: str) -> str:
    """Return when a recipient who is not connected gets the message."""
    return f"{plain_name(name)} is away and will get it when they are back."
