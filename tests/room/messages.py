"""Messages as a room accepts them."""

from __future__ import annotations

from messango.protocol.frames import Message


def make_messages(first: int, last: int, member: str = "ann") -> list[Message]:
    """Return the messages `first` to `last` of one member, a second apart, each under its number as id."""
    return [
        Message(seq, f"{seq}", member, 1000.0 + seq, "Ann", f"text {seq}") for seq in range(first, last + 1)
    ]
