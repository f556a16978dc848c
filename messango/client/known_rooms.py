"""The rooms this person has been in: their fingerprints, and the addresses that worked."""

from __future__ import annotations

import contextlib
import enum
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from messango.errors import CorruptFile
from messango.protocol.frames import RoomInfo
from messango.protocol.validation import normalized_name
from messango.storage import file_lock, home, write_private
from messango.transport.addresses import Address

FILE_NAME: Final = "known-rooms.json"

#: The most recent addresses of one room, and rooms in all: enough for years of use.
_MOST_ADDRESSES: Final = 4
_MOST_ROOMS: Final = 500


class KnownRoom(msgspec.Struct, frozen=True, omit_defaults=True):
    """A room as it was at the last visit; `last_visit` in seconds since 1970 UTC, newest address first.

    `refused` is the fingerprint that was met in its place last and not accepted, or nothing.
    """

    id: str
    name: str
    fingerprint: str
    addresses: list[Address]
    last_visit: float
    refused: str = ""


class Standing(enum.Enum):
    """What a room that shows itself is to us."""

    NEW = "new"
    KNOWN = "known"
    CHANGED = "changed"  # we know it by another fingerprint
    NAMESAKE = "namesake"  # we know another room of this name, not this one

    @property
    def remark(self) -> str:
        """What a list says beside such a room; nothing where there is nothing to be careful of."""
        return _REMARKS.get(self, "")


_REMARKS: Final = {
    Standing.CHANGED: "its fingerprint has changed",
    Standing.NAMESAKE: "not the room of this name that you know",
}


class KnownRooms:
    """Owns the lock that guards its table; several processes may use the file.

    What another process has changed is noticed. A fingerprint that is known is replaced by `accept` alone.
    """

    def __init__(self, path: Path) -> None:
        """Read the file where there is one; raises `CorruptFile`."""
        self._path = path
        self._lock = threading.Lock()
        self._stamp = self._file_stamp()
        self._rooms = self._read()

    @classmethod
    def load(cls) -> KnownRooms:
        """Return those kept in the home folder; raises `CorruptFile`."""
        return cls(home() / FILE_NAME)

    def all(self) -> list[KnownRoom]:
        """Return them, the one visited last first."""
        return sorted(self._current().values(), key=lambda room: room.last_visit, reverse=True)

    def by_id(self, room_id: str) -> KnownRoom | None:
        """Return the room of this id, where we have been in it."""
        return self._current().get(room_id)

    def by_name(self, name: str) -> KnownRoom | None:
        """Return the room of this name, the one visited last where there are several."""
        return next(iter(self.called(name)), None)

    def called(self, name: str) -> list[KnownRoom]:
        """Return the rooms of this name, as a room compares its members' names; the last visited first."""
        wanted = normalized_name(name)
        return [room for room in self.all() if normalized_name(room.name) == wanted]

    def namesake(self, room_id: str, name: str) -> KnownRoom | None:
        """Return the known room of this name for which a room that is not known may be mistaken."""
        return None if self.by_id(room_id) else self.by_name(name)

    def standing(self, room_id: str, name: str, fingerprint: str) -> Standing:
        """Tell what a room is to us that shows this id, name and fingerprint."""
        known = self.by_id(room_id)
        if known is not None:
            return Standing.KNOWN if known.fingerprint == fingerprint else Standing.CHANGED
        return Standing.NAMESAKE if self.by_name(name) else Standing.NEW

    def addresses(self) -> list[Address]:
        """Return what worked, the most recent first."""
        return list(dict.fromkeys(address for room in self.all() for address in room.addresses))

    def remember(self, room: RoomInfo, fingerprint: str, address: Address) -> None:
        """Note a visit; raises `OSError` where the file can't be written, and `CorruptFile`."""

        def visit(rooms: dict[str, KnownRoom]) -> None:
            known = rooms.get(room.id)
            if known is not None and known.fingerprint != fingerprint:
                return  # Another process was in a room of this id meanwhile: the next visit finds it out.
            others = [other for other in known.addresses if other != address] if known else []
            addresses = [address, *others][:_MOST_ADDRESSES]
            rooms[room.id] = KnownRoom(room.id, room.name, fingerprint, addresses, time.time())

        self._change(visit)

    def refuse(self, room_id: str, fingerprint: str) -> None:
        """Note what was met in place of a known room, so that it can be accepted; raises as `remember`."""
        self._replace(room_id, refused=fingerprint)

    def accept(self, room_id: str, fingerprint: str) -> None:
        """Know the room by this fingerprint from now on; raises as `remember`."""
        self._replace(room_id, fingerprint=fingerprint, refused="")

    def forget(self, room_id: str) -> None:
        """Know the room no more: the next visit is a first one. Raises as `remember`."""
        self._change(lambda rooms: rooms.pop(room_id, None))

    def _replace(self, room_id: str, **fields: str) -> None:
        def replace(rooms: dict[str, KnownRoom]) -> None:
            if room_id in rooms:
                rooms[room_id] = msgspec.structs.replace(rooms[room_id], **fields)

        self._change(replace)

    def _current(self) -> dict[str, KnownRoom]:
        """Return the table, read anew where another process has replaced the file."""
        with self._lock:
            stamp = self._file_stamp()
            if stamp != self._stamp:
                # Damaged meanwhile, or for a moment not to be read: what we know still counts.
                with contextlib.suppress(CorruptFile):
                    self._rooms = self._read()
                self._stamp = stamp
            return self._rooms

    def _change(self, change: Callable[[dict[str, KnownRoom]], object]) -> None:
        with self._lock, file_lock(self._path):
            rooms = self._read()
            change(rooms)
            kept = sorted(rooms.values(), key=lambda room: room.last_visit, reverse=True)[:_MOST_ROOMS]
            self._rooms = {room.id: room for room in kept}
            write_private(self._path, msgspec.json.format(msgspec.json.encode(kept)) + b"\n")
            self._stamp = self._file_stamp()

    def _file_stamp(self) -> tuple[int, int, int] | None:
        """Return what is another once the file was replaced."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _read(self) -> dict[str, KnownRoom]:
        try:
            rooms = msgspec.json.decode(self._path.read_bytes(), type=list[KnownRoom])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            raise CorruptFile(
                self._path,
                "The list of rooms that you know",
                "Mend it or move it away. Without it every room counts as new: compare the words again.",
            ) from error
        return {room.id: room for room in rooms}
