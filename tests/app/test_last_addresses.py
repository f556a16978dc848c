"""Where known rooms are looked for besides their announcements."""

from __future__ import annotations

import msgspec
import pytest

from messango.app.last_addresses import (
    hints_for_invite,
    hints_for_list,
    hints_for_name,
    invited_room,
    load_hints,
    with_last_addresses,
)
from messango.client.trust.known_rooms import FILE_NAME, KnownRooms
from messango.client.trust.linked_server import LinkedServer
from messango.protocol.room_id import derive_room_id
from messango.storage import home
from messango.transport.addresses import Address, Invite
from tests.client.linked.servers import FINGERPRINTS, room, server
from tests.support.raw_server import ROOM_INFO

OURS, OTHERS = "ab" * 32, "cd" * 32


@pytest.fixture
def known_rooms() -> KnownRooms:
    """Two rooms of one host, at different ports, and a namesake of another host."""
    rooms = KnownRooms.load()
    for number, (name, fingerprint, address) in enumerate(
        [
            ("Tea", OURS, Address("10.0.0.1", 8000)),
            ("Office", OURS, Address("10.0.0.1", 8001)),
            ("tea", OTHERS, Address("10.0.0.2", 8000)),
        ]
    ):
        room_id = derive_room_id(f"000000a{number}", fingerprint)
        rooms.remember(msgspec.structs.replace(ROOM_INFO, id=room_id, name=name), fingerprint, address)
    return rooms


def test_a_room_is_looked_for_by_its_name_or_id(known_rooms: KnownRooms) -> None:
    """Namesakes are all tried, the latest visit first."""
    assert [hint.fingerprint for hint in hints_for_name("TEA", known_rooms)] == [OTHERS, OURS]
    (hint,) = hints_for_name(derive_room_id("000000a1", OURS), known_rooms)
    assert (hint.name, hint.addresses) == ("Office", (Address("10.0.0.1", 8001),))
    assert hints_for_name("Lab", known_rooms) == []


def test_an_invite_looks_for_all_rooms_of_its_host(known_rooms: KnownRooms) -> None:
    """They may be behind a router that gave them another port."""
    assert [hint.name for hint in hints_for_invite(OURS, known_rooms)] == ["Office", "Tea"]


def test_a_list_looks_for_the_latest_rooms(known_rooms: KnownRooms) -> None:
    """And for the one that was named, each once."""
    assert [hint.name for hint in hints_for_list(known_rooms)] == ["tea", "Office", "Tea"]
    assert [hint.name for hint in load_hints("Office")] == ["Office", "tea", "Tea"]


def test_a_damaged_file_is_no_reason_to_list_nothing() -> None:
    """`messango trust` says what is wrong with it."""
    (home() / FILE_NAME).parent.mkdir(parents=True, exist_ok=True)
    (home() / FILE_NAME).write_text("nonsense")
    assert load_hints() == []


@pytest.mark.parametrize(
    ("address", "fingerprint", "name"),
    [
        (Address("10.0.0.1", 8001), OURS, "Office"),
        (Address("10.0.0.9", 8000), OURS, "Tea"),
        (Address("10.0.0.9", 9000), OURS, None),
        (Address("10.0.0.1", 8000), "ef" * 32, None),
        (Address("10.0.0.1", 8000), None, None),
    ],
    ids=["the address", "the port", "a forwarded port", "another certificate", "no certificate"],
)
def test_the_room_of_an_invite(
    known_rooms: KnownRooms, address: Address, fingerprint: str | None, name: str | None
) -> None:
    """The certificate is that of all rooms of a host, so only the address or the port tells which."""
    known = invited_room(Invite(address, fingerprint), known_rooms)
    assert (known.name if known else None) == name
    tried = with_last_addresses([address], known)
    assert tried[0] == address
    assert set(tried[1:]) == set(known.addresses if known else ()) - {address}


def test_a_linked_room_is_looked_for_at_its_other_servers() -> None:
    """Where nobody has been yet, after those where somebody was; an invite link means one server."""
    rooms = KnownRooms.load()
    rooms.remember(room(0), FINGERPRINTS[0], Address("10.0.0.1"), "Server 0", [server(1), server(2)])
    rooms.remember(room(1), FINGERPRINTS[1], Address("10.0.0.2"), "Server 1", [server(0), server(2)])
    for hints in (hints_for_list(rooms), hints_for_name("Raw", rooms)):
        assert [(hint.fingerprint, hint.addresses) for hint in hints] == [
            (FINGERPRINTS[1], (Address("10.0.0.2"),)),
            (FINGERPRINTS[0], (Address("10.0.0.1"),)),
            (FINGERPRINTS[2], (Address("192.0.2.3"),)),
        ]
    assert [hint.fingerprint for hint in hints_for_invite(FINGERPRINTS[0], rooms)] == [FINGERPRINTS[0]]


def test_a_hostile_list_of_servers_costs_few_connections() -> None:
    """It may name 32."""
    rooms = KnownRooms.load()
    fingerprints = [f"{number:064x}" for number in range(32)]
    many = [
        LinkedServer("S", derive_room_id("000000a1", one), one, [Address("10.0.0.9")]) for one in fingerprints
    ]
    rooms.remember(room(0), FINGERPRINTS[0], Address("10.0.0.1"), "Server 0", many)
    assert len(hints_for_list(rooms)) == 9
