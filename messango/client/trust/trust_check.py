"""Trust on first use: which fingerprint a room must show, and what is remembered of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from messango.client.trust.known_room import KnownRoom
from messango.client.trust.known_rooms import KnownRooms
from messango.client.trust.linked_server import LinkedServer
from messango.errors import CorruptFile, MessangoError, Unreachable
from messango.protocol.frames import RoomInfo
from messango.protocol.room_id import is_proved
from messango.protocol.text.validation import normalized_name
from messango.transport.addresses import Address
from messango.transport.dialing.dial import DialResult
from messango.transport.dialing.probe import probe
from messango.transport.identity.fingerprint_words import words_of
from messango.transport.identity.identity_errors import FingerprintMismatch, WrongInvite

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TrustResult:
    """How well known a room is that we have joined; see `RoomJoined` for the fields."""

    first_visit: bool
    by_invite: bool
    namesake: KnownRoom | None
    former_name: str = ""
    same_name: tuple[KnownRoom, ...] = ()


class TrustCheck:
    """Checks the fingerprint of the room that a client joins. Only for the client's thread.

    `room_id` comes from discovery, `pinned_fingerprint` from an invite link or a probe, `proved_at` is the
    address where a probe has just found the room with this id, and `asked_name` is what the person typed.
    """

    def __init__(
        self,
        known_rooms: KnownRooms,
        room_id: str | None,
        pinned_fingerprint: str | None,
        proved_at: Address | None = None,
        asked_name: str = "",
    ) -> None:
        self._known_rooms = known_rooms
        self._room_id, self._proved_at = room_id, proved_at
        self._pinned_fingerprint = pinned_fingerprint
        self._asked_name = asked_name
        self._by_invite = pinned_fingerprint is not None and room_id is None
        self._joined_room: RoomInfo | None = None

    @property
    def room_id(self) -> str:
        """The id of the room that discovery found or that we have joined; empty for an address or a link."""
        return self._room_id or ""

    def expected_fingerprint(self) -> str | None:
        """Return the fingerprint that the room must show, or None if any is accepted."""
        known = self._expected_room()
        return known.fingerprint if known else self._pinned_fingerprint

    def verify_before_join(self, dial_result: DialResult, is_cancelled: Callable[[], bool]) -> None:
        """Probe for the id and name, before joining, a room that may not be the one that is wanted.

        It may be a known room whose certificate has changed. The address alone proves nothing: another room
        may have it now, also one of the same host, whose rooms all have one certificate. Raises
        `Unreachable` if it is not the room that discovery found, `FingerprintMismatch`, and as `probe`.
        """
        address, fingerprint = dial_result.address, dial_result.connection.fingerprint
        known = self._known_rooms.all()
        if self._room_id and not (self._expected_room() or is_proved(self._room_id, fingerprint)):
            raise another_room(address)
        if self._joined_room:
            return
        is_stranger = bool(known) and fingerprint not in {room.fingerprint for room in known}
        if is_stranger or (self._room_id and address != self._proved_at):
            probe_result = probe([address], fingerprint=fingerprint, is_cancelled=is_cancelled)
            self._require_same_fingerprint(probe_result.room, fingerprint, address)
            if not self.is_wanted(probe_result.room):
                raise another_room(address)

    def require_unchanged(self, room: RoomInfo, fingerprint: str | None, address: Address) -> None:
        """Raise `FingerprintMismatch` if this takes the place of a known or named room."""
        self._require_same_fingerprint(room, fingerprint, address)

    def is_wanted(self, room: RoomInfo) -> bool:
        """Return whether this is the room that discovery found, if any; a host may have several."""
        return room.id == self._room_id if self._room_id else True

    def mismatch_error(self, error: FingerprintMismatch) -> MessangoError:
        """Return the error of `dial` with the name and the words of the room that was expected.

        That is `Unreachable` if nobody here knows the room: what was announced is simply not there.
        """
        known = self._expected_room()
        if known is not None:
            return self._changed_fingerprint_error(known, error.seen)
        if self._room_id and self._joined_room is None:
            return another_room(error.room)
        words = words_of(error.expected), words_of(error.seen)
        if self._joined_room is not None:
            return FingerprintMismatch(self._joined_room.name, error.expected, error.seen, words=words)
        kind = WrongInvite if self._by_invite else FingerprintMismatch
        return kind(error.room, error.expected, error.seen, words=words)

    def remember_visit(
        self,
        room: RoomInfo,
        fingerprint: str,
        address: Address,
        server: str = "",
        servers: Sequence[LinkedServer] = (),
        *,
        is_named: bool = False,
    ) -> TrustResult:
        """Save a room that we have joined. Raises `FingerprintMismatch` if it is known with another.

        `server` and `servers` are as in `KnownRooms.remember`. `is_named`: a server that we trust has named
        this one, so it is no stranger, although nobody has been here before.
        """
        self._require_same_fingerprint(room, fingerprint, address)
        known = self._known_rooms.find(room.id, room.name, fingerprint)
        is_named = is_named or self._known_rooms.naming_room(room.id, fingerprint) is not None
        namesake = None if known or is_named else self._known_rooms.latest_alike(room.name)
        former_name = self._former_name(known, room.name) if known else ""
        called = self._known_rooms.all_called(self._asked_name) if known and self._asked_name else []
        same_name = tuple(other for other in called if not _is_same(other, known)) if known else ()
        self._save_or_log(lambda: self._known_rooms.remember(room, fingerprint, address, server, servers))
        self._room_id, self._joined_room = room.id, room
        self._asked_name = ""
        is_stranger = known is None and not is_named
        return TrustResult(is_stranger, self._by_invite, namesake, former_name, same_name)

    def _former_name(self, known: KnownRoom, name: str) -> str:
        """Return the name by which the person knows this room, if it is called `name` now; otherwise ""."""
        asked = self._asked_name if known.was_called(self._asked_name) else known.name
        return "" if normalized_name(asked) == normalized_name(name) else asked

    def _expected_room(self) -> KnownRoom | None:
        """Return the known room that discovery found, whatever certificate it shows now."""
        return self._known_rooms.by_id(self._room_id) if self._room_id else None

    def _require_same_fingerprint(self, room: RoomInfo, fingerprint: str | None, address: Address) -> None:
        known = self._known_rooms.find_changed(room.id, room.name, fingerprint or "", [address])
        if known is not None:
            raise self._changed_fingerprint_error(known, fingerprint or "")

    def _changed_fingerprint_error(self, known: KnownRoom, seen: str) -> FingerprintMismatch:
        self._save_or_log(lambda: self._known_rooms.record_refused(known.id, seen))
        words = words_of(known.fingerprint), words_of(seen)
        return FingerprintMismatch(known.name, known.fingerprint, seen, room_id=known.id, words=words)

    def _save_or_log(self, save: Callable[[], None]) -> None:
        try:
            save()
        except (OSError, CorruptFile) as error:
            # A full disk or a damaged file must not prevent the visit; it is only not saved.
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            logger.warning("messango: The room could not be remembered (%s).", reason)


def _is_same(one: KnownRoom, other: KnownRoom) -> bool:
    """Return whether two known rooms are one, perhaps at two servers."""
    return one.id == other.id or (bool(one.link) and one.link == other.link)


def another_room(where: Address | str) -> Unreachable:
    """Return the error of a room that is not where it was announced."""
    return Unreachable(
        f"Another room answers at {where} now. You have not joined it.",
        "Look for the room again: it may have closed or moved to another address.",
    )
