"""The rooms that this person has joined: their fingerprints, and the addresses that worked.

No room is ever dropped to make space: only a person's own visits add one, and a forgotten room would count as
new, without a warning if somebody has taken its place.
"""

from __future__ import annotations

import contextlib
import enum
import hashlib
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from messango.client.trust.known_room import KnownRoom
from messango.client.trust.linked_rooms import LinkedRoom, linked_room, naming_room, trusted_link
from messango.client.trust.linked_server import LinkedServer
from messango.errors import CorruptFile
from messango.protocol.frames import RoomInfo
from messango.protocol.limits import MAX_SERVERS
from messango.protocol.room_id import TAG_DIGITS, derive_room_id, is_room_id, stored_tag_of, tag_of
from messango.protocol.text.confusables import looks_like
from messango.protocol.text.validation import normalized_name
from messango.storage import file_lock, home, write_private
from messango.transport.addresses import Address

FILE_NAME: Final = "known-rooms.json"

#: The latest addresses of each room.
_MAX_ADDRESSES: Final = 4
#: The latest names of each room besides its present one.
_MAX_FORMER_NAMES: Final = 8


class TrustStatus(enum.Enum):
    """Whether a room is known, by its id, name and fingerprint."""

    NEW = "new"
    KNOWN = "known"
    CHANGED = "changed"  # known with another fingerprint
    NAMESAKE = "namesake"  # unknown, but another room with this name is known

    @property
    def warning(self) -> str:
        """The warning for a list of rooms; empty if there is nothing to warn about."""
        return _WARNINGS.get(self, "")


_WARNINGS: Final = {
    TrustStatus.CHANGED: "its fingerprint has changed",
    TrustStatus.NAMESAKE: "a different room with a name you know",
}


class KnownRooms:
    """Thread-safe: owns the lock that guards its table. Several processes may use the file.

    Changes by another process are noticed. Only `accept` replaces a known fingerprint.
    """

    def __init__(self, path: Path) -> None:
        """Read the file if it exists; raises `CorruptFile`."""
        self._path = path
        self._lock = threading.Lock()
        self._stamp = self._file_stamp()
        self._rooms = self._read()

    @classmethod
    def load(cls) -> KnownRooms:
        """Return the rooms in the home folder; raises `CorruptFile`."""
        return cls(home() / FILE_NAME)

    def all(self) -> list[KnownRoom]:
        """Return all rooms, the latest visit first."""
        return sorted(self._reload_if_changed().values(), key=lambda room: room.last_visit, reverse=True)

    def by_id(self, room_id: str) -> KnownRoom | None:
        """Return the room with this id, or None."""
        return self._reload_if_changed().get(room_id)

    def latest_alike(self, name: str) -> KnownRoom | None:
        """Return the room that one with this name could be mistaken for, or None; see `confusables`.

        Of several, it is the one with the latest visit.
        """
        return next(
            (
                room
                for room in self.all()
                if any(looks_like(other, name) for other in (room.name, *room.former_names))
            ),
            None,
        )

    def all_named(self, name: str) -> list[KnownRoom]:
        """Return the rooms with this name (compared as members' names are), the latest visit first."""
        key = normalized_name(name)
        return [room for room in self.all() if normalized_name(room.name) == key]

    def all_called(self, name: str) -> list[KnownRoom]:
        """Return the rooms that this name may mean: first those that have it, then those that had it.

        Of each kind, the latest visit comes first.
        """
        named = self.all_named(name)
        ids = {room.id for room in named}
        return [*named, *(room for room in self.all() if room.id not in ids and room.was_called(name))]

    def find(self, room_id: str, name: str, fingerprint: str) -> KnownRoom | None:
        """Return the known room that this one proves to be by its certificate, or None.

        Its id may be new: the host has deleted the file with the old one, or we accepted the certificate.
        """
        return _proved_room(self._reload_if_changed(), room_id, name, fingerprint)

    def find_changed(
        self, room_id: str, name: str, fingerprint: str, addresses: Sequence[Address]
    ) -> KnownRoom | None:
        """Return the known room whose place this one takes with another certificate, or None.

        It has the tag of the known room's id, or both its name and one of its addresses.
        """
        if self.find(room_id, name, fingerprint) is not None:
            return None
        same_tag = [room for room in self.all() if tag_of(room.id) == tag_of(room_id)]
        same_place = [room for room in self.all_named(name) if not set(addresses).isdisjoint(room.addresses)]
        others = (room for room in (*same_tag, *same_place) if room.fingerprint != fingerprint)
        return next(others, None)

    def trust_status(
        self, room_id: str, name: str, fingerprint: str, addresses: Sequence[Address] = ()
    ) -> TrustStatus:
        """Return whether a room is known that has this id, name and fingerprint at one of these addresses."""
        if self.find(room_id, name, fingerprint) is not None:
            return TrustStatus.KNOWN
        if self.find_changed(room_id, name, fingerprint, addresses) is not None:
            return TrustStatus.CHANGED
        if naming_room(self.all(), room_id, fingerprint) is not None:
            return TrustStatus.KNOWN
        return TrustStatus.NAMESAKE if self.latest_alike(name) else TrustStatus.NEW

    def linked_room(self, room_id: str, fingerprint: str) -> LinkedRoom | None:
        """Return where else the room with this id or certificate is, as far as visits have told."""
        return linked_room(self.all(), room_id, fingerprint)

    def naming_room(self, room_id: str, fingerprint: str) -> KnownRoom | None:
        """Return the visited room that has named this server as one of its own, or None."""
        return naming_room(self.all(), room_id, fingerprint)

    def trusted_link(self, room_id: str, fingerprint: str, claimed: str | None) -> str:
        """Return the link that a proved room claims, if a visited server has named it; otherwise ""."""
        return trusted_link(self.all(), room_id, fingerprint, claimed) if claimed else ""

    def addresses(self) -> list[Address]:
        """Return all addresses that worked, the latest first."""
        return list(dict.fromkeys(address for room in self.all() for address in room.addresses))

    def remember(
        self,
        room: RoomInfo,
        fingerprint: str,
        address: Address,
        server: str = "",
        servers: Sequence[LinkedServer] = (),
    ) -> None:
        """Save a visit. Raises `OSError` if the file can't be written, and `CorruptFile`.

        In a linked room, `server` is the server's name and `servers` are the others that it has named.
        """

        def record_visit(rooms: dict[str, KnownRoom]) -> None:
            known = _proved_room(rooms, room.id, room.name, fingerprint)
            if known is None and room.id in rooms:
                return  # Another process has just saved another fingerprint: the next visit reports it.
            if known is not None:
                del rooms[known.id]
            others = [other for other in known.addresses if other != address] if known else []
            addresses = [address, *others][:_MAX_ADDRESSES]
            former = _former_names(known, room.name) if known else []
            rooms[room.id] = KnownRoom(
                room.id,
                room.name,
                fingerprint,
                addresses,
                time.time(),
                former_names=former,
                link=room.link or "",
                server=server,
                servers=_kept_servers(servers),
            )

        self._update(record_visit)

    def record_refused(self, room_id: str, fingerprint: str) -> None:
        """Save the fingerprint that answered in place of a known room, for `accept`. Raises as `remember`."""
        self._replace(room_id, refused=fingerprint)

    def accept(self, room_id: str, fingerprint: str) -> None:
        """Replace the known fingerprint of a room. Raises as `remember`."""
        self._replace(room_id, fingerprint=fingerprint, refused="")

    def delete(self, room_id: str) -> None:
        """Remove a room: the next visit is a first visit, whatever others say of it. Raises as `remember`."""

        def forget(rooms: dict[str, KnownRoom]) -> None:
            rooms.pop(room_id, None)
            for other in [room for room in rooms.values() if any(s.id == room_id for s in room.servers)]:
                left = [server for server in other.servers if server.id != room_id]
                rooms[other.id] = msgspec.structs.replace(other, servers=left)

        self._update(forget)

    def _replace(self, room_id: str, **fields: str) -> None:
        def replace(rooms: dict[str, KnownRoom]) -> None:
            if room_id in rooms:
                rooms[room_id] = msgspec.structs.replace(rooms[room_id], **fields)

        self._update(replace)

    def _reload_if_changed(self) -> dict[str, KnownRoom]:
        """Return the table; read the file again if another process has replaced it."""
        with self._lock:
            stamp = self._file_stamp()
            if stamp != self._stamp:
                # Damaged, or unreadable for a moment: the table in memory stays valid.
                with contextlib.suppress(CorruptFile):
                    self._rooms = self._read()
                self._stamp = stamp
            return self._rooms

    def _update(self, update: Callable[[dict[str, KnownRoom]], object]) -> None:
        with self._lock, file_lock(self._path):
            rooms = self._read()
            update(rooms)
            self._rooms = rooms
            recent = sorted(rooms.values(), key=lambda room: room.last_visit, reverse=True)
            write_private(self._path, msgspec.json.format(msgspec.json.encode(recent)) + b"\n")
            self._stamp = self._file_stamp()

    def _file_stamp(self) -> tuple[int, int, int] | None:
        """Return a value that changes when the file is replaced; None if there is no file."""
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
                "Repair it or move it away. Without it every room counts as new: compare the words again.",
            ) from error
        return {room.id: room for room in map(_with_valid_id, rooms)}


def _proved_room(
    rooms: Mapping[str, KnownRoom], room_id: str, name: str, fingerprint: str
) -> KnownRoom | None:
    """Return the room of the table with this certificate that has this id or its tag, or else this name."""
    same = [room for room in rooms.values() if room.fingerprint == fingerprint]
    same_tag = (room for room in same if tag_of(room.id) == tag_of(room_id))
    same_name = (room for room in same if normalized_name(room.name) == normalized_name(name))
    return next(same_tag, None) or next(same_name, None)


def _kept_servers(servers: Sequence[LinkedServer]) -> list[LinkedServer]:
    """Return the servers with as few addresses as a room has, so that a hostile one can't fill the disk."""
    return [
        msgspec.structs.replace(server, addresses=server.addresses[:_MAX_ADDRESSES])
        for server in servers[:MAX_SERVERS]
    ]


def _former_names(known: KnownRoom, name: str) -> list[str]:
    """Return the names that a known room had before it was called `name`."""
    names = {normalized_name(other): other for other in reversed((known.name, *known.former_names))}
    names.pop(normalized_name(name), None)
    return list(reversed(names.values()))[:_MAX_FORMER_NAMES]


def _with_valid_id(room: KnownRoom) -> KnownRoom:
    """Return the room with an id in today's form.

    Ids used to be 16 random digits; the host's server derives the same new id from them. Before that was
    checked, a stranger could also have stored any text here.
    """
    if is_room_id(room.id):
        return room
    tag = stored_tag_of(room.id) or hashlib.sha256(room.id.encode()).hexdigest()[:TAG_DIGITS]
    return msgspec.structs.replace(room, id=derive_room_id(tag, room.fingerprint))
