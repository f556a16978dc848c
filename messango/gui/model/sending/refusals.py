"""Why no file can be sent just now, said before anybody chooses one. Pure."""

from __future__ import annotations

from typing import Final

from messango.client.events import RoomJoined
from messango.client.requests.failures import NO_FILES_HINT, NO_FILES_REASON
from messango.gui.model.composer.composer_mode import ComposerMode, Editing
from messango.protocol.features import FILES
from messango.protocol.text.plain_names import plain_name


def sending_refusal(joined: RoomJoined | None, mode: ComposerMode, *, ended: bool) -> str:
    """Return why files can't be chosen or sent, or an empty text.

    `joined` is how we joined, or None; `mode` is for whom the message field is. While the connection is
    broken, files can be sent: they wait.
    """
    if ended:
        return "You are not in the room any more, so no file can be sent."
    if joined is None:
        return "You are not in the room yet. Files can be sent once you are."
    if FILES not in joined.room.features:
        return f"{NO_FILES_REASON} {NO_FILES_HINT}"
    if not joined.encrypted:
        return "Your connection is not encrypted, so you can't send files."
    if isinstance(mode, Editing):
        return "You are editing a message. Save it, or press Escape, before you send a file."
    if mode.to is not None:
        return private_file_refusal(mode.to.name)
    return ""


def private_file_refusal(name: str) -> str:
    """Return why a file can't go to one member."""
    return (
        f"A file goes to everybody in the room, so it can't be sent to {plain_name(name)} only. "
        "To send it to all, close the private message with ✕ first."
    )


#: Why the message field can't change to a private message or an edit.
FILES_ARE_CHOSEN: Final = "You are about to send files to everybody. Send them, or press Escape, first."

#: Why a command can't be the line about files: it might have been meant for one member only.
COMMAND_AS_LINE: Final = (
    "Everybody gets these files, so a command can't go with them. Change the line, or press Escape to keep "
    "the files back."
)
