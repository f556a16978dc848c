"""Whom a stay takes for the room that is wanted, and what it remembers of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from messango.client.known_rooms import KnownRoom, KnownRooms
from messango.errors import CorruptFile, FingerprintMismatch, WrongInvite
from messango.protocol.frames import RoomInfo
from messango.transport.addresses import Address
from messango.transport.dial import DialResult
from messango.transport.fingerprint_words import words_of
from messango.transport.probe import probe

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """How well we know a room that has let us in; see `Entered`."""

    first_visit: bool
    by_invite: bool
    namesake: KnownRoom | None


class Trust:
    """What fingerprint a room must show, and what it means where it shows another.

    For the client's thread alone. `room_id` is what discovery told, `promised` the fingerprint of an invite
    or of a look at the room.
    """

    def __init__(self, known_rooms: KnownRooms, *, room_id: str | None, promised: str | None) -> None:
        self._known_rooms = known_rooms
        self._room_id = room_id
        self._promised = promised
        self._invited = promised is not None and room_id is None
        self._entered: RoomInfo | None = None

    def expected(self) -> str | None:
        """Return the fingerprint that the room must show, or None where it may be any."""
        known = self._known_rooms.by_id(self._room_id) if self._room_id else None
        return known.fingerprint if known else self._promised

    def meet(self, dialled: DialResult, given_up: Callable[[], bool]) -> None:
        """Have who may be a known room under a new certificate say who it is, before we do.

        An address alone says nothing, for another room may have it by now. Raises `FingerprintMismatch`, or
        what `look` does.
        """
        fingerprint, known = dialled.connection.fingerprint, self._known_rooms.all()
        if self._room_id or not known or fingerprint in {room.fingerprint for room in known}:
            return
        sighting = probe([dialled.address], fingerprint=fingerprint, is_cancelled=given_up)
        self._check(sighting.room, fingerprint)

    def explained(self, error: FingerprintMismatch) -> FingerprintMismatch:
        """Return what dialling has found as what it means to a person."""
        known = self._known_rooms.by_id(self._room_id) if self._room_id else None
        if known is not None:
            return self._changed(known, error.seen)
        words = words_of(error.expected), words_of(error.seen)
        if self._entered is not None:
            return FingerprintMismatch(self._entered.name, error.expected, error.seen, words=words)
        kind = WrongInvite if self._invited else FingerprintMismatch
        return kind(error.room, error.expected, error.seen, words=words)

    def enter(self, room: RoomInfo, fingerprint: str, address: Address) -> Acquaintance:
        """Remember a room that has let us in; raises `FingerprintMismatch` where it is another."""
        self._check(room, fingerprint)
        known = self._known_rooms.by_id(room.id)
        namesake = self._known_rooms.namesake(room.id, room.name)
        self._try(lambda: self._known_rooms.remember(room, fingerprint, address))
        self._room_id, self._entered = room.id, room
        return Acquaintance(known is None, self._invited, namesake)

    def _check(self, room: RoomInfo, fingerprint: str | None) -> None:
        known = self._known_rooms.by_id(room.id)
        if known is not None and known.fingerprint != fingerprint:
            raise self._changed(known, fingerprint or "")

    def _changed(self, known: KnownRoom, seen: str) -> FingerprintMismatch:
        self._try(lambda: self._known_rooms.refuse(known.id, seen))
        words = words_of(known.fingerprint), words_of(seen)
        return FingerprintMismatch(known.name, known.fingerprint, seen, room_id=known.id, words=words)

    def _try(self, note: Callable[[], None]) -> None:
        try:
            note()
        except (OSError, CorruptFile) as error:
            # A full disk costs the memory of this visit, not the visit; so does a file damaged meanwhile.
            logger.warning("the room could not be remembered: %s", error)
