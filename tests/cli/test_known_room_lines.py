"""Known rooms as lines for people and as JSON for programs."""

from __future__ import annotations

import msgspec

from messango.cli.known_room_lines import format_known_room, known_room_fields
from messango.client.trust.known_room import KnownRoom
from messango.client.trust.known_rooms import KnownRooms
from messango.transport.addresses import Address
from messango.transport.identity.fingerprint_words import group_digits, words_of
from tests.support.raw_server import ROOM_INFO

KNOWN, REFUSED = "ab" * 32, "cd" * 32


def known_room(*, refused: str = "") -> KnownRoom:
    """Return a room that was joined once, with a fingerprint that was refused later."""
    rooms = KnownRooms.load()
    rooms.remember(ROOM_INFO, KNOWN, Address("192.0.2.1", 8001))
    if refused:
        rooms.record_refused(ROOM_INFO.id, refused)
    (room,) = rooms.all()
    return room


def test_lines() -> None:
    """Name, id, last visit and address, then the words and the digits."""
    first, words, digits = format_known_room(known_room()).splitlines()
    assert first.startswith(f"{ROOM_INFO.name}  (id {ROOM_INFO.id}, last visit 20")
    assert first.endswith(" at 192.0.2.1:8001)")
    assert (words, digits) == (f"    {words_of(KNOWN)}", f"    {group_digits(KNOWN)}")


def test_a_refused_fingerprint() -> None:
    """It stands below the known one, with the command that accepts it."""
    lines = format_known_room(known_room(refused=REFUSED)).splitlines()
    assert "`messango trust accept`" in lines[3]
    assert lines[4:] == [f"    {words_of(REFUSED)}", f"    {group_digits(REFUSED)}"]


def test_fields() -> None:
    """Scripts rely on these names, and on a null `refused`."""
    fields = known_room_fields(known_room())
    assert " ".join(fields) == "id name words fingerprint addresses last_visit refused"
    assert fields["refused"] is None
    refused = known_room_fields(known_room(refused=REFUSED))["refused"]
    assert refused == {"words": words_of(REFUSED), "fingerprint": REFUSED}


def test_a_name_cannot_forge_lines() -> None:
    """A stranger chose it: what it contains stays on its own line."""
    room = msgspec.structs.replace(known_room(), name="Tea\n    future accuse submit forest\x1b[A")
    lines = format_known_room(room).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("Tea future accuse submit forest\\x1b[A  (id ")
    assert "\x1b" not in "".join(lines)
