"""Whose conversation a history file has: that of one link, that of a room by itself, or none yet."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from messango.errors import HistoryUnusable
from messango.room.history.file.sqlite_history import SqliteHistory

#: Facts of a replica: the id of its link; the number of the last entry that came with a state of the link;
#: and, in the file of the room that was linked first, the number of its last entry before that.
LINK: Final = "link"
LAST_ENTRY: Final = "link_last_entry"
_BASE: Final = "link_base"

_OTHER_FILE: Final = (
    "Choose another file with --history FILE: it gets the conversation of the linked room."
    " This one stays as it is."
)
_OTHER_ROOM: Final = (
    "To take part in the linked room, choose another --name, or another file with --history FILE."
)


class NotOfThisLink(HistoryUnusable):
    """A history file has a conversation that is not the linked room's; it is left as it is."""


def claim(store: SqliteHistory, path: Path, link: str, *, may_found: bool) -> int:
    """Make the file the replica of a link, if it is not; return the number of its last entry before the link.

    That is 0 unless its room was linked first. `may_found`: a conversation that is there may become that of
    the link. Raises `NotOfThisLink`, before anything is written, or `sqlite3.Error`.
    """
    owner, last_entry = store.get_fact(LINK), _number(store.get_fact(LAST_ENTRY))
    if owner == link and last_entry is not None:
        if last_entry != store.latest:
            raise NotOfThisLink(path, _went_on(path, last_entry, store.latest), _OTHER_FILE)
        return _number(store.get_fact(_BASE)) or 0
    if store.latest and not may_found:
        raise NotOfThisLink(path, _refusal(store, path, owner, link), _OTHER_ROOM)
    store.begin_link({LINK: link, _BASE: str(store.latest)}, [LAST_ENTRY])
    return store.latest


def of_another_room(path: Path, seq: int) -> NotOfThisLink:
    """Return why an entry that this file has cannot be that of the linked room."""
    reason = f"The history {path} and the linked room have different messages number {seq}."
    return NotOfThisLink(path, reason, _OTHER_FILE)


def _refusal(store: SqliteHistory, path: Path, owner: str | None, link: str) -> str:
    if owner not in (None, link):
        return f"The history {path} belongs to another linked room."
    room = f"“{store.get_fact('name')}”" if store.get_fact("name") else "This room"
    return f"{room} already has a conversation of its own on this computer, in {path}."


def _went_on(path: Path, last_entry: int, latest: int) -> str:
    if latest < last_entry:
        return f"The history {path} has lost messages of the linked room: it ends before number {last_entry}."
    return (
        f"The history {path} went on without the linked room: what follows number {last_entry} is only here."
    )


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isascii() and value.isdecimal() else None
