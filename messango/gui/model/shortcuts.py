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
            ("Page ↑   Page ↓", "read on in a page like this one"),
            ("Escape", "close it"),
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
            ("↑", "fetch what you sent last, in an empty field"),
            ("Tab", "complete a name, or a command: /help lists them"),
            ("Page ↑   Page ↓", "read back and forth"),
            ("Escape", "go to the newest message"),
            ("Ctrl F", "find words: Enter goes up, Shift Enter down"),
            ("Tab, then Enter", "in what was said: open a link, send again what failed"),
            ("Shift F10", "on a member: what can be done"),
            ("Ctrl I", "the room's details: fingerprint and invite link"),
            ("Ctrl S", "keep the conversation in a file"),
        ),
    ),
)
