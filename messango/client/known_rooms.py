"""The rooms this person has been in: their fingerprints, and the addresses that worked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from messango.errors import DamagedFile
from messango.home import home, write_private
from messango.protocol.frames import RoomFacts
from messango.protocol.text import name_key
from messango.transport.addresses import Address

FILE_NAME: Final = "known-rooms.json"

#: The most recent addresses of one room, and rooms in all: enough for years of use.
_MOST_ADDRESSES: Final = 4
_MOST_ROOMS: Final = 500


class KnownRoom(msgspec.Struct, frozen=True):
    """A room as it was at the last visit; `last_visit` in seconds since 1970 UTC, newest address first."""

    id: str
    name: str
    fingerprint: str
    addresses: list[Address]
    last_visit: float


class KnownRooms:
    """Owns the lock that guards its table; several processes may use the file."""

    def __init__(self, path: Path) -> None:
        """Read the file where there is one; raises `DamagedFile`."""
        self._path = path
        self._lock = threading.Lock()
        self._rooms = self._read()

    @classmethod
    def load(cls) -> KnownRooms:
        """Return those kept in the home folder; raises `DamagedFile`."""
        return cls(home() / FILE_NAME)

    def by_id(self, room_id: str) -> KnownRoom | None:
        """Return the room of this id, where we have been in it."""
        with self._lock:
            return self._rooms.get(room_id)

    def by_name(self, name: str) -> KnownRoom | None:
        """Return the room of this name, the one visited last where there are several."""
        wanted = name_key(name)
        return next((room for room in self._recent() if name_key(room.name) == wanted), None)

    def addresses(self) -> list[Address]:
        """Return what worked, the most recent first."""
        return list(dict.fromkeys(address for room in self._recent() for address in room.addresses))

    def remember(self, room: RoomFacts, fingerprint: str, address: Address) -> None:
        """Note a visit; raises `OSError` where the file can't be written."""

        def visit(rooms: dict[str, KnownRoom]) -> None:
            known = rooms.get(room.id)
            others = [other for other in known.addresses if other != address] if known else []
            addresses = [address, *others][:_MOST_ADDRESSES]
            rooms[room.id] = KnownRoom(room.id, room.name, fingerprint, addresses, time.time())

        self._change(visit)

    def _recent(self) -> list[KnownRoom]:
        with self._lock:
            return sorted(self._rooms.values(), key=lambda room: room.last_visit, reverse=True)

    def _change(self, change: Callable[[dict[str, KnownRoom]], None]) -> None:
        with self._lock:
            # Another process may have been in other rooms meanwhile.
            rooms = self._read()
            change(rooms)
            kept = sorted(rooms.values(), key=lambda room: room.last_visit, reverse=True)[:_MOST_ROOMS]
            self._rooms = {room.id: room for room in kept}
            write_private(self._path, msgspec.json.format(msgspec.json.encode(kept)) + b"\n")

    def _read(self) -> dict[str, KnownRoom]:
        try:
            rooms = msgspec.json.decode(self._path.read_bytes(), type=list[KnownRoom])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            raise DamagedFile(
                self._path,
                "The list of rooms that you know",
                "Mend it or move it away. Without it every room counts as new: compare fingerprints again.",
            ) from error
        return {room.id: room for room in rooms}
