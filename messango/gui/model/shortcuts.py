"""The table of keyboard shortcuts."""

from __future__ import annotations

from typing import Final

#: Headings, each with keys and what they do.
SHORTCUTS: Final = (
    (
        "Everywhere",
        (
            ("F1", "show this page"),
            ("Ctrl ,", "settings"),
            ("Ctrl +   Ctrl −   Ctrl 0", "larger, smaller, normal text"),
            ("Tab   Shift Tab", "go to the next control, or the one before"),
            ("Page ↑   Page ↓", "scroll"),
            ("Escape", "close a page"),
            ("Ctrl Q", "close the window"),
        ),
    ),
    (
        "In the list of rooms",
        (
            ("↑   ↓", "choose a room"),
            ("Enter", "join it, or wait for a seat"),
            ("letters", "show only rooms with these letters in their name"),
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
            ("↑", "in an empty field: recall your last message"),
            ("Tab", "complete a name or a command (type /help for commands)"),
            ("Ctrl .", "choose an emoji; :mango: becomes one, too"),
            ("Page ↑   Page ↓", "scroll through the conversation"),
            ("Escape", "go to the newest message"),
            ("Ctrl F", "find in the whole room: ↑ ↓ choose, Enter goes there"),
            ("F3   Shift F3", "while finding: the match above, the match below"),
            ("Tab, then Enter", "in the conversation: open a link, send a failed message again"),
            ("Shift F10", "on a member: show what you can do"),
            ("Ctrl I", "room details: security words and invite link"),
            ("Ctrl S", "save conversation"),
        ),
    ),
)
