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
_MAX_ADDRESSES: Final = 4
_MAX_ROOMS: Final = 500


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


class TrustStatus(enum.Enum):
    """What a room that shows itself is to us."""

    NEW = "new"
    KNOWN = "known"
    CHANGED = "changed"  # we know it by another fingerprint
    NAMESAKE = "namesake"  # we know another room of this name, not this one

    @property
    def warning(self) -> str:
        """What a list says beside such a room; nothing where there is nothing to be careful of."""
        return _WARNINGS.get(self, "")


_WARNINGS: Final = {
    TrustStatus.CHANGED: "its fingerprint has changed",
    TrustStatus.NAMESAKE: "not the room of this name that you know",
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
        return sorted(self._reload_if_changed().values(), key=lambda room: room.last_visit, reverse=True)

    def by_id(self, room_id: str) -> KnownRoom | None:
        """Return the room of this id, where we have been in it."""
        return self._reload_if_changed().get(room_id)

    def latest_named(self, name: str) -> KnownRoom | None:
        """Return the room of this name, the one visited last where there are several."""
        return next(iter(self.all_named(name)), None)

    def all_named(self, name: str) -> list[KnownRoom]:
        """Return the rooms of this name, as a room compares its members' names; the last visited first."""
        key = normalized_name(name)
        return [room for room in self.all() if normalized_name(room.name) == key]

    def find_namesake(self, room_id: str, name: str) -> KnownRoom | None:
        """Return the known room of this name for which a room that is not known may be mistaken."""
        return None if self.by_id(room_id) else self.latest_named(name)

    def trust_status(self, room_id: str, name: str, fingerprint: str) -> TrustStatus:
        """Tell what a room is to us that shows this id, name and fingerprint."""
        known = self.by_id(room_id)
        if known is not None:
            return TrustStatus.KNOWN if known.fingerprint == fingerprint else TrustStatus.CHANGED
        return TrustStatus.NAMESAKE if self.latest_named(name) else TrustStatus.NEW

    def addresses(self) -> list[Address]:
        """Return what worked, the most recent first."""
        return list(dict.fromkeys(address for room in self.all() for address in room.addresses))

    def remember(self, room: RoomInfo, fingerprint: str, address: Address) -> None:
        """Note a visit; raises `OSError` where the file can't be written, and `CorruptFile`."""

        def record_visit(rooms: dict[str, KnownRoom]) -> None:
            known = rooms.get(room.id)
            if known is not None and known.fingerprint != fingerprint:
                return  # Another process was in a room of this id meanwhile: the next visit finds it out.
            others = [other for other in known.addresses if other != address] if known else []
            addresses = [address, *others][:_MAX_ADDRESSES]
            rooms[room.id] = KnownRoom(room.id, room.name, fingerprint, addresses, time.time())

        self._update(record_visit)

    def record_refused(self, room_id: str, fingerprint: str) -> None:
        """Note what was met in place of a known room, so that it can be accepted; raises as `remember`."""
        self._replace(room_id, refused=fingerprint)

    def accept(self, room_id: str, fingerprint: str) -> None:
        """Know the room by this fingerprint from now on; raises as `remember`."""
        self._replace(room_id, fingerprint=fingerprint, refused="")

    def delete(self, room_id: str) -> None:
        """Know the room no more: the next visit is a first one. Raises as `remember`."""
        self._update(lambda rooms: rooms.pop(room_id, None))

    def _replace(self, room_id: str, **fields: str) -> None:
        def replace(rooms: dict[str, KnownRoom]) -> None:
            if room_id in rooms:
                rooms[room_id] = msgspec.structs.replace(rooms[room_id], **fields)

        self._update(replace)

    def _reload_if_changed(self) -> dict[str, KnownRoom]:
        """Return the table, read anew where another process has replaced the file."""
        with self._lock:
            stamp = self._file_stamp()
            if stamp != self._stamp:
                # Damaged meanwhile, or for a moment not to be read: what we know still counts.
                with contextlib.suppress(CorruptFile):
                    self._rooms = self._read()
                self._stamp = stamp
            return self._rooms

    def _update(self, update: Callable[[dict[str, KnownRoom]], object]) -> None:
        with self._lock, file_lock(self._path):
            rooms = self._read()
            update(rooms)
            recent = sorted(rooms.values(), key=lambda room: room.last_visit, reverse=True)[:_MAX_ROOMS]
            self._rooms = {room.id: room for room in recent}
            write_private(self._path, msgspec.json.format(msgspec.json.encode(recent)) + b"\n")
            self._stamp = self._file_stamp()

    def _file_stamp(self) -> tuple[int, int, int] | None:
        """Return what is another once the file was replaced."""
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_ino, stat.st_mtime_ns, stat.st_size

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
