"""Whose conversation a history file has: that of one link, that of a room by itself, or none yet."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from messango.errors import HistoryUnusable
from messango.room.history.file.sqlite_history import SqliteHistory

#: Facts of a replica: the id of its link, and the number of the last entry when its state was stored last.
LINK: Final = "link"
LAST_ENTRY: Final = "link_last_entry"

_OTHER_FILE: Final = (
    "Choose another file with --history FILE: it gets the conversation of the linked room."
    " This one stays as it is."
)
_OTHER_ROOM: Final = (
    "To take part in the linked room, choose another --name, or another file with --history FILE."
)


class NotOfThisLink(HistoryUnusable):
    """A history file has a conversation that is not the linked room's; it is left as it is."""


def claim(store: SqliteHistory, path: Path, link: str, *, may_found: bool) -> None:
    """Make the file the replica of a link, if it is not.

    `may_found`: a conversation that is there may become that of the link. Raises `NotOfThisLink`, before
    anything is written, or `sqlite3.Error`.
    """
    owner, last_entry = store.get_fact(LINK), store.get_fact(LAST_ENTRY)
    if owner == link and last_entry is not None:
        if last_entry != str(store.latest):
            raise NotOfThisLink(path, _went_on(path, last_entry), _OTHER_FILE)
    elif store.latest and not may_found:
        raise NotOfThisLink(path, _refusal(store, path, owner, link), _OTHER_ROOM)
    else:
        store.begin_link({LINK: link}, [LAST_ENTRY])


def of_another_room(path: Path, seq: int) -> NotOfThisLink:
    """Return why an entry that this file has cannot be that of the linked room."""
    reason = f"The history {path} and the linked room have different messages number {seq}."
    return NotOfThisLink(path, reason, _OTHER_FILE)


def _refusal(store: SqliteHistory, path: Path, owner: str | None, link: str) -> str:
    if owner not in (None, link):
        return f"The history {path} belongs to another linked room."
    room = f"“{store.get_fact('name')}”" if store.get_fact("name") else "This room"
    return f"{room} already has a conversation of its own on this computer, in {path}."


def _went_on(path: Path, last_entry: str) -> str:
    return (
        f"The history {path} is not as the linked room has left it, after message {last_entry}:"
        " the room went on without its link, or something is missing."
    )
