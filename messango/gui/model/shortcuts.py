"""The words of the help page: how to begin, and the table of keyboard shortcuts."""

from __future__ import annotations

from typing import Final

#: How to begin, each in a paragraph.
FIRST_STEPS: Final = (
    "Everybody on your network who runs Messango sees the open rooms. Choose one and press Join, or press "
    "Host a room to open one yourself.",
    "To invite somebody, open the room details (Ctrl I) and copy the invite link. The four security words "
    "there are the same for everybody: check them with each other once.",
    "Everybody in the room reads what you write. The computer of the host keeps the messages.",
    "More is in the terminal: messango help",
)

#: Headings, each with keys and what they do.
SHORTCUTS: Final = (
    (
        "Everywhere",
        (
            ("F1", "show this page"),
            ("F11", "full screen, and back"),
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
            ("↑", "in an empty field: edit your last message; then R answers instead"),
            ("Ctrl ↑   Ctrl ↓", "recall what you typed before"),
            ("@", "choose a name to mention"),
            ("Ctrl M", "go to the next mention of you"),
            ("Tab", "complete a name or a command (type /help for commands)"),
            ("Ctrl .", "choose an emoji; :mango: becomes one, too"),
            ("Ctrl O", "choose files to send; Ctrl V also pastes pictures and files"),
            ("Page ↑   Page ↓", "scroll through the conversation"),
            ("Shift   ↑   ↓", "in the conversation: select over several messages, to copy with Ctrl C"),
            ("Escape", "end an answer, an edit or a private message; else go to the newest message"),
            ("Ctrl F", "find in the whole room: ↑ ↓ choose, Enter goes there"),
            ("F3   Shift F3", "while finding: the match above, the match below"),
            ("↑   ↓", "in the conversation: choose a message; Escape goes back to the field"),
            ("R   E   P   +   Delete", "on a chosen message: answer, edit, answer privately, react, delete"),
            ("Ctrl C", "on a chosen message: copy it"),
            ("Enter", "on a chosen message: view its picture, download or open its file"),
            ("←   →", "while a picture is shown large: the one before, the one after; Escape closes it"),
            ("Tab, then Enter", "in the conversation: open a link, show all of a long message, send again"),
            ("Enter   Shift Enter", "on a member: write to them only, mention them"),
            ("Shift F10", "on a message or a member: show what you can do"),
            ("Ctrl I", "room details: security words and invite link"),
            ("Ctrl S", "save conversation"),
        ),
    ),
)
