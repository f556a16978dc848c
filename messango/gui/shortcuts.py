"""What can be done by keys: the table that the page of shortcuts shows."""

from __future__ import annotations

from typing import Final

#: Headings, each with its keys and what they do.
SHORTCUTS: Final = (
    (
        "Everywhere",
        (
            ("F1", "show this page"),
            ("Ctrl ,", "settings"),
            ("Ctrl +   Ctrl −   Ctrl 0", "larger, smaller, normal type"),
            ("Tab   Shift Tab", "go to the next control, or the one before"),
            ("Escape", "close a page like this one"),
            ("Ctrl Q", "close the window"),
        ),
    ),
    (
        "In the list of rooms",
        (
            ("↑   ↓", "choose a room"),
            ("Enter", "join it, or wait for a seat"),
            ("letters", "show only the rooms with these in their name"),
            ("Escape", "show all rooms again"),
            ("Ctrl N", "host a room"),
            ("Ctrl L", "type an address or an invite link"),
        ),
    ),
    (
        "In a conversation",
        (
            ("Enter", "send"),
            ("Shift Enter", "begin a new line"),
            ("Ctrl I", "the room's details: fingerprint and invite link"),
            ("Ctrl S", "keep the conversation in a file"),
        ),
    ),
)
